"""What was monitored, and the one finding of the last week."""

from dataclasses import replace

import streamlit as st

from monitoring.charts import material
from monitoring.findings import finding_of_the_week, material_sentence
from monitoring.pages import frame
from monitoring.pages.answer import answer
from monitoring.selection import ALL_FORMATS


def body(view: frame.View) -> None:
    """The finding, then planned, monitored and coded material of each outlet."""
    words, t = view.words, view.words.t
    result = view.result("hours", ("outlet",), view.of_airings)
    frame.text("head", t("page.overview.finding"), "h2")
    sentence = finding_of_the_week(view.result("share", ("week", "outlet", "group")), view.selection, words)
    if sentence:
        frame.text("finding", sentence)
    else:
        st.info(t("page.overview.no_finding", minimum=words.mission.minimum_segments))
    figure = view.figure(material_sentence(result, words), t("chart.material.basis"), formats=False)
    whole = replace(view.of_airings, formats=ALL_FORMATS)
    answer(view, "hours", result, material(result, figure), whole)


frame.show("overview", body)
