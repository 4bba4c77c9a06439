"""What stands in an uploaded file, and what importing it would do, before anything is stored."""

import re
from pathlib import Path

import pandas as pd
import streamlit as st

from coding.exchange.importer import ImportReport
from coding.exchange.mapping import FileShape
from coding.exchange.readers import RawTable, read_table
from coding.languages import Translate
from coding.mission.clock import duration_text
from coding.mission.model import Mission
from coding.pages import frame
from coding.problems import Problem, ProblemsFound

ROWS = 20
SHORT = 7
"""Rows up to which a table needs no height of its own."""
BYTES = 4096
MOST_JOINED = 20


def file_shown(t: Translate, path: Path, shape: FileShape, file_id: str) -> RawTable | None:
    """The first rows as they are read in this way, or what keeps them from being read."""
    key = (file_id, shape.model_dump_json())
    read = frame.remembered("table", key, lambda: _read(path, shape))
    if isinstance(read, RawTable):
        shown = min(ROWS, len(read.rows))
        frame.text("head", t("page.import.first_rows", shown=shown, total=frame.number(t, len(read.rows))), "h2")
        frame.text("note", t("page.import.names_right"))
        rows = pd.DataFrame([cells for _, cells in read.rows[:ROWS]], columns=list(read.header), dtype=object)
        headings = {name: st.column_config.TextColumn() for name in read.header}
        st.dataframe(
            rows, hide_index=True, column_config=headings, key="import.rows", height="content" if shown < SHORT else 250
        )
        return read
    frame.text("bad", t("page.import.unreadable"))
    frame.problem_table(t, read)
    if (shape.format or path.suffix.lower()) in ("csv", ".csv"):
        frame.text("note", t("page.import.as_it_stands", encoding=shape.encoding))
        st.code(_start(path, shape.encoding), language=None, height="content")
    return None


def _read(path: Path, shape: FileShape) -> RawTable | tuple[Problem, ...]:
    try:
        return read_table(path, shape)
    except ProblemsFound as found:
        return found.problems


def _start(path: Path, encoding: str) -> str:
    """The first lines in this encoding, with a mark for each byte that means nothing in it."""
    with path.open("rb") as file:
        text = file.read(BYTES).decode(encoding, errors="replace")
    return "\n".join(text.splitlines()[:ROWS])


def report_shown(t: Translate, report: ImportReport, mission: Mission) -> None:
    """The counts, what was left out or joined, and every rejected row."""
    frame.text("head", t("page.import.would"), "h2")
    counts = {
        "rows": report.rows,
        "stored": report.stored,
        "already": len(report.already),
        "dropped": sum(report.dropped.values()),
        "joined": len(report.joined),
        "rejected": len(report.rejected),
    }
    for place, (name, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        place.metric(t(f"page.import.count.{name}"), frame.number(t, count))
    for reason, rows in report.dropped.items():
        frame.text("note", t("page.import.dropped", reason=reason, rows=frame.number(t, rows)))
    if report.airings and not report.rejected:
        frame.text("note", t("page.import.airings", airings=frame.number(t, len(report.airings))))
    for pair in report.joined[:MOST_JOINED]:
        span = {"start": duration_text(pair.start_ms), "end": duration_text(pair.end_ms)}
        frame.text("note", t("page.import.joined", line=pair.line, subject=pair.subject, **span))
    if report.rejected:
        rejected_shown(t, report.rejected, report.file, mission.notice)


def rejected_shown(t: Translate, problems: tuple[Problem, ...], file: str, notice: str) -> None:
    """Rejected rows as a table, and all of them to take away."""
    frame.text("bad", t("page.import.refused", count=frame.number(t, len(problems))))
    frame.problem_table(t, problems)
    name = "-".join(filter(None, ("rejected", Path(file).stem, _slug(notice))))
    st.download_button(
        t("page.import.download_rejected"), frame.problems_csv(t, problems, notice), f"{name}.csv", "text/csv",
        key="import.download_rejected", on_click="ignore",
    )  # fmt: skip


def _slug(words: str) -> str:
    return re.sub(r"\W+", "-", words.casefold()).strip("-")
