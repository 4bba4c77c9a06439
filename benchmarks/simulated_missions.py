"""Simulated missions whose true shares and tones are known, with the clustering of real bulletins.

An outlet-day has a number of stories (negative binomial, mean 14). A story is about one subject; how much each subject
is in the news differs from day to day (log-normal, sigma 0.6), and so does how it is presented. A story of the early
bulletin runs again in the late one in seven of ten cases, at another length and in nine of ten cases in the same tone.
So segments of one day are anything but independent: what the same number of independent segments would tell is told by
about a third as many. Days are independent, unless `memory` is above 0: then what a day has in excess is partly that of
the day before; and so are outlets, unless `common` is above 0: that part of how much a day differs is then the same on
all outlets of its date.

Nothing here is taken from a real mission; the sizes are those of prime-time bulletins (segments of 35 s in the middle
case, log-normal with sigma 0.75; 24 segments a day).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SUBJECTS = np.array([0.30, 0.20, 0.12, 0.09, 0.07, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.01])
"""Expected part of the stories of each subject on an ordinary day."""
TONES = np.array([0.25, 0.55, 0.20])
"""Positive, neutral, negative."""
SCORES = np.array([1.0, 0.0, -1.0])
STORIES, SPREAD_OF_STORIES = 14, 4.0
MEDIAN_MS, SIGMA = 35_000, 0.75
AGAIN, SAME_TONE, LENGTH_AGAIN = 0.7, 0.9, 0.35


@dataclass(frozen=True)
class Station:
    """How strongly the days of an outlet differ: in who is in the news, and in how they are presented."""

    subjects: float = 0.6
    tones: float = 0.5
    memory: float = 0.0
    common: float = 0.0


@dataclass(frozen=True)
class Days:
    """Amounts in ms (missions, days, subjects, tones), and the single segments: mission, subject, tone, amount."""

    amounts: Floats
    segments: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats]


def simulated(missions: int, days: int, station: Station, draws: np.random.Generator, outlets: int = 1) -> Days:
    """So many missions, each of so many days; those of several outlets follow each other, as many of each."""
    subjects, tones = len(SUBJECTS), len(TONES)
    who = _shared(_wander((missions, days, subjects), station.subjects, station.memory, draws), station.common, outlets)
    how = _wander((missions, days, subjects, tones), station.tones, station.memory, draws)
    chances = _softmax(np.log(SUBJECTS) + who)
    moods = _softmax(np.log(TONES) + _shared(how, station.common, outlets))
    rarity = SPREAD_OF_STORIES / (SPREAD_OF_STORIES + STORIES)
    number = draws.negative_binomial(SPREAD_OF_STORIES, rarity, (missions, days))
    day = np.repeat(np.arange(missions * days), number.ravel())
    subject = _chosen(chances.reshape(-1, subjects)[day], draws)
    mood = moods.reshape(-1, subjects, tones)[day, subject]
    tone = _chosen(mood, draws)
    length = MEDIAN_MS * np.exp(draws.normal(0, SIGMA, len(day)))
    again = draws.random(len(day)) < AGAIN
    tone_again = np.where(draws.random(len(day)) < SAME_TONE, tone, _chosen(mood, draws))
    length_again = length * np.exp(draws.normal(-0.1, LENGTH_AGAIN, len(day)))
    every = [
        np.concatenate([first, later[again]])
        for first, later in ((day, day), (subject, subject), (tone, tone_again), (length, length_again))
    ]
    place = (every[0] * subjects + every[1]) * tones + every[2]
    sums = np.bincount(place, every[3], missions * days * subjects * tones).astype(np.float64)
    return Days(sums.reshape(missions, days, subjects, tones), (every[0] // days, every[1], every[2], every[3]))


def _wander(shape: tuple[int, ...], sigma: float, memory: float, draws: np.random.Generator) -> Floats:
    """Normal deviations by day (the second axis), each carrying `memory` of the one before."""
    found = draws.normal(0, sigma, shape)
    for day in range(1, shape[1]) if memory else ():
        found[:, day] = memory * found[:, day - 1] + np.sqrt(1 - memory**2) * found[:, day]
    return found


def _shared(deviations: Floats, common: float, outlets: int) -> Floats:
    """The deviations (missions, days, …), that part of their variance taken from the first outlet's day of the date."""
    if not common:
        return deviations
    first = deviations[:, : deviations.shape[1] // outlets]
    same = np.tile(first, (1, outlets) + (1,) * (deviations.ndim - 2))
    own = np.sqrt(1 - common) * deviations[:, first.shape[1] :]
    return np.concatenate([first, np.sqrt(common) * same[:, first.shape[1] :] + own], axis=1)


def _softmax(logs: Floats) -> Floats:
    powers = np.exp(logs)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _chosen(chances: Floats, draws: np.random.Generator) -> NDArray[np.int64]:
    """One category for each row of chances."""
    reached = chances.cumsum(axis=-1)
    return np.asarray((draws.random(len(chances))[:, None] * reached[:, -1:] > reached).sum(axis=-1), dtype=np.int64)
