"""The parts of the page Balance: chart, tables with their downloads, and the segments behind what is picked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from coding.mission.model import Benchmark
from monitoring.benchmarks import words as said
from monitoring.benchmarks.among import of_everyone
from monitoring.benchmarks.distances import distances
from monitoring.benchmarks.gaps import gaps
from monitoring.charts import picture
from monitoring.coverage import Coverage
from monitoring.pages.answer import NAME_WIDTH_LEAST, evidence, height, latest, names_column
from monitoring.pages.frame import View, text
from monitoring.selection import Selection

MEANS = ("total_variation", "chance", "gini", "effective_number", "interval")


@dataclass(frozen=True)
class Asked:
    """The benchmarks that are shown, and those of them that the reader entered."""

    names: tuple[str, ...]
    own: tuple[Benchmark, ...]

    @property
    def key(self) -> str:
        """What tells one question from another."""
        return repr((self.names, [each.model_dump() for each in self.own]))


def gaps_of(view: View, asked: Asked) -> pd.DataFrame:
    """The gaps by outlet, computed once for each state of the store."""
    return _gaps(view.selection, asked.key, view.store.url, view.coverage.fingerprint, view.coverage, asked)


@st.cache_data(max_entries=100, show_spinner=False)
def _gaps(selection: Selection, key: str, url: str, state: str, _held: Coverage, _asked: Asked) -> pd.DataFrame:
    return gaps(_held, selection, ("outlet",), _asked.names, _asked.own)


@st.cache_data(max_entries=100, show_spinner=False)
def _distances(selection: Selection, key: str, url: str, state: str, _held: Coverage, _asked: Asked) -> pd.DataFrame:
    return distances(_held, selection, ("outlet",), _asked.names, _asked.own)


@st.fragment
def answer(view: View, asked: Asked, found: pd.DataFrame, chart: dict[str, Any]) -> None:
    """Chart and tables, and under what was picked last, a bar or a row, the segments behind it."""
    words = view.words
    key = f"balance.{hash((view.selection, asked.key))}"
    event = st.vega_lite_chart(chart, theme=None, width="content", key=f"{key}.chart", on_select="rerun")
    st.download_button(
        words.t("app.picture"), partial(picture, chart), words.file_name("balance", "png"), "image/png",
        on_click="ignore",
    )  # fmt: skip
    text("note", words.t("page.balance.hint"))
    picks: dict[str, Mapping[str, Any] | None] = {"chart": next(iter(event["selection"].get("pick") or []), None)}
    spots = {"chart": st.container()}
    picks["gaps"] = _gap_table(view, found, f"{key}.gaps")
    spots["gaps"] = st.container()
    picks["distances"] = _distance_table(view, asked, found, f"{key}.distances")
    spots["distances"] = st.container()
    standing = latest(picks, f"{key}.picked")
    picked = picks.get(standing)
    if picked:
        with spots[standing]:
            evidence(view, picked, of_everyone(view.selection))


def _gap_table(view: View, found: pd.DataFrame, key: str) -> Mapping[str, Any] | None:
    words = view.words
    text("head", words.t("page.balance.gaps"), "h2")
    row = _picked(view, said.shown_gaps(found, words), key, len(found))
    _download(view, "gaps", found)
    text("note", words.t("balance.means_gap", basis=said.basis(words, found["unit"].iloc[0])))
    return None if row is None else {name: found[name].iloc[row] for name in ("outlet", "group")}


def _distance_table(view: View, asked: Asked, shown: pd.DataFrame, key: str) -> Mapping[str, Any] | None:
    words = view.words
    found = _distances(view.selection, asked.key, view.store.url, view.coverage.fingerprint, view.coverage, asked)
    text("head", words.t("page.balance.distances"), "h2")
    row = _picked(view, said.shown_distances(found, words), key, len(said.places_of(found)))
    _download(view, "distances", found)
    for name in MEANS:
        text("note", words.t(f"balance.means_{name}", basis=said.basis(words, shown["unit"].iloc[0])))
    if row is None:
        return None
    contestants = tuple(subject.name for subject in words.mission.contestants)
    return {"outlet": said.places_of(found).iloc[row]["outlet"], "group": contestants}


def _picked(view: View, shown: Any, key: str, number: int) -> int | None:
    """Draw a table of which a row can be picked; its number."""
    columns = {name: st.column_config.Column(said.heading(name, view.words)) for name in shown.columns}
    if "group" in columns:
        columns["group"] = names_column(
            said.heading("group", view.words), shown.data["group"], width=NAME_WIDTH_LEAST
        )  # fmt: skip
    event = st.dataframe(
        shown, hide_index=True, column_config=columns, height=height(number), key=key,
        on_select="rerun", selection_mode="single-row",
    )  # fmt: skip
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows and rows[0] < number else None


def _download(view: View, name: str, found: pd.DataFrame) -> None:
    words = view.words
    st.download_button(
        words.t("app.download"), words.csv(found), words.file_name(name), "text/csv", key=f"download.{name}",
        on_click="ignore",
    )  # fmt: skip
