"""The coverage calendar: outlets as rows, days as columns, how each stands by colour and mark; holes stand out."""

import json
from collections.abc import Mapping
from datetime import date

import altair as alt
import pandas as pd

from monitoring.charts import theme
from monitoring.charts.theme import Figure
from monitoring.completeness.airings import AMOUNTS
from monitoring.completeness.calendar import State
from monitoring.completeness.words import heading, marks, state_name
from monitoring.words import Words

PICK = ("outlet", "date")
MOST_DAYS = 35
"""Days in one row of panels; a longer mission takes several."""
CELL = 30
LOOK = {
    State.OUTSIDE: ("#f3f4f6", theme.QUIET),
    State.NONE: ("rgba(255, 255, 255, 0)", theme.QUIET),
    State.UNKNOWN: (theme.PAPER, "#a34700"),
    State.AHEAD: ("#eceff2", theme.QUIET),
    State.NOT_MONITORED: ("#c84e00", theme.PAPER),
    State.NOT_CODED: ("#f7dc7f", theme.INK),
    State.PARTLY: ("#f4b27c", theme.INK),
    State.CODED: ("#dbe7f1", "#7d90a3"),
    State.TWICE_PART: ("#9cc3e2", theme.INK),
    State.TWICE: ("#1f6ba8", theme.PAPER),
}
"""Colour and ink of each state: blue for what is coded, orange and yellow for holes, apart for the colour-blind too."""
WEEKEND, EDGE = "#e9ecf0", "#c3ccd6"
FLAG = "⚑"


def calendar(days: pd.DataFrame, incidents: Mapping[tuple[str, str], str], figure: Figure) -> alt.TopLevelMixin:
    """The chart of `completeness.calendar`; `incidents` has titles by outlet and ISO day."""
    rows = _labelled(days, incidents, figure)
    panel = alt.layer(*_layers(rows, figure), data=rows).properties(
        width=min(CELL * rows.groupby("stretch")["date"].nunique().max(), theme.WIDTH - theme.LABELS),
        height=theme.ROW * rows["outlet"].nunique(),
    )
    if rows["stretch"].nunique() > 1:
        panel = panel.facet(row=alt.Row("stretch:O", header=None), spacing=18).resolve_scale(x="independent")
    return theme.finished(panel, figure)


def _labelled(days: pd.DataFrame, incidents: Mapping[tuple[str, str], str], figure: Figure) -> pd.DataFrame:
    words = figure.words
    texts = {
        f"{name}_text": [words.amount(a, u) for a, u in zip(days[name], days["unit"], strict=True)]
        for name in (*AMOUNTS, "missing")
    }
    order = {day: place for place, day in enumerate(sorted(days["date"].unique()))}
    rows = -(-len(order) // MOST_DAYS)
    length = -(-len(order) // rows)
    pairs = zip(days["outlet"], days["date"], strict=True)
    titles = [incidents.get(pair, "") for pair in pairs]
    return theme.with_names(days, words).assign(
        **texts,
        mark=marks(days),
        ink=days["state"].map({str(state): ink for state, (_, ink) in LOOK.items()}),
        state_shown=days["state"].map({str(state): state_name(state, words) for state in State}),
        incidents=titles,
        flag=[FLAG if title else "" for title in titles],
        weekend=pd.to_datetime(days["date"]).dt.day_of_week >= 5,
        stretch=days["date"].map(order) // length,
    )


def _layers(rows: pd.DataFrame, figure: Figure) -> list[alt.Chart]:
    words, pick = figure.words, theme.picker(PICK)
    axis = alt.Axis(title=None, labelLimit=theme.LABELS, labelPadding=8)
    y = alt.Y("outlet_shown:N", sort=theme.in_order(rows["outlet_shown"]), axis=axis, scale=alt.Scale(padding=0.12))
    x = alt.X("date:O", axis=_days(rows, figure), scale=alt.Scale(padding=0.12))
    band = alt.Chart().transform_filter("datum.weekend").mark_rect(color=WEEKEND, opacity=1).encode(x=x)
    chosen = alt.when(pick, empty=False)
    # not `color`: its scale would be merged with the text's, which has none
    cells = (
        alt.Chart()
        .mark_rect(cursor="pointer", cornerRadius=2)
        .encode(x=x, y=y, fill=_fill(rows, words), tooltip=_tooltip(rows, words))
        .encode(stroke=chosen.then(alt.value(theme.INK)).otherwise(alt.value(EDGE)))
        .encode(strokeWidth=chosen.then(alt.value(2.2)).otherwise(alt.value(0.6)))
        .add_params(pick)
    )
    text = {"font": theme.FONT, "tooltip": None}
    mark = (
        alt.Chart().mark_text(fontSize=11, **text).encode(x=x, y=y, text="mark:N", color=alt.Color("ink:N", scale=None))
    )
    flag = alt.Chart().transform_filter("datum.flag != ''").mark_text(fontSize=10, dx=9, dy=-8, color=theme.INK, **text)
    return [band, cells, mark, flag.encode(x=x, y=y, text="flag:N")]


def _fill(rows: pd.DataFrame, words: Words) -> alt.Fill:
    """The colour of each state, and a legend of those that are there with their marks."""
    seen = [state for state in LOOK if state != State.NONE and (rows["state"] == state).any()]
    names = [state_name(state, words) for state in (*seen, State.NONE)]
    colours = alt.Scale(domain=names, range=[LOOK[state][0] for state in (*seen, State.NONE)])
    legend = alt.Legend(title=None, values=names[:-1], columns=4, labelLimit=320, symbolType="square", symbolSize=130)
    return alt.Fill("state_shown:N", scale=colours, legend=legend)


def _tooltip(rows: pd.DataFrame, words: Words) -> list[alt.Tooltip]:
    fields = {"outlet_shown": "outlet", "date_shown": "date", "state_shown": "state"}
    fields |= {f"{name}_text": name for name in (*AMOUNTS, "missing")} | {"missing_airings": "missing_airings"}
    tooltip = [alt.Tooltip(field, title=heading(column, words)) for field, column in fields.items()]
    flagged = [alt.Tooltip("incidents:N", title=heading("incidents", words))] if rows["flag"].any() else []
    return [*tooltip, *flagged]


def _days(rows: pd.DataFrame, figure: Figure) -> alt.Axis:
    """Weekday and day above each column, the month above the first of it; weekends darker."""
    words, shown = figure.words, ""
    labels: dict[str, list[str]] = {}
    days = rows[["date", "stretch", "weekend"]].drop_duplicates().sort_values("date")
    for each in days.itertuples():
        day = date.fromisoformat(str(each.date))
        month = f"{each.stretch} {day.month}"
        name = words.t(f"word.month.m{day.month}") if month != shown else ""
        labels[str(each.date)] = [name, words.t(f"calendar.weekday.d{day.weekday()}"), str(day.day)]
        shown = month
    ends = json.dumps(days[days["weekend"]]["date"].tolist())
    dark = {"condition": {"test": f"indexof({ends}, datum.value) >= 0", "value": theme.INK}, "value": theme.QUIET}
    bold = {"condition": {"test": f"indexof({ends}, datum.value) >= 0", "value": "bold"}, "value": "normal"}
    return alt.Axis(
        title=None, orient="top", labelAngle=0, labelOverlap=False, labelLineHeight=12, labelFontSize=10,
        labelPadding=30,
        labelExpr=f"({json.dumps(labels, ensure_ascii=False)})[datum.value]", labelColor=dark, labelFontWeight=bold,
    )  # fmt: skip
