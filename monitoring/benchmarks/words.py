"""Gaps and distances in words: the answer by a stated rule, sources, what a benchmark leaves out, and tables.

The rule of the answer: for each benchmark, among contestants on outlets with enough material, the widest gap whose
interval leaves out zero; the first of equals in the order of the table. Where none does, that is said. Where nothing
has an interval (imported totals, few days), it is the widest gap, and it is said that it has none.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from coding.mission.model import Benchmark
from monitoring.agreement.words import points
from monitoring.answers import thin
from monitoring.benchmarks.distances import MEASURES
from monitoring.benchmarks.due import EQUAL, benchmark, due_shares, unnamed
from monitoring.selection import Selection
from monitoring.words import Words

OF_RESULT = ("effective_number", "gini")
BESIDE_EACH_OTHER = {
    "total_variation": "total_variation",
    "chance": "total_variation",
    "gini_due": "gini_due",
    "effective_number": "effective_number",
    "effective_due": "effective_due",
}
"""The columns of `side_by_side` that hold numbers, and as which measure each is written."""
POINTS, SHARES, AMOUNTS = ("value", "low", "high"), ("share", "due"), ("amount", "total_amount")


def sentence(found: pd.DataFrame, selection: Selection, words: Words, within: Sequence[str] = ("outlet",)) -> str:
    """The answer: one sentence for each benchmark, in their order, then how incumbents were counted."""
    if selection.subjects:
        names = words.listed("subject", selection.subjects)
        return words.t("sentence.gaps.chosen", names=names, reading=words.reading(selection))
    few = thin(found, [*within, "benchmark"], words.mission.minimum_segments)
    rows = found[~few & found["value"].notna()]
    if rows.empty:
        return words.t("sentence.too_little", minimum=words.mission.minimum_segments)
    parts = [_widest(own, str(name), words, within) for name, own in rows.groupby("benchmark", sort=False)]
    if rows["low"].isna().all():
        parts.append(words.t("sentence.gaps.no_interval"))
    bases = " / ".join(basis(words, str(unit)) for unit in dict.fromkeys(rows["unit"]))
    told = {"basis": bases, "reading": words.reading(selection)}
    return "\n".join([*parts, words.t("sentence.gaps.of", **told)])


def _widest(rows: pd.DataFrame, name: str, words: Words, within: Sequence[str]) -> str:
    shown = words.term(name)
    clear = rows if rows["low"].isna().all() else rows[(rows["low"] > 0) | (rows["high"] < 0)]
    if clear.empty or not clear["value"].any():
        return words.t("sentence.gaps.none", benchmark=shown)
    row = clear.iloc[int(clear["value"].abs().to_numpy().argmax())]
    decimals = decimals_of(row["share"], row["due"])
    told = {
        "benchmark": shown,
        "name": words.named("group", str(row["group"])),
        "place": ", ".join(words.named(column, str(row[column])) for column in within) or words.t("balance.everywhere"),
        "points": words.number(abs(row["value"]) * 100, decimals),
        "share": words.percent_sign(row["share"], decimals),
        "due": words.percent_sign(row["due"], decimals),
    }
    return words.t(f"sentence.gaps.{'more' if row['value'] > 0 else 'less'}", **told)


def decimals_of(share: float, *dues: float) -> int:
    """How many decimals of a per cent a sentence needs so that share, due and gap agree as written: 0, else 1.

    Whole numbers do where share less due, both rounded, is the rounded gap, and no gap would read as nothing.

    >>> decimals_of(0.3455, 0.1429), decimals_of(0.2353, 0.1429)
    (0, 1)
    """
    gaps = {due: share - due for due in dues}
    whole = all(round(share * 100) - round(due * 100) == round(gap * 100) for due, gap in gaps.items())
    return int(not whole or any(0 < abs(gap) < 0.01 for gap in gaps.values()))


def basis(words: Words, unit: str) -> str:
    """The denominator in words: the time (space, lines) of all contestants."""
    return words.t(f"balance.basis.{unit}")


def source(words: Words, name: str, own: Sequence[Benchmark] = ()) -> str:
    """A benchmark by its name, with where its numbers or its rule come from."""
    known = benchmark(words.mission, name, own)
    said = [known.source] if known.source else []
    if known.mix:
        whole = sum(known.mix.values())
        parts = (f"{words.percent_sign(part / whole)} {words.term(each)}" for each, part in known.mix.items())
        said.insert(0, " + ".join(parts))
    elif name == EQUAL and not said and len(set(due_shares(words.mission, name, own).values())) == 1:
        said.append(words.t("balance.each_the_same"))
    return words.t("balance.source", name=words.term(name), source="; ".join(said) or words.t("balance.no_source"))


def left_out(words: Words, asked: Sequence[str], own: Sequence[Benchmark] = ()) -> list[str]:
    """A sentence for each benchmark that has no number for some contestants, whose due is then nothing."""
    found = {name: unnamed(words.mission, name, own) for name in asked}
    return [
        words.t("balance.unnamed", name=words.term(name), contestants=words.listed("group", contestants))
        for name, contestants in found.items()
        if contestants
    ]


def heading(column: str, words: Words) -> str:
    """The heading of a column of gaps or distances."""
    own = ("value", "low", "high", "share", "due", "ratio", "benchmark", "measure", "chance", "between", *MEASURES)
    parts = column.split("|")
    return words.t(f"{'balance' if parts[-1] in own else 'word'}.column.{parts[-1]}")


def shown_gaps(found: pd.DataFrame, words: Words) -> Any:
    """Gaps as a reader sees them; the numbers stay beneath, so that sorting is right."""
    empty = [name for name in ("low", "high") if found[name].isna().all()]
    kept = _named(found.drop(columns=["unit", *empty]), words)
    unknown = words.t("word.no_value")
    point: Any = partial(points, words=words)
    percent: Any = partial(words.percent_sign, decimals=1)
    ratio: Any = partial(words.number, decimals=2)
    count: Any = words.number
    styled = kept.style.format(point, subset=[name for name in POINTS if name in kept], na_rep=unknown)
    styled = styled.format(percent, subset=list(SHARES), na_rep=unknown).format(ratio, subset=["ratio"], na_rep=unknown)
    styled = styled.format(count, subset=["segments", "airings"])
    for unit in found["unit"].unique():
        in_words: Any = partial(words.amount, unit=unit)
        styled = styled.format(in_words, subset=(found.index[found["unit"] == unit], list(AMOUNTS)))
    return styled


def printed_gaps(found: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Gaps as texts, for a terminal."""
    texts = {name: [points(value, words) for value in found[name]] for name in POINTS}
    texts |= {name: [words.percent_sign(value, 1) for value in found[name]] for name in SHARES}
    unknown = words.t("word.no_value")
    texts["ratio"] = [unknown if pd.isna(value) else words.number(value, 2) for value in found["ratio"]]
    for name in AMOUNTS:
        texts[name] = [words.amount(a, u) for a, u in zip(found[name], found["unit"], strict=True)]
    return _named(found, words).assign(**texts).drop(columns="unit")


def _named(found: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Names in the reader's language."""
    names = found.columns[: found.columns.get_loc("value")]
    shown = {name: found[name].map(partial(words.named, name)) for name in names if name != "benchmark"}
    return found.assign(benchmark=found["benchmark"].map(words.term), **shown)


def side_by_side(found: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Distances with a row for each place and benchmark, the measures beside each other; names as a reader sees them.

    Values are numbers, intervals texts (`measure|between`). The Gini of shares is that against equal ones.
    """
    place = [name for name in found.columns[: found.columns.get_loc("value")] if name not in ("benchmark", "measure")]
    keys = [*place, "unit"]
    told = found.assign(range=[_between(row, words) for row in found.to_dict("records")])
    wide = places_of(found)[[*keys, "benchmark", "chance", "amount", "segments"]]
    for name in ("total_variation", "gini_due", "effective_number", "effective_due"):
        on = keys if name in OF_RESULT else [*keys, "benchmark"]
        own = told[told["measure"] == name][[*on, "value", "range"]]
        wide = wide.merge(own.rename(columns={"value": name, "range": f"{name}|between"}), on=on, how="left")
    columns = [
        *place, "benchmark", "total_variation", "total_variation|between", "chance", "gini_due", "gini_due|between",
        "effective_number", "effective_number|between", "effective_due", "amount", "segments", "unit",
    ]  # fmt: skip
    named = {name: wide[name].map(partial(words.named, name)) for name in place}
    return wide.assign(benchmark=wide["benchmark"].map(words.term), **named)[columns]


def shown_distances(found: pd.DataFrame, words: Words) -> Any:
    """Distances side by side for the eye; the numbers stay beneath, so that sorting is right."""
    wide = side_by_side(found, words)
    count: Any = words.number
    styled = wide.drop(columns="unit").style
    for name, measure in BESIDE_EACH_OTHER.items():
        in_words: Any = partial(figure, measure, words=words)
        styled = styled.format(in_words, subset=[name], na_rep=words.t("word.no_value"))
    styled = styled.format(count, subset=["segments"])
    for unit in wide["unit"].unique():
        amount: Any = partial(words.amount, unit=unit)
        styled = styled.format(amount, subset=(wide.index[wide["unit"] == unit], ["amount"]))
    return styled


def printed_distances(found: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Distances side by side as texts, for a terminal."""
    wide = side_by_side(found, words)
    texts = {name: [figure(measure, v, words) for v in wide[name]] for name, measure in BESIDE_EACH_OTHER.items()}
    texts["amount"] = [words.amount(a, u) for a, u in zip(wide["amount"], wide["unit"], strict=True)]
    return wide.assign(**texts).drop(columns="unit")


def places_of(found: pd.DataFrame) -> pd.DataFrame:
    """The places of the rows of `side_by_side`, in its order, under the mission's own names."""
    return found[found["measure"] == "total_variation"].reset_index(drop=True)


def figure(measure: str, value: float, words: Words) -> str:
    """One value of a measure: total variation as per cent, the others as numbers."""
    if pd.isna(value):
        return words.t("word.no_value")
    if measure == "total_variation":
        return words.percent_sign(value, 1)
    return words.number(value, 2)


def _between(row: dict[Any, Any], words: Words) -> str:
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return words.t("word.no_value")
    return " … ".join(figure(row["measure"], row[end], words) for end in ("low", "high"))
