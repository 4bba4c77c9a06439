"""How far shares lie from what is due: pure functions on shares among contestants, along the last axis.

Shares are fractions of what all contestants got together, contestants without any as zeros; amounts do as well, since
every function divides by their sum. NaN where there is nothing to divide, or where a share is NaN.

    shares 0.75 0.25 0.00, due a third each   total variation 0.417, Gini 0.5, effective number 1.6

Sources: total variation: D. A. Levin and Y. Peres, Markov Chains and Mixing Times, 2nd ed. (2017), section 4.1; as a
measure of disproportion it is that of J. Loosemore and V. J. Hanby, British Journal of Political Science 1(4) (1971).
Effective number: M. Laakso and R. Taagepera, Comparative Political Studies 12(1) (1979). Gini: C. Gini, Variabilità e
mutabilità (1912); of shares against what is due: R. Taagepera and B. Grofman, Party Politics 9(6) (2003).
"""

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def fractions(amounts: ArrayLike) -> Floats:
    """Amounts as fractions of their sum over the last axis; NaN where the sum is nothing."""
    given = np.asarray(amounts, dtype=float)
    whole = given.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(given, whole, out=np.full(given.shape, np.nan), where=whole > 0))


def total_variation(shares: ArrayLike, due: ArrayLike) -> Floats:
    """Half of the sum of absolute differences: the part of the contestants' time that would have to change hands.

    A fraction from 0 (as due) to 1 (all of it with those who are due nothing).
    """
    return moved(fractions(shares) - fractions(due))


def moved(differences: ArrayLike) -> Floats:
    """Half of the sum of absolute differences: a norm, which total variation is of shares less due."""
    return np.asarray(np.abs(np.asarray(differences, dtype=float)).sum(axis=-1) / 2)


def effective_number(shares: ArrayLike) -> Floats:
    """1 / sum of squared shares: n for n equal shares, 1 where one contestant has everything."""
    squares = (fractions(shares) ** 2).sum(axis=-1)
    return np.asarray(1 / squares)


def gini(shares: ArrayLike, due: ArrayLike | None = None) -> Floats:
    """Gini's coefficient of the shares, contestants without any included as zeros.

    Without `due`: half of the mean absolute difference over the mean, all pairs counted (a contestant with itself
    too), without a correction for small numbers; from 0 (equal) to (n - 1) / n (one has everything). With `due`: the
    same of share / due, each contestant counting as much as it is due, which is half of the sum over pairs of
    |share_i due_j - share_j due_i|; so it is also defined for those who are due nothing. 0 as due, up to 1.
    """
    given = fractions(shares)
    equal = np.full(given.shape[-1], 1 / given.shape[-1]) if given.shape[-1] else np.zeros(0)
    return crossed(given, equal if due is None else fractions(due))


def crossed(differences: ArrayLike, due: ArrayLike) -> Floats:
    """Sum over pairs of |x_i due_j - x_j due_i|: a seminorm, the same for shares and for shares less due."""
    x, owed = np.asarray(differences, dtype=float), np.asarray(due, dtype=float)
    found = np.zeros(np.broadcast_shapes(x.shape, owed.shape)[:-1])
    for one, other in combinations(range(x.shape[-1]), 2):
        found = found + np.abs(x[..., one] * owed[..., other] - x[..., other] * owed[..., one])
    return found
