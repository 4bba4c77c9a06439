"""`python -m monitoring compare`: its shape, the notice, the file beside the file, and what it refuses."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring.__main__ import app
from monitoring.comparison.compare import COLUMNS
from tests.missions import SUBJECTS, write_mission
from tests.pages.conftest import ROOT

SAMPLE = str(ROOT / "sample_data" / "kazakhstan_2007")


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["compare", SAMPLE, *arguments])
    return done.exit_code, done.stdout, done.stderr


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_standard_output_has_exactly_the_columns() -> None:
    code, out, beside = run("--outlets", "Astana TV", "TV Khabar", "--csv", "-")
    assert code == 0
    assert tuple(out.splitlines()[0].split(",")) == COLUMNS
    assert "synthetic segments" in beside
    assert "synthetic segments" not in out
    assert {row["family"] for row in rows_of(out)} == {"7"}


def test_for_people_the_answer_its_sentences_and_the_limits() -> None:
    code, out, _ = run("--outlets", "Astana TV", "TV Khabar", "--quantity", "tone")
    assert code == 0
    assert "Kazakhstan 2007 (synthetic segments)" in out
    assert "Nur Otan’s tone balance was 0.61 higher on Astana TV (+0.71, 216 segments)" in out
    assert "these days do not show a difference" in out
    assert "These limits are ours" in out
    assert "moderate from 0.20 and strong from 0.50" in out


@pytest.mark.parametrize(
    ("arguments", "sides"),
    [
        (["--ownership", "--medium", "tv"], ("TV Kazakhstan, TV Khabar", "Astana TV, Channel 31, KTK")),
        (["--before", "2007-08-01", "--outlet", "KTK"], ("/2007-07-31", "2007-08-01/")),
        (
            ["--weeks", "2007-07-25", "2007-08-07", "--medium", "tv", "--group", "Nur Otan"],
            ("2007-07-23/2007-07-29", "2007-08-06/2007-08-12"),
        ),
        (
            ["--periods", "2007-07-18", "2007-07-30", "2007-07-31", "2007-08-16", "--outlet", "KTK"],
            ("2007-07-18/2007-07-30", "2007-07-31/2007-08-16"),
        ),
        (["--contestants", "Nur Otan", "ANSDP", "--medium", "tv", "--quantity", "tone"], ("Nur Otan", "ANSDP")),
    ],
)
def test_every_kind(arguments: list[str], sides: tuple[str, str]) -> None:
    code, out, _ = run(*arguments, "--csv", "-")
    assert code == 0
    assert {(row["side_a"], row["side_b"]) for row in rows_of(out)} == {sides}


def test_a_file_gets_its_description_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "compared.csv"
    code, out, _ = run("--contestants", "Nur Otan", "ANSDP", "--outlet", "KTK", "--csv", str(file))
    assert code == 0
    assert "synthetic segments" in out
    beside = json.loads(next(tmp_path.glob("compared*metadata.json")).read_text(encoding="utf-8"))
    assert (beside["report"], beside["kind"], beside["rows"]) == ("compare", "contestants", 1)
    assert beside["a"] == {"group": "Nur Otan"}
    assert beside["permutations"] == 4999


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "choose exactly one"),
        (["--ownership", "--before", "2007-08-01"], "--ownership, --before"),
        (["--outlets", "KTK", "Liter"], "different units"),
        (["--ownership"], "different units"),
        (["--outlets", "KTK", "Kanal"], "Kanal"),
        (["--contestants", "Nur Otan", "Nobody", "--medium", "tv"], "Nobody"),
    ],
)
def test_what_cannot_be_compared_is_told(arguments: list[str], told: str) -> None:
    code, out, beside = run(*arguments)
    assert code == 1
    assert told in out + beside


@pytest.mark.parametrize("kind", [["--outlets", "Channel A", "Channel B"], ["--ownership"], ["--before", "2025-03-12"]])
def test_a_mission_without_contestants_says_what_to_do(kind: list[str], tmp_path: Path) -> None:
    nobody = SUBJECTS.replace("party,1,", "party,,").replace("party,2,", "party,,").replace("party,3,", "party,,")
    nobody = nobody.replace("Blue Party,2025-03-10", ",").replace("Blue Party,,2025-03-14", ",,")
    nobody = nobody.replace("Ana Turncoat,,,Red Party,2025-03-15,,,,,,\n", "")
    folder = write_mission(tmp_path / "nobody", subjects=nobody)
    (folder / "segments.csv").write_text(
        "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at\n"
        "00000000-0000-0000-0000-000000000001,a-0312,0,60000,Blue Party,neutral,news,c,2025-04-01T10:00:00Z\n"
    )
    done = CliRunner().invoke(app, ["compare", str(folder), *kind, "--medium", "tv"])
    assert done.exit_code == 0, done.exception
    assert "Nobody stands on the ballot" in done.stdout
    listed = CliRunner().invoke(app, ["compare", str(folder), *kind, "--medium", "tv", "--csv", "-"])
    assert rows_of(listed.stdout) == []
    assert listed.stdout.strip() == ",".join(COLUMNS)
