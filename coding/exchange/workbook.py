"""Workbooks: measured before they are opened, then read as text.

A workbook is a zip archive: 300 KB can unpack to gigabytes, and two cells in far corners make a reader allocate
everything between them. Both are counted first, in little memory.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from coding.exchange.cells import native_text
from coding.exchange.mapping import FileShape
from coding.problems import Problem, ProblemsFound

MOST_BYTES = 200 * 2**20
"""A workbook that unpacks to more is refused: a full season of segments takes a tenth of it."""
MOST_CELLS = 20_000_000
"""Rows times columns of one sheet, from A1 to the farthest cell."""
TABLE_SHEET = "segments"

_CHUNK = 2**20
_MOST_MEMBERS = 10_000
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_LONGEST_REFERENCE = 64


def read_workbook(path: Path, shape: FileShape) -> list[tuple[int, list[str]]]:
    """Rows of the stated sheet, else of `segments`, else of the first one, as text with their row numbers.

    Raises ProblemsFound for a workbook that is broken, cut short or too large, and for an unknown sheet.
    """
    measure_archive(path)
    try:
        book = CalamineWorkbook.from_path(path)
        name = shape.sheet or (TABLE_SHEET if TABLE_SHEET in book.sheet_names else book.sheet_names[0])
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except WorksheetNotFound:
        values = {"known": ", ".join(book.sheet_names)}
        raise ProblemsFound([Problem("unknown_sheet", path.name, value=name, values=values)]) from None
    except (CalamineError, OSError) as error:
        raise ProblemsFound([Problem("workbook_broken", path.name, value=str(error))]) from None
    return _without_empty_edge(
        [(line, [native_text(cell, shape) for cell in row]) for line, row in enumerate(cells, 1)]
    )


def _without_empty_edge(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Columns on the right that hold nothing at all, which formatting alone leaves behind, are not columns."""
    width = max((i for _, cells in rows for i, cell in enumerate(cells, 1) if cell), default=0)
    return [(line, cells[:width]) for line, cells in rows]


def measure_archive(path: Path, most_bytes: int = MOST_BYTES, most_cells: int = MOST_CELLS) -> int:
    """Bytes to which a workbook unpacks, counted by unpacking it in pieces; nothing of it is kept.

    Raises ProblemsFound where the declared or the true size exceeds `most_bytes`, a sheet spans more than
    `most_cells`, a member differs from its declared size or checksum, or the archive is broken or encrypted.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            members = archive.infolist()
            declared = sum(member.file_size for member in members)
            if declared > most_bytes or len(members) > _MOST_MEMBERS:
                raise _too_large(path, declared, most_bytes)
            total = 0
            for member in members:
                total += _measured(raw, member, most_bytes - total, most_cells)
            return total
    except _TooMuchError as found:
        raise _too_large(path, found.size, most_bytes) from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise ProblemsFound([Problem("workbook_broken", path.name, value=str(error))]) from None


class _TooMuchError(Exception):
    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(size)


def _too_large(path: Path, size: int, most: int) -> ProblemsFound:
    values = {"size": f"{size / 2**20:.0f}", "most": f"{most / 2**20:.0f}"}
    return ProblemsFound([Problem("workbook_too_large", path.name, values=values)])


def _measured(raw: BinaryIO, member: zipfile.ZipInfo, most_bytes: int, most_cells: int) -> int:
    """True size of a member. Raises _TooMuchError, or BadZipFile where it is not what the archive declares."""
    size, checksum, extent, carry = 0, 0, _Extent(most_cells), b""
    is_sheet = member.filename.startswith("xl/worksheets/")
    for piece in _unpacked(raw, member):
        size += len(piece)
        if size > most_bytes:
            raise _TooMuchError(size)
        checksum = zlib.crc32(piece, checksum)
        if is_sheet:
            extent.scan(carry + piece)
            carry = piece[-_LONGEST_REFERENCE:]
    if size != member.file_size or checksum != member.CRC:
        raise zipfile.BadZipFile(f"{member.filename}: size or checksum differs")
    return size


class _Extent:
    """The farthest row and column that a sheet names."""

    def __init__(self, most_cells: int) -> None:
        self.most_cells, self.row, self.column = most_cells, 1, 1

    def scan(self, xml: bytes) -> None:
        """Widen the extent by the cells that these bytes of a sheet name."""
        for letters, digits in _CELL.findall(xml):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            self.row, self.column = max(self.row, int(digits)), max(self.column, column)
        if self.row * self.column > self.most_cells:
            raise _TooMuchError(self.row * self.column * 32)  # what a cell takes in memory


def _unpacked(raw: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content in pieces, to the true end of its stream and not only to the declared size."""
    if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"{member.filename}: encrypted or unusual compression")
    raw.seek(member.header_offset)
    local = raw.read(30)
    if len(local) < 30 or local[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(f"{member.filename}: no local header")
    raw.seek(int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"), 1)
    stream = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
    left = member.compress_size
    while left:
        packed = raw.read(min(_CHUNK, left))
        if not packed:
            raise zipfile.BadZipFile(f"{member.filename}: cut short")
        left -= len(packed)
        yield from [packed] if stream is None else _inflated(stream, packed)
    if stream is not None:
        yield stream.flush()
        if not stream.eof:
            raise zipfile.BadZipFile(f"{member.filename}: cut short")


def _inflated(stream: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    while packed and not stream.eof:
        yield stream.decompress(packed, _CHUNK)
        packed = stream.unconsumed_tail
