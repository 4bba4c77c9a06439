"""What kinds of findings read: results of metrics as rows, and the outlet-days behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import isnan
from typing import Any

import pandas as pd

from coding.mission.model import Mission
from coding.store import Store
from monitoring.coverage import Coverage
from monitoring.findings.finding import Row
from monitoring.intervals.measured import intervals_of, measured
from monitoring.intervals.outlet_days import outlet_days
from monitoring.metrics import METRICS
from monitoring.selection import Selection

Result = Callable[[str, tuple[str, ...], Selection], pd.DataFrame]
"""From a metric's name, group columns and a selection to its result with intervals."""


@dataclass(frozen=True)
class Material:
    """One selection of one coverage; `result` computes, or remembers, the tables of metrics.

    `store` is needed by findings about rules, for which incidents count.
    """

    coverage: Coverage
    selection: Selection
    result: Result
    store: Store | None = None

    @property
    def mission(self) -> Mission:
        """The mission that was observed."""
        return self.coverage.mission

    @property
    def contestants(self) -> tuple[str, ...]:
        """The contestants in ballot order."""
        return tuple(subject.name for subject in self.mission.contestants)

    def rows(self, metric: str, by: tuple[str, ...], part: str = "", selection: Selection | None = None) -> list[Row]:
        """The result of a metric as rows, in its order."""
        asked = selection or self.selection
        table = self.result(metric, by, asked)
        columns = [*table.columns[: table.columns.get_loc("value")], *(["unit"] if "unit" in by else [])]
        return [row_of(record, columns, metric, part, asked) for record in table.to_dict("records")]

    def favourable(self, by: tuple[str, ...]) -> dict[tuple[str, ...], tuple[float, float | None, float | None]]:
        """Of each cell of `by` the part in a tone of score 0 or more, with its interval: (value, low, high).

        The tones are added day by day and resampled together, so that the interval is that of their sum.
        """
        kind = next(metric for metric in METRICS if metric.name == "tone")
        if kind.sums is None or self.coverage.has_totals(self.selection):
            return {}
        sums = kind.sums(self.coverage, self.selection, by)
        kept = sums.rows["tone"].isin([point.name for point in self.mission.tone if point.score >= 0]).to_numpy()
        cells: dict[Any, Any] = dict(sums.rows.reset_index(drop=True).groupby(list(by), sort=False).indices)
        per_day = sums.per_day.copy()
        for rows in cells.values():
            per_day[:, rows, 0] = sums.per_day[:, rows[kept[rows]], 0].sum(axis=1, keepdims=True)
        pooled = replace(sums, per_day=per_day)
        low, high = intervals_of(pooled)
        first = {tuple(str(part) for part in cell): rows[0] for cell, rows in cells.items()}
        return {cell: (float(pooled.values[at]), _known(low[at]), _known(high[at])) for cell, at in first.items()}

    @cached_property
    def degrees(self) -> dict[str, int]:
        """Degrees of freedom of each outlet: its outlet-days, less the strata in which they are drawn."""
        days = outlet_days(self.coverage, self.selection, ("outlet",)).table
        each = days.groupby("outlet")["stratum"].agg(["size", "nunique"])
        return {str(outlet): int(size - strata) for outlet, size, strata in each.itertuples()}


def material_of(coverage: Coverage, selection: Selection, store: Store | None = None) -> Material:
    """The material of a selection, each table computed once."""
    by_name = {metric.name: metric for metric in METRICS}

    @lru_cache(maxsize=64)
    def result(metric: str, by: tuple[str, ...], asked: Selection) -> pd.DataFrame:
        return measured(by_name[metric], coverage, asked, by)

    return Material(coverage, selection, result, store)


def by_place(rows: Sequence[Row], column: str = "outlet") -> dict[str, list[Row]]:
    """The rows of each outlet (or another column), places and rows in their order."""
    places: dict[str, list[Row]] = {}
    for row in rows:
        places.setdefault(row.of(column), []).append(row)
    return places


def row_of(record: Mapping[Any, Any], columns: Sequence[str], metric: str, part: str, selection: Selection) -> Row:
    """A record of a result's shape as a row; `columns` are those that lead to its segments."""
    number = {name: float(str(record[name])) for name in ("value", "low", "high")}
    whole = {name: int(str(record[name])) for name in ("amount", "total_amount", "segments", "airings")}
    return Row(
        part=part,
        metric=metric,
        selection=selection,
        picked=tuple((name, str(record[name])) for name in columns),
        value=number["value"],
        low=_known(number["low"]),
        high=_known(number["high"]),
        unit=str(record["unit"]),
        **whole,
    )


def _known(number: float) -> float | None:
    return None if isnan(number) else float(number)
