"""The pull of suggestions: how much more often final codes agree with them when shown, with the interval."""

import altair as alt
import pandas as pd

from monitoring.charts import theme
from monitoring.charts.theme import Figure
from monitoring.suggestion_words import group_name, points

SIGNED = "datum.value == 0 ? '0' : format(datum.value * 100, '+.0f')"
ROOM = 0.05
"""The axis reaches this far at least, so that a small pull does not fill the figure."""


def pull(result: pd.DataFrame, figure: Figure) -> alt.TopLevelMixin:
    """The chart of a report's rows of `pull`: a point and its interval for each group, a line at none."""
    rows = _labelled(result, figure)
    panel = alt.layer(*_layers(rows, figure), data=rows)
    width = theme.WIDTH - 2 * theme.LABELS
    return theme.finished(panel.properties(width=width, height=theme.ROW * max(len(rows), 1)), figure)


def _labelled(result: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    words = figure.words
    names = [group_name(by, group, words) for by, group in zip(result["by"], result["group"], strict=True)]
    marks = result["enough"].map({True: "", False: f" {theme.THIN_MARK}"})
    texts = {name: [points(value, words) for value in result[name]] for name in ("value", "low", "high")}
    return result.assign(
        name=names,
        label=[text + mark for text, mark in zip(texts["value"], marks, strict=True)],
        interval=[f"{low} … {high}" for low, high in zip(texts["low"], texts["high"], strict=True)],
        opacity=result["enough"].map({True: 1.0, False: 0.35}),
    )


def _layers(rows: pd.DataFrame, figure: Figure) -> list[alt.Chart]:
    t = figure.words.t
    reach = max(rows[["value", "low", "high"]].abs().max().max(), ROOM) * 1.15
    y = alt.Y("name:N", sort=theme.in_order(rows["name"]), axis=alt.Axis(title=None, labelLimit=2 * theme.LABELS))
    axis = alt.Axis(title=t("chart.pull.axis"), tickCount=7, labelExpr=SIGNED, labelFontSize=10)
    x = alt.X("value:Q", scale=alt.Scale(domain=[-reach, reach]), axis=axis)
    opacity = alt.Opacity("opacity:Q", scale=None)
    fields = {"name": "group", "label": "value", "interval": "interval", "segments": "segments"}
    fields |= {"withheld": "withheld", "airings": "airings"}
    tooltip = [alt.Tooltip(field, title=t(f"page.suggestions.column_{column}")) for field, column in fields.items()]
    none = alt.Chart().mark_rule(color=theme.QUIET, strokeDash=[3, 3], aria=False).encode(x=alt.datum(0))
    span = alt.Chart().mark_rule(strokeWidth=2, color=theme.INK).encode(
        x=alt.X("low:Q"), x2="high:Q", y=y, opacity=opacity, tooltip=tooltip
    )  # fmt: skip
    point = alt.Chart().mark_point(size=70, filled=True, color=theme.INK, opacity=1).encode(
        x=x, y=y, opacity=opacity, tooltip=tooltip
    )  # fmt: skip
    label = alt.Chart().mark_text(dy=-9, fontSize=10, color=theme.QUIET).encode(x=x, y=y, text="label:N")
    return [none, span, point, label]
