"""The coding desk in a real browser, by keys alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from coding.store.assignments import assignments
from monitoring.coverage import open_coverage
from monitoring.metrics import METRICS
from monitoring.selection import Selection
from tests.e2e.desks import FRAME, Coder, Place, at_desk, open_desk, place
from tests.e2e.serving import WAIT, drawn, require_chromium, running

pytestmark = pytest.mark.browser
MOST_KEYS = 6
TONES = ("KeyZ", "KeyX", "KeyC")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """A running app over a mission with a recording of thirty minutes."""
    require_chromium()
    made = place(tmp_path_factory.mktemp("data"))
    with running(made.folder) as address:
        yield made, address


def test_an_airing_of_thirty_minutes_by_keys_alone(browser: Browser, site: tuple[Place, str]) -> None:
    """Forty segments, two over the same seconds, one undone, one nudged; every total is exact to the frame."""
    made, address = site
    with at_desk(browser, made, address, "ana", "b-0312") as coder:
        counts = [coder.press("KeyI", "PageDown", "KeyO", "Digit1", "KeyX", "Enter")]
        expected = [(0, 30_000)]
        for number in range(1, 36):  # the out of one is the in of the next
            counts.append(coder.press("PageDown", f"Digit{number % 3 + 1}", TONES[number % 3], "Enter"))
            expected.append((number * 30_000, (number + 1) * 30_000))
        counts.append(coder.press("PageDown", "Period", "Digit1", "Digit4", "KeyX", "Enter"))  # two in one picture
        expected += [(1_080_000, 1_110_000 + FRAME)] * 2
        counts.append(coder.press("PageDown", "Digit2", "KeyC", "Enter"))
        expected.append((1_110_000 + FRAME, 1_140_000 + FRAME))
        coder.press("KeyU")  # the segment is gone again, and what was marked is back
        expect(coder.find(".line")).to_have_count(38)
        assert coder.text(".subject-row .name") == "Red Party"
        counts.append(coder.press("Enter"))
        counts.append(coder.press("PageDown", "Digit5", "KeyX", "Enter"))
        expected.append((1_140_000 + FRAME, 1_170_000 + FRAME))
        coder.press("BracketLeft", "Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight", "Enter")  # its out, two frames on
        expected[-1] = (1_140_000 + FRAME, 1_170_000 + 3 * FRAME)
        coder.wait_saved()
        expect(coder.find(".line")).to_have_count(40)
        assert max(counts) <= MOST_KEYS
        assert coder.text(".totals").startswith("Coded 0:19:30 of 0:30:00 · uncoded 0:10:30")
        assert coder.wrong == []
    held = sorted(made.store.segments(["b-0312"]), key=lambda each: (each.start_ms, each.subject))
    assert sorted((each.start_ms, each.end_ms) for each in held) == sorted(expected)
    share = next(metric for metric in METRICS if metric.name == "share")
    whole = share.compute(open_coverage(made.store), Selection(), ("outlet",))
    assert whole["amount"].sum() == sum(end - start for start, end in expected)
    undone = [each.segment_id for each in held if made.store.history(each.segment_id)[-1].retracted]
    assert undone == []


def test_playing_shuttling_and_marking_while_it_plays(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "berik", "b-0312") as coder:
        coder.press("Space")
        expect(coder.find(".speed")).to_have_text("1×")
        coder.press("KeyI")
        begun = coder.text(".fact output >> nth=0")
        coder.press("KeyL", "KeyL")
        expect(coder.find(".speed")).to_have_text("2×")
        expect(coder.find(".position")).not_to_have_text(begun)
        coder.press("KeyO", "Space")
        expect(coder.find(".speed")).to_have_text("❚❚")
        marked = coder.find(".fact output").all_inner_texts()
        start, end = (round(float(text.split(":")[2]) * 1000) for text in marked[:2])
        assert end > start
        assert start % FRAME == end % FRAME == 0
        coder.press("Shift+KeyO")  # a last frame may still have come after the pause
        at = coder.position
        assert at == end
        coder.press("Comma")
        assert coder.position == at - FRAME
        coder.press("Period", "ArrowRight")
        assert coder.position == at + 1000
        coder.press("ArrowLeft", "PageDown", "PageUp")
        assert coder.position == at
        coder.press("Shift+KeyI")
        assert coder.position == start
        coder.press("KeyP")
        expect(coder.find(".speed")).to_contain_text("↻")
        coder.press("KeyP", "Space", "PageDown", "KeyJ")  # far enough from the beginning to be seen going backwards
        expect(coder.find(".speed")).to_have_text("-2×")
        coder.press("KeyK")
        assert coder.wrong == []


def test_a_subject_is_found_by_the_first_letters_of_any_name_in_any_script(
    browser: Browser, site: tuple[Place, str]
) -> None:
    made, address = site
    with at_desk(browser, made, address, "berik", "b-0312") as coder:
        coder.press("Escape")
        for letters, name in (
            ("ლურ", "Blue Party"),
            ("красн", "Red Party"),
            ("حز", "Blue Party"),
            ("reds", "Red Party"),
        ):
            coder.press("Slash")
            coder.page.keyboard.type(letters)
            expect(coder.find("[role=option]").first).to_contain_text(name)
            coder.press("Enter")
            expect(coder.find(".subject-row .name")).to_have_text(name)
            coder.press("Delete")
        coder.press("Slash", "Escape")
        expect(coder.find("dialog")).to_have_count(0)


def test_codes_notes_and_what_is_missing_are_told(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "berik", "b-0312") as coder:
        coder.press("Escape", "Enter")
        assert "The in is missing" in coder.text(".told")
        coder.press("KeyI", "PageDown", "KeyO", "Enter")
        assert "The subject is missing" in coder.text(".told")
        coder.press("Digit4", "Enter")
        assert "The tone is missing" in coder.text(".told")
        coder.press("KeyZ", "KeyR", "KeyS", "KeyS", "KeyT")
        coder.page.keyboard.type("edu")
        coder.press("Enter", "KeyN")
        coder.page.keyboard.type("He said <b>*this*</b> $x$")
        coder.press("Escape", "Shift+KeyN")
        coder.page.keyboard.type("unsure")
        coder.press("Enter", "Enter")
        coder.wait_saved()
        assert coder.wrong == []
    held = next(each for each in made.store.segments(["b-0312"]) if each.coder == "berik")
    codes = (held.subject, held.role, held.speech, held.tone, held.topic, held.text, held.note)
    assert codes == (
        "President",
        "supporter",
        "reported",
        "very positive",
        "education",
        "He said <b>*this*</b> $x$",
        "unsure",
    )


def test_a_draft_survives_a_reload(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "berik", "b-0312") as coder:
        coder.press("Escape", "PageDown", "PageDown", "KeyI", "Digit2", "KeyC", "KeyN")
        coder.page.keyboard.type("half a sentence")
        coder.wait_kept("half a sentence")
        open_desk(coder.page, address, "b-0312")
        expect(coder.find(".subject-row .name")).to_have_text("Red Party")
        assert coder.text(".fact output >> nth=0") == "0:01:00.000"
        assert coder.find("textarea").input_value() == "half a sentence"
        assert coder.position == 60_000
        coder.press("Escape", "Escape")


def test_a_conflict_is_shown_side_by_side_and_settled(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", "a-0312") as coder:
        _one_segment(coder)
        held = made.store.segments(["a-0312"])[0]
        made.store.revise(held.model_copy(update={"tone": "negative"}), "supervisor", "heard again")
        coder.press("BracketRight", "KeyZ", "Enter")
        conflict = coder.find("[data-trouble=conflict]")
        expect(conflict).to_contain_text("supervisor changed this segment")
        expect(conflict.locator(".differs")).to_contain_text(["very positive"])
        expect(coder.find(".saved")).to_contain_text("1 not yet saved")
        conflict.get_by_role("button", name="Keep mine").press("Enter")
        coder.wait_saved()
        expect(conflict).to_have_count(0)
        assert [each.segment.tone for each in made.store.history(held.segment_id)][-2:] == ["negative", "very positive"]
        made.store.retract(held.segment_id, 3, "supervisor", "wrong programme")
        coder.press("BracketRight", "KeyX", "Enter")
        expect(conflict).to_contain_text("supervisor retracted this segment")
        conflict.get_by_role("button", name="Keep theirs").press("Enter")
        coder.wait_saved()
        expect(coder.find(".line")).to_have_count(0)
        assert made.store.segments(["a-0312"]) == []


def _one_segment(coder: Coder) -> None:
    """A segment at the stopwatch, since there is no recording of this airing."""
    coder.press("KeyI", "PageDown", "KeyO", "Digit1", "KeyX", "Enter")
    coder.wait_saved()


def test_the_history_is_read_a_revision_restored_and_a_retraction_has_a_reason(
    browser: Browser, site: tuple[Place, str]
) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", "a-0312") as coder:
        _one_segment(coder)
        coder.press("BracketRight", "KeyC", "Enter")
        coder.wait_saved()
        coder.press("BracketRight", "KeyH")
        expect(coder.find("dialog.history")).to_contain_text("Revision 2, ana")
        coder.find("[data-restore='1']").press("Enter")
        coder.wait_saved()
        expect(coder.find(".line .tone")).to_have_text("positive")
        coder.press("BracketRight", "Shift+Delete")
        coder.press("Enter")  # without a reason nothing happens
        coder.page.keyboard.type("heard twice")
        coder.press("Enter")
        coder.wait_saved()
        expect(coder.find(".line")).to_have_count(0)
        coder.press("KeyU")
        coder.wait_saved()
        expect(coder.find(".line")).to_have_count(1)
        coder.press("Shift+KeyU")
        coder.wait_saved()
        expect(coder.find(".line")).to_have_count(0)
        coder.page.reload()
        coder.find(".list").wait_for(state="attached")
        coder.page.get_by_role("button", name=re.compile("^Retracted")).click()
        coder.page.locator("[data-restore]").last.press("Enter")
        coder.wait_saved()
        expect(coder.find(".line")).to_have_count(1)
        assert coder.wrong == []
    with made.store.engine.connect() as connection:
        reasons = connection.exec_driver_sql(
            "SELECT reason FROM segment WHERE retracted AND airing_id = 'a-0312'"
        ).all()
    assert ("heard twice",) in reasons


def test_a_page_of_a_paper_by_keys_and_by_mouse(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", "g-0312") as coder:
        coder.press("Control+Shift+ArrowRight", "Digit2", "KeyX", "Enter")
        coder.wait_saved()
        coder.press("KeyB")
        coder.page.keyboard.type("12,5")
        coder.press("Tab")
        coder.page.keyboard.type("8")
        coder.press("Enter", "Digit1", "KeyX", "Enter")
        coder.wait_saved()
        coder.wait_loaded()
        sheet = coder.find(".sheet img").bounding_box()
        assert sheet is not None
        coder.page.mouse.move(sheet["x"] + sheet["width"] * 0.25, sheet["y"] + sheet["height"] * 0.5)
        coder.page.mouse.down()
        coder.page.mouse.move(sheet["x"] + sheet["width"] * 0.75, sheet["y"] + sheet["height"] * 0.75, steps=5)
        coder.page.mouse.up()
        coder.press("Digit3", "KeyX", "Enter")
        coder.wait_saved()
        assert coder.wrong == []
    areas = {each.subject: each for each in made.store.segments(["g-0312"])}
    assert areas["Red Party"].amount == round(0.305 * 420 * 0.2 * 594)
    assert (areas["Blue Party"].amount, areas["Blue Party"].page, areas["Blue Party"].box) == (10_000, 1, "")
    assert areas["Green Party"].amount == pytest.approx(0.5 * 420 * 0.25 * 594, rel=0.01)


def test_live_air_with_the_wall_clock_of_the_mission(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", "l-0401", timezone_id="America/New_York") as coder:
        assert "Asia/Tbilisi" in coder.text(".about")
        coder.press("KeyI")
        assert "has not begun" in coder.text(".told")
        coder.press("Control+KeyB")
        coder.page.wait_for_timeout(1200)
        coder.press("Digit1", "KeyX", "Enter")
        coder.wait_saved()
        coder.page.wait_for_timeout(600)
        coder.press("Control+KeyB")
        coder.wait_saved()
        expect(coder.find(".told")).to_contain_text("end of the airing")
        ended = made.store.airing("l-0401")
        coder.press("Control+KeyB")
        open_desk(coder.page, address, "l-0401")
        expect(coder.find(".about")).to_contain_text("stopwatch")
        assert made.store.airing("l-0401") == ended
    airing, held = made.store.airing("l-0401"), made.store.segments(["l-0401"])[0]
    assert airing is not None
    assert held.start_ms == 0
    assert 1_000 < (held.end_ms or 0) < 20_000
    assert airing.monitored is not None
    assert airing.monitored >= (held.end_ms or 0)


def test_done_is_told_to_the_supervisor_and_closes_the_airing(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "ana", "l-0401") as coder:
        coder.press("Control+Enter")
        expect(coder.find("dialog")).to_contain_text("uncoded")
        coder.press("Escape", "Control+Enter", "Enter")
        coder.wait_saved()
        expect(coder.find(".assigned")).to_have_text("Done")
        expect(coder.find("[data-action=finish]")).to_contain_text("Take up again")
        coder.press("Control+Enter")
        coder.wait_saved()
        expect(coder.find(".assigned")).to_have_text("Assigned")
    assert [each.progress for each in assignments(made.store, "ana") if each.airing_id == "l-0401"] == ["assigned"]


def test_a_change_of_somebody_else_is_a_conflict_also_after_a_reload(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "supervisor", "a-0312") as coder:
        coder.press("KeyI", "PageDown", "PageDown", "Digit3", "KeyX", "Enter")
        coder.wait_saved()
        coder.press("BracketRight", "KeyS")
        coder.wait_kept("direct")
        held = next(each for each in made.store.segments(["a-0312"]) if each.coder == "supervisor")
        made.store.revise(held.model_copy(update={"tone": "negative", "note": "heard again"}), "somebody")
        coder.page.reload()
        coder.find(".subject-row").wait_for()
        coder.press("Enter")
        expect(coder.find("[data-trouble=conflict]")).to_contain_text("somebody changed this segment")
        coder.find("[data-trouble=conflict]").get_by_role("button", name="Keep theirs").press("Enter")
        coder.wait_saved()
        assert [each.note for each in made.store.segments(["a-0312"]) if each.coder == "supervisor"] == ["heard again"]


def test_what_was_typed_comes_back_with_redo_and_nothing_is_lost_by_walking(
    browser: Browser, site: tuple[Place, str]
) -> None:
    made, address = site
    with at_desk(browser, made, address, "berik", "b-0312") as coder:
        coder.press("Escape", "Digit1", "KeyN")
        coder.page.keyboard.type("a long quotation")
        coder.press("Escape", "KeyU")
        assert coder.find("textarea").input_value() == ""
        coder.press("Shift+KeyU")
        assert coder.find("textarea").input_value() == "a long quotation"
        coder.press("Escape")


def test_an_airing_that_is_not_in_hand_cannot_be_opened_by_its_address(
    browser: Browser, site: tuple[Place, str]
) -> None:
    made, address = site
    with at_desk(browser, made, address, "berik", "b-0312") as coder:
        coder.page.goto(f"{address}/desk?airing=g-0312&lang=en")
        coder.page.get_by_text("is not in your hands").wait_for()
        drawn(coder.page)
        expect(coder.page.get_by_text("Add a page of this issue")).to_have_count(0)


def test_keys_under_another_layout_and_in_other_fields(browser: Browser, site: tuple[Place, str]) -> None:
    """The place on the keyboard counts, and a letter typed elsewhere in the page is no command."""
    made, address = site
    with at_desk(browser, made, address, "berik", "b-0312") as coder:
        coder.press("Escape")
        coder.page.evaluate(
            "() => document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyI', key: 'ш', bubbles: true}))"
        )
        assert coder.text(".fact output >> nth=0") != "–"
        coder.press("KeyN")
        coder.page.keyboard.type("io 123 zx")
        assert coder.find("textarea").input_value() == "io 123 zx"
        expect(coder.find(".subject-row")).to_have_count(0)
        coder.press("Escape", "F1")
        expect(coder.find("dialog.help")).to_contain_text("Blue Party")
        assert re.search(r"Alt ⇧→\s*Out \+1 frame", coder.text("dialog.help"))
        coder.press("Escape", "Escape")


def test_the_strip_goes_where_it_is_clicked(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with at_desk(browser, made, address, "berik", "b-0312") as coder:
        box = coder.find(".strip").bounding_box()
        assert box is not None
        coder.page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + 20)
        expect(coder.find(".position")).to_have_text(re.compile(r"0:22:(29|30)"))


def test_a_newcomer_codes_a_first_segment_of_the_sample(browser: Browser, tmp_path: Path) -> None:
    """Without an account, from this machine: the app says that it is a demo, and the training bulletin is assigned."""
    require_chromium()
    with running(tmp_path) as address, browser.new_page(viewport={"width": 1366, "height": 768}) as page:
        page.set_default_timeout(WAIT)
        page.goto(address)
        page.get_by_test_id("stSidebar").get_by_text("Demo").wait_for()
        page.get_by_role("link", name="My work").click()
        page.locator(".st-key-my_work-open-tv-khabar-2007-07-17-training button").click()
        coder = Coder(page)
        coder.find(".list").wait_for(state="attached")
        expect(coder.find(".notice")).to_have_text("synthetic segments")
        coder.press("KeyI", "PageDown", "Digit2", "KeyX", "Enter")
        coder.wait_saved()
        expect(coder.find(".line")).to_have_count(1)
