"""May the intervals of distances from a benchmark be believed, near 0 too?

`python -m benchmarks.distances [--quick]` prints, and as its last line as one JSON object, over 1,000 simulated
missions for each number of outlet-days and each kind of true shares: how often the interval of total variation from
equal shares holds the true one, how often it leaves out 0, what distance is found on average, and what `chance` says.
Beside it the usual interval, from the spread of the resampled distances (`monitoring.intervals`). A day has eight
bulletin items that follow the day's own shares, and items of different length. `--quick` takes a fifth of the missions.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: a second thread costs more than it brings

import argparse
import json

import numpy as np
import pandas as pd

from monitoring.benchmarks.chance import by_chance
from monitoring.benchmarks.distance import fractions, moved
from monitoring.intervals.measured import intervals_of
from monitoring.intervals.outlet_days import OutletDays
from monitoring.intervals.sums import Sums

SEED = 20070818
MISSIONS = 1000
DAYS = (10, 30, 100)
ITEMS, ALIKE, LENGTHS = 8, 6, 4
"""Items of a day, how much its shares are like the true ones (Dirichlet), and the shape of their lengths (gamma)."""
TRUE = {
    "equal, 5": (0.2,) * 5,
    "equal, 7": (1 / 7,) * 7,
    "unequal, 7": (0.25, 0.2, 0.15, 0.1, 0.1, 0.1, 0.1),
    "one ahead, 7": (0.4, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05),
    "one far ahead, 4": (0.7, 0.2, 0.05, 0.05),
}


def simulated(missions: int, days: int, true: np.ndarray) -> Sums:
    """Missions of one outlet as rows: the amount of each contestant on each day; the value is total variation."""
    draws = np.random.default_rng(SEED + days)
    rows = pd.DataFrame({"period": [str(number) for number in range(missions)], "unit": "ms"}, dtype="object")
    table = pd.DataFrame({"outlet": "A", "date": [f"{day:03d}" for day in range(days)], "week": "1", "stratum": 0})
    shares = draws.dirichlet(true * ALIKE, (days, missions))
    per_day = draws.multinomial(ITEMS, shares) * draws.gamma(LENGTHS, 1, (days, missions, len(true)))
    return Sums(OutletDays(table, table.assign(day=np.arange(days))), rows, per_day, from_equal)


def from_equal(amounts: np.ndarray) -> np.ndarray:
    """Total variation from equal shares, of amounts (resamples, rows, contestants)."""
    return moved(fractions(amounts) - 1 / amounts.shape[-1])


def measured(missions: int, days: int, true: np.ndarray) -> dict[str, float]:
    """What the intervals of one kind of mission do: fractions of missions, and means."""
    sums = simulated(missions, days, true)
    truth, found = float(from_equal(true)), sums.values
    half, chance = by_chance(sums, [moved])[0]
    low, high = intervals_of(sums)
    return {
        "true": truth,
        "found": float(found.mean()),
        "chance": float(chance.mean()),
        "held": float((np.abs(found - truth) <= half).mean()),
        "zero_left_out": float((found - half > 0).mean()),
        "usual_held": float(((low <= truth) & (truth <= high)).mean()),
    }


def main() -> None:
    """Simulate, print a table and the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    missions = MISSIONS // 5 if parser.parse_args().quick else MISSIONS
    rows = [
        {"shares": name, "days": days, **measured(missions, days, np.array(true))}
        for name, true in TRUE.items()
        for days in DAYS
    ]
    table = pd.DataFrame(rows)
    print(table.round(3).to_string(index=False))
    equal = table["true"] < 1e-9
    print(
        json.dumps(
            {
                "missions": missions,
                "zero_left_out_most": table[equal]["zero_left_out"].max(),
                "held_least": table["held"].min(),
                "usual_held_equal_most": table[equal]["usual_held"].max(),
                "usual_held_unequal_least": table[~equal]["usual_held"].min(),
            }
        )
    )


if __name__ == "__main__":
    main()
