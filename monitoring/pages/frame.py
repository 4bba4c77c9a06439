"""The frame of every page of results: the open mission, its notice, the filters, and problems told as text."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from coding.languages import DEFAULT, translator
from coding.pages import who
from coding.people.rights import Right
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.places import open_mission
from monitoring.charts import Figure
from monitoring.completeness.bounds import bounds, largest_move
from monitoring.completeness.missing import standing, within
from monitoring.completeness.words import beside
from monitoring.coverage import Coverage, shown_coverage
from monitoring.evidence import at_hand
from monitoring.intervals.measured import measured
from monitoring.metrics import METRICS
from monitoring.pages import incidents_beside
from monitoring.pages.filters import chosen_selection
from monitoring.selection import Selection
from monitoring.words import Words

STYLE = """<style>
[data-testid="stElementToolbar"] button[aria-label="Download as PNG"] { display: none; }
[data-testid="stVegaLiteChart"] { margin: 7px; border-radius: 1px; }
[data-testid="stVegaLiteChart"] { box-shadow: 0 0 0 6px #ffffff, 0 0 0 7px var(--ev-line); }
.ev-finding { margin: 0; padding: .2rem 0 .2rem 1rem; border-left: 4px solid var(--ev-accent); }
.ev-finding { font-size: 1.2rem; line-height: 1.5; }
</style>"""


@dataclass(frozen=True)
class View:
    """What a page works with."""

    words: Words
    store: Store
    coverage: Coverage
    selection: Selection

    def result(self, metric: str, by: tuple[str, ...], selection: Selection | None = None) -> pd.DataFrame:
        """The table of a metric, computed once for each state of the store."""
        asked = selection or self.selection
        return _computed(metric, by, asked, self.store.url, self.coverage.fingerprint, self.coverage)

    @property
    def of_airings(self) -> Selection:
        """What of the selection an airing knows: days, outlets, medium. So a change of roles computes no hours anew."""
        chosen = self.selection
        return Selection(start=chosen.start, end=chosen.end, outlets=chosen.outlets, media=chosen.media)

    @property
    def minimum(self) -> int:
        """Segments below which a share is greyed; nothing is where only some subjects are shown.

        What is thin is the denominator, and the rows of some subjects do not tell how large that is.
        """
        return 0 if self.selection.subjects else self.words.mission.minimum_segments

    def at_hand(self, selection: Selection) -> tuple[int, int]:
        """Observed airings and segments of a selection."""
        return _at_hand(selection, self.store.url, self.coverage.fingerprint, self.coverage)

    def figure(self, title: str, *notes: str, formats: bool = True) -> Figure:
        """What a chart is told: its answer, and beneath it what was counted."""
        counted = "; ".join(self.words.counted(self.selection, formats))
        return Figure(self.words, title, (*filter(None, notes), counted), self.minimum)

    def drawn(self, chart: Callable[..., Any], *told: Any) -> dict[str, Any]:
        """The specification of a chart, as `st.vega_lite_chart` takes it, written out once for each thing it is told.

        To write one out takes longer than all else on a page. It hangs on what the chart is told (its tables by their
        content), the language and the mission.
        """
        return _drawn(chart.__name__, told, self.store.url, self.coverage.fingerprint, chart)


@st.cache_data(max_entries=500, show_spinner=False)
def _computed(
    metric: str, by: tuple[str, ...], selection: Selection, url: str, state: str, _held: Coverage
) -> pd.DataFrame:
    asked = {each.name: each for each in METRICS}[metric]
    return measured(asked, _held, selection, by)


@st.cache_data(max_entries=500, show_spinner=False)
def _at_hand(selection: Selection, url: str, state: str, _held: Coverage) -> tuple[int, int]:
    return at_hand(_held, selection)


@st.cache_data(max_entries=500, show_spinner=False)
def _missing(selection: Selection, url: str, state: str, _held: Coverage) -> tuple[pd.DataFrame, float]:
    """How far the airings of a selection are, and how far the missing could move an outlet's share in it."""
    return standing(within(_held, selection)), largest_move(bounds(_held, selection))


def _said(figure: Figure) -> tuple[object, ...]:
    """What tells one figure from another in one state of one mission."""
    return figure.title, figure.counted, figure.minimum, figure.words.language


@st.cache_data(max_entries=500, show_spinner=False, hash_funcs={Figure: _said})
def _drawn(name: str, told: tuple[Any, ...], url: str, state: str, _chart: Callable[..., Any]) -> dict[str, Any]:
    found: dict[str, Any] = _chart(*told).to_dict()
    return found


def text(style: str, words: str, tag: str = "p") -> None:
    """Words as text, whatever they contain: no Markdown, no markup of theirs."""
    st.html(f'<{tag} class="ev-{style}">{escape(words)}</{tag}>')


def problems(found: ProblemsFound, language: str) -> None:
    """Everything that is wrong, as text, under what happened and what was kept."""
    t = translator(language)
    st.error(t("app.refused"))
    for problem in found.problems:
        st.text(problem.text(t))


def show(page: str, body: Callable[[View], None], denominator: bool = False) -> None:
    """Draw a page about coverage; `denominator` offers the switch between subject time and programme time."""
    show_store(lambda store, language: _page(page, body, denominator, store, language))


def show_store(draw: Callable[[Store, str], None]) -> None:
    """Open the session's mission and draw a page; what cannot be shown is told, never raised at the reader."""
    language = str(st.session_state.get("language", DEFAULT))
    if who.allowed(translator(language), Right.RESULTS) is None:
        return
    try:
        where = st.session_state.get("where")
        if not where:
            st.info(translator(language)("app.sampled"))
            return
        draw(open_mission(where), language)
    except ProblemsFound as found:
        problems(found, language)


def _page(page: str, body: Callable[[View], None], denominator: bool, store: Store, language: str) -> None:
    coverage = shown_coverage(store)
    words = Words(coverage.mission, language)
    head(words, page)
    view = View(words, store, coverage, chosen_selection(words, denominator))
    if not nothing(view):
        material(view)
        body(view)
        incidents_beside.beside(view)


def head(words: Words, page: str) -> None:
    """The notice, the mission and the page's question."""
    notice = words.mission.notice
    banner = f'<p class="ev-notice">{escape(notice)}</p>' if notice else ""
    title = escape(words.t(f"page.{page}.title"))
    st.html(f'{STYLE}{banner}<p class="ev-note">{escape(words.mission.title)}</p><h1 class="ev-title">{title}</h1>')


def material(view: View) -> None:
    """The line beside every result: what was planned, monitored and coded, and how far what is missing could move it.

    Where coverage is not that of now it is said as of when. Nothing where no airing is known.
    """
    words = view.words
    stages = view.result("hours", ("medium",), view.of_airings).to_dict("records")
    if not stages:
        return
    amounts = {row["stage"]: words.amount(row["amount"], row["unit"]) for row in stages}
    counts = {name: words.number(stages[-1][name]) for name in ("segments", "airings")}
    told = [words.t("app.material", **amounts, **counts)]
    if view.coverage.fingerprint != view.store.fingerprint():
        told.append(words.t("app.as_of", time=f"{view.coverage.as_of.astimezone(words.mission.zone):%H:%M:%S}"))
    told.append(beside(*_missing(view.selection, view.store.url, view.coverage.fingerprint, view.coverage), words))
    text("note", " ".join(told))


def nothing(view: View) -> bool:
    """Whether there is nothing to show; then it is said what to do next, and what is not monitored."""
    missing = unmonitored(view)
    if missing:
        text("note", view.words.t("app.unmonitored", names=view.words.listed("outlet", missing)))
    if view.at_hand(view.selection)[1]:
        return False
    of_medium = view.at_hand(Selection(media=view.selection.media))
    following = "next_filters" if of_medium[1] else "next_import" if of_medium[0] else "next_monitored"
    st.info(view.words.t("app.nothing_here", next=view.words.t(f"app.{following}")))
    return True


def unmonitored(view: View) -> tuple[str, ...]:
    """Outlets of the selection that the mission does not monitor."""
    chosen, media = view.selection.outlets, view.selection.media
    outlets = [o for o in view.words.mission.outlets if not o.monitored and o.medium in media]
    return tuple(o.name for o in outlets if not chosen or o.name in chosen)
