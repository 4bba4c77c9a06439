"""A part of the page Agreement: what disagreement does to the published numbers."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from coding.store import Store
from monitoring.agreement import words as say
from monitoring.agreement.spread import spread
from monitoring.charts import Figure, agreement_spread
from monitoring.pages import frame
from monitoring.pages.agreement_parts import COUNTS, PAGE, Reader, download, drawn, table, thin_note
from monitoring.pages.agreement_state import Found
from monitoring.words import Words

TOLD_ABOVE = ("of", "unit", "measure", "airings", "days")
FIGURES = ("reference", "value", "difference", "interval", "sampling", "ratio")


def numbers(found: Found, reader: Reader, store: Store) -> None:
    """Shares and tone under the first and the second codings: the sentence, the chart, the tables."""
    words, t = reader.words, reader.words.t
    with st.spinner(t(f"{PAGE}.computing")):
        rows = found.part("spread", lambda: spread(found.codings, store.airings()))
    frame.text("note", t(f"{PAGE}.spread_about"))
    if rows.empty:
        st.info(t("sentence.spread.nothing"))
        return
    unit = _unit(list(dict.fromkeys(rows["unit"]))[::-1], words)
    rows = rows[rows["unit"] == unit]
    second = rows[rows["by"] == "second"]
    shares = second[second["measure"] == "share"]
    thin = () if shares["enough"].all() else (t(f"{PAGE}.thin"),)
    material = {name: words.number(shares.iloc[0][name]) for name in ("airings", "days")}
    basis = (t("chart.agreement.spread_basis"), t("chart.agreement.material", **material))
    told = Figure(words, say.moved(rows, unit, words), (*basis, *thin))
    drawn(found, reader, "spread", (unit,), lambda: agreement_spread(shares, told))
    _table(shares, reader, TOLD_ABOVE)
    frame.text("head", t("agreement.balance"), "h2")
    _table(second[second["measure"] == "balance"], reader, TOLD_ABOVE)
    if reader.sees_coders:
        _coders(rows[rows["by"] == "coder"], reader)
    taken = rows if reader.supervises else rows[(rows["by"] == "second") | reader.sees_coders]
    named = taken.assign(coder=[reader.named.coder(name) if name else "" for name in taken["coder"]])
    download(words, "download_spread", f"agreement-numbers-{unit}", named)


def _unit(units: Sequence[str], words: Words) -> str:
    if len(units) == 1:
        return units[0]
    return str(st.segmented_control(
        words.t(f"{PAGE}.spread_unit"), units, default=units[0], required=True, key="agreement.unit",
        format_func=lambda name: words.t(f"word.unit.{name}"), persist_state="session",
    ))  # fmt: skip


def _coders(rows: pd.DataFrame, reader: Reader) -> None:
    """One measure of every coder beside the others, the largest differences first."""
    t = reader.words.t
    frame.text("head", t(f"{PAGE}.spread_coders"), "h2")
    measure = st.segmented_control(
        t(f"{PAGE}.spread_measure"), ("share", "balance"), default="share", required=True, key="agreement.measure",
        format_func=lambda name: t(f"agreement.{name}"), persist_state="session",
    )  # fmt: skip
    chosen = rows[rows["measure"] == measure]
    ordered = chosen.reindex(chosen["difference"].abs().sort_values(ascending=False, kind="stable").index)
    headings = {"reference": "others", "value": "own", "of": "coder"}
    _table(ordered, reader, ("unit", "measure"), headings)


def _table(rows: pd.DataFrame, reader: Reader, hidden: Sequence[str], headings: dict[str, str] | None = None) -> None:
    words = reader.words
    renamed = {"reference": "first", "value": "second"} if headings is None else headings
    if (rows["measure"] == "share").all():
        renamed = {"difference": "points"} | renamed
    shown = say.shown_spread(rows, reader.named, headed=False).drop(columns=list(hidden))
    names = {name: words.t(f"agreement.column.{renamed.get(name, name)}") for name in shown.columns}
    counts = [names[name] for name in (*FIGURES, *COUNTS) if name in names]
    table(shown.rename(columns=names), counts, list(~rows["enough"].astype(bool)))
    thin_note(rows, words)
