"""Numbers of the reader's own as one more benchmark, for this browser session only."""

import streamlit as st

from coding.mission.model import Benchmark
from coding.problems import ProblemsFound
from coding.vocabulary import canonical
from monitoring.benchmarks.due import names
from monitoring.benchmarks.vectors import OWN, as_toml, vector
from monitoring.pages.frame import View, problems, text

COLUMNS = 4
KEY = "own_benchmark"


def own_benchmarks(view: View) -> tuple[Benchmark, ...]:
    """The benchmarks entered in this session, after drawing what enters and removes them."""
    words, t = view.words, view.words.t
    key = f"{KEY}s.{words.mission.id}"
    held: dict[str, Benchmark] = st.session_state.setdefault(key, {})
    taken = names(words.mission)
    for name in [name for name in held if name in taken]:
        del held[name]
    with st.expander(t("page.balance.own")):
        text("note", t("page.balance.own_hint"))
        _entry(view, held)
        for name in list(held):
            text("note", t("page.balance.own_keep"))
            st.code(as_toml(held[name]), language="toml")
            if st.button(t("page.balance.own_remove", name=name), key=f"{KEY}.remove.{name}"):
                del held[name]
                st.rerun()
    known = {subject.name for subject in words.mission.contestants}
    return tuple(each for each in held.values() if known.issuperset(each.weights))


def _entry(view: View, held: dict[str, Benchmark]) -> None:
    """A number for each contestant, and a name for all of them."""
    words, mission = view.words, view.words.mission
    with st.form(KEY, border=False):
        name = st.text_input(words.t("page.balance.own_name"), OWN if OWN not in held else "", key=f"{KEY}.name")
        places = st.columns(COLUMNS)
        weights = {
            subject.name: float(
                places[number % COLUMNS].number_input(
                    words.named("group", subject.name), min_value=0.0, key=f"{KEY}.{subject.name}"
                )
            )
            for number, subject in enumerate(mission.contestants)
        }
        if not st.form_submit_button(words.t("page.balance.own_add")):
            return
    try:
        added = vector(canonical(name), weights, mission, tuple(held.values()), words.t("balance.own_source"))
    except ProblemsFound as found:
        problems(found, words.language)
        return
    held[added.name] = added
    st.rerun()
