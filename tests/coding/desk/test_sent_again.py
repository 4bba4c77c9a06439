"""A queue whose reply was lost comes again later: what it stored is told as stored, whatever happened meanwhile."""

import json
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from coding.store import Store
from coding.store.assignments import assign, change
from coding.vocabulary import Progress, Purpose
from tests.coding.desk.conftest import Desk, message
from tests.missions import segment

DONE = {"kind": "done", "airing_id": "a-0312", "coder": "ana"}


def mine(number: int, start: float = 0, end: float = 60, **more: object) -> Any:
    return segment(number, start=start, end=end, coder="ana", **more)


def outcomes(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["outcome"] for answer in answers]


def queue() -> list[dict[str, Any]]:
    slip = {"kind": "retract", "segment_id": mine(2).segment_id, "revision": 1, "reason": "a slip"}
    back = message("restore", mine(2, 100, 160, revision=2), reason="no slip")
    return [
        message("add", mine(1)),
        message("revise", mine(1, tone="negative")),
        message("add", mine(2, 100, 160)),
        slip,
        back,
    ]


def test_after_the_airing_was_marked_as_done(desk: Desk) -> None:
    assert outcomes(desk.save("ana", *queue(), DONE)) == ["stored"] * 6
    assert outcomes(desk.save("ana", *queue(), DONE)) == ["stored"] * 6
    assert [len(desk.store.history(mine(n).segment_id)) for n in (1, 2)] == [2, 3]
    assert outcomes(desk.save("ana", message("add", mine(3, 200, 260)))) == ["forbidden"]
    assert outcomes(desk.save("ana", message("revise", mine(1, tone="positive")))) == ["forbidden"]


def test_after_the_airing_was_withdrawn(desk: Desk) -> None:
    assert outcomes(desk.save("ana", *queue())) == ["stored"] * 5
    change(desk.store, "a-0312", "ana", Progress.WITHDRAWN, "supervisor")
    assert outcomes(desk.save("ana", *queue())) == ["stored"] * 5
    assert outcomes(desk.save("ana", message("add", mine(3, 200, 260)))) == ["forbidden"]
    assert outcomes(desk.save("berik", message("add", mine(1)))) == ["forbidden"]


def test_live_air_that_grew_twice(desk: Desk) -> None:
    """The first times come again when segments already stand behind them."""
    assign(desk.store, ["b-0313"], "ana", Purpose.CODING, "supervisor")
    airing = desk.store.airing("b-0313")
    assert airing is not None
    assert airing.planned_start is not None
    begun = airing.planned_start

    def times(number: int, length: int) -> dict[str, Any]:
        identity = f"00000000-0000-4000-8000-{number:012d}"
        return {"kind": "times", "id": identity, "airing_id": "b-0313", "start": begun, "end": begun + length}

    sent = [
        times(1, 4_000_000),
        message("add", segment(1, "b-0313", start=3_700, end=3_900, coder="ana")),
        times(2, 4_500_000),
        message("add", segment(2, "b-0313", start=4_100, end=4_400, coder="ana")),
        DONE | {"airing_id": "b-0313"},
    ]
    assert outcomes(desk.save("ana", *sent)) == ["stored"] * 5
    assert outcomes(desk.save("ana", *sent)) == ["stored"] * 5
    after = desk.store.airing("b-0313")
    assert after is not None
    assert after.actual_end == begun + 4_500_000


def test_half_a_sign_is_refused_and_does_not_stop_the_queue(desk: Desk) -> None:
    """A browser can send one half of a surrogate pair, which no database takes."""
    broken = message("add", mine(1))
    broken["segment"]["note"] = "half a sign: \ud83d"
    body = json.dumps([broken, message("add", mine(2, 100, 160))])
    reply = desk.browser("ana").post("/desk/save", params={"mission": desk.mission}, content=body)
    assert outcomes(reply.json()["answers"]) == ["refused", "stored"]
    assert "half a sign: ?" in reply.json()["answers"][0]["problems"][0]


def test_a_disk_that_fails_is_no_busy_store(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Store, "record", fail)
    with pytest.raises(OperationalError):  # a server answers 500 and writes it into its log
        desk.browser("ana").post("/desk/save", params={"mission": desk.mission}, json=[message("add", mine(1))])
