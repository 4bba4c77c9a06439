"""Resampling of outlet-days: all cells at once gives what a loop gives, and errors are those that books give."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from monitoring.intervals.interval import intervals
from monitoring.intervals.measured import intervals_of
from monitoring.intervals.outlet_days import Floats, OutletDays
from monitoring.intervals.resampling import (
    MEMORY_FROM,
    effective_degrees,
    influences,
    jackknife_error,
    replicates,
    weights,
)
from monitoring.intervals.sums import Sums, ratio, total


def days_of(strata: list[int]) -> OutletDays:
    """Outlet-days in strata, the days of each in their order."""
    table = pd.DataFrame({"outlet": [f"outlet {each}" for each in strata], "stratum": strata, "week": ""})
    table["date"] = [f"2025-03-{number:02d}" for number in range(1, len(strata) + 1)]
    return OutletDays(table, table.assign(day=np.arange(len(table))))


def means(values: Floats, strata: list[int] | None = None) -> Sums:
    """The mean of a value over days, as part over whole."""
    per_day = np.stack([values, np.ones_like(values)], axis=-1)[:, None, :]
    return Sums(days_of(strata or [0] * len(values)), pd.DataFrame({"cell": [0]}), per_day, ratio, (None, None))


strata = st.lists(st.integers(0, 4), min_size=1, max_size=25).map(sorted)


@settings(deadline=None)
@given(strata, st.data())
def test_all_cells_at_once_give_the_sums_of_a_loop(of: list[int], given_: st.DataObject) -> None:
    amounts = arrays(np.float64, (len(of), 6, 2), elements=st.integers(0, 10_000_000), fill=st.just(0.0))
    per_day = given_.draw(amounts)
    drawn = weights(np.array(of), resamples=20)
    loop = np.array([(each[:, None, None] * per_day).sum(axis=0) for each in drawn])
    np.testing.assert_allclose(replicates(drawn, per_day), loop, rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(replicates(drawn, per_day, np.array(of)), loop, rtol=1e-12, atol=1e-6)


@given(strata)
def test_every_resample_has_as_many_days_of_each_stratum_as_there_are(of: list[int]) -> None:
    drawn, places = weights(np.array(of), resamples=50), np.array(of)
    for stratum in set(of):
        np.testing.assert_allclose(drawn[:, places == stratum].sum(axis=1), of.count(stratum))
    assert (drawn >= 0).all()


def test_a_stratum_draws_the_same_whatever_other_strata_there_are() -> None:
    both, alone = days_of([0] * 7 + [1] * 9), days_of([1] * 9)
    alone = replace(alone, table=both.table[7:].reset_index(drop=True).assign(stratum=0))
    drawn, own = (weights(each.strata, streams=each.streams) for each in (both, alone))
    np.testing.assert_array_equal(drawn[:, 7:], own)


def test_strata_of_the_same_size_draw_independently() -> None:
    """Draws that two outlets shared would add up in what is pooled over them, and cancel in what sets them apart."""
    days = days_of([0] * 20 + [1] * 20 + [2] * 20)
    drawn = weights(days.strata, streams=days.streams).reshape(-1, 3, 20) - 1
    for one, other in ((0, 1), (0, 2), (1, 2)):
        together = (drawn[:, one] * drawn[:, other]).mean(axis=0)
        assert np.abs(together).max() < 0.2
        assert abs(together.mean()) < 0.05


def test_a_stratum_of_few_days_that_makes_the_error_has_its_own_degrees() -> None:
    """Five days that differ much and forty that hardly do: as sure as five days are, as in Welch's test."""
    chance = np.random.default_rng(4)
    wild, calm = chance.normal(10, 5, 5), chance.normal(10, 0.01, 40)
    sums = means(np.concatenate([wild, calm]), [0] * 5 + [1] * 40)
    free = effective_degrees(sums, influences(sums), np.ones((45, 1), dtype=bool))
    assert free[0] == pytest.approx(4, abs=0.1)
    alike = means(np.tile(chance.normal(10, 5, 10), 2), [0] * 10 + [1] * 10)
    assert effective_degrees(alike, influences(alike), np.ones((20, 1), dtype=bool))[0] == pytest.approx(18)
    low, high = intervals_of(sums)
    error = wild.std(ddof=1) / np.sqrt(5) * 5 / 45
    assert (high - low)[0] / 2 == pytest.approx(2.776445 * error, rel=0.06)  # t of 4 degrees of freedom, 0.975


def test_weights_cannot_be_changed_by_who_holds_them() -> None:
    with pytest.raises(ValueError, match="read-only"):
        weights(np.array([0, 0, 0]))[0, 0] = 5


def test_the_spread_of_a_mean_is_that_of_the_textbook() -> None:
    values = np.random.default_rng(3).normal(10, 2, 40)
    again = ratio(replicates(weights(np.zeros(40, dtype=np.int64), 20_000), means(values).per_day))
    assert again.std() == pytest.approx(values.std(ddof=1) / np.sqrt(40), rel=0.02)


def test_the_jackknife_of_a_mean_is_exactly_that_of_the_textbook() -> None:
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0])
    assert len(values) < MEMORY_FROM
    assert jackknife_error(means(values))[0] == pytest.approx(values.std(ddof=1) / np.sqrt(len(values)))


def test_the_jackknife_of_strata_adds_their_variances() -> None:
    first, second = np.array([1.0, 2.0, 6.0]), np.array([10.0, 30.0])
    both = means(np.concatenate([first, second]), [0, 0, 0, 1, 1])
    each = [part.var(ddof=1) / len(part) * (len(part) / 5) ** 2 for part in (first, second)]
    assert jackknife_error(both)[0] == pytest.approx(np.sqrt(sum(each)))


def test_the_jackknife_of_a_count_is_that_of_a_total() -> None:
    values = np.array([2.0, 0.0, 3.0, 1.0, 4.0])
    counts = Sums(days_of([0] * 5), pd.DataFrame({"cell": [0]}), values[:, None, None], total, (0.0, None))
    assert jackknife_error(counts)[0] == pytest.approx(np.sqrt(5) * values.std(ddof=1))


def test_days_that_are_like_those_before_them_make_the_error_larger() -> None:
    alike = np.repeat([0.0, 8.0, 2.0, 9.0, 1.0, 7.0], 4)
    mixed = np.random.default_rng(1).permutation(alike)
    assert jackknife_error(means(alike))[0] > 1.3 * jackknife_error(means(mixed))[0]
    textbook = alike.std(ddof=1) / np.sqrt(len(alike))
    assert jackknife_error(means(mixed))[0] == pytest.approx(textbook, rel=0.2)


def test_days_that_are_alike_over_the_border_of_a_week_make_the_error_larger() -> None:
    alike = np.repeat([0.0, 8.0, 2.0, 9.0], 5)[2:-3]
    weeks = means(alike, [0] * 5 + [1] * 5 + [2] * 5)
    of_one = replace(weeks.days, table=weeks.days.table.assign(outlet="A"))
    assert jackknife_error(replace(weeks, days=of_one))[0] > 1.1 * jackknife_error(weeks)[0]


def test_outlets_that_tell_the_news_of_one_date_alike_make_the_error_of_both_larger() -> None:
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0])
    both = means(np.concatenate([values, values]), [0] * 8 + [1] * 8)
    same = both.days.table.assign(date=[*range(8), *range(8)])
    of_one_date = replace(both, days=replace(both.days, table=same))
    assert jackknife_error(of_one_date)[0] == pytest.approx(values.std(ddof=1) / np.sqrt(8), rel=0.05)
    assert jackknife_error(both)[0] == pytest.approx(values.std(ddof=1) / np.sqrt(16))
    opposite = means(np.concatenate([values, 10 - values]), [0] * 8 + [1] * 8)
    assert jackknife_error(replace(opposite, days=of_one_date.days))[0] == pytest.approx(jackknife_error(both)[0])


def test_one_day_alone_has_no_spread() -> None:
    assert jackknife_error(means(np.array([4.0])))[0] == 0.0


def test_without_bounds_the_interval_of_a_mean_is_students() -> None:
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0])
    low, high = intervals_of(means(values))
    half = 2.306004 * values.std(ddof=1) / 3  # t of 8 degrees of freedom, 0.975
    assert low[0] == pytest.approx(values.mean() - half, rel=0.05)
    assert high[0] == pytest.approx(values.mean() + half, rel=0.05)


@given(
    st.floats(0.001, 0.999), st.floats(0.0001, 0.5), st.integers(7, 400)
)  # fmt: skip
def test_an_interval_between_bounds_stays_there_and_holds_its_value(value: float, spread: float, degrees: int) -> None:
    again = np.random.default_rng(1).normal(value, spread, (200, 1))
    low, high = intervals(np.array([value]), again, np.array([degrees]), (0.0, 1.0))
    assert 0 <= low[0] <= value <= high[0] <= 1


@pytest.mark.parametrize(
    ("value", "again", "degrees"),
    [
        (np.nan, np.full(100, 0.5), 30),
        (0.0, np.zeros(100), 30),
        (1.0, np.ones(100), 30),
        (0.5, np.r_[np.full(51, np.nan), np.linspace(0.4, 0.6, 49)], 30),
        (0.5, np.linspace(0.4, 0.6, 100), 6),
    ],
    ids=["empty", "nothing at all", "everything", "half of the resamples undefined", "seven days"],
)
def test_there_is_no_interval_where_nothing_carries_one(value: float, again: Floats, degrees: int) -> None:
    low, high = intervals(np.array([value]), again[:, None], np.array([degrees]), (0.0, 1.0))
    assert np.isnan(low[0])
    assert np.isnan(high[0])
