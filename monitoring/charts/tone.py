"""Tone of each group's coverage: bars of 100 per cent, one panel for each outlet, segments beside each bar."""

import altair as alt
import pandas as pd

from monitoring.answers import thin
from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("outlet", "group", "tone")
FULL = 1.22
"""The end of the axis: 100 per cent and room for the number of segments."""
ROOM_FOR_LABEL, ROOM_FOR_MARK = 0.34, 0.11


def tone(result: pd.DataFrame, figure: Figure) -> alt.TopLevelMixin:
    """The chart of `tone` by outlet, group and tone. A group with no toned coverage has words, not a bar."""
    rows = _labelled(result, figure)
    columns = theme.columns_for(rows["outlet"].nunique())
    height = theme.ROW * result["group"].nunique()
    return theme.finished(theme.faceted(_layers(rows, figure), rows, "outlet_shown", columns, height), figure)


def _labelled(result: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    words, within = figure.words, ["outlet", "group"]
    few = thin(result, within, figure.minimum)
    segments = result.groupby(within)["segments"].transform("sum")
    marks = theme.tone_marks(figure.mission)
    mark = result["tone"].map(marks)
    percent = result["value"].map(words.percent_sign)
    wide = result["value"].fillna(0)
    first = result["tone"] == next(iter(marks))
    beside = segments.map(words.number).where(segments > 0, words.t("word.no_value"))
    return theme.with_names(result, words).assign(
        tone_shown=mark + " " + result["tone"].map(lambda name: words.named("tone", name)),
        percent=percent,
        label=(mark + " " + percent).where(wide >= ROOM_FOR_LABEL, mark.where(wide >= ROOM_FOR_MARK, "")),
        beside=(beside + few.map({True: " " + theme.THIN_MARK, False: ""})).where(first, ""),
        amount_text=[words.amount(a, u) for a, u in zip(result["amount"], result["unit"], strict=True)],
        ink=few.map({True: theme.INK, False: theme.PAPER}),
        opacity=few.map({True: 0.4, False: 1.0}),
        place=result["tone"].map({name: place for place, name in enumerate(marks)}),
    )


def _layers(rows: pd.DataFrame, figure: Figure) -> list[alt.Chart]:
    pick = theme.picker(PICK)
    words = figure.words
    y = theme.group_axis(rows)
    marks = theme.tone_marks(figure.mission)
    named = {name: f"{marks[name]} {words.named('tone', name)}" for name in marks}
    colours = theme.tone_colours(figure.mission)
    scale = alt.Scale(domain=list(named.values()), range=[colours[name] for name in named])
    x = alt.X("value:Q", stack="zero", scale=alt.Scale(domain=[0, FULL]), axis=None)
    order = alt.Order("place:Q")
    fields = {
        "outlet_shown": "outlet",
        "group_full": "group",
        "tone_shown": "tone",
        "percent": "value",
        "amount_text": "amount",
        "segments": "segments",
    }
    tooltip = theme.tooltip(figure.words, fields)
    bars = alt.Chart().mark_bar(cursor="pointer").encode(
        x=x, y=y, order=order, color=alt.Color("tone_shown:N", scale=scale, sort=list(named.values()), title=None),
        opacity=alt.Opacity("opacity:Q", scale=None), tooltip=tooltip, **theme.outlined(pick),
    ).add_params(pick)  # fmt: skip
    middle = alt.X("value:Q", stack="zero", bandPosition=0.5)
    label = (
        alt.Chart()
        .mark_text(fontSize=9.5, fontWeight="bold")
        .encode(x=middle, y=y, order=order, detail="tone_shown:N", text="label:N", color=alt.Color("ink:N", scale=None))
    )
    beside = (
        alt.Chart()
        .mark_text(align="right", fontSize=10, color=theme.QUIET)
        .encode(x=alt.datum(FULL), y=y, text="beside:N")
    )
    return [bars, label, beside]
