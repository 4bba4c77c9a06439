"""`python -m coding queue` as a person types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from coding.__main__ import app
from coding.exchange.into import import_folder
from coding.store import Store
from coding.store.assignments import assignments
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.store.subtitles import Cue, add_subtitles
from coding.store.tone_models import ToneModel, add_model
from coding.suggestions import uncertainty
from tests.coding.suggestions.queue_stub import Unsure
from tests.missions import AIRINGS, write_mission


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return write_mission(tmp_path / "mission", airings=AIRINGS.replace(",yes,", ",no,"))


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Store:
    made = Store(sqlite_url(tmp_path / "small.sqlite"))
    import_folder(folder, made.url, "test")
    return made


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["queue", *arguments])
    return done.exit_code, done.output


def test_a_folder_is_shown_and_not_assigned(folder: Path) -> None:
    code, words = run(str(folder), "--number", "4")
    assert code == 0
    assert "A small mission (made for a test)" in words
    assert "Round 1. At random: 4 of 6 airings" in words
    assert "each with probability 0.6667" in words
    assert "All of it is random: no tone model is in use" in words
    assert words.count("\nrandom  2025-03-") == 4
    code, words = run(str(folder), "--coder", "ana")
    assert code == 2
    assert "Import it into a store" in " ".join(words.split())


def test_a_draw_is_assigned_listed_and_the_rest_handed_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_model(store, ToneModel("v1", "models/v1", "2025-04-01T00:00:00Z", "test", 60), use=True)
    monkeypatch.setattr(uncertainty, "_opened", lambda _: Unsure())
    cues = [Cue(0, 5000, "the Blues, perhaps")]
    for name in ("a-0312", "b-0312"):
        add_subtitles(store, name, cues, "t", name="x.srt", language="en", kind="srt", sha256="0" * 64)
    assert "has not read: 2" in run(store.url, "--number", "4")[1]
    code, words = run(store.url, "--number", "4", "--measure", "--coder", "ana", "--coder", "berik")
    assert code == 0
    assert "uncertain  1.00  2025-03-12" in words or "random  1.00  2025-03-12" in words
    assert "Assigned to ana: 2." in words
    draws = run(store.url, "--draws")[1].splitlines()
    assert draws[0] == "airing_id,round,drawn,pool,probability,seed"
    assert len(draws) == 3
    assert ",1,2,6,0.333333," in draws[1]
    left = 6 - len(assignments(store))
    assert f"{left} of {left} airings" in run(store.url, "--number", "50", "--coder", "ana")[1]
    assert "There is nothing to hand out" in run(store.url)[1]


def test_measuring_without_a_model_says_what_to_do(store: Store) -> None:
    code, words = run(store.url, "--measure")
    assert code == 1
    assert "Train one, or put one into use" in words
