"""The parts of a result on a page: chart, table with its download, and the segments behind a click."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from monitoring.charts import picture
from monitoring.evidence import AT_MOST, number_behind, segments_behind
from monitoring.metrics import METRICS
from monitoring.pages.frame import View, text
from monitoring.selection import Selection
from monitoring.words import Words, clock

KINDS = {metric.name: metric.value for metric in METRICS}


@st.fragment
def answer(view: View, metric: str, result: pd.DataFrame, chart: Any, counted: Selection | None = None) -> None:
    """Chart, table, and under them the segments behind the mark that was clicked.

    `counted` is the selection of the result where it is not that of the page.
    """
    # another selection is another chart: a mark picked in the former one must not stay picked
    key = f"chart.{metric}.{hash((view.selection, *result.columns))}"
    event = st.altair_chart(chart, theme=None, width="content", key=key, on_select="rerun")
    words = view.words
    st.download_button(
        words.t("app.picture"), partial(picture, chart), words.file_name(metric, "png"), "image/png", on_click="ignore"
    )
    table(view, metric, result)
    picked = event["selection"].get("pick") or []
    if picked:
        evidence(view, picked[0], counted or view.selection)
    else:
        text("note", view.words.t("page.evidence.hint"))


def table(view: View, metric: str, result: pd.DataFrame, title: str = "") -> None:
    """The numbers under a chart, and their download with exact integers."""
    words = view.words
    text("head", title or words.t("app.table"), "h2")
    shown = shown_table(result, metric, words)
    columns = {name: st.column_config.Column(heading(name, metric, words)) for name in shown.columns}
    st.dataframe(
        shown, hide_index=True, column_config=columns, height=min(38 + 35 * len(result), 360), key=f"table.{metric}"
    )
    st.download_button(
        words.t("app.download"),
        words.csv(result),
        words.file_name(metric),
        "text/csv",
        key=f"download.{metric}",
        on_click="ignore",
    )


def heading(name: str, metric: str, words: Words) -> str:
    """The heading of a result's column."""
    return words.t(f"word.value.{metric}") if name == "value" else words.t(f"word.column.{name}")


def shown_table(result: pd.DataFrame, metric: str, words: Words) -> Any:
    """The result with texts in place of its numbers for the eye; the numbers stay beneath, so that sorting is right."""
    empty = [name for name in ("low", "high") if result[name].isna().all()]
    units = result["unit"]
    names = result.columns[: result.columns.get_loc("value")]
    kept = result.drop(columns=["unit", *empty])
    kept = kept.assign(**{name: kept[name].map(partial(words.named, name)) for name in names})
    unknown = words.t("word.no_value")
    value: Any = partial(words.value, kind=KINDS[metric])
    count: Any = words.number
    styled = kept.style.format({"value": value}, na_rep=unknown).format(count, subset=["segments", "airings"])
    for unit in units.unique():
        rows = units.index[units == unit]
        in_words: Any = partial(words.amount, unit=unit)
        styled = styled.format(in_words, subset=(rows, ["amount", "total_amount"]))
    return styled


def evidence(view: View, picked: Mapping[str, Any], selection: Selection) -> None:
    """The segments behind one mark: all of them, or as many as a screen can show, with the number of all."""
    words = view.words
    total = number_behind(view.coverage, selection, picked)
    names = ", ".join(words.named(column, str(value)) for column, value in picked.items())
    text("head", words.t("page.evidence.title", names=names), "h2")
    if not total:
        text("note", words.t("page.evidence.none"))
        return
    numbers = {"total": words.number(total), "shown": words.number(AT_MOST)}
    text("note", words.t("page.evidence.first" if total > AT_MOST else "page.evidence.number", **numbers))
    found = segments_behind(view.coverage, view.store, selection, picked)
    shown = shown_segments(found, words)
    columns = {name: st.column_config.Column(words.t(f"word.column.{name}")) for name in shown.columns}
    st.dataframe(shown, hide_index=True, column_config=columns, key="evidence")


def shown_segments(found: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Segments as a reader sees them: times within the airing, amounts in words, names in the reader's language."""
    where = ["start_ms", "end_ms"] if found["start_ms"].notna().any() else ["page"]
    order = ["outlet", "date", "programme", *where, "subject", "role", "speech", "tone", "amount", "text", "coder"]
    amounts = [words.amount(amount, unit) for amount, unit in zip(found["amount"], found["unit"], strict=True)]
    named = {c: found[c].map(partial(words.named, c)) for c in ("outlet", "subject", "role", "speech", "tone")}
    times = {name: found[name].map(clock, na_action="ignore") for name in where if name != "page"}
    return found.assign(amount=amounts, **named, **times)[order]
