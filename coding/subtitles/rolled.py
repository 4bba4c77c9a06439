"""Captions that roll: each cue repeats the lines still on the screen. Here every line stands once, when it came."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from coding.subtitles.found import FileCue

NEXT_MS = 100
"""Between cues of one roll there is no longer gap; a line repeated after a longer one was said again."""

MOST_LINES = 10
"""No roll is higher."""


def unrolled(cues: Iterable[FileCue]) -> tuple[list[FileCue], int]:
    """The cues with the new lines of each only, and how many repeated something.

    A line that grew word by word stands where it began, as it was in the end. A cue that only repeats makes the one
    before last longer. Cues come in the order of their start.

    >>> cues = [FileCue(0, 2000, "one two", 1), FileCue(2000, 4000, "one two\\nthree", 4)]
    >>> [cue.text for cue in unrolled(cues)[0]]
    ['one two', 'three']
    """
    kept: list[FileCue] = []
    shown: list[str] = []
    until, repeats = 0, 0
    for cue in cues:
        lines = cue.text.split("\n")
        known, grown = _known(shown, lines) if kept and cue.start_ms - until <= NEXT_MS else (0, False)
        shown, until, repeats = lines, cue.end_ms, repeats + bool(known)
        if grown:
            said = [*kept[-1].text.split("\n")[:-1], lines[known - 1]]
            kept[-1] = replace(kept[-1], text="\n".join(said))
        if known == len(lines):
            kept[-1] = replace(kept[-1], end_ms=max(kept[-1].end_ms, cue.end_ms))
        else:
            kept.append(replace(cue, text="\n".join(lines[known:])))
    return kept, repeats


def _known(shown: Sequence[str], lines: Sequence[str]) -> tuple[int, bool]:
    """How many of the first lines are the last ones shown, and whether the last of these has grown since."""
    for count in range(min(len(shown), len(lines), MOST_LINES), 0, -1):
        same = list(shown[-count:-1]) == list(lines[: count - 1])
        if same and lines[count - 1] == shown[-1]:
            return count, False
        if same and lines[count - 1].startswith(f"{shown[-1]} "):
            return count, True
    return 0, False
