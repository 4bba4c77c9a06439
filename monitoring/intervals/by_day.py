"""The sums of a ratio, outlet-day by outlet-day, from tables of its part and its whole."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from monitoring.intervals.interval import Bounds
from monitoring.intervals.outlet_days import DAY, OutletDays
from monitoring.intervals.sums import Sums, ratio
from monitoring.result import as_keys, place_keys


def with_day(columns: Sequence[str], each: Sequence[str] = DAY) -> tuple[str, ...]:
    """The columns, and outlet and date with them (or what else is taken apart)."""
    return tuple(dict.fromkeys((*columns, *each)))


def rows_of(result: pd.DataFrame) -> pd.DataFrame:
    """The keys of the rows of a result, in its order: the group columns and the unit."""
    keys = [*result.columns[: result.columns.get_loc("value")], "unit"]
    return as_keys(result[keys], keys)


def ratio_sums(
    days: OutletDays,
    rows: pd.DataFrame,
    part: pd.DataFrame,
    whole: pd.DataFrame,
    within: Sequence[str],
    of: tuple[str, str] = ("amount", "amount"),
    bounds: Bounds = (0.0, 1.0),
) -> Sums:
    """The sums of part / whole, of their columns `of`.

    `part` has the keys of the rows and the day, `whole` the columns `within` (a place), unit and the day.
    """
    keys, place = list(rows.columns), place_keys(within)
    added = whole.groupby(list(with_day(place, days.each)), as_index=False, dropna=False)[[of[1]]].sum()
    parts, wholes = days.sums(part, rows, keys, of[0]), days.sums(added, rows, place, of[1])
    return Sums(days, rows, np.stack([parts, wholes], axis=-1), ratio, bounds)
