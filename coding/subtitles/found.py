"""What reading a subtitle file finds: cues, problems that refuse the file, notes on what was read all the same."""

import re
import unicodedata
from dataclasses import dataclass, field

from coding.mission.clock import duration_text
from coding.problems import Problem, ProblemsFound

MOST_CUES = 50_000
"""Cues of a day of uninterrupted speech; a longer file is no subtitles of one programme."""
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff]")
"""Signs that nobody sees and no text needs; tabs, line ends and marks of the writing direction stay."""


@dataclass(frozen=True)
class FileCue:
    """A text between two times of the file (ms), half-open; `line` is where it stands, `language` what it declares."""

    start_ms: int
    end_ms: int
    text: str
    line: int
    language: str = ""


@dataclass
class Found:
    """Collects what a format's reader finds in `file`."""

    file: str
    cues: list[FileCue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    declared: str = ""

    def problem(self, key: str, line: int | None, value: str = "", **values: object) -> None:
        """Something that refuses the file."""
        self.problems.append(Problem(f"subtitles.{key}", self.file, line, value=value.strip()[:60], values=values))

    def note(self, key: str, line: int | None, value: str = "", **values: object) -> None:
        """Something that a person should look at; the file is taken."""
        self.notes.append(Problem(f"subtitles.{key}", self.file, line, value=value.strip()[:60], values=values))

    def cue(self, start_ms: int, end_ms: int, text: str, line: int, language: str = "") -> None:
        """Take a cue. An empty one is left out, one without length is given a millisecond; both are noted.

        Raises ProblemsFound at once where there are more than MOST_CUES.
        """
        words = plain_text(text)
        if end_ms < start_ms:
            self.problem("reversed", line, start=duration_text(start_ms), end=duration_text(end_ms))
        elif not words:
            self.empty.append(line)
        else:
            if end_ms == start_ms:
                self.note("no_length", line, duration_text(start_ms))
            self.cues.append(FileCue(start_ms, max(end_ms, start_ms + 1), words, line, language))
        if len(self.cues) > MOST_CUES:
            raise ProblemsFound([Problem("subtitles.too_many", self.file, line, values={"most": MOST_CUES})])


def plain_text(text: str) -> str:
    """The text in one Unicode form, without signs that nobody sees; no empty lines, no space around a line.

    >>> plain_text("  – Who?  \\n\\n– He. ")
    '– Who?\\n– He.'
    """
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\u00a0", " ")))
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in seen.split("\n"))
    return "\n".join(line for line in lines if line)
