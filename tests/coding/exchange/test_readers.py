"""Files that are not what they seem: cut short, garbled, or larger inside than outside."""

import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from coding.exchange.mapping import FileShape
from coding.exchange.readers import RawTable, read_table
from coding.exchange.workbook import measure_archive
from coding.problems import ProblemsFound

ROWS = ['1,"a, ""b""\nc",x', "2,დღე,y", "3,plain,z"]


def refusal(path: Path, **shape: object) -> str:
    with pytest.raises(ProblemsFound) as caught:
        read_table(path, FileShape.model_validate(shape))
    return str(caught.value)


def table(path: Path, **shape: object) -> RawTable:
    return read_table(path, FileShape.model_validate(shape))


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def make(sheets: dict[str, list[list[object]]], name: str = "book.xlsx") -> Path:
        with xlsxwriter.Workbook(tmp_path / name) as book:
            days, spans = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "[h]:mm:ss"})
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for i, row in enumerate(rows):
                    for j, value in enumerate(row):
                        kind = {date: days, timedelta: spans}.get(type(value))
                        sheet.write(i, j, value, kind)
        return tmp_path / name

    return make


# CSV


def test_rows_carry_the_line_they_begin_on(write: Callable[..., Path]) -> None:
    read = table(write(ROWS[0], "", ROWS[1], header="n,text,more"))
    assert read.rows == (
        (2, {"n": "1", "text": 'a, "b"\nc', "more": "x"}),
        (5, {"n": "2", "text": "დღე", "more": "y"}),
    )


def test_line_separators_of_unicode_do_not_end_a_row(write: Callable[..., Path]) -> None:
    assert table(write("1,a\u2028b\x85c,x", header="n,text,more")).rows[0][1]["text"] == "a\u2028b\x85c"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_cut_anywhere_is_refused_or_leaves_whole_rows(tmp_path: Path, ends: str) -> None:
    whole = "".join(row + ends for row in ("n,text,more", *ROWS)).encode()
    path = tmp_path / "cut.csv"
    path.write_bytes(whole)
    rows = table(path).rows
    complete = 0
    for length in range(whole.index(b"1,"), len(whole)):
        path.write_bytes(whole[:length])
        try:
            read = table(path)
        except ProblemsFound:
            continue
        assert read.rows == rows[: len(read.rows)]
        assert whole[:length].endswith(ends.encode())
        complete += 1
    assert complete == len(ROWS)  # after the header, and after each row but the last: whole files, only shorter


def test_description_beside_the_file_tells_a_shorter_file(write: Callable[..., Path]) -> None:
    path = write(*ROWS, header="n,text,more")
    beside = path.with_name(path.name + "-metadata.json")
    beside.write_text(json.dumps({"rows": 4}))
    assert "the file has 3 rows, its description says 4" in refusal(path)
    beside.write_text(json.dumps({"sha256": "0" * 64}))
    assert "differs from its description in sheet.csv-metadata.json" in refusal(path)
    beside.write_text("{")
    assert "this description of a file is not readable" in refusal(path)
    beside.write_text(json.dumps({"rows": 3}))
    assert len(table(path).rows) == 3


def test_missing_newline_is_taken_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("n,text\n1,a\n2,b")
    assert refusal(path).startswith("open.csv:3: the file ends in the middle of a line («2,b»)")
    assert len(table(path, ends_without_newline=True).rows) == 2
    path.write_text("n,text\n1,a\n2")
    assert "this row has 1 cells, the header has 2" in refusal(path, ends_without_newline=True)
    path.write_text('n,text\n1,"a\n')
    assert "open.csv:2: this is not a CSV row" in refusal(path)


def test_encodings_are_stated_never_guessed(write: Callable[..., Path]) -> None:
    cyrillic = write("1,Синяя партия", header="n,кто", encoding="cp1251")
    assert refusal(cyrillic).startswith("sheet.csv:1: byte ea is not UTF-8. Save the file as UTF-8, or state its enco")
    assert table(cyrillic, encoding="cp1251").rows[0][1] == {"n": "1", "кто": "Синяя партия"}
    proper = write("1,Синяя партия", header="n,кто")
    assert refusal(proper, encoding="cp1251") == (
        "sheet.csv: the file is valid UTF-8 but was to be read as cp1251; names would be garbled. State utf-8."
    )
    assert table(write("1,a", header="n,text"), encoding="cp1251").rows
    path = proper.with_name("undefined.csv")
    path.write_bytes("n,кто\n1,".encode("cp1251") + b"\x98\n")
    assert refusal(path, encoding="cp1251").startswith("undefined.csv:2: byte 98 means nothing in cp1251. The file may")


def test_headers_twice_or_empty_and_every_ragged_row(write: Callable[..., Path]) -> None:
    found = refusal(write("1,2,3,4", "1,2", "1", header="a,a,"))
    assert "the column a stands twice" in found
    assert "column 3 has no name" in found
    assert found.count("this row has") == 3
    empty = write(header="", name="empty.csv")
    empty.write_bytes(b"")
    assert refusal(empty) == "empty.csv: the file is empty. Get the whole file."


def test_other_suffixes_need_a_stated_format(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write("1", header="a", name="sheet.txt")
    assert "«txt» is not a format" in refusal(path)
    assert table(path, format="csv").header == ("a",)
    assert "there is no such file" in refusal(tmp_path / "none.csv")


# workbooks


def test_native_cells_become_text_as_the_mapping_would_write_it(workbook: Callable[..., Path]) -> None:
    rows: list[list[object]] = [["when", "long", "n"], [date(2022, 4, 13), timedelta(hours=30, seconds=5), 2.5], [], []]
    read = table(workbook({"Sheet1": [*rows, [date(2022, 4, 14), timedelta(0), 3]]}), date_order="dmy", decimal=",")
    assert read.rows == (
        (2, {"when": "13.04.2022", "long": "30:00:05", "n": "2,5"}),
        (5, {"when": "14.04.2022", "long": "0:00:00", "n": "3"}),
    )


def test_sheet_is_the_stated_one_else_segments_else_the_first(workbook: Callable[..., Path]) -> None:
    path = workbook({"About": [["title"], ["x"]], "segments": [["a"], ["1"]], "other": [["b"], ["2"]]})
    assert table(path).header == ("a",)
    assert table(path, sheet="other").header == ("b",)
    assert "there is no sheet «none». Sheets: About, segments, other." in refusal(path, sheet="none")


def test_cut_or_damaged_workbooks_are_refused(workbook: Callable[..., Path]) -> None:
    path = workbook({"Sheet1": [["a"], *[[f"text {i}"] for i in range(200)]]})
    whole = path.read_bytes()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert "the workbook is broken or was cut short" in refusal(path), length
    with zipfile.ZipFile(workbook({"Sheet1": [["a"]]})) as archive:
        member = archive.getinfo("xl/worksheets/sheet1.xml")
    damaged = bytearray(path.with_name("book.xlsx").read_bytes())
    damaged[member.header_offset + 30 + len(member.filename) + 20] ^= 0xFF
    path.write_bytes(damaged)
    assert "the workbook is broken or was cut short" in refusal(path)


def test_small_workbook_that_unpacks_to_hundreds_of_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(330):
            member.write(b" " * 2**20)
    assert path.stat().st_size < 400_000
    assert refusal(path) == (
        "bomb.xlsx: the workbook unpacks to 330 MB; at most 200 MB are read. "
        "Save only the table, as CSV if it is that long."
    )


def test_declared_size_is_not_believed(tmp_path: Path) -> None:
    """A member that declares the size and checksum of its first kilobyte only."""
    path = tmp_path / "liar.xlsx"
    content = b" " * (3 * 2**20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", content)
    raw = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        place = raw.index(signature) + at
        raw[place : place + 4] = struct.pack("<I", zlib.crc32(content[:1024]))
        raw[place + 8 : place + 12] = struct.pack("<I", 1024)
    path.write_bytes(raw)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.read("xl/worksheets/sheet1.xml")) == 1024  # the standard reader is taken in
    with pytest.raises(ProblemsFound, match="unpacks to 2 MB; at most 1 MB"):
        measure_archive(path, most_bytes=2**20)
    with pytest.raises(ProblemsFound, match="size or checksum differs"):
        measure_archive(path)


def test_two_cells_in_far_corners_are_not_allocated(tmp_path: Path) -> None:
    path = tmp_path / "corners.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_000_000, 16_000, "z")
    assert path.stat().st_size < 10_000
    assert "the workbook unpacks to" in refusal(path)


# Parquet


def test_parquet_values_and_refusals(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    columns = {"n": pa.array([1, None]), "x": [0.5, float("nan")], "when": [date(2022, 4, 13)] * 2, "t": ["ა", ""]}
    pq.write_table(pa.table(columns), path)
    assert table(path).rows == (
        (2, {"n": "1", "x": "0.5", "when": "2022-04-13", "t": "ა"}),
        (3, {"n": "", "x": "NaN", "when": "2022-04-13", "t": ""}),
    )
    whole = path.read_bytes()
    for length in (0, 3, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert "the Parquet file is broken or was cut short" in refusal(path), length
    pq.write_table(pa.table({"a": [[1]], "b": [b"x"]}), path)
    assert refusal(path).count("holds lists, records or bytes") == 2
    offsets, content = pa.array([0, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xff\xfe")
    garbled = pa.StringArray.from_buffers(1, offsets, content)
    pq.write_table(pa.table({"a": garbled}), path)
    assert "the Parquet file is broken" in refusal(path)
