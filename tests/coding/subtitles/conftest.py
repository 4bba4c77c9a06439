"""Subtitle files by their text, and a store of the small mission to attach them in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coding.exchange.into import import_folder
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.subtitles.reading import SubtitleText, read_subtitles
from tests.missions import write_mission

Written = Callable[..., Path]
Read = Callable[..., SubtitleText]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a file and gives its path."""

    def write(text: str | bytes, name: str = "a-0312.srt", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


@pytest.fixture
def read(written: Written) -> Read:
    """Writes a file and reads it."""

    def reading(text: str | bytes, name: str = "a.srt", encoding: str = "") -> SubtitleText:
        return read_subtitles(written(text, name), encoding)

    return reading


@pytest.fixture
def refused(read: Read) -> Callable[..., list[tuple[str, int | None]]]:
    """The problems for which a file is refused: key without its section, and line."""

    def reading(text: str | bytes, name: str = "a.srt", encoding: str = "") -> list[tuple[str, int | None]]:
        with pytest.raises(ProblemsFound) as caught:
            read(text, name, encoding)
        assert all(problem.text() for problem in caught.value.problems)
        return [(problem.key.removeprefix("subtitles."), problem.line) for problem in caught.value.problems]

    return reading


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The small mission in a store of the data folder; `a-0312` is on air from 20:30 to 21:30."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(write_mission(tmp_path / "mission"), made.url, "test")
    return made


def said(text: SubtitleText) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in text.cues]


def noted(text: SubtitleText) -> list[tuple[str, int | None]]:
    assert all(note.text() for note in text.notes)
    return [(note.key.removeprefix("subtitles."), note.line) for note in text.notes]
