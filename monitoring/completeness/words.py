"""What is missing in words: the answer over the calendar, the line beside every result, and tables for people."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from monitoring.completeness.airings import AMOUNTS
from monitoring.completeness.calendar import HOLES, State
from monitoring.words import Words

MARKS = {
    State.OUTSIDE: "–",
    State.NONE: "",
    State.UNKNOWN: "?",
    State.AHEAD: "›",
    State.NOT_MONITORED: "✕",
    State.NOT_CODED: "…",
    State.PARTLY: "✕",
    State.CODED: "○",
    State.TWICE_PART: "◐",
    State.TWICE: "●",
}
"""A mark for each state, so that none is told by colour alone; where a day is coded in part, the number missing too."""
NAMED_PLACES = 3
"""As many holes of one size are named; of more the number is told."""
HOLE = ("outlet", "date", "programme", "airing_format", "reason", "planned", "monitored", "missing")


def answer(days: pd.DataFrame, words: Words) -> str:
    """How much of a calendar of one unit is missing, and where most of it."""
    told = {"airings": words.number(days["airings"].sum()), "missing": words.number(days["missing_airings"].sum())}
    if not days["airings"].sum():
        return words.t("sentence.calendar.empty")
    if not days["missing_airings"].sum():
        waiting = "ahead" if (days["state"] == State.AHEAD).any() else "nothing"
        return words.t(f"sentence.calendar.{waiting}", **told)
    most = days["missing"].max()
    if not most:
        return words.t("sentence.calendar.unknown", **told)
    largest = days[days["missing"] == most]
    told["amount"] = words.amount(most, str(largest["unit"].iloc[0]))
    if len(largest) > NAMED_PLACES:
        return words.t("sentence.calendar.many", days=words.number(len(largest)), **told)
    which = "one" if len(largest) == 1 else "several"
    return words.t(f"sentence.calendar.{which}", places=places(largest, words), **told)


def places(days: pd.DataFrame, words: Words) -> str:
    """Outlet-days in one line."""
    pairs = zip(days["outlet"], days["date"], strict=True)
    return ", ".join(
        words.t("sentence.calendar.place", outlet=words.named("outlet", outlet), day=words.day(day))
        for outlet, day in pairs
    )


def gaps(days: pd.DataFrame, words: Words) -> str:
    """The days on which an airing was to be expected and none is known; nothing where there are none."""
    found = days[days["state"] == State.UNKNOWN]
    if found.empty:
        return ""
    named = found.head(NAMED_PLACES)
    listed = places(named, words) + (" …" if len(found) > len(named) else "")
    return words.t("sentence.calendar.gaps", days=words.number(len(found)), places=listed)


def beside(stands: pd.DataFrame, move: float, words: Words) -> str:
    """How much is missing behind a result, and how far it could move an outlet's share; `stands` as of `standing`."""
    gone, unknown = int(stands["missing_airings"].sum()), int(stands["unknown_airings"].sum())
    told = {"missing": words.number(gone), "airings": words.number(stands["airings"].sum())}
    if not gone:
        return words.t("app.missing_nothing", **told)
    if unknown:
        return words.t("app.missing_unknown", unknown=words.number(unknown), **told)
    column = "missing" if len(stands) == 1 else "missing_airings"
    whole = "planned" if len(stands) == 1 else "airings"
    part = words.percent(stands[column].sum() / stands[whole].sum(), 1) if stands[whole].sum() else ""
    return words.t("app.missing", share=part, points=words.number(100 * move, 1), **told)


def marks(days: pd.DataFrame) -> pd.Series:
    """The mark of each outlet-day."""
    numbers = days["missing_airings"].astype(str).where(days["state"] == State.PARTLY, "")
    return days["state"].map({str(state): mark for state, mark in MARKS.items()}) + numbers


def state_name(state: str, words: Words) -> str:
    """A state as a legend writes it: its mark and its name."""
    return f"{MARKS[State(state)]} {words.t(f'calendar.state.{state}')}".strip()


def heading(name: str, words: Words) -> str:
    """The heading of a column of these tables."""
    known = name in ("outlet", "group", "date", "programme", "format", "segments")
    return words.t(f"word.column.{name}" if known else f"calendar.column.{name}")


def shown_airings(airings: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Airings for the eye: where, what, why missing, and the amounts in words; sorted as they come."""
    shown = airings.assign(
        airing_format=[words.named("format", each) if each else "" for each in airings["airing_format"]],
        reason=[reason_name(each, words) for each in airings["reason"]],
    )
    for name in (*AMOUNTS, "missing"):
        shown[name] = _amounts(airings, name, words)
    for name in ("outlet", "date"):
        shown[name] = airings[name].map(partial(words.named, name))
    return shown


def reason_name(reason: str, words: Words) -> str:
    """Why an airing is missing, or that it is coded."""
    return words.t(f"calendar.reason.{reason or 'whole'}")


def _amounts(rows: pd.DataFrame, name: str, words: Words) -> list[str]:
    return [words.amount(amount, unit) for amount, unit in zip(rows[name], rows["unit"], strict=True)]


def shown_bounds(found: pd.DataFrame, words: Words, balance: bool) -> pd.DataFrame:
    """Bounds for the eye: the value, the worst case and the usual density as ranges, and what is missing."""
    kind = "balance" if balance else "fraction"
    keys = list(found.columns[: found.columns.get_loc("value")])
    shown = found[keys].assign(**{name: found[name].map(partial(words.named, name)) for name in keys})
    write: Callable[[float], str] = partial(words.value, kind=kind)
    shown["value"] = found["value"].map(write)
    shown["worst"] = _ranges(found, "lowest", "highest", write, words)
    shown["usual"] = _ranges(found, "usual_lowest", "usual_highest", write, words)
    shown["missing"] = _amounts(found.rename(columns={"missing_amount": "missing"}), "missing", words)
    shown["missing_airings"] = found["missing_airings"]
    shown["segments"] = found["segments"]
    return shown


def _ranges(found: pd.DataFrame, low: str, high: str, write: Callable[[float], str], words: Words) -> list[str]:
    pairs: Any = zip(found[low], found[high], strict=True)
    return [
        words.t("calendar.range", low=write(a), high=write(b)) if pd.notna(a) else words.t("calendar.unbounded")
        for a, b in pairs
    ]


def shown_outlets(days: pd.DataFrame, words: Words) -> pd.DataFrame:
    """A calendar summed by outlet, for the eye: planned, monitored, coded, coded twice, missing, days with a hole."""
    counts = ["airings", "missing_airings"]
    sums = days.assign(holes=days["state"].isin(HOLES)).groupby(["outlet", "unit"], sort=False, as_index=False)
    by_outlet = sums[[*AMOUNTS, *counts, "holes"]].sum()
    twice = [
        words.percent_sign(a / b, 1) if b else ""
        for a, b in zip(by_outlet["double_coded"], by_outlet["coded"], strict=True)
    ]
    shown = by_outlet.assign(**{name: _amounts(by_outlet, name, words) for name in AMOUNTS}, twice_share=twice)
    shown["outlet"] = shown["outlet"].map(partial(words.named, "outlet"))
    return shown[["outlet", *AMOUNTS, "twice_share", *counts, "holes"]]
