"""Suggestions at the desk in a real browser, by keys alone, with a trained model in a process of its own."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from coding.mission.model import ShowSuggestions, SuggestionPolicy
from coding.store.suggestions import all_told
from coding.store.tone_models import ToneModel, add_model
from coding.suggestions.policy import withheld
from tests.e2e.desks import Coder, Place, at_desk, open_desk, place
from tests.e2e.serving import require_chromium, running
from tests.e2e.test_desk_look import CUT
from tests.tone_models import write_linear

pytestmark = pytest.mark.browser
DRAWN = {number: withheld("small", str(UUID(int=number)), 0.15) for number in range(1, 200)}
SEEN = [str(UUID(int=number)) for number, without in DRAWN.items() if not without]
HELD_BACK = [str(UUID(int=number)) for number, without in DRAWN.items() if without]
VILE = "Blue Party is vile, rotten and shameful <b>this week</b>."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """A running app over a mission with a model in use, which has earned its place in English."""
    require_chromium()
    made = place(tmp_path_factory.mktemp("data"), seconds=300)
    write_linear(made.folder / "models" / "m-1")
    add_model(made.store, ToneModel("m-1", "models/m-1", "2025-03-20T10:00:00Z", "supervisor", 60), use=True)
    with running(made.folder) as address:
        yield made, address


def show(made: Place, policy: ShowSuggestions) -> None:
    mission = made.store.mission().model_copy(update={"suggestions": SuggestionPolicy(show=policy)})
    made.store.put_mission(mission, (), "supervisor", "another policy")


def number_segments(coder: Coder, identities: Sequence[str]) -> None:
    """New segments get these ids, so that the draw is known."""
    coder.page.evaluate("(ids) => { crypto.randomUUID = () => ids.shift(); }", list(identities))


def write(coder: Coder, text: str) -> None:
    coder.press("KeyN")
    coder.page.keyboard.type(text)
    coder.press("Enter")


def until_told(coder: Coder) -> None:
    """The model is still being opened at first, and the desk then goes without: a note gives another occasion."""
    for _ in range(10):
        expect(coder.find(".suggestion .says")).not_to_have_text("…")
        if "None now" not in coder.text(".suggestion .why"):
            return
        coder.press("BracketRight", "Shift+KeyN")
        coder.page.keyboard.type("again ")
        coder.press("Enter", "Enter")
        coder.wait_saved()
        coder.page.wait_for_timeout(1_000)


def test_the_coder_sees_a_suggestion_after_the_own_code_takes_it_and_undoes_that(
    browser: Browser, site: tuple[Place, str]
) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", "b-0312") as coder:
        number_segments(coder, [SEEN[0], HELD_BACK[0], SEEN[1]])
        expect(coder.find(".suggestion")).to_be_visible()
        coder.wait_loaded()
        height = coder.find(".suggestion").bounding_box()
        coder.press("KeyI", "PageDown", "KeyO", "Digit1", "KeyC")
        write(coder, VILE)
        assert coder.text(".suggestion .says") == "", "nothing before the own code is saved"
        coder.press("Enter")
        coder.wait_saved()
        until_told(coder)
        expect(coder.find(".suggestion .says")).to_have_text("suggestion: very negative, very likely (99 %)")
        expect(coder.find(".suggestion .of")).to_contain_text("Blue Party")
        expect(coder.find(".suggestion .why")).to_have_text("model m-1 · English")
        expect(coder.find(".suggestion button kbd")).to_have_text(["G", "Ctrl Z", "Y"])
        assert coder.page.evaluate("document.activeElement === document.body"), "the focus was not taken"
        first = made.store.history(SEEN[0])
        assert {(each.segment.tone, str(each.segment.suggestion)) for each in first[:1]} == {("neutral", "never")}
        coder.press("KeyY")
        coder.wait_saved()
        taken = made.store.history(SEEN[0])
        assert len(taken) == len(first) + 1
        last = taken[-1].segment
        assert (last.tone, str(last.suggestion), last.suggested_tone, last.suggested_by, taken[-1].reason) == (
            "very negative",
            "after",
            "very negative",
            "m-1",
            "after suggestion",
        )
        coder.press("KeyU")
        coder.wait_saved()
        assert made.store.segments_by_id([SEEN[0]])[0].tone == "neutral"
        coder.press("KeyG")
        expect(coder.find(".suggestion .says")).to_have_text("")

        coder.press("KeyI", "PageDown", "KeyO", "Digit1", "KeyC")
        write(coder, VILE)
        coder.press("Enter")
        coder.wait_saved()
        expect(coder.find(".suggestion .says")).to_have_text("no suggestion")
        expect(coder.find(".suggestion .why")).to_have_text("Drawn to be coded without one.")
        assert coder.find(".suggestion").bounding_box() == height, "nothing jumps"
        coder.press("KeyY")
        coder.wait_saved()
        assert len(made.store.history(HELD_BACK[0])) == 1
        row = next(told for told in all_told(made.store) if told.segment_id == HELD_BACK[0])
        assert (row.withheld, row.shown, row.labels) == (True, False, ("very negative",))

        coder.press("KeyI", "PageDown", "KeyO", "Digit1", "KeyC")
        write(coder, "They met on Tuesday and announced the visit of the committee.")
        coder.press("Enter")
        coder.wait_saved()
        expect(coder.find(".suggestion .why")).to_have_text("The text does not name this subject.")
        assert coder.wrong == []


def test_before_the_code_what_was_seen_stays_with_the_segment(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    show(made, ShowSuggestions.BEFORE)
    with at_desk(browser, made, address, "ana", "a-0312") as coder:
        number_segments(coder, [SEEN[2], SEEN[3]])
        coder.press("KeyI", "PageDown", "KeyO", "Digit1")
        write(coder, VILE)
        expect(coder.find(".suggestion .says")).to_have_text("suggestion: very negative, very likely (99 %)")
        coder.press("KeyY")
        expect(coder.find(".subject-row .said")).to_contain_text("very negative")
        coder.press("Enter")
        coder.wait_saved()
        held = made.store.history(SEEN[2])
        assert [(each.segment.tone, str(each.segment.suggestion)) for each in held] == [("very negative", "before")]
        coder.press("KeyU", "KeyC", "Enter")
        coder.wait_saved()
        held = made.store.history(SEEN[2])
        assert [(each.segment.tone, each.retracted, str(each.segment.suggestion)) for each in held] == [
            ("very negative", False, "before"),
            ("very negative", True, "before"),
            ("neutral", False, "before"),
        ]
        assert made.store.history(SEEN[3]) == [], "the same segment came back"
        for language in ("ru", "kk"):
            open_desk(coder.page, address, "a-0312", language)
            assert coder.find(".suggestion").evaluate(CUT) == []
        assert coder.wrong == []
