"""Guided changes in a store: names are carried over, numbers are not touched, and nothing is lost on the way."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select

from coding.codebook.applying import Applied, applied, preview
from coding.codebook.changing import Wanted
from coding.codebook.recoding import recode, recodings, waiting
from coding.exchange.folder import export_folder
from coding.exchange.into import import_folder
from coding.mission.loader import load
from coding.problems import ProblemsFound
from coding.segment import Segment
from coding.store import Store, schema
from coding.store.codebook_changes import Change, changes, present_names
from coding.store.engine import open_engine, reading
from coding.store.places import sqlite_url
from coding.vocabulary import CodeKind, Medium
from monitoring.coverage import Coverage, open_coverage
from monitoring.metrics.balance import balance
from monitoring.metrics.share import share
from monitoring.selection import ALL_FORMATS, Selection
from tests.missions import AIRINGS, MISSION, segment

Make = Callable[..., Store]
SUBJECT, TOPIC, FORMAT, TONE = CodeKind.SUBJECT, CodeKind.TOPIC, CodeKind.FORMAT, CodeKind.TONE
ALL = Selection(media=(Medium.TV,), formats=ALL_FORMATS)
EMBEDDED = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
"""For what hangs on no engine: once is enough."""


def coded() -> list[Segment]:
    """Two coders, four subjects, several codes; nothing overlaps within one coder's subject."""
    return [
        segment(1, start=0, end=60, tone="positive", topic="economy"),
        segment(2, start=60, end=90, subject="Red Party", tone="negative", topic="education"),
        segment(3, start=90, end=200, subject="President", role="institution"),
        segment(4, "a-0313", start=0, end=40, subject="Green Party", tone="positive", topic="economy"),
        segment(5, "a-0313", start=40, end=45, subject="Ana Turncoat", format="paid advertising", tone=""),
        segment(6, "b-0312", start=5, end=65, subject="Red Party", coder="coder-2", topic="economy"),
        segment(7, "b-0312", start=70, end=75, coder="coder-2"),
    ]


def do(store: Store, kind: CodeKind, change: Change, old: str, new: str, **more: Any) -> Applied:
    before, after = (tuple(filter(None, side.split("|"))) for side in (old, new))
    wanted = Wanted(kind, change, before, after)
    return applied(store, wanted, "supervisor", "it was decided", **more)


def shares(coverage: Coverage, by: tuple[str, ...] = ("subject", "topic", "tone")) -> Any:
    """Amount of each cell of the coverage that has any, by its names."""
    table = share(coverage, ALL, by)
    return {tuple(row[name] for name in by): row["amount"] for row in table.to_dict("records") if row["amount"]}


def names(store: Store, kind: CodeKind = SUBJECT) -> dict[int, str]:
    return {int(each.segment_id[-2:], 16): getattr(each, kind) for each in store.segments()}


# laws


def test_renaming_changes_no_number(small_store: Make) -> None:
    store = small_store(*coded())
    expected, balances = shares(open_coverage(store)), balance(open_coverage(store), ALL, ("outlet",))
    for kind, old, new in (
        (SUBJECT, "Blue Party", "Azure Union"),
        (SUBJECT, "Ana Turncoat", "Ana Steady"),
        (TOPIC, "economy", "prices"),
        (TONE, "positive", "favourable"),
    ):
        do(store, kind, Change.RENAME, old, new)
        before = expected
        expected = {tuple(new if name == old else name for name in cell): amount for cell, amount in before.items()}
        assert before != expected
    assert shares(open_coverage(store)) == expected
    assert balance(open_coverage(store), ALL, ("outlet",))["value"].equals(balances["value"])


def test_renaming_a_format_takes_its_airings_along(small_store: Make) -> None:
    store = small_store(*coded())
    before = shares(open_coverage(store), ("airing_id", "format"))
    done = do(store, FORMAT, Change.RENAME, "news", "bulletin")
    assert done.airings == 6
    assert {each.format for each in store.airings()} == {"bulletin", ""}
    after = shares(open_coverage(store), ("airing_id", "format"))
    assert after == {(airing, name.replace("news", "bulletin")): amount for (airing, name), amount in before.items()}


def test_merging_adds_exactly(small_store: Make) -> None:
    store = small_store(*coded())
    before = shares(open_coverage(store), ("outlet", "subject"))
    do(store, SUBJECT, Change.MERGE, "Red Party|Green Party", "Alliance")
    after = shares(open_coverage(store), ("outlet", "subject"))
    parts = [before.get(("Channel A", name), 0) for name in ("Red Party", "Green Party")]
    assert after["Channel A", "Alliance"] == sum(parts) == 70_000
    assert sum(after.values()) == sum(before.values())
    assert set(names(store).values()) == {"Blue Party", "Alliance", "President", "Ana Turncoat"}


def test_splitting_changes_nothing_until_recoded_and_recoding_moves_exactly(small_store: Make) -> None:
    store = small_store(*coded())
    before = shares(open_coverage(store), ("outlet", "topic"))
    done = do(store, TOPIC, Change.SPLIT, "economy", "prices|jobs")
    assert (done.segments, done.waiting) == (0, 3)
    assert shares(open_coverage(store), ("outlet", "topic")) == before
    listed = waiting(store, TOPIC, "economy")
    assert recode(store, TOPIC, [(listed[0], "jobs")], "supervisor", "looked at it").stored == 1
    after = shares(open_coverage(store), ("outlet", "topic"))
    moved = listed[0].amount
    assert after["Channel A", "jobs"] == moved
    assert after["Channel A", "economy"] == before["Channel A", "economy"] - moved
    assert sum(after.values()) == sum(before.values())


# what is recorded


def test_the_history_keeps_what_was_coded(small_store: Make) -> None:
    store = small_store(*coded())
    do(store, SUBJECT, Change.RENAME, "Blue Party", "Azure Union")
    first, second = store.history(coded()[0].segment_id)
    assert first.segment == coded()[0]
    assert second.segment == coded()[0].model_copy(
        update={"subject": "Azure Union", "revision": 2, "codebook_version": 2}
    )
    assert (second.recorded_by, second.reason) == ("supervisor", "codebook 2: Blue Party → Azure Union")
    (made,) = changes(store)
    assert (made.version, made.change, made.old, made.new) == (2, Change.RENAME, ("Blue Party",), ("Azure Union",))
    assert made.carried_out(second)
    assert not made.carried_out(first)
    assert store.codebook_version() == 2
    assert "Blue Party" in store.mission(None).subjects[0].spellings


def test_names_of_earlier_rows_are_read_under_their_present_names(small_store: Make) -> None:
    store = small_store(*coded())
    do(store, SUBJECT, Change.RENAME, "Green Party", "Verdant Party")
    do(store, SUBJECT, Change.NEW, "", "Green Party")
    store.add([segment(9, "a-0313", start=100, end=120, subject="Green Party")], "test")
    do(store, SUBJECT, Change.MERGE, "Verdant Party", "Red Party")
    assert names(store)[4] == "Red Party"
    assert names(store)[9] == "Green Party"
    present, last = present_names(store), changes(store)[-1].segment_seq
    assert present.now(SUBJECT, "Green Party", 4) == "Red Party"
    assert present.now(SUBJECT, "Green Party", last) == "Green Party"


def test_retracted_segments_and_earlier_revisions_stay_as_they_were(small_store: Make) -> None:
    store = small_store(*coded())
    store.retract(coded()[0].segment_id, 1, "coder-1", "a slip")
    store.revise(coded()[6].model_copy(update={"subject": "Green Party"}), "coder-2")
    assert do(store, SUBJECT, Change.RENAME, "Blue Party", "Azure Union").segments == 0
    assert len(store.history(coded()[0].segment_id)) == 2


def test_segments_of_one_coder_that_would_lie_over_each_other_wait_for_a_person(small_store: Make) -> None:
    store = small_store(
        segment(1, start=0, end=60, tone="positive"),
        segment(2, start=30, end=90, subject="Red Party", tone="negative"),  # other codes over 30 seconds
        segment(3, start=100, end=120, subject="Red Party"),
        segment(4, start=110, end=130),  # the same codes over 10 seconds
        segment(5, start=0, end=60, subject="Red Party", tone="negative", coder="coder-2"),  # another coder's
    )
    before = share(open_coverage(store), ALL, ("affiliation",))["amount"].sum()
    wanted = Wanted(SUBJECT, Change.MERGE, ("Red Party",), ("Blue Party",))
    seen = preview(store, wanted)
    assert [(each.segment_id, each.start_ms, each.end_ms) for each in seen.touched.meetings] == [
        (coded()[1].segment_id, 30_000, 60_000)
    ]
    assert seen.touched.shared == 1
    done = applied(store, wanted, "supervisor", "one party now", seen.version)
    assert (done.segments, done.waiting) == (2, 1)
    assert names(store) == {1: "Blue Party", 2: "Red Party", 3: "Blue Party", 4: "Blue Party", 5: "Blue Party"}
    (listed,) = recodings(store)
    assert (listed.name, listed.into, listed.left, listed.total) == ("Red Party", ("Blue Party",), 1, 1)
    by_affiliation = share(open_coverage(store), ALL, ("affiliation",))
    assert set(by_affiliation[by_affiliation["amount"] > 0]["affiliation"]) == {"Blue Party"}
    assert by_affiliation["amount"].sum() == before - 10_000, "only the seconds with the same codes count once now"
    refused = recode(store, SUBJECT, [(waiting(store, SUBJECT, "Red Party")[0], "Blue Party")], "supervisor", "now")
    assert [problem.key for problem in refused.problems] == ["two_codes"]
    first = store.segments()[0]
    store.revise(first.model_copy(update={"end_ms": 30_000, "amount": 30_000}), "coder-1")
    assert recode(store, SUBJECT, [(waiting(store, SUBJECT, "Red Party")[0], "Blue Party")], "s", "now").stored == 1
    assert recodings(store)[0].left == 0


def test_a_retired_name_takes_no_new_segment_and_keeps_its_own(small_store: Make) -> None:
    store = small_store(*coded())
    do(store, TOPIC, Change.SPLIT, "economy", "prices|jobs")
    with pytest.raises(ProblemsFound) as found:
        store.record(segment(20, start=300, end=310, topic="economy"), "coder-1")
    assert [problem.key for problem in found.value.problems] == ["codebook.retired"]
    assert "prices, jobs" in found.value.problems[0].message()
    with pytest.raises(ProblemsFound):
        store.revise(coded()[1].model_copy(update={"topic": "economy"}), "coder-1")
    held = coded()[0].model_copy(update={"note": "a word more"})
    assert store.revise(held, "coder-1").segment.topic == "economy"
    store.retract(held.segment_id, 2, "coder-1", "a slip")
    assert store.restore(held.model_copy(update={"revision": 3}), "coder-1").segment.topic == "economy"


# refusals, and what must not happen twice


@EMBEDDED
def test_nothing_is_written_without_a_reason_or_over_somebody_elses_version(small_store: Make) -> None:
    store = small_store(*coded())
    wanted = Wanted(TOPIC, Change.RENAME, ("economy",), ("prices",))
    seen, state = preview(store, wanted), store.fingerprint()
    with pytest.raises(ProblemsFound):
        applied(store, wanted, "supervisor", "  ", seen.version)
    assert store.fingerprint() == state
    do(store, TOPIC, Change.NEW, "", "health")
    with pytest.raises(ProblemsFound) as found:
        applied(store, wanted, "supervisor", "why", seen.version)
    assert [problem.key for problem in found.value.problems] == ["mission_changed"]
    assert set(names(store, TOPIC).values()) == {"economy", "education", ""}


@EMBEDDED
def test_the_audit_entry_names_every_revision_that_was_written(small_store: Make) -> None:
    store = small_store(*coded())
    do(store, SUBJECT, Change.RENAME, "Red Party", "Crimson Party")
    with reading(store.engine) as connection:
        entries = connection.execute(select(schema.audit).order_by(schema.audit.c.seq.desc())).mappings().all()
    detail = json.loads(entries[0]["detail"])
    written = "".join(f"{coded()[place].segment_id} 2\n" for place in (1, 5))
    assert (entries[0]["action"], detail["segments"]) == ("codebook_change", 2)
    assert detail["sha256"] == hashlib.sha256(written.encode()).hexdigest()


def test_a_change_that_fails_in_the_middle_leaves_nothing(small_store: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    store, broken = small_store(*coded()), RuntimeError("the plug")
    state = (store.fingerprint(), store.codebook_version(), names(store))

    def pulled(*_: object) -> None:
        raise broken

    monkeypatch.setattr("coding.codebook.applying.write_change", pulled)
    with pytest.raises(RuntimeError):
        do(store, SUBJECT, Change.RENAME, "Blue Party", "Azure Union")
    assert (store.fingerprint(), store.codebook_version(), names(store)) == state


@EMBEDDED
def test_the_preview_says_what_happens_and_writes_nothing(small_store: Make) -> None:
    store = small_store(*coded())
    state = store.fingerprint()
    seen = preview(store, Wanted(SUBJECT, Change.RENAME, ("Red Party",), ("Crimson Party",)))
    assert (seen.touched.segments, seen.touched.airings, seen.touched.coders) == (2, 2, 2)
    assert store.fingerprint() == state
    assert "Crimson Party" in seen.changed.mission.names(SUBJECT)


@EMBEDDED
def test_imported_totals_over_a_change_of_affiliation_stand_in_the_way(small_store: Make) -> None:
    total = "t-03,Channel A,2025-03-10,2025-03-20,aggregate,,,,,,,,,,yes,\n"
    store = small_store(
        segment(1, "t-03", subject="Government", amount=60_000, tone=""),
        segment(2, start=0, end=5),
        airings=AIRINGS + total,
    )
    wanted = Wanted(SUBJECT, Change.MERGE, ("Government",), ("Ana Turncoat",))
    with pytest.raises(ProblemsFound) as found:
        preview(store, wanted)
    assert [problem.key for problem in found.value.problems] == ["affiliation_in_total"]


@EMBEDDED
def test_many_segments_take_a_handful_of_statements(small_store: Make) -> None:
    first = segment(1, start=0, end=1)
    many = [
        first.model_copy(
            update={
                "segment_id": f"{number:08x}-0000-0000-0000-000000000000", "coder": f"coder-{number // 100}",
                "start_ms": number % 100 * 1000, "end_ms": number % 100 * 1000 + 1000,
            }
        )
        for number in range(300)
    ]  # fmt: skip
    store = small_store(*many)
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    done = do(store, SUBJECT, Change.RENAME, "Blue Party", "Azure Union")
    assert done.segments == 300
    assert len(statements) < 60
    assert set(names(store).values()) == {"Azure Union"}


# the folder


@EMBEDDED
def test_a_folder_carries_retired_names_there_and_back(small_store: Make, tmp_path: Any) -> None:
    store = small_store(*coded())
    do(store, TOPIC, Change.SPLIT, "economy", "prices|jobs")
    do(store, SUBJECT, Change.RENAME, "Blue Party", "Azure Union")
    export_folder(store, tmp_path / "out")
    read = load(tmp_path / "out")
    assert read.mission == store.mission()
    assert 'name = "economy"' in (tmp_path / "out" / "mission.toml").read_text(encoding="utf-8")
    url = sqlite_url(tmp_path / "again.sqlite")
    import_folder(tmp_path / "out", url, "test")
    again = Store(url, open_engine(url))
    assert sorted(again.segments(), key=str) == sorted(store.segments(), key=str)
    assert [(each.name, each.left, each.total) for each in recodings(again)] == [("economy", 3, 3)]
    again.engine.dispose()


@EMBEDDED
def test_a_folder_that_drops_a_name_in_use_is_refused_as_before(small_store: Make, tmp_path: Any) -> None:
    store = small_store(*coded())
    do(store, SUBJECT, Change.RENAME, "Blue Party", "Azure Union")
    with pytest.raises(ProblemsFound) as found:
        import_folder(tmp_path / "mission", store.url, "test")
    assert {problem.key for problem in found.value.problems} == {"unknown_subject"}


@EMBEDDED
def test_a_retired_name_that_nobody_defined_is_told(tmp_path: Any, small_store: Make) -> None:
    wrong = MISSION + '[[retired]]\nkind = "topic"\nname = "sport"\ninto = ["economy", "games"]\n'
    with pytest.raises(ProblemsFound) as found:
        small_store(mission=wrong)
    assert [(problem.key, problem.value) for problem in found.value.problems] == [
        ("unknown_name", "sport"),
        ("unknown_name", "games"),
    ]
