"""Tone balance of each group with its interval: a point between -1 and 1, one panel for each outlet."""

import altair as alt
import pandas as pd

from monitoring.answers import thin
from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("outlet", "group")
SIGNED = "datum.value > 0 ? '+1' : datum.value < 0 ? '−1' : '0'"
ROOM_FOR_LABEL = 1.35
"""As much of the axis beyond +1 is for the value and the number of segments."""


def tone_balance(result: pd.DataFrame, figure: Figure) -> alt.TopLevelMixin:
    """The chart of `balance` by outlet and group. A group with nothing toned has words in place of a point."""
    rows = _labelled(result, figure)
    columns = theme.columns_for(rows["outlet"].nunique())
    height = theme.ROW * result["group"].nunique()
    return theme.finished(theme.faceted(_layers(rows, figure), rows, "outlet_shown", columns, height), figure)


def _labelled(result: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    words = figure.words
    few = thin(result, ["outlet", "group"], figure.minimum)
    mark = few.map({True: " " + theme.THIN_MARK, False: ""})
    values = result["value"].map(lambda value: words.value(value, "balance"))
    segments = result["segments"].map(words.number)
    return theme.with_names(result, words).assign(
        label=values,
        beside=(values + "  (" + segments + ")" + mark).where(result["value"].notna(), words.t("word.no_value")),
        between=theme.between(result, "balance", words),
        amount_text=[words.amount(a, u) for a, u in zip(result["amount"], result["unit"], strict=True)],
        colour=result["group"].map(theme.group_colours(figure.mission, result["group"])),
        opacity=few.map({True: 0.4, False: 1.0}),
    )


def _layers(rows: pd.DataFrame, figure: Figure) -> list[alt.Chart]:
    pick = theme.picker(PICK)
    y = theme.group_axis(rows)
    axis = alt.Axis(title=None, values=[-1, 0, 1], labelExpr=SIGNED, grid=False, labelFontSize=9.5, domain=False)
    x = alt.X("value:Q", scale=alt.Scale(domain=[-1, 1 + ROOM_FOR_LABEL]), axis=axis)
    fields = {
        "outlet_shown": "outlet",
        "group_full": "group",
        "label": "value",
        "between": "interval",
        "amount_text": "amount",
        "segments": "segments",
    }
    faded = alt.Opacity("opacity:Q", scale=None)
    zero = alt.Chart().mark_rule(color=theme.FAINT, aria=False).encode(x=alt.datum(0))
    interval = theme.interval("low", "high", y)
    point = alt.Chart().mark_point(shape="circle", size=46, cursor="pointer", filled=True, invalid="filter").encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), opacity=faded,
        tooltip=theme.tooltip(figure.words, fields), **theme.outlined(pick),
    ).add_params(pick)  # fmt: skip
    beside = alt.Chart().mark_text(align="right", fontSize=9.5, color=theme.INK).encode(
        x=alt.datum(1 + ROOM_FOR_LABEL), y=y, text="beside:N"
    )  # fmt: skip
    return [zero, *interval, point, beside]
