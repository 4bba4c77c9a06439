"""What was used, given or aired, against what is granted or allowed: one bar and one mark for each."""

from collections.abc import Hashable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("row",)
ROOM_FOR_BAR = 0.6
"""The part of a panel that the longest bar fills; the rest is for its label."""
TRACK, BEYOND = "#e6eaee", "#a3331f"


def rules(rows: pd.DataFrame, figure: Figure, kind: str) -> alt.TopLevelMixin:
    """The chart of judged rows (`monitoring.entitled.judged.table`) of one ruling that is no equality.

    One bar for each contestant (entitlement, paid, in a panel for each outlet) or outlet (ceiling, silence). A click
    picks `row`, the place of the row in the table. Rows without an amount are words, not bars.
    """
    shown = _labelled(rows.reset_index(drop=True), figure, kind)
    columns = theme.columns_for(shown["panel"].nunique(), 3)
    height = theme.ROW * max(int(shown.groupby("panel")["name"].nunique().max()), 1)
    layers = _layers(shown, figure, height)
    if shown["panel"].nunique() > 1:
        return theme.finished(theme.faceted(layers, shown, "panel", columns, height), figure)
    panel = alt.layer(*layers, data=shown).properties(width=theme.WIDTH - theme.LABELS - 60, height=height)
    return theme.finished(panel, figure)


def _labelled(rows: pd.DataFrame, figure: Figure, kind: str) -> pd.DataFrame:
    words, fractions = figure.words, kind == "ceiling"
    outlets = rows["outlet"].map(lambda name: words.named("outlet", name))
    groups = rows["group"].map(lambda name: words.named("group", name) if name else words.t("word.no_value"))
    when = rows["period"] if rows["period"].nunique() > 1 else rows["period"].map(lambda _: "")
    by_outlet = kind in ("ceiling", "silence")
    name = outlets + (" · " + groups if kind == "silence" else "") if by_outlet else groups
    colours = theme.group_colours(figure.mission, rows["group"])
    reach = rows["value"] if fractions else rows["amount"].astype("float64")
    limit = rows["high_limit"] if fractions else rows["limit_amount"].astype("float64")
    return rows.assign(
        row=range(len(rows)),
        name=[_name(one, day, figure) for one, day in zip(name, when, strict=True)],
        panel=outlets if kind == "paid" else "",
        reach=reach.fillna(0.0),
        limit=limit,
        label=[_label(row, figure, fractions) for row in rows.to_dict("records")],
        verdict_text=[words.t(f"word.verdict.{value.replace(' ', '_')}") for value in rows["verdict"]],
        colour=rows["group"].map(colours),
        ink=rows["verdict"].isin(["over", "under"]).map({True: BEYOND, False: theme.INK}),
    )


def _name(name: str, period: str, figure: Figure) -> str:
    """The name of a bar, with its stretch of days where there are several, in at most two lines."""
    return figure.words.label_lines(f"{name} · {period}" if period else name, theme.LETTERS_IN_LABEL)


def _label(row: Mapping[Hashable, Any], figure: Figure, fractions: bool) -> str:
    """What stands behind a bar: the amount and the limit, and what is left or too much."""
    words, unit = figure.words, str(row["unit"])
    if pd.isna(row["amount"]):
        return words.t(f"word.verdict.{str(row['verdict']).replace(' ', '_')}")
    amount = words.amount(int(str(row["amount"])), unit)
    if fractions:
        total = words.amount(int(str(row["total_amount"])), unit)
        value, limit = (words.percent_sign(float(str(row[name])), 1) for name in ("value", "high_limit"))
        return words.t("chart.rules.of_share", amount=amount, value=value, limit=limit, total=total)
    if pd.isna(row["limit_amount"]):
        return amount
    parts = [words.t("chart.rules.of", amount=amount, limit=words.amount(int(str(row["limit_amount"])), unit))]
    for name in ("left", "over"):
        if not pd.isna(row[name]) and int(str(row[name])) > 0:
            parts.append(words.t(f"chart.rules.{name}", **{name: words.amount(int(str(row[name])), unit)}))
    return " · ".join(parts)


def _layers(rows: pd.DataFrame, figure: Figure, height: int) -> list[alt.Chart]:
    pick = theme.picker(PICK)
    furthest = max(rows["reach"].max(), rows["limit"].fillna(0).max()) / ROOM_FOR_BAR or 1
    axis = alt.Axis(title=None, labelExpr=theme.IN_LINES, labelLimit=theme.LABELS, labelPadding=6, labelFontSize=10)
    y = alt.Y("name:N", sort=theme.in_order(rows["name"]), axis=axis, scale=alt.Scale(paddingInner=0.25))
    x = alt.X("reach:Q", scale=alt.Scale(domain=[0, furthest]), axis=None)
    heads = {"name": "group", "label": "amount", "verdict_text": "verdict", "segments": "segments"}
    tooltip = [alt.Tooltip(field, title=figure.words.t(f"word.rules.{key}")) for field, key in heads.items()]
    track = (
        alt.Chart()
        .mark_bar(color=TRACK, size=17)
        .encode(x=alt.X("limit:Q", scale=alt.Scale(domain=[0, furthest]), axis=None), y=y)
    )
    bar = alt.Chart().mark_bar(size=9, cursor="pointer").encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), tooltip=tooltip, **theme.outlined(pick)
    ).add_params(pick)  # fmt: skip
    mark = alt.Chart().mark_tick(color=theme.INK, thickness=2, size=19).encode(x=alt.X("limit:Q"), y=y)
    end = alt.Chart().transform_calculate(end="max(datum.reach, datum.limit || 0)")
    label = end.mark_text(align="left", dx=6, fontSize=10.5).encode(
        x=alt.X("end:Q"), y=y, text="label:N", color=alt.Color("ink:N", scale=None)
    )
    return [track, bar, mark, label]
