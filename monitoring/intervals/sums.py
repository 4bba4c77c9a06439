"""What a metric adds over outlet-days: from it follow its value, every resample, and what it would be without a day."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.intervals.interval import Bounds
from monitoring.intervals.outlet_days import Floats, OutletDays

Statistic = Callable[[Floats], Floats]
"""From sums (resamples, rows, parts) to the value of each (resamples, rows); NaN where it is undefined."""


@dataclass(frozen=True)
class Sums:
    """The parts of a metric that add: `per_day` (days, rows, parts), for each row of `rows` (group columns and unit).

    `statistic` makes the values of them. `bounds` are those between which an interval may lie. `limits` makes low and
    high where the usual interval would not hold: of a value that chance can only move one way.
    """

    days: OutletDays
    rows: pd.DataFrame
    per_day: Floats
    statistic: Statistic
    bounds: Bounds = (0.0, 1.0)
    limits: "Callable[[Sums], tuple[Floats, Floats]] | None" = None

    @property
    def values(self) -> Floats:
        """The value of each row, from all outlet-days."""
        return np.asarray(self.statistic(self.per_day.sum(axis=0)[None])[0])


def ratio(sums: Floats) -> Floats:
    """Part over whole, from sums (resamples, rows, 2); NaN where there is no whole."""
    whole = sums[..., 1]
    return np.asarray(np.divide(sums[..., 0], whole, out=np.full(np.shape(whole), np.nan), where=whole > 0))


def total(sums: Floats) -> Floats:
    """The first part itself: a count, from sums (resamples, rows, 1)."""
    return np.asarray(sums[..., 0])
