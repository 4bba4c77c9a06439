"""What all charts share: fonts, colours of contestants and tones, title and subtitle, panels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from coding.mission.model import Mission
from monitoring.words import Words

FONT = "DejaVu Sans, sans-serif"
INK, QUIET, FAINT, PAPER = "#1f2a37", "#5b6776", "#d9dee4", "#ffffff"
POSITIVE, NEUTRAL, NEGATIVE = "#0072B2", "#8C8C8C", "#D55E00"
NEUTRALS = ("#8a8f98", "#b3b8bf", "#6f747c", "#cdd1d6", "#9ea3ab", "#5c6068")
WIDTH = 1010
LABELS = 165
GAP = 12
ROW = 27
LETTERS_IN_TITLE, LETTERS_IN_SUBTITLE, LETTERS_IN_LABEL = 98, 150, 25
THIN_MARK = "†"
IN_LINES = "split(datum.label, '\\n')"
"""A name with a newline in it becomes a label of two lines."""


@dataclass(frozen=True)
class Figure:
    """What a chart is told besides its table: the answer as its title, what was counted, and how to write it."""

    words: Words
    title: str
    counted: tuple[str, ...]
    minimum: int = 0
    """Segments below which a share is greyed."""

    @property
    def mission(self) -> Mission:
        return self.words.mission


def group_colours(mission: Mission, seen: Iterable[str] = ()) -> dict[str, str]:
    """The mission's own colours; a grey, by the fixed place in the mission, for whoever has none.

    `seen` adds names that the mission's tables do not hold. Neither rank nor filter changes a colour.
    """
    own = {subject.name: subject.colour for subject in mission.subjects} | {g.name: g.colour for g in mission.groups}
    grey = {name: NEUTRALS[place % len(NEUTRALS)] for place, name in enumerate(own)}
    return dict.fromkeys(seen, NEUTRALS[0]) | {name: colour or grey[name] for name, colour in own.items()}


def tone_colours(mission: Mission) -> dict[str, str]:
    """One colour-blind-safe colour for each point of the scale: blue above zero, grey at zero, orange below."""
    return {point.name: _tone_colour(point.score) for point in mission.tone}


def _tone_colour(score: float) -> str:
    if score == 0:
        return NEUTRAL
    end = POSITIVE if score > 0 else NEGATIVE
    strength = 0.25 + 0.75 * abs(score)
    channels = [round(255 + (int(end[at : at + 2], 16) - 255) * strength) for at in (1, 3, 5)]
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def tone_marks(mission: Mission) -> dict[str, str]:
    """A mark for each tone beside its colour: triangles up and down by the sign, a square for neutral."""
    return {p.name: "▲" if p.score > 0 else "▼" if p.score < 0 else "■" for p in mission.tone}


def in_order(values: pd.Series) -> list[str]:
    """The values in the order in which the result gives them, which is the mission's."""
    return list(dict.fromkeys(values))


def columns_for(panels: int, most: int = 5) -> int:
    """How many panels stand beside each other: all, or rows of nearly equal length."""
    rows = -(-panels // most)
    return -(-panels // max(rows, 1)) or 1


def panel_width(columns: int) -> int:
    """The width of one panel so that a row fills the figure."""
    return (WIDTH - LABELS) // columns - GAP


def finished(chart: alt.TopLevelMixin, figure: Figure) -> alt.TopLevelMixin:
    """The chart with its title, its subtitle (what was counted, and the notice) and the house's fonts."""
    notice = [figure.mission.notice] if figure.mission.notice else []
    subtitle = [line for part in (*figure.counted, *notice) for line in wrap(part, LETTERS_IN_SUBTITLE)]
    answer = [line for part in figure.title.split("\n") for line in wrap(part, LETTERS_IN_TITLE)]
    title = alt.TitleParams(text=answer, subtitle=subtitle, anchor="start", offset=14)
    titled = chart.properties(
        title=title,
        background=PAPER,
        autosize=alt.AutoSizeParams(type="pad"),
        padding={"left": 6, "top": 6, "right": 6, "bottom": 6},
    )
    return (
        titled.configure(font=FONT)
        .configure_title(
            font=FONT,
            subtitleFont=FONT,
            fontSize=15,
            color=INK,
            subtitleColor=QUIET,
            subtitleFontSize=11,
            subtitlePadding=6,
            frame="bounds",
        )
        .configure_header(
            labelFont=FONT, title=None, labelFontSize=11.5, labelFontWeight="bold", labelColor=INK, labelAnchor="start"
        )
        .configure_axis(
            labelFont=FONT,
            labelColor=INK,
            labelFontSize=11,
            titleColor=QUIET,
            titleFontWeight="normal",
            grid=False,
            domain=False,
            ticks=False,
        )
        .configure_legend(
            labelFont=FONT,
            labelFontSize=11,
            labelColor=INK,
            titleColor=QUIET,
            titleFontWeight="normal",
            orient="top",
            offset=4,
        )
        .configure_view(stroke=None)
    )


def picture(spec: Mapping[str, Any]) -> bytes:
    """A chart's specification as PNG at twice the screen's size, made here and without a network."""
    from vl_convert import vegalite_to_png

    return bytes(vegalite_to_png(dict(spec), scale=2))


def faceted(layers: Sequence[alt.Chart], rows: pd.DataFrame, column: str, columns: int, height: int) -> alt.FacetChart:
    """The layers once for each value of `column` (in the order of the rows), in panels of one size and one scale."""
    panel = alt.layer(*layers, data=rows).properties(width=panel_width(columns), height=height)
    header = alt.Header(labelExpr=IN_LINES, labelLimit=panel_width(columns), labelLineHeight=13)
    facet = alt.Facet(f"{column}:N", sort=in_order(rows[column]), header=header)
    return panel.facet(facet, columns=columns, spacing={"column": GAP, "row": 20})


def group_axis(rows: pd.DataFrame) -> alt.Y:
    """Groups from top to bottom in the mission's order, long names in two lines."""
    two_lines = {"condition": {"test": "indexof(datum.value, '\\n') >= 0", "value": -6}, "value": 0}
    axis = alt.Axis(
        title=None,
        labelExpr=IN_LINES,
        labelLimit=LABELS,
        labelPadding=6,
        labelFontSize=10,
        labelLineHeight=12,
        labelOffset=two_lines,
    )
    return alt.Y("group_shown:N", sort=in_order(rows["group_shown"]), axis=axis, scale=alt.Scale(paddingInner=0.25))


def tooltip(words: Words, fields: Mapping[str, str]) -> list[alt.Tooltip]:
    """What is shown under the pointer: field and the column whose heading names it."""
    return [alt.Tooltip(field, title=words.t(f"word.column.{column}")) for field, column in fields.items()]


def between(result: pd.DataFrame, kind: str, words: Words) -> list[str]:
    """Low and high of each row in words, for what stands under the pointer."""
    pairs = zip(result["low"], result["high"], strict=True)
    return [
        words.t("word.no_value") if pd.isna(low) else f"{words.value(low, kind)} … {words.value(high, kind)}"
        for low, high in pairs
    ]


def interval(x: str, x2: str, y: alt.Y, **mark: object) -> list[alt.Chart]:
    """A dark line from low to high with a light edge, so that it is seen over any colour; none where there is none."""
    lines = [{"color": PAPER, "strokeWidth": 4, "opacity": 0.75}, {"color": INK, "strokeWidth": 1.6}]
    drawn = alt.Chart().transform_filter(f"isValid(datum.{x})")
    return [drawn.mark_rule(**line | mark).encode(x=alt.X(f"{x}:Q"), x2=f"{x2}:Q", y=y) for line in lines]


def with_names(result: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Beside each name its form for the reader: `outlet_shown`, `group_shown` and so on."""
    shown = {
        f"{name}_shown": result[name].map(partial(words.named, name))
        for name in ("outlet", "group", "tone", "week", "date", "stage")
        if name in result
    }
    if "group_shown" in shown:
        shown["group_full"] = shown["group_shown"]
        shown["group_shown"] = shown["group_shown"].map(lambda name: words.label_lines(name, LETTERS_IN_LABEL))
    return result.assign(**shown)


def picker(fields: Sequence[str]) -> alt.Parameter:
    """The point selection behind a click on a mark."""
    return alt.selection_point(name="pick", fields=list(fields), toggle=False)


def outlined(pick: alt.Parameter) -> Mapping[str, object]:
    """Encodings that draw a dark line round the picked mark."""
    chosen = alt.when(pick, empty=False)
    return {"stroke": chosen.then(alt.value(INK)).otherwise(alt.value(QUIET)),
            "strokeWidth": chosen.then(alt.value(2)).otherwise(alt.value(0.4))}  # fmt: skip
