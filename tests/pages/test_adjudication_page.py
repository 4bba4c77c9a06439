"""Adjudication and My returned work without a browser: who sees what, what a press does, and what nobody may learn."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding.double_coding.deciding import decide
from coding.double_coding.disagreements import disagreements, open_airings
from coding.exchange.into import import_folder
from coding.mission.model import Retired
from coding.store import Store
from coding.store.assignments import change
from coding.store.decisions import NOTHING, ask_again, decisions, reopenings, word_of
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.vocabulary import CodeKind, PersonRole, Progress
from tests.coding.double_coding.two_coders import AIRING, ALL, FIRST, MISSED, SECOND, TONE, at, by, coded, stands
from tests.missions import AIRINGS, write_mission

ROOT = Path(__file__).parents[2]
CODER, SUPERVISOR = "test coder", "test supervisor"
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
    """Runs one of the two pages as whoever it is for; `whole` with the app around it."""
    monkeypatch.setenv("EVENHAND_MISSION", store.url)

    def run(name: str = "adjudication", language: str = "en", whole: bool = False) -> AppTest:
        signed_in(PersonRole.SUPERVISOR if name == "adjudication" else PersonRole.CODER)
        file = ROOT / "coding" / "pages" / f"{name}.py"
        app = AppTest.from_file(str(ROOT / "app.py" if whole else file), default_timeout=60)
        app.session_state["language"] = language
        app.session_state["where"] = store.url
        return app.run().switch_page(str(file.relative_to(ROOT))).run() if whole else app.run()

    return run


def plain(app: AppTest) -> str:
    """The words of the page without styles and markup."""
    assert not app.exception
    told = "\n".join(str(element.proto.body) for element in app.get("html"))
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", told, flags=re.DOTALL))


def press(app: AppTest, words: str) -> AppTest:
    """Press the button with these words."""
    return next(each for each in app.button if words in each.label).click().run()


def buttons(app: AppTest) -> list[str]:
    return [each.label for each in app.button if not each.disabled]


def order(store: Store) -> list[str]:
    """In which order the page shows the coders of the passage about tone: read from what it says of each."""
    from coding.pages.adjudication_words import blind_order

    return [word.coder for word in blind_order(at(store, 100))]


# adjudication


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_pages_speak_every_language(page: Page, store: Store, language: str) -> None:
    coded(store, first=CODER)
    decide(store, SUPERVISOR, at(store, 100), word_of(SECOND), reason="said <b>in irony</b>")
    for name in ("adjudication", "returned_work"):
        app = page(name, language=language)
        assert "made for a test" in plain(app)
        assert not re.search(r"page\.\w|problem\.\w|decision\.\w", plain(app))
        assert not app.markdown
    assert "said <b>in irony</b>" in plain(app)


def test_nothing_coded_twice_says_what_to_do_next(page: Page) -> None:
    assert "for second coding on the page Assign" in plain(page())


def test_one_passage_at_a_time_without_names(page: Page, store: Store) -> None:
    coded(store)
    app = page()
    words = plain(app)
    assert "0 of 3 decided" in words
    assert "differing in borders alone: 1" in words
    assert "Passage 1 of 3" in words
    assert re.search(r"0:01:40–0:02:40 \(0:01:00\)", words)
    assert "the other heard this" in words
    assert not re.search(rf"\b({FIRST}|{SECOND})\b", words)
    app.toggle(key="adjudication.names").set_value(True).run()
    assert re.search(rf"\b{FIRST}\b", plain(app))


def test_what_differs_is_marked_by_more_than_colour(page: Page, store: Store) -> None:
    coded(store)
    told = "\n".join(str(element.proto.body) for element in page().get("html"))
    marked = re.findall(r'<tr class="ev-differs"><th scope="row">([^<]*)', told)
    assert marked == ["Tone"]
    assert 'content: "≠ "' in told


def test_a_press_decides_and_shows_the_next(page: Page, store: Store) -> None:
    coded(store)
    app = press(page(), f"{order(store).index(SECOND) + 1}\u2002")
    assert [each.kept for each in decisions(store)] == [SECOND]
    assert (101, 159, "Blue Party", "negative") in stands(store)
    words = plain(app)
    assert "Saved. U takes it back." in words
    assert "1 of 3 decided" in words
    assert "Passage 2 of 3" in words


def test_taken_back_right_after(page: Page, store: Store) -> None:
    coded(store)
    before = stands(store)
    app = press(page(), f"{order(store).index(SECOND) + 1}\u2002")
    assert stands(store) != before
    app = press(app, "U\u2002")
    assert stands(store) == before
    assert "The passage is open again" in plain(app)
    assert "Passage 1 of 3" in plain(app)


def test_nothing_there_asks_why_and_offers_the_reason_given_last(page: Page, store: Store) -> None:
    coded(store)
    app = press(page(), "3\u2002")
    assert decisions(store) == []
    app = press(app, "named in passing")
    (made,) = decisions(store)
    assert (made.outcome, made.reason) == (NOTHING, "named in passing, not covered")
    app = press(app, "3\u2002")
    assert next(each for each in buttons(app) if each.startswith("1\u2002")) == "1\u2002named in passing, not covered"
    app = press(app, "Esc\u2002")
    assert any("Own codes" in each for each in buttons(app))


def test_own_codes_are_chosen_with_a_reason(page: Page, store: Store) -> None:
    coded(store)
    gone = Retired(kind=CodeKind.SUBJECT, name="President", into=("Government",))
    store.put_mission(store.mission().model_copy(update={"retired": (gone,)}), (), "test", "split")
    app = press(page(), "4\u2002")
    subjects = next(each.options for each in app.selectbox if each.key and each.key.startswith("adjudication.subject."))
    assert ("Government" in subjects, "President" in subjects) == (True, False), "what was retired is not offered"
    name = next(each.key for each in app.selectbox if each.key and each.key.startswith("adjudication.tone."))
    app.selectbox(key=name).set_value("very negative")
    app = press(app, "S\u2002")
    assert "give a reason" in plain(app)
    assert decisions(store) == []
    reason = next(each.key for each in app.selectbox if each.key and "own_reason" in each.key)
    app.selectbox(key=reason).set_value("so the codebook says")
    start = next(each.key for each in app.text_input if each.key and "start_ms" in each.key)
    app.text_input(key=start).set_value("0:01:45")
    app = press(app, "S\u2002")
    assert "Saved" in plain(app)
    (made,) = decisions(store)
    assert (made.codes["tone"], made.codes["start_ms"], made.reason) == (
        "very negative",
        105_000,
        "so the codebook says",
    )


def test_everything_decided_is_said_and_stays_to_be_looked_at(page: Page, store: Store) -> None:
    coded(store)
    for each in disagreements(store, AIRING)[:3]:
        decide(store, SUPERVISOR, each, word_of(FIRST))
    words = plain(page())
    assert "All disagreements of all airings are decided" in words
    assert "3 of 3 decided" in words
    assert "kept:" in words


def test_who_coded_the_airing_is_offered_no_key_to_decide(page: Page, store: Store) -> None:
    coded(store, first=SUPERVISOR)
    app = page()
    assert "you coded this airing yourself" in plain(app)
    assert not [label for label in buttons(app) if label[0] in "1234U"]


def test_what_somebody_decided_meanwhile_is_told_and_kept(page: Page, store: Store) -> None:
    coded(store)
    app = page()
    decide(store, "other judge", at(store, 100), word_of(FIRST))
    app = press(app, f"{order(store).index(SECOND) + 1}\u2002")
    assert "other judge decided on this passage meanwhile" in plain(app).replace("  ", " ")
    assert [each.recorded_by for each in decisions(store)] == ["other judge"]


def test_wishes_come_first_with_their_note(page: Page, store: Store) -> None:
    coded(store)
    for each in disagreements(store, AIRING)[:3]:
        decide(store, SUPERVISOR, each, word_of(FIRST))
    ask_again(store, decisions(store)[1].decision_id, SECOND, "it <i>is</i> the Reds")
    words = plain(page())
    assert "asks to look again" in words
    assert "All disagreements of all airings are decided" not in words, "somebody asks that one be decided again"
    assert "it <i>is</i> the Reds" in words
    assert "Passage 2 of 3" in words


@pytest.mark.parametrize("role", [PersonRole.CODER, PersonRole.ANALYST])
def test_who_does_not_supervise_does_not_adjudicate(store: Store, signed_in: Callable[[str], None], role: str) -> None:
    """The page itself refuses, also where no menu offers it."""
    signed_in(role)
    script = f"import runpy\nrunpy.run_path({str(ROOT / 'coding' / 'pages' / 'adjudication.py')!r})"
    app = AppTest.from_string(script, default_timeout=60)
    app.session_state["where"] = coded(store).url
    assert "This page is not for your role" in app.run().error[0].value


# my returned work


def test_nothing_came_back(page: Page, store: Store) -> None:
    coded(store, first=CODER)
    assert "Nothing came back" in plain(page("returned_work"))
    assert open_airings(store)[0].disagreements == 3, "what is not decided is nobody's to see"


def test_returned_airings_with_their_note_and_the_way_to_the_desk(page: Page, store: Store) -> None:
    coded(store, first=CODER)
    change(store, AIRING, CODER, Progress.RETURNED, SUPERVISOR, "who speaks at <12:40>?")
    app = page("returned_work", whole=True)
    assert "who speaks at <12:40>?" in plain(app)
    app.button(key=f"returned_work.desk.{AIRING}").click().run()
    assert app.session_state["desk.airing"] == AIRING


def test_a_coder_reads_what_was_decided_and_nothing_of_the_other(page: Page, store: Store) -> None:
    """Own word, decision, reason; of the other coder neither name nor words, nor what both agreed on."""
    coded(store, [*ALL, by(FIRST, 9, 900, 930, topic="education")], first=CODER)
    decide(store, SUPERVISOR, at(store, 100), word_of(CODER))
    decide(store, SUPERVISOR, at(store, 200), NOTHING, reason="only a placard")
    decide(store, SUPERVISOR, at(store, 300), word_of(CODER))
    app = page("returned_work")
    words = plain(app)
    assert "changed: 1, upheld: 2" in words
    assert "only a placard" in words
    assert "nobody is there" in words
    app.button_group(key="returned_work.show").set_value("all").run()
    words = plain(app)
    assert words.count("You recorded") == 3
    hidden = (SECOND, "negative", "Red Party", TONE[1].text, MISSED[0].subject)
    assert not [each for each in hidden if each in words]


def test_a_wish_is_sent_shown_and_withdrawn(page: Page, store: Store) -> None:
    coded(store, first=CODER)
    made = decide(store, SUPERVISOR, at(store, 100), word_of(SECOND))
    app = press(press(page("returned_work"), "Ask to reopen"), "Cancel")
    assert not app.text_area
    app = press(press(app, "Ask to reopen"), "Ask")
    assert "write what should be looked at again" in plain(app)
    assert not reopenings(store)
    app.text_area[0].set_value("he is <quoted>")
    app = press(app, "Ask")
    assert [(each.decision_id, each.note) for each in reopenings(store)] == [(made.decision_id, "he is <quoted>")]
    assert "he is <quoted>" in plain(app)
    decide(store, SUPERVISOR, at(store, 100), word_of(CODER), reason="heard again")
    app = page("returned_work")
    app.button_group(key="returned_work.show").set_value("upheld").run()
    assert "Decided again after you asked" in plain(app)
    second = decide(store, SUPERVISOR, at(store, 200), word_of(SECOND))
    ask_again(store, second.decision_id, CODER, "look")
    press(page("returned_work"), "No longer ask")
    assert [each.decision_id for each in reopenings(store)] == [made.decision_id]
