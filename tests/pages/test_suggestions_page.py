"""The report on suggestions as a reader sees it: page, chart, sentences, and the command."""

import csv
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from coding.exchange.into import import_folder
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.store.suggestions import Told, record_told
from coding.store.tone_models import ToneModel, add_model
from coding.vocabulary import PersonRole
from monitoring import suggestion_uses
from monitoring.__main__ import app as commands
from monitoring.suggestion_use import MEASURES, REPORT, report
from monitoring.suggestion_words import gain_sentence, pull_sentence
from monitoring.words import Words
from tests.missions import MISSION, segment, write_mission
from tests.monitoring.test_suggestion_use import simulated
from tests.pages.conftest import chart, lines, told
from tests.tone_models import write_linear

ROOT = Path(__file__).parents[2]
Open = Callable[..., AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(write_mission(tmp_path / "mission"), made.url, "test")
    return made


@pytest.fixture
def page(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Open:
    def run(language: str = "en", role: str = PersonRole.ANALYST) -> AppTest:
        signed_in(role)
        monkeypatch.setenv("EVENHAND_MISSION", store.url)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        return app.run().switch_page("monitoring/pages/suggestions.py").run()

    return run


def seen(store: Store, number: int, tone: str, *, shown: bool) -> None:
    """One told segment of the small mission."""
    one = segment(number, start=number * 10, end=number * 10 + 8, tone=tone)
    store.record(one, one.coder)
    record_told(store, Told(
        one.segment_id, one.airing_id, one.coder, one.subject, 1, "0" * 64, "en", ("negative", "neutral", "positive"),
        (0.1, 0.8, 0.1), ("neutral",), "", "v1", not shown, shown, tone,
    ))  # fmt: skip


@pytest.fixture
def much(monkeypatch: pytest.MonkeyPatch) -> None:
    table = simulated(np.random.default_rng(1), 0.2, airings=150)
    monkeypatch.setattr(suggestion_uses, "uses", lambda _: table)


# the page


def test_nothing_yet_says_what_to_do(page: Open, store: Store) -> None:
    app = page()
    assert not app.exception
    assert "Train a model, or put one into use" in app.info[0].value
    add_model(store, ToneModel("v1", "models/v1", "2025-04-01T00:00:00Z", "test", 60), use=True)
    assert "come back when segments have been coded" in page().info[0].value


def test_suggestions_of_another_scale_are_left_out_and_counted(page: Open, store: Store) -> None:
    model = ToneModel("v1", "models/v1", "2025-04-01T00:00:00Z", "test", 60)
    write_linear(model.path, "v1")
    add_model(store, model, use=True)
    seen(store, 1, "neutral", shown=True)
    assert "another tone scale" not in told(page())
    mission = store.mission()
    fewer = tuple(each for each in mission.tone if abs(each.score) < 1)
    store.put_mission(mission.model_copy(update={"tone": fewer}), (), "test", "three points")
    app = page()
    assert "on another tone scale than the mission's: 1 segments" in html.unescape(told(app))
    assert "train it again on the page Tone model" in app.info[0].value
    printed = CliRunner().invoke(commands, ["suggestions", store.url])
    assert "on another tone scale than the mission's: 1 segments" in printed.output


def test_a_mission_without_suggestions_says_so(page: Open, store: Store, tmp_path: Path) -> None:
    folder = write_mission(tmp_path / "again", mission=MISSION + '\n[suggestions]\nshow = "off"\n')
    import_folder(folder, store.url, "test")
    assert "This mission shows no suggestions" in page().info[0].value


@pytest.mark.usefixtures("much")
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_page_in_every_language(page: Open, language: str) -> None:
    app = page(language)
    assert not app.exception
    words = told(app)
    assert "made for a test" in words
    shown = app.dataframe[0].value
    everything = " ".join([words, lines(app, "text"), lines(app, "subtitle"), shown.to_string(), *shown.columns])
    assert not re.search(r"(page|chart|sentence)\.\w", everything)
    assert "made for a test" in lines(app, "subtitle")


@pytest.mark.usefixtures("much")
def test_the_pull_is_said_drawn_and_tabled(page: Open) -> None:
    app = page()
    assert "Suggestions pull the codes: final codes agree" in lines(app, "text")
    names = set(chart_rows(app, "name"))
    assert {"All", "Language: Kazakh", "Language: Russian", "Suggested: negative"} <= names
    table = app.dataframe[0].value
    assert len(table) >= len(MEASURES)
    pull = table[table["Measure"].str.startswith("Pull")].iloc[0]
    assert re.fullmatch(r"\+\d+\.\d", pull["Value"])
    assert not any("coder " in str(cell) for cell in table.to_numpy().ravel())
    assert list(app.dataframe[1].value.columns) == ["Suggested", "Code before", "Final code", "Segments"]


def chart_rows(app: AppTest, field: str) -> list[Any]:
    spec = chart(app)
    held = spec.get("datasets") or {}
    rows = next(iter(held.values()), None) or spec["data"].get("values") or []
    if rows:
        return [row[field] for row in rows]
    import pyarrow as pa

    content = app.get("vega_lite_chart")[0].proto.datasets[0].data.data
    return list(pa.ipc.open_stream(content).read_pandas()[field])


def test_little_is_said_to_be_little(page: Open, store: Store) -> None:
    for number in range(1, 6):
        seen(store, number, "neutral", shown=number > 1)
    app = page()
    little = "Too little to tell whether suggestions pull the codes: shown in 4 segments and withheld in 1"
    assert little in lines(app, "text")
    assert "has been adjudicated or coded a second time" in told(app)


def test_nothing_withheld_has_no_chart_and_says_too_little(page: Open, store: Store) -> None:
    for number in range(1, 4):
        seen(store, number, "neutral", shown=True)
    app = page()
    assert not app.get("vega_lite_chart")
    assert "shown in 3 segments and withheld in 0" in told(app)


def test_a_coder_does_not_see_it(store: Store, signed_in: Callable[[str], None]) -> None:
    signed_in(PersonRole.CODER)
    script = f"import runpy\nrunpy.run_path({str(ROOT / 'monitoring' / 'pages' / 'suggestions.py')!r})"
    app = AppTest.from_string(script, default_timeout=60)
    app.session_state["where"] = store.url
    assert "This page is not for your role" in app.run().error[0].value


# the sentences


@pytest.mark.parametrize(
    ("pull", "words"),
    [(0.25, "Suggestions pull the codes"), (-0.3, "Coders move away"), (0.0, "No pull can be seen")],
)
def test_the_sentence_follows_the_interval(store: Store, pull: float, words: str) -> None:
    found = report(simulated(np.random.default_rng(3), pull, airings=120), 20)
    said = pull_sentence(found, Words(store.mission()))
    assert said.startswith(words)
    assert re.search(r"[+−±]\d+\.\d points \(95 per cent interval [+−]\d", said)


def test_whether_codes_get_better_is_said_or_said_to_be_unknown(store: Store) -> None:
    table, words = simulated(np.random.default_rng(3), 0.0, airings=120), Words(store.mission())
    assert "cannot be told: " in gain_sentence(report(table, 20), words)
    right = table.assign(reference=table["final"].where(table["shown"] | (table.index % 2 == 0), "other"))
    assert gain_sentence(report(right, 20), words).startswith("Where suggestions were shown, codes are nearer")
    wrong = table.assign(reference=table["final"].where(~table["shown"] | (table.index % 2 == 0), "other"))
    assert "farther" in gain_sentence(report(wrong, 20), words)
    few = table.assign(reference=table["reference"].where(table.index < 60, ""))
    assert "it takes 20 of each" in gain_sentence(report(few, 20), words)


# the command


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands, ["suggestions", *arguments])
    return done.exit_code, done.output


@pytest.mark.usefixtures("much")
def test_the_command_prints_the_report(store: Store) -> None:
    code, words = run(store.url)
    assert code == 0
    assert "A small mission (made for a test)" in words
    assert "Suggestions pull the codes" in words
    assert "Acceptance: final code is in the suggestion (shown)" in words
    assert "Final code" in words


@pytest.mark.usefixtures("much")
def test_the_command_writes_exact_numbers(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    code, words = run(store.url, "--csv", str(file))
    assert code == 0
    assert "(made for a test)" in words
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == REPORT
    expected = report(suggestion_uses.uses(store), 20)
    assert float(rows[0]["value"]) == pytest.approx(expected["value"].iloc[0])
    beside = json.loads(next(tmp_path.glob("report*metadata.json")).read_text(encoding="utf-8"))
    assert beside["rows"] == len(rows)
    assert beside["notice"] == "made for a test"
    code, words = run(store.url, "--csv", "-")
    assert words.splitlines()[0] == ",".join(REPORT)


def test_the_command_says_that_there_is_nothing(store: Store) -> None:
    code, words = run(store.url)
    assert code == 0
    assert "No coded segment has a suggestion on record yet." in words
    assert run(store.url, "--csv", "-")[1].splitlines()[0] == ",".join(REPORT)
    assert isinstance(suggestion_uses.uses(store), pd.DataFrame)
