"""The coverage calendar: for each outlet and day what was planned, monitored, coded and coded twice, and what is not.

    outlet  date        planned  monitored  coded    missing  airings  missing_airings  state
    KTK     2007-08-04  4200000  3540000    3540000  0        2        0                coded
    KTK     2007-08-05  4200000  1680000    1680000  2100000  2        1                partly
    Aikyn   2007-08-05  0        0          0        0        0        0                none

Only what was planned, or is known as an airing, can be missing: a Sunday without a paper is no hole. A gap in the plan
itself shows by a rule: a day inside the windows has no airing known, though on more than half of the other same
weekdays inside them, and on two at least, the outlet has one. Such a day is marked as `unknown` and counts as nothing.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from coding.mission.model import Mission, Outlet
from monitoring.completeness.airings import AMOUNTS, MISSING, Reason, airings_of
from monitoring.coverage import Coverage
from monitoring.selection import Selection

COUNTS = ("airings", "monitored_airings", "coded_airings", "double_coded_airings", "missing_airings")
COLUMNS = ("outlet", "medium", "date", "unit", *AMOUNTS, "missing", *COUNTS, "state")
SUMMED = (*AMOUNTS, "missing", *COUNTS, "begun")
REGULAR_DAYS = 2
"""As many other same weekdays at least must have an airing before a day without one is a gap in the plan."""


class State(StrEnum):
    """How an outlet-day stands, from what is nobody's business to what was coded twice throughout."""

    OUTSIDE = "outside"
    NONE = "none"
    UNKNOWN = "unknown"
    AHEAD = "ahead"
    NOT_MONITORED = "not_monitored"
    NOT_CODED = "not_coded"
    PARTLY = "partly"
    CODED = "coded"
    TWICE_PART = "twice_part"
    TWICE = "twice"


HOLES = (State.NOT_MONITORED, State.NOT_CODED, State.PARTLY)
"""States of a day on which something is missing."""


def calendar(coverage: Coverage, selection: Selection) -> pd.DataFrame:
    """One row for each monitored outlet and day of the selection inside the mission's periods: COLUMNS.

    Amounts are integers of `unit` (the outlet's), `missing` those of airings of known length; `airings` counts those
    planned or known. Of a selection the days, outlets and media count: an airing is monitored whole. Rows stand in
    the order of outlets and days.
    """
    selection.check(coverage.mission)
    airings = airings_of(coverage, selection)
    grid = pd.DataFrame(_grid(coverage.mission, selection), columns=["outlet", "medium", "date", "unit", "inside"])
    days = grid.merge(_sums(airings), on=["outlet", "date"], how="left")
    days = days.fillna(dict.fromkeys(SUMMED, 0)).astype(dict.fromkeys(SUMMED, "int64"))
    day = coverage.as_of.astimezone(coverage.mission.zone).date().isoformat()
    return days.assign(state=_states(days, day))[list(COLUMNS)]


def _grid(mission: Mission, selection: Selection) -> Iterator[tuple[str, str, str, str, bool]]:
    days = sorted({day for period in mission.periods for day in _days(period.start, period.end)})
    shown = [d for d in days if d >= (selection.start or d) and d <= (selection.end or d)]
    for outlet in mission.outlets:
        if _asked(outlet, selection):
            for day in shown:
                place = (outlet.name, str(outlet.medium), day.isoformat(), str(outlet.unit))
                yield *place, _inside(mission, outlet, day)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _asked(outlet: Outlet, selection: Selection) -> bool:
    named = not selection.outlets or outlet.name in selection.outlets
    return outlet.monitored and named and (not selection.media or outlet.medium in selection.media)


def _inside(mission: Mission, outlet: Outlet, day: date) -> bool:
    """Whether a window of the mission takes the outlet on that day; every day where it has no windows at all."""
    windows = [window for window in mission.windows if outlet.name in window.outlets]
    return not mission.windows or any(window.start <= day <= window.end for window in windows)


def _sums(airings: pd.DataFrame) -> pd.DataFrame:
    lacking = airings["reason"].isin(MISSING)
    counted = airings.assign(
        airings=1,
        **{f"{name}_airings": airings[name].notna().astype("int64") for name in AMOUNTS[1:]},
        missing_airings=lacking.astype("int64"),
        begun=(airings["reason"] == Reason.BEING_CODED).astype("int64"),
    )
    return counted.groupby(["outlet", "date"], as_index=False)[list(SUMMED)].sum()


def _states(days: pd.DataFrame, day: str) -> pd.Series:
    """The state of each outlet-day, each rule overruling those above it."""
    some, coded, twice = days["airings"] > 0, days["coded_airings"], days["double_coded_airings"]
    lacking = days["missing_airings"] > 0
    begun = (coded > 0) | (days["begun"] > 0)
    rules = (
        (days["inside"], State.NONE),
        (days["inside"] & ~some & _regular(days) & (days["date"] <= day), State.UNKNOWN),
        (some, State.AHEAD),
        (some & (coded > 0), State.CODED),
        (some & (twice > 0), State.TWICE_PART),
        (some & (twice > 0) & (twice == days["airings"]), State.TWICE),
        (lacking, State.NOT_CODED),
        (lacking & (days["monitored_airings"] == 0), State.NOT_MONITORED),
        (lacking & (days["monitored_airings"] > 0) & begun, State.PARTLY),
    )
    states = pd.Series(str(State.OUTSIDE), index=days.index, dtype="object")
    for holds, state in rules:
        states = states.mask(holds, str(state))
    return states


def _regular(days: pd.DataFrame) -> pd.Series:
    """Whether on most other same weekdays inside the windows, and on two at least, the outlet has an airing."""
    weekday = pd.to_datetime(days["date"]).dt.day_of_week
    inside = days["inside"].astype("int64")
    kept = days.assign(weekday=weekday, inside=inside, some=inside * (days["airings"] > 0))
    others = kept.groupby(["outlet", "weekday"])[["inside", "some"]].transform("sum") - kept[["inside", "some"]]
    return (others["some"] >= REGULAR_DAYS) & (2 * others["some"] > others["inside"])
