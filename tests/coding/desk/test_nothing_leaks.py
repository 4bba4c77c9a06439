"""What a second coder can learn of the first one, asked at every address and page that a coder reaches: nothing.

Everything that the first coder wrote carries a mark of its own, and every answer is searched for all of them. A
mistake here makes double coding worthless without anybody noticing, so the list of addresses and pages is checked too.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import PAGES
from coding.desk.routes import ROUTES
from coding.people.rights import MAY, Right
from coding.segment import Segment
from coding.store.assignments import assign, change
from coding.store.suggestions import record_told
from coding.vocabulary import PersonRole, Progress, Purpose
from tests.coding.desk.conftest import CONTENT, RECORDING, Desk, message
from tests.coding.store.made import told as suggestion
from tests.missions import segment

ROOT = Path(__file__).parents[3]
FIRST, SECOND = "ana", "berik"
MARKS = ("gelatinous", "zephyrs", "quixotic", "Tbilisi-note", FIRST)
"""Words that stand in nothing but the first coder's record, and the name: none may be in what the second is told."""
NUMBERS = ("61234", "71357", "98765")
"""Places and amounts of the first coder, in milliseconds: as they would stand in JSON."""
IDS = tuple(segment(number, amount=1).segment_id for number in (901, 902, 903))
LIVE = "b-0313"


def first_ones() -> list[Segment]:
    """What the first coder has, no word of which the second may see."""
    return [
        segment(
            901, start=61.234, end=71.357, coder=FIRST, tone="negative", text="gelatinous zephyrs", topic="economy"
        ),
        segment(902, start=80, end=98.765, coder=FIRST, subject="President", role="institution", note="quixotic"),
        segment(903, start=100, end=110, coder=FIRST, subject="Red Party", tone="very negative", note="Tbilisi-note"),
    ]


@pytest.fixture
def desk_of_two(desk: Desk) -> Desk:
    """The first coder has finished the airing: recorded, revised, taken back, been told a suggestion, returned."""
    for each in first_ones():
        [answer] = desk.save(FIRST, message("add", each))
        assert answer["outcome"] == "stored"
    desk.save(FIRST, message("revise", first_ones()[0].model_copy(update={"tone": "positive"}), reason="quixotic"))
    desk.save(FIRST, {"kind": "retract", "segment_id": IDS[2], "revision": 1, "reason": "gelatinous"})
    record_told(desk.store, suggestion(901, airing_id="a-0312", coder=FIRST, tone_before="negative"))
    change(desk.store, "a-0312", FIRST, Progress.RETURNED, "supervisor", "gelatinous: look again")
    change(desk.store, "a-0312", FIRST, Progress.DONE, FIRST)
    return desk


def searched(answer: Any, *but: str) -> str:
    """A response, or words, as text, once nothing of the first coder was found in it; `but` is what was sent and may come back."""
    body = answer if isinstance(answer, str) else answer.text + json.dumps(dict(answer.headers))
    for sent in (*but, "Ana Turncoat", "ana turncoat"):  # a subject of the mission, who is nobody's name
        body = body.replace(sent, "")
    found = [mark for mark in (*MARKS, *NUMBERS, *IDS) if re.search(rf"(?<!\w){re.escape(mark)}(?!\w)", body)]
    assert found == [], body
    return body


def messages() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every message of the desk about the first coder's segments, as the second one would send it."""
    for number, first in zip((901, 902, 903), first_ones(), strict=True):
        like = segment(number, start=0, end=50, coder=SECOND)
        for revision in (1, 2):
            sent = like.model_copy(update={"revision": revision})
            yield first.segment_id, message("add", sent)
            yield first.segment_id, message("revise", sent)
            yield first.segment_id, message("restore", sent)
            retraction = {"kind": "retract", "segment_id": first.segment_id, "revision": revision, "reason": "none"}
            yield first.segment_id, retraction


# the desk's addresses


def test_the_addresses_of_the_desk_are_those_that_are_asked_here() -> None:
    """A new address must be asked here too."""
    assert {route.path for route in ROUTES} == {
        "/desk/airing", "/desk/history", "/desk/save", "/desk/suggest", "/desk/who", "/desk/web/{file}",
        "/recordings/{recording_id}",
    }  # fmt: skip


def test_the_marks_are_there_to_be_found(desk_of_two: Desk) -> None:
    """What the first coder is told has them all; else this file would search for nothing."""
    payload = desk_of_two.get(FIRST, "/desk/airing", airing="a-0312").text
    told = payload + desk_of_two.get(FIRST, "/desk/history", segment=IDS[0]).text
    assert [mark for mark in (*MARKS, *NUMBERS, *IDS) if mark not in told] == []


def test_the_airing_is_told_without_a_trace(desk_of_two: Desk) -> None:
    told = desk_of_two.get(SECOND, "/desk/airing", airing="a-0312", lang="en")
    assert told.status_code == 200
    searched(told)
    airing = told.json()["airing"]
    assert "coded" not in airing
    assert told.json()["segments"] == []
    assert told.json()["assignment"] == {"progress": "assigned", "note": ""}


def test_the_airing_is_told_alike_whether_or_not_somebody_coded_it(desk: Desk) -> None:
    """To the letter, but for the clock of the server."""

    def payload() -> str:
        told = desk.get(SECOND, "/desk/airing", airing="a-0312").json()
        del told["now"]
        return json.dumps(told)

    before = payload()
    desk.save(FIRST, *(message("add", each) for each in first_ones()))
    assert payload() == before
    desk.save(FIRST, {"kind": "done", "airing_id": "a-0312", "coder": FIRST, "read": "assigned"})
    held = desk.store.airing("a-0312")
    assert held is not None
    assert held.coded
    assert payload() == before


@pytest.mark.parametrize("path", ["/desk/airing", "/desk/history"])
def test_asking_for_the_first_ones_coding_is_refused_without_a_name(desk_of_two: Desk, path: str) -> None:
    for segment_id in IDS:
        told = desk_of_two.get(SECOND, path, airing="a-0312", coder=FIRST, segment=segment_id)
        assert told.status_code == 403
        searched(told, *((FIRST,) if path == "/desk/airing" else (segment_id,)))


def test_no_message_about_the_first_ones_segments_tells_or_changes_anything(desk_of_two: Desk) -> None:
    before = desk_of_two.store.fingerprint()
    for segment_id, sent in messages():
        [answer] = desk_of_two.save(SECOND, sent)
        assert answer["outcome"] in ("refused", "forbidden"), sent
        assert answer.keys() == {"outcome", "problems"}
        searched(json.dumps(answer, ensure_ascii=False), segment_id)
    [answer] = desk_of_two.save(SECOND, {"kind": "done", "airing_id": "a-0312", "coder": FIRST})
    assert answer["outcome"] == "forbidden"
    assert desk_of_two.store.fingerprint() == before


def test_what_the_second_one_saves_is_answered_as_if_alone(desk_of_two: Desk) -> None:
    """The same seconds, the same subject, another tone: no overlap, no conflict, nothing mentioned."""
    own = [
        each.model_copy(update={"segment_id": segment(910 + n, amount=1).segment_id, "coder": SECOND, "tone": "neutral",
                                "text": "", "note": ""})
        for n, each in enumerate(first_ones())
    ]  # fmt: skip
    for each in own:
        [answer] = desk_of_two.save(SECOND, message("add", each))
        assert answer["outcome"] == "stored"
        searched(json.dumps(answer), *NUMBERS)
    done = {"kind": "done", "airing_id": "a-0312", "coder": SECOND, "read": "assigned"}
    assert desk_of_two.save(SECOND, done) == [{"outcome": "stored", "progress": "done"}]
    searched(desk_of_two.get(SECOND, "/desk/airing", airing="a-0312"), *NUMBERS)


def test_no_suggestion_about_the_first_ones_segments(desk_of_two: Desk) -> None:
    """Neither under a stored segment's id, nor as a draft under that id; not for whoever codes another airing either."""
    assign(desk_of_two.store, ["a-0313"], SECOND, Purpose.CODING, "supervisor")
    for segment_id in IDS:
        for airing_id in ("a-0312", "a-0313"):
            draft = {"segment_id": segment_id, "airing_id": airing_id, "subject": "Blue Party", "text": "x"}
            for asked in ({"segment_id": segment_id}, {"draft": draft}):
                told = desk_of_two.browser(SECOND).post(
                    "/desk/suggest", params={"mission": desk_of_two.mission}, json=asked
                )
                assert told.status_code == 403, asked
                searched(told, segment_id)
    told = desk_of_two.browser(SECOND).post(
        "/desk/suggest",
        params={"mission": desk_of_two.mission},
        json={"draft": draft | {"segment_id": segment(999, amount=1).segment_id}},
    )
    searched(told)


def test_the_other_addresses_have_nothing_of_it(desk_of_two: Desk) -> None:
    assert desk_of_two.get(SECOND, f"/recordings/{RECORDING.recording_id}").content == CONTENT
    searched(json.dumps(dict(desk_of_two.get(SECOND, f"/recordings/{RECORDING.recording_id}").headers)))
    assert searched(desk_of_two.get(SECOND, "/desk/who"))
    for name in ("desk.js", "record.js"):
        assert FIRST not in desk_of_two.get(SECOND, f"/desk/web/{name}").text.split()


def test_the_first_one_learns_nothing_of_the_second_either(desk_of_two: Desk) -> None:
    change(desk_of_two.store, "a-0312", FIRST, Progress.ASSIGNED, "supervisor")
    own = segment(920, start=7, end=9, coder=SECOND, text="obsidian", note="obsidian")
    desk_of_two.save(SECOND, message("add", own))
    before = desk_of_two.get(FIRST, "/desk/airing", airing="a-0312")
    told = [before, desk_of_two.get(FIRST, "/desk/history", segment=own.segment_id)]
    answers = desk_of_two.save(
        FIRST, message("add", own.model_copy(update={"coder": FIRST})), message("revise", own.model_copy())
    )
    assert told[1].status_code == 403
    for body in (*(each.text for each in told), json.dumps(answers)):
        assert "obsidian" not in body
        assert not re.search(rf"\b{SECOND}\b", body)
    assert own.segment_id not in before.text


# live air


def test_live_air_does_not_tell_how_far_the_other_one_came(desk: Desk) -> None:
    """The beginning is shared; the end is each one's own, also after the first one is done."""
    for who, purpose in ((FIRST, Purpose.CODING), (SECOND, Purpose.DOUBLE)):
        assign(desk.store, [LIVE], who, purpose, "supervisor")
    planned = desk.store.airing(LIVE).planned_start or 0  # type: ignore[union-attr]

    def times(who: str, end: int, **more: str) -> dict[str, Any]:
        sent = {"kind": "times", "airing_id": LIVE, "start": planned, "end": planned + end, **more}
        told: dict[str, Any] = desk.save(who, sent)[0]["airing"]
        return {name: value - planned for name, value in told.items()}

    known = {"id": segment(930, amount=1).segment_id}
    assert times(SECOND, 30_000, **known) == {"start": 0, "end": 30_000}
    times(FIRST, 2_400_000)
    desk.save(FIRST, message("add", segment(931, LIVE, start=2_000, end=2_398.765, coder=FIRST)))
    assert times(SECOND, 60_000) == {"start": 0, "end": 60_000}
    assert times(SECOND, 30_000, **known) == {"start": 0, "end": 30_000}, "the same message once more"
    stored = desk.store.airing(LIVE)
    assert stored is not None
    assert stored.monitored == 2_398_765, "what the first one coded is not cut off"

    def shown(who: str) -> int:
        airing = desk.get(who, "/desk/airing", airing=LIVE).json()["airing"]
        assert airing["monitored"] == airing["actual_end"] - airing["actual_start"]
        return int(airing["monitored"])

    half_an_hour = 1_800_000
    assert shown(SECOND) == half_an_hour, "as planned"
    assert (shown(FIRST), shown("supervisor")) == (2_398_765, 2_398_765)
    desk.save(FIRST, {"kind": "done", "airing_id": LIVE, "coder": FIRST, "read": "assigned"})
    assert shown(SECOND) == half_an_hour, "nor when the airing was marked as coded"
    desk.save(SECOND, message("add", segment(932, LIVE, start=1_900, end=1_950, coder=SECOND)))
    assert shown(SECOND) == 1_950_000
    corrected = stored.model_copy(update={"actual_end": planned + 2_500_000})
    desk.store.put_mission(desk.store.mission(), [corrected], "supervisor", "times of the log")
    assert shown(SECOND) == 2_500_000, "what the supervisor entered is everybody's"


# pages


def test_a_coder_reaches_only_pages_of_the_own_work_and_none_that_exports() -> None:
    assert MAY[PersonRole.CODER] == {Right.CODE}
    own = {name for _, name, _, right in PAGES if right == Right.CODE}
    assert own == {"my_work", "returned_work", "desk"}


@pytest.mark.parametrize(("file", "right"), [(page[2], page[3]) for page in PAGES if page[2].startswith("coding/")])
def test_each_page_asks_itself_for_the_right_that_the_menu_asks(file: str, right: Right) -> None:
    """A page that is reached by its address, without the menu; those of results have their own test."""
    text = (ROOT / file).read_text(encoding="utf-8")
    asked = re.findall(r"(?:frame\.show|who\.allowed)\([^()]*?(?:Right\.([A-Z]+))?(?:, bare=True)?\)", text)
    assert len(asked) == 1
    assert (asked[0] or Right.RECORD.name) == right.name, "RECORD is what `frame.show` asks for where none is named"


@pytest.mark.parametrize("name", ["my_work", "returned_work", "desk"])
def test_the_pages_of_the_own_work_have_no_trace(desk_of_two: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    from coding.pages import who as asking
    from coding.people.accounts import session_id_of

    session = session_id_of(desk_of_two.tokens[SECOND])
    monkeypatch.setattr(asking, "session_header", lambda: session)
    script = f"import runpy\nrunpy.run_path({str(ROOT / 'coding' / 'pages' / f'{name}.py')!r})"
    app = AppTest.from_string(script, default_timeout=60)
    app.session_state["where"] = desk_of_two.store.url
    app.session_state["language"] = "en"
    if name == "desk":
        app.session_state["desk.airing"] = "a-0312"
    app.run()
    assert not app.exception
    elements = "\n".join(str(getattr(each, "proto", "")) for each in app.main)
    assert elements
    body = searched(elements)
    assert not re.search("second cod|double|blind|drawn", body, re.IGNORECASE)
