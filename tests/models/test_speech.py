"""Speech recognition: sound read as it should be, cues with times, on tiny random models of the real library."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from models import speech
from models.refusal import Refused
from models.speech import RATE, Cue, chunks, quietest, samples_of, transcribe

LETTERS = ("<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghij")


def wav(path: Path, samples: np.ndarray, rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.repeat(samples[:, None], channels, 1) * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture
def minute(tmp_path: Path) -> Path:
    """A minute of noise, quiet from 26 to 26.2 and from 50 to 50.2 seconds."""
    samples = np.random.default_rng(1).uniform(-0.5, 0.5, 60 * RATE)
    for second in (26, 50):
        samples[second * RATE : second * RATE + RATE // 5] = 0
    return wav(tmp_path / "minute.wav", samples)


@pytest.fixture(scope="module")
def wav2vec2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch = pytest.importorskip("torch", reason="speech recognition needs torch (requirements-transformer.txt)")
    from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForCTC

    folder = tmp_path_factory.mktemp("speech") / "wav2vec2"
    torch.manual_seed(0)
    config = Wav2Vec2Config(
        vocab_size=len(LETTERS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        conv_dim=(8, 8), conv_stride=(20, 16), conv_kernel=(20, 16), num_feat_extract_layers=2, pad_token_id=0,
        num_conv_pos_embeddings=4, num_conv_pos_embedding_groups=2, feat_extract_norm="group",
    )  # fmt: skip
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    Wav2Vec2FeatureExtractor(return_attention_mask=False).save_pretrained(folder)
    letters(folder)
    return folder


def letters(folder: Path) -> None:
    from tokenizers import Tokenizer, decoders, pre_tokenizers
    from tokenizers.models import WordLevel

    made = Tokenizer(WordLevel({letter: place for place, letter in enumerate(LETTERS)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.decoder = decoders.CTC(pad_token="<pad>", word_delimiter_token="|")
    made.save(str(folder / "tokenizer.json"))
    (folder / "vocab.json").write_text(json.dumps({letter: place for place, letter in enumerate(LETTERS)}))
    config = {"tokenizer_class": "Wav2Vec2CTCTokenizer", "pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "<s>",
              "eos_token": "</s>", "word_delimiter_token": "|"}  # fmt: skip
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


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
