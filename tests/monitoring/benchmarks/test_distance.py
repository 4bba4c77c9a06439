"""Distances: numbers by hand, and the laws that they keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from monitoring.benchmarks.distance import crossed, effective_number, fractions, gini, moved, total_variation

sizes = st.shared(st.integers(2, 9), key="contestants")
amounts = sizes.flatmap(lambda size: arrays(float, size, elements=st.integers(0, 1000).map(float))).filter(np.any)
dues = sizes.flatmap(lambda size: arrays(float, size, elements=st.integers(0, 50).map(float))).filter(np.any)


def test_numbers_by_hand() -> None:
    shares, due = [0.75, 0.25, 0.0], [0.5, 0.25, 0.25]
    assert total_variation(shares, due) == pytest.approx(0.25)
    assert effective_number(shares) == pytest.approx(1 / (9 / 16 + 1 / 16))
    # mean absolute difference over all nine pairs: 2 (.5 + .75 + .25) / 9 = 1/3; over twice the mean 1/3: 1/2
    assert gini(shares) == pytest.approx(1 / 2)
    # ratios 1.5, 1, 0 with weights .5, .25, .25: half of 2 (.125 x .5 + .125 x 1.5 + .0625 x 1) = 0.3125
    assert gini(shares, due) == pytest.approx(0.3125)


def test_who_is_due_nothing_counts_in_the_gini() -> None:
    """The Lorenz curve of shares over due: 0 to (1, .5), then straight up. Its Gini is 1 - 2 x .25 = .5."""
    assert gini([0.5, 0.5], [1, 0]) == pytest.approx(0.5)
    assert total_variation([0.5, 0.5], [1, 0]) == pytest.approx(0.5)


def test_the_votes_and_seats_of_a_textbook() -> None:
    """New Zealand 1996 by hand: half of the sum of |votes - seats| of six parties and the rest."""
    votes = [33.84, 28.19, 13.35, 10.10, 6.10, 0.88, 7.54]
    seats = [36.67, 30.83, 14.17, 10.83, 6.67, 0.83, 0.0]
    by_hand = (2.83 + 2.64 + 0.82 + 0.73 + 0.57 + 0.05 + 7.54) / 2 / 100
    assert total_variation(seats, votes) == pytest.approx(by_hand, abs=1e-3)


@pytest.mark.parametrize("number", [1, 2, 7, 12])
def test_equal_shares(number: int) -> None:
    assert effective_number(np.ones(number)) == pytest.approx(number)
    assert gini(np.ones(number)) == pytest.approx(0)


@pytest.mark.parametrize("number", [1, 2, 7, 12])
def test_one_has_everything(number: int) -> None:
    alone = np.eye(number)[0]
    assert effective_number(alone) == pytest.approx(1)
    assert gini(alone) == pytest.approx((number - 1) / number)
    assert total_variation(alone, np.ones(number)) == pytest.approx(1 - 1 / number)


def test_nothing_is_undefined_and_rows_are_kept_apart() -> None:
    rows = [[0.0, 0.0], [1.0, 3.0]]
    assert np.isnan(total_variation(rows, [1, 1])).tolist() == [True, False]
    assert np.isnan(gini(rows)).tolist() == [True, False]
    assert np.isnan(effective_number(rows)).tolist() == [True, False]
    assert total_variation(rows, [1, 1])[1] == pytest.approx(0.25)


@given(amounts, dues)
def test_total_variation_lies_between_0_and_1_and_is_0_only_where_shares_are_as_due(
    given_: np.ndarray, due: np.ndarray
) -> None:
    found = total_variation(given_, due)
    assert 0 <= found <= 1 + 1e-12
    assert (found < 1e-12) == bool(np.allclose(fractions(given_), fractions(due), atol=1e-12))
    assert found == pytest.approx(np.clip(fractions(given_) - fractions(due), 0, None).sum())


@given(amounts, dues)
def test_the_gini_is_the_area_beside_the_lorenz_curve(given_: np.ndarray, due: np.ndarray) -> None:
    shares, owed = fractions(given_), fractions(due)
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.argsort(np.where(owed > 0, shares / owed, np.where(shares > 0, np.inf, 0)), kind="stable")
    x, y = np.r_[0, np.cumsum(owed[order])], np.r_[0, np.cumsum(shares[order])]
    assert gini(given_, due) == pytest.approx(1 - 2 * np.trapezoid(y, x), abs=1e-9)


@given(amounts, dues)
def test_the_gini_is_at_least_total_variation_and_at_most_twice_it(given_: np.ndarray, due: np.ndarray) -> None:
    moved_part = total_variation(given_, due)
    assert moved_part - 1e-12 <= gini(given_, due) <= 2 * moved_part + 1e-12


@given(amounts)
def test_by_equal_shares_both_ginis_are_one(given_: np.ndarray) -> None:
    assert gini(given_, np.ones(len(given_))) == pytest.approx(gini(given_), abs=1e-12)


@given(amounts, dues, st.randoms())
def test_the_order_of_contestants_changes_nothing(given_: np.ndarray, due: np.ndarray, chance: object) -> None:
    order = np.array(sorted(range(len(given_)), key=lambda _: chance.random()))  # type: ignore[attr-defined]
    for measure in (total_variation, gini):
        assert measure(given_[order], due[order]) == pytest.approx(measure(given_, due), abs=1e-12)
    assert effective_number(given_[order]) == pytest.approx(effective_number(given_))


@given(amounts, dues)
def test_the_scale_of_amounts_changes_nothing(given_: np.ndarray, due: np.ndarray) -> None:
    assert total_variation(given_ * 3600, due / 7) == pytest.approx(total_variation(given_, due), abs=1e-12)
    assert 1 - 1e-12 <= effective_number(given_) <= len(given_) + 1e-12


@given(amounts, amounts, dues)
def test_no_distance_changes_by_more_than_the_shares_move(one: np.ndarray, two: np.ndarray, due: np.ndarray) -> None:
    """The triangle inequality, on which the intervals rest."""
    shift = fractions(one) - fractions(two)
    assert abs(total_variation(one, due) - total_variation(two, due)) <= moved(shift) + 1e-12
    assert abs(gini(one, due) - gini(two, due)) <= crossed(shift, fractions(due)) + 1e-12
