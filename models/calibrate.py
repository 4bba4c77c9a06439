"""Calibration: probabilities that mean what they say, and the labels that cannot be ruled out.

A model's raw probabilities are recalibrated on rows it was not trained on, by one temperature and one offset for each
point (vector scaling). Both are held near 1 and 0 by a prior worth a few rows, so that forty labels cannot wreck them.

The set of possible labels is class-conditional split conformal: a point stays possible unless its probability is below
what it has in all but a tenth of the rows whose true tone it is. So of the rows of EACH tone, at least 90 per cent
have their tone in the set (rows drawn like the calibration rows), not only 90 per cent overall, which a model may reach
by always allowing the majority.

Source: Guo et al. (2017), On Calibration of Modern Neural Networks; Vovk (2013), Conditional validity of inductive
conformal predictors.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.refusal import Refused, refusing
from models.scale import Scale
from models.written import listed, number, whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MISS = 0.10  # share of the rows of a tone whose set may lack it
FEWEST = 20  # rows of a tone below which it is never ruled out
TEMPERATURE_SPREAD = 0.7  # standard deviation of the prior of log(temperature)
BIAS_SPREAD = 1.0  # the same for each point's offset, in logits: a mission may be four fifths neutral
SMALLEST = 1e-6  # a raw probability of zero would be minus infinity
FARTHEST = 3.0  # neither log(temperature) nor an offset is fitted farther from 0 than this
TEMPERATURES, OFFSETS = (0.01, 100.0), (-10.0, 10.0)
"""Between what a temperature and an offset may lie that are read: rather more than are fitted."""


@dataclass(frozen=True)
class Calibration:
    """What turns raw probabilities into calibrated ones, for one language.

    `bias` and `thresholds` have one number for each point (of the collapsed scale where `collapsed`); a threshold of
    0 means that the point is always possible. `rows` is how many rows it was fitted on.
    """

    temperature: float
    bias: tuple[float, ...]
    thresholds: tuple[float, ...]
    collapsed: bool = False
    rows: int = 0

    def apply(self, raw: "NDArray[np.float64]", scale: Scale) -> "NDArray[np.float64]":
        """Calibrated probabilities of (n, scale.size) raw ones: (n, points). A row of NaN stays one.

        Raises Refused when the calibration was made for another number of points.
        """
        import numpy as np

        merged = merge(raw, scale) if self.collapsed else raw
        if merged.shape[1] != len(self.bias):
            raise Refused(
                f"The calibration is for {len(self.bias)} points and the model gives {merged.shape[1]}; "
                "calibration and model come from different folders."
            )
        return _softmax(np.log(np.clip(merged, SMALLEST, 1)) / self.temperature + np.array(self.bias))

    def sets(self, calibrated: "NDArray[np.float64]") -> "NDArray[np.bool_]":
        """(n, points): which points are possible. The likeliest always is, so that no set is empty."""
        import numpy as np

        possible: NDArray[np.bool_] = calibrated >= np.array(self.thresholds)
        possible[np.arange(len(calibrated)), calibrated.argmax(axis=1)] = True
        return possible

    def to_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "temperature": self.temperature,
            "bias": list(self.bias),
            "thresholds": list(self.thresholds),
            "collapsed": self.collapsed,
            "rows": self.rows,
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Calibration":
        """As `to_json` wrote it. Raises Refused for anything else."""
        with refusing("The calibration in the model's manifest cannot be read", "make the model again."):
            collapsed = written.get("collapsed", False)
            its = cls(
                temperature=number(written["temperature"]),
                bias=tuple(number(one) for one in listed(written["bias"])),
                thresholds=tuple(number(one) for one in listed(written["thresholds"])),
                collapsed=collapsed is True,
                rows=whole(written.get("rows", 0)),
            )
        sane = len(its.bias) == len(its.thresholds) and its.collapsed is collapsed
        sane = sane and _within(TEMPERATURES, its.temperature) and _within(OFFSETS, *its.bias)
        if not sane or not _within((0, 1), *its.thresholds):
            raise Refused("The calibration in the model's manifest makes no sense; make the model again.")
        return its


def _within(ends: tuple[float, float], *numbers: float) -> bool:
    return all(ends[0] <= one <= ends[1] for one in numbers)


def fit(
    raw: "NDArray[np.float64]", tones: Sequence[int], scale: Scale, collapsed: bool = False, miss: float = MISS
) -> Calibration:
    """The calibration of raw probabilities (n, scale.size) of rows held out from training.

    `tones` are the true points as places on `scale`. Rows of NaN are left out; with no row left nothing is changed
    and every point stays possible.
    """
    import numpy as np

    truth = np.asarray(tones, dtype=np.int64)
    named = ~np.isnan(raw).any(axis=1)
    raw, truth = raw[named], truth[named]
    if collapsed:
        raw, truth = merge(raw, scale), np.array(merged_places(scale), dtype=np.int64)[truth]
    temperature, bias = _scaled(np.log(np.clip(raw, SMALLEST, 1)), truth)
    start = Calibration(temperature, bias, (0.0,) * len(bias), rows=len(truth))
    calibrated = start.apply(raw, scale)
    thresholds = tuple(_threshold(calibrated[truth == point, point], miss) for point in range(len(bias)))
    return Calibration(temperature, bias, thresholds, collapsed, len(truth))


def merged_places(scale: Scale) -> tuple[int, ...]:
    """For each point of a scale its place on the collapsed scale."""
    sides = sorted(set(scale.sides))
    return tuple(sides.index(side) for side in scale.sides)


def merge(raw: "NDArray[np.float64]", scale: Scale) -> "NDArray[np.float64]":
    """Probabilities (n, scale.size) with the points of each side added up: (n, collapsed points)."""
    import numpy as np

    places = np.array(merged_places(scale))
    return np.stack([raw[:, places == place].sum(axis=1) for place in range(places.max() + 1)], axis=1)


def _threshold(own: "NDArray[np.float64]", miss: float) -> float:
    """The k-th lowest of the n probabilities that rows give their own tone, k = floor(miss (n + 1)); 0 when too few.

    A new row of the tone falls below it with probability k / (n + 1) at most.
    """
    lowest = math.floor(miss * (len(own) + 1))
    return 0.0 if len(own) < FEWEST or lowest < 1 else float(sorted(own)[lowest - 1])


def _scaled(logits: "NDArray[np.float64]", truth: "NDArray[np.int64]") -> tuple[float, tuple[float, ...]]:
    """Temperature and offsets of the highest posterior: likelihood of the rows times the prior."""
    import numpy as np
    from scipy.optimize import minimize

    points, rows = logits.shape[1], np.arange(len(truth))
    wanted = np.zeros_like(logits)
    wanted[rows, truth] = 1

    def loss(at: "NDArray[np.float64]") -> "tuple[float, NDArray[np.float64]]":
        slope = math.exp(-at[0])
        shares = _softmax(logits * slope + at[1:])
        off = shares - wanted
        cost = -np.log(np.clip(shares[rows, truth], SMALLEST, 1)).sum()
        cost += 0.5 * (at[0] / TEMPERATURE_SPREAD) ** 2 + 0.5 * float((at[1:] ** 2).sum()) / BIAS_SPREAD**2
        slant = -slope * float((off * logits).sum()) + at[0] / TEMPERATURE_SPREAD**2
        return float(cost), np.concatenate([[slant], off.sum(axis=0) + at[1:] / BIAS_SPREAD**2])

    bounds = [(-FARTHEST, FARTHEST)] * (points + 1)
    best = minimize(loss, np.zeros(points + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return math.exp(best[0]), tuple(float(one) for one in best[1:])


def _softmax(logits: "NDArray[np.float64]") -> "NDArray[np.float64]":
    import numpy as np

    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)
