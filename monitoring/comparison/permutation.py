"""Permutation tests of a difference of two ratios: dates are exchanged whole, thousands of ways at once.

The unit is a date: everything of a side on one date moves together, whatever outlets and bulletins it is made of, since
the stories of one day repeat. Two ways of exchanging:

- `swapped`: on a date on which both sides have something (two outlets, two sets of outlets, two contestants), the two
  sides change places or do not. Dates of one side only change places among themselves, as many on each side as before.
- `reordered`: for two stretches of time. Neighbouring dates are alike, so blocks of consecutive dates are put into
  another order, and the first so many dates are side a again. The blocks have n^(1/3) of n dates (Künsch 1989; 2 up to
  26 dates, 3 up to 63) and begin anywhere, the end joined to the beginning.

The statistic is the difference of the two ratios over its standard error, which is made anew for every exchange from
what each date adds to the difference, with the correction of the jackknife for dates that carry much. The difference
alone does not keep its level where the sides are of unequal size; the studentised one does (Janssen 1997; Chung and
Romano 2013), and it answers the question that is asked: whether two ratios differ, not whether everything about the two
sides is alike.

p is exact where all exchanges can be listed, else (1 + those at least as far out) / (1 + drawn), so that it is never 0
(Phipson and Smyth 2010). Two-sided. The seed is fixed: the same record gives the same p.

Sources: A. Janssen, Studentized permutation tests for non-i.i.d. hypotheses, Statistics and Probability Letters 36
(1997); E. Chung and J. P. Romano, Exact and asymptotically robust permutation tests, Annals of Statistics 41 (2013);
H. R. Künsch, The jackknife and the bootstrap for general stationary observations, Annals of Statistics 17 (1989);
B. Phipson and G. K. Smyth, Permutation p-values should never be zero, Statistical Applications in Genetics and
Molecular Biology 9 (2010).
"""

from dataclasses import dataclass
from itertools import permutations, product
from math import comb, factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]

PERMUTATIONS = 4999
SEED = 20070818
ALIKE = 1e-9
"""Statistics this close (relative) are equal: sums in another order differ in the last digits."""
NUMBERS_AT_ONCE = 400_000


@dataclass(frozen=True)
class Exchanges:
    """Labels (exchanges, dates): whether a date's first part stands on side a. The first row is what was observed.

    `exact` says that all possible exchanges are there, what was observed among them.
    """

    labels: Labels
    exact: bool


def swapped(paired: Labels, on_a: Labels, number: int = PERMUTATIONS, seed: int = SEED) -> Exchanges:
    """Exchanges of sides within dates; `paired` (dates,) says which have both, `on_a` on which side the others are."""
    observed = np.where(paired, True, on_a)
    pairs, alone = np.flatnonzero(paired), np.flatnonzero(~paired)
    ways = comb(len(alone), int(observed[alone].sum()))
    if ways == 1 and 2 ** len(pairs) <= number:
        found = np.repeat(observed[None], 2 ** len(pairs), axis=0)
        found[:, pairs] = np.array(list(product([True, False], repeat=len(pairs))), dtype=bool)
        return Exchanges(found, exact=True)
    draws = np.random.default_rng(seed)
    found = np.repeat(observed[None], number + 1, axis=0)
    found[1:, pairs] = draws.random((number, len(pairs))) < 0.5
    found[1:, alone] = draws.permuted(found[1:, alone], axis=1)
    return Exchanges(found, exact=False)


def block_length(dates: int) -> int:
    """How many consecutive dates move together: the cube root of their number, rounded down."""
    return max(int(dates ** (1 / 3) + ALIKE), 1)


def reordered(on_a: Labels, number: int = PERMUTATIONS, seed: int = SEED, block: int | None = None) -> Exchanges:
    """Exchanges of blocks of consecutive dates; `on_a` (dates,) in the order of time."""
    dates = len(on_a)
    length = block or block_length(dates)
    blocks = -(-dates // length)
    if factorial(blocks) * length <= number:
        orders = np.array([_order(dates, length, start, way) for start in range(length) for way in _ways(blocks)])
        return Exchanges(_labelled(on_a, orders), exact=True)
    draws = np.random.default_rng(seed)
    starts = draws.integers(0, length, number)
    orders = np.array([_order(dates, length, int(start), draws.permutation(blocks)) for start in starts])
    return Exchanges(np.concatenate([on_a[None], _labelled(on_a, orders)]), exact=False)


def _ways(blocks: int) -> list[tuple[int, ...]]:
    return list(permutations(range(blocks)))


def _order(dates: int, length: int, start: int, way: "tuple[int, ...] | NDArray[np.int64]") -> NDArray[np.int64]:
    """The dates in the order in which they stand after their blocks changed places; rolled back to where they began."""
    round_about = np.roll(np.arange(dates), -start)
    parts = [round_about[at : at + length] for at in range(0, dates, length)]
    return np.roll(np.concatenate([parts[place] for place in way]), start)


def _labelled(on_a: Labels, orders: NDArray[np.int64]) -> Labels:
    """Each date gets the side of the place at which it now stands."""
    found = np.empty(orders.shape, dtype=bool)
    np.put_along_axis(found, orders, np.broadcast_to(on_a, orders.shape), axis=1)
    return found


def p_values(first: Floats, second: Floats, exchanges: Exchanges) -> Floats:
    """The two-sided p-value of each row; NaN where a side has nothing.

    `first` and `second` (dates, rows, 2) hold part and whole: where a label is true `first` stands on side a and
    `second` on side b, else the other way round. An exchange for which the statistic is undefined counts as far out.
    """
    observed = statistics(first, second, exchanges.labels[:1])[0]
    drawn = exchanges.labels if exchanges.exact else exchanges.labels[1:]
    size = max(NUMBERS_AT_ONCE // max(first[..., 0].size, 1), 1)
    further = np.zeros(first.shape[1])
    for at in range(0, len(drawn), size):
        again = np.abs(statistics(first, second, drawn[at : at + size]))
        further += (~(again < np.abs(observed) * (1 - ALIKE))).sum(axis=0)
    one = 0 if exchanges.exact else 1
    return np.where(np.isnan(observed), np.nan, (one + further) / (one + len(drawn)))


def statistics(first: Floats, second: Floats, labels: Labels) -> Floats:
    """The difference of the ratios over its standard error for each exchange: (exchanges, rows)."""
    chosen = labels[:, :, None]
    a = [np.where(chosen, first[None, ..., part], second[None, ..., part]) for part in (0, 1)]
    b = [np.where(chosen, second[None, ..., part], first[None, ..., part]) for part in (0, 1)]
    with np.errstate(invalid="ignore", divide="ignore"):
        (ratio_a, moves_a), (ratio_b, moves_b) = _moves(*a), _moves(*b)
        difference = ratio_a - ratio_b
        error = np.sqrt(((moves_a - moves_b) ** 2).sum(axis=1))
        found = difference / error
    return np.where(np.abs(difference) <= ALIKE, 0.0, found)


def _moves(part: Floats, whole: Floats) -> tuple[Floats, Floats]:
    """The ratio of each exchange and row, and how far each date moves it (by leaving the date out)."""
    total = whole.sum(axis=1)
    ratio = part.sum(axis=1) / total
    rest = np.maximum(total[:, None] - whole, 0.02 * total[:, None])
    return ratio, (part - ratio[:, None] * whole) / rest
