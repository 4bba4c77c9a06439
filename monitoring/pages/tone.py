"""In what tone contestants were presented: weighted by amount, or by count."""

from dataclasses import replace

import streamlit as st

from monitoring.answers import interval_note, thin_note, tone_sentence
from monitoring.charts import tone, tone_balance
from monitoring.pages import frame
from monitoring.pages.answer import answer
from monitoring.pages.tone_combined import section as combined
from monitoring.pages.what_carries import what_carries
from monitoring.selection import Weight


def body(view: frame.View) -> None:
    """Bars of tones for each outlet, and the tone balance with its intervals."""
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
    thin = thin_note(result, ["outlet", "group"], words, "chart.tone.thin", view.minimum)
    sentence = tone_sentence(balances, selection, words)
    figure = view.figure(sentence, t(f"chart.tone.basis_{weight}", unit=unit), thin)
    answer(view, "tone", result, view.drawn(tone, result, figure), selection)
    frame.text("head", t("page.tone.balances"), "h2")
    basis = t(f"chart.tone_balance.basis_{weight}", unit=unit)
    balanced = view.figure(sentence, basis, interval_note(balances, words), thin)
    answer(view, "balance", balances, view.drawn(tone_balance, balances, balanced), selection)
    frame.text("note", t("page.tone.balance_note"))
    what_carries(view, "balance", balances, selection)
    combined(view)


frame.show("tone", body)
