"""Adjudication: the supervisor settles, passage by passage and by keys, what holds where coders disagree."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from coding.double_coding.deciding import decide, take_back
from coding.double_coding.disagreements import Disagreement, OpenAiring, disagreements, open_airings, own_segments
from coding.mission.model import Airing
from coding.pages import adjudication_choice, adjudication_words, frame, work_words
from coding.pages.adjudication_choice import ASKING, keyed, style_key
from coding.pages.adjudication_player import player
from coding.people.rights import Right
from coding.problems import ProblemsFound
from coding.store.places import is_url

AIRING, PASSAGE, TOLD, JUST = (f"adjudication.{name}" for name in ("airing", "passage", "told", "just"))
"""What is shown, what the last press did, and which passage it decided: for a press of U right after."""
STYLE = """<style>
.ev-asked { background: var(--ev-told); border-inline-start: 4px solid var(--ev-accent); color: var(--ev-told-ink); padding: .4rem .8rem; margin: 0; white-space: pre-line; overflow-wrap: anywhere; }
.ev-far { height: 6px; background: var(--ev-line); margin: .2rem 0 0; border-radius: 3px; overflow: hidden; }
.ev-far i { display: block; height: 6px; background: var(--ev-good-edge); }
.ev-where { margin: 0; font-variant-numeric: tabular-nums; }
.ev-where b { font-weight: 650; }
</style>"""  # noqa: E501


def body(opened: frame.Opened) -> None:
    """The airing, how far it is, and one disagreement at a time."""
    t = opened.t
    if not is_url(opened.where):
        frame.copy_offer(opened, t("page.adjudication.folder"))
        return
    found = open_airings(opened.store)
    if not found:
        frame.text("told", t("page.adjudication.none"))
        return
    st.html(STYLE)
    chosen = _airing(opened, found)
    passages = disagreements(opened.store, chosen.airing_id)
    minor = bool(st.session_state.get("adjudication.minor"))
    shown = sorted(
        (each for each in passages if minor or not each.minor or each.asked), key=lambda each: (each.minor, each.place)
    )
    if not (chosen.left or chosen.asked):
        _finished(opened, found, chosen)
    if not shown:
        _say()
        return
    _passage(opened, chosen, _current(shown), shown)
    frame.text("note", t("page.adjudication.rule"))


# which airing


def _airing(opened: frame.Opened, found: Sequence[OpenAiring]) -> OpenAiring:
    """The airing that is chosen: the first with something to decide, unless another was picked."""
    t = opened.t
    by_id = {each.airing_id: each for each in found}
    if st.session_state.get(AIRING) not in by_id:
        st.session_state[AIRING] = found[0].airing_id
    labels = _labels(opened, found)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.selectbox(
            t("page.adjudication.airing"), list(by_id), key=AIRING, format_func=lambda name: labels[name],
            on_change=_leave, width=540,
        )  # fmt: skip
        st.toggle(t("page.adjudication.names"), key="adjudication.names", help=t("page.adjudication.names_help"))
        st.toggle(t("page.adjudication.minor"), key="adjudication.minor", help=t("page.adjudication.minor_help"))
    return by_id[str(picked)]


def _labels(opened: frame.Opened, found: Sequence[OpenAiring]) -> dict[str, str]:
    t, ids = opened.t, tuple(each.airing_id for each in found)
    key = (opened.where, ids, opened.store.moment().airing_seq)
    airings: dict[str, Airing | None] = frame.remembered(
        "adjudication.airings", key, lambda: {name: opened.store.airing(name) for name in ids}
    )
    labels = {}
    for each in found:
        airing = airings[each.airing_id]
        name = work_words.label(t, opened.mission, airing) if airing else each.airing_id
        far = t("page.adjudication.far", decided=each.decided, total=each.disagreements)
        asked = t("page.adjudication.asked_count", count=each.asked) if each.asked else ""
        labels[each.airing_id] = " — ".join(filter(None, (name, far, asked)))
    return labels


def _leave() -> None:
    for name in (PASSAGE, JUST, ASKING):
        st.session_state.pop(name, None)


def _finished(opened: frame.Opened, found: Sequence[OpenAiring], chosen: OpenAiring) -> None:
    """Nothing of this airing is left to decide: on to the next one."""
    t = opened.t
    with st.container(horizontal=True, vertical_alignment="center"):
        if not any(each.left for each in found):
            frame.text("good", t("page.adjudication.all_done"))
            return
        frame.text(
            "good", t("page.adjudication.airing_done" if chosen.disagreements else "page.adjudication.all_alike")
        )
        _next_airing(opened, found, chosen)


def _next_airing(opened: frame.Opened, found: Sequence[OpenAiring], chosen: OpenAiring) -> None:
    following = next((each for each in found if each.left and each.airing_id != chosen.airing_id), None)
    if following is not None:
        words = opened.t("page.adjudication.next_airing", count=following.left)
        st.button(words, key="adjudication.next_airing", type="primary", on_click=_go_to, args=(following.airing_id,))


def _go_to(airing_id: str) -> None:
    _leave()
    st.session_state[AIRING] = airing_id


def _say() -> None:
    style, words = st.session_state.pop(TOLD, ("", ""))
    if words:
        frame.text(style, words)


# one passage


def _current(shown: Sequence[Disagreement]) -> Disagreement:
    """The chosen passage; else one that somebody asks to reopen, the first that is open, or the first."""
    by_name = {each.name: each for each in shown}
    chosen = by_name.get(str(st.session_state.get(PASSAGE)))
    asked = next((each for each in shown if each.asked), None)
    first = chosen or asked or next((each for each in shown if each.open), shown[0])
    st.session_state[PASSAGE] = first.name
    return first


def _passage(opened: frame.Opened, chosen: OpenAiring, passage: Disagreement, shown: Sequence[Disagreement]) -> None:
    """Recording and codings beside each other, below the codings the keys."""
    t, words = opened.t, adjudication_words.blind_order(passage)
    called = [adjudication_words.coding_name(t, number) for number in range(len(words))]
    names = {word.coder: name for word, name in zip(words, called, strict=True)}
    open_names = bool(st.session_state.get("adjudication.names"))
    for wish in passage.asked:
        who = wish.coder if open_names else names.get(wish.coder, "")
        when = work_words.saved(t, opened.mission, wish.recorded_at)
        frame.text("asked", t("page.adjudication.asked", who=who, when=when, note=wish.note))
    left, right = st.columns([5, 6], gap="medium")
    with right:
        own = own_segments(opened.store, passage)
        heads = [(name, word.coder if open_names else "") for word, name in zip(words, called, strict=True)]
        st.html(adjudication_words.compared(opened, passage, words, heads, own))
        if passage.last is not None:
            frame.text("note", adjudication_words.decided_words(opened, passage.last, names))
        may = opened.person.name not in names
        keys = adjudication_choice.choice(opened, passage, words, _decider(opened, passage, shown)) if may else {}
        if not may:
            frame.text("told", t("problem.decision.own"))
        keys |= _walk(opened, passage, shown, may)
        _say()
    with left:
        short = [adjudication_words.coding_name(t, number, short=True) for number in range(len(words))]
        if player(opened, passage, words, short, keys):
            frame.text("note", t("page.adjudication.media_keys"))
        _progress(opened, chosen, shown.index(passage) + 1, len(shown))


def _progress(opened: frame.Opened, chosen: OpenAiring, number: int, total: int) -> None:
    """Where in the airing this passage is, and how far the airing is."""
    t = opened.t
    done = 100 * chosen.decided // chosen.disagreements if chosen.disagreements else 100
    words = [
        t("page.adjudication.number", number=number, total=total),
        t("page.adjudication.far", decided=chosen.decided, total=chosen.disagreements),
    ]
    words += [t("page.adjudication.minor_count", count=chosen.minor)] if chosen.minor else []
    bar = f'<div class="ev-far" aria-hidden="true"><i style="width:{done}%"></i></div>'
    st.html(f'<p class="ev-where">{escape(" · ".join(words))}</p>{bar}')


def _walk(opened: frame.Opened, passage: Disagreement, shown: Sequence[Disagreement], may: bool) -> dict[str, str]:
    """Next and previous, and the way back from a decision."""
    t, at = opened.t, shown.index(passage)
    keys: dict[str, str] = {}
    with st.container(horizontal=True, vertical_alignment="center"):
        for action, step, code, arrow, printed in (
            ("previous", -1, "KeyK", "ArrowLeft", "K ←"),
            ("next", 1, "KeyJ", "ArrowRight", "J →"),
        ):
            key = style_key(action, passage)
            there = 0 <= at + step < len(shown)
            st.button(
                keyed(t(f"page.adjudication.{action}"), printed), key=key, on_click=_show, disabled=not there,
                args=(shown[at + step].name if there else "",),
            )  # fmt: skip
            keys |= {code: key, arrow: key}
        if may:
            keys |= _undo(opened, passage, shown)
    return keys


def _show(name: str) -> None:
    st.session_state[PASSAGE] = name
    st.session_state.pop(ASKING, None)


def _undo(opened: frame.Opened, passage: Disagreement, shown: Sequence[Disagreement]) -> dict[str, str]:
    """Take back the decision on the screen, else the one that was just made."""
    just = next((each for each in shown if each.name == st.session_state.get(JUST) and not each.open), None)
    target = passage if not passage.open else just
    if target is None:
        return {}
    key = style_key("undo", target)
    words = opened.t("page.adjudication.undo" if target is passage else "page.adjudication.undo_last")
    st.button(keyed(words, "U"), key=key, on_click=_take_back, args=(opened, target))
    return {"KeyU": key}


def _take_back(opened: frame.Opened, passage: Disagreement) -> None:
    t = opened.t
    try:
        take_back(opened.store, opened.person.name, passage)
    except ProblemsFound as found:
        st.session_state[TOLD] = ("bad", "\n".join(problem.message(t) for problem in found.problems))
        return
    st.session_state.pop(JUST, None)
    st.session_state[PASSAGE] = passage.name
    st.session_state[TOLD] = ("good", t("page.adjudication.taken_back"))


def _decider(opened: frame.Opened, passage: Disagreement, shown: Sequence[Disagreement]) -> adjudication_choice.Decide:
    """Decides this passage; then the next open one is shown, or this one stays with what is in the way."""

    def decided(outcome: str, codes: Mapping[str, Any] | None, reason: str) -> None:
        """Write the decision, or say what is in its way."""
        t = opened.t
        try:
            decide(opened.store, opened.person.name, passage, outcome, codes, reason)
        except ProblemsFound as found:
            st.session_state[TOLD] = ("bad", "\n".join(problem.message(t) for problem in found.problems))
            return
        st.session_state.pop(ASKING, None)
        st.session_state[JUST] = passage.name
        st.session_state[TOLD] = ("good", t("page.adjudication.saved"))
        st.session_state[PASSAGE] = _following(passage, shown)

    return decided


def _following(passage: Disagreement, shown: Sequence[Disagreement]) -> str:
    """The next open passage after this one, from the beginning again after the last; else this one."""
    at = shown.index(passage)
    after = [*shown[at + 1 :], *shown[:at]]
    wished = next((each.name for each in after if each.asked), "")
    return wished or next((each.name for each in after if each.open), passage.name)


frame.show("adjudication", body, Right.SUPERVISE)
