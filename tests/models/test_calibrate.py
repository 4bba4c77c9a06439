"""Calibration, by simulation: probabilities come to mean what they say, and every tone is covered."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.calibrate import FEWEST, Calibration, fit, merge
from models.evaluation.measures import calibration_error
from models.refusal import Refused
from models.scale import THREE
from tests.models.told import FIVE

Real = NDArray[np.float64]


def drawn(seed: int, rows: int, share: tuple[float, ...] = (0.2, 0.6, 0.2)) -> tuple[Real, NDArray[np.int64]]:
    """Raw probabilities of a model that is three times too sure and knows no shares, with the truth."""
    source = np.random.default_rng(seed)
    truth = source.choice(len(share), rows, p=share)
    logits = source.normal(0, 1, (rows, len(share)))
    logits[np.arange(rows), truth] += 1.5
    powers = np.exp(3 * logits)
    return powers / powers.sum(axis=1, keepdims=True), truth


def error(said: Real, truth: NDArray[np.int64]) -> float:
    return calibration_error(said.argmax(axis=1) == truth, said.max(axis=1))


def lost(said: Real, truth: NDArray[np.int64]) -> float:
    return float(-np.log(said[np.arange(len(truth)), truth].clip(1e-6)).mean())


def test_calibration_error_goes_down_on_new_rows() -> None:
    raw, truth = drawn(1, 4000)
    new, its = drawn(2, 20000)
    calibrated = fit(raw, truth.tolist(), THREE).apply(new, THREE)
    assert error(new, its) > 0.1
    assert error(calibrated, its) < 0.02
    assert calibrated.sum(axis=1) == pytest.approx(np.ones(len(new)))


def test_few_rows_do_not_wreck_a_model() -> None:
    """Calibrating on 40 rows gains on average, and costs next to nothing in the worst of 30 draws."""
    new, its = drawn(3, 5000)
    before = lost(new, its)
    after = []
    for seed in range(30):
        raw, truth = drawn(100 + seed, 40)
        after.append(lost(fit(raw, truth.tolist(), THREE).apply(new, THREE), its))
    assert np.mean(after) < before - 0.03
    assert max(after) < before + 0.05


@pytest.mark.parametrize("rows", [150, 600])
def test_every_tone_is_covered_not_only_the_majority(rows: int) -> None:
    """Over many draws of calibration rows the mean coverage of each tone is 90 per cent or more."""
    new, its = drawn(4, 5000)
    covered = []
    for seed in range(60):
        raw, truth = drawn(200 + seed, rows)
        calibration = fit(raw, truth.tolist(), THREE)
        possible = calibration.sets(calibration.apply(new, THREE))
        covered.append([possible[its == point, point].mean() for point in range(3)])
    mean = np.mean(covered, axis=0)
    assert (mean > 0.89).all()
    assert (mean < 0.97).all(), "sets of everything would cover too"


def test_a_tone_with_too_few_rows_is_always_possible() -> None:
    raw, truth = drawn(5, 500, (0.48, 0.49, 0.03))
    assert 0 < (truth == 2).sum() < FEWEST
    its = fit(raw, truth.tolist(), THREE)
    assert its.thresholds[2] == 0
    assert its.sets(its.apply(raw, THREE))[:, 2].all()
    assert min(its.thresholds[:2]) > 0


def test_a_set_is_never_empty() -> None:
    strict = Calibration(1.0, (0.0, 0.0, 0.0), (0.9, 0.9, 0.9))
    assert strict.sets(np.array([[0.3, 0.5, 0.2]])).tolist() == [[False, True, False]]


def test_rows_without_a_probability_are_left_out_and_stay_out() -> None:
    raw, truth = drawn(6, 300)
    with_gaps = np.concatenate([raw, np.full((5, 3), np.nan)])
    its = fit(with_gaps, [*truth.tolist(), 0, 0, 0, 0, 0], THREE)
    assert its == fit(raw, truth.tolist(), THREE)
    assert np.isnan(its.apply(with_gaps, THREE)[-1]).all()


def test_no_rows_change_nothing_and_rule_out_nothing() -> None:
    its = fit(np.zeros((0, 3)), [], THREE)
    assert (its.temperature, its.bias, its.thresholds) == (1.0, (0.0,) * 3, (0.0,) * 3)


def test_collapsed_probabilities_are_added_up_by_side() -> None:
    raw = np.array([[0.1, 0.2, 0.3, 0.4, 0.0]])
    assert merge(raw, FIVE)[0] == pytest.approx([0.3, 0.3, 0.4])
    many, truth = drawn(7, 400, (0.1, 0.2, 0.4, 0.2, 0.1))
    its = fit(many, truth.tolist(), FIVE, collapsed=True)
    assert len(its.bias) == 3
    assert its.apply(many, FIVE).shape == (400, 3)


def test_as_json_and_back() -> None:
    raw, truth = drawn(8, 200)
    its = fit(raw, truth.tolist(), THREE)
    assert Calibration.from_json(its.to_json()) == its


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": "warm"},
        {"temperature": 0},
        {"bias": [0.0]},
        {"thresholds": [0.1, float("nan"), 0.1]},
        {"bias": None},
        {"rows": []},
        {"rows": float("inf")},
        {"temperature": 1e-320},
        {"temperature": 1e300},
        {"temperature": 10**400},
        {"temperature": True},
        {"bias": [1e308, -1e308, 1e308]},
        {"bias": "123"},
        {"bias": ["1", "2", "3"]},
        {"thresholds": [2, 2, 2]},
        {"thresholds": [-1, 0, 0]},
        {"collapsed": "no"},
    ],
)
def test_a_damaged_calibration_is_refused(change: dict[str, object]) -> None:
    its = Calibration(1.0, (0.0, 0.0, 0.0), (0.1, 0.1, 0.1)).to_json()
    with pytest.raises(Refused, match="make the model again"):
        Calibration.from_json(its | change)


def test_a_calibration_for_another_scale_is_refused() -> None:
    with pytest.raises(Refused, match="for 3 points and the model gives 5"):
        Calibration(1.0, (0.0,) * 3, (0.1,) * 3).apply(np.full((1, 5), 0.2), FIVE)
