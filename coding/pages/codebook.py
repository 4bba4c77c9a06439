"""The Codebook page: its versions and what changed, guided changes of names, and what waits to be recoded."""

from html import escape
from math import ceil

import streamlit as st

from coding.codebook.differences import Version, in_words, versions
from coding.codebook.recoding import Recoding, recodings
from coding.pages import frame
from coding.pages.codebook_change import change_form
from coding.pages.codebook_recoding import recoding_list

AT_MOST = 20
"""Versions on the screen at a time."""
SAID = "codebook.said"
PARTS = ("versions", "change", "recode")
STYLE = """<style>
.ev-version { border-top: 1px solid var(--ev-line); padding: .6rem 0 .3rem; overflow-wrap: anywhere; }
.ev-version h2 { font-size: 1.05rem; font-weight: 650; margin: 0; padding: 0; }
.ev-version p { margin: 0; color: var(--ev-quiet); font-size: .92rem; }
.ev-version ul { margin: .3rem 0 0; padding-inline-start: 1.2rem; }
.ev-version li { margin: .1rem 0; }
</style>"""


def body(opened: frame.Opened) -> None:
    """The parts of the page; a folder shows its codebook only."""
    t = opened.t
    if opened.from_folder:
        frame.copy_offer(opened, t("page.codebook.folder"))
        _versions(opened)
        return
    mood, words = st.session_state.pop(SAID, ("", ""))
    if words:
        frame.text(mood, words)
    waiting = recodings(opened.store)
    left = sum(each.left for each in waiting)
    names = {part: t(f"page.codebook.part_{part}", left=frame.number(t, left)) for part in PARTS}
    part = st.segmented_control(
        t("page.codebook.part"), PARTS, default=PARTS[0], required=True, key="codebook.part",
        format_func=names.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    if part == "change":
        change_form(opened, _say)
    elif part == "recode":
        recoding_list(opened, waiting, _say)
    else:
        _retired(opened, waiting)
        _versions(opened)


def _say(mood: str, words: str) -> None:
    """What is told above the page after it was drawn anew."""
    st.session_state[SAID] = (mood, words)


def _retired(opened: frame.Opened, waiting: list[Recoding]) -> None:
    left = sum(each.left for each in waiting)
    if left:
        frame.text("told", opened.t("page.codebook.left", left=frame.number(opened.t, left)))


def _versions(opened: frame.Opened) -> None:
    """Every version in words, the newest first."""
    st.html(STYLE)
    key = (opened.where, opened.store.codebook_version())
    found = frame.remembered("codebook.versions", key, lambda: versions(opened.store))
    pages = ceil(len(found) / AT_MOST)
    page = st.pagination(pages, key=f"codebook.page.{pages}") if pages > 1 else 1
    st.html("".join(_told(opened, each) for each in found[(page - 1) * AT_MOST : page * AT_MOST]))


def _told(opened: frame.Opened, version: Version) -> str:
    """A version as escaped HTML."""
    t = opened.t
    when = version.recorded_at[:16].replace("T", " ")
    head = t("page.codebook.version", version=version.number, when=when, who=version.recorded_by)
    first = [t("page.codebook.first")] if version.number == 1 else [t("page.codebook.same")]
    lines = in_words(version.differences, t) or first
    items = "".join(f'<li dir="auto">{escape(line)}</li>' for line in lines)
    reason = f'<p dir="auto">{escape(version.reason)}</p>' if version.reason else ""
    return f'<div class="ev-version"><h2>{escape(head)}</h2>{reason}<ul>{items}</ul></div>'


frame.show("codebook", body)
