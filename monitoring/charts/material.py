"""Planned, monitored and coded material of each outlet: how much a result rests on."""

import altair as alt
import pandas as pd

from monitoring.charts import theme
from monitoring.charts.theme import Figure

PICK = ("outlet",)
ROOM_FOR_BAR = 0.62
STAGES = {"planned": (18, theme.FAINT), "monitored": (12, "#9db4cc"), "coded": (6, theme.INK)}
"""Thickness and colour of each stage; the later lies upon the earlier."""


def material(result: pd.DataFrame, figure: Figure) -> alt.TopLevelMixin:
    """The chart of `hours` by outlet."""
    rows = _labelled(result, figure)
    panel = alt.layer(*_layers(rows, figure), data=rows)
    return theme.finished(
        panel.properties(width=theme.WIDTH - theme.LABELS, height=30 * rows["outlet"].nunique()), figure
    )


def _labelled(result: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    words = figure.words
    texts = [words.amount(amount, unit) for amount, unit in zip(result["amount"], result["unit"], strict=True)]
    shown = theme.with_names(result, words).assign(amount_text=texts)
    label = shown.groupby("outlet")["amount_text"].transform(" → ".join)
    return shown.assign(label=label, furthest=shown.groupby("outlet")["value"].transform("max"))


def _layers(rows: pd.DataFrame, figure: Figure) -> list[alt.Chart]:
    words = figure.words
    pick = theme.picker(PICK)
    names = {stage: words.named("stage", stage) for stage in STAGES}
    axis = alt.Axis(title=None, labelLimit=theme.LABELS, labelPadding=6)
    y = alt.Y("outlet_shown:N", sort=theme.in_order(rows["outlet_shown"]), axis=axis)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, rows["value"].max() / ROOM_FOR_BAR or 1]))
    colours = alt.Scale(domain=list(names.values()), range=[colour for _, colour in STAGES.values()])
    fields = {
        "outlet_shown": "outlet",
        "stage_shown": "stage",
        "amount_text": "amount",
        "airings": "airings",
        "segments": "segments",
    }
    tooltip = theme.tooltip(figure.words, fields)
    bars = [
        alt.Chart().transform_filter(alt.datum.stage == stage).mark_bar(size=size, cursor="pointer").encode(
            x=x, y=y, color=alt.Color("stage_shown:N", scale=colours, title=None), tooltip=tooltip
        )
        for stage, (size, _) in STAGES.items()
    ]  # fmt: skip
    label = (
        alt.Chart()
        .transform_filter(alt.datum.stage == "coded")
        .mark_text(align="left", dx=6, fontSize=10, color=theme.QUIET)
        .encode(x="furthest:Q", y=y, text="label:N")
    )
    return [*bars[:-1], bars[-1].add_params(pick), label]
