"""A ratio over a pool of airings, from a random hand-coded part and a machine's reading of all of it.

The machine's own share over the whole pool is known. How far each airing of the sample leans away from it, by the
machine's reading, is chance of the draw: its expanded sum over the sample has the expectation nothing, and `power`
times that sum is taken out of the hand-coded part (a difference estimator). For any reading and any fixed power the
expectation over the draws is the total of the pool as the coders would code it: a bad model costs width, never
truth. The power is the slope of hand on machine (linearised for the ratio, never below 0), which makes the variance
smallest and is about 0 for a model that says nothing. The variance is a jackknife that leaves out one airing at a time
within strata and tunes the power anew each time; it is multiplied by the part of the pool that was not drawn, since
the pool itself is what is asked about.

Arrays have the airing first, the cell and (part, whole) last; axes between are further missions (simulation).
Sources: C.-E. Särndal, B. Swensson, J. Wretman, Model Assisted Survey Sampling (1992), chapter 6; A. Angelopoulos
and others, Prediction-powered inference, Science 382 (2023); A. Angelopoulos, J. Duchi, T. Zrnic, PPI++ (2023).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEVEL = 0.975
SMALL = 1e-12
TURNS = 3
"""The power hangs on the ratio and the ratio on the power; the error of both is squared at each turn."""


@dataclass(frozen=True)
class Material:
    """What an estimate rests on.

    `hand` and `machine` (airings, ..., cells, 2) are part and whole of each airing of the sample, in the same unit;
    `stratum` (airings,) its stratum from 0, `weight` (airings,) for how many airings of the pool it stands. `left`
    (strata,) is the part of a stratum's variance that is left where some of it was drawn: 0 where all was. `pool`
    (..., cells, 2) is the machine's total over what the draws could take, `known` the hand-coded total of what is
    certain beside it (of several draws: the mean), and `read` the machine's total over all that is asked about.
    """

    hand: Floats
    machine: Floats
    stratum: Ints
    weight: Floats
    left: Floats
    pool: Floats
    known: Floats
    read: Floats

    @cached_property
    def sizes(self) -> Ints:
        """Airings of the sample in each stratum."""
        return np.bincount(self.stratum, minlength=len(self.left)).astype(np.int64)

    @cached_property
    def leaning(self) -> Floats:
        """How far each airing leans to the part, as the machine reads it: part - its share over all x whole."""
        return self._lean(self.machine)

    def chance(self, weights: Floats) -> Floats:
        """What the expanded sample leans more than what the draws could take: chance alone (rows, ..., cells)."""
        return np.asarray(np.tensordot(weights, self.leaning, axes=1) - self._lean(self.pool))

    def _lean(self, amounts: Floats) -> Floats:
        share = np.nan_to_num(_ratio(self.read[..., 0], self.read[..., 1]))
        return np.asarray(amounts[..., 0] - share * amounts[..., 1])

    @cached_property
    def carriers(self) -> Ints:
        """Airings of the sample in which each cell has something: (..., cells)."""
        return np.asarray((self.hand[..., 1] > 0).sum(axis=0), dtype=np.int64)


@dataclass(frozen=True)
class Estimate:
    """Value, standard error and power of each cell (..., cells); NaN where nothing can be divided."""

    value: Floats
    error: Floats
    power: Floats
    degrees: Floats


def totals(material: Material, power: float | Floats) -> Floats:
    """Part and whole over the pool (..., cells, 2) with a power that is given: exactly unbiased for a fixed one."""
    weights = material.weight[None]
    corrected, sums = np.asarray(power, dtype=float) * material.chance(weights), _sums(material, weights)
    return np.stack([sums[0, ..., 0] - corrected[0], sums[0, ..., 1]], axis=-1)


def estimated(material: Material, power: float | None = None) -> Estimate:
    """The ratios over the pool; `power` 0 is the hand codes alone, None tunes it."""
    weights = _replicates(material)
    values, powers = _tuned(material, weights, power)
    each = (material.left * (material.sizes - 1) / np.maximum(material.sizes, 1))[material.stratum]
    squares = (values[1:] - values[0]) ** 2
    error = np.sqrt(np.tensordot(each, squares, axes=1))
    return Estimate(values[0], error, powers[0], _degrees(material, each, squares))


def _tuned(material: Material, weights: Floats, power: float | None) -> tuple[Floats, Floats]:
    """Ratio and power for each row of weights: (rows, ..., cells)."""
    sums = _sums(material, weights)
    part, whole = sums[..., 0], sums[..., 1]
    values = _ratio(part, whole)
    if power == 0:
        return values, np.zeros_like(values)
    correction = material.chance(weights)
    if power is not None:
        return _ratio(part - power * correction, whole), np.full_like(values, power)
    slope, powers = _Slope(material, weights), np.zeros_like(values)
    for _ in range(TURNS):
        powers = slope.at(values)
        values = _ratio(part - powers * correction, whole)
    return values, powers


def _degrees(material: Material, each: Floats, squares: Floats) -> Floats:
    """Degrees of freedom of the error: 2 over its squared coefficient of variation, as the airings' own parts show it.

    That is how many airings carry it where a few long ones do; at most the airings with anything in the cell, less
    one for each stratum.
    """
    parts = each.reshape(-1, *(1,) * (squares.ndim - 1)) * squares
    number = len(parts)
    spread = number / max(number - 1, 1) * ((parts - parts.mean(axis=0)) ** 2).sum(axis=0)
    most = material.carriers - len(material.left)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = 2 * parts.sum(axis=0) ** 2 / spread
    return np.asarray(np.clip(np.where(np.isfinite(found), found, most), 1, np.maximum(most, 1)))


def interval(
    value: Floats, error: Floats, degrees: Floats, bounds: tuple[float, float] = (0.0, 1.0)
) -> tuple[Floats, Floats]:
    """Low and high of 95 per cent: Student's t times the error, laid off on the logit scale between the bounds.

    A value without error is its own interval; one at or beyond a bound has none (NaN).
    """
    from scipy.special import stdtrit

    lowest, highest = bounds
    below, above = value - lowest, highest - value
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        half = stdtrit(np.maximum(degrees, 1), LEVEL) * error
        spread = np.minimum(half * (1 / below + 1 / above), 700.0)
        odds = below / above
        low, high = odds * np.exp(-spread), odds * np.exp(spread)
        low, high = low / (1 + low), np.where(np.isinf(high), 1.0, high / (1 + high))
    inside = (below > 0) & (above > 0) & (degrees >= 1) & np.isfinite(error)
    width = highest - lowest
    return np.where(inside, lowest + width * low, np.nan), np.where(inside, lowest + width * high, np.nan)


def _replicates(material: Material) -> Floats:
    """Weights of the sample (1 + airings, airings): whole, then without each; its stratum's others stand for it."""
    number, of, sizes = len(material.weight), material.stratum, material.sizes
    found = np.tile(material.weight, (number + 1, 1))
    alone = sizes[of] < 2
    scale = np.where(alone, 1.0, sizes[of] / np.maximum(sizes[of] - 1, 1))
    same = (of[:, None] == of[None]) & ~alone[:, None]
    found[1:] *= np.where(same, scale[None], 1.0)
    found[1:][np.eye(number, dtype=bool) & ~alone[:, None]] = 0.0
    return found


def _sums(material: Material, weights: Floats) -> Floats:
    """Hand-coded part and whole over the pool for each row of weights: (rows, ..., cells, 2)."""
    return np.asarray(np.tensordot(weights, material.hand, axes=1) + material.known)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > SMALL))


class _Slope:
    """The slope of what is left of the hand codes on what is left of the machine's, within strata; not below 0."""

    def __init__(self, material: Material, weights: Floats) -> None:
        moment = _Moments(material, weights)
        part, whole, leaning = material.hand[..., 0], material.hand[..., 1], material.leaning
        self._part, self._whole = moment.of(part, leaning), moment.of(whole, leaning)
        self._own = moment.of(leaning, leaning)
        self._least = SMALL * np.tensordot(weights, material.machine[..., 1] ** 2, axes=1)

    def at(self, value: Floats) -> Floats:
        """The slope where the ratio is `value`: (rows, ..., cells); 0 where the machine tells nothing apart."""
        common = self._part - value * self._whole
        slope = np.divide(common, self._own, out=np.zeros_like(common), where=self._own > self._least)
        return np.asarray(np.maximum(slope, 0.0))


class _Moments:
    """Weighted sums of products about the means of their strata."""

    def __init__(self, material: Material, weights: Floats) -> None:
        self._weights = weights
        strata = np.arange(len(material.left))
        self._within = weights[:, None] * (material.stratum[None] == strata[:, None])[None]
        self._size = self._within.sum(axis=2)

    def of(self, one: Floats, other: Floats) -> Floats:
        """Sum over strata of the products of two columns (airings, ..., cells): (rows, ..., cells)."""
        first, second = (np.tensordot(self._within, each, axes=1) for each in (one, other))
        size = self._size.reshape(*self._size.shape, *(1,) * (first.ndim - 2))
        between = np.divide(first * second, size, out=np.zeros_like(first), where=size > 0).sum(axis=1)
        return np.asarray(np.tensordot(self._weights, one * other, axes=1) - between)
