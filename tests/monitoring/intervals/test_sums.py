"""What adds over outlet-days gives the very values of the metrics, for every metric and column."""

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from coding.problems import ProblemsFound
from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.coverage import Coverage, open_coverage
from monitoring.intervals.outlet_days import AIRING, DAY
from monitoring.metrics import METRICS, Metric
from monitoring.selection import WHERE, Denominator, Incumbents, Selection, Weight
from tests.monitoring.intervals.days import coverage

SAMPLE = Path(__file__).parent.parent.parent.parent / "sample_data" / "kazakhstan_2007"
WITH_SUMS = [metric for metric in METRICS if metric.name != "hours"]
BYS: tuple[tuple[str, ...], ...] = (
    (),
    ("outlet", "group"),
    ("week", "group"),
    ("group",),
    ("outlet", "slot", "group"),
    ("outlet", "format", "group"),
    ("medium", "ownership"),
    ("unit", "group"),
    ("outlet", "role"),
    ("topic",),
    ("programme", "subject"),
    ("airing_id", "group"),
)
TELEVISION = Selection(media=(Medium.TV,))
SELECTIONS = {
    "television": TELEVISION,
    "print": Selection(media=(Medium.NEWSPAPER,)),
    "some days": Selection(media=(Medium.TV,), start=date(2025, 3, 6)),
    "for their party": Selection(media=(Medium.TV,), incumbents=Incumbents.PARTY),
    "some subjects": Selection(media=(Medium.TV,), subjects=("Red Party", "President")),
    "of programme time": Selection(media=(Medium.TV,), denominator=Denominator.PROGRAMME),
    "some of programme time": Selection(media=(Medium.TV,), denominator=Denominator.PROGRAMME, subjects=("Red Party",)),
    "by segments": Selection(media=(Medium.TV,), weight=Weight.SEGMENTS),
    "everything": Selection(),
}


@pytest.fixture(scope="module")
def small() -> Coverage:
    return coverage(7)


def assert_same(metric: Metric, of: Coverage, selection: Selection, by: tuple[str, ...]) -> bool:
    """Whether the metric answers at all; if it does, its sums give the same values, row for row."""
    columns = tuple(name for name in by if name in WHERE) if metric.name == "contestants" else by
    try:
        result = metric.compute(of, selection, columns)
    except ProblemsFound:  # units that would be added, or columns that programme time does not know
        return False
    assert metric.sums is not None
    for each in (DAY, AIRING):
        sums = metric.sums(of, selection, columns, each)
        for name in sums.rows:
            assert sums.rows[name].tolist() == result[name].tolist()
        np.testing.assert_allclose(sums.values, result["value"].astype("float64"), rtol=1e-12, atol=1e-12)
    return True


@pytest.mark.parametrize("metric", WITH_SUMS, ids=lambda metric: metric.name)
@pytest.mark.parametrize("chosen", SELECTIONS)
def test_sums_give_the_values_of_the_metric(small: Coverage, metric: Metric, chosen: str) -> None:
    answered = [assert_same(metric, small, SELECTIONS[chosen], by) for by in BYS]
    assert any(answered)


@pytest.mark.parametrize("metric", WITH_SUMS, ids=lambda metric: metric.name)
def test_sums_give_the_values_of_the_sample(metric: Metric) -> None:
    held = open_coverage(open_mission(SAMPLE))
    for selection, by in product((TELEVISION, Selection(media=(Medium.NEWSPAPER,))), BYS[1:6:2]):
        assert_same(metric, held, selection, by)


def test_hours_have_no_sums_since_nothing_was_drawn() -> None:
    hours = next(metric for metric in METRICS if metric.name == "hours")
    assert hours.sums is None


def test_appearances_of_a_subject_are_counted_once_in_each_airing(small: Coverage) -> None:
    metric = next(each for each in METRICS if each.name == "appearances")
    assert metric.sums is not None
    sums = metric.sums(small, TELEVISION, ("subject",), AIRING)
    assert sums.per_day.max() <= 3
    assert sums.per_day.sum() == metric.compute(small, TELEVISION, ("subject",))["value"].sum()
