"""Tone distribution: which part of a subject's coverage was in which tone.

Value: a fraction from 0 to 1 of the toned coverage of the cell; the tones of a cell sum to 1. Weighted by amount
(`total_amount` is the toned amount), or by the number of segments with `Weight.SEGMENTS`. Coverage without a tone
(paid slots, imported totals) is not in it.

    outlet  group  tone      value  amount  total_amount
    KTK     ANSDP  positive   0.25   15000         60000
    KTK     ANSDP  neutral    0.75   45000         60000
    KTK     ANSDP  negative   0.00       0         60000

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012).
"""

from collections.abc import Sequence

import pandas as pd

from monitoring.coverage import Coverage
from monitoring.intervals.by_day import ratio_sums, rows_of, with_day
from monitoring.intervals.outlet_days import DAY, outlet_days
from monitoring.intervals.sums import Sums
from monitoring.result import amounts, completed, place_keys, ratio, shaped, totals
from monitoring.selection import WHERE, WHO, Selection, Weight, check_columns


def tone(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")) -> pd.DataFrame:
    """Tone of each combination of `by`, which gets the column `tone` behind it.

    Out: `by`, tone, then RESULT; empty value where a cell has no toned coverage. Raises ProblemsFound for unknown
    columns and mixed units.
    """
    columns = check_columns([name for name in by if name != "tone"], [c for c in WHERE + WHO if c != "tone"])
    toned = toned_amounts(coverage, selection, columns)
    cells = completed(toned, coverage, selection, (*columns, "tone"))
    total = totals(cells, columns)
    value = ratio(cells["amount"], total)
    if selection.weight == Weight.SEGMENTS:
        value = ratio(cells["segments"], cells.groupby(place_keys(columns))["segments"].transform("sum"))
    return shaped(cells.assign(value=value, total_amount=total), coverage, (*columns, "tone"))


def sums(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet", "group"),
    each: tuple[str, ...] = DAY,
) -> Sums:
    """What adds over outlet-days: amount (or segments) of each row, and of all tones of its cell, day by day."""
    rows = rows_of(tone(coverage, selection, by))
    cell = [name for name in rows.columns if name not in ("tone", "unit")]
    toned = toned_amounts(coverage, selection, with_day(cell, each))
    of = "segments" if selection.weight == Weight.SEGMENTS else "amount"
    return ratio_sums(outlet_days(coverage, selection, cell, each), rows, toned, toned, cell, (of, of))


def toned_amounts(coverage: Coverage, selection: Selection, columns: Sequence[str]) -> pd.DataFrame:
    """Amounts by `columns` and tone, of what carries a tone."""
    cells = amounts(coverage, selection, (*columns, "tone"))
    return cells[cells["tone"] != ""].reset_index(drop=True)
