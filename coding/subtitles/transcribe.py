"""What is said in an airing, written down from its recording by a speech model in a folder."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from coding.mission.model import Airing
from coding.problems import Problem, ProblemsFound
from coding.recordings import files
from coding.store import Store
from coding.store.recordings import Recording, recordings
from coding.store.subtitles import SPEECH, Cue, add_subtitles
from coding.subtitles.attach import Attached, attached, check_place, checked_language, found_airing, length_of
from coding.subtitles.found import MOST_CUES, plain_text
from coding.vocabulary import RecordingKind

Tell = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done."""


def transcribe_airing(
    store: Store, airing_id: str, folder: Path, language: str, who: str, tell: Tell, cancelled: Callable[[], bool]
) -> Attached:
    """Write down what is said in the recording of an airing and attach it; `language` empty: the model tells by itself.

    Nothing is attached before all of it is written. Raises ProblemsFound where there is no recording, or where the
    model's folder is refused, with the reason; and models.speech.Cancelled after `cancelled` said so.
    """
    from models.refusal import Refused
    from models.speech import transcribe

    airing = found_airing(store, airing_id)
    check_place(airing, 0)
    code = checked_language(language) if language.strip() else ""
    recording, media = _recording(store, airing)
    try:
        heard = [_cue(each) for each in transcribe(media, folder, code, tell, cancelled)]
    except Refused as refused:
        raise ProblemsFound([Problem("subtitles.model", str(folder), value=refused.reason)]) from refused
    cues = _inside([cue for cue in heard if cue.text], recording.offset_ms, length_of(airing))
    if not cues:
        raise ProblemsFound([Problem("subtitles.nothing_heard", recording.name, value=airing_id)])
    if len(cues) > MOST_CUES:
        raise ProblemsFound([Problem("subtitles.too_many", recording.name, values={"most": MOST_CUES})])
    file = add_subtitles(
        store, airing_id, cues, who,
        name=folder.name, language=code, kind=SPEECH, sha256=_digest(cues), offset_ms=recording.offset_ms,
    )  # fmt: skip
    return attached(file, airing)


def _recording(store: Store, airing: Airing) -> tuple[Recording, Path]:
    """The recording that holds most of the airing, and its file."""
    folder = files.recordings_folder(store.mission().id)
    here = [
        (row, files.path_in(folder, row))
        for row in recordings(store, [airing.airing_id])
        if row.kind != RecordingKind.PAGE and files.path_in(folder, row).is_file()
    ]
    if not here:
        raise ProblemsFound([Problem("subtitles.no_recording", value=airing.airing_id)])
    return max(here, key=lambda each: _held_ms(each[0], airing))


def _held_ms(row: Recording, airing: Airing) -> int:
    length = row.length_ms or 0
    return min(length, row.offset_ms + (length_of(airing) or length)) - max(0, row.offset_ms)


def _cue(heard: tuple[int, int, str]) -> Cue:
    start, end, text = heard
    return Cue(start, max(end, start + 1), plain_text(text).replace("\n", " "))


def _inside(cues: list[Cue], offset_ms: int, length_ms: int | None) -> list[Cue]:
    """Of the recording of a whole evening, what is said in this airing."""
    if length_ms is None:
        return cues
    return [cue for cue in cues if cue.end_ms > offset_ms and cue.start_ms < offset_ms + length_ms]


def _digest(cues: list[Cue]) -> str:
    written = json.dumps([[cue.start_ms, cue.end_ms, cue.text] for cue in cues], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
