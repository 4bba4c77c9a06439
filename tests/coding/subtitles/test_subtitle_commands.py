"""`python -m coding subtitles` and `transcribe`, as a person types them."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from typer.testing import CliRunner

from coding.__main__ import app
from coding.recordings.files import path_in, recordings_folder
from coding.store import Store
from coding.store.recordings import Recording, put_recordings
from coding.store.subtitles import subtitles_of, text_between
from coding.vocabulary import RecordingKind
from models import speech
from models.refusal import Refused
from tests.coding.subtitles.conftest import Written
from tests.coding.subtitles.test_attach import THREE
from tests.models import tiny

HOUR = 3_600_000
Heard = Callable[[Path, Path, str], Iterator[tuple[int, int, str]]]


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    return done.exit_code, done.output


def test_a_file_is_attached_and_the_second_time_is_there(store: Store, written: Written) -> None:
    file = written(THREE)
    given = ("subtitles", store.url, file, "--airing", "a-0312", "--language", "kk", "--offset", 1000, "--who", "ana")
    code, words = run(*given)
    assert (code, words) == (0, "a-0312: 3 cues attached (srt, kk).\na-0312: 0% of its 1:00:00 is under a cue.\n")
    assert [(each.offset_ms, each.recorded_by) for each in subtitles_of(store)] == [(1000, "ana")]
    assert "attached already" in run(*given)[1]
    assert len(subtitles_of(store)) == 1


def test_the_encoding_is_asked_and_taken(store: Store, written: Written) -> None:
    file = written(THREE.replace("Three", "Три"), encoding="cp1251")
    given = ("subtitles", store.url, file, "--airing", "a-0312", "--language", "ru")
    code, words = run(*given)
    assert code == 1 and "a-0312.srt:12: byte d2 is not UTF-8" in words
    assert run(*given, "--encoding", "cp1251")[0] == 0
    assert text_between(store, "a-0312", 3_598_000, 3_600_000) == ("Три.", "ru")


def test_every_problem_has_its_line(store: Store, written: Written) -> None:
    broken = written("1\n00:00:05,000 --> 00:00:02,000\none\n\n2\nsoon --> later\ntwo\n")
    code, words = run("subtitles", store.url, broken, "--airing", "a-0312", "--language", "ru")
    assert code == 1
    assert "a-0312.srt:2: the cue ends at 0:00:02, before it begins at 0:00:05" in words
    assert "a-0312.srt:6: «soon --> later» is no time of a cue" in words
    assert "Traceback" not in words
    assert subtitles_of(store) == []


def test_notes_are_told_beside(store: Store, written: Written) -> None:
    code, words = run("subtitles", store.url, written(THREE), "--airing", "b-0312", "--language", "ru")
    assert code == 0
    assert "a-0312.srt:11: 0:59:58: cues outside b-0312" in words


def test_a_folder_keeps_no_subtitles(store: Store, written: Written, tmp_path: Path) -> None:
    code, words = run("subtitles", tmp_path / "mission", written(THREE), "--airing", "a-0312", "--language", "ru")
    assert code == 1 and "is a folder" in words
    assert "is a folder" in run("transcribe", tmp_path / "mission", "--airing", "a-0312", "--model", "tiny")[1]


# speech


@pytest.fixture
def recordings_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENHAND_RECORDINGS", str(tmp_path / "recordings"))


@pytest.fixture
def recorded(store: Store, recordings_place: None) -> Path:
    """A recording of an evening in which `a-0312` begins after ten minutes."""
    return put(store, offset_ms=600_000, length_ms=2 * HOUR)


def put(store: Store, offset_ms: int, length_ms: int) -> Path:
    """A recording of `a-0312` with nothing in it yet."""
    given = (str(uuid4()), "a-0312", RecordingKind.AUDIO, "evening.mp3", ".mp3", "0" * 64, 1, offset_ms, length_ms)
    row = Recording(*given)
    path = path_in(recordings_folder("small"), row)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    put_recordings(store, [row], "test")
    return path


@pytest.fixture
def hears(monkeypatch: pytest.MonkeyPatch) -> Callable[[Heard], None]:
    """Stands in for the model: what it hears in a file."""

    def hear(heard: Heard) -> None:
        def transcribe(
            media: Path, folder: Path, language: str, tell: Callable[[str, float], None], cancelled: Callable[[], bool]
        ) -> Iterator[tuple[int, int, str]]:
            tell("listening", 0.5)
            assert not cancelled()
            return heard(media, folder, language)

        monkeypatch.setattr(speech, "transcribe", transcribe)

    return hear


def test_what_is_heard_is_attached_at_its_place(store: Store, recorded: Path, hears: Callable[[Heard], None]) -> None:
    def heard(media: Path, folder: Path, language: str) -> Iterator[tuple[int, int, str]]:
        assert (media, folder, language) == (recorded, Path("tiny"), "kk")
        yield 0, 5000, "before the airing"
        yield 601_000, 604_000, " сәлем "
        yield 604_000, 604_000, ""

    hears(heard)
    given = ("transcribe", store.url, "--airing", "a-0312", "--model", "tiny", "--language", "kk")
    code, words = run(*given)
    assert (code, words.splitlines()[0]) == (0, "a-0312: 1 cues attached (speech, kk).")
    assert text_between(store, "a-0312", 0, 10_000) == ("сәлем", "kk")
    run(*given)
    assert len(subtitles_of(store)) == 1


def test_a_refused_model_says_why_and_attaches_nothing(
    store: Store, recorded: Path, hears: Callable[[Heard], None]
) -> None:
    def heard(media: Path, folder: Path, language: str) -> Iterator[tuple[int, int, str]]:
        yield 601_000, 604_000, "half of it"
        raise Refused("The folder tiny holds a pickle; name one with safetensors.")

    hears(heard)
    code, words = run("transcribe", store.url, "--airing", "a-0312", "--model", "tiny")
    assert code == 1 and "holds a pickle" in words
    assert subtitles_of(store) == []


def test_silence_and_no_recording_are_said(store: Store, recorded: Path, hears: Callable[[Heard], None]) -> None:
    hears(lambda media, folder, language: iter(()))
    assert "heard no words" in run("transcribe", store.url, "--airing", "a-0312", "--model", "tiny")[1]
    assert "no recording of b-0312" in run("transcribe", store.url, "--airing", "b-0312", "--model", "tiny")[1]
    recorded.unlink()
    assert "no recording of a-0312" in run("transcribe", store.url, "--airing", "a-0312", "--model", "tiny")[1]


def test_ctrl_c_stops_it_and_attaches_nothing(store: Store, recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def transcribe(
        _media: Path, _folder: Path, _language: str, _tell: object, cancelled: Callable[[], bool]
    ) -> Iterator[tuple[int, int, str]]:
        yield 601_000, 604_000, "half of it"
        os.kill(os.getpid(), signal.SIGINT)
        assert cancelled()
        raise speech.Cancelled

    monkeypatch.setattr(speech, "transcribe", transcribe)
    before = signal.getsignal(signal.SIGINT)
    code, words = run("transcribe", store.url, "--airing", "a-0312", "--model", "tiny")
    assert code == 130
    assert "Stopping after this part" in words and "Stopped. Nothing was attached." in words
    assert signal.getsignal(signal.SIGINT) == before
    assert subtitles_of(store) == []


def test_a_real_model_writes_down_what_it_hears(store: Store, recordings_place: None, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="speech recognition needs torch (requirements-transformer.txt)")
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 60 * speech.RATE)
    tiny.wav(put(store, offset_ms=0, length_ms=60_000), noise)
    model = tiny.wav2vec2(tmp_path / "wav2vec2")
    code, words = run("transcribe", store.url, "--airing", "a-0312", "--model", model)
    assert code == 0, words
    [file] = subtitles_of(store)
    assert (file.kind, file.name, file.language) == ("speech", "wav2vec2", "")
    assert file.cues
    assert all(0 <= cue.start_ms < cue.end_ms <= 60_000 and cue.text for cue in file.cues)
    (model / "pytorch_model.bin").write_bytes(b"x")
    code, words = run("transcribe", store.url, "--airing", "a-0312", "--model", model)
    assert code == 1 and "can carry code" in words
