"""How far each place as a whole lies from each benchmark.

Measures, each a row: of the result alone (no benchmark named) `effective_number` and `gini`; for each benchmark
`total_variation`, `gini_due`, and `effective_due`, the effective number of what is due, beside which that of the result
is to be read. Denominator (`total_amount`) is the amount of all contestants in that place.

    outlet  benchmark  measure           value  chance
    KTK                effective_number   1.60             shares 0.75, 0.25, 0.00
    KTK                gini               0.50
    KTK     equal      total_variation    0.42    0.06     42 per cent of the time would have to change hands
    KTK     equal      gini_due           0.50    0.09
    KTK     equal      effective_due      3.00

What they are: `monitoring.benchmarks.distance`; how their intervals are made: `monitoring.benchmarks.chance`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from coding.mission.model import Benchmark
from monitoring.benchmarks.among import among_contestants, amounts_by_day, amounts_in, places
from monitoring.benchmarks.chance import Norm, by_chance, effective_between, length
from monitoring.benchmarks.distance import Floats, crossed, effective_number, gini, moved, total_variation
from monitoring.benchmarks.due import due_shares, names
from monitoring.coverage import Coverage
from monitoring.intervals.sums import Sums
from monitoring.selection import Selection

MEASURES = ("total_variation", "gini_due", "effective_due", "effective_number", "gini")
DISTANCE = ("value", "low", "high", "chance", "amount", "total_amount", "unit", "segments", "airings")
"""What follows the columns of the place, benchmark and measure."""


@dataclass(frozen=True)
class Measured:
    """One measure of all places, by one benchmark or none: value, low, high, chance, (places,) each."""

    benchmark: str
    measure: str
    value: Floats
    low: Floats
    high: Floats
    chance: Floats


def distances(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet",),
    benchmarks: Sequence[str] | None = None,
    own: Sequence[Benchmark] = (),
) -> pd.DataFrame:
    """The measures of each place by each benchmark (all of them unless named); `own` are the user's.

    Out: `by`, benchmark (empty for what is of the result alone), measure, then DISTANCE. Empty values where no
    contestant got anything. Subjects named by the selection change nothing: a distance is one of all contestants.
    Raises ProblemsFound for unknown benchmarks, for columns that are no place, and for mixed units.
    """
    mission = coverage.mission
    dues = {name: due_shares(mission, name, own) for name in benchmarks or names(mission, own)}
    rows = places(coverage, selection, by)
    number = len(mission.contestants)
    if not number:
        return pd.DataFrame(columns=[*(name for name in by if name != "unit"), "benchmark", "measure", *DISTANCE])
    amounts = amounts_in(rows, among_contestants(coverage, selection, by), number)
    added = amounts_by_day(coverage, selection, by) if len(rows) else None
    found = _all(amounts, {name: np.array(list(due.values())) for name, due in dues.items()}, added)
    return _table(rows, found)


def _all(amounts: Floats, dues: dict[str, Floats], added: Sums | None) -> list[Measured]:
    """Every measure, from amounts (places, contestants) and what is due (contestants,) by each benchmark."""
    equal = np.full(amounts.shape[-1], 1 / amounts.shape[-1])
    of_each = [partial(crossed, due=due) for due in dues.values()]
    norms: list[Norm] = [moved, length, partial(crossed, due=equal), *of_each]
    nothing = np.full(len(amounts), np.nan)
    spreads = [(nothing, nothing)] * len(norms) if added is None else by_chance(added, norms)
    of_moved, of_length, of_equal, *of_dues = spreads
    found = [
        _of_effective_number(amounts, of_length[0]),
        _between("", "gini", gini(amounts), of_equal),
    ]
    for (name, due), of_due in zip(dues.items(), of_dues, strict=True):
        given = np.where(np.isfinite(nothing), nothing, float(effective_number(due)))
        found += [
            _between(name, "total_variation", total_variation(amounts, due), of_moved),
            _between(name, "gini_due", gini(amounts, due), of_due),
            Measured(name, "effective_due", given, nothing, nothing, nothing),
        ]
    return found


def _between(benchmark: str, measure: str, value: Floats, spread: tuple[Floats, Floats]) -> Measured:
    """A measure with its interval between 0 and 1."""
    half, mean = spread
    low, high = np.clip(value - half, 0, 1), np.clip(value + half, 0, 1)
    return Measured(benchmark, measure, value, low, high, mean)


def _of_effective_number(amounts: Floats, half: Floats) -> Measured:
    """The effective number with its interval, that of the metric `contestants`."""
    nothing = np.full(len(amounts), np.nan)
    return Measured("", "effective_number", effective_number(amounts), *effective_between(amounts, half), nothing)


def _table(rows: pd.DataFrame, found: Sequence[Measured]) -> pd.DataFrame:
    """One table: place by place, its measures under each other."""
    columns = [*rows.columns[: rows.columns.get_loc("value")], "benchmark", "measure", *DISTANCE]
    parts = [rows.assign(**vars(each), _row=np.arange(len(rows))) for each in found]
    table = pd.concat(parts, ignore_index=True).sort_values("_row", kind="stable")
    return table.reset_index(drop=True)[columns]
