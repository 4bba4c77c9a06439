"""WebVTT (.vtt): a header, then blocks between empty lines; a block with a timing line is a cue."""

import html
import re
from collections.abc import Iterator
from itertools import pairwise

from coding.subtitles.format import Format
from coding.subtitles.found import Found
from coding.subtitles.timing import clock_ms, is_cut, is_timing, lines_of, timing

_TAG = re.compile(r"<(?:/?[a-z][^<>]*|/|[\d:.,]+)>", re.IGNORECASE)
_PASSED = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s.*)?")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_LANGUAGE = re.compile(r"Language:\s*([A-Za-z][A-Za-z0-9-]*)\s*")
_MAP = "X-TIMESTAMP-MAP="
_CLOCK_OF_STREAM = 90
"""Ticks of a transport stream in a millisecond."""


def begins(text: str) -> bool:
    """Whether a file starts as WebVTT must."""
    return _HEADER.match(text) is not None


def read(text: str, found: Found) -> None:
    """Cues into `found`; notes, styles, regions and the settings of cues are passed over."""
    lines = lines_of(text)
    if not _HEADER.fullmatch(lines[0]):
        found.problem("no_header", 1, lines[0])
    maps: list[tuple[int, int]] = []
    for first, last in _blocks(lines):
        if _HEADER.fullmatch(lines[first]):  # pieces of a stream put together have a header each
            maps.append((first, _header(lines[first:last], first, found)))
            first = next((at for at in range(first, last) if is_timing(lines[at])), last)  # noqa: PLW2901
        elif _PASSED.fullmatch(lines[first]):
            continue
        _cues(lines, first, last, found)
    _shifts(maps, found)


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line (half-open) of every block; a line of spaces ends none: platforms write it into cues."""
    first = 0
    for at, line in enumerate([*lines, ""]):
        if not line:
            if at > first:
                yield first, at
            first = at + 1


def _cues(lines: list[str], first: int, last: int, found: Found) -> None:
    """The cue of a block, or the cues where the empty line between them is missing."""
    heads = [at for at in range(first, last) if is_timing(lines[at])]
    if not heads and first < last:
        if is_cut(lines, last - 1):
            found.problem("cut", last, lines[last - 1])
        else:
            found.note("outside", first + 1, lines[first])
    elif heads and heads[0] > first + 1:
        found.note("outside", first + 1, lines[first])
    for head, following in pairwise([*heads, last]):
        stated = timing(lines, head, found)
        if stated is not None:
            named = following < last and following - 2 > head and not lines[following - 2].strip()
            end = following - 1 if named else following  # the name of the next cue is no words of this one
            found.cue(*stated, _without_tags("\n".join(lines[head + 1 : end])), head + 1)


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


def _header(block: list[str], first: int, found: Found) -> int:
    """How many ms a header moves the cues after it, by the clock of the stream that it was cut from."""
    shift = 0
    for at, line in enumerate(block, first + 1):
        if language := _LANGUAGE.fullmatch(line):
            found.declared = found.declared or language[1]
        if line.startswith(_MAP):
            stated = _stream_shift(line.removeprefix(_MAP))
            if stated is None:
                found.problem("map", at, line)
            shift = stated or 0
    return shift


def _stream_shift(written: str) -> int | None:
    """`LOCAL:00:00:00.000,MPEGTS:900000`, in either order, as ms; None where it cannot be read."""
    parts = dict(part.strip().partition(":")[::2] for part in written.split(","))
    local = clock_ms(parts.get("LOCAL", ""))
    ticks = parts.get("MPEGTS", "")
    if local is None or not (ticks.isascii() and ticks.isdecimal()) or len(ticks) > 12:
        return None
    return int(ticks) // _CLOCK_OF_STREAM - local


def _shifts(maps: list[tuple[int, int]], found: Found) -> None:
    """Where the stream's clock began is not known, so the times stay as written; pieces that differ fit no clock."""
    if any(shift != maps[0][1] for _, shift in maps):
        line = next(first for first, shift in maps if shift != maps[0][1])
        found.problem("maps_differ", line + 1)
    elif maps and maps[0][1]:
        found.note("map_not_used", maps[0][0] + 1, shift=maps[0][1])


FORMAT = Format("vtt", (".vtt", ".webvtt"), begins, read)
