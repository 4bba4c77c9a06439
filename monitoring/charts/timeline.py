"""Share by week or day: one panel for each group, its interval as a band, a gap where nothing was monitored."""

import altair as alt
import pandas as pd

from monitoring.answers import thin
from monitoring.charts import theme
from monitoring.charts.theme import Figure

HEIGHT = 92
DAYS = {"week": 7, "date": 1}


def timeline(result: pd.DataFrame, figure: Figure, step: str) -> alt.TopLevelMixin:
    """The chart of `share` by `step` (week or date) and group. Days without monitoring break the line."""
    rows = _labelled(with_gaps(result, step), figure, step)
    columns = theme.columns_for(rows["group"].nunique(), most=4)
    return theme.finished(theme.faceted(_layers(rows, figure, step), rows, "group_shown", columns, HEIGHT), figure)


def with_gaps(result: pd.DataFrame, step: str) -> pd.DataFrame:
    """The result with an empty row for each group on every step in between that has none."""
    every = pd.date_range(result[step].min(), result[step].max(), freq=f"{DAYS[step]}D").strftime("%Y-%m-%d")
    grid = pd.MultiIndex.from_product([theme.in_order(result["group"]), every], names=["group", step])
    return grid.to_frame(index=False).merge(result, on=["group", step], how="left")


def _labelled(rows: pd.DataFrame, figure: Figure, step: str) -> pd.DataFrame:
    words = figure.words
    few = thin(rows, [step], figure.minimum)
    colours = theme.group_colours(figure.mission, rows["group"])
    percent = rows["value"].map(words.percent_sign)
    amounts = zip(rows["amount"], rows["unit"], strict=True)
    return theme.with_names(rows, words).assign(
        day=pd.to_datetime(rows[step]).dt.strftime("%Y-%m-%dT00:00:00"),
        label=percent.where(~few, percent + " " + theme.THIN_MARK),
        amount_text=[words.amount(amount, unit) for amount, unit in amounts],
        between=theme.between(rows, "fraction", words),
        alone=_alone(rows),
        colour=rows["group"].map(colours),
        opacity=few.map({True: 0.35, False: 1.0}),
    )


def _alone(rows: pd.DataFrame) -> pd.Series:
    """Whether a point has an interval and no neighbour with one: there no band can be drawn, so it gets a line."""
    known = rows["low"].notna()
    by_group = known.groupby(rows["group"])
    return known & ~by_group.shift(1, fill_value=False) & ~by_group.shift(-1, fill_value=False)


def _layers(rows: pd.DataFrame, figure: Figure, step: str) -> list[alt.Chart]:
    pick = theme.picker((step, "group"))
    ticks = [day for place, day in enumerate(sorted(rows[step].unique())) if place % (1 if step == "week" else 7) == 0]
    names = dict(zip(rows[step], rows[f"{step}_shown"], strict=True))
    days = alt.Axis(title=None, labelAngle=-40, labelFontSize=9.5, values=[names[day] for day in ticks])
    x = alt.X(f"{step}_shown:O", sort=theme.in_order(rows[f"{step}_shown"]), axis=days)
    percent = alt.Axis(title=None, format="%", tickCount=3, grid=True, gridColor=theme.FAINT, labelFontSize=9.5)
    y = alt.Y("value:Q", axis=percent, scale=alt.Scale(domain=[0, rows[["value", "high"]].max().max() * 1.15 or 1]))
    colour = alt.Color("colour:N", scale=None)
    fields = {
        "group_full": "group",
        f"{step}_shown": step,
        "label": "value",
        "between": "interval",
        "amount_text": "amount",
        "segments": "segments",
    }
    tooltip = theme.tooltip(figure.words, fields)
    line = alt.Chart().mark_line(strokeWidth=2, invalid="break-paths-show-domains").encode(x=x, y=y, color=colour)
    points = alt.Chart().mark_point(filled=True, size=46, cursor="pointer", invalid="filter").encode(
        x=x, y=y, color=colour, opacity=alt.Opacity("opacity:Q", scale=None), tooltip=tooltip, **theme.outlined(pick)
    ).add_params(pick)  # fmt: skip
    band = alt.Chart().mark_area(opacity=0.18, invalid="break-paths-show-domains").encode(
        x=x, y=alt.Y("low:Q", axis=percent), y2="high:Q", color=colour
    )  # fmt: skip
    alone = alt.Chart().transform_filter("datum.alone").mark_rule(opacity=0.5, strokeWidth=3).encode(
        x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour
    )  # fmt: skip
    drawn = [line, *([band, alone] if rows["low"].notna().any() else []), points]
    if step == "date":
        return drawn
    above = alt.Chart().mark_text(dy=-10, fontSize=9, color=theme.INK).encode(x=x, y=y, text="label:N")
    return [*drawn, above]
