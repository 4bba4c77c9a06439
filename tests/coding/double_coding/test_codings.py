"""Whose words are read: finished codings, each coder's own last word, before the first decision, under present names."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from coding.codebook.applying import applied
from coding.codebook.changing import Wanted
from coding.double_coding.codings import AIRINGS, SEGMENTS, Codings, codings_of, double_codings
from coding.mission.loader import load
from coding.store import Store, audit, records, schema
from coding.store.assignments import assign, change
from coding.store.codebook_changes import Change, CodebookChange, write_change
from coding.store.engine import writing
from coding.store.places import sqlite_url
from coding.vocabulary import CodeKind, Progress, Purpose
from tests.missions import segment, write_mission


@pytest.fixture
def store(tmp_path: Path) -> Store:
    held = load(write_mission(tmp_path / "mission"))
    made = Store(sqlite_url(tmp_path / "store.sqlite"))
    made.put_mission(held.mission, held.airings, "test", "made for a test")
    return made


def give(
    store: Store, coder: str, purpose: Purpose = Purpose.CODING, *, done: bool = True, airing: str = "a-0312"
) -> None:
    assign(store, [airing], coder, purpose, "sup")
    if done:
        change(store, airing, coder, Progress.DONE, coder)


def record(store: Store, number: int, coder: str, *, who: str = "", **more: Any) -> None:
    store.record(segment(number, coder=coder, **{"start": number * 10, "end": number * 10 + 5} | more), who or coder)


def revise(store: Store, number: int, who: str, **more: Any) -> None:
    held = store.history(segment(number, amount=1).segment_id)[-1].segment
    store.revise(held.model_copy(update=more), who)


def decide(store: Store, airing: str = "a-0312", coder: str = "one") -> None:
    values = {
        "decision_id": f"{airing}-{store.moment().decision_seq}", "airing_id": airing, "coder": coder, "segments": "[]",
        "said": json.dumps([{"coder": name} for name in ("one", "two")]),
        "outcome": "nothing", "codes": "{}", "segment_seq": store.moment().segment_seq, "reason": "", **records.stamp("sup"),
    }  # fmt: skip
    with writing(store.engine) as connection:
        connection.execute(insert(schema.decision).values(values))
        audit.record(connection, "sup", "decide", airing, 0, {})


def said(held: Codings) -> dict[str, list[tuple[str, str]]]:
    """Subject and tone by coder."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in held.airings["coder"]}
    for row in held.segments.itertuples():
        found[str(row.coder)].append((str(row.subject), str(row.tone)))
    return found


def test_an_airing_counts_once_two_codings_are_finished(store: Store) -> None:
    give(store, "one")
    give(store, "two", Purpose.DOUBLE, done=False)
    record(store, 1, "one")
    record(store, 2, "two")
    assert double_codings(store).airings.empty
    change(store, "a-0312", "two", Progress.DONE, "two")
    held = double_codings(store)
    assert list(held.airings.columns) == list(AIRINGS)
    assert list(held.segments.columns) == list(SEGMENTS)
    assert held.airings[["coder", "purpose"]].to_numpy().tolist() == [["one", "coding"], ["two", "double"]]
    first = held.airings.iloc[0]
    assert (first["day"], first["week"], first["unit"]) == ("Channel A 2025-03-12", "2025-03-10", "ms")
    assert first["monitored"] == 3_600_000
    assert held.fingerprint == store.fingerprint()
    change(store, "a-0312", "two", Progress.RETURNED, "sup")
    assert double_codings(store).airings.empty
    change(store, "a-0312", "two", Progress.DONE, "two")
    change(store, "a-0312", "two", Progress.WITHDRAWN, "sup")
    assert double_codings(store).airings.empty


def test_who_recorded_nothing_says_nothing_here_and_practice_is_no_coding(store: Store) -> None:
    record(store, 1, "one")
    give(store, "one")
    give(store, "trainee", Purpose.TRAINING)
    record(store, 2, "trainee")
    assert double_codings(store).airings.empty
    give(store, "two", Purpose.DOUBLE)
    assert said(double_codings(store)) == {"one": [("Blue Party", "neutral")], "two": []}
    assert set(said(codings_of(store, ["a-0312"]))) == {"one", "two", "trainee"}
    named = codings_of(store, ["a-0312", "no such airing"], ["trainee"])
    assert said(named) == {"trainee": [("Blue Party", "neutral")]}
    assert list(named.airings["purpose"]) == ["training"]


def test_without_assignments_a_finished_airing_has_the_coders_of_its_segments(store: Store) -> None:
    record(store, 1, "one", who="importer")
    record(store, 2, "two", who="importer")
    record(store, 3, "three", who="importer")
    store.retract(segment(3, amount=1).segment_id, 1, "importer", "a mistake")
    assert set(said(double_codings(store))) == {"one", "two"}
    airing = store.airing("a-0312")
    assert airing is not None
    store.put_mission(store.mission(), [airing.model_copy(update={"coded": False})], "sup", "not finished")
    assert double_codings(store).airings.empty


def test_the_own_last_word_is_read(small_store: Callable[..., Store]) -> None:
    store = small_store()
    for coder, purpose in (("one", Purpose.CODING), ("two", Purpose.DOUBLE)):
        give(store, coder, purpose, done=False)
    record(store, 1, "one")
    revise(store, 1, "one", tone="negative")
    record(store, 2, "one", tone="positive")
    revise(store, 2, "sup", tone="negative")  # a supervisor's is not the coder's
    record(store, 3, "one")
    store.retract(segment(3, amount=1).segment_id, 1, "one", "nothing there")
    record(store, 4, "one", tone="very negative")
    store.retract(segment(4, amount=1).segment_id, 1, "sup", "nothing there")
    record(store, 5, "two", who="importer")
    revise(store, 5, "two", tone="positive")  # the coder goes on with an imported segment
    for coder in ("one", "two"):
        change(store, "a-0312", coder, Progress.DONE, coder)
    held = double_codings(store)
    assert [tone for _, tone in said(held)["one"]] == ["negative", "positive", "very negative"]
    assert [tone for _, tone in said(held)["two"]] == ["positive"]
    assert list(held.segments["seq"]) == [2, 3, 7, 10]
    agreed = said(codings_of(store, ["a-0312"], agreed=["one"]))
    assert [tone for _, tone in agreed["one"]] == ["negative", "negative"]


def test_what_came_after_a_decision_is_nobodys_own_word(store: Store) -> None:
    give(store, "one", done=False)
    give(store, "two", Purpose.DOUBLE)
    record(store, 1, "one")
    change(store, "a-0312", "one", Progress.DONE, "one")
    decide(store)
    revise(store, 1, "one", tone="negative")
    record(store, 2, "one", tone="very negative")
    decide(store)
    assert said(double_codings(store))["one"] == [("Blue Party", "neutral")]
    assert len(said(codings_of(store, ["a-0312"], agreed=["one"]))["one"]) == 2


def test_who_comes_after_the_first_decision_takes_no_part_but_has_own_words(store: Store) -> None:
    """Who practises on a decided airing is measured by what was said, and a late coder did not say "nothing here"."""
    give(store, "one", done=False)
    give(store, "two", Purpose.DOUBLE)
    record(store, 1, "one")
    change(store, "a-0312", "one", Progress.DONE, "one")
    decide(store)
    before = said(double_codings(store))
    for number, (coder, purpose) in enumerate({"late": Purpose.DOUBLE, "trainee": Purpose.TEST}.items(), 11):
        give(store, coder, purpose, done=False)
        record(store, number, coder)
        change(store, "a-0312", coder, Progress.DONE, coder)
    assert said(double_codings(store)) == before == {"one": [("Blue Party", "neutral")], "two": []}
    assert said(codings_of(store, ["a-0312"]))["trainee"] == [("Blue Party", "neutral")]


def test_an_earlier_moment_is_read_as_it_was(store: Store) -> None:
    give(store, "one", done=False)
    give(store, "two", Purpose.DOUBLE)
    record(store, 1, "one")
    change(store, "a-0312", "one", Progress.DONE, "one")
    at = store.moment()
    revise(store, 1, "one", tone="negative")
    change(store, "a-0312", "two", Progress.RETURNED, "sup")
    assert double_codings(store).airings.empty
    assert said(double_codings(store, at)) == {"one": [("Blue Party", "neutral")], "two": []}


def test_names_are_the_present_ones(store: Store) -> None:
    for coder in ("one", "two"):
        give(store, coder, done=False)
    record(store, 1, "one", topic="economy")
    changes = ((CodeKind.SUBJECT, "Blue Party", "Azure Party"), (CodeKind.TOPIC, "economy", "work"))
    with writing(store.engine) as connection:
        for kind, old, new in changes:
            write_change(connection, CodebookChange(2, kind, Change.RENAME, (old,), (new,), 1))
    record(store, 2, "two", topic="economy")  # a new name that is an old one again
    for coder in ("one", "two"):
        change(store, "a-0312", coder, Progress.DONE, coder)
    at = store.moment()
    with writing(store.engine) as connection:
        connection.execute(
            insert(schema.codebook).values(
                version=2, mission=store.mission().model_dump_json(by_alias=True), reason="", **records.stamp("sup")
            )
        )
    held = double_codings(store).segments
    assert held[["coder", "subject", "topic"]].to_numpy().tolist() == [
        ["one", "Azure Party", "work"], ["two", "Blue Party", "economy"],
    ]  # fmt: skip
    assert list(double_codings(store, at).segments["subject"]) == ["Blue Party", "Blue Party"]
    assert list(held["unit"]) == ["ms", "ms"]


def test_a_change_of_the_codebook_by_the_coders_own_hand_is_no_new_word(store: Store) -> None:
    """Whoever changes the codebook may have coded too; what the change carried over was somebody else's correction."""
    for coder in ("one", "two"):
        give(store, coder, done=False)
        record(store, 1 if coder == "one" else 2, coder, topic="economy")
        change(store, "a-0312", coder, Progress.DONE, coder)
    revise(store, 1, "sup", tone="negative")
    applied(store, Wanted(CodeKind.TOPIC, Change.RENAME, ("economy",), ("work",)), "one", "said so")
    held = double_codings(store).segments
    assert held[["coder", "topic", "tone"]].to_numpy().tolist() == [
        ["one", "work", "neutral"], ["two", "work", "neutral"],
    ]  # fmt: skip


def test_a_paper_has_pages_and_the_unit_of_the_format(store: Store) -> None:
    for number, coder in ((1, "one"), (2, "two")):
        place: dict[str, Any] = {"airing": "g-0312", "page": 3, "box": "0.1 0.1 0.5 0.5", "amount": 40}
        store.record(segment(number, coder=coder, **place), coder)
        store.record(
            segment(number + 10, coder=coder, **place | {"format": "free space", "tone": "", "subject": "Red Party"}),
            coder,
        )
    held = double_codings(store).segments
    assert sorted(set(zip(held["unit"], held["page"], held["box"], strict=True))) == [
        ("lines", 3, "0.1 0.1 0.5 0.5"), ("mm2", 3, "0.1 0.1 0.5 0.5"),
    ]  # fmt: skip
    assert held["start_ms"].isna().all()
