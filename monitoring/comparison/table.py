"""The table of a comparison as a person reads it: the difference first, p last."""

from typing import Any

import pandas as pd

from monitoring.comparison.asked import Comparison, Kind, Quantity
from monitoring.comparison.sentences import p_sign, side_short, signed
from monitoring.words import Words


def names_of(found: pd.DataFrame, asked: Comparison, words: Words) -> list[str]:
    """What each row is called: a contestant, or the outlet where two contestants are compared."""
    if asked.kind != Kind.CONTESTANTS:
        return [words.named("group", name) for name in found["group"]]
    return [words.named("outlet", name) if name else words.t("chart.comparison.every") for name in found["place"]]


def shown_table(found: pd.DataFrame, asked: Comparison, words: Words) -> pd.DataFrame:
    """Texts in the columns name, effect, interval, strength, value_a, value_b, segments, days, p_corrected."""
    kind = "balance" if asked.quantity == Quantity.TONE else "fraction"
    rows = found.to_dict("records")
    columns = {
        "name": names_of(found, asked, words),
        "effect": [signed(row["effect"], asked.quantity, words) for row in rows],
        "interval": [interval(row["low"], row["high"], asked.quantity, words) for row in rows],
        "strength": [words.t(f"sentence.compare.verdict_{row['strength']}") for row in rows],
        "value_a": [words.value(row["value_a"], kind) for row in rows],
        "value_b": [words.value(row["value_b"], kind) for row in rows],
        "segments": [_both(row, "segments", words) for row in rows],
        "days": [_both(row, "days", words) for row in rows],
        "p_corrected": [_p(row["p_corrected"], words) for row in rows],
    }
    return pd.DataFrame(columns)


def interval(low: float, high: float, quantity: Quantity, words: Words) -> str:
    """Both ends of an interval of a difference."""
    if pd.isna(low) or pd.isna(high):
        return words.t("word.no_value")
    return f"{signed(low, quantity, words)} … {signed(high, quantity, words)}"


def _both(row: dict[Any, Any], name: str, words: Words) -> str:
    return f"{words.number(row[f'{name}_a'])} / {words.number(row[f'{name}_b'])}"


def _p(p: float, words: Words) -> str:
    return words.t("word.no_value") if pd.isna(p) else p_sign(p, words).removeprefix("= ")


def headings(asked: Comparison, words: Words) -> dict[str, str]:
    """The heading of each column of the shown table."""
    names = ("effect", "interval", "strength", "segments", "days", "p_corrected")
    unit = words.t("page.compare.in_tone" if asked.quantity == Quantity.TONE else "page.compare.in_points")
    found = {name: words.t(f"page.compare.column_{name}", unit=unit) for name in names}
    found |= {
        f"value_{which}": words.t(f"page.compare.column_value_{which}", side=side_short(asked, which, words))
        for which in ("a", "b")
    }
    where = "place" if asked.kind == Kind.CONTESTANTS else "group"
    return {"name": words.t(f"page.compare.column_name_{where}")} | found
