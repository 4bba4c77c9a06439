"""The findings on the page Overview: one kind at a time, each sentence with its numbers and their segments."""

from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from monitoring.answers import ends_of_the_week
from monitoring.findings import KINDS
from monitoring.findings.finding import Finding, Found, Row
from monitoring.findings.findings import as_text, findings, table
from monitoring.findings.material import Material, row_of
from monitoring.findings.telling import basis, sentence, statement, unmade
from monitoring.pages import frame
from monitoring.pages.answer import KINDS as VALUES
from monitoring.pages.answer import rows_to_segments
from monitoring.selection import Selection
from monitoring.words import Words

PAGE = "page.overview"
OPEN = "overview.findings.open"
HIDDEN = ("medium", "unit", "quantity")
"""What the page's filter of the medium or the sentence says already."""
STYLE = """<style>
.ev-place { margin: 0; font-weight: 600; }
.ev-sentence { margin: 0; line-height: 1.45; max-width: 62rem; }
</style>"""


@st.fragment
def section(view: frame.View) -> None:
    """The findings of one kind, why others were not made, and the download of all."""
    words, t = view.words, view.words.t
    frame.text("head", t(f"{PAGE}.findings"), "h2")
    if chosen := view.selection.subjects:
        st.info(t("sentence.finding.some", names=words.listed("subject", chosen)))
        return
    names = [kind.name for kind in KINDS]
    kind = str(st.segmented_control(
        t(f"{PAGE}.findings_kind"), names, default=names[0], required=True, key="overview.findings.kind",
        format_func=lambda name: t(f"sentence.finding.{name}.title"), persist_state="session",
        label_visibility="collapsed",
    ))  # fmt: skip
    found = of_kind(view, kind)
    if found.made:
        frame.text("note", basis(found.made[0], words))
        st.html(STYLE)
        for finding in found.made:
            _finding(view, finding)
    else:
        st.info(" ".join(t(f"{PAGE}.{key}") for key in ("findings_none", "findings_next")))
    for line in unmade(found, words):
        frame.text("note", line)
    _downloads(view)


def behind_the_week(view: frame.View, shares: pd.DataFrame) -> None:
    """The two numbers of the finding of the week, and the segments behind the one that is picked."""
    ends = None if view.selection.subjects else ends_of_the_week(shares, view.words.mission)
    if ends is None:
        return
    rows = tuple(row_of(end.to_dict(), ["week", "outlet", "group"], "share", "", view.selection) for end in ends)
    with st.expander(view.words.t(f"{PAGE}.findings_rows")):
        _rows(view, rows, f"overview.week.{hash((view.selection, rows[0].picked))}")


def of_kind(view: frame.View, kind: str) -> Found:
    """What a kind found in the selection, once for each state of the store."""
    return _found(kind, view.selection, view.store.url, view.coverage.fingerprint, view)


@st.cache_data(max_entries=200, show_spinner=False)
def _found(kind: str, selection: Selection, url: str, state: str, _view: frame.View) -> Found:
    return findings(Material(_view.coverage, selection, _view.result, _view.store), (kind,))


def _finding(view: frame.View, finding: Finding) -> None:
    """One sentence with the button that opens what stands behind it."""
    words = view.words
    opened = st.session_state.get(OPEN) == finding.key
    where, told, button = st.columns([1.3, 7, 1], vertical_alignment="center")
    where.html(f'<p class="ev-place">{escape(place_name(finding, words))}</p>')
    told.html(f'<p class="ev-sentence">{escape(statement(finding, words))}</p>')
    button.button(
        words.t(f"{PAGE}.findings_{'close' if opened else 'open'}"), key=f"overview.findings.{finding.key}",
        on_click=_open, args=("" if opened else finding.key,), width="stretch",
    )  # fmt: skip
    if opened:
        with st.container(border=True):
            _behind(view, finding)


def place_name(finding: Finding, words: Words) -> str:
    """Where a finding holds, in names: its outlet, its outlets, or its group."""
    if finding.outlets:
        return ", ".join(words.named("outlet", outlet) for outlet in finding.outlets)
    return ", ".join(words.named(column, value) for column, value in finding.place if column not in HIDDEN)


def _open(key: str) -> None:
    st.session_state[OPEN] = key


def _behind(view: frame.View, finding: Finding) -> None:
    """The numbers of a sentence, its text to be quoted alone, and the segments behind the number that is picked."""
    words = view.words
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        frame.text("note", words.t(f"{PAGE}.findings_rows"))
        with st.popover(words.t(f"{PAGE}.findings_quote")):
            st.code(sentence(finding, words), language=None, wrap_lines=True)
    _rows(view, finding.rows, f"overview.rows.{hash((finding.key, finding.selection))}")


def _rows(view: frame.View, rows: tuple[Row, ...], key: str) -> None:
    behind = [(row.selection, dict(row.picked)) for row in rows]
    rows_to_segments(view, shown_rows(rows, view.words), behind, key, height="content")


def shown_rows(rows: tuple[Row, ...], words: Words) -> pd.DataFrame:
    """The numbers of a sentence as a reader sees them, each with its denominator and number of segments."""
    columns = [name for name in dict.fromkeys(name for row in rows for name, _ in row.picked) if name not in HIDDEN]
    return pd.DataFrame(
        [
            {
                **{words.t(f"word.column.{name}"): words.named(name, row.of(name)) for name in columns},
                words.t(f"{PAGE}.findings_measure"): measure(row, words),
                **_numbers(row, words),
            }
            for row in rows
        ]
    )


def measure(row: Row, words: Words) -> str:
    """What a row's value is."""
    return words.t(f"word.value.{row.metric}" if row.metric in VALUES else f"sentence.finding.measure.{row.metric}")


def _numbers(row: Row, words: Words) -> dict[str, str]:
    kind = VALUES.get(row.metric, "fraction")
    told = {name: words.value(float("nan") if value is None else value, kind)
            for name, value in (("value", row.value), ("low", row.low), ("high", row.high))}  # fmt: skip
    told |= {name: words.amount(getattr(row, name), row.unit) for name in ("amount", "total_amount")}
    return {
        words.t(f"word.column.{name}"): text for name, text in (told | {"segments": words.number(row.segments)}).items()
    }


def _downloads(view: frame.View) -> None:
    """Every kind of finding of this selection, as text and as a table; made when asked for."""
    words = view.words
    with st.container(horizontal=True):
        st.download_button(
            words.t(f"{PAGE}.findings_text"), partial(_text, view), words.file_name("findings", "txt"), "text/plain",
            key="overview.findings.text", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            words.t(f"{PAGE}.findings_csv"), partial(_csv, view), words.file_name("findings"), "text/csv",
            key="overview.findings.csv", on_click="ignore",
        )  # fmt: skip


def _every(view: frame.View) -> Found:
    return findings(Material(view.coverage, view.selection, view.result, view.store))


def _text(view: frame.View) -> bytes:
    return as_text(_every(view), view.words).encode("utf-8")


def _csv(view: frame.View) -> bytes:
    return view.words.csv(table(_every(view), view.words, view.coverage.fingerprint))
