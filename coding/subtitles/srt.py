"""SubRip (.srt): a number, a timing line, lines of text, an empty line."""

import re
from itertools import pairwise

from coding.subtitles.format import Format
from coding.subtitles.found import Found
from coding.subtitles.timing import is_timing, lines_of, timing

_NUMBER = re.compile(r"\s*\d{1,9}\s*", re.ASCII)
_TIME_BEGUN = re.compile(r"\d{1,4}(?::[\d:,.]*)?", re.ASCII)
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_TAG = re.compile(r"</?(?:b|i|u|s|font|c|v|lang|ruby|rt)(?:[\s.][^<>]*)?>|<\d+(?::\d+)+[.,]?\d*>", re.IGNORECASE)


def begins(text: str) -> bool:
    """Whether a file starts as SubRip does: with a number above a timing line, or with that line."""
    lines = [line for line in lines_of(text[:2000]) if line.strip()][:2]
    return bool(lines) and any(is_timing(line) for line in lines) and (is_timing(lines[0]) or _is_number(lines[0]))


def read(text: str, found: Found) -> None:
    """Cues into `found`. An empty line within a text stays in it: only a timing line begins another cue."""
    lines = lines_of(text)
    heads = [at for at, line in enumerate(lines) if is_timing(line)]
    _before(lines, heads, found)
    for head, following in pairwise([*heads, len(lines)]):
        stated = timing(lines, head, found)
        if stated is None:
            continue
        spoken = lines[head + 1 : _end(lines, head, following)]
        if following == len(lines) and _breaks_off(lines, head):
            found.problem("cut", len(lines), "\n".join(spoken).split()[-1])
            continue
        found.cue(*stated, _without_tags("\n".join(spoken)), head + 1)


def _before(lines: list[str], heads: list[int], found: Found) -> None:
    """Text above the first timing line belongs to no time."""
    first = heads[0] if heads else len(lines)
    above = [at for at in range(first) if lines[at].strip()]
    if above and not (above == [first - 1] and _is_number(lines[first - 1])):
        found.problem("no_time", above[0] + 1, lines[above[0]])


def _end(lines: list[str], head: int, following: int) -> int:
    """Where the text of a cue ends: before the number of the following cue, if it has one."""
    numbered = following < len(lines) and following - 1 > head and _is_number(lines[following - 1])
    return following - 1 if numbered else following


def _is_number(line: str) -> bool:
    return _NUMBER.fullmatch(line) is not None


def _breaks_off(lines: list[str], head: int) -> bool:
    """Whether after the last cue, at `head`, stands the number of one more, perhaps with the beginning of its time."""
    last = max(at for at, line in enumerate(lines) if line.strip())
    first = last
    while first - 1 > head and lines[first - 1].strip():
        first -= 1
    if first - 1 <= head:
        return False
    unended = last == len(lines) - 1
    number, *times = (line.strip() for line in lines[first : last + 1])
    expected = str(int(lines[head - 1]) + 1) if head and _is_number(lines[head - 1]) else ""
    if times:
        return number == expected and len(times) == 1 and unended and _TIME_BEGUN.fullmatch(times[0]) is not None
    is_time = _TIME_BEGUN.fullmatch(number) is not None and (len(number) < 3 or ":" in number)  # 1984 is a text
    begun = expected.startswith(number) or is_time
    return number == expected or (unended and begun)


def _without_tags(text: str) -> str:
    return _TAG.sub("", _OVERRIDE.sub("", text))


FORMAT = Format("srt", (".srt", ".txt"), begins, read)
