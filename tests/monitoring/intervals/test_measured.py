"""Results with their intervals: where there are some, where there are none, and that they hold the value."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from coding.mission.loader import load
from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.benchmarks.distances import distances
from monitoring.coverage import Coverage, coverage_of, open_coverage
from monitoring.intervals import measured as module
from monitoring.intervals.measured import intervals_of, measured
from monitoring.metrics import METRICS, Metric
from monitoring.selection import Denominator, Selection
from tests.missions import write_mission
from tests.monitoring.intervals.days import DAYS, airings, coverage, segments

SAMPLE = Path(__file__).parent.parent.parent.parent / "sample_data" / "kazakhstan_2007"
TELEVISION = Selection(media=(Medium.TV,))
NAMED = {metric.name: metric for metric in METRICS}


@pytest.fixture(scope="module")
def small() -> Coverage:
    return coverage(3)


@pytest.mark.parametrize("metric", [m for m in METRICS if m.name != "hours"], ids=lambda metric: metric.name)
def test_every_metric_of_the_sample_has_intervals_around_its_values(metric: Metric) -> None:
    result = measured(metric, open_coverage(open_mission(SAMPLE)), TELEVISION, metric.by)
    known = result[result["low"].notna()]
    assert len(known) >= len(result) * 0.7
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()
    assert (known["low"] >= metric.lowest).all()
    assert metric.highest is None or (known["high"] <= metric.highest).all()
    assert result["low"].isna().equals(result["high"].isna())


def test_values_stay_what_the_metric_says(small: Coverage) -> None:
    for metric in METRICS:
        plain, with_intervals = (compute(small, TELEVISION, metric.by) for compute in (metric.compute, _of(metric)))
        assert plain.drop(columns=["low", "high"]).equals(with_intervals.drop(columns=["low", "high"]))


def _of(metric: Metric):  # type: ignore[no-untyped-def]
    return lambda held, selection, by: measured(metric, held, selection, by)


def test_hours_have_no_interval(small: Coverage) -> None:
    assert measured(NAMED["hours"], small, TELEVISION, ("outlet",))["low"].isna().all()


@pytest.mark.parametrize("by", [("date", "group"), ("airing_id", "group"), ("outlet", "date", "group")])
def test_one_day_of_an_outlet_has_no_interval(small: Coverage, by: tuple[str, ...]) -> None:
    assert measured(NAMED["share"], small, TELEVISION, by)["low"].isna().all()


def test_fewer_than_eight_days_have_no_interval(small: Coverage) -> None:
    for last, some in ((DAYS[7], True), (DAYS[6], False)):
        selection = Selection(outlets=("Channel A",), end=date.fromisoformat(last))
        assert measured(NAMED["share"], small, selection, ("outlet", "group"))["low"].notna().any() == some


def test_a_zero_that_never_varies_has_no_interval() -> None:
    without = [each for each in segments(3) if each.subject != "Green Party"]
    from tests.monitoring.intervals.days import held

    result = measured(NAMED["share"], coverage_of(held().mission, held().airings, without), TELEVISION, ("group",))
    green = result[result["group"] == "Green Party"].iloc[0]
    assert green["value"] == 0
    assert np.isnan(green["low"])


@pytest.mark.parametrize("last", ["2025-03-03", "2025-03-14"])
def test_imported_totals_have_no_interval(tmp_path: Path, last: str) -> None:
    """Neither those of many days nor those of one."""
    line = f"t-1,Channel B,2025-03-03,{last if last != '2025-03-03' else ''},aggregate,Totals,,,,,,,,,yes,\n"
    mixed = load(write_mission(tmp_path, airings=airings() + line))
    of = coverage_of(mixed.mission, mixed.airings, segments(3))
    assert measured(NAMED["share"], of, TELEVISION, ("outlet", "group"))["low"].isna().all()
    alone = Selection(outlets=("Channel A",))
    assert measured(NAMED["share"], of, alone, ("outlet", "group"))["low"].notna().any()


def test_tables_done_in_parts_are_the_same(small: Coverage, monkeypatch: pytest.MonkeyPatch) -> None:
    share = NAMED["share"].sums
    assert share is not None
    sums = share(small, TELEVISION, ("outlet", "slot", "group"))
    whole = intervals_of(sums)
    monkeypatch.setattr(module, "CELLS_AT_ONCE", 5_000)
    np.testing.assert_allclose(intervals_of(sums), whole, rtol=1e-9)


def test_a_share_of_programme_time_has_an_interval_within_what_is_possible(small: Coverage) -> None:
    selection = Selection(media=(Medium.TV,), denominator=Denominator.PROGRAMME)
    result = measured(NAMED["share"], small, selection, ("outlet", "group"))
    known = result[result["low"].notna()]
    assert len(known)
    assert (known["low"] > 0).all()
    assert (known["high"] < 1).all()


def test_the_interval_of_an_outlet_does_not_hang_on_other_rows(small: Coverage) -> None:
    """The same outlet with and without the medium's other rows beside it, in one and the same selection."""
    both = measured(NAMED["share"], small, TELEVISION, ("outlet", "group")).query("outlet == 'Channel A'")
    named = measured(NAMED["share"], small, TELEVISION, ("outlet", "medium", "group")).query("outlet == 'Channel A'")
    np.testing.assert_allclose(both[["low", "high"]], named[["low", "high"]], rtol=1e-9)


@pytest.mark.parametrize("name", ["share", "balance", "contestants"])
def test_intervals_of_an_outlet_are_the_same_whatever_other_outlets_are_selected(small: Coverage, name: str) -> None:
    metric = NAMED[name]
    columns = [*metric.by, "low", "high"]
    together = measured(metric, small, TELEVISION, metric.by)[columns]
    alone = measured(metric, small, Selection(outlets=("Channel B",)), metric.by)[columns]
    kept = together[together["outlet"] == "Channel B"].reset_index(drop=True)
    assert kept["low"].notna().any()
    np.testing.assert_allclose(kept[["low", "high"]], alone[["low", "high"]], rtol=1e-9)


def test_the_effective_number_has_one_interval_beside_benchmarks_and_alone(small: Coverage) -> None:
    alone = measured(NAMED["contestants"], small, TELEVISION, ("outlet",))
    beside = distances(small, TELEVISION).query("measure == 'effective_number'")
    for name in ("value", "low", "high"):
        assert alone[name].notna().all()
        np.testing.assert_allclose(alone[name], beside[name], rtol=1e-12)
