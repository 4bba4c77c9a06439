"""The recoding list: what is left of a retired name, and deciding about each segment."""

from collections.abc import Callable

import pytest

from coding.codebook.applying import applied
from coding.codebook.changing import Wanted
from coding.codebook.recoding import Chosen, counted, given_back, holders, recode, recodings, waiting
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.assignments import assign, assignments, change
from coding.store.codebook_changes import Change
from coding.vocabulary import CodeKind, Progress, Purpose
from tests.missions import segment

Make = Callable[..., Store]
TOPIC = CodeKind.TOPIC


def split(store: Store, old: str = "economy", new: str = "prices|jobs") -> None:
    applied(store, Wanted(TOPIC, Change.SPLIT, (old,), tuple(new.split("|"))), "supervisor", "too broad")


@pytest.fixture
def store(small_store: Make) -> Store:
    made = small_store(
        segment(1, start=0, end=60, topic="economy", text="Prices of bread"),
        segment(2, start=60, end=90, topic="economy", text="Jobs at the plant"),
        segment(3, "a-0313", start=0, end=30, topic="economy", coder="coder-2"),
        segment(4, "a-0313", start=40, end=60, topic="education"),
    )
    split(made)
    return made


def test_what_is_left_counts_down_until_all_is_done(store: Store) -> None:
    (name,) = recodings(store)
    assert (name.name, name.into, name.left, name.total, name.recoded) == ("economy", ("prices", "jobs"), 3, 3, 0)
    first = waiting(store, TOPIC, "economy")
    done = recode(store, TOPIC, [(first[0], "prices"), (first[2], "jobs")], "supervisor", "read it")
    assert (done.stored, done.problems) == (2, ())
    (name,) = recodings(store)
    assert (name.left, name.recoded) == (1, 2)
    newest = store.history(first[0].segment_id)[-1]
    assert (newest.segment.topic, newest.segment.codebook_version) == ("prices", 2)
    assert (newest.recorded_by, newest.reason) == ("supervisor", "read it")
    recode(store, TOPIC, [(first[1], "jobs")], "supervisor", "read it")
    assert [(each.left, each.recoded) for each in recodings(store)] == [(0, 3)]
    assert "economy" in store.mission().topics, "it stays known for the history"


def test_what_was_changed_meanwhile_is_told_and_the_rest_is_stored(store: Store) -> None:
    read = waiting(store, TOPIC, "economy")
    store.revise(read[0].model_copy(update={"note": "more"}), "coder-1")
    done = recode(store, TOPIC, [(each, "prices") for each in read], "supervisor", "all of them")
    assert done.stored == 2
    assert [(problem.key, problem.value) for problem in done.problems] == [
        ("codebook.changed_since", read[0].segment_id)
    ]
    again = recode(store, TOPIC, [(each, "jobs") for each in read[1:]], "supervisor", "a second press")
    assert again.stored == 0


def test_a_reason_is_a_must_and_a_name_that_is_not_there_is_refused(store: Store) -> None:
    read = waiting(store, TOPIC, "economy")
    with pytest.raises(ProblemsFound):
        recode(store, TOPIC, [(read[0], "prices")], "supervisor", " ")
    assert [problem.key for problem in recode(store, TOPIC, [(read[0], "war")], "s", "why").problems] == [
        "unknown_name"
    ]
    assert len(waiting(store, TOPIC, "economy")) == 3


def test_the_list_can_be_narrowed_and_read_in_pages(store: Store) -> None:
    assert holders(store, TOPIC, "economy") == (["a-0312", "a-0313"], ["coder-1", "coder-2"])
    for chosen, expected in (
        (Chosen(), [1, 2, 3]),
        (Chosen(airing_id="a-0312"), [1, 2]),
        (Chosen(coder="coder-2"), [3]),
        (Chosen(word="PLANT"), [2]),
        (Chosen(word="%"), []),
    ):
        found = waiting(store, TOPIC, "economy", chosen)
        assert [int(each.segment_id[-1]) for each in found] == expected
        assert counted(store, TOPIC, "economy", chosen) == len(expected)
    assert [each.segment_id[-1] for each in waiting(store, TOPIC, "economy", most=1, after=1)] == ["2"]


def test_a_name_that_was_split_again_leads_on_to_what_is_offered(store: Store) -> None:
    split(store, "prices", "food|fuel")
    into = {each.name: each.into for each in recodings(store)}
    assert into == {"economy": ("food", "fuel", "jobs"), "prices": ("food", "fuel")}


def test_airings_go_back_to_their_coders_with_a_note(store: Store) -> None:
    assign(store, ["a-0312"], "coder-1", Purpose.CODING, "supervisor")
    change(store, "a-0312", "coder-1", Progress.DONE, "coder-1")
    pairs = [(each.airing_id, each.coder) for each in waiting(store, TOPIC, "economy")]
    returned, nobody = given_back(store, pairs, "supervisor", "recode the economy")
    assert returned == 1
    assert nobody == ({"airing_id": "a-0313", "coder": "coder-2"},)
    (mine,) = assignments(store)
    assert (mine.progress, mine.note) == (Progress.RETURNED, "recode the economy")
