"""Segments as CSV, workbook or Parquet: with the mission's notice, without formulas, read back before it counts.

In CSV a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end stands behind an apostrophe, and a cell that
begins with an apostrophe gets another one; the shipped mapping `evenhand` takes them off again. A description
(`FILE-metadata.json`) stands beside a CSV file; in a workbook it is the sheet `About`, in Parquet the file's own
key-value metadata.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coding import __version__
from coding.counted_coders import NOT_ASSIGNED, PRACTISED, counted_coders, decided_codings, holders
from coding.exchange.cells import guarded
from coding.exchange.mapping import FileShape, find_mapping
from coding.exchange.readers import read_table, sidecar_path
from coding.exchange.workbook import TABLE_SHEET
from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS, Segment
from coding.store import Store, current_rows, schema
from coding.store.audit import now

COLUMN_UNITS = {
    "start_ms": "milliseconds from the airing's start",
    "end_ms": "milliseconds from the airing's start, end not inside",
    "amount": "integer of the outlet's unit (ms, mm2 or lines), or of the format's where it has its own",
    "box": "left top width height in fractions of the page",
    "coded_at": "UTC",
    "suggested_probability": "0 to 1",
}
LONGEST_CELL = 32_767
"""What a cell of a workbook holds, in UTF-16 units."""

WHOLE = ("revision", "start_ms", "end_ms", "page", "amount", "codebook_version")
"""Fields that are integers."""

_NEEDS_QUOTES = ('"', ",", "\n", "\r")


@dataclass(frozen=True)
class Snapshot:
    """Everything in a store at one moment, which `fingerprint` names; segments as `in_order` has them.

    `left_out` is how many segments it does not have, since a file that had them would count them.
    """

    mission: Mission
    airings: tuple[Airing, ...]
    segments: tuple[Segment, ...]
    fingerprint: str
    codebook_version: int
    left_out: int


def snapshot(store: Store) -> Snapshot:
    """Mission, airings and current segments as of one state of the store; read again if somebody writes meanwhile."""
    while True:
        seen = store.fingerprint()
        told, left_out = in_order(store)
        read = Snapshot(store.mission(), store.airings(), tuple(told), seen, store.codebook_version(), left_out)
        if store.fingerprint() == seen:
            return read


def in_order(store: Store) -> tuple[list[Segment], int]:
    """Segments in the order in which they were first stored; of airings coded twice the coding that counts leads.

    A file knows no assignments and no decisions, so where it is read in again the first coder in it counts. A revised
    segment keeps its place: else a correction in one coding would make the other one count. Left out, and counted, is
    what would count there in spite of the store: training and tests, and codings of an airing in which it was decided
    that nothing holds.
    """
    segments = store.segments()
    first: dict[str, int] = {}
    for segment_id, seq in current_rows(store, schema.segment, ("segment_id", "seq")):
        first.setdefault(segment_id, seq)
    stored: dict[tuple[str, str], int] = {}
    for each in segments:
        pair = (each.airing_id, each.coder)
        stored[pair] = min(first[each.segment_id], stored.get(pair, first[each.segment_id]))
    at = store.moment()
    held, decided = holders(store, at), decided_codings(store, at)
    counted = counted_coders(stored, held, decided)

    def stays(each: Segment) -> bool:
        place, _ = held.get((each.airing_id, each.coder), (NOT_ASSIGNED, 0))
        carries = decided.get(each.airing_id) == each.coder
        return carries or (place != PRACTISED and each.airing_id in counted)

    told = sorted(
        filter(stays, segments), key=lambda each: (counted.get(each.airing_id) != each.coder, first[each.segment_id])
    )
    return told, len(segments) - len(told)


def export_segments(store: Store, path: Path) -> Snapshot:
    """Write the current segments of a store by the path's suffix: .csv, .xlsx or .parquet; returns what was written.

    The file appears whole or not at all, and only after it was read back and every cell compared. Raises
    ProblemsFound for another suffix, and for a text that the format cannot hold.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        values = {"known": ", ".join(_WRITERS)}
        raise ProblemsFound([Problem("unknown_format", path.name, value=path.suffix, values=values)])
    held = snapshot(store)
    with replacing(path) as written:
        try:
            writer(written, held.segments, described(held))
            _compare(written, held.segments)
        except ProblemsFound as found:
            raise ProblemsFound(replace(problem, file=path.name) for problem in found.problems) from None
        if path.suffix.lower() == ".csv":
            # first the description: an interruption between the two leaves a pair that reading refuses
            with replacing(sidecar_path(path)) as beside:
                content = described(held) | {"sha256": hashlib.sha256(written.read_bytes()).hexdigest()}
                beside.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return held


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, beside the wanted one; takes its place when the block ends well, else vanishes."""
    written = path.with_name(f".{path.stem}.{os.getpid()}.writing{path.suffix}")
    try:
        yield written
        with written.open("r+b") as content:  # Windows flushes only what is open for writing
            os.fsync(content.fileno())
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def described(held: Snapshot) -> dict[str, Any]:
    """What goes with every export: title, notice, rows, columns with units, the store's state, when, by what."""
    return {
        "title": held.mission.title,
        "notice": held.mission.notice,
        "table": TABLE_SHEET,
        "rows": len(held.segments),
        "columns": {name: COLUMN_UNITS.get(name, "") for name in FIELDS},
        "store_fingerprint": held.fingerprint,
        "codebook_version": held.codebook_version,
        "exported_at": now(),
        "software": f"Evenhand {__version__}",
    }


def cells_of(segment: Segment) -> list[str]:
    """A segment's fields as text, in the order of FIELDS; empty for none."""
    return ["" if value is None else str(value) for value in segment.model_dump(mode="json").values()]


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV with `\\n` line ends; a cell with a comma, a quote or any line end is quoted."""
    return "".join(",".join(_quoted(cell) for cell in row) + "\n" for row in rows)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in _NEEDS_QUOTES) else cell


def _write_csv(path: Path, segments: Sequence[Segment], _about: dict[str, Any]) -> None:
    rows = [[guarded(cell) for cell in cells_of(segment)] for segment in segments]
    path.write_bytes(csv_text([FIELDS, *rows]).encode())


def _write_workbook(path: Path, segments: Sequence[Segment], about: dict[str, Any]) -> None:
    import xlsxwriter

    _check_lengths(path.name, segments)
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, {"constant_memory": True, **plain}) as book:
        first = book.add_worksheet("About")
        for row, (name, value) in enumerate(about.items()):
            first.write_string(row, 0, name)
            first.write_string(row, 1, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        sheet = book.add_worksheet(TABLE_SHEET)
        for column, name in enumerate(FIELDS):
            sheet.write_string(0, column, name)
        for row, segment in enumerate(segments, 1):
            for column, value in enumerate(segment.model_dump(mode="json").values()):
                _write_cell(sheet, row, column, value)


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    """Numbers as numbers where a spreadsheet's sixteen digits hold them, everything else as text."""
    if isinstance(value, int | float) and float(f"{value:.16G}") == value:
        sheet.write_number(row, column, value)
    elif value is not None and value != "":
        sheet.write_string(row, column, str(value))


def _check_lengths(file: str, segments: Sequence[Segment]) -> None:
    problems = [
        Problem("cell_too_long", file, line, name, values={"most": LONGEST_CELL})
        for line, segment in enumerate(segments, 2)
        for name in ("text", "note")
        if len(getattr(segment, name).encode("utf-16-le")) // 2 > LONGEST_CELL
    ]
    if problems:
        raise ProblemsFound(problems)


def _write_parquet(path: Path, segments: Sequence[Segment], about: dict[str, Any]) -> None:
    from coding.exchange.columnar import write_parquet  # pyarrow is heavy

    metadata = {name: value if isinstance(value, str) else json.dumps(value) for name, value in about.items()}
    kinds = dict.fromkeys(FIELDS, "string") | dict.fromkeys(WHOLE, "int64") | {"suggested_probability": "double"}
    write_parquet(path, kinds, [segment.model_dump(mode="json") for segment in segments], metadata)


def _compare(path: Path, segments: Sequence[Segment]) -> None:
    """Read the file as an importer will; a cell that changed on the way is a problem, not a surprise later."""
    shape = find_mapping("evenhand").file if path.suffix == ".csv" else FileShape()
    read = read_table(path, shape)
    problems = [Problem("export_rows", path.name)] if len(read.rows) != len(segments) else []
    for segment, (line, cells) in zip(segments, read.rows, strict=False):
        for name, wanted in zip(FIELDS, cells_of(segment), strict=True):
            if not _equal(cells.get(name, ""), wanted):
                values = {"segment": segment.segment_id}
                problems.append(Problem("export_changed", path.name, line, name, wanted[:40], values))
    if problems:
        raise ProblemsFound(problems)


def _equal(read: str, wanted: str) -> bool:
    if read == wanted:
        return True
    try:
        return float(read) == float(wanted)
    except ValueError:
        return False


_WRITERS: dict[str, Callable[[Path, Sequence[Segment], dict[str, Any]], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_workbook,
    ".parquet": _write_parquet,
}
