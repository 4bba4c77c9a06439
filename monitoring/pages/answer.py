"""The parts of a result on a page: chart, table with its download, and the segments behind a click."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from monitoring.charts import picture
from monitoring.evidence import AT_MOST, STRETCH, number_behind, segments_behind
from monitoring.metrics import METRICS
from monitoring.pages.frame import View, text
from monitoring.selection import Selection
from monitoring.words import Words, clock

MOST_ROWS, TALLEST = 10, 360
KINDS = {metric.name: metric.value for metric in METRICS}
LONG_NAME, NAME_WIDTH, NAME_WIDTH_LEAST = 32, 240, 180
"""Letters beyond which a name is long, and the pixels of a column of long names, in a table of many columns too."""


@st.fragment
def answer(
    view: View, metric: str, result: pd.DataFrame, chart: dict[str, Any], counted: Selection | None = None
) -> None:
    """Chart, table, and under them the segments behind the mark or the row that was picked last.

    `chart` is a specification (`View.drawn`), `counted` the selection of the result where it is not that of the page.
    """
    # another selection is another chart: a mark picked in the former one must not stay picked
    key = f"chart.{metric}.{hash((view.selection, *result.columns))}"
    event = st.vega_lite_chart(chart, theme=None, width="content", key=key, on_select="rerun")
    words = view.words
    st.download_button(
        words.t("app.picture"), partial(picture, chart), words.file_name(metric, "png"), "image/png", on_click="ignore"
    )
    marked = next(iter(event["selection"].get("pick") or []), None)
    picks = {"chart": marked, "table": table(view, metric, result)}
    picked = picks.get(latest(picks, f"{key}.picked"))
    if picked:
        evidence(view, picked, counted or view.selection, f"evidence.{metric}")
    else:
        text("note", view.words.t("page.evidence.hint"))


@st.fragment
def rows_to_segments(
    view: View, shown: Any, behind: Sequence[tuple[Selection, Mapping[str, Any]] | None], key: str, **options: Any
) -> None:
    """A table of which a row can be picked; the segments behind the picked row stand under it.

    `shown` is what `st.dataframe` takes, `behind` holds for each of its rows the selection and the columns of coverage
    with their values (None: nothing stands behind it); `options` go to `st.dataframe`.
    """
    event = st.dataframe(
        shown, hide_index=True, key=key, on_select="rerun", selection_mode="single-row", **options
    )  # fmt: skip
    rows = event["selection"]["rows"]
    found = behind[rows[0]] if rows and rows[0] < len(behind) else None
    if found is not None:
        evidence(view, found[1], found[0], f"evidence.{key}")
    else:
        text("note", view.words.t("page.evidence.row_none" if rows else "page.evidence.row_hint"))


@st.fragment
def table_alone(view: View, metric: str, result: pd.DataFrame, title: str) -> None:
    """A table without a chart of its own; the segments behind the picked row stand under it."""
    picked = table(view, metric, result, title)
    if picked:
        evidence(view, picked, view.selection, f"evidence.{metric}")
    else:
        text("note", view.words.t("page.evidence.row_hint"))


def table(view: View, metric: str, result: pd.DataFrame, title: str = "") -> Mapping[str, Any] | None:
    """The numbers under a chart, and their download with exact integers; the columns of coverage of the picked row."""
    words = view.words
    text("head", title or words.t("app.table"), "h2")
    shown = shown_table(result, metric, words)
    columns = {name: st.column_config.Column(heading(name, metric, words)) for name in shown.columns}
    # another selection is another table: a row picked in the former one must not stay picked
    key = f"table.{metric}.{hash((view.selection, *result.columns))}"
    event = st.dataframe(
        shown, hide_index=True, column_config=columns, height=height(len(result)), key=key, on_select="rerun",
        selection_mode="single-row",
    )  # fmt: skip
    st.download_button(
        words.t("app.download"),
        words.csv(result),
        words.file_name(metric),
        "text/csv",
        key=f"download.{metric}",
        on_click="ignore",
    )
    rows = event["selection"]["rows"]
    return cell_of(result, int(rows[0])) if rows and rows[0] < len(result) else None


def cell_of(result: pd.DataFrame, row: int) -> dict[str, Any]:
    """The columns of coverage behind a row of a result; planned, monitored and coded share their segments."""
    names = result.columns[: result.columns.get_loc("value")]
    return {name: result[name].iloc[row] for name in names if name != "stage"}


def height(rows: int) -> int | Literal["content"]:
    """As high as the rows are, up to ten of them; then the table scrolls."""
    return "content" if rows < MOST_ROWS else TALLEST


def latest(picks: Mapping[str, Mapping[str, Any] | None], key: str) -> str:
    """Where something was picked last, since a mark and a row may both be marked; nothing where none is."""
    before, current = st.session_state.get(key, ({}, ""))
    changed = next((name for name, pick in picks.items() if pick and pick != before.get(name)), current)
    standing = changed if picks.get(changed) else next((name for name, pick in picks.items() if pick), "")
    st.session_state[key] = (dict(picks), standing)
    return standing


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
    values = [name for name in ("value", "low", "high") if name in kept]
    styled = kept.style.format(dict.fromkeys(values, value), na_rep=unknown)
    styled = styled.format(count, subset=["segments", "airings"])
    for unit in units.unique():
        rows = units.index[units == unit]
        in_words: Any = partial(words.amount, unit=unit)
        styled = styled.format(in_words, subset=(rows, ["amount", "total_amount"]))
    return styled


def names_column(label: str, names: Iterable[str], width: int = NAME_WIDTH) -> Any:
    """A column of names. Long ones are cut, so that the numbers beside them stay on a laptop's screen.

    A click on a cell shows its whole name.
    """
    long = max(map(len, names), default=0) > LONG_NAME
    return st.column_config.Column(label, width=width if long else None)


def evidence(view: View, picked: Mapping[str, Any], selection: Selection, key: str = "evidence") -> None:
    """The segments behind one mark: all of them, or as many as a screen can show, with the number of all."""
    total = number_behind(view.coverage, selection, picked)
    found = segments_behind(view.coverage, view.store, selection, picked) if total else None
    listing(view.words, picked, total, found, key)


def listing(words: Words, picked: Mapping[str, Any], total: int, found: pd.DataFrame | None, key: str) -> None:
    """The segments of a cell under its name, and how many there are in all."""
    names = ", ".join(
        words.listed(column, value if isinstance(value, tuple) else [value])
        for column, value in picked.items()
        if column != STRETCH
    )
    text("head", words.t("page.evidence.title", names=names), "h2")
    if found is None:
        text("note", words.t("page.evidence.none"))
        return
    numbers = {"total": words.number(total), "shown": words.number(AT_MOST)}
    text("note", words.t("page.evidence.first" if total > AT_MOST else "page.evidence.number", **numbers))
    shown = shown_segments(found, words)
    columns = {name: st.column_config.Column(words.t(f"word.column.{name}")) for name in shown.columns}
    st.dataframe(shown, hide_index=True, column_config=columns, key=key)


def shown_segments(found: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Segments as a reader sees them: times within the airing, amounts in words, names in the reader's language."""
    where = ["start_ms", "end_ms"] if found["start_ms"].notna().any() else ["page"]
    order = ["outlet", "date", "programme", *where, "subject", "role", "speech", "tone", "amount", "text", "coder"]
    amounts = [words.amount(amount, unit) for amount, unit in zip(found["amount"], found["unit"], strict=True)]
    named = {c: found[c].map(partial(words.named, c)) for c in ("outlet", "subject", "role", "speech", "tone")}
    times = {name: found[name].map(clock, na_action="ignore") for name in where if name != "page"}
    return found.assign(amount=amounts, **named, **times)[order]
