"""Which of several coders of one airing counts, in coverage and in the evidence: the assignments and the store's order
decide, no clock."""

from collections.abc import Callable
from itertools import permutations

import pytest

from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign
from coding.store.assignments import change as progress
from coding.vocabulary import Progress, Purpose
from monitoring.coverage import coverage_of, open_coverage
from monitoring.evidence import segments_behind
from monitoring.metrics.share import share
from monitoring.selection import Selection
from tests.laws.test_laws import small
from tests.missions import segment

Make = Callable[..., Store]
TV = Selection(media=("tv",))
AIRING = "a-0312"


def said(coder: str, number: int = 0, coded_at: str = "2025-04-01T10:00:00Z") -> Segment:
    """The segment of ana, berik or chi: its length tells whose it is."""
    who = ("ana", "berik", "chi").index(coder) + 1
    return segment(100 * who + number, start=100 * number, end=100 * number + who, coder=coder, coded_at=coded_at)


def given(store: Store, coder: str, purpose: Purpose) -> None:
    assign(store, [AIRING], coder, purpose, "supervisor")


def stands(store: Store, coder: str, how: Progress) -> None:
    progress(store, AIRING, coder, how, "supervisor")


def counted(store: Store) -> set[str]:
    """Whose segments make up the airing, in coverage and behind its bar alike."""
    coverage = open_coverage(store)
    found = segments_behind(coverage, store, TV, {"group": "Blue Party"})
    assert share(coverage, TV, ("group",))["amount"].sum() == found["amount"].sum()
    return set(found["coder"])


def test_a_second_coder_who_stores_first_does_not_displace_the_first_coder(small_store: Make) -> None:
    store = small_store()
    given(store, "berik", Purpose.DOUBLE)
    given(store, "ana", Purpose.CODING)
    store.add([said("berik", coded_at="2025-03-01T10:00:00Z")], "berik")
    assert counted(store) == {"berik"}, "as long as there is no other coding"
    store.add([said("ana")], "ana")
    assert counted(store) == {"ana"}


@pytest.mark.parametrize("order", list(permutations(["ana", "berik", "chi"])))
def test_a_coding_before_no_assignment_before_a_double_coding(small_store: Make, order: tuple[str, ...]) -> None:
    store = small_store(*(said(coder) for coder in order))
    given(store, "berik", Purpose.DOUBLE)
    assert counted(store) == {next(coder for coder in order if coder != "berik")}
    given(store, "chi", Purpose.CODING)
    assert counted(store) == {"chi"}


def test_a_coder_who_has_not_recorded_anything_takes_nothing_away(small_store: Make) -> None:
    store = small_store(said("berik"))
    given(store, "ana", Purpose.CODING)
    assert counted(store) == {"berik"}


def test_a_withdrawn_assignment_is_none(small_store: Make) -> None:
    store = small_store(said("berik"), said("ana"))
    given(store, "ana", Purpose.CODING)
    assert counted(store) == {"ana"}
    stands(store, "ana", Progress.WITHDRAWN)
    assert counted(store) == {"berik"}
    given(store, "berik", Purpose.DOUBLE)
    assert counted(store) == {"ana"}
    stands(store, "berik", Progress.WITHDRAWN)
    assert counted(store) == {"berik"}
    given(store, "ana", Purpose.DOUBLE)
    assert counted(store) == {"berik"}, "the coding was withdrawn, what she holds now is a second one"


def test_of_several_codings_the_one_assigned_first(small_store: Make) -> None:
    store = small_store(said("ana"), said("berik"))
    given(store, "berik", Purpose.CODING)
    given(store, "ana", Purpose.CODING)
    assert counted(store) == {"berik"}
    stands(store, "berik", Progress.DONE)
    stands(store, "berik", Progress.RETURNED)
    assert counted(store) == {"berik"}, "how far a coder is changes nothing"
    stands(store, "berik", Progress.WITHDRAWN)
    given(store, "berik", Purpose.CODING)
    assert counted(store) == {"ana"}, "given again, after the other"


def test_an_assignment_holds_for_its_own_airing_only(small_store: Make) -> None:
    store = small_store(said("berik"), said("ana"))
    assign(store, ["a-0313"], "ana", Purpose.CODING, "supervisor")
    assert counted(store) == {"berik"}


@pytest.mark.parametrize("coded_at", ["1970-01-01T00:00:00Z", "2025-04-01T09:59:59.999Z", "2199-01-01T00:00:00Z"])
def test_the_clock_of_a_coder_decides_nothing(small_store: Make, coded_at: str) -> None:
    store = small_store(said("ana"))
    store.add([said("berik", coded_at=coded_at)], "berik")
    assert counted(store) == {"ana"}


def test_a_later_revision_keeps_the_place_of_the_first(small_store: Make) -> None:
    store = small_store(said("ana"), said("berik"))
    (first,) = (each for each in store.segments() if each.coder == "ana")
    store.revise(first.model_copy(update={"text": "corrected"}), "supervisor")
    assert counted(store) == {"ana"}


def test_a_coder_whose_segments_are_all_retracted_does_not_count(small_store: Make) -> None:
    store = small_store(said("ana"), said("berik"), said("berik", 1))
    (first,) = (each for each in store.segments() if each.coder == "ana")
    store.retract(first.segment_id, 1, "supervisor", "another programme")
    assert counted(store) == {"berik"}


def test_records_without_a_store_count_in_their_order() -> None:
    records = [said("berik"), said("ana", coded_at="1970-01-01T00:00:00Z"), said("berik", 1)]
    for order, amount in [(records, 4_000), (records[1:], 1_000)]:
        coverage = coverage_of(small().mission, small().airings, order)
        assert share(coverage, TV, ("group",))["amount"].sum() == amount
