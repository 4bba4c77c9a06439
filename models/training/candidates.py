"""What a language's labels could be served by: the linear model, the ready model as it is, the ready model adapted.

Each candidate says what it gives for every row without having seen the row's fold, and can be made from all rows.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.backends import adapted, linear
from models.linear.fit import STRENGTHS, best_by_fold, fit, losses, out_of_fold
from models.linear.ngrams import Reading, counted, rated
from models.linear.weights import Places, Real
from models.scale import Scale

if TYPE_CHECKING:
    import pandas as pd

    from models.target import Target

FOLDS = 5
PIECES = 20
"""The rows go through a ready model in so many pieces, between which the work tells how far it is and may stop."""
SEED = 20071818
Step = Callable[[str], None]
"""Called with the candidate's name before each fit and each piece; may raise to stop the work."""


@dataclass(frozen=True)
class Rows:
    """The labelled rows of one language whose text names their target. `tones` are places on `scale`."""

    language: str
    scale: Scale
    texts: tuple[str, ...]
    targets: "tuple[Target, ...]"
    readings: tuple[Reading, ...]
    tones: Places
    groups: NDArray[np.str_]
    table: "pd.DataFrame | None" = field(default=None, repr=False, compare=False)
    """The rows as they were given, for the predictions that are kept."""

    @cached_property
    def folds(self) -> list[Places]:
        """The rows held out by each fold: whole groups, tones spread evenly, the same at every call."""
        from sklearn.model_selection import StratifiedGroupKFold

        number = min(FOLDS, len(set(self.groups)))
        splitter = StratifiedGroupKFold(number, shuffle=True, random_state=SEED)
        # It warns where a tone has fewer rows than there are folds; `linear_fit` copes with a tone that is not there.
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            held = [its for _, its in splitter.split(np.zeros(len(self.tones)), self.tones, self.groups)]
        return [its for its in held if 0 < len(its) < len(self.tones)]


@dataclass(frozen=True)
class Candidate:
    """`said` (n, points) are raw probabilities out of fold; `make` fits on all rows, fills a folder and gives the
    settings of its manifest."""

    name: str
    backend: str
    said: Real
    make: Callable[[Path], dict[str, Any]] = field(repr=False)


def fits_in(ready: int) -> int:
    """How many times `candidates` calls its step for one language of FOLDS folds and so many ready models."""
    return FOLDS * len(STRENGTHS) + ready * (PIECES + FOLDS * len(adapted.STRENGTHS))


def candidates(rows: Rows, step: Step, ready: "Sequence[Ready]" = ()) -> Iterator[Candidate]:
    """Every candidate for these rows."""
    yield _linear(rows, step)
    for each in ready:
        if adapted.fits(each.model.scale, rows.scale):
            yield from _of_ready(rows, step, each)


@dataclass(frozen=True)
class Ready:
    """An open model that comes with the project, by its name: a language, or one with LARGE."""

    model: Any
    name: str

    @property
    def candidate(self) -> str:
        """What its candidates are called: ready and adapted, ready_large and adapted_large."""
        from models.folder import LARGE

        return LARGE if self.name.endswith(LARGE) else ""


def ready_for(language: str) -> tuple[Ready, ...]:
    """The ready models for a language, opened; without those that offer no features."""
    from models import folder

    names = (language, language + folder.LARGE)
    places = {name: place for name in names if (place := folder.ready(name)) is not None}
    opened: list[tuple[str, Any]] = [(name, folder.open_model(place).model) for name, place in places.items()]
    return tuple(Ready(model, name) for name, model in opened if hasattr(model, "outputs"))


def _linear(rows: Rows, step: Step) -> Candidate:
    languages = [rows.language] * len(rows.texts)
    counts, ratings = counted(rows.readings), rated(rows.readings, languages)
    size = rows.scale.size
    said, strength = out_of_fold(counts, ratings, rows.tones, size, rows.folds, lambda: step("linear"))

    def make(folder: Path) -> dict[str, Any]:
        return linear.put(folder, fit(counts, ratings, rows.tones, size, strength), [rows.language])

    return Candidate("linear", "linear", said, make)


def _of_ready(rows: Rows, step: Step, ready: Ready) -> Iterator[Candidate]:
    said, features = (_filled(one) for one in _outputs(rows, lambda: step(f"ready{ready.candidate}"), ready))
    logits = adapted.spread_logits(said, ready.model.scale, rows.scale)
    version, points = ready.model.version, rows.scale.size

    def keep(folder: Path) -> dict[str, Any]:
        return adapted.put(folder, adapted.unchanged(points, features.shape[1]), version, ready.name)

    yield Candidate(f"ready{ready.candidate}", "adapted", np.exp(logits), keep)
    moved, strength = _moved(rows, lambda: step(f"adapted{ready.candidate}"), logits, features)

    def make(folder: Path) -> dict[str, Any]:
        head = adapted.fit(logits, features, rows.tones, strength)
        return adapted.put(folder, head, version, ready.name)

    yield Candidate(f"adapted{ready.candidate}", "adapted", moved, make)


def _outputs(rows: Rows, step: Callable[[], None], ready: Ready) -> tuple[Real, Real]:
    """Probabilities and features of a ready model for every row; NaN where it does not see the target."""
    pieces = []
    for places in np.array_split(np.arange(len(rows.texts)), PIECES):
        step()
        texts, targets = ([its[place] for place in places] for its in (rows.texts, rows.targets))
        pieces.append(ready.model.outputs(texts, targets, [rows.language] * len(places)))
    width = max(features.shape[1] for _, features in pieces)  # a piece in which no target is seen has no width
    wide = [its if its.shape[1] else np.full((len(its), width), np.nan) for _, its in pieces]
    return np.concatenate([said for said, _ in pieces]), np.concatenate(wide)


def _moved(rows: Rows, step: Callable[[], None], logits: Real, features: Real) -> tuple[Real, float]:
    """Out-of-fold probabilities of the adapted model, and the strength for all rows."""
    tried: Sequence[float] = adapted.STRENGTHS
    said = np.full((len(tried), *logits.shape), np.nan)
    for held in rows.folds:
        rest = np.setdiff1d(np.arange(len(logits)), held)
        for place, strength in enumerate(tried):
            step()
            head = adapted.fit(logits[rest], features[rest], rows.tones[rest], strength)
            said[place, held] = head.probabilities(logits[held], features[held])
    lost = losses(said, rows.tones)
    return best_by_fold(said, lost, rows.folds), tried[int(lost.sum(axis=1).argmin())]


def _filled(outputs: Real) -> Real:
    """Rows in which the ready model does not see the target get the mean of the others: it knows nothing of them."""
    if not np.isnan(outputs).any():
        return outputs
    return np.asarray(np.where(np.isnan(outputs), np.nanmean(outputs, axis=0), outputs))
