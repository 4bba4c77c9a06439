"""What is missing behind a result: airings that were planned and are not, or not wholly, coded, and why.

An airing whose own format is not among those counted is not missing: a lost advertising block moves no news. One
without a format (an issue of a paper) may hold any of them.
"""

from dataclasses import replace

import pandas as pd

from monitoring.completeness.airings import MISSING, Reason, airings_of
from monitoring.coverage import Coverage
from monitoring.selection import ALL_FORMATS, Denominator, Selection

STANDING = (
    "unit", "planned", "monitored", "coded", "double_coded", "airings", "monitored_airings", "coded_airings",
    "double_coded_airings", "missing", "missing_airings", "unknown_airings", *MISSING,
    *(f"{reason}_airings" for reason in MISSING),
)  # fmt: skip


def within(coverage: Coverage, selection: Selection) -> pd.DataFrame:
    """The airings in which something of the selection may stand: `airings.COLUMNS`.

    With programme time as the denominator an airing counts when it is coded to its end, so one being coded is missing
    with its whole length.
    """
    airings = airings_of(coverage, selection)
    formats = ["", *selection.formats_in(coverage.mission)]
    airings = airings[airings["airing_format"].isin(formats)].reset_index(drop=True)
    if selection.denominator == Denominator.PROGRAMME:
        begun = airings["reason"] == Reason.BEING_CODED
        airings = airings.assign(missing=airings["missing"].mask(begun, airings["monitored"]))
    return airings


def missing(coverage: Coverage, selection: Selection) -> pd.DataFrame:
    """The airings behind the selection that are missing, by day, outlet and id: `airings.COLUMNS`.

    `missing` is what nobody has coded of it, empty where no length is known.
    """
    return lacking(within(coverage, selection))


def lacking(airings: pd.DataFrame) -> pd.DataFrame:
    """The missing ones of some airings."""
    return airings[airings["reason"].isin(MISSING)].reset_index(drop=True)


def standing(airings: pd.DataFrame) -> pd.DataFrame:
    """How far the airings are that were due until the day of the record, one row for each unit: STANDING.

    Amounts are integers of `unit`; `missing` is the sum of the reasons (`not_monitored`, `not_coded`, `being_coded`),
    each with its number of airings; `unknown_airings` are missing ones whose length nobody knows, in no amount.
    """
    due = airings[airings["reason"] != Reason.AHEAD]
    rows = [{"unit": unit, **_sums(some)} for unit, some in due.groupby("unit", sort=True)]
    return pd.DataFrame(rows, columns=list(STANDING)).astype(dict.fromkeys(STANDING[1:], "int64"))


def _sums(airings: pd.DataFrame) -> dict[str, int]:
    gone = lacking(airings)
    sums = {name: int(airings[name].sum()) for name in ("planned", "monitored", "coded", "double_coded")}
    counts = {f"{name}_airings": int(airings[name].notna().sum()) for name in sums if name != "planned"}
    of = {reason: gone[gone["reason"] == reason] for reason in MISSING}
    amounts = {str(reason): int(some["missing"].sum()) for reason, some in of.items()}
    numbers = {f"{reason}_airings": len(some) for reason, some in of.items()}
    whole = {"airings": len(airings), "missing": int(gone["missing"].sum()), "missing_airings": len(gone)}
    return sums | counts | whole | {"unknown_airings": int(gone["missing"].isna().sum())} | amounts | numbers


def every_format(selection: Selection) -> Selection:
    """The days, outlets and media of a selection, and airings of every format: what a calendar shows."""
    chosen = Selection(start=selection.start, end=selection.end, outlets=selection.outlets, media=selection.media)
    return replace(chosen, formats=ALL_FORMATS)
