"""Every metric, every column, every kind of nothing: an empty answer is a table, never a failure."""

from datetime import date

import pytest

from coding.problems import ProblemsFound
from coding.vocabulary import Role
from monitoring.coverage import Coverage, coverage_of
from monitoring.metrics import METRICS, Metric
from monitoring.result import RESULT
from monitoring.selection import WHERE, WHO, Selection
from tests.laws.test_laws import small
from tests.missions import segment

SELECTIONS = {
    "a subject without segments": Selection(subjects=("Green Party",)),
    "a role nobody had": Selection(roles=(Role.SUPPORTER,)),
    "days after the end": Selection(start=date(2030, 1, 1)),
    "a medium that is not monitored": Selection(media=("radio",)),
    "a format nobody had": Selection(formats=("paid advertising",)),
}


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    return coverage_of(small().mission, small().airings, [segment(1, start=0, end=60)])


@pytest.fixture(scope="module")
def nothing() -> Coverage:
    return coverage_of(small().mission, small().airings, [])


@pytest.mark.parametrize("chosen", SELECTIONS)
@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_an_empty_selection_is_an_empty_answer(coverage: Coverage, metric: Metric, chosen: str) -> None:
    for by in (metric.by, ("slot", *metric.by), ()):
        assert_shape(metric, coverage, SELECTIONS[chosen], by)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_mission_without_segments_answers_by_every_column(nothing: Coverage, metric: Metric) -> None:
    for column in (*WHERE, *WHO):
        assert_shape(metric, nothing, Selection(), ("unit", column) if column != "unit" else ("unit",))


def assert_shape(metric: Metric, coverage: Coverage, selection: Selection, by: tuple[str, ...]) -> None:
    try:
        answer = metric.compute(coverage, selection, by)
    except ProblemsFound as refused:  # a column that this metric does not have is refused in words
        assert {problem.key for problem in refused.problems} <= {"unknown_name", "units_mixed"}
        return
    assert list(answer.columns)[-len(RESULT) :] == list(RESULT)


def test_a_named_subject_without_time_is_a_zero_and_not_a_gap(coverage: Coverage) -> None:
    share = next(metric for metric in METRICS if metric.name == "share")
    answer = share.compute(coverage, Selection(subjects=("Green Party",), media=("tv",)), ("outlet", "group"))
    on_a = answer[answer["outlet"] == "Channel A"]
    assert on_a[["group", "value", "amount", "total_amount"]].to_numpy().tolist() == [["Green Party", 0.0, 0, 60_000]]


def test_units_stay_apart_when_the_unit_is_a_column() -> None:
    both = coverage_of(
        small().mission, small().airings, [segment(1, start=0, end=10), segment(2, airing="g-0312", amount=30_000)]
    )
    share = next(metric for metric in METRICS if metric.name == "share")
    answer = share.compute(both, Selection(), ("unit", "group"))
    blue = answer[answer["group"] == "Blue Party"].set_index("unit")
    assert blue["value"].to_dict() == {"ms": 1.0, "mm2": 1.0}
    assert blue["total_amount"].to_dict() == {"ms": 10_000, "mm2": 30_000}


def test_a_mission_without_editorial_formats_has_no_editorial_coverage() -> None:
    mission = small().mission
    unedited = mission.model_copy(
        update={"formats": tuple(f.model_copy(update={"editorial": False}) for f in mission.formats)}
    )
    coverage = coverage_of(unedited, small().airings, [segment(1, start=0, end=10)])
    share = next(metric for metric in METRICS if metric.name == "share")
    assert share.compute(coverage, Selection(media=("tv",)), ("group",))["amount"].sum() == 0


def test_a_segment_counts_in_the_slot_in_which_it_begins() -> None:
    """The border of 21:00 lies 1,800 s inside the airing."""
    touching = [segment(1, start=1700, end=1800), segment(2, start=1800, end=1900)]
    share = next(metric for metric in METRICS if metric.name == "share")
    answer = share.compute(
        coverage_of(small().mission, small().airings, touching), Selection(media=("tv",)), ("slot", "group")
    )
    blue = answer[answer["group"] == "Blue Party"].set_index("slot")
    assert blue["segments"].to_dict() == {"18-21": 1, "21-24": 1}
    assert blue["amount"].to_dict() == {"18-21": 100_000, "21-24": 100_000}
