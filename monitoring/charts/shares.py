"""Share of each outlet's time or space: one panel for each outlet, one bar for each group, its interval over it."""

import altair as alt
import pandas as pd

from monitoring.answers import thin
from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("outlet", "group")
ROOM_FOR_BAR = 0.43
"""The part of a panel that the longest bar fills; the rest is for its labels."""


def shares(result: pd.DataFrame, figure: Figure, unmonitored: tuple[str, ...] = ()) -> alt.TopLevelMixin:
    """The chart of `share` by outlet and group. Zero is a bar with 0 %; an unmonitored outlet says so."""
    rows = pd.concat([_labelled(result, figure), _gaps(result, figure, unmonitored)], ignore_index=True)
    columns = theme.columns_for(rows["outlet"].nunique())
    height = theme.ROW * result["group"].nunique()
    return theme.finished(theme.faceted(_layers(rows, figure), rows, "outlet_shown", columns, height), figure)


def _labelled(result: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    words = figure.words
    few = thin(result, ["outlet"], figure.minimum)
    colours = theme.group_colours(figure.mission, result["group"])
    percent = result["value"].map(words.percent_sign)
    return theme.with_names(result, words).assign(
        label=percent.where(~few, percent + " " + theme.THIN_MARK),
        amount_text=[words.amount(a, u) for a, u in zip(result["amount"], result["unit"], strict=True)],
        colour=result["group"].map(colours),
        opacity=few.map({True: 0.35, False: 1.0}),
        reach=result[["value", "high"]].max(axis=1).fillna(0),
        between=theme.between(result, "fraction", words),
        gap="",
    )


def _gaps(result: pd.DataFrame, figure: Figure, unmonitored: tuple[str, ...]) -> pd.DataFrame:
    """One row for each outlet that was not monitored: words where the bars would be."""
    groups = theme.in_order(result["group"])
    rows = [
        {"outlet": name, "group": groups[len(groups) // 2], "gap": figure.words.t("word.not_monitored")}
        for name in unmonitored
    ]
    return theme.with_names(pd.DataFrame(rows, columns=["outlet", "group", "gap"]), figure.words)


def _layers(rows: pd.DataFrame, figure: Figure) -> list[alt.Chart]:
    pick = theme.picker(PICK)
    furthest = rows["reach"].max() / ROOM_FOR_BAR or 1
    y = theme.group_axis(rows)
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, furthest]), axis=None)
    fields = {
        "outlet_shown": "outlet",
        "group_full": "group",
        "label": "value",
        "between": "interval",
        "amount_text": "amount",
        "segments": "segments",
        "airings": "airings",
    }
    tooltip = theme.tooltip(figure.words, fields)
    bars = alt.Chart().mark_bar(cursor="pointer").encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), opacity=alt.Opacity("opacity:Q", scale=None),
        tooltip=tooltip, **theme.outlined(pick),
    ).add_params(pick)  # fmt: skip
    interval = theme.interval(x="low", x2="high", y=y)
    label = alt.Chart().mark_text(align="left", dx=4, fontSize=11, color=theme.INK).encode(
        x=alt.X("reach:Q"), y=y, text="label:N"
    )  # fmt: skip
    amount = alt.Chart().mark_text(align="right", fontSize=9.5, color=theme.QUIET).encode(
        x=alt.datum(furthest), y=y, text="amount_text:N"
    )  # fmt: skip
    gap = (
        alt.Chart()
        .mark_text(align="left", dx=4, fontStyle="italic", color=theme.QUIET)
        .encode(x=alt.datum(0), y=y, text="gap:N")
    )
    return [bars, *interval, label, amount, gap]
