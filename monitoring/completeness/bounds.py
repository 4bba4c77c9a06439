"""How far the missing could move a share or a tone balance: bounds that hold whatever the missing airings held.

Nothing is assumed about what was missed. A share a / t of a place with M missing lies, had nothing been missed, between
a / (t + M), all of it about others, and (a + M) / (t + M), all of it about this row's group. The worst case takes every
missing millisecond or mm2 to be about one subject. Beside it stand the bounds at the usual density: the missing airing
held as much subject time for its length as the coded ones of its outlet and format did; whom it was about stays open.

    outlet  group     value  lowest  highest  missing_amount    amount 20 of 100, 25 missing
    KTK     Nur Otan   0.20    0.16     0.36              25

One subject at each moment is taken for the missing part, and its planned length for its length. These are no
confidence intervals: they hold what is missing, not chance.

Source: C. F. Manski, Partial Identification of Probability Distributions (Springer 2003), chapter 1; J. L. Horowitz and
C. F. Manski, Nonparametric Analysis of Randomized Experiments with Missing Covariate and Outcome Data, JASA 95 (2000).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from coding.mission.model import Mission
from coding.problems import Problem, ProblemsFound
from monitoring.completeness.missing import lacking, within
from monitoring.coverage import Coverage
from monitoring.metrics.balance import balance
from monitoring.metrics.share import share
from monitoring.result import as_keys
from monitoring.selection import OF_AIRING, Denominator, Selection, Weight, check_columns

BOUNDS = (
    "value", "lowest", "highest", "usual_lowest", "usual_highest", "missing_amount", "missing_airings",
    "unknown_airings", "amount", "total_amount", "unit", "segments",
)  # fmt: skip
PLACED = ("missing_amount", "usual_amount", "missing_airings", "unknown_airings")


def bounds(coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")) -> pd.DataFrame:
    """The bounds of each row of `share`: the columns of `by`, then BOUNDS.

    `lowest` and `highest` are the worst case, `usual_lowest` and `usual_highest` those at the usual density, fractions
    of the denominator that the selection names. `missing_amount` is an integer of `unit`. Where a missing airing has
    no known length, or would be counted in another unit (`unknown_airings`), bounds are empty. A place of which
    nothing was observed has no row: of it nothing is known at all. What of the day a missing airing fell in is not
    asked, so by slot each row could have had all of it. Raises ProblemsFound as `share` does.
    """
    columns = check_columns(by)
    rows = _with_missing(share(coverage, selection, columns), coverage, selection, columns)
    programme = selection.denominator == Denominator.PROGRAMME
    for name, most in (("", "missing_amount"), ("usual_", "usual_amount")):
        more = rows["missing_amount" if programme else most]
        total = (rows["total_amount"] + more).where(lambda sums: sums > 0)
        lowest, highest = rows["amount"] / total, (rows["amount"] + rows[most]) / total
        # of programme time a share can exceed what the missing could add to it, and then lies highest as it is
        rows[f"{name}lowest"] = _known(rows, lowest)
        rows[f"{name}highest"] = _known(rows, _greater(highest, rows["value"]))
    return _shaped(rows, columns)


def bounds_of_balance(
    coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")
) -> pd.DataFrame:
    """The bounds of each row of `balance`: all of the missing about this row, at one end of the scale or the other.

    Columns as of `bounds`; values run from -1 to 1, `total_amount` is the toned amount. Raises ProblemsFound as
    `balance` does, and for a balance by count: nobody knows how many segments are missing.
    """
    if selection.weight == Weight.SEGMENTS:
        raise ProblemsFound([Problem("bounds_of_counts", column="weight")])
    columns = tuple(by)
    rows = _with_missing(balance(coverage, selection, columns), coverage, selection, columns)
    scores = [point.score for point in coverage.mission.tone]
    sums = (rows["value"] * rows["total_amount"]).fillna(0)
    for name, most in (("", "missing_amount"), ("usual_", "usual_amount")):
        total = (rows["total_amount"] + rows[most]).where(lambda whole: whole > 0)
        rows[f"{name}lowest"] = _known(rows, (sums + min(scores) * rows[most]) / total)
        rows[f"{name}highest"] = _known(rows, (sums + max(scores) * rows[most]) / total)
    return _shaped(rows, columns)


def largest_move(found: pd.DataFrame) -> float:
    """How far the worst case moves any value of a table of bounds; 0 where there is none to move."""
    moved = _greater(found["highest"] - found["value"], found["value"] - found["lowest"])
    return float(moved.max()) if moved.notna().any() else 0.0


def _greater(one: pd.Series, other: pd.Series) -> pd.Series:
    """The greater of both, the one that is there where the other is empty."""
    return pd.concat([one, other], axis=1).max(axis=1)


def _known(rows: pd.DataFrame, bound: pd.Series) -> pd.Series:
    return bound.astype("float64").where(rows["unknown_airings"] == 0)


def _shaped(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    whole = dict.fromkeys(("missing_amount", "missing_airings", "unknown_airings"), "int64")
    keys = [name for name in columns if name != "unit"]
    return rows.astype(whole)[[*keys, *BOUNDS]]


def _with_missing(
    result: pd.DataFrame, coverage: Coverage, selection: Selection, columns: Sequence[str]
) -> pd.DataFrame:
    """The rows of a result with what is missing in the place of each: PLACED."""
    keys = [*(name for name in columns if name in (*OF_AIRING, "format")), "unit"]
    airings = within(coverage, selection)
    gone = lacking(airings)
    usual = gone["missing"] * _density(gone, airings, coverage, selection)
    placed = _placed(gone.assign(usual=usual), coverage.mission, selection, keys)
    rows = as_keys(result, keys).merge(as_keys(placed, keys), on=keys, how="left")
    return rows.fillna(dict.fromkeys(PLACED, 0)).astype(dict.fromkeys(PLACED, "float64"))


def _placed(gone: pd.DataFrame, mission: Mission, selection: Selection, keys: list[str]) -> pd.DataFrame:
    """The missing airings summed by the keys of a result: by every format and unit that each of them could have held.

    An amount is that of the outlet's unit; what is counted in another one (lines) has no known amount.
    """
    chosen = [part for part in mission.formats if part.name in selection.formats_in(mission)]
    formats = pd.DataFrame({"format": [f.name for f in chosen], "own": [str(f.unit or "") for f in chosen]})
    each = gone.merge(formats.astype("object"), how="cross")
    each = each[each["airing_format"].isin([""]) | (each["airing_format"] == each["format"])]
    unit = each["own"].where(each["own"] != "", each["unit"])
    measured = (unit == each["unit"]) & each["missing"].notna()
    each = each.assign(
        missing_amount=each["missing"].where(measured, 0).astype("float64"),
        usual_amount=each["usual"].where(measured, 0).astype("float64"),
        missing_airings=1,
        unknown_airings=(~measured).astype("int64"),
        unit=unit,
    )
    once = each.drop_duplicates(["airing_id", *keys])
    return once.groupby(keys, as_index=False, dropna=False)[list(PLACED)].sum()


def _density(gone: pd.DataFrame, airings: pd.DataFrame, coverage: Coverage, selection: Selection) -> pd.Series:
    """Subject time for each of coded length, at most 1: of outlet and format, else of the format, else all of it."""
    rows = coverage.select(replace(selection, subjects=(), denominator=Denominator.SUBJECT))
    keys = ["outlet", "airing_format", "unit"]
    held = rows.filter(rows.coded).group_by(keys).aggregate(held=rows.amount.sum().cast("int64"))
    of_subjects = as_keys(coverage.table(held), keys)
    lengths = airings.groupby(keys, as_index=False)[["coded"]].sum()
    sums = as_keys(lengths, keys).merge(of_subjects, on=keys, how="left").fillna({"held": 0})
    found = pd.Series(np.nan, index=gone.index)
    levels: tuple[list[str], ...] = (keys, keys[1:])
    for level in levels:
        both = sums.groupby(level, as_index=False)[["held", "coded"]].sum()
        both = both.assign(
            density=both["held"].astype("float64") / both["coded"].where(both["coded"] > 0).astype("float64")
        )
        own = as_keys(gone.loc[:, level], level).merge(as_keys(both, level), on=level, how="left")["density"]
        found = found.fillna(own.set_axis(gone.index))
    return found.fillna(1.0).clip(upper=1.0)
