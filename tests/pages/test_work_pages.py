"""My work and Assign without a browser: what a coder sees and must not see, and what a supervisor gives and takes."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding.double_coding.drawing import wanted
from coding.exchange.into import import_folder
from coding.mission.model import DoubleCodingPolicy
from coding.store import Store
from coding.store.assignments import Assignment, assign, assignments, change
from coding.store.draws import double_draws
from coding.store.gold import declare_gold
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.vocabulary import PersonRole, Progress, Purpose
from tests.missions import AIRINGS, segment, write_mission

ROOT = Path(__file__).parents[2]
CODER, OTHER, SUPERVISOR = "test coder", "Айгүл <i>", "test supervisor"
Page = Callable[..., AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The small mission with nothing coded yet, in a store of the data folder."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    folder = write_mission(tmp_path / "mission", airings=AIRINGS.replace(",yes,", ",no,"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(folder, made.url, "test")
    return made


@pytest.fixture
def page(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Page:
    def run(name: str, role: str = "", language: str = "en", mission: str = store.url) -> AppTest:
        signed_in(role or (PersonRole.CODER if name == "my_work" else PersonRole.SUPERVISOR))
        monkeypatch.setenv("EVENHAND_MISSION", mission)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        return app.run().switch_page(f"coding/pages/{name}.py").run()

    return run


def told(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def plain(app: AppTest) -> str:
    """The words of the page without styles and markup."""
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", told(app), flags=re.DOTALL))


def stands(store: Store) -> dict[str, list[Assignment]]:
    found: dict[str, list[Assignment]] = {}
    for each in assignments(store):
        found.setdefault(each.coder, []).append(each)
    return found


def by_label(elements: object, label: str) -> object:
    return next(each for each in elements if each.label == label)  # type: ignore[attr-defined]


def tick(app: AppTest, *rows: int) -> AppTest:
    """Tick rows of the table of airings."""
    key = app.dataframe[0].proto.id.rsplit("-", 1)[-1]
    app.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


# my work


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("name", ["my_work", "assign"])
def test_pages_open_in_every_language(page: Page, store: Store, name: str, language: str) -> None:
    assign(store, ["a-0312", "g-0312"], CODER, Purpose.CODING, SUPERVISOR)
    words = told(page(name, language=language))
    assert "made for a test" in words
    assert not re.search(r"page\.\w|problem\.\w", plain(page(name, language=language)))


def test_nothing_in_hand_says_what_to_do(page: Page) -> None:
    assert "Ask the supervisor" in told(page("my_work"))


def test_returned_first_with_its_note_as_text(page: Page, store: Store) -> None:
    assign(store, ["a-0312", "a-0313", "g-0312"], CODER, Purpose.CODING, SUPERVISOR)
    store.record(segment(1, start=0, end=90, coder=CODER), CODER)
    store.record(segment(2, start=60, end=120, subject="Red Party", coder=CODER), CODER)
    change(store, "a-0313", CODER, Progress.RETURNED, SUPERVISOR, "the <b>debate</b> is *missing*")
    app = page("my_work")
    words = plain(app)
    assert "2 to do, 1 returned, 0 done. Not under a segment of yours yet: 118 min + 9,000 cm²." in words
    assert words.index("the <b>debate</b> is *missing*") < words.index("12 March 2025")
    assert "the &lt;b&gt;debate&lt;/b&gt;" in told(app)
    assert "Your segments: 2, covering 0:02:00 of 1:00:00" in words
    assert "20:30–21:30" in words
    assert not app.markdown


def test_done_ones_stand_apart_and_a_row_opens_the_desk(page: Page, store: Store) -> None:
    assign(store, ["a-0312", "a-0313"], CODER, Purpose.CODING, SUPERVISOR)
    change(store, "a-0312", CODER, Progress.DONE, CODER)
    app = page("my_work")
    assert [button.key for button in app.button] == ["my_work.open.a-0313"]
    app.button_group(key="my_work.show").set_value("done").run()
    assert [button.key for button in app.button] == ["my_work.open.a-0312"]
    app.button(key="my_work.open.a-0312").click().run()
    assert app.session_state["desk.airing"] == "a-0312"


def test_a_second_coder_learns_nothing_of_the_first(page: Page, store: Store) -> None:
    """The page of a coder is the same to the letter, whether or not somebody coded the airing before."""
    assign(store, ["a-0312"], CODER, Purpose.CODING, SUPERVISOR)
    alone = told(page("my_work"))
    change(store, "a-0312", CODER, Progress.WITHDRAWN, SUPERVISOR)
    assign(store, ["a-0312"], OTHER, Purpose.CODING, SUPERVISOR)
    store.add([segment(n, start=n * 10, end=n * 10 + 7, coder=OTHER) for n in range(1, 8)], OTHER)
    change(store, "a-0312", OTHER, Progress.DONE, OTHER)
    assign(store, ["a-0312"], CODER, Purpose.DOUBLE, SUPERVISOR, "Drawn at random: 1 of 1, seed 7")
    again = told(page("my_work"))
    assert again == alone
    assert not re.search("second|double|blind|drawn|seed", plain(page("my_work")), re.IGNORECASE)


@pytest.mark.parametrize("role", [PersonRole.CODER, PersonRole.ANALYST])
def test_who_does_not_supervise_does_not_assign(store: Store, signed_in: Callable[[str], None], role: str) -> None:
    """The page itself refuses, also where no menu offers it."""
    signed_in(role)
    script = f"import runpy\nrunpy.run_path({str(ROOT / 'coding' / 'pages' / 'assign.py')!r})"
    app = AppTest.from_string(script, default_timeout=60)
    app.session_state["where"] = store.url
    assert "This page is not for your role" in app.run().error[0].value
    assert not app.dataframe


# giving out


def choose(app: AppTest, *coders: str, which: str = "listed", purpose: str = "coding") -> AppTest:
    by_label(app.multiselect, "To whom").set_value(list(coders)).run()  # type: ignore[attr-defined]
    app.button_group(key="assign.purpose").set_value(purpose).run()
    return app.button_group(key=f"assign.which.{purpose}").set_value(which).run()


def test_a_list_is_split_evenly_after_a_look(page: Page, store: Store) -> None:
    app = choose(page("assign"), CODER, SUPERVISOR)
    assert "Airings: 7, 4:19:00 + 9,000 cm²." in plain(app)
    assert assignments(store) == [], "nothing is given before the press"
    app.button(key="assign.give").click().run()
    held = stands(store)
    assert sorted(map(len, held.values())) == [3, 4]
    assert len({each.airing_id for each in assignments(store)}) == 7
    assert f"Assigned: {CODER} 4, {SUPERVISOR} 3." in plain(app)
    assert "Every airing of this selection is assigned" in plain(app)


def test_only_what_is_ticked_is_given(page: Page, store: Store) -> None:
    app = page("assign")
    shown = app.dataframe[0].value
    assert list(shown["Outlet"][:3]) == ["Channel A", "Channel B", "Gazette"]
    app = choose(tick(app, 1, 2), CODER, which="ticked")
    app.button(key="assign.give").click().run()
    assert {each.airing_id for each in assignments(store)} == {"b-0312", "g-0312"}


def double(app: AppTest) -> AppTest:
    return app.button_group(key="assign.part").set_value("double").run()


@pytest.fixture
def half(store: Store) -> Store:
    """A mission that wants half of its airings coded twice; three of them are given to somebody."""
    policy = DoubleCodingPolicy(share=0.5, seed=4711)
    store.put_mission(store.mission().model_copy(update={"double_coding": policy}), [], "test", "half")
    assign(store, ["a-0312", "a-0313", "a-0317"], OTHER, Purpose.CODING, SUPERVISOR)
    return store


def test_the_missions_draw_is_made_recorded_and_given_to_second_coders(page: Page, half: Store) -> None:
    app = double(page("assign"))
    words = plain(app)
    assert "50 per cent of the airings of each outlet and week are coded twice" in words
    assert "Airings that can be coded twice: 5. Nothing has been drawn yet." in words
    assert double_draws(half) == [], "nothing is drawn before the press"
    app.button(key="assign.draw").click().run()
    [draw] = double_draws(half)
    pool = [each for each in half.airings() if each.airing_id in draw.pool]
    assert set(draw.drawn) == wanted(pool, 0.5, 4711)
    assert (draw.seed, len(draw.pool), draw.recorded_by) == (4711, 5, SUPERVISOR)
    drawn_first = {"a-0312", "a-0313", "a-0317"} & set(draw.drawn)
    assert drawn_first
    assert set(draw.drawn) - drawn_first, "of both kinds, or the test shows nothing"
    words = plain(app)
    assert f"Drawn, with a first coder and without a second: {len(drawn_first)}." in words
    assert f"nobody has coded them or has them to code: {len(draw.drawn) - len(drawn_first)}." in words
    assert "All 5 airings have been through a draw." in words
    assert not [button for button in app.button if button.key == "assign.draw"]
    assert "Choose coders: then you see who would get what." in words, "there is nothing to tick here"
    by_label(app.multiselect, "To whom").set_value([CODER]).run()  # type: ignore[attr-defined]
    app.button(key="assign.give").click().run()
    second = stands(half)[CODER]
    assert {each.airing_id for each in second} == drawn_first
    assert {(each.purpose, each.note) for each in second} == {
        (Purpose.DOUBLE, "Drawn by the mission's rule: 50 per cent within outlet and week, seed 4711.")
    }
    assert "Everything drawn that has a first coder has a second one too." in plain(app)
    assert not [button for button in app.button if button.key == "assign.give"], "a second press gives nothing more"


def test_airings_that_came_since_take_part_in_the_next_draw(page: Page, half: Store) -> None:
    double(page("assign")).button(key="assign.draw").click().run()
    [first] = double_draws(half)
    held = next(each for each in half.airings() if each.airing_id == "b-0312")
    half.put_mission(half.mission(), [held.model_copy(update={"airing_id": "b-0312-late"})], "test", "one more")
    app = double(page("assign"))
    assert "Airings that can be coded twice: 6; since the last draw 1 came." in plain(app)
    app.button(key="assign.draw").click().run()
    [_, second] = double_draws(half)
    assert second.pool == ("b-0312-late",)
    assert not set(second.drawn) & set(first.drawn)
    mission, left = half.mission(), 6 - len(first.drawn) - len(second.drawn)
    everything = mission.model_copy(update={"double_coding": mission.double_coding.model_copy(update={"share": 1.0})})
    half.put_mission(everything, [], "test", "all of them")
    assert f"wants a larger share: {left} more airings are drawn from the 6 there are" in plain(double(page("assign")))


def test_by_hand_is_said_to_be_no_random_choice(page: Page, store: Store) -> None:
    assign(store, ["a-0312", "a-0313"], OTHER, Purpose.CODING, SUPERVISOR)
    app = page("assign")
    app.button_group(key="assign.purpose").set_value("double").run()
    assert "What is picked by hand is no random choice" in plain(app)
    by_label(app.selectbox, "Which airings").set_value("not_double").run()  # type: ignore[attr-defined]
    app = choose(app, CODER, purpose="double")
    app.button(key="assign.give").click().run()
    assert {each.airing_id for each in stands(store)[CODER]} == {"a-0312", "a-0313"}
    assert "By hand" in plain(double(app))


@pytest.mark.parametrize("purpose", ["training", "test"])
def test_only_gold_airings_are_given_for_practice_and_to_everybody(page: Page, store: Store, purpose: str) -> None:
    app = page("assign")
    app.button_group(key="assign.purpose").set_value(purpose).run()
    assert "No airing has an agreed coding yet." in plain(app)
    assert not app.dataframe
    store.add([segment(1, "b-0312", start=0, end=10, coder=OTHER)], OTHER)
    declare_gold(store, "b-0312", OTHER, SUPERVISOR)
    app = page("assign")
    app.button_group(key="assign.purpose").set_value(purpose).run()
    assert list(app.dataframe[0].value["Outlet"]) == ["Channel B"]
    app = choose(app, CODER, SUPERVISOR, purpose=purpose)
    app.button(key="assign.give").click().run()
    assert {(each.airing_id, each.coder, str(each.purpose)) for each in assignments(store)} == {
        ("b-0312", CODER, purpose), ("b-0312", SUPERVISOR, purpose),
    }  # fmt: skip


@pytest.mark.parametrize(("purpose", "told_to_coder"), [(Purpose.TRAINING, True), (Purpose.TEST, False)])
def test_the_result_of_training_is_shown_and_that_of_a_test_is_not(
    page: Page, store: Store, purpose: Purpose, told_to_coder: bool
) -> None:
    store.add([segment(1, "b-0312", start=0, end=10, coder=OTHER, tone="very negative")], OTHER)
    declare_gold(store, "b-0312", OTHER, SUPERVISOR)
    assign(store, ["b-0312"], CODER, purpose, SUPERVISOR)
    store.record(segment(2, "b-0312", start=0, end=10, coder=CODER, tone="positive"), CODER)
    begun = plain(page("my_work"))
    assert "it enters no result" in begun
    assert "very negative" not in begun, "before it is done nobody is told what was agreed"
    change(store, "b-0312", CODER, Progress.DONE, CODER)
    app = page("my_work")
    app.button_group(key="my_work.show").set_value("all").run()
    words = plain(app)
    assert ("very negative" in words) == told_to_coder
    assert ("tone: agreed «very negative», coded «positive»" in words) == told_to_coder
    assert OTHER not in words, "not whose coding it is"


def test_the_first_coder_is_left_out_of_second_coding(page: Page, store: Store) -> None:
    assign(store, ["a-0312"], CODER, Purpose.CODING, SUPERVISOR)
    app = page("assign")
    by_label(app.selectbox, "Which airings").set_value("all").run()  # type: ignore[attr-defined]
    app = choose(app, CODER, purpose="double")
    words = plain(app)
    assert "whoever you chose codes them in the other role: 1." in words
    assert "nobody has coded them or has them to code: 6." in words
    assert app.button(key="assign.give").disabled


def test_filters_of_outlet_and_day(page: Page) -> None:
    app = page("assign")
    by_label(app.multiselect, "Outlets").set_value(["Channel B"]).run()  # type: ignore[attr-defined]
    assert list(app.dataframe[0].value["Day"]) == ["2025-03-12", "2025-03-13"]


# taking back


def progress_of(app: AppTest, coder: str, *airing_ids: str) -> AppTest:
    app.button_group(key="assign.part").set_value("progress").run()
    app.selectbox(key="assign.whom").set_value(coder).run()
    app.multiselect(key=f"assign.some.{coder}").set_value(list(airing_ids)).run()
    return app


def test_progress_shows_everybody_and_those_without_an_account(page: Page, store: Store) -> None:
    assign(store, ["a-0312", "g-0312"], CODER, Purpose.CODING, SUPERVISOR)
    assign(store, ["a-0313"], OTHER, Purpose.CODING, SUPERVISOR)
    store.record(segment(1, start=0, end=90, coder=CODER), CODER)
    app = page("assign")
    app.button_group(key="assign.part").set_value("progress").run()
    words = plain(app)
    assert "Айгүл <i>  (no account)" in words
    assert "0:01:30  / 1:00:00" in words
    assert "<i>  (no" not in told(app)


def test_returning_needs_a_note_that_the_coder_then_reads(page: Page, store: Store) -> None:
    assign(store, ["a-0312"], CODER, Purpose.CODING, SUPERVISOR)
    change(store, "a-0312", CODER, Progress.DONE, CODER)
    app = progress_of(page("assign"), CODER, "a-0312")
    app.button(key="assign.ask.return").click().run()
    app.button(key="assign.yes").click().run()
    assert "Write what should be looked at again" in plain(app)
    assert assignments(store)[0].progress == Progress.DONE
    app.text_area(key="assign.note").set_value("who speaks at 12:40?").run()
    app.button(key="assign.yes").click().run()
    assert f"Returned to {CODER}: 1." in plain(app)
    assert "who speaks at 12:40?" in plain(page("my_work"))


def test_taking_away_is_asked_first_and_segments_stay(page: Page, store: Store) -> None:
    assign(store, ["a-0312", "a-0313"], OTHER, Purpose.CODING, SUPERVISOR)
    store.add([segment(1, start=0, end=90, coder=OTHER)], OTHER)
    app = progress_of(page("assign"), OTHER)
    app.button(key="assign.all_open").click().run()
    app.button(key="assign.ask.withdraw").click().run()
    assert len(assignments(store)) == 2, "asked first"
    app.button(key="assign.no").click().run()
    app.button(key="assign.ask.withdraw").click().run()
    app.button(key="assign.yes").click().run()
    assert [each.airing_id for each in assignments(store)] == ["a-0312"], "the begun one was not meant"
    assert len(store.segments()) == 1


def test_done_is_taken_back_and_what_is_gone_is_told(page: Page, store: Store) -> None:
    assign(store, ["a-0312"], CODER, Purpose.CODING, SUPERVISOR)
    change(store, "a-0312", CODER, Progress.DONE, CODER)
    app = progress_of(page("assign"), CODER, "a-0312")
    app.button(key="assign.ask.reopen").click().run()
    app.button(key="assign.yes").click().run()
    assert assignments(store)[0].progress == Progress.ASSIGNED
    app = progress_of(app, CODER, "a-0312")
    assert app.button(key="assign.ask.reopen").disabled, "it is not done"


def test_the_demo_gives_to_itself(page: Page, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coding.pages.who.real_mission_exists", lambda: False)
    from coding.people.gate import DEMO
    from coding.store.places import demo_url

    Path(store.engine.url.database or "").rename(Path(store.engine.url.database or "").with_suffix(".away"))
    app = page("assign", DEMO, mission="")
    assert app.session_state["where"] == demo_url(Path(store.url.removeprefix("sqlite:///")).parents[1])
    assert "only «demo» codes here" in plain(app)
    assert by_label(app.multiselect, "To whom").options == ["demo"]  # type: ignore[attr-defined]
    words = plain(page("my_work", DEMO, mission=""))
    assert "2 to do, 0 returned, 0 done" in words
    assert "two training airings" in words
