"""The calendar: which days are holes and which are not, what counts as coded twice, and why an airing is missing."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from coding.double_coding.codings import double_codings
from coding.mission.loader import load
from coding.mission.model import Airing
from coding.problems import ProblemsFound
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign, change
from coding.store.places import open_mission
from coding.vocabulary import Progress, Purpose
from monitoring.completeness.airings import Reason, airings_of
from monitoring.completeness.calendar import COLUMNS, State, calendar
from monitoring.coverage import Coverage, coverage_of, open_coverage
from monitoring.selection import ALL_FORMATS, Selection
from tests.missions import segment
from tests.monitoring.agreement.coded_twice import write_coded_twice
from tests.monitoring.completeness.plans import HOUR, MINUTE, bulletin, issue, mission

EVERYTHING = Selection()
DAY = date(2025, 3, 12)


def of(*airings: Airing, segments: tuple[Segment, ...] = ()) -> Coverage:
    return coverage_of(mission(), airings, segments)


def day(coverage: Coverage, outlet: str = "Channel A", when: str = "2025-03-12") -> pd.Series:
    found = calendar(coverage, EVERYTHING)
    return found[(found["outlet"] == outlet) & (found["date"] == when)].iloc[0]


def test_every_monitored_outlet_has_a_row_for_every_day_of_the_periods() -> None:
    found = calendar(of(bulletin("a", seen=60, coded=True)), EVERYTHING)
    assert tuple(found.columns) == COLUMNS
    assert len(found) == 3 * 31, "the radio is not monitored"
    assert found["outlet"].drop_duplicates().tolist() == ["Channel A", "Channel B", "Gazette"]
    assert all(pd.api.types.is_integer_dtype(found[name]) for name in (*COLUMNS[4:14],))


def test_a_selection_narrows_days_outlets_and_media() -> None:
    coverage = of(bulletin("a", seen=60, coded=True))
    asked = Selection(start=DAY, end=date(2025, 3, 14), media=("tv",), outlets=("Channel A",))  # type: ignore[arg-type]
    found = calendar(coverage, asked)
    assert found["date"].tolist() == ["2025-03-12", "2025-03-13", "2025-03-14"]
    with pytest.raises(ProblemsFound):
        calendar(coverage, Selection(outlets=("No such",)))


@pytest.mark.parametrize(
    ("airing", "segments", "state", "reason", "left"),
    [
        (bulletin("a"), (), State.NOT_MONITORED, Reason.NOT_MONITORED, HOUR),
        (bulletin("a", seen=50), (), State.NOT_CODED, Reason.NOT_CODED, 50 * MINUTE),
        (bulletin("a", seen=50, coded=True), (), State.CODED, Reason.WHOLE, 0),
        (bulletin("a", minutes=None), (), State.NOT_MONITORED, Reason.NOT_MONITORED, None),
        (
            bulletin("a", seen=50),
            (segment(1, "a", start=0, end=120), segment(2, "a", "Red Party", start=120, end=180)),
            State.PARTLY,
            Reason.BEING_CODED,
            47 * MINUTE,
        ),
    ],
)
def test_why_an_airing_is_missing_and_how_much_of_it(
    airing: Airing, segments: tuple[Segment, ...], state: State, reason: Reason, left: int | None
) -> None:
    coverage = of(airing, segments=segments)
    only = airings_of(coverage, EVERYTHING).iloc[0]
    assert only["reason"] == reason
    assert only["missing"] is pd.NA if left is None else only["missing"] == left
    found = day(coverage)
    assert found["state"] == state
    assert found["missing"] == (left or 0)
    assert found["missing_airings"] == (reason != Reason.WHOLE)


def test_a_day_with_one_of_two_airings_coded_is_coded_in_part() -> None:
    found = day(of(bulletin("a", seen=60, coded=True), bulletin("b", minutes=30)))
    assert (found["state"], found["airings"], found["missing_airings"]) == (State.PARTLY, 2, 1)
    assert (found["planned"], found["monitored"], found["coded"]) == (90 * MINUTE, HOUR, HOUR)
    assert found["missing"] == 30 * MINUTE


def test_what_ran_shorter_than_planned_and_was_coded_lacks_nothing() -> None:
    assert day(of(bulletin("a", minutes=60, seen=45, coded=True)))["missing"] == 0


def test_outside_every_window_is_no_hole() -> None:
    early = tuple(window for window in mission().windows if window.name != "late prime time")
    coverage = coverage_of(mission().model_copy(update={"windows": early}), (bulletin("a", date(2025, 3, 20)),), ())
    assert day(coverage, when="2025-03-20")["state"] == State.OUTSIDE
    assert day(coverage, when="2025-03-13")["state"] == State.NONE


def test_what_is_still_to_come_is_not_missing() -> None:
    coverage = of(bulletin("a"), bulletin("b", DAY + timedelta(days=1)))
    coverage.as_of = coverage.as_of.replace(year=2025, month=3, day=12, hour=12)
    assert day(coverage)["state"] == State.NOT_MONITORED
    assert day(coverage, when="2025-03-13")["state"] == State.AHEAD
    assert day(coverage, when="2025-03-13")["missing_airings"] == 0


def test_a_weekday_on_which_the_outlet_mostly_has_an_airing_is_flagged_when_it_has_none() -> None:
    wednesdays = [date(2025, 3, number) for number in (5, 19, 26)]
    coverage = of(*(issue(f"g-{each.day}", each, 900_000, coded=True) for each in wednesdays))
    assert day(coverage, "Gazette", "2025-03-12")["state"] == State.UNKNOWN
    assert day(coverage, "Gazette", "2025-03-13")["state"] == State.NONE, "no Thursday has one"
    assert day(coverage, "Gazette", "2025-03-12")["missing_airings"] == 0, "it was never planned"


@pytest.mark.parametrize("kept", [(5,), (5, 12)])
def test_few_or_half_of_the_same_weekdays_expect_nothing(kept: tuple[int, ...]) -> None:
    coverage = of(*(issue(f"g-{n}", date(2025, 3, n), 900_000, coded=True) for n in kept))
    states = calendar(coverage, EVERYTHING)["state"]
    assert State.UNKNOWN not in set(states) or kept == (5, 12)
    assert (states == State.UNKNOWN).sum() == (2 if kept == (5, 12) else 0)


def test_coded_twice_is_what_agreement_reads(tmp_path: Path) -> None:
    store = open_mission(write_coded_twice(tmp_path / "twice"))
    found = airings_of(open_coverage(store), EVERYTHING)
    twice = set(found[found["double_coded"].notna()]["airing_id"])
    assert twice == set(double_codings(store).airings["airing_id"])
    assert twice


def test_assignments_say_when_a_second_coding_is_finished(small_store: object, tmp_path: Path) -> None:
    store: Store = small_store(segment(1, start=0, end=60, coder="ann"))  # type: ignore[operator]

    def twice() -> set[str]:
        found = airings_of(open_coverage(store), EVERYTHING)
        return set(found[found["double_coded"].notna()]["airing_id"])

    for coder, purpose in (("ann", Purpose.CODING), ("ben", Purpose.DOUBLE), ("cem", Purpose.TRAINING)):
        assign(store, ["a-0312"], coder, purpose, "boss")
    change(store, "a-0312", "ann", Progress.DONE, "ann")
    change(store, "a-0312", "cem", Progress.DONE, "cem")
    assert twice() == set(), "practice is no coding"
    change(store, "a-0312", "ben", Progress.DONE, "ben")
    assert twice() == {"a-0312"}, "also where the second coder found nothing"
    change(store, "a-0312", "ben", Progress.WITHDRAWN, "boss")
    assert twice() == set()


def test_a_day_of_which_everything_was_coded_twice_stands_apart(tmp_path: Path) -> None:
    folder = write_coded_twice(tmp_path / "twice")
    coverage = open_coverage(open_mission(folder))
    states = calendar(coverage, EVERYTHING).set_index(["outlet", "date"])["state"]
    assert states["Channel A", "2025-03-12"] == State.TWICE
    assert states["Channel A", "2025-03-17"] == State.CODED
    assert load(folder).segments


def test_formats_narrow_no_calendar_since_airings_are_monitored_whole() -> None:
    coverage = of(bulletin("a", format="paid advertising"))
    assert day(coverage)["airings"] == 1
    assert len(airings_of(coverage, Selection(formats=ALL_FORMATS))) == 1
