"""Permutation tests: against enumeration by hand and scipy, and their laws."""

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy.stats import permutation_test

from monitoring.comparison.permutation import (
    Exchanges,
    block_length,
    p_values,
    reordered,
    statistics,
    swapped,
)

Floats = NDArray[np.float64]
BOTH = np.ones(6, dtype=bool)


def studentised(a: list[tuple[float, float]], b: list[tuple[float, float]]) -> float:
    """The statistic written out date by date; a date is (part, whole) on each side."""
    found = []
    for side in (a, b):
        part, whole = (sum(date[place] for date in side) for place in (0, 1))
        ratio = part / whole
        found.append((ratio, [(x - ratio * y) / max(whole - y, 0.02 * whole) for x, y in side]))
    moved = sum((one - other) ** 2 for one, other in zip(found[0][1], found[1][1], strict=True))
    difference = found[0][0] - found[1][0]
    return 0.0 if abs(difference) <= 1e-9 else float(difference / np.sqrt(moved))


def dates(seed: int, number: int = 6) -> Floats:
    draws = np.random.default_rng(seed)
    whole = draws.integers(50, 100, (number, 1)).astype(float)
    return np.stack([whole * draws.random((number, 1)), whole], axis=-1)


@pytest.mark.parametrize("seed", range(5))
def test_swaps_against_a_loop_over_all_of_them(seed: int) -> None:
    first, second = dates(seed), dates(seed + 100)
    a, b = ([tuple(date[0]) for date in side.tolist()] for side in (first, second))
    observed = abs(studentised(a, b))
    further = 0
    for stay in product([True, False], repeat=6):
        one = [x if keep else y for x, y, keep in zip(a, b, stay, strict=True)]
        other = [y if keep else x for x, y, keep in zip(a, b, stay, strict=True)]
        further += abs(studentised(one, other)) >= observed * (1 - 1e-9)
    exchanges = swapped(BOTH, BOTH)
    assert exchanges.exact
    assert p_values(first, second, exchanges)[0] == pytest.approx(further / 64)


@pytest.mark.parametrize("seed", range(5))
def test_orders_against_a_loop_over_all_choices_of_days(seed: int) -> None:
    """Blocks of one date: every choice of three dates out of six comes equally often."""
    dated = dates(seed)
    on_a = np.array([True] * 3 + [False] * 3)
    rows = [tuple(date[0]) for date in dated.tolist()]

    def value(chosen: tuple[int, ...]) -> float:
        nothing = (0.0, 0.0)
        a = [row if place in chosen else nothing for place, row in enumerate(rows)]
        b = [nothing if place in chosen else row for place, row in enumerate(rows)]
        return abs(studentised(a, b))

    observed = value((0, 1, 2))
    ways = [value(chosen) for chosen in combinations(range(6), 3)]
    expected = sum(way >= observed * (1 - 1e-9) for way in ways) / comb(6, 3)
    exchanges = reordered(on_a, block=1)
    assert exchanges.exact
    assert p_values(dated, np.zeros_like(dated), exchanges)[0] == pytest.approx(expected)


def paired_t(one: Floats, other: Floats, axis: int = -1) -> Floats:
    moved = one - other
    ratio = moved - moved.mean(axis=axis, keepdims=True)
    return np.asarray(moved.mean(axis=axis) / np.sqrt((ratio**2).sum(axis=axis)))


def test_with_equal_wholes_it_is_the_paired_test_of_scipy() -> None:
    draws = np.random.default_rng(3)
    a, b = draws.random(9), draws.random(9) + 0.2
    first, second = (np.stack([side[:, None], np.ones((9, 1))], axis=-1) for side in (a, b))
    ours = p_values(first, second, swapped(np.ones(9, dtype=bool), np.ones(9, dtype=bool)))[0]
    theirs = permutation_test((a, b), paired_t, permutation_type="samples", n_resamples=10_000, vectorized=True)
    assert ours == pytest.approx(theirs.pvalue)


def test_with_equal_wholes_it_is_the_independent_test_of_scipy() -> None:
    draws = np.random.default_rng(4)
    values = draws.random(8)
    on_a = np.array([True] * 4 + [False] * 4)

    def welch(one: Floats, other: Floats, axis: int = -1) -> Floats:
        spread = one.var(axis=axis) + other.var(axis=axis)
        return np.asarray((one.mean(axis=axis) - other.mean(axis=axis)) / np.sqrt(spread))

    part = np.stack([values[:, None], np.ones((8, 1))], axis=-1)
    exchanges = reordered(on_a, number=50_000, block=1)
    assert exchanges.exact
    ours = p_values(part, np.zeros_like(part), exchanges)[0]
    theirs = permutation_test((values[:4], values[4:]), welch, n_resamples=10_000, vectorized=True)
    assert ours == pytest.approx(theirs.pvalue)


amounts = arrays.arrays(np.float64, (10, 3), elements=st.integers(0, 50).map(float))


@settings(deadline=None)
@given(amounts, amounts, amounts, amounts)
def test_laws_of_swaps(part_a: Floats, rest_a: Floats, part_b: Floats, rest_b: Floats) -> None:
    first = np.stack([part_a, part_a + rest_a], axis=-1)
    second = np.stack([part_b, part_b + rest_b], axis=-1)
    both = np.ones(10, dtype=bool)
    exchanges = swapped(both, both, number=200)
    p = p_values(first, second, exchanges)
    known = np.isfinite(p)
    assert ((p[known] > 0) & (p[known] <= 1)).all()
    empty = (first[..., 1].sum(axis=0) == 0) | (second[..., 1].sum(axis=0) == 0)
    assert (known == ~empty).all(), "without material there is no p"
    assert np.allclose(p_values(second, first, exchanges), p, equal_nan=True), "sides exchanged: the same p"
    assert np.allclose(p_values(7 * first, 7 * second, exchanges), p, equal_nan=True), "another unit: the same p"
    one = exchanges.labels[:1]
    there, back = statistics(first, second, one)[0], statistics(second, first, one)[0]
    assert np.allclose(there, -back, equal_nan=True)


def test_two_alike_do_not_differ() -> None:
    same = dates(1)
    assert p_values(same, same, swapped(BOTH, BOTH)).tolist() == [1.0]


def test_dates_of_one_side_keep_their_number_on_each() -> None:
    paired = np.array([True, True, False, False, False, False, False])
    on_a = np.array([True, True, True, True, False, False, False])
    exchanges = swapped(paired, on_a, number=300)
    assert not exchanges.exact
    assert (exchanges.labels[:, 2:].sum(axis=1) == 2).all()
    assert 0.4 < exchanges.labels[1:, 0].mean() < 0.6
    assert (exchanges.labels[0] == on_a).all()


@pytest.mark.parametrize(("number", "length"), [(1, 1), (7, 1), (8, 2), (26, 2), (27, 3), (30, 3), (63, 3), (64, 4)])
def test_length_of_blocks(number: int, length: int) -> None:
    assert block_length(number) == length


def test_neighbours_move_together() -> None:
    """Of blocks of three every date but those at a border stands beside a neighbour of the same side."""
    on_a = np.arange(30) < 12
    exchanges = reordered(on_a, number=500)
    assert (exchanges.labels.sum(axis=1) == 12).all()
    borders = (exchanges.labels != np.roll(exchanges.labels, 1, axis=1)).sum(axis=1)
    single = (np.random.default_rng(1).permuted(np.tile(on_a, (500, 1)), axis=1)).astype(int)
    assert borders.mean() < 0.5 * np.abs(np.diff(single, axis=1)).sum(axis=1).mean()


def test_the_same_record_gives_the_same_p() -> None:
    first, second = dates(1, 30), dates(2, 30)
    both = np.ones(30, dtype=bool)
    assert p_values(first, second, swapped(both, both)) == p_values(first, second, swapped(both, both))


def test_p_is_never_nothing() -> None:
    first, second = dates(1, 40), dates(2, 40)
    first[..., 0] = 0.9 * first[..., 1] + np.arange(40)[:, None] * 0.01
    second[..., 0] = 0.1 * second[..., 1]
    both = np.ones(40, dtype=bool)
    assert p_values(first, second, swapped(both, both, number=999)).tolist() == [1 / 1000]


def test_an_undefined_exchange_counts_as_far_out() -> None:
    """The only date with material on side b cannot be given away without leaving it empty."""
    first = np.array([[[1.0, 2.0]], [[1.0, 3.0]], [[2.0, 3.0]]])
    labels = np.array([[True, True, False], [True, True, True]])
    assert p_values(first, np.zeros_like(first), Exchanges(labels, exact=True)).tolist() == [1.0]
