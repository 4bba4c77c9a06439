"""Parts of the page Agreement: codes with their thresholds, seconds, confusions, and where agreement is high or low."""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from coding.people.rights import Person, Right
from coding.vocabulary import Unit
from monitoring.agreement import words as say
from monitoring.agreement.words import Named, lettered
from monitoring.charts import Figure, picture
from monitoring.charts import agreement as agreement_chart
from monitoring.charts.theme import THIN_MARK
from monitoring.pages import frame
from monitoring.pages.agreement_state import Found
from monitoring.suggestion_use import CODERS_AT_LEAST
from monitoring.words import Words

PAGE = "page.agreement"
STYLE = """<style>
.ev-table { max-height: 560px; overflow: auto; border: 1px solid var(--ev-line); border-radius: 4px; }
.ev-table table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: 0; }
.ev-table th, .ev-table td { text-align: left; vertical-align: top; padding: .35rem .7rem; border: 0;
  border-bottom: 1px solid var(--ev-line); }
.ev-table tr:last-child td { border-bottom: 0; }
.ev-table th { background: var(--ev-panel); font-weight: 600; position: sticky; top: 0; }
.ev-table .ev-count { text-align: right; font-variant-numeric: tabular-nums; }
.ev-table td.ev-count { white-space: nowrap; }
.ev-table td:first-child { min-width: 9rem; }
.ev-table .ev-thin td { color: var(--ev-quiet); }
.ev-means { margin: 0; }
.ev-means dt { font-weight: 600; margin: .35rem 0 0; }
.ev-means dd { margin: 0 0 .35rem; color: var(--ev-quiet); }
</style>"""


class Reader:
    """Who looks: which coders they may see as persons, and whether they may see single ones at all."""

    def __init__(self, person: Person, words: Words, coders: Sequence[str]) -> None:
        self.supervises = person.may(Right.SUPERVISE)
        letters = {} if self.supervises else lettered(coders, words.mission.id)
        self.words, self.named = words, Named(words, letters)
        self.sees_coders = self.supervises or len(coders) >= CODERS_AT_LEAST

    def report(self, found: pd.DataFrame) -> pd.DataFrame:
        """The report as this reader may take it away: letters in place of names, or no single coders."""
        single = found["by"].isin(("coder", "coder_pair"))
        kept = found if self.sees_coders else found[~single]
        named = [
            self.named.group(by, group) if by in ("coder", "coder_pair") else group
            for by, group in zip(kept["by"], kept["group"], strict=True)
        ]
        return kept.assign(group=named).reset_index(drop=True)


def table(shown: pd.DataFrame, counts: Sequence[str], thin: Sequence[bool] = ()) -> None:
    """A table whose sentences wrap; every cell is text. `counts` are columns of figures, `thin` the quiet rows."""
    kind = {name: ' class="ev-count"' if name in counts else "" for name in shown.columns}
    head = "".join(f"<th{kind[name]}>{escape(str(name))}</th>" for name in shown.columns)
    quiet = [*thin, *[False] * (len(shown) - len(thin))]
    rows = "".join(
        f"<tr{' class=ev-thin' if few else ''}>"
        + "".join(f"<td{kind[name]}>{escape(str(cell))}</td>" for name, cell in zip(shown.columns, row, strict=True))
        + "</tr>"
        for row, few in zip(shown.itertuples(index=False, name=None), quiet, strict=True)
    )
    st.html(f'{STYLE}<div class="ev-table" tabindex="0"><table><tr>{head}</tr>{rows}</table></div>')


def thin_note(rows: pd.DataFrame, words: Words) -> None:
    """What the mark in a table means, where a row of it has the mark and no chart says it."""
    if not rows["enough"].all():
        frame.text("note", words.t(f"{PAGE}.thin"))


def drawn(found: Found, reader: Reader, name: str, asked: tuple[object, ...], make: Callable[[], Any]) -> None:
    """A chart, and beneath it the same as a picture to take away.

    Writing out a chart takes longer than all else on the page, so what was drawn for the same question (`asked`), kind
    of reader and language is kept with the figures.
    """
    words, key = reader.words, f"agreement.{name}"
    kept = ("chart", name, words.language, reader.supervises, *asked)
    spec = found.part(kept, lambda: make().to_dict())
    st.vega_lite_chart(spec, theme=None, width="content", key=key)
    st.download_button(
        words.t("app.picture"), partial(picture, spec), words.file_name(f"agreement-{name}", "png"), "image/png",
        key=f"{key}.png", on_click="ignore",
    )  # fmt: skip


def download(words: Words, label: str, name: str, result: pd.DataFrame) -> None:
    """Exact numbers as CSV that no spreadsheet takes for formulas."""
    st.download_button(
        words.t(f"{PAGE}.{label}"), partial(words.csv, result), words.file_name(name), "text/csv",
        key=f"agreement.{label}", on_click="ignore",
    )  # fmt: skip


# the codes


def codes(found: Found, reader: Reader) -> None:
    """Alpha of every code as a chart, and beneath it the table with what may be concluded."""
    words, report = reader.words, found.report
    frame.text("head", words.t(f"{PAGE}.codes"), "h2")
    rows = judged(report)
    thin = () if rows["enough"].all() else (words.t(f"{PAGE}.thin"),)
    told = Figure(words, say.answer(report, words), (words.t("chart.agreement.basis"), *thin))
    named = rows.assign(name=_variables(rows, words))
    drawn(found, reader, "codes", (), lambda: agreement_chart(named, told))
    code_table(report, rows, words)
    frame.text("note", words.t(f"{PAGE}.intervals"))
    download(words, "download", "agreement", reader.report(report))
    with st.expander(words.t(f"{PAGE}.means_head")):
        meanings(words, dict.fromkeys(report["measure"]))


def judged(report: pd.DataFrame) -> pd.DataFrame:
    """For all material the alpha by which each code is judged."""
    known = [name for name in say.VARIABLES if name in set(report["variable"])]
    parts = [say.of(report, name, say.alpha_of(name)) for name in known]
    return pd.concat(parts, ignore_index=True) if parts else report[:0]


def _variables(rows: pd.DataFrame, words: Words) -> list[str]:
    return [words.t(f"agreement.variable.{name}") for name in rows["variable"]]


def code_table(report: pd.DataFrame, rows: pd.DataFrame, words: Words) -> None:
    """Each code with percent agreement, alpha, its material, and one sentence of what may be concluded."""
    shown = []
    for row in rows.to_dict("records"):
        percent = say.of(report, row["variable"], "percent")
        same = say.figure(percent.iloc[0]["value"], "percent", words) if len(percent) else words.t("word.no_value")
        shown.append({
            "variable": words.t(f"agreement.variable.{row['variable']}"),
            "percent": same,
            "alpha": say.figure(row["value"], row["measure"], words) + ("" if row["enough"] else f" {THIN_MARK}"),
            "interval": say.interval(row, row["measure"], words),
            "passages": words.number(row["units"]),
            "days": words.number(row["days"]),
            "coders": words.number(row["coders"]),
            "verdict": say.verdict(row, words),
        })  # fmt: skip
    named = pd.DataFrame(shown).rename(columns=lambda name: words.t(f"agreement.column.{name}"))
    counts = [words.t(f"agreement.column.{name}") for name in ("percent", "alpha", "interval", *COUNTS)]
    table(named, counts, list(~rows["enough"].astype(bool)))


UNITS: dict[str, int] = {"": 0} | {str(unit): place for place, unit in enumerate(Unit, 1)}
"""Time before space, and first what has no unit."""
COUNTS = ("passages", "rests", "days", "coders", "airings")


def meanings(words: Words, measures: Sequence[str] | dict[str, None]) -> None:
    """One sentence for each figure: what it means, and what usually counts as enough."""
    rows = "".join(
        f"<dt>{escape(words.t(f'agreement.measure.{name}'))}</dt><dd>{escape(say.meaning(name, words))}</dd>"
        for name in measures
    )
    st.html(f'{STYLE}<dl class="ev-means">{rows}</dl>')


# seconds


def time(found: Found, reader: Reader) -> None:
    """How much of what was marked both marked alike, how far apart starts and ends are, what one alone found."""
    words, report = reader.words, found.report
    rows = report[(report["by"] == "all") & ~report["measure"].isin(("percent", *say.ALPHAS))]
    rows = rows.sort_values("unit", key=lambda units: units.map(UNITS), kind="stable")
    for unit in dict.fromkeys(rows.loc[rows["measure"] == "time_tone", "unit"]):
        sentence = time_sentence(rows, str(unit), words)
        if sentence:
            frame.text("finding", words.with_notice(sentence))
    shown = say.shown_report(rows, reader.named)
    hidden = [words.t(f"agreement.column.{name}") for name in ("of", "variable", "verdict")]
    counts = [words.t(f"agreement.column.{name}") for name in ("value", "interval", *COUNTS)]
    table(shown.drop(columns=hidden), counts, list(~rows["enough"].astype(bool)))
    thin_note(rows, words)
    meanings(words, dict.fromkeys(rows["measure"]))


def time_sentence(rows: pd.DataFrame, unit: str, words: Words) -> str:
    """The share of one unit on which both coders say the same; empty where there is too little."""
    values = {name: rows[(rows["measure"] == f"time_{name}") & (rows["unit"] == unit)] for name in ("who", "tone")}
    if any(part.empty or not part.iloc[0]["enough"] for part in values.values()):
        return ""
    shares = {name: words.percent(part.iloc[0]["value"], 1) for name, part in values.items()}
    numbers = {name: words.number(values["who"].iloc[0][name]) for name in ("airings", "days")}
    return words.t("sentence.agreement.time", unit=words.t(f"word.unit.{unit}"), **shares, **numbers)


# where


def where(found: Found, reader: Reader) -> None:
    """One code by outlet, week, pair of coders, coder or subject: chart and table."""
    words, report = reader.words, found.report
    columns = st.columns(2)
    variables = list(judged(report)["variable"])
    variable = str(columns[0].selectbox(
        words.t(f"{PAGE}.variable"), variables, variables.index("tone") if "tone" in variables else 0,
        format_func=lambda name: words.t(f"agreement.variable.{name}"), key="agreement.variable",
    ))  # fmt: skip
    splits = [name for name in say.SPLITS if reader.sees_coders or name not in ("coder", "coder_pair")]
    by = str(columns[1].segmented_control(
        words.t(f"{PAGE}.by"), splits, default=splits[0], required=True, key="agreement.by",
        format_func=lambda name: words.t(f"agreement.by.{name}"), persist_state="session",
    ))  # fmt: skip
    if not reader.supervises:
        frame.text("note", words.t(f"{PAGE}.few_coders", least=CODERS_AT_LEAST))
    rows = say.of(report, variable, say.alpha_of(variable), by)
    if rows.empty:
        st.info(words.t("agreement.level.nothing"))
        return
    rows = rows.assign(name=[reader.named.group(by, group) for group in rows["group"]])
    basis = words.t("chart.agreement.basis_one", variable=words.t(f"agreement.variable.{variable}"))
    thin = () if rows["enough"].all() else (words.t(f"{PAGE}.thin"),)
    told = Figure(words, say.highest_and_lowest(rows, words), (basis, *thin))
    drawn(found, reader, "where", (variable, by), lambda: agreement_chart(rows, told))
    _where_table(rows, say.of(report, variable, "percent", by), words)


def _where_table(rows: pd.DataFrame, percents: pd.DataFrame, words: Words) -> None:
    same = dict(zip(percents["group"], percents["value"], strict=True))
    shown = pd.DataFrame([
        {
            "of": row["name"],
            "percent": say.figure(same.get(row["group"], float("nan")), "percent", words),
            "alpha": say.figure(row["value"], row["measure"], words) + ("" if row["enough"] else f" {THIN_MARK}"),
            "interval": say.interval(row, row["measure"], words),
            "passages": words.number(row["units"]),
            "days": words.number(row["days"]),
            "verdict": say.verdict(row, words),
        }
        for row in rows.to_dict("records")
    ])  # fmt: skip
    counts = [words.t(f"agreement.column.{name}") for name in ("percent", "alpha", "interval", *COUNTS)]
    headings = {name: words.t(f"agreement.column.{name}") for name in shown.columns}
    headings["of"] = words.t(f"agreement.by.{rows.iloc[0]['by']}")
    table(shown.rename(columns=headings), counts, list(~rows["enough"].astype(bool)))
