"""`python -m coding train`: lines of progress, what was reached, and a soft end at Ctrl-C."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coding.__main__ import app
from coding.store import Store
from coding.store.places import DATA_VARIABLE
from coding.store.tone_models import ToneModel, model_in_use, tone_models
from coding.suggestions import jobs
from coding.suggestions.reached import reached
from coding.suggestions.training import Cancelled, models_folder
from tests.coding.suggestions.made import AIRINGS, KAZAKH, labels
from tests.missions import write_mission

Make = Callable[..., Store]


@pytest.fixture
def sqlite_only(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))


def test_the_command_trains_and_says_what_it_reached(sqlite_only: None, small_store: Make) -> None:
    store = small_store(*labels(), subjects=KAZAKH, airings=AIRINGS)
    done = CliRunner().invoke(app, ["train", store.url, "--use", "--who", "sup"])
    assert done.exit_code == 0, done.output
    model = model_in_use(store)
    assert model is not None
    assert model.made_by == "sup"
    assert f"Version {model.version}: learned from 180 labels." in done.output
    assert "Kazakh: 180 labels from 10 airings; learned from this mission only; " in done.output
    assert "It speaks: it beats the commonest tone." in done.output
    assert f"Version {model.version} is in use." in done.output
    assert "Reading the labels 0%" in done.output
    assert "Learning: Kazakh, learned from this mission only" in done.output


def test_ctrl_c_stops_it_and_leaves_nothing(
    sqlite_only: None, small_store: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small_store(*labels(), subjects=KAZAKH, airings=AIRINGS)

    def trains(
        _store: Store, _who: str, tell: Callable[[str, float], None], cancelled: Callable[[], bool], **_more: object
    ) -> None:
        tell("kk linear", 0.5)
        os.kill(os.getpid(), signal.SIGINT)
        assert cancelled()
        raise Cancelled

    monkeypatch.setattr(jobs, "train_mission", trains)
    before = signal.getsignal(signal.SIGINT)
    done = CliRunner().invoke(app, ["train", store.url])
    assert done.exit_code == 130
    assert "Stopping at the next step" in done.output
    assert "Nothing of this training was kept" in done.output
    assert signal.getsignal(signal.SIGINT) == before
    assert tone_models(store) == []
    assert not [path for path in models_folder(store.url).iterdir() if not path.name.startswith("training.")]


def test_a_folder_is_imported_first(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["train", str(write_mission(tmp_path / "mission"))])
    assert done.exit_code == 1
    assert "Import it into a store first" in done.output


def test_a_language_that_could_not_be_learned_has_its_reason() -> None:
    entry = {"labels": 12, "airings": 3, "reason": "few_labels", "earned": False, "collapsed": False, "chosen": ""}
    other = {"labels": 90, "airings": 8, "reason": "no_gain", "earned": False, "collapsed": True, "chosen": "linear",
             "accuracy": 0.5, "majority": 0.45, "low": -0.02, "high": 0.12}  # fmt: skip
    from coding.languages import translator

    few, thin = reversed(reached(ToneModel("v", "", "", "", 102, {"ka": entry, "xx": other})))
    t = translator()
    assert few.text(t) == "Georgian: 12 labels. It is silent: too few labels."
    assert thin.text(t) == (
        "xx: 90 labels from 8 airings; learned from this mission only; 50.0 % right, the commonest tone alone 45.0 %; "
        "+5.0 points (-2.0 to +12.0); sides of the scale only. It is silent: it does not surely beat the commonest tone."
    )
