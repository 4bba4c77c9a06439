"""How shares changed by week or day; what was not monitored is a gap."""

import streamlit as st

from monitoring.answers import interval_note, leader_sentence, thin_note
from monitoring.charts import timeline
from monitoring.pages import frame
from monitoring.pages.answer import answer

STEPS = ("week", "date")


def body(view: frame.View) -> None:
    """One panel for each group, the table, the segments behind a point."""
    words, t, selection = view.words, view.words.t, view.selection
    step = str(
        st.segmented_control(
            t("page.timeline.step"), STEPS, default=STEPS[0], required=True, key="step", persist_state="session",
            format_func=lambda value: t(f"page.timeline.{value}"),
        )
    )  # fmt: skip
    result = view.result("share", (step, "group"))
    named = t(f"chart.timeline.{step}")
    outlets = t(f"chart.timeline.{'chosen' if selection.outlets else 'every'}")
    basis = words.basis(selection, result["unit"].iloc[0])
    figure = view.figure(
        leader_sentence(result, selection, words, step),
        t("chart.timeline.basis", basis=basis, outlets=outlets, step=named),
        interval_note(result, words),
        thin_note(result, [step], words, "chart.timeline.thin", view.minimum, step=named),
    )
    answer(view, "share", result, view.drawn(timeline, result, figure, step))


frame.show("timeline", body, denominator=True)
