"""The end of the page Tone: hand codes beside both together, the reading, and why there is nothing to show."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding.exchange.into import import_folder
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.suggestions import reading, reading_job
from coding.vocabulary import PersonRole
from tests.missions import write_mission
from tests.monitoring.combined.made import Reader, airings, prepared

ROOT = Path(__file__).parents[2]
Page = Callable[..., AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A draw that is coded; the model has read nothing yet."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(reading, "opened", lambda _: Reader())
    folder = write_mission(tmp_path / "mission", airings=airings())
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(folder, made.url, "test")
    return prepared(made)[0]


@pytest.fixture
def opened(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Page:
    def run(language: str = "en", role: str = PersonRole.SUPERVISOR, mission: str = store.url) -> AppTest:
        signed_in(role)
        monkeypatch.setenv("EVENHAND_MISSION", mission)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        app.session_state["combined.open"] = True
        return app.run().switch_page("monitoring/pages/tone.py").run()

    return run


def plain(app: AppTest) -> str:
    assert not app.exception
    words = "\n".join(str(element.proto.body) for element in app.get("html"))
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", words, flags=re.DOTALL))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_both_stand_side_by_side_in_every_language(opened: Page, store: Store, language: str) -> None:
    reading.read(store)
    app = opened(language)
    words = plain(app)
    assert "made for a test" in words
    assert not re.search(r"(combined|problem|page)\.\w", words)
    shown = app.dataframe[-1].value
    assert len(shown.columns) == 8
    assert not any(re.search(r"(combined|word)\.\w", name) for name in shown.columns)


def test_the_gain_is_shown_apart_from_the_hand_codes(opened: Page, store: Store) -> None:
    reading.read(store)
    app = opened()
    words = plain(app)
    assert "Rests on 24 of them, drawn at random and coded blind (draws: 1), and on what the model v1 reads" in words
    assert "never in its place" in words
    shown = app.dataframe[-1].value
    assert list(shown.columns[-5:]) == [
        "Hand-coded sample alone",
        "Hand and machine",
        "As if this much had been coded",
        "Coded airings with the subject",
        "Why without an interval",
    ]
    row = shown[(shown["Tone"] == "negative") & (shown["Outlet"] == "Channel A")].iloc[0]
    assert re.fullmatch(r"[\d.]+\s% \([\d.]+\s% to [\d.]+\s%; width [\d.]+\)", row["Hand and machine"])
    assert row["As if this much had been coded"].startswith("× ")
    app.toggle(key="combined.pooled").set_value(True).run()
    pooled = app.dataframe[-1].value
    assert "Outlet" not in pooled
    assert set(pooled["Coded airings with the subject"]) == {"24 of 24"}


def test_what_was_not_read_is_offered_to_who_supervises(
    opened: Page, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(reading_job, "start_reading", begun.append)
    app = opened()
    assert "The model has not read 44 of 44 airings with subtitles" in plain(app)
    app.button(key="combined.read").click().run()
    assert begun == [store.url]
    app = opened(role=PersonRole.ANALYST)
    assert "A supervisor lets the model read them" in plain(app)
    assert "combined.read" not in [each.key for each in app.button]


def test_a_mission_without_a_draw_says_what_to_do(opened: Page, small_folder: Path) -> None:
    app = opened(mission=str(small_folder))
    assert "No random draw is on record" in plain(app)
    assert "Hand out airings on the page Queue" in plain(app)


def test_nothing_is_computed_before_somebody_opens_it(opened: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    app.session_state["combined.open"] = False
    assert "The model has not read" not in plain(app.run())
