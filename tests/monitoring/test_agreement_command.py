"""`python -m monitoring agreement`: columns, what is asked for, the notice, and the file beside the file."""

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from coding.mission.loader import load
from monitoring.__main__ import app
from monitoring.agreement.measures import REPORT
from monitoring.agreement.spread import SPREAD
from monitoring.agreement_command import printed_spread
from monitoring.words import Words
from tests.missions import write_mission
from tests.monitoring.agreement.coded_twice import write_coded_twice


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A coder's name begins as a formula does."""
    return str(write_coded_twice(tmp_path_factory.mktemp("missions") / "twice", ("=ann", "ben")))


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["agreement", *arguments])
    return done.exit_code, done.stdout, done.stderr


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_standard_output_has_exactly_the_columns_of_the_report(folder: str) -> None:
    code, out, beside = run(folder, "--csv", "-")
    assert code == 0
    assert tuple(out.splitlines()[0].split(",")) == REPORT
    assert "made for a test" not in out
    assert "made for a test" in beside
    assert {"all", "outlet", "week", "coder", "coder_pair", "subject"} == {row["by"] for row in rows_of(out)}


def test_only_what_was_asked_for(folder: str) -> None:
    rows = rows_of(run(folder, "--variable", "tone", "--by", "coder", "--csv", "-")[1])
    assert {(row["variable"], row["by"]) for row in rows} == {("tone", "coder")}
    assert {row["group"] for row in rows} == {"'=ann", "ben"}, "a spreadsheet would take the name for a formula"


def test_for_people_it_says_what_may_be_concluded_and_whose_thresholds(folder: str) -> None:
    code, words, _ = run(folder)
    assert code == 0
    assert "A small mission (made for a test)" in words
    assert "Too little to judge agreement on tone: 27 passages on 3 outlet-days by 2 coders" in words
    assert "Krippendorff asks for at least 0.800" in words
    assert "no published threshold is known to us" in words
    assert "share at least half of the shorter one" in words


def test_a_file_gets_its_description_beside_it(folder: str, tmp_path: Path) -> None:
    file = tmp_path / "agreement.csv"
    code, words, _ = run(folder, "--by", "all", "--csv", str(file))
    assert code == 0
    assert "(made for a test)" in words
    beside = json.loads(next(tmp_path.glob("agreement*metadata.json")).read_text(encoding="utf-8"))
    assert beside["rows"] == len(rows_of(file.read_text(encoding="utf-8")))
    assert (beside["report"], beside["notice"]) == ("agreement", "made for a test")


def test_the_published_numbers_under_both_codings(folder: str) -> None:
    out = run(folder, "--spread", "--csv", "-")[1]
    assert tuple(out.splitlines()[0].split(",")) == SPREAD
    tones = {row["group"]: row for row in rows_of(out) if (row["measure"], row["by"]) == ("balance", "second")}
    assert float(tones["Blue Party"]["value"]) < float(tones["Blue Party"]["reference"])
    found = pd.read_csv(io.StringIO(out)).fillna({"coder": ""})
    printed = printed_spread(found, Words(load(Path(folder)).mission))
    assert "A small mission (made for a test)\nToo little was coded twice to say" in printed
    assert "All second codings" in printed


@pytest.mark.parametrize("option", [("--by", "week"), ("--variable", "tone")])
def test_a_choice_that_the_published_numbers_do_not_know_is_refused(folder: str, option: tuple[str, str]) -> None:
    code, out, words = run(folder, "--spread", *option)
    assert (code, out) == (1, "")
    assert f"knows no {option[0]}" in words


def test_nothing_coded_twice_is_said(tmp_path: Path) -> None:
    alone = str(write_mission(tmp_path / "alone"))
    assert "No airing has two finished codings yet" in run(alone)[1]
    assert run(alone, "--csv", "-")[1].splitlines() == [",".join(REPORT)]


def test_a_split_that_does_not_exist_is_refused(folder: str) -> None:
    code, _, words = run(folder, "--by", "colour")
    assert code != 0
    assert "coder_pair" in words
