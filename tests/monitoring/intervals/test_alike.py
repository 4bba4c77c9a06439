"""Neighbouring days that are alike are noticed and told beside the interval; days as they come are not."""

import numpy as np
import pandas as pd

from coding.languages import translator
from monitoring.answers import interval_note
from monitoring.coverage import Coverage
from monitoring.intervals.alike import chance_of_likeness, days_are_alike
from monitoring.intervals.measured import ALIKE, with_intervals
from monitoring.intervals.outlet_days import OutletDays
from monitoring.intervals.sums import Sums, ratio
from monitoring.words import Words
from tests.monitoring.intervals.days import coverage

LONG = np.repeat([0.1, 0.8, 0.3, 0.9, 0.2, 0.7], 4)
"""A share that stays for four days each time."""
MIXED = np.random.default_rng(1).permutation(LONG)


def shares(*outlets: np.ndarray, weeks: bool = False) -> Sums:
    """The share of one group on the days of outlets that are observed on the same dates."""
    days = len(outlets[0])
    table = pd.DataFrame(
        {
            "outlet": np.repeat([f"outlet {number}" for number in range(len(outlets))], days),
            "date": [f"2025-03-{day:02d}" for day in range(1, days + 1)] * len(outlets),
            "week": "",
            "stratum": np.arange(days * len(outlets)) // (6 if weeks else days),
        }
    )
    part = np.concatenate(outlets)
    per_day = np.stack([part, np.ones_like(part)], axis=-1)[:, None, :]
    rows = pd.DataFrame({"group": ["Blue Party"], "unit": ["ms"]}, dtype="object")
    return Sums(OutletDays(table, table.assign(day=np.arange(len(table)))), rows, per_day, ratio)


def test_days_that_go_on_are_told_beside_the_interval_and_others_are_not() -> None:
    told = {}
    for name, values in (("long", LONG), ("mixed", MIXED)):
        sums = shares(values)
        result = with_intervals(sums.rows.assign(value=sums.values), sums)
        told[name] = interval_note(result, words_of(coverage()))
        assert result.attrs[ALIKE] is (name == "long")
    assert translator("en")("chart.interval.alike") in told["long"]
    assert translator("en")("chart.interval.alike") not in told["mixed"]


def words_of(held: Coverage) -> Words:
    """English words of a small mission."""
    return Words(held.mission, "en")


def test_outlets_that_tell_the_same_news_are_no_memory_of_days() -> None:
    assert chance_of_likeness(shares(MIXED, MIXED, MIXED)) == chance_of_likeness(shares(MIXED))


def test_a_change_from_week_to_week_is_no_memory_where_weeks_are_strata() -> None:
    level = np.repeat([0.1, 0.3, 0.6, 0.8], 6) + np.tile([0.0, 0.1, 0.0, 0.1, 0.1, 0.0], 4)
    assert days_are_alike(shares(level), np.array([True]))
    assert not days_are_alike(shares(level, weeks=True), np.array([True]))


def test_where_no_row_has_an_interval_or_nothing_varies_nothing_is_noticed() -> None:
    assert not days_are_alike(shares(LONG), np.array([False]))
    assert chance_of_likeness(shares(np.full(24, 0.5))) == 1.0
