"""The Subtitles page: a file, its cues against the clock of an airing, and only then attached; and what is attached."""

from pathlib import Path

import pandas as pd
import streamlit as st

from coding.mission.clock import duration_text, local_time
from coding.mission.model import Airing
from coding.pages import frame
from coding.pages.mapping_form import ENCODINGS
from coding.pages.subtitles_held import held_shown, say, share_texts
from coding.pages.uploads import placed
from coding.people.rights import Right
from coding.problems import Problem, ProblemsFound
from coding.recordings.names import NameReader
from coding.recordings.placement import span
from coding.store.places import is_url
from coding.subtitles.attach import Taken, attach, covered, given_offset, length_of, taken
from coding.subtitles.found import FileCue
from coding.subtitles.reading import SubtitleText, read_subtitles, suffixes
from coding.vocabulary import AiringKind

FIRST = 10
"""Cues that are shown before anything is attached."""
MEGABYTES = 10
ROUND = "subtitles.round"
"""Counts what was attached in a session: an uploader with a new key is empty again."""
Asked = tuple[Airing | None, str, int]


def body(opened: frame.Opened) -> None:
    """What can be attached, what is attached."""
    t = opened.t
    if not is_url(opened.where):
        frame.copy_offer(opened, t("page.subtitles.folder"))
        return
    frame.text("head", t("page.subtitles.add"), "h2")
    key = f"subtitles.upload.{st.session_state.get(ROUND, 0)}"
    upload = st.file_uploader(t("page.subtitles.file"), type=list(suffixes()), key=key, max_upload_size=MEGABYTES)
    if upload is None:
        frame.text("note", t("page.subtitles.start"))
    else:
        with placed(upload) as path:
            _add(opened, path, upload.file_id)
    frame.text("head", t("page.subtitles.held"), "h2")
    held_shown(opened)


def _add(opened: frame.Opened, path: Path, file_id: str) -> None:
    """One step under the other: the file in an encoding, its airing, its cues against the clock, the button."""
    t = opened.t
    encoding = st.selectbox(
        t("page.import.encoding.label"), ["", *ENCODINGS], key=f"subtitles.encoding.{file_id}", width=340,
        format_func=lambda name: t(f"page.import.encoding.{name}" if name else "page.subtitles.as_declared"),
    )  # fmt: skip
    read = frame.remembered("subtitles", (file_id, encoding), lambda: _read(path, str(encoding)))
    if not isinstance(read, SubtitleText):
        frame.text("bad", t("page.subtitles.unreadable"))
        frame.problem_table(t, read)
        return
    counts = {"cues": frame.number(t, len(read.cues)), "kind": t(f"page.subtitles.kind_{read.kind}")}
    frame.text("line", t("page.subtitles.holds", encoding=read.encoding, **counts))
    airing, language, offset = _asked(opened, read, path, file_id)
    _preview(opened, read.cues[:FIRST], len(read.cues), airing, offset)
    if airing is None or not language:
        _notes(opened, read.notes)
        frame.text("told", t("page.subtitles.lacks"))
        return
    _ready(opened, read, (airing, language, offset))


def _read(path: Path, encoding: str) -> SubtitleText | tuple[Problem, ...]:
    try:
        return read_subtitles(path, encoding)
    except ProblemsFound as found:
        return found.problems


def _asked(opened: frame.Opened, read: SubtitleText, path: Path, file_id: str) -> Asked:
    """The airing (the file's name may tell it), the language, and where in the file the airing begins."""
    t = opened.t
    airings = [each for each in opened.store.airings() if each.kind == AiringKind.PROGRAMME]
    ids = [each.airing_id for each in airings]
    named = NameReader(opened.mission, airings).read(path.stem)
    known = ids.index(named.airing_id) if named and named.airing_id in ids else None
    hint, offset_hint = t("page.recordings.choose"), t("page.subtitles.offset_hint")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("page.recordings.airing"), ids, index=known, key=f"subtitles.airing.{file_id}", placeholder=hint
        )
        language = st.selectbox(
            t("page.subtitles.language"), _languages(opened, read), index=None, key=f"subtitles.language.{file_id}",
            accept_new_options=True, placeholder=hint, help=t("page.subtitles.language_hint"),
        )  # fmt: skip
        written = st.text_input(
            t("page.subtitles.offset"), "0:00:00", key=f"subtitles.offset.{file_id}", help=offset_hint
        )
    return next((each for each in airings if each.airing_id == chosen), None), language or "", given_offset(written)


def _languages(opened: frame.Opened, read: SubtitleText) -> list[str]:
    """Those that the file declares first, then those of the mission's outlets."""
    declared = [*read.languages, read.declared]
    return list(dict.fromkeys(filter(None, [*declared, *(outlet.language for outlet in opened.mission.outlets)])))


def _preview(opened: frame.Opened, cues: tuple[FileCue, ...], total: int, airing: Airing | None, offset: int) -> None:
    """The first cues: their time in the file, in the airing, and on the clock of the mission."""
    t = opened.t
    frame.text("note", t("page.subtitles.first", shown=len(cues), total=frame.number(t, total)))
    on_air = span(airing) if airing else None
    rows = [
        {
            t("page.subtitles.column_file_time"): duration_text(cue.start_ms),
            t("page.subtitles.column_time"): duration_text(cue.start_ms - offset),
            t("page.subtitles.column_clock"): _clock(opened, on_air[0] + cue.start_ms - offset) if on_air else "",
            t("page.subtitles.column_text"): cue.text.replace("\n", " / "),
        }
        for cue in cues
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="subtitles.first")


def _clock(opened: frame.Opened, instant: int) -> str:
    return f"{local_time(instant, opened.mission.zone):%H:%M:%S}"


def _ready(opened: frame.Opened, read: SubtitleText, asked: tuple[Airing, str, int]) -> None:
    """What the airing would be given, and the button."""
    t = opened.t
    airing, language, offset = asked
    try:
        given: Taken = taken(read, airing, language, offset)
    except ProblemsFound as found:
        frame.text("bad", t("page.subtitles.refused"))
        frame.problem_table(t, found.problems)
        return
    _notes(opened, given.notes)
    length = length_of(airing)
    share, of = share_texts(covered(given.cues, offset, length), length)
    counts = {"airing": airing.airing_id, "cues": frame.number(t, len(given.cues))}
    frame.text("line", t("page.subtitles.would", share=share, length=of, **counts))
    if st.button(t("page.subtitles.attach"), type="primary", key="subtitles.attach"):
        try:
            done = attach(opened.store, read, airing.airing_id, language, offset, opened.person.name)
        except ProblemsFound as found:
            frame.problem_table(t, found.problems)
            return
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
        say("note" if done.already else "good", "already" if done.already else "attached", airing=airing.airing_id)


def _notes(opened: frame.Opened, notes: tuple[Problem, ...]) -> None:
    """What is taken all the same, but should be looked at, with its line and time."""
    if notes:
        frame.text("told", opened.t("page.subtitles.look"))
        frame.problem_table(opened.t, notes)


frame.show("subtitles", body, Right.SUPERVISE)
