"""Telling a coder what a model suggests: to whom, when, once, on record; and what of it goes into the segment."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from os import kill
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from coding.desk import routes
from coding.mission.model import ShowSuggestions, SuggestionPolicy
from coding.segment import Segment
from coding.store.assignments import assign, change
from coding.store.subtitles import Cue, add_subtitles
from coding.store.suggestions import all_told
from coding.store.tone_models import ToneModel, add_model, use_model
from coding.suggestions.policy import withheld
from coding.suggestions.worker import ROOT, NoAnswer, Trouble, Worker
from coding.vocabulary import Progress, Purpose
from tests.coding.desk.conftest import Desk, message
from tests.coding.suggestions.stub import MODULE
from tests.missions import segment

SEEN = [number for number in range(1, 60) if not withheld("small", str(UUID(int=number)), 0.15)]
"""Segments of the tests that the draw lets through, by their numbers; the others it withholds."""
HELD_BACK = [number for number in range(1, 60) if number not in SEEN]
ONE, TWO = SEEN[:2]
NOTHING_SHOWN = {"shown": False, "labels": [], "probability": None, "best": "", "take": "", "model": "", "language": ""}
RECORDED, UNRECORDED = NOTHING_SHOWN | {"recorded": True}, NOTHING_SHOWN | {"recorded": False}


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker(MODULE, patience=20)
    yield made
    made.stop()


@pytest.fixture
def suggesting(desk: Desk, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk with a model in use, which suggests what the text says."""
    monkeypatch.setattr(routes, "WORKER", worker)
    add_model(desk.store, ToneModel("m-1", "models/m-1", "2025-03-20T10:00:00Z", "supervisor", 300), use=True)
    return desk


def mine(number: int, text: str = "negative 0.9", tone: str = "neutral", **more: object) -> Segment:
    return segment(
        number, start=100 * number, end=100 * number + 50, coder="ana", **{"text": text, "tone": tone} | more
    )


def ask(desk: Desk, who: str, number: int, lang: str = "en") -> Any:
    body = {"segment_id": str(UUID(int=number))}
    return desk.browser(who).post("/desk/suggest", params={"mission": desk.mission, "lang": lang}, json=body)


def ask_draft(desk: Desk, who: str, number: int, **more: object) -> Any:
    draft = {
        "segment_id": str(UUID(int=number)),
        "airing_id": "a-0312",
        "subject": "Blue Party",
        "text": "negative 0.9",
    }
    return desk.browser(who).post("/desk/suggest", params={"mission": desk.mission}, json={"draft": draft | more})


def show(desk: Desk, policy: ShowSuggestions) -> None:
    mission = desk.store.mission()
    changed = mission.model_copy(update={"suggestions": SuggestionPolicy(show=policy)})
    desk.store.put_mission(changed, (), "supervisor", "another policy")


def columns(each: Segment) -> tuple[object, ...]:
    return each.suggested_tone, each.suggested_probability, each.suggested_by, str(each.suggestion)


# telling


def test_a_coder_is_told_after_the_own_code_and_it_is_on_record(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE)))
    told = ask(suggesting, "ana", ONE).json()
    assert told == {
        "shown": True,
        "labels": ["negative"],
        "probability": 0.9,
        "best": "negative",
        "take": "negative",
        "model": "m-1",
        "language": "English",
        "reason": "",
        "recorded": True,
    }
    row = all_told(suggesting.store)[0]
    assert (row.revision, row.tone_before, row.coder, row.subject) == (1, "neutral", "ana", "Blue Party")
    assert (row.withheld, row.shown, row.labels, row.model) == (False, True, ("negative",), "m-1")
    assert len(row.text_sha) == 64


@pytest.mark.parametrize("language", ["ru-RU", "RU", "the language of " + "the village " * 20])
def test_a_language_that_is_no_code_stops_no_suggestion(suggesting: Desk, language: str) -> None:
    suggesting.save("ana", message("add", mine(ONE, language=language)))
    told = ask(suggesting, "ana", ONE).json()
    assert (told["labels"], told["language"]) == (["negative"], "Russian" if len(language) < 9 else "English")


def test_two_labels_are_one_suggestion_and_the_likelier_can_be_taken(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE, "negative neutral 0.8")))
    told = ask(suggesting, "ana", ONE).json()
    assert (told["labels"], told["probability"], told["best"]) == (["negative", "neutral"], 0.8, "negative")


def test_where_the_model_is_silent_the_reason_is_told_in_the_readers_language(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE, "unsure")))
    assert ask(suggesting, "ana", ONE, "ru").json() == RECORDED | {"reason": "Модель не уверена."}
    row = all_told(suggesting.store)[0]
    assert (row.silent, row.shown, row.withheld, len(row.probabilities)) == ("unsure", False, False, 5)


def test_a_segment_is_told_once_whatever_is_changed_afterwards(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE)))
    first = ask(suggesting, "ana", ONE).json()
    suggesting.save("ana", message("revise", mine(ONE, "very positive 0.7")))
    add_model(suggesting.store, ToneModel("m-2", "models/m-2", "2025-03-21T10:00:00Z", "supervisor", 400), use=True)
    assert ask(suggesting, "ana", ONE).json() == first
    assert len(all_told(suggesting.store)) == 1


def test_another_subject_of_the_same_seconds_gets_its_own(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE)), message("add", mine(TWO, "positive", subject="Red Party")))
    assert [ask(suggesting, "ana", number).json()["best"] for number in (ONE, TWO)] == ["negative", "positive"]


def test_the_subtitles_speak_where_the_coder_wrote_nothing(suggesting: Desk) -> None:
    cue = Cue(100 * ONE * 1000 + 5_000, 100 * ONE * 1000 + 9_000, "very negative 0.8")
    add_subtitles(suggesting.store, "a-0312", [cue], "test", name="a.srt", language="ru", kind="srt", sha256="1" * 64)
    suggesting.save("ana", message("add", mine(ONE, "")), message("add", mine(TWO, "")))
    told = ask(suggesting, "ana", ONE).json()
    assert (told["best"], told["language"]) == ("very negative", "Russian")
    assert ask(suggesting, "ana", TWO).json() == UNRECORDED | {"reason": "There is no text to read."}
    assert len(all_told(suggesting.store)) == 1, "without a text nothing was computed, and there may be one later"


# the draw


def test_a_segment_drawn_to_go_without_is_computed_recorded_and_not_told(suggesting: Desk) -> None:
    number = HELD_BACK[0]
    suggesting.save("ana", message("add", mine(number)))
    answer = ask(suggesting, "ana", number)
    assert answer.json() == RECORDED | {"reason": "Drawn to be coded without one."}
    assert "negative" not in answer.text
    row = all_told(suggesting.store)[0]
    assert (row.withheld, row.shown, row.labels) == (True, False, ("negative",))
    revised = suggesting.save("ana", message("revise", mine(number, tone="negative")))[0]
    assert revised["segment"]["suggestion"] == "never"
    assert ask(suggesting, "ana", number).json()["shown"] is False, "asking again does not help"


def test_about_15_per_cent_go_without_and_anybody_can_repeat_the_draw(suggesting: Desk) -> None:
    drawn = [withheld("small", str(UUID(int=number)), 0.15) for number in range(4_000)]
    assert 0.13 < sum(drawn) / len(drawn) < 0.17
    numbers = range(1, 36)
    for number in numbers:
        suggesting.save("ana", message("add", mine(number)))
        ask(suggesting, "ana", number)
    held_back = {row.segment_id for row in all_told(suggesting.store) if row.withheld}
    assert held_back == {str(UUID(int=number)) for number in numbers if number in HELD_BACK}
    assert {row.shown for row in all_told(suggesting.store) if not row.withheld} == {True}


# who is told


def test_a_second_coder_is_told_nothing(suggesting: Desk) -> None:
    suggesting.save("berik", message("add", mine(ONE).model_copy(update={"coder": "berik"})))
    assert ask(suggesting, "berik", ONE).json() == UNRECORDED | {"reason": ""}
    assert all_told(suggesting.store) == []
    opened = [suggesting.get(who, "/desk/airing", airing="a-0312").json() for who in ("ana", "berik")]
    assert [each["suggestions"]["show"] for each in opened] == ["after", "off"]


def test_only_the_coder_of_a_segment_asks_about_it(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE)))
    assert [ask(suggesting, who, ONE).status_code for who in ("berik", "supervisor", "analyst", "viewer")] == [403] * 4
    assert (
        suggesting.browser().post("/desk/suggest", params={"mission": suggesting.mission}, json={}).status_code == 401
    )
    assert ask(suggesting, "ana", TWO).status_code == 404
    assert all_told(suggesting.store) == []
    over = suggesting.get("supervisor", "/desk/airing", airing="a-0312", coder="ana").json()
    assert over["suggestions"]["show"] == "off", "over another's shoulder nothing is asked"


def test_an_airing_that_is_done_or_gone_gives_no_second_thoughts(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE)))
    change(suggesting.store, "a-0312", "ana", Progress.DONE, "ana")
    assert ask(suggesting, "ana", ONE).status_code == 403
    change(suggesting.store, "a-0312", "ana", Progress.WITHDRAWN, "supervisor")
    assert ask(suggesting, "ana", ONE).status_code == 403


def test_another_site_cannot_ask_and_nonsense_is_refused(suggesting: Desk) -> None:
    where = {"mission": suggesting.mission}
    foreign = suggesting.browser("ana").post(
        "/desk/suggest", params=where, json={"segment_id": "x"}, headers={"origin": "http://evil.test"}
    )
    assert foreign.status_code == 403
    for body in (
        "",
        "[]",
        "{}",
        '{"segment_id": "a", "draft": {}}',
        '{"draft": {"segment_id": "../x"}}',
        '{"else": 1}',
    ):
        assert suggesting.browser("ana").post("/desk/suggest", params=where, content=body).status_code == 400


def test_off_nothing_is_asked_nor_without_a_model(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE)))
    show(suggesting, ShowSuggestions.OFF)
    assert ask(suggesting, "ana", ONE).json() == UNRECORDED | {"reason": ""}
    assert ask_draft(suggesting, "ana", TWO).json() == UNRECORDED | {"reason": ""}
    show(suggesting, ShowSuggestions.AFTER)
    use_model(suggesting.store, "", "supervisor")
    assert ask(suggesting, "ana", ONE).json() == UNRECORDED | {"reason": ""}
    assert suggesting.get("ana", "/desk/airing", airing="a-0312").json()["suggestions"]["show"] == "off"
    assert all_told(suggesting.store) == []


def test_nothing_is_told_before_the_own_tone_nor_of_what_was_retracted(suggesting: Desk) -> None:
    mission = suggesting.store.mission()
    formats = tuple(part.model_copy(update={"tone_required": False}) for part in mission.formats)
    suggesting.store.put_mission(mission.model_copy(update={"formats": formats}), (), "supervisor", "no tone needed")
    suggesting.save("ana", message("add", mine(ONE, tone="")), message("add", mine(TWO)))
    assert ask(suggesting, "ana", ONE).json() == UNRECORDED | {"reason": "First your own tone."}
    gone = {"kind": "retract", "segment_id": mine(TWO).segment_id, "revision": 1, "reason": "slip"}
    suggesting.save("ana", gone)
    assert ask(suggesting, "ana", TWO).json() == UNRECORDED | {"reason": ""}
    assert all_told(suggesting.store) == []


# what the segment says of it


def test_what_was_seen_stands_in_the_later_revisions_whatever_the_browser_says(suggesting: Desk) -> None:
    lie = {"suggested_tone": "positive", "suggested_probability": 1.0, "suggested_by": "me", "suggestion": "before"}
    stored = suggesting.save("ana", message("add", mine(ONE, **lie)))[0]["segment"]
    assert (stored["suggestion"], stored["suggested_tone"], stored["suggested_by"]) == ("never", "", "")
    ask(suggesting, "ana", ONE)
    suggesting.save("ana", message("revise", mine(ONE, tone="negative", **lie), reason="after suggestion"))
    suggesting.save("ana", message("revise", mine(ONE, tone="neutral", revision=2), reason="undone at the desk"))
    held = [each.segment for each in suggesting.store.history(mine(ONE).segment_id)]
    after = ("negative", 0.9, "m-1", "after")
    assert [columns(each) for each in held] == [("", None, "", "never"), after, after]
    assert [each.tone for each in held] == ["neutral", "negative", "neutral"], "a suggestion is never a tone"


def test_two_labels_stand_joined(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE, "negative neutral 0.8")))
    ask(suggesting, "ana", ONE)
    suggesting.save("ana", message("revise", mine(ONE, "negative neutral 0.8", "negative")))
    held = suggesting.store.segments()[0]
    assert columns(held) == ("negative / neutral", 0.8, "m-1", "after")


def test_a_revision_about_another_subject_says_nothing_of_the_first_ones_suggestion(suggesting: Desk) -> None:
    suggesting.save("ana", message("add", mine(ONE)))
    ask(suggesting, "ana", ONE)
    suggesting.save("ana", message("revise", mine(ONE, subject="Red Party")))
    assert columns(suggesting.store.segments()[0]) == ("", None, "", "never")


def test_a_message_that_comes_again_after_the_suggestion_is_stored_once(suggesting: Desk) -> None:
    """Its reply was lost, and the coder was told through another tab meanwhile."""
    add = message("add", mine(ONE))
    later = message("revise", mine(ONE, tone="negative"), reason="after suggestion")
    suggesting.save("ana", add)
    ask(suggesting, "ana", ONE)
    answers = [suggesting.save("ana", add, later)[1], suggesting.save("ana", add, later)[1]]
    assert [each["outcome"] for each in answers] == ["stored", "stored"]
    assert answers[0]["segment"] == answers[1]["segment"]
    suggesting.save("ana", {"kind": "done", "airing_id": "a-0312", "coder": "ana"})
    assert [each["outcome"] for each in suggesting.save("ana", add, later)] == ["stored", "stored"]
    assert len(suggesting.store.history(mine(ONE).segment_id)) == 2


def test_a_revision_stored_before_the_coder_was_told_comes_again_as_it_was(suggesting: Desk) -> None:
    add, note = message("add", mine(ONE)), message("revise", mine(ONE, note="a note"))
    suggesting.save("ana", add, note)
    ask(suggesting, "ana", ONE)
    assert [each["outcome"] for each in suggesting.save("ana", add, note)] == ["stored", "stored"]
    retraction = {"kind": "retract", "segment_id": mine(ONE).segment_id, "revision": 2, "reason": "slip"}
    back = message("restore", mine(ONE, revision=3), reason="no slip")
    assert [each["outcome"] for each in suggesting.save("ana", retraction, back)] == ["stored", "stored"]
    assert [str(each.segment.suggestion) for each in suggesting.store.history(mine(ONE).segment_id)] == [
        "never", "never", "never", "after",
    ]  # fmt: skip


# before the code


@pytest.fixture
def before(suggesting: Desk) -> Desk:
    show(suggesting, ShowSuggestions.BEFORE)
    return suggesting


def test_before_the_code_a_draft_is_told_and_every_revision_says_so(before: Desk) -> None:
    assert before.get("ana", "/desk/airing", airing="a-0312").json()["suggestions"]["show"] == "before"
    assert ask_draft(before, "ana", ONE).json()["best"] == "negative"
    row = all_told(before.store)[0]
    assert (row.revision, row.tone_before, row.shown) == (0, "", True)
    add = message("add", mine(ONE, tone="negative"))
    later = message("revise", mine(ONE, tone="neutral"))
    assert [each["outcome"] for each in before.save("ana", add, later, add)] == ["stored", "stored", "stored"]
    held = [each.segment for each in before.store.history(mine(ONE).segment_id)]
    assert [columns(each) for each in held] == [("negative", 0.9, "m-1", "before")] * 2


def test_a_draft_drawn_to_go_without_is_recorded_and_coded_as_never(before: Desk) -> None:
    number = HELD_BACK[0]
    assert ask_draft(before, "ana", number).json() == RECORDED | {"reason": "Drawn to be coded without one."}
    before.save("ana", message("add", mine(number)))
    assert columns(before.store.segments()[0]) == ("", None, "", "never")
    assert [(row.withheld, row.revision) for row in all_told(before.store)] == [(True, 0)]


def test_a_draft_is_told_once_and_only_where_suggestions_come_before(before: Desk) -> None:
    first = ask_draft(before, "ana", ONE).json()
    assert ask_draft(before, "ana", ONE, text="very positive 0.8").json() == first
    before.save("ana", message("add", mine(TWO)))
    assert ask(before, "ana", TWO).json() == UNRECORDED | {"reason": ""}, "it was coded without, and stays so"
    assert ask_draft(before, "ana", TWO).json() == UNRECORDED | {"reason": ""}
    show(before, ShowSuggestions.AFTER)
    assert ask_draft(before, "ana", SEEN[3]).json() == UNRECORDED | {"reason": ""}


def test_a_draft_of_another_airing_or_of_a_second_coder_is_not_told(before: Desk) -> None:
    assert ask_draft(before, "ana", ONE, airing_id="b-0312").status_code == 403
    assert ask_draft(before, "berik", ONE).json() == UNRECORDED | {"reason": ""}
    assert ask_draft(before, "ana", ONE, subject="Nobody").status_code == 404
    assert all_told(before.store) == []


def test_what_is_saved_while_the_model_is_asked_was_coded_without_it(before: Desk, monkeypatch: Any) -> None:
    """The answer comes after the save: it is told for second thoughts, and not as if the coder had seen it before."""
    asked = routes.WORKER.ask

    async def slow(question: Any) -> Any:
        answer = await asked(question)
        before.save("ana", message("add", mine(ONE)))
        return answer

    monkeypatch.setattr(routes.WORKER, "ask", slow)
    assert ask_draft(before, "ana", ONE).json()["shown"] is True
    assert [(row.revision, row.tone_before) for row in all_told(before.store)] == [(1, "neutral")]
    before.save("ana", message("revise", mine(ONE, tone="negative")))
    assert [str(each.segment.suggestion) for each in before.store.history(mine(ONE).segment_id)] == ["never", "after"]


# the worker


def test_a_worker_that_dies_gives_no_suggestion_now_and_is_there_again(suggesting: Desk, worker: Worker) -> None:
    suggesting.save("ana", message("add", mine(ONE, "die")), message("add", mine(TWO)))
    assert ask(suggesting, "ana", ONE).json() == UNRECORDED | {"reason": "None now; your code is saved."}
    assert all_told(suggesting.store) == [], "nothing was computed"
    assert ask(suggesting, "ana", TWO).json()["best"] == "negative"
    if worker.pid is not None:
        kill(worker.pid, signal.SIGTERM)
    while worker.pid is not None:
        time.sleep(0.01)
    suggesting.save("ana", message("revise", mine(ONE)))
    assert ask(suggesting, "ana", ONE).json()["best"] == "negative"


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_worker_in_trouble_holds_nobody_up(
    suggesting: Desk, monkeypatch: pytest.MonkeyPatch, trouble: Trouble
) -> None:
    async def fail(_: object) -> None:
        raise NoAnswer(trouble)

    monkeypatch.setattr(routes.WORKER, "ask", fail)
    suggesting.save("ana", message("add", mine(ONE)))
    assert ask(suggesting, "ana", ONE).json() == UNRECORDED | {"reason": "None now; your code is saved."}
    assert columns(suggesting.store.segments()[0])[-1] == "never"


def test_the_model_is_opened_with_the_airing_and_not_by_the_first_question(suggesting: Desk, worker: Worker) -> None:
    worker.stop()
    suggesting.get("berik", "/desk/airing", airing="a-0312")
    assert worker.pid is None, "a second coder asks nothing"
    suggesting.get("ana", "/desk/airing", airing="a-0312")
    for _ in range(200):
        if worker.pid is not None:
            return
        time.sleep(0.05)
    pytest.fail("no process was started")


def test_an_airing_of_another_coder_with_a_model_in_use_still_opens_and_saves(suggesting: Desk) -> None:
    assign(suggesting.store, ["a-0313"], "berik", Purpose.CODING, "supervisor")
    other = segment(ONE, "a-0313", start=0, end=50, coder="berik", text="positive")
    assert suggesting.save("berik", message("add", other))[0]["outcome"] == "stored"
    assert ask(suggesting, "berik", ONE).json()["best"] == "positive"


def test_the_web_process_loads_nothing_heavy(suggesting: Desk, tmp_path: Path) -> None:
    """A whole suggestion, asked of the routes in a process of its own: no library of models is loaded there."""
    suggesting.save("ana", message("add", mine(ONE)))
    code = f"""
import sys
from starlette.applications import Starlette
from starlette.testclient import TestClient
from coding.desk import routes
from coding.people.rights import Person
from coding.suggestions.worker import Worker
from coding.vocabulary import PersonRole

routes.WORKER = Worker({MODULE!r}, patience=30)
inner = Starlette(routes=routes.ROUTES)
async def app(scope, receive, send):
    await inner({{**scope, "person": Person("ana", PersonRole.CODER)}}, receive, send)
body = {{"segment_id": {mine(ONE).segment_id!r}}}
print(TestClient(app).post("/desk/suggest", params={{"mission": {suggesting.mission!r}}}, json=body).json()["best"])
routes.WORKER.stop()
print([name for name in ("sklearn", "onnxruntime", "transformers", "tokenizers", "torch", "pymorphy3", "py3langid")
    if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["negative", "[]"], done.stderr
