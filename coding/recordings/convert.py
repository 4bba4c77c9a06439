"""Files in a form that every browser plays and can jump in: copied where possible, encoded where not."""

import atexit
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from coding.problems import Problem, ProblemsFound
from coding.recordings.files import Step
from coding.recordings.probe import CONTAINERS, Probed
from coding.vocabulary import RecordingKind

COPIED_VIDEO, COPIED_AUDIO = ("h264",), ("aac", "mp3")
"""Codecs that every browser plays inside MP4, so that only the container has to change."""
DEINTERLACED = "bwdif=mode=send_frame:deint=interlaced"
EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2"
SMALL = "scale=-2:'trunc(min(480,ih)/2)*2'"
KEYFRAMES = ("-force_key_frames", "expr:gte(t,n_forced)")
"""One each second, so that a jump decodes at most a second."""
ENCODED_BITS, PROXY_BITS = 4_000_000, 450_000
"""Bits per second to expect of an encoded video and of a proxy, when asking whether the disk has room."""
ENDED_WITHIN = 10

_running: set[subprocess.Popen[bytes]] = set()


def target_of(probed: Probed) -> tuple[str, bool] | None:
    """The suffix to convert to and whether pictures are encoded anew; None where the file can stay as it is."""
    if probed.kind == RecordingKind.PAGE or (probed.plays and probed.streamable):
        return None
    if probed.kind == RecordingKind.AUDIO:
        return ".m4a", False
    return ".mp4", not _video_copied(probed)


def _video_copied(probed: Probed) -> bool:
    return probed.video_codec in COPIED_VIDEO and probed.plain_pixels


def room_needed(probed: Probed, size: int) -> int:
    """Bytes to expect of what a file is stored as."""
    encoded = (probed.length_ms or 0) * ENCODED_BITS // 8000
    target = target_of(probed)
    return max(size, encoded) if target and target[1] else size + size // 50


def convert(file: Path, probed: Probed, target: Path, step: Step) -> None:
    """Write the file as MP4 to `target`, its index first; `step` may raise to stop, and then the encoder is stopped.

    Raises ProblemsFound where the file cannot be converted.
    """
    streams: list[str] = []
    if probed.video is not None:
        copied = _video_copied(probed)
        encoded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", *KEYFRAMES]
        streams += ["-map", f"0:{probed.video}", *(["-c:v", "copy"] if copied else encoded)]
        streams += [] if copied else ["-vf", f"{DEINTERLACED},{EVEN}"]
    if probed.audio is not None:
        copied = probed.audio_codec in COPIED_AUDIO
        encoded = ["-c:a", "aac", "-b:a", "128k", "-ac", "2"]
        streams += ["-map", f"0:{probed.audio}", *(["-c:a", "copy"] if copied else encoded)]
    _ffmpeg(file, probed, streams, target, step)


def make_proxy(file: Path, probed: Probed, target: Path, step: Step) -> None:
    """A small copy for slow networks: 480 lines, about 400 kbit/s, a keyframe each second."""
    video = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "350k", "-maxrate", "500k", "-bufsize", "1000k"]
    streams = ["-map", f"0:{probed.video}", *video, "-pix_fmt", "yuv420p", *KEYFRAMES, "-vf", f"{DEINTERLACED},{SMALL}"]
    if probed.audio is not None:
        streams += ["-map", f"0:{probed.audio}", "-c:a", "aac", "-b:a", "48k", "-ac", "1"]
    _ffmpeg(file, probed, streams, target, step)


def _ffmpeg(file: Path, probed: Probed, streams: list[str], target: Path, step: Step) -> None:
    reading = ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS[probed.container], "-fflags", "+genpts"]
    command = [
        _program(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-progress", "pipe:1",
        *reading, "-i", f"file:{file}", *streams, "-map_metadata", "-1", "-sn", "-dn",
        "-movflags", "+faststart", "-f", "mp4", f"file:{target}",
    ]  # fmt: skip
    with TemporaryFile() as said, _started(command, said.fileno()) as process:
        for done_ms in _progress(process):
            step(min(1.0, done_ms / max(1, probed.length_ms or 1)))
        if process.wait():
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()
            raise ProblemsFound([Problem("recordings.not_converted", file.name, value=last[-1] if last else "")])
    step(1.0)


def _program() -> str:
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


@contextmanager
def _started(command: list[str], errors: int) -> Iterator[subprocess.Popen[bytes]]:
    """The encoder, stopped on leaving and with this process, whatever happens."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)  # noqa: S603
    _running.add(process)
    try:
        yield process
    finally:
        _stop(process)
        _running.discard(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(ENDED_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()


@atexit.register
def _stop_all() -> None:
    for process in list(_running):
        _stop(process)


def _progress(process: subprocess.Popen[bytes]) -> Iterator[int]:
    """Milliseconds that the encoder has written, as it tells them."""
    if process.stdout is None:
        return
    for line in process.stdout:
        name, _, value = line.decode("ascii", "replace").strip().partition("=")
        if name == "out_time_us" and value.lstrip("-").isdigit():
            yield max(0, int(value)) // 1000
