"""What names of files say: in every language of the mission, in any case, with any mark between the words."""

import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.mission.clock import local_time
from coding.mission.loader import MissionFolder, load
from coding.problems import ProblemsFound
from coding.recordings.names import NameReader, given_start, name_of
from tests.missions import AIRINGS, OUTLETS, write_mission

LONG_NAME = "Channel A Plus,tv,ms,private,,ka,yes,Канал A: новости/24\n"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> MissionFolder:
    return load(write_mission(tmp_path_factory.mktemp("names") / "mission", outlets=OUTLETS + LONG_NAME))


@pytest.fixture(scope="module")
def reader(held: MissionFolder) -> NameReader:
    return NameReader(held.mission, held.airings)


def starts(reader: NameReader, stem: str) -> tuple[str, str] | None:
    named = reader.read(stem)
    if named is None or named.start is None:
        return None
    return named.outlet, f"{local_time(named.start, reader.mission.zone):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    "stem",
    [
        "Channel A_2025-03-12_20-30",
        "channel_a_20250312_2030",
        "CHANNEL-A-2025-03-12-20-30-00",
        "Channel A 2025-03-12 203000",
        "არხი ა_2025-03-12_20-30",
        "არხი-ა_2025-03-12T20-30",
        "Channel  A_2025-03-12_2030_part1",
    ],
)
def test_ways_to_write_the_same(reader: NameReader, stem: str) -> None:
    assert starts(reader, stem) == ("Channel A", "2025-03-12 20:30:00")


def test_the_longest_outlet_wins_and_signs_that_no_file_name_holds_are_between_words(reader: NameReader) -> None:
    assert starts(reader, "Channel-A-Plus-2025-03-12-20-30") == ("Channel A Plus", "2025-03-12 20:30:00")
    assert starts(reader, "канал a новости 24_2025-03-12_20-30") == ("Channel A Plus", "2025-03-12 20:30:00")
    decomposed = unicodedata.normalize("NFD", "Канал A новости-24_20250312_2030")
    assert starts(reader, decomposed) == ("Channel A Plus", "2025-03-12 20:30:00")


@pytest.mark.parametrize(
    "stem",
    [
        "",
        "holiday",
        "Channel A",
        "Channel A_2025-13-12_20-30",
        "Channel A_2025-03-12_25-00",
        "a-9999",
        "Radio X_20250312_2030",
    ],
)
def test_what_names_nothing_known_names_nothing(reader: NameReader, stem: str) -> None:
    assert reader.read(stem) is None


def test_airings_and_pages(reader: NameReader) -> None:
    named = reader.read("G-0312-p3-289x380mm")
    assert named is not None
    assert (named.airing_id, named.page, named.width_mm, named.height_mm) == ("g-0312", 3, 289, 380)
    dated = reader.read("gazette_20250312_p12")
    assert dated is not None and (dated.airing_id, dated.page, dated.width_mm) == ("g-0312", 12, None)
    plain = reader.read("a-0312")
    assert plain is not None and (plain.airing_id, plain.start) == ("a-0312", None)


def test_patterns_of_ones_own(held: MissionFolder) -> None:
    reader = NameReader(held.mission, held.airings, ["rec {date} {time} ({outlet})*"])
    assert starts(reader, "REC 20250312 2030 (channel b) copy 2") == ("Channel B", "2025-03-12 20:30:00")
    assert reader.read("a-0312") is None


@pytest.mark.parametrize(
    "pattern",
    ["", "{outlet}", "{date}", "{airing}{airing}", "{channel}_{date}", "{airing", "{outlet}_{date}*_*_*_*", "{}"],
)
def test_patterns_that_say_too_little_or_too_much(held: MissionFolder, pattern: str) -> None:
    with pytest.raises(ProblemsFound, match="is not a pattern"):
        NameReader(held.mission, held.airings, [pattern])


def test_signs_of_expressions_in_a_pattern_are_letters(held: MissionFolder) -> None:
    reader = NameReader(held.mission, held.airings, ["[a.+]({airing})$"])
    assert reader.read("[a.+](a-0312)$") is not None
    assert reader.read("aaa(a-0312)") is None


def test_a_pattern_of_many_stars_answers_at_once(held: MissionFolder) -> None:
    reader = NameReader(held.mission, held.airings, ["*_*_*_{airing}"])
    assert reader.read("_" * 250) is None


def test_the_hour_that_the_clock_skipped_or_showed_twice_is_asked_about(tmp_path: Path) -> None:
    mission = (tmp_path / "mission", write_mission(tmp_path / "mission"))[1] / "mission.toml"
    mission.write_text(mission.read_text(encoding="utf-8").replace("Asia/Tbilisi", "Europe/Kyiv"), encoding="utf-8")
    held = load(mission.parent)
    reader = NameReader(held.mission, held.airings)
    with pytest.raises(ProblemsFound, match="does not exist"):
        reader.read("Channel A_2025-03-30_03-30")
    with pytest.raises(ProblemsFound, match="happened twice"):
        reader.read("Channel A_2025-10-26_03-30")
    assert given_start("2025-10-26 03:30+02:00", held.mission.zone)


@pytest.mark.parametrize("written", ["", "20:30", "2025-03-12", "2025-03-12 25:00", "yesterday", "2025-02-30 20:00"])
def test_a_start_is_a_date_and_a_time(reader: NameReader, written: str) -> None:
    with pytest.raises(ProblemsFound, match="is not a start"):
        given_start(written, reader.mission.zone)


@given(
    moment=st.datetimes(datetime(2006, 1, 1), datetime(2035, 12, 31)).map(lambda each: each.replace(microsecond=0)),
    outlet=st.sampled_from(["Channel A", "Channel B", "Channel A Plus", "Gazette"]),
)
def test_a_name_that_was_written_is_read_back(reader: NameReader, moment: datetime, outlet: str) -> None:
    assert starts(reader, name_of(outlet, f"{moment}")) == (outlet, f"{moment}")


@given(stem=st.text(max_size=60))
def test_no_name_breaks_the_reader(reader: NameReader, stem: str) -> None:
    named = reader.read(stem)
    assert named is None or named.airing_id or named.start is not None


def test_the_known_airings_are_those_of_the_mission(held: MissionFolder) -> None:
    assert len(held.airings) == AIRINGS.count("\n") - 1
