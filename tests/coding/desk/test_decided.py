"""What was decided between two coders stays at the desk: only another decision changes it, and nothing gets lost."""

from typing import Any

import pytest

from coding.double_coding.deciding import decide, take_back
from coding.double_coding.disagreements import Disagreement, disagreements
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import change
from coding.store.decisions import word_of
from coding.vocabulary import Progress
from tests.coding.desk.conftest import Desk, message
from tests.missions import segment

AIRING, JUDGE = "a-0312", "supervisor"
MINE = segment(1, AIRING, start=0, end=60, coder="ana", tone="positive")
OTHER = segment(101, AIRING, start=0, end=60, coder="berik", tone="negative", text="the headline says so")
MISSED = segment(102, AIRING, "Red Party", 100, 130, coder="berik")


def done(coder: str) -> dict[str, Any]:
    return {"kind": "done", "airing_id": AIRING, "coder": coder}


@pytest.fixture
def coded(desk: Desk) -> Desk:
    """Both coders are done, with a tone and a segment between them."""
    desk.save("ana", message("add", MINE), done("ana"))
    desk.save("berik", message("add", OTHER), message("add", MISSED), done("berik"))
    return desk


def at(desk: Desk, number: int) -> Disagreement:
    return disagreements(desk.store, AIRING)[number]


def later(desk: Desk, held: Segment) -> dict[str, Any]:
    """A revision on top of what the store has."""
    revision = desk.store.history(held.segment_id)[-1].revision
    return message("revise", held.model_copy(update={"tone": "neutral", "revision": revision}))


def retraction(desk: Desk, held: Segment) -> dict[str, Any]:
    revision = desk.store.history(held.segment_id)[-1].revision
    return {"kind": "retract", "segment_id": held.segment_id, "revision": revision, "reason": "slip"}


@pytest.mark.parametrize("kept", ["ana", "berik"])
def test_nobody_changes_at_the_desk_what_was_decided(coded: Desk, kept: str) -> None:
    decide(coded.store, JUDGE, at(coded, 0), word_of(kept))
    for coder in ("ana", "berik"):
        change(coded.store, AIRING, coder, Progress.RETURNED, JUDGE, "the second half is missing")
    before = {held.segment_id: coded.store.history(held.segment_id) for held in (MINE, OTHER)}
    for who, held in (("ana", MINE), ("berik", OTHER), ("supervisor", MINE), ("supervisor", OTHER)):
        for sent in (later(coded, held), retraction(coded, held), later(coded, held) | {"kind": "restore"}):
            (answer,) = coded.save(who, sent)
            assert answer["outcome"] == "refused"
            assert "My returned work" in answer["problems"][0]
    assert {held: coded.store.history(held) for held in before} == before
    added = segment(9, AIRING, start=200, end=230, coder="ana")
    assert coded.save("ana", message("add", added))[0]["outcome"] == "stored", "what nobody decided about goes on"


@pytest.mark.parametrize("kind", ["revise", "retract", "restore"])
def test_a_decision_made_between_the_look_and_the_write_is_seen(
    coded: Desk, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is decided is asked in the transaction that writes."""
    write = getattr(Store, kind)

    def decided_first(store: Store, *given: Any) -> Any:
        decide(store, JUDGE, at(coded, 0), word_of("ana"))
        return write(store, *given)

    monkeypatch.setattr(Store, kind, decided_first)
    sent = retraction(coded, MINE) if kind == "retract" else later(coded, MINE) | {"kind": kind}
    assert [answer["outcome"] for answer in coded.save("supervisor", sent)] == ["refused"]
    assert len(coded.store.history(MINE.segment_id)) == 1


def test_what_a_decision_added_stays_too(coded: Desk) -> None:
    made = decide(coded.store, JUDGE, at(coded, 1), word_of("berik"))
    (new,) = [each for each in coded.store.segments([AIRING]) if each.coder == "ana" and each.subject == "Red Party"]
    assert new.segment_id in made.segments
    change(coded.store, AIRING, "ana", Progress.RETURNED, JUDGE, "look again")
    assert [answer["outcome"] for answer in coded.save("ana", retraction(coded, new))] == ["refused"]


def test_a_message_that_was_stored_before_the_decision_is_still_answered_as_stored(coded: Desk) -> None:
    """Its reply got lost, and it comes again from the browser's queue."""
    change(coded.store, AIRING, "ana", Progress.RETURNED, JUDGE, "listen again")
    sent = [message("revise", MINE.model_copy(update={"note": "heard again"}))]
    assert coded.save("ana", *sent)[0]["outcome"] == "stored"
    coded.save("ana", done("ana"))
    decide(coded.store, JUDGE, at(coded, 0), word_of("berik"))
    before = coded.store.fingerprint()
    again = coded.save("ana", message("add", MINE), *sent)
    assert [(answer["outcome"], answer["segment"]["revision"]) for answer in again] == [("stored", 1), ("stored", 2)]
    assert coded.store.fingerprint() == before


def test_after_a_decision_was_taken_back_the_desk_writes_again(coded: Desk) -> None:
    decide(coded.store, JUDGE, at(coded, 0), word_of("berik"))
    take_back(coded.store, JUDGE, at(coded, 0))
    change(coded.store, AIRING, "ana", Progress.RETURNED, JUDGE, "look again")
    assert coded.save("ana", later(coded, MINE))[0]["outcome"] == "stored"


def test_of_somebody_elses_segment_nobody_learns_that_it_was_decided(coded: Desk) -> None:
    decide(coded.store, JUDGE, at(coded, 0), word_of("ana"))
    (answer,) = coded.save("ana", message("revise", OTHER))
    assert answer["outcome"] == "forbidden"
    assert "My returned work" not in answer["problems"][0]


def test_the_desk_of_the_other_coder_shows_nothing_of_a_decision(coded: Desk) -> None:
    """A decision stands in the counted coding; who coded second sees the own segments, as they were."""
    asked = {"airing": AIRING}
    before = coded.get("berik", "/desk/airing", **asked).json()["segments"]
    for number in (0, 1):
        decide(coded.store, JUDGE, at(coded, number), word_of("berik"), reason="heard again by Айгүл")
    reply = coded.get("berik", "/desk/airing", **asked)
    assert reply.json()["segments"] == before
    assert "Айгүл" not in reply.text
    assert coded.get("berik", "/desk/history", segment=MINE.segment_id).status_code == 403
    own = coded.get("ana", "/desk/airing", **asked).text
    assert "berik" not in own, "whose word it was is not told"
    assert coded.get("ana", "/desk/history", segment=OTHER.segment_id).status_code == 403
