"""What the datasheet says of the sample's plan: four airings missing, 55 of 576 coded twice, Sundays without papers."""

from pathlib import Path

import pytest

from coding.double_coding.codings import double_codings
from coding.store import Store
from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.completeness.airings import airings_of
from monitoring.completeness.bounds import bounds, largest_move
from monitoring.completeness.calendar import State, calendar
from monitoring.completeness.missing import missing
from monitoring.coverage import Coverage, open_coverage
from monitoring.selection import ALL_FORMATS, Selection

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "kazakhstan_2007"
NOT_THERE = (
    ("Astana TV", "2007-07-27"),
    ("KTK", "2007-08-05"),
    ("Aikyn", "2007-08-07"),
    ("Channel 31", "2007-08-09"),
)


@pytest.fixture(scope="module")
def store() -> Store:
    return open_mission(SAMPLE)


@pytest.fixture(scope="module")
def coverage(store: Store) -> Coverage:
    return open_coverage(store)


def test_the_four_airings_that_were_not_recorded_or_not_obtained_are_missing(coverage: Coverage) -> None:
    gone = missing(coverage, Selection(formats=ALL_FORMATS))
    assert list(zip(gone["outlet"], gone["date"], strict=True)) == list(NOT_THERE)
    assert set(gone["reason"]) == {"not_monitored"}
    found = calendar(coverage, Selection())
    holes = found[found["missing_airings"] > 0]
    assert set(zip(holes["outlet"], holes["date"], strict=True)) == set(NOT_THERE)
    states = holes.set_index("outlet")["state"]
    assert states["Aikyn"] == State.NOT_MONITORED
    assert set(states.drop("Aikyn")) == {State.PARTLY}


def test_55_of_the_576_monitored_airings_are_coded_twice(store: Store, coverage: Coverage) -> None:
    airings = airings_of(coverage, Selection())
    assert (len(airings), airings["monitored"].notna().sum(), airings["coded"].notna().sum()) == (580, 576, 576)
    twice = set(airings[airings["double_coded"].notna()]["airing_id"])
    assert len(twice) == 55
    assert twice == set(double_codings(store).airings["airing_id"])


def test_the_calendar_has_every_outlet_and_day_and_no_sunday_of_a_paper_is_a_hole(coverage: Coverage) -> None:
    found = calendar(coverage, Selection())
    assert len(found) == 16 * 30
    sundays = found[(found["medium"] == "newspaper") & found["date"].isin(["2007-07-22", "2007-08-12"])]
    assert set(sundays["state"]) == {State.NONE}
    assert State.UNKNOWN not in set(found["state"])


def test_the_published_shares_could_move_by_at_most_five_points_on_television(coverage: Coverage) -> None:
    found = bounds(coverage, Selection(media=(Medium.TV,)))
    assert largest_move(found) == pytest.approx(0.0478, abs=0.0005)
    whole = found[found["outlet"].isin(["TV Kazakhstan", "TV Khabar"])]
    assert (whole["lowest"] == whole["highest"]).all(), "nothing is missing on the state-funded stations"
    astana = found[(found["outlet"] == "Astana TV") & (found["group"] == "Nur Otan")].iloc[0]
    assert round(100 * astana["value"]) == 24
    assert (round(100 * astana["lowest"], 1), round(100 * astana["highest"], 1)) == (22.8, 27.7)
