"""What suggestions did to the codes: acceptance, overrides, accuracy with and without them, and the pull.

The pull is the agreement of the final codes with the model where its suggestion was shown, minus the agreement where
it was withheld. Since the withheld segments were drawn at random, both parts would agree equally often if coders took
no notice; what is left is what the suggestion did. Agreement is with the labels that the model put forward, one or two.

Intervals of 95 per cent resample airings, never segments: segments of one airing share coder, topic and hour. Their
half-width is that of Student's t with one degree of freedom for each airing but one, times the standard error over the
resamples; percentiles of the resamples promise 95 per cent and hold 91 to 93 with 10 to 20 airings.

Source: Cameron, Gelbach and Miller, Bootstrap-based improvements for inference with clustered errors (2008), for the
resampling of whole clusters.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RESAMPLES = 1000
SEED = 20070818
"""Fixed, so that the same record always gives the same interval."""
LEVEL = 0.975
AIRINGS_AT_LEAST = 8
"""Fewer airings than this cannot carry an interval."""
CODERS_AT_LEAST = 3
"""A group of coders is as large as this or is not shown: nobody is to be picked out."""

REPORT = ("measure", "by", "group", "value", "low", "high", "segments", "withheld", "airings", "enough")
"""Columns of the report. `segments` were shown a suggestion, `withheld` were not, `airings` are those of both; `value`
is a fraction of segments, or a difference of two; `enough` says that it rests on enough to be read."""
MEASURES = (
    "pull", "acceptance", "acceptance_withheld", "changed", "changed_withheld", "moved", "moved_withheld",
    "accuracy", "accuracy_withheld", "accuracy_gain",
)  # fmt: skip
DIFFERENCES = {"acceptance": "pull", "accuracy": "accuracy_gain"}
"""What a share becomes where the withheld segments' is taken from it."""
GROUPS = ("all", "language", "tone", "coders")
CHANGES = ("suggested", "first", "final", "segments")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Arms:
    """A quantity of segments in the two arms; `shown` and `withheld` are masks, either may be empty of rows."""

    quantity: Floats
    shown: NDArray[np.bool_]
    withheld: NDArray[np.bool_]


@dataclass(frozen=True)
class Estimate:
    """A share or a difference of shares, with its interval (NaN where there is none) and what it rests on."""

    value: float
    low: float
    high: float
    segments: int
    withheld: int
    airings: int


class Resamples:
    """Airings drawn with replacement, once for all quantities: weights (resamples, airings)."""

    def __init__(self, airings: pd.Series, number: int = RESAMPLES, seed: int = SEED) -> None:
        self.codes, names = pd.factorize(airings)
        self.size = len(names)
        chances = np.full(self.size, 1 / max(self.size, 1))
        drawn = np.random.default_rng(seed).multinomial(self.size, chances, number) if self.size else np.zeros((0, 0))
        self.weights = drawn.astype(np.float32)

    def share(self, quantity: Floats, rows: NDArray[np.bool_]) -> tuple[float, Floats]:
        """The mean of a quantity over some rows, and in every resample (NaN where none of the rows is in it)."""
        counts = np.bincount(self.codes[rows], minlength=self.size)
        sums = np.bincount(self.codes[rows], quantity[rows], minlength=self.size)
        if not rows.any():
            return np.nan, np.full(len(self.weights), np.nan)
        below = self.weights @ counts.astype(np.float32)
        above = self.weights @ sums.astype(np.float32)
        again = np.divide(above, below, out=np.full(len(below), np.nan, np.float32), where=below > 0)
        return float(sums.sum() / counts.sum()), again.astype(np.float64)

    def airings(self, rows: NDArray[np.bool_]) -> int:
        """In how many airings the rows lie."""
        return len(np.unique(self.codes[rows]))

    def estimate(self, arms: Arms, difference: bool) -> Estimate:
        """Mean of the shown rows, or what it is more than that of the withheld ones; else of whichever is there."""
        parts = [arms.shown, arms.withheld] if difference else [arms.shown | arms.withheld]
        shares = [self.share(arms.quantity, rows) for rows in parts]
        value = shares[0][0] - shares[1][0] if difference else shares[0][0]
        again = shares[0][1] - shares[1][1] if difference else shares[0][1]
        half = self._half(arms.quantity, parts, again)
        numbers = (int(arms.shown.sum()), int(arms.withheld.sum()), self.airings(arms.shown | arms.withheld))
        lowest = -1.0 if difference or np.nanmin(arms.quantity, initial=0.0) < 0 else 0.0
        low, high = (float(np.clip(value + side * half, lowest, 1.0)) for side in (-1, 1))
        return Estimate(value, low, high, *numbers)

    def _half(self, quantity: Floats, parts: list[NDArray[np.bool_]], again: Floats) -> float:
        """Half the width of the interval; NaN where too few airings carry one.

        Where all segments of a part are alike, resampling sees no spread: the binomial one is added, with one segment
        more of either kind, so that twenty of twenty does not pass for certainty.
        """
        from scipy.special import stdtrit

        fewest = min(self.airings(rows) for rows in parts)
        again = again[~np.isnan(again)]
        if fewest < AIRINGS_AT_LEAST or len(again) < len(self.weights) / 2:
            return np.nan
        variance = float(np.var(again, ddof=1)) * fewest / (fewest - 1)
        variance += sum(_spread_of_alike(quantity[rows]) for rows in parts)
        return float(stdtrit(fewest - 1, LEVEL) * np.sqrt(variance))


def _spread_of_alike(quantity: Floats) -> float:
    if np.ptp(quantity) > 0:
        return 0.0
    number = len(quantity)
    likely = (number + 1) / (number + 2)
    return likely * (1 - likely) / number


# the report


def report(table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Every measure for all segments and for each language, suggested tone and half of the coders: REPORT.

    In: the table of `monitoring.suggestion_uses.uses`. `minimum` is the mission's number of segments below which a
    share is greyed; of a difference both parts have to reach it. A measure without any segment has no row.

    pull               final codes in the suggestion: shown minus withheld
    acceptance         final codes in the suggestion, of the shown segments; `_withheld`: without having seen it
    changed            share of final codes other than the first one
    moved              first codes that moved into the suggestion minus those that moved out of it, of all first codes
    accuracy           final codes equal to the second coder's; `accuracy_gain`: shown minus withheld
    """
    table = table.reset_index(drop=True)
    resamples = Resamples(table["airing_id"])
    rows = [
        (measure, by, group, *vars(found).values(), _enough(found, measure, minimum))
        for by, group, inside in parts(table)
        for measure, arms, difference in _measured(table, inside)
        if not np.isnan((found := resamples.estimate(arms, difference)).value)
    ]
    return pd.DataFrame(rows, columns=list(REPORT))


def _enough(found: Estimate, measure: str, minimum: int) -> bool:
    arms = [found.segments, found.withheld]
    least = min(arms) if measure in ("pull", "accuracy_gain") else max(arms)
    return bool(least >= minimum and not np.isnan(found.low))


def _measured(table: pd.DataFrame, inside: NDArray[np.bool_]) -> Iterator[tuple[str, Arms, bool]]:
    """Every measure of some rows: its name, the quantity in its arms, and whether it is a difference of the arms."""
    agrees, agreed = (table[name].to_numpy(dtype=float) for name in ("final_agrees", "first_agrees"))
    right = (table["final"] == table["reference"]).to_numpy(dtype=float)
    quantities = {
        "acceptance": agrees,
        "changed": np.where(table["first"] == "", np.nan, (table["first"] != table["final"]).astype(float)),
        "moved": np.where(table["first"] == "", np.nan, agrees - agreed),
        "accuracy": np.where(table["reference"] == "", np.nan, right),
    }
    shown = table["shown"].to_numpy(dtype=bool)
    none = np.zeros(len(table), dtype=bool)
    for measure, quantity in quantities.items():
        known = inside & ~np.isnan(quantity)
        both = Arms(quantity, known & shown, known & ~shown)
        if measure in DIFFERENCES:
            yield DIFFERENCES[measure], both, True
        yield measure, Arms(quantity, both.shown, none), False
        yield f"{measure}_withheld", Arms(quantity, none, both.withheld), False


def parts(table: pd.DataFrame) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """The groups of the report: what they are by, their name, and which rows they are."""
    yield "all", "", np.ones(len(table), dtype=bool)
    for by, column in (("language", "language"), ("tone", "suggested")):
        for name in sorted(table[column].unique()):
            yield by, name, (table[column] == name).to_numpy()
    yield from _coders(table)


def _coders(table: pd.DataFrame) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Two halves of the coders, by how many of the segments are theirs; none where a half would be too small.

    Never by name: the question is whether practice guards against the pull, not who was pulled.
    """
    own = table.groupby("coder")["segment_id"].transform("size")
    each = table.groupby("coder").size()
    halves: dict[str, Callable[[pd.Series], pd.Series]] = {
        "fewer": lambda counts: counts <= each.median(),
        "more": lambda counts: counts > each.median(),
    }
    if len(each) and all(int(chosen(each).sum()) >= CODERS_AT_LEAST for chosen in halves.values()):
        for name, chosen in halves.items():
            yield "coders", name, chosen(own).to_numpy()


def changes(table: pd.DataFrame) -> pd.DataFrame:
    """What shown suggestions and codes became: CHANGES, the most frequent first.

    A row for each suggested tone, first code and final code where the coder changed the code after seeing, or kept one
    against the suggestion. `suggested` is the likeliest label; `first` is empty where it was shown before the code.
    """
    changed = (table["first"] != "") & (table["first"] != table["final"])
    overrides = table["shown"] & ((table["final_agrees"] == 0) | changed)
    counted = table[overrides].groupby(["suggested", "first", "final"]).size().rename("segments").reset_index()
    return counted.sort_values("segments", ascending=False, kind="stable").reset_index(drop=True)[list(CHANGES)]
