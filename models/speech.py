"""Words of a recording by a speech recognition model of transformers in a folder, as cues with times.

The sound is read by PyAV as 16 kHz mono and recognised chunk by chunk, so that progress is told and work can be stopped
between chunks. Times are those the model gives, else those of its chunks.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from models.encoders.torch_parts import check_base, torch_or_refused
from models.refusal import Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000
"""Samples a second that speech models hear."""
CHUNK_S = 28
"""Seconds recognised at once; Whisper hears at most 30."""
QUIET_S = 3
"""A chunk ends at the quietest moment of its last seconds, so that no word is cut."""
QUIET_WINDOW = RATE // 10
SAFE = {"protocol_whitelist": "file"}
Tell = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done."""


class Cue(NamedTuple):
    """Words between two moments, in milliseconds from the start of the recording; half-open."""

    start_ms: int
    end_ms: int
    text: str


class Cancelled(Exception):
    """The recognition was asked to stop."""


def transcribe(
    media: Path,
    model: Path,
    language: str = "",
    tell: Tell = lambda words, share: None,
    cancelled: Callable[[], bool] = lambda: False,
    threads: int = 1,
) -> Iterator[Cue]:
    """The cues of a recording (any file with sound that PyAV reads), in order, as they are recognised.

    `language` (ISO code) is told to a model that asks for one. `tell` gets the share done after each chunk. Raises
    Refused where torch is missing, the model is not safe or hears no speech, or the file has no sound; Cancelled when
    `cancelled()` said so.
    """
    torch_or_refused().set_num_threads(threads)
    length = length_ms(media)
    hear = recogniser(model, language)
    for start, samples in chunks(media):
        if cancelled():
            raise Cancelled
        yield from _cues(hear(samples), round(start * 1000 / RATE), round((start + len(samples)) * 1000 / RATE))
        done = round((start + len(samples)) / RATE)
        tell(f"{done // 60}:{done % 60:02} heard", min(1.0, done * 1000 / length) if length else 0.0)


def recogniser(model: Path, language: str = "") -> Callable[["NDArray[np.float32]"], dict[str, Any]]:
    """A speech model of a checked folder as a function of samples. Raises Refused."""
    torch_or_refused()
    check_base(model)
    from transformers import pipeline
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        hear = pipeline(
            "automatic-speech-recognition",
            model=str(model),
            trust_remote_code=False,
            device="cpu",
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # the library raises many classes
        raise Refused(f"The speech model in {model} cannot be opened ({str(error)[:300]}).") from error
    options = _options(hear, language)

    def run(samples: "NDArray[np.float32]") -> dict[str, Any]:
        heard: dict[str, Any] = hear({"raw": samples, "sampling_rate": RATE}, **options)
        return heard

    return run


def _options(hear: Any, language: str) -> dict[str, Any]:
    """What this model can be asked: times by phrase (Whisper) or by word (wav2vec2), and the language."""
    kind = str(getattr(hear, "type", ""))
    if kind.startswith("ctc"):
        return {"return_timestamps": "word"}
    if kind != "seq2seq_whisper":
        return {}
    many = bool(getattr(hear.model.generation_config, "is_multilingual", False))
    timed = getattr(hear.model.generation_config, "no_timestamps_token_id", None) is not None
    asked = {"language": language, "task": "transcribe"} if many and language else {}
    return {"return_timestamps": timed, **({"generate_kwargs": asked} if asked else {})}


PAUSE_MS, LONGEST_MS = 700, 6000
"""Words closer than this stand in one cue, as long as the cue does not grow longer than that."""


def _cues(heard: dict[str, Any], start_ms: int, end_ms: int) -> Iterator[Cue]:
    """Cues of one chunk, its times moved to where it begins; one cue for all of it where the model gave none."""
    timed = [part for part in heard.get("chunks") or [] if part["text"].strip() and part["timestamp"][0] is not None]
    if not timed:
        words = str(heard.get("text", "")).strip()
        if words:
            yield Cue(start_ms, end_ms, words)
        return
    cue: Cue | None = None
    for part in timed:
        begin, end = part["timestamp"]
        here = start_ms + round(begin * 1000)
        there = min(end_ms, start_ms + round(end * 1000)) if end is not None else end_ms
        if cue is not None and here - cue.end_ms < PAUSE_MS and there - cue.start_ms <= LONGEST_MS:
            cue = Cue(cue.start_ms, max(cue.end_ms, there), f"{cue.text} {part['text'].strip()}")
            continue
        if cue is not None:
            yield cue
        here = min(here, end_ms - 1)
        cue = Cue(here, max(here + 1, there), part["text"].strip())
    if cue is not None:
        yield cue


def chunks(media: Path, seconds: int = CHUNK_S) -> Iterator[tuple[int, "NDArray[np.float32]"]]:
    """The sound of a file in pieces cut where it is quiet: number of the first sample, samples from -1 to 1."""
    import numpy as np

    held, start = np.zeros(0, np.float32), 0
    for part in samples_of(media):
        held = np.concatenate([held, part])
        while len(held) >= seconds * RATE:
            at = quietest(held[: seconds * RATE])
            yield start, held[:at]
            held, start = held[at:], start + at
    if len(held) >= RATE // 10:
        yield start, held


def quietest(samples: "NDArray[np.float32]") -> int:
    """Where to cut: the middle of the quietest tenth of a second in the last seconds."""
    import numpy as np

    last = samples[-QUIET_S * RATE :]
    windows = last[: len(last) // QUIET_WINDOW * QUIET_WINDOW].reshape(-1, QUIET_WINDOW)
    place = int(np.square(windows).mean(axis=1).argmin())
    return len(samples) - len(last) + place * QUIET_WINDOW + QUIET_WINDOW // 2


def samples_of(media: Path) -> Iterator["NDArray[np.float32]"]:
    """The first sound track as 16 kHz mono, about a second at a time. Raises Refused for a file without sound."""
    import av
    import numpy as np

    with _opened(media) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        try:
            parts, size = [], 0
            for frame in container.decode(audio=0):
                for part in resampler.resample(frame):
                    parts.append(part.to_ndarray().reshape(-1))
                    size += len(parts[-1])
                if size >= RATE:
                    yield np.concatenate(parts)
                    parts, size = [], 0
            parts += [part.to_ndarray().reshape(-1) for part in resampler.resample(None)]
        except av.FFmpegError as error:
            raise Refused(
                f"The sound of {media} cannot be read ({error}); convert the recording and try again."
            ) from error
        if parts:
            yield np.concatenate(parts)


def length_ms(media: Path) -> int:
    """How long the file says it is, in milliseconds; 0 where it does not say."""
    with _opened(media) as container:
        return int((container.duration or 0) / 1000)


def _opened(media: Path) -> Any:
    import av

    try:
        container = av.open(str(media), options=SAFE)
    except (av.FFmpegError, OSError) as error:
        raise Refused(f"{media} cannot be opened as a recording ({error}); name a media file.") from error
    if not container.streams.audio:
        container.close()
        raise Refused(f"{media} has no sound; name a recording with speech.")
    return closing(container)
