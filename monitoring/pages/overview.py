"""What was monitored, the one finding of the last week, and the findings that the evidence carries."""

from dataclasses import replace

import streamlit as st

from coding.problems import ProblemsFound
from monitoring.answers import finding_of_the_week, material_sentence
from monitoring.charts import material
from monitoring.pages import frame
from monitoring.pages.answer import answer
from monitoring.pages.overview_findings import behind_the_week, section
from monitoring.selection import ALL_FORMATS


def body(view: frame.View) -> None:
    """The finding of the week, the findings, then planned, monitored and coded material of each outlet."""
    frame.text("head", view.words.t("page.overview.finding"), "h2")
    _of_the_week(view)
    section(view)
    _material(view)


def _of_the_week(view: frame.View) -> None:
    """The finding of the week with the segments behind it, or why there is none."""
    words, t = view.words, view.words.t
    if len(words.mission.contestants) < 2:
        st.info(t("page.overview.one_contestant"))
        return
    try:
        view.coverage.check_days(view.selection, ("week",))
    except ProblemsFound:  # totals of many days are of no week; the rest of the page asks for none
        st.info(t("page.overview.no_weeks"))
        return
    shares = view.result("share", ("week", "outlet", "group"))
    sentence = finding_of_the_week(shares, view.selection, words)
    if sentence:
        frame.text("finding", sentence)
        behind_the_week(view, shares)
    else:
        st.info(t("page.overview.no_finding", minimum=words.mission.minimum_segments))


def _material(view: frame.View) -> None:
    words, t = view.words, view.words.t
    result = view.result("hours", ("outlet",), view.of_airings)
    if result.empty:
        frame.text("note", t("page.overview.no_airings"))
        return
    figure = view.figure(material_sentence(result, words), t("chart.material.basis"), formats=False)
    whole = replace(view.of_airings, formats=ALL_FORMATS)
    answer(view, "hours", result, view.drawn(material, result, figure), whole)


frame.show("overview", body)
