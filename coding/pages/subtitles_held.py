"""Which airings have subtitles: in which language, from where, and how much of the airing they cover; and removal."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from coding.mission.clock import duration_text
from coding.mission.model import Airing
from coding.pages import frame
from coding.problems import ProblemsFound
from coding.recordings.report import seconds_text
from coding.store.subtitles import SubtitleFile, subtitled, subtitles_of
from coding.subtitles.attach import covered, length_of, remove
from coding.vocabulary import AiringKind

TOLD = "subtitles.told"
MOST = 40
"""Airings whose subtitles are shown at once: their cues are read for the share that they cover."""


def say(style: str, key: str, **values: str) -> None:
    """Draw the page anew and say there what the press did."""
    st.session_state[TOLD] = (style, key, values)
    st.rerun()


def held_shown(opened: frame.Opened) -> None:
    """How many airings have subtitles, the newest ones, and the removal of one file."""
    t = opened.t
    style, key, values = st.session_state.pop(TOLD, ("", "", {}))
    if key:
        frame.text(style, t(f"page.subtitles.{key}", **values))
    airings = {each.airing_id: each for each in opened.store.airings() if each.kind == AiringKind.PROGRAMME}
    there = subtitled(opened.store) & set(airings)
    if not there:
        frame.text("note", t("page.subtitles.none"))
        return
    counts = {"with_text": frame.number(t, len(there)), "total": frame.number(t, len(airings))}
    frame.text("line", t("page.subtitles.count", **counts))
    newest = _chosen(opened, sorted((airings[each] for each in there), key=_newest_first))
    files = subtitles_of(opened.store, [each.airing_id for each in newest])
    rows = [_row(opened, each, airings[each.airing_id]) for each in files]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="subtitles.list")
    _removal(opened, files)


def _newest_first(airing: Airing) -> tuple[int, str]:
    return -airing.date.toordinal(), airing.airing_id


def _chosen(opened: frame.Opened, there: Sequence[Airing]) -> Sequence[Airing]:
    """The newest airings, of some outlets where there are too many."""
    if len(there) <= MOST:
        return there
    t = opened.t
    outlets = sorted({each.outlet for each in there})
    wanted = st.multiselect(t("page.subtitles.outlets"), outlets, key="subtitles.outlets", placeholder="")
    of_outlets = [each for each in there if not wanted or each.outlet in wanted]
    if len(of_outlets) > MOST:
        frame.text("note", t("page.subtitles.newest", shown=MOST, total=frame.number(t, len(of_outlets))))
    return of_outlets[:MOST]


def _row(opened: frame.Opened, file: SubtitleFile, airing: Airing) -> dict[str, str]:
    t = opened.t
    length = length_of(airing)
    share, of = share_texts(covered(file.cues, file.offset_ms, length), length)
    cells = {
        "airing": file.airing_id,
        "language": file.language or "?",
        "kind": t(f"page.subtitles.kind_{file.kind}"),
        "cues": frame.number(t, len(file.cues)),
        "covers": f"{share} / {of}",
        "begins": duration_text(file.offset_ms),
        "name": file.name,
        "by": file.recorded_by,
    }
    return {t(f"page.subtitles.column_{name}"): cell for name, cell in cells.items()}


def share_texts(share: float | None, length_ms: int | None) -> tuple[str, str]:
    """A share of an airing and the length that it is of."""
    if share is None or length_ms is None:
        return "?", "?"
    return f"{share:.0%}", seconds_text(length_ms)


def _removal(opened: frame.Opened, files: Sequence[SubtitleFile]) -> None:
    t = opened.t
    chosen = st.selectbox(
        t("page.subtitles.one"), files, index=None, key="subtitles.one", placeholder=t("page.recordings.choose"),
        format_func=lambda file: f"{file.airing_id} · {file.language or '?'} · {file.name}",
    )  # fmt: skip
    if chosen is None:
        return
    with st.popover(t("page.recordings.remove")):
        frame.text("line", t("page.subtitles.remove_sure"))
        if st.button(t("page.recordings.remove_yes"), key="subtitles.remove"):
            try:
                remove(opened.store, chosen, opened.person.name)
            except ProblemsFound as found:
                frame.problem_table(t, found.problems)
                return
            say("good", "removed", airing=chosen.airing_id)
