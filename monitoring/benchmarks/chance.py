"""How far a distance may be from the true one by chance: intervals that do not shut out 0 merely for being distances.

A distance is never below 0, so every chance movement of shares away from what is due makes it larger: the distance of
an outlet that gives exactly what is due is above 0 in any stretch of days, and that of its resamples lies higher
still. An interval from the spread of those resamples does not reach 0, and finds a deviation everywhere: in simulations
of 30 days with equal true shares it never covered.

Here chance is measured as a distance of its own. Each measure is a norm of shares less due, so by the triangle
inequality it differs from the true one by no more than the norm of found less true shares. How large that gets is read
off resamples less found shares: its 95th percentile, widened as every other interval is (by Student's t over the normal
law for few days, and to the error of the jackknife where that is larger), is the half-width (a confidence set of all
shares at once, carried over to the measure; R. Beran and P. W. Millar, Annals of Statistics 14(2), 1986). So an
interval leaves out 0 only where the distance is larger than chance alone makes it in 95 of 100 cases; it holds at least
what it promises, and far from 0 it is wider than it had to be.

`chance` is the mean of the same: about what would be found, with as many days, where true shares are exactly as due.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from monitoring.benchmarks.distance import Floats, fractions
from monitoring.intervals.interval import ALIKE, DAYS_AT_LEAST, LEVEL
from monitoring.intervals.measured import CELLS_AT_ONCE, degrees_of_freedom
from monitoring.intervals.resampling import (
    RESAMPLES,
    drawn_again,
    effective_degrees,
    influences,
    jackknife_error,
    variances,
)
from monitoring.intervals.sums import Sums

Norm = Callable[[Floats], Floats]
"""From differences of shares (..., contestants) to their length (...)."""
PART = 0.95


def by_chance(sums: Sums, norms: Sequence[Norm]) -> list[tuple[Floats, Floats]]:
    """Half-width and mean of chance, (rows,) each, for each norm; `sums` has contestants as its parts.

    NaN where intervals are not given elsewhere either: too few outlet-days, or nothing that varies.
    """
    degrees = degrees_of_freedom(sums)
    found = [(np.full(len(degrees), np.nan), np.full(len(degrees), np.nan)) for _ in norms]
    carried = np.flatnonzero(degrees >= DAYS_AT_LEAST - 1)
    at_once = max(1, CELLS_AT_ONCE // (RESAMPLES * max(1, sums.per_day.shape[-1])))
    for rows in np.split(carried, range(at_once, len(carried), at_once)):
        some = replace(sums, rows=sums.rows.iloc[rows], per_day=sums.per_day[:, rows])
        moves, (larger, free) = _moves(some), _widened(some)
        for (half, mean), norm in zip(found, norms, strict=True):
            half[rows], mean[rows] = _spread(norm(moves) * larger, np.minimum(free, degrees[rows]))
    return found


def _widened(sums: Sums) -> tuple[Floats, Floats]:
    """How much larger the moves of shares are than days drawn one by one show, and their degrees of freedom: (rows,).

    Both are those of the jackknife, of all contestants' shares together: it sees neighbouring days and outlets that are
    alike, and strata of few days that make most of the error.
    """
    shares = replace(sums, statistic=lambda amounts: fractions(amounts).reshape(len(amounts), -1))
    moved = influences(shares)
    alone = sum(variances(shares, moved).values(), np.zeros(moved.shape[1]))
    together = jackknife_error(shares, moved) ** 2
    of_rows = sums.per_day.shape[1:]
    alone, together = (part.reshape(of_rows).sum(axis=1) for part in (alone, together))
    larger = np.sqrt(np.divide(together, alone, out=np.ones(len(alone)), where=alone > 0))
    each_day = length(moved.reshape(len(moved), *of_rows))
    return larger, effective_degrees(sums, each_day, sums.days.belonging(sums.rows))


def length(differences: Floats) -> Floats:
    """The length of differences of shares (..., contestants)."""
    return np.asarray(np.sqrt((differences**2).sum(axis=-1)))


def limits_of_effective_number(sums: Sums) -> tuple[Floats, Floats]:
    """Low and high of the effective number of contestants, (rows,) each; `sums` has contestants as its parts."""
    return effective_between(sums.per_day.sum(axis=0), by_chance(sums, [length])[0][0])


def effective_between(amounts: Floats, half: Floats) -> tuple[Floats, Floats]:
    """The effective number is 1 / (1/n + d^2), d the length of shares less equal ones: d has the half-width `half`."""
    number = amounts.shape[-1]
    away = length(fractions(amounts) - 1 / max(number, 1))
    low, high = (1 / (1 / max(number, 1) + end**2) for end in (away + half, np.maximum(away - half, 0)))
    return np.maximum(low, 1), high


def _moves(sums: Sums) -> Floats:
    """Shares of every resample less the shares found: (resamples, rows, contestants)."""
    return fractions(drawn_again(sums)) - fractions(sums.per_day.sum(axis=0))


def _spread(lengths: Floats, degrees: np.ndarray) -> tuple[Floats, Floats]:
    """The widened percentile and the mean of lengths (resamples, rows)."""
    from scipy.special import ndtri, stdtrit

    usable = np.isfinite(lengths).mean(axis=0) >= 1 / 2
    known = np.where(usable, lengths, 0.0)
    half = np.nanquantile(known, PART, axis=0) * stdtrit(np.maximum(degrees, 1), LEVEL) / ndtri(LEVEL)
    usable &= half > ALIKE
    return np.where(usable, half, np.nan), np.where(usable, np.nanmean(known, axis=0), np.nan)
