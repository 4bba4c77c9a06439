"""The Subtitles page without a browser: cues against the clock, what is asked, what a press leaves in the store."""

from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coding.languages import languages, translator
from coding.pages import who
from coding.people.rights import Person
from coding.store import Store
from coding.store.subtitles import subtitles_of
from coding.vocabulary import PersonRole
from tests.coding.subtitles.test_attach import THREE

PAGE = Path(__file__).parents[3] / "coding" / "pages" / "subtitles.py"
Page = Callable[..., AppTest]


@pytest.fixture
def page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Page:
    def run(role: PersonRole = PersonRole.SUPERVISOR, language: str = "en", where: str = store.url) -> AppTest:
        monkeypatch.setattr(who, "person", lambda: Person("ana", role))
        app = AppTest.from_file(str(PAGE), default_timeout=60)
        app.session_state["where"] = where
        app.session_state["language"] = language
        return app.run()

    return run


def told(app: AppTest) -> str:
    assert not app.exception
    return unescape("\n".join(str(element.proto.body) for element in app.get("html")))


def labelled(elements: Any, label: str) -> Any:
    return next(each for each in elements if each.label == label)


def uploaded(app: AppTest, text: str | bytes, name: str = "a-0312.srt") -> AppTest:
    return app.file_uploader[0].upload(name, text if isinstance(text, bytes) else text.encode()).run()


def test_pages_of_every_language(page: Page) -> None:
    for language in languages():
        t = translator(language)
        assert t("page.subtitles.none") in told(page(language=language))


def test_a_file_is_seen_against_the_clock_then_attached(page: Page, store: Store) -> None:
    app = uploaded(page(), THREE)
    assert "SRT, 3 cues, utf-8" in told(app)
    first = app.dataframe[0].value.iloc[0]
    assert list(first) == ["0:00:01", "0:00:01", "20:30:01", "One & one."]
    assert "Choose the airing and the language" in told(app)
    labelled(app.selectbox, "Language").set_value("ka").run()
    assert "a-0312 gets 3 cues, over 0% of its 1:00:00." in told(app)
    assert subtitles_of(store) == []
    app.button(key="subtitles.attach").click().run()
    assert "a-0312: attached." in told(app)
    assert "Airings with subtitles: 1 of 6." in told(app)
    assert [(each.language, each.name, each.recorded_by) for each in subtitles_of(store)] == [
        ("ka", "a-0312.srt", "ana")
    ]
    assert list(app.dataframe[0].value.iloc[0])[:5] == ["a-0312", "ka", "SRT", "3", "0% / 1:00:00"]


def test_the_offset_moves_the_clock(page: Page, store: Store) -> None:
    app = uploaded(page(), THREE)
    labelled(app.selectbox, "Language").set_value("ka").run()
    labelled(app.text_input, "The airing begins at (in the file)").set_value("-0:00:10").run()
    assert app.dataframe[0].value.iloc[0]["On the clock"] == "20:30:11"
    app.button(key="subtitles.attach").click().run()
    assert subtitles_of(store)[0].offset_ms == -10_000


def test_a_wrong_offset_is_said_where_it_stands(page: Page, store: Store) -> None:
    app = uploaded(page(), THREE)
    labelled(app.text_input, "The airing begins at (in the file)").set_value("soon").run()
    assert "«soon» is not an offset" in told(app)
    assert labelled(app.text_input, "The airing begins at (in the file)").value == "soon"


def test_the_encoding_is_asked(page: Page) -> None:
    app = uploaded(page(), THREE.replace("One", "Бір").encode("cp1251"))
    assert "is not UTF-8" in told(app)
    assert not app.dataframe
    labelled(app.selectbox, "Encoding").set_value("cp1251").run()
    assert "Б" in app.dataframe[0].value.iloc[0]["Words"]


def test_problems_have_line_and_time_and_nothing_is_attached(page: Page, store: Store) -> None:
    app = uploaded(page(), "1\n00:00:05,000 --> 00:00:02,000\n<b>one\n\n2\n<i> --> later\ntwo\n")
    words = told(app)
    assert "<td>2</td>" in words and "0:00:05" in words and "<td>6</td>" in words
    assert not [each for each in app.button if each.key == "subtitles.attach"]


def test_all_outside_cannot_be_attached(page: Page) -> None:
    app = uploaded(page(), THREE)
    labelled(app.selectbox, "Language").set_value("ka").run()
    labelled(app.text_input, "The airing begins at (in the file)").set_value("10:00:00").run()
    assert "no cue is inside a-0312" in told(app)
    assert not [each for each in app.button if each.key == "subtitles.attach"]


def test_removal_is_confirmed(page: Page, store: Store) -> None:
    app = uploaded(page(), THREE)
    labelled(app.selectbox, "Language").set_value("ka").run()
    app.button(key="subtitles.attach").click().run()
    app.selectbox(key="subtitles.one").select_index(0).run()
    assert "What was coded stays" in told(app)
    app.button(key="subtitles.remove").click().run()
    assert "a-0312: removed." in told(app)
    assert subtitles_of(store) == []


def test_who_does_not_supervise_attaches_nothing(page: Page) -> None:
    app = page(PersonRole.CODER)
    assert "not for your role" in app.error[0].value
    assert not app.file_uploader


def test_a_folder_is_copied_first(page: Page, tmp_path: Path) -> None:
    app = page(where=str(tmp_path / "mission"))
    assert "This mission is a folder" in told(app)
    assert not app.file_uploader
