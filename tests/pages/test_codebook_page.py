"""The Codebook page without a browser: versions in words, a guided change from look to confirmation, and recoding."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coding.codebook.applying import applied
from coding.codebook.changing import Wanted
from coding.exchange.into import import_folder
from coding.store import Store
from coding.store.assignments import assign, assignments, change
from coding.store.codebook_changes import Change, changes
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.vocabulary import CodeKind, PersonRole, Progress, Purpose
from tests.missions import segment, write_mission

ROOT = Path(__file__).parents[2]
WILD = "<img src=x onerror=alert(1)> *bold*"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The small mission in a store of the data folder, with four segments of the topic economy."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(write_mission(tmp_path / "mission"), made.url, "test")
    made.add(
        [
            *(segment(n, start=n * 10, end=n * 10 + 5, topic="economy", text=f"Text {n}") for n in (1, 2, 3)),
            segment(4, "a-0313", start=0, end=5, topic="economy", subject="Red Party", coder="coder-2"),
        ],
        "test",
    )
    return made


@pytest.fixture
def page(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    def run(part: str = "versions", mission: str = store.url, language: str = "en") -> AppTest:
        monkeypatch.setenv("EVENHAND_MISSION", mission)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        app.session_state["codebook.part"] = part
        return app.switch_page("coding/pages/codebook.py").run()

    return run


def told(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def at(app: AppTest, kind: str, label: str) -> Any:
    found: Any = app.get(kind)
    return next(each for each in found if each.label == label)


def split(store: Store) -> None:
    applied(store, Wanted(CodeKind.TOPIC, Change.SPLIT, ("economy",), ("prices", "jobs")), "supervisor", "too broad")


def asked(app: AppTest, old: str, new: str) -> AppTest:
    """The form after a renaming of a subject was asked for and looked at."""
    at(app, "selectbox", "Name now").set_value(old).run()
    at(app, "text_input", "New name").set_value(new).run()
    return app.button(key="codebook.look").click().run()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_part_opens_in_every_language(page: Callable[..., AppTest], store: Store, language: str) -> None:
    split(store)
    app = page(language=language)
    for part in ("versions", "change", "recode"):
        app.session_state["codebook.part"] = part
        words = told(app.run())
        assert "made for a test" in words
        assert not re.search(r"page\.|problem\.|codebook\.", words)


def test_versions_are_told_newest_first_and_as_text(page: Callable[..., AppTest], store: Store) -> None:
    applied(store, Wanted(CodeKind.SUBJECT, Change.RENAME, ("Red Party",), (WILD,)), "supervisor", f"why {WILD}")
    words = told(page())
    assert words.index("Version 2 ·") < words.index("Version 1 ·")
    assert "The first version." in words
    assert "is now called &lt;img src=x onerror=alert(1)&gt; *bold*" in words
    assert "<img" not in words


def test_a_folder_shows_its_codebook_and_offers_a_copy(page: Callable[..., AppTest], tmp_path: Path) -> None:
    mission = (tmp_path / "mission" / "mission.toml").read_text().replace('"small"', '"other"')
    app = page("change", mission=str(write_mission(tmp_path / "other", mission=mission)))
    assert "read from a folder" in told(app)
    assert "Version 1 ·" in told(app)
    assert app.button(key="copy")
    assert not app.text_input


def test_a_change_is_looked_at_first_and_made_with_a_reason(page: Callable[..., AppTest], store: Store) -> None:
    app = asked(page("change"), "Blue Party", "Azure Union")
    words = told(app)
    assert "Carried over to the new name: segments 3, in airings 1, of coders 1." in words
    assert "President, Ana Turncoat follow to Azure Union" in words
    assert changes(store) == []
    app.button(key="codebook.do").click().run()
    assert "Nothing was changed." in told(app)
    at(app, "text_input", "Reason for the change").set_value("a new name in the register").run()
    app.button(key="codebook.do").click().run()
    assert "Codebook version 2: 3 segments and 0 airings were carried over." in told(app)
    (made,) = changes(store)
    assert (made.reason, made.recorded_by) == ("a new name in the register", "test admin")
    assert {each.subject for each in store.segments()} == {"Azure Union", "Red Party"}
    assert "What it would do" not in told(app)


def test_what_stands_in_the_way_is_a_table_and_an_old_look_is_not_confirmed(
    page: Callable[..., AppTest], store: Store
) -> None:
    app = asked(page("change"), "Blue Party", "Red Party")
    assert "there is Red Party already" in told(app)
    assert "What it would do" not in told(app)
    app = asked(app, "Blue Party", "Azure Union")
    at(app, "text_input", "New name").set_value("Another Union").run()
    assert "What it would do" not in told(app), "what was looked at is not what is asked for now"
    app.button(key="codebook.look").click().run()
    applied(store, Wanted(CodeKind.TOPIC, Change.NEW, (), ("health",)), "somebody", "meanwhile")
    at(app, "text_input", "Reason for the change").set_value("why").run()
    app.button(key="codebook.do").click().run()
    assert "Nothing was changed." in told(app)
    assert store.codebook_version() == 2


def test_a_new_subject_comes_with_its_facts(page: Callable[..., AppTest], store: Store) -> None:
    app = page("change")
    at(app, "selectbox", "Change").set_value(Change.NEW).run()
    at(app, "text_input", "New name").set_value("Yellow Party").run()
    at(app, "text_input", "Colour").set_value("yellow").run()
    app.button(key="codebook.look").click().run()
    assert "Nothing was changed." in told(app)
    at(app, "text_input", "Colour").set_value("#ffcc00").run()
    at(app, "text_input", "Ballot no.").set_value("4").run()
    app.button(key="codebook.look").click().run()
    at(app, "text_input", "Reason for the change").set_value("registered late").run()
    app.button(key="codebook.do").click().run()
    new = next(each for each in store.mission().subjects if each.name == "Yellow Party")
    assert (new.colour, new.ballot) == ("#ffcc00", 4)


def test_segments_are_recoded_one_by_one_and_all_at_once(page: Callable[..., AppTest], store: Store) -> None:
    split(store)
    app = page("recode")
    assert "Topic «economy»: 0 of 4 recoded, 4 left" in told(app)
    table = app.data_editor[0].value
    assert list(table.columns[:3]) == ["into", "text", "subject"], "what to decide by stands in sight"
    assert list(table["text"]) == ["Text 1", "Text 2", "Text 3", ""]
    key = str(app.data_editor[0].key)
    app.session_state[key] = {"edited_rows": {0: {"into": "jobs"}}, "added_rows": [], "deleted_rows": []}
    app.run()
    app.button(key="codebook.recode.picked").click().run()
    assert "a reason is needed" in told(app)
    at(app, "text_input", "Reason for recoding").set_value("read again").run()
    app.session_state[key] = {"edited_rows": {0: {"into": "jobs"}}, "added_rows": [], "deleted_rows": []}
    app.run()
    app.button(key="codebook.recode.picked").click().run()
    assert "Recoded: 1." in told(app)
    assert "1 of 4 recoded, 3 left" in told(app)
    at(app, "selectbox", "Coder").set_value("coder-1").run()
    at(app, "selectbox", "All of this choice as").set_value("prices").run()
    at(app, "text_input", "Reason for recoding").set_value("the rest").run()
    app.button(key="codebook.recode.all").click().run()
    topics = {int(each.segment_id[-1]): each.topic for each in store.segments()}
    assert topics == {1: "jobs", 2: "prices", 3: "prices", 4: "economy"}
    assert store.history(segment(2, start=0, end=1).segment_id)[-1].reason == "the rest"


def test_airings_go_back_to_coders_or_open_at_the_desk(
    page: Callable[..., AppTest], store: Store, signed_in: Callable[[str], None]
) -> None:
    assign(store, ["a-0313"], "coder-2", Purpose.CODING, "supervisor")
    change(store, "a-0313", "coder-2", Progress.DONE, "coder-2")
    split(store)
    app = page("recode")
    app.button(key="codebook.recode.back").click().run()
    assert "Airings given back: 1. Not given back" in told(app)
    (mine,) = assignments(store)
    assert mine.progress == Progress.RETURNED
    assert "economy" in mine.note
    at(app, "selectbox", "Airing to open at the desk").set_value("a-0313").run()
    app.button(key="codebook.recode.open").click().run()
    assert app.session_state["desk.airing"] == "a-0313"
    signed_in(PersonRole.CODER)
    assert "ev-version" not in told(page())
