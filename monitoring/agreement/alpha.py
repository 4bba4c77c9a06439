"""Krippendorff's alpha and percent agreement, from the table of coincidences.

Alpha is 1 - observed / expected disagreement over pairs of values that different coders gave to the same unit. A unit
with m values gives m (m - 1) ordered pairs, each of weight 1 / (m - 1), so that it counts as often as it was coded. A
missing value is no category: it makes no pair, and a unit with one value alone pairs with nothing and counts nowhere.

Alpha is undefined (NaN) where no unit has two values, and where all values that pair are the same category: then no
disagreement could be expected, and agreement on something that never varied says nothing about reliability
(Krippendorff 2013, section 12.3; 0 / 0 in the formula). Percent agreement is 1 there. It is 1 where all units are
agreed on and at least two categories occur.

Coincidences add: those of two sets of units are the sum of the two tables. So resampling needs one table for each
outlet-day, and every resample is a weighted sum of them (`monitoring.agreement.resampling`).

Example: three units of two coders (0, 0), (0, 1), (1, 1) give the table [[2, 1], [1, 2]]; observed disagreement is
2 of 6 pairs, expected 18 of 30, and alpha 1 - (2 / 6) / (18 / 30) = 0.444.

Sources: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); Krippendorff, Content Analysis (3rd edition
2013), chapter 12.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

MISSING = -1
"""In a table of ratings: this coder said nothing about this unit."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Level(StrEnum):
    """What may be read from the categories: names, their order, their distances, or their ratios."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def coincidences(ratings: Ints, categories: int, clusters: Ints | None = None, n_clusters: int | None = None) -> Floats:
    """How often each pair of categories was given to the same unit: (clusters, categories, categories), symmetric.

    `ratings` (units, coders) holds the numbers of the categories from 0, or MISSING. `clusters` (units,) says where
    each unit belongs (its outlet-day), from 0; without it all units are one cluster. A table sums to the number of
    values that pair. ValueError where a rating is no category.
    """
    ratings = np.asarray(ratings, dtype=np.int64)
    if ratings.size and (ratings.min() < MISSING or ratings.max() >= categories):
        raise ValueError(f"ratings go from 0 to {categories - 1}, and {MISSING} for a missing one")
    found = ratings != MISSING
    given = found.sum(axis=1)
    number = n_clusters if n_clusters is not None else 1 if clusters is None else int(clusters.max(initial=-1)) + 1
    start = np.zeros(len(ratings), dtype=np.int64) if clusters is None else np.asarray(clusters) * categories**2
    ratings = _packed(ratings, given)
    weights = 1.0 / np.maximum(given - 1, 1)
    table = np.zeros(number * categories**2)
    for one, other in combinations(range(ratings.shape[1]), 2):
        both = (ratings[:, one] != MISSING) & (ratings[:, other] != MISSING)
        cells = (start + ratings[:, one] * categories + ratings[:, other])[both]
        table += np.bincount(cells, weights[both], minlength=len(table))
    half = table.reshape(number, categories, categories)
    return half + half.transpose(0, 2, 1)


def _packed(ratings: Ints, given: Ints) -> Ints:
    """The values of each unit without the gaps: thirty coders of whom two see each unit need one pair of columns."""
    most = int(given.max(initial=0))
    return ratings if most == ratings.shape[1] else np.sort(ratings, axis=1)[:, ratings.shape[1] - most :]


def alpha_from(coincidence: Floats, level: Level, values: Sequence[float] | None = None) -> Floats:
    """Alpha of each table of coincidences (..., categories, categories); NaN where it is undefined.

    `values` are what the categories stand for (interval and ratio; 0, 1, 2, … unless told). Ordinal distances hang on
    how often the categories between were used, so each table has its own.
    """
    used = coincidence.sum(axis=-1)
    total = used.sum(axis=-1)
    if level == Level.NOMINAL:
        observed = total - np.trace(coincidence, axis1=-2, axis2=-1)
        expected = total**2 - (used**2).sum(axis=-1)
    else:
        distances = _distances(used, level, values)
        observed = (coincidence * distances).sum(axis=(-2, -1))
        expected = np.einsum("...c,...ck,...k->...", used, distances, used)
    undefined = np.full(np.shape(total), np.nan)
    share = np.divide(observed * (total - 1), expected, out=undefined, where=_varied(used) & (expected > 0))
    return np.asarray(1 - share)


def _varied(used: Floats) -> NDArray[np.bool_]:
    varied: NDArray[np.bool_] = (used > 0).sum(axis=-1) > 1
    return varied


def _distances(used: Floats, level: Level, values: Sequence[float] | None) -> Floats:
    """Squared differences of every two categories: (..., categories, categories), or one table for all."""
    if level == Level.ORDINAL:
        place = used.cumsum(axis=-1) - used / 2
    else:
        place = np.arange(used.shape[-1], dtype=float) if values is None else np.asarray(values, dtype=float)
    one, other = place[..., :, None], place[..., None, :]
    apart = one - other
    if level == Level.RATIO:
        both = one + other
        apart = np.divide(apart, both, out=np.zeros(apart.shape), where=both != 0)
    return np.asarray(apart**2)


def alpha(ratings: Ints, level: Level, values: Sequence[float] | None = None, categories: int | None = None) -> float:
    """Alpha of a table of ratings (units, coders) as in `coincidences`; NaN where it is undefined."""
    number = categories if categories is not None else int(np.max(ratings, initial=0)) + 1
    return float(alpha_from(coincidences(ratings, number)[0], level, values))


def percent_from(coincidence: Floats) -> Floats:
    """Share of agreeing pairs of each table (..., categories, categories), each unit as often as it was coded.

    The denominator are all pairs of values of the same unit; NaN where there is none.
    """
    total = coincidence.sum(axis=(-2, -1))
    agreed = np.trace(coincidence, axis1=-2, axis2=-1)
    return np.asarray(np.divide(agreed, total, out=np.full(np.shape(total), np.nan), where=total > 0))
