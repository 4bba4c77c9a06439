"""What every way of giving out ends with on the page Assign: to whom, who would get what, and the button."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st

from coding.assigning import Plan, give
from coding.mission.model import Airing
from coding.pages import assign_progress, frame, work_words
from coding.pages.assign_progress import TOLD
from coding.progress import extent
from coding.vocabulary import Unit

TURN = "assign.turn"
"""Goes up with every assignment: coders are chosen anew, so that a second press cannot give once more."""


def coders_chosen(opened: frame.Opened, coders: Sequence[str]) -> list[str]:
    """To whom; whoever is alone here is chosen."""
    t, turn = opened.t, st.session_state.get(TURN, 0)
    names = st.multiselect(
        t("page.assign.coders"), coders, default=coders if len(coders) == 1 else None, key=f"assign.coders.{turn}",
        placeholder=t("page.assign.choose_coders"), width=420,
    )  # fmt: skip
    return list(names)


def offer(
    opened: frame.Opened,
    coders: Sequence[str],
    names: Sequence[str],
    airings: Sequence[Airing],
    plan: Callable[[], Plan],
    note: str = "",
) -> None:
    """Who would get what, what is left out and why, and the button; or what is still to be chosen."""
    t = opened.t
    if not coders:
        frame.text("told", t("page.assign.nobody"))
    elif not names or not airings:
        frame.text("note", t("page.assign.choose_who" if airings else "page.assign.choose_first"))
    else:
        _offer(opened, plan(), note)


def _offer(opened: frame.Opened, plan: Plan, note: str) -> None:
    t = opened.t
    st.html(assign_progress.STYLE + _preview(opened, plan.given))
    for reason, airings in plan.left_out.items():
        frame.text("told", t(f"page.assign.left_{reason}", count=frame.number(t, len(airings))))
    words = t("page.assign.give", count=frame.number(t, plan.size))
    if st.button(words, type="primary", key="assign.give", disabled=not plan.size):
        got = give(opened.store, plan, opened.person.name, note)
        told = ", ".join(f"{coder} {frame.number(t, count)}" for coder, count in got.items() if count)
        missed = plan.size - got.total()
        lines = [t("page.assign.given", told=told)] if told else []
        lines += [t("page.assign.meanwhile", count=frame.number(t, missed))] if missed else []
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        st.session_state[TOLD] = ("good" if told else "bad", "\n".join(lines))
        st.rerun()


def _preview(opened: frame.Opened, given: Mapping[str, Sequence[Airing]]) -> str:
    t = opened.t
    heads = [t(f"page.assign.column_{name}") for name in ("coder", "airings", "extent")]
    cells = [(coder, frame.number(t, len(taken)), lengths(opened, taken)) for coder, taken in given.items()]
    return table(heads, cells)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A small table as escaped HTML."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows)
    return f'<div class="ev-scroll" tabindex="0"><table class="ev-table ev-narrow"><tr>{head}</tr>{body}</table></div>'


def lengths(opened: frame.Opened, airings: Sequence[Airing]) -> str:
    """How long airings are together, unit by unit."""
    units = {outlet.name: outlet.unit for outlet in opened.mission.outlets}
    sums: dict[Unit, int] = {}
    for airing in airings:
        sums[units[airing.outlet]] = sums.get(units[airing.outlet], 0) + extent(airing)
    return work_words.amounts(opened.t, sums) or opened.t("word.no_value")
