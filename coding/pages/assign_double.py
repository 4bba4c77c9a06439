"""The double coding part of Assign: the mission's draw, how far its airings are, and giving them to second coders."""

from collections.abc import Sequence

import streamlit as st

from coding.assigning import planned, to_double
from coding.board import Standing
from coding.double_coding.drawing import Days, drawn_of, next_draw, pool_of
from coding.double_coding.planning import COUNTS, progress_table, waiting_for_second
from coding.mission.clock import today
from coding.pages import assign_progress, frame, work_words
from coding.pages.assign_offer import coders_chosen, offer, table
from coding.pages.assign_progress import TOLD
from coding.store.draws import DoubleDraw, double_draws, record_draw
from coding.vocabulary import Purpose


def double(opened: frame.Opened, now: Standing, coders: Sequence[str]) -> None:
    """The rule, the draw, the table of outlets and weeks, and what is drawn and waits for a second coder."""
    t, policy = opened.t, opened.mission.double_coding
    draws = double_draws(opened.store)
    frame.text("note", t("page.assign.rule", share=_per_cent(policy.share)))
    _draw(opened, now, draws)
    _table(opened, now, draws)
    if not draws:
        return
    left = waiting_for_second(now, draws)
    ready = to_double(now, left)
    if len(left) > len(ready):
        frame.text("told", t("page.assign.waits_first", count=frame.number(t, len(left) - len(ready))))
    if not ready:
        frame.text("note", t("page.assign.all_second" if drawn_of(draws) else "page.assign.none_drawn"))
        return
    frame.text("note", t("page.assign.to_second", count=frame.number(t, len(ready))))
    names = coders_chosen(opened, coders)
    note = t("page.assign.draw_note", share=_per_cent(draws[-1].share), seed=draws[-1].seed)
    offer(opened, coders, names, ready, lambda: planned(now, ready, names, Purpose.DOUBLE), note)


def _per_cent(share: float) -> str:
    return f"{100 * share:g}"


def _draw(opened: frame.Opened, now: Standing, draws: Sequence[DoubleDraw]) -> None:
    """Which days come into the pool, how many airings that are, and the button."""
    t, mission = opened.t, opened.mission
    pool = pool_of(now.airings.values(), mission, today(mission.zone), _days(opened))
    due = next_draw(now.airings.values(), pool, mission.double_coding, draws)
    counts = {"pool": pool, "new": due.pool, "more": due.drawn}
    values = {name: frame.number(t, len(airings)) for name, airings in counts.items()}
    if not pool:
        frame.text("told", t("page.assign.no_pool"))
    elif not due.pool and not due.drawn:
        frame.text("note", t("page.assign.nothing_new", **values))
    else:
        why = ("due" if due.pool else "more") if draws else "first"
        frame.text("note", t(f"page.assign.draw_{why}", **values))
        if st.button(t("page.assign.draw"), key="assign.draw", type="primary"):
            made = record_draw(opened.store, due, len(draws), opened.person.name)
            told = {"drawn": values["more"], "new": values["new"], "seed": due.seed}
            words = t("page.assign.drew", **told) if made else t("page.assign.drew_meanwhile")
            st.session_state[TOLD] = ("good" if made else "bad", words)
            st.rerun()


def _days(opened: frame.Opened) -> Days | None:
    """The days of the chosen period; None for all."""
    t, periods = opened.t, {period.name: period for period in opened.mission.periods}
    if len(periods) < 2:
        return None
    name = st.selectbox(
        t("page.assign.period"), ["", *periods], key="assign.period", width=320,
        format_func=lambda name: name or t("page.assign.every_period"),
    )  # fmt: skip
    return (periods[name].start, periods[name].end) if name else None


def _table(opened: frame.Opened, now: Standing, draws: Sequence[DoubleDraw]) -> None:
    """Outlet by week, in numbers of airings; a column that is empty everywhere is left out."""
    t = opened.t
    progress = progress_table(now, opened.mission, draws)
    if progress.empty:
        return
    shown = [name for name in COUNTS if name in ("airings", "drawn", "given", "done") or progress[name].any()]
    heads = [t(f"page.assign.double_{name}") for name in ("outlet", "week", *shown)]
    rows = [
        (work_words.outlet_name(opened.mission, row["outlet"]), row["week"], *(frame.number(t, row[n]) for n in shown))
        for row in progress.to_dict("records")
    ]
    sums = [frame.number(t, int(progress[name].sum())) for name in shown]
    st.html(assign_progress.STYLE + table(heads, [*rows, (t("page.assign.double_all"), "", *sums)]))
    if progress["by_hand"].any():
        frame.text("note", t("page.assign.about_by_hand"))
