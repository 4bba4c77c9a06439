"""The simulation of distances: what it simulates is what it says."""

import numpy as np
import pytest

from benchmarks.distances import TRUE, from_equal, measured, simulated
from monitoring.benchmarks.distance import fractions


@pytest.mark.parametrize("name", TRUE)
def test_the_days_follow_the_true_shares(name: str) -> None:
    true = np.array(TRUE[name])
    assert true.sum() == pytest.approx(1)
    sums = simulated(50, 100, true)
    assert fractions(sums.per_day.sum(axis=(0, 1))) == pytest.approx(true, abs=0.02)


def test_figures_are_fractions_and_near_what_is_promised() -> None:
    found = measured(100, 30, np.array(TRUE["equal, 5"]))
    assert found["true"] == pytest.approx(from_equal(np.ones(5)))
    assert found["held"] == pytest.approx(1 - found["zero_left_out"])
    assert found["held"] >= 0.85
    assert found["usual_held"] == 0
