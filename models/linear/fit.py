"""Fitting the linear backend: class-balanced logistic regression on counted runs, its strength chosen by folds."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.linear.weights import CUMULATIVE, SOFTMAX, Places, Real, Weights, weighed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

STRENGTHS = (0.1, 0.3, 1.0)
"""Inverse strengths of the penalty that are tried."""
RATED = 0.4  # how much the word lists weigh beside a block of counts
SEEN = 2  # texts in which a run must occur to be read
CERTAIN = 8.0  # logit of a point that the labels hold always, or never


def fit(counts: "csr_matrix", ratings: Real, tones: Places, size: int, strength: float) -> Weights:
    """The weights learned from rows (n, ...) whose tones are places on a scale of `size` points."""
    columns, rarity = _columns(counts)
    read, spread = weighed(counts, columns, rarity), _spread(ratings)
    balance = _balance(tones, size)
    if size == 3:
        heads, offsets = _one_for_each_point(_beside(read, ratings / spread), tones, size, strength, balance)
        ratio = np.ones((size, len(columns)))
    else:
        heads, offsets, ratio = _one_for_each_border(read, ratings / spread, tones, size, strength, balance)
    kind, words = SOFTMAX if size == 3 else CUMULATIVE, len(columns)
    return Weights(kind, columns, rarity, heads[:, :words] * ratio, heads[:, words:] / spread, offsets)


def out_of_fold(
    counts: "csr_matrix",
    ratings: Real,
    tones: Places,
    size: int,
    folds: Sequence[Places],
    step: Callable[[], None] = lambda: None,
    strengths: Sequence[float] = STRENGTHS,
) -> tuple[Real, float]:
    """(n, size) probabilities of every row by models that have not seen its fold, and the strength for all rows.

    `folds` are the held-out rows of each fold; the strength used for a fold is the best one on the others. `step` is
    called before each fit and may raise.
    """
    said = np.full((len(strengths), len(tones), size), np.nan)
    for held in folds:
        rest = np.setdiff1d(np.arange(len(tones)), held)
        for place, strength in enumerate(strengths):
            step()
            weights = fit(counts[rest], ratings[rest], tones[rest], size, strength)
            said[place, held] = weights.probabilities(counts[held], ratings[held])
    lost = losses(said, tones) * _balance(tones, size)
    return best_by_fold(said, lost, folds), strengths[int(lost.sum(axis=1).argmin())]


def losses(said: Real, tones: Places) -> Real:
    """(settings, n) logarithmic losses of probabilities (settings, n, size)."""
    return -np.log(np.clip(said[:, np.arange(len(tones)), tones], 1e-6, 1))


def best_by_fold(said: Real, lost: Real, folds: Sequence[Places]) -> Real:
    """(n, size): for the rows of a fold what the setting says that lost least on all other rows."""
    chosen = np.full(said.shape[1:], np.nan)
    for held in folds:
        elsewhere = lost.sum(axis=1) - lost[:, held].sum(axis=1)
        chosen[held] = said[int(elsewhere.argmin()), held]
    return chosen


def _columns(counts: "csr_matrix") -> tuple[NDArray[np.int32], Real]:
    rows = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.flatnonzero(rows >= SEEN).astype(np.int32)
    return columns, np.log((1 + counts.shape[0]) / (1 + rows[columns])) + 1


def _spread(ratings: Real) -> Real:
    """What the ratings are divided by; a column without any keeps its zeros."""
    deviation = ratings.std(axis=0)
    return np.where(deviation > 0, deviation, 1) / RATED


def _balance(tones: Places, size: int) -> Real:
    """(n,) weights that make every point that occurs weigh the same."""
    number = np.bincount(tones, minlength=size)
    return np.asarray(len(tones) / ((number > 0).sum() * np.maximum(number, 1)))[tones]


def _beside(read: "csr_matrix", ratings: Real) -> "csr_matrix":
    from scipy.sparse import csr_matrix, hstack

    return hstack([read, csr_matrix(ratings)], format="csr")


def _one_for_each_point(
    read: "csr_matrix", tones: Places, size: int, strength: float, balance: Real
) -> tuple[Real, Real]:
    from sklearn.linear_model import LogisticRegression

    heads, offsets = np.zeros((size, read.shape[1])), np.full(size, -CERTAIN)
    there = np.unique(tones)
    if len(there) == 1:
        offsets[there] = CERTAIN
        return heads, offsets
    fitted = LogisticRegression(C=strength, max_iter=200, tol=1e-3).fit(read, tones, sample_weight=balance)
    if len(there) == 2:
        heads[there[1]], offsets[there] = fitted.coef_[0], (0, fitted.intercept_[0])
    else:
        heads[there], offsets[there] = fitted.coef_, fitted.intercept_
    return heads, offsets


def _one_for_each_border(
    read: "csr_matrix", ratings: Real, tones: Places, size: int, strength: float, balance: Real
) -> tuple[Real, Real, Real]:
    """Heads for the borders below points 1 to size - 1, and how each run was weighed for each (m, v).

    A run counts by how much more often it stands above the border than below (naive Bayes weighting, Wang and Manning
    2012): worth a point of macro-F1 where there are two points.
    """
    from scipy.sparse import diags
    from sklearn.linear_model import LogisticRegression

    width = read.shape[1]
    heads, offsets = np.zeros((size - 1, width + ratings.shape[1])), np.zeros(size - 1)
    ratio = np.ones((size - 1, width))
    for border in range(size - 1):
        above = tones > border
        if above.all() or not above.any():
            offsets[border] = CERTAIN if above.all() else -CERTAIN
            continue
        ratio[border] = _ratio(read, above)
        its = _beside(read @ diags(ratio[border]), ratings)
        fitted = LogisticRegression(C=strength, solver="liblinear", tol=1e-3).fit(its, above, sample_weight=balance)
        heads[border], offsets[border] = fitted.coef_[0], fitted.intercept_[0]
    return heads, offsets, ratio


def _ratio(read: "csr_matrix", above: NDArray[np.bool_]) -> Real:
    occurs = read > 0
    high = 1 + np.asarray(occurs[above].sum(axis=0)).ravel()
    low = 1 + np.asarray(occurs[~above].sum(axis=0)).ravel()
    return np.asarray(np.log((high / high.sum()) / (low / low.sum())))
