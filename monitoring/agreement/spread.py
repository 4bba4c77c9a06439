"""What disagreement does to the published numbers: share and tone balance of each group, had another coder been asked.

The double-coded airings go through the very machinery of coverage once for each coding, so that both numbers are
computed as the pages compute theirs: editorial formats, overlaps joined, the selection's reading of the incumbents.
Two comparisons: the second codings against the first ones (the first is the one that pages count), and each coder
against the others on the same airings (where the others are several, their mean of each airing).

The interval of a difference is paired: outlet-days are drawn again with both codings of their airings, so what the
days have in common falls out. The sampling interval beside it is that of the reference on the same airings: how far
the number moves with the days that happen to be in it. `ratio` is |difference| over half of that interval: at 1, who
coded moved the number as far as the days do. The sampling interval is about other days like these; a full prime time
is a census, and then disagreement is all the uncertainty there is.

    by      group     reference  value  difference  low    high   sampling_low  sampling_high  ratio
    second  Nur Otan  0.62       0.60   -0.02       -0.05  0.01   0.56          0.68           0.33
    second  Auyl      0.38       0.40    0.02       -0.01  0.05   0.32          0.44           0.33
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coding.mission.model import Airing, Mission
from coding.segment import CODES, Segment
from monitoring.agreement.resampling import ALIKE, Estimate, estimate, ratio
from monitoring.coverage import coverage_of
from monitoring.selection import Selection

if TYPE_CHECKING:
    from coding.double_coding.codings import Codings

SPREAD = (
    "measure", "by", "coder", "group", "reference", "value", "difference", "low", "high", "sampling_low",
    "sampling_high", "ratio", "unit", "amount", "airings", "days", "enough",
)  # fmt: skip
"""Columns. `measure` is share (of the time or space given to all groups) or balance (of tone, -1 to 1); `by` is second
(the `reference` are the first codings) or coder (the `reference` are the others); `amount` is the group's, in `unit`,
under the reference; `airings` and `days` (outlet-days) are those in which either side has anything of that unit in the
selection; `low` and `high` are those of the difference (95 per cent)."""
MEASURES = {"share": (1.0, 0.0), "balance": (2.0, -1.0)}
"""Measures with what a part from 0 to 1 is stretched by, and where it then begins."""
KEPT = ("segment_id", "start_ms", "end_ms", "page", "box", "amount", "subject", *CODES)
NO_INSTANT = "1970-01-01T00:00:00Z"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Amounts:
    """What codings gave each group: (rows, groups), a row for each coding, later for each outlet-day."""

    amount: Floats
    toned: Floats
    scored: Floats

    def by_day(self, side: "_Side", days: int) -> "_Amounts":
        """The rows of one side of a comparison, added up for each outlet-day."""
        tables = []
        for table in (self.amount, self.toned, self.scored):
            sums = np.zeros((days, table.shape[1]))
            np.add.at(sums, side.days, table[side.rows] * side.weights[:, None])
            tables.append(sums)
        return _Amounts(*tables)

    def columns(self, measure: str, group: int) -> Floats:
        """Part and whole of a measure in each row: (rows, 2); for the balance from 0 (all negative) to 1."""
        if measure == "share":
            return np.stack([self.amount[:, group], self.amount.sum(axis=1)], axis=1)
        toned = self.toned[:, group]
        return np.stack([(self.scored[:, group] + toned) / 2, toned], axis=1)


@dataclass(frozen=True)
class _Side:
    """Codings on one side of a comparison: their rows, the number of their outlet-day, and how much each weighs."""

    rows: NDArray[np.int64]
    days: NDArray[np.int64]
    weights: Floats


def spread(codings: "Codings", airings: Iterable[Airing], selection: Selection | None = None) -> pd.DataFrame:
    """Share and tone balance of each group under one coding and another, for each unit: columns SPREAD.

    `airings` are the store's: those of `codings` are looked up among them; what lies outside the mission's periods and
    windows is left out, as in every result. Groups that no coding gives anything have no row. No row at all where
    nothing was coded twice.
    """
    chosen = selection or Selection()
    held = codings.airings.reset_index(drop=True)
    held = held[held["airing_id"].map(held["airing_id"].value_counts()) > 1].reset_index(drop=True)
    if held.empty:
        return pd.DataFrame(columns=list(SPREAD))
    cells, counted = _cells(codings.mission, _each_alone(held, airings), _renamed(codings.segments, held), chosen)
    held = held[held.index.isin(counted)]
    first, second = in_turn(held)
    rows = [
        row
        for unit, inside in cells.groupby("unit", sort=True)
        for row in _of_unit(str(unit), inside, codings.mission, held, (first, second))
    ]
    return pd.DataFrame(rows, columns=list(SPREAD))


def _each_alone(held: pd.DataFrame, airings: Iterable[Airing]) -> list[Airing]:
    """An airing of its own for each coding, called after its row, so that coverage counts every coder."""
    known = {airing.airing_id: airing for airing in airings}
    return [known[one].model_copy(update={"airing_id": str(row)}) for row, one in enumerate(held["airing_id"])]


def _renamed(segments: pd.DataFrame, held: pd.DataFrame) -> list[Segment]:
    """The segments of these codings, in the airing that stands for their coding."""
    rows = held.reset_index(names="row")[["row", "airing_id", "coder"]]
    inside = segments.merge(rows, on=["airing_id", "coder"])
    filled = inside[list(KEPT)].astype(object).where(inside[list(KEPT)].notna(), None)
    named = zip(filled.to_dict("records"), inside["row"], inside["coder"], strict=True)
    return [
        Segment.model_validate({**record, "airing_id": str(row), "coder": coder, "coded_at": NO_INSTANT})
        for record, row, coder in named
    ]


def _cells(
    mission: Mission, airings: Sequence[Airing], segments: Sequence[Segment], selection: Selection
) -> tuple[pd.DataFrame, set[int]]:
    """Amount of each coding's row, unit, group and tone; and the rows whose airing belongs to the analysis."""
    coverage = coverage_of(mission, airings, segments)
    rows = coverage.select(replace(selection, subjects=()))
    keys = ["airing_id", "unit", "group", "tone"]
    cells = coverage.table(rows.group_by(keys).aggregate(amount=rows.amount.sum()))
    inside = coverage.table(coverage.select_airings(selection).select("airing_id"))
    return cells.assign(row=cells["airing_id"].astype("int64")), set(inside["airing_id"].astype("int64"))


def in_turn(held: pd.DataFrame) -> tuple[list[int], list[int]]:
    """The rows of the first and of the second coding of every airing: the first is the one that results count."""
    ordered = held.sort_values(["airing_id", "turn"])
    place = ordered.groupby("airing_id").cumcount()
    return list(ordered.index[place == 0]), list(ordered.index[place == 1])


def _of_unit(
    unit: str, cells: pd.DataFrame, mission: Mission, held: pd.DataFrame, turns: tuple[list[int], list[int]]
) -> Iterable[tuple[object, ...]]:
    """All rows of one unit: the second codings against the first, then each coder against the others."""
    groups = _ordered(set(cells["group"]), mission)
    found = _amounts(cells, groups, mission, int(held.index.max()) + 1)
    inside = held[held["airing_id"].isin(held.loc[held.index.isin(cells["row"]), "airing_id"])]
    first, second = (inside[inside.index.isin(turn)] for turn in turns)
    parts = [("second", "", first, second)]
    for coder in sorted(inside["coder"].unique()):
        mine = inside[inside["coder"] == coder]
        others = inside[inside["airing_id"].isin(mine["airing_id"]) & (inside["coder"] != coder)]
        parts.append(("coder", coder, others, mine))
    for by, coder, *codings in parts:
        days = np.unique(codings[1]["day"].to_numpy(dtype=str))
        one, two = (found.by_day(_side(part, days), len(days)) for part in codings)
        yield from _compared((by, coder), groups, unit, (one, two), len(codings[1]))


def _side(part: pd.DataFrame, days: NDArray[np.str_]) -> _Side:
    """Some codings as one side; several of one airing weigh as one together."""
    number = part["airing_id"].map(part["airing_id"].value_counts()).to_numpy(dtype=float)
    return _Side(part.index.to_numpy(), np.searchsorted(days, part["day"].to_numpy(dtype=str)), 1 / number)


def _amounts(cells: pd.DataFrame, groups: Sequence[str], mission: Mission, rows: int) -> _Amounts:
    column = cells["group"].map({name: number for number, name in enumerate(groups)}).to_numpy()
    scores = cells["tone"].map({point.name: point.score for point in mission.tone})
    amount = cells["amount"].to_numpy(dtype=float)
    parts = (amount, amount * scores.notna(), amount * scores.fillna(0.0))
    tables = []
    for part in parts:
        table = np.zeros((rows, len(groups)))
        np.add.at(table, (cells["row"].to_numpy(), column), np.asarray(part, dtype=float))
        tables.append(table)
    return _Amounts(*tables)


def _ordered(groups: set[str], mission: Mission) -> list[str]:
    """Groups in the mission's order, those that it does not name last."""
    known = dict.fromkeys([*(s.name for s in mission.subjects), *(g.name for g in mission.groups)])
    return [name for name in known if name in groups] + sorted(groups - set(known))


def _compared(
    named: tuple[str, str], groups: Sequence[str], unit: str, sides: tuple[_Amounts, _Amounts], airings: int
) -> Iterable[tuple[object, ...]]:
    """The rows of one comparison: every group under both measures."""
    reference, other = sides
    days = len(reference.amount)
    for measure, (scale, zero) in MEASURES.items():
        for number, group in enumerate(groups):
            one, two = reference.columns(measure, number), other.columns(measure, number)
            own = estimate(one, ratio, airings, (0.0, 1.0))
            changed = _changed(one, two, airings)
            value = float(ratio(two.sum(axis=0)[None])[0])
            shares = (part * scale + zero for part in (own.value, value))
            changes = (part * scale for part in (changed.value, changed.low, changed.high))
            sampling = (own.low * scale + zero, own.high * scale + zero)
            amount = round(float(reference.amount[:, number].sum()))
            # two codings that never differ have no interval of the difference, and say enough all the same
            enough = bool(own.enough and not np.isnan(changed.value))
            numbers = (*shares, *changes, *sampling, _beside(own, changed))
            yield (measure, *named, group, *numbers, unit, amount, airings, days, enough)


def _changed(one: Floats, two: Floats, airings: int) -> Estimate:
    """The difference of two sides with its interval; without one where both have the same part of every outlet-day.

    Then no days that could be drawn show any difference, and how large it could be is not known.
    """
    found = estimate(np.hstack([one, two]), _difference, airings, (-1.0, 1.0))
    parts = np.concatenate([ratio(one), ratio(two)])
    parts = parts[~np.isnan(parts)]
    never = np.array_equal(one, two) or (len(parts) > 0 and np.ptp(parts) < ALIKE)
    return replace(found, low=np.nan, high=np.nan) if never else found


def _difference(sums: Floats) -> Floats:
    """The second part of a whole minus the first one, from (resamples, 4)."""
    return ratio(sums[:, 2:]) - ratio(sums[:, :2])


def _beside(own: Estimate, changed: Estimate) -> float:
    half = (own.high - own.low) / 2
    return abs(changed.value) / half if half > 0 else float("nan")
