"""A comparison in plain sentences: effect first, its interval, a word tied to stated limits, and p last."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from monitoring.comparison.asked import STRENGTHS, Comparison, Kind, Quantity, Side
from monitoring.comparison.compare import DATES_AT_LEAST, DAYS_OF_A_SIDE
from monitoring.comparison.strength import LIMITS
from monitoring.selection import Selection
from monitoring.words import Words

Row = Mapping[Any, Any]


def headline(found: pd.DataFrame, asked: Comparison, words: Words) -> str:
    """The answer of a whole table: its largest shown difference, and how many of those asked are shown."""
    if found.empty:
        return words.t("sentence.compare.nobody")
    tested = found[found["p_corrected"].notna()]
    if tested.empty:
        return _nothing(found, asked, words)
    seen = tested[tested["shown"]]
    family = int(tested["family"].iloc[0])
    if seen.empty and family > 1:
        return _read(words.t("sentence.compare.none", family=words.number(family)), asked, words)
    best = (seen if len(seen) else tested).assign(size=lambda rows: rows["effect"].abs()).sort_values("size").iloc[-1]
    parts = [sentence(best.to_dict(), asked, words)]
    if family > 1:
        parts.append(words.t("sentence.compare.of_all", shown=words.number(len(seen)), family=words.number(family)))
    return _read(" ".join(parts), asked, words)


def _read(told: str, asked: Comparison, words: Words) -> str:
    """With the reading of incumbents behind it."""
    return f"{told.removesuffix('.')}; {words.reading(asked.selection)}."


def _nothing(found: pd.DataFrame, asked: Comparison, words: Words) -> str:
    row = found.iloc[0]
    return words.t(
        "sentence.compare.nothing",
        a=side_in(asked, "a", words),
        b=side_in(asked, "b", words),
        days_a=words.number(row["days_a"]),
        days_b=words.number(row["days_b"]),
        dates=DATES_AT_LEAST,
        days=DAYS_OF_A_SIDE,
        minimum=words.mission.minimum_segments,
    )


def sentence(row: Row, asked: Comparison, words: Words) -> str:
    """One row of a comparison's table in words; without the mission's notice and the reading of incumbents."""
    decimals = _decimals(row, asked.quantity)
    told = {
        "who": _who(row, asked, words),
        "a": side_in(asked, "a", words),
        "b": side_in(asked, "b", words),
        "value_a": _value(row, "a", asked, decimals, words),
        "value_b": _value(row, "b", asked, decimals, words),
    }
    if row["strength"] == "too_little" or math.isnan(row["low"]):
        alike = row["strength"] != "too_little" and not row["effect"]
        counts = {name: words.number(row[name]) for name in ("days_a", "days_b", "segments_a", "segments_b")}
        return words.t(f"sentence.compare.{'same' if alike else 'too_little'}", **told, **counts)
    told |= {"size": size(abs(row["effect"]), asked.quantity, words, decimals), "p": p_text(row, words)}
    if not row["shown"]:
        low, high = row["low"], row["high"]
        return words.t("sentence.compare.not_shown", **told, **_ends(low, high, asked.quantity, words, decimals))
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    told["direction"] = words.t(f"sentence.compare.{'higher' if row['effect'] > 0 else 'lower'}")
    told["strength"] = words.t(f"sentence.compare.{row['strength']}")
    return words.t("sentence.compare.shown", **told, **_ends(low, high, asked.quantity, words, decimals))


def _decimals(row: Row, quantity: Quantity) -> int:
    """Points are whole where they add up so, and the difference and its ends are one at least; else of one decimal."""
    if quantity == Quantity.TONE:
        return 2
    points = {name: 100 * row[name] for name in ("value_a", "value_b", "effect", "low", "high")}
    if any(math.isnan(value) for value in points.values()):
        return 0
    adds_up = round(points["value_a"]) - round(points["value_b"]) == round(points["effect"])
    return 0 if adds_up and all(abs(points[name]) >= 1 for name in ("effect", "low", "high")) else 1


def _ends(low: float, high: float, quantity: Quantity, words: Words, decimals: int) -> dict[str, str]:
    return {"low": _bare(low, quantity, words, decimals), "high": size(high, quantity, words, decimals)}


def _bare(value: float, quantity: Quantity, words: Words, decimals: int) -> str:
    """A difference without its unit, with a true minus."""
    shown = round(value if quantity == Quantity.TONE else value * 100, decimals)
    return ("−" if shown < 0 else "") + words.number(abs(shown), decimals)


def size(value: float, quantity: Quantity, words: Words, decimals: int) -> str:
    """A difference in points, or as a tone balance."""
    number = _bare(value, quantity, words, decimals)
    if quantity == Quantity.TONE:
        return number
    return words.t("sentence.compare.point" if number == "1" else "sentence.compare.points", number=number)


def signed(value: float, quantity: Quantity, words: Words) -> str:
    """A difference with its sign, for tables and labels: points of one decimal, or a balance."""
    if pd.isna(value):
        return words.t("word.no_value")
    if quantity == Quantity.TONE:
        return words.balance(value)
    shown = round(value * 100, 1)
    return ("+" if shown > 0 else "−" if shown < 0 else "±") + words.number(abs(shown), 1)


def p_text(row: Row, words: Words) -> str:
    """The corrected p-value and for how many comparisons it is corrected."""
    key = "p_many" if row["family"] > 1 else "p_one"
    return words.t(f"sentence.compare.{key}", p=p_sign(row["p_corrected"], words), family=words.number(row["family"]))


def p_sign(p: float, words: Words) -> str:
    """`= 0.03`, `= 0.004` or `< 0.001`."""
    if p < 0.001:
        return "< " + words.number(0.001, 3)
    return "= " + words.number(p, 2 if p >= 0.1 else 3)


def _who(row: Row, asked: Comparison, words: Words) -> str:
    what = quantity_name(asked.quantity, str(row["unit"]), words)
    if asked.kind != Kind.CONTESTANTS:
        return words.t("sentence.compare.group", subject=words.named("group", row["group"]), what=what)
    if not row["place"]:
        return words.t("sentence.compare.every", what=what)
    return words.t("sentence.compare.place", subject=words.named("outlet", row["place"]), what=what)


def quantity_name(quantity: Quantity, unit: str, words: Words) -> str:
    """What is compared, with its denominator."""
    if quantity == Quantity.TONE:
        return words.t("sentence.compare.what_tone")
    return words.t(f"sentence.compare.what_{quantity.value}_{unit or 'ms'}")


def _value(row: Row, side: str, asked: Comparison, decimals: int, words: Words) -> str:
    value = row[f"value_{side}"]
    if asked.quantity != Quantity.TONE or math.isnan(value):
        return words.percent(value, decimals)
    segments = words.number(row[f"segments_{side}"])
    return words.t("sentence.compare.toned", balance=words.balance(value), segments=segments)


def side_in(asked: Comparison, which: str, words: Words) -> str:
    """A side as a sentence says it: on an outlet, before a day, for a contestant."""
    side = asked.a if which == "a" else asked.b
    if asked.kind == Kind.OUTLETS:
        return words.t("sentence.compare.outlets", names=_quoted(words.listed("outlet", side.outlets)))
    if asked.kind == Kind.OWNERSHIP:
        return words.t(f"sentence.compare.ownership_{which}")
    if asked.kind == Kind.CONTESTANTS:
        return words.t("sentence.compare.contestants", names=_quoted(words.named("group", side.group)))
    if asked.kind == Kind.BEFORE:
        return words.t(f"sentence.compare.before_{which}", day=words.day(_turn(asked)))
    return words.t("sentence.compare.periods", days=_days(side, words))


def _quoted(names: str) -> str:
    """Names that may stand between angle quotes: their own become the inner ones."""
    return names.replace("«", "„").replace("»", "“")


def side_short(asked: Comparison, which: str, words: Words) -> str:
    """A side in few words, for headings and switches."""
    side = asked.a if which == "a" else asked.b
    if asked.kind == Kind.OUTLETS:
        return words.listed("outlet", side.outlets)
    if asked.kind == Kind.CONTESTANTS:
        return words.named("group", side.group)
    if asked.kind == Kind.OWNERSHIP:
        return words.t(f"sentence.compare.short_ownership_{which}")
    return side_in(asked, which, words) if asked.kind == Kind.BEFORE else _days(side, words)


def _turn(asked: Comparison) -> date:
    """The first day of side b, or of a where the sides were exchanged."""
    return next(side.start for side in (asked.b, asked.a) if side.start)


def _days(side: Side, words: Words) -> str:
    return words.days(*words.span(Selection(start=side.start, end=side.end)))


def limits(quantity: Quantity, words: Words) -> str:
    """From which size on a difference of this quantity is called weak, moderate, strong."""
    kind = STRENGTHS[quantity]
    numbers = dict(zip(("weak", "moderate", "strong"), LIMITS[kind], strict=True))
    told = {name: _limit(value, kind == "tone", words) for name, value in numbers.items()}
    return words.t(f"page.compare.limits_{kind}", **told)


def _limit(value: float, toned: bool, words: Words) -> str:
    shown = value if toned else value * 100
    return words.number(shown, 2 if toned else 0 if shown == int(shown) else 1)


def method(asked: Comparison, words: Words) -> str:
    """How p was made for this kind of comparison, and what it is about."""
    sizes = {"a": len(asked.a.outlets), "b": len(asked.b.outlets)} if asked.kind == Kind.OWNERSHIP else {}
    return words.t(f"page.compare.method_{asked.kind.value}", **sizes)
