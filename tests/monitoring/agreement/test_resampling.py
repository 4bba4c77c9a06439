"""Intervals: they hold what they promise, say when there is none, and do not take agreement for certainty."""

from dataclasses import astuple

import numpy as np
import pytest

from benchmarks.agreement_coders import Crew, double_coded
from monitoring.agreement import resampling
from monitoring.agreement.alpha import Level, alpha, alpha_from, coincidences, percent_from
from monitoring.agreement.resampling import (
    CLUSTERS_AT_LEAST,
    RESAMPLES,
    Estimate,
    estimate,
    median_estimate,
    ratio,
    weights,
)
from tests.monitoring.agreement.tables import ratings


def ordinal(sums: np.ndarray) -> np.ndarray:
    return alpha_from(sums, Level.ORDINAL)


def of_days(table: np.ndarray, days: np.ndarray, categories: int = 3) -> Estimate:
    return estimate(coincidences(table, categories, days), ordinal, len(table))


@pytest.mark.parametrize(("crew", "days"), [(Crew(0.6), 12), (Crew(0.2), 25), (Crew(0.35, day=1.0), 12)])
def test_the_interval_holds_the_truth_as_often_as_it_promises(crew: Crew, days: int) -> None:
    """95 per cent of 400 missions, with the lot's own spread: 92 to 98; percentiles would hold 91."""
    truth = alpha(double_coded(np.random.default_rng(1), crew, 20_000)[0], Level.ORDINAL, categories=3)
    rng, held = np.random.default_rng(2), 0
    for _ in range(400):
        found = of_days(*double_coded(rng, crew, days))
        held += found.low <= truth <= found.high
    assert 0.925 <= held / 400 <= 0.98


def test_median_and_share_hold_what_they_promise() -> None:
    rng, median, share = np.random.default_rng(4), 0, 0
    for _ in range(300):
        days = np.repeat(np.arange(15), rng.integers(3, 25, 15))
        values = np.exp(rng.normal(0, 0.5, 15)[days] + rng.normal(0, 1, len(days)))
        found = median_estimate(values, days)
        median += found.low <= 1 <= found.high
        sums = np.column_stack([np.bincount(days, values < 1), np.bincount(days)]).astype(float)
        part = estimate(sums, ratio, len(days), (0.0, 1.0))
        share += part.low <= 0.5 <= part.high
    assert 0.92 <= median / 300 <= 0.985
    assert 0.92 <= share / 300 <= 0.985


def test_merging_days_changes_the_interval_and_not_the_value() -> None:
    table, days = double_coded(np.random.default_rng(5), Crew(0.35), 40)
    apart, merged = of_days(table, days), of_days(table, days // 4)
    assert merged.value == pytest.approx(apart.value, abs=1e-12)
    assert (apart.clusters, merged.clusters) == (40, 10)
    assert (merged.low, merged.high) != (apart.low, apart.high)
    assert apart.low < apart.value < apart.high


def test_the_same_record_gives_the_same_interval() -> None:
    table, days = double_coded(np.random.default_rng(6), Crew(0.35), 15)
    assert of_days(table, days) == of_days(table, days)
    assert of_days(table[:, ::-1], days) == of_days(table, days)


def test_days_without_any_pair_do_not_count() -> None:
    table, days = double_coded(np.random.default_rng(7), Crew(0.35), 12)
    assert of_days(table, days * 3) == of_days(table, days)
    few = of_days(table, days * 0)
    assert (few.clusters, few.enough) == (1, False)


def test_too_few_days_give_the_value_alone() -> None:
    number = CLUSTERS_AT_LEAST - 1
    table, days = double_coded(np.random.default_rng(8), Crew(0.35), number)
    found = of_days(table, days)
    assert found.value == alpha(table, Level.ORDINAL, categories=3)
    assert np.isnan([found.low, found.high]).all()
    assert (found.clusters, found.enough) == (number, False)


@pytest.mark.parametrize("measure", [ordinal, percent_from])
def test_perfect_agreement_is_not_certainty(measure: object) -> None:
    """The lower end comes near what no disagreement in so many units allows: 3 / units, of what chance would leave."""
    lows = []
    for each in (2, 20):
        line = "0011222222" * each
        table = coincidences(ratings(line, line), 3, np.arange(len(line)) % 10)
        found = estimate(table, measure, len(line), (-1.0 if measure is ordinal else 0.0, 1.0))  # type: ignore[arg-type]
        assert (found.value, found.high, found.enough) == (1, 1, True)
        assert 1 - 20 / len(line) < found.low < 1 - 2 / len(line)
        lows.append(found.low)
    assert lows[0] < lows[1]


def test_one_category_alone_has_a_share_and_no_alpha() -> None:
    table = coincidences(ratings("1" * 40, "1" * 40), 3, np.arange(40) % 10)
    assert np.isnan(estimate(table, ordinal, 40).value)
    share = estimate(table, percent_from, 40, (0.0, 1.0))
    assert 0.7 < share.low < 0.97 < share.high == share.value == 1


def test_other_sums_that_are_all_alike_are_not_certain_either() -> None:
    sums = np.ones((10, 4))
    found = estimate(sums, lambda every: every[:, 0] / every[:, 1] - every[:, 2] / every[:, 3], 50, (-1.0, 1.0))
    assert found.value == 0
    assert -0.2 < found.low < -0.01 < 0.01 < found.high < 0.2


def test_undefined_resamples_are_left_out_and_most_of_them_leave_no_interval() -> None:
    line, other = "0" * 59 + "1", "0" * 60
    table = coincidences(ratings(line, other), 2, np.arange(60) % 20)
    found = estimate(table, ordinal, 60)
    assert -1 < found.low <= found.value <= found.high < 1  # the one day is missing in every third resample
    seldom = estimate(
        table, lambda sums: np.where(sums[:, 0, 1] > 1, 0.5, np.nan) if len(sums) > 1 else ordinal(sums), 60
    )
    assert np.isnan([seldom.low, seldom.high]).all()
    assert not seldom.enough


def test_resamples_draw_as_many_days_as_there_are() -> None:
    drawn = weights(17)
    assert drawn.shape == (RESAMPLES, 17)
    assert (drawn.sum(axis=1) == 17).all()
    assert drawn.mean(axis=0) == pytest.approx(np.ones(17), abs=0.15)
    assert not drawn.flags.writeable, "the same array is given to everybody"


def test_many_categories_are_resampled_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sums of all resamples at once would fill the memory, and parts give the same."""
    rng = np.random.default_rng(9)
    table = rng.integers(0, 60, (300, 2))
    table[:, 1] = np.where(rng.random(300) < 0.7, table[:, 0], table[:, 1])
    sums = coincidences(table, 60, np.arange(300) % 12)
    held: list[int] = []

    def nominal(every: np.ndarray) -> np.ndarray:
        held.append(len(every))
        return alpha_from(every, Level.NOMINAL)

    whole = estimate(sums, nominal, 300)
    monkeypatch.setattr(resampling, "CELLS_AT_ONCE", 300 * 60 * 60)
    assert astuple(estimate(sums, nominal, 300)) == pytest.approx(astuple(whole))
    assert held == [1, RESAMPLES, 1, 300, 300, 300, 100]
    assert whole.low < 0.7 < whole.high


def test_a_median_of_nothing_and_of_few_days() -> None:
    assert np.isnan(median_estimate(np.zeros(0), np.zeros(0, np.int64)).value)
    found = median_estimate(np.array([3.0, 1.0, 2.0]), np.array([0, 1, 2]))
    assert (found.value, found.enough) == (2, False)
