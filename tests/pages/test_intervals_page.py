"""Intervals on the pages of results, and the section that says what carries a result."""

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from coding.languages import languages, translator
from tests.pages.conftest import ROOT, chart, lines, told

Page = Callable[..., AppTest]
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
OF = {"share": "share", "tone": "balance", "appearances": "appearance_share"}


def marks(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of the panels of a chart."""
    layers: list[dict[str, Any]] = spec["spec"]["layer"]
    return layers


def rows(app: AppTest, number: int = 0) -> pd.DataFrame:
    """The rows that a chart of the page draws."""
    content = app.get("vega_lite_chart")[number].proto.datasets[0].data.data
    drawn: pd.DataFrame = pa.ipc.open_stream(content).read_pandas()
    return drawn


@pytest.mark.parametrize("name", ["share", "appearances", "timeline"])
def test_the_subtitle_says_what_the_interval_is_about(page: Page, name: str) -> None:
    app = page(name, mission=SAMPLE)
    assert "resampled outlet-days" in lines(app, "subtitle")
    assert "census of what was on air" in lines(app, "subtitle")
    assert rows(app)["low"].notna().any()


def test_a_single_day_of_an_outlet_has_none_and_says_so(page: Page) -> None:
    app = page("timeline", mission=SAMPLE, step="date")
    assert "No intervals: fewer than 8 days" in lines(app, "subtitle")
    assert not any(layer["mark"]["type"] == "area" for layer in marks(chart(app)))


def test_the_band_of_the_timeline_breaks_where_nothing_was_monitored(page: Page) -> None:
    bands = [layer for layer in marks(chart(page("timeline", mission=SAMPLE))) if layer["mark"]["type"] == "area"]
    assert [band["mark"]["invalid"] for band in bands] == ["break-paths-show-domains"]
    assert bands[0]["encoding"]["color"]["field"] == "colour"


@pytest.mark.parametrize("name", OF)
def test_the_table_has_low_and_high_in_words(page: Page, name: str) -> None:
    shown = page(name, mission=SAMPLE).dataframe[0]
    assert {"low", "high"} <= set(shown.value.columns)
    known = shown.value[shown.value["low"].notna()]
    assert (known["low"] <= known["value"]).all()
    assert "95 %: from" in shown.proto.columns
    assert "95 %: to" in shown.proto.columns


def test_a_small_mission_has_no_interval_and_no_columns_for_it(page: Page) -> None:
    app = page("share")
    assert "low" not in app.dataframe[0].value.columns
    assert "No intervals" in lines(app, "subtitle")


def test_tone_balances_have_a_chart_of_their_own(page: Page) -> None:
    app = page("tone", mission=SAMPLE)
    balances = json.loads(app.get("vega_lite_chart")[1].proto.spec)
    subtitle = " ".join(balances["title"]["subtitle"])
    assert "Tone balance, weighted by" in subtitle
    assert "resampled outlet-days" in subtitle
    assert "synthetic segments" in subtitle
    assert (rows(app, 1)["low"] < 0).any()


@pytest.mark.parametrize("name", OF)
def test_what_carries_a_result_is_closed_at_first(page: Page, name: str) -> None:
    app = page(name, mission=SAMPLE)
    assert translator()("carries.title") in [part.label for part in app.expander]
    assert "in place of" not in told(app)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", OF)
def test_it_opens_with_a_sentence_and_its_tables(page: Page, name: str, language: str) -> None:
    app = page(name, mission=SAMPLE, language=language, **{f"carries__{OF[name]}": True})
    assert not app.exception
    assert not app.error
    t = translator(language)
    assert t("carries.changes") in told(app)
    assert "(synthetic segments)" in told(app)
    headings = {heading for each in app.dataframe for heading in each.value.columns}
    assert t("carries.column_without") in headings
    assert t("carries.column_lowest") in headings


def test_airings_can_be_left_out_instead(page: Page) -> None:
    app = page("share", mission=SAMPLE, carries__share=True, carries__of__share="airing")
    assert not app.exception
    assert any("Without the airing" in each.value.columns for each in app.dataframe)


def test_a_small_mission_without_enough_material_says_so(page: Page) -> None:
    app = page("share", carries__share=True)
    assert not app.exception
    assert "Too little material" in told(app)
