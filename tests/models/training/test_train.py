"""Training on a mission's own labels: what is chosen, what has earned its place, and what is said when it has not."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models import folder as folders
from models.labelled import targets_of
from models.linear.ngrams import read
from models.refusal import Refused
from models.scale import THREE, Point, Scale
from models.suggestion import Silence, suggest
from models.target import Target
from models.training.candidates import Ready, Rows, candidates
from models.training.earning import choosing, chosen, crossed, figures, interval
from models.training.train import Cancelled, train
from tests.models.labels import TinyReady, table
from tests.models.told import FIVE

NUR = Target("Nur Otan", (), (("Ak Zhol",),))


@pytest.fixture(autouse=True)
def no_ready_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.training.train._ready", lambda language: ())


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> TinyReady:
    model = TinyReady()
    use(monkeypatch, model)
    return model


def use(monkeypatch: pytest.MonkeyPatch, model: TinyReady) -> None:
    """Makes a model the ready one of English, for training and for opening what was trained."""
    from models.suggestion import Suggester

    opened = folders.open_model
    monkeypatch.setattr(
        "models.training.train._ready", lambda language: (Ready(model, "en"),) if language == "en" else ()
    )
    monkeypatch.setattr("models.folder.ready", lambda language: Path("ready") if language == "en" else None)
    monkeypatch.setattr(
        "models.folder.open_model", lambda path: Suggester(model, {}) if path == Path("ready") else opened(path)
    )


def rows_of(labels: pd.DataFrame) -> Rows:
    readings = [read(text, NUR, "en") for text in labels["text"]]
    return Rows(
        language="en",
        scale=THREE,
        texts=tuple(labels["text"]),
        targets=tuple(targets_of(labels)),
        readings=tuple(one for one in readings if one is not None),
        tones=np.array([THREE.index(tone) for tone in labels["tone"]]),
        groups=labels["group"].to_numpy(dtype=str),
    )


def test_a_mission_of_two_languages(tmp_path: Path) -> None:
    labels = pd.concat([table(200), table(120, "kk"), table(20, "ru")], ignore_index=True)
    told: list[tuple[str, float]] = []
    report = train(labels, THREE, tmp_path / "v1", lambda stage, share: told.append((stage, share)))
    assert json.loads(json.dumps(report)) == report
    assert {name: (its["labels"], its["airings"], its["reason"]) for name, its in report.items()} == {
        "en": (200, 40, ""),
        "kk": (120, 24, ""),
        "ru": (20, 4, "few_labels"),
    }
    assert report["en"]["earned"] and report["kk"]["earned"] and not report["ru"]["earned"]
    assert report["en"]["low"] > 0
    assert report["en"]["difference"] == pytest.approx(report["en"]["accuracy"] - report["en"]["majority"])
    assert np.sum(report["en"]["confusion"]) == 200
    assert report["en"]["chosen"] == "linear"
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1
    assert {stage for stage, _ in told} == {"texts", "en linear", "kk linear", "writing"}

    model = folders.open_model(tmp_path / "v1")
    assert model.version == "v1"
    assert model.earned == {"en", "kk"}
    new = table(100, seed=8, noise=0)
    said = suggest(new["text"].tolist(), targets_of(new), ["en"] * 100, model)
    clear = [(its.labels, tone) for its, tone in zip(said, new["tone"], strict=True) if its.silent is None]
    assert len(clear) > 50
    assert np.mean([tone in labels for labels, tone in clear]) > 0.9
    assert suggest(["Nur Otan губит воду и дороги"], [NUR], ["ru"], model)[0].silent is Silence.LANGUAGE


def test_training_twice_gives_the_same(tmp_path: Path) -> None:
    first, second = (train(table(100), THREE, tmp_path / name, version="v") for name in ("a", "b"))
    assert first == second
    assert folders.read(tmp_path / "a").files == folders.read(tmp_path / "b").files


def test_a_model_that_learns_nothing_does_not_speak(tmp_path: Path) -> None:
    report = train(table(150, noise=1.0, share=(0.1, 0.8, 0.1)), THREE, tmp_path)
    assert not report["en"]["earned"]
    assert report["en"]["reason"] == "no_gain"
    assert report["en"]["low"] <= 0
    said = suggest(["people Nur Otan robs water"], [NUR], ["en"], folders.open_model(tmp_path))[0]
    assert said.silent is Silence.NOT_EARNED
    assert said.probabilities, "the queue may still ask how unsure it is"


def test_rows_of_one_airing_never_stand_on_both_sides(tmp_path: Path) -> None:
    """Each airing repeats one sentence with a tone of its own: by rows a model knows it all, by airings nothing."""
    lines = []
    source = np.random.default_rng(1)
    for airing in range(40):
        words = "".join(chr(97 + letter) for letter in source.integers(0, 26, 12))
        tone = str(source.choice(THREE.names))
        lines += [(f"Nur Otan {words} {words[::-1]}", tone, f"a{airing}")] * 5
    labels = pd.DataFrame(lines, columns=["text", "tone", "group"])
    labels = labels.assign(target="Nur Otan", aliases="", bystanders="", language="en")
    report = train(labels, THREE, tmp_path)
    assert report["en"]["accuracy"] < 0.55
    assert not report["en"]["earned"]


def test_a_thin_point_collapses_a_scale_of_five(tmp_path: Path) -> None:
    labels = pd.concat([table(250, scale=FIVE), table(450, "kk", scale=FIVE)], ignore_index=True)
    rare = (labels["language"] == "en") & (labels["tone"] == "very negative")
    labels = labels.drop(labels.index[rare][10:])
    report = train(labels, FIVE, tmp_path)
    assert report["en"]["collapsed"] and not report["kk"]["collapsed"]
    assert report["en"]["counts"]["very negative"] == 10
    assert report["en"]["points"] == list(FIVE.collapsed().names)
    assert len(report["kk"]["points"]) == 5
    model = folders.open_model(tmp_path)
    assert model.scale == FIVE
    assert model.scale_of("en") == FIVE.collapsed()
    said = suggest(["people Nur Otan robs water"] * 2, [NUR, NUR], ["en", "kk"], model)
    assert said[0].points == FIVE.collapsed().names
    assert said[0].best[0] == "very negative / negative"
    assert len(said[1].probabilities) == 5


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (table(39), "en: 39 from 8"),
        (table(100, per_airing=25), "en: 100 from 4"),
        (table(60, noise=0, share=(0, 1, 0)), "en: 60 from 12"),
    ],
)
def test_too_little_everywhere_is_refused_with_the_numbers(tmp_path: Path, labels: pd.DataFrame, words: str) -> None:
    with pytest.raises(Refused, match=words):
        train(labels, THREE, tmp_path)


def test_rows_that_do_not_name_their_target_are_left_out_and_counted(tmp_path: Path) -> None:
    labels = table(100)
    labels.loc[:9, "text"] = "people say nothing of note today"
    report = train(labels, THREE, tmp_path)
    assert (report["en"]["labels"], report["en"]["not_named"]) == (90, 10)


def test_a_language_left_open_is_told(tmp_path: Path) -> None:
    labels = table(100).assign(language="")
    labels["text"] += " while the government and the citizens were watching"
    assert train(labels, THREE, tmp_path)["en"]["labels"] > 90


@pytest.mark.parametrize("language", ["../en", "English", "e"])
def test_a_language_that_is_no_code_is_refused(tmp_path: Path, language: str) -> None:
    with pytest.raises(Refused, match="is no code"):
        train(table(60).assign(language=language), THREE, tmp_path)


@pytest.mark.parametrize("languages", [(), ("../v2",)])
def test_a_folder_by_language_names_its_languages(tmp_path: Path, languages: tuple[str, ...]) -> None:
    folders.write(tmp_path, folders.Manifest("by_language", "v", THREE, languages))
    with pytest.raises(Refused, match="by their codes"):
        folders.open_model(tmp_path)


def test_it_stops_between_fits(tmp_path: Path) -> None:
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 4

    with pytest.raises(Cancelled):
        train(table(100), THREE, tmp_path, cancelled=cancelled)
    assert len(asked) == 5
    assert not (tmp_path / "manifest.json").exists()


def test_a_good_ready_model_is_kept(tmp_path: Path, tiny: TinyReady) -> None:
    report = train(table(60, noise=0.2), THREE, tmp_path / "v1")
    assert set(report["en"]["candidates"]) == {"linear", "ready", "adapted"}
    assert report["en"]["chosen"] in ("ready", "adapted")
    model = folders.open_model(tmp_path / "v1")
    assert model.suggest(["people Nur Otan robs water"], [NUR], ["en"])[0].best[0] == "negative"


def test_a_ready_model_of_another_version_is_refused(
    tmp_path: Path, tiny: TinyReady, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(table(60, noise=0.2), THREE, tmp_path / "v1")
    use(monkeypatch, TinyReady(version="tiny-2"))
    with pytest.raises(Refused, match=r"tiny-1, and tiny-2 is installed"):
        folders.open_model(tmp_path / "v1")


def test_a_poor_ready_model_is_adapted_or_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, TinyReady(wrong=0.6))
    report = train(table(250), THREE, tmp_path)
    its = report["en"]["candidates"]
    assert report["en"]["chosen"] != "ready"
    assert its["adapted"]["accuracy"] > its["ready"]["accuracy"] + 0.1
    assert its["adapted"]["log_loss"] < its["ready"]["log_loss"]


def test_rows_that_a_ready_model_cannot_read_at_all_stay_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model gives features of no width for texts in none of which it sees the target."""
    rows = rows_of(table(60))
    unread = set(rows.texts[:20])

    class Blind(TinyReady):
        def outputs(self, texts, targets, languages):  # type: ignore[no-untyped-def]
            said, features = super().outputs(texts, targets, languages)
            blind = np.array([text in unread for text in texts])
            said[blind] = np.nan
            return (said, features[:, :0]) if blind.all() else (said, np.where(blind[:, None], np.nan, features))

    heard: list[str] = []
    found = {its.name: its.said for its in candidates(rows, heard.append, [Ready(Blind(), "en")])}
    assert heard.count("ready") > 5
    assert all(len(said) == len(rows.texts) and np.isfinite(said).all() for said in found.values())


def test_few_labels_do_not_make_a_ready_model_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    """On features that say nothing, the adapted model stays with the ready one: at 50 and at 200 labels, new rows."""
    from models.backends import adapted

    source = np.random.default_rng(3)

    def drawn(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        truth = source.integers(0, 3, rows)
        logits = source.normal(0, 1, (rows, 3))
        logits[np.arange(rows), truth] += 2
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return logits, source.normal(0, 1, (rows, 384)), truth

    new = drawn(5000)
    before = np.mean(new[0].argmax(axis=1) == new[2])
    for labels in (50, 200):
        after = []
        for _ in range(5):
            logits, features, truth = drawn(labels)
            head = adapted.fit(logits, features, truth, 1.0)
            after.append(np.mean(head.probabilities(new[0], new[1]).argmax(axis=1) == new[2]))
        assert np.mean(after) > before - 0.03


def test_an_adapted_head_that_does_not_fit_is_refused(tmp_path: Path, tiny: TinyReady) -> None:
    from models.backends import adapted

    head = adapted.unchanged(5, 9)
    settings = adapted.put(tmp_path, head, "tiny-1", "en")
    folders.write(tmp_path, folders.Manifest("adapted", "v", THREE, ("en",), settings=settings))
    with pytest.raises(Refused, match="does not fit its scale of 3 points"):
        folders.open_model(tmp_path)


def test_a_ready_model_speaks_on_a_finer_scale(tmp_path: Path, tiny: TinyReady) -> None:
    rows = table(300, scale=FIVE)
    report = train(rows, FIVE, tmp_path)
    assert not report["en"]["collapsed"]
    assert set(report["en"]["candidates"]) == {"linear", "ready", "adapted"}
    assert folders.open_model(tmp_path).scale == FIVE


def test_a_scale_that_contradicts_its_names_is_refused_at_once(tmp_path: Path) -> None:
    turned = Scale((Point("positive", -1.0), Point("neutral", 0.0), Point("negative", 1.0)))
    heard: list[str] = []
    with pytest.raises(Refused, match="“positive” stands below zero"):
        train(table(60), turned, tmp_path, lambda stage, share: heard.append(stage))
    assert heard == []


def test_figures_are_of_rows_not_seen() -> None:
    rows = rows_of(table(150, noise=1.0, seed=4))
    found = next(iter(candidates(rows, lambda name: None)))
    its = figures(crossed(found.said, rows), rows)
    assert abs(its["difference"]) < 0.12
    assert its["low"] < its["difference"] < its["high"]
    assert its["silence"] > 0.5
    assert all(share is not None and share > 0.8 for share in its["covered"])


def test_the_best_of_many_lucky_candidates_earns_nothing_by_its_luck() -> None:
    """Of ten candidates that know nothing, the luckiest looks good on the rows that chose it; it must not here."""
    rows = rows_of(table(150, noise=1.0, seed=4))
    source, gains, lucky = np.random.default_rng(8), [], []
    for _ in range(4):
        said = {f"{number}": source.dirichlet(np.full(3, 0.7), len(rows.tones)) for number in range(10)}
        held = {name: crossed(its, rows) for name, its in {"linear": next(iter(said.values())), **said}.items()}
        measured = {name: figures(its, rows) for name, its in held.items()}
        lucky.append(measured[chosen(measured)]["difference"])
        gains.append(figures(choosing(held, rows), rows)["difference"])
    assert np.mean(lucky) > np.mean(gains) + 0.02
    assert np.mean(gains) < 0.02


def test_folds_hold_whole_airings() -> None:
    rows = rows_of(table(150))
    held = [set(rows.groups[its]) for its in rows.folds]
    assert len(held) == 5
    assert sum(len(its) for its in held) == len(set(rows.groups))


def test_the_interval_counts_airings_not_rows() -> None:
    gains = np.repeat(np.random.default_rng(2).normal(0.1, 0.5, 20), 30)
    apart, together = (interval(gains, groups.astype(str)) for groups in (np.arange(600), np.arange(600) // 30))
    assert together[1] - together[0] > 3 * (apart[1] - apart[0])
    assert interval(gains, np.zeros(600).astype(str)) == (-1.0, 1.0)


def test_the_interval_holds_in_nineteen_of_twenty_draws() -> None:
    source, hits = np.random.default_rng(6), 0
    for _ in range(200):
        gains = np.repeat(source.normal(0.1, 0.4, 12), 10) + source.normal(0, 0.5, 120)
        low, high = interval(gains, (np.arange(120) // 10).astype(str))
        hits += low <= 0.1 <= high
    assert hits >= 184


def test_a_candidate_that_is_surer_but_wrong_more_often_is_not_chosen() -> None:
    ready = {"log_loss": 0.8, "accuracy": 0.7}
    assert chosen({"linear": {"log_loss": 0.7, "accuracy": 0.6}, "ready": ready}) == "ready"
    assert chosen({"linear": {"log_loss": 0.9, "accuracy": 0.8}, "ready": ready}) == "ready"
    assert chosen({"linear": {"log_loss": 0.7, "accuracy": 0.7}, "ready": ready}) == "linear"
