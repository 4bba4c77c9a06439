"""Share of time or space: who got how much of what an outlet gave.

Value: a fraction from 0 to 1 of `total_amount`. The denominator is the amount of all subjects in the same place
(outlet, day, …: the WHERE columns of `by`), or with `Denominator.PROGRAMME` the running time of the coded airings.
Two subjects over the same seconds both count, so of programme time a share may exceed 1.

    outlet  group     value  amount  total_amount
    KTK     ANSDP      0.25   15000         60000
    KTK     Nur Otan   0.75   45000         60000
    KTK     Auyl       0.00       0         60000

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012).
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from monitoring.coverage import Coverage
from monitoring.intervals.by_day import ratio_sums, rows_of, with_day
from monitoring.intervals.outlet_days import DAY, outlet_days
from monitoring.intervals.sums import Sums
from monitoring.result import amounts, completed, programme_lengths, ratio, shaped, total_of
from monitoring.selection import WHERE, Denominator, Selection, check_columns


def share(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")) -> pd.DataFrame:
    """Share of each combination of `by` within its place.

    Out: the columns of `by`, then RESULT. A subject with no time has value 0; a place with no coverage at all has an
    empty value; a place not monitored has no row. Raises ProblemsFound for unknown columns and mixed units.
    """
    columns = check_columns(by)
    cells = completed(amounts(coverage, selection, columns), coverage, selection, columns)
    where = [name for name in columns if name in WHERE]
    total = total_of(cells, coverage, selection, where)
    return shaped(cells.assign(value=ratio(cells["amount"], total), total_amount=total), coverage, columns)


def sums(
    coverage: Coverage,
    selection: Selection,
    by: Sequence[str] = ("outlet", "group"),
    each: tuple[str, ...] = DAY,
) -> Sums:
    """What adds over outlet-days: the amount of each row, and that of its place or its programmes, day by day.

    Of programme time a share may exceed 1, but no subject has more than all of it: the bound is the number of subjects.
    """
    columns = check_columns(by)
    where = [name for name in columns if name in WHERE]
    rows = rows_of(share(coverage, selection, columns))
    days = outlet_days(coverage, selection, columns, each)
    part = amounts(coverage, selection, with_day(columns, each))
    if selection.denominator == Denominator.PROGRAMME:
        whole = programme_lengths(coverage, selection, with_day(where, each))
        return ratio_sums(days, rows, part, whole, where, bounds=(0.0, float(len(coverage.mission.subjects))))
    whole = amounts(coverage, replace(selection, subjects=()), with_day(where, each))
    return ratio_sums(days, rows, part, whole, where)
