"""Figures on arrays: against scikit-learn and hand-counted examples, and an interval that keeps its promise."""

import math

import numpy as np
import pytest
from sklearn.metrics import f1_score

from models.evaluation.measures import (
    calibration_error,
    confusion,
    coverage,
    f1_of_each,
    interval,
    mean_f1,
    reliability,
)

RANDOM = np.random.default_rng(7)


def test_f1_is_that_of_scikit_learn() -> None:
    truth, said = RANDOM.integers(0, 3, 200), RANDOM.integers(0, 3, 200)
    counts = confusion(truth, said, 3)
    assert counts.sum() == 200
    assert counts[0, 2] == ((truth == 0) & (said == 2)).sum()
    assert f1_of_each(counts) == pytest.approx(f1_score(truth, said, average=None))
    assert mean_f1(counts) == pytest.approx(f1_score(truth, said, average="macro"))
    assert mean_f1(counts, [0, 2]) == pytest.approx(f1_score(truth, said, labels=[0, 2], average="macro"))


def test_a_tone_that_nobody_gave_has_no_f1_but_costs_where_it_was_said() -> None:
    counts = confusion(np.array([0, 0, 1, 1]), np.array([0, 2, 1, 1]), 3)
    assert np.isnan(f1_of_each(counts)).tolist() == [False, False, True]
    assert mean_f1(counts) == pytest.approx((2 / 3 + 1) / 2)
    assert math.isnan(mean_f1(counts, [2]))


def test_bins_are_closed_above_and_weighted_by_rows() -> None:
    right = np.array([True, False, True, True])
    confidence = np.array([0.7, 0.7, 0.95, 1.0])
    bins = reliability(right, confidence)
    assert [(round(part.end, 1), part.rows) for part in bins if part.rows] == [(0.7, 2), (1.0, 2)]
    assert bins[6].accuracy == 0.5
    assert math.isnan(bins[0].accuracy)
    assert calibration_error(right, confidence) == pytest.approx((2 * 0.2 + 2 * 0.025) / 4)
    assert math.isnan(calibration_error(np.array([], bool), np.array([])))


def test_coverage_takes_the_surest_and_counts_what_is_silent_as_not_covered() -> None:
    right = np.array([True] * 9 + [False] + [True])
    confidence = np.linspace(0.99, 0.6, 11)
    assert coverage(right, confidence, rows=11) == pytest.approx(1.0)
    assert coverage(right, confidence, rows=22) == pytest.approx(0.5)
    assert coverage(~right, confidence, rows=11) == 0
    assert math.isnan(coverage(right[:0], confidence[:0], rows=0))


def test_rows_of_equal_confidence_are_covered_together_or_not_at_all() -> None:
    """Else the order of the file would decide the figure."""
    right, confidence = np.array([True, True, False, False]), np.array([0.9, 0.8, 0.8, 0.8])
    assert coverage(right, confidence, rows=4) == coverage(right[::-1], confidence[::-1], rows=4) == 0.25


def test_an_interval_of_alike_rows_is_wider() -> None:
    right = np.repeat([True, True, True, False] * 5, 10)
    alone = interval(right, np.arange(200))
    together = interval(right, np.repeat(np.arange(20), 10))
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])
    assert all(low < right.mean() < high for low, high in (alone, together))


def test_an_interval_never_shrinks_to_a_point_or_leaves_the_unit() -> None:
    low, high = interval(np.ones(40, bool), np.repeat(np.arange(8), 5))
    assert 0.5 < low < 0.9
    assert high == 1.0
    low, high = interval(np.zeros(40, bool), np.repeat(np.arange(8), 5))
    assert (low, 0.1 < high < 0.5) == (0.0, True)


def test_one_group_has_no_interval() -> None:
    assert all(map(math.isnan, interval(np.array([True, False]), np.array(["a", "a"]))))
    assert all(map(math.isnan, interval(np.array([], bool), np.array([]))))


@pytest.mark.parametrize("groups", [12, 40])
def test_the_interval_holds_the_truth_as_often_as_promised(groups: int) -> None:
    """Rows of a group share their luck; the truth is 0.7. Rows alone would give 73 to 76 of 100."""
    random = np.random.default_rng(groups)
    held = 0
    for _ in range(400):
        luck = np.clip(random.normal(0.7, 0.15, groups), 0, 1)
        size = random.integers(3, 12, groups)
        right = random.random(size.sum()) < np.repeat(luck, size)
        low, high = interval(right, np.repeat(np.arange(groups), size))
        held += low <= 0.7 <= high
    assert 0.92 <= held / 400 <= 0.99
