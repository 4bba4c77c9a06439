"""Small recordings of every kind, made once by the encoder that the project ships with, and a store to put them in."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest
from PIL import Image

from coding.mission.loader import load
from coding.recordings.files import RECORDINGS_VARIABLE
from coding.store import Store
from coding.store.places import sqlite_url
from tests.missions import write_mission

PICTURE = "-f lavfi -i testsrc2=size=160x120:rate={rate}:duration={seconds}"
SOUND = "-f lavfi -i sine=frequency=440:duration={seconds}"
H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25"
FILES = {
    "fast.mp4": f"{PICTURE} {SOUND} {H264} -c:a aac -movflags +faststart",
    "end.mp4": f"{PICTURE} {SOUND} {H264} -c:a aac",
    "fragments.mp4": f"{PICTURE} {H264} -movflags frag_keyframe+empty_moov",
    "stream.ts": f"{PICTURE} {SOUND} {H264} -c:a mp2",
    "old.mpg": f"{PICTURE} {SOUND} -c:v mpeg2video -c:a mp2",
    "new.mp4": f"{PICTURE} {SOUND} -c:v libx265 -preset ultrafast -x265-params log-level=none -c:a aac -movflags +faststart",
    "deep.mp4": f"{PICTURE} -c:v libx264 -preset ultrafast -pix_fmt yuv422p -movflags +faststart",
    "sound.avi": f"{PICTURE} {SOUND} -c:v mpeg4 -c:a ac3",
    "recorder.mkv": f"{PICTURE} {SOUND} {H264} -c:a aac",
    "open.webm": f"{PICTURE} {SOUND} -c:v libvpx -deadline realtime -c:a libopus",
    "talk.mp3": SOUND,
    "talk.wav": SOUND,
    "talk.flac": SOUND,
    "talk.ogg": f"{SOUND} -c:a libvorbis",
    "talk.aac": f"{SOUND} -c:a aac",
    "american.mp4": f"{PICTURE.replace('{rate}', '30000/1001')} {H264} -movflags +faststart",
    "uneven.mp4": f"{PICTURE} -vf select='not(mod(n\\,7))+lt(mod(n\\,31)\\,9)' -fps_mode vfr {H264} -movflags +faststart",
}


def encode(arguments: str, target: Path, seconds: int = 4, rate: int = 25) -> Path:
    """Run the encoder; `{seconds}` and `{rate}` in the arguments are filled."""
    written = arguments.replace("{seconds}", str(seconds)).replace("{rate}", str(rate)).split()
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", "-y", *written, str(target)], check=True, timeout=120)
    return target


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A file by its name in FILES, made when first asked for; not to be changed."""
    folder = tmp_path_factory.mktemp("media")

    def made(name: str) -> Path:
        path = folder / name
        return path if path.is_file() else encode(FILES[name], path)

    return made


@pytest.fixture
def named(media: Callable[[str], Path], tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of a file under another name."""

    def copied(name: str, stem: str) -> Path:
        folder = tmp_path / "given"
        folder.mkdir(exist_ok=True)
        target = folder / f"{stem}{Path(name).suffix}"
        shutil.copyfile(media(name), target)
        return target

    return copied


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """A small picture; `turned` gives its EXIF orientation."""

    def made(name: str = "g-0312-p1-289x380mm.jpg", turned: int = 1, mode: str = "RGB", colour: int = 0) -> Path:
        folder = tmp_path / "given"
        folder.mkdir(exist_ok=True)
        image = Image.new(mode, (40, 60), colour)
        exif = Image.Exif()
        exif[0x0112] = turned
        image.save(folder / name, exif=exif)
        return folder / name

    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the small mission's recordings lie."""
    monkeypatch.setenv(RECORDINGS_VARIABLE, str(tmp_path / "recordings"))
    return tmp_path / "recordings" / "small"


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Store:
    """The small mission, without segments."""
    held = load(write_mission(tmp_path / "mission"))
    made = Store(sqlite_url(tmp_path / "store.sqlite"))
    made.put_mission(held.mission, held.airings, "test", "made for a test")
    return made
