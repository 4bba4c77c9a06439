"""The Tone model page: what there is to learn from, the training that runs, versions side by side, and the choice."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coding.exchange.into import import_folder
from coding.mission.model import ShowSuggestions
from coding.problems import Problem
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.store.suggestions import record_told
from coding.store.tone_models import ToneModel, add_model, model_in_use
from coding.suggestions import jobs
from coding.suggestions.jobs import Job, State
from coding.suggestions.training import models_folder
from coding.vocabulary import PersonRole, SuggestionShown
from tests.coding.store.made import told as what_was_told
from tests.coding.suggestions.made import AIRINGS, KAZAKH, labels
from tests.missions import MISSION, write_mission
from tests.pages.test_record_pages import ROOT, told
from tests.tone_models import write_linear

NAME = "tone_model_training"
FIGURES = {
    "chosen": "linear",
    "accuracy": 0.9,
    "majority": 0.5,
    "low": 0.31,
    "high": 0.48,
    "airings": 10,
    "labels": 180,
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A mission with Kazakh subjects in a store of the data folder, nothing coded yet."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    write_mission(tmp_path / "mission", subjects=KAZAKH, airings=AIRINGS)
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(tmp_path / "mission", made.url, "test")
    return made


@pytest.fixture
def page(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    def run(mission: str = store.url, language: str = "en") -> AppTest:
        monkeypatch.setenv("EVENHAND_MISSION", mission)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.session_state["language"] = language
        return app.run().switch_page(f"coding/pages/{NAME}.py").run()

    return run


def choice(app: AppTest) -> Any:
    """The list of versions."""
    return next(box for box in app.selectbox if box.label == "Version in use")


def version(number: int, **figures: Any) -> ToneModel:
    entry = {**FIGURES, "earned": True, "reason": "", "collapsed": True, **figures}
    name = f"2025-04-0{number}.1"
    return ToneModel(name, f"models/{name}", "2025-04-01T10:00:00.000Z", "sup", 180, {"kk": entry}, "f" * 64)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_without_labels_the_page_says_what_to_do(page: Callable[..., AppTest], language: str) -> None:
    app = page(language=language)
    words = told(app)
    assert not app.dataframe
    if language == "en":
        assert "There are no labels yet" in words
        assert "No version has been trained yet" in words
    assert not [button for button in app.button if button.key == "tone_model.train"]


def test_labels_are_counted_by_language_with_what_is_missing(page: Callable[..., AppTest], store: Store) -> None:
    store.add([*labels(6), *(each.model_copy(update={"segment_id": each.segment_id.replace("0000-", "0001-", 1),
        "language": "ka", "start_ms": each.start_ms + 900_000, "end_ms": each.end_ms + 900_000}) for each in labels(1))],
        "test")  # fmt: skip
    record_told(store, what_was_told(segment_id=labels()[0].segment_id, airing_id="a-10", revision=0))
    app = page()
    table = app.dataframe[0].value
    assert list(table.columns) == ["Language", "Labels", "Airings", "very positive", "positive", "neutral", "negative",
                                   "very negative", "State"]  # fmt: skip
    assert [list(row) for row in table.itertuples(index=False)] == [
        ["Kazakh", 59, 10, 0, 19, 20, 20, 0,
         "Enough. A tone with fewer than 30 labels: the points of each side will be one."],
        ["Georgian", 10, 10, 0, 4, 3, 3, 0, "30 more labels are needed (40 at least)."],
    ]  # fmt: skip
    words = told(app)
    assert "For Kazakh, Georgian the suggestions learn only from this mission." in words
    assert "a suggestion was in view before the first code: 1." in words


def test_the_button_starts_a_training_in_the_name_of_the_person(
    page: Callable[..., AppTest], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(labels(6), "test")
    started: list[tuple[str, str, bool]] = []
    monkeypatch.setattr(jobs, "start_training", lambda url, who, use: started.append((url, who, use)))
    app = page()
    app.checkbox(key="tone_model.use").check().run()
    app.button(key="tone_model.train").click().run()
    assert started == [(store.url, "test admin", True)]


def test_a_training_that_runs_is_shown_and_can_be_stopped(
    page: Callable[..., AppTest], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(labels(6), "test")
    held = Job(State.RUNNING, time.time() - 130, "kk linear", 0.4)
    monkeypatch.setattr(jobs, "job_of", lambda url: held if url == store.url else None)
    stopped: list[str] = []
    monkeypatch.setattr(jobs, "cancel", stopped.append)
    app = page()
    assert "Learning: Kazakh, learned from this mission only · since 2 min" in told(app)
    assert not [button for button in app.button if button.key == "tone_model.train"], "one at a time"
    app.button(key="tone_model.stop").click().run()
    assert stopped == [store.url]


@pytest.mark.parametrize(
    ("job", "says"),
    [
        (Job(State.DONE, 0, version="2025-04-01.1"), "Version 2025-04-01.1 is made."),
        (Job(State.CANCELLED, 0), "The training was stopped. Nothing of it was kept"),
        (Job(State.FAILED, 0), "broke off by a fault of Evenhand"),
        (
            Job(State.REFUSED, 0, problems=(Problem("tone_model.refused", values={"reason": "<b>too few</b>"}),)),
            "The training was refused: &lt;b&gt;too few&lt;/b&gt;",
        ),
    ],
)
def test_how_a_training_ended_is_told_until_it_is_closed(
    page: Callable[..., AppTest], store: Store, job: Job, says: str
) -> None:
    jobs._note(store.url, job)
    app = page()
    assert says in told(app)
    app.button(key="tone_model.close").click().run()
    assert says not in told(app)
    assert not (models_folder(store.url) / "training.json").exists()


def test_versions_stand_side_by_side_and_one_or_none_is_put_into_use(
    page: Callable[..., AppTest], store: Store
) -> None:
    store.add(labels(2), "test")
    add_model(store, version(1))
    add_model(store, version(2, low=-0.1, earned=False, reason="no_gain", collapsed=False))
    app = page()
    table = app.dataframe[1].value
    assert list(table["Version"]) == ["2025-04-02.1", "2025-04-01.1"]
    assert list(table["Right"]) == ["90.0 %", "90.0 %"]
    assert list(table["Commonest tone alone"]) == ["50.0 %", "50.0 %"]
    assert list(table["Gain (95 %)"]) == ["+40.0 points (-10.0 to +48.0)", "+40.0 points (+31.0 to +48.0)"]
    assert list(table["Speaks?"]) == [
        "It is silent: it does not surely beat the commonest tone.",
        "It speaks: it beats the commonest tone.",
    ]
    assert list(table["Tells apart"]) == ["all points of the scale", "sides of the scale only"]
    choice(app).select("2025-04-01.1").run()
    app.button(key="tone_model.put").click().run()
    held = model_in_use(store)
    assert held is not None
    assert held.version == "2025-04-01.1"
    words = told(app)
    assert "Version 2025-04-01.1 is in use from now on." in words
    assert "The files of this version are not on this machine" in words
    assert list(app.dataframe[1].value["In use"]) == ["", "yes"]
    choice(app).select("").run()
    app.button(key="tone_model.put").click().run()
    assert model_in_use(store) is None
    assert "coders see no suggestions" in told(app)


RENAMED = {"negative": "критика", "very positive": "glowing"}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_version_of_another_scale_says_so_and_what_mends_it(
    page: Callable[..., AppTest], store: Store, language: str
) -> None:
    made = version(1)
    write_linear(made.path, made.version)
    add_model(store, made, use=True)
    mission = store.mission()
    assert "very negative" not in told(page(language=language)), "on its own scale there is nothing to say"
    points = tuple(each.model_copy(update={"name": RENAMED.get(each.name, each.name)}) for each in mission.tone)
    store.put_mission(mission.model_copy(update={"tone": points}), (), "test", "renamed")
    words = told(page(language=language))
    assert "very negative, критика, neutral, positive, glowing" in words
    assert "very negative, negative, neutral, positive, very positive" in words
    fewer = tuple(each for each in mission.tone if abs(each.score) < 1)
    store.put_mission(mission.model_copy(update={"tone": fewer}), (), "test", "three points")
    words = told(page(language=language))
    assert "negative (-0.5), neutral (0), positive (0.5)" in words
    if language == "en":
        assert "was trained for another tone scale" in words
        assert "Train a new version and put it into use." in words


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_labels_whose_tone_or_subject_is_gone_are_counted(
    page: Callable[..., AppTest], store: Store, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    store.add(labels(2), "test")
    first = labels(2)[0]
    for number, tone in enumerate(("very negative", "neutral")):
        seen = {"suggestion": SuggestionShown.AFTER} if number else {}
        store.revise(first.model_copy(update={"tone": tone, "revision": 1 + number, **seen}), "coder-1")
    mission = store.mission()
    fewer = tuple(each for each in mission.tone if abs(each.score) < 1)
    store.put_mission(mission.model_copy(update={"tone": fewer}), (), "test", "three points")
    words = told(page(language=language))
    assert {"en": "no longer has their tone: 1.", "ru": "больше нет в шкале миссии: 1.", "kk": "енді жоқ болғандықтан"}[
        language
    ] in words


def test_a_mission_that_shows_none_says_so(page: Callable[..., AppTest], store: Store, tmp_path: Path) -> None:
    add_model(store, version(1))
    off = store.mission().suggestions.model_copy(update={"show": ShowSuggestions.OFF})
    store.put_mission(store.mission().model_copy(update={"suggestions": off}), (), "test", "off")
    assert "The mission shows no suggestions" in told(page())


def test_a_folder_can_only_be_looked_at(page: Callable[..., AppTest], tmp_path: Path) -> None:
    folder = write_mission(tmp_path / "other", mission=MISSION.replace('"small"', '"other"'))
    app = page(str(folder))
    assert "Copy it into a store of its own to train a model" in told(app)


@pytest.mark.parametrize("role", [PersonRole.CODER, PersonRole.ANALYST, PersonRole.VIEWER])
def test_only_supervisors_and_admins_train(
    page: Callable[..., AppTest], signed_in: Callable[[str], None], role: PersonRole
) -> None:
    signed_in(role)
    with pytest.raises(ValueError, match=NAME):
        page()
