"""Who codes differently than before: the change of a coder's own level, week by week.

A coder may always be a little kinder than the others; that is a bias, stays in the record, and is no drift. Drift is a
change against the coder's own earlier weeks. A week is judged from what was coded up to its end, so later weeks change
no earlier verdict.

**Change.** In a comparison with another coder both may have moved, so all coders are estimated at once: the mean
difference of an outlet-day is the level of the one minus the level of the others, plus what that week changed. Least
squares over outlet-days, each weighted by 1 / (sigma^2 / passages + tau^2): passages of one day share their errors
(tau), and many passages of one day are still one day. Both spreads are estimated from all coders together, since one
coder's week has four double-coded outlet-days and cannot carry a spread of its own; for a coder whose days scatter more
than that the error is made larger, by the coder's own days and PRIOR common ones.

**Flag.** The coder with the clearest change is flagged first, and is then allowed for when the others are judged: who
was compared with a drifting coder does not drift. Of two who in that week were compared with each other alone nobody
can tell who moved: both are flagged, or neither. Weeks flagged earlier do not count as a coder's earlier weeks. The
chance that anybody at all is flagged in a mission without drift is under 5 per cent: the level is divided by coders,
weeks and sides (Bonferroni), with Student's t over outlet-days. `low` and `high` are of that level too, so a flag is an
interval without zero. Changes of less than SMALLEST are not flagged, however sure.

Sources: Congdon and McQueen, The stability of rater severity in large-scale assessment programs (2000), for drift as
change of severity; Henderson, Estimation of variance and covariance components (1953), for the spreads.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

IN = ("coder", "week", "cluster", "difference")
"""Columns asked for; `passage` (its name within the outlet-day) is used where it is there."""
OUT = (
    "coder", "week", "passages", "clusters", "difference", "before", "change", "low", "high", "flagged",
)  # fmt: skip
ERROR = 0.05
"""The chance of one false flag or more, over all coders and weeks of a mission without drift."""
WEEKS = 6
"""For how many weeks that holds, unless told."""
CLUSTERS_NOW, CLUSTERS_BEFORE = 2, 3
"""Outlet-days that a week and the weeks before it need: one day alone cannot tell a strange day from a drift."""
PRIOR = 20
"""How many outlet-days the common spread weighs beside those of a coder who is less steady than the others."""
SMALLEST = 0.05
"""In scores, which go from -1 to 1."""

Floats = NDArray[np.float64]
Place = tuple[int, int]
"""A coder and a week, by their numbers."""


@dataclass(frozen=True)
class Days:
    """What is compared, a row for each outlet-day and company of coders.

    `design` (rows, coders) has 1 for the coder and what the others share of -1; `mean` is the mean difference,
    `passages` their number, `within` the squares around the mean, `weight` less than 1 where rows tell the same.
    """

    week: NDArray[np.int64]
    design: Floats
    mean: Floats
    passages: Floats
    within: Floats
    weight: Floats


@dataclass(frozen=True)
class Change:
    """What a week changed, its standard error, and the degrees of freedom."""

    value: float = np.nan
    error: float = np.nan
    degrees: float = np.nan

    def half(self, tests: int) -> float:
        """Half the width of the interval that holds for all tests together."""
        from scipy.special import stdtrit

        return float(stdtrit(self.degrees, 1 - ERROR / 2 / tests) * self.error)


@dataclass
class Record:
    """What is known so far: which weeks of whom are flagged, and every change."""

    flagged: list[Place] = field(default_factory=list)
    changes: dict[Place, Change] = field(default_factory=dict)


def drifts(table: pd.DataFrame, weeks: int = WEEKS) -> pd.DataFrame:
    """The level of each coder in each week and its change: OUT, a row for each coder and week with any passage.

    In: a row for each passage and coder: IN; `week` is its Monday (ISO), `cluster` its outlet-day, `difference` the
    coder's score minus the mean of the others' on the same passage, or minus what a model expects (scores from -1 to
    1). With `passage` rows of one passage are known to belong together, and a coder's change is told from the
    others'; without it everybody is compared with something that does not move.

    `weeks` is how long the mission will be; while it is not longer, later weeks change no earlier verdict.

    Out: `difference` is the coder's mean in the week, `before` the mean of the earlier weeks that were not flagged
    (NaN in the first), `change` what the week changed, allowing for who the others were, with its interval for all
    coders and `weeks` together; `low` and `high` are NaN where there are too few outlet-days, and then nothing is
    flagged.
    """
    if table.empty:
        return pd.DataFrame(columns=list(OUT)).astype({"flagged": bool})
    coders, names = pd.factorize(table["coder"], sort=True)
    week, mondays = pd.factorize(table["week"], sort=True)
    days = _days(table, coders, week, len(names))
    tests = len(names) * (max(weeks, len(mondays), 2) - 1)
    record = Record()
    for now in range(1, len(mondays)):
        _judge(days, now, sorted(_enough(table, coders, week, now)), tests, record)
    return _rows(table, record, tests)


def _days(table: pd.DataFrame, coders: NDArray[np.int64], week: NDArray[np.int64], number: int) -> Days:
    """Passages gathered by outlet-day, week, coder and company; of two coders' mirrored rows one is kept."""
    present, passage = _present(table, coders, week, number)
    size = present[passage].sum(axis=1) - 1
    kept = np.flatnonzero((size != 1) | (coders == present.argmax(axis=1)[passage]))
    keys = pd.DataFrame(
        {
            "cluster": table["cluster"].to_numpy()[kept],
            "week": week[kept],
            "coder": coders[kept],
            "company": np.unique(present, axis=0, return_inverse=True)[1].reshape(-1)[passage][kept],
        }
    )
    group = keys.groupby(list(keys.columns), sort=True).ngroup().to_numpy()
    rows = kept[np.unique(group, return_index=True)[1]]
    own = np.eye(number)[coders[rows]]
    others, size = present[passage[rows]] - own, size[rows]
    value = table["difference"].to_numpy(dtype=float)[kept]
    passages = np.bincount(group).astype(float)
    mean = np.bincount(group, value) / passages
    within = np.bincount(group, (value - mean[group]) ** 2).astype(float)
    design = own - others / np.maximum(size, 1)[:, None]
    return Days(week[rows], design, mean, passages, within, np.where(size > 1, size / (size + 1), 1.0))


def _present(
    table: pd.DataFrame, coders: NDArray[np.int64], week: NDArray[np.int64], number: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Who is in each passage, 1 or 0: (passages, coders), and the passage of each row; alone where none are named."""
    passage: NDArray[np.int64] = np.arange(len(table))
    if "passage" in table.columns:
        keys = [table["cluster"].to_numpy(), week, table["passage"].to_numpy()]
        passage = np.asarray(table.groupby(keys, sort=False).ngroup(), dtype=np.int64)
    present = np.zeros((int(passage.max()) + 1, number))
    present[passage, coders] = 1
    return present, passage


def _enough(table: pd.DataFrame, coders: NDArray[np.int64], week: NDArray[np.int64], now: int) -> Iterator[int]:
    """The coders with enough outlet-days in a week and before it."""
    for coder in np.unique(coders):
        clusters = table["cluster"].to_numpy()[coders == coder]
        then = week[coders == coder]
        if len(set(clusters[then == now])) >= CLUSTERS_NOW and len(set(clusters[then < now])) >= CLUSTERS_BEFORE:
            yield int(coder)


def _judge(days: Days, now: int, able: list[int], tests: int, record: Record) -> None:
    """Flag the clearest change, allow for it, and look again until nobody's is clear."""
    while True:
        found = {coder: _change(days, now, coder, record.flagged) for coder in able}
        record.changes.update({(coder, now): change for coder, change in found.items()})
        clear = {
            coder: abs(change.value) / change.error
            for coder, change in found.items()
            if abs(change.value) > max(change.half(tests), SMALLEST) and (coder, now) not in record.flagged
        }
        clear = {coder: size for coder, size in clear.items() if clear.keys() >= set(_mirrored(days, now, coder))}
        if not clear:
            break
        clearest = max(clear, key=lambda coder: clear[coder])
        record.flagged += [(coder, now) for coder in (clearest, *_mirrored(days, now, clearest))]


def _mirrored(days: Days, now: int, coder: int) -> list[int]:
    """With whom alone a coder was compared in a week, where that one was compared with nobody else either."""
    then = days.design[days.week == now]
    own = then[:, coder]
    return [other for other in range(then.shape[1]) if own.any() and np.array_equal(own, -then[:, other])]


def _change(days: Days, now: int, coder: int, flagged: list[Place]) -> Change:
    """What the week `now` changed for a coder, with what was flagged so far allowed for."""
    seen = days.week <= now
    aside = {(each, now) for each in (coder, *_mirrored(days, now, coder))}
    places = [place for place in flagged if place not in aside] + [(coder, now)]
    changed = [np.where(days.week == week, days.design[:, one], 0.0) for one, week in places]
    design = np.column_stack([days.design, *changed])[seen]
    return _fitted(days, seen, design, coder)


def _fitted(days: Days, seen: NDArray[np.bool_], design: Floats, coder: int) -> Change:
    """The last column's coefficient by weighted least squares, NaN where the comparisons cannot tell it.

    tau^2 is what the squares left over by weights of passages / sigma^2 have more than passages alone would leave.
    Sigma^2 has a square more than was seen: where all agreed, nothing is certain yet.
    """
    mean, passages, weight = days.mean[seen], days.passages[seen], days.weight[seen]
    within = float(days.within[seen].sum() + 1) / max(float((passages - 1).sum()), 1.0)
    weights = weight * passages / within
    levels, inverse, rank = _least_squares(design, mean, weights)
    degrees = float(weight.sum()) - rank
    if degrees < 1 or not _told(design, weights, inverse):
        return Change()
    left = float((weights * (mean - design @ levels) ** 2).sum())
    share = float(weights.sum() - (weights**2 * ((design @ inverse) * design).sum(axis=1)).sum())
    between = max(left - degrees, 0.0) / share
    weights = weight / (within / passages + between)
    levels, inverse, _ = _least_squares(design, mean, weights)
    own = days.design[seen][:, coder] != 0
    squares = weights[own] * (mean - design @ levels)[own] ** 2
    loose = (float(squares.sum()) + PRIOR) / (max(float(weight[own].sum()) - 2, 0.0) + PRIOR)
    return Change(float(levels[-1]), float(np.sqrt(inverse[-1, -1] * max(loose, 1.0))), degrees)


def _least_squares(design: Floats, mean: Floats, weights: Floats) -> tuple[Floats, Floats, int]:
    """Coefficients, the inverse of the squares (a generalised one: levels have no zero of their own), and the rank."""
    squares = (design.T * weights) @ design
    roots, directions = np.linalg.eigh(squares)
    kept = roots > roots[-1] * 1e-9
    inverse = (directions[:, kept] / roots[kept]) @ directions[:, kept].T
    return inverse @ (design.T @ (weights * mean)), inverse, int(kept.sum())


def _told(design: Floats, weights: Floats, inverse: Floats) -> bool:
    """Whether the last coefficient follows from the comparisons at all."""
    back = inverse @ ((design.T * weights) @ design)
    last = np.zeros(design.shape[1])
    last[-1] = 1
    return bool(np.abs(back[-1] - last).max() < 1e-6)


def _rows(table: pd.DataFrame, record: Record, tests: int) -> pd.DataFrame:
    """One row for each coder and week: OUT."""
    grouped = table.groupby(["coder", "week"], sort=True)
    known = grouped.agg(
        passages=("difference", "size"), clusters=("cluster", "nunique"), total=("difference", "sum")
    ).reset_index()
    number = {name: n for n, name in enumerate(sorted(table["coder"].unique()))}
    place = {name: n for n, name in enumerate(sorted(table["week"].unique()))}
    places = [(number[coder], place[week]) for coder, week in zip(known["coder"], known["week"], strict=True)]
    changes = [record.changes.get(each, Change()) for each in places]
    halves = np.array([change.half(tests) for change in changes])
    known["difference"] = known["total"] / known["passages"]
    known["flagged"] = [each in record.flagged for each in places]
    known["before"] = _before(known)
    known["change"] = [change.value for change in changes]
    known["low"], known["high"] = known["change"] - halves, known["change"] + halves
    return known[list(OUT)]


def _before(known: pd.DataFrame) -> pd.Series:
    """The mean of each coder's earlier weeks that were not flagged; NaN where there is none."""
    counted = known[["total", "passages"]].where(~known["flagged"], 0.0)
    sums = counted.groupby(known["coder"]).cumsum() - counted
    return sums["total"] / sums["passages"].where(sums["passages"] > 0)
