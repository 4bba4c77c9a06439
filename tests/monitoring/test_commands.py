"""The commands as a person types them: answers, refusals, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from coding.store.places import DATA_VARIABLE
from tests.missions import AIRINGS, write_mission

ROOT = Path(__file__).parent.parent.parent
HEADER = "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at\n"
ROWS = HEADER + (
    "00000000-0000-0000-0000-000000000001,a-0312,0,60000,Blue Party,neutral,news,c,2025-04-01T10:00:00Z\n"
    "00000000-0000-0000-0000-000000000002,a-0312,0,180000,Red Party,positive,news,c,2025-04-01T10:00:00Z\n"
)


def run(*arguments: str, package: str = "monitoring", data: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**__import__("os").environ} | ({DATA_VARIABLE: str(data)} if data else {})
    command = [sys.executable, "-m", package, *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, env=environment
    )


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    return write_mission(tmp_path / "mission", segments=ROWS)


def test_check_says_what_a_mission_holds(mission: Path) -> None:
    done = run("check", str(mission))
    assert done.returncode == 0
    assert "A small mission (made for a test)" in done.stdout
    assert "3 monitored outlets, 7 subjects (3 contestants), 7 airings, 2 segments" in done.stdout
    assert "1 airings were planned and not monitored" in done.stdout
    assert "1 airings lie outside every period or window" in done.stdout


@pytest.mark.parametrize("package", ["monitoring", "coding"])
def test_check_names_every_problem_and_exits_1(mission: Path, package: str) -> None:
    write_mission(mission, segments=ROWS.replace("Blue Party", "Bleu Party").replace("positive", "great"))
    done = run("check", str(mission), package=package)
    assert done.returncode == 1
    assert "segments.csv:2 subject: «Bleu Party» is not in subjects.csv." in done.stderr
    assert "segments.csv:3 tone: «great» is not on the tone scale." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_for_people_carries_percentages_with_their_amounts(mission: Path) -> None:
    done = run("share", str(mission), "--outlet", "Channel A")
    assert done.returncode == 0
    assert "25.0\u00a0%" in done.stdout
    assert "0:01:00" in done.stdout
    assert "0:04:00" in done.stdout


def test_a_csv_file_has_its_description_beside_it(mission: Path, tmp_path: Path) -> None:
    target = tmp_path / "share.csv"
    done = run("share", str(mission), "--medium", "tv", "--by", "group", "--csv", str(target))
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(target).set_index("group").loc["Red Party", "value"] == 0.75
    described = json.loads((tmp_path / "share.csv-metadata.json").read_text(encoding="utf-8"))
    assert described["notice"] == "made for a test"
    assert described["selection"]["media"] == ["tv"]
    assert len(described["store_fingerprint"]) == 64


def test_mixed_units_are_an_error_that_says_what_to_do(mission: Path) -> None:
    write_mission(
        mission,
        segments=ROWS
        + "00000000-0000-0000-0000-000000000003,a-0313,0,5000,Red Party,neutral,news,c,2025-04-01T10:00:00Z\n",
    )
    paper = "00000000-0000-0000-0000-000000000004,g-0312,,,Red Party,neutral,news,c,2025-04-01T10:00:00Z\n"
    text = (
        (mission / "segments.csv")
        .read_text(encoding="utf-8")
        .replace(",coded_at\n", ",coded_at,amount\n")
        .replace("Z\n", "Z,\n")
    )
    (mission / "segments.csv").write_text(text + paper.replace("Z\n", "Z,5000\n"), encoding="utf-8")
    done = run("share", str(mission), "--by", "group")
    assert done.returncode == 1
    assert "amounts of different units (mm2, ms) would be added" in done.stderr


def test_a_changed_folder_is_never_answered_from_the_cache(mission: Path) -> None:
    before = run("share", str(mission), "--by", "group", "--medium", "tv", "--csv", "-").stdout
    write_mission(mission, segments=ROWS.replace("180000", "60000"))
    after = run("share", str(mission), "--by", "group", "--medium", "tv", "--csv", "-").stdout
    assert "Red Party,0.75" in before
    assert "Red Party,0.5" in after


def test_a_folder_into_a_store_and_back_again(mission: Path, tmp_path: Path) -> None:
    data = tmp_path / "own"
    assert run("import", str(mission), data=data, package="coding").returncode == 0
    store = data / "stores" / "small.sqlite"
    assert store.is_file()
    again = run("import", str(mission), str(store), data=data)
    assert "0 segments stored, 2 already there" in again.stdout
    out = run("export", str(store), str(tmp_path / "copy"), data=data)
    assert "made for a test" in out.stdout
    copied, original = (
        run("share", str(place), "--csv", "-", data=data).stdout for place in (tmp_path / "copy", mission)
    )
    assert copied == original
    assert copied.count("\n") > 5


def test_segments_into_a_folder_change_only_what_they_must(mission: Path, tmp_path: Path) -> None:
    (mission / "notes.txt").write_text("mine", encoding="utf-8")
    toml = (mission / "mission.toml").read_bytes()
    more = tmp_path / "more.csv"
    more.write_text(
        HEADER
        + "00000000-0000-0000-0000-000000000009,b-0312,0,60000,Green Party,neutral,news,c,2025-04-01T10:00:00Z\n",
        encoding="utf-8",
    )
    assert run("import", str(more), str(mission)).returncode == 0
    assert "3 segments" in run("check", str(mission)).stdout
    assert (mission / "mission.toml").read_bytes() == toml
    assert (mission / "notes.txt").read_text(encoding="utf-8") == "mine"
    more.write_text(
        HEADER + "00000000-0000-0000-0000-000000000010,b-0312,0,60000,Grün,neutral,news,c,2025-04-01T10:00:00Z\n",
        encoding="utf-8",
    )
    before = (mission / "segments.csv").read_bytes()
    refused = run("import", str(more), str(mission))
    assert refused.returncode == 1
    assert "Grün" in refused.stderr
    assert (mission / "segments.csv").read_bytes() == before


def test_a_new_mission_from_a_file_of_totals(tmp_path: Path) -> None:
    totals = tmp_path / "totals.csv"
    rows = ["Service;Circonscription;Candidat;Type de temps;Durée;Pourcentage"]
    for name, seconds in (("DUPONT JEANNE", 30), ("MARTIN PAUL", 90)):
        rows += [f"TV1;00_NATIONAL;{name};Candidat;00:{seconds // 60:02d}:{seconds % 60:02d};-"]
        rows += [f"TV1;00_NATIONAL;{name};Total Temps de parole;00:{seconds // 60:02d}:{seconds % 60:02d};-"]
    totals.write_text("\r\n".join(rows) + "\r\n", encoding="iso-8859-1", newline="")
    period = ["--from", "2022-01-01", "--to", "2022-03-07", "--time-zone", "Europe/Paris", "--mapping", "arcom"]
    target = tmp_path / "france"
    assert run("import", str(totals), "--new", str(target), *period).returncode == 0
    assert "0.25" in run("share", str(target), "--speech", "direct", "--csv", "-").stdout
    assert run("import", str(totals), "--new", str(target), *period).returncode == 1
    missing = run("import", str(totals), "--new", str(tmp_path / "other"), "--mapping", "arcom")
    assert missing.returncode == 1
    assert not (tmp_path / "other").exists()


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = run("share", str(tmp_path / "none.sqlite"))
    assert done.returncode == 1
    assert "there is no store here" in done.stderr
    assert not (tmp_path / "none.sqlite").exists()


def test_a_night_over_midnight_and_an_issue_are_in_the_hours(mission: Path) -> None:
    assert "a-0317" in AIRINGS
    done = run("hours", str(mission), "--csv", "-")
    assert "Gazette,coded,9000.0" in done.stdout
