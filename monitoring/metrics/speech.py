"""Direct speech: which part of a subject's coverage let it be heard in its own voice.

Value: a fraction from 0 to 1 of the subject's amount in that cell (`total_amount`).

    outlet  group     value  amount  total_amount
    KTK     ANSDP      0.10    6000         60000
    KTK     Nur Otan   0.50   30000         60000
    KTK     Auyl                  0             0

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012).
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from coding.vocabulary import Speech
from monitoring.coverage import Coverage
from monitoring.intervals.by_day import ratio_sums, rows_of, with_day
from monitoring.intervals.outlet_days import DAY, outlet_days
from monitoring.intervals.sums import Sums
from monitoring.result import amounts, check_units, completed, ratio, shaped
from monitoring.selection import WHERE, WHO, Selection, check_columns


def speech(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")) -> pd.DataFrame:
    """Share of direct speech in each combination of `by`; segments and airings are those with direct speech.

    Out: `by`, then RESULT; empty where a subject got nothing. Raises ProblemsFound for unknown columns and mixed units.
    """
    columns = check_columns(by, [name for name in WHERE + WHO if name != "speech"])
    keys = list(dict.fromkeys((*columns, "unit")))
    cells = completed(amounts(coverage, selection, columns), coverage, selection, columns)
    check_units(cells, columns)
    direct = amounts(coverage, replace(selection, speech=(Speech.DIRECT,)), columns)
    heard = cells[[*keys, "amount"]].rename(columns={"amount": "total_amount"}).merge(direct, on=keys, how="left")
    whole = dict.fromkeys(("amount", "segments", "airings"), "int64")
    heard = heard.fillna(dict.fromkeys(whole, 0)).astype(whole)
    return shaped(heard.assign(value=ratio(heard["amount"], heard["total_amount"])), coverage, columns)


def sums(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet", "group"),
    each: tuple[str, ...] = DAY,
) -> Sums:
    """What adds over outlet-days: the amount in own voice of each row, and its whole amount, day by day."""
    rows = rows_of(speech(coverage, selection, by))
    cell = [name for name in rows.columns if name != "unit"]
    part = amounts(coverage, replace(selection, speech=(Speech.DIRECT,)), with_day(cell, each))
    whole = amounts(coverage, selection, with_day(cell, each))
    return ratio_sums(outlet_days(coverage, selection, cell, each), rows, part, whole, cell)
