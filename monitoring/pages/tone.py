"""In what tone contestants were presented: weighted by amount, or by count."""

from dataclasses import replace

import streamlit as st

from monitoring.charts import tone
from monitoring.findings import thin_note, tone_sentence
from monitoring.pages import frame
from monitoring.pages.answer import answer, table
from monitoring.selection import Weight


def body(view: frame.View) -> None:
    """Bars of tones for each outlet, their table, and the tone balance."""
    words, t = view.words, view.words.t
    weights = [part.value for part in Weight]
    weight = st.segmented_control(
        t("page.tone.weight"), weights, default=weights[0], required=True, key="weight", persist_state="session",
        format_func=lambda value: t(f"page.tone.{value}"),
    )  # fmt: skip
    selection = replace(view.selection, weight=Weight(str(weight)))
    result = view.result("tone", ("outlet", "group"), selection)
    balances = view.result("balance", ("outlet", "group"), selection)
    unit = words.named("unit", result["unit"].iloc[0])
    figure = view.figure(
        tone_sentence(balances, selection, words),
        t(f"chart.tone.basis_{weight}", unit=unit),
        thin_note(result, ["outlet", "group"], words, "chart.tone.thin", view.minimum),
    )
    answer(view, "tone", result, tone(result, figure))
    table(view, "balance", balances, t("page.tone.balances"))
    frame.text("note", t("page.tone.balance_note"))


frame.show("tone", body)
