"""What was planned, monitored, coded and coded twice, day by day, and how far what is missing could move a result."""

from functools import partial

import pandas as pd
import streamlit as st

from coding.store import Store
from monitoring.charts import calendar, picture
from monitoring.completeness.words import answer, gaps
from monitoring.coverage import shown_coverage
from monitoring.pages import frame
from monitoring.pages.calendar_parts import by_outlet, holes, how_far, incidents_by_day, of_day, outlet_days
from monitoring.pages.filters import chosen_selection
from monitoring.words import Words


def page(store: Store, language: str) -> None:
    """Also of a mission in which nothing is coded yet: it shows what is to be done."""
    coverage = shown_coverage(store)
    words = Words(coverage.mission, language)
    frame.head(words, "calendar")
    view = frame.View(words, store, coverage, chosen_selection(words, denominator=True))
    days = outlet_days(view.of_airings, store.url, coverage.fingerprint, coverage)
    missing = frame.unmonitored(view)
    if missing:
        frame.text("note", words.t("app.unmonitored", names=words.listed("outlet", missing)))
    if not days["airings"].sum():
        st.info(words.t("page.calendar.empty"))
        return
    frame.material(view)
    chart_of_days(view, days)
    holes(view)
    if view.at_hand(view.selection)[1]:
        how_far(view)
    by_outlet(view, days)


@st.fragment
def chart_of_days(view: frame.View, days: pd.DataFrame) -> None:
    """The calendar, and under it the airings of the day that was clicked."""
    words, t = view.words, view.words.t
    marked = incidents_by_day(view)
    shown = [place for place in zip(days["outlet"], days["date"], strict=True) if place in marked]
    notes = (t("chart.calendar.basis"), t("chart.calendar.incident") if shown else "", gaps(days, words))
    chart = view.drawn(calendar, days, marked, view.figure(answer(days, words), *notes, formats=False))
    key = f"chart.calendar.{hash(view.of_airings)}"
    event = st.vega_lite_chart(chart, theme=None, width="content", key=key, on_select="rerun")
    name = words.file_name("calendar", "png")
    st.download_button(t("app.picture"), partial(picture, chart), name, "image/png", on_click="ignore")
    picked = event["selection"].get("pick") or []
    if picked:
        of_day(view, picked[0], days)
    else:
        frame.text("note", t("page.calendar.hint"))


frame.show_store(page)
