"""`python -m monitoring rules`: the answers for people, exact columns for machines, the notice beside both."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer import Typer
from typer.testing import CliRunner

from monitoring.entitled.judged import COLUMNS
from monitoring.findings_command import findings
from monitoring.rules_command import rules
from tests.fictitious import BLUE, GREEN, INCIDENTS, RED, write_fictitious
from tests.missions import write_mission

app = Typer()
app.command()(rules)
run = CliRunner()


@pytest.fixture(scope="module")
def teapotia(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_fictitious(tmp_path_factory.mktemp("command") / "teapotia", incidents=INCIDENTS))


def test_it_prints_each_answer_with_its_source(teapotia: str) -> None:
    done = run.invoke(app, [teapotia])
    assert done.exit_code == 0, done.output
    assert "Fictitious mission: Teapotia (fictitious mission)" in done.output
    assert "2 of 3 used it in full. Short of it: Green Radish Party (0:03:00 left)." in done.output
    assert "Source: election law of Teapotia, article 8" in done.output
    assert "2021-05-09 Lantern TV A free slot was refused" in done.output


def test_one_rule_as_csv_has_exactly_the_columns(teapotia: str) -> None:
    done = run.invoke(app, [teapotia, "--rule", "a third for the palace", "--csv", "-"])
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["outlet"], row["amount"], row["verdict"]) for row in rows] == [
        ("Lantern TV", "360000", "over"),
        ("Compass TV", "120000", "within"),
    ]
    assert "fictitious mission" in done.stderr


def test_a_file_gets_its_description_beside(teapotia: str, tmp_path: Path) -> None:
    done = run.invoke(app, [teapotia, "--csv", str(tmp_path / "rules.csv")])
    assert done.exit_code == 0
    described = json.loads((tmp_path / "rules.csv-metadata.json").read_text(encoding="utf-8"))
    assert described["notice"] == "fictitious mission"
    assert described["rows"] > 20


def test_an_unknown_rule_names_those_there_are(teapotia: str) -> None:
    done = run.invoke(app, [teapotia, "--rule", "no such"])
    assert done.exit_code != 0
    assert "a third for the palace" in done.output


def test_a_mission_without_rules_says_so(tmp_path: Path) -> None:
    done = run.invoke(app, [str(write_mission(tmp_path / "small"))])
    assert done.exit_code == 0
    assert "no rules and no entitlements" in done.output


TOTALS = """airing_id,outlet,date,date_to,kind,programme,format,slot,planned_start,planned_end,actual_start,actual_end,planned_size,actual_size,coded,note
lantern-total,Lantern TV,2021-05-05,2021-05-16,aggregate,Totals,,,,,,,,,yes,
"""


def test_totals_that_an_entitlement_cuts_are_not_judged_and_stop_nothing(tmp_path: Path) -> None:
    """Those of the whole period are judged by it, whole day by whole day, though they lie in no slot."""
    rows = [
        f"00000000-0000-4000-8000-00000000000{number},1,lantern-total,{amount},{who},contestant,none,news,coder-1,2021-05-20T10:00:00Z"
        for number, (who, amount) in enumerate({BLUE: 600_000, RED: 300_000, GREEN: 100_000}.items())
    ]
    head = "segment_id,revision,airing_id,amount,subject,role,speech,format,coder,coded_at"
    segments = "\n".join([head, *rows, ""])
    place = str(write_fictitious(tmp_path / "totals", airings=TOTALS, segments=segments))
    done = run.invoke(app, [place, "--csv", "-"])
    assert done.exit_code == 0, done.output
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    free = [row for row in found if row["rule"] == "free airtime, Lantern TV"]
    assert {(row["verdict"], row["reason"], row["amount"]) for row in free} == {("not judged", "totals", "")}
    equal = [row["verdict"] for row in found if row["rule"] == "equal speaking time" and row["group"]]
    assert sorted(equal) == ["over", "under", "within"]
    said = run.invoke(app, [place, "--rule", "equal speaking time"]).output
    assert "Nothing could be judged" not in said
    assert "60" in said
    numbers = runner_of_findings(place)
    assert numbers.exit_code == 0, numbers.output
    assert next(csv.DictReader(io.StringIO(numbers.stdout)))["low"] == ""


def runner_of_findings(place: str) -> Result:
    """The findings of a mission without any interval, as CSV."""
    command = Typer()
    command.command()(findings)
    return run.invoke(command, [place, "--kind", "rules", "--csv", "-"])
