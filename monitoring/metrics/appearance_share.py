"""Share of appearances: what a count without a stopwatch would publish as each subject's share.

Value: a fraction from 0 to 1 of all appearances in the same place. It exists to be shown beside the share of time:
where the two differ, counting hides the length. Amounts are those of time or space, as in `appearances`.

    outlet  group     value  amount  total_amount
    KTK     ANSDP      0.50   60000        600000
    KTK     Nur Otan   0.50  540000        600000
    KTK     Auyl       0.00       0        600000

Source: OSCE/ODIHR, Kazakhstan, Final Report on the parliamentary elections of 18 August 2007, section VIII.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from monitoring.coverage import Coverage
from monitoring.intervals.by_day import ratio_sums, rows_of, with_day
from monitoring.intervals.outlet_days import DAY, outlet_days
from monitoring.intervals.sums import Sums
from monitoring.metrics.appearances import appearances, runs
from monitoring.result import ratio
from monitoring.selection import WHERE, Selection, check_columns


def appearance_share(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")) -> pd.DataFrame:
    """Share of the appearances of each place. Out: the columns of `by`, then RESULT; empty where there is none."""
    counted = appearances(coverage, selection, by)
    everybody = appearances(coverage, replace(selection, subjects=()), by) if selection.subjects else counted
    where = [name for name in counted.columns if name in WHERE]
    totals = everybody.groupby(where)["value"].sum().rename("total").reset_index()
    total = counted.merge(totals, on=where, how="left")["total"]
    return counted.assign(value=ratio(counted["value"], total))


def sums(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet", "group"),
    each: tuple[str, ...] = DAY,
) -> Sums:
    """What adds over outlet-days: the appearances of each row and those of its place, day by day."""
    columns = check_columns(by)
    where = [name for name in columns if name in WHERE]
    keys = with_day([*columns, "unit"], each)
    part, whole = runs(coverage, selection, keys), runs(coverage, replace(selection, subjects=()), keys)
    rows, days = rows_of(appearance_share(coverage, selection, by)), outlet_days(coverage, selection, columns, each)
    return ratio_sums(days, rows, part, whole, where, ("value", "value"))
