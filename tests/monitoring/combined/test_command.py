"""`python -m monitoring combined`: the table, its columns as CSV with the notice beside it, and the refusal."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coding.store import Store
from coding.suggestions import reading
from monitoring.__main__ import app
from monitoring.combined.report import no_rows
from tests.monitoring.combined.made import Reader, airings, ready

Make = Callable[..., Store]


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EVENHAND_DATA", str(tmp_path))
    monkeypatch.setattr(reading, "opened", lambda _: Reader())


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["combined", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_it_reads_where_asked_and_prints_both(small_store: Make) -> None:
    store, _ = ready(small_store)
    code, _, beside = run(store.url)
    assert code == 1
    assert "has not read 44 of 44" in beside
    code, words, _ = run(store.url, "--read", "--by", "group")
    assert code == 0
    assert "A small mission (made for a test)" in words
    assert "drawn at random and coded blind" in words
    assert "Hand-coded sample alone" in words


def test_csv_has_exactly_the_columns(small_store: Make, tmp_path: Path) -> None:
    store, _ = ready(small_store)
    code, out, beside = run(store.url, "--read", "--csv", "-")
    assert code == 0
    assert out.splitlines()[0].split(",") == list(no_rows(("outlet", "group")).columns)
    assert "made for a test" not in out
    assert "made for a test" in beside
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["sampled"] for row in rows} == {"12"}
    file = tmp_path / "both.csv"
    code, words, _ = run(store.url, "--csv", str(file))
    assert "made for a test" in words
    described = json.loads((tmp_path / "both.csv-metadata.json").read_text())
    assert (described["notice"], described["rows"]) == ("made for a test", len(rows))


def test_a_refusal_says_what_to_do(small_store: Make) -> None:
    code, _, beside = run(small_store(airings=airings()).url)
    assert code == 1
    assert "Hand out airings on the page Queue" in beside
    store, _ = ready(small_store)
    assert "not by week" in run(store.url, "--by", "week,group")[2]
