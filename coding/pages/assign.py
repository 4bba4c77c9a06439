"""Assign: the supervisor gives airings to coders; how far they are stands in `assign_progress`."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from coding.assigning import Plan, Wanted, drawn, give, hands, on_offer, planned, to_double
from coding.board import Standing, board
from coding.mission.model import Airing
from coding.pages import assign_progress, frame, work_words
from coding.pages.assign_progress import TOLD
from coding.people.accounts import people
from coding.people.rights import MAY, Right
from coding.progress import extent
from coding.store.places import is_url
from coding.store.recordings import recordings
from coding.vocabulary import Purpose, Unit

AT_MOST = 1000
"""Airings in the table on the screen; what is given to all of them is given beyond that too."""
TURN = "assign.turn"
"""Goes up with every assignment: coders and seed are chosen anew, so that a second press cannot give once more."""


def body(opened: frame.Opened) -> None:
    """The chosen part of the page, and what the last press did, where the eye is after it."""
    t = opened.t
    if not is_url(opened.where):
        frame.copy_offer(opened, t("page.assign.folder"))
        return
    coders = _coders(opened)
    now = board(opened.store).now(opened.mission)
    part = st.segmented_control(
        t("page.assign.part"), ("give", "progress"), default="give", required=True, key="assign.part",
        format_func=lambda name: t(f"page.assign.part_{name}"), label_visibility="collapsed",
    )  # fmt: skip
    if part == "progress":
        assign_progress.progress(opened, now, coders)
    else:
        _give(opened, now, coders)
    style, words = st.session_state.pop(TOLD, ("", ""))
    if words:
        frame.text(style, words)


def _coders(opened: frame.Opened) -> list[str]:
    """Who can code here: active people of the roles that may; in the demo only whoever sits at it."""
    if opened.person.demo:
        frame.text("told", opened.t("page.assign.demo"))
        return [opened.person.name]
    return [each.name for each in people().everyone() if each.active and Right.CODE in MAY[each.role]]


def _give(opened: frame.Opened, now: Standing, coders: Sequence[str]) -> None:
    """The filters, the airings, and to whom they go."""
    t = opened.t
    wanted, airings = _filtered(opened, now)
    if not airings:
        frame.text("told", t(f"page.assign.none_{wanted}"))
        return
    ticked = _table(opened, now, airings)
    purpose, names = _to_whom(opened, coders)
    chosen, note = _which(opened, now, airings, ticked, purpose)
    if not coders:
        frame.text("told", t("page.assign.nobody"))
    elif not names or not chosen:
        frame.text("note", t("page.assign.choose_first"))
    else:
        _offer(opened, planned(now, chosen, names, purpose), note)


# which airings


def _filtered(opened: frame.Opened, now: Standing) -> tuple[Wanted, list[Airing]]:
    t, mission = opened.t, opened.mission
    everything = on_offer(now, Wanted.ALL)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.selectbox(
            t("page.assign.wanted"), list(Wanted), key="assign.wanted", width=260,
            format_func=lambda name: t(f"page.assign.wanted_{name}"),
        ) or Wanted.NOBODY  # fmt: skip
        known = {each.outlet for each in everything}
        outlets = st.multiselect(
            t("page.assign.outlets"), [each.name for each in mission.outlets if each.name in known],
            key="assign.outlets", placeholder=t("page.assign.every_outlet"), width=420,
            format_func=lambda name: work_words.outlet_name(mission, name),
        )  # fmt: skip
        days = _days(opened, everything)
    return wanted, on_offer(now, wanted, outlets, days)


def _days(opened: frame.Opened, airings: Sequence[Airing]) -> tuple[date, date] | None:
    """The chosen days; None for all, or as long as only one end is chosen."""
    if not airings:
        return None
    first, last = min(each.date for each in airings), max(each.date for each in airings)
    picked: Any = st.date_input(
        opened.t("page.assign.days"), (first, last), min_value=first, max_value=last, format="YYYY-MM-DD",
        key=f"assign.days.{opened.where}.{first}.{last}", width=240,
    )  # fmt: skip
    return picked if isinstance(picked, tuple) and len(picked) == 2 else None


def _table(opened: frame.Opened, now: Standing, airings: Sequence[Airing]) -> list[Airing]:
    """The airings with a box each; those that were ticked.

    A tick is known by the number of its row, so the table is another one as soon as other airings stand in it.
    """
    t, shown = opened.t, airings[:AT_MOST]
    frame.text("note", t("page.assign.found", count=frame.number(t, len(airings)), amount=_sum(opened, airings)))
    if len(shown) < len(airings):
        frame.text("note", t("page.assign.first", shown=len(shown)))
    key = hashlib.sha256("\n".join(each.airing_id for each in shown).encode()).hexdigest()[:16]
    state: Any = st.dataframe(
        _rows(opened, now, shown), hide_index=True, height="content" if len(shown) < 8 else 300, on_select="rerun",
        selection_mode="multi-row", key=f"assign.table.{key}",
    )  # fmt: skip
    return [shown[number] for number in state["selection"]["rows"] if number < len(shown)]


def _rows(opened: frame.Opened, now: Standing, airings: Sequence[Airing]) -> pd.DataFrame:
    t, mission, held = opened.t, opened.mission, hands(now)
    kinds: dict[str, list[Any]] = {}
    for each in recordings(opened.store):
        kinds.setdefault(each.airing_id, []).append(each.kind)
    units = {outlet.name: outlet.unit for outlet in mission.outlets}
    rows = [
        (
            str(airing.date),
            work_words.clock(mission, airing),
            work_words.outlet_name(mission, airing.outlet),
            work_words.programme(t, airing),
            work_words.amount(t, extent(airing), units[airing.outlet]),
            ", ".join(held[airing.airing_id].first) if airing.airing_id in held else "",
            ", ".join(held[airing.airing_id].second) if airing.airing_id in held else "",
            work_words.material(t, kinds.get(airing.airing_id, ())),
        )
        for airing in airings
    ]
    names = ("day", "clock", "outlet", "programme", "length", "first", "second", "material")
    return pd.DataFrame(rows, columns=[t(f"page.assign.column_{name}") for name in names])


def _sum(opened: frame.Opened, airings: Sequence[Airing]) -> str:
    units = {outlet.name: outlet.unit for outlet in opened.mission.outlets}
    sums: dict[Unit, int] = {}
    for airing in airings:
        sums[units[airing.outlet]] = sums.get(units[airing.outlet], 0) + extent(airing)
    return work_words.amounts(opened.t, sums) or opened.t("word.no_value")


# to whom


def _to_whom(opened: frame.Opened, coders: Sequence[str]) -> tuple[Purpose, list[str]]:
    t, turn = opened.t, st.session_state.get(TURN, 0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = st.multiselect(
            t("page.assign.coders"), coders, default=coders if len(coders) == 1 else None, key=f"assign.coders.{turn}",
            placeholder=t("page.assign.choose_coders"), width=420,
        )  # fmt: skip
        purpose = st.segmented_control(
            t("page.assign.purpose"), list(Purpose), default=Purpose.CODING, required=True, key="assign.purpose",
            format_func=lambda name: t(f"page.assign.purpose_{name}"),
        )  # fmt: skip
    return Purpose(purpose), list(names)


def _which(
    opened: frame.Opened, now: Standing, airings: Sequence[Airing], ticked: Sequence[Airing], purpose: Purpose
) -> tuple[list[Airing], str]:
    """The airings that are meant, and what is noted with them."""
    t = opened.t
    choices = ("ticked", "listed", *(("drawn",) if purpose == Purpose.DOUBLE else ()))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = st.segmented_control(
            t("page.assign.which"), choices, default="ticked", required=True, key=f"assign.which.{purpose}",
            format_func=lambda name: t(f"page.assign.which_{name}"),
        )  # fmt: skip
        if which == "drawn":
            return _drawn(opened, to_double(now, airings))
    return list(ticked if which == "ticked" else airings), ""


def _drawn(opened: frame.Opened, airings: Sequence[Airing]) -> tuple[list[Airing], str]:
    """So many per cent at random; the seed goes into the record, so that the draw can be repeated."""
    t = opened.t
    turn = st.session_state.get(TURN, 0)
    name = f"assign.first_seed.{turn}"
    first = st.session_state.setdefault(name, secrets.randbelow(1_000_000))
    per_cent = st.number_input(t("page.assign.per_cent"), 1, 100, 10, key="assign.per_cent", width=140)
    seed = st.number_input(t("page.assign.seed"), 0, 999_999_999, first, key=f"assign.seed.{turn}", width=170)
    chosen = drawn(airings, int(per_cent), int(seed))
    values = {"per_cent": per_cent, "seed": seed, "drawn": len(chosen), "total": len(airings)}
    frame.text("note", t("page.assign.drew", **values))
    return chosen, t("page.assign.draw_note", **values)


def _offer(opened: frame.Opened, plan: Plan, note: str) -> None:
    """Who would get what, what is left out and why, and the button."""
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
    cells = [(coder, frame.number(t, len(taken)), _sum(opened, taken)) for coder, taken in given.items()]
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    rows = "".join("<tr>" + "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in row) + "</tr>" for row in cells)
    return f'<table class="ev-table ev-narrow"><tr>{head}</tr>{rows}</table>'


frame.show("assign", body, Right.SUPERVISE)
