"""The amounts of contestants in each place: the ground of every gap and distance.

The denominator is what all contestants got in the same place, whichever subjects a selection names: a share among
contestants is not a share of all subjects, and what a contestant is due is due to its whole coverage.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from monitoring.coverage import Coverage
from monitoring.intervals.sums import Sums
from monitoring.metrics import contestants as counted
from monitoring.result import amounts, as_keys, check_units, completed, place_keys
from monitoring.selection import WHERE, Denominator, Selection, check_columns

ALONE = ("date", "airing_id")
"""A place of one day holds one outlet-day of each outlet, which cannot vary."""


def of_everyone(selection: Selection) -> Selection:
    """The selection with all subjects, and time of subjects as the denominator."""
    return replace(selection, subjects=(), denominator=Denominator.SUBJECT)


def among_contestants(coverage: Coverage, selection: Selection, by: Sequence[str]) -> pd.DataFrame:
    """The contestants of each place of `by` (WHERE columns only), zeros included; a place not monitored has no row.

    Out: the columns of `by`, unit, group, amount, total_amount (of all contestants), segments, airings; within a place
    the contestants in ballot order. Raises ProblemsFound for columns that are no place, and for mixed units.
    """
    columns = check_columns(by, WHERE)
    keys, asked = place_keys(columns), of_everyone(selection)
    ballot = {subject.name: place for place, subject in enumerate(coverage.mission.contestants)}
    found = completed(amounts(coverage, asked, (*columns, "group")), coverage, asked, (*columns, "group"))
    cells = found[found["group"].isin(list(ballot))]
    check_units(cells, columns)
    cells = cells.assign(_ballot=cells["group"].map(ballot).astype("int64")).sort_values([*keys, "_ballot"])
    totals = cells.groupby(keys, dropna=False)["amount"].transform("sum")
    return cells.assign(total_amount=totals).drop(columns="_ballot").reset_index(drop=True)


def places(coverage: Coverage, selection: Selection, by: Sequence[str]) -> pd.DataFrame:
    """Each place with what all its contestants got: the metric `contestants`, whose value is their effective number."""
    return counted.contestants(coverage, of_everyone(selection), by)


def amounts_in(rows: pd.DataFrame, cells: pd.DataFrame, number: int) -> np.ndarray:
    """The amounts of cells as (rows, contestants), in the order of the rows; `number` is that of the contestants."""
    keys = [name for name in cells.columns if name in rows.columns and name in (*WHERE, "unit")]
    placed = as_keys(cells, keys).merge(as_keys(rows[keys], keys).assign(_row=np.arange(len(rows))), on=keys)
    ordered = placed.sort_values("_row", kind="stable")["amount"].to_numpy(dtype=float)
    return np.asarray(ordered.reshape(len(rows), number))


def amounts_by_day(coverage: Coverage, selection: Selection, by: Sequence[str]) -> Sums | None:
    """Each contestant's amounts (the parts, in ballot order) in each place, day by day.

    None where there are no days that could be drawn again: imported totals, places of one day, nobody on the ballot.
    """
    asked = of_everyone(selection)
    alone = not set(ALONE).isdisjoint(by)
    if alone or not coverage.mission.contestants or coverage.has_totals(asked):
        return None
    return counted.sums(coverage, asked, by)
