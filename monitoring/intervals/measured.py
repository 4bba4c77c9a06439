"""A metric's result with its intervals: `low` and `high` filled where the material carries them.

`result.attrs[ALIKE]` says of one with intervals whether its neighbouring days are more alike than chance makes them
(`monitoring.intervals.alike`), for the note beside it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from monitoring.coverage import Coverage
from monitoring.intervals.alike import days_are_alike
from monitoring.intervals.interval import DAYS_AT_LEAST, Bounds, intervals
from monitoring.intervals.resampling import RESAMPLES, drawn_again, effective_degrees, influences, jackknife_error
from monitoring.intervals.sums import Sums
from monitoring.metrics import Metric
from monitoring.result import as_keys
from monitoring.selection import Selection

ALIKE = "days_alike"
CELLS_AT_ONCE = 10_000_000
"""Resamples x rows x parts that are held at once: a table of thousands of rows is done in parts."""


def measured(metric: Metric, coverage: Coverage, selection: Selection, by: Sequence[str]) -> pd.DataFrame:
    """The result of a metric, `low` and `high` filled; empty where a metric or its material has no interval.

    A row of one date or one airing has none: of each outlet it holds one day, which cannot vary.
    """
    result = metric.compute(coverage, selection, by)
    alone = not {"date", "airing_id"}.isdisjoint(by)
    if metric.sums is None or result.empty or alone or coverage.has_totals(selection):
        return result
    return with_intervals(result, metric.sums(coverage, selection, tuple(by)))


def with_intervals(result: pd.DataFrame, sums: Sums) -> pd.DataFrame:
    """The result with the intervals of its rows."""
    low, high = intervals_of(sums)
    keys = [*sums.rows.columns]
    found = as_keys(sums.rows, keys).assign(low=low, high=high)
    kept = as_keys(result[keys], keys).merge(found, on=keys, how="left")
    told = result.assign(low=kept["low"].to_numpy(), high=kept["high"].to_numpy())
    told.attrs[ALIKE] = days_are_alike(sums, np.isfinite(low))
    return told


def intervals_of(sums: Sums) -> tuple[np.ndarray, np.ndarray]:
    """Low and high of each row of the sums; NaN where a row has none, a value outside of its bounds among them."""
    if sums.limits is not None:
        return sums.limits(sums)
    degrees = degrees_of_freedom(sums)
    low, high = np.full((2, len(degrees)), np.nan)
    carried = np.flatnonzero((degrees >= DAYS_AT_LEAST - 1) & _inside(sums.values, sums.bounds))
    at_once = max(1, CELLS_AT_ONCE // max(1, RESAMPLES * int(np.prod(sums.per_day.shape[2:]))))
    for rows in np.split(carried, range(at_once, len(carried), at_once)):
        some = replace(sums, rows=sums.rows.iloc[rows], per_day=sums.per_day[:, rows])
        again = some.statistic(drawn_again(some))
        moved = influences(some)
        free = effective_degrees(some, moved, some.days.belonging(some.rows))
        error = jackknife_error(some, moved)
        low[rows], high[rows] = intervals(some.values, again, degrees[rows], some.bounds, error, free)
    return low, high


def _inside(values: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Whether each value lies between the bounds; NaN does not."""
    lowest, highest = bounds
    above = np.isfinite(values) if lowest is None else values >= lowest
    return np.asarray(above if highest is None else above & (values <= highest))


def degrees_of_freedom(sums: Sums) -> np.ndarray:
    """Outlet-days of each row, less their strata: (rows,)."""
    belongs = sums.days.belonging(sums.rows)
    of = sums.days.strata
    strata = [belongs[of == stratum].any(axis=0) for stratum in np.unique(of)]
    return np.asarray(belongs.sum(axis=0) - np.sum(strata, axis=0), dtype=np.int64)
