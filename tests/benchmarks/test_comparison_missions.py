"""The simulated missions of comparisons: sides that are alike in truth, and a test that keeps its level on them."""

import numpy as np

from benchmarks.comparison_missions import (
    DAYS,
    LARGE,
    kinds,
    ownership,
    p_of,
    shares,
    swaps,
)


def test_both_kinds_of_ownership_are_alike_in_sum_though_their_outlets_are_not() -> None:
    first, second = ownership(shares, 60, np.random.default_rng(1))
    ratios = [side[..., 0].sum(axis=(0, 1)) / side[..., 1].sum(axis=(0, 1)) for side in (first, second)]
    assert np.allclose(ratios[0], ratios[1], atol=0.02)


def test_every_kind_gives_p_values_that_are_not_small_too_often() -> None:
    """40 missions each: a gross error of a test shows, its exact level is for the benchmark."""
    for name, (make, exchanges) in kinds().items():
        p = p_of(make, exchanges, 40, 1)
        assert len(p) == 40
        known = p[np.isfinite(p)]
        assert ((known > 0) & (known <= 1)).all()
        assert (known <= 0.05).mean() < 0.2, name
        assert 0.3 < known.mean() < 0.7, name


def test_p_is_small_where_there_is_a_difference() -> None:
    def apart(missions: int, draws: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        whole = draws.integers(500, 900, (missions, DAYS, len(LARGE))).astype(float)
        noise = draws.normal(0, 0.02, whole.shape)
        return np.stack([whole * (0.3 + noise), whole], axis=-1), np.stack([whole * (0.2 - noise), whole], axis=-1)

    assert (p_of(apart, swaps(), 5, 1) <= 0.01).all()
