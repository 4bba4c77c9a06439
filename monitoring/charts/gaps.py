"""Gaps from what is due: bars to the right of the line for more, to the left for less, with their intervals.

Several benchmarks stand in columns beside each other, outlets in rows; of one benchmark each outlet is a panel.
"""

import altair as alt
import pandas as pd

from monitoring.agreement.words import points
from monitoring.answers import thin
from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("outlet", "group")
ROOM_FOR_LABEL = {True: 0.21, False: 0.28}
"""The part of a panel, on either side, that is kept for labels: beside other benchmarks, and alone."""
LEAST_REACH = 0.01
ROW = 15
LETTERS = 9.5
"""Height of a contestant's row where benchmarks stand beside each other, and the size of its letters."""


def gaps(rows: pd.DataFrame, figure: Figure) -> alt.TopLevelMixin:
    """The chart of `monitoring.benchmarks.gaps` by outlet: as many columns as there are benchmarks in `rows`."""
    shown = _labelled(rows, figure)
    number = rows["benchmark"].nunique()
    several = number > 1
    layers = _layers(shown, figure, several)
    groups = rows["group"].nunique()
    if not several:
        columns = theme.columns_for(rows["outlet"].nunique())
        return theme.finished(
            theme.faceted(layers, shown, "outlet_shown", columns, theme.ROW * groups), figure
        )  # fmt: skip
    panel = alt.layer(*layers, data=shown).properties(width=theme.panel_width(number), height=ROW * groups)
    across = alt.Column(
        "benchmark_shown:N", sort=theme.in_order(shown["benchmark_shown"]),
        header=alt.Header(labelExpr=theme.IN_LINES, labelLimit=theme.panel_width(number), labelLineHeight=13),
    )  # fmt: skip
    down = alt.Row(
        "outlet_shown:N", sort=theme.in_order(shown["outlet_shown"]),
        header=alt.Header(labelOrient="top", labelAnchor="start", labelPadding=3),
    )  # fmt: skip
    return theme.finished(panel.facet(row=down, column=across, spacing={"column": theme.GAP, "row": 22}), figure)


def _labelled(rows: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    words = figure.words
    few = thin(rows, ["outlet", "benchmark"], figure.minimum)
    colours = theme.group_colours(figure.mission, rows["group"])
    ends = rows[["value", "low", "high"]]
    right = rows["value"].fillna(0) >= 0
    text = rows["value"].map(lambda value: points(value, words))
    marked = text.where(~few, text + " " + theme.THIN_MARK)
    letters = theme.LETTERS_IN_LABEL
    return theme.with_names(rows, words).assign(
        benchmark_shown=rows["benchmark"].map(lambda name: words.label_lines(words.term(name), letters)),
        more=marked.where(right, ""),
        less=marked.where(~right, ""),
        gap_text=text,
        share_text=rows["share"].map(lambda value: words.percent_sign(value, 1)),
        due_text=rows["due"].map(lambda value: words.percent_sign(value, 1)),
        between=[_between(low, high, figure) for low, high in zip(rows["low"], rows["high"], strict=True)],
        amount_text=[words.amount(a, u) for a, u in zip(rows["amount"], rows["unit"], strict=True)],
        total_text=[words.amount(a, u) for a, u in zip(rows["total_amount"], rows["unit"], strict=True)],
        colour=rows["group"].map(colours),
        opacity=few.map({True: 0.35, False: 1.0}),
        furthest=ends.max(axis=1).clip(lower=0).fillna(0),
        nearest=ends.min(axis=1).clip(upper=0).fillna(0),
    )


def _between(low: float, high: float, figure: Figure) -> str:
    if pd.isna(low) or pd.isna(high):
        return figure.words.t("word.no_value")
    return f"{points(low, figure.words)} … {points(high, figure.words)}"


def _axis(rows: pd.DataFrame, several: bool) -> alt.Y:
    """Contestants from top to bottom in ballot order; small letters where many rows stand under each other."""
    if not several:
        return theme.group_axis(rows)
    axis = alt.Axis(title=None, labelExpr="replace(datum.value, '\\n', ' ')", labelLimit=theme.LABELS,
                    labelPadding=6, labelFontSize=LETTERS)  # fmt: skip
    return alt.Y("group_shown:N", sort=theme.in_order(rows["group_shown"]), axis=axis,
                 scale=alt.Scale(paddingInner=0.2))  # fmt: skip


def _tooltip(figure: Figure) -> list[alt.Tooltip]:
    own = {"benchmark_shown": "benchmark", "gap_text": "value", "between": "between", "share_text": "share",
           "due_text": "due"}  # fmt: skip
    named = {"outlet_shown": "outlet", "group_full": "group"}
    counted = {"amount_text": "amount", "total_text": "total_amount", "segments": "segments", "airings": "airings"}
    return [
        *theme.tooltip(figure.words, named),
        *(alt.Tooltip(field, title=figure.words.t(f"balance.column.{column}")) for field, column in own.items()),
        *theme.tooltip(figure.words, counted),
    ]


def _domain(rows: pd.DataFrame, room: float) -> list[float]:
    """From the furthest gap below zero to the furthest above, the same in all panels, with room for labels."""
    below, above = min(float(rows["nearest"].min()), 0.0), max(float(rows["furthest"].max()), LEAST_REACH)
    label = (above - below) / (1 - 2 * room) * room
    return [below - label, above + label]


def _layers(rows: pd.DataFrame, figure: Figure, several: bool) -> list[alt.Chart]:
    pick = theme.picker(PICK)
    scale = alt.Scale(domain=_domain(rows, ROOM_FOR_LABEL[several]), nice=False)
    y = _axis(rows, several)
    bars = alt.Chart().mark_bar(cursor="pointer").encode(
        x=alt.X("value:Q", scale=scale, axis=None), y=y, color=alt.Color("colour:N", scale=None),
        opacity=alt.Opacity("opacity:Q", scale=None), tooltip=_tooltip(figure), **theme.outlined(pick),
    ).add_params(pick)  # fmt: skip
    nothing = alt.Chart().mark_rule(color=theme.QUIET, strokeWidth=1, aria=False).encode(x=alt.datum(0, scale=scale))
    interval = alt.Chart().mark_rule(color=theme.INK).encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=y)
    size = LETTERS if several else 11
    right = alt.Chart().mark_text(align="left", dx=4, fontSize=size, color=theme.INK).encode(
        x=alt.X("furthest:Q", scale=scale), y=y, text="more:N"
    )  # fmt: skip
    left = alt.Chart().mark_text(align="right", dx=-4, fontSize=size, color=theme.INK).encode(
        x=alt.X("nearest:Q", scale=scale), y=y, text="less:N"
    )  # fmt: skip
    return [bars, nothing, *([interval] if rows["low"].notna().any() else []), right, left]
