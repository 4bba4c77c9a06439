"""The sound of the training bulletin: espeak-ng reads each caption, a chime opens and closes."""

import array
import math
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from sample_data.kazakhstan_2007_training import LENGTH_MS, Shot

RATE = 22_050
LEAD_MS = 600
"""How long a shot stands before its voice begins."""
CHIME = (523.25, 659.25, 783.99)

Samples: TypeAlias = "array.array[int]"
"""16-bit numbers, one channel."""


def spoken(text: str, voice: Mapping[str, Any]) -> Samples:
    """The text in one voice of espeak-ng; leaves with a message where espeak-ng is not installed."""
    program = shutil.which("espeak-ng")
    if program is None:
        raise SystemExit(
            "espeak-ng is not installed. Install it (Debian: apt-get install espeak-ng) and run this again."
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        options = ["-v", voice["voice"], "-s", str(voice["speed"]), "-p", str(voice["pitch"]), "-w", str(file)]
        subprocess.run([program, *options, text], check=True)  # noqa: S603
        with wave.open(str(file)) as said:
            if (said.getframerate(), said.getnchannels(), said.getsampwidth()) != (RATE, 1, 2):
                raise SystemExit(f"espeak-ng wrote another kind of sound than {RATE} Hz, mono, 16 bit.")
            return array.array("h", said.readframes(said.getnframes()))


def chime() -> Samples:
    """Three rising notes that fade, half a second."""
    length = RATE // 2
    notes = array.array("h", bytes(2 * length))
    for number, tone in enumerate(CHIME):
        for n in range(number * length // 6, length):
            age = (n - number * length // 6) / RATE
            notes[n] += round(4_000 * math.exp(-6 * age) * math.sin(2 * math.pi * tone * age))
    return notes


def soundtrack(shots: Sequence[Shot], voices: Mapping[str, Mapping[str, Any]]) -> Samples:
    """The whole bulletin; a text that is longer than its shot is an error, since the key would be wrong."""
    track = array.array("h", bytes(2 * RATE * LENGTH_MS // 1000))
    for shot in shots:
        said = spoken(shot.caption, voices[shot.voice])
        lead = 2 * LEAD_MS if shot.scene == "title" else LEAD_MS
        begun = RATE * (shot.start + lead) // 1000
        if begun + len(said) > RATE * shot.end // 1000:
            raise SystemExit(f"the voice needs longer than the shot «{shot.headline}»: raise its speed or its seconds.")
        track[begun : begun + len(said)] = said
        if shot.scene == "title":
            _mix(track, chime(), RATE * shot.start // 1000)
    return track


def _mix(track: Samples, sound: Samples, first: int) -> None:
    for n, value in enumerate(sound, first):
        track[n] = max(-32_768, min(32_767, track[n] + value))


def loudness(track: Samples, start_ms: int, end_ms: int) -> float:
    """0 for silence, about 1 for a loud vowel: how far a mouth is open."""
    part = track[RATE * start_ms // 1000 : RATE * end_ms // 1000]
    return min(1.0, sum(map(abs, part)) / max(1, len(part)) / 5_000)


def save(track: Samples, file: Path) -> None:
    """As a WAV file."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(track.tobytes())
