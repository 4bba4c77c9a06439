"""How alike coders code what they coded twice: every code, who was found, time and boundaries, by everything.

What is compared are passages (`coding.double_coding.passages`), and seconds (`monitoring.agreement.seconds`).

- *found*: `found_by_both`, of the passages that either of two coders found, the share in which both found somebody,
  the same subject or not.
- *subject*: about whom, again of what either of the two found. "Not found" is a category of its own, so what one coder
  missed is a disagreement, and so are two subjects at the same place. `time_who` is the same in seconds.
- *role, speech, tone, format, topic*: on passages in which both found the same subject; the tone of one subject is not
  compared with the tone of another. A passage without a tone (free airtime), or with one that is on the scale no more,
  is no unit for tone. No topic is a category where the mission's coders give topics, and there are no rows for topic
  where nobody gives any. `time_tone` is the share of the seconds.
- *together*: all six at once; not found is one combination more.

`percent` is the share of agreeing pairs; alpha allows for chance (`monitoring.agreement.alpha`). Of a passage that
three coded each pair counts half, as in alpha, so that a passage counts as often as it was coded; where one coder, or
two, are looked at, only the pairs with that coder, or of those two, count. By subject there is no alpha of who:
passages were chosen by what was said there, and chance cannot be told any more.

Intervals resample outlet-days, of 95 per cent. `enough` says that the mission's minimum of passages is reached and that
there are outlet-days enough.

Source: Krippendorff, Content Analysis (3rd edition 2013), chapter 12.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coding.double_coding.codings import Codings
from coding.segment import CODES
from monitoring.agreement.alpha import Level, alpha_from
from monitoring.agreement.pairs import pairs, with_place
from monitoring.agreement.resampling import Estimate, estimate, median_estimate, ratio
from monitoring.agreement.seconds import boundaries, seconds

VARIABLES = ("subject", *CODES)
FOUND, TOGETHER = "found", "together"
REPORT = (
    "variable", "measure", "by", "group", "value", "low", "high", "unit", "units", "coders", "airings", "days",
    "enough",
)  # fmt: skip
"""Columns. `value` is a share, an alpha (NaN where it is undefined) or milliseconds (boundary_ms, of both ends of what
both found); `units` are passages, for time_who and time_tone the amount in `unit` that the share is of, for boundary_ms
boundaries; `coders`, `airings` and `days` (outlet-days) are those they come from."""
BY = ("all", "outlet", "week", "coder_pair", "coder", "subject")
MOST_CATEGORIES = 30
"""So many at most in a table of coincidences of which only the spread matters."""
ALONE = ("coder_pair", "coder")
"""Groups in which every pair of coders counts whole."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Group = tuple[str, str, Whole]
"""What a group is by, its name, and which rows are in it."""


@dataclass(frozen=True)
class Judged:
    """What pairs of coders said under one variable: (pairs,) arrays; -1 where a pair is none for this variable."""

    variable: str
    one: Whole
    other: Whole
    weight: Floats


def report(codings: Codings, table: pd.DataFrame) -> pd.DataFrame:
    """Every measure of every variable for all passages and by everything in BY: columns REPORT.

    In: `double_codings` and their `passages`. A measure without any unit in a group has no row.
    """
    both = with_place(codings, pairs(table))
    judged = [*_judged(codings, table.reset_index(drop=True), both)]
    minimum = codings.mission.minimum_segments
    rows = [*_of_passages(both, judged, minimum), *_of_time(codings, both, minimum), *_of_boundaries(both, minimum)]
    rows.sort(key=lambda row: (BY.index(row[2]), row[3]))
    return pd.DataFrame(rows, columns=list(REPORT)).astype({"units": "int64", "enough": bool})


# what is compared


def _judged(codings: Codings, table: pd.DataFrame, both: pd.DataFrame) -> Iterator[Judged]:
    """Every variable of all pairs."""
    per_pair = 1 / (both["coders"].to_numpy(dtype=float) - 1)
    one, other = (both[f"found_{side}"].to_numpy(dtype=bool) for side in ("one", "other"))
    yield Judged(FOUND, _where(one | other, (one & other).astype(np.int64)), np.ones(len(both), np.int64), per_pair)
    yield _sides("subject", table["subject"], both, one | other, per_pair)
    same = (one & other) & (both["subject_one"] == both["subject_other"]).to_numpy(dtype=bool)
    scale = {point.name: place for place, point in enumerate(sorted(codings.mission.tone, key=lambda each: each.score))}
    for name in CODES:
        said = table["tone"].where(table["tone"].isin(scale), "") if name == "tone" else table[name]
        told = table["found"] & ((said != "") if name == "tone" else True)
        if name == "topic" and not (said != "").any():
            continue
        known = told.to_numpy(dtype=bool)
        number = told.groupby([table["passage"], table["subject"]]).transform("sum").to_numpy(dtype=float)
        held = same & known[both["row_one"]] & known[both["row_other"]]
        weight = 1 / np.maximum(number[both["row_one"]] - 1, 1)
        yield _sides(name, said, both, held, weight, scale if name == "tone" else None)
    combined = table.groupby(list(VARIABLES), sort=False, dropna=False).ngroup()
    yield _sides(TOGETHER, combined, both, one | other, per_pair)


def _sides(
    name: str, said: pd.Series, both: pd.DataFrame, held: NDArray[np.bool_], weight: Floats, order: Any = None
) -> Judged:
    """What both sides said, as numbers: of names in order, or as they come."""
    numbers = said.map(order).fillna(-1).to_numpy(dtype=np.int64) if order else pd.factorize(said)[0].astype(np.int64)
    one, other = (_where(held, numbers[both[f"row_{side}"]]) for side in ("one", "other"))
    return Judged(name, one, other, weight)


def _where(held: NDArray[np.bool_], numbers: Whole) -> Whole:
    return np.where(held, numbers, -1)


def _groups(rows: pd.DataFrame, subjects: tuple[str, ...]) -> Iterator[Group]:
    """All rows and those of each group; a coder is in rows on either side, and so is a subject."""
    yield "all", "", np.arange(len(rows))
    for by, columns in (
        ("outlet", ("outlet",)), ("week", ("week",)), ("coder_pair", ("pair",)),
        ("coder", ("coder_one", "coder_other")), ("subject", subjects),
    ):  # fmt: skip
        places: dict[str, list[Whole]] = {}
        for column in columns:
            for name, inside in rows.groupby(column, sort=False).indices.items():
                places.setdefault(str(name), []).append(np.asarray(inside, dtype=np.int64))
        for name in sorted(places.keys() - {""}):
            yield by, name, np.unique(np.concatenate(places[name]))


# the rows of the report


def _of_passages(both: pd.DataFrame, judged: list[Judged], minimum: int) -> Iterator[tuple[Any, ...]]:
    counts = _Counts(both)
    for by, group, inside in _groups(both, ("subject_one", "subject_other")):
        for each in judged:
            rows = inside[each.one[inside] >= 0]
            if not len(rows):
                continue
            weight = np.ones(len(rows)) if by in ALONE else each.weight[rows]
            about = counts.of(rows)
            for measure, found in _measured(each, rows, weight, counts.days[rows], by):
                numbers = (found.value, found.low, found.high, "", *about)
                yield each.variable, measure, by, group, *numbers, bool(about[0] >= minimum and found.enough)


def _measured(each: Judged, rows: Whole, weight: Floats, days: Whole, by: str) -> Iterator[tuple[str, Estimate]]:
    """The measures of one variable on some pairs."""
    one, other, units = each.one[rows], each.other[rows], len(rows)
    days = _numbered(days)
    agreed = np.stack([_summed(days, weight * (one == other)), _summed(days, weight)], axis=1)
    if each.variable == FOUND:
        yield "found_by_both", estimate(agreed, ratio, units, (0.0, 1.0))
        return
    yield "percent", estimate(agreed, ratio, units, (0.0, 1.0))
    if by == "subject" and each.variable in ("subject", TOGETHER):
        return
    if (one == other).all():
        # nobody disagreed: the interval then asks for the whole table
        few = _pooled(np.concatenate([one, other])).reshape(2, -1)
        yield "alpha_nominal", estimate(_table(few[0], few[1], days, weight), _alpha(Level.NOMINAL), units)
    else:
        used = _used(_numbered(np.concatenate([one, other])), np.tile(days, 2), np.tile(weight, 2))
        yield "alpha_nominal", estimate(np.hstack([agreed[:, :1] * 2, used]), nominal_alpha, units)
    if each.variable == "tone":
        yield "alpha_ordinal", estimate(_table(one, other, days, weight), _alpha(Level.ORDINAL), units)


def _pooled(values: Whole) -> Whole:
    """Numbered categories, the rare ones beyond MOST_CATEGORIES as one."""
    numbers = _numbered(values)
    often = np.argsort(-np.bincount(numbers), kind="stable")
    return np.minimum(np.argsort(often, kind="stable")[numbers], MOST_CATEGORIES)


def _numbered(values: Whole) -> Whole:
    """The same values numbered from 0, in their order."""
    return np.unique(values, return_inverse=True)[1].reshape(-1)


def _used(values: Whole, days: Whole, weight: Floats) -> Floats:
    """How often each category was used on each day: (days, categories)."""
    shape = (int(days.max()) + 1, int(values.max()) + 1)
    return _summed(days * shape[1] + values, weight, shape[0] * shape[1]).reshape(shape)


def _summed(places: Whole, weight: Floats, size: int = 0) -> Floats:
    return np.asarray(np.bincount(places, weight, minlength=size), dtype=np.float64)


def nominal_alpha(sums: Floats) -> Floats:
    """Nominal alpha from (..., 1 + categories): what agrees, and how often each category was used.

    The same as `alpha_from` of the whole table of coincidences, of which it needs only this: combinations of codes are
    hundreds of categories.
    """
    used = sums[..., 1:]
    total = used.sum(axis=-1)
    expected = total**2 - (used**2).sum(axis=-1)
    varied = ((used > 0).sum(axis=-1) > 1) & (expected > 0)
    observed = (total - sums[..., 0]) * (total - 1)
    return np.asarray(1 - np.divide(observed, expected, out=np.full(np.shape(total), np.nan), where=varied))


def _alpha(level: Level) -> Callable[[Floats], Floats]:
    """Alpha of tables of coincidences on a level."""
    return lambda tables: alpha_from(tables, level)


def _table(one: Whole, other: Whole, days: Whole, weight: Floats) -> Floats:
    """Coincidences of each day: (days, categories, categories), of the categories that occur."""
    values = _numbered(np.concatenate([one, other]))
    first, second = values[: len(one)], values[len(one) :]
    size, number = int(values.max()) + 1, int(days.max()) + 1
    places = (days * size + first) * size + second
    half = _summed(places, weight, number * size**2).reshape(number, size, size)
    return half + half.transpose(0, 2, 1)


def _of_time(codings: Codings, both: pd.DataFrame, minimum: int) -> Iterator[tuple[Any, ...]]:
    """Shares of seconds and of space; whether they rest on enough is asked of the group's passages in the same unit."""
    found = seconds(codings)
    for unit, inside_unit in found.groupby("unit", sort=True):
        rows = inside_unit.reset_index(drop=True)
        counts, passages = _Counts(rows), _passages(both[(both[["unit_one", "unit_other"]] == unit).any(axis=1)])
        for by, group, whole in _groups(rows, ("subject",)):
            units = passages.get((by, group), 0)
            for variable, measure, columns in (
                ("subject", "time_who", ("both", "either")), ("tone", "time_tone", ("same_tone", "toned")),
            ):  # fmt: skip
                inside = whole[rows[columns[1]].to_numpy()[whole] > 0]
                if not len(inside):
                    continue
                above, below = (rows[name].to_numpy(dtype=float)[inside] for name in columns)
                days = _numbered(counts.days[inside])
                held = estimate(
                    np.stack([_summed(days, above), _summed(days, below)], axis=1), ratio, units, (0.0, 1.0)
                )
                numbers = (held.value, held.low, held.high, unit, int(below.sum()), *counts.of(inside)[1:])
                yield variable, measure, by, group, *numbers, bool(units >= minimum and held.enough)


def _passages(both: pd.DataFrame) -> dict[tuple[str, str], int]:
    """How many passages each group has."""
    places = _groups(both, ("subject_one", "subject_other"))
    return {(by, group): both["passage"].iloc[inside].nunique() for by, group, inside in places}


def _of_boundaries(both: pd.DataFrame, minimum: int) -> Iterator[tuple[Any, ...]]:
    rows = boundaries(both)
    counts = _Counts(rows)
    errors = rows["error_ms"].to_numpy(dtype=float)
    for by, group, inside in _groups(rows, ("subject",)):
        if len(inside):
            held = median_estimate(errors[inside], _numbered(counts.days[inside]))
            about = counts.of(inside)
            numbers = (held.value, held.low, held.high, "ms", len(inside), *about[1:])
            yield FOUND, "boundary_ms", by, group, *numbers, bool(about[0] >= minimum and held.enough)


def _coded(values: pd.Series) -> Whole:
    return pd.factorize(values)[0].astype(np.int64)


class _Counts:
    """How many passages, coders, airings and outlet-days some rows come from."""

    def __init__(self, rows: pd.DataFrame) -> None:
        passages = rows["passage"] if "passage" in rows.columns else pd.Series(0, index=rows.index)
        self._passages, self._airings, self.days = map(_coded, (passages, rows["airing_id"], rows["day"]))
        self._known: dict[bytes, tuple[int, int, int, int]] = {}
        self._coders = _coded(pd.concat([rows["coder_one"], rows["coder_other"]])).reshape(2, -1)

    def of(self, inside: Whole) -> tuple[int, int, int, int]:
        """passages, coders, airings, days; most variables of a group ask for the same rows"""
        asked = inside.tobytes()
        if asked not in self._known:
            self._known = {asked: self._numbers(inside)}
        return self._known[asked]

    def _numbers(self, inside: Whole) -> tuple[int, int, int, int]:
        places = (self._passages[inside], self._coders[:, inside], self._airings[inside], self.days[inside])
        numbers = tuple(len(np.unique(each)) for each in places)
        return numbers[0], numbers[1], numbers[2], numbers[3]
