"""How often against how long: a hollow mark for the share of appearances, a full one for the share of time or space."""

import altair as alt
import pandas as pd

from monitoring.answers import thin
from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("outlet", "group")
ROOM_FOR_MARKS = 0.5
BESIDE = 8
"""How far, in pixels, an interval lies from its marks: that of appearances above, that of time or space below."""


def appearances(counted: pd.DataFrame, timed: pd.DataFrame, figure: Figure) -> alt.TopLevelMixin:
    """The chart of `appearance_share` beside `share`, both by outlet and group."""
    rows = _joined(counted, timed, figure)
    columns = theme.columns_for(rows["outlet"].nunique())
    height = theme.ROW * rows["group"].nunique()
    return theme.finished(theme.faceted(_layers(rows, figure), rows, "outlet_shown", columns, height), figure)


def _joined(counted: pd.DataFrame, timed: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    words = figure.words
    both = timed.merge(counted[[*PICK, "value", "low", "high"]], on=list(PICK), suffixes=("", "_counted"))
    few = thin(both, ["outlet"], figure.minimum)
    colours = theme.group_colours(figure.mission, both["group"])
    pairs = zip(both["value_counted"], both["value"], strict=True)
    label = pd.Series(
        [f"{words.percent_sign(often)} → {words.percent_sign(long)}" for often, long in pairs], index=both.index
    )
    return theme.with_names(both, words).assign(
        label=label + few.map({True: " " + theme.THIN_MARK, False: ""}),
        between=theme.between(both, "fraction", words),
        colour=both["group"].map(colours),
        opacity=few.map({True: 0.4, False: 1.0}),
    )


def _layers(rows: pd.DataFrame, figure: Figure) -> list[alt.Chart]:
    pick = theme.picker(PICK)
    y = theme.group_axis(rows)
    furthest = rows[["value", "value_counted", "high", "high_counted"]].max().max() / ROOM_FOR_MARKS or 1
    scale = alt.Scale(domain=[0, furthest])
    colour = alt.Color("colour:N", scale=None)
    faded = alt.Opacity("opacity:Q", scale=None)
    fields = {"outlet_shown": "outlet", "group_full": "group", "label": "value", "between": "interval"}
    fields |= {"segments": "segments"}
    tooltip = theme.tooltip(figure.words, fields)
    link = (
        alt.Chart()
        .mark_rule(strokeWidth=2.5)
        .encode(x=alt.X("value:Q", scale=scale, axis=None), x2="value_counted:Q", y=y, color=colour, opacity=faded)
    )
    often = (
        alt.Chart()
        .mark_point(shape="diamond", fill=theme.PAPER, size=62, strokeWidth=1.8, opacity=1)
        .encode(x="value_counted:Q", y=y, stroke=alt.Stroke("colour:N", scale=None), tooltip=tooltip)
    )
    long = (
        alt.Chart()
        .mark_point(shape="circle", size=72, cursor="pointer", opacity=1)
        .encode(x="value:Q", y=y, fill=alt.Fill("colour:N", scale=None), tooltip=tooltip, **theme.outlined(pick))
        .add_params(pick)
    )
    label = (
        alt.Chart()
        .mark_text(align="right", fontSize=9.5, color=theme.INK)
        .encode(x=alt.datum(furthest), y=y, text="label:N")
    )
    thin: dict[str, object] = {"strokeWidth": 1, "color": theme.QUIET, "opacity": 1}
    above = theme.interval("low_counted", "high_counted", y, yOffset=-BESIDE, strokeDash=[3, 2], **thin)
    below = theme.interval("low", "high", y, yOffset=BESIDE, **thin)
    return [link, *above, *below, often, long, label]
