"""`python -m models finetune` and `export`: one model made from a table, by the commands alone."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from models import folder as folders
from models.__main__ import app
from tests.models import tiny


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def test_a_table_becomes_a_small_model(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="fine-tuning needs torch (requirements-transformer.txt)")
    pytest.importorskip("onnx", reason="export needs onnx (requirements-transformer.txt)")
    table = tmp_path / "rows.csv"
    pd.DataFrame(tiny.labelled()).to_csv(table, index=False)
    base = tiny.bert(tmp_path / "base")
    numbers = ("--epochs", 2, "--batch", 8, "--development", 0.25, "--max-tokens", 32, "--learning-rate", 0.002)
    code, told = run("finetune", table, "--base", base, "--out", tmp_path / "full", "--language", "en", *numbers)
    assert code == 0, told
    assert "epoch 2: loss" in told
    assert "kept back" in told
    options = ("--texts", table, "--held-out", table, "--prune-vocabulary", table)
    code, told = run("export", tmp_path / "full", "--out", tmp_path / "small", *options)
    assert code == 0, told
    assert "changed their likeliest tone" in told
    made = folders.open_model(tmp_path / "small")
    assert made.model.languages == {"en"}
    assert made.calibration[""].rows == 120
    code, told = run("finetune", table, "--base", base, "--out", tmp_path / "full", *numbers)
    assert code == 1
    assert "there already" in told


def test_what_is_wrong_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    table = tmp_path / "rows.csv"
    pd.DataFrame(tiny.labelled()).to_csv(table, index=False)
    code, told = run("finetune", table, "--base", "owner/name", "--out", tmp_path / "m")
    assert code == 1
    assert "HF_HUB_OFFLINE forbids" in told
    code, told = run("export", tmp_path / "none", "--out", tmp_path / "m")
    assert code == 1
    assert "not a folder" in told
    code, told = run("finetune", table, "--base", tmp_path, "--out", tmp_path / "m", "--epochs", 0)
    assert code == 1
    assert "at least 1" in told
