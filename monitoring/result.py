"""The one shape of every result, and the steps that all metrics share."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
import pandas as pd

from coding.problems import Problem, ProblemsFound
from monitoring.coverage import Coverage
from monitoring.selection import OF_AIRING, WHERE, WHO, Denominator, Selection

RESULT = ("value", "low", "high", "amount", "total_amount", "unit", "segments", "airings")
"""What follows the group columns. Amounts are integers of `unit`; low and high are empty without intervals."""


def amounts(coverage: Coverage, selection: Selection, by: Sequence[str]) -> pd.DataFrame:
    """Amount, segments and airings of each cell that has any: group columns, unit -> amount, segments, airings."""
    coverage.check_days(selection, by)
    rows = coverage.select(selection)
    keys = [*dict.fromkeys((*by, "unit"))]
    answer = coverage.table(
        rows.group_by(keys).aggregate(
            amount=rows.amount.sum(), segments=rows.segments.sum(), airings=rows.airing_id.nunique()
        )
    )
    whole = ["amount", "segments", "airings"]
    return as_keys(answer, keys).astype(dict.fromkeys(whole, "int64"))


def as_keys(answer: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The group columns as plain objects: pandas 3 cannot merge its text columns when they are empty."""
    return answer.astype(dict.fromkeys(keys, "object"))


def completed(cells: pd.DataFrame, coverage: Coverage, selection: Selection, by: Sequence[str]) -> pd.DataFrame:
    """The cells with a zero row wherever something was monitored and a subject got nothing.

    An outlet (or day) that was not monitored has no row: that is a gap, not a zero.
    """
    where = [name for name in by if name in WHERE and name != "unit"]
    who = [name for name in by if name in WHO]
    places = _places(cells, coverage, selection, [*where, "unit"])
    domains = _domains(cells, coverage, selection, who)
    grid = reduce(lambda left, right: left.merge(right, how="cross"), domains, places)
    keys = [*where, *who, "unit"]
    full = grid.merge(cells, on=keys, how="outer")
    whole = dict.fromkeys(("amount", "segments", "airings"), "int64")
    return full.fillna(dict.fromkeys(whole, 0)).astype(whole)


def _places(cells: pd.DataFrame, coverage: Coverage, selection: Selection, keys: list[str]) -> pd.DataFrame:
    """Where something was observed: from the airings, and from the cells for what only segments know."""
    seen = cells[keys].drop_duplicates()
    if not set(keys) <= {*OF_AIRING, "unit"}:
        return seen
    airings = coverage.select_airings(selection)
    observed = as_keys(coverage.table(airings.filter(airings.observed).select(keys).distinct()), keys)
    missing = observed.merge(seen.drop(columns="unit"), how="left", indicator=True) if keys != ["unit"] else None
    if missing is None:
        return seen if len(seen) else observed
    alone = missing[missing["_merge"] == "left_only"].drop(columns="_merge")
    return pd.concat([seen, alone], ignore_index=True)


WHOSE = ("subject", "group", "affiliation")
"""Columns that say who was covered; a contestant stands in all of them under its own name."""


def _domains(cells: pd.DataFrame, coverage: Coverage, selection: Selection, who: Sequence[str]) -> list[pd.DataFrame]:
    """What takes a zero row: the contestants (or the subjects named) and all points of the scale, besides what is seen.

    Subject, group and affiliation go together: there is no zero row for a subject under a party it never had.
    """
    domains = []
    whose = [name for name in who if name in WHOSE]
    if whose:
        expected = pd.DataFrame(_expected(coverage, selection, whose), columns=whose, dtype="object")
        domains.append(pd.concat([expected, cells[whose]], ignore_index=True).drop_duplicates())
    for name in who:
        if name not in WHOSE:
            scale = [point.name for point in coverage.mission.tone] if name == "tone" else []
            values = list(dict.fromkeys([*scale, *cells[name]]))
            domains.append(pd.DataFrame({name: pd.Series(values, dtype="object")}))
    return domains


def _expected(coverage: Coverage, selection: Selection, whose: Sequence[str]) -> list[list[str]]:
    """The rows that are there even without any time: every contestant, or every subject that was asked for."""
    contestants = [subject.name for subject in coverage.mission.contestants]
    if not selection.subjects:
        return [[name] * len(whose) for name in contestants]
    if list(whose) == ["subject"]:
        return [[name] for name in selection.subjects]
    return [[name] * len(whose) for name in contestants if name in selection.subjects]


def totals(cells: pd.DataFrame, within: Sequence[str]) -> pd.Series:
    """The sum of amounts within the columns and one unit, for each row.

    Raises ProblemsFound where units would be added.
    """
    check_units(cells, within)
    return cells.groupby(place_keys(within), dropna=False)["amount"].transform("sum")


def place_keys(within: Sequence[str]) -> list[str]:
    """The columns of a place, the unit always among them, so that a sum is of one unit."""
    return list(dict.fromkeys((*within, "unit")))


def check_units(cells: pd.DataFrame, within: Sequence[str]) -> None:
    """Milliseconds, mm2 and lines are never added: raises ProblemsFound where a sum would."""
    if "unit" in within:
        return
    counted = cells[cells["amount"] > 0]
    keys = list(within)
    units = counted.groupby(keys, dropna=False)["unit"].nunique() if keys else pd.Series([counted["unit"].nunique()])
    if (units > 1).any():
        found = ", ".join(sorted(counted["unit"].unique()))
        raise ProblemsFound([Problem("units_mixed", column="by", values={"units": found})])


def programme_totals(cells: pd.DataFrame, coverage: Coverage, selection: Selection, within: Sequence[str]) -> pd.Series:
    """The running time (or space) of the coded airings behind each row.

    Raises ProblemsFound for columns that an airing does not have, and for imported totals without airings.
    """
    lengths = programme_lengths(coverage, selection, within).rename(columns={"amount": "total"})
    found = cells.merge(lengths, on=place_keys(within), how="left")["total"]
    return found.set_axis(cells.index).fillna(0).astype("int64")


def programme_lengths(coverage: Coverage, selection: Selection, within: Sequence[str]) -> pd.DataFrame:
    """The running time (or space) of the coded airings of each place: the columns, unit -> amount.

    Raises ProblemsFound for columns that an airing does not have, and for imported totals without airings.
    """
    keys = [name for name in within if name != "unit"]
    strange = [name for name in keys if name not in OF_AIRING]
    if strange:
        raise ProblemsFound([Problem("programme_columns", column="by", value=", ".join(strange))])
    airings = coverage.select_airings(selection)
    formats = ["", *selection.formats_in(coverage.mission)]
    airings = airings.filter(airings.coded, airings.monitored.notnull(), airings.airing_format.isin(formats))
    lengths = coverage.table(airings.group_by([*keys, "unit"]).aggregate(amount=airings.monitored.sum()))
    if lengths.empty:
        raise ProblemsFound([Problem("no_programme_time", column="denominator")])
    return as_keys(lengths, [*keys, "unit"])


def subject_totals(cells: pd.DataFrame, coverage: Coverage, selection: Selection, within: Sequence[str]) -> pd.Series:
    """The amount of all subjects behind each row, whichever of them the selection names."""
    whole = amounts(coverage, replace(selection, subjects=()), within)
    check_units(whole, within)
    keys = place_keys(within)
    sums = whole.groupby(keys)["amount"].sum().rename("total").reset_index()
    return cells.merge(sums, on=keys, how="left")["total"].set_axis(cells.index).fillna(0).astype("int64")


def total_of(cells: pd.DataFrame, coverage: Coverage, selection: Selection, within: Sequence[str]) -> pd.Series:
    """The denominator that the selection asks for, for each row.

    Naming subjects chooses whose rows are shown; the denominator stays that of all subjects.
    """
    if selection.denominator == Denominator.PROGRAMME:
        check_units(cells, within)
        return programme_totals(cells, coverage, selection, within)
    if selection.subjects:
        return subject_totals(cells, coverage, selection, within)
    return totals(cells, within)


def ratio(amount: pd.Series, total: pd.Series) -> pd.Series:
    """amount / total; empty where the total is nothing."""
    return (amount / total.where(total > 0, np.nan)).astype("float64")


def shaped(cells: pd.DataFrame, coverage: Coverage, by: Sequence[str]) -> pd.DataFrame:
    """Columns in the one order, rows in the order of the mission (outlets, ballot, scale), then by name."""
    keys = [name for name in by if name != "unit"]
    result = cells.assign(low=np.nan, high=np.nan)[[*keys, *RESULT]].astype(dict.fromkeys((*keys, "unit"), "str"))
    ranks = pd.DataFrame({name: _rank(result[name], coverage, name) for name in keys}, index=result.index)
    order = ranks.sort_values(keys, kind="stable").index if keys else result.index
    return result.loc[order].reset_index(drop=True)


def _rank(values: pd.Series, coverage: Coverage, name: str) -> pd.Series:
    """A sort key: place in the mission's own order, names it does not order behind."""
    mission = coverage.mission
    ordered = {
        "outlet": [outlet.name for outlet in mission.outlets],
        "tone": [point.name for point in mission.tone],
        "format": [part.name for part in mission.formats],
        "period": [period.name for period in mission.periods],
        "slot": [slot.name for slot in mission.slots],
    }.get(name, [])
    if name in ("group", "affiliation", "subject"):
        ordered = [subject.name for subject in mission.contestants] + [group.name for group in mission.groups]
    places = {value: f"0{place:06d}" for place, value in enumerate(ordered)}
    return values.map(lambda value: places.get(value, f"1{value}"))
