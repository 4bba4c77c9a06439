"""The recoding list on the Codebook page: segments under retired names, one after the other or many at once."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from coding.codebook.recoding import Chosen, Recoded, Recoding, counted, given_back, holders, recode, waiting
from coding.languages import Translate
from coding.mission.clock import duration_text
from coding.pages import frame, work_words
from coding.problems import ProblemsFound
from coding.segment import Segment

AT_MOST = 100
"""Segments on the screen at a time."""
COLUMNS = ("into", "text", "subject", "tone", "format", "topic", "time", "airing", "coder")
"""Of the table, in order: what was said comes first, since that is what a person decides by."""
TURN = "codebook.recoded"
DESK = "coding/pages/desk.py"
Say = Callable[[str, str], None]


def recoding_list(opened: frame.Opened, found: Sequence[Recoding], say: Say) -> None:
    """How far each retired name is, and the segments of the chosen one."""
    t = opened.t
    if not found:
        frame.text("told", t("page.codebook.nothing_retired"))
        return
    for each in found:
        frame.text("good" if not each.left else "note", _progress(t, each))
    open_ones = [each for each in found if each.left]
    if not open_ones:
        frame.text("told", t("page.codebook.all_recoded"))
        return
    place = st.selectbox(
        t("page.codebook.which"), range(len(open_ones)), key=f"codebook.which.{len(open_ones)}", width=420,
        format_func=lambda number: _label(t, open_ones[number]),
    )  # fmt: skip
    _one(opened, open_ones[place], say)


def _label(t: Translate, each: Recoding) -> str:
    return t("page.codebook.label", kind=t(f"codebook.kind.{each.kind}"), name=each.name, left=each.left)


def _progress(t: Translate, each: Recoding) -> str:
    values = {name: frame.number(t, getattr(each, name)) for name in ("recoded", "total", "left")}
    named = {"kind": t(f"codebook.kind.{each.kind}"), "name": each.name, "into": ", ".join(each.into)}
    return t("codebook.progress" if each.left else "codebook.finished", **named, **values)


def _one(opened: frame.Opened, name: Recoding, say: Say) -> None:
    """The segments under one retired name that the filters leave."""
    t = opened.t
    chosen = _chosen(opened, name)
    total = counted(opened.store, name.kind, name.name, chosen)
    frame.text("note", t("page.codebook.found", found=frame.number(t, total)))
    if not total:
        return
    pages = ceil(total / AT_MOST)
    page = st.pagination(pages, key=f"codebook.recode.page.{pages}") if pages > 1 else 1
    # the grid keeps what it was given until something was recoded here: others who save must not take edits away
    key = (opened.where, name.kind, name.name, chosen, page, st.session_state.get(TURN, 0))
    shown = frame.remembered(
        "codebook.recode", key,
        lambda: waiting(opened.store, name.kind, name.name, chosen, AT_MOST, (page - 1) * AT_MOST),
    )  # fmt: skip
    picked = _grid(opened, name, shown, str(hash(key)))
    reason = str(
        st.text_input(
            t("page.codebook.recode_reason"), key=f"codebook.recode.reason.{name.kind}.{name.name}", width=640,
            max_chars=300,
        )
        or ""
    )  # fmt: skip
    _buttons(opened, name, chosen, (shown, picked, total), reason, say)
    _desk(opened, shown)


def _chosen(opened: frame.Opened, name: Recoding) -> Chosen:
    t = opened.t
    airings, coders = holders(opened.store, name.kind, name.name)
    words = _airing_words(opened, airings)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        airing = st.selectbox(
            t("page.codebook.column_airing"), ["", *airings], key="codebook.recode.airing", width=320,
            format_func=lambda each: words[each] if each else t("app.filter.every"),
        )  # fmt: skip
        coder = st.selectbox(
            t("page.codebook.column_coder"), ["", *coders], key="codebook.recode.coder", width=200,
            format_func=lambda each: each or t("app.filter.every"),
        )  # fmt: skip
        word = st.text_input(t("page.codebook.word"), key="codebook.recode.word", width=260)
    return Chosen(str(airing or ""), str(coder or ""), str(word or "").strip())


def _airing_words(opened: frame.Opened, airing_ids: Sequence[str]) -> dict[str, str]:
    wanted = set(airing_ids)
    held = {each.airing_id: each for each in opened.store.airings() if each.airing_id in wanted}
    return {
        name: " · ".join(filter(None, (
            work_words.outlet_name(opened.mission, held[name].outlet),
            work_words.day(opened.t, held[name]),
            work_words.programme(opened.t, held[name]),
        )))
        for name in airing_ids
    }  # fmt: skip


def _grid(opened: frame.Opened, name: Recoding, shown: Sequence[Segment], key: str) -> dict[int, str]:
    """The segments with a cell for the new name; the names chosen, by the place of the segment."""
    t = opened.t
    words = _airing_words(opened, list(dict.fromkeys(each.airing_id for each in shown)))
    names = [each for each in COLUMNS if each != name.kind]  # what all of them have alike tells nothing
    rows = [{
        "into": None, "text": each.text, "time": _time(t, each), "airing": words[each.airing_id], "coder": each.coder,
        "subject": each.subject, "tone": each.tone, "format": each.format, "topic": each.topic,
    } for each in shown]  # fmt: skip
    heads = {each: t(f"page.codebook.column_{each}") for each in names}
    table = pd.DataFrame(rows, columns=names, dtype=object)
    config: dict[str, Any] = {each: st.column_config.TextColumn(heads[each]) for each in names}
    config["text"] = st.column_config.TextColumn(heads["text"], width="large")
    config["into"] = st.column_config.SelectboxColumn(heads["into"], options=list(name.into), width="medium")
    grid_key = f"codebook.grid.{key}"
    st.data_editor(
        table, key=grid_key, num_rows="fixed", hide_index=True, column_config=config, disabled=names[1:],
        placeholder="", height="content" if len(rows) < 12 else 430,
    )  # fmt: skip
    edits = st.session_state[grid_key].get("edited_rows", {})
    return {int(place): str(cells["into"]) for place, cells in edits.items() if cells.get("into")}


def _time(t: Translate, segment: Segment) -> str:
    if segment.start_ms is not None and segment.end_ms is not None:
        return f"{duration_text(segment.start_ms)} – {duration_text(segment.end_ms)}"
    return "" if segment.page is None else t("desk.page_short", page=segment.page)


def _buttons(
    opened: frame.Opened,
    name: Recoding,
    chosen: Chosen,
    listed: tuple[Sequence[Segment], dict[int, str], int],
    reason: str,
    say: Say,
) -> None:
    t, (shown, picked, total) = opened.t, listed
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(t("page.codebook.recode_picked", count=len(picked)), key="codebook.recode.picked",
                     type="primary", disabled=not picked):  # fmt: skip
            _recoded(opened, name, [(shown[place], into) for place, into in picked.items()], reason, say)
        into = st.selectbox(
            t("page.codebook.all_as"), name.into, index=None, key=f"codebook.recode.all.{name.name}", width=260,
            placeholder=t("page.codebook.choose"),
        )  # fmt: skip
        words = t("page.codebook.recode_all", count=frame.number(t, total))
        if st.button(words, key="codebook.recode.all", disabled=not into):
            every = waiting(opened.store, name.kind, name.name, chosen)
            _recoded(opened, name, [(each, str(into)) for each in every], reason, say)
        if st.button(t("page.codebook.give_back"), key="codebook.recode.back", help=t("page.codebook.give_back_help")):
            _given_back(opened, name, chosen, reason, say)


def _recoded(
    opened: frame.Opened, name: Recoding, decided: Sequence[tuple[Segment, str]], reason: str, say: Say
) -> None:
    t = opened.t
    try:
        with st.spinner(t("page.codebook.recoding")):
            done = recode(opened.store, name.kind, decided, opened.person.name, reason)
    except ProblemsFound as found:
        frame.text("bad", t("page.codebook.reason_missing"))
        frame.problem_table(t, found.problems)
        return
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    _tell(t, done, say)
    st.rerun()


def _tell(t: Translate, done: Recoded, say: Say) -> None:
    words = t("page.codebook.recoded", stored=frame.number(t, done.stored))
    if done.problems:
        told = "\n".join(problem.text(t) for problem in done.problems[:20])
        words += "\n" + t("page.codebook.not_recoded", count=len(done.problems)) + "\n" + told
    say("bad" if done.problems else "good", words)


def _given_back(opened: frame.Opened, name: Recoding, chosen: Chosen, reason: str, say: Say) -> None:
    """The listed airings back into the hands of those who coded them, with a note that says what to do."""
    t = opened.t
    pairs = [(each.airing_id, each.coder) for each in waiting(opened.store, name.kind, name.name, chosen)]
    note = t("page.codebook.note", name=name.name, into=", ".join(name.into))
    returned, nobody = given_back(opened.store, pairs, opened.person.name, f"{note} {reason}".strip())
    words = t("page.codebook.given_back", count=frame.number(t, returned))
    if nobody:
        words += " " + t("page.codebook.nobody", count=frame.number(t, len(nobody)))
    say("told" if nobody else "good", words)
    st.rerun()


def _desk(opened: frame.Opened, shown: Sequence[Segment]) -> None:
    """The way to the desk of one of the listed airings."""
    t = opened.t
    airings = list(dict.fromkeys(each.airing_id for each in shown))
    words = _airing_words(opened, airings)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        airing = st.selectbox(
            t("page.codebook.at_desk"), airings, index=None, key="codebook.recode.desk", width=420,
            format_func=words.__getitem__, placeholder=t("page.codebook.choose"),
        )  # fmt: skip
        if st.button(t("page.codebook.open_desk"), key="codebook.recode.open", disabled=not airing):
            st.session_state["desk.airing"] = airing
            st.switch_page(DESK)
