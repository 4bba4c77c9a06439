"""Outlet-days: what is drawn again when an interval is made. The bulletins of one day repeat their stories.

An outlet-day is everything of one outlet on one broadcast day. Days are drawn within their outlet, so that no resample
has a week of one channel in place of another's; by week too where the outlet has at least five days in each of its
weeks, since fewer cannot show how much days differ. Outlets with a single day, if there are several, are one stratum:
each by itself it could not vary, and they would seem to be without chance. So no outlet's days are drawn otherwise
because of what else is selected.

The same table can be made airing by airing (`each=AIRING`), to ask what a result would be without one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring.coverage import Coverage
from monitoring.result import as_keys
from monitoring.selection import OF_AIRING, Selection

DAY = ("outlet", "date")
AIRING = (*DAY, "airing_id", "programme")
DAYS_OF_A_WEEK = 5
"""As many days an outlet must have in every one of its weeks before weeks are strata too."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class OutletDays:
    """The observed outlet-days of a selection, in the order of outlet and date; with AIRING its airings.

    `table` has the columns `each`, week and stratum (from 0), one row for each outlet-day; `places` has a row for each
    outlet-day and each combination of unit and the columns of an airing that were asked for, with `day`, the number of
    its outlet-day: which days belong to which row of a result.
    """

    table: pd.DataFrame
    places: pd.DataFrame
    each: tuple[str, ...] = DAY

    @property
    def strata(self) -> Ints:
        """The stratum of each outlet-day."""
        return self.table["stratum"].to_numpy(dtype=np.int64)

    @property
    def streams(self) -> tuple[str, ...]:
        """A name for each stratum, by which it is seeded: its outlet and first day, whatever other strata there are."""
        first = self.table.sort_values(list(DAY), kind="stable").drop_duplicates("stratum").sort_values("stratum")
        return tuple(f"{outlet}\x1f{day}" for outlet, day in first[list(DAY)].itertuples(index=False))

    def sums(self, cells: pd.DataFrame, rows: pd.DataFrame, keys: Sequence[str], column: str) -> Floats:
        """A column of `cells` (keys, outlet, date, …), summed by outlet-day and row: (days, rows).

        Cells of rows that are not asked for, or of days that are none of these, are left out.
        """
        each = list(self.each)
        days = self.table[each].assign(_day=np.arange(len(self.table)))
        places = rows[list(keys)].assign(_row=np.arange(len(rows)))
        found = np.zeros((len(days), len(rows)))
        placed = as_keys(cells, [*keys, *each]).merge(as_keys(days, each), on=each)
        placed = placed.merge(as_keys(places, keys), on=list(keys)) if keys else placed.merge(places, how="cross")
        np.add.at(found, (placed["_day"], placed["_row"]), placed[column].to_numpy(dtype=float))
        return found

    def belonging(self, rows: pd.DataFrame) -> NDArray[np.bool_]:
        """Which outlet-days each row could have drawn something from: (days, rows).

        Those of its outlet, week, medium, … and of its unit. A slot, a format, a topic or a group has all days of its
        place: on a day on which it got nothing, it got nothing.
        """
        keys = [name for name in rows.columns if name in self.places.columns and name in (*OF_AIRING, "unit")]
        found = np.zeros((len(self.table), len(rows)), dtype=bool)
        if not keys:
            return ~found
        places = as_keys(rows[keys], keys).assign(_row=np.arange(len(rows)))
        pairs = as_keys(self.places, keys).merge(places, on=keys)
        found[pairs["day"], pairs["_row"]] = True
        return found


def outlet_days(
    coverage: Coverage, selection: Selection, by: Sequence[str] = (), each: tuple[str, ...] = DAY
) -> OutletDays:
    """The outlet-days (with `each=AIRING` the airings) of the selection that were observed; `by` are columns of it."""
    airings = coverage.select_airings(selection)
    columns = list(dict.fromkeys([*each, "week", "unit", *(name for name in by if name in OF_AIRING)]))
    rows = as_keys(coverage.table(airings.filter(airings.observed).select(columns).distinct()), columns)
    table = rows[[*each, "week"]].drop_duplicates().sort_values(list(each)).reset_index(drop=True)
    table = table.assign(stratum=_strata(table))
    numbered = table[list(each)].assign(day=np.arange(len(table)))
    places = _with_units_of_formats(rows, coverage, selection).merge(numbered, on=list(each))
    return OutletDays(table, places, each)


def _with_units_of_formats(rows: pd.DataFrame, coverage: Coverage, selection: Selection) -> pd.DataFrame:
    """The rows, and each once more for what its outlet has in another unit: free space in a paper, counted in lines."""
    formats = selection.formats_in(coverage.mission)
    if not any(part.unit for part in coverage.mission.formats if part.name in formats):
        return rows
    columns = ["outlet", "unit"]
    found = as_keys(coverage.table(coverage.select(selection).select(columns).distinct()), columns)
    return pd.concat([rows, rows.drop(columns="unit").merge(found, on="outlet")]).drop_duplicates()


def _strata(table: pd.DataFrame) -> pd.Series:
    """The number of the stratum of each row: of its outlet, or its outlet and week; the lonely days go together."""
    days = table[[*DAY, "week"]].drop_duplicates()
    smallest = days.groupby(["outlet", "week"]).size().groupby("outlet").min()
    by_week = table["outlet"].map(smallest >= DAYS_OF_A_WEEK).astype(bool)
    lonely = table["outlet"].map(days.groupby("outlet").size() == 1).astype(bool)
    week = table["week"].astype("object").where(by_week, "")
    outlet = table["outlet"].astype("object").where(~lonely, "")
    numbers: pd.Series = pd.DataFrame({"outlet": outlet, "week": week}).groupby(["outlet", "week"], sort=True).ngroup()
    return numbers
