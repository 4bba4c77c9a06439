"""Do the tests of `monitoring.comparison` keep their level where there is no difference, and what do they see?

`test_levels(quick)` gives how often p was at most 0.05 where the truth is no difference, for each kind of comparison,
over 2,000 missions (quick: 200) of the outlets of `benchmarks.simulated_missions`: stories that run again the same day,
log-normal lengths, days that differ. `powers(quick)` gives how often a stated difference was seen at 0.05 and at 0.05
over 7. `python -m benchmarks.comparison_missions [--quick]` prints both, and as its last line one JSON object.

What is asked (30 days, unless said otherwise; rows are the subjects of at least 5 per cent of the stories):

- outlets: two outlets, one of them with a fifth of the other's material; share and tone.
- ownership: two outlets against four that differ among themselves while both sides are alike in sum; share and tone.
- before: one outlet, 13 days against 17; share and tone. `memory`: the same with days like those before them (0.5).
- periods: a week against a week, five outlets; share.
- contestants: tone of two subjects of one outlet, equally and (`unequal`) four times as much covered.
- family: two outlets, twelve shares asked at once: how often any of them has a corrected p of at most 0.05.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: a second thread costs more than it brings

import argparse
import json
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated_missions import SCORES, SUBJECTS, Station, simulated
from monitoring.comparison.holm import corrected
from monitoring.comparison.permutation import Exchanges, p_values, reordered, swapped

Floats = NDArray[np.float64]
Missions = Iterator[tuple[Floats, Floats]]
Pair = tuple[Floats, Floats]
SEED = 20070818
LEVEL = 0.05
MISSIONS, QUICK = 2000, 200
AT_ONCE = 200
PERMUTATIONS = 999
DAYS, BEFORE, WEEK = 30, 13, 7
LARGE = tuple(int(place) for place in np.flatnonzero(SUBJECTS >= 0.05))
ALIKE = ((0, 2), (2, 0))
"""Outlets of a side whose subjects change places: 0 is much covered on one and little on the other, in sum the same."""


def shares(amounts: Floats, subjects: tuple[int, ...] = LARGE) -> Floats:
    """Part and whole of each subject's share: (missions, days, subjects, 2) from (missions, days, subjects, tones)."""
    part = amounts.sum(axis=-1)
    whole = np.broadcast_to(part.sum(axis=-1, keepdims=True), part.shape)
    return np.stack([part, whole], axis=-1)[:, :, list(subjects)]


def tones(amounts: Floats, subjects: tuple[int, ...] = LARGE) -> Floats:
    """Amount x score and amount of each subject: (missions, days, subjects, 2)."""
    return np.stack([amounts @ SCORES, amounts.sum(axis=-1)], axis=-1)[:, :, list(subjects)]


def outlets(of: Callable[[Floats], Floats], missions: int, draws: np.random.Generator, fifth: float = 0.2) -> Pair:
    """Two outlets with the same truth, the second much smaller."""
    return of(simulated(missions, DAYS, Station(), draws).amounts), of(
        simulated(missions, DAYS, Station(), draws).amounts * fifth
    )


def ownership(of: Callable[[Floats], Floats], missions: int, draws: np.random.Generator) -> Pair:
    """Two outlets against four; on each side half of them cover the first and third subject the other way round."""

    def added(number: int) -> Floats:
        found = np.zeros((missions, DAYS, len(SUBJECTS), len(SCORES)))
        for outlet in range(number):
            amounts = simulated(missions, DAYS, Station(), draws).amounts
            order = np.arange(len(SUBJECTS))
            order[list(ALIKE[0])] = ALIKE[outlet % 2]
            found += amounts[:, :, order]
        return found

    return of(added(2)), of(added(4))


def stretch(of: Callable[[Floats], Floats], missions: int, draws: np.random.Generator, memory: float = 0.0) -> Pair:
    """One outlet over time, and nothing beside it."""
    amounts = of(simulated(missions, DAYS, Station(memory=memory), draws).amounts)
    return amounts, np.zeros_like(amounts)


def weeks(of: Callable[[Floats], Floats], missions: int, draws: np.random.Generator) -> Pair:
    """Two weeks of five outlets, added by date."""
    added = sum(simulated(missions, 2 * WEEK, Station(), draws).amounts for _ in range(5))
    found = of(np.asarray(added))
    return found, np.zeros_like(found)


def contestants(one: int, other: int, missions: int, draws: np.random.Generator) -> Pair:
    """The tone of two subjects of one outlet."""
    amounts = simulated(missions, DAYS, Station(), draws).amounts
    return tones(amounts, (one,)), tones(amounts, (other,))


def p_of(make: Callable[[int, np.random.Generator], Pair], exchanges: Exchanges, missions: int, seed: int) -> Floats:
    """p-values of so many missions: (missions, rows)."""
    draws = np.random.default_rng(seed)
    found = []
    for begun in range(0, missions, AT_ONCE):
        first, second = make(min(AT_ONCE, missions - begun), draws)
        found += [p_values(a, b, exchanges) for a, b in zip(first, second, strict=True)]
    return np.array(found)


def swaps(days: int = DAYS) -> Exchanges:
    """Exchanges of two sides that are both there on each date."""
    both = np.ones(days, dtype=bool)
    return swapped(both, both, PERMUTATIONS)


def orders(days: int = DAYS, before: int = BEFORE) -> Exchanges:
    """Exchanges of the dates before and after."""
    return reordered(np.arange(days) < before, PERMUTATIONS)


Kind = tuple[Callable[[int, np.random.Generator], Pair], Exchanges]


def kinds() -> dict[str, Kind]:
    """Each kind of comparison: how its missions are made, and what is exchanged."""
    swap, order = swaps(), orders()
    return {
        "outlets_share": (lambda n, draws: outlets(shares, n, draws), swap),
        "outlets_tone": (lambda n, draws: outlets(tones, n, draws), swap),
        "ownership_share": (lambda n, draws: ownership(shares, n, draws), swap),
        "ownership_tone": (lambda n, draws: ownership(tones, n, draws), swap),
        "before_share": (lambda n, draws: stretch(shares, n, draws), order),
        "before_tone": (lambda n, draws: stretch(tones, n, draws), order),
        "before_share_memory": (lambda n, draws: stretch(shares, n, draws, 0.5), order),
        "periods_share": (lambda n, draws: weeks(shares, n, draws), orders(2 * WEEK, WEEK)),
        "contestants_tone": (lambda n, draws: contestants(1, 2, n, draws), swap),
        "contestants_tone_unequal": (lambda n, draws: contestants(0, 4, n, draws), swap),
    }


def test_levels(quick: bool) -> dict[str, float]:
    """How often p was at most 0.05 without any difference, by kind of comparison; over missions and rows together."""
    missions = QUICK if quick else MISSIONS
    found = {
        name: _rate(p_of(make, exchanges, missions, SEED + place), LEVEL)
        for place, (name, (make, exchanges)) in enumerate(kinds().items())
    }
    every = tuple(range(len(SUBJECTS)))
    asked = p_of(lambda n, draws: outlets(lambda each: shares(each, every), n, draws, 1.0), swaps(), missions, SEED)
    smallest = np.array([np.nanmin(corrected(row)) for row in asked])
    return {**found, "family_share": _rate(smallest, LEVEL)}


def without_blocks(quick: bool) -> dict[str, float]:
    """The level before and after with days that remember, were every day exchanged by itself: why there are blocks."""
    order = reordered(np.arange(DAYS) < BEFORE, PERMUTATIONS, block=1)
    p = p_of(lambda n, draws: stretch(shares, n, draws, 0.5), order, QUICK if quick else MISSIONS, SEED)
    return {"before_share_memory_single_days": _rate(p, LEVEL)}


def powers(quick: bool) -> dict[str, float]:
    """How often a difference was seen: 5 points of a share of 20 per cent, or 0.2 of a tone balance; by days, level."""
    missions = 100 if quick else 500
    found = {}
    for days in (DAYS, 100):
        for name, change, of in (("share_5_points", _more, shares), ("tone_0.2", _kinder, tones)):

            def made(n: int, draws: np.random.Generator, days: int = days, change=change, of=of) -> Pair:  # type: ignore[no-untyped-def]
                one, other = (simulated(n, days, Station(), draws).amounts for _ in range(2))
                return of(change(one), (1,)), of(other, (1,))

            p = p_of(made, swaps(days), missions, SEED)
            found[f"{name}_{days}_days"] = _rate(p, LEVEL)
            found[f"{name}_{days}_days_of_7"] = _rate(p, LEVEL / 7)
    return found


def _more(amounts: Floats) -> Floats:
    """The second subject's share raised from 20 to 25 per cent."""
    found = amounts.copy()
    found[:, :, 1] *= (0.25 * 0.8) / (0.2 * 0.75)
    return found


def _kinder(amounts: Floats) -> Floats:
    """0.2 of the second subject's coverage turned from neutral to positive."""
    found = amounts.copy()
    turned = amounts[:, :, 1, 1] * (0.2 / 0.55)
    found[:, :, 1, 0] += turned
    found[:, :, 1, 1] -= turned
    return found


def _rate(p: Floats, level: float) -> float:
    """The part of known p-values that are at most `level`."""
    known = p[np.isfinite(p)]
    return float((known <= level).mean())


def main() -> None:
    """Print the levels and the powers, and as the last line one JSON object of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    levels, seen = test_levels(quick), powers(quick)
    naive = without_blocks(quick)
    told = {"rejected at 5 % without a difference": levels, "and with single days": naive, "difference seen": seen}
    for title, figures in told.items():
        print(title)
        for name, value in figures.items():
            print(f"  {name:32}{100 * value:6.1f} %")
    print(json.dumps({name: round(value, 4) for name, value in {**levels, **naive, **seen}.items()}))


if __name__ == "__main__":
    main()
