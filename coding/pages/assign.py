"""Assign: the supervisor gives airings to coders; how far they are stands in `assign_progress`."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from coding.assigning import Plan, Wanted, hands, on_offer, planned, practice
from coding.board import Standing, board
from coding.mission.model import Airing
from coding.pages import assign_double, assign_progress, frame, work_words
from coding.pages.assign_offer import coders_chosen, lengths, offer
from coding.pages.assign_progress import TOLD
from coding.people.accounts import people
from coding.people.rights import MAY, Right
from coding.progress import extent
from coding.store.gold import gold_airings
from coding.store.places import is_url
from coding.store.recordings import recordings
from coding.vocabulary import PRACTICE, Purpose

AT_MOST = 1000
"""Airings in the table on the screen; what is given to all of them is given beyond that too."""


def body(opened: frame.Opened) -> None:
    """The chosen part of the page, and what the last press did, where the eye is after it."""
    t = opened.t
    if not is_url(opened.where):
        frame.copy_offer(opened, t("page.assign.folder"))
        return
    coders = _coders(opened)
    now = board(opened.store).now(opened.mission)
    part = st.segmented_control(
        t("page.assign.part"), ("give", "double", "progress"), default="give", required=True, key="assign.part",
        format_func=lambda name: t(f"page.assign.part_{name}"), label_visibility="collapsed",
    )  # fmt: skip
    if part == "progress":
        assign_progress.progress(opened, now, coders)
    elif part == "double":
        assign_double.double(opened, now, coders)
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
    """What for, the filters, the airings, and to whom they go."""
    t = opened.t
    purpose = Purpose(
        st.segmented_control(
            t("page.assign.purpose"), list(Purpose), default=Purpose.CODING, required=True, key="assign.purpose",
            format_func=lambda name: t(f"page.assign.purpose_{name}"),
        )
    )  # fmt: skip
    if purpose != Purpose.CODING:
        frame.text("note", t(f"page.assign.about_{purpose}"))
    airings = _gold(opened, now) if purpose in PRACTICE else _filtered(opened, now)
    if not airings:
        return
    ticked = _table(opened, now, airings)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = coders_chosen(opened, coders)
        chosen = _which(opened, airings, ticked, purpose)
    offer(opened, coders, names, chosen, lambda: _plan(opened, now, chosen, names, purpose))


# which airings


def _gold(opened: frame.Opened, now: Standing) -> list[Airing]:
    """Those with an agreed coding, in the order of days; says where to make one where there is none."""
    names = {each.airing_id for each in gold_airings(opened.store)}
    found = [airing for airing in on_offer(now, Wanted.ALL) if airing.airing_id in names]
    if not found:
        frame.text("told", opened.t("page.assign.no_gold"))
    return found


def _filtered(opened: frame.Opened, now: Standing) -> list[Airing]:
    """What the filters leave; says so where that is nothing."""
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
    found = on_offer(now, wanted, outlets, days)
    if not found:
        frame.text("told", t(f"page.assign.none_{wanted}"))
    return found


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
    frame.text("note", t("page.assign.found", count=frame.number(t, len(airings)), amount=lengths(opened, airings)))
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


# to whom


def _which(opened: frame.Opened, airings: Sequence[Airing], ticked: Sequence[Airing], purpose: Purpose) -> list[Airing]:
    """The airings that are meant."""
    t = opened.t
    which = st.segmented_control(
        t("page.assign.which"), ("ticked", "listed"), default="ticked", required=True, key=f"assign.which.{purpose}",
        format_func=lambda name: t(f"page.assign.which_{name}"),
    )  # fmt: skip
    return list(ticked if which == "ticked" else airings)


def _plan(
    opened: frame.Opened, now: Standing, airings: Sequence[Airing], names: Sequence[str], purpose: Purpose
) -> Plan:
    """Airings are split among coders; what one practises on goes to every one of them."""
    if purpose in PRACTICE:
        ids = [airing.airing_id for airing in airings]
        return practice(now, gold_airings(opened.store), names, purpose, ids)
    return planned(now, airings, names, purpose)


frame.show("assign", body, Right.SUPERVISE)
