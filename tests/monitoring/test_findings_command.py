"""`python -m monitoring findings`: sentences for people, every number of them as CSV."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd

from monitoring.findings.findings import TABLE

ROOT = Path(__file__).parent.parent.parent
SAMPLE = "sample_data/kazakhstan_2007"


def run(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "monitoring", "findings", SAMPLE, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


def test_sentences_in_a_language_with_what_was_not_made() -> None:
    said = run("--language", "ru", "--medium", "tv", "--format", "news", "--kind", "shares", "--kind", "counting")
    told = said.stdout.decode()
    assert said.returncode == 0
    assert "Хабар, политические новости: Народно-демократическая партия «Нур Отан» — 20" in told
    assert "Без вывода" in told
    assert told.count("(synthetic segments)") > 5


def test_csv_has_every_number_and_the_notice_goes_beside_it(tmp_path: Path) -> None:
    asked = ("--medium", "tv", "--kind", "shares")
    said = run(*asked, "--csv", "-")
    found = pd.read_csv(io.BytesIO(said.stdout))
    assert list(found.columns) == list(TABLE)
    assert b"synthetic segments" in said.stderr
    file = tmp_path / "findings.csv"
    assert run(*asked, "--csv", str(file)).returncode == 0
    assert file.read_bytes() == said.stdout
    described = json.loads((tmp_path / "findings.csv-metadata.json").read_text(encoding="utf-8"))
    assert (described["rows"], described["notice"], described["kinds"]) == (
        len(found),
        "synthetic segments",
        ["shares"],
    )
    assert set(found["fingerprint"]) == {described["store_fingerprint"]}


def test_what_is_wrong_is_named() -> None:
    said = run("--outlet", "Nowhere TV")
    assert said.returncode == 1
    assert "Nowhere TV" in said.stderr.decode() + said.stdout.decode()
