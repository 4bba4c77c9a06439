"""What differs from what, and how surely?"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from coding.vocabulary import Speech
from monitoring.charts import comparison, picture
from monitoring.comparison import sentences
from monitoring.comparison.asked import Comparison, Quantity, Side
from monitoring.comparison.compare import compare
from monitoring.comparison.table import headings, shown_table
from monitoring.coverage import Coverage
from monitoring.pages import frame
from monitoring.pages.answer import evidence, names_column, rows_to_segments
from monitoring.pages.compare_choice import chosen_comparison
from monitoring.pages.filters import KEPT
from monitoring.selection import Selection
from monitoring.words import Words

Behind = tuple[Selection, Mapping[str, Any]]


@st.cache_data(max_entries=200, show_spinner=False)
def _compared(asked: Comparison, url: str, state: str, _held: Coverage) -> pd.DataFrame:
    return compare(_held, asked)


def body(view: frame.View) -> None:
    """The choices, the answer as chart and table, and what its words mean."""
    asked = chosen_comparison(view)
    if asked is None:
        return
    found = _compared(asked, view.store.url, view.coverage.fingerprint, view.coverage)
    words = view.words
    if found.empty:
        st.info(sentences.headline(found, asked, words))
        return
    _answer(view, asked, found)
    frame.text("head", words.t("page.compare.limits"), "h2")
    numbers = {"asked": words.number(len(found)), "family": words.number(found["family"].iloc[0])}
    told = (sentences.limits(asked.quantity, words), words.t("page.compare.limits_ours"))
    for line in (*told, words.t("page.compare.counted", **numbers), sentences.method(asked, words)):
        frame.text("note", line)


@st.fragment
def _answer(view: frame.View, asked: Comparison, found: pd.DataFrame) -> None:
    words, t = view.words, view.words.t
    chart = view.drawn(comparison, found, asked, _figure(view, asked, found))
    key = str(hash(asked))
    event = st.vega_lite_chart(chart, theme=None, width="content", key=f"chart.compare.{key}", on_select="rerun")
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare.under"):
        st.download_button(
            t("app.picture"), partial(picture, chart), words.file_name("compare", "png"), "image/png",
            on_click="ignore",
        )  # fmt: skip
        which = _which_side(view, asked)
    behind = [_behind(asked, row, which) for row in found.to_dict("records")]
    picked = event["selection"].get("pick") or []
    if picked:
        selection, columns = behind[int(picked[0]["row"])]
        evidence(view, columns, selection, "evidence.compare.chart")
    else:
        frame.text("note", t("page.evidence.hint"))
    frame.text("head", t("page.compare.table"), "h2")
    shown = shown_table(found, asked, words)
    rows_to_segments(view, shown, behind, f"table.compare.{key}.{which}", column_config=_headings(asked, shown, words))
    st.download_button(
        t("app.download"), words.csv(found), words.file_name("compare"), "text/csv", key="download.compare",
        on_click="ignore",
    )  # fmt: skip


def _figure(view: frame.View, asked: Comparison, found: pd.DataFrame) -> Any:
    words = view.words
    sides = {which: sentences.side_short(asked, which, words) for which in ("a", "b")}
    what = sentences.quantity_name(asked.quantity, str(found["unit"].iloc[0]), words)
    basis = "basis_tone" if asked.quantity == Quantity.TONE else "basis"
    return view.figure(
        sentences.headline(found, asked, words),
        words.t(f"chart.comparison.{basis}", **sides, what=what),
        words.t("chart.comparison.marks"),
    )


def _which_side(view: frame.View, asked: Comparison) -> str:
    """Whose segments a click shows."""
    names = {which: sentences.side_short(asked, which, view.words) for which in ("a", "b")}
    return str(
        st.segmented_control(
            view.words.t("page.compare.behind"), list(names), default="a", required=True, key="compare.behind",
            format_func=lambda which: f"{which.upper()}: {names[which]}", **KEPT,
        )
    )  # fmt: skip


def _behind(asked: Comparison, row: Mapping[Any, Any], which: str) -> Behind:
    """Where the segments of one row stand: the selection of a side, and the group."""
    side = asked.a if which == "a" else asked.b
    selection = asked.of_side(Side(outlets=(row["place"],)) if row["place"] else side)
    if asked.quantity == Quantity.SPEECH:
        selection = replace(selection, speech=(Speech.DIRECT,))
    return selection, {"group": side.group or row["group"]}


NAMED = 150
"""Pixels of the names, so that all columns of figures beside them stay on a laptop's screen in every language."""


def _headings(asked: Comparison, shown: pd.DataFrame, words: Words) -> dict[str, Any]:
    told = headings(asked, words)
    columns = {name: st.column_config.Column(heading) for name, heading in told.items()}
    return columns | {"name": names_column(told["name"], shown["name"], NAMED)}


frame.show("compare", body)
