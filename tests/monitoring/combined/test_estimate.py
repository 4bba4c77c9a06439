"""The estimator: unbiased for any reading, nothing left to chance with a perfect one, and the published formula."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.combined.estimate import Material, estimated, interval, totals


def made(hand: Any, machine: Any, drawn: list[int], known: Any = 0.0) -> Material:
    """A simple random sample of one stratum from a pool (airings, cells, 2)."""
    size, number = len(hand), len(drawn)
    weight = np.full(number, size / number)
    left = np.array([1 - number / size])
    stratum = np.zeros(number, dtype=np.int64)
    pool = machine.sum(axis=0)
    return Material(hand[drawn], machine[drawn], stratum, weight, left, pool, known + 0 * hand[0], pool)


def pool_of(seed: int, size: int = 60, noise: float = 0.3) -> tuple[Any, Any]:
    chance = np.random.default_rng(seed)
    whole = np.exp(chance.normal(3, 0.6, (size, 1)))
    share = chance.beta(2, 4, (size, 1))
    seen = np.clip(share + chance.normal(0, noise, (size, 1)), 0, 1)
    hand, machine = (np.stack([whole * each, whole], axis=-1) for each in (share, seen))
    return hand, machine


@settings(max_examples=40, deadline=None)
@given(
    amounts=st.lists(st.tuples(*[st.integers(0, 60)] * 4), min_size=6, max_size=7),
    power=st.floats(0, 2),
)
def test_over_all_samples_the_mean_is_the_truth_for_any_reading(amounts: list[Any], power: float) -> None:
    """Every sample of three out of the pool, each once: no model, however wrong, moves the expected total."""
    values = np.array(amounts, dtype=float)
    hand = np.stack([values[:, :1], values[:, :1] + values[:, 1:2]], axis=-1)
    machine = np.stack([values[:, 2:3], values[:, 2:3] + values[:, 3:4]], axis=-1)
    samples = [list(each) for each in combinations(range(len(values)), 3)]
    mean = np.mean([totals(made(hand, machine, each), power) for each in samples], axis=0)
    assert mean == pytest.approx(hand.sum(axis=0), abs=1e-7)


def test_a_perfect_reading_leaves_nothing_to_chance() -> None:
    hand, _ = pool_of(1)
    found = estimated(made(hand, hand, list(range(12))))
    truth = hand[..., 0].sum() / hand[..., 1].sum()
    assert found.value == pytest.approx(truth, abs=1e-6)
    assert found.power == pytest.approx(1, abs=1e-3)
    assert found.error < 0.01 * estimated(made(hand, hand, list(range(12))), 0.0).error


@pytest.mark.parametrize("machine", ["nothing", "alike"])
def test_a_reading_that_tells_nothing_leaves_the_hand_codes_alone(machine: str) -> None:
    hand, _ = pool_of(2)
    said = np.zeros_like(hand) if machine == "nothing" else np.broadcast_to(hand.mean(axis=0), hand.shape) * 1.0
    both, alone = estimated(made(hand, said, list(range(10)))), estimated(made(hand, said, list(range(10))), 0.0)
    assert both.power == 0
    assert both.value == alone.value
    assert both.error == pytest.approx(alone.error)


def test_a_reading_that_runs_against_the_codes_is_not_used() -> None:
    hand, _ = pool_of(3, noise=0)
    against = hand.copy()
    against[..., 0] = hand[..., 1] - hand[..., 0]
    assert estimated(made(hand, against, list(range(20)))).power == 0


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000), unit=st.sampled_from([0.001, 7.0, 60_000.0]), its=st.sampled_from([0.01, 1.0, 50.0])
)
def test_the_unit_changes_nothing_nor_does_the_scale_of_the_reading(seed: int, unit: float, its: float) -> None:
    hand, machine = pool_of(seed)
    drawn = list(range(15))
    one, other = estimated(made(hand, machine, drawn)), estimated(made(hand * unit, machine * its, drawn))
    assert other.value == pytest.approx(one.value, rel=1e-6)
    assert other.error == pytest.approx(one.error, rel=1e-6)
    assert other.degrees == pytest.approx(one.degrees, rel=1e-6)


def test_a_reading_shifted_by_the_same_share_everywhere_costs_nothing() -> None:
    """A model that calls a tenth of everything negative too much: its own share over the pool moves with it."""
    hand, machine = pool_of(4, noise=0.1)
    shifted = machine.copy()
    shifted[..., 0] += 0.1 * machine[..., 1]
    drawn = list(range(20))
    one, other = estimated(made(hand, machine, drawn)), estimated(made(hand, shifted, drawn))
    assert other.value == pytest.approx(one.value)
    assert other.error == pytest.approx(one.error)


def test_it_is_the_published_estimate_of_a_mean() -> None:
    """PPI of a mean (Angelopoulos and others, 2023) and the power of PPI++, for airings of one length, N far above n."""
    chance = np.random.default_rng(5)
    size, number = 200_000, 200
    truth = chance.normal(0.4, 0.1, size)
    read = truth + chance.normal(0.05, 0.08, size)
    ones = np.ones(size)
    hand, machine = (np.stack([each, ones], axis=-1)[:, None] for each in (truth, read))
    drawn = list(range(number))
    y, f = truth[:number], read[:number]
    for power in (1.0, None):
        found = estimated(made(hand, machine, drawn), power)
        tuned = 1.0 if power else np.cov(y, f)[0, 1] / (f.var(ddof=1) * (1 + number / size))
        published = tuned * read.mean() + (y - tuned * f).mean()
        error = np.sqrt((y - tuned * f).var(ddof=1) / number + tuned**2 * read.var(ddof=1) / size)
        assert found.power[0] == pytest.approx(tuned, rel=0.005)
        assert found.value[0] == pytest.approx(published, abs=2e-5)
        assert found.error[0] == pytest.approx(error, rel=0.02)


def test_the_hand_codes_alone_are_a_ratio_with_its_jackknife() -> None:
    hand, machine = pool_of(6)
    drawn = list(range(10))
    part, whole = hand[drawn, 0, 0], hand[drawn, 0, 1]
    without = [(part.sum() - part[i]) / (whole.sum() - whole[i]) for i in range(10)]
    value = part.sum() / whole.sum()
    error = np.sqrt((1 - 10 / 60) * 0.9 * sum((each - value) ** 2 for each in without))
    found = estimated(made(hand, machine, drawn), 0.0)
    assert (found.value[0], found.error[0]) == (pytest.approx(value), pytest.approx(error))


def test_what_is_certain_counts_once_and_varies_in_nothing() -> None:
    hand, machine = pool_of(7)
    known = np.array([[5000.0, 10_000.0]])
    found = estimated(made(hand, machine, list(range(10)), known))
    alone = estimated(made(hand, machine, list(range(10))))
    assert found.error < alone.error
    assert alone.value < found.value < 0.5


def test_intervals_lie_between_the_bounds_and_nothing_has_none() -> None:
    value, error = np.array([0.02, 0.5, 0.0, 1.1, 0.3]), np.array([0.05, 0.1, 0.1, 0.1, 0.0])
    low, high = interval(value, error, np.full(5, 9.0))
    assert 0 < low[0] < 0.02 < high[0] < 1
    assert (low[1] + high[1]) / 2 == pytest.approx(0.5)
    assert np.isnan(low[2:4]).all()
    assert low[4] == high[4] == pytest.approx(0.3)
    low, high = interval(np.array([-0.9]), np.array([0.2]), np.array([9.0]), (-1.0, 1.0))
    assert -1 < low[0] < -0.9 < high[0] < 1


def test_over_many_draws_both_together_cover_the_truth_and_are_nearer_and_narrower() -> None:
    """400 draws of 20 from one pool, with a good reading: what one draw shows by luck must hold for all of them."""
    hand, machine = pool_of(8, size=120, noise=0.1)
    truth = hand[..., 0].sum() / hand[..., 1].sum()
    chance, held, away, width = np.random.default_rng(9), [0, 0], [0.0, 0.0], [0.0, 0.0]
    for _ in range(400):
        drawn = sorted(chance.choice(120, 20, replace=False).tolist())
        for way, power in enumerate((None, 0.0)):
            found = estimated(made(hand, machine, drawn), power)
            low, high = interval(found.value, found.error, found.degrees)
            held[way] += int(low[0] <= truth <= high[0])
            away[way] += (found.value[0] - truth) ** 2
            width[way] += high[0] - low[0]
    assert held[0] / 400 >= 0.92
    assert held[1] / 400 >= 0.92
    assert away[0] < 0.5 * away[1]
    assert width[0] < 0.75 * width[1]
