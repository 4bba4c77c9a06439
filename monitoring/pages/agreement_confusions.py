"""A part of the page Agreement: which codes are taken for each other, for all coders or for two of them."""

import pandas as pd
import streamlit as st

from coding.segment import CODES
from monitoring.agreement.confusion import confusion, confusion_by_pair
from monitoring.agreement.pairs import PAIR
from monitoring.charts import Figure
from monitoring.charts import confusion as confusion_chart
from monitoring.pages import frame
from monitoring.pages.agreement_parts import COUNTS, PAGE, Reader, drawn, table
from monitoring.pages.agreement_state import Found
from monitoring.words import Words

OFFERED = ("tone", "subject", *(name for name in CODES if name != "tone"))
AXES = ("agreement.column.one", "agreement.column.other")
COUNTED = "agreement.column.passages"
MOST_CODES = 6
"""More codes than these make no chart that can be read: the table says it."""
SHOWN = 20
"""Pairs of different codes in the table."""


def confusions(found: Found, reader: Reader) -> None:
    """The picker of code and coders, the chart where there are few codes, and the commonest exchanges as a table."""
    words, t = reader.words, reader.words.t
    columns = st.columns(2)
    variable = str(columns[0].selectbox(
        t(f"{PAGE}.variable"), OFFERED, format_func=lambda name: t(f"agreement.variable.{name}"),
        key="agreement.confused",
    ))  # fmt: skip
    met = found.part(f"confusion.{variable}", lambda: confusion(found.table, variable))
    pair = None
    if reader.sees_coders:
        by_pair = found.part(f"pairs.{variable}", lambda: confusion_by_pair(found.table, variable))
        pair = _pair(columns[1], by_pair, reader)
        met = turned(by_pair, pair) if pair else met
    if met.empty:
        st.info(t(f"{PAGE}.confusion_none"))
        return
    sentence = confused(met, variable, words)
    cells = matrix(met, _order(met, variable, words))
    if cells["tone"].nunique() <= MOST_CODES:
        name = t(f"agreement.variable.{variable}")
        told = Figure(words, sentence, (t("chart.agreement.confusion_basis", variable=name),))
        shown = {
            f"{side}_shown": [code_name(variable, code, words) for code in cells[side]] for side in ("tone", "said")
        }
        cells = cells.assign(**shown)
        drawn(found, reader, "confusion", (variable, pair), lambda: confusion_chart(cells, told, AXES, COUNTED))
        frame.text("note", t(f"{PAGE}.confusion_note"))
    else:
        frame.text("finding", words.with_notice(sentence))
    _exchanges(met, variable, words)


def _pair(column: "st.delta_generator.DeltaGenerator", by_pair: pd.DataFrame, reader: Reader) -> tuple[str, str] | None:
    pairs = sorted(set(zip(by_pair["coder_one"], by_pair["coder_other"], strict=True)))
    names = {None: reader.words.t(f"{PAGE}.every_pair")}
    names |= {pair: PAIR.join(map(reader.named.coder, pair)) for pair in pairs}
    chosen: tuple[str, str] | None = column.selectbox(
        reader.words.t(f"{PAGE}.pair"), list(names), format_func=names.__getitem__, key="agreement.pair"
    )
    return chosen


def turned(by_pair: pd.DataFrame, pair: tuple[str, str]) -> pd.DataFrame:
    """What two coders exchanged, whoever gave which code: as `confusion` has it for all."""
    rows = by_pair[(by_pair["coder_one"] == pair[0]) & (by_pair["coder_other"] == pair[1])]
    back = rows["one"] > rows["other"]
    ordered = rows.assign(one=rows["one"].where(~back, rows["other"]), other=rows["other"].where(~back, rows["one"]))
    met = ordered.groupby(["one", "other"], as_index=False)[["passages", "amount"]].sum()
    return met.sort_values("passages", ascending=False, kind="stable", ignore_index=True)


def matrix(met: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Every pair of codes: tone (what one said), said (what the other said), rows and value (its part of `tone`).

    A passage on which both agree has given the code twice, so it weighs two in the parts of its row.
    """
    counts: dict[tuple[str, str], int] = dict(
        zip(zip(met["one"], met["other"], strict=True), met["passages"].tolist(), strict=True)
    )
    rows = []
    for one in order:
        line = [counts.get((one, other), 0) + counts.get((other, one), 0) for other in order]
        total = sum(line)
        rows += [
            (one, other, each // 2 if one == other else each, each / total if total else float("nan"))
            for other, each in zip(order, line, strict=True)
        ]
    return pd.DataFrame(rows, columns=["tone", "said", "rows", "value"])


def _order(met: pd.DataFrame, variable: str, words: Words) -> list[str]:
    """Tones in the order of the scale, other codes by how often they occur."""
    seen = pd.concat([met.set_index("one")["passages"], met.set_index("other")["passages"]])
    often = list(seen.groupby(level=0).sum().sort_values(ascending=False, kind="stable").index)
    if variable != "tone":
        return often
    scale = [point.name for point in words.mission.tone]
    return [*(name for name in scale if name in often), *(name for name in often if name not in scale)]


def code_name(variable: str, code: str, words: Words) -> str:
    """A code under its name for the reader; of a subject, none is what one coder did not find."""
    if not code:
        return words.t("agreement.not_found" if variable == "subject" else "word.no_value")
    return words.named(variable, code)


def confused(met: pd.DataFrame, variable: str, words: Words) -> str:
    """Which two codes are exchanged most often, as a sentence."""
    different = met[met["one"] != met["other"]]
    if different.empty:
        return words.t("sentence.agreement.same", total=words.number(met["passages"].sum()))
    most = different.iloc[0]
    names = {side: f"«{code_name(variable, most[side], words)}»" for side in ("one", "other")}
    numbers = {"passages": most["passages"], "total": different["passages"].sum(), "all": met["passages"].sum()}
    told = {name: words.number(value) for name, value in numbers.items()}
    return words.t("sentence.agreement.confused", **names, **told)


def _exchanges(met: pd.DataFrame, variable: str, words: Words) -> None:
    different = met[met["one"] != met["other"]].head(SHOWN)
    if different.empty:
        return
    total = met.loc[met["one"] != met["other"], "passages"].sum()
    shown = pd.DataFrame({
        "one": [code_name(variable, code, words) for code in different["one"]],
        "other": [code_name(variable, code, words) for code in different["other"]],
        "passages": different["passages"].map(words.number).to_list(),
        "share": (different["passages"] / total).map(words.percent_sign).to_list(),
    })  # fmt: skip
    counts = [words.t(f"agreement.column.{name}") for name in (*COUNTS, "share")]
    table(shown.rename(columns=lambda name: words.t(f"agreement.column.{name}")), counts)
