"""The guided change on the Codebook page: what is asked for, what it would do, and doing it."""

from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from coding.codebook.applying import Preview, applied, preview
from coding.codebook.changing import OFFERED, Wanted
from coding.codebook.differences import in_words
from coding.languages import Translate
from coding.mission.clock import duration_text
from coding.mission.model import Format, Subject
from coding.mission.tables import checked
from coding.pages import frame
from coding.problems import Problem, ProblemsFound
from coding.store.codebook_changes import Change
from coding.vocabulary import CodeKind, SubjectKind, Unit, canonical

SEEN, TURN = "codebook.preview", "codebook.turn"
MOST_MEETINGS = 50
Say = Callable[[str, str], None]


def change_form(opened: frame.Opened, say: Say) -> None:
    """Ask for a change; show what it would do; do it when a reason is given."""
    t = opened.t
    frame.text("note", t("page.codebook.about"))
    problems: list[Problem] = []
    wanted = _wanted(opened, problems)
    if st.button(t("page.codebook.preview"), key="codebook.look", type="secondary"):
        st.session_state.pop(SEEN, None)
        try:
            if problems:
                raise ProblemsFound(problems)
            with st.spinner(t("page.codebook.looking")):
                st.session_state[SEEN] = (opened.where, preview(opened.store, wanted))
        except ProblemsFound as found:
            _refused(t, found)
    where, seen = st.session_state.get(SEEN, ("", None))
    if seen is not None and where == opened.where and seen.wanted == wanted:
        _preview(opened, seen)
        _confirm(opened, seen, say)


def _refused(t: Translate, found: ProblemsFound) -> None:
    frame.text("bad", t("page.codebook.refused"))
    frame.problem_table(t, found.problems)


# what is asked for


def _key(name: str) -> str:
    """The key of a field; after a change was made all fields begin anew."""
    return f"codebook.{name}.{st.session_state.get(TURN, 0)}"


def _wanted(opened: frame.Opened, problems: list[Problem]) -> Wanted:
    t, mission = opened.t, opened.mission
    with st.container(horizontal=True):
        kind = CodeKind(str(st.selectbox(
            t("page.codebook.kind"), list(CodeKind), key=_key("kind"), width=220,
            format_func=lambda each: t(f"codebook.kind.{each}"),
        )))  # fmt: skip
        change = Change(st.selectbox(
            t("page.codebook.change"), OFFERED[kind], key=_key(f"change.{kind}"), width=320,
            format_func=lambda each: t(f"page.codebook.change_{each}"),
        ))  # fmt: skip
    frame.text("note", t(f"page.codebook.about_{change}"))
    if kind == CodeKind.TONE:
        frame.text("note", t("page.codebook.about_tone"))
    names = mission.offered(kind)
    if change == Change.NEW:
        return _new(opened, kind, problems)
    old = _old(t, kind, change, names)
    if change == Change.SPLIT:
        written = st.text_area(t("page.codebook.into_lines"), key=_key(f"lines.{kind}"), height=120, width=420)
        new = tuple(line for line in str(written or "").splitlines() if line.strip())
        return Wanted(kind, change, old, new)
    into = ""
    if change == Change.MERGE:
        into = str(st.selectbox(
            t("page.codebook.into"), ["", *names], key=_key(f"into.{kind}"), width=420,
            format_func=lambda name: name or t("page.codebook.new_name_choice"),
        ))  # fmt: skip
    new_name = into or st.text_input(t("page.codebook.new_name"), key=_key(f"name.{kind}.{change}"), width=420)
    return Wanted(kind, change, old, (str(new_name or ""),))


def _old(t: Translate, kind: CodeKind, change: Change, names: tuple[str, ...]) -> tuple[str, ...]:
    if change == Change.MERGE:
        return tuple(st.multiselect(
            t("page.codebook.old_names"), names, key=_key(f"olds.{kind}"), width=640,
            placeholder=t("page.codebook.choose"),
        ))  # fmt: skip
    picked = st.selectbox(
        t("page.codebook.old_name"), names, index=None, key=_key(f"old.{kind}.{change}"), width=420,
        placeholder=t("page.codebook.choose"),
    )  # fmt: skip
    return (str(picked),) if picked else ()


def _new(opened: frame.Opened, kind: CodeKind, problems: list[Problem]) -> Wanted:
    """A new name, with what a subject or a format is besides."""
    t = opened.t
    name = canonical(str(st.text_input(t("page.codebook.new_name"), key=_key(f"new.{kind}"), width=420) or ""))
    parts: tuple[Subject | Format, ...] = ()
    if kind == CodeKind.SUBJECT:
        values = _subject_values(opened)
        made = checked(Subject, {"name": name, **values}, "", None, problems) if name else None
        parts = (made,) if made else ()
    elif kind == CodeKind.FORMAT:
        values = _format_values(t)
        part = checked(Format, {"name": name, **values}, "", None, problems) if name else None
        parts = (part,) if part else ()
    return Wanted(kind, Change.NEW, (), (name,), parts)


def _subject_values(opened: frame.Opened) -> dict[str, Any]:
    t, contestants = opened.t, [each.name for each in opened.mission.contestants]
    with st.container(horizontal=True):
        kind = st.selectbox(
            t("page.mission.column.kind"), list(SubjectKind), key=_key("subject.kind"), width=200,
            format_func=lambda each: t(f"page.mission.value.{each}"),
        )  # fmt: skip
        ballot = st.text_input(t("page.mission.column.ballot"), key=_key("subject.ballot"), width=160)
        affiliation = st.selectbox(
            t("page.mission.column.affiliation"), ["", *contestants], key=_key("subject.affiliation"), width=260,
            format_func=lambda name: name or t("page.codebook.no_affiliation"),
        )  # fmt: skip
    with st.container(horizontal=True):
        aliases = st.text_input(
            t("page.mission.column.aliases"), key=_key("subject.aliases"), width=420,
            help=t("page.mission.hint.aliases"),
        )  # fmt: skip
        colour = st.text_input(
            t("page.mission.column.colour"), key=_key("subject.colour"), width=160, help=t("page.mission.hint.colour")
        )
    frame.text("note", t("page.codebook.more_on_mission"))
    spellings = [part for part in str(aliases or "").split("|") if part.strip()]
    values: dict[str, Any] = {"kind": kind, "aliases": spellings, "colour": str(colour or "").strip()}
    if str(ballot or "").strip():
        values["ballot"] = str(ballot).strip()
    if affiliation:
        values["affiliations"] = [{"contestant": affiliation}]
    return values


def _format_values(t: Translate) -> dict[str, Any]:
    with st.container(horizontal=True):
        editorial = st.checkbox(t("page.codebook.editorial"), value=True, key=_key("format.editorial"))
        tone = st.selectbox(
            t("page.codebook.tone_required"), ["", "yes", "no"], key=_key("format.tone"), width=260,
            format_func=lambda each: t(f"page.mission.value.{each}") if each else t("page.codebook.as_editorial"),
        )  # fmt: skip
        unit = st.selectbox(
            t("page.mission.column.unit"), ["", *Unit], key=_key("format.unit"), width=220,
            format_func=lambda each: t(f"page.mission.value.{each}") if each else t("page.codebook.outlets_unit"),
        )  # fmt: skip
    return {"editorial": editorial, "tone_required": tone == "yes" if tone else None, "unit": unit or None}


# what it would do


def _preview(opened: frame.Opened, seen: Preview) -> None:
    t, touched = opened.t, seen.touched
    frame.text("head", t("page.codebook.would"), "h2")
    counts = {
        name: frame.number(t, getattr(touched, name)) for name in ("segments", "airings", "coders", "formats", "shared")
    }
    would = f"page.codebook.would_{seen.wanted.change}{'_left' if touched.left else ''}"
    lines = [t(would, left=frame.number(t, len(touched.left)), **counts)]
    if touched.formats:
        lines.append(
            t("page.codebook.would_formats" if seen.wanted.carries else "page.codebook.formats_stay", **counts)
        )
    if touched.shared:
        lines.append(t("page.codebook.would_shared", **counts))
    lines += in_words(seen.changed.told, t)
    items = "".join(f'<li dir="auto">{escape(line)}</li>' for line in lines)
    st.html(f'<ul class="ev-would">{items}</ul>')
    if touched.meetings:
        frame.text("told", t("page.codebook.meetings", left=frame.number(t, len(touched.left))))
        st.dataframe(_meetings(t, seen), hide_index=True, key="codebook.meetings")


def _meetings(t: Translate, seen: Preview) -> list[dict[str, str]]:
    """Seconds over which one coder said different things of subjects that become one."""
    return [
        {
            t("page.codebook.column_airing"): each.airing_id,
            t("page.codebook.column_coder"): each.coder,
            t("page.codebook.column_time"): f"{duration_text(each.start_ms)} – {duration_text(each.end_ms)}",
            t("page.codebook.column_name"): each.name,
            t("page.codebook.column_other"): each.other,
        }
        for each in seen.touched.meetings[:MOST_MEETINGS]
    ]


def _confirm(opened: frame.Opened, seen: Preview, say: Say) -> None:
    t = opened.t
    reason = st.text_input(
        t("page.mission.reason"), key=_key("reason"), max_chars=300, placeholder=t("page.codebook.reason_example"),
        width=640,
    )  # fmt: skip
    if not st.button(t("page.codebook.do"), key="codebook.do", type="primary"):
        return
    try:
        if not str(reason or "").strip():
            raise ProblemsFound([Problem("missing_value", column=t("page.mission.reason"))])
        with st.spinner(t("page.codebook.doing")):
            done = applied(opened.store, seen.wanted, opened.person.name, str(reason), seen.version)
    except ProblemsFound as found:
        _refused(t, found)
        return
    st.session_state.pop(SEEN, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    values = {name: frame.number(t, getattr(done, name)) for name in ("segments", "airings", "waiting")}
    split = seen.wanted.change == Change.SPLIT
    key = ("done_split" if split else "done_waiting") if done.waiting else "done"
    say("good", t(f"page.codebook.{key}", version=done.version, **values))
    st.rerun()
