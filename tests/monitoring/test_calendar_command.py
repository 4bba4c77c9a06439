"""`python -m monitoring calendar`: the table of outlet-days, the holes, the bounds, the notice, and what is refused."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring.__main__ import app
from monitoring.completeness.airings import COLUMNS as AIRINGS
from monitoring.completeness.bounds import BOUNDS
from monitoring.completeness.calendar import COLUMNS
from tests.missions import write_mission


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_mission(tmp_path_factory.mktemp("missions") / "small"))


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["calendar", *arguments])
    return done.exit_code, done.stdout, done.stderr


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("options", "columns"),
    [((), COLUMNS), (("--holes",), AIRINGS), (("--bounds",), ("outlet", "group", *BOUNDS))],
)
def test_standard_output_has_exactly_the_columns(
    folder: str, options: tuple[str, ...], columns: tuple[str, ...]
) -> None:
    code, out, beside = run(folder, *options, "--csv", "-")
    assert code == 0
    assert tuple(out.splitlines()[0].split(",")) == columns
    assert "made for a test" not in out
    assert "made for a test" in beside


def test_the_airing_that_was_not_recorded_is_the_one_hole(folder: str) -> None:
    holes = rows_of(run(folder, "--holes", "--csv", "-")[1])
    assert [(row["airing_id"], row["reason"], row["missing"]) for row in holes] == [
        ("b-0313", "not_monitored", "1800000")
    ]
    days = rows_of(run(folder, "--csv", "-")[1])
    assert [(row["outlet"], row["date"]) for row in days if row["missing_airings"] != "0"] == [
        ("Channel B", "2025-03-13")
    ]


def test_people_read_the_answer_a_table_and_a_line_of_marks(folder: str) -> None:
    out = run(folder, "--outlet", "Channel B", "--from", "2025-03-10", "--to", "2025-03-16")[1]
    assert "Missing: 1 of 2 planned airings; the largest hole is Channel B on 13 March (0:30:00)" in out
    assert "made for a test" in out
    assert "Channel B  ··○✕···" in out
    assert "✕ planned, not monitored" in out
    assert "not monitored" in run(folder, "--holes")[1]
    assert "Worst case" in run(folder, "--bounds", "--medium", "tv")[1]
    assert "all of the missing time or space about this row" in run(folder, "--bounds", "--balance")[1]


def test_a_file_comes_with_what_it_was_made_of(folder: str, tmp_path: Path) -> None:
    file = tmp_path / "bounds.csv"
    code, out, _ = run(folder, "--bounds", "--medium", "tv", "--format", "all", "--csv", str(file))
    assert code == 0
    assert "made for a test" in out
    described = json.loads(file.with_name("bounds.csv-metadata.json").read_text("utf-8"))
    assert described["notice"] == "made for a test"
    assert described["report"] == "bounds"
    assert "paid advertising" in described["formats"]
    assert described["rows"] == len(rows_of(file.read_text("utf-8")))


@pytest.mark.parametrize(
    "options", [("--bounds", "--holes"), ("--balance",), ("--format", "news"), ("--subject", "Blue Party")]
)
def test_what_does_not_go_together_is_refused(folder: str, options: tuple[str, ...]) -> None:
    code, out, beside = run(folder, *options)
    assert code == 1
    assert options[0] in beside + out or "hours are those" in beside + out


def test_bounds_of_the_balance(folder: str) -> None:
    rows = rows_of(run(folder, "--bounds", "--balance", "--outlet", "Channel B", "--csv", "-")[1])
    assert {row["missing_airings"] for row in rows} == {"1"}
    assert {(row["lowest"], row["highest"]) for row in rows} == {("-1.0", "1.0")}, "nothing coded there says anything"
