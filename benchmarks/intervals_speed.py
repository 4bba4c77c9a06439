"""How fast all cells are resampled at once: beside a loop over pandas groups, and beside the package `arch`."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from benchmarks.simulated_missions import Floats
from monitoring.intervals.resampling import replicates, weights

SEED = 20070818
RESAMPLES = 10_000
OUTLETS, DAYS, SUBJECTS, TONES = 5, 30, 20, 5
AGREES = 1e-9
RUNS = 5


@dataclass(frozen=True)
class Speed:
    """Seconds for all resamples of each way; the loop's and arch's are measured over `looped` of them."""

    ours: float
    loop: float
    arch: float
    looped: int
    furthest: float

    def __str__(self) -> str:
        cells = f"{OUTLETS} outlets x {DAYS} days x {SUBJECTS} subjects x {TONES} tones"
        return (
            f"{RESAMPLES:,} resamples of {cells}: {self.ours:.3f} s; a loop over pandas groups {self.loop:.1f} s "
            f"({self.loop / self.ours:,.0f} times), arch {self.arch:.2f} s ({self.arch / self.ours:.1f} times); "
            f"the loop was measured over {self.looped:,} resamples, its sums differ by {self.furthest:.1e} at most"
        )


def made() -> pd.DataFrame:
    """The cells of a mission: outlet, day, subject, tone -> amount in ms; four of five are empty, as in a record."""
    draws = np.random.default_rng(SEED)
    places = list(product(range(OUTLETS), range(DAYS), range(SUBJECTS), range(TONES)))
    rows = pd.DataFrame(places, columns=["outlet", "day", "subject", "tone"])
    amounts = draws.lognormal(10.5, 0.8, len(rows)).astype("int64")
    rows["amount"] = np.where(draws.random(len(rows)) < 0.2, amounts, 0)
    return rows


def matrix(rows: pd.DataFrame) -> tuple[Floats, np.ndarray]:
    """The cells as (outlet-days, outlets x subjects x tones), and the outlet of each outlet-day."""
    found = np.zeros((OUTLETS * DAYS, OUTLETS * SUBJECTS * TONES))
    day = rows["outlet"] * DAYS + rows["day"]
    cell = (rows["outlet"] * SUBJECTS + rows["subject"]) * TONES + rows["tone"]
    found[day, cell] = rows["amount"]
    return found, np.repeat(np.arange(OUTLETS), DAYS)


def speed(quick: bool) -> Speed:
    """Time the three ways in one run; drawing the days is part of each."""
    rows = made()
    per_day, strata = matrix(rows)
    looped = 100 if quick else RESAMPLES
    seeds = iter(range(SEED, SEED + RUNS + 1))  # each time other weights, so that none are kept from before
    ours = _least(lambda: replicates(weights(strata, RESAMPLES, next(seeds)), per_day, strata))
    drawn = weights(strata, RESAMPLES)
    again = replicates(drawn, per_day, strata)
    start = time.perf_counter()
    loop = np.array([_grouped(rows, each) for each in drawn[:looped]])
    seconds = time.perf_counter() - start
    furthest = float(np.abs(loop - again[:looped]).max() / np.abs(loop).max())
    if furthest > AGREES:
        raise SystemExit(f"the loop over pandas groups gives other numbers: they differ by {furthest}")
    return Speed(ours, seconds * RESAMPLES / looped, _by_arch(per_day), looped, furthest)


def _least(work: Callable[[], object]) -> float:
    """Seconds of the quickest of some runs: what else the machine does only adds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _grouped(rows: pd.DataFrame, drawn: Floats) -> Floats:
    """One resample as an analyst would write it: each row as often as its day was drawn, then sums by group."""
    day = rows["outlet"] * DAYS + rows["day"]
    weighted = rows.assign(amount=rows["amount"] * drawn[day.to_numpy()])
    return np.asarray(weighted.groupby(["outlet", "subject", "tone"])["amount"].sum(), dtype=float)


def _by_arch(per_day: Floats) -> float:
    """Seconds of the package's own resampling, outlet by outlet, of the sums of the same cells."""
    from arch.bootstrap import IIDBootstrap

    def work() -> None:
        for outlet in range(OUTLETS):
            cells = SUBJECTS * TONES
            own = per_day[outlet * DAYS : (outlet + 1) * DAYS, outlet * cells : (outlet + 1) * cells]
            IIDBootstrap(own, seed=SEED + outlet).apply(lambda drawn: drawn.sum(axis=0), RESAMPLES)

    return _least(work)
