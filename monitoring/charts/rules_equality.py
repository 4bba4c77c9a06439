"""Equality in each slot of the day: outlets by slots, in each how far the furthest contestant departs from its due."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("row",)
EMPTY, INSIDE = "#eef1f4", "#d3dee8"
BEYOND = ("#f7d9c4", "#eeb58e", "#dd8452", "#b9501f")
"""Beyond the tolerance: light to dark, by how many tolerances; the figure in the cell says the same."""
STEPS = (2, 4, 8)
WIDTH_OF_CELL, HEIGHT_OF_CELL = 150, 27
DARK = 3


def rules_equality(cells: pd.DataFrame, figure: Figure, slots: Sequence[str], tolerance: float) -> alt.TopLevelMixin:
    """The heat table of one rule and one kind of time.

    `cells`: outlet, period, slot ("" is the whole day), row (place of the contestant who departs furthest), departure
    (empty where nothing was judged), group, effective_number, amount, unit. A click picks `row`.
    """
    shown = _labelled(cells, figure, tolerance)
    order = [figure.words.t("word.rules.whole_day"), *slots]
    height = HEIGHT_OF_CELL * max(shown["name"].nunique(), 1)
    panel = alt.layer(*_layers(shown, figure, order), data=shown)
    return theme.finished(panel.properties(width=WIDTH_OF_CELL * max(len(order), 1), height=height), figure)


def _labelled(cells: pd.DataFrame, figure: Figure, tolerance: float) -> pd.DataFrame:
    words = figure.words
    outlets = cells["outlet"].map(lambda name: words.named("outlet", name))
    several = cells["period"].nunique() > 1
    level = [_level(value, tolerance) for value in cells["departure"]]
    known = cells["departure"].notna()
    percent = [_percent(value, figure) for value in cells["departure"]]
    return cells.assign(
        name=outlets + (" · " + cells["period"] if several else ""),
        slot_shown=cells["slot"].where(cells["slot"] != "", words.t("word.rules.whole_day")),
        label=percent,
        who=[words.named("group", name) if name else "" for name in cells["group"]],
        number=[
            words.number(value, 1) if ok else "" for value, ok in zip(cells["effective_number"], known, strict=True)
        ],
        amount_text=[words.amount(a, u) for a, u in zip(cells["amount"], cells["unit"], strict=True)],
        colour=[EMPTY if at < 0 else INSIDE if at == 0 else BEYOND[at - 1] for at in level],
        ink=["#ffffff" if at > DARK else theme.INK for at in level],
        state=[words.t(f"chart.rules.{'not_judged' if at < 0 else 'inside' if at == 0 else 'beyond'}") for at in level],
    )


def _level(departure: float, tolerance: float) -> int:
    """-1 not judged, 0 within the tolerance, then 1 to 4 by how many tolerances."""
    if pd.isna(departure):
        return -1
    if departure <= tolerance + 1e-9:
        return 0
    times = departure / tolerance if tolerance else float("inf")
    return 1 + sum(times > step for step in STEPS)


def _percent(value: float, figure: Figure) -> str:
    if pd.isna(value):
        return figure.words.t("word.no_value")
    return "∞" if value == float("inf") else figure.words.percent_sign(value, 1 if value < 0.1 else 0)


def _layers(rows: pd.DataFrame, figure: Figure, order: Sequence[str]) -> list[alt.Chart]:
    pick, t = theme.picker(PICK), figure.words.t
    axis = alt.Axis(title=None, orient="top", labelAngle=0, labelPadding=6, labelFontWeight="bold")
    x = alt.X("slot_shown:N", sort=list(order), axis=axis, scale=alt.Scale(paddingInner=0.03))
    names = alt.Axis(title=None, labelLimit=theme.LABELS, labelPadding=8)
    y = alt.Y("name:N", sort=theme.in_order(rows["name"]), axis=names, scale=alt.Scale(paddingInner=0.08))
    heads = {"name": "outlet", "slot_shown": "slot", "who": "group", "label": "departure"}
    heads |= {"number": "effective_number", "amount_text": "total_amount"}
    tooltip = [alt.Tooltip(field, title=t(f"word.rules.{key}")) for field, key in heads.items()]
    tooltip.append(alt.Tooltip("state", title=t("word.rules.verdict")))
    cell = alt.Chart().mark_rect(cursor="pointer", cornerRadius=2).encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), tooltip=tooltip, **theme.outlined(pick)
    ).add_params(pick)  # fmt: skip
    label = alt.Chart().mark_text(fontSize=11, align="right", dx=-4).encode(
        x=x, y=y, text="label:N", color=alt.Color("ink:N", scale=None)
    )  # fmt: skip
    time = alt.Chart().mark_text(fontSize=9.5, align="left", dx=8, opacity=0.8).encode(
        x=x, y=y, text="amount_text:N", color=alt.Color("ink:N", scale=None)
    )  # fmt: skip
    return [cell, label, time]
