"""`python -m monitoring carries`: its sentence, its exact CSV, and what it refuses."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.missions import write_mission
from tests.monitoring.intervals.days import airings
from tests.monitoring.test_commands import HEADER, ROOT, run

SAMPLE = str(ROOT / "sample_data" / "kazakhstan_2007")
COLUMNS = ["outlet", "group", "unit", "left_out", "date", "airing_id", "programme", "value", "without", "change"]


def test_people_get_a_sentence_and_two_tables() -> None:
    done = run("carries", SAMPLE, "--medium", "tv")
    assert done.returncode == 0, done.stderr
    assert "Kazakhstan 2007 (synthetic segments)" in done.stdout
    assert "in place of" in done.stdout
    assert "who is first among the contestants" in done.stdout
    assert "Lowest without one" in done.stdout
    assert "share of the time given to all subjects" in done.stdout


@pytest.mark.parametrize(("of", "kind"), [("day", "outlet-day"), ("airing", "airing")])
def test_the_csv_has_its_columns_and_a_description(tmp_path: Path, of: str, kind: str) -> None:
    target = tmp_path / "carries.csv"
    done = run("carries", SAMPLE, "--medium", "tv", "--of", of, "--csv", str(target))
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(target, keep_default_na=False)
    assert list(found.columns) == COLUMNS
    assert set(found["left_out"]) == {kind}
    assert (found["airing_id"] != "").all() == (of == "airing")
    described = json.loads((tmp_path / "carries.csv-metadata.json").read_text(encoding="utf-8"))
    assert (described["notice"], described["metric"], described["report"]) == ("synthetic segments", "share", "carries")


def test_what_is_unknown_or_cannot_be_left_out_is_refused(tmp_path: Path) -> None:
    unknown = run("carries", SAMPLE, "--metric", "fairness", "--of", "week")
    assert unknown.returncode == 1
    assert "fairness" in unknown.stderr
    assert "week" in unknown.stderr
    hours = run("carries", SAMPLE, "--metric", "hours")
    assert hours.returncode == 1
    assert "hours has no days that could be left out" in hours.stderr
    empty = write_mission(tmp_path / "empty", airings=airings(), segments=HEADER)
    nothing = run("carries", str(empty), "--medium", "radio", "--csv", "-")
    assert nothing.returncode == 1
    assert "nothing that could be left out" in nothing.stderr
    assert "Traceback" not in nothing.stderr
