"""Who received more or less than due, by every benchmark side by side."""

from collections.abc import Sequence

import streamlit as st

from coding.mission.model import Benchmark
from monitoring.answers import thin_note
from monitoring.benchmarks.due import names
from monitoring.benchmarks.words import basis, left_out, sentence, source
from monitoring.charts import gaps
from monitoring.pages import frame
from monitoring.pages.balance_own import own_benchmarks
from monitoring.pages.balance_parts import Asked, answer, gaps_of

ALL = ""


def body(view: frame.View) -> None:
    """Which benchmark, the gaps of each outlet, tables, and the segments behind what is picked."""
    words, t = view.words, view.words.t
    if not words.mission.contestants:
        st.info(t("page.balance.no_contestants"))
        return
    switch = st.container()
    own = own_benchmarks(view)
    with switch:
        asked = Asked(_chosen(view, own), own)
    found = gaps_of(view, asked)
    if found.empty:
        st.info(t("app.nothing_here", next=t("app.next_filters")))
        return
    figure = view.figure(
        sentence(found, view.selection, words),
        t("chart.gaps.basis", basis=basis(words, found["unit"].iloc[0])),
        t("balance.measured_by", sources="; ".join(source(words, name, own) for name in asked.names)),
        *left_out(words, asked.names, own),
        thin_note(found, ["outlet", "benchmark"], words, "chart.gaps.thin", view.minimum),
    )
    answer(view, asked, found, view.drawn(gaps, found, figure))


def _chosen(view: frame.View, own: Sequence[Benchmark]) -> tuple[str, ...]:
    """All benchmarks, or the one that the reader narrowed to."""
    words, every = view.words, names(view.words.mission, own)
    shown = {ALL: words.t("page.balance.all")} | {name: words.term(name) for name in every}
    key = f"{words.mission.id}.benchmark"
    if st.session_state.get(key, ALL) not in shown:
        st.session_state[key] = ALL
    picked = st.segmented_control(
        words.t("page.balance.which"), list(shown), default=ALL, required=True, key=key,
        format_func=shown.__getitem__, persist_state="session",
    )  # fmt: skip
    return every if picked == ALL else (str(picked),)


frame.show("balance", body)
