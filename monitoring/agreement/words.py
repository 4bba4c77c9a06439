"""Agreement in words: what a figure means, what usually counts as enough of it and who says so, and what was found.

Thresholds exist for alpha alone: Krippendorff asks for 0.800, and allows tentative conclusions from 0.667. For every
other figure none is known to us, and the words say that.

Source: Klaus Krippendorff, Content Analysis: An Introduction to Its Methodology, 2nd ed., Sage 2004 (chapter 11; the
same in the 3rd ed. of 2013, chapter 12).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from monitoring.agreement.pairs import PAIR
from monitoring.words import Words

Row = Mapping[Any, Any]
"""One row of a table, by its columns."""
RELIABLE, TENTATIVE = 0.800, 0.667
ALPHAS = ("alpha_nominal", "alpha_ordinal")
ALPHA_OF = {"tone": "alpha_ordinal"}
"""The alpha that a variable is judged by, where it is not the nominal one."""
IN_SECONDS = 1000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
THIN_MARK = "†"
"""As in the charts: what rests on too little."""
VARIABLES = ("subject", "role", "speech", "tone", "format", "topic", "found", "together")
SPLITS = ("week", "outlet", "coder_pair", "coder", "subject")


@dataclass(frozen=True)
class Named:
    """How coders are called: by name for a supervisor, as `Coder A` for everybody else.

    A letter says nothing about a name: their order is that of a hash, the same for everyone who reads the mission.
    """

    words: Words
    letters: Mapping[str, str] = field(default_factory=dict)

    def coder(self, name: str) -> str:
        """A coder as this reader may see them."""
        return self.words.t("agreement.coder", letter=self.letters[name]) if name in self.letters else name

    def group(self, by: str, group: str) -> str:
        """The group of a row of the report as a name: all, an outlet, a week, a coder, two of them, a subject."""
        if by == "all":
            return self.words.t("agreement.by.all")
        if by == "coder":
            return self.coder(group)
        if by == "coder_pair":
            return PAIR.join(map(self.coder, group.split(PAIR)))
        return self.words.named(by, group)


def lettered(coders: Iterable[str], mission_id: str) -> dict[str, str]:
    """A letter for each coder: A to Z, then A2, B2 and so on."""
    hidden = {name: hashlib.sha256(f"{mission_id}\n{name}".encode()).hexdigest() for name in coders}
    ordered = sorted(hidden, key=hidden.__getitem__)
    return {name: _letter(place) for place, name in enumerate(ordered)}


def _letter(place: int) -> str:
    turn, place = divmod(place, len(LETTERS))
    return LETTERS[place] + (str(turn + 1) if turn else "")


# one figure


def meaning(measure: str, words: Words) -> str:
    """One sentence: what the figure means, and what usually counts as enough."""
    return words.t(f"agreement.means.{measure}")


def level(value: float, low: float, enough: bool) -> str:
    """Where an alpha stands by Krippendorff's thresholds; its interval has to lie above one to reach it.

    undefined (all said the same), little (too little material), reliable, reaching (0.800 or more, but the interval
    reaches below), tentative, doubtful (0.667 or more, but the interval reaches below), or unreliable.
    """
    if pd.isna(value):
        return "undefined"
    if not enough:
        return "little"
    if value >= RELIABLE:
        return "reliable" if low >= RELIABLE else "reaching"
    if value >= TENTATIVE:
        return "tentative" if low >= TENTATIVE else "doubtful"
    return "unreliable"


def verdict(row: Row, words: Words) -> str:
    """What may be concluded from one row of the report, in words."""
    if not row["units"]:
        return words.t("agreement.level.nothing")
    if row["measure"] in ALPHAS:
        return words.t(f"agreement.level.{level(row['value'], row['low'], bool(row['enough']))}")
    return words.t("agreement.level.no_threshold" if row["enough"] else "agreement.level.little")


def figure(value: float, measure: str, words: Words) -> str:
    """One value of the report for a reader: alpha in thousandths as its thresholds are, shares as per cent, seconds."""
    if pd.isna(value):
        return words.t("agreement.undefined" if measure in ALPHAS else "word.no_value")
    if measure in ALPHAS:
        return signed(value, words, 3)
    if measure == "boundary_ms":
        return words.t("agreement.seconds", number=words.number(value / IN_SECONDS, 1))
    return words.percent_sign(value, 1)


def interval(row: Row, measure: str, words: Words) -> str:
    """The interval of a figure; a dash where there is none."""
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return words.t("word.no_value")
    return f"{figure(row['low'], measure, words)} … {figure(row['high'], measure, words)}"


def signed(value: float, words: Words, decimals: int = 2, plus: bool = False) -> str:
    """A number with a true minus; with `plus`, zero and more have a sign too."""
    if pd.isna(value):
        return words.t("word.no_value")
    rounded = round(value, decimals)
    sign = "−" if rounded < 0 else "+" if plus and rounded > 0 else "±" if plus else ""
    return sign + words.number(abs(rounded), decimals)


def points(value: float, words: Words) -> str:
    """A difference of fractions in percentage points with its sign."""
    return signed(value * 100, words, 1, plus=True)


# what was found


def of(report: pd.DataFrame, variable: str, measure: str, by: str = "all", group: str | None = None) -> pd.DataFrame:
    """The rows of a report about one variable and measure."""
    rows = (report["variable"] == variable) & (report["measure"] == measure) & (report["by"] == by)
    return report[rows if group is None else rows & (report["group"] == group)]


def alpha_of(variable: str) -> str:
    """The alpha that a variable is judged by: neighbouring tones disagree less than opposite ones."""
    return ALPHA_OF.get(variable, ALPHAS[0])


def answer(report: pd.DataFrame, words: Words, variable: str = "tone") -> str:
    """Whether coders agree on a variable, as one sentence with its figure, interval and material."""
    rows = of(report, variable, alpha_of(variable))
    name = words.t(f"agreement.in_sentence.{variable}")
    if rows.empty or not rows.iloc[0]["units"]:
        return words.t("sentence.agreement.nothing", variable=name)
    row = rows.iloc[0]
    numbers = {column: words.number(row[column]) for column in ("units", "days", "coders")}
    values = {column: figure(row[column], row["measure"], words) for column in ("value", "low", "high")}
    kind = level(row["value"], row["low"], bool(row["enough"]))
    return words.t(f"sentence.agreement.{kind}", variable=name, **numbers, **values)


def highest_and_lowest(rows: pd.DataFrame, words: Words) -> str:
    """Where agreement on one variable is highest and lowest, of the rows (with their `name`) that can be judged."""
    judged = rows[rows["enough"] & rows["value"].notna()].sort_values("value", kind="stable")
    variable = words.t(f"agreement.in_sentence.{rows.iloc[0]['variable']}")
    if judged.empty:
        return words.t("sentence.agreement.where_little", variable=variable)
    worst, best = judged.iloc[0], judged.iloc[-1]
    told = {"best": best["name"], "best_value": figure(best["value"], best["measure"], words), "variable": variable}
    told |= {name: figure(worst[name], worst["measure"], words) for name in ("low", "high")}
    if len(judged) == 1:
        return words.t("sentence.agreement.where_one", **told)
    worst_told = {"worst": worst["name"], "worst_value": figure(worst["value"], worst["measure"], words)}
    return words.t("sentence.agreement.where", **told, **worst_told)


def moved(spread: pd.DataFrame, unit: str, words: Words) -> str:
    """How far the second codings would move the shares of one unit: the group that moves most, beside its sampling."""
    rows = spread[(spread["measure"] == "share") & (spread["by"] == "second") & (spread["unit"] == unit)]
    if rows.empty:
        return words.t("sentence.spread.nothing")
    row = rows.iloc[int(rows["difference"].abs().to_numpy().argmax())]
    if (pd.isna(row["low"]) and row["difference"] != 0) or not rows["enough"].any():
        few = {name: words.number(row[name]) for name in ("airings", "days")}
        return words.t("sentence.spread.little", unit=words.t(f"word.unit.{unit}"), **few)
    told = {
        "group": words.named("group", row["group"]),
        "unit": words.t(f"word.unit.{unit}"),
        "reference": words.percent(row["reference"], 1),
        "value": words.percent(row["value"], 1),
        **{name: points(row[name], words) for name in ("difference", "low", "high")},
        "ratio": words.percent(row["ratio"]),
        "sampling": words.number((row["sampling_high"] - row["sampling_low"]) * 50, 1),
    }
    return words.t("sentence.spread.most", **told)


def drift_sentence(row: Row, named: Named) -> str:
    """One week of one coder that is more than chance: how far, beside what, and what may be behind it. No blame."""
    words = named.words
    told = {
        "week": words.day(row["week"]),
        "coder": named.coder(row["coder"]),
        "side": words.t(f"sentence.drift.{'above' if row['difference'] > 0 else 'below'}"),
        "difference": words.number(abs(row["difference"]), 2),
        "passages": words.number(row["passages"]),
        **{name: signed(row[name], words, 2, plus=True) for name in ("before", "change", "low", "high")},
    }
    return words.t(f"sentence.drift.{row['kind']}", **told)


# tables


def variable_name(row: Row, words: Words) -> str:
    """What a row of the report is about: a code, or what a measure of time is about by itself."""
    name = str(row["variable"])
    return words.t(f"agreement.variable.{name}") if name in VARIABLES else words.t("word.no_value")


def shown_report(report: pd.DataFrame, named: Named) -> pd.DataFrame:
    """The report as texts in the order of its rows, under the reader's headings; a mark at what rests on too little."""
    words, records = named.words, report.to_dict("records")
    rows = [
        {
            "of": named.group(row["by"], row["group"]),
            "variable": variable_name(row, words),
            "measure": _with_unit(row, words),
            "value": figure(row["value"], row["measure"], words) + ("" if row["enough"] else f" {THIN_MARK}"),
            "interval": interval(row, row["measure"], words),
            "rests": _units(row, words),
            **{name: words.number(row[name]) for name in ("airings", "days", "coders")},
            "verdict": verdict(row, words),
        }
        for row in records
    ]
    return _headed(rows, words)


def _units(row: Row, words: Words) -> str:
    """What a figure rests on: passages, boundaries, or the amount that a share of time is of."""
    timed = str(row["measure"]).startswith("time_")
    return words.amount(row["units"], row["unit"]) if timed else words.number(row["units"])


def _with_unit(row: Row, words: Words) -> str:
    name = words.t(f"agreement.measure.{row['measure']}")
    timed = str(row["measure"]).startswith("time_")
    unit = words.t(f"word.unit.{row['unit']}") if timed else ""
    return f"{name} ({unit})" if timed else name


def shown_spread(spread: pd.DataFrame, named: Named, headed: bool = True) -> pd.DataFrame:
    """The numbers under one coding and another as texts, under the reader's headings or their keys."""
    words = named.words
    share_one = partial(words.percent_sign, decimals=1)
    share_change, balance_of = partial(points, words=words), partial(signed, words=words, plus=True)
    rows: list[dict[str, object]] = []
    for row in spread.to_dict("records"):
        share = row["measure"] == "share"
        one: Callable[[float], str] = share_one if share else balance_of
        change: Callable[[float], str] = share_change if share else balance_of
        rows.append({
            "measure": words.t(f"agreement.{'share' if share else 'balance'}"),
            "unit": words.t(f"word.unit.{row['unit']}"),
            "of": named.coder(row["coder"]) if row["by"] == "coder" else words.t("agreement.second_codings"),
            "group": words.named("group", row["group"]) + ("" if row["enough"] else f" {THIN_MARK}"),
            "reference": one(row["reference"]),
            "value": one(row["value"]),
            "difference": change(row["difference"]),
            "interval": _between(row["low"], row["high"], change, words),
            "sampling": _between(row["sampling_low"], row["sampling_high"], one, words),
            "ratio": words.percent_sign(row["ratio"]),
            "airings": words.number(row["airings"]),
            "days": words.number(row["days"]),
        })  # fmt: skip
    return _headed(rows, words) if headed else pd.DataFrame(rows)


def _between(low: float, high: float, write: Callable[[float], str], words: Words) -> str:
    return words.t("word.no_value") if pd.isna(low) or pd.isna(high) else f"{write(low)} … {write(high)}"


def _headed(rows: Sequence[Mapping[str, object]], words: Words) -> pd.DataFrame:
    shown = pd.DataFrame(rows)
    return shown.rename(columns={name: words.t(f"agreement.column.{name}") for name in shown.columns})
