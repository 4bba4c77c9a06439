"""The recordings to practise on: they exist, play, agree with their airings and with the key of what was meant."""

import csv
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from PIL import Image

from coding.holdings import in_analysis
from coding.mission.model import Mission
from coding.store.places import open_mission
from sample_data.generate_kazakhstan_2007 import FOLDER
from sample_data.kazakhstan_2007_training import (
    BULLETIN,
    ISSUE,
    KEY,
    KEY_COLUMNS,
    LENGTH_MS,
    PAGE,
    PAGE_MM,
    VIDEO,
    area,
    key,
    script,
)

RECORDINGS = FOLDER / "recordings"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mission]:
    patch = pytest.MonkeyPatch()
    patch.setenv("EVENHAND_DATA", str(tmp_path_factory.mktemp("data")))
    yield open_mission(str(FOLDER)).mission()
    patch.undo()


def test_names_carry_the_airing_and_the_files_are_small() -> None:
    assert {path.name for path in RECORDINGS.iterdir()} == {VIDEO, PAGE, KEY}
    assert VIDEO == "tv-khabar-2007-07-17-training.mp4"
    assert PAGE == "kazakhstanskaya-pravda-2007-07-17-training-p1-420x594mm.jpg"
    assert 500_000 < (RECORDINGS / VIDEO).stat().st_size < 4_000_000
    assert 100_000 < (RECORDINGS / PAGE).stat().st_size < 800_000


def test_the_bulletin_plays_in_a_browser_and_is_three_minutes_long() -> None:
    with av.open(str(RECORDINGS / VIDEO)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert container.duration == LENGTH_MS * 1000
        assert (picture.codec_context.name, picture.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (picture.width, picture.height) == (640, 360)
        assert (picture.average_rate, picture.frames) == (Fraction(25), 25 * LENGTH_MS // 1000)
        assert (sound.codec_context.name, sound.codec_context.channels) == ("aac", 1)
        for stream in (picture, sound):
            assert stream.duration is not None and stream.time_base is not None
            assert stream.duration * stream.time_base * 1000 == LENGTH_MS
        assert "ynthetic" in container.metadata["title"]
    content = (RECORDINGS / VIDEO).read_bytes()
    assert content.index(b"moov") < content.index(b"mdat"), (
        "the index stands at the front, so that seeking works at once"
    )


def test_the_page_has_the_shape_of_the_paper_it_says_it_is() -> None:
    with Image.open(RECORDINGS / PAGE) as page:
        width, height = page.size
    assert width >= 1600
    assert height / width == pytest.approx(PAGE_MM[1] / PAGE_MM[0], abs=0.001)


def test_their_airings_are_as_long_and_as_large_as_they_are_and_in_no_result(mission: Mission) -> None:
    airings = {row["airing_id"]: row for row in rows(FOLDER / "airings.csv") if row["date"] == "2007-07-17"}
    assert set(airings) == {BULLETIN["airing_id"], ISSUE["airing_id"]}
    assert {row["coded"] for row in airings.values()} == {"no"}
    assert all("made for training" in row["note"] for row in airings.values())
    loaded = {a.airing_id: a for a in open_mission(str(FOLDER)).airings() if a.airing_id in airings}
    assert not any(in_analysis(airing, mission) for airing in loaded.values())
    assert (loaded[BULLETIN["airing_id"]].planned, loaded[BULLETIN["airing_id"]].monitored) == (LENGTH_MS, LENGTH_MS)
    size = PAGE_MM[0] * PAGE_MM[1]
    assert (loaded[ISSUE["airing_id"]].planned, loaded[ISSUE["airing_id"]].monitored) == (size, size)
    assert not {row["airing_id"] for row in rows(FOLDER / "segments.csv")} & set(airings)


def test_the_shots_follow_each_other_to_the_end_of_the_video() -> None:
    shots = script().shots
    assert (shots[0].start, shots[-1].end) == (0, LENGTH_MS)
    assert all(one.end == following.start for one, following in pairwise(shots))
    assert all(shot.end - shot.start >= 7_000 for shot in shots)
    assert all(shot.caption and shot.caption_en and shot.headline and shot.headline_en for shot in shots)


def test_the_bulletin_has_something_of_everything_a_coder_meets() -> None:
    shots = script().shots
    codes = [one for shot in shots for one in shot.subjects]
    assert {one.tone for one in codes} == {"positive", "neutral", "negative"}
    assert {one.speech for one in codes} == {"direct", "reported", "none"}
    assert any(len(shot.subjects) == 2 for shot in shots)
    assert any(not shot.subjects for shot in shots[1:-1]), "something that is not coded"
    assert {shot.language for shot in shots} == {"ru", "kk"}
    assert {shot.voice for shot in shots if shot.scene == "podium"} == {"man", "woman"}


def test_nobody_is_presented_negatively_by_name_or_speaks() -> None:
    persons = {row["subject"] for row in rows(FOLDER / "subjects.csv") if row["kind"] in ("official", "candidate")}
    told = script()
    about = [one for part in (*told.shots, *told.articles) for one in part.subjects if one.subject in persons]
    assert about
    assert all(one.tone != "negative" and one.speech != "direct" for one in about)


def test_the_key_is_what_the_script_means_in_the_words_of_the_mission(mission: Mission) -> None:
    kept = rows(RECORDINGS / KEY)
    free = next(int(row["amount"]) for row in kept if row["format"] == "free space")
    meant = [{column: row.get(column, "") for column in KEY_COLUMNS} for row in key(script(), free)]
    assert kept == meant
    assert {row["subject"] for row in kept} <= {subject.name for subject in mission.subjects}
    assert {row["tone"] for row in kept} - {""} <= {tone.name for tone in mission.tone}
    assert {row["format"] for row in kept} <= {form.name for form in mission.formats}
    assert {row["topic"] for row in kept} <= set(mission.topics)
    for row in kept:
        if row["start_ms"]:
            assert int(row["amount"]) == int(row["end_ms"]) - int(row["start_ms"])


def test_articles_lie_on_the_page_and_apart() -> None:
    articles = script().articles
    assert sum(area(article) for article in articles) < PAGE_MM[0] * PAGE_MM[1]
    for number, one in enumerate(articles):
        left, top, width, height = one.box
        assert left >= 0 and top >= 0 and left + width <= 1 and top + height <= 1
        for other in articles[number + 1 :]:
            apart_x = left + width <= other.box[0] or other.box[0] + other.box[2] <= left
            apart_y = top + height <= other.box[1] or other.box[1] + other.box[3] <= top
            assert apart_x or apart_y, (one.headline, other.headline)
