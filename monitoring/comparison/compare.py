"""A comparison carried out: the difference, its interval, its strength, and last its p-value.

The difference is side a less side b. Its interval of 95 per cent comes from outlet-days drawn again within each outlet
and each side, by the same method as every other interval here (`monitoring.intervals`); the two contestants of one
outlet-day are drawn together. The p-value comes from `monitoring.comparison.permutation`, corrected by Holm for all
rows of the table. Both have to agree before a difference is called shown (`monitoring.comparison.strength`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coding.problems import Problem, ProblemsFound
from monitoring.comparison.asked import STRENGTHS, Comparison, Kind, Quantity, Side, check
from monitoring.comparison.holm import corrected
from monitoring.comparison.parts import Parts, parts
from monitoring.comparison.permutation import Exchanges, p_values, reordered, swapped
from monitoring.comparison.strength import shown, verdict
from monitoring.coverage import Coverage
from monitoring.intervals.interval import DAYS_AT_LEAST
from monitoring.intervals.measured import intervals_of
from monitoring.intervals.sums import Sums, ratio
from monitoring.selection import Selection

COLUMNS = (
    "quantity", "place", "group", "side_a", "side_b", "value_a", "value_b", "effect", "low", "high", "days_a", "days_b",
    "segments_a", "segments_b", "unit", "p", "p_corrected", "family", "strength", "shown",
)  # fmt: skip
"""Of a comparison's table. `place` is the outlet where contestants are compared (empty: all of the selection), `group`
whose numbers are compared otherwise; values, effect, low and high are fractions or tone balances; `strength` is
`not_shown`, `weak`, `moderate` or `strong`, and `too_little` where nothing was tested; `family` is how many were."""

DATES_AT_LEAST = DAYS_OF_A_SIDE = DAYS_AT_LEAST
"""Fewer dates in all, or outlet-days on one side, carry neither interval nor p-value, as for a single result."""

Floats = NDArray[np.float64]
Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Sides:
    """Part and whole on both sides, day by day: `a` and `b` (days, rows, 2); `on_a` and `on_b` (days,)."""

    parts: Parts
    rows: tuple[str, ...]
    a: Floats
    b: Floats
    on_a: Chosen
    on_b: Chosen
    segments: tuple[Floats, Floats]
    material: tuple[Floats, Floats]


def compare(coverage: Coverage, asked: Comparison) -> pd.DataFrame:
    """The table of a comparison: COLUMNS, a row for each group (of contestants: for each outlet, all of them first).

    Raises ProblemsFound for names that the mission does not have, for sides that share a day of an outlet, and where
    amounts of several units would be compared.
    """
    check(asked, coverage.mission)
    found = _of_contestants(coverage, asked) if asked.kind == Kind.CONTESTANTS else _of_sides(coverage, asked)
    table = pd.DataFrame(found, columns=[name for name in COLUMNS if name not in ("p_corrected", "family", "strength")])
    p = corrected(table["p"].to_numpy(dtype=float))
    table = table.assign(p_corrected=p, family=int(np.isfinite(p).sum()))
    words = [_word(asked.quantity, row) for row in table.to_dict("records")]
    table = table.assign(strength=words, shown=[word not in ("not_shown", "too_little") for word in words])
    whole = ("days_a", "days_b", "segments_a", "segments_b", "family")
    return table[list(COLUMNS)].astype(dict.fromkeys(whole, "int64"))


def _word(quantity: Quantity, row: Mapping[Any, Any]) -> str:
    if not np.isfinite(row["p_corrected"]):
        return "too_little"
    if not shown(row["low"], row["high"], row["p_corrected"]):
        return "not_shown"
    return verdict(STRENGTHS[quantity], row["effect"], row["low"], row["high"], row["p_corrected"])


def _of_sides(coverage: Coverage, asked: Comparison) -> list[dict[str, Any]]:
    groups = asked.groups or _groups(coverage, asked)
    both = replace(asked.selection, outlets=_together(asked), start=None, end=None)
    taken = parts(coverage, asked.quantity, _spanned(asked, both), groups)
    on_a, on_b = (_on(taken, asked, side) for side in (asked.a, asked.b))
    if (on_a & on_b).any():
        raise ProblemsFound([Problem("compare.shared_days")])
    kept = on_a | on_b
    sides = Sides(
        taken, taken.groups, taken.ratios * on_a[:, None, None], taken.ratios * on_b[:, None, None], on_a, on_b,
        (taken.segments * on_a[:, None], taken.segments * on_b[:, None]),
        (taken.material * on_a[:, None], taken.material * on_b[:, None]),
    )  # fmt: skip
    return _rows(coverage, asked, _only(sides, kept), "group")


def _of_contestants(coverage: Coverage, asked: Comparison) -> list[dict[str, Any]]:
    names = (asked.a.group, asked.b.group)
    taken = parts(coverage, asked.quantity, asked.of_side(Side()), names)
    outlets = [outlet.name for outlet in coverage.mission.outlets if outlet.name in set(taken.outlets)]
    every = np.ones(len(taken.outlets), dtype=bool)
    found = []
    for place in ["", *outlets] if len(outlets) > 1 else outlets:
        kept = every if not place else taken.outlets == place
        sides = Sides(
            taken, (place,), taken.ratios[:, [0]], taken.ratios[:, [1]], every, every,
            (taken.segments[:, [0]], taken.segments[:, [1]]), (taken.material[:, [0]], taken.material[:, [1]]),
        )  # fmt: skip
        found += _rows(coverage, asked, _only(sides, kept), "place")
    return found


def _groups(coverage: Coverage, asked: Comparison) -> tuple[str, ...]:
    """Every contestant, or those that the selection names."""
    names = [subject.name for subject in coverage.mission.contestants]
    return tuple(name for name in names if name in asked.selection.subjects) or tuple(names)


def _together(asked: Comparison) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*asked.a.outlets, *asked.b.outlets))) or asked.selection.outlets


def _spanned(asked: Comparison, both: Selection) -> Selection:
    """The selection of both sides: from the first day of either to the last."""
    sides = [asked.of_side(side) for side in (asked.a, asked.b)]
    starts, ends = [side.start for side in sides], [side.end for side in sides]
    first = None if None in starts else min(day for day in starts if day)
    last = None if None in ends else max(day for day in ends if day)
    return replace(both, start=first, end=last)


def _on(taken: Parts, asked: Comparison, side: Side) -> Chosen:
    """Which outlet-days stand on a side."""
    chosen = asked.of_side(side)
    on = np.ones(len(taken.outlets), dtype=bool)
    if chosen.outlets:
        on &= np.isin(taken.outlets.astype(str), chosen.outlets)
    if chosen.start:
        on &= taken.dates >= str(chosen.start)
    if chosen.end:
        on &= taken.dates <= str(chosen.end)
    return on


def _only(sides: Sides, kept: Chosen) -> Sides:
    """The sides with some of their outlet-days."""
    days = replace(sides.parts.days, table=sides.parts.days.table[kept].reset_index(drop=True))
    return replace(
        sides, parts=replace(sides.parts, days=days), a=sides.a[kept], b=sides.b[kept], on_a=sides.on_a[kept],
        on_b=sides.on_b[kept], segments=(sides.segments[0][kept], sides.segments[1][kept]),
        material=(sides.material[0][kept], sides.material[1][kept]),
    )  # fmt: skip


def _rows(coverage: Coverage, asked: Comparison, sides: Sides, column: str) -> list[dict[str, Any]]:
    sums = _sums(sides)
    values = [np.asarray(ratio(part.sum(axis=0))) for part in (sides.a, sides.b)]
    low, high = _interval(sums, asked.quantity)
    p = _p(asked, sides)
    effect = values[0] - values[1]
    few = ~_enough(coverage, sides)
    low, high, p = (np.where(few, np.nan, found) for found in (low, high, p))
    p = np.where(np.isnan(low) & (effect != 0), np.nan, p)  # without an interval nothing is said of a difference
    names = {"place": "", "group": ""}
    return [
        {
            "quantity": asked.quantity.value,
            **names,
            column: name,
            "side_a": side_text(asked, asked.a),
            "side_b": side_text(asked, asked.b),
            "value_a": values[0][row],
            "value_b": values[1][row],
            "effect": effect[row],
            "low": low[row],
            "high": high[row],
            "days_a": sides.on_a.sum(),
            "days_b": sides.on_b.sum(),
            "segments_a": sides.segments[0][:, row].sum(),
            "segments_b": sides.segments[1][:, row].sum(),
            "unit": sides.parts.unit,
            "p": p[row],
        }
        for row, name in enumerate(sides.rows)
    ]


def side_text(asked: Comparison, side: Side) -> str:
    """A side as the table names it: its contestant, its outlets, or its days as FIRST/LAST."""
    if side.group:
        return side.group
    if asked.kind in (Kind.OUTLETS, Kind.OWNERSHIP):
        return ", ".join(side.outlets)
    chosen = asked.of_side(side)
    return f"{chosen.start or ''}/{chosen.end or ''}"


def _sums(sides: Sides) -> Sums:
    """What adds over the outlet-days of both sides; each outlet is drawn again within its side."""
    table = sides.parts.days.table
    together = bool((sides.on_a & sides.on_b).all())
    side = np.zeros(len(table), dtype=int) if together else sides.on_b.astype(int)
    stratum = table.assign(_side=side).groupby(["outlet", "_side"], sort=True).ngroup()
    days = replace(sides.parts.days, table=table.assign(stratum=stratum))
    rows = pd.DataFrame({"group": pd.Series(sides.rows, dtype="object")})
    return Sums(days, rows, np.concatenate([sides.a, sides.b], axis=-1), _difference, (None, None))


def _difference(sums: Floats) -> Floats:
    """Ratio of side a less that of side b, from sums (resamples, rows, 4)."""
    return np.asarray(ratio(sums[..., :2]) - ratio(sums[..., 2:]))


def _interval(sums: Sums, quantity: Quantity) -> tuple[Floats, Floats]:
    """Low and high, not beyond the largest difference that there can be."""
    if sums.days.table.empty:
        return np.full(len(sums.rows), np.nan), np.full(len(sums.rows), np.nan)
    most = 2.0 if quantity == Quantity.TONE else 1.0
    low, high = intervals_of(sums)
    return np.clip(low, -most, most), np.clip(high, -most, most)


def _p(asked: Comparison, sides: Sides) -> Floats:
    dates, number = np.unique(sides.parts.dates, return_inverse=True)
    if not len(dates):
        return np.full(len(sides.rows), np.nan)
    a, b = (_by_date(part, number, len(dates)) for part in (sides.a, sides.b))
    on_a, on_b = (np.bincount(number, on, len(dates)) > 0 for on in (sides.on_a, sides.on_b))
    first, second = np.where(on_a[:, None, None], a, b), np.where((on_a & on_b)[:, None, None], b, 0.0)
    return p_values(first, second, _exchanges(asked.kind, on_a, on_b))


def _exchanges(kind: Kind, on_a: Chosen, on_b: Chosen) -> Exchanges:
    if kind in (Kind.BEFORE, Kind.PERIODS):
        return reordered(on_a)
    return swapped(on_a & on_b, on_a)


def _by_date(part: Floats, number: NDArray[np.int64], dates: int) -> Floats:
    """The outlet-days of one date added."""
    found = np.zeros((dates, *part.shape[1:]))
    np.add.at(found, number, part)
    return found


def _enough(coverage: Coverage, sides: Sides) -> Chosen:
    """Which rows have dates, outlet-days on both sides, and segments enough to be tested."""
    dates = len(np.unique(sides.parts.dates))
    days = dates >= DATES_AT_LEAST and min(sides.on_a.sum(), sides.on_b.sum()) >= DAYS_OF_A_SIDE
    least = np.minimum(*(part.sum(axis=0) for part in sides.material))
    return np.asarray((least >= coverage.mission.minimum_segments) & bool(days))
