"""The door to all models: what is said, what is kept silent and why."""

import sys
from pathlib import Path

import pytest

from models.calibrate import Calibration
from models.encoders.torch_parts import torch_or_refused
from models.folder import ready
from models.refusal import Refused
from models.scale import THREE
from models.suggestion import Silence, Suggester, Suggestion, speaks, suggest
from models.target import Target
from tests.models.told import WordModel

NUR = Target("Nur Otan")
SURE = Calibration(1.0, (0.0, 0.0, 0.0), (0.3, 0.3, 0.3))
WIDE = Calibration(1.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))


def said(
    text: str, calibration: Calibration | None, earned: frozenset[str] | None = None, sure: float = 0.8
) -> Suggestion:
    held = {} if calibration is None else {"": calibration}
    return Suggester(WordModel(sure), held, earned).suggest([text], [NUR], ["en"])[0]


def test_one_label_is_a_suggestion() -> None:
    its = said("Nur Otan is bad", SURE)
    assert its.labels == ("negative",)
    assert its.silent is None
    assert its.points == THREE.names
    assert its.best[0] == "negative"
    assert its.best[1] == pytest.approx(0.8)
    assert (its.model, its.language) == ("words-1", "en")


def test_two_adjacent_labels_are_one_and_two_apart_are_silence() -> None:
    beside = Calibration(1.0, (0.0, 0.0, 0.0), (0.3, 0.0, 0.3))
    apart = Calibration(1.0, (0.0, 0.0, 0.0), (0.3, 0.3, 0.0))
    assert said("Nur Otan is bad", beside).labels == ("negative", "neutral")
    assert said("Nur Otan is bad", apart).silent is Silence.UNSURE
    assert said("Nur Otan is bad", apart).labels == ()


def test_three_labels_are_silence_with_their_probabilities_kept() -> None:
    its = said("Nur Otan is bad", WIDE)
    assert its.silent is Silence.UNSURE
    assert sum(its.probabilities) == pytest.approx(1)


def test_without_calibration_nothing_is_sure() -> None:
    assert said("Nur Otan is bad", None).silent is Silence.UNSURE


@pytest.mark.parametrize(
    ("text", "silence"), [("  ", Silence.NO_TEXT), ("Ak Zhol is bad", Silence.NOT_NAMED), ("Nur Otan", None)]
)
def test_what_cannot_be_judged_says_so(text: str, silence: Silence | None) -> None:
    its = said(text, SURE)
    assert its.silent is silence
    assert (its.probabilities == ()) == (silence is not None)
    assert (its.best == ("", 0.0)) == (silence is not None)


def test_a_language_that_has_not_earned_its_place_is_silent() -> None:
    its = said("Nur Otan is bad", SURE, earned=frozenset({"ru"}))
    assert its.silent is Silence.NOT_EARNED
    assert its.labels == ()
    assert said("Nur Otan is bad", SURE, earned=frozenset({"en"})).silent is None


def test_a_language_the_model_does_not_know_is_not_guessed() -> None:
    its = Suggester(WordModel(), {"": SURE}).suggest(["Nur Otan"], [NUR], ["fr"])[0]
    assert its.silent is Silence.LANGUAGE
    assert its.language == "fr"


def test_a_language_left_open_is_told_from_the_text() -> None:
    text = "Правительство отвечает на вопросы граждан о Nur Otan"
    assert Suggester(WordModel(), {"": SURE}).suggest([text], [NUR], [""])[0].language == "ru"


def test_order_is_kept_when_some_rows_are_silent() -> None:
    texts = ["Nur Otan is good", "", "Nur Otan is bad", "nobody", "Nur Otan"]
    its = suggest(texts, [NUR] * 5, ["en"] * 5, Suggester(WordModel(), {"en": SURE}))
    assert [one.labels for one in its] == [("positive",), (), ("negative",), (), ("neutral",)]


def test_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(Refused, match="2 texts, 1 targets"):
        suggest(["a", "b"], [NUR], ["en", "en"], Suggester(WordModel(), {}))


def test_a_scale_of_two_points_with_both_possible_says_nothing() -> None:
    assert not speaks([True, True])
    assert speaks([True, False])
    assert not speaks([True, True, True])


def test_half_a_sign_stops_nothing() -> None:
    """A browser may cut a sign in two; the text, and those beside it, are answered all the same."""
    model = ready("en")
    assert model is not None
    whole, half = suggest(["Nur Otan is good.", "Nur Otan \ud83d is good."], [NUR, NUR], ["en", "en"], model)
    assert whole.probabilities
    assert half.probabilities


def test_torch_that_cannot_be_loaded_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('libtorch_cpu.so: cannot open')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    with pytest.raises(Refused, match=r"libtorch_cpu.so.*pip install -r requirements-transformer.txt"):
        torch_or_refused()
