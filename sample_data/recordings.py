"""Makes the training recordings of the sample mission: `python -m sample_data.recordings [FOLDER]`.

A news bulletin (video) read by espeak-ng with drawn pictures, a newspaper page, and the key of what was meant. Needs
espeak-ng and the DejaVu fonts on the machine; ffmpeg comes with imageio-ffmpeg. The words stand in
`kazakhstan_2007_training.toml`. See `kazakhstan_2007/datasheet.md`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from sample_data.generate_kazakhstan_2007 import FOLDER, write_table
from sample_data.kazakhstan_2007_training import KEY, KEY_COLUMNS, LENGTH_MS, PAGE, VIDEO, Script, key, script
from sample_data.training_page import draw_page
from sample_data.training_screen import SIZE, frame
from sample_data.training_sound import Samples, loudness, save, soundtrack

DRAWN_EACH_MS = 200
"""A picture is drawn five times a second and shown for five frames: enough for a clock and a moving mouth."""


def encode(told: Script, track: Samples, file: Path) -> None:
    """H.264 at 25 frames a second and AAC, with the index at the front so that a browser can seek at once."""
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        save(track, sound)
        pictures = [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s",
            f"{SIZE[0]}x{SIZE[1]}",
            "-r",
            str(1000 // DRAWN_EACH_MS),
        ]
        video = [
            "-r",
            "25",
            "-c:v",
            "libx264",
            "-preset",
            "slow",
            "-tune",
            "animation",
            "-crf",
            "25",
            "-g",
            "75",
            "-pix_fmt",
            "yuv420p",
        ]
        # 32 kHz: 180 seconds are then a whole number of AAC packets
        heard = ["-c:a", "aac", "-b:a", "48k", "-ac", "1", "-ar", "32000"]
        command = [get_ffmpeg_exe(), "-y", "-loglevel", "error", *pictures, "-i", "-", "-i", str(sound), *video, *heard]
        command += ["-t", str(LENGTH_MS / 1000), "-movflags", "+faststart", "-map_metadata", "-1"]
        command += ["-metadata", "title=Synthetic bulletin, made for training", str(file)]
        done = subprocess.run(command, input=drawn(told, track), check=False)  # noqa: S603
        if done.returncode:
            raise SystemExit("ffmpeg could not make the video; its own words stand above.")


def drawn(told: Script, track: Samples) -> bytes:
    """Every picture of the bulletin, one behind the other, as RGB."""
    content = bytearray()
    for shot in told.shots:
        for moment in range(shot.start, shot.end, DRAWN_EACH_MS):
            mouth = loudness(track, moment, moment + DRAWN_EACH_MS)
            content += frame(shot, moment, mouth).tobytes()
    return bytes(content)


def record(folder: Path) -> None:
    """Write the video, the page and the key into the folder."""
    told = script()
    folder.mkdir(parents=True, exist_ok=True)
    encode(told, soundtrack(told.shots, told.voices), folder / VIDEO)
    page, free_lines = draw_page(told)
    page.save(folder / PAGE, quality=80, optimize=True, dpi=(97, 97))
    rows = ([row.get(column, "") for column in KEY_COLUMNS] for row in key(told, free_lines))
    write_table(folder / KEY, KEY_COLUMNS, rows)
    for name in (VIDEO, PAGE, KEY):
        print(f"{folder / name}: {(folder / name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    record(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "recordings")
