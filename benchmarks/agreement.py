"""Are the statistics of agreement right, and fast? Simulated coders whose true agreement is known.

`python -m benchmarks.agreement [--quick]` prints, and as its last line as one JSON object:

- coverage: how often the interval of alpha holds the true one. 2,000 simulated missions for each true alpha and number
  of outlet-days (unequal days of 3 to 30 passages, tone mostly neutral, errors that go together within a day). The
  truth is alpha of 60,000 days. Beside it what plain percentiles of the same resamples hold.
- drift: how often a coder who drifts by half a tone point from the third week on is flagged from that week's material,
  and how often anybody is flagged in a mission in which nobody drifts (six coders, five weeks, a tenth of 580 airings
  coded twice, twelve passages each). The last line has the worse of three and of five points of tone.
- speed: alpha of 50,000 units of three coders with its 1,000 resamples of outlet-days, from the raw ratings, beside a
  loop of the package `krippendorff` over the same resamples; the numbers are compared.

`--quick` takes fewer missions and loops the package over ten resamples only.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: a second thread costs more than it brings

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.agreement_coders import (
    CUTS,
    Crew,
    Floats,
    Ints,
    Volume,
    coded_mission,
    differences,
    double_coded,
)
from monitoring.agreement.alpha import MISSING, Level, alpha, alpha_from, coincidences
from monitoring.agreement.drift import drifts
from monitoring.agreement.resampling import estimate, weights

SEED = 20070818
TRUTH_DAYS = 60_000
DAYS = (12, 25, 60)
STANDARD = tuple(Crew(noise) for noise in (1.0, 0.6, 0.35, 0.2, 0.1))
"""Alpha from 0.4 to 0.9."""
OTHERS = (
    ("nominal", Crew(0.35), Level.NOMINAL),
    ("five points", Crew(0.35, points=5), Level.ORDINAL),
    ("three coders", Crew(0.35, coders=3), Level.ORDINAL),
    ("strong days", Crew(0.35, day=1.0), Level.ORDINAL),
    ("hardly an error", Crew(0.05), Level.ORDINAL),
)
DRIFTING = Crew(0.2, day=0.3, bias=0.2, unlike=0.2)
DRIFTS = (
    ("standard, three points", DRIFTING),
    ("standard, five points", Crew(0.2, day=0.3, bias=0.2, unlike=0.2, points=5)),
    ("more errors", Crew(0.35, day=0.3, bias=0.2, unlike=0.2)),
    ("strong days", Crew(0.2, day=1.0, bias=0.2, unlike=0.2)),
    ("coders very unlike", Crew(0.2, day=0.3, bias=0.5, unlike=0.5)),
)
UNITS, CODERS, CATEGORIES, OUTLET_DAYS = 50_000, 3, 5, 480


def ordinal(sums: Floats) -> Floats:
    """The statistic that is resampled."""
    return alpha_from(sums, Level.ORDINAL)


@dataclass(frozen=True)
class Coverage:
    """Of the missions of one kind, how many intervals held the truth."""

    name: str
    days: int
    truth: float
    missions: int
    held: int
    percentile: int
    width: float


def covered(name: str, crew: Crew, level: Level, days: int, missions: int) -> Coverage:
    """Simulate missions of one kind and look whether each interval holds the true alpha."""
    truth = _truth(crew, level)
    rng = np.random.default_rng(SEED)
    held = percentile = 0
    widths = []
    for _ in range(missions):
        ratings, day = double_coded(rng, crew, days)
        table = coincidences(ratings, crew.points, day, days)
        found = estimate(table, lambda sums: alpha_from(sums, level), len(ratings))
        held += found.low <= truth <= found.high
        again = alpha_from((weights(days) @ table.reshape(days, -1)).reshape(-1, crew.points, crew.points), level)
        low, high = np.nanquantile(again, (0.025, 0.975))
        percentile += low <= truth <= high
        widths.append(found.high - found.low)
    return Coverage(name, days, truth, missions, held, percentile, float(np.mean(widths)))


def _truth(crew: Crew, level: Level) -> float:
    ratings, _ = double_coded(np.random.default_rng(SEED + 1), crew, TRUTH_DAYS)
    return alpha(ratings, level, categories=crew.points)


def coverages(missions: int, days: tuple[int, ...]) -> Iterator[Coverage]:
    """Every kind of mission, the standard ones first."""
    for crew in STANDARD:
        for number in days:
            yield covered("standard", crew, Level.ORDINAL, number, missions)
    for name, crew, level in OTHERS:
        yield covered(name, crew, level, days[0], missions)


@dataclass(frozen=True)
class Drifting:
    """Of the missions of one kind, how many flagged whom."""

    name: str
    alpha: float
    missions: int
    detected: int
    later: int
    others: int
    false_alarms: int


def drifting(name: str, crew: Crew, missions: int) -> Drifting:
    """Simulate missions with a drifter and without one; half a tone point is half the way between two points."""
    rng = np.random.default_rng(SEED)
    volume = Volume()
    detected = later = others = alarms = 0
    agreement = []
    for _ in range(missions):
        calm = coded_mission(rng, crew, volume, 0.0)
        agreement.append(alpha(calm.codes, Level.ORDINAL, categories=crew.points))
        alarms += bool(drifts(differences(calm, crew.points), volume.weeks)["flagged"].any())
        coded = coded_mission(rng, crew, volume, 0.5)
        rows = drifts(differences(coded, crew.points), volume.weeks)
        flagged = rows[rows["flagged"]]
        own = flagged["coder"] == coded.drifter
        detected += bool((own & (flagged["week"] == 2)).any())
        later += bool((own & (flagged["week"] >= 2)).any())
        others += bool((~own).any())
    return Drifting(name, float(np.mean(agreement)), missions, detected, later, others, alarms)


@dataclass(frozen=True)
class Speed:
    """Seconds of the two ways, and how far their alphas are apart at most."""

    ours: float
    package: float
    looped: int
    resamples: int
    apart: float


def speed(loops: int) -> Speed:
    """The whole way from raw ratings, beside the package over the first `loops` of the same resamples."""
    import krippendorff
    import scipy.special  # noqa: F401 (loaded before the clock starts)

    ratings, day = large_table(np.random.default_rng(SEED))
    runs = []
    for _ in range(5):
        start = time.perf_counter()
        estimate(coincidences(ratings, CATEGORIES, day, OUTLET_DAYS), ordinal, len(ratings))
        runs.append(time.perf_counter() - start)
    drawn = weights(OUTLET_DAYS)
    table = coincidences(ratings, CATEGORIES, day, OUTLET_DAYS).reshape(OUTLET_DAYS, -1)
    known = ordinal((drawn @ table).reshape(-1, CATEGORIES, CATEGORIES))
    of_day = [np.flatnonzero(day == number) for number in range(OUTLET_DAYS)]
    values = np.where(ratings == MISSING, np.nan, ratings).T
    start, again = time.perf_counter(), []
    for times in drawn[:loops].astype(int):
        units = np.concatenate([of_day[number] for number in np.repeat(np.arange(OUTLET_DAYS), times)])
        again.append(krippendorff.alpha(reliability_data=values[:, units], level_of_measurement="ordinal"))
    package = (time.perf_counter() - start) * len(drawn) / loops
    apart = float(np.abs(np.array(again) - known[:loops]).max())
    return Speed(statistics.median(runs), package, loops, len(drawn), apart)


def large_table(rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Ratings of UNITS units by CODERS coders on a scale of CATEGORIES, a fifth missing, and their outlet-days."""
    day = np.sort(rng.integers(0, OUTLET_DAYS, UNITS))
    stance = rng.normal(0, 0.4, OUTLET_DAYS)[day] + rng.normal(0, 1, UNITS)
    told = np.searchsorted(CUTS[CATEGORIES], stance[:, None] + 0.4 * rng.normal(0, 1, (UNITS, CODERS)))
    return np.where(rng.random(told.shape) < 0.2, MISSING, told).astype(np.int64), day


def _print(held: list[Coverage], drifted: list[Drifting], fast: Speed) -> None:
    print(f"intervals of alpha: per cent of {held[0].missions} missions in which it holds the true one")
    print(f"  {'kind':<18} {'alpha':>6} {'days':>5} {'held':>6} {'width':>6} {'percentiles':>12}")
    for row in held:
        shares = f"{100 * row.held / row.missions:>6.1f} {row.width:>6.2f} {100 * row.percentile / row.missions:>12.1f}"
        print(f"  {row.name:<18} {row.truth:>6.2f} {row.days:>5} {shares}")
    print(f"\ndrift by half a tone point from week three: per cent of {drifted[0].missions} missions")
    print(f"  {'kind':<24} {'alpha':>6} {'flagged then':>13} {'by week five':>13} {'others':>7} {'false alarms':>13}")
    for each in drifted:
        found = (each.detected, each.later, each.others, each.false_alarms)
        one, two, three, four = (f"{100 * number / each.missions:.1f}" for number in found)
        print(f"  {each.name:<24} {each.alpha:>6.2f} {one:>13} {two:>13} {three:>7} {four:>13}")
    how = "measured" if fast.looped == fast.resamples else f"from {fast.looped} of them"
    print(f"\n{fast.resamples:,} resamples of {UNITS:,} units: {1000 * fast.ours:.1f} ms from the raw ratings")
    print(f"  package in a loop: {fast.package:.1f} s ({how}), {fast.package / fast.ours:,.0f} times as long")
    print(f"  greatest difference of the {fast.looped} alphas: {fast.apart:.1e}")


def main() -> None:
    """Simulate, measure, print a table, and one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer missions, ten loops of the package")
    quick = parser.parse_args().quick
    held = list(coverages(200 if quick else 2000, DAYS[:2] if quick else DAYS))
    kinds = DRIFTS[:2] if quick else DRIFTS
    drifted = [drifting(name, crew, 100 if quick else 1000) for name, crew in kinds]
    fast = speed(10 if quick else 1000)
    _print(held, drifted, fast)
    standard = [row for row in held if row.name == "standard"]
    shares = [row.held / row.missions for row in standard]
    figures = {
        "benchmark": "agreement",
        "coverage": round(float(np.mean(shares)), 4),
        "coverage_lowest": round(min(shares), 4),
        "coverage_highest": round(max(shares), 4),
        "drift_detected": round(min(each.detected / each.missions for each in drifted[:2]), 4),
        "false_alarms": round(max(each.false_alarms / each.missions for each in drifted[:2]), 4),
        "false_alarms_worst": round(max(each.false_alarms / each.missions for each in drifted), 4),
        "speedup_vs_package_loop": round(fast.package / fast.ours),
        "agreement_ms": round(1000 * fast.ours, 1),
        "package_s": round(fast.package, 1),
        "package_looped": fast.looped,
        "greatest_difference": fast.apart,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
