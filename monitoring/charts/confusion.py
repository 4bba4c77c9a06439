"""What coders said against what a model, or another coder, said: a square for each pair, darker where more went."""

import altair as alt
import pandas as pd

from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("tone", "said")
SIDE, LEAST_DARK = 74, 0.55
BLUES = ("#f7f9fb", "#0b4a7a")
AXES = ("chart.confusion.coders", "chart.confusion.model")


def confusion(
    pairs: pd.DataFrame, figure: Figure, axes: tuple[str, str] = AXES, counted: str = "word.column.segments"
) -> alt.TopLevelMixin:
    """The chart of tone (the coder's), said (the model's), rows and value (the share of the tone's rows), in order.

    `tone_shown` and `said_shown` are their names for the reader; `axes` name who gave the rows and who the columns, by
    their keys in the catalogue, and so `counted` says what `rows` counts.
    """
    words = figure.words
    share = pairs["value"].map(words.percent_sign)
    rows = pairs.assign(
        label=share.where(pairs["rows"] > 0, "") + "\n" + pairs["rows"].map(words.number),
        percent=share,
        ink=(pairs["value"].fillna(0) >= LEAST_DARK).map({True: theme.PAPER, False: theme.INK}),
    )
    panel = alt.layer(*_layers(rows, figure, axes, counted), data=rows)
    points = rows["tone"].nunique()
    return theme.finished(panel.properties(width=SIDE * 2 * points, height=SIDE * points), figure)


def _layers(rows: pd.DataFrame, figure: Figure, axes: tuple[str, str], counted: str) -> list[alt.Chart]:
    t, pick = figure.words.t, theme.picker(PICK)
    names = {"sort": theme.in_order(rows["tone_shown"])}
    axis = {"labelLimit": theme.LABELS, "labelPadding": 6, "titlePadding": 10}
    y = alt.Y("tone_shown:N", **names, axis=alt.Axis(title=t(axes[0]), **axis))
    x = alt.X("said_shown:N", **names, axis=alt.Axis(title=t(axes[1]), orient="top", labelAngle=0, **axis))
    # not `color`: its scale would be merged with the text's, which has none
    colour = alt.Fill("value:Q", scale=alt.Scale(domain=[0, 1], range=list(BLUES)), legend=None)
    tooltip = [
        alt.Tooltip("tone_shown:N", title=t(axes[0])),
        alt.Tooltip("said_shown:N", title=t(axes[1])),
        alt.Tooltip("rows", title=t(counted)),
        *theme.tooltip(figure.words, {"percent": "value"}),
    ]
    squares = (
        alt.Chart()
        .mark_rect(cursor="pointer")
        .encode(x=x, y=y, fill=colour, tooltip=tooltip, **theme.outlined(pick))
        .add_params(pick)
    )
    label = (
        alt.Chart()
        .mark_text(fontSize=12, lineBreak="\n", lineHeight=16, dy=-7)
        .encode(x=x, y=y, text="label:N", color=alt.Color("ink:N", scale=None))
    )
    return [squares, label]
