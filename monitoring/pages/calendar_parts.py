"""What the page Calendar shows below its chart: the airings of a day, the holes, the bounds, and each outlet."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from monitoring.completeness.airings import airings_of
from monitoring.completeness.bounds import bounds, bounds_of_balance
from monitoring.completeness.calendar import calendar
from monitoring.completeness.missing import lacking
from monitoring.completeness.words import HOLE, heading, shown_airings, shown_bounds, shown_outlets, state_name
from monitoring.coverage import Coverage
from monitoring.pages.answer import height, names_column, rows_to_segments
from monitoring.pages.frame import View, text
from monitoring.pages.incidents_beside import log_of
from monitoring.selection import ALL_FORMATS, Selection

BY = ("outlet", "group")
BOUNDS_OF = ("share", "balance")


@st.cache_data(max_entries=200, show_spinner=False)
def outlet_days(selection: Selection, url: str, state: str, _held: Coverage) -> pd.DataFrame:
    """The calendar of a selection, computed once for each state of the store."""
    return calendar(_held, selection)


@st.cache_data(max_entries=200, show_spinner=False)
def _airings(selection: Selection, url: str, state: str, _held: Coverage) -> pd.DataFrame:
    return airings_of(_held, selection)


@st.cache_data(max_entries=200, show_spinner=False)
def _bounds(which: str, selection: Selection, url: str, state: str, _held: Coverage) -> pd.DataFrame:
    compute = bounds_of_balance if which == "balance" else bounds
    return compute(_held, selection, BY)


def incidents_by_day(view: View) -> Mapping[tuple[str, str], str]:
    """The titles of incidents on the log by outlet and ISO day."""
    found: dict[tuple[str, str], str] = {}
    for each in log_of(view.store).standing:
        for number in range((each.last - each.start).days + 1):
            place = each.outlet, (each.start + timedelta(days=number)).isoformat()
            found[place] = "; ".join(filter(None, (found.get(place, ""), each.title)))
    return {place: titles for place, titles in found.items() if place[0]}


def of_day(view: View, picked: Mapping[str, str], days: pd.DataFrame) -> None:
    """The airings of one outlet-day with how they stand, and the segments of the one that is picked."""
    words, t = view.words, view.words.t
    outlet, day = picked["outlet"], picked["date"]
    text("head", t("page.calendar.day", outlet=words.named("outlet", outlet), day=words.day(day)), "h2")
    airings = _airings(view.of_airings, view.store.url, view.coverage.fingerprint, view.coverage)
    found = airings[(airings["outlet"] == outlet) & (airings["date"] == day)].reset_index(drop=True)
    if found.empty:
        states = days[(days["outlet"] == outlet) & (days["date"] == day)]["state"]
        text("note", t("page.calendar.no_airing", state=state_name(str(states.iloc[0]), words)))
        return
    columns = (*HOLE[2:], "double_coded", "segments")
    _airing_rows(view, found, columns, f"calendar.day.{outlet}.{day}")


def _airing_rows(view: View, airings: pd.DataFrame, columns: tuple[str, ...], key: str) -> None:
    shown = shown_airings(airings, view.words)[list(columns)]
    everything = Selection(formats=ALL_FORMATS)
    behind = [(everything, {"airing_id": name}) for name in airings["airing_id"]]
    rows_to_segments(view, shown, behind, key, column_config=_headings(view, shown), height=height(len(shown)))


def _headings(view: View, shown: pd.DataFrame) -> dict[str, Any]:
    columns = {name: st.column_config.Column(heading(name, view.words)) for name in shown.columns}
    if "group" in columns:
        columns["group"] = names_column(heading("group", view.words), shown["group"])
    return columns


def holes(view: View) -> None:
    """Every missing airing, and why it is missing."""
    words, t = view.words, view.words.t
    text("head", t("page.calendar.holes"), "h2")
    gone = lacking(_airings(view.of_airings, view.store.url, view.coverage.fingerprint, view.coverage))
    if gone.empty:
        text("note", t("page.calendar.holes_none"))
        return
    shown = shown_airings(gone, words)[list(HOLE)]
    st.dataframe(shown, hide_index=True, column_config=_headings(view, shown), height=height(len(shown)), key="holes")
    text("note", t("page.calendar.holes_note"))
    _download(view, gone, "missing", "holes")


@st.fragment
def how_far(view: View) -> None:
    """The bounds of shares, or of tone balances, on outlets where something is missing; a row leads to its segments."""
    words, t = view.words, view.words.t
    text("head", t("page.calendar.bounds"), "h2")
    which = str(
        st.segmented_control(
            t("page.calendar.bounds_of"), BOUNDS_OF, default=BOUNDS_OF[0], required=True, key="calendar.bounds_of",
            format_func=lambda value: t(f"page.calendar.bounds_{value}"), persist_state="session",
        )
    )  # fmt: skip
    every = _bounds(which, view.selection, view.store.url, view.coverage.fingerprint, view.coverage)
    moved = every[every["missing_airings"] > 0].reset_index(drop=True)
    if moved.empty:
        text("note", t("page.calendar.bounds_none"))
        return
    told = [t("page.calendar.only_these")]
    if which == "share":
        basis = words.basis(view.selection, str(moved["unit"].iloc[0]))
        told = [t("page.calendar.bounds_basis", basis=basis), *told]
    text("note", " ".join(told))
    shown = shown_bounds(moved, words, which == "balance")
    pairs = zip(moved["outlet"], moved["group"], strict=True)
    behind = [(view.selection, {"outlet": outlet, "group": group}) for outlet, group in pairs]
    rows_to_segments(
        view, shown, behind, f"calendar.{which}.{hash(view.selection)}",
        column_config=_headings(view, shown), height=height(len(shown)),
    )  # fmt: skip
    text("note", t("page.calendar.bounds_balance_note" if which == "balance" else "page.calendar.bounds_note"))
    _download(view, every, f"bounds-{which}", "bounds")


def by_outlet(view: View, days: pd.DataFrame) -> None:
    """The calendar summed by outlet, with how much was coded twice, and the download of every outlet-day."""
    text("head", view.words.t("page.calendar.outlets"), "h2")
    shown = shown_outlets(days, view.words)
    everything = replace(view.of_airings, formats=ALL_FORMATS)
    behind = [(everything, {"outlet": outlet}) for outlet in days.drop_duplicates(["outlet", "unit"])["outlet"]]
    rows_to_segments(
        view, shown, behind, f"calendar.outlets.{hash(view.of_airings)}",
        column_config=_headings(view, shown), height=height(len(shown)),
    )  # fmt: skip
    text("note", view.words.t("page.calendar.outlets_note"))
    _download(view, days, "calendar", "days")


def _download(view: View, table: pd.DataFrame, name: str, which: str) -> None:
    words = view.words
    st.download_button(
        words.t(f"page.calendar.download_{which}"), words.csv(table), words.file_name(name), "text/csv",
        key=f"calendar.download.{which}", on_click="ignore",
    )  # fmt: skip
