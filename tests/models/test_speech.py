"""Speech recognition: sound read as it should be, cues with times, on tiny random models of the real library."""

from pathlib import Path

import numpy as np
import pytest

from models import speech
from models.refusal import Refused
from models.speech import RATE, Cue, chunks, quietest, samples_of, transcribe
from tests.models import tiny
from tests.models.tiny import wav


@pytest.fixture
def minute(tmp_path: Path) -> Path:
    """A minute of noise, quiet from 26 to 26.2 and from 50 to 50.2 seconds."""
    samples = np.random.default_rng(1).uniform(-0.5, 0.5, 60 * RATE)
    for second in (26, 50):
        samples[second * RATE : second * RATE + RATE // 5] = 0
    return wav(tmp_path / "minute.wav", samples)


@pytest.fixture(scope="module")
def wav2vec2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="speech recognition needs torch (requirements-transformer.txt)")
    return tiny.wav2vec2(tmp_path_factory.mktemp("speech") / "wav2vec2")


def test_sound_is_read_as_16_khz_mono(tmp_path: Path) -> None:
    tone = 0.5 * np.sin(np.arange(44_100 * 2) / 44_100 * 2 * np.pi * 440)
    read = np.concatenate(list(samples_of(wav(tmp_path / "tone.wav", tone, 44_100, 2))))
    assert abs(len(read) - 2 * RATE) < 100
    assert read.dtype == np.float32
    assert np.abs(np.fft.rfft(read[:RATE])).argmax() == 440


def test_chunks_are_cut_where_it_is_quiet_and_lose_nothing(minute: Path) -> None:
    made = list(chunks(minute))
    starts = [start / RATE for start, _ in made]
    assert starts == [0, pytest.approx(26.1, abs=0.1), pytest.approx(50.1, abs=4)]
    assert sum(len(samples) for _, samples in made) == 60 * RATE
    assert all(len(samples) <= speech.CHUNK_S * RATE for _, samples in made)
    assert quietest(np.ones(5 * RATE, np.float32)) > 2 * RATE


def test_words_become_cues() -> None:
    words = [("a", 0.0, 0.3), ("b", 0.4, 0.6), ("c", 2.0, 2.2), (" ", 3.0, 3.1), ("d", 2.5, None)]
    heard = {"text": "a b c d", "chunks": [{"text": text, "timestamp": (start, end)} for text, start, end in words]}
    assert list(speech._cues(heard, 10_000, 14_000)) == [Cue(10_000, 10_600, "a b"), Cue(12_000, 14_000, "c d")]
    assert list(speech._cues({"text": " all of it "}, 0, 900)) == [Cue(0, 900, "all of it")]
    assert list(speech._cues({"text": " ", "chunks": []}, 0, 900)) == []


def test_a_real_model_gives_cues_in_order(wav2vec2: Path, minute: Path) -> None:
    shares: list[float] = []
    cues = list(transcribe(minute, wav2vec2, tell=lambda _, share: shares.append(share)))
    assert cues
    assert all(0 <= cue.start_ms < cue.end_ms <= 60_000 and cue.text for cue in cues)
    assert [cue.start_ms for cue in cues] == sorted(cue.start_ms for cue in cues)
    assert len(shares) == 3
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert any(cue.start_ms > 50_000 for cue in cues)


def test_it_can_be_stopped_between_chunks(wav2vec2: Path, minute: Path) -> None:
    asked = iter([False, True])
    heard = transcribe(minute, wav2vec2, cancelled=lambda: next(asked))
    with pytest.raises(speech.Cancelled):
        list(heard)


def test_files_without_sound_or_sense_are_refused(wav2vec2: Path, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    for path in (tmp_path / "text.wav", tmp_path / "none.wav"):
        with pytest.raises(Refused, match="cannot be opened as a recording"):
            list(transcribe(path, wav2vec2))


def test_a_model_that_is_not_safe_is_refused(wav2vec2: Path, minute: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(wav2vec2, tmp_path / "m")
    (tmp_path / "m" / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(Refused, match="can carry code"):
        list(transcribe(minute, tmp_path / "m"))
    with pytest.raises(Refused, match="not a folder"):
        list(transcribe(minute, tmp_path / "none"))
