"""Laws of every ruling: what a split segment, a larger grant, and an exchange of two parties may and may not change."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coding.mission.loader import load
from coding.mission.model import Mission
from coding.segment import Segment
from coding.store import Store
from coding.store.engine import open_engine
from coding.store.places import sqlite_url
from monitoring.coverage import open_coverage
from monitoring.entitled.judged import Judged, Verdict
from monitoring.entitled.judging import judge
from tests.fictitious import BLUE, GREEN, RED, write_fictitious

MANY = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
OTHER = {BLUE: RED, RED: BLUE}


def judged(new_file: Path, change: "Change") -> list[Judged]:
    """Every row of the fictitious mission after a change to its mission and its segments, in a new store."""
    with TemporaryDirectory() as place:
        held = load(write_fictitious(Path(place) / "mission"))
        mission, segments = change(held.mission, list(held.segments))
        file = Path(place) / "store.sqlite"
        shutil.copy(new_file, file)
        store = Store(sqlite_url(file), open_engine(sqlite_url(file)))
        store.put_mission(mission, held.airings, "test", "laws")
        store.add(segments, "test")
        rows = [row for ruling in judge(open_coverage(store), store) for row in ruling.rows]
        store.engine.dispose()
    return rows


class Change:
    """Nothing is changed."""

    def __call__(self, mission: Mission, segments: list[Segment]) -> tuple[Mission, list[Segment]]:
        return mission, segments


class Split(Change):
    """Segments are cut in two that touch, at a part of their length."""

    def __init__(self, numbers: Iterable[int], part: float) -> None:
        self.numbers, self.part = set(numbers), part

    def __call__(self, mission: Mission, segments: list[Segment]) -> tuple[Mission, list[Segment]]:
        pieces = [piece for at, each in enumerate(segments) for piece in self._pieces(at, each)]
        return mission, pieces

    def _pieces(self, at: int, each: Segment) -> list[Segment]:
        begun, end = each.start_ms, each.end_ms
        if at not in self.numbers or begun is None or end is None:
            return [each]
        cut = begun + max(1, min(end - begun - 1, round(self.part * (end - begun))))
        first = each.model_copy(update={"end_ms": cut, "amount": cut - begun})
        new = {"segment_id": str(UUID(int=1000 + at)), "start_ms": cut, "amount": end - cut}
        return [first, each.model_copy(update=new)]


class Granted(Change):
    """More (or less) is granted to everybody."""

    def __init__(self, more: int) -> None:
        self.more = more

    def __call__(self, mission: Mission, segments: list[Segment]) -> tuple[Mission, list[Segment]]:
        granted = tuple(e.model_copy(update={"amount": e.amount + self.more}) for e in mission.entitlements)
        return mission.model_copy(update={"entitlements": granted}), segments


class Exchanged(Change):
    """Two parties change places in every segment."""

    def __call__(self, mission: Mission, segments: list[Segment]) -> tuple[Mission, list[Segment]]:
        return mission, [s.model_copy(update={"subject": OTHER.get(s.subject, s.subject)}) for s in segments]


@pytest.fixture(scope="module")
def before(new_file: Path) -> list[Judged]:
    return judged(new_file, Change())


def without_counts(row: Judged) -> Judged:
    """A row without what a split may change: how many segments there are, and where half of the amount has begun."""
    number = None if row.kind == "silence" else row.value
    return replace(row, segments=0, value=number, median_clock=None)


@MANY
@given(st.sets(st.integers(0, 24)), st.floats(0.01, 0.99))
def test_splitting_a_segment_changes_no_verdict_and_no_amount(
    new_file: Path, before: list[Judged], numbers: set[int], part: float
) -> None:
    assert list(map(without_counts, judged(new_file, Split(numbers, part)))) == list(map(without_counts, before))


@MANY
@given(st.integers(-599_999, 3_600_000))
def test_left_is_granted_less_used_and_granting_more_never_makes_anybody_over(
    new_file: Path, before: list[Judged], more: int
) -> None:
    granted = [row for row in judged(new_file, Granted(more)) if row.kind == "entitlement"]
    for row in granted:
        if row.amount is not None:
            assert row.limit_amount == row.amount + (row.left or 0) - (row.over or 0)
    over = {(row.rule, row.group) for row in granted if row.verdict == Verdict.OVER}
    assert more < 0 or over <= {(row.rule, row.group) for row in before if row.verdict == Verdict.OVER}


def test_two_parties_that_change_places_change_rows(new_file: Path, before: list[Judged]) -> None:
    after = {_key(row): row for row in judged(new_file, Exchanged())}
    for row in before:
        if row.group in (BLUE, RED, GREEN):
            twin = after[_key(replace(row, group=OTHER.get(row.group, row.group)))]
            same = ("value", "amount", "left", "over", "verdict", "segments", "due", "limit_amount", "outside")
            assert [getattr(row, name) for name in same] == [getattr(twin, name) for name in same]


def _key(row: Judged) -> tuple[str, ...]:
    return row.rule, row.outlet, row.period, row.slot, row.time, row.group
