"""Who is over and who under what the law grants: every entitlement and every rule of the mission, judged."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from coding.store import Store
from monitoring.coverage import Coverage, shown_coverage
from monitoring.entitled.judged import Ruling
from monitoring.entitled.judging import judge
from monitoring.entitled.shown import summary, title
from monitoring.pages import frame
from monitoring.pages.rules_parts import PAGE, empty, section
from monitoring.selection import Selection
from monitoring.words import Words

ALL = ""


def body(store: Store, language: str) -> None:
    """The rules in sections, one chosen or all of them; without any, what to write."""
    coverage = shown_coverage(store)
    words = Words(coverage.mission, language)
    frame.head(words, "rules")
    rulings = _judged(store, coverage, words.t(f"{PAGE}.computing"))
    if not rulings:
        empty(words)
        return
    frame.text("note", words.t(f"{PAGE}.about"))
    view = frame.View(words, store, coverage, Selection())
    names = [ruling.name for ruling in rulings]
    titles = {ruling.name: title(ruling, words) for ruling in rulings} | {ALL: words.t(f"{PAGE}.all")}
    chosen = ALL
    if len(names) > 1:
        chosen = st.selectbox(
            words.t(f"{PAGE}.choose"), [ALL, *names], key=_choice(words),
            format_func=titles.__getitem__, persist_state="session",
        )  # fmt: skip
    if chosen == ALL and len(names) > 1:
        st.dataframe(
            summary(rulings, words), hide_index=True, key="rules.summary", selection_mode="single-row",
            on_select=partial(_open, _choice(words), names),
        )  # fmt: skip
    for number, ruling in enumerate(rulings):
        if chosen in (ALL, ruling.name):
            section(view, ruling, number)


def _choice(words: Words) -> str:
    return f"{words.mission.id}.rules.chosen"


def _open(choice: str, names: Sequence[str]) -> None:
    """The rule of the row that was picked, alone on the page: its own rows lead on to the segments."""
    picked = st.session_state["rules.summary"]["selection"]["rows"]
    if picked:
        st.session_state[choice] = names[picked[0]]


def _judged(store: Store, coverage: Coverage, words: str) -> tuple[Ruling, ...]:
    """The rulings of this state of coverage and of the log, computed once."""
    with st.spinner(words, show_time=False):
        return _kept(store.url, coverage.fingerprint, store.fingerprint(), coverage, store)


@st.cache_resource(max_entries=8, show_spinner=False)
def _kept(url: str, state: str, log: str, _held: Coverage, _store: Store) -> tuple[Ruling, ...]:
    return judge(_held, _store)


frame.show_store(body)
