"""A file as rows of text with their line numbers: strict about encoding, the end of the file and its shape."""

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coding.exchange.cells import CellError, unguarded
from coding.exchange.mapping import FileShape
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import canonical

Cells = dict[str, str]


@dataclass(frozen=True)
class RawTable:
    """A file's cells as they stand: the header, and each row with its line (the header is line 1)."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, Cells], ...]


def read_table(path: Path, shape: FileShape) -> RawTable:
    """The table of a CSV file, a workbook or a Parquet file.

    Raises ProblemsFound: for a file that was cut short, is in another encoding than stated, differs from the
    description beside it (`FILE-metadata.json`), unpacks to too much, or has ragged rows.
    """
    if not path.is_file():
        raise ProblemsFound([Problem("no_file", str(path))])
    kind = shape.format or path.suffix.lower().removeprefix(".")
    reader = _READERS.get(kind)
    if reader is None:
        known = {"known": ", ".join(_READERS)}
        raise ProblemsFound([Problem("unknown_format", path.name, value=kind, values=known)])
    described = _description(path)
    table = reader(path, shape)
    if "rows" in described and described["rows"] != len(table.rows):
        values: dict[str, object] = {"found": len(table.rows), "expected": described["rows"]}
        raise ProblemsFound([Problem("sidecar_rows", path.name, values=values)])
    return table


def sidecar_path(path: Path) -> Path:
    """Where the description of an exported file stands."""
    return path.with_name(f"{path.name}-metadata.json")


def _description(path: Path) -> dict[str, object]:
    """The description beside the file, after its checksum was verified; empty where there is none."""
    beside = sidecar_path(path)
    if not beside.is_file():
        return {}
    try:
        described = json.loads(beside.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ProblemsFound([Problem("sidecar_broken", beside.name, value=str(error))]) from None
    if not isinstance(described, dict):
        raise ProblemsFound([Problem("sidecar_broken", beside.name, value=str(described)[:40])])
    stated = described.get("sha256")
    if stated is not None and stated != hashlib.sha256(path.read_bytes()).hexdigest():
        raise ProblemsFound([Problem("sidecar_differs", path.name, values={"beside": beside.name})])
    return described


def _csv_table(path: Path, shape: FileShape) -> RawTable:
    text = _decoded(path, shape.encoding)
    if text and not text.endswith("\n") and not shape.ends_without_newline:
        last = text.replace("\r", "\n").rstrip("\n").rpartition("\n")[2]
        raise ProblemsFound([Problem("cut_short", path.name, text.count("\n") + 1, value=last[-40:])])
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=shape.delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ProblemsFound([Problem("csv_broken", path.name, line, value=str(error))]) from None
    return table_of(path.name, _unguarded_rows(path.name, rows) if shape.apostrophe_text else rows)


def _unguarded_rows(file: str, rows: Sequence[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Cells without the apostrophe of `guarded`; all that no export would have written are named."""
    problems: list[Problem] = []

    def plain(line: int, cell: str) -> str:
        try:
            return unguarded(cell)
        except CellError as refused:
            problems.append(Problem(refused.key, file, line, value=cell[:40]))
            return cell

    read = [(line, [plain(line, cell) for cell in cells]) for line, cells in rows]
    if problems:
        raise ProblemsFound(problems)
    return read


def _decoded(path: Path, encoding: str) -> str:
    """The text, in the stated encoding only; refused where another one is evident."""
    raw = path.read_bytes()
    is_utf8 = codecs.lookup(encoding).name.startswith("utf-8")
    if not is_utf8 and not raw.isascii() and _is_utf8(raw):
        raise ProblemsFound([Problem("other_encoding", path.name, values={"encoding": encoding})])
    try:
        return raw.decode("utf-8-sig" if is_utf8 else encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        key = "not_utf8" if is_utf8 else "not_in_encoding"
        byte = raw[error.start : error.start + 1].hex()
        raise ProblemsFound([Problem(key, path.name, line, value=byte, values={"encoding": encoding})]) from None
    except UnicodeError as error:  # encodings that are not of text files name no place
        values = {"encoding": encoding}
        raise ProblemsFound([Problem("not_in_encoding", path.name, 1, value=str(error), values=values)]) from None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def table_of(file: str, rows: Sequence[tuple[int, list[str]]]) -> RawTable:
    """Header and rows from cells by line, the header first. Rows of empty cells are passed over.

    Raises ProblemsFound for an empty file, a column twice or without a name, and every ragged row.
    """
    if not rows:
        raise ProblemsFound([Problem("empty_file", file)])
    header = tuple(canonical(cell) for cell in rows[0][1])
    problems = [Problem("column_twice", file, 1, name) for name in sorted({n for n in header if header.count(n) > 1})]
    problems += [Problem("nameless_column", file, 1, values={"number": i}) for i, n in enumerate(header, 1) if not n]
    kept: list[tuple[int, Cells]] = []
    for line, cells in rows[1:]:
        if not any(cells):
            continue
        if len(cells) != len(header):
            values = {"found": len(cells), "expected": len(header)}
            problems.append(Problem("ragged_row", file, line, values=values))
        else:
            kept.append((line, dict(zip(header, cells, strict=True))))
    if problems:
        raise ProblemsFound(problems)
    return RawTable(file, header, tuple(kept))


def _workbook_table(path: Path, shape: FileShape) -> RawTable:
    from coding.exchange.workbook import read_workbook

    return table_of(path.name, read_workbook(path, shape))


def _parquet_table(path: Path, shape: FileShape) -> RawTable:
    from coding.exchange.columnar import read_parquet  # pyarrow is heavy

    return table_of(path.name, read_parquet(path, shape))


_READERS: dict[str, Callable[[Path, FileShape], RawTable]] = {
    "csv": _csv_table,
    "xlsx": _workbook_table,
    "parquet": _parquet_table,
}
