"""A part of the pages of results: what carries a result, day by day or airing by airing. Computed when it is opened."""

from typing import Any

import pandas as pd
import streamlit as st

from monitoring.coverage import Coverage
from monitoring.intervals import words as say
from monitoring.intervals.leave_out import Part, changes, summary, without_each
from monitoring.metrics import METRICS
from monitoring.pages.answer import rows_to_segments
from monitoring.pages.frame import View, text
from monitoring.selection import Selection


def what_carries(view: View, metric: str, result: pd.DataFrame, selection: Selection | None = None) -> None:
    """A closed section: the sentence, each row without one of its days, and the changes that lead to the segments.

    `selection` is that of the result where it is not that of the page.
    """
    t = view.words.t
    section = st.expander(t("carries.title"), key=f"carries.{metric}", on_change="rerun")
    if section.open:
        with section:
            _opened(view, metric, result, selection or view.selection)


def _opened(view: View, metric: str, result: pd.DataFrame, selection: Selection) -> None:
    words, t = view.words, view.words.t
    part = Part(
        str(
            st.segmented_control(
                t("carries.of"), [each.value for each in Part], default=Part.DAY.value, required=True,
                key=f"carries.of.{metric}", format_func=lambda value: t(f"carries.of_{value}"),
                persist_state="session",
            )
        )
    )  # fmt: skip
    by = tuple(result.columns[: result.columns.get_loc("value")])
    contestants = say.contestants_of(words, selection)
    found = _left_out(
        metric, by, selection, part, contestants, view.store.url, view.coverage.fingerprint, view.coverage
    )
    if found is None:
        text("note", t("carries.none"))
        return
    changed, summed = found
    text("finding", say.carries_sentence(metric, result, changed, summed, part, selection, words))
    text("head", t("carries.summary"), "h2")
    behind = [(selection, {name: summed[name].iloc[row] for name in by}) for row in range(len(summed))]
    rows_to_segments(
        view, say.shown_summary(summed, result, metric, words), behind, f"carries.summary.{metric}.{hash(selection)}"
    )
    _changes(view, metric, changed, part, selection)


def _changes(view: View, metric: str, changed: pd.DataFrame, part: Part, selection: Selection) -> None:
    words = view.words
    shown = say.shown_changes(changed, metric, part, words)
    text("head", words.t("carries.changes"), "h2")
    text("note", words.t("carries.shown", shown=words.number(len(shown)), total=words.number(len(changed))))
    behind = [(selection, say.segments_of(changed.loc[at], part)) for at in shown.index]
    rows_to_segments(view, shown, behind, f"carries.changes.{metric}.{part}")
    st.download_button(
        words.t("app.download"), words.csv(changed), words.file_name(f"{metric}-without-{part}"), "text/csv",
        key=f"download.carries.{metric}", on_click="ignore",
    )  # fmt: skip


@st.cache_data(max_entries=100, show_spinner=False)
def _left_out(
    metric: str, by: tuple[str, ...], selection: Selection, part: Part, contestants: tuple[str, ...], url: str,
    state: str, _held: Coverage,
) -> tuple[pd.DataFrame, pd.DataFrame] | None:  # fmt: skip
    asked: Any = {each.name: each for each in METRICS}[metric]
    left = without_each(asked, _held, selection, by, part)
    return None if left is None else (changes(left), summary(left, contestants))
