"""Judgements as tables for a reader: amounts, shares, days and verdicts in words; the numbers stay elsewhere."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from coding.mission.clock import clock_text
from monitoring.entitled.judged import UNKNOWN, Judged, Ruling, Verdict
from monitoring.words import Words

COLUMNS = {
    "entitlement": ("group", "limit_amount", "amount", "refused", "left", "over", "outside", "median_clock"),
    "equality": (
        "outlet", "period", "time", "slot", "group", "value", "due", "amount", "total_amount", "left", "over",
        "effective_number",
    ),
    "ceiling": ("outlet", "period", "value", "high_limit", "amount", "total_amount", "left", "over"),
    "paid": ("outlet", "period", "group", "amount", "limit_amount", "refused", "left", "over"),
    "silence": ("outlet", "period", "group", "monitored", "amount"),
}  # fmt: skip
"""What of a row a reader is shown, besides segments, verdict and reason."""
WORST = (
    "outlet", "verdict", "verdict_day", "slot", "time", "group", "value", "due", "departure", "amount", "total_amount",
    "effective_number", "effective_day", "lowest_number", "unequal", "places",
)  # fmt: skip
"""What of the worst places a reader is shown."""
NAMED = 4
"""As many names stand in a line of the summary; the sections below have all."""


def shown(rows: Sequence[Judged], kind: str, words: Words) -> pd.DataFrame:
    """The rows for a reader, headings of the language; a column that says nothing in any row is left out."""
    columns = [name for name in COLUMNS[kind] if any(getattr(row, name) not in ("", None) for row in rows)]
    columns += ["segments", "verdict", *(["reason"] if any(row.reason for row in rows) else [])]
    gathered = [[text(name, getattr(row, name), _unit(row, name), words) for name in columns] for row in rows]
    return pd.DataFrame(gathered, columns=[words.t(f"word.rules.{name}") for name in columns])


def _unit(row: Judged, name: str) -> str:
    return row.material_unit or row.unit if name == "monitored" else row.unit


def title(ruling: Ruling, words: Words) -> str:
    """A rule under the mission's own name; what is granted under its format and outlet in the reader's language."""
    if ruling.kind != "entitlement":
        return ruling.name
    told = {name: str(ruling.facts[name]) for name in ("format", "outlet") if ruling.facts[name]}
    named = ", ".join(words.named(name, value) for name, value in told.items())
    return named + ruling.name.removeprefix(", ".join(told.values()))


def summary(rulings: Sequence[Ruling], words: Words) -> pd.DataFrame:
    """Every ruling in a line: who is over, who is under, and on how many rows nothing could be said."""
    rows = [
        [
            title(ruling, words),
            _who(ruling, Verdict.OVER, words),
            _who(ruling, Verdict.UNDER, words),
            words.number(sum(row.verdict in UNKNOWN for row in ruling.rows)),
        ]
        for ruling in rulings
    ]
    return pd.DataFrame(
        rows, columns=[words.t(f"word.rules.{name}") for name in ("rule", "over_who", "under_who", "unknown")]
    )


def _who(ruling: Ruling, verdict: Verdict, words: Words) -> str:
    """Whom a verdict is about, with the outlet, each once, as many as a line holds; a dash where it is nobody."""
    found = [row for row in ruling.rows if row.verdict == verdict]
    names = list(dict.fromkeys(_place(row, words) for row in found))
    more = words.t("word.rules.more", number=words.number(len(names) - NAMED)) if len(names) > NAMED else ""
    return "; ".join([*names[:NAMED], *filter(None, [more])]) or words.t("word.no_value")


def _place(row: Judged, words: Words) -> str:
    outlet = words.named("outlet", row.outlet)
    return f"{words.named('group', row.group)} ({outlet})" if row.group else outlet


def shown_worst(found: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The worst place of each outlet (`equality.worst`) for a reader, one row for each."""
    rows = [[text(name, row[name], str(row["unit"]), words) for name in WORST] for row in found.to_dict("records")]
    return pd.DataFrame(rows, columns=[words.t(f"word.rules.{name}") for name in WORST])


def shown_hours(ruling: Ruling, words: Words) -> pd.DataFrame:
    """At what hour each contestant's free slots began, for a reader: who, hour, amount, share of its own, segments."""
    hours = ruling.facts["hours"]
    if not isinstance(hours, pd.DataFrame):
        return pd.DataFrame()
    whole = hours.groupby(["group", "unit"])["amount"].transform("sum")
    rows = [
        [
            words.named("group", row["group"]), f"{row['hour']:02d}:00", words.amount(row["amount"], row["unit"]),
            words.percent_sign(row["amount"] / total) if total else words.t("word.no_value"),
            words.number(row["segments"]),
        ]
        for row, total in zip(hours.to_dict("records"), whole, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(
        rows, columns=[words.t(f"word.rules.{n}") for n in ("group", "hour", "amount", "value", "segments")]
    )


def text(name: str, value: Any, unit: str, words: Words) -> str:
    """A cell of a column in words; a dash where nothing is known."""
    if name == "slot" and value == "":
        return words.t("word.rules.whole_day")
    if value is None or pd.isna(value):
        return words.t("word.no_value")
    if value == "":
        return ""
    return _TEXTS[name](value, unit, words) if name in _TEXTS else words.named(name, str(value))


def stretch(period: str, words: Words) -> str:
    """A period, month, week, day, or the days and hours of an entitlement, as a reader sees them."""
    try:
        return words.day(date.fromisoformat(period))
    except ValueError:
        return period.replace("..", " – ")


def verdict(value: str, words: Words) -> str:
    """A verdict in words."""
    return words.t(f"word.verdict.{str(value).replace(' ', '_')}")


def departure(value: float, words: Words) -> str:
    """How far a share lies from its due, in per cent of what is due."""
    return words.percent_sign(value) if math.isfinite(value) else "∞"


_Text = Callable[[Any, str, Words], str]
_TEXTS: Mapping[str, _Text] = {
    **dict.fromkeys(
        ("limit_amount", "amount", "total_amount", "refused", "left", "over", "outside", "monitored", "planned"),
        lambda value, unit, words: words.amount(value, unit),
    ),
    **dict.fromkeys(("value", "due", "high_limit"), lambda value, _, words: words.percent_sign(value, 1)),
    **dict.fromkeys(
        ("effective_number", "effective_day", "lowest_number"), lambda value, _, words: words.number(value, 1)
    ),
    **dict.fromkeys(("segments", "unequal", "places"), lambda value, _, words: words.number(value)),
    **dict.fromkeys(("verdict", "verdict_day"), lambda value, _, words: verdict(value, words)),
    "reason": lambda value, _, words: words.t(f"word.reason.{value}"),
    "departure": lambda value, _, words: departure(value, words),
    "median_clock": lambda value, _, words: clock_text(value - value % 60_000),
    "period": lambda value, _, words: stretch(value, words),
}
