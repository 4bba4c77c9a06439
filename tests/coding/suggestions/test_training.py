"""Training on a mission's labels: whole versions or none, kept beside each other, judged on airings not seen."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.places import DATA_VARIABLE
from coding.store.suggestions import record_told
from coding.store.tone_models import model_in_use, tone_models, use_model
from coding.suggestions import training
from coding.suggestions.labels import label_table
from coding.suggestions.policy import scale_of
from coding.suggestions.training import Cancelled, models_folder, train_mission
from models.evaluation import fairness
from models.evaluation.evaluate import evaluate_predictions, read_predictions
from models.evaluation.fairness import read_swaps
from models.folder import open_model
from models.suggestion import Silence, suggest
from models.target import Target
from models.training import train
from models.training.candidates import Rows
from tests.coding.store.made import told
from tests.coding.suggestions.made import AIRINGS, KAZAKH, SPELLED, labels
from tests.missions import segment

Make = Callable[..., Store]


@pytest.fixture
def taught(small_store: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with 180 Kazakh labels from ten airings, and a few that are none."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    store = small_store(
        *labels(), segment(1, "a-10", start=3000, end=3001, text="Бүгін ауа райы жылы болады деп күтіледі.", language="kk"),
        subjects=KAZAKH, airings=AIRINGS,
    )  # fmt: skip
    yield store


def quiet(_stage: str, _share: float) -> None:
    """Progress that nobody listens to."""


def never() -> bool:
    return False


def test_a_version_is_a_model_its_predictions_and_a_row(taught: Store) -> None:
    stages: list[tuple[str, float]] = []
    before = taught.moment()
    made = train_mission(taught, "sup", lambda stage, share: stages.append((stage, share)), never)
    assert tone_models(taught) == [made]
    assert (made.made_by, made.labels, made.in_use) == ("sup", 181, False)
    assert made.fingerprint == before.fingerprint
    assert taught.moment() == before, "no figure and no fingerprint moves"
    kazakh = made.languages["kk"]
    assert (kazakh["labels"], kazakh["not_named"], kazakh["airings"]) == (180, 1, 10)
    assert kazakh["earned"]
    assert kazakh["low"] > 0
    assert kazakh["majority"] == pytest.approx(1 / 3)
    assert kazakh["collapsed"], "a scale of five points with three used has its sides only"
    model = open_model(made.path)
    assert model.version == made.version, "what is told names the version"
    target = Target("Blue Party", (SPELLED["Blue Party"],))
    [said] = suggest(["Көк партия заңды бұзды деп хабарлады."], [target], ["kk"], model)
    assert said.best[0] == "very negative / negative"
    assert stages[0] == ("reading", 0.0)
    assert all(0 <= share <= 1 for _, share in stages)
    assert {path.name for path in models_folder(taught.url).iterdir()} == {
        made.version,
        f"{made.version}.predictions.csv",
        f"{made.version}.swaps.json",
    }


def test_names_are_exchanged_and_the_answer_is_kept_beside_the_version(taught: Store) -> None:
    told: list[tuple[str, float]] = []
    made = train_mission(taught, "sup", lambda stage, share: told.append((stage, share)), never)
    swaps = read_swaps(made.path)
    assert swaps is not None
    assert 0 < swaps.texts <= fairness.ASKED_OF
    assert swaps.replaced > 0
    assert swaps.changed == 0, "names are masked before a text is read"
    shares = [share for stage, share in told if stage == "names"]
    assert len(shares) == -(-swaps.texts // fairness.AT_ONCE)
    assert shares == sorted(shares)
    assert [share for _, share in told] == sorted(share for _, share in told), "progress never goes back"


def test_the_exchange_of_names_can_be_stopped(taught: Store) -> None:
    stages: list[str] = []
    with pytest.raises(Cancelled):
        train_mission(taught, "sup", lambda stage, _: stages.append(stage), lambda: stages.count("names") > 1)
    assert stages.count("names") == 2
    assert tone_models(taught) == []
    assert list(models_folder(taught.url).iterdir()) == []


def test_predictions_are_kept_for_every_label_and_can_be_judged(taught: Store) -> None:
    made = train_mission(taught, "sup", quiet, never)
    said = read_predictions(made.path)
    assert said is not None
    assert sorted(said["segment_id"]) == sorted(label_table(taught)["segment_id"])
    assert {"segment_id", "language", "subject", "outlet", "format", "tone", "group", "labels", "silent"} <= set(said)
    assert list(said.loc[said["segment_id"] == str(UUID(int=1)), "silent"]) == [Silence.NOT_NAMED]
    shares = said[[name for name in said if str(name).startswith("p_")]]
    assert shares.dropna().sum(axis=1).round(9).eq(1).all()
    judged = evaluate_predictions(said, scale_of(taught.mission()))
    assert judged.overall.rows == 181
    assert judged.overall.accuracy == pytest.approx(made.languages["kk"]["accuracy"])


def test_no_airing_is_on_both_sides_of_a_fold(taught: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Rows] = []
    best = train._best
    monkeypatch.setattr(train, "_best", lambda rows, *rest: seen.append(rows) or best(rows, *rest))
    train_mission(taught, "sup", quiet, never)
    [rows] = seen
    assert len(rows.folds) == 5
    for held in rows.folds:
        inside = set(rows.groups[held])
        outside = {group for place, group in enumerate(rows.groups) if place not in set(held)}
        assert inside
        assert not inside & outside


def test_labels_given_after_a_suggestion_are_not_learned_from(taught: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, blind = (each.segment_id for each in labels()[:2])
    record_told(taught, told(segment_id=shown, airing_id="a-10", revision=0))
    record_told(taught, told(segment_id=blind, airing_id="a-11", revision=1))
    tables = []
    learn = train.train
    monkeypatch.setattr(
        train, "train", lambda table, *rest, **more: tables.append(table) or learn(table, *rest, **more)
    )
    made = train_mission(taught, "sup", quiet, never)
    assert made.labels == 180
    [table] = tables
    assert shown not in set(table["segment_id"])
    assert blind in set(table["segment_id"])


def test_versions_stand_beside_each_other_and_the_choice_stays(taught: Store) -> None:
    first = train_mission(taught, "sup", quiet, never, use=True)
    assert model_in_use(taught) == first
    content = {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()}
    taught.retract(labels()[0].segment_id, 1, "coder-1", "wrong")
    second = train_mission(taught, "sup", quiet, never)
    assert second.version != first.version
    assert [model.version for model in tone_models(taught)] == [first.version, second.version]
    assert model_in_use(taught) == first, "a new version waits until somebody chooses it"
    assert second.labels == first.labels - 1
    assert {path: path.read_bytes() for path in content} == content
    use_model(taught, second.version, "sup")
    assert [model.in_use for model in tone_models(taught)] == [False, True]


@pytest.mark.parametrize("after", [0, 2, 12])
def test_a_cancelled_training_leaves_nothing(taught: Store, after: int) -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > after

    with pytest.raises(Cancelled):
        train_mission(taught, "sup", quiet, cancelled)
    assert tone_models(taught) == []
    assert list(models_folder(taught.url).iterdir()) == []


@pytest.mark.parametrize(
    "broken", ["models.evaluation.evaluate.write_predictions", "coding.suggestions.training.add_model"]
)
def test_a_training_that_breaks_off_leaves_nothing(taught: Store, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def breaks(*_given: object, **_more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(broken, breaks)
    with pytest.raises(OSError, match="full"):
        train_mission(taught, "sup", quiet, never)
    assert tone_models(taught) == []
    assert list(models_folder(taught.url).iterdir()) == []


def test_what_a_killed_training_left_goes_with_the_next_one(taught: Store) -> None:
    left = models_folder(taught.url) / training.MAKING / "2025-04-01.1"
    left.mkdir(parents=True)
    (left / "linear.safetensors").write_bytes(b"half")
    made = train_mission(taught, "sup", quiet, never)
    assert not left.parent.exists()
    assert made.path.is_dir()


def test_too_little_to_learn_from_is_told(small_store: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    store = small_store(subjects=KAZAKH, airings=AIRINGS)
    with pytest.raises(ProblemsFound, match="nothing to learn from"):
        train_mission(store, "sup", quiet, never)
    store.add(labels(3), "test")
    with pytest.raises(ProblemsFound, match=r"No language has 40 labels .*kk: 30 from 10"):
        train_mission(store, "sup", quiet, never)
    assert tone_models(store) == []
    assert list(models_folder(store.url).iterdir()) == []
