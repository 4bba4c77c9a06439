"""The queue's page without a browser: why each airing is there, handing it out, and what it says where it is empty."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding.exchange.into import import_folder
from coding.store import Store
from coding.store.assignments import assign, assignments
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.store.subtitles import Cue, add_subtitles
from coding.store.tone_models import ToneModel, add_model
from coding.suggestions import measuring, uncertainty
from coding.suggestions.queue import sample
from coding.suggestions.uncertainty import outlook
from coding.vocabulary import PersonRole, Purpose
from tests.coding.suggestions.queue_stub import Unsure
from tests.missions import AIRINGS, write_mission

ROOT = Path(__file__).parents[2]
CODER, SUPERVISOR = "test coder", "test supervisor"
Page = Callable[..., AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    folder = write_mission(tmp_path / "mission", airings=AIRINGS.replace(",yes,", ",no,"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(folder, made.url, "test")
    return made


@pytest.fixture
def page(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Page:
    def run(language: str = "en", mission: str = store.url, role: str = PersonRole.SUPERVISOR) -> AppTest:
        signed_in(role)
        monkeypatch.setenv("EVENHAND_MISSION", mission)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        return app.run().switch_page("coding/pages/queue.py").run()

    return run


def plain(app: AppTest) -> str:
    assert not app.exception
    words = "\n".join(str(element.proto.body) for element in app.get("html"))
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", words, flags=re.DOTALL))


def with_model(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_model(store, ToneModel("v1", "models/v1", "2025-04-01T00:00:00Z", "test", 60), use=True)
    monkeypatch.setattr(uncertainty, "_opened", lambda _: Unsure())
    cues = [Cue(0, 5000, "the Blues, perhaps")]
    for name in ("a-0312", "a-0313", "b-0312"):
        add_subtitles(store, name, cues, "t", name="x.srt", language="en", kind="srt", sha256="0" * 64)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_page_opens_in_every_language(
    page: Page, store: Store, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    with_model(store, monkeypatch)
    words = plain(page(language))
    assert "made for a test" in words
    assert not re.search(r"(page|problem|queue)\.\w", words)


def test_without_a_model_all_is_random_and_says_so(page: Page) -> None:
    app = page()
    assert "All of it is random: no tone model is in use" in plain(app)
    assert set(app.dataframe[0].value["Why"]) == {"random"}
    assert "Uncertainty (0–1)" not in app.dataframe[0].value


def test_a_draw_goes_to_coders_once(page: Page, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with_model(store, monkeypatch)
    uncertainty.measure(store)
    app = page()
    app.number_input(key="queue.number").set_value(4).run()
    shown = app.dataframe[0].value
    assert list(shown["Why"]) == ["random", "random", "uncertain", "uncertain"] or len(shown) == 3
    assert "each with probability 0.3333" in plain(app)
    assert next(b for b in app.button if b.label.startswith("Assign")).disabled
    app.multiselect[0].set_value([CODER, SUPERVISOR]).run()
    next(b for b in app.button if b.label.startswith("Assign")).click().run()
    assert "Assigned: test coder 2" in plain(app)
    assert len(assignments(store)) == len(shown)
    assert not app.multiselect[0].value
    assert "The random halves so far" in plain(app)
    assert list(app.dataframe[1].value["Could be drawn"]) == [6]
    assert {each.probability for each in sample(store)} == {2 / 6}


def test_somebody_was_faster(page: Page, store: Store) -> None:
    """A press gives what stood on the screen, or nothing."""
    app = page()
    app.number_input(key="queue.number").set_value(3).run()
    app.multiselect[0].set_value([CODER]).run()
    assign(store, [next(iter(outlook(store).draw(3).random))], SUPERVISOR, Purpose.CODING, SUPERVISOR)
    next(b for b in app.button if b.label.startswith("Assign")).click().run()
    assert "Somebody else handed out airings meanwhile" in plain(app)
    assert len(assignments(store)) == 1
    next(b for b in app.button if b.label.startswith("Assign")).click().run()
    assert len(assignments(store)) == 4


def test_an_empty_queue_says_what_to_do(page: Page, store: Store) -> None:
    names = [each.airing_id for each in store.airings()]
    assign(store, names, CODER, Purpose.CODING, SUPERVISOR)
    assert "There is nothing to hand out" in plain(page())


def test_the_model_reads_in_a_process_of_its_own(page: Page, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with_model(store, monkeypatch)
    begun: list[str] = []
    monkeypatch.setattr(measuring, "start_measuring", begun.append)
    app = page()
    assert "The model v1 has read 0 of 3" in plain(app)
    app.button(key="queue.measure").click().run()
    assert begun == [store.url]


def test_who_does_not_supervise_does_not_see_it(page: Page, store: Store, signed_in: Callable[[str], None]) -> None:
    signed_in(PersonRole.ANALYST)
    script = f"import runpy\nrunpy.run_path({str(ROOT / 'coding' / 'pages' / 'queue.py')!r})"
    app = AppTest.from_string(script, default_timeout=60)
    app.session_state["where"] = store.url
    assert "This page is not for your role" in app.run().error[0].value
