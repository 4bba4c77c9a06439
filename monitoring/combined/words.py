"""The combined estimate in words: what it rests on, and its table as a reader sees it."""

import pandas as pd

from monitoring.combined.report import Report
from monitoring.words import Words

SHOWN = ("hand", "both", "gain", "airings", "reason")


def how(found: Report, words: Words) -> list[str]:
    """What an estimate is about and rests on, in sentences."""
    t, sample = words.t, found.sample
    if sample is None:
        return []
    counts = {"sampled": words.number(sample.airings), "pool": words.number(len(sample.pool))}
    lines = [t("combined.about", model=found.model, draws=len(sample.draws), **counts), t("combined.beside")]
    more = {"missing": sample.missing, "left_out": sample.left_out, "without_text": found.without_text}
    more["silent"] = found.silent
    return lines + [t(f"combined.{name}", count=words.number(count)) for name, count in more.items() if count]


def shown(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The rows with texts in place of numbers: hand codes alone, both together, the gain, airings, and why not."""
    t = words.t
    named = [name for name in rows.columns[: rows.columns.get_loc("measure")] if name != "tone"]
    found = pd.DataFrame({t(f"word.column.{name}"): [words.named(name, x) for x in rows[name]] for name in named})
    found[t("word.column.tone")] = [tone or t("combined.balance") for tone in rows["tone"]]
    texts: dict[str, list[str]] = {name: [] for name in SHOWN}
    for row in rows.to_dict("records"):
        texts["hand"].append(_estimate(row["hand_value"], row["hand_low"], row["hand_high"], row["measure"], words))
        texts["both"].append(_estimate(row["value"], row["low"], row["high"], row["measure"], words))
        texts["gain"].append("" if pd.isna(row["gain"]) else t("combined.times", number=words.number(row["gain"], 1)))
        texts["airings"].append(t("combined.of", part=words.number(row["airings"]), whole=words.number(row["sampled"])))
        texts["reason"].append(t(f"combined.reason_{row['reason']}") if row["reason"] else "")
    return found.assign(**{t(f"combined.column_{name}"): its for name, its in texts.items()})


def _estimate(value: float, low: float, high: float, measure: str, words: Words) -> str:
    """Value and interval with the interval's width: `41.0 % (33.5 % to 48.9 %; width 15.4)`."""
    kind = "balance" if measure == "balance" else "fraction"
    text = words.value(value, kind)
    if pd.isna(low) or pd.isna(high):
        return text
    width = words.number(high - low, 2) if kind == "balance" else words.number((high - low) * 100, 1)
    low_text, high_text = words.value(low, kind), words.value(high, kind)
    return words.t("combined.interval", value=text, low=low_text, high=high_text, width=width)
