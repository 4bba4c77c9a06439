"""Tone balance: one number for how a subject was presented.

Value: from -1 (all at the negative end of the mission's scale) to 1; the sum of amount x score over the sum of toned
amount (`total_amount`), or the same over segments with `Weight.SEGMENTS`. Empty where nothing carries a tone.

    outlet  group     value  amount  total_amount
    KTK     ANSDP     -0.25   60000         60000     15000 negative, 45000 neutral
    KTK     Nur Otan   0.50   60000         60000
    KTK     Auyl              0             0         nothing to judge

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012); the scores are the mission's.
"""

from collections.abc import Sequence

import pandas as pd

from monitoring.coverage import Coverage
from monitoring.intervals.by_day import ratio_sums, rows_of, with_day
from monitoring.intervals.outlet_days import DAY, outlet_days
from monitoring.intervals.sums import Sums
from monitoring.metrics.tone import toned_amounts
from monitoring.result import as_keys, check_units, completed, ratio, shaped
from monitoring.selection import WHERE, WHO, Selection, Weight, check_columns


def balance(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")) -> pd.DataFrame:
    """Tone balance of each combination of `by`.

    Out: `by`, then RESULT. Raises ProblemsFound for unknown columns (tone is none) and mixed units.
    """
    columns = check_columns(by, [name for name in WHERE + WHO if name != "tone"])
    keys = list(dict.fromkeys((*columns, "unit")))
    scored = _scored(coverage, selection, columns)
    added = scored.groupby(keys, as_index=False)[["weighted", "weight", "amount", "segments"]].sum()
    airings = _airings(coverage, selection, columns, keys)
    cells = completed(added.merge(airings, on=keys, how="left"), coverage, selection, columns)
    check_units(cells, columns)
    balanced = cells.assign(value=ratio(cells["weighted"], cells["weight"].fillna(0)), total_amount=cells["amount"])
    return shaped(balanced, coverage, columns)


def sums(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet", "group"),
    each: tuple[str, ...] = DAY,
) -> Sums:
    """What adds over outlet-days: score x amount (or segments) of each row, and its toned amount, day by day."""
    rows = rows_of(balance(coverage, selection, by))
    cell = [name for name in rows.columns if name != "unit"]
    scored = _scored(coverage, selection, with_day(cell, each))
    days = outlet_days(coverage, selection, cell, each)
    return ratio_sums(days, rows, scored, scored, cell, ("weighted", "weight"), (-1.0, 1.0))


def _scored(coverage: Coverage, selection: Selection, columns: Sequence[str]) -> pd.DataFrame:
    """What carries a tone, with its `weight` and its score times that (`weighted`)."""
    toned = toned_amounts(coverage, selection, columns)
    scores = toned["tone"].map({point.name: point.score for point in coverage.mission.tone}).astype("float64")
    weight = toned["segments" if selection.weight == Weight.SEGMENTS else "amount"]
    return toned.assign(weighted=scores * weight, weight=weight)


def _airings(coverage: Coverage, selection: Selection, columns: Sequence[str], keys: list[str]) -> pd.DataFrame:
    """Airings behind each cell; those of single tones would be counted twice."""
    rows = coverage.select(selection)
    rows = rows.filter(rows.tone != "")
    return as_keys(coverage.table(rows.group_by(keys).aggregate(airings=rows.airing_id.nunique())), keys)
