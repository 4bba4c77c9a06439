"""The page Incidents without a browser: recorded, corrected, retracted, refused; who may write; what stands beside."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from coding.exchange.into import import_folder
from coding.languages import languages
from coding.store import Store
from coding.store.incidents import (
    add_incidents,
    correct_incident,
    incident_history,
    incidents,
    record_incident,
    retract_incident,
)
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.vocabulary import IncidentKind, PersonRole, Unit
from monitoring.pages import incidents_beside
from tests.coding.incidents.made import incident
from tests.missions import segment, write_mission
from tests.pages.conftest import ROOT

Page = Callable[..., AppTest]
SAID = "<script>alert(1)</script> *bold* [x](javascript:alert(2))"
ID = str(UUID(int=1))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The small mission with two segments, in a store of its own."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(write_mission(tmp_path / "mission"), made.url, "test")
    made.add([segment(1, start=0, end=60, text="The party spoke"), segment(2, start=60, end=90)], "test")
    return made


@pytest.fixture
def opened(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Page:
    """Opens a page of the store as somebody of a role."""

    def run(role: str = PersonRole.ANALYST, language: str = "en", name: str = "incidents", where: str = "") -> AppTest:
        signed_in(role)
        monkeypatch.setenv("EVENHAND_MISSION", where or store.url)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        return app.run().switch_page(f"monitoring/pages/{name}.py").run()

    return run


def markup(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def told(app: AppTest) -> str:
    """What a reader reads, without the markup; with what stands in boxes of Streamlit."""
    own = unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", markup(app), flags=re.DOTALL))
    return "\n".join([own, *(str(box.value) for box in app.info)])


def field(app: AppTest, kind: str, name: str) -> object:
    """The widget of a field of the form."""
    widgets = [each for each in app.get(kind) if re.search(rf"draft\..*\.{re.escape(name)}$", str(each.key))]
    assert len(widgets) == 1, name
    return widgets[0]


def press(app: AppTest, part: str) -> AppTest:
    button = next(each for each in app.button if str(each.key).startswith(part))
    return button.click().run()


def fill(app: AppTest, **values: object) -> AppTest:
    kinds = {"title": "text_input", "clock": "text_input", "source": "text_input", "amount": "text_input"}
    kinds |= {"text": "text_area", "documents": "text_area", "outcome": "text_area"}
    kinds |= {"from": "date_input", "to": "date_input", "closed": "checkbox"}
    for name, value in values.items():
        field(app, kinds.get(name, "selectbox"), name).set_value(value)  # type: ignore[attr-defined]
        app.run()
    return app


def test_an_incident_is_recorded_with_its_segment_and_shown(opened: Page, store: Store) -> None:
    app = opened()
    assert "No incident has been recorded yet" in told(app)
    app = press(app, "incidents.new")
    fill(app, kind=IncidentKind.REFUSED.value, title="A spot was refused", clock="20:31", outlet="Channel A")
    fill(app, **{"from": date(2025, 3, 12)}, contestant="Blue Party", format="paid advertising", amount="0:00:30")
    fill(app, text=SAID, source="a letter", documents="Letter <https://example.org/a?b=1&c=2>\nScan, page 3")
    day = next(each for each in app.selectbox if ".day." in str(each.key))
    day.set_value(date(2025, 3, 12)).run()
    airing = next(each for each in app.selectbox if ".airing_id." in str(each.key))
    airing.set_value("a-0312").run()
    behind = next(each for each in app.selectbox if ".segment_id." in str(each.key))
    assert any("The party spoke" in option for option in behind.options)
    behind.set_value(str(UUID(int=1))).run()
    app = press(app, "incidents.save")
    assert "Saved: A spot was refused" in told(app)
    [held] = incidents(store)
    assert (held.kind, held.outlet, held.contestant, held.clock) == ("refused", "Channel A", "Blue Party", "20:31")
    assert (held.amount, held.unit, held.airing_id, held.segment_id) == (30_000, Unit.MS, "a-0312", ID)
    assert held.text == SAID
    assert [(each.name, each.address) for each in held.documents] == [
        ("Letter", "https://example.org/a?b=1&c=2"),
        ("Scan, page 3", ""),
    ]
    assert incident_history(store, held.incident_id)[0].recorded_by == "test analyst"
    assert "12 March 2025" in told(app)
    assert "0:00:30" in told(app)
    app = press(app, f"incidents.open.{held.incident_id}")
    assert app.dataframe[0].value["text"].tolist() == ["The party spoke"]
    assert "Recorded by test analyst" in told(app)


def test_texts_of_people_are_shown_as_text_and_only_web_addresses_as_links(opened: Page, store: Store) -> None:
    documents = [
        {"name": "Letter", "address": 'https://example.org/"onclick="x'},
        {"name": "Bad", "address": "javascript:alert(1)"},
        {"name": "Scan", "address": "letters/7.pdf"},
    ]
    record_incident(store, incident(1, title=SAID, text=SAID, outcome=SAID, source=SAID, documents=documents), SAID)
    app = press(opened(), f"incidents.open.{ID}")
    assert "<script>" not in markup(app)
    assert not app.markdown
    assert re.findall(r'<a href="([^"]*)" target', markup(app)) == ["https://example.org/&quot;onclick=&quot;x"]
    assert "Bad · javascript:alert(1)" in told(app)
    assert "Scan · letters/7.pdf" in told(app)
    assert SAID in told(app)


def test_what_was_typed_stays_when_a_save_is_refused(opened: Page, store: Store) -> None:
    app = press(opened(), "incidents.new")
    fill(app, title="A spot was refused", text="A long story", outlet="Channel A", amount="half a minute")
    app = press(app, "incidents.save")
    said = told(app)
    assert "Not saved. What you entered stays here" in said
    assert "Kind: " in said
    assert "First day: " in said
    assert "Refused or withheld: «half a minute» is not a duration" in said
    assert incidents(store) == []
    assert field(app, "text_area", "text").value == "A long story"  # type: ignore[attr-defined]
    app = app.switch_page("monitoring/pages/share.py").run().switch_page("monitoring/pages/incidents.py").run()
    assert field(app, "text_input", "title").value == "A spot was refused"  # type: ignore[attr-defined]
    fill(app, kind=IncidentKind.REFUSED.value, amount="0:00:30", **{"from": date(2025, 3, 12)})
    app = press(app, "incidents.save")
    assert [each.text for each in incidents(store)] == ["A long story"]
    app = press(app, "incidents.new")
    assert field(app, "text_area", "text").value == "", "the next one begins empty"  # type: ignore[attr-defined]


def test_a_correction_shows_what_it_changed(opened: Page, store: Store) -> None:
    record_incident(store, incident(1), "Ana")
    app = press(opened(PersonRole.SUPERVISOR), f"incidents.correct.{ID}")
    assert field(app, "text_input", "amount").value == "0:00:30"  # type: ignore[attr-defined]
    fill(app, outcome="The station apologised", closed=True)
    app = press(app, "incidents.save")
    assert "The correction is saved: A spot was refused" in told(app)
    [held] = incidents(store)
    assert (held.revision, held.outcome, held.closed) == (2, "The station apologised", True)
    assert held == incident(1, revision=2, outcome="The station apologised", closed=True), "nothing else was touched"
    app = press(app, f"incidents.open.{ID}")
    assert "Outcome: «–» → «The station apologised»" in told(app)
    assert "Corrected by test supervisor" in told(app)


def test_somebody_elses_correction_is_told_and_the_typed_words_stay(opened: Page, store: Store) -> None:
    record_incident(store, incident(1), "Ana")
    app = press(opened(), f"incidents.correct.{ID}")
    fill(app, outcome="mine")
    correct_incident(store, incident(1, text="theirs"), "Бек")
    app = press(app.run(), "incidents.save")
    assert "Бек corrected this incident meanwhile" in told(app)
    assert "theirs" in told(app), "what it says now stands above"
    assert field(app, "text_area", "outcome").value == "mine"  # type: ignore[attr-defined]
    assert [(each.text, each.outcome) for each in incidents(store)] == [("theirs", "")]


def test_typed_words_stay_when_somebody_else_retracts(opened: Page, store: Store) -> None:
    record_incident(store, incident(1), "Ana")
    app = press(opened(), f"incidents.correct.{ID}")
    fill(app, outcome="mine")
    retract_incident(store, ID, 1, "Бек", "twice")
    app = press(app.run(), "incidents.save")
    assert "Бек retracted this incident meanwhile" in told(app)
    assert field(app, "text_area", "outcome").value == "mine"  # type: ignore[attr-defined]


def test_nobody_retracts_what_somebody_else_has_just_corrected(opened: Page, store: Store) -> None:
    record_incident(store, incident(1), "Ana")
    app = press(opened(), f"incidents.retract.{ID}")
    correct_incident(store, incident(1, text="theirs"), "Бек")
    app.text_input(key=f"incidents.reason.{ID}.1").set_value("wrong").run()
    app = press(app, "incidents.retract_yes")
    assert "Бек corrected this incident meanwhile" in told(app)
    assert len(incidents(store)) == 1


def test_an_incident_is_retracted_with_a_reason_and_stays_readable(opened: Page, store: Store) -> None:
    record_incident(store, incident(1), "Ana")
    app = press(opened(), f"incidents.retract.{ID}")
    app = press(app, "incidents.retract_yes")
    assert len(incidents(store)) == 1, "a reason is a must"
    app.text_input(key=f"incidents.reason.{ID}.1").set_value("recorded twice").run()
    app = press(app, "incidents.retract_yes")
    assert incidents(store) == []
    assert "Retracted: A spot was refused. It stays readable" in told(app)
    assert [each.label for each in app.expander] == ["Retracted: 1"]
    assert "Retracted by test analyst" in told(app)
    assert "recorded twice" in told(app)


@pytest.mark.parametrize("role", [PersonRole.VIEWER])
def test_a_viewer_reads_and_does_not_write(opened: Page, store: Store, role: str) -> None:
    record_incident(store, incident(1), "Ana")
    app = opened(role)
    assert "A spot was refused" in told(app)
    keys = [str(each.key).split(".")[1] for each in app.button if str(each.key).startswith("incidents.")]
    assert keys == ["open"]
    retract_incident(store, ID, 1, "Ana", "x")
    assert "No incident has been recorded in this mission" in told(opened(role))


def test_a_coder_sees_no_incidents(opened: Page) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        opened(PersonRole.CODER)


def test_a_folder_is_looked_at_only_and_says_what_to_do(opened: Page, tmp_path: Path) -> None:
    app = opened(where=str(tmp_path / "mission"))
    assert "import the folder into a store" in told(app)
    assert not [each for each in app.button if str(each.key).startswith("incidents.")]


@pytest.fixture
def log(store: Store) -> Store:
    """Four incidents: two outlets, two kinds, one without an outlet, one closed."""
    record_incident(store, incident(1), "Ana")
    other = {"amount": None, "unit": None, "format": "", "contestant": ""}
    record_incident(store, incident(2, kind="edited", title="Edited", outlet="Gazette", **other), "Ana")
    record_incident(store, incident(3, kind="other", title="All over", outlet="", **other, closed=True), "Ana")
    record_incident(store, incident(4, title="Later", **{"from": "2025-03-20"}, contestant="Red Party"), "Ana")
    return store


def titles(app: AppTest) -> list[str]:
    return re.findall(r"<h2[^>]*>([^<]*)</h2>", markup(app))


def test_filters_and_the_download(opened: Page, log: Store) -> None:
    app = opened(PersonRole.VIEWER)
    assert titles(app) == ["A spot was refused", "Edited", "All over", "Later"]
    assert "4 of 4 incidents shown; 3 of them open." in told(app)
    app.multiselect(key="incidents.only.kind").set_value(["refused"]).run()
    assert titles(app) == ["A spot was refused", "Later"]
    app.multiselect(key="incidents.only.contestant").set_value(["Red Party"]).run()
    assert titles(app) == ["Later"]
    app.multiselect(key="incidents.only.outlet").set_value(["Gazette"]).run()
    assert titles(app) == []
    assert "No incident fits these filters" in told(app)
    for name in ("kind", "contestant", "outlet"):
        app.multiselect(key=f"incidents.only.{name}").set_value([]).run()
    app.date_input[0].set_value((date(2025, 3, 13), date(2025, 3, 20))).run()
    assert titles(app) == ["Later"]
    app.date_input[0].set_value((date(2025, 3, 12), date(2025, 3, 20))).run()
    app.button_group(key="incidents.state").set_value("closed").run()
    assert titles(app) == ["All over"]


def test_the_table_has_whole_numbers_the_notice_and_no_formulas(log: Store) -> None:
    from monitoring.incident_table import incident_table
    from monitoring.words import Words

    record_incident(log, incident(5, title='=HYPERLINK("x")', amount=2**53), "Ana")
    rows = list(csv.DictReader(io.StringIO(Words(log.mission()).csv(incident_table(incidents(log))).decode())))
    assert [row["amount"] for row in rows] == ["30000", "", "", str(2**53), "30000"]
    assert rows[3]["title"] == '\'=HYPERLINK("x")'
    assert {row["notice"] for row in rows} == {"made for a test"}


@pytest.mark.parametrize("language", languages())
def test_the_page_opens_in_every_language(opened: Page, log: Store, language: str) -> None:
    app = press(press(opened(language=language), f"incidents.open.{ID}"), "incidents.new")
    labels = [each.label for each in (*app.button, *app.text_input, *app.text_area, *app.selectbox)]
    assert not [text for text in [told(app), *labels] if re.search(r"\b(page|incidents|problem)\.[a-z]", text)]


def beside(app: AppTest) -> list[str]:
    return [each.label for each in app.expander if "Incidents" in each.label]


def test_beside_a_result_stand_the_incidents_of_its_outlets_and_days(opened: Page, log: Store) -> None:
    app = opened(name="share")
    assert beside(app) == ["Incidents on these outlets and days: 3"], "of television, and the one of no outlet"
    assert "Channel A: A spot was refused" in told(app)
    assert "Edited" not in told(app)


def test_beside_a_result_stand_no_incidents_of_other_days(opened: Page, log: Store, page: Page) -> None:
    app = opened(name="share")
    app.date_input[0].set_value((date(2025, 3, 12), date(2025, 3, 12))).run()
    assert beside(app) == ["Incidents on these outlets and days: 2"]


def test_an_incident_alone_makes_a_page_not_old(opened: Page, store: Store) -> None:
    app = opened(name="share")
    assert beside(app) == []
    record_incident(store, incident(1), "Ana")
    app = app.run()
    assert beside(app) == ["Incidents on these outlets and days: 1"]
    assert "As of" not in told(app)


def test_a_long_log_is_read_once_for_each_state_and_beside_a_result_shown_in_part(
    opened: Page, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_incidents(store, [incident(number) for number in range(1, 52)], "Ana")
    app = opened(name="share")
    assert beside(app) == ["Incidents on these outlets and days: 51"]
    assert told(app).count("Channel A: A spot was refused") == 50
    assert "The first 50 of 51 are shown; the page Incidents has all." in told(app)
    with monkeypatch.context() as nobody:
        nobody.setattr(incidents_beside, "newest_revisions", None)
        assert not app.run().exception
        assert not app.switch_page("monitoring/pages/incidents.py").run().exception
    retract_incident(store, str(UUID(int=51)), 1, "Ana", "twice")
    app.switch_page("monitoring/pages/share.py").run()
    assert beside(app) == ["Incidents on these outlets and days: 50"]
    assert "are shown; the page" not in told(app)
