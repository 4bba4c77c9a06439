"""On the sample comparisons say what its report says: who differed in quantity, who in tone."""

import pytest

from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.comparison.asked import Quantity, between_contestants, by_ownership
from monitoring.comparison.compare import compare
from monitoring.coverage import Coverage, open_coverage
from monitoring.selection import Selection
from tests.pages.conftest import ROOT

TV = Selection(media=(Medium.TV,))


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    return open_coverage(open_mission(str(ROOT / "sample_data" / "kazakhstan_2007")))


def test_ktk_was_balanced_in_quantity_and_not_in_tone(coverage: Coverage) -> None:
    quantity, tone = (
        compare(coverage, between_contestants(of, "Nur Otan", "ANSDP", TV)).set_index("place").loc["KTK"]
        for of in (Quantity.SHARE, Quantity.TONE)
    )
    assert not quantity["shown"]
    assert quantity["strength"] == "not_shown"
    assert (tone["shown"], tone["strength"]) == (True, "strong")
    assert tone["value_a"] > 0 > tone["value_b"]


def test_state_channels_gave_ansdp_less_than_private_ones(coverage: Coverage) -> None:
    found = compare(coverage, by_ownership(Quantity.SHARE, coverage.mission, TV)).set_index("group")
    ansdp = found.loc["ANSDP"]
    assert ansdp["shown"]
    assert ansdp["effect"] < -0.03
    assert not found.loc["Nur Otan", "shown"], "its share was alike on both"
    assert (found["days_a"] == 60).all()
    assert (found["days_b"] == 90).all()
