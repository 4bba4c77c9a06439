"""What disagreement does to shares: each group's share under the first and the second codings, and the difference."""

import altair as alt
import pandas as pd

from monitoring.agreement.words import points
from monitoring.charts import theme
from monitoring.charts.theme import Figure

BAND = "#cbd5df"
SECOND = "#c2571a"
"""The second codings: far from the ink of the first in lightness and hue, and another mark beside."""
SHARES, CHANGES = 470, 250
SIGNED = "datum.value == 0 ? '0' : replace(format(datum.value * 100, '+.1~f'), '-', '−')"
LEAST_REACH = 0.01
"""The axis of the differences reaches a point at least, so that very little does not fill the figure."""


def agreement_spread(rows: pd.DataFrame, told: Figure) -> alt.TopLevelMixin:
    """The chart of rows of `monitoring.agreement.spread`: shares of one unit, second codings against first.

    Left: both shares, over a band for the sampling interval of the first. Right: the difference with its paired
    interval, over half of that band's width on either side of none.
    """
    shown = _labelled(rows, told)
    height = theme.ROW * max(len(shown), 1)
    left = alt.layer(*_shares(shown, told)).properties(width=SHARES, height=height)
    right = alt.layer(*_changes(shown, told)).properties(width=CHANGES, height=height)
    return theme.finished(alt.hconcat(left, right, spacing=24), told)


def _labelled(rows: pd.DataFrame, told: Figure) -> pd.DataFrame:
    words, half = told.words, (rows["sampling_high"] - rows["sampling_low"]) / 2
    named = theme.with_names(rows.reset_index(drop=True), words)
    mark = named["enough"].map({True: "", False: f" {theme.THIN_MARK}"})
    return named.assign(
        group_shown=named["group_shown"] + mark,
        first_text=named["reference"].map(lambda value: words.percent_sign(value, 1)),
        second_text=named["value"].map(lambda value: words.percent_sign(value, 1)),
        changed=named["difference"].map(lambda value: points(value, words)),
        between=[f"{points(a, words)} … {points(b, words)}" for a, b in zip(rows["low"], rows["high"], strict=True)],
        band_low=-half.to_numpy(), band_high=half.to_numpy(),
        opacity=named["enough"].map({True: 1.0, False: 0.4}),
    )  # fmt: skip


def _tooltip(told: Figure) -> list[alt.Tooltip]:
    fields = {"group_full": "group", "first_text": "first", "second_text": "second"}
    fields |= {"changed": "difference", "between": "interval"}
    return [alt.Tooltip(name, title=told.words.t(f"agreement.column.{column}")) for name, column in fields.items()]


def _shares(rows: pd.DataFrame, told: Figure) -> list[alt.Chart]:
    t = told.words.t
    codings = [t("chart.agreement.first"), t("chart.agreement.second")]
    long = pd.concat(
        [
            rows.assign(share=rows[column], coding=coding)
            for column, coding in zip(("reference", "value"), codings, strict=True)
        ]
    )
    y, opacity = theme.group_axis(rows), alt.Opacity("opacity:Q", scale=None)
    axis = alt.Axis(
        title=t("chart.agreement.share"), format=".0%", tickCount=6, labelFontSize=10, grid=True, gridColor=theme.FAINT
    )
    x = alt.X("share:Q", axis=axis, scale=alt.Scale(zero=True))
    band = alt.Chart(rows).mark_bar(color=BAND, height=13).encode(
        x=alt.X("sampling_low:Q", axis=axis), x2="sampling_high:Q", y=y, opacity=opacity, tooltip=_tooltip(told)
    )  # fmt: skip
    legend = alt.Legend(title=None, orient="top", direction="horizontal", symbolSize=70)
    point = alt.Chart(long).mark_point(size=62, filled=True, opacity=1).encode(
        x=x, y=y, opacity=opacity, tooltip=_tooltip(told),
        color=alt.Color("coding:N", sort=codings, legend=legend,
                        scale=alt.Scale(domain=codings, range=[theme.INK, SECOND])),
        shape=alt.Shape("coding:N", sort=codings, legend=legend,
                        scale=alt.Scale(domain=codings, range=["circle", "diamond"])),
    )  # fmt: skip
    return [band, point]


def _changes(rows: pd.DataFrame, told: Figure) -> list[alt.Chart]:
    t = told.words.t
    ends = rows[["difference", "low", "high", "band_low", "band_high"]].abs().max().max()
    reach = max(0.0 if pd.isna(ends) else float(ends), LEAST_REACH) * 1.1
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    axis = alt.Axis(title=t("chart.agreement.difference"), tickCount=5, labelExpr=SIGNED, labelFontSize=10)
    y = theme.group_axis(rows).to_dict()
    bare = alt.Y("group_shown:N", sort=y["sort"], axis=None, scale=alt.Scale(paddingInner=0.25))
    opacity, tooltip = alt.Opacity("opacity:Q", scale=None), _tooltip(told)
    none = alt.Chart().mark_rule(color=theme.QUIET, strokeDash=[3, 3]).encode(x=alt.datum(0, scale=scale))
    band = alt.Chart().mark_bar(color=BAND, height=13).encode(
        x=alt.X("band_low:Q", scale=scale, axis=axis), x2="band_high:Q", y=bare, opacity=opacity, tooltip=tooltip
    )  # fmt: skip
    span = alt.Chart().mark_rule(strokeWidth=2, color=SECOND).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=bare, opacity=opacity, tooltip=tooltip
    )  # fmt: skip
    point = alt.Chart().mark_point(size=62, filled=True, shape="diamond", color=SECOND, opacity=1).encode(
        x=alt.X("difference:Q", scale=scale), y=bare, opacity=opacity, tooltip=tooltip
    )  # fmt: skip
    return [alt.layer(none, band, span, point, data=rows)]
