"""My returned work: what a supervisor sent back, and what was decided about one's own coding, with a way to object."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil
from typing import Any

import streamlit as st

from coding.double_coding.disagreements import CODES
from coding.double_coding.own_decisions import OwnDecision, own_decisions
from coding.mission.model import Airing
from coding.pages import adjudication_words, frame, work_words
from coding.people.rights import Right
from coding.problems import ProblemsFound
from coding.progress import Stage, Work, own_work
from coding.recordings.serve import has_proxy
from coding.store.decisions import ask_again, withdraw
from coding.store.places import is_url, place_key
from coding.store.recordings import Recording, recordings
from coding.vocabulary import RecordingKind, Unit

AT_MOST = 20
"""Decisions on the screen at a time."""
LEAD_MS = 3_000
DESK = "coding/pages/desk.py"
LONGEST_NOTE = 1_000
TOLD, OPEN, WRONG = (f"returned_work.{name}" for name in ("told", "open", "wrong"))
"""What the last press did, whose form is open, and what is wrong with it: said there, since the list is long."""
STYLE = """<style>
.ev-back { border-top: 1px solid var(--ev-line); padding: .55rem 0 .3rem; margin: 0; line-height: 1.45; }
.ev-back h3 { font-size: 1rem; font-weight: 650; margin: 0; padding: 0; overflow-wrap: anywhere; }
.ev-back p { margin: 0; font-size: .9rem; color: var(--ev-quiet); overflow-wrap: anywhere; }
.ev-back dl { padding: 0; display: grid; grid-template-columns: 9rem 1fr; gap: .1rem .8rem; margin: .3rem 0; font-size: .93rem; }
.ev-back dt { margin: 0; padding: 0; font-weight: 400; color: var(--ev-quiet); } .ev-back dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.ev-back dd b { font-weight: 650; }
.ev-back .ev-tag { display: inline-block; font-size: .78rem; font-weight: 600; border-radius: 3px; padding: 0 .45rem; margin-inline-start: .5rem; border: 1px solid; vertical-align: 1px; }
.ev-back .ev-tag.upheld { color: var(--ev-good-ink); background: var(--ev-good); border-color: var(--ev-good-edge); }
.ev-back .ev-tag.overruled { color: var(--ev-notice-ink); background: var(--ev-notice); border-color: var(--ev-notice-edge); }
.ev-back .ev-said { background: var(--ev-bad); border-inline-start: 4px solid var(--ev-bad-edge); color: var(--ev-bad-ink); padding: .35rem .7rem; margin: .35rem 0; font-size: .95rem; white-space: pre-line; }
.ev-back .ev-wish { border-inline-start: 4px solid var(--ev-accent); background: var(--ev-told); color: var(--ev-told-ink); padding: .3rem .7rem; margin: .3rem 0; white-space: pre-line; }
.ev-back a { color: var(--ev-accent); }
</style>"""  # noqa: E501


def body(opened: frame.Opened) -> None:
    """What came back to be looked at, then the decisions."""
    t, me = opened.t, opened.person.name
    if not is_url(opened.where):
        frame.text("told", t("page.my_work.only_store"))
        return
    st.html(STYLE)
    style, words = st.session_state.pop(TOLD, ("", ""))
    if words:
        frame.text(style, words)
    back = [work for work in own_work(opened.store, opened.mission, me) if work.stage == Stage.RETURNED]
    made = own_decisions(opened.store, me)
    if st.session_state.get(OPEN) not in {each.decision_id for each in made}:  # decided anew: its form is gone
        gone = st.session_state.pop(WRONG, "")
        if gone:
            frame.text("bad", gone)
    if not back and not made:
        frame.text("told", t("page.returned_work.empty"))
        return
    frame.text("head", t("page.returned_work.returned", count=len(back)), "h2")
    if not back:
        frame.text("note", t("page.returned_work.none_returned"))
    for number, work in enumerate(back):
        _returned(opened, work, first=not number)
    frame.text("head", t("page.returned_work.decisions", count=len(made)), "h2")
    _decisions(opened, made)


def _returned(opened: frame.Opened, work: Work, first: bool) -> None:
    t, given = opened.t, work.assignment
    when = work_words.saved(t, opened.mission, given.recorded_at)
    said = t("page.my_work.said", who=given.recorded_by, when=when, note=given.note or t("word.no_value"))
    name = work_words.label(t, opened.mission, work.airing)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="ev-back"><h3 dir="auto">{escape(name)}</h3>'
            f'<p class="ev-said" dir="auto">{escape(said)}</p></div>'
        )
        pressed = st.button(
            t("page.my_work.open"), key=f"returned_work.desk.{work.airing.airing_id}",
            type="primary" if first else "secondary",
        )  # fmt: skip
    if pressed:
        st.session_state["desk.airing"] = work.airing.airing_id
        st.switch_page(DESK)


# decisions


def _decisions(opened: frame.Opened, made: Sequence[OwnDecision]) -> None:
    """Those that changed the own coding first in sight; all of them on a switch."""
    t = opened.t
    if not made:
        frame.text("note", t("page.returned_work.none_decided"))
        return
    upheld = sum(each.upheld for each in made)
    frame.text("note", t("page.returned_work.counts", overruled=len(made) - upheld, upheld=upheld))
    choice = st.segmented_control(
        t("page.my_work.show"), ("overruled", "upheld", "all"), default="overruled", required=True,
        key="returned_work.show", format_func=lambda name: t(f"page.returned_work.show_{name}"),
        label_visibility="collapsed",
    )  # fmt: skip
    shown = [each for each in made if choice == "all" or each.upheld == (choice == "upheld")]
    if not shown:
        frame.text("told", t(f"page.returned_work.no_{choice}"))
    pages = ceil(len(shown) / AT_MOST)
    page = st.pagination(pages, key=f"returned_work.page.{choice}.{pages}") if pages > 1 else 1
    some = shown[(page - 1) * AT_MOST : page * AT_MOST]
    files: dict[str, Recording] = {}
    for held in recordings(opened.store, sorted({each.airing_id for each in some})):
        if held.kind != RecordingKind.PAGE:
            files.setdefault(held.airing_id, held)
    units = {outlet.name: outlet.unit for outlet in opened.mission.outlets}
    for each in some:
        airing = opened.store.airing(each.airing_id)
        if airing is not None:
            _decision(opened, each, airing, units[airing.outlet], files.get(each.airing_id))


def _decision(opened: frame.Opened, each: OwnDecision, airing: Airing, unit: Unit, recording: Recording | None) -> None:
    t = opened.t
    tag = "upheld" if each.upheld else "overruled"
    name = work_words.label(t, opened.mission, airing)
    when = work_words.saved(t, opened.mission, each.recorded_at)
    rows = [
        (t("page.returned_work.you_said"), _codes(opened, each.said, unit, each.differs, "nothing_said")),
        (t("page.returned_work.holds"), _codes(opened, each.holds, unit, each.differs, "nothing_holds")),
        (t("page.returned_work.by"), escape(f"{each.recorded_by}, {when}")),
    ]
    if each.reason:
        rows.append((t("page.returned_work.reason"), escape(each.reason)))
    listed = "".join(f'<dt>{escape(head)}</dt><dd dir="auto">{words}</dd>' for head, words in rows)
    st.html(
        f'<div class="ev-back"><h3><span dir="auto">{escape(name)}</span>'
        f'<span class="ev-tag {tag}">{escape(t(f"page.returned_work.{tag}"))}</span></h3>'
        f"<dl>{listed}</dl>{_listen(opened, each, recording)}{_wish(opened, each)}</div>"
    )
    _ask(opened, each)


def _codes(opened: frame.Opened, codes: Mapping[str, Any], unit: Unit, differs: Sequence[str], nothing: str) -> str:
    """Place and codes in a line; what differs stands out by weight, and is named before it."""
    t, mission = opened.t, opened.mission
    if not codes:
        return f"<b>{escape(t(f'page.returned_work.{nothing}'))}</b>"
    told = [_marked(adjudication_words.place(t, codes, unit), "bounds" in differs)]
    for name in CODES:
        if codes[name] or name in differs:
            words = f"{t(f'desk.field.{name}')}: {adjudication_words.code(t, mission, name, str(codes[name]))}"
            told.append(_marked(words, name in differs))
    return " · ".join(told)


def _marked(words: str, differs: bool) -> str:
    return f"<b>≠ {escape(words)}</b>" if differs else escape(words)


def _listen(opened: frame.Opened, each: OwnDecision, recording: Recording | None) -> str:
    """The way to the recording at that second, in a window of its own."""
    start = (each.said or each.holds).get("start_ms")
    if recording is None or start is None:
        return ""
    small = "&proxy=1" if has_proxy(opened.mission.id, recording) else ""
    second = max(0, recording.offset_ms + int(start) - LEAD_MS) / 1000
    address = f"/recordings/{recording.recording_id}?mission={place_key(opened.where)}{small}#t={second:.1f}"
    words = escape(opened.t("page.returned_work.listen"))
    return f'<p><a href="{escape(address)}" target="_blank" rel="noopener">{words}</a></p>'


# objecting


def _wish(opened: frame.Opened, each: OwnDecision) -> str:
    t = opened.t
    told = ""
    if each.again:
        told += f'<p class="ev-wish">{escape(t("page.returned_work.again"))}</p>'
    if each.asked is not None:
        when = work_words.saved(t, opened.mission, each.asked.recorded_at)
        words = t("page.returned_work.asked", when=when, note=each.asked.note)
        told += f'<p class="ev-wish" dir="auto">{escape(words)}</p>'
    return told


def _ask(opened: frame.Opened, each: OwnDecision) -> None:
    """The button that asks, then the note; what was asked can be withdrawn."""
    t, key = opened.t, each.decision_id
    if each.asked is not None:
        st.button(
            t("page.returned_work.withdraw"),
            key=f"returned_work.withdraw.{key}",
            on_click=_withdraw,
            args=(opened, key),
        )
        return
    if st.session_state.get(OPEN) != key:
        st.button(t("page.returned_work.ask"), key=f"returned_work.ask.{key}", on_click=_open, args=(key,))
        return
    with st.form(key=f"returned_work.form.{key}", border=False):
        note = st.text_area(t("page.returned_work.note"), key=f"returned_work.note.{key}", max_chars=LONGEST_NOTE)
        wrong = st.session_state.pop(WRONG, "")
        if wrong:
            frame.text("bad", wrong)
        with st.container(horizontal=True):
            sent = st.form_submit_button(t("page.returned_work.send"), key=f"returned_work.send.{key}", type="primary")
            dropped = st.form_submit_button(t("page.adjudication.cancel"), key=f"returned_work.drop.{key}")
    if sent:
        _sent(opened, key, note)
    if dropped:
        st.session_state.pop(OPEN, None)
    if sent or dropped:
        st.rerun()


def _open(key: str) -> None:
    st.session_state[OPEN] = key


def _sent(opened: frame.Opened, key: str, note: str) -> None:
    t = opened.t
    try:
        ask_again(opened.store, key, opened.person.name, note)
    except ProblemsFound as found:
        st.session_state[WRONG] = "\n".join(problem.message(t) for problem in found.problems)
        return
    st.session_state.pop(OPEN, None)
    st.session_state[TOLD] = ("good", t("page.returned_work.sent"))


def _withdraw(opened: frame.Opened, key: str) -> None:
    withdraw(opened.store, key, opened.person.name)
    st.session_state[TOLD] = ("good", opened.t("page.returned_work.withdrawn"))


frame.show("returned_work", body, Right.CODE)
