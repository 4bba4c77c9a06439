"""Signed gaps: how much more or less than due each contestant received, by each benchmark.

Value: the contestant's share of what all contestants got in the place, less what it is due; a fraction from -1 to 1,
and the gaps of a place sum to 0. Denominator (`total_amount`): the amount of all contestants in that place.

    outlet  benchmark  group     value   share  due    ratio  amount  total_amount
    KTK     equal      ANSDP     -0.083  0.25   0.333  0.75    15000         60000
    KTK     equal      Nur Otan   0.417  0.75   0.333  2.25    45000         60000
    KTK     equal      Auyl      -0.333  0.00   0.333  0.00        0         60000

The interval is that of the share (`monitoring.intervals`), moved by the due, which is a given number without error.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coding.mission.model import Benchmark
from monitoring.benchmarks.among import among_contestants, amounts_by_day
from monitoring.benchmarks.due import due_shares, names
from monitoring.coverage import Coverage
from monitoring.intervals.measured import intervals_of
from monitoring.intervals.sums import Sums, ratio
from monitoring.result import as_keys, place_keys, shaped
from monitoring.result import ratio as share_of
from monitoring.selection import Selection

BESIDE = ("share", "due", "ratio")
GAP = ("value", "low", "high", *BESIDE, "amount", "total_amount", "unit", "segments", "airings")
"""What follows the columns of the place, benchmark and group."""


def gaps(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet",),
    benchmarks: Sequence[str] | None = None,
    own: Sequence[Benchmark] = (),
) -> pd.DataFrame:
    """Gaps of every contestant in each place by each benchmark (all of them unless named); `own` are the user's.

    Out: `by`, benchmark, group, then GAP; rows in the order of places, benchmarks, ballot. Value and share are empty
    where no contestant got anything, ratio (share / due) where nothing is due. Subjects named by the selection choose
    whose rows are shown. Raises ProblemsFound for unknown benchmarks, for columns that are no place and mixed units.
    """
    dues = {name: due_shares(coverage.mission, name, own) for name in benchmarks or names(coverage.mission, own)}
    shares = contestant_shares(coverage, selection, by)
    if selection.subjects:
        shares = shares[shares["group"].isin(selection.subjects)]
    parts = [_from_due(shares, name, due) for name, due in dues.items()]
    return _in_order(pd.concat(parts, ignore_index=True), by)


def contestant_shares(coverage: Coverage, selection: Selection, by: Sequence[str]) -> pd.DataFrame:
    """The share of each contestant among all contestants of its place: `by`, group, then RESULT with its interval."""
    cells = among_contestants(coverage, selection, by)
    columns = (*by, "group")
    result = shaped(cells.assign(value=share_of(cells["amount"], cells["total_amount"])), coverage, columns)
    added = amounts_by_day(coverage, selection, by) if len(cells) else None
    if added is None:
        return result
    ballot = [subject.name for subject in coverage.mission.contestants]
    rows = added.rows.merge(pd.DataFrame({"group": ballot}, dtype="object"), how="cross")
    whole = np.broadcast_to(added.per_day.sum(axis=-1, keepdims=True), added.per_day.shape)
    per_day = np.stack([added.per_day, whole], axis=-1).reshape(len(whole), len(rows), 2)
    low, high = intervals_of(Sums(added.days, rows, per_day, ratio))
    keys = [*rows.columns]
    found = as_keys(result[keys], keys).merge(rows.assign(low=low, high=high), on=keys, how="left")
    return result.assign(low=found["low"].to_numpy(), high=found["high"].to_numpy())


def _from_due(shares: pd.DataFrame, benchmark: str, due: dict[str, float]) -> pd.DataFrame:
    """The shares as gaps from one benchmark."""
    owed = shares["group"].map(due).astype("float64")
    moved = {name: shares[name] - owed for name in ("value", "low", "high")}
    over = shares["value"] / owed.where(owed > 0)
    return shares.assign(benchmark=benchmark, share=shares["value"], due=owed, ratio=over, **moved)


def _in_order(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Place by place, the benchmarks of a place under each other, in each the contestants."""
    columns, place = [name for name in by if name != "unit"], place_keys(by)
    numbered = rows.assign(_place=rows.groupby(place, sort=False, dropna=False).ngroup())
    ordered = numbered.sort_values("_place", kind="stable").reset_index(drop=True)
    return ordered[[*columns, "benchmark", "group", *GAP]]
