"""Lines and timing lines, as SRT and WebVTT write them: `00:01:02,500 --> 00:01:05,000`."""

import re
from collections.abc import Sequence

from coding.subtitles.found import Found

ARROW = "-->"
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?", re.ASCII)
_TIMING = re.compile(r"\s*(\S+)\s*-->\s*(\S+)(?:\s.*)?")
_TIME_FIRST = re.compile(r"\s*-?\d{1,4}:\d{1,2}:\d{1,2}[.,]\d+", re.ASCII)


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever ends them: LF, CR LF or CR. Nothing else ends a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def clock_ms(text: str) -> int | None:
    """`[h:]mm:ss[.fff]` as milliseconds, with point or comma; hours may exceed 99. None for anything else.

    >>> clock_ms("100:00:01,5"), clock_ms("01:02.250"), clock_ms("00:61:00,000"), clock_ms("-00:00:01,000")
    (360001500, 62250, None, None)
    """
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    if minutes > 59 or seconds > 59:
        return None
    return (hours * 3600 + minutes * 60 + seconds) * 1000 + int((found[4] or "0")[:3].ljust(3, "0"))


def is_timing(line: str) -> bool:
    """Whether a line says when a cue is shown, or tries to: no text begins with a time to the millisecond."""
    return ARROW in line or _TIME_FIRST.match(line) is not None


def timing(lines: Sequence[str], at: int, found: Found) -> tuple[int, int] | None:
    """Start and end that the line `at` states; None with a problem where it cannot be read.

    The last line of a file that does not even end is what is left of one that was cut short.
    """
    parts = _TIMING.fullmatch(lines[at])
    start, end = (clock_ms(parts[1]), clock_ms(parts[2])) if parts else (None, None)
    if start is None or end is None or is_cut(lines, at):
        found.problem("cut" if at == len(lines) - 1 else "time", at + 1, lines[at])
        return None
    return start, end


def is_cut(lines: Sequence[str], at: int) -> bool:
    """Whether a file breaks off in this line, which must not be its last: it is the last, and no line end follows."""
    return at == len(lines) - 1 and bool(lines[at].strip())
