"""What recordings a mission has, and the changes of one: its airing, its start, a small copy, its removal."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from coding.mission.clock import local_time
from coding.pages import frame
from coding.problems import ProblemsFound
from coding.recordings import jobs
from coding.recordings.changes import Held, correct, held, remove
from coding.recordings.files import megabytes
from coding.recordings.placement import span
from coding.recordings.report import seconds_text
from coding.store.recordings import Recording
from coding.vocabulary import AiringKind, RecordingKind

TOLD = "recordings.told"
COLUMNS = ("airing", "kind", "extent", "begins", "size", "state", "name")


def held_shown(opened: frame.Opened) -> None:
    """The list, and under it the changes of one recording."""
    here = held(opened.store, opened.mission)
    _told(opened)
    if not here:
        frame.text("note", opened.t("page.recordings.none"))
        return
    rows = [_row(opened, each) for each in here]
    headings = [opened.t(f"page.recordings.column_{name}") for name in COLUMNS]
    st.dataframe(pd.DataFrame(rows, columns=headings), hide_index=True, width="stretch")
    _changes(opened, here)


def _told(opened: frame.Opened) -> None:
    """What the last press did."""
    style, key = st.session_state.pop(TOLD, ("", ""))
    if key:
        frame.text(style, opened.t(f"page.recordings.{key}"))


def _row(opened: frame.Opened, each: Held) -> tuple[str, ...]:
    t, row = opened.t, each.recording
    page = row.kind == RecordingKind.PAGE
    sizes = {"page": row.page, "width": row.width_mm, "height": row.height_mm}
    extent = t("page.recordings.page_of", **sizes) if page else seconds_text(row.length_ms or 0)
    state = "gone" if not each.here else "small" if each.proxy else "here"
    begins = "" if page else seconds_text(row.offset_ms)
    kind, state = t(f"page.recordings.kind_{row.kind}"), t(f"page.recordings.{state}")
    return row.airing_id, kind, extent, begins, megabytes(row.bytes), state, row.name


def _changes(opened: frame.Opened, here: Sequence[Held]) -> None:
    t = opened.t
    chosen = st.selectbox(
        t("page.recordings.one"), here, index=None, key="recordings.one", placeholder=t("page.recordings.choose"),
        format_func=lambda each: t(
            "page.recordings.one_label", airing=each.recording.airing_id, name=each.recording.name
        ),
    )  # fmt: skip
    if chosen is None:
        return
    row = chosen.recording
    _corrected(opened, row)
    with st.container(horizontal=True):
        if row.kind == RecordingKind.VIDEO and chosen.here and not chosen.proxy:
            _proxy(opened, row)
        with st.popover(t("page.recordings.remove")):
            frame.text("line", t("page.recordings.remove_sure"))
            if st.button(t("page.recordings.remove_yes"), key="recordings.remove"):
                _done(opened, lambda: remove(opened.store, row, opened.person.name), "removed")


def _proxy(opened: frame.Opened, row: Recording) -> None:
    job = jobs.job_of(opened.store.url)
    busy = job is not None and job.running
    if st.button(opened.t("page.recordings.make_proxy"), key="recordings.make_proxy", disabled=busy):
        jobs.start_proxy(opened.store, row)
        st.rerun()


def _corrected(opened: frame.Opened, row: Recording) -> None:
    """Another airing, another start."""
    t = opened.t
    page = row.kind == RecordingKind.PAGE
    wanted = AiringKind.ISSUE if page else AiringKind.PROGRAMME
    ids = [airing.airing_id for airing in opened.store.airings() if airing.kind == wanted]
    key, start = f"{row.recording_id}.{row.airing_id}.{row.offset_ms}", _start(opened, row)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = ids.index(row.airing_id) if row.airing_id in ids else None
        airing = st.selectbox(t("page.recordings.airing"), ids, place, key=f"recordings.to.{key}")
        written = start
        if not page:
            hint = t("page.recordings.start_hint")
            written = st.text_input(t("page.recordings.start"), start, key=f"recordings.at.{key}", help=hint)
        if st.button(t("page.recordings.correct"), key="recordings.correct") and airing:
            if (airing, written) == (row.airing_id, start):
                _say("note", "same")
            else:
                _done(opened, lambda: correct(opened.store, row, airing, written, opened.person.name), "corrected")


def _start(opened: frame.Opened, row: Recording) -> str:
    """When the recording begins, on the mission's clock; empty where its airing has no times."""
    airing = opened.store.airing(row.airing_id)
    on_air = span(airing) if airing else None
    if on_air is None or row.kind == RecordingKind.PAGE:
        return ""
    began = local_time(on_air[0] - row.offset_ms, opened.mission.zone).replace(tzinfo=None)
    return began.isoformat(" ", "milliseconds").removesuffix(".000")


def _done(opened: frame.Opened, change: Callable[[], object], key: str) -> None:
    """Make a change and draw the page anew; what is refused is said, and nothing was changed."""
    try:
        change()
    except ProblemsFound as found:
        frame.problem_table(opened.t, found.problems)
        return
    _say("good", key)


def _say(style: str, key: str) -> None:
    st.session_state[TOLD] = (style, key)
    st.rerun()
