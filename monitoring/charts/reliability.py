"""How sure a model was against how often it was right: a point for each bin, larger with more rows, beside the line."""

import altair as alt
import pandas as pd

from monitoring.charts import theme
from monitoring.charts.theme import Figure

SIDE = 380


def reliability(bins: pd.DataFrame, figure: Figure) -> alt.TopLevelMixin:
    """The chart of start, end, rows, confidence and accuracy of each bin, in fractions of 1; empty ones go."""
    words = figure.words
    rows = bins[bins["rows"] > 0].assign(
        sure=bins["confidence"].map(words.percent_sign),
        right=bins["accuracy"].map(words.percent_sign),
        opacity=(bins["rows"] < figure.minimum).map({True: 0.4, False: 1.0}),
    )
    panel = alt.layer(*_layers(rows, figure))
    return theme.finished(panel.properties(width=SIDE, height=SIDE), figure)


def _layers(rows: pd.DataFrame, figure: Figure) -> list[alt.Chart]:
    t = figure.words.t
    axis = {"format": ".0%", "tickCount": 5, "grid": True, "gridColor": theme.FAINT, "titlePadding": 8}
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("confidence:Q", scale=scale, axis=alt.Axis(title=t("chart.reliability.sure"), **axis))
    y = alt.Y("accuracy:Q", scale=scale, axis=alt.Axis(title=t("chart.reliability.right"), **axis))
    ends = pd.DataFrame({"confidence": [0.0, 1.0], "accuracy": [0.0, 1.0]})
    line = alt.Chart(ends).mark_line(color=theme.QUIET, strokeDash=[5, 4], strokeWidth=1).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("sure:N", title=t("chart.reliability.sure")),
        alt.Tooltip("right:N", title=t("chart.reliability.right")),
        *theme.tooltip(figure.words, {"rows": "segments"}),
    ]
    points = (
        alt.Chart(rows)
        .mark_circle(color=theme.POSITIVE)
        .encode(
            x=x,
            y=y,
            size=alt.Size("rows:Q", scale=alt.Scale(range=[40, 600], zero=True), legend=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
            tooltip=tooltip,
        )
    )
    label = (
        alt.Chart(rows).mark_text(align="left", dx=14, fontSize=10, color=theme.QUIET).encode(x=x, y=y, text="rows:Q")
    )
    return [line, points, label]
