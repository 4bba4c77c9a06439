"""How sure a measure of agreement is: intervals of 95 per cent from resampled outlet-days.

The bulletins of one day repeat their stories, and a coder's mood lasts a day, so passages of one outlet-day are not
independent: outlet-days are drawn with replacement, 1,000 times, always with the same seed. Every measure here follows
from sums over outlet-days, so a resample is a row of weights, and all of them are one matrix product.

The half-width is that of Student's t with one degree of freedom for each outlet-day but one, times the standard error
over the resamples, laid off on the logit scale between the measure's bounds (for alpha, from -1 to 1, this is Fisher's
z) and carried back. The standard error is half of what the middle 68 per cent of the resamples span: one of a thousand
may hold little more than one category, and alpha is anything there. Plain percentiles promise 95 per cent and hold 87
to 92 with 8 to 12 outlet-days; this holds 94 to 97 (`python -m benchmarks.agreement`).

Where no two coders ever disagreed, resampling sees no spread. Then the interval is that with half a unit of
disagreement more, on a day of its own: twenty of twenty does not pass for certainty. It cannot know that errors of a
day go together, and is narrow where they do. A resample in which the measure is undefined (one category alone) is left
out; where half of them are, there is no interval.

What the interval is about: these coders and other days like these. It says nothing about other coders.

Sources: Cameron, Gelbach and Miller, Bootstrap-based improvements for inference with clustered errors (2008); Hayes and
Krippendorff (2007) for resampling alpha; Woodruff, Confidence intervals for medians and other position measures (1952).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, isnan, nan

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20070818
"""Fixed, so that the same record always gives the same interval."""
LEVEL = 0.975
MIDDLE = (0.15866, 0.84134)
"""Quantiles one standard deviation to either side of the middle."""
CLUSTERS_AT_LEAST = 8
"""Fewer outlet-days than this cannot carry an interval."""
CELLS_AT_ONCE = 4_000_000
ALIKE = 1e-12
"""A spread, or a distance from the bound, that is nothing but rounding."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Statistic = Callable[[Floats], Floats]
"""From sums (resamples, ...) to the measure of each (resamples,); NaN where it is undefined."""


@dataclass(frozen=True)
class Estimate:
    """A measure, its interval (NaN where there is none), and what it rests on; `enough`: it can be read."""

    value: float
    low: float
    high: float
    units: int
    clusters: int
    enough: bool


@lru_cache(maxsize=4)
def weights(clusters: int) -> Floats:
    """How often each outlet-day was drawn in each resample: (RESAMPLES, clusters), read-only.

    Kept, since the measures of one group follow each other and have the same outlet-days; a few, since each is large.
    """
    drawn = np.random.default_rng(SEED).integers(0, clusters, (RESAMPLES, clusters))
    places = drawn + np.arange(RESAMPLES)[:, None] * clusters
    found = np.bincount(places.ravel(), minlength=RESAMPLES * clusters).reshape(RESAMPLES, clusters).astype(float)
    found.setflags(write=False)
    return found


def estimate(
    per_cluster: Floats, statistic: Statistic, units: int, bounds: tuple[float, float] = (-1.0, 1.0)
) -> Estimate:
    """A measure of summed clusters with its interval.

    `per_cluster` (clusters, ...) holds what adds, of each outlet-day; days with nothing in them do not count. `units`
    are the passages behind it. `bounds` are those of the measure: (-1, 1) for alpha, (0, 1) for a share; an infinite
    bound is none.
    """
    cells = per_cluster.reshape(len(per_cluster), -1)
    held = per_cluster[(cells != 0).any(axis=1)]
    value = float(statistic(held.sum(axis=0)[None])[0]) if len(held) else nan
    if isnan(value) or len(held) < CLUSTERS_AT_LEAST:
        return Estimate(value, nan, nan, units, len(held), False)
    error = standard_error(held, statistic)
    if error < ALIKE or not bounds[0] + ALIKE < value < bounds[1] - ALIKE:
        low, high = _of_alike(held, statistic, value, units, bounds)
    else:
        low, high = _laid_off(value, error, len(held) - 1, bounds)
    return Estimate(value, float(low), float(high), units, len(held), not isnan(low))


def standard_error(per_cluster: Floats, statistic: Statistic) -> float:
    """The spread of the measure over resamples of the clusters; NaN where half of the resamples are undefined."""
    number = len(per_cluster)
    cells = per_cluster.reshape(number, -1)
    drawn = weights(number)
    step = max(CELLS_AT_ONCE // cells.shape[1], 1)
    parts = [
        statistic((drawn[start : start + step] @ cells).reshape(-1, *per_cluster.shape[1:]))
        for start in range(0, RESAMPLES, step)
    ]
    again = np.concatenate(parts)
    again = again[~np.isnan(again)]
    if len(again) < RESAMPLES / 2:
        return nan
    low, high = np.quantile(again, MIDDLE)
    spread = (high - low) / 2 if high - low > ALIKE else np.std(again)
    return float(spread * np.sqrt(number / (number - 1)))


def _laid_off(value: float, error: float, degrees: int, bounds: tuple[float, float]) -> tuple[float, float]:
    """An interval that is symmetric on the logit scale between the bounds, or on a log or plain scale without them."""
    from scipy.special import stdtrit

    half = float(stdtrit(degrees, LEVEL)) * error
    lowest, highest = bounds
    below, above = value - lowest, highest - value
    if not isfinite(above) and not isfinite(below):
        return value - half, value + half
    if not isfinite(above):
        return lowest + below * np.exp(-half / below), lowest + below * np.exp(half / below)
    if not isfinite(below):
        return highest - above * np.exp(half / above), highest - above * np.exp(-half / above)
    odds, spread = below / above, half * (1 / below + 1 / above)
    low, high = (odds * np.exp(side * spread) for side in (-1, 1))
    width = highest - lowest
    return lowest + width * low / (1 + low), lowest + width * high / (1 + high)


def _of_alike(
    held: Floats, statistic: Statistic, value: float, units: int, bounds: tuple[float, float]
) -> tuple[float, float]:
    """The interval where everybody agreed: as if there were half a unit of disagreement more, on a day of its own."""
    more = _half_a_unit(held.sum(axis=0), units, bounds)
    if more is None:
        return _one_more(value, units, len(held) - 1, bounds)
    again = np.concatenate([held, more[None]])
    other, error = float(statistic(again.sum(axis=0)[None])[0]), standard_error(again, statistic)
    if isnan(other) or not error > ALIKE or not bounds[0] < other < bounds[1]:
        return nan, nan
    low, high = _laid_off(other, error, len(held), bounds)
    return min(low, value), max(high, value)


def _half_a_unit(total: Floats, units: int, bounds: tuple[float, float]) -> Floats | None:
    """A unit of two values, half agreed and half not, with categories as they were used; or a share half-way.

    None where the sums are neither a table of coincidences nor a part and its whole.
    """
    if total.ndim == 1 and len(total) == 2 and isfinite(sum(bounds)):
        return np.asarray(np.array([sum(bounds) / 2, 1.0]) * total[1] / max(units, 1))
    if total.ndim != 2 or len(total) < 2:
        return None
    used = total.sum(axis=0) / total.sum()
    apart = np.outer(used, used)
    np.fill_diagonal(apart, 0.0)
    if apart.sum() == 0:  # one category alone: any other one would have been the disagreement
        apart = np.outer(used, used == 0) + np.outer(used == 0, used)
    return np.asarray(np.diag(used) + apart / apart.sum())


def _one_more(value: float, units: int, degrees: int, bounds: tuple[float, float]) -> tuple[float, float]:
    """The interval of a share of which there were one unit more of either kind, as wide as the bounds are apart."""
    from scipy.special import stdtrit

    likely = (units + 1) / (units + 2)
    spread = float(np.sqrt(likely * (1 - likely) / max(units, 1)))
    half = float(stdtrit(degrees, LEVEL)) * spread * (bounds[1] - bounds[0])
    return (max(value - half, bounds[0]), min(value + half, bounds[1])) if isfinite(half) else (nan, nan)


def ratio(sums: Floats) -> Floats:
    """A share, from sums (resamples, 2) of the part and the whole; NaN where there is no whole."""
    whole = sums[..., 1]
    return np.asarray(np.divide(sums[..., 0], whole, out=np.full(np.shape(whole), np.nan), where=whole != 0))


def median_estimate(values: Floats, clusters: Ints) -> Estimate:
    """The median of values that lie in clusters, with its interval (Woodruff's).

    The share of values below the median (ties half) has a standard error over resampled outlet-days; the interval goes
    from the quantile that lies so much under a half to the one that lies so much over it. Values (units,) without NaN.
    """
    if not len(values):
        return Estimate(nan, nan, nan, 0, 0, False)
    value = float(np.median(values))
    place = np.unique(clusters, return_inverse=True)[1]
    below = (values < value) + 0.5 * (values == value)
    sums = np.column_stack([np.bincount(place, below), np.bincount(place)]).astype(float)
    number = len(sums)
    if number < CLUSTERS_AT_LEAST:
        return Estimate(value, nan, nan, len(values), number, False)
    error = max(standard_error(sums, ratio), 0.5 / len(values))
    share = _laid_off(0.5, error, number - 1, (0.0, 1.0))
    low, high = (float(each) for each in np.quantile(values, share))
    return Estimate(value, min(low, value), max(high, value), len(values), number, True)
