"""A part of the page Agreement: whether a coder's reading moved, beside the others and beside the model."""

from functools import partial

import pandas as pd
import streamlit as st

from coding.store import Store
from monitoring.agreement import words as say
from monitoring.agreement.drift_weeks import drift_passages, drift_weeks
from monitoring.pages import frame
from monitoring.pages.agreement_parts import COUNTS, PAGE, Reader, download, table
from monitoring.pages.agreement_state import Found
from monitoring.suggestion_use import CODERS_AT_LEAST
from monitoring.words import Words, clock

MOST_SHOWN = 30
"""Passages in the list behind a marked week."""


def drift(found: Found, reader: Reader, store: Store) -> None:
    """The weeks that are more than chance, said in words, with their passages; every coder and week beneath."""
    words, t = reader.words, reader.words.t
    frame.text("note", t(f"{PAGE}.drift_about"))
    if not reader.sees_coders:
        frame.text("note", t(f"{PAGE}.few_coders", least=CODERS_AT_LEAST))
        return
    with st.spinner(t(f"{PAGE}.computing")):
        rows = found.part("drift", partial(drift_weeks, found.codings, found.table, store))
    if not rows["low"].notna().any():
        st.info(t(f"{PAGE}.drift_little"))
    elif not rows["flagged"].any():
        frame.text("finding", words.with_notice(t(f"{PAGE}.drift_none")))
    for place, row in enumerate(rows[rows["flagged"]].to_dict("records")):
        _marked(found, reader, row, place)
    if len(rows):
        frame.text("head", t(f"{PAGE}.drift_all"), "h2")
        _table(rows, reader)
        named = rows.assign(coder=rows["coder"].map(reader.named.coder))
        download(words, "download_drift", "agreement-weeks", named)


def _marked(found: Found, reader: Reader, row: say.Row, place: int) -> None:
    """A marked week: how far and beside what, what may be behind it, and the passages to look at together."""
    words, t = reader.words, reader.words.t
    frame.text("finding", words.with_notice(say.drift_sentence(row, reader.named)))
    frame.text("note", t("sentence.drift.reasons"))
    if row["kind"] != "others":
        return
    behind = drift_passages(found.codings, found.table, row["coder"], row["week"])
    with st.expander(t(f"{PAGE}.drift_passages"), key=f"agreement.passages.{place}"):
        table(_passages(behind.head(MOST_SHOWN), reader, row["coder"]), [])


def _passages(behind: pd.DataFrame, reader: Reader, coder: str) -> pd.DataFrame:
    words, t = reader.words, reader.words.t
    return pd.DataFrame({
        t("agreement.column.outlet"): [words.named("outlet", name) for name in behind["outlet"]],
        t("agreement.column.date"): [words.day(day) for day in behind["date"]],
        t("agreement.column.at"): [_at(row, words) for row in behind.to_dict("records")],
        t("agreement.column.subject"): [words.named("subject", name) for name in behind["subject"]],
        t("agreement.column.said", coder=reader.named.coder(coder)): [words.term(tone) for tone in behind["tone"]],
        t("agreement.column.others_said"): [
            ", ".join(words.term(tone) for tone in tones.split(", ")) for tones in behind["others"]
        ],
    })  # fmt: skip


def _at(row: say.Row, words: Words) -> str:
    """Where in its airing a passage begins, or on which page it stands."""
    if pd.notna(row["start_ms"]):
        return clock(int(row["start_ms"]))
    return words.t("agreement.page", page=row["page"]) if pd.notna(row["page"]) else words.t("word.no_value")


def _table(rows: pd.DataFrame, reader: Reader) -> None:
    words, t = reader.words, reader.words.t
    signed = partial(say.signed, words=words, decimals=2, plus=True)
    none = t("word.no_value")
    shown = pd.DataFrame({
        "coder": [reader.named.coder(name) for name in rows["coder"]],
        "week": [words.day(week) for week in rows["week"]],
        "beside": [t(f"sentence.drift.beside_{kind}") for kind in rows["kind"]],
        "passages": [words.number(number) for number in rows["passages"]],
        "days": [words.number(number) for number in rows["clusters"]],
        "difference": [signed(value) for value in rows["difference"]],
        "before": [signed(value) for value in rows["before"]],
        "change": [signed(value) for value in rows["change"]],
        "interval": [
            none if pd.isna(low) else f"{signed(low)} … {signed(high)}"
            for low, high in zip(rows["low"], rows["high"], strict=True)
        ],
        "marked": ["●" if flagged else "" for flagged in rows["flagged"]],
    })  # fmt: skip
    counts = [t(f"agreement.column.{name}") for name in (*COUNTS, "difference", "before", "change", "interval")]
    table(shown.rename(columns=lambda name: t(f"agreement.column.{name}")), counts, list(rows["low"].isna()))
