"""The adapted backend: a ready model, moved as far as a mission's own labels ask for, and no further.

    logits = slope x ready logits + offsets + weights x features

The slope is held near 1, offsets and weights near 0 by a prior, so that with few labels the ready model speaks. The
folder holds these numbers only; the ready model is the one that comes with the project, and must be the same.

Source: the highest posterior of a multinomial logistic regression whose prior is a source model: Li, Grandvalet and
Davoine (2018), Explicit Inductive Bias for Transfer Learning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.backends import tried
from models.contents import TEXTS
from models.numbers_file import read_numbers, write_numbers
from models.refusal import Refused
from models.scale import Scale

if TYPE_CHECKING:
    from models.folder import Manifest
    from models.suggestion import FeatureModel
    from models.target import Target

Real = NDArray[np.float64]

FILES = ("adapted.safetensors", *TEXTS)
NUMBERS = "adapted.safetensors"
SLOPE_SPREAD = 0.3  # standard deviation of the prior of the slope
OFFSET_SPREAD = 1.0  # the same for each offset, in logits
SMALLEST = 1e-6
STRENGTHS = (0.0, 0.5, 1.0, 2.0, 4.0)
"""How far features may move a logit: what is tried."""


@dataclass(frozen=True)
class Head:
    """What moves a ready model: features are centred on `middle` and divided by `spread`, both (d,)."""

    slope: float
    offsets: Real  # (points,)
    weights: Real  # (points, d)
    middle: Real
    spread: Real

    def probabilities(self, logits: Real, features: Real) -> Real:
        """(n, points) of ready logits on the scale of the mission (n, points) and features (n, d)."""
        moved = self.slope * logits + self.offsets + (features - self.middle) / self.spread @ self.weights.T
        powers = np.exp(moved - moved.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def tensors(self) -> dict[str, NDArray[np.generic]]:
        """As arrays, by name."""
        return {
            "slope": np.array([self.slope]),
            "offsets": self.offsets,
            "weights": self.weights.astype(np.float32),
            "middle": self.middle,
            "spread": self.spread,
        }


class Adapted:
    """An open ready model with a mission's head on it."""

    def __init__(
        self, version: str, scale: Scale, languages: frozenset[str], ready: "FeatureModel", head: Head
    ) -> None:
        self.version, self.scale, self.languages = version, scale, languages
        self._ready, self._head = ready, head

    def probabilities(self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]) -> Real:
        """(n, points); NaN where the target is not named or there is no text."""
        said, features = self._ready.outputs(texts, targets, languages)
        return self._head.probabilities(spread_logits(said, self._ready.scale, self.scale), features)


def fits(ready: Scale, scale: Scale) -> bool:
    """Whether a ready model can be adapted to a scale: it tells the same sides apart, with one point for each."""
    return ready.sides == tuple(sorted(set(scale.sides)))


def spread_logits(said: Real, ready: Scale, scale: Scale) -> Real:
    """Log-probabilities of a ready model on a scale with more points: a side's share goes to its points alike."""
    places = [ready.sides.index(side) for side in scale.sides]
    number = np.array([scale.sides.count(side) for side in scale.sides])
    return np.asarray(np.log(np.clip(said[:, places], SMALLEST, 1) / number))


def unchanged(points: int, width: int) -> Head:
    """The head that leaves the ready model as it is."""
    return Head(1.0, np.zeros(points), np.zeros((points, width)), np.zeros(width), np.ones(width))


def fit(logits: Real, features: Real, tones: NDArray[np.int64], strength: float) -> Head:
    """The head of the highest posterior for ready logits (n, points) and features (n, d) of rows with known tones.

    `strength` is the standard deviation of what the features may add to a logit, before the labels are seen; 0 keeps
    them out.
    """
    from scipy.optimize import minimize

    points, width = logits.shape[1], features.shape[1]
    middle, deviation = features.mean(axis=0), features.std(axis=0)
    spread = np.where(deviation > 1e-6, deviation, 1) * width**0.5  # a row of features has a length of about 1
    its, wanted = (features - middle) / spread, np.eye(points)[tones]
    free = 1 + points + (points * width if strength else 0)

    def loss(at: Real) -> tuple[float, Real]:
        head = _head(at, points, middle, spread)
        said = head.probabilities(logits, features)
        off = said - wanted
        cost = -np.log(np.clip(said[np.arange(len(tones)), tones], 1e-12, 1)).sum()
        cost += 0.5 * ((at[0] - 1) / SLOPE_SPREAD) ** 2 + 0.5 * (head.offsets**2).sum() / OFFSET_SPREAD**2
        slant = [
            [(off * logits).sum() + (at[0] - 1) / SLOPE_SPREAD**2],
            off.sum(axis=0) + head.offsets / OFFSET_SPREAD**2,
        ]
        if strength:
            cost += 0.5 * (head.weights**2).sum() / strength**2
            slant.append((off.T @ its + head.weights / strength**2).ravel())
        return float(cost), np.concatenate(slant)

    start = np.zeros(free)
    start[0] = 1
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return _head(best, points, middle, spread)


def _head(at: Real, points: int, middle: Real, spread: Real) -> Head:
    weights = at[1 + points :]
    shaped = weights.reshape(points, -1) if len(weights) else np.zeros((points, len(middle)))
    return Head(float(at[0]), at[1 : 1 + points], shaped, middle, spread)


def put(folder: Path, head: Head, ready: str, name: str) -> dict[str, Any]:
    """Writes the numbers; gives the settings of the manifest. `ready` is the version of the ready model `name`."""
    write_numbers(folder / NUMBERS, head.tensors())
    return {"ready": ready, "ready_name": name}


def load(folder: Path, manifest: "Manifest") -> Adapted:
    """The adapted model of a checked folder, on the ready model of this installation.

    Raises Refused when that is missing or another version, or when the numbers do not fit it.
    """
    from models.folder import open_model, ready

    asked, name = manifest.settings.get("ready"), str(manifest.settings.get("ready_name", ""))
    place = ready(name)
    if place is None:
        raise Refused(f"{folder} needs the ready model “{name}”, which is not installed; install it.")
    base: Any = open_model(place).model
    if base.version != asked:
        raise Refused(
            f"{folder} was trained on the ready model {asked}, and {base.version} is installed; train the model again."
        )
    head = _read(folder / NUMBERS, manifest.scale)
    if not fits(base.scale, manifest.scale):
        raise Refused(f"{folder} has another scale than the ready model {asked}; train the model again.")
    return tried(folder, Adapted(manifest.version, manifest.scale, frozenset(manifest.languages), base, head))


def _read(path: Path, scale: Scale) -> Head:
    numbers = {name: array.astype(np.float64) for name, array in read_numbers(path).items()}
    try:
        slope, offsets, weights = float(numbers["slope"][0]), numbers["offsets"], numbers["weights"]
        head = Head(slope, offsets, weights, numbers["middle"], numbers["spread"])
    except (KeyError, IndexError, ValueError) as error:
        raise Refused(f"{path} holds no head ({error!r}); train the model again.") from error
    width = head.middle.shape
    shapes = head.weights.shape == (scale.size, *width) and head.offsets.shape == (scale.size,)
    sane = shapes and head.spread.shape == width and len(width) == 1
    if not sane or not (head.spread > 1e-9).all():
        raise Refused(f"{path} does not fit its scale of {scale.size} points; train the model again.")
    return head
