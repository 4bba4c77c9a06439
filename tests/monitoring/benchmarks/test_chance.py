"""Intervals of distances: they hold what they promise, and do not shut out 0 merely for being distances."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from monitoring.benchmarks.chance import by_chance
from monitoring.benchmarks.distance import fractions, moved
from monitoring.intervals.outlet_days import OutletDays
from monitoring.intervals.sums import Sums

MISSIONS, CONTESTANTS = 300, 5


def simulated(days: int, true: np.ndarray, seed: int) -> Sums:
    """As many missions of one outlet as rows: each day's shares vary around the true ones, as bulletins do."""
    draws = np.random.default_rng(seed)
    rows = pd.DataFrame({"period": [str(number) for number in range(MISSIONS)], "unit": "ms"}, dtype="object")
    table = pd.DataFrame({"outlet": "A", "date": [f"{day:03d}" for day in range(days)], "week": "1", "stratum": 0})
    shares = draws.dirichlet(true * 6, (days, MISSIONS))
    per_day = draws.multinomial(8, shares) * draws.gamma(4, 1, (days, MISSIONS, len(true)))
    return Sums(OutletDays(table, table.assign(day=np.arange(days))), rows, per_day, lambda sums: sums[..., 0])


@pytest.mark.parametrize("days", [10, 30])
def test_an_outlet_that_gives_what_is_due_is_rarely_found_to_deviate(days: int) -> None:
    true = np.full(CONTESTANTS, 1 / CONTESTANTS)
    sums = simulated(days, true, days)
    half, mean = by_chance(sums, [moved])[0]
    found = moved(fractions(sums.per_day.sum(axis=0)) - true)
    assert (found > 0).all()
    assert (found - half > 0).mean() <= 0.09
    assert mean.mean() == pytest.approx(found.mean(), rel=0.2)


@pytest.mark.parametrize("days", [10, 30])
def test_the_true_distance_is_covered(days: int) -> None:
    true = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    sums = simulated(days, true, days)
    half, _ = by_chance(sums, [moved])[0]
    due = np.full(CONTESTANTS, 1 / CONTESTANTS)
    found = moved(fractions(sums.per_day.sum(axis=0)) - due)
    assert (np.abs(found - moved(true - due)) <= half).mean() >= 0.93


def test_what_never_varies_has_no_interval() -> None:
    sums = simulated(10, np.full(CONTESTANTS, 1 / CONTESTANTS), 1)
    same = Sums(sums.days, sums.rows, np.ones_like(sums.per_day), sums.statistic)
    assert all(np.isnan(part).all() for part in by_chance(same, [moved])[0])


def test_outlets_that_tell_the_news_of_a_date_alike_say_no_more_than_one_of_them() -> None:
    one = simulated(16, np.full(CONTESTANTS, 1 / CONTESTANTS), 2)
    table = pd.concat([one.days.table, one.days.table.assign(outlet="B", stratum=1)], ignore_index=True)
    days = OutletDays(table, table.assign(day=np.arange(len(table))))
    both = replace(one, days=days, per_day=np.concatenate([one.per_day, one.per_day]))
    alone, together = (np.median(by_chance(sums, [moved])[0][0]) for sums in (one, both))
    assert together == pytest.approx(alone, rel=0.1)


def test_a_stratum_of_few_days_that_makes_the_error_has_its_own_degrees() -> None:
    true = np.full(CONTESTANTS, 1 / CONTESTANTS)
    sums = simulated(24, true, 3)
    steady = sums.per_day.copy()
    steady[4:] = 1.0
    few = sums.days.table.assign(stratum=[0] * 4 + [1] * 20, date=[*range(24)])
    mixed = replace(sums, per_day=steady, days=OutletDays(few, few.assign(day=np.arange(24))))
    half, mean = by_chance(mixed, [moved])[0]
    usual, usual_mean = by_chance(sums, [moved])[0]
    assert np.nanmedian(half / mean) > 1.3 * np.nanmedian(usual / usual_mean)
