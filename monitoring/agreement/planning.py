"""How much to code twice, for an interval of alpha as narrow as wanted.

The width follows from the spread of one outlet-day: the standard error shrinks with the square root of the number of
outlet-days, and Student's t with it. The spread is the one seen so far; before enough was coded twice it is assumed
(`assumed`), from simulated missions: alpha of 0.7 and the spread of an outlet-day with about a dozen passages of two
coders on three points of tone (`python -m benchmarks.agreement`).

Days that are drawn from now on are taken to be as large, and coded as often, as those so far. More passages of the same
days help less than more days.

Source: Krippendorff, Content Analysis (3rd edition 2013), section 12.4, on the size of reliability data, asks the same
of the units; here whole outlet-days are drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, isnan, nan, sqrt, tanh

import numpy as np
from numpy.typing import NDArray

from monitoring.agreement.alpha import Level, alpha_from
from monitoring.agreement.resampling import CLUSTERS_AT_LEAST, LEVEL, standard_error

ASSUMED_ALPHA = 0.7
ASSUMED_SPREAD = 0.5
"""Of one outlet-day, on Fisher's z scale; see above."""
MOST = 100_000
"""Outlet-days; a plan that wants more is none."""


@dataclass(frozen=True)
class Plan:
    """What a wanted width takes.

    `width` is high minus low, `alpha` and `spread` what the plan rests on (`assumed` where nothing was seen yet),
    `clusters` the outlet-days to be coded twice in all (None: more than any mission has), `airings` their airings and
    `share` these of all airings (NaN where their number was not given; above 1 it cannot be had).
    """

    width: float
    alpha: float
    spread: float
    assumed: bool
    clusters: int | None
    airings: float
    share: float


def needed(
    coincidence_per_cluster: NDArray[np.float64] | None,
    level: Level,
    width: float,
    values: Sequence[float] | None = None,
    coded: int | None = None,
    airings: int | None = None,
) -> Plan:
    """How many outlet-days have to be coded twice for an interval of `width`.

    `coincidence_per_cluster` (clusters, categories, categories) is what was coded twice so far, or None; `coded` the
    airings that it came from, `airings` all that the mission has. Without `coded` an outlet-day is one airing.
    ValueError where the width is not between 0 and 2, the whole range.
    """
    if not 0 < width < 2:
        raise ValueError("the width of an interval of alpha lies between 0 and 2")
    held = _held(coincidence_per_cluster)
    value, spread = _seen(held, level, values)
    assumed = isnan(spread)
    if assumed:
        value, spread = ASSUMED_ALPHA, ASSUMED_SPREAD
    clusters = _fewest(value, spread, width)
    each = coded / len(held) if coded and len(held) else 1.0
    wanted = nan if clusters is None else float(np.ceil(clusters * each))
    return Plan(width, value, spread, assumed, clusters, wanted, wanted / airings if airings else nan)


def width_of(alpha: float, spread: float, clusters: int) -> float:
    """The width of the interval that so many outlet-days give; `spread` of one outlet-day, on Fisher's z scale."""
    from scipy.special import stdtrit

    half = float(stdtrit(clusters - 1, LEVEL)) * spread / sqrt(clusters)
    return tanh(atanh(alpha) + half) - tanh(atanh(alpha) - half)


def _held(coincidence_per_cluster: NDArray[np.float64] | None) -> NDArray[np.float64]:
    if coincidence_per_cluster is None:
        return np.zeros((0, 1, 1))
    return np.asarray(coincidence_per_cluster[coincidence_per_cluster.sum(axis=(1, 2)) > 0])


def _seen(held: NDArray[np.float64], level: Level, values: Sequence[float] | None) -> tuple[float, float]:
    """Alpha so far and the spread of one outlet-day; NaN where too few were coded, or all of it alike."""

    def measure(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return alpha_from(sums, level, values)

    if len(held) < CLUSTERS_AT_LEAST:
        return nan, nan
    value = float(measure(held.sum(axis=0)[None])[0])
    error = standard_error(held, measure)
    if isnan(value) or not error > 0 or not -1 < value < 1:
        return nan, nan
    return value, error * sqrt(len(held)) / (1 - value**2)


def _fewest(alpha: float, spread: float, width: float) -> int | None:
    """The fewest outlet-days whose interval is not wider; the width falls with each one."""
    below, above = CLUSTERS_AT_LEAST - 1, MOST
    if width_of(alpha, spread, above) > width:
        return None
    while above - below > 1:
        middle = (below + above) // 2
        if width_of(alpha, spread, middle) <= width:
            above = middle
        else:
            below = middle
    return above
