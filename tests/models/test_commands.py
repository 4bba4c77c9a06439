"""`python -m models`: what it prints, and how it refuses."""

import csv
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models import commands
from models.commands import app, scale_of
from models.refusal import Refused
from models.scale import THREE
from tests.models.told import labelled, suggester

ROWS = [("Blue is bad, says Red.", "negative"), ("Blue is good.", "neutral"), ("=Blue came.", "neutral")]
RUN = CliRunner()
ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "pandas", "scipy", "sklearn", "onnxruntime", "tokenizers", "transformers", "torch", "pymorphy3")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A labelled file; every model is the word model."""
    monkeypatch.setattr(commands, "suggester_at", lambda place: suggester())
    path = tmp_path / "texts.csv"
    labelled(*ROWS, outlet=["A", "B", "B"]).to_csv(path, index=False)
    return path


def test_evaluate_prints_everything_the_worst_first(table: Path) -> None:
    said = RUN.invoke(app, ["evaluate", str(table), "--model", "any", "--swaps"])
    assert said.exit_code == 0, said.output
    assert "Model words-1." in said.output
    assert "3 rows, 3 of them judged, in 2 groups; something was suggested for 0 (silent: unsure 3)." in said.output
    assert "66.7" in said.output
    assert said.output.index("B †") < said.output.index("A †")
    assert "fewer than 30 judged rows or 10 groups" in said.output
    assert "names exchanged in 3 texts: 1 swaps and 2 replacements; labels changed in 0, silence in 0" in said.output


def test_evaluate_gives_csv_and_json(table: Path, tmp_path: Path) -> None:
    said = RUN.invoke(app, ["evaluate", str(table), "--model", "any", "--by", "outlet", "--csv", "-"])
    rows = list(csv.DictReader(StringIO(said.stdout)))
    assert [(row["dimension"], row["value"]) for row in rows] == [("", ""), ("outlet", "B"), ("outlet", "A")]
    said = RUN.invoke(app, ["evaluate", str(table), "--model", "any", "--json", "--swaps"])
    held = json.loads(said.stdout)
    assert held["overall"]["judged"] == 3
    assert held["swaps"]["labels"] == 0
    target = tmp_path / "out.csv"
    said = RUN.invoke(app, ["evaluate", str(table), "--model", "any", "--csv", str(target)])
    assert target.read_text(encoding="utf-8").startswith("dimension,value,rows")


def test_suggest_needs_no_labels_and_writes_no_formulas(table: Path, tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("text,target\n=Blue is bad,Blue\n", encoding="utf-8")
    said = RUN.invoke(app, ["suggest", str(path), "--model", "any", "--csv", "-"])
    assert said.exit_code == 0, said.output
    (row,) = csv.DictReader(StringIO(said.stdout))
    assert row["text"] == "'=Blue is bad"
    assert (row["silent"], row["model"]) in {("unsure", "words-1"), ("language", "words-1")}
    said = RUN.invoke(app, ["suggest", str(table), "--model", "any", "--json"])
    assert [round(each["probabilities"][0], 1) for each in json.loads(said.stdout)] == [0.8, 0.1, 0.1]
    said = RUN.invoke(app, ["suggest", str(table), "--model", "any"])
    assert "unsure" in said.output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["evaluate", "none.csv", "--model", "any"], "none.csv: there is no such file"),
        (["evaluate", "TABLE", "--model", "any", "--scale", "bad,good=1"], "“bad” is not a point"),
        (["evaluate", "TABLE", "--model", "any", "--scale", "a=-1,b=0,c=1"], "Line 2: the tone “negative” is not on"),
        (["evaluate", "TABLE", "--model", "any", "--by", "colour"], "by colour"),
        (["evaluate", "TABLE", "--model", "any", "--csv", "/nowhere/out.csv"], "cannot be read or written"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(table: Path, arguments: list[str], reason: str) -> None:
    said = RUN.invoke(app, [str(table) if part == "TABLE" else part for part in arguments])
    assert said.exit_code == 1
    assert reason in said.stderr
    assert "Traceback" not in said.output


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    labelled(*ROWS).to_csv(path, index=False)
    said = RUN.invoke(app, ["suggest", str(path), "--model", str(tmp_path)])
    assert said.exit_code == 1
    assert "manifest.json" in said.stderr
    said = RUN.invoke(app, ["suggest", str(path), "--model", "xx"])
    assert (said.exit_code, "xx is not a folder" in said.stderr) == (1, True)


def test_list_names_backends_and_ready_models() -> None:
    said = RUN.invoke(app, ["list"])
    assert said.exit_code == 0, said.output
    assert "Backends: linear, encoder" in said.output
    assert "Ready, en:" in said.output


def test_a_scale_is_written_as_points_and_scores() -> None:
    assert scale_of("negative=-1, neutral=0, positive=1") == THREE
    with pytest.raises(Refused, match="at least two"):
        scale_of("")


def test_help_pays_for_nothing_heavy() -> None:
    code = (
        "import sys, runpy\nsys.argv = ['x', '--help']\n"
        "try:\n    runpy.run_module('models', run_name='__main__')\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
