"""The sections of the page Rules: the answer, its source, the chart, the rows with their segments, the incidents."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from coding.mission.template import RULES
from monitoring.charts import Figure, picture, rules, rules_equality
from monitoring.entitled import entitlements, equality, silence
from monitoring.entitled.judged import Judged, Ruling, table
from monitoring.entitled.listed import behind, behind_hours, cells, found_segments, material, times_of, worst_rows
from monitoring.entitled.shown import shown, shown_hours, shown_worst, title
from monitoring.entitled.words import answer, incident, unjudged
from monitoring.pages.answer import evidence, names_column, rows_to_segments, shown_segments
from monitoring.pages.frame import View, text
from monitoring.pages.incidents_beside import MOST_SHOWN, more
from monitoring.words import Words

PAGE = "page.rules"
MOST_ROWS = 11


def empty(words: Words) -> None:
    """What to do in a mission without rules: the TOML to write, to be copied."""
    t = words.t
    st.info(t(f"{PAGE}.none"))
    text("note", t(f"{PAGE}.none_do"))
    text("note", t(f"{PAGE}.copy"))
    st.code(RULES, language="toml")
    text("note", t(f"{PAGE}.file"))


def section(view: View, ruling: Ruling, number: int) -> None:
    """One ruling: its name and source, what it says, what it rests on, and what it could not say."""
    words, t = view.words, view.words.t
    text("head", title(ruling, words), "h2")
    text("note", t(f"{PAGE}.source", source=ruling.source) if ruling.source else t(f"{PAGE}.no_source"))
    if ruling.kind == equality.KIND:
        _equality(view, ruling, number)
    else:
        _amounts(view, ruling, number)
    if ruling.kind == entitlements.KIND:
        _hours(view, ruling, number)
    if ruling.kind == silence.KIND:
        _found(view, ruling, number)
    _unjudged(ruling, words)
    _incidents(ruling, words)
    st.download_button(
        t("app.download"), partial(_csv, words, ruling.rows), words.file_name(f"rules-{number + 1}"), "text/csv",
        key=f"rules.download.{number}", on_click="ignore",
    )  # fmt: skip


def _csv(words: Words, rows: Sequence[Judged]) -> bytes:
    return words.csv(table(rows))


def _amounts(view: View, ruling: Ruling, number: int) -> None:
    """Bars with their marks where anything is known, and the rows; each leads to its segments."""
    words = view.words
    notes = [words.t(f"chart.rules.{'granted' if ruling.kind == entitlements.KIND else ruling.kind}_basis")]
    notes += [material(ruling, words)] if ruling.kind == entitlements.KIND else []
    if any(row.amount for row in ruling.rows):
        figure = Figure(words, answer(ruling, words), tuple(filter(None, notes)))
        chart = view.drawn(rules, table(ruling.rows), figure, ruling.kind)
        _picture(view, chart, [behind(row) for row in ruling.rows], f"rules.chart.{number}")
    else:
        text("finding", words.with_notice(answer(ruling, words)))
    _rows(
        view, shown(ruling.rows, ruling.kind, words), [behind(row) for row in ruling.rows], f"rules.rows.{number}"
    )  # fmt: skip


def _equality(view: View, ruling: Ruling, number: int) -> None:
    """The heat table of one kind of time, every outlet with its worst slot, and all rows."""
    words, t = view.words, view.words.t
    times = times_of(ruling)
    time = times[0]
    if len(times) > 1:
        time = str(st.segmented_control(
            t(f"{PAGE}.time"), times, default=times[0], required=True,
            key=f"{words.mission.id}.rules.time.{number}", persist_state="session",
        ))  # fmt: skip
    of_time = Ruling(
        ruling.name,
        ruling.kind,
        ruling.source,
        tuple(row for row in ruling.rows if row.time == time),
        facts=ruling.facts,
    )
    found = cells(of_time)
    tolerance = words.percent(float(str(ruling.facts["tolerance"])))
    notes = [t("chart.rules.share_basis"), t("chart.rules.heat_basis", tolerance=tolerance)]
    notes += [t("chart.rules.totals")] if view.coverage.has_totals(view.selection) else []
    figure = Figure(words, answer(of_time, words), tuple(notes))
    if found.empty:
        text("finding", words.with_notice(answer(of_time, words)))
    else:
        slots = [slot.name for slot in words.mission.slots if slot.name in set(found["slot"])]
        chart = view.drawn(rules_equality, found, figure, slots, float(str(ruling.facts["tolerance"])))
        _picture(view, chart, [behind(row) for row in of_time.rows], f"rules.chart.{number}.{time}")
    text("head", t(f"{PAGE}.worst"), "h3")
    text("note", t(f"{PAGE}.worst_about"))
    worst = equality.worst(of_time.rows).sort_values("departure", ascending=False, kind="stable")
    _rows(
        view, shown_worst(worst, words), [behind(row) for row in worst_rows(worst, of_time.rows)],
        f"rules.worst.{number}.{time}",
    )  # fmt: skip
    with st.expander(t(f"{PAGE}.rows")):
        _rows(
            view, shown(of_time.rows, ruling.kind, words), [behind(row) for row in of_time.rows],
            f"rules.rows.{number}.{time}",
        )  # fmt: skip


def _rows(view: View, found: pd.DataFrame, leads: Sequence[Any], key: str) -> None:
    """Judgements as high as they are, up to a screenful; each leads to its segments."""
    who = view.words.t("word.rules.group")
    columns = {who: names_column(who, found[who])} if who in found else {}
    tall: int | Literal["auto"] = "auto" if len(found) <= MOST_ROWS else 420
    rows_to_segments(view, found, leads, key, height=tall, column_config=columns)


@st.fragment
def _picture(view: View, chart: dict[str, Any], leads: Sequence[Any], key: str) -> None:
    """The chart, its picture to download, and the segments behind the mark that was clicked."""
    words = view.words
    event = st.vega_lite_chart(chart, theme=None, width="content", key=key, on_select="rerun")
    st.download_button(
        words.t("app.picture"), partial(picture, chart), words.file_name(key.replace(".", "-"), "png"), "image/png",
        key=f"{key}.picture", on_click="ignore",
    )  # fmt: skip
    picked = event["selection"].get("pick") or []
    lead = leads[int(picked[0]["row"])] if picked and "row" in picked[0] else None
    if lead is not None:
        evidence(view, lead[1], lead[0], f"evidence.{key}")


def _hours(view: View, ruling: Ruling, number: int) -> None:
    """At what hour it was aired, by contestant; each row leads to what began in its hour."""
    words, hours = view.words, ruling.facts["hours"]
    if isinstance(hours, pd.DataFrame) and not hours.empty:
        with st.expander(words.t(f"{PAGE}.hours")):
            text("note", words.t(f"{PAGE}.hours_about"))
            rows_to_segments(view, shown_hours(ruling, words), behind_hours(ruling), f"rules.hours.{number}")


def _found(view: View, ruling: Ruling, number: int) -> None:
    """The segments in the silence themselves: they often lie outside the periods, where no click could find them."""
    found = found_segments(view.store, ruling)
    if not found.empty:
        text("head", view.words.t(f"{PAGE}.found"), "h3")
        shown_rows = shown_segments(found, view.words)
        columns = {name: st.column_config.Column(view.words.t(f"word.column.{name}")) for name in shown_rows.columns}
        st.dataframe(shown_rows, hide_index=True, column_config=columns, key=f"rules.found.{number}")


def _unjudged(ruling: Ruling, words: Words) -> None:
    lines = unjudged(ruling, words)
    if lines:
        text("head", words.t(f"{PAGE}.unjudged"), "h3")
    for line in lines:
        text("note", line)


def _incidents(ruling: Ruling, words: Words) -> None:
    if ruling.incidents:
        text("head", words.t(f"{PAGE}.incidents"), "h3")
    for each in ruling.incidents[:MOST_SHOWN]:
        text("note", incident(each, words))
    if told := more(words, ruling.incidents):
        text("note", told)
