"""The mission folder: what loads, and every mistake with its place and its advice."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from coding.mission.clock import clock_ms, clock_text, duration_ms, duration_text, instant, instant_text
from coding.mission.loader import load
from coding.mission.template import write_template
from coding.problems import ProblemsFound
from coding.segment import FIELDS
from tests.missions import AIRINGS, MISSION, OUTLETS, SUBJECTS, write_mission

SEGMENTS = ",".join(FIELDS) + "\n"
ROW = (
    "00000000-0000-0000-0000-00000000000{n},1,{airing},{start},{end},,,,{subject},contestant,none,{tone},news,,,,,"
    "coder-1,2025-04-01T10:00:00Z,1,assigned,,,,never\n"
)


def row(
    n: int = 1,
    airing: str = "a-0312",
    start: object = 0,
    end: object = 5000,
    subject: str = "Blue Party",
    tone: str = "neutral",
) -> str:
    return ROW.format(n=n, airing=airing, start=start, end=end, subject=subject, tone=tone)


def problems(folder: Path, **files: str) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        load(write_mission(folder, **files))
    return [problem.text() for problem in found.value.problems]


def test_a_mission_with_everything_loads(tmp_path: Path) -> None:
    held = load(write_mission(tmp_path, segments=SEGMENTS + row()))
    assert len(held.mission.windows) == 3
    assert [point.score for point in held.mission.tone] == [1, 0.5, 0, -0.5, -1]
    assert {outlet.unit for outlet in held.mission.outlets} == {"ms", "mm2"}
    blue = held.mission.subjects[0]
    assert blue.names == {"ka": "ლურჯი პარტია", "ru": "Синяя партия", "ar": "الحزب الأزرق"}
    turncoat = next(s for s in held.mission.subjects if s.name == "Ana Turncoat")
    assert [part.contestant for part in turncoat.affiliations] == ["Blue Party", "Red Party"]
    assert held.segments[0].amount == 5000


def test_a_three_point_scale_loads(tmp_path: Path) -> None:
    scale = MISSION.replace('[[tone]]\nname = "very positive"\nscore = 1\n', "").replace(
        '[[tone]]\nname = "very negative"\nscore = -1\n', ""
    )
    assert len(load(write_mission(tmp_path, mission=scale)).mission.tone) == 3


def test_the_template_loads_as_it_is(tmp_path: Path) -> None:
    write_template(tmp_path / "new")
    assert load(tmp_path / "new").mission.title == "My mission"
    with pytest.raises(ProblemsFound, match="not empty"):
        write_template(tmp_path / "new")


def test_every_problem_of_every_file_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        mission=MISSION.replace("score = 0.5", "score = 5").replace('name = "papers"', 'name = "papers"\nextra = 1'),
        outlets=OUTLETS.replace("Channel A,tv,ms,state", "Channel A,television,ms,state"),
        subjects=SUBJECTS.replace("Ana Turncoat,candidate", "Ana Turncoat,candidat"),
    )
    assert any(
        text.startswith("outlets.csv:2 medium: «television» is not known. Write one of: 'tv', 'radio'")
        for text in found
    )
    assert any(text.startswith("subjects.csv:7 kind: «candidat»") for text in found)
    assert any(text.startswith("mission.toml:45 tone.score: «5»") for text in found), found
    assert any("windows.extra" in text and text.startswith("mission.toml:3") for text in found), found


MISTAKES = {
    "unknown subject": (
        {"segments": SEGMENTS + row() + row(2, subject="Bleu Party")},
        "segments.csv:3 subject: «Bleu Party» is not in subjects.csv. Add it there, or add it to a subject's aliases.",
    ),
    "end before start": (
        {"segments": SEGMENTS + row(start=9000, end=5000)},
        "segments.csv:2: the end (5000 ms) is not after the start (9000 ms). Exchange them or correct one.",
    ),
    "tone outside the scale": (
        {"segments": SEGMENTS + row(tone="great")},
        "segments.csv:2 tone: «great» is not on the tone scale. Write one of: very positive, positive, neutral, negative, very negative.",
    ),
    "two codes": (
        {"segments": SEGMENTS + row() + row(2, start=2000, end=9000, tone="negative")},
        "segments.csv:3 start_ms: Blue Party in a-0312: two segments overlap, 0:00:00 to 0:00:05 and 0:00:02 to 0:00:09, "
        "with different codes (Tone: neutral / negative). Shorten or remove one of them, or give both the same codes. "
        "They are segments.csv:2 00000000-0000-0000-0000-000000000001 and segments.csv:3 00000000-0000-0000-0000-000000000002.",
    ),
    "NaN": (
        {"segments": SEGMENTS + row(start="NaN")},
        "segments.csv:2: start and end go together. Write both, or neither with an amount.",
    ),
    "past the end": (
        {"segments": SEGMENTS + row(start=0, end=3_600_001)},
        "segments.csv:2 end_ms: 1:00:00.001 is past the airing's end (1:00:00). Correct the segment or the airing's actual end.",
    ),
    "an unmonitored airing": (
        {"segments": SEGMENTS + row(airing="b-0313")},
        "segments.csv:2 airing_id: b-0313 was not monitored (no actual times or size). Correct the airing first.",
    ),
    "cut short": (
        {"segments": (SEGMENTS + row())[:-9]},
        "segments.csv:2: the file ends in the middle of a line («coder-1,2025-04-01T10:00:00Z,1,assigned,»): it was cut short. Get the whole file; nothing was read.",
    ),
    "a date in the wrong order": (
        {"airings": AIRINGS.replace("a-0312,Channel A,2025-03-12", "a-0312,Channel A,12/03/2025")},
        "airings.csv:2 date: «12/03/2025» is not a date. Write YYYY-MM-DD.",
    ),
    "a night that ends before it starts": (
        {"airings": AIRINGS.replace("23:31:00,24:20:00", "23:31:00,00:20:00")},
        "airings.csv:4 actual_end: a-0317: the end is not after the start. A programme over midnight ends above 24:00, such as 24:20.",
    ),
    "a period that ends before it starts": (
        {"mission": MISSION.replace("to = 2025-03-09", "to = 2025-02-09")},
        "mission.toml:12 from: before: the last day 2025-02-09 is before the first day 2025-03-01. Exchange them; dates are YYYY-MM-DD.",
    ),
    "an outlet nobody defined": (
        {"mission": MISSION.replace('outlets = ["Gazette"]', 'outlets = ["Gazete"]')},
        "mission.toml:35 windows.outlets: «Gazete» is not known. Known: Channel A, Channel B, Gazette, Radio C.",
    ),
    "an affiliation with nobody": (
        {"subjects": SUBJECTS.replace("President,official,,Blue Party", "President,official,,Blue")},
        "subjects.csv:5 affiliation: «Blue» is not a contestant. Contestants have a ballot number: Blue Party, Green Party, Red Party.",
    ),
    "an alias of two": (
        {"subjects": SUBJECTS.replace("Reds,", "BLUES,")},
        "subjects.csv:3 aliases: «BLUES» names both Blue Party and Red Party. A name or alias belongs to one subject.",
    ),
    "overlapping affiliations": (
        {"subjects": SUBJECTS.replace("2025-03-14", "2025-03-20")},
        "subjects.csv:7 from: the affiliation with Red Party overlaps the one before. Give each its from and to.",
    ),
    "a size for a channel": (
        {"airings": AIRINGS.replace("20:00:00,20:30:00,,,yes", "20:00:00,20:30:00,,900,yes")},
        "airings.csv:6 actual_start: b-0312 is counted in ms: give start and end, not a size.",
    ),
    "an unknown time zone": (
        {"mission": MISSION.replace("Asia/Tbilisi", "Europe/Tbilisi")},
        "mission.toml:7 time_zone: «Europe/Tbilisi» is not a time zone. Write an IANA name such as Asia/Almaty.",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_its_remedy(mistake: str, tmp_path: Path) -> None:
    files, expected = MISTAKES[mistake]
    assert problems(tmp_path, **files) == [expected]


def test_cp1251_read_as_utf8_is_refused_with_the_line(tmp_path: Path) -> None:
    write_mission(tmp_path)
    (tmp_path / "subjects.csv").write_bytes(
        SUBJECTS.replace("Ana Turncoat", "Анна")
        .replace("ლურჯი პარტია", "")
        .replace("წითელი პარტია", "")
        .replace("الحزب الأزرق", "")
        .replace("الحزب الأحمر", "")
        .encode("cp1251")
    )
    with pytest.raises(ProblemsFound, match=r"subjects\.csv:2: byte d1 is not UTF-8\. Save the file as UTF-8"):
        load(tmp_path)


def test_a_folder_without_a_mission_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="python -m coding new"):
        load(tmp_path)


def test_composed_and_decomposed_names_are_one_subject(tmp_path: Path) -> None:
    composed, decomposed = "Café", "Cafe\u0301 "
    held = load(
        write_mission(
            tmp_path,
            subjects=SUBJECTS + f"{composed},body,,,,,,,,,\n",
            segments=SEGMENTS + row(subject=decomposed),
        )
    )
    assert held.segments[0].subject == composed


@given(st.integers(0, 48 * 3_600_000))
def test_a_clock_survives_the_way_through_text(milliseconds: int) -> None:
    assert clock_ms(clock_text(milliseconds)) == milliseconds


@given(st.integers(0, 10**9))
def test_a_duration_survives_the_way_through_text(milliseconds: int) -> None:
    assert duration_ms(duration_text(milliseconds)) == milliseconds


@given(
    st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    st.integers(0, 30 * 3_600_000),
    st.sampled_from(["Europe/Paris", "Asia/Almaty", "America/Sao_Paulo"]),
)
def test_an_instant_survives_the_way_through_text(day: date, offset: int, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    moment = instant(f"{day} 00:30", day, zone) + offset
    assert instant(instant_text(moment, day, zone), day, zone) == moment


def test_the_autumn_clock_change_makes_an_hour_longer() -> None:
    """26 October 2025 in Paris: from 01:59 to 03:01 on the wall 122 minutes go by."""
    day, zone = date(2025, 10, 26), ZoneInfo("Europe/Paris")
    assert instant("03:01", day, zone) - instant("01:59", day, zone) == 122 * 60_000
    later = instant("2025-10-26 02:30+01:00", day, zone)
    earlier = instant("2025-10-26 02:30+02:00", day, zone)
    assert later - earlier == 3_600_000
    with pytest.raises(PydanticCustomError, match="happened twice"):
        instant("02:30", day, zone)
    with pytest.raises(PydanticCustomError, match="does not exist"):
        instant("02:30", date(2025, 3, 30), zone)
    assert instant(instant_text(later, day, zone), day, zone) == later
