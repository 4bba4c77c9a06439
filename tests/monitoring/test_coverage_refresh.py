"""Coverage while people write: the next state equals a fresh one, an older one stays, screens wait a little."""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from coding.problems import ProblemsFound
from coding.segment import Segment
from coding.store import Moment, Store
from coding.store.assignments import assign
from coding.store.assignments import change as progress
from coding.store.engine import open_engine
from coding.store.places import sqlite_url
from coding.vocabulary import Progress, Purpose
from monitoring import coverage as module
from monitoring.coverage import FEW_SEGMENTS, Coverage, computed, may_wait, open_coverage, shown_coverage
from monitoring.evidence import number_behind, segments_behind
from monitoring.metrics.share import share
from monitoring.selection import Selection
from tests.laws.test_laws import BROADCAST, SUBJECTS, TONES, small
from tests.missions import segment

Make = Callable[..., Store]
TV = Selection(media=("tv",))
CODERS = ("coder-1", "coder-2", "coder-3")


def seen(coverage: Coverage) -> list[pd.DataFrame]:
    """Both tables of coverage, whole and in one order."""
    tables = [coverage.table(coverage.rows), coverage.table(coverage.airings)]
    return [table.sort_values(list(table.columns), ignore_index=True) for table in tables]


def fresh(store: Store) -> Coverage:
    return computed(store, store.moment(), datetime.now(UTC))


def assert_same(left: list[pd.DataFrame], right: list[pd.DataFrame]) -> None:
    for one, other in zip(left, right, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def amount(coverage: Coverage) -> int:
    return int(share(coverage, TV, ("group",))["amount"].sum())


@st.composite
def spoken(draw: st.DrawFn) -> dict[str, object]:
    start = draw(st.integers(0, 1500))
    return {
        "airing": draw(st.sampled_from(BROADCAST)),
        "subject": draw(st.sampled_from(SUBJECTS)),
        "tone": draw(st.sampled_from(TONES)),
        "coder": draw(st.sampled_from(CODERS)),
        "start": start,
        "end": start + draw(st.integers(1, 290)),
    }


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), spoken()),
        st.tuples(st.just("revise"), st.tuples(st.integers(0, 20), spoken())),
        st.tuples(st.just("retract"), st.integers(0, 20)),
        st.tuples(st.just("mission"), st.sampled_from(["slots", "windows", "as it was"])),
        st.tuples(st.just("airing"), st.tuples(st.sampled_from(BROADCAST), st.sampled_from(["A", "B"]))),
        st.tuples(
            st.just("assign"), st.tuples(st.sampled_from(BROADCAST), st.sampled_from(CODERS), st.sampled_from(Purpose))
        ),
        st.tuples(
            st.just("progress"),
            st.tuples(st.sampled_from(BROADCAST), st.sampled_from(CODERS), st.sampled_from(Progress)),
        ),
        st.tuples(st.just("look"), st.none()),
    ),
    min_size=3,
    max_size=16,
)


def change(store: Store, number: int, action: str, what: object) -> None:
    """One write of a person."""
    mission = small().mission
    held = store.segments()
    if action == "add":
        store.add([segment(number, **what)], "coder")  # type: ignore[arg-type]
    elif action == "revise" and held:
        which, told = what  # type: ignore[misc]
        old = held[which % len(held)]
        store.revise(_told(old, segment(number, **told)), "supervisor")
    elif action == "retract" and held:
        old = held[what % len(held)]  # type: ignore[operator]
        store.retract(old.segment_id, old.revision, "supervisor", "wrong")
    elif action == "assign":
        to, coder, purpose = what  # type: ignore[misc]
        assign(store, [to], coder, purpose, "supervisor")
    elif action == "progress":
        of, coder, stands = what  # type: ignore[misc]
        progress(store, of, coder, stands, "supervisor")
    elif action == "mission":
        later = mission if what == "as it was" else mission.model_copy(update={what: ()})
        store.put_mission(later, (), "analyst", "changed")
    elif action == "airing":
        named, programme = what  # type: ignore[misc]
        airing = next(a for a in small().airings if a.airing_id == named)
        changed = airing.model_copy(update={"programme": programme, "coded": programme == "A"})
        store.put_mission(store.mission(), [changed], "analyst", "changed")


def _told(old: Segment, told: Segment) -> Segment:
    return told.model_copy(update={"segment_id": old.segment_id, "revision": old.revision})


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_a_state_built_upon_earlier_ones_is_the_state_computed_at_once(steps: list[tuple[str, object]]) -> None:
    with TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder) / "store.sqlite")
        store = Store(url, open_engine(url))
        store.put_mission(small().mission, small().airings, "test", "made for a test")
        held = fresh(store)
        for number, (action, what) in enumerate(steps, 1):
            with suppress(ProblemsFound):
                change(store, number, action, what)
            if action == "look":
                held = computed(store, store.moment(), datetime.now(UTC), held)
        held = computed(store, store.moment(), datetime.now(UTC), held)
        assert_same(seen(held), seen(fresh(store)))
        assert held.fingerprint == store.fingerprint()
        store.engine.dispose()


def test_every_kind_of_change_on_both_engines(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60), segment(2, subject="Red Party", start=1700, end=1900))
    held = open_coverage(store)
    engine = held.engine
    changes: list[tuple[str, object]] = [
        ("add", {"airing": "b-0312", "start": 0, "end": 30}),
        ("revise", (0, {"airing": "a-0313", "subject": "Green Party", "start": 5, "end": 30})),
        ("airing", ("a-0313", "B")),
        ("retract", 1),
        ("add", {"airing": "b-0312", "start": 0, "end": 20, "coder": "coder-2"}),
        ("assign", ("b-0312", "coder-2", Purpose.CODING)),
        ("progress", ("b-0312", "coder-2", Progress.WITHDRAWN)),
        ("assign", ("b-0312", "coder-1", Purpose.DOUBLE)),
        ("mission", "slots"),
    ]
    for number, (action, what) in enumerate(changes, 10):
        change(store, number, action, what)
        held = open_coverage(store)
        assert held.engine is engine
        assert_same(seen(held), seen(fresh(store)))


def test_a_new_assignment_shows_in_the_next_state_and_not_in_an_older_one(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60), segment(2, start=0, end=70, coder="coder-2"))
    older = open_coverage(store)
    assign(store, ["a-0312"], "coder-2", Purpose.CODING, "supervisor")
    newer = open_coverage(store)
    for coverage, total in [(older, 60_000), (newer, 70_000)]:
        coverage.forget()
        assert amount(coverage) == total
        assert segments_behind(coverage, store, TV, {"group": "Blue Party"})["amount"].tolist() == [total]


def test_an_older_coverage_goes_on_answering_from_its_own_state(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    older = open_coverage(store)
    (first,) = store.segments()
    store.revise(first.model_copy(update={"end_ms": 30_000, "amount": 30_000, "text": "shorter"}), "supervisor")
    newer = open_coverage(store)
    store.retract(first.segment_id, 2, "supervisor", "wrong channel")
    newest = open_coverage(store)
    picked = {"group": "Blue Party"}
    expected = [(older, 60_000, [60_000]), (newer, 30_000, [30_000]), (newest, 0, [])]
    for coverage, total, behind in expected:
        coverage.forget()
        assert amount(coverage) == total
        assert number_behind(coverage, TV, picked) == len(behind)
        assert segments_behind(coverage, store, TV, picked)["amount"].tolist() == behind


def tables_of(coverage: Coverage) -> int:
    """Tables that the engine has of its own."""
    count = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relpersistence = 't'"
    if not coverage.engine.in_server:
        count = "SELECT count(*) FROM duckdb_tables()"
    return int(coverage.engine.backend.raw_sql(count).fetchone()[0])


def test_tables_go_when_nobody_holds_their_state(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    numbers = []
    for number in range(2, 7):
        store.add([segment(number, start=number * 100, end=number * 100 + 10)], "coder")
        held = open_coverage(store)
        gc.collect()
        numbers.append(tables_of(held))
    assert numbers[0] > 0
    assert len(set(numbers[1:])) == 1


def test_pages_may_ask_while_the_next_state_is_computed(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    older, failed = open_coverage(store), []

    def ask() -> None:
        for _ in range(5):
            older.forget()
            if amount(older) != 60_000:
                failed.append("another state")

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    for number in range(2, 5):
        store.add([segment(number, start=number * 100, end=number * 100 + 10)], "coder")
        open_coverage(store)
    for thread in asking:
        thread.join()
    assert failed == []
    assert amount(open_coverage(store)) == 90_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The clock of the process; the test sets it."""
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    yield now


def test_screens_wait_a_little_while_segments_are_saved_and_commands_do_not(
    small_store: Make, clock: list[float]
) -> None:
    store = small_store(segment(1, start=0, end=60))
    first = shown_coverage(store)
    store.add([segment(2, start=100, end=160)], "coder")
    clock[0] += 4.9
    assert shown_coverage(store) is first
    assert first.fingerprint != store.fingerprint()
    clock[0] += 0.2
    later = shown_coverage(store)
    assert amount(later) == 120_000
    assert later.as_of >= first.as_of
    store.add([segment(3, start=200, end=260)], "coder")
    assert shown_coverage(store) is later
    assert amount(open_coverage(store)) == 180_000
    assert amount(shown_coverage(store)) == 180_000


def test_a_changed_airing_or_mission_shows_at_once(small_store: Make, clock: list[float]) -> None:
    store = small_store(segment(1, start=0, end=60))
    first = shown_coverage(store)
    change(store, 0, "airing", ("a-0313", "B"))
    second = shown_coverage(store)
    assert second is not first
    change(store, 0, "mission", "slots")
    third = shown_coverage(store)
    assert third is not second
    assert third.mission.slots == ()


@pytest.mark.parametrize(
    ("changed", "after", "seconds", "waits"),
    [
        ({"segment_seq": 1}, 4.9, 0.1, True),
        ({"segment_seq": 1}, 5.0, 0.1, False),
        ({"segment_seq": 1}, 19.9, 2.0, True),
        ({"segment_seq": 1}, 20.0, 2.0, False),
        ({"segment_seq": FEW_SEGMENTS - 1}, 1.0, 0.1, True),
        ({"segment_seq": FEW_SEGMENTS}, 1.0, 0.1, False),
        ({"assignment_seq": 1}, 4.9, 0.1, True),
        ({"assignment_seq": 1}, 5.0, 0.1, False),
        ({"airing_seq": 1}, 1.0, 0.1, False),
        ({"version": 1}, 1.0, 0.1, False),
        ({}, 1.0, 0.1, False),  # an incident, say: nothing is to be computed, so there is nothing to wait for
    ],
)
def test_the_rule_of_waiting(changed: dict[str, int], after: float, seconds: float, waits: bool) -> None:
    held = module.coverage_of(small().mission, small().airings, [segment(1, start=0, end=60)])
    held.finished, held.seconds = 50.0, seconds
    then = held.state.at
    at = Moment(
        "later",
        then.version + changed.get("version", 0),
        then.airing_seq + changed.get("airing_seq", 0),
        then.segment_seq + changed.get("segment_seq", 0),
        then.assignment_seq + changed.get("assignment_seq", 0),
        then.decision_seq,
    )
    assert may_wait(held, at, 50.0 + after) is waits


def test_a_store_put_back_from_a_backup_is_not_built_upon(tmp_path: Path) -> None:
    """The other file has rows with the same numbers and other content."""
    url = sqlite_url(tmp_path / "store.sqlite")
    amounts = []
    for name, end in (("one", 60), ("two", 90)):
        other = sqlite_url(tmp_path / f"{name}.sqlite")
        made = Store(other, open_engine(other))
        made.put_mission(small().mission, small().airings, "test", "made for a test")
        made.add([segment(1, start=0, end=end)], "test")
        made.engine.dispose()
        (tmp_path / f"{name}.sqlite").replace(tmp_path / "store.sqlite")
        opened = Store(url, open_engine(url))
        amounts.append(amount(shown_coverage(opened)))
        opened.engine.dispose()
    assert amounts == [60_000, 90_000]


def test_every_read_of_the_store_is_short(tmp_path: Path) -> None:
    """No read takes more rows than a writer can wait for."""
    url = sqlite_url(tmp_path / "store.sqlite")
    store = Store(url, open_engine(url))
    store.put_mission(small().mission, small().airings, "test", "made for a test")
    many = [segment(n, start=0, end=10, coder=f"coder-{n}") for n in range(1, 4502)]
    store.add(many, "test")
    limits = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def told(_c: object, _u: object, statement: str, given: object, _x: object, _m: object) -> None:
        if "FROM segment" in statement and "LIMIT" in statement:
            limits.append(given)

    held = fresh(store)
    assert len(limits) == 3
    store.add([segment(5000, airing="a-0313", start=0, end=10)], "test")
    limits.clear()
    computed(store, store.moment(), datetime.now(UTC), held)
    assert len(limits) == 1
    store.engine.dispose()
