"""The store, on both engines: nothing lost, nothing twice, nothing changed in place."""

import sqlite3
import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DatabaseError

from coding.problems import ProblemsFound
from coding.store import Conflict, Store, audit, schema
from coding.store.assignments import assign
from coding.store.engine import HEAD, reading, wal_is_safe, writing
from coding.store.recordings import Recording, put_recordings
from coding.store.subtitles import add_subtitles
from coding.store.suggestions import record_told
from coding.store.tone_models import ToneModel, add_model
from coding.vocabulary import Purpose, RecordingKind
from tests.coding.store.made import told
from tests.missions import segment

Make = Callable[..., Store]


def count(store: Store, table: str) -> int:
    with reading(store.engine) as connection:
        return connection.execute(select(func.count()).select_from(schema.metadata.tables[table])).scalar_one()


def test_what_was_put_in_comes_out(small_store: Make) -> None:
    given = [segment(1, start=0, end=60), segment(2, airing="g-0312", amount=5000, text="«სიტყვა», слово, كلمة")]
    store = small_store(*given)
    assert store.segments() == given
    assert store.segments(["g-0312"]) == given[1:]
    assert store.segments_by_id([given[0].segment_id]) == given[:1]
    assert len(store.airings()) == 7
    assert store.mission().title == "A small mission"


def test_the_same_segment_again_is_one_segment(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    before = store.fingerprint()
    added = store.add([segment(1, start=0, end=60)], "somebody")
    assert (added.stored, added.already) == (0, 1)
    assert len(store.segments()) == 1
    assert store.fingerprint() == before


def test_an_id_with_other_content_is_refused_and_nothing_of_the_batch_kept(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    before = store.fingerprint()
    with pytest.raises(ProblemsFound, match="already in the store with other content"):
        store.add([segment(2, start=100, end=160), segment(1, start=0, end=61)], "somebody")
    assert len(store.segments()) == 1
    assert store.fingerprint() == before
    assert count(store, "segment_staged") == 0


def test_other_codes_over_seconds_that_the_store_holds_are_refused(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    with pytest.raises(ProblemsFound, match="overlap, 0:00:00 to 0:01:00 and 0:00:30 to 0:01:30") as refused:
        store.add([segment(2, start=30, end=90, tone="negative")], "somebody")
    assert all(segment(number, amount=1).segment_id in str(refused.value) for number in (1, 2))
    store.add([segment(3, start=30, end=90, tone="negative", coder="coder-2")], "somebody")


def test_a_revision_keeps_the_earlier_one(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    first = store.segments()[0]
    second = store.revise(first.model_copy(update={"tone": "negative"}), "supervisor", "heard again")
    assert (second.revision, second.recorded_by) == (2, "supervisor")
    assert [s.tone for s in store.segments()] == ["negative"]
    history = store.history(first.segment_id)
    assert [(h.segment.tone, h.recorded_by, h.reason) for h in history] == [
        ("neutral", "test", ""),
        ("negative", "supervisor", "heard again"),
    ]


def test_a_second_writer_is_told_and_overwrites_nothing(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    read = store.segments()[0]
    store.revise(read.model_copy(update={"tone": "negative"}), "first")
    with pytest.raises(Conflict) as conflict:
        store.revise(read.model_copy(update={"tone": "positive"}), "second")
    assert conflict.value.current.segment.tone == "negative"
    assert conflict.value.attempted is not None
    assert conflict.value.attempted.tone == "positive"
    assert [s.tone for s in store.segments()] == ["negative"]


def test_a_retraction_needs_a_reason_and_leaves_the_history(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    number = store.segments()[0].segment_id
    with pytest.raises(ProblemsFound, match="reason is missing"):
        store.retract(number, 1, "supervisor", " ")
    store.retract(number, 1, "supervisor", "wrong channel")
    assert store.segments() == []
    assert [h.retracted for h in store.history(number)] == [False, True]
    with pytest.raises(Conflict):
        store.retract(number, 1, "supervisor", "again")
    assert store.add([segment(1, start=0, end=60)], "somebody").already == 1
    assert store.segments() == [], "importing it again does not bring a retracted segment back"


def test_a_segment_sent_twice_is_stored_once(small_store: Make) -> None:
    store, first = small_store(), segment(1, start=0, end=60)
    assert store.record(first, "coder-1") == store.record(first, "coder-1")
    later = first.model_copy(update={"tone": "negative"})
    assert store.revise(later, "coder-1", "heard") == store.revise(later, "coder-1", "heard")
    assert store.retract(first.segment_id, 2, "coder-1", "slip") == store.retract(
        first.segment_id, 2, "coder-1", "slip"
    )
    assert [(h.revision, h.retracted) for h in store.history(first.segment_id)] == [(1, False), (2, False), (3, True)]


def test_a_revision_with_the_reason_of_a_retraction_is_no_retraction(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    later = store.segments()[0].model_copy(update={"tone": "negative"})
    store.revise(later, "coder-1", "undone at the desk")
    with pytest.raises(Conflict):
        store.retract(later.segment_id, 1, "coder-1", "undone at the desk")


def test_the_same_content_from_somebody_else_is_a_conflict(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    later = store.segments()[0].model_copy(update={"tone": "negative"})
    store.revise(later, "supervisor")
    with pytest.raises(Conflict):
        store.revise(later, "coder-1")


def test_an_id_that_is_taken_is_a_conflict_and_overwrites_nothing(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    with pytest.raises(Conflict) as conflict:
        store.record(segment(1, start=100, end=160), "coder-1")
    assert conflict.value.current.segment.start_ms == 0
    assert len(store.history(segment(1, amount=1).segment_id)) == 1


def test_one_new_segment_is_held_against_the_rules_and_what_stands_beside_it(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    for wrong, message in (
        (segment(2, start=30, end=90, tone="negative"), "different codes"),
        (segment(2, start=0, end=9_000), "past the airing's end"),
        (segment(2, "b-0313", start=0, end=60), "monitored"),
        (segment(2, "nowhere", start=0, end=60), "not in airings"),
        (segment(2, start=70, end=90, subject="Nobody"), "Nobody"),
    ):
        with pytest.raises(ProblemsFound, match=message):
            store.record(wrong, "coder-1")
    store.record(segment(2, start=30, end=90, tone="negative", coder="coder-2"), "coder-2")
    assert len(store.segments()) == 2


def test_an_earlier_revision_is_brought_back_also_after_a_retraction(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    first = store.segments()[0]
    store.revise(first.model_copy(update={"tone": "negative"}), "supervisor")
    store.retract(first.segment_id, 2, "supervisor", "wrong channel")
    with pytest.raises(Conflict):
        store.revise(first.model_copy(update={"revision": 3}), "supervisor")
    back = store.restore(first.model_copy(update={"revision": 3}), "supervisor", "it was right")
    assert (back.revision, back.retracted, back.segment.tone) == (4, False, "neutral")
    assert [s.tone for s in store.segments()] == ["neutral"]


def test_a_retracted_segment_is_not_brought_back_over_another(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    first = store.segments()[0]
    store.retract(first.segment_id, 1, "supervisor", "slip")
    store.record(segment(2, start=30, end=90, tone="negative"), "coder-1")
    with pytest.raises(ProblemsFound, match="different codes"):
        store.restore(first.model_copy(update={"revision": 2}), "supervisor")


def test_a_revision_that_breaks_a_rule_is_refused(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    with pytest.raises(ProblemsFound, match="tone scale"):
        store.revise(store.segments()[0].model_copy(update={"tone": "great"}), "supervisor")
    assert [s.revision for s in store.segments()] == [1]


def filled(store: Store) -> None:
    """A row in every table of which `test_the_database_itself_refuses_to_change_a_record` has none yet."""
    with writing(store.engine) as connection:
        for name in ("decision", "reopening", "gold", "double_draw", "codebook_change", "incident"):
            columns = [column for column in schema.metadata.tables[name].c if column.name != "seq"]
            connection.execute(
                insert(schema.metadata.tables[name]), {each.name: each.type.python_type("1") for each in columns}
            )


@pytest.mark.parametrize("table", schema.APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET recorded_by = 'x'", "DELETE FROM {table}"])
def test_the_database_itself_refuses_to_change_a_record(small_store: Make, table: str, statement: str) -> None:
    store = small_store(segment(1, start=0, end=60))
    assign(store, ["a-0312"], "coder-1", Purpose.CODING, "supervisor")
    number = str(UUID(int=9))
    put_recordings(
        store, [Recording(number, "a-0312", RecordingKind.VIDEO, "a.mp4", ".mp4", "0" * 64, 1)], "supervisor"
    )
    record_told(store, told())
    add_subtitles(store, "a-0312", [], "supervisor", name="a.srt", language="ka", kind="srt", sha256="0" * 64)
    add_model(store, ToneModel("v1", "models/v1", "", "supervisor", 0), use=True)
    filled(store)
    column = {"audit": "who", "suggestion": "coder", "tone_model": "made_by"}.get(table, "recorded_by")
    with pytest.raises(DatabaseError, match="append-only"), writing(store.engine) as connection:
        connection.execute(text(statement.format(table=table).replace("recorded_by", column)))


def test_insert_or_replace_is_refused_too(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    if store.engine.dialect.name != "sqlite":
        pytest.skip("a statement of SQLite")
    with pytest.raises(DatabaseError, match="append-only"), writing(store.engine) as connection:
        connection.execute(text("INSERT OR REPLACE INTO codebook VALUES (1, '', '', '', '')"))


def test_every_write_leaves_an_entry_in_one_chain(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    store.revise(store.segments()[0].model_copy(update={"note": "n"}), "supervisor")
    with reading(store.engine) as connection:
        entries = connection.execute(select(schema.audit).order_by(schema.audit.c.seq)).mappings().all()
    assert [e["action"] for e in entries] == ["codebook", "airings", "add", "revise"]
    previous = audit.START
    for entry in entries:
        assert entry["previous"] == previous
        assert audit.entry_hash(entry) == entry["hash"]
        previous = entry["hash"]
    assert store.fingerprint() == previous


def test_a_failure_inside_a_write_leaves_neither_record_nor_entry(
    small_store: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small_store(segment(1, start=0, end=60))
    before = store.fingerprint()

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(OSError, match="disk full"):
        store.add([segment(2, start=100, end=160)], "somebody")
    with pytest.raises(OSError, match="disk full"):
        store.revise(store.segments()[0].model_copy(update={"note": "n"}), "supervisor")
    assert [s.revision for s in store.segments()] == [1]
    assert store.fingerprint() == before


def test_many_writers_lose_nothing(small_store: Make) -> None:
    store = small_store()
    failures: list[BaseException] = []

    def write(first: int) -> None:
        try:
            for number in range(first, first + 5):
                store.add([segment(number, subject="Red Party", start=number, end=number + 1)], f"coder-{first}")
        except BaseException as error:  # noqa: BLE001  carried to the main thread
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n * 100 + 1,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.segments()) == 30
    with reading(store.engine) as connection:
        entries = connection.execute(select(schema.audit).order_by(schema.audit.c.seq)).mappings().all()
    assert [e["previous"] for e in entries[1:]] == [e["hash"] for e in entries[:-1]]


def test_a_changed_mission_is_a_new_dated_version(small_store: Make) -> None:
    store = small_store()
    mission = store.mission()
    assert store.put_mission(mission, (), "admin", "nothing changed") == 1
    assert store.put_mission(mission.model_copy(update={"title": "Renamed"}), (), "admin", "title") == 2
    with pytest.raises(ProblemsFound, match="somebody else changed the mission"):
        store.put_mission(mission, (), "other", "late", expected_version=1)
    assert store.mission().title == "Renamed"


def test_a_changed_airing_is_a_revision(small_store: Make) -> None:
    store = small_store()
    changed = store.airings()[0].model_copy(update={"note": "seen again"})
    store.put_mission(store.mission(), [changed], "admin", "note")
    assert store.airings()[0].note == "seen again"
    assert count(store, "airing") == 8


def test_the_migrations_make_the_tables_of_the_schema(small_store: Make) -> None:
    store = small_store()
    scripts = ScriptDirectory("coding/store/migrations")
    assert scripts.get_current_head() == HEAD
    with reading(store.engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_settings_that_lose_nothing(small_store: Make) -> None:
    store = small_store()
    if store.engine.dialect.name != "sqlite":
        pytest.skip("settings of SQLite")
    with reading(store.engine) as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "foreign_keys", "busy_timeout", "journal_mode", "recursive_triggers")
        }
    journal = "wal" if wal_is_safe() else "delete"
    assert values == {
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "journal_mode": journal,
        "recursive_triggers": 1,
    }


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_the_log_is_used_only_where_its_bug_is_fixed(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe
    assert sqlite3.sqlite_version_info
