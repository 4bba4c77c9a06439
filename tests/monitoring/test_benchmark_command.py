"""`python -m monitoring benchmark`: all benchmarks unless some are named, vectors, the notice, the file beside the file."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring.__main__ import app
from monitoring.benchmarks.distances import DISTANCE
from monitoring.benchmarks.gaps import GAP
from tests.missions import MISSION, write_mission

VOTES = """
[[benchmarks]]
name = "votes"
source = "counted by hand"
[benchmarks.weights]
"Blue Party" = 3
"Red Party" = 1
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = write_mission(tmp_path_factory.mktemp("missions") / "small", mission=MISSION + VOTES)
    head = "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at\n"
    rows = [("1", 0, 90_000, "Blue Party"), ("2", 90_000, 120_000, "Red Party")]
    (made / "segments.csv").write_text(
        head
        + "".join(
            f"00000000-0000-0000-0000-00000000000{number},a-0312,{start},{end},{subject},neutral,news,c,"
            "2025-04-01T10:00:00Z\n"
            for number, start, end, subject in rows
        )
    )
    return str(made)


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["benchmark", *arguments])
    return done.exit_code, done.stdout, done.stderr


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_all_benchmarks_of_the_mission_without_any_choice(folder: str) -> None:
    code, out, beside = run(folder, "--medium", "tv", "--csv", "-")
    assert code == 0
    assert tuple(out.splitlines()[0].split(",")) == ("outlet", "benchmark", "group", *GAP)
    assert "made for a test" in beside
    assert "made for a test" not in out
    assert list(dict.fromkeys(row["benchmark"] for row in rows_of(out))) == ["equal", "votes"]
    blue = next(row for row in rows_of(out) if row["benchmark"] == "votes" and row["group"] == "Blue Party")
    assert (float(blue["value"]), blue["amount"], blue["total_amount"]) == (0.0, "90000", "120000")


def test_only_the_named_ones_and_the_users_own(folder: str) -> None:
    asked = (folder, "--benchmark", "mine", "--vector", "mine: Green Party=1", "--csv", "-")
    rows = [row for row in rows_of(run(*asked)[1]) if row["outlet"] == "Channel A"]
    assert {row["benchmark"] for row in rows} == {"mine"}
    assert [float(row["value"]) for row in rows] == [0.75, 0.25, -1.0]


def test_distances_by_other_places(folder: str) -> None:
    out = run(folder, "--distances", "--by", "medium,slot", "--medium", "tv", "--csv", "-")[1]
    assert tuple(out.splitlines()[0].split(",")) == ("medium", "slot", "benchmark", "measure", *DISTANCE)
    moved = next(row for row in rows_of(out) if (row["benchmark"], row["measure"]) == ("equal", "total_variation"))
    assert float(moved["value"]) == pytest.approx(0.75 - 1 / 3)


def test_all_places_together_have_a_name(folder: str) -> None:
    code, out, _ = run(folder, "--medium", "tv", "--by", "")
    assert code == 0
    assert "75.0" in out


def test_people_are_told_answer_sources_and_who_has_no_number(folder: str) -> None:
    code, out, _ = run(folder, "--medium", "tv", "--vector", "Green Party=1")
    assert code == 0
    for words in (
        "made for a test",
        "equal: each contestant the same",
        "votes: counted by hand",
        "own: entered by the user",
        "votes has no number for Green Party: taken as nothing due.",
        "Too little material",
        "the time of all contestants",
        "office-holders counted as institutions",
    ):
        assert words in out
    assert "To change hands" in run(folder, "--distances")[1]


def test_what_does_not_exist_is_refused_in_words(folder: str) -> None:
    code, _, beside = run(folder, "--benchmark", "seats")
    assert code == 1
    assert "«seats» is not known. Known: equal, votes." in beside
    code, _, beside = run(folder, "--vector", "Nobody=1", "--vector", "Blue Party")
    assert code == 1
    assert "«Nobody» is not known" in beside
    assert "«Blue Party» is no number of a contestant" in beside
    assert run(folder, "--by", "group")[0] == 1


def test_a_file_has_its_description_beside_it(folder: str, tmp_path: Path) -> None:
    file = tmp_path / "gaps.csv"
    code, out, _ = run(folder, "--medium", "tv", "--csv", str(file))
    assert code == 0
    assert "made for a test" in out
    told = json.loads((tmp_path / "gaps.csv-metadata.json").read_text(encoding="utf-8"))
    assert told["notice"] == "made for a test"
    assert told["benchmarks"]["votes"]["due"] == {"Blue Party": 0.75, "Red Party": 0.25, "Green Party": 0.0}
    assert told["rows"] == len(rows_of(file.read_text(encoding="utf-8")))


def test_a_mission_without_contestants_is_told_what_to_do(tmp_path: Path) -> None:
    from tests.missions import SUBJECTS

    nobody = "\n".join(line for line in SUBJECTS.splitlines() if ",party," not in line and "Turncoat" not in line)
    folder = write_mission(tmp_path / "nobody", subjects=nobody.replace("Blue Party,2025-03-10", ",") + "\n")
    code, out, _ = run(str(folder))
    assert code == 0
    assert "Nobody stands on the ballot" in out
