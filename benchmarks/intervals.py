"""May the intervals, the tests and the combined estimates be believed, and are they fast?

`python -m benchmarks.intervals [--quick]` prints, and as its last line as one JSON object:

- coverage: how often intervals of 95 per cent hold the true value, over 2,000 simulated missions of 10, 30 and 100
  outlet-days each (`benchmarks/simulated_missions.py`). The figure is the worst cell: the one furthest from 95 among
  the shares of subjects and the tones of subjects, of cells with at least 5 per cent of all time. The truth is that of
  200,000 days. Beside it: tone balances, plain percentiles of the same resamples, the naive interval over segments
  (each a draw of its own), days within five outlets, those of outlets that tell the same news of a date, days that
  differ more, days with a memory, and these drawn by week; and how often neighbouring days are called alike.
- tests: how often each kind of comparison calls a difference where there is none (`benchmarks/comparison_missions.py`).
- combined: intervals from human and machine together (`benchmarks/combined_missions.py`).
- speed: 10,000 resamples over 5 outlets x 30 days x 20 subjects x 5 tones, beside a loop over pandas groups and beside
  the package `arch`; the loop gets the same weights, and the numbers are compared.

`--quick` takes a tenth of the missions, and loops over a few resamples only.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: a second thread costs more than it brings

import argparse
import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.combined_missions import combined_figures
from benchmarks.comparison_missions import test_levels
from benchmarks.intervals_speed import speed
from benchmarks.simulated_missions import SCORES, Days, Floats, Station, simulated
from monitoring.intervals.alike import days_are_alike
from monitoring.intervals.measured import intervals_of
from monitoring.intervals.outlet_days import OutletDays
from monitoring.intervals.resampling import replicates, weights
from monitoring.intervals.sums import Sums, ratio

SEED = 20070818
MISSIONS = 2000
TRUTH = (200, 1000)
LEAST_SHARE = 0.05
DAYS = (10, 30, 100)
PROMISED = 0.95
NORMAL = 1.959964
STANDARD = Station()


@dataclass(frozen=True)
class Setting:
    """A kind of mission: name, outlet-days, in how many outlets, how its days differ; drawn by week or not."""

    name: str
    days: int
    outlets: int = 1
    station: Station = STANDARD
    week: bool = False


SETTINGS = (
    *(Setting("bulletins", days) for days in DAYS),
    Setting("in five outlets", 30, 5),
    Setting("in five outlets", 100, 5),
    Setting("five that share the news of a date", 100, 5, Station(common=1.0)),
    Setting("days differ more", 30, 1, Station(1.0, 1.0)),
    Setting("days with a memory of 0.5", 30, 1, Station(memory=0.5)),
    Setting("days with a memory of 0.5", 100, 1, Station(memory=0.5)),
    Setting("the same, drawn by week", 28, 1, Station(memory=0.5), week=True),
)


@dataclass(frozen=True)
class Truth:
    """What the intervals are to hold, and which cells count: shares (subjects), tones (subjects x tones), balances."""

    share: Floats
    tone: Floats
    balance: Floats
    share_counts: Floats
    tone_counts: Floats


def truth_of(station: Station) -> Truth:
    """Shares, tones and balances of very many days; a cell counts with at least 5 per cent of all time."""
    sums = simulated(*TRUTH, station, np.random.default_rng(SEED + 1)).amounts.sum(axis=(0, 1))
    subjects = sums.sum(axis=1)
    share = subjects / subjects.sum()
    return Truth(
        share,
        (sums / subjects[:, None]).ravel(),
        sums @ SCORES / subjects,
        share >= LEAST_SHARE,
        (sums / sums.sum() >= LEAST_SHARE).ravel(),
    )


@dataclass(frozen=True)
class Held:
    """The part of missions whose interval held the truth, of the cells that count, by kind of interval.

    `alike` is the part in which neighbouring days were called more alike than chance makes them.
    """

    setting: Setting
    missions: int
    ours: Floats
    percentiles: Floats
    naive: Floats
    balances: Floats
    alike: float

    @property
    def worst(self) -> float:
        """The cell furthest from what is promised."""
        return worst(self.ours)


def worst(held: Floats) -> float:
    """The value furthest from 95 per cent."""
    return float(held[np.abs(held - PROMISED).argmax()])


def coverage(setting: Setting, missions: int) -> Held:
    """How often the intervals of one kind of mission hold the truth."""
    truth, draws = truth_of(setting.station), np.random.default_rng(SEED + setting.days + setting.outlets)
    made = simulated(missions, setting.days, setting.station, draws, setting.outlets)
    days = outlet_days(setting)
    target = np.concatenate([truth.share, truth.tone])
    ours = np.zeros((missions, len(target)), dtype=bool)
    plain, balances = ours.copy(), np.zeros((missions, len(truth.balance)), dtype=bool)
    alike = np.zeros(missions, dtype=bool)
    for number, amounts in enumerate(made.amounts):
        cells = shares_and_tones(days, amounts)
        ours[number] = _holds(intervals_of(cells), target)
        again = cells.statistic(replicates(weights(days.strata), cells.per_day))
        plain[number] = _holds((np.nanquantile(again, 0.025, axis=0), np.nanquantile(again, 0.975, axis=0)), target)
        alike[number] = days_are_alike(cells, np.arange(len(target)) < len(truth.share))
        balances[number] = _holds(intervals_of(balances_of(days, amounts)), truth.balance)
    naive = np.array([_holds(limits, target) for limits in naive_limits(made, missions)])
    counts = np.concatenate([truth.share_counts, truth.tone_counts])
    often = [found[:, counts].mean(axis=0) for found in (ours, plain, naive)]
    held_balances = balances[:, truth.share_counts].mean(axis=0)
    return Held(setting, missions, often[0], often[1], often[2], held_balances, float(alike.mean()))


def _holds(limits: tuple[Floats, Floats], target: Floats) -> NDArray[np.bool_]:
    return np.asarray((limits[0] <= target) & (target <= limits[1]))


def outlet_days(setting: Setting) -> OutletDays:
    """So many days in so many outlets."""
    outlet = np.arange(setting.days) * setting.outlets // setting.days
    date = np.arange(setting.days) % (setting.days // setting.outlets)
    table = pd.DataFrame({"outlet": outlet.astype(str), "date": date.astype(str), "week": ""})
    table = table.assign(stratum=date // 7 if setting.week else outlet)
    return OutletDays(table, table.assign(day=np.arange(setting.days)))


def shares_and_tones(days: OutletDays, amounts: Floats) -> Sums:
    """The share of each subject, and the part of each tone in each subject's time."""
    subjects = amounts.sum(axis=2)
    part = np.concatenate([subjects, amounts.reshape(len(amounts), -1)], axis=1)
    everything = np.broadcast_to(subjects.sum(axis=1, keepdims=True), subjects.shape)
    whole = np.concatenate([everything, subjects.repeat(amounts.shape[2], axis=1)], axis=1)
    return Sums(days, _numbered(part.shape[1]), np.stack([part, whole], axis=-1), ratio)


def balances_of(days: OutletDays, amounts: Floats) -> Sums:
    """The tone balance of each subject."""
    subjects = amounts.sum(axis=2)
    return Sums(days, _numbered(subjects.shape[1]), np.stack([amounts @ SCORES, subjects], axis=-1), ratio, (-1.0, 1.0))


def _numbered(rows: int) -> pd.DataFrame:
    return pd.DataFrame({"cell": range(rows)})


def naive_limits(made: Days, missions: int) -> list[tuple[Floats, Floats]]:
    """Intervals over segments, each taken for a draw of its own: the ratio's normal interval, as a tool would offer."""
    mission, subject, tone, amount = made.segments
    order = np.argsort(mission, kind="stable")
    borders = np.searchsorted(mission[order], np.arange(1, missions))
    found = []
    for rows in np.split(order, borders):
        sums = made.amounts[mission[rows[0]]].sum(axis=0) if len(rows) else np.zeros(made.amounts.shape[2:])
        found.append(_of_segments(subject[rows], tone[rows], amount[rows], sums))
    return found


def _of_segments(subject: np.ndarray, tone: np.ndarray, amount: Floats, sums: Floats) -> tuple[Floats, Floats]:
    subjects, tones = sums.shape
    own = subject[:, None] == np.arange(subjects)
    toned = (subject * tones + tone)[:, None] == np.arange(subjects * tones)
    part = np.concatenate([own, toned], axis=1) * amount[:, None]
    whole = np.concatenate([np.ones_like(own), own.repeat(tones, axis=1)], axis=1) * amount[:, None]
    value = part.sum(axis=0) / whole.sum(axis=0)
    error = np.sqrt(((part - value * whole) ** 2).sum(axis=0)) / whole.sum(axis=0)
    return value - NORMAL * error, value + NORMAL * error


def furthest_level(levels: dict[str, float]) -> float:
    """The rejection rate furthest from 5 per cent."""
    return max(levels.values(), key=lambda level: abs(level - (1 - PROMISED)))


def _print(found: list[Held]) -> None:
    head = ("missions", "ours: worst", "lowest", "highest", "balance: worst", "percentiles", "over segments", "alike")
    print(f"{'outlet-days':<38}" + "".join(f"{name:>15}" for name in head))
    for held in found:
        ours = (held.worst, float(held.ours.min()), float(held.ours.max()))
        figures = (*ours, worst(held.balances), worst(held.percentiles), worst(held.naive), held.alike)
        name = f"{held.setting.days}, {held.setting.name}"
        print(f"{name:<38}{held.missions:>15}" + "".join(f"{100 * each:>14.1f}%" for each in figures))


def main(arguments: list[str] | None = None) -> int:
    """Run everything, print, and return 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intervals", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the missions, few loops")
    given = parser.parse_args(arguments)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = [coverage(setting, MISSIONS // 10 if given.quick else MISSIONS) for setting in SETTINGS]
    _print(found)
    levels, combined = test_levels(given.quick), combined_figures(given.quick)
    print("\nA difference is called where there is none, at 5 per cent:")
    for name, level in levels.items():
        print(f"  {name:<60} {100 * level:>5.1f}%")
    quick = speed(given.quick)
    print(f"\n{quick}")
    by_days = {held.setting.days: held for held in found[: len(DAYS)]}
    figures: dict[str, float] = {f"coverage_{days}": round(by_days[days].worst, 4) for days in DAYS}
    figures |= {
        "naive_coverage_30": round(worst(by_days[30].naive), 4),
        "test_level": round(furthest_level(levels), 4),
        "combined_coverage": round(combined["combined_coverage"], 4),
        "combined_width_ratio": round(combined["combined_width_ratio"], 4),
        "naive_mix_coverage": round(combined["naive_mix_coverage"], 4),
        "speedup_vs_pandas_loop": round(quick.loop / quick.ours),
        "speedup_vs_arch": round(quick.arch / quick.ours, 1),
    }
    print(json.dumps({"benchmark": "intervals", **figures}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
