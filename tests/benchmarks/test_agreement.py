"""The simulated coders are what they are said to be, and both ways of the speed figure give the same alphas."""

import numpy as np
import pytest

from benchmarks.agreement import speed
from benchmarks.agreement_coders import Crew, Volume, coded_mission, differences, double_coded, score
from monitoring.agreement.alpha import Level, alpha

CREW = Crew(0.2, day=0.3, bias=0.2, unlike=0.2)


@pytest.mark.parametrize("points", [3, 5])
def test_a_drifter_moves_by_half_a_point_and_nobody_else_does(points: int) -> None:
    crew, volume = Crew(0.2, points=points), Volume(airings=580)
    rng = np.random.default_rng(1)
    calm, coded = (coded_mission(rng, crew, volume, drift) for drift in (0.0, 0.5))
    for mission, moved in ((calm, 0.0), (coded, 0.5 * 2 / (points - 1))):
        table = differences(mission, points)
        late = table["week"] >= 2
        level = table[late].groupby("coder")["difference"].mean()
        before = table[~late].groupby("coder")["difference"].mean()
        change = (level - before) * mission.direction
        assert change[mission.drifter] == pytest.approx(moved, abs=0.06)
        others = change.drop(mission.drifter)
        assert others.abs().max() < 0.06 + moved / 4


def test_tone_is_mostly_neutral_and_coders_share_the_work() -> None:
    coded = coded_mission(np.random.default_rng(2), CREW, Volume(), 0.0)
    assert 0.55 < (coded.codes == 1).mean() < 0.8
    assert (coded.pair[:, 0] != coded.pair[:, 1]).all()
    share = np.bincount(coded.pair.ravel(), minlength=6)
    assert share.max() - share.min() <= 5
    assert set(np.unique(score(coded.codes, 3))) == {-1.0, 0.0, 1.0}


def test_noise_sets_the_true_alpha() -> None:
    rng = np.random.default_rng(3)
    agreement = [
        alpha(double_coded(rng, Crew(noise), 3000)[0], Level.ORDINAL, categories=3) for noise in (1.0, 0.35, 0.1)
    ]
    assert agreement == pytest.approx([0.37, 0.7, 0.9], abs=0.03)


def test_the_loop_of_the_package_gives_the_same_alphas() -> None:
    found = speed(2)
    assert found.apart < 1e-9
    assert found.looped == 2
