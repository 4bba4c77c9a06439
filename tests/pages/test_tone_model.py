"""The page about the quality of suggestions: what it says before there is a model, and what a version is worth."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from coding.exchange.into import import_folder
from coding.languages import languages
from coding.segment import Segment
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.store.suggestions import record_told
from coding.store.tone_models import ToneModel, add_model, use_model
from models.evaluation.evaluate import write_predictions
from models.evaluation.fairness import SWAP, Change, Swaps, write_swaps
from tests import missions
from tests.coding.store.made import told as said
from tests.missions import write_mission
from tests.pages.conftest import ROOT, told

POINTS = ("very negative", "negative", "neutral", "positive", "very positive")
REPORT = {"ka": {"earned": True, "labels": 80, "accuracy": 0.75, "majority": 0.5, "low": 0.1, "high": 0.4}}
CHANGE = Change(SWAP, 0, "Blue <b>won</b>.", "Blue", "Red <b>won</b>.", "Red", ("positive",), (), "", "unsure", 0.4)
Page = Callable[..., AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The small mission in a store of the data folder."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(write_mission(tmp_path / "mission"), made.url, "test")
    return made


@pytest.fixture
def page(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Page:
    def run(**state: object) -> AppTest:
        monkeypatch.setenv("EVENHAND_MISSION", store.url)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for key, value in state.items():
            app.session_state[key.replace("__", ".")] = value
        return app.run().switch_page("monitoring/pages/tone_model.py").run()

    return run


def segment(number: int, airing: str = "a-0312", **more: object) -> Segment:
    """A segment of ten seconds; in one airing each has its own."""
    return missions.segment(number, airing, start=10 * number, end=10 * number + 10, **more)


def version(store: Store, name: str = "v1", report: object = REPORT, rows: int = 80) -> ToneModel:
    """A version in use; of `rows` held-out labels on two channels every fourth is wrong, all of Channel B."""
    model = ToneModel(name, f"models/small/{name}", "2020-01-01T00:00:00.000Z", "supervisor", rows, report)  # type: ignore[arg-type]
    model.path.mkdir(parents=True)
    if rows:
        write_predictions(model.path, predictions(rows))
    return add_model(store, model, use=True)


def predictions(rows: int) -> pd.DataFrame:
    wrong = [row % 4 == 0 for row in range(rows)]
    shares = {f"p_{point}": [0.84 if point == "neutral" else 0.04] * rows for point in POINTS}
    return pd.DataFrame(shares).assign(
        segment_id=[str(UUID(int=row)) for row in range(rows)],
        language="ka",
        subject="Blue Party",
        outlet=["Channel B" if each else "Channel A" for each in wrong],
        format="news",
        tone=["negative" if each else "neutral" for each in wrong],
        group=[f"airing {row // 2}" for row in range(rows)],
        labels="negative | neutral",
        silent="",
    )


def charts(app: AppTest) -> list[str]:
    specs = [json.loads(each.proto.spec)["title"]["text"] for each in app.get("vega_lite_chart")]
    return [text if isinstance(text, str) else " ".join(text) for text in specs]


def frame(app: AppTest, column: str) -> pd.DataFrame:
    """The first table with this column."""
    found: pd.DataFrame = next(each.value for each in app.dataframe if column in each.value.columns)
    return found


def test_without_a_version_it_says_what_to_do(page: Page) -> None:
    app = page()
    assert not app.exception
    assert "python -m coding train MISSION" in told(app)
    assert not app.dataframe


@pytest.mark.parametrize("language", languages())
def test_a_version_is_judged_on_its_held_out_labels(page: Page, store: Store, language: str) -> None:
    version(store)
    app = page(language=language)
    assert not app.exception
    assert not app.error
    assert len(charts(app)) == 2
    assert frame(app, "gain")["segments"].tolist() == ["80"]


def test_sentences_and_tables_say_the_same(page: Page, store: Store) -> None:
    version(store)
    app = page()
    words = told(app)
    assert "It is right on 75 per cent of 80 segments" in words
    assert "not clearly more than the 75 per cent" in words
    assert "made for a test" in words
    assert "Its commonest mistake: neutral, where coders said negative (20 of 20 segments)." in charts(app)[0]
    assert "surer than it is right: 9.0 points" in charts(app)[1]
    sets = frame(app, "held")
    assert sets.iloc[0].tolist() == ["two labels", "80", "100.0\xa0%"]


@pytest.mark.parametrize(
    ("rows", "names", "right"),
    [(80, ["Channel B", "Channel A"], [0.0, 1.0]), (40, ["Channel A", "Channel B †"], [1.0, 0.0])],
)
def test_the_worst_part_stands_first_unless_it_has_too_little(
    page: Page, store: Store, rows: int, names: list[str], right: list[float]
) -> None:
    version(store, rows=rows)
    app = page(tone_model__by="outlet")
    outlets = frame(app, "f1")
    assert outlets["value"].tolist() == names
    assert outlets["accuracy"].tolist() == right
    assert ("fewer than 20 segments or 10 airings" in told(app)) == (rows == 40)


def test_labels_given_since_are_counted_apart(page: Page, store: Store) -> None:
    version(store)
    app = page(tone_model__source="since")
    assert not app.exception
    assert "No segment has been coded since" in told(app)
    store.add([segment(1, tone="neutral"), segment(2, "a-0313")], "test")
    shares = {"points": POINTS, "probabilities": (0.04, 0.04, 0.84, 0.04, 0.04), "labels": ("neutral",)}
    record_told(store, said(1, **shares))
    record_told(store, said(2, airing_id="a-0313", withheld=True, shown=False, **shares))
    app = page(tone_model__source="since")
    assert not app.exception
    assert "It is right on 100 per cent of 2 segments" in told(app)


def test_a_version_that_earned_nothing_says_so(page: Page, store: Store) -> None:
    version(store, report={"ka": {"earned": False, "labels": 10}}, rows=0)
    app = page()
    assert not app.exception
    assert "It has not earned any language yet" in told(app)
    assert "kept no predictions" in told(app)
    assert frame(app, "gain")["accuracy"].tolist() == ["–"]


def test_another_version_can_be_looked_at(page: Page, store: Store) -> None:
    version(store)
    version(store, "v2", rows=0)
    app = page()
    assert "Version v2" in told(app)
    app = app.selectbox(key="tone_model.version").set_value("v1").run()
    assert "Version v1" in told(app)
    assert "not in use" in told(app)
    use_model(store, "", "test")
    assert "not in use" in told(page())


def test_the_exchange_of_names_is_told(page: Page, store: Store) -> None:
    model = version(store)
    assert "was not tried for this version" in told(page())
    write_swaps(model.path, Swaps(40, 20, 30, 0, 0, 0, 0.004, ()))
    assert "0 of 50 suggestions changed (no probability by more than 0.4 points)" in told(page())
    write_swaps(model.path, Swaps(40, 20, 30, 1, 1, 1, 0.4, (CHANGE,)))
    app = page()
    assert "1 of 50 suggestions changed. Do not use this version." in told(app)
    assert frame(app, "about_after").iloc[0].tolist() == [
        "Blue <b>won</b>.", "Blue: positive", "Red <b>won</b>.", "Red: not sure enough",
    ]  # fmt: skip


def test_labels_that_no_longer_fit_the_scale_are_told(page: Page, store: Store) -> None:
    model = version(store)
    write_predictions(model.path, predictions(4).assign(tone="angry"))
    app = page()
    assert not app.exception
    assert "cannot be judged on the mission" in told(app)
    assert "“angry”" in told(app)
