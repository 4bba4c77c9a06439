"""Two sides compared: a point and its interval for each difference, a line at none, the word for it on the right."""

import altair as alt
import pandas as pd

from monitoring.charts import theme
from monitoring.charts.theme import Figure
from monitoring.comparison.asked import Comparison, Quantity
from monitoring.comparison.sentences import side_short, signed
from monitoring.comparison.table import interval, names_of

PICK = ("row",)
ROOM_FOR_WORDS = 265
LEAST_REACH = {Quantity.SHARE: 0.05, Quantity.AMONG: 0.05, Quantity.TONE: 0.25, Quantity.SPEECH: 0.1}
"""The axis reaches this far at least, so that a small difference does not fill the figure."""
SIGNED_POINTS = "datum.value == 0 ? '0' : (datum.value < 0 ? '−' : '+') + format(abs(datum.value) * 100, '.0f')"
SIGNED = "datum.value == 0 ? '0' : (datum.value < 0 ? '−' : '+') + format(abs(datum.value), '.1f')"
LETTERS_OF_SIDE = 34


def comparison(found: pd.DataFrame, asked: Comparison, figure: Figure) -> alt.TopLevelMixin:
    """The chart of a comparison's table. Filled points are shown differences, hollow ones not; † has no interval."""
    rows = _labelled(found, asked, figure)
    panel = alt.layer(*_layers(rows, asked, figure), data=rows)
    width = theme.WIDTH - theme.LABELS - ROOM_FOR_WORDS
    height = max(theme.ROW * len(rows), 2 * theme.ROW)
    return theme.finished(panel.properties(width=width, height=height), figure)


def _labelled(found: pd.DataFrame, asked: Comparison, figure: Figure) -> pd.DataFrame:
    words, quantity = figure.words, asked.quantity
    names = names_of(found, asked, words)
    colours = theme.group_colours(figure.mission, found["group"])
    effects = [signed(value, quantity, words) for value in found["effect"]]
    verdicts = [words.t(f"sentence.compare.verdict_{word}") for word in found["strength"]]
    marks = found["low"].isna().map({True: f" {theme.THIN_MARK}", False: ""})
    texts = [f"{effect}{mark}  {word}" for effect, mark, word in zip(effects, marks, verdicts, strict=True)]
    if quantity == Quantity.TONE:
        counts = zip(found["segments_a"], found["segments_b"], strict=True)
        texts = [f"{told}  ({words.number(a)} / {words.number(b)})" for told, (a, b) in zip(texts, counts, strict=True)]
    ends = zip(found["low"], found["high"], strict=True)
    return found.assign(
        row=range(len(found)),
        group_shown=[words.label_lines(name, theme.LETTERS_IN_LABEL) for name in names],
        group_full=names,
        colour=[colours.get(name, theme.INK) if name else theme.INK for name in found["group"]],
        fill=found["shown"].map({True: 1.0, False: 0.0}),
        text=texts,
        interval=[interval(low, high, quantity, words) for low, high in ends],
    )


def _layers(rows: pd.DataFrame, asked: Comparison, figure: Figure) -> list[alt.Chart]:
    t, toned = figure.words.t, asked.quantity == Quantity.TONE
    pick = theme.picker(PICK)
    furthest = rows[["effect", "low", "high"]].abs().max().max()
    reach = max(0.0 if pd.isna(furthest) else furthest, LEAST_REACH[asked.quantity]) * 1.08
    sides = {which: _short(side_short(asked, which, figure.words)) for which in ("a", "b")}
    title = t(f"chart.comparison.axis_{'tone' if toned else 'points'}", **sides)
    axis = alt.Axis(
        title=title, tickCount=9, labelExpr=SIGNED if toned else SIGNED_POINTS, grid=True, gridColor=theme.FAINT
    )
    x = alt.X("effect:Q", scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)
    y = theme.group_axis(rows)
    fields = {"group_full": "group", "text": "value", "interval": "interval"}
    tooltip = [alt.Tooltip(field, title=t(f"chart.comparison.tip_{name}")) for field, name in fields.items()]
    none = alt.Chart().mark_rule(color=theme.QUIET, strokeWidth=1.5, aria=False).encode(x=alt.datum(0))
    span = alt.Chart().mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q"), x2="high:Q", y=y, color=alt.Color("colour:N", scale=None), tooltip=tooltip
    )  # fmt: skip
    under = alt.Chart().mark_point(size=110, filled=True, color=theme.PAPER, opacity=1).encode(x=x, y=y)
    stroke = alt.when(pick, empty=False).then(alt.value(theme.INK)).otherwise(alt.Color("colour:N", scale=None))
    point = alt.Chart().mark_point(size=110, cursor="pointer", shape="circle", strokeWidth=2).encode(
        x=x, y=y, stroke=stroke, fill=alt.Color("colour:N", scale=None),
        fillOpacity=alt.FillOpacity("fill:Q", scale=None), strokeOpacity=alt.value(1), tooltip=tooltip,
    ).add_params(pick)  # fmt: skip
    word = alt.Chart().mark_text(align="left", fontSize=11, color=theme.INK, clip=False).encode(
        x=alt.value(theme.WIDTH - theme.LABELS - ROOM_FOR_WORDS + 12), y=y, text="text:N"
    )  # fmt: skip
    return [none, span, under, point, word]


def _short(name: str) -> str:
    return name if len(name) <= LETTERS_OF_SIDE else name[: LETTERS_OF_SIDE - 1].rstrip() + "…"
