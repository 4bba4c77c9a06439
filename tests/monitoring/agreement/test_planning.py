"""The plan: what it asks for gives about the width that was wanted."""

import numpy as np
import pytest

from benchmarks.agreement_coders import Crew, double_coded
from monitoring.agreement.alpha import Level, alpha_from, coincidences
from monitoring.agreement.planning import ASSUMED_ALPHA, ASSUMED_SPREAD, needed, width_of
from monitoring.agreement.resampling import CLUSTERS_AT_LEAST, estimate


def table(rng: np.random.Generator, days: int, crew: Crew) -> np.ndarray:
    ratings, day = double_coded(rng, crew, days)
    return coincidences(ratings, crew.points, day, days)


def mean_width(days: int, crew: Crew, missions: int = 40) -> float:
    rng = np.random.default_rng(3)
    found = [
        estimate(table(rng, days, crew), lambda sums: alpha_from(sums, Level.ORDINAL), days) for _ in range(missions)
    ]
    return float(np.mean([each.high - each.low for each in found]))


@pytest.mark.parametrize("width", [0.1, 0.2])
def test_the_planned_amount_gives_the_wanted_width(width: float) -> None:
    """From thirty days of ten pilots; a pilot's own spread is uncertain, the plans' middle is not."""
    crew, rng = Crew(0.35), np.random.default_rng(1)
    plans = [needed(table(rng, 30, crew), Level.ORDINAL, width) for _ in range(10)]
    days = int(np.median([plan.clusters for plan in plans if plan.clusters]))
    assert not any(plan.assumed for plan in plans)
    assert mean_width(days, crew) == pytest.approx(width, rel=0.15)


@pytest.mark.parametrize("crew", [Crew(0.35), Crew(0.35, points=5), Crew(0.35, day=0.3), Crew(0.6)])
def test_the_plan_before_anything_was_coded_is_enough(crew: Crew) -> None:
    plan = needed(None, Level.ORDINAL, 0.2)
    assert plan.assumed
    assert (plan.alpha, plan.spread) == (ASSUMED_ALPHA, ASSUMED_SPREAD)
    assert plan.clusters is not None
    assert 0.12 < mean_width(plan.clusters, crew) <= 0.21


def test_airings_and_their_share_follow_from_those_coded_so_far() -> None:
    coded = table(np.random.default_rng(2), 20, Crew(0.35))
    plan = needed(coded, Level.ORDINAL, 0.15, coded=30, airings=580)
    assert plan.clusters is not None
    assert plan.airings == np.ceil(1.5 * plan.clusters)
    assert plan.share == plan.airings / 580
    alone = needed(None, Level.ORDINAL, 0.15)
    assert alone.airings == alone.clusters
    assert np.isnan(alone.share)


def test_narrower_wants_more_and_never_less_than_an_interval_needs() -> None:
    wanted = [needed(None, Level.NOMINAL, width).clusters or 0 for width in (0.05, 0.1, 0.2, 1.5)]
    assert wanted == sorted(wanted, reverse=True)
    assert wanted[-1] == CLUSTERS_AT_LEAST
    assert width_of(ASSUMED_ALPHA, ASSUMED_SPREAD, wanted[1]) <= 0.1
    assert width_of(ASSUMED_ALPHA, ASSUMED_SPREAD, wanted[1] - 1) > 0.1


def test_too_little_or_all_alike_is_planned_by_assumption() -> None:
    assert needed(table(np.random.default_rng(2), 5, Crew(0.35)), Level.ORDINAL, 0.2).assumed
    alike = np.tile(np.diag([4.0, 6.0, 4.0]), (20, 1, 1))
    assert needed(alike, Level.ORDINAL, 0.2).assumed


def test_a_width_that_no_mission_reaches_has_no_number() -> None:
    plan = needed(None, Level.ORDINAL, 0.001)
    assert plan.clusters is None
    assert np.isnan(plan.airings)


@pytest.mark.parametrize("width", [0.0, -0.1, 2.0])
def test_a_width_that_is_none_is_refused(width: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 2"):
        needed(None, Level.ORDINAL, width)
