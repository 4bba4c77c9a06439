"""Planned, monitored and coded material: how much a result rests on.

Value: hours for time, cm2 for space, lines for lines. `amount` is the integer of `unit`, `total_amount` what was
planned in that place (what was monitored where no plan is known). `segments` is the number of coded segments.
It has no interval: plan and record are known to the end, nothing in them was drawn.

    outlet  stage      value  amount   total_amount
    KTK     planned    2.0    7200000       7200000
    KTK     monitored  1.5    5400000       7200000
    KTK     coded      1.0    3600000       7200000

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012).
"""

from collections.abc import Sequence

import pandas as pd

from coding.vocabulary import Unit
from monitoring.coverage import Coverage
from monitoring.expression import AGGREGATE
from monitoring.result import as_keys, check_units, shaped
from monitoring.selection import OF_AIRING, Selection, check_columns

STAGES = ("planned", "monitored", "coded")
UNIT_IN_VALUE = {Unit.MS: 3_600_000, Unit.MM2: 100, Unit.LINES: 1}
"""How many of the unit make one of the value: milliseconds in an hour, mm2 in a cm2."""


def hours(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet",)) -> pd.DataFrame:
    """Planned, monitored and coded amounts of each place, one row a stage. `by` takes columns of airings.

    Out: `by`, stage, then RESULT. Imported totals hold no airings and are left out. Raises ProblemsFound for columns
    that an airing does not have and for mixed units.
    """
    columns = check_columns(by, (*OF_AIRING, "unit"))
    keys = list(dict.fromkeys((*columns, "unit")))
    rows = coverage.select_airings(selection)
    rows = rows.filter(rows.kind != AGGREGATE)
    planned = rows.planned.coalesce(rows.monitored)
    rows = rows.mutate(planned=planned, coded_amount=rows.coded.ifelse(rows.monitored, None))
    columns_of = {stage: rows["coded_amount" if stage == "coded" else stage] for stage in STAGES}
    asked = {f"{stage}_amount": size.sum().fill_null(0).cast("int64") for stage, size in columns_of.items()}
    asked |= {f"{stage}_airings": size.count().cast("int64") for stage, size in columns_of.items()}
    wide = as_keys(coverage.table(rows.group_by(keys).aggregate(**asked)), keys)
    segments = _segments(coverage, selection, keys)
    stages = [
        wide[keys].assign(
            stage=stage,
            amount=wide[f"{stage}_amount"],
            airings=wide[f"{stage}_airings"],
            total_amount=wide["planned_amount"],
            place=number,
        )
        for number, stage in enumerate(STAGES)
    ]
    long = pd.concat(stages).merge(segments, on=keys, how="left").sort_values("place", kind="stable")
    check_units(long, columns)
    sizes = {unit.value: size for unit, size in UNIT_IN_VALUE.items()}
    value = long["amount"] / long["unit"].map(sizes).astype("float64")
    counted = long["segments"].where(long["stage"] == "coded", 0).fillna(0).astype("int64")
    return _in_stage_order(shaped(long.assign(value=value, segments=counted), coverage, (*columns, "stage")), columns)


def _in_stage_order(result: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Rows of a place in the order planned, monitored, coded."""
    keys = [name for name in columns if name != "unit"]
    place = result.groupby([*keys, "unit"], sort=False, dropna=False).ngroup()
    stage = result["stage"].map({name: number for number, name in enumerate(STAGES)})
    return (
        result.assign(_place=place, _stage=stage)
        .sort_values(["_place", "_stage"])
        .drop(columns=["_place", "_stage"])
        .reset_index(drop=True)
    )


def _segments(coverage: Coverage, selection: Selection, keys: list[str]) -> pd.DataFrame:
    """Coded segments of each place, of every format."""
    airings = coverage.select_airings(selection)
    counts = coverage.rows.group_by("airing_id").aggregate(found=coverage.rows.segments.sum())
    rows = airings.left_join(counts, "airing_id")
    counted = coverage.table(rows.group_by(keys).aggregate(segments=rows.found.sum().fill_null(0).cast("int64")))
    return as_keys(counted, keys)
