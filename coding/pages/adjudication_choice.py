"""The keys that decide a passage: a coder's word, nobody, or own codes, with the reason."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from coding.double_coding.disagreements import CODES as CODE_NAMES
from coding.double_coding.disagreements import Disagreement, Word
from coding.mission.clock import duration_ms, duration_text
from coding.pages import adjudication_words, frame
from coding.problems import Problem, ProblemsFound
from coding.store.decisions import CODES, NOTHING, decisions, word_of
from coding.vocabulary import Role, Speech

ASKING = "adjudication.asking"
"""What is waiting for more before it can be decided: the passage's name and NOTHING or CODES."""
QUICK = ("in_passing", "heard_again", "codebook", "tone_of_speaker")
OFFERED = 5
Decide = Callable[[str, Mapping[str, Any] | None, str], None]


def style_key(action: str, passage: Disagreement) -> str:
    """The key of a button. It names the passage and how it stood: a late press never meets another passage."""
    read = passage.last.decision_id[:8] if passage.last else "new"
    return f"adjudication-{action}-{passage.name}-{read}"


def keyed(words: str, key: str) -> str:
    """A button's words with its key before them."""
    return f"{key}\u2002{words}"


def choice(opened: frame.Opened, passage: Disagreement, words: Sequence[Word], decide: Decide) -> dict[str, str]:
    """The buttons, or what one of them still asks for; the key and style class of each."""
    asking = st.session_state.get(ASKING)
    if asking is not None and asking[0] == passage.name:
        return _reason(opened, passage, decide) if asking[1] == NOTHING else _own(opened, passage, words, decide)
    return _buttons(opened, passage, words, decide)


def _buttons(opened: frame.Opened, passage: Disagreement, words: Sequence[Word], decide: Decide) -> dict[str, str]:
    t, keys = opened.t, {}
    extra = [str(number) for number in range(5, 10)]  # a third coding and more come after the fixed keys
    named = f"adjudication.reason.{passage.name}"
    reason = str(st.session_state.get(named) or "")
    with st.container(horizontal=True):
        for number, word in enumerate(words):
            key = str(number + 1) if number < 2 else extra[number - 2]
            name = adjudication_words.coding_name(t, number, short=True)
            keys[f"Digit{key}"] = _button(
                keyed(name, key), f"word{number}", passage, decide, (word_of(word.coder), None, reason)
            )
        keys["Digit3"] = style_key("nothing", passage)
        at_once = bool(reason) or any(not word.found for word in words)
        st.button(
            keyed(t("page.adjudication.nothing"), "3"), key=keys["Digit3"], on_click=decide if at_once else _ask,
            args=(NOTHING, None, reason) if at_once else (passage, NOTHING),
        )  # fmt: skip
        keys["Digit4"] = style_key("own", passage)
        st.button(keyed(t("page.adjudication.own"), "4"), key=keys["Digit4"], on_click=_ask, args=(passage, CODES))
    st.selectbox(
        t("page.adjudication.reason_needed"), reasons(opened), index=None, key=named, accept_new_options=True,
        placeholder=t("page.adjudication.reason"), label_visibility="collapsed",
    )  # fmt: skip
    return keys


def _button(label: str, action: str, passage: Disagreement, decide: Decide, args: tuple[Any, ...]) -> str:
    key = style_key(action, passage)
    st.button(label, key=key, on_click=decide, args=args)
    return key


def _ask(passage: Disagreement, outcome: str) -> None:
    st.session_state[ASKING] = (passage.name, outcome)


def _forget() -> None:
    st.session_state.pop(ASKING, None)


def reasons(opened: frame.Opened) -> list[str]:
    """Reasons to choose from: those that this person gave last, then a few that fit often."""
    t = opened.t
    given = [
        each.reason
        for each in reversed(decisions(opened.store))
        if each.recorded_by == opened.person.name and each.reason
    ]
    return list(dict.fromkeys([*given, *(t(f"page.adjudication.quick_{name}") for name in QUICK)]))[
        : OFFERED + len(QUICK)
    ]


def _reason(opened: frame.Opened, passage: Disagreement, decide: Decide) -> dict[str, str]:
    """Why nobody is there: one key for each reason that is at hand, or words of one's own."""
    t, keys = opened.t, {}
    frame.text("head", t("page.adjudication.why_nothing"), "h2")
    with st.container(horizontal=True):
        for number, reason in enumerate(reasons(opened)[:OFFERED], 1):
            keys[f"Digit{number}"] = _button(
                keyed(reason, str(number)), f"why{number}", passage, decide, (NOTHING, None, reason)
            )
    with (
        st.form(key=f"adjudication.why.{passage.name}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        words = st.text_input(t("page.adjudication.other_reason"), key=f"adjudication.other.{passage.name}")
        pressed = st.form_submit_button(t("page.adjudication.decide"), key=style_key("decide", passage))
    if pressed:
        decide(NOTHING, None, words)
        st.rerun()
    return keys | _cancel(opened, passage)


def _cancel(opened: frame.Opened, passage: Disagreement) -> dict[str, str]:
    key = style_key("cancel", passage)
    st.button(keyed(opened.t("page.adjudication.cancel"), "Esc"), key=key, on_click=_forget)
    return {"Escape": key}


def _own(opened: frame.Opened, passage: Disagreement, words: Sequence[Word], decide: Decide) -> dict[str, str]:
    """Every code to choose, as the first coding that found something has them."""
    t, mission = opened.t, opened.mission
    base = next(word for word in words if word.found)
    gone = {(str(each.kind), each.name) for each in mission.retired}
    choices: dict[str, list[str]] = {
        "subject": [each.name for each in mission.subjects],
        "role": [str(each) for each in Role],
        "speech": [str(each) for each in Speech],
        "tone": [point.name for point in mission.tone],
        "format": [part.name for part in mission.formats],
        "topic": ["", *mission.topics],
    }
    frame.text("head", t("page.adjudication.own_head"), "h2")
    with st.form(key=f"adjudication.own.{passage.name}", border=False):
        columns = st.columns(3)
        chosen: dict[str, Any] = {
            name: _select(
                opened, columns[number % 3], passage, name,
                [each for each in choices[name] if (name, each) not in gone], getattr(base, name),
            )
            for number, name in enumerate(CODE_NAMES)
        }  # fmt: skip
        times = {
            side: columns[number].text_input(
                t(f"page.adjudication.{side}"), duration_text(getattr(base, side)),
                key=f"adjudication.{side}.{passage.name}",
            )
            for number, side in enumerate(("start_ms", "end_ms")) if base.start_ms is not None
        }  # fmt: skip
        reason = columns[2].selectbox(
            t("page.adjudication.reason_needed"), reasons(opened), index=None, accept_new_options=True,
            key=f"adjudication.own_reason.{passage.name}", placeholder=t("page.adjudication.reason_placeholder"),
        ) or ""  # fmt: skip
        pressed = st.form_submit_button(
            keyed(t("page.adjudication.decide"), "S"), key=style_key("decide", passage), type="primary"
        )
    if pressed:
        _decide_own(opened, decide, chosen, times, reason)
    return {"KeyS": style_key("decide", passage)} | _cancel(opened, passage)


def _select(
    opened: frame.Opened, column: Any, passage: Disagreement, name: str, choices: Sequence[str], value: str
) -> str:
    t, mission = opened.t, opened.mission
    offered = list(choices) if value in choices else [value, *choices]
    return str(
        column.selectbox(
            t(f"desk.field.{name}"), offered, offered.index(value), key=f"adjudication.{name}.{passage.name}",
            format_func=lambda each: adjudication_words.code(t, mission, name, each),
        )
    )  # fmt: skip


def _decide_own(
    opened: frame.Opened, decide: Decide, chosen: dict[str, Any], times: Mapping[str, str], reason: str
) -> None:
    try:
        placed = {side: _milliseconds(opened, side, written) for side, written in times.items()}
    except ProblemsFound as found:
        frame.text("bad", "\n".join(problem.message(opened.t) for problem in found.problems))
        return
    decide(CODES, chosen | placed, reason)
    st.rerun()


def _milliseconds(opened: frame.Opened, side: str, written: str) -> int:
    try:
        return duration_ms(written)
    except ValueError:
        column = opened.t(f"page.adjudication.{side}")
        raise ProblemsFound([Problem("decision.time", column=column, value=written)]) from None
