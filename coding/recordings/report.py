"""What is said about an ingest while it runs and when it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from coding.languages import Translate
from coding.mission.clock import duration_text, local_time
from coding.mission.model import Airing, Mission
from coding.problems import Problem
from coding.recordings.files import Step
from coding.recordings.probe import Probed
from coding.store.recordings import Recording
from coding.vocabulary import RecordingKind


class Stage(StrEnum):
    """What is being done with a file."""

    READING = "reading"
    STORING = "storing"
    PROXY = "proxy"


class Progress(Protocol):
    """Told again and again: the file, what is done with it, and the share of that from 0 to 1."""

    def __call__(self, file: str, stage: Stage, share: float) -> None: ...


class Cancelled(Exception):
    """The person stopped the ingest; what was half-made is gone, what was stored stays."""


@dataclass(frozen=True)
class Options:
    """What a person says beside the files: it goes before what their names say."""

    airing_id: str = ""
    start: str = ""
    pattern: str = ""
    page: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    proxy: bool = False


@dataclass(frozen=True)
class Note:
    """A sentence of a report: its key in the section `recordings` of the catalogue, and what fills its places."""

    key: str
    values: dict[str, Any]

    def text(self, t: Translate) -> str:
        return t(f"recordings.{self.key}", **self.values)


@dataclass(frozen=True)
class Stored:
    """One file's rows, and what there is to say about it; no rows when all of it was there already."""

    file: str
    rows: tuple[Recording, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Report:
    """What an ingest did: files stored or known already, files that were refused, and whether it was stopped."""

    stored: tuple[Stored, ...] = ()
    problems: tuple[Problem, ...] = ()
    cancelled: bool = False


def unwatched(file: str, stage: Stage, share: float) -> None:
    """The progress of those who do not watch."""


def never() -> bool:
    """The answer of those who do not stop it."""
    return False


@dataclass(frozen=True)
class Watch:
    """Who watches an ingest, and may stop it."""

    progress: Progress = unwatched
    cancelled: Callable[[], bool] = never

    def step(self, file: str, stage: Stage, begins: float = 0.0, share: float = 1.0) -> Step:
        """Tells how far a part of a stage is; raises Cancelled when the person wants to stop."""

        def step(done: float) -> None:
            if self.cancelled():
                raise Cancelled
            self.progress(file, stage, begins + share * done)

        return step


def converted_note(probed: Probed) -> Note:
    """Why the stored file is another one than the given."""
    names = (probed.container, probed.video_codec, probed.audio_codec)
    return Note("converted", {"codecs": ", ".join(name for name in names if name)})


def stored_note(row: Recording) -> Note:
    """Which airing a row is of, how long its file is and where the airing begins in it; or which page."""
    if row.kind == RecordingKind.PAGE:
        return Note("page_stored", {"airing": row.airing_id, "page": row.page})
    length, begins = (seconds_text(each) for each in (row.length_ms or 0, row.offset_ms))
    return Note("stored", {"airing": row.airing_id, "length": length, "begins": begins})


def on_air_note(airing: Airing, mission: Mission) -> Note:
    """The actual times or size that an airing was given."""
    if airing.actual_start is None or airing.actual_end is None:
        return Note("size_set", {"airing": airing.airing_id, "size": airing.actual_size})
    start, end = (f"{local_time(each, mission.zone):%H:%M:%S}" for each in (airing.actual_start, airing.actual_end))
    return Note("times_set", {"airing": airing.airing_id, "start": start, "end": end})


def seconds_text(milliseconds: int) -> str:
    """`h:mm:ss`, cut to whole seconds.

    >>> seconds_text(3_600_999), seconds_text(-1500)
    ('1:00:00', '-0:00:01')
    """
    whole = duration_text(abs(milliseconds) // 1000 * 1000)
    return f"-{whole}" if milliseconds <= -1000 else whole
