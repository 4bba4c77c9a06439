"""What may be changed of a stored recording, each change a later row: its airing, its start, and that it is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coding.mission.model import Mission
from coding.problems import Problem, ProblemsFound
from coding.recordings import files
from coding.recordings.names import given_start
from coding.recordings.placement import span
from coding.store import Store
from coding.store.recordings import Recording, put_recordings, recordings
from coding.vocabulary import AiringKind, RecordingKind


@dataclass(frozen=True)
class Held:
    """A recording of the store, and whether its file and its small copy are where they should be."""

    recording: Recording
    here: bool
    proxy: bool


def held(store: Store, mission: Mission, airing_ids: Sequence[str] | None = None) -> list[Held]:
    """Every recording of the mission with the state of its files, in the order of airing and page."""
    folder = files.recordings_folder(mission.id)
    return [
        Held(row, files.path_in(folder, row).is_file(), files.path_in(folder, row, proxy=True).is_file())
        for row in recordings(store, airing_ids)
    ]


def correct(store: Store, recording: Recording, airing_id: str, start: str, who: str) -> Recording:
    """Say of which airing a recording is, and (`start`, local time) when it begins; empty: with the airing.

    Raises ProblemsFound where the recording is gone, or the airing unknown or of another kind.
    """
    _check_there(store, recording)
    airing = store.airing(airing_id)
    if airing is None or airing.kind == AiringKind.AGGREGATE:
        raise ProblemsFound([Problem("unknown_airing", column="airing_id", value=airing_id)])
    page = recording.kind == RecordingKind.PAGE
    if page != (airing.kind == AiringKind.ISSUE):
        key = "recordings.page_of_programme" if page else "recordings.sound_of_issue"
        raise ProblemsFound([Problem(key, value=airing_id)])
    offset = 0
    on_air = span(airing)
    if start.strip() and on_air is not None and not page:
        offset = on_air[0] - given_start(start, store.mission().zone)
    later = replace(recording, airing_id=airing_id, offset_ms=offset)
    if later != recording:
        gone = [replace(recording, removed=True)] if airing_id != recording.airing_id else []
        put_recordings(store, [*gone, later], who)
    return later


def remove(store: Store, recording: Recording, who: str) -> None:
    """Take a recording from its airing. A file that no airing uses any more goes into the folder of removed ones."""
    _check_there(store, recording)
    put_recordings(store, [replace(recording, removed=True)], who)
    if not recordings(store, recording_id=recording.recording_id):
        try:
            files.put_aside(_folder(store), recording)
        except OSError as error:  # Windows moves no file that somebody is watching
            raise ProblemsFound([Problem("recordings.stays", recording.name, value=str(error.strerror))]) from error


def _check_there(store: Store, recording: Recording) -> None:
    if recording not in recordings(store, [recording.airing_id], recording.recording_id):
        raise ProblemsFound([Problem("recordings.not_here")])


def _folder(store: Store) -> Path:
    return files.recordings_folder(store.mission().id)
