"""The frame of every page of the record: the open mission, its notice, a copy of a folder, problems told as text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TypeVar, cast

import streamlit as st

from coding.exchange.cells import guarded
from coding.exchange.exporter import csv_text
from coding.languages import DEFAULT, Translate, translator
from coding.mission.loader import load
from coding.mission.model import Mission
from coding.pages import who
from coding.people.rights import Person, Right
from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.store.places import SAMPLE, data_dir, is_demo, is_url, open_mission, sqlite_url

T = TypeVar("T")
HEADINGS = ("file", "line", "column", "value", "message")
MOST_SHOWN = 200
"""Problems in the table on the screen; the download has all."""
STYLE = """<style>
.ev-line { margin: 0; }
.ev-good, .ev-bad, .ev-told { padding: .5rem .8rem; margin: 0; border-left: 4px solid; white-space: pre-line; }
.ev-good { background: var(--ev-good); border-color: var(--ev-good-edge); color: var(--ev-good-ink); }
.ev-bad { background: var(--ev-bad); border-color: var(--ev-bad-edge); color: var(--ev-bad-ink); }
.ev-told { background: var(--ev-told); border-color: var(--ev-accent); color: var(--ev-told-ink); }
.ev-problems { max-height: 300px; overflow: auto; border: 1px solid var(--ev-line); border-radius: 4px; }
.ev-problems table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: 0; }
.ev-problems th, .ev-problems td { text-align: left; vertical-align: top; padding: .3rem .7rem; border: 0; border-bottom: 1px solid var(--ev-line); overflow-wrap: anywhere; min-width: 4rem; }
.ev-problems th { background: var(--ev-panel); font-weight: 600; position: sticky; top: 0; }
.ev-problems td:last-child { min-width: 24rem; }
</style>"""  # noqa: E501


@dataclass(frozen=True)
class Opened:
    """What a page works with: the words, the place that was chosen, the mission there, and who works."""

    t: Translate
    where: str
    store: Store
    mission: Mission
    person: Person

    @property
    def from_folder(self) -> bool:
        """Whether this is a folder read into a cache, or the sample: to be looked at, and copied, but not written."""
        return not is_url(self.where) or is_demo(self.where)


def text(style: str, words: str, tag: str = "p") -> None:
    """Words as text, whatever they contain: no Markdown, no markup of theirs."""
    role = ' role="alert"' if style == "bad" else ' role="status"' if style == "good" else ""
    st.html(f'<{tag} class="ev-{style}"{role}>{escape(words)}</{tag}>')


def show(page: str, body: Callable[[Opened], None], right: Right = Right.RECORD, bare: bool = False) -> None:
    """Open the session's mission and draw a page; what cannot be shown is told, never raised at the reader.

    `bare` leaves the head of the page to the body.
    """
    t = translator(str(st.session_state.get("language", DEFAULT)))
    where = str(st.session_state.get("where") or "")
    person = who.allowed(t, right)
    if person is None:
        return
    try:
        if not where:
            st.html(STYLE)
            text("told", t("app.sampled"))
            return
        store = open_mission(where)
        opened = Opened(t, where, store, store.mission(), person)
        if bare:
            st.html(STYLE)
        else:
            _head(opened, page)
        body(opened)
    except ProblemsFound as found:
        st.html(STYLE)
        text("bad", t("app.refused"))
        problem_table(t, found.problems)


def _head(opened: Opened, page: str) -> None:
    notice = opened.mission.notice
    banner = f'<p class="ev-notice">{escape(notice)}</p>' if notice else ""
    title, mission = escape(opened.t(f"page.{page}.title")), escape(opened.mission.title)
    st.html(f'{STYLE}{banner}<p class="ev-note">{mission}</p><h1 class="ev-title">{title}</h1>')


def problem_table(
    t: Translate, problems: Sequence[Problem], place: Callable[[Problem], tuple[str, str]] | None = None
) -> None:
    """Problems as a table of place, column, value and what to do. `place` gives file and row in the page's words."""
    shown = problems[:MOST_SHOWN]
    rows = [(*(place or _place)(problem), problem.column, problem.value, problem.message(t)) for problem in shown]
    used = [i for i in range(len(HEADINGS)) if any(row[i] for row in rows)]
    if not place and len({row[0] for row in rows}) == 1:
        used = [i for i in used if i]
    head = "".join(f"<th>{escape(t(f'page.import.heading.{HEADINGS[i]}'))}</th>" for i in used)
    body = "".join("<tr>" + "".join(f"<td>{escape(row[i])}</td>" for i in used) + "</tr>" for row in rows)
    st.html(f'<div class="ev-problems" tabindex="0"><table><tr>{head}</tr>{body}</table></div>')
    if len(problems) > len(shown):
        text("note", t("page.import.first_problems", shown=len(shown), total=number(t, len(problems))))


def _place(problem: Problem) -> tuple[str, str]:
    return problem.file, "" if problem.line is None else str(problem.line)


def problems_csv(t: Translate, problems: Sequence[Problem], notice: str) -> bytes:
    """All problems as CSV that no spreadsheet takes for formulas, the mission's notice in a column."""
    header = [*HEADINGS, *(["notice"] if notice else [])]
    rows = [
        [*_place(problem), problem.column, problem.value, problem.message(t), *([notice] if notice else [])]
        for problem in problems
    ]
    return csv_text([header, *([guarded(cell) for cell in row] for row in rows)]).encode("utf-8-sig")


def copy_offer(opened: Opened, why: str) -> None:
    """A folder can be looked at only; what can be changed is a store. Offers to make one, or to open the one made."""
    t, store = opened.t, data_dir() / "stores" / f"{opened.mission.id}.sqlite"
    text("told", why)
    demo_ends(opened)
    if store.is_file():
        text("note", t("page.mission.copy_there", name=store.stem))
        st.button(t("page.mission.open_copy"), on_click=open_place, args=(sqlite_url(store),), key="open_copy")
    elif st.button(t("page.mission.copy"), key="copy", type="primary"):
        with st.spinner(t("page.mission.copying")):
            _copy(SAMPLE if is_demo(opened.where) else Path(opened.where), store, opened.person.name)
        text("good", t("page.mission.copied", name=store.stem))
        st.button(t("page.mission.open_copy"), on_click=open_place, args=(sqlite_url(store),), key="open_made")


def demo_ends(opened: Opened) -> None:
    """Before a mission of one's own is made in the demo: from then on everybody needs an account."""
    if opened.person.demo:
        text("told", opened.t("people.demo_ends"))


def _copy(folder: Path, target: Path, who_copies: str) -> None:
    """The folder as a store; one that was cut off in the middle leaves no store behind."""
    from coding.exchange.into import import_folder
    from coding.recordings.ingest import ingest_sample

    load(folder)
    made = target.with_suffix(".making")
    made.unlink(missing_ok=True)
    store = Store(sqlite_url(made))
    try:
        import_folder(folder, store.url, who_copies)
        if folder == SAMPLE:
            ingest_sample(store, folder / "recordings")
    finally:
        store.engine.dispose()
    made.replace(target)


def open_place(url: str) -> None:
    """Choose another mission in the picker (a button's callback: before the picker is drawn)."""
    st.session_state["mission"] = url


def number(t: Translate, value: int) -> str:
    """A whole number with the reader's mark between thousands."""
    return f"{value:,}".replace(",", t("word.thousands_mark"))


def remembered(name: str, key: tuple[object, ...], make: Callable[[], T]) -> T:
    """What `make` gave for this key at an earlier run of the page; one answer is kept under a name."""
    kept = st.session_state.get(f"remembered.{name}")
    if kept is None or kept[0] != key:
        kept = (key, make())
        st.session_state[f"remembered.{name}"] = kept
    return cast(T, kept[1])
