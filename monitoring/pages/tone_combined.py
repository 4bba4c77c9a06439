"""At the end of the page Tone: the hand-coded random sample alone, and together with the machine's readings."""

from typing import Any

import streamlit as st

from coding.pages import who
from coding.people.rights import Right
from coding.store import audit
from coding.store.engine import reading
from coding.suggestions import reading_job
from coding.suggestions.measuring import Job
from coding.suggestions.reading import place
from monitoring.combined.refusals import UNREAD
from monitoring.combined.report import Report, report
from monitoring.combined.words import how, shown
from monitoring.coverage import Coverage
from monitoring.pages import frame
from monitoring.pages.answer import listing
from monitoring.selection import Selection

OUTLETS, POOLED = ("outlet", "group"), ("group",)


def section(view: frame.View) -> None:
    """The estimate that uses both, shut until somebody opens it; or the reason why there is none."""
    held = st.expander(view.words.t("page.tone_combined.head"), key="combined.open", on_change="rerun")
    if held.open:
        with held:
            _opened(view)


def _opened(view: frame.View) -> None:
    pooled = st.toggle(view.words.t("page.tone_combined.pooled"), key="combined.pooled", persist_state="session")
    by = POOLED if pooled else OUTLETS
    found = _report(by, view.selection, view.store.url, view.coverage.fingerprint, _state(view), view)
    job = reading_job.job_of(view.store.url)
    if job is not None and job.running:
        _running(view)
        return
    if job is not None:
        _over(view, job)
    if found.refusal is None:
        _table(view, found, f"combined.table.{hash((by, view.selection))}")
        return
    frame.text("told", found.refusal.text(view.words.t))
    if found.refusal.reason == UNREAD:
        _offer(view)


@st.cache_resource(max_entries=8, show_spinner=True)
def _report(
    by: tuple[str, ...], selection: Selection, url: str, state: str, beside: tuple[Any, ...], _view: frame.View
) -> Report:
    coverage: Coverage = _view.coverage
    return report(_view.store, coverage, selection, by)


def _state(view: frame.View) -> tuple[Any, ...]:
    """What a report hangs on beside the record: readings, subtitles, models and what was shown, as they now stand."""
    file = place(view.store)
    with reading(view.store.engine) as connection:
        return audit.head(connection), file.stat().st_mtime_ns if file.exists() else 0


def _offer(view: frame.View) -> None:
    """The button that lets the model read, for those who supervise."""
    t = view.words.t
    person = who.person()
    if person is None or not person.may(Right.SUPERVISE):
        frame.text("note", t("page.tone_combined.supervisor"))
    elif st.button(t("page.tone_combined.read"), key="combined.read"):
        reading_job.start_reading(view.store.url)
        st.rerun()


@st.fragment(run_every=1)
def _running(view: frame.View) -> None:
    """The bar; the whole page is drawn anew when the work is over."""
    t, job = view.words.t, reading_job.job_of(view.store.url)
    if job is None or not job.running:
        st.rerun()
        return
    number = view.words.number
    frame.text("told", t("page.tone_combined.reading", done=number(job.done), total=number(job.total)))
    st.progress(job.share)
    with st.container(horizontal=True, vertical_alignment="center"):
        url = view.store.url
        st.button(t("page.tone_combined.stop"), key="combined.stop", on_click=reading_job.stop, args=(url,))
        frame.text("note", t("page.tone_combined.goes_on"))


def _over(view: frame.View, job: Job) -> None:
    """Why a reading ended before its time; one that ended well needs no words."""
    t = view.words.t
    reading_job.dismiss(view.store.url)
    if job.problems:
        frame.text("bad", "\n".join(problem.message(t) for problem in job.problems))
    elif not job.finished:
        frame.text("told" if job.stopped else "bad", t(f"page.tone_combined.{'stopped' if job.stopped else 'failed'}"))


@st.fragment
def _table(view: frame.View, found: Report, key: str) -> None:
    """The rows; under them the hand-coded segments behind the one that is picked."""
    words = view.words
    for line in how(found, words):
        frame.text("note", line)
    event = st.dataframe(
        shown(found.rows, words), hide_index=True, key=key, on_select="rerun", selection_mode="single-row"
    )
    st.download_button(
        words.t("app.download"),
        words.csv(found.rows),
        words.file_name("combined"),
        "text/csv",
        key="combined.download",
        on_click="ignore",
    )
    rows = event["selection"]["rows"]
    if not rows or rows[0] >= len(found.rows) or found.coded is None:
        frame.text("note", words.t("page.evidence.row_hint"))
        return
    picked = found.picked(rows[0])
    total, segments = found.coded.behind(view.selection, picked)
    listing(words, picked, total, segments if total else None, "evidence.combined")
    if total:
        frame.text("note", words.t("page.tone_combined.as_coded"))
