"""Effective number of contestants: over how many contestants the time is spread, as if shared equally.

Value: a count from 1 to the number of contestants, 1 / sum of squared shares among contestants only; 12.0 means the
time is spread as evenly as over twelve. Denominator (`total_amount`): the amount of all contestants in that place.

    outlet  value  amount  total_amount
    KTK     2.00    60000         60000     two contestants with 30000 each
    TV A    1.00    10000         10000     one contestant alone

Source: Laakso and Taagepera (1979), Comparative Political Studies 12(1).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from monitoring.benchmarks.chance import limits_of_effective_number
from monitoring.coverage import Coverage
from monitoring.intervals.by_day import rows_of, with_day
from monitoring.intervals.outlet_days import DAY, Floats, outlet_days
from monitoring.intervals.sums import Sums
from monitoring.result import amounts, check_units, completed, shaped
from monitoring.selection import WHERE, Selection, check_columns


def contestants(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet",)) -> pd.DataFrame:
    """Effective number of contestants in each place. `by` takes WHERE columns only.

    Out: the columns of `by`, then RESULT; empty value where no contestant got anything. Raises ProblemsFound for
    columns that are no place and for mixed units.
    """
    columns = check_columns(by, WHERE)
    cells = completed(amounts(coverage, selection, (*columns, "group")), coverage, selection, (*columns, "group"))
    cells = cells[cells["group"].isin({subject.name for subject in coverage.mission.contestants})]
    check_units(cells, columns)
    keys = list(dict.fromkeys((*columns, "unit")))
    squares = cells.assign(square=cells["amount"].astype("float64") ** 2).groupby(keys, as_index=False)
    places = squares[["amount", "square", "segments"]].sum()
    places = places.assign(
        value=(places["amount"].astype("float64") ** 2 / places["square"].where(places["square"] > 0)),
        total_amount=places["amount"],
    )
    contestant_airings = amounts(coverage, selection, (*columns, "group", "airing_id"))
    contestant_airings = contestant_airings[contestant_airings["group"].isin(set(cells["group"]))]
    airings = contestant_airings.groupby(keys)["airing_id"].nunique().rename("airings").reset_index()
    counted = places.merge(airings, on=keys, how="left").fillna({"airings": 0}).astype({"airings": "int64"})
    return shaped(counted, coverage, columns)


def sums(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet",),
    each: tuple[str, ...] = DAY,
) -> Sums:
    """What adds over outlet-days: the amount of each contestant in each place, day by day (the parts, in ballot order).

    An interval lies between 1 and the number of contestants. It is made by `monitoring.benchmarks.chance`: chance only
    makes shares less even, so the spread of resamples would shut out the number that is true of equal shares.
    """
    rows = rows_of(contestants(coverage, selection, by))
    days = outlet_days(coverage, selection, by, each)
    cells = amounts(coverage, selection, with_day([*by, "group"], each))
    names = [subject.name for subject in coverage.mission.contestants]
    own = [days.sums(cells[cells["group"] == name], rows, list(rows.columns), "amount") for name in names]
    parts = np.stack(own, axis=-1) if own else np.zeros((len(days.table), len(rows), 0))
    bounds = (1.0, float(max(len(names), 1)))
    return Sums(days, rows, parts, effective_number, bounds, limits_of_effective_number)


def effective_number(amounts_of: Floats) -> Floats:
    """1 / sum of squared shares, from amounts (resamples, rows, contestants); NaN where nobody has any."""
    squares = (amounts_of**2).sum(axis=-1)
    whole = amounts_of.sum(axis=-1) ** 2
    return np.asarray(np.divide(whole, squares, out=np.full(np.shape(whole), np.nan), where=squares > 0))
