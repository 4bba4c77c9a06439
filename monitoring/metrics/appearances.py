"""Appearances: how often a subject came up. Shown beside time, never in its place.

Value: a count. An appearance is a maximal run of one subject within an airing: touching or overlapping segments are
one. In print every segment is one. Imported totals hold no appearances and are left out. `amount` is the time or
space of the same subject, `total_amount` that of its place, so that both stand side by side.

    outlet  group     value  amount  total_amount
    KTK     ANSDP         9   60000        600000
    KTK     Nur Otan      9  540000        600000     as often, nine times as long
    KTK     Auyl          0       0        600000

Source: the definition is the project's own; why counting alone misleads: OSCE/ODIHR, Kazakhstan, Final Report on
the parliamentary elections of 18 August 2007, section VIII.
"""

from collections.abc import Sequence

import pandas as pd

from monitoring.coverage import Coverage
from monitoring.expression import AGGREGATE, with_runs
from monitoring.intervals.by_day import rows_of, with_day
from monitoring.intervals.outlet_days import DAY, outlet_days
from monitoring.intervals.sums import Sums, total
from monitoring.result import amounts, as_keys, completed, shaped, subject_totals, totals
from monitoring.selection import WHERE, Selection, check_columns


def appearances(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")) -> pd.DataFrame:
    """Number of appearances of each combination of `by`; see the head of this module.

    Out: the columns of `by`, then RESULT. Raises ProblemsFound for unknown columns and mixed units.
    """
    columns = check_columns(by)
    cells = completed(amounts(coverage, selection, columns), coverage, selection, columns)
    keys = list(dict.fromkeys((*columns, "unit")))
    counted = cells.merge(runs(coverage, selection, keys), on=keys, how="left")
    where = [name for name in columns if name in WHERE]
    whole = subject_totals(counted, coverage, selection, where) if selection.subjects else totals(counted, where)
    counted = counted.assign(value=counted["value"].fillna(0).astype("int64"), total_amount=whole)
    return shaped(counted, coverage, columns)


def sums(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet", "group"),
    each: tuple[str, ...] = DAY,
) -> Sums:
    """What adds over outlet-days: the appearances of each row. Low and high are of the count over as many days."""
    columns = check_columns(by)
    rows = rows_of(appearances(coverage, selection, columns))
    days = outlet_days(coverage, selection, columns, each)
    counted = runs(coverage, selection, with_day([*columns, "unit"], each))
    return Sums(days, rows, days.sums(counted, rows, list(rows.columns), "value")[..., None], total, (0.0, None))


def runs(coverage: Coverage, selection: Selection, keys: Sequence[str]) -> pd.DataFrame:
    """The number of appearances (`value`) of each cell of `keys` that has any; none are in imported totals."""
    rows = coverage.select(selection)
    rows = rows.filter(rows.kind != AGGREGATE)
    within = list(dict.fromkeys((*keys, "airing_id", "subject")))
    timed = with_runs(rows.filter(rows.start_ms.notnull()), within)
    stated = rows.filter(rows.start_ms.isnull())
    counts = timed.group_by(list(keys)).aggregate(value=timed.begins.sum().cast("int64"))
    counts = counts.union(stated.group_by(list(keys)).aggregate(value=stated.segments.sum().cast("int64")))
    answer = coverage.table(counts.group_by(list(keys)).aggregate(value=counts.value.sum().cast("int64")))
    return as_keys(answer, list(keys))
