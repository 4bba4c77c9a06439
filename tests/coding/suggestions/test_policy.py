"""Who is told what: the draw of segments without a suggestion, and whom a model is asked about."""

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.mission.loader import load
from coding.problems import ProblemsFound
from coding.suggestions.policy import scale_of, target_of, withheld
from tests.missions import SUBJECTS, write_mission


@given(st.text(max_size=20), st.uuids(), st.floats(0, 1), st.floats(0, 1))
def test_the_draw_hangs_on_mission_and_segment_alone_and_grows_with_the_share(
    seed: str, number: UUID, share: float, other: float
) -> None:
    low, high = sorted((share, other))
    drawn = withheld(seed, str(number), low)
    assert drawn == withheld(seed, str(number), low)
    assert not drawn or withheld(seed, str(number), high)
    assert not withheld(seed, str(number), 0.0)
    assert withheld(seed, str(number), 1.0)


def test_the_drawn_part_is_the_share_asked_for() -> None:
    drawn = sum(withheld("small", str(UUID(int=number)), 0.15) for number in range(20_000))
    assert drawn == pytest.approx(3_000, abs=160), "three standard deviations"
    same = [withheld("one", each, 0.5) == withheld("two", each, 0.5) for each in (str(uuid4()) for _ in range(4_000))]
    assert sum(same) == pytest.approx(2_000, abs=130), "missions draw independently of each other"


def test_a_target_knows_its_own_spellings_of_the_day_and_those_of_all_others(tmp_path: Path) -> None:
    subjects = SUBJECTS.replace("Blues|The Blues", "Blues [..2025-03-12]|The Blues")
    mission = load(write_mission(tmp_path, subjects=subjects)).mission
    blue = target_of(mission, "Blue Party", date(2025, 3, 12))
    assert blue.name == "Blue Party"
    assert blue.aliases == ("Blue Party", "ლურჯი პარტია", "Синяя партия", "الحزب الأزرق", "Blues", "The Blues")
    assert len(blue.bystanders) == len(mission.subjects) - 1
    assert ("Red Party", "წითელი პარტია", "Красная партия", "الحزب الأحمر", "Reds") in blue.bystanders
    assert "Blues" not in target_of(mission, "Blue Party", date(2025, 3, 13)).aliases
    red = target_of(mission, "Red Party", date(2025, 3, 13))
    assert all("Blues" not in spellings for spellings in red.bystanders)
    with pytest.raises(ProblemsFound, match="Nobody"):
        target_of(mission, "Nobody", date(2025, 3, 12))


def test_the_scale_rises(tmp_path: Path) -> None:
    scale = scale_of(load(write_mission(tmp_path)).mission)
    assert scale.names == ("very negative", "negative", "neutral", "positive", "very positive")
    assert scale.scores == (-1, -0.5, 0, 0.5, 1)
