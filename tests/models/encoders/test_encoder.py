"""The encoder backend through onnxruntime, on a graph written here; torch is not asked."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import folder as folders
from models.backends import encoder
from models.backends.encoder import load
from models.encoders.masked_tokens import cut, padded, read_tokenizer
from models.refusal import Refused
from models.suggestion import Silence, suggest
from models.target import Target
from tests.models import tiny


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "words"
    tiny.word_model(folder)
    return folder


def test_words_tell_the_tone(place: Path) -> None:
    model = load(place, folders.read(place))
    answers = model.probabilities(["Zed is good", "Zed is bad", "Kex is good"], [tiny.ZED] * 3, ["en"] * 3)
    assert answers[0].argmax() == 2
    assert answers[1].argmax() == 0
    assert np.isnan(answers[2]).all()
    assert np.allclose(answers[:2].sum(axis=1), 1)


def test_features_come_with_the_same_rows(place: Path) -> None:
    model = load(place, folders.read(place))
    probabilities, features = model.outputs(["Zed is good", "nobody"], [tiny.ZED] * 2, ["en"] * 2)
    assert features.shape == (2, 2)
    assert features[0].tolist() == [0, 3]
    assert np.isnan(features[1]).all()
    assert np.isnan(probabilities[1]).all()
    assert np.array_equal(model.features(["Zed is good"], [tiny.ZED], ["en"])[0], features[0])


def test_swapped_names_change_nothing(place: Path) -> None:
    model = load(place, folders.read(place))
    there = model.probabilities(["Zed praised Kex, Zed is poor"], [tiny.ZED], ["en"])
    back = model.probabilities(["Kex praised Zed, Kex is poor"], [Target("Kex", (), (("Zed", "Zedd"),))], ["en"])
    assert np.array_equal(there, back)


def test_a_text_that_writes_the_marks_names_nobody(place: Path) -> None:
    model = load(place, folders.read(place))
    reader = read_tokenizer(place / "tokenizer.json", 32)
    assert np.isnan(model.probabilities(["[MASK] is good"], [tiny.ZED], ["en"])).all()
    assert reader.masked("Zed [MASK] Kex", tiny.ZED, "en") == "[MASK]        [UNK]"


def test_through_the_public_door(place: Path) -> None:
    told = suggest(["Zed is good", "", "no one"], [tiny.ZED] * 3, ["en"] * 3, place)
    assert [each.silent for each in told] == [Silence.UNSURE, Silence.NO_TEXT, Silence.NOT_NAMED]
    assert told[0].best[0] == "positive"
    assert told[0].model == "words-1"


def test_order_and_company_do_not_matter(place: Path) -> None:
    model = load(place, folders.read(place))
    texts = [f"Zed {'met ' * size}good" for size in range(20)] + ["Zed bad"]
    together = model.probabilities(texts, [tiny.ZED] * 21, ["en"] * 21)
    alone = np.vstack([model.probabilities([text], [tiny.ZED], ["en"]) for text in texts])
    assert np.allclose(together, alone, atol=1e-6)


def test_a_long_text_is_read_around_each_mention(place: Path) -> None:
    model = load(place, folders.read(place))
    far = "met " * 60
    answers = model.probabilities([f"Zed good {far} {far} bad", f"Zed good {far} Zed bad"], [tiny.ZED] * 2, ["en"] * 2)
    good = model.probabilities(["Zed good"], [tiny.ZED], ["en"])[0]
    bad = model.probabilities(["Zed bad"], [tiny.ZED], ["en"])[0]
    assert np.allclose(answers[0], good)
    assert np.allclose(answers[1], (good + bad) / 2)


def test_windows_hold_every_mask_and_fit() -> None:
    mask, ids = 9, [1, *[5] * 300, 2]
    for at in (1, 40, 150, 299, 300):
        ids[at] = mask
    windows = cut(ids, mask, 32)
    assert all(len(window) == 32 and window[0] == 1 and window[-1] == 2 and mask in window for window in windows)
    assert sum(window.count(mask) for window in windows) == 5
    assert cut([1, 9, 2], mask, 32) == [[1, 9, 2]]


def test_an_answer_does_not_hang_on_the_texts_beside_it() -> None:
    place = folders.ready("en")
    if place is None:
        pytest.skip("the English model is not installed")
    model = folders.open_model(place).model
    texts = [f"{'very ' * more}honest Zed was praised, while others lied" for more in range(0, 40, 3)]
    together = model.probabilities(texts, [tiny.ZED] * len(texts), ["en"] * len(texts))
    alone = np.concatenate([model.probabilities([text], [tiny.ZED], ["en"]) for text in texts])
    assert (together == alone).all()


def test_rows_are_padded_to_the_longest() -> None:
    ids, attention = padded([[1, 2], [3]], 0)
    assert ids.tolist() == [[1, 2], [3, 0]]
    assert attention.tolist() == [[1, 1], [1, 0]]


def test_no_texts_no_rows(place: Path) -> None:
    assert load(place, folders.read(place)).probabilities([], [], []).shape == (0, 3)


def test_an_answer_of_no_number_is_refused(tmp_path: Path) -> None:
    manifest = tiny.word_model(tmp_path / "m")
    embedding = np.full((len(tiny.VOCABULARY), 2), np.nan)
    tiny.onnx(tmp_path / "m" / "model.onnx", embedding, np.zeros((2, 3)))
    folders.write(tmp_path / "m", manifest)
    with pytest.raises(Refused, match="no number"):
        folders.open_model(tmp_path / "m")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: tiny.tokenizer(folder, [word for word in tiny.VOCABULARY if word != "[MASK]"]), "no token"),
        (lambda folder: tiny.tokenizer(folder, (*tiny.MARKS[:4], "a", "[MASK]")), "another model's tokenizer"),
        (lambda folder: tiny.onnx(folder / "model.onnx", np.ones((99, 2)), np.ones((2, 3)), ("a", "b")), "gives"),
        (lambda folder: (folder / "model.onnx").write_bytes(tiny.field(7, tiny.field(5, tiny.tensor("x", [1])))), "cannot be opened"),
        (lambda folder: tiny.onnx(folder / "model.onnx", np.ones((99, 2)), np.ones((2, 5))), "does not answer"),
        (lambda folder: (folder / "tokenizer.json").write_text('{"model": {"vocab": {"a": 0}}}'), "not a tokenizer"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(tmp_path: Path, change: object, said: str) -> None:
    folder = tmp_path / "m"
    manifest = tiny.word_model(folder)
    assert callable(change)
    change(folder)
    (folder / "tokenizer_config.json").unlink(missing_ok=True)
    folders.write(folder, manifest)
    with pytest.raises(Refused, match=said):
        folders.open_model(folder)


def test_a_model_shorter_than_its_windows_is_refused(tmp_path: Path) -> None:
    """What fails on long texts only is refused when the model is opened, not in the middle of work."""
    folder = tmp_path / "m"
    manifest = tiny.word_model(folder)
    asked: list[int] = []

    def run(ids: Any, attention: Any) -> Any:
        asked.append(ids.shape[1])
        if ids.shape[1] > 20:
            raise RuntimeError("no such place")
        return np.zeros((1, 3), np.float32), np.zeros((1, 2), np.float32)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoder, "onnx_run", lambda path: run)
        with pytest.raises(Refused, match="does not answer"):
            load(folder, manifest)
    assert max(asked) == 32
