"""Who codes which airing, and what follows for the airing."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from coding.problems import ProblemsFound
from coding.store import Store, schema
from coding.store.assignments import assign, assignments, change
from coding.store.engine import reading
from coding.vocabulary import Progress, Purpose

Make = Callable[..., Store]


def stands(store: Store, coder: str | None = None) -> dict[tuple[str, str], str]:
    return {(each.airing_id, each.coder): str(each.progress) for each in assignments(store, coder)}


def test_an_airing_is_given_once_and_read_by_coder(small_store: Make) -> None:
    store = small_store()
    assert assign(store, ["a-0312", "a-0313"], "ana", Purpose.CODING, "supervisor") == 2
    assert assign(store, ["a-0313", "b-0312"], "ana", Purpose.CODING, "supervisor") == 1
    assign(store, ["a-0312"], "berik", Purpose.DOUBLE, "supervisor")
    assert set(stands(store, "ana")) == {("a-0312", "ana"), ("a-0313", "ana"), ("b-0312", "ana")}
    assert set(stands(store, "berik")) == {("a-0312", "berik")}


def test_done_returned_withdrawn_and_given_again(small_store: Make) -> None:
    store = small_store()
    assign(store, ["a-0312"], "ana", Purpose.CODING, "supervisor")
    assert change(store, "a-0312", "ana", Progress.DONE, "ana")
    assert not change(store, "a-0312", "ana", Progress.DONE, "ana"), "the same again changes nothing"
    change(store, "a-0312", "ana", Progress.RETURNED, "supervisor", "the debate is missing")
    returned = assignments(store)[0]
    assert (returned.progress, returned.note, returned.recorded_by) == (
        Progress.RETURNED,
        "the debate is missing",
        "supervisor",
    )
    change(store, "a-0312", "ana", Progress.WITHDRAWN, "supervisor")
    assert assignments(store) == []
    assert assign(store, ["a-0312"], "ana", Purpose.CODING, "supervisor") == 1
    with reading(store.engine) as connection:
        assert len(connection.execute(select(schema.assignment)).all()) == 5


def test_an_airing_is_coded_when_its_coders_are_done(small_store: Make) -> None:
    store = small_store(airings=_airings_not_coded())

    def coded() -> bool:
        airing = store.airing("a-0312")
        return airing is not None and airing.coded

    assign(store, ["a-0312"], "ana", Purpose.CODING, "supervisor")
    assign(store, ["a-0312"], "berik", Purpose.DOUBLE, "supervisor")
    assert not coded()
    change(store, "a-0312", "berik", Progress.DONE, "berik")
    assert not coded(), "a second coding does not finish the first"
    change(store, "a-0312", "ana", Progress.DONE, "ana")
    assert coded()
    change(store, "a-0312", "ana", Progress.RETURNED, "supervisor", "look again")
    assert not coded()


def test_an_airing_that_is_given_out_again_is_not_coded_any_more(small_store: Make) -> None:
    store = small_store(airings=_airings_not_coded())
    assign(store, ["a-0312"], "ana", Purpose.CODING, "supervisor")
    change(store, "a-0312", "ana", Progress.DONE, "ana")
    assign(store, ["a-0312"], "carla", Purpose.CODING, "supervisor")
    airing = store.airing("a-0312")
    assert airing is not None
    assert not airing.coded


def test_what_cannot_be_given(small_store: Make) -> None:
    store = small_store()
    with pytest.raises(ProblemsFound, match="nowhere"):
        assign(store, ["nowhere"], "ana", Purpose.CODING, "supervisor")
    with pytest.raises(ProblemsFound, match="not in your hands"):
        change(store, "a-0312", "ana", Progress.DONE, "ana")
    assert assignments(store) == []


def _airings_not_coded() -> str:
    from tests.missions import AIRINGS

    return AIRINGS.replace(",yes,", ",no,")
