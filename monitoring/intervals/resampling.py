"""Resampling of outlet-days within their strata: weights once, then matrix products for all cells.

Of a stratum with n outlet-days n - 1 are drawn with replacement and counted n / (n - 1) times (Rao and Wu 1988), so
that the spread over resamples is that of the estimate also where strata are small; plain resampling is too narrow by
the factor (n - 1) / n. A stratum of one day cannot vary. Each stratum draws from a stream of its own, seeded by its
outlet and first day: whatever other outlets are selected, its days are drawn the same.

Beside it stands the jackknife: what the value would be without each outlet-day in turn. It needs no chance, is the
larger of the two where few days carry a value (Efron and Stein 1981), and can see that days which follow each other,
and outlets on one date, are alike: then the products of their influences are added, with falling weights for days
(Newey and West 1987), whole for dates (Cameron, Gelbach and Miller 2011). Draws see neither.

Sources: J. N. K. Rao and C. F. J. Wu, Resampling inference with complex survey data, JASA 83 (1988); B. Efron and
C. Stein, The jackknife estimate of variance, Annals of Statistics 9 (1981); W. K. Newey and K. D. West, A simple,
positive semi-definite, heteroskedasticity and autocorrelation consistent covariance matrix, Econometrica 55 (1987);
F. E. Satterthwaite, An approximate distribution of estimates of variance components, Biometrics Bulletin 2 (1946);
A. C. Cameron, J. B. Gelbach and D. L. Miller, Robust inference with multiway clustering, Journal of Business and
Economic Statistics 29 (2011).
"""

from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from monitoring.intervals.outlet_days import Floats, Ints
from monitoring.intervals.sums import Sums

RESAMPLES = 1000
SEED = 20070818
"""Fixed, so that the same record always gives the same interval."""
BLOCKS_AT_MOST = 64
MEMORY_DAYS = 2
"""How many days before a day may share what it has in excess."""
MEMORY_FROM = 10
"""Strata of fewer days cannot tell whether they do."""


def weights(
    strata: Ints, resamples: int = RESAMPLES, seed: int = SEED, streams: tuple[str, ...] | None = None
) -> Floats:
    """How often each outlet-day counts in each resample: (resamples, days), read-only; rows sum to the days.

    `streams` are the names by which strata are seeded, in the order of their numbers; without them the numbers are.
    """
    return _weights(tuple(int(each) for each in strata), resamples, seed, streams)


@lru_cache(maxsize=8)
def _weights(strata: tuple[int, ...], resamples: int, seed: int, streams: tuple[str, ...] | None) -> Floats:
    found = np.empty((len(strata), resamples))  # a day's weights lie together: products read them in one go
    of = np.asarray(strata, dtype=np.int64)
    resample = np.arange(resamples)[:, None]
    for place, stratum in enumerate(np.unique(of)):
        days = np.flatnonzero(of == stratum)
        number = len(days)
        if number == 1:
            found[days] = 1.0
            continue
        draws = _stream(streams[place] if streams else str(stratum), seed)
        drawn = draws.integers(0, number, (resamples, number - 1)) * resamples + resample
        counts = np.bincount(drawn.ravel(), minlength=resamples * number).reshape(number, resamples)
        found[_stretch(days)] = counts * (number / (number - 1))
    found.setflags(write=False)
    return found.T


def _stream(name: str, seed: int) -> np.random.Generator:
    """The draws of one stratum: other names, independent draws."""
    return np.random.default_rng([seed, int.from_bytes(sha256(name.encode()).digest()[:16], "big")])


def drawn_again(sums: Sums) -> Floats:
    """The sums of every resample of the outlet-days: (resamples, rows, parts)."""
    days = sums.days
    return replicates(weights(days.strata, streams=days.streams), sums.per_day, days.strata)


def _stretch(days: Ints) -> slice | Ints:
    """The days as a slice where they follow each other, which is quicker to write to."""
    together = days[-1] - days[0] == len(days) - 1
    return slice(int(days[0]), int(days[-1]) + 1) if together else days


def replicates(drawn: Floats, per_day: Floats, strata: Ints | None = None) -> Floats:
    """Sums in every resample: weights (resamples, days) and amounts (days, ...) -> (resamples, ...).

    With `strata`, cells are multiplied only with the days of the strata in which they have anything: an outlet's cells
    with its own days. The numbers are the same.
    """
    flat = per_day.reshape(len(per_day), -1)
    found = np.empty((flat.shape[1], len(drawn)))
    whole = [(slice(None), slice(None))]
    for days, cells in whole if strata is None else _blocks(flat, strata) or whole:
        np.matmul(flat[days, cells].T, drawn[:, days].T, out=found[cells])
    return np.moveaxis(found.reshape(*per_day.shape[1:], len(drawn)), -1, 0)


def _blocks(flat: Floats, strata: Ints) -> list[tuple[slice, slice]]:
    """Stretches of cells that are about the same stretch of days; none where cells or days do not lie in stretches."""
    numbers = np.unique(strata)
    if (np.diff(strata) < 0).any() or len(numbers) < 2 or not flat.size:
        return []
    starts = np.searchsorted(strata, numbers)
    held = np.add.reduceat(flat != 0, starts, axis=0) > 0
    first, last = held.argmax(axis=0), len(numbers) - 1 - held[::-1].argmax(axis=0)
    borders = np.flatnonzero((np.diff(first) != 0) | (np.diff(last) != 0)) + 1
    if len(borders) >= BLOCKS_AT_MOST:
        return []
    ends = [*starts[1:], len(strata)]
    return [
        (slice(starts[first[opens]], ends[last[opens]]), slice(opens, closes))
        for opens, closes in zip([0, *borders], [*borders, flat.shape[1]], strict=True)
    ]


def influences(sums: Sums) -> Floats:
    """How far each outlet-day moves each value: the value without the day, less the value (days, rows).

    The other days of the stratum stand in for the one that is left out. A day without which the value is undefined
    counts for nothing.
    """
    return np.asarray(np.nan_to_num(sums.statistic(_without(sums)) - sums.values[None]))


def jackknife_error(sums: Sums, influence: Floats | None = None) -> Floats:
    """The standard error of each row from its values without each outlet-day in turn: (rows,); 0 where none varies.

    To it comes what neighbouring days, and outlets on one date, have in excess together: where the products of their
    influences add to the variance, they are added. Where they would take from it they are not.
    """
    influence = influences(sums) if influence is None else influence
    alone = sum(variances(sums, influence).values(), np.zeros(influence.shape[1]))
    return np.asarray(np.sqrt(alone + _of_neighbours(sums, influence) + _of_one_date(sums, influence)))


def _of_neighbours(sums: Sums, influence: Floats) -> Floats:
    """What an outlet's neighbouring days add to the variance: (rows,); weights 2/3 and 1/3 for one and two days apart.

    Over the border of a week too: news does not end on Sunday, and within a week too few days follow each other.
    """
    _, outlet = np.unique(sums.days.table["outlet"].astype(str), return_inverse=True)
    sizes = np.bincount(outlet)[outlet]
    together = np.zeros(influence.shape[1])
    for apart in range(1, MEMORY_DAYS + 1):
        same = (outlet[apart:] == outlet[:-apart]) & (sizes[apart:] >= MEMORY_FROM)
        products = (influence[apart:] * influence[:-apart])[same].sum(axis=0)
        together += 2 * (1 - apart / (MEMORY_DAYS + 1)) * products
    return np.asarray(np.maximum(together, 0.0))


def _of_one_date(sums: Sums, influence: Floats) -> Floats:
    """What outlets add to the variance because they tell the news of one date alike: (rows,)."""
    dates, date = np.unique(sums.days.table["date"].astype(str), return_inverse=True)
    added = np.zeros((len(dates), influence.shape[1]))
    np.add.at(added, date, influence)
    return np.asarray(np.maximum((added**2).sum(axis=0) - (influence**2).sum(axis=0), 0.0))


def variances(sums: Sums, influence: Floats) -> dict[int, Floats]:
    """What each stratum adds to the variance of each row by the jackknife: (rows,) for each stratum."""
    strata = sums.days.strata
    found = {}
    for stratum in np.unique(strata):
        own = influence[strata == stratum]
        found[int(stratum)] = (len(own) - 1) / len(own) * (own**2).sum(axis=0)
    return found


def effective_degrees(sums: Sums, influence: Floats, belongs: NDArray[np.bool_]) -> Floats:
    """Degrees of freedom of the error of each row (rows,), at most its days less its strata (Satterthwaite 1946).

    Where one stratum of five days makes most of the variance, it is as sure as five days are, whatever many days the
    others have. `belongs` (days, rows) says which days a row could have drawn something from. 0 where nothing varies.
    """
    strata, whole, parts = sums.days.strata, np.zeros(influence.shape[1]), np.zeros(influence.shape[1])
    for stratum, variance in variances(sums, influence).items():
        free = np.maximum(belongs[strata == stratum].sum(axis=0) - 1, 1)
        whole, parts = whole + variance, parts + variance**2 / free
    return np.divide(whole**2, parts, out=np.zeros(len(whole)), where=parts > 0)


def _without(sums: Sums) -> Floats:
    """The sums without each day, the others of its stratum counting n / (n - 1) times: (days, rows, parts)."""
    strata = sums.days.strata
    count = int(strata.max(initial=0)) + 1
    sizes = np.bincount(strata, minlength=count)
    of_stratum = np.zeros((count, *sums.per_day.shape[1:]))
    np.add.at(of_stratum, strata, sums.per_day)
    rest = (of_stratum[strata] - sums.per_day) / np.maximum(sizes[strata] - 1, 1).reshape(-1, 1, 1)
    return np.asarray(sums.per_day.sum(axis=0)[None] - sums.per_day + rest)
