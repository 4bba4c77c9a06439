"""Slots in the nights of a clock change: the wall clock decides, the length of time is real."""

from datetime import date
from pathlib import Path

import pytest

from coding.mission.loader import load
from coding.mission.model import Airing, Mission
from monitoring.dimensions import slot_pieces
from tests.missions import MISSION, write_mission

HOUR = 3_600_000


def berlin(folder: Path, slots: str) -> Mission:
    text = MISSION[: MISSION.index("[[slots]]")].replace("Asia/Tbilisi", "Europe/Berlin") + slots
    return load(write_mission(folder, mission=text)).mission


def night(mission: Mission, day: date, starts_utc: float, hours: float) -> Airing:
    midnight = (day - date(1970, 1, 1)).days * 24 * HOUR
    start = midnight + round(starts_utc * HOUR)
    return Airing(
        airing_id="n",
        outlet="Channel A",
        date=day,
        kind="programme",
        actual_start=start,
        actual_end=start + round(hours * HOUR),
    )


EVENING = '[[slots]]\nname = "evening"\nstart = "18:00"\nend = "{border}"\n[[slots]]\nname = "night"\nstart = "{border}"\nend = "30:00"\n'


@pytest.mark.parametrize(
    ("day", "border", "expected"),
    [
        # 01:30 to 04:30 on the wall, two hours long: the clock goes from 02:00 to 03:00
        (date(2025, 3, 29), "26:00", [("evening", 0, HOUR // 2), ("night", HOUR // 2, 2 * HOUR)]),
        (date(2025, 3, 29), "27:30", [("evening", 0, HOUR), ("night", HOUR, 2 * HOUR)]),
    ],
)
def test_spring(tmp_path: Path, day: date, border: str, expected: list[tuple[str, int, int]]) -> None:
    mission = berlin(tmp_path, EVENING.format(border=border))
    assert slot_pieces(night(mission, day, 24.5, 2), mission) == expected


def test_autumn(tmp_path: Path) -> None:
    """01:30 to 04:30, four hours long; the half hour from 02:00 comes twice, before 02:30 both times."""
    mission = berlin(tmp_path, EVENING.format(border="26:30"))
    pieces = slot_pieces(night(mission, date(2025, 10, 25), 23.5, 4), mission)
    assert pieces == [
        ("evening", 0, HOUR),
        ("night", HOUR, HOUR * 3 // 2),
        ("evening", HOUR * 3 // 2, 2 * HOUR),
        ("night", 2 * HOUR, 4 * HOUR),
    ]


def test_a_night_is_one_time_of_the_clock_on_whichever_day_it_is_listed(tmp_path: Path) -> None:
    text = EVENING.format(border="24:00")
    mission = berlin(tmp_path, text)
    # 23:30 of the day before to 00:30
    pieces = slot_pieces(night(mission, date(2025, 3, 12), -1.5, 1), mission)
    assert pieces == [("evening", 0, HOUR // 2), ("night", HOUR // 2, HOUR)]


def test_an_ordinary_evening(tmp_path: Path) -> None:
    mission = berlin(tmp_path, EVENING.format(border="22:00"))
    assert slot_pieces(night(mission, date(2025, 3, 12), 20.5, 2), mission) == [
        ("evening", 0, HOUR // 2),
        ("night", HOUR // 2, 2 * HOUR),
    ]
