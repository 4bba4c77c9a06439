"""The linear backend: what it reads, what it learns, what its file may hold."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.backends import linear
from models.folder import Manifest, open_model, read, write
from models.labelled import targets_of
from models.linear import lexicon, ngrams
from models.linear.fit import STRENGTHS, fit, out_of_fold
from models.linear.weights import CUMULATIVE, SOFTMAX, Weights, shares
from models.numbers_file import read_numbers, write_numbers
from models.refusal import Refused
from models.scale import THREE, Point, Scale
from models.target import Target
from tests.models.labels import table
from tests.models.told import FIVE

NUR = Target("Nur Otan", (), (("Ak Zhol",),))
NOBODY = Target("")
TWO = Scale((Point("negative", -1), Point("positive", 1)))


def learned(rows: int = 200, scale: Scale = THREE, seed: int = 0) -> tuple[Weights, Scale]:
    labels = table(rows, scale=scale, seed=seed)
    readings = [ngrams.read(text, NUR, "en") for text in labels["text"]]
    named = [reading for reading in readings if reading is not None]
    assert len(named) == rows
    tones = np.array([scale.index(tone) for tone in labels["tone"]])
    return fit(ngrams.counted(named), ngrams.rated(named, ["en"] * rows), tones, scale.size, 1.0), scale


def put(folder: Path, weights: Weights, scale: Scale, **settings: object) -> Path:
    own = linear.put(folder, weights, ["en"]) | settings
    write(folder, Manifest("linear", "one", scale, ("en",), settings=own))
    return folder


def test_names_become_marks_and_views_follow_the_target() -> None:
    reading = ngrams.read("Yesterday Nur Otan’s men met Ak Zhol in town!", NUR, "en")
    assert reading is not None
    assert reading.words == ("yesterday", "①", "s", "men", "met", "②", "in", "town", "!")
    assert reading.view("left") == ("yesterday",)
    assert reading.view("right")[:3] == ("s", "men", "met")
    assert reading.view("near") == reading.words[:7]


def test_marks_in_the_text_itself_are_not_mentions() -> None:
    reading = ngrams.read("① Nur Otan ②", NUR, "en")
    assert reading is not None
    assert reading.words == ("①",)


def test_without_a_mention_or_text_nothing_is_read() -> None:
    assert ngrams.read("Ak Zhol is here", NUR, "en") is None
    assert ngrams.read("  ", NOBODY, "en") is None


def test_a_text_without_a_target_is_read_whole() -> None:
    reading = ngrams.read("Керемет ойын!", NOBODY, "kk")
    assert reading is not None
    assert reading.words == ("керемет", "ойын", "!")
    assert reading.view("left") == reading.view("near") == ()


def test_a_long_text_is_read_around_the_mentions() -> None:
    far = " ".join(["far"] * 500)
    reading = ngrams.read(f"{far} Nur Otan near {far}", NUR, "en")
    assert reading is not None
    assert len(reading.words) == 2 * ngrams.FAR + 1


def test_runs_are_of_words_and_of_letters_inside_words() -> None:
    reading = ngrams.Reading(("ab", "c"), (), ())
    assert list(ngrams.runs(reading, ngrams.Block("all", "word", 1, 2))) == ["ab", "c", "ab c"]
    assert list(ngrams.runs(reading, ngrams.Block("all", "letter", 2, 3))) == [
        " a",
        "ab",
        "b ",
        " ab",
        "ab ",
        " c",
        "c ",
        " c ",
    ]


def test_ratings_fall_with_distance_and_turn_behind_a_negation() -> None:
    near = lexicon.towards(["①", "good", "x", "x", "x"], [0], [], "en")
    far = lexicon.towards(["①", "x", "x", "x", "good"], [0], [], "en")
    turned = lexicon.towards(["①", "not", "good"], [0], [], "en")
    assert len(near) == lexicon.FEATURES
    assert near[0] == far[0] > 0
    assert near[3] > far[3] > 0
    assert turned[0] < 0


def test_the_nearer_of_target_and_bystander_takes_the_word() -> None:
    of_target = lexicon.towards(["①", "good", "x", "②"], [0], [3], "en")
    of_other = lexicon.towards(["①", "x", "good", "②"], [0], [3], "en")
    assert of_target[10] > 0 == of_target[11]
    assert of_other[11] > 0 == of_other[10]


def test_a_language_without_a_list_has_no_ratings() -> None:
    reading = ngrams.read("Нур Отан жақсы", Target("Нур Отан"), "kk")
    assert reading is not None
    assert not ngrams.rated([reading], ["kk"]).any()
    assert lexicon.lexicon_of("en").startswith("vaderSentiment ")
    assert lexicon.lexicon_of("kk") == ""


@pytest.mark.parametrize("scale", [TWO, THREE, FIVE], ids=lambda scale: str(scale.size))
def test_it_learns_on_every_scale_and_comes_back_from_its_folder(tmp_path: Path, scale: Scale) -> None:
    weights, _ = learned(300, scale)
    assert weights.kind == (SOFTMAX if scale.size == 3 else CUMULATIVE)
    model = open_model(put(tmp_path, weights, scale)).model
    new = table(120, seed=9, noise=0, scale=scale)
    said = model.probabilities(new["text"].tolist(), targets_of(new), ["en"] * 120)
    assert said.shape == (120, scale.size)
    assert said.sum(axis=1) == pytest.approx(np.ones(120))
    sides = [scale.sides[place] for place in said.argmax(axis=1)]
    assert np.mean([side == scale.side(tone) for side, tone in zip(sides, new["tone"], strict=True)]) > 0.85


def test_a_text_gives_each_of_its_subjects_its_own_answer(tmp_path: Path) -> None:
    model = open_model(put(tmp_path, *learned(300))).model
    text = "people city Nur Otan saves water and press later on the same day Ak Zhol robs"
    ak = Target("Ak Zhol", (), (("Nur Otan",),))
    said = model.probabilities([text, text, "nothing here"], [NUR, ak, NUR], ["en"] * 3)
    assert said[0].argmax() == 2
    assert said[1].argmax() == 0
    assert np.isnan(said[2]).all()


def test_swapping_all_names_changes_nothing(tmp_path: Path) -> None:
    model = open_model(put(tmp_path, *learned(300))).model
    text = "people say Nur Otan saves water and later «Ak Zhol» robs the press"
    swapped = "people say Ak Zhol saves water and later «Nur Otan» robs the press"
    said = model.probabilities([text, swapped], [NUR, Target("Ak Zhol", (), (("Nur Otan",),))], ["en", "en"])
    assert (said[0] == said[1]).all()


def test_one_row_is_answered_as_in_a_batch(tmp_path: Path) -> None:
    model = open_model(put(tmp_path, *learned())).model
    new = table(20, seed=3)
    together = model.probabilities(new["text"].tolist(), targets_of(new), ["en"] * 20)
    alone = [model.probabilities([text], [NUR], ["en"])[0] for text in new["text"]]
    assert together == pytest.approx(np.array(alone))


def test_crossed_borders_are_straightened() -> None:
    said = shares(np.array([[0.0, 2.0, -1.0]]), CUMULATIVE)
    assert said.sum() == pytest.approx(1)
    assert (said >= 0).all()


def test_labels_that_lack_a_point_or_hold_only_one() -> None:
    readings = [reading for text in table(60)["text"] if (reading := ngrams.read(text, NUR, "en"))]
    counts, ratings = ngrams.counted(readings), ngrams.rated(readings, ["en"] * 60)
    for size in (3, 5):
        for tones in (np.zeros(60, dtype=np.int64), np.arange(60) % 2 * 2):
            said = fit(counts, ratings, tones, size, 1.0).probabilities(counts, ratings)
            assert np.isfinite(said).all()
            never = sorted(set(range(size)) - set(tones.tolist()))
            assert said[:, never].max() < 0.01


def test_held_out_rows_are_never_seen_by_their_fold() -> None:
    """With tones of pure chance, out-of-fold answers are no better than chance; the fitted ones know them by heart."""
    labels = table(150, noise=1.0, seed=5)
    readings = [reading for text in labels["text"] if (reading := ngrams.read(text, NUR, "en"))]
    counts, ratings = ngrams.counted(readings), ngrams.rated(readings, ["en"] * 150)
    tones = np.array([THREE.index(tone) for tone in labels["tone"]])
    folds = [np.arange(start, 150, 5) for start in range(5)]
    said, strength = out_of_fold(counts, ratings, tones, 3, folds)
    assert strength in STRENGTHS
    assert np.mean(said.argmax(axis=1) == tones) < 0.5
    by_heart = fit(counts, ratings, tones, 3, 3.0).probabilities(counts, ratings)
    assert np.mean(by_heart.argmax(axis=1) == tones) > 0.7


def test_no_word_of_the_texts_is_in_the_folder(tmp_path: Path) -> None:
    put(tmp_path, *learned())
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(word in held for word in (b"betrays", b"school", b"Nur", b"Otan"))


def test_another_reading_or_list_is_refused(tmp_path: Path) -> None:
    weights, scale = learned()
    with pytest.raises(Refused, match="read texts otherwise"):
        open_model(put(tmp_path / "a", weights, scale, reading=0))
    with pytest.raises(Refused, match=r"vaderSentiment 0\.1, which is not installed"):
        open_model(put(tmp_path / "b", weights, scale, lexicons={"en": "vaderSentiment 0.1"}))
    with pytest.raises(Refused, match="for 3 points and its scale has 5"):
        open_model(put(tmp_path / "c", weights, FIVE))
    with pytest.raises(Refused, match="do not fit together"):
        open_model(put(tmp_path / "d", weights, scale, kind="oracle"))


@pytest.mark.parametrize("lexicons", [5, [1, 2], None, {"en": 5}])
def test_word_lists_that_are_none_are_refused(tmp_path: Path, lexicons: object) -> None:
    with pytest.raises(Refused, match=r"word lists|which is not installed"):
        open_model(put(tmp_path, *learned(), lexicons=lexicons))


@pytest.mark.parametrize(
    "change",
    [
        {"rarity": lambda array: array * 0},
        {"rarity": lambda array: -array},
        {"heads": lambda array: array * np.nan},
        {"offsets": lambda array: array.astype(np.float64) + 1e300},
    ],
)
def test_numbers_that_give_no_answer_are_refused_when_opened(tmp_path: Path, change: dict[str, Any]) -> None:
    folder = put(tmp_path, *learned())
    changed = {name: change.get(name, np.copy)(array) for name, array in read_numbers(folder / linear.NUMBERS).items()}
    write_numbers(folder / linear.NUMBERS, changed)
    manifest = json.loads((folder / "manifest.json").read_text())
    write(folder, Manifest("linear", "one", THREE, ("en",), settings=manifest["settings"]))
    with pytest.raises(Refused, match=r"linear\.safetensors"):
        open_model(folder)


def test_numbers_that_do_not_fit_are_refused() -> None:
    good = learned()[0]
    tensors = good.tensors()
    assert Weights.from_tensors(good.kind, tensors, "x").size == 3
    broken = [
        {**tensors, "heads": tensors["heads"][:, :-1]},
        {**tensors, "offsets": tensors["offsets"] * np.nan},
        {**tensors, "columns": tensors["columns"][::-1]},
        {**tensors, "rarity": tensors["rarity"] * 0},
        {**tensors, "columns": tensors["columns"] + np.int32(ngrams.SLOTS * 8)},
        {**tensors, "rating_heads": tensors["rating_heads"][:2]},
        {name: tensors[name] for name in ("columns", "heads")},
    ]
    for numbers in broken:
        with pytest.raises(Refused, match="x holds no linear model"):
            Weights.from_tensors(good.kind, numbers, "x")


def test_a_folder_says_what_it_is(tmp_path: Path) -> None:
    manifest = read(put(tmp_path, *learned()))
    assert manifest.settings["lexicons"] == {"en": lexicon.lexicon_of("en")}
    assert set(manifest.files) == {"linear.safetensors"}
