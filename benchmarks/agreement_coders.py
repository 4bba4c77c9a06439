"""Simulated coders with a known truth, for the figures of agreement and drift.

Every passage has a stance on a plain scale; the outlet-day tilts all of its passages the same way. A coder sees it
through a constant bias of their own, an error of the day (the same for all passages of that outlet-day, since the same
story comes again) and an error of the passage, larger on difficult days; cuts turn it into points, neutral in about
two thirds of the passages. Numbers are in units of the spread of stances.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

CUTS = {3: (-1.2, 1.0), 5: (-1.9, -1.1, 0.95, 1.8)}
"""Between the points of a scale, by their number."""
DAY_TILT = 0.4
DIFFICULTY = 0.35
"""Spread of the logarithm of a day's errors."""
FEWEST, MOST, MIDDLE = 3, 30, 11
"""Passages of an outlet-day."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Crew:
    """How well people code: `noise` of a passage's error, `day` how large the day's error is beside it."""

    noise: float
    day: float = 0.5
    points: int = 3
    coders: int = 2
    bias: float = 0.0
    unlike: float = 0.0
    """Spread of the logarithm of the coders' errors."""


@dataclass(frozen=True)
class Volume:
    """What a mission codes twice."""

    coders: int = 6
    weeks: int = 5
    airings: int = 58
    passages: int = 12
    outlets: int = 6


def score(codes: Ints, points: int) -> Floats:
    """Codes from 0 as scores from -1 to 1."""
    return codes * 2 / (points - 1) - 1


def sizes(rng: np.random.Generator, days: int) -> Ints:
    """Passages of each outlet-day, unequal."""
    drawn = np.exp(rng.normal(np.log(MIDDLE), 0.6, days))
    return np.clip(np.round(drawn), FEWEST, MOST).astype(np.int64)


def seen(rng: np.random.Generator, crew: Crew, day: Ints, errors: Floats, bias: Floats) -> Ints:
    """What coders make of passages: (units, coders). `day` (units,); `errors` and `bias` are those of each coder."""
    number, days = len(day), int(day.max()) + 1
    stance = rng.normal(0, DAY_TILT, days)[day] + rng.normal(0, 1, number)
    difficult = np.exp(rng.normal(0, DIFFICULTY, days))[day]
    own = rng.normal(0, crew.day, (days, errors.shape[1]))[day]
    own += difficult[:, None] * rng.normal(0, 1, (number, errors.shape[1]))
    return np.searchsorted(CUTS[crew.points], stance[:, None] + bias + crew.noise * errors * own).astype(np.int64)


def double_coded(rng: np.random.Generator, crew: Crew, days: int) -> tuple[Ints, Ints]:
    """Material that the whole crew coded: ratings (units, coders) and the outlet-day of each unit."""
    day = np.repeat(np.arange(days), sizes(rng, days))
    alike = np.ones((1, crew.coders))
    return seen(rng, crew, day, alike, 0 * alike), day


@dataclass(frozen=True)
class Coded:
    """A mission's double-coded material: airing by airing two coders; what each of the two said of each passage."""

    week: Ints
    pair: Ints
    airing: Ints
    codes: Ints
    drifter: int
    direction: int


def coded_mission(rng: np.random.Generator, crew: Crew, volume: Volume, drift: float, since: int = 2) -> Coded:
    """A mission in which one coder drifts by `drift` points from week `since` on (0: nobody does).

    Each code of the drifter moves one point, where there is room, with the chance that moves the mean by `drift`.
    """
    week = np.sort(np.arange(volume.airings) % volume.weeks)
    pair = _pairs(rng, week, volume.coders)
    number = np.clip(rng.poisson(volume.passages, volume.airings), FEWEST, MOST)
    airing = np.repeat(np.arange(volume.airings), number)
    bias = rng.normal(0, crew.bias, volume.coders)
    errors = np.exp(rng.normal(0, crew.unlike, volume.coders))
    codes = seen(rng, crew, airing, errors[pair][airing], bias[pair][airing])
    drifter, direction = int(rng.integers(volume.coders)), int(rng.choice([-1, 1]))
    his = (pair[airing] == drifter) & (week[airing] >= since)[:, None]
    room = (codes != (crew.points - 1 if direction > 0 else 0)) & his
    chance = drift * his.sum() / max(int(room.sum()), 1)
    codes = codes + direction * (room & (rng.random(codes.shape) < chance))
    return Coded(week, pair, airing, codes, drifter, direction)


def _pairs(rng: np.random.Generator, week: Ints, coders: int) -> Ints:
    """Two coders for each airing, those with the least of the week so far; who of them, by lot."""
    pairs = np.empty((len(week), 2), dtype=np.int64)
    load = np.zeros(coders)
    for place in range(len(week)):
        if place and week[place] != week[place - 1]:
            load[:] = 0
        pairs[place] = np.lexsort((rng.random(coders), load))[:2]
        load[pairs[place]] += 1
    return pairs


def differences(coded: Coded, points: int) -> pd.DataFrame:
    """The table that `monitoring.agreement.drift.drifts` takes; each airing is an outlet-day of its own."""
    scores = score(coded.codes, points)
    apart = scores[:, 0] - scores[:, 1]
    pair, week = coded.pair[coded.airing], coded.week[coded.airing]
    passage = np.arange(len(apart))
    return pd.DataFrame(
        {
            "coder": np.concatenate([pair[:, 0], pair[:, 1]]),
            "week": np.concatenate([week, week]),
            "cluster": np.concatenate([coded.airing, coded.airing]),
            "passage": np.concatenate([passage, passage]),
            "difference": np.concatenate([apart, -apart]),
        }
    )
