"""Alpha with its interval for each variable, outlet, week or coder, beside Krippendorff's two thresholds."""

import altair as alt
import pandas as pd

from monitoring.agreement.words import RELIABLE, TENTATIVE, figure, interval
from monitoring.charts import theme
from monitoring.charts.theme import Figure

LEAST = 0.0
"""The axis begins at chance, or lower where an interval reaches below it."""
NAMES = 230
"""Letters of a name are cut beyond this width."""
LETTER = 7
LABELS_AT, END = 1.03, 1.14
"""Values stand in a column of their own to the right of 1, where no threshold crosses them."""


def agreement(rows: pd.DataFrame, told: Figure) -> alt.TopLevelMixin:
    """The chart of rows of a report, one for each line, with their `name`: a point and its interval.

    Greyed where a row has not enough material; an undefined alpha is a word in place of a point.
    """
    shown = _labelled(rows, told)
    panel = alt.layer(*_thresholds(told), *_layers(shown, told), data=shown)
    names = min(NAMES, LETTER * max(map(len, shown["name"]), default=0))
    width = theme.WIDTH - names - 50
    return theme.finished(panel.properties(width=width, height=theme.ROW * max(len(shown), 1)), told)


def _labelled(rows: pd.DataFrame, told: Figure) -> pd.DataFrame:
    words, records = told.words, rows.to_dict("records")
    marks = rows["enough"].map({True: "", False: f" {theme.THIN_MARK}"})
    texts = [figure(row["value"], row["measure"], words) for row in records]
    return rows.assign(
        label=[text + mark for text, mark in zip(texts, marks, strict=True)],
        between=[interval(row, row["measure"], words) for row in records],
        at=LABELS_AT,
        opacity=rows["enough"].map({True: 1.0, False: 0.35}),
    )


def _thresholds(told: Figure) -> list[alt.Chart]:
    """Two lines with what they mean written at their feet."""
    names = [told.words.t(f"chart.agreement.{key}") for key in ("tentative", "reliable")]
    lines = pd.DataFrame({"value": [TENTATIVE, RELIABLE], "name": names, "side": ["right", "left"]})
    x = alt.X("value:Q")
    drawn = [alt.Chart(lines).mark_rule(color=theme.QUIET, strokeDash=[4, 3]).encode(x=x)]
    for side, dx in (("right", -4), ("left", 4)):
        text = alt.Chart(lines[lines["side"] == side]).mark_text(
            align=side, dx=dx, y=-8, fontSize=10, color=theme.QUIET, baseline="bottom"
        )  # fmt: skip
        drawn.append(text.encode(x=x, text="name:N"))
    return drawn


def _layers(rows: pd.DataFrame, told: Figure) -> list[alt.Chart]:
    t = told.words.t
    start = min(LEAST, *rows[["low", "value"]].min().fillna(LEAST))
    scale = alt.Scale(domain=[start, END], nice=False)
    values = [tick / 5 for tick in range(-5, 6) if tick / 5 >= start]
    ticks = f"replace(format(datum.value, '.1f'), '.', '{t('word.decimal_mark')}')"
    axis = alt.Axis(title=t("chart.agreement.axis"), values=values, labelExpr=ticks, labelFontSize=10)
    x = alt.X("value:Q", scale=scale, axis=axis)
    y = alt.Y("name:N", sort=theme.in_order(rows["name"]), axis=alt.Axis(title=None, labelLimit=NAMES))
    opacity = alt.Opacity("opacity:Q", scale=None)
    fields = {"name": "of", "label": "value", "between": "interval"}
    fields |= {"units": "passages", "days": "days", "coders": "coders"}
    tooltip = [alt.Tooltip(each, title=t(f"agreement.column.{column}")) for each, column in fields.items()]
    span = alt.Chart().mark_rule(strokeWidth=2.5, color=theme.INK).encode(
        x=alt.X("low:Q"), x2="high:Q", y=y, opacity=opacity, tooltip=tooltip
    )  # fmt: skip
    point = alt.Chart().mark_point(size=80, filled=True, color=theme.INK, opacity=1).encode(
        x=x, y=y, opacity=opacity, tooltip=tooltip
    )  # fmt: skip
    label = alt.Chart().mark_text(align="left", fontSize=10.5, color=theme.INK).encode(
        x=alt.X("at:Q"), y=y, text="label:N"
    )  # fmt: skip
    return [span, point, label]
