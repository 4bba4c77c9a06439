"""What to code next: half what the model is unsure about, half drawn at random; given to coders in one press."""

import hashlib
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from coding.board import board
from coding.pages import frame, work_words
from coding.people.accounts import people
from coding.people.rights import MAY, Right
from coding.problems import ProblemsFound
from coding.progress import extent
from coding.store.places import is_url
from coding.suggestions import measuring
from coding.suggestions.queue import Draw, Sampled, hand_out, sample
from coding.suggestions.uncertainty import Outlook, outlook

MOST = 500
TURN, TOLD, SHOWN = "queue.turn", "queue.told", "queue.shown"
"""The first goes up with every assignment, so that coders are chosen anew."""


def body(opened: frame.Opened) -> None:
    """The model's part, the queue, to whom it goes, and the draws so far."""
    t = opened.t
    if not is_url(opened.where):
        frame.copy_offer(opened, t("page.queue.folder"))
        return
    view = outlook(opened.store, board(opened.store).now(opened.mission))
    frame.text("note", t("page.queue.about"))
    _uncertainty(opened, view)
    if view.pool:
        _queue(opened, view)
    else:
        frame.text("told", t("page.queue.empty"))
    style, words = st.session_state.pop(TOLD, ("", ""))
    if words:
        frame.text(style, words)
    _draws(opened, sample(opened.store))


# what the model is unsure about


def _uncertainty(opened: frame.Opened, view: Outlook) -> None:
    """How much the model has read, and the button that lets it read the rest."""
    t, job = opened.t, measuring.job_of(opened.store.url)
    if job is not None and job.running:
        _running(opened)
        return
    if job is not None:
        _over(opened, job)
    if view.model is None or not view.with_text:
        return
    count = {"texts": frame.number(t, len(view.with_text)), "model": view.model.version}
    read = frame.number(t, len(view.with_text) - view.unread)
    frame.text("note", t("page.queue.read", read=read, **count))
    if view.unread and st.button(t("page.queue.measure"), key="queue.measure"):
        measuring.start_measuring(opened.store.url)
        st.rerun()


@st.fragment(run_every=1)
def _running(opened: frame.Opened) -> None:
    """The bar; the whole page is drawn anew when the work is over."""
    t, job = opened.t, measuring.job_of(opened.store.url)
    if job is None or not job.running:
        st.rerun()
        return
    frame.text("told", t("queue.measuring", done=frame.number(t, job.done), total=frame.number(t, job.total)))
    st.progress(job.done / job.total if job.total else 0.0)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("page.queue.stop"), key="queue.stop", on_click=measuring.stop, args=(opened.store.url,))
        frame.text("note", t("page.queue.goes_on"))


def _over(opened: frame.Opened, job: measuring.Job) -> None:
    """Why a reading ended before its time; one that ended well needs no words."""
    measuring.dismiss(opened.store.url)
    if job.problems:
        frame.text("bad", "\n".join(problem.message(opened.t) for problem in job.problems))
    elif not job.finished:
        frame.text("told" if job.stopped else "bad", opened.t(f"page.queue.{'stopped' if job.stopped else 'failed'}"))


# the queue


def _queue(opened: frame.Opened, view: Outlook) -> None:
    t = opened.t
    number = st.number_input(t("page.queue.number"), 1, MOST, min(10, MOST), key="queue.number", width=200)
    draw = view.draw(int(number))
    for line in view.how(draw, t):
        frame.text("note", line)
    _say_changed(opened, draw)
    st.dataframe(_rows(opened, view, draw), hide_index=True, height="content" if number < 12 else 400)
    _give(opened, draw)


def _name(draw: Draw) -> str:
    """A short name of a draw: another draw is another button, so that a press gives what its eyes saw."""
    told = "\n".join((str(draw.round), *draw.random, "", *draw.uncertain))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _say_changed(opened: frame.Opened, draw: Draw) -> None:
    """Whether the draw became another one since it was shown, by what somebody else did."""
    asked = (opened.where, len(draw.random) + len(draw.uncertain), draw.round)
    before = st.session_state.get(SHOWN)
    if before is not None and before[0] == asked and before[1] != _name(draw):
        frame.text("told", opened.t("problem.queue.changed"))
    st.session_state[SHOWN] = (asked, _name(draw))


def _rows(opened: frame.Opened, view: Outlook, draw: Draw) -> pd.DataFrame:
    t, mission = opened.t, opened.mission
    airings = {airing.airing_id: airing for airing in view.pool}
    units = {outlet.name: outlet.unit for outlet in mission.outlets}
    rows: list[tuple[Any, ...]] = []
    for name in (*draw.random, *draw.uncertain):
        airing = airings[name]
        rows.append((
            t("queue.why_random" if name in draw.random else "queue.why_uncertain"),
            draw.uncertainty.get(name),
            str(airing.date),
            work_words.clock(mission, airing),
            work_words.outlet_name(mission, airing.outlet),
            work_words.programme(t, airing),
            work_words.amount(t, extent(airing), units[airing.outlet]),
        ))  # fmt: skip
    names = ("why", "uncertainty", "day", "clock", "outlet", "programme", "length")
    table = pd.DataFrame(rows, columns=[t(f"page.queue.column_{name}") for name in names])
    return table.round({t("page.queue.column_uncertainty"): 2}).dropna(axis="columns", how="all")


def _coders(opened: frame.Opened) -> list[str]:
    """Who can code here: active people of the roles that may; in the demo only whoever sits at it."""
    if opened.person.demo:
        return [opened.person.name]
    return [each.name for each in people().everyone() if each.active and Right.CODE in MAY[each.role]]


def _give(opened: frame.Opened, draw: Draw) -> None:
    """To whom it goes, and the button."""
    t, coders, turn = opened.t, _coders(opened), st.session_state.get(TURN, 0)
    if not coders:
        frame.text("told", t("page.assign.nobody"))
        return
    names = st.multiselect(
        t("page.assign.coders"), coders, default=coders if len(coders) == 1 else None, key=f"queue.coders.{turn}",
        placeholder=t("page.assign.choose_coders"), width=420,
    )  # fmt: skip
    size = len(draw.random) + len(draw.uncertain)
    words = t("page.assign.give", count=frame.number(t, size))
    if st.button(words, type="primary", key=f"queue.give.{_name(draw)}", disabled=not names):
        _handed(opened, draw, names)
        st.rerun()


def _handed(opened: frame.Opened, draw: Draw, names: Sequence[str]) -> None:
    t = opened.t
    try:
        got = hand_out(opened.store, draw, names, opened.person.name)
    except ProblemsFound as found:
        st.session_state[TOLD] = ("bad", "\n".join(problem.message(t) for problem in found.problems))
        return
    told = ", ".join(f"{coder} {frame.number(t, count)}" for coder, count in got.items() if count)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state[TOLD] = ("good", t("page.assign.given", told=told))


# the draws so far


def _draws(opened: frame.Opened, chosen: Sequence[Sampled]) -> None:
    """The random halves so far, with the probability that a later estimate needs."""
    t = opened.t
    if not chosen:
        return
    frame.text("head", t("page.queue.sample"), "h2")
    frame.text("note", t("page.queue.sample_note"))
    names = ("round", "drawn", "pool", "seed")
    rounds = {each.round: each for each in chosen}.values()
    rows = [(*(getattr(each, name) for name in names), round(each.probability, 4)) for each in rounds]
    heads = [t(f"page.queue.column_{name}") for name in (*names, "probability")]
    st.dataframe(pd.DataFrame(rows, columns=heads), hide_index=True, key="queue.draws")


frame.show("queue", body, Right.SUPERVISE)
