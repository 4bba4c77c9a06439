"""How good probabilities are against labels: figures on arrays, for one set of rows at a time.

`truth` and `said` are places on the scale (n,), `probabilities` (n, points), `right` booleans (n,), `confidence` the
highest probability of each row (n,), `groups` anything that tells which rows belong together (n,).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Truths = NDArray[np.bool_]

BINS = 10
"""Bins of equal width for the calibration error."""
LEVEL = 0.9
"""The accuracy that the covered rows must have."""
NAN = float("nan")


@dataclass(frozen=True)
class Bin:
    """One bin of a reliability table: rows with a confidence above `start` up to `end`.

    `confidence` is their mean confidence, `accuracy` the share that was right; both NaN without rows.
    """

    start: float
    end: float
    rows: int
    confidence: float
    accuracy: float


def confusion(truth: Whole, said: Whole, size: int) -> Whole:
    """(size, size) counts: a row for what the coder said, a column for what the model held likeliest."""
    counts: Whole = np.bincount(truth * size + said, minlength=size * size).reshape(size, size)
    return counts


def f1_of_each(counts: Whole) -> Real:
    """F1 of every point, from a confusion; NaN for a point that no coder gave.

    >>> f1_of_each(np.array([[2, 0, 0], [1, 1, 0], [0, 0, 0]])).round(2).tolist()
    [0.8, 0.67, nan]
    """
    given, said, both = counts.sum(axis=1), counts.sum(axis=0), np.diagonal(counts)
    score: Real = np.where(given > 0, 2 * both / np.maximum(given + said, 1), np.nan)
    return score


def mean_f1(counts: Whole, points: Sequence[int] | None = None) -> float:
    """Macro-F1 over the points that coders gave, or over those of them that are named; NaN without any."""
    each = f1_of_each(counts)
    chosen = each if points is None else each[list(points)]
    known = chosen[~np.isnan(chosen)]
    return float(known.mean()) if known.size else NAN


def reliability(right: Truths, confidence: Real, bins: int = BINS) -> tuple[Bin, ...]:
    """Bins of equal width from 0 to 1, each closed above: a confidence of 0.7 lies in the bin that ends there."""
    edges = np.arange(bins + 1) / bins
    place = np.clip(np.ceil(confidence * bins - 1e-9).astype(int) - 1, 0, bins - 1)
    rows = np.bincount(place, minlength=bins)
    divisor = np.where(rows > 0, rows, np.nan)
    sure = np.bincount(place, weights=confidence, minlength=bins) / divisor
    hit = np.bincount(place, weights=right.astype(float), minlength=bins) / divisor
    parts = zip(edges[:-1], edges[1:], rows, sure, hit, strict=True)
    return tuple(Bin(float(a), float(b), int(n), float(c), float(h)) for a, b, n, c, h in parts)


def calibration_error(right: Truths, confidence: Real, bins: int = BINS) -> float:
    """Expected calibration error: the distance of confidence and accuracy in each bin, weighted by its rows.

    >>> calibration_error(np.array([True, True, False, False]), np.array([0.8, 0.8, 0.8, 0.8])).__round__(2)
    0.3
    """
    if not right.size:
        return NAN
    filled = [part for part in reliability(right, confidence, bins) if part.rows]
    return float(sum(part.rows * abs(part.accuracy - part.confidence) for part in filled) / right.size)


def coverage(right: Truths, confidence: Real, rows: int, level: float = LEVEL) -> float:
    """The largest share of `rows`, taken from the surest downwards, of which still `level` is right.

    `rows` may be more than were judged: what a model says nothing about is not covered. Rows of equal confidence go
    together. The share is looked for on the rows it is told of, so on few rows it flatters.

    >>> coverage(np.array([True, True, False, True]), np.array([0.9, 0.8, 0.7, 0.6]), rows=4)
    0.5
    """
    if not rows:
        return NAN
    order = np.argsort(-confidence, kind="stable")
    taken = np.arange(1, right.size + 1)
    accuracy = np.cumsum(right[order]) / taken
    sorted_confidence = confidence[order]
    whole = np.append(sorted_confidence[1:] != sorted_confidence[:-1], True)[: right.size]
    fits = taken[(accuracy >= level - 1e-12) & whole]
    return float(fits.max() / rows) if fits.size else 0.0


def interval(right: Truths, groups: NDArray[Any], level: float = 0.95) -> tuple[float, float]:
    """An interval of the accuracy that knows rows of one group to be alike; NaN with fewer than two groups.

    The error is that of leaving out one group at a time. It says how many independent rows the sample is worth, and
    Wilson's interval for that number, with Student's t for so many groups, keeps within 0 and 1 and does not shrink to
    a point where all rows are right (there the sample is worth as many rows as there are groups).
    Source: Korn and Graubard (1998), Survey Methodology 24, 193-201, with Wilson's interval.
    """
    _, place = np.unique(groups, return_inverse=True)
    rows = np.bincount(place)
    if rows.size < 2:
        return NAN, NAN
    from scipy.special import stdtrit

    hits = np.bincount(place, weights=right.astype(float))
    share = float(right.mean())
    without = (hits.sum() - hits) / (rows.sum() - rows)
    variance = float(((without - without.mean()) ** 2).sum() * (rows.size - 1) / rows.size)
    worth = min(share * (1 - share) / variance, float(right.size)) if variance > 0 else float(rows.size)
    t = float(stdtrit(rows.size - 1, 0.5 + level / 2))
    return _wilson(share, worth, t)


def _wilson(share: float, rows: float, t: float) -> tuple[float, float]:
    """Wilson's interval of a share of `rows` independent rows."""
    weight = t * t / rows
    middle = (share + weight / 2) / (1 + weight)
    reach = t * float(np.sqrt(share * (1 - share) / rows + weight / rows / 4)) / (1 + weight)
    return max(0.0, middle - reach), min(1.0, middle + reach)
