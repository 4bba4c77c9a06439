"""What a media file holds, measured from its content: its name and its header may be wrong."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer

from coding.problems import Problem, ProblemsFound
from coding.recordings.files import Step
from coding.recordings.mp4_boxes import Mp4Layout, mp4_layout
from coding.recordings.pictures import Picture, picture
from coding.vocabulary import RecordingKind

CONTAINERS = {
    "mov": "mov,mp4,m4a,3gp,3g2,mj2",
    "matroska": "matroska,webm",
    **{
        name: name
        for name in (
            "mpegts", "mpeg", "mpegvideo", "avi", "asf", "flv", "mp3", "wav", "ogg", "flac", "aac", "mxf", "ac3",
            "aiff", "amr", "caf", "w64", "wtv", "rm", "h264", "hevc",
        )
    },
}  # fmt: skip
"""What is opened at all. Playlists and other formats that name further files or addresses are not."""
SAFE = {"format_whitelist": ",".join(CONTAINERS.values()), "protocol_whitelist": "file"}
STATED = ("mov", "matroska", "flac")
"""Containers whose header states the length that was recorded, so that a cut shows."""
FROM_ZERO = ("mov", "matroska")
"""Containers whose clock starts with the file; the others carry the clock of the transmitter."""
CUT_MS = 2000
PLAIN_PIXELS = ("yuv420p", "yuvj420p")
PIXELS_OF_ANY = ("h264",)
VIDEO_PLAYED = {"mov": ("h264", "vp9", "av1"), "matroska": ("h264", "vp8", "vp9", "av1")}
AUDIO_PLAYED = {
    "mov": ("aac", "mp3"),
    "matroska": ("aac", "mp3", "opus", "vorbis", "flac"),
    "mp3": ("mp3",),
    "wav": ("pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le"),
    "ogg": ("opus", "vorbis", "flac"),
    "flac": ("flac",),
}
"""Codecs that Chromium plays, by container."""
SUFFIX = {"mov": ".mp4", "mp3": ".mp3", "wav": ".wav", "ogg": ".ogg", "flac": ".flac"}


@dataclass(frozen=True)
class Probed:
    """A file's kind, measured length and frame rate, its streams, and whether a browser plays it as it is.

    `rate` is that of the pictures (of a file with a varying rate its mean). `video` and `audio` are the numbers of the
    streams that count, `streamable` whether playing can begin and jump before all of it was fetched.
    """

    kind: RecordingKind
    container: str
    suffix: str
    length_ms: int | None = None
    rate: Fraction | None = None
    variable_rate: bool = False
    width: int | None = None
    height: int | None = None
    video: int | None = None
    audio: int | None = None
    video_codec: str = ""
    audio_codec: str = ""
    plain_pixels: bool = True
    streamable: bool = True
    rewrite: bool = False

    @property
    def plays(self) -> bool:
        """Whether Chromium plays (or shows) the file as it is."""
        if self.kind == RecordingKind.PAGE:
            return not self.rewrite
        video = self.video is None or (self.video_codec in VIDEO_PLAYED.get(self.container, ()) and self.plain_pixels)
        audio = self.audio is None or self.audio_codec in AUDIO_PLAYED.get(self.container, ())
        return video and audio


@dataclass
class _Measured:
    """What demuxing tells of one stream, in the stream's ticks."""

    first: int | None = None
    end: int = 0
    shown: list[int] = field(default_factory=list)
    corrupt: bool = False


def probe(file: Path, step: Step = lambda share: None) -> Probed:
    """Measure a file; every packet is read, since headers lie.

    Raises ProblemsFound for a file that is missing, empty, broken, cut short, or of a kind that is not read.
    """
    _check_there(file)
    page = picture(file)
    return _page(page) if page else _media(file, step)


def _check_there(file: Path) -> None:
    if not file.is_file():
        raise ProblemsFound([Problem("no_file", file.name)])
    if not file.stat().st_size:
        raise ProblemsFound([Problem("empty_file", file.name)])
    with file.open("rb") as content:
        if content.read(5) == b"%PDF-":
            raise ProblemsFound([Problem("recordings.pdf", file.name)])


def _page(page: Picture) -> Probed:
    return Probed(
        RecordingKind.PAGE, "picture", page.suffix, width=page.width, height=page.height, rewrite=page.rewrite
    )


def _media(file: Path, step: Step) -> Probed:
    try:
        with av.open(f"file:{file}", options=SAFE) as container:
            streams = _measured(container, max(1, file.stat().st_size), step)
            return _probed(file, container, streams)
    except FileNotFoundError:
        raise
    except av.FFmpegError as error:
        raise ProblemsFound([Problem("recordings.broken", file.name, value=error.strerror or "")]) from None


def _measured(container: InputContainer, size: int, step: Step) -> dict[int, _Measured]:
    """First and last moment of every sound and picture stream that has packets, and when each picture is shown."""
    wanted = [s for s in container.streams if s.type in ("video", "audio") and not _cover(s)]
    found: dict[int, _Measured] = defaultdict(_Measured)
    if not wanted:
        return found
    for count, packet in enumerate(container.demux(wanted)):
        if packet.pts is None:
            continue
        stream = found[packet.stream_index]
        stream.first = packet.pts if stream.first is None else min(stream.first, packet.pts)
        stream.end = max(stream.end, packet.pts + (packet.duration or 0))
        stream.corrupt = packet.is_corrupt
        if packet.stream.type == "video":
            stream.shown.append(packet.pts)
        if count % 2000 == 0 and packet.pos is not None:
            step(min(1.0, packet.pos / size))
    return found


def _cover(stream: Any) -> bool:
    """Whether a picture stream is only the cover of a sound file."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _probed(file: Path, container: InputContainer, measured: dict[int, _Measured]) -> Probed:
    name = container.format.name.split(",")[0]
    used = [container.streams[index] for index in measured]
    video: Any = max((s for s in used if s.type == "video"), key=_picture_size, default=None)
    audio: Any = next((s for s in used if s.type == "audio"), None)
    if video is None and audio is None:
        raise ProblemsFound([Problem("recordings.no_stream", file.name)])
    chosen = [stream for stream in (video, audio) if stream is not None]
    length = _length_ms(name, [(measured[s.index], s.time_base) for s in chosen])
    _check_whole(file, name, container, length, [measured[s.index] for s in chosen])
    layout = mp4_layout(file) if name == "mov" else Mp4Layout()
    told = _sound(audio) if audio is not None else {}
    if video is not None:
        told |= _pictures(video, measured[video.index])
    kind = RecordingKind.VIDEO if video is not None else RecordingKind.AUDIO
    streamable = layout.streamable and not _untrue(name, container, length)
    return Probed(kind, name, _suffix(name, chosen), length, streamable=streamable, **told)


def _picture_size(stream: Any) -> int:
    return int(stream.codec_context.width * stream.codec_context.height)


def _sound(stream: Any) -> dict[str, Any]:
    return {"audio": stream.index, "audio_codec": _codec(stream)}


def _pictures(stream: Any, measured: _Measured) -> dict[str, Any]:
    rate, varies = _rate(sorted(measured.shown), stream)
    context = stream.codec_context
    return {
        "video": stream.index,
        "video_codec": _codec(stream),
        "plain_pixels": context.pix_fmt in PLAIN_PIXELS or _codec(stream) not in PIXELS_OF_ANY,
        "width": context.width,
        "height": context.height,
        "rate": rate,
        "variable_rate": varies,
    }


def _codec(stream: Any) -> str:
    """The codec's own name, whichever library decodes it; empty for one that this build does not know."""
    context = stream.codec_context
    return str(context.codec.canonical_name) if context is not None else ""


def _length_ms(container: str, streams: Sequence[tuple[_Measured, Fraction]]) -> int:
    """From the first moment to the last over the streams; exact ticks, rounded once."""
    start = min((measured.first or 0) * base for measured, base in streams)
    end = max(measured.end * base for measured, base in streams)
    if container in FROM_ZERO:
        start = Fraction(0)
    return round((end - start) * 1000)


def _check_whole(file: Path, container: str, opened: InputContainer, length: int, streams: Sequence[_Measured]) -> None:
    stated = (opened.duration or 0) // 1000
    short = container in STATED and stated - length > max(CUT_MS, stated // 100)
    if short or (container in ("mov", "wav") and any(stream.corrupt for stream in streams)):
        raise ProblemsFound([Problem("recordings.cut", file.name, values={"seconds": length // 1000})])
    if length <= 0:
        raise ProblemsFound([Problem("recordings.no_stream", file.name)])


def _untrue(container: str, opened: InputContainer, length: int) -> bool:
    """Whether a browser would guess the length of a file without an index, and jump to wrong places."""
    stated = (opened.duration or 0) // 1000
    return container in ("mp3", "aac") and abs(stated - length) > max(500, length // 200)


def _rate(shown: Sequence[int], stream: Any) -> tuple[Fraction | None, bool]:
    """Frames per second and whether they vary. What the header says counts only where the pictures bear it out."""
    gaps = sorted(later - earlier for earlier, later in pairwise(shown) if later > earlier)
    if not gaps:
        return None, False
    mean = len(gaps) / ((shown[-1] - shown[0]) * stream.time_base)
    usual = gaps[len(gaps) // 2]
    slack = 1 + Fraction(2, 1000) / stream.time_base
    odd = sum(abs(gap - usual) > slack for gap in gaps)
    for stated in (stream.guessed_rate, stream.average_rate):
        if stated and abs(mean / stated - 1) < Fraction(5, 1000):
            return Fraction(stated).limit_denominator(1001), odd * 100 > len(gaps)
    return Fraction(mean).limit_denominator(1001), True


def _suffix(container: str, streams: Sequence[Any]) -> str:
    """The suffix that content is kept under; those that are converted get their own later."""
    video = any(stream.type == "video" for stream in streams)
    if container == "matroska":
        webm = all(_codec(stream) in ("vp8", "vp9", "av1", "opus", "vorbis") for stream in streams)
        return ".webm" if webm else ".mkv"
    if container == "mov":
        return ".mp4" if video else ".m4a"
    return ".ogv" if container == "ogg" and video else SUFFIX.get(container, ".mp4" if video else ".m4a")
