"""The page Rules: answers as titles, sources, what could not be judged, incidents, and what to write without rules."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.fictitious import INCIDENTS, write_fictitious
from tests.pages.conftest import ROOT, chart, told

Page = Callable[..., AppTest]


@pytest.fixture(scope="module")
def teapotia(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fictitious(tmp_path_factory.mktemp("fictitious") / "teapotia", incidents=INCIDENTS)


def titles(app: AppTest) -> list[str]:
    """The titles of all charts, in one line each."""
    import json

    specs = [json.loads(each.proto.spec)["title"]["text"] for each in app.get("vega_lite_chart")]
    return [text if isinstance(text, str) else " ".join(text) for text in specs]


def test_each_ruling_is_a_section_whose_title_is_the_answer(page: Page, teapotia: Path) -> None:
    app = page("rules", teapotia)
    assert not app.exception
    found = titles(app)
    assert found[0].endswith("2 of 3 used it in full. Short of it: Green Radish Party (0:03:00 left).")
    assert any("Compass TV (09-18, speaking time): Blue Kettle Party had 100 per cent" in each for each in found)
    assert any("Palace had more than 33.3 per cent of the time on 1 of 2 outlets" in each for each in found)
    assert any("Blue Kettle Party on Lantern TV has too much, 0:04:00" in each for each in found)
    assert any("Red Umbrella Party 0:00:20; segments: 1" in each for each in found)
    written = told(app)
    assert "Source: decision 1 of the commission of Teapotia" in written
    assert "A free slot was refused (refused: 0:02:00)" in written
    assert "Whistle Radio: not monitored, so nothing can be said" in written
    assert "fictitious mission" in written


def test_what_is_granted_is_headed_in_the_language_of_the_reader(page: Page) -> None:
    app = page("rules", ROOT / "sample_data" / "kazakhstan_2007", language="ru")
    assert "бесплатное эфирное время, Хабар" in app.dataframe[0].value.iloc[:, 0].tolist()
    assert ">бесплатное эфирное время, Хабар</h2>" in told(app)
    assert "free airtime" not in told(app)


def test_one_ruling_can_be_chosen(page: Page, teapotia: Path) -> None:
    app = page("rules", teapotia)
    app.selectbox(key="fictitious.rules.chosen").select("paid slots").run()
    assert len(titles(app)) == 1


def test_another_kind_of_time_is_another_table(page: Page, teapotia: Path) -> None:
    app = page("rules", teapotia)
    app.selectbox(key="fictitious.rules.chosen").select("equal speaking time").run()
    assert "speaking time" in titles(app)[0]
    app.button_group[0].set_value("all time").run()
    assert not app.exception
    assert "all time" in titles(app)[0]


def test_a_mission_without_rules_says_what_to_write(page: Page) -> None:
    app = page("rules")
    assert not app.exception
    assert app.info[0].value == "This mission has no rules and no entitlements."
    assert "[[rules]]" in app.code[0].value
    assert not app.get("vega_lite_chart")


def test_the_notice_stands_in_every_chart(page: Page, teapotia: Path) -> None:
    app = page("rules", teapotia)
    assert "fictitious mission" in " ".join(chart(app)["title"]["subtitle"])


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_it_speaks_other_languages(page: Page, teapotia: Path, language: str) -> None:
    app = page("rules", teapotia, language=language)
    assert not app.exception
    assert len(titles(app)) == 5


def test_the_head_names_who_is_over_and_who_under(page: Page, teapotia: Path) -> None:
    app = page("rules", teapotia)
    head = app.dataframe[0].value.set_index("Rule or grant")
    assert head.loc["paid slots", "Over"] == "Blue Kettle Party (Lantern TV)"
    assert "Green Radish Party" in head["Under"].iloc[0]
    assert (head["Not judged"].astype(int) > 0).any()
