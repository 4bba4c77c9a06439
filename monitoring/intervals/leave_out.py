"""What carries a result: its values without each outlet-day, and without each airing, all at once.

Nothing is drawn and nothing assumed: what a metric adds, less what one day (or airing) added, gives the value that the
record would have without it. A result that one bulletin makes is a finding about that bulletin.

Source: the idea is that of the jackknife (J. W. Tukey, Bias and confidence in not quite large samples, Annals of
Mathematical Statistics 29, 1958), read day by day and not summed up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from monitoring.coverage import Coverage
from monitoring.intervals.outlet_days import AIRING, DAY, Floats, Ints
from monitoring.intervals.sums import Sums
from monitoring.metrics import Metric
from monitoring.selection import WHERE, WHO, Selection

FEW = 3
"""How many days or airings are told for each row: those that change it most."""


class Part(StrEnum):
    """What is left out, one at a time."""

    DAY = "day"
    AIRING = "airing"


COLUMNS = {Part.DAY: DAY, Part.AIRING: AIRING}
KIND = {Part.DAY: "outlet-day", Part.AIRING: "airing"}


@dataclass(frozen=True)
class Without:
    """The sums of a metric, and `values`, its value without each of its days or airings: (days, rows)."""

    part: Part
    sums: Sums
    values: Floats

    @property
    def touches(self) -> np.ndarray:
        """Whether a day holds anything of a row or of its denominator: (days, rows)."""
        return np.asarray((self.sums.per_day != 0).any(axis=-1))


def without_each(
    metric: Metric, coverage: Coverage, selection: Selection, by: Sequence[str], part: Part = Part.DAY
) -> Without | None:
    """The values of a metric without each outlet-day (or airing); None where it has no days that could be left out.

    That is so for `hours`, for a selection with imported totals, and for one without any material.
    """
    if metric.sums is None or coverage.has_totals(selection):
        return None
    sums = metric.sums(coverage, selection, tuple(by), COLUMNS[part])
    if not sums.per_day.size:
        return None
    rest = sums.per_day.sum(axis=0)[None] - sums.per_day
    return Without(part, sums, np.asarray(sums.statistic(rest)))


def changes(left: Without, most: int = FEW) -> pd.DataFrame:
    """The days or airings that change each row most, `most` of each at the most.

    Out: the columns of the result and unit, left_out (`outlet-day` or `airing`), outlet, date, airing_id, programme
    (the last two empty for a day), value, without (empty where nothing would be left), change (without - value).
    """
    moved = np.where(left.touches, np.abs(left.values - left.sums.values[None]), -1.0)
    moved = np.where(left.touches & np.isnan(left.values) & np.isfinite(left.sums.values)[None], np.inf, moved)
    moved = np.nan_to_num(moved, nan=-1.0, posinf=np.inf)
    first = np.argsort(-moved, axis=0, kind="stable")[:most]
    places, rows = first.T.ravel(), np.repeat(np.arange(moved.shape[1]), len(first))
    told = moved[places, rows] > 0
    return _told(left, places[told], rows[told])


def _told(left: Without, places: Ints, rows: Ints) -> pd.DataFrame:
    of = left.sums.rows.iloc[rows].reset_index(drop=True)
    days = left.sums.days.table[list(COLUMNS[left.part])].iloc[places].reset_index(drop=True)
    where = {name: days.get(name, "") for name in AIRING if name not in of}
    value, without = left.sums.values[rows], left.values[places, rows]
    return of.assign(left_out=KIND[left.part], **where, value=value, without=without, change=without - value)


def summary(left: Without, contestants: Sequence[str]) -> pd.DataFrame:
    """Each row with its value, the lowest and highest it has without one day or airing, and how many change who leads.

    Out: the columns of the result and unit, value, lowest, highest (empty where no day touches the row), leader (who
    leads the contestants in the row's place; empty where that is no question), leader_changes (the number of days or
    airings without which another one leads).
    """
    touched = np.where(left.touches, left.values, np.nan)
    known = np.isfinite(touched)
    lowest = np.where(known.any(axis=0), np.where(known, touched, np.inf).min(axis=0), np.nan)
    highest = np.where(known.any(axis=0), np.where(known, touched, -np.inf).max(axis=0), np.nan)
    found = left.sums.rows.assign(value=left.sums.values, lowest=lowest, highest=highest, leader="", leader_changes=0)
    for rows in leading(left, contestants):
        first, others = _leaders(left, rows)
        of_place = _place_of(left.sums.rows, rows)
        found.loc[of_place, "leader"] = str(left.sums.rows["group"].iloc[first])
        found.loc[of_place, "leader_changes"] = int((others != first).sum())
    return found


def leading(left: Without, contestants: Sequence[str]) -> list[Ints]:
    """The rows of the contestants in each place, in ballot order, where asking who leads makes sense.

    It does where the rows of a place are groups and nothing else (no tones, no roles), and two of them contestants.
    """
    rows = left.sums.rows
    if [name for name in rows.columns if name in WHO] != ["group"]:
        return []
    own = np.flatnonzero(rows["group"].isin(set(contestants)) & np.isfinite(left.sums.values))
    places = _places(rows).iloc[own]
    return [own[found] for found in places.groupby(places, sort=False).indices.values() if len(found) > 1]


def _leaders(left: Without, rows: Ints) -> tuple[int, Ints]:
    """The row that leads among some, and the row that leads without each day; the first of equals."""
    values = np.nan_to_num(left.values[:, rows], nan=-np.inf)
    return int(rows[left.sums.values[rows].argmax()]), rows[values.argmax(axis=1)]


def _places(rows: pd.DataFrame) -> pd.Series:
    where = [name for name in rows.columns if name in WHERE]
    named: pd.Series = rows[where].astype(str).agg("\x1f".join, axis=1)
    return named


def _place_of(rows: pd.DataFrame, some: Ints) -> pd.Series:
    places = _places(rows)
    same: pd.Series = places == places.iloc[some[0]]
    return same
