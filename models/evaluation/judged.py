"""Predictions beside what coders said, ready to be counted: one scale for all rows, arrays for `measures`."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.evaluation import measures
from models.evaluation.evaluate import BETWEEN, MINIMUM_GROUPS, PROBABILITY, Held, Result, SetSize
from models.evaluation.measures import NAN, Real, Truths, Whole
from models.labelled import check_tones, in_texts, place
from models.refusal import Refused
from models.scale import Scale

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("tone", "group", "labels", "silent")


@dataclass(frozen=True)
class Judged:
    """All rows of a table of predictions.

    `words` has its texts by column; `truth` and `groups` are (n,), `probabilities` (NaN: none) and `sets` (n, points).
    """

    words: dict[str, NDArray[np.object_]]
    scale: Scale
    truth: Whole
    groups: Whole
    probabilities: Real
    sets: Truths

    def result(self, dimension: str, value: str, minimum: int) -> Result:
        """The figures of the rows with this value, or of all rows where no dimension is named."""
        mine = self.words[dimension] == value if dimension else np.ones(len(self.truth), bool)
        known = mine & ~np.isnan(self.probabilities).any(axis=1)
        truth, probabilities = self.truth[known], self.probabilities[known]
        said = probabilities.argmax(axis=1)
        right, sure = said == truth, probabilities.max(axis=1)
        groups = self.groups[known]
        low, high = measures.interval(right, groups)
        counts = measures.confusion(truth, said, self.scale.size)
        figures: dict[str, Any] = {"f1": NAN, "f1_sides": NAN, "error": NAN, "coverage90": NAN, "majority": NAN}
        if dimension == "tone":
            figures["f1"] = self._f1_of(value)
        else:
            figures = self._figures(counts, right, sure, int(mine.sum()))
        return Result(
            dimension,
            value,
            rows=int(mine.sum()),
            judged=int(known.sum()),
            groups=len(np.unique(groups)),
            accuracy=float(right.mean()) if right.size else NAN,
            low=low,
            high=high,
            reliability=() if dimension == "tone" else measures.reliability(right, sure),
            silent=dict(sorted(Counter(self.words["silent"][mine]).items())),
            sizes=self._sizes(known),
            held=self._held(known),
            confusion=tuple(map(tuple, counts.tolist())),
            few=int(known.sum()) < minimum or len(np.unique(groups)) < MINIMUM_GROUPS,
            **figures,
        )

    def _figures(self, counts: Whole, right: Truths, sure: Real, rows: int) -> dict[str, float]:
        sides = [point for point, side in enumerate(self.scale.sides) if side]
        return {
            "majority": float(counts.sum(axis=1).max() / counts.sum()) if right.size else NAN,
            "f1": measures.mean_f1(counts),
            "f1_sides": measures.mean_f1(counts, sides),
            "error": measures.calibration_error(right, sure),
            "coverage90": measures.coverage(right, sure, rows),
        }

    def _f1_of(self, tone: str) -> float:
        known = ~np.isnan(self.probabilities).any(axis=1)
        said = self.probabilities[known].argmax(axis=1)
        counts = measures.confusion(self.truth[known], said, self.scale.size)
        return float(measures.f1_of_each(counts)[self.scale.index(tone)])

    def _sizes(self, known: Truths) -> tuple[SetSize, ...]:
        sizes, holds = self.sets[known].sum(axis=1), self._holds(known)
        return tuple(
            SetSize(int(size), int((sizes == size).sum()), float(holds[sizes == size].mean()))
            for size in np.unique(sizes)
        )

    def _held(self, known: Truths) -> tuple[Held, ...]:
        truth, holds = self.truth[known], self._holds(known)
        every = ((name, truth == point) for point, name in enumerate(self.scale.names))
        return tuple(Held(name, int(its.sum()), float(holds[its].mean())) for name, its in every if its.any())

    def _holds(self, known: Truths) -> Truths:
        rows = np.flatnonzero(known)
        holds: Truths = self.sets[rows, self.truth[rows]]
        return holds


def judged_rows(table: "pd.DataFrame", scale: Scale) -> Judged:
    """The rows of a table of predictions on one scale: the given one, or the collapsed one where a row knows no more.

    Raises Refused for a missing column, no rows, an unknown tone or label, or shares that do not add up to one.
    """
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise Refused(f"The table of predictions has no column {', '.join(missing)}. Add it.")
    if table.empty:
        raise Refused("The table of predictions has no rows.")
    shares = [name for name in table.columns if name.startswith(PROBABILITY)]
    words = in_texts(table.drop(columns=shares))
    its, probabilities = _on_one_scale(table, scale)
    if not words["tone"].isin(its.names).all():
        check_tones(words, scale)
        words = words.assign(tone=words["tone"].map(dict(_to(its, scale))))
    _check_shares(words, probabilities)
    truth: Whole = np.asarray(words["tone"].map({name: point for point, name in enumerate(its.names)}), dtype=np.int64)
    groups: Whole = np.asarray(words["group"].factorize()[0], dtype=np.int64)
    columns = {str(name): words[name].to_numpy(dtype=object) for name in words.columns}
    return Judged(columns, its, truth, groups, probabilities, _sets(columns["labels"], scale, its))


def _on_one_scale(table: "pd.DataFrame", scale: Scale) -> tuple[Scale, Real]:
    coarse = scale.collapsed()
    full, few = _shares(table, scale), _shares(table, coarse)
    if few is None:
        if full is None:
            names = ", ".join(PROBABILITY + name for name in scale.names)
            raise Refused(f"The table of predictions needs the columns {names}.")
        return scale, full
    if full is None:
        return coarse, few
    # a neutral point has one name on both scales: a row lies on the one of which it has every share
    on_coarse = np.logical_and(np.isnan(full).any(axis=1), ~np.isnan(few).any(axis=1))
    if not on_coarse.any():
        return scale, full
    folded = np.stack([full[:, np.array(scale.sides) == side].sum(axis=1) for side in coarse.sides], axis=1)
    return coarse, np.where(on_coarse[:, None], few, folded)


def _shares(table: "pd.DataFrame", scale: Scale) -> Real | None:
    names = [PROBABILITY + name for name in scale.names]
    return table[names].to_numpy(dtype=float) if set(names) <= set(table.columns) else None


def _check_shares(rows: "pd.DataFrame", probabilities: Real) -> None:
    missing = np.isnan(probabilities)
    with np.errstate(invalid="ignore"):
        wrong = (np.abs(probabilities.sum(axis=1) - 1) > 0.01) | (probabilities < 0).any(axis=1)
    wrong |= missing.any(axis=1) & ~missing.all(axis=1)
    if wrong.any():
        import pandas as pd

        where = place(rows, pd.Series(wrong, index=rows.index))
        raise Refused(f"{where}: the probabilities do not add up to 1. Give those of one text in one row.")


def _to(its: Scale, scale: Scale) -> list[tuple[str, str]]:
    """Every name of the scale and of the collapsed one, with its name on the scale that is used."""
    if its == scale:
        return [(name, name) for name in scale.names]
    return [*((name, scale.collapse(name)) for name in scale.names), *((name, name) for name in its.names)]


def _sets(labels: NDArray[np.object_], scale: Scale, its: Scale) -> Truths:
    """Which points stand in the set of each row; all of them where nothing is ruled out."""
    names = dict(_to(its, scale))
    sets = np.zeros((len(labels), its.size), bool)
    for written in sorted(set(labels)):
        mine = labels == written
        for label in filter(None, written.split(BETWEEN)):
            if label not in names:
                known, row = ", ".join(scale.names), int(mine.argmax()) + 1
                raise Refused(f"Row {row}: the label “{label}” is not on the scale ({known}).")
            sets[mine, its.index(names[label])] = True
    sets[~sets.any(axis=1)] = True
    return sets
