"""Where recordings lie, what their files may be called, and how one gets there whole."""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from coding.problems import Problem, ProblemsFound
from coding.store.places import data_dir
from coding.store.recordings import Recording

RECORDINGS_VARIABLE = "EVENHAND_RECORDINGS"
CONTENT_TYPES = {
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
"""The suffixes under which files are kept, and what each is served as."""

MAKING = ".making"
PROXY = ".proxy.mp4"
REMOVED = "removed"
LEFT_BEHIND = 15 * 60
"""Seconds without a write after which a half-made file is one that a killed process left."""
KEPT_FREE = 300_000_000
"""Bytes that an ingest leaves on the disk: a full one stops the store too."""
PIECE = 1 << 20

Step = Callable[[float], None]
"""Called with the share that is done, from 0 to 1; may raise to stop."""


def recordings_folder(mission_id: str) -> Path:
    """The folder of a mission's recordings: under EVENHAND_RECORDINGS, else beside the stores."""
    named = os.environ.get(RECORDINGS_VARIABLE)
    return (Path(named) if named else data_dir() / "recordings") / mission_id


def path_in(folder: Path, recording: Recording, proxy: bool = False) -> Path:
    """Where a recording's file (or its small proxy) lies; made of its checked id and suffix only.

    Raises ProblemsFound where the id is no UUID or the suffix none of ours, so that no path leads out of the folder.
    """
    name = str(_uuid(recording.recording_id))
    if recording.suffix not in CONTENT_TYPES:
        raise ProblemsFound([Problem("recordings.bad_id", value=recording.suffix)])
    return folder / f"{name}{PROXY if proxy else recording.suffix}"


def _uuid(written: str) -> UUID:
    try:
        found = UUID(written)
    except ValueError:
        raise ProblemsFound([Problem("recordings.bad_id", value=written)]) from None
    if str(found) != written:
        raise ProblemsFound([Problem("recordings.bad_id", value=written)])
    return found


def digest(file: Path, step: Step) -> str:
    """SHA-256 of a file's content, read a piece at a time."""
    found, done, size = hashlib.sha256(), 0, max(1, file.stat().st_size)
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            found.update(piece)
            done += len(piece)
            step(done / size)
    return found.hexdigest()


def copy(source: Path, target: Path, step: Step) -> None:
    """Copy a file's content a piece at a time, onto the disk before it counts."""
    done, size = 0, max(1, source.stat().st_size)
    with source.open("rb") as content, target.open("wb") as out:
        while piece := content.read(PIECE):
            out.write(piece)
            done += len(piece)
            step(done / size)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """A place beside `target` to write to, moved there when all went well; otherwise nothing is left."""
    target.parent.mkdir(parents=True, exist_ok=True)
    making = target.with_name(f"{target.stem}.{uuid4().hex[:8]}{target.suffix}{MAKING}")
    try:
        yield making
        making.replace(target)
    finally:
        making.unlink(missing_ok=True)


def sweep(folder: Path) -> int:
    """Remove what killed processes left half-made; how many files that were."""
    old = [each for each in folder.glob(f"*{MAKING}") if time.time() - each.stat().st_mtime > LEFT_BEHIND]
    for each in old:
        each.unlink(missing_ok=True)
    return len(old)


def check_space(folder: Path, needed: int, file: str) -> None:
    """Raises ProblemsFound where the disk of the recordings has no room for so many bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed + KEPT_FREE:
        values = {"needed": megabytes(needed + KEPT_FREE), "free": megabytes(free), "folder": str(folder)}
        raise ProblemsFound([Problem("recordings.no_space", file, values=values)])


def megabytes(size: int) -> str:
    """Bytes as megabytes of a million, to read.

    >>> megabytes(1_448_000_000), megabytes(260_000)
    ('1,448 MB', '0.3 MB')
    """
    return f"{size / 1e6:,.0f} MB" if size >= 10_000_000 else f"{size / 1e6:.1f} MB"


def put_aside(folder: Path, recording: Recording) -> None:
    """Move a recording's file and its proxy into the folder of removed ones; they are never deleted here."""
    for path in (path_in(folder, recording), path_in(folder, recording, proxy=True)):
        if path.is_file():
            (folder / REMOVED).mkdir(exist_ok=True)
            path.replace(folder / REMOVED / path.name)
