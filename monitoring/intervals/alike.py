"""Whether neighbouring days are more alike than chance makes them: then intervals over days are too narrow.

The intervals take an outlet's days for draws of their own, and what they add for neighbouring days
(`monitoring.intervals.resampling`) does not make up for all of it. Here it is asked whether the material shows such
a memory: how far each outlet-day moves each value, times the same of the outlet's next observed day, summed over days
and over rows of equal say (the numerator of the lag-one serial correlation), against the same sum after the dates
changed places within their strata. All outlets of a date move together, since they tell of the same news; so no
distribution is assumed. One-sided.

A drift over the weeks makes neighbouring days alike too; where weeks are strata it is only looked at within them.

Source: A. Wald and J. Wolfowitz, An exact test for randomness in the non-parametric case based on serial correlation,
Annals of Mathematical Statistics 14 (1943).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from monitoring.intervals.interval import ALIKE
from monitoring.intervals.outlet_days import Floats, Ints
from monitoring.intervals.resampling import SEED, influences
from monitoring.intervals.sums import Sums

ORDERS = 999
CALLED_AT = 0.05
"""The p-value up to which it is said: of results whose days are as they come, one in twenty is told so too."""


def days_are_alike(sums: Sums, rows: NDArray[np.bool_]) -> bool:
    """Whether the days behind some rows of a result are more like those before them than chance makes them."""
    if not rows.any():
        return False
    some = replace(sums, rows=sums.rows[rows], per_day=sums.per_day[:, rows])
    return chance_of_likeness(some) <= CALLED_AT


def chance_of_likeness(sums: Sums) -> float:
    """The p-value of the likeness of neighbouring days in all rows together; 1 where no days follow each other."""
    strata = sums.days.strata
    follows = np.flatnonzero(strata[1:] == strata[:-1])
    moved = influences(sums)
    size = np.sqrt((moved**2).sum(axis=0))
    moved = moved[:, size > ALIKE] / size[size > ALIKE]
    if not follows.size or not moved.size:
        return 1.0
    products = moved @ moved.T
    found = _together(products, np.arange(len(strata))[None], follows)
    drawn = _together(products, _orders(sums), follows)
    return float((1 + (drawn >= found - ALIKE).sum()) / (1 + ORDERS))


def _together(products: Floats, orders: Ints, follows: Ints) -> Floats:
    """The products of the days that follow each other in each order: (orders,)."""
    return np.asarray(products[orders[:, follows], orders[:, follows + 1]].sum(axis=1))


def _orders(sums: Sums) -> Ints:
    """The outlet-days with their dates in other orders: (ORDERS, days); each stratum keeps its places."""
    strata = sums.days.strata
    dates, date = np.unique(sums.days.table["date"].astype(str), return_inverse=True)
    keys = np.random.default_rng(SEED).random((ORDERS, len(dates)))
    found = np.empty((ORDERS, len(strata)), dtype=np.int64)
    for stratum in np.unique(strata):
        days = np.flatnonzero(strata == stratum)
        found[:, days] = days[np.argsort(keys[:, date[days]], axis=1)]
    return found
