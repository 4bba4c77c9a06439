"""Training and tests without a browser: declaring an agreed coding, results, what stands in the way."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding.exchange.into import import_folder
from coding.store import Store
from coding.store.assignments import assign, change
from coding.store.gold import declare_gold, gold_airings
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.vocabulary import PersonRole, Progress, Purpose
from tests.missions import AIRINGS, segment, write_mission

ROOT = Path(__file__).parents[2]
ANA, NEW, SUPERVISOR = "Ана <i>", "new *coder*", "test supervisor"
Page = Callable[..., AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The small mission with one airing coded and finished."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    folder = write_mission(tmp_path / "mission", airings=AIRINGS.replace(",yes,", ",no,"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(folder, made.url, "test")
    assign(made, ["a-0312", "a-0313"], ANA, Purpose.CODING, SUPERVISOR)
    made.add([segment(1, start=0, end=60, coder=ANA, tone="positive"), segment(2, start=90, end=99, coder=ANA)], ANA)
    made.add([segment(3, "a-0313", start=0, end=60, coder=ANA)], ANA)
    change(made, "a-0312", ANA, Progress.DONE, ANA)
    return made


@pytest.fixture
def page(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Page:
    def run(language: str = "en") -> AppTest:
        signed_in(PersonRole.SUPERVISOR)
        monkeypatch.setenv("EVENHAND_MISSION", store.url)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        return app.run().switch_page("coding/pages/gold.py").run()

    return run


def told(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def plain(app: AppTest) -> str:
    return unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", told(app), flags=re.DOTALL)).replace("\xa0", " ")


def part(app: AppTest, name: str) -> AppTest:
    return app.button_group(key="gold.part").set_value(name).run()


def test_an_agreed_coding_is_declared_and_taken_away_with_a_reason(page: Page, store: Store) -> None:
    app = page()
    assert "No airing has an agreed coding yet." in plain(app)
    app = part(app, "airings")
    airing = next(each for each in app.selectbox if str(each.key).startswith("gold.airing"))
    assert len(airing.options) == 1, "the other airing is still in the coder's hands"
    airing.set_value("a-0312").run()
    assert app.selectbox(key="gold.coder.a-0312").options == [ANA]
    app.text_input(key="gold.note.0").set_value("# the *key*").run()
    app.button(key="gold.declare").click().run()
    assert [(each.airing_id, each.coder, each.note) for each in gold_airings(store)] == [("a-0312", ANA, "# the *key*")]
    assert "The airing is gold now." in plain(app)
    assert "Ана &lt;i&gt;" in told(app)
    assert "# the *key*" in plain(app)
    assert not app.markdown
    app.selectbox(key="gold.remove").set_value("a-0312").run()
    app.button(key="gold.remove_go").click().run()
    assert len(gold_airings(store)) == 1, "a reason is a must"
    app.text_input(key="gold.reason.1").set_value("too easy").run()
    app.button(key="gold.remove_go").click().run()
    assert gold_airings(store) == []
    assert "It is gold no more." in plain(app)


@pytest.fixture
def tested(store: Store) -> Store:
    """Somebody trained and somebody was tested on the agreed coding."""
    declare_gold(store, "a-0312", ANA, SUPERVISOR)
    assign(store, ["a-0312"], NEW, Purpose.TEST, SUPERVISOR)
    store.record(segment(11, start=0, end=60, coder=NEW, tone="negative"), NEW)
    store.record(segment(12, start=90, end=99, coder=NEW), NEW)
    change(store, "a-0312", NEW, Progress.DONE, NEW)
    assign(store, ["a-0312"], "slow coder", Purpose.TRAINING, SUPERVISOR)
    return store


def test_results_with_their_denominators_and_what_differs(page: Page, tested: Store) -> None:
    app = page()
    words = plain(app)
    assert "Pass mark of a test: 80 per cent of the agreed passages found" in words
    assert "2 of 2 (100 %)" in words
    assert "1 of 2 (50 %)" in words, "one of two tones"
    assert "not passed" in words
    assert "One airing is too little for a coefficient" in words
    assert "slow coder" in words
    assert "new *coder*" in words
    choice = app.selectbox(key="gold.one")
    assert len(choice.options) == 1, "who is not done has no result"
    choice.set_value(f"{NEW}\na-0312").run()
    assert "tone: agreed «positive», coded «negative»" in plain(app)
    assert "0:00:00–0:01:00" in plain(app)
    russian = page("ru")
    russian.selectbox(key="gold.one").set_value(f"{NEW}\na-0312").run()
    assert re.search(r"0:00:00–0:01:00\s+Синяя партия\s", plain(russian)), "a subject has its name for the reader"
    tested.revise(segment(1, start=0, end=60, coder=ANA, tone="negative"), SUPERVISOR, "decided")
    decided = plain(page())
    assert "passed" in decided
    assert "not passed" not in decided, "the agreed coding is read as it stands now"


@pytest.mark.parametrize("language", ["kk"])
def test_the_page_opens_in_every_language(page: Page, tested: Store, language: str) -> None:
    app = page(language)
    assert "made for a test" in told(app)
    words = plain(app) + plain(part(app, "airings"))
    assert "a-0312" not in words, "airings are named by day, outlet and programme"
    assert not re.search(r"page\.\w|problem\.\w", words)


@pytest.mark.parametrize("role", [PersonRole.CODER, PersonRole.ANALYST])
def test_who_does_not_supervise_sees_no_results(tested: Store, signed_in: Callable[[str], None], role: str) -> None:
    signed_in(role)
    script = f"import runpy\nrunpy.run_path({str(ROOT / 'coding' / 'pages' / 'gold.py')!r})"
    app = AppTest.from_string(script, default_timeout=60)
    app.session_state["where"] = tested.url
    app.run()
    assert "This page is not for your role" in app.error[0].value
    assert "coder" not in told(app)
