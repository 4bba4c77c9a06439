"""Where two coders of one airing disagree: what is listed, what is not, and how far it is decided."""

import pytest

from coding.double_coding.deciding import decide, take_back
from coding.double_coding.disagreements import disagreements, open_airings
from coding.store.assignments import assign, change
from coding.store.decisions import ask_again, withdraw, word_of
from coding.vocabulary import Progress, Purpose
from tests.coding.double_coding.two_coders import (
    AGREED,
    AIRING,
    ALL,
    FIRST,
    JUDGE,
    SECOND,
    TONE,
    Make,
    at,
    by,
    coded,
)
from tests.missions import segment


def listed(store: object) -> list[tuple[int, tuple[str, ...]]]:
    return [(each.place[1] // 1000, each.differs) for each in disagreements(store, AIRING)]  # type: ignore[arg-type]


def test_what_coders_differ_in_is_listed_in_the_order_of_the_airing_borders_last(small_store: Make) -> None:
    store = coded(small_store())
    assert listed(store) == [(100, ("tone",)), (200, ("subject",)), (300, ("found",)), (400, ("bounds",))]
    assert [each.minor for each in disagreements(store, AIRING)] == [False, False, False, True]
    told = at(store, 300)
    assert [(word.coder, word.found) for word in told.words] == [(FIRST, False), (SECOND, True)]
    (airing,) = open_airings(store)
    assert (airing.coders, airing.disagreements, airing.decided, airing.minor) == ((FIRST, SECOND), 3, 0, 1)


def test_a_few_seconds_at_a_border_are_no_disagreement(small_store: Make) -> None:
    store = coded(small_store(), [by(FIRST, 1, 10, 60), by(SECOND, 1, 15, 55)])
    assert listed(store) == []
    assert open_airings(store)[0].disagreements == 0


def test_every_code_that_differs_is_named(small_store: Make) -> None:
    others = {"role": "supporter", "speech": "direct", "tone": "negative", "format": "paid advertising"}
    store = coded(small_store(), [by(FIRST, 1, 0, 60), by(SECOND, 1, 0, 60, topic="economy", **others)])
    assert listed(store) == [(0, ("role", "speech", "tone", "format", "topic"))]


def test_an_airing_that_somebody_still_codes_is_not_shown(small_store: Make) -> None:
    store = coded(small_store())
    change(store, AIRING, FIRST, Progress.RETURNED, JUDGE, "look again")
    assert open_airings(store) == []
    assert disagreements(store, AIRING) == []
    change(store, AIRING, FIRST, Progress.DONE, FIRST)
    assert len(listed(store)) == 4
    assign(store, [AIRING], "chi", Purpose.DOUBLE, JUDGE)
    assert listed(store) == [], "a third coder is at it, blind"


def test_what_was_coded_in_training_is_held_against_nobody(small_store: Make) -> None:
    assert open_airings(coded(small_store(), second=Purpose.TRAINING)) == []


def test_how_far_an_airing_is_decided_and_taken_back_is_open_again(small_store: Make) -> None:
    store = coded(small_store())
    decide(store, JUDGE, at(store, 100), word_of(SECOND))
    decide(store, JUDGE, at(store, 400), word_of(FIRST))
    assert [each.open for each in disagreements(store, AIRING)] == [False, True, True, False]
    assert open_airings(store)[0].left == 2
    take_back(store, JUDGE, at(store, 100))
    told = at(store, 100)
    assert told.open
    assert told.last is not None
    assert not told.last.holds
    assert open_airings(store)[0].left == 3


def test_own_words_stand_for_good_once_something_is_decided(small_store: Make) -> None:
    """Decisions and what follows them change the coding that counts, never what is held against each other."""
    store = coded(small_store())
    before = [(each.key, each.words, each.differs) for each in disagreements(store, AIRING)]
    for second in (100, 200, 300):
        decide(store, JUDGE, at(store, second), word_of(SECOND))
    store.record(by(FIRST, 9, 500, 560), FIRST)
    assert [(each.key, each.words, each.differs) for each in disagreements(store, AIRING)] == before


def test_a_correction_before_the_first_decision_is_read(small_store: Make) -> None:
    store = coded(small_store(), [*AGREED, *TONE])
    change(store, AIRING, FIRST, Progress.RETURNED, JUDGE, "listen again")
    store.revise(TONE[0].model_copy(update={"tone": "negative"}), FIRST)
    change(store, AIRING, FIRST, Progress.DONE, FIRST)
    assert listed(store) == []


def test_wishes_to_reopen_come_first_and_go_with_the_next_decision(small_store: Make) -> None:
    store = coded(small_store(), ALL)
    made = decide(store, JUDGE, at(store, 100), word_of(SECOND))
    ask_again(store, made.decision_id, FIRST, "he says the opposite")
    assert [wish.note for wish in at(store, 100).asked] == ["he says the opposite"]
    assert open_airings(store)[0].asked == 1
    withdraw(store, made.decision_id, FIRST)
    assert at(store, 100).asked == ()
    ask_again(store, made.decision_id, FIRST, "once more")
    decide(store, JUDGE, at(store, 100), word_of(FIRST))
    assert at(store, 100).asked == ()
    assert open_airings(store)[0].asked == 0


def test_what_coders_save_elsewhere_does_not_make_it_all_be_read_again(
    small_store: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page asks at every press, while coders save every few seconds."""
    store = coded(small_store())
    assign(store, ["a-0313"], FIRST, Purpose.CODING, JUDGE)
    before = listed(store)
    with monkeypatch.context() as patched:
        patched.setattr("coding.double_coding.codings.double_codings", lambda *_: pytest.fail("read again"))
        store.record(segment(900, "a-0313", start=0, end=60, coder=FIRST), FIRST)
        decide(store, JUDGE, at(store, 100), word_of(SECOND))
        assert listed(store) == before
    change(store, AIRING, SECOND, Progress.RETURNED, JUDGE, "look again")
    assert listed(store) == []
