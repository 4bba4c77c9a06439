"""A subtitle file, read whole or refused with every problem: its format, its encoding, its cues in order of time."""

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from coding.mission.clock import duration_text
from coding.problems import Problem, ProblemsFound
from coding.subtitles import srt, ttml, vtt
from coding.subtitles.decoding import decoded
from coding.subtitles.format import Format
from coding.subtitles.found import FileCue, Found

FORMATS: tuple[Format, ...] = (srt.FORMAT, vtt.FORMAT, ttml.FORMAT)
"""Every format that is read, each in a file of its own."""
MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class SubtitleText:
    """What a file says: its cues by their start, and notes on what a person should look at."""

    name: str
    kind: str
    encoding: str
    sha256: str
    cues: tuple[FileCue, ...]
    notes: tuple[Problem, ...]
    declared: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that cues declare, each once, in the order of their first cue."""
        return tuple(dict.fromkeys(primary(cue.language) for cue in self.cues if primary(cue.language)))


def suffixes() -> tuple[str, ...]:
    """The endings of file names that are offered, without the dot."""
    return tuple(suffix.removeprefix(".") for each in FORMATS for suffix in each.suffixes)


def primary(language: str) -> str:
    """The language of a tag, without script and region.

    >>> primary("kk-Cyrl-KZ"), primary("")
    ('kk', '')
    """
    return language.strip().replace("_", "-").partition("-")[0].lower()


def read_subtitles(path: Path, encoding: str = "") -> SubtitleText:
    """The cues of a file. `encoding` is what a person says of it; empty: what it says itself, else UTF-8.

    Raises ProblemsFound with every problem where anything of it cannot be read; then nothing of it is taken.
    """
    raw = _bytes(path)
    text, used = decoded(raw, path.name, encoding)
    chosen = _format(text, path)
    found = Found(path.name)
    chosen.read(text, found)
    if not found.problems and not found.cues:
        found.problem("no_cues", None)
    if found.problems:
        raise ProblemsFound(found.problems)
    cues = tuple(sorted(found.cues, key=lambda cue: (cue.start_ms, cue.line)))
    notes = (*found.notes, *_notes(found))
    return SubtitleText(path.name, chosen.name, used, hashlib.sha256(raw).hexdigest(), cues, notes, found.declared)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise ProblemsFound([Problem("no_file", str(path))])
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ProblemsFound([Problem("subtitles.too_large", path.name, values={"most": MOST_BYTES // 1_000_000})])
    if not raw.strip():
        raise ProblemsFound([Problem("empty_file", path.name)])
    return raw


def _format(text: str, path: Path) -> Format:
    """The format that a text begins in; where it begins in none, the one of its suffix, to say what is wrong."""
    suffix = path.suffix.lower()
    chosen = next((each for each in FORMATS if each.begins(text)), None)
    chosen = chosen or next((each for each in FORMATS if suffix in each.suffixes), None)
    if chosen is None:
        known = {"known": ", ".join(each.name for each in FORMATS)}
        raise ProblemsFound([Problem("unknown_format", path.name, value=suffix, values=known)])
    return chosen


def _notes(found: Found) -> list[Problem]:
    """What is kept, but may be a mistake: one note of each kind, at its first place."""
    ordered = sorted(found.cues, key=lambda cue: (cue.start_ms, cue.line))
    by_line = sorted(found.cues, key=lambda cue: cue.line)
    early = [later for before, later in pairwise(by_line) if later.start_ms < before.start_ms]
    over = [later for before, later in pairwise(ordered) if later.start_ms < before.end_ms]
    notes = [_note(found.file, key, cues) for key, cues in (("order", early), ("overlap", over)) if cues]
    if found.empty:
        notes.append(Problem("subtitles.empty", found.file, min(found.empty), values={"count": len(found.empty)}))
    return notes


def _note(file: str, key: str, cues: list[FileCue]) -> Problem:
    value = duration_text(cues[0].start_ms)
    return Problem(f"subtitles.{key}", file, cues[0].line, value=value, values={"count": len(cues)})
