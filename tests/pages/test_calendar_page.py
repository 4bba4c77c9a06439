"""The page Calendar as a reader sees it, and the line about what is missing beside every result."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from coding.incident import Incident
from coding.languages import catalogue, languages
from coding.store import Store
from coding.store.incidents import record_incident
from coding.store.places import open_mission
from monitoring.charts import calendar as drawn
from monitoring.charts.theme import Figure
from monitoring.completeness.calendar import State, calendar
from monitoring.completeness.missing import standing, within
from monitoring.completeness.words import MARKS, beside, marks
from monitoring.coverage import coverage_of, open_coverage
from monitoring.pages.calendar_parts import incidents_by_day
from monitoring.selection import Selection
from monitoring.words import Words
from tests.missions import AIRINGS, AIRINGS_HEADER, segment, write_mission
from tests.monitoring.completeness.plans import bulletin, mission
from tests.pages.conftest import chart, lines, told

Page = Callable[..., AppTest]


def rows_of(app: AppTest) -> list[dict[str, Any]]:
    """The squares of the chart."""
    held = chart(app).get("datasets")
    if held:
        return max(held.values(), key=len)
    content = app.get("vega_lite_chart")[0].proto.datasets[0].data.data
    found: list[dict[str, Any]] = pa.ipc.open_stream(content).read_pandas().to_dict("records")
    return found


def test_the_title_is_the_answer_and_every_outlet_day_a_square(page: Page) -> None:
    app = page("calendar")
    assert not app.exception
    assert lines(app, "text") == (
        "Missing: 1 of 5 planned airings; the largest hole is Channel B on 13 March (0:30:00)"
    )
    assert "made for a test" in lines(app, "subtitle")
    assert "made for a test" in told(app)
    squares = rows_of(app)
    assert len(squares) == 2 * 31, "two stations are monitored; the paper is another medium"
    hole = next(row for row in squares if row["outlet"] == "Channel B" and row["date"] == "2025-03-13")
    assert (hole["mark"], hole["missing_text"], hole["planned_text"]) == ("✕", "0:30:00", "0:30:00")
    assert "Not monitored" not in told(app)


def test_a_click_picks_an_outlet_day(page: Page) -> None:
    picks = [each for each in chart(page("calendar"))["params"] if each["name"] == "pick"]
    assert picks[0]["select"]["fields"] == ["outlet", "date"]


def test_tables_of_holes_bounds_and_outlets_stand_below(page: Page) -> None:
    app = page("calendar")
    holes, moved, outlets = (frame.value for frame in app.dataframe)
    assert holes["outlet"].tolist() == ["Channel B"]
    assert holes["reason"].tolist() == ["not monitored"]
    assert set(moved["outlet"]) == {"Channel B"}
    blue = moved[moved["group"] == "Blue Party"].iloc[0]
    assert (blue["value"], blue["worst"]) == ("0.0\u00a0%", "0.0\u00a0% to 90.0\u00a0%")
    assert outlets["missing_airings"].tolist() == [0, 1]
    labels = [each.proto.label for each in app.get("download_button")]
    assert [label for label in labels if "CSV" in label] == [
        "Download what is missing (CSV)", "Download the bounds (CSV)", "Download every outlet-day (CSV)",
    ]  # fmt: skip


def test_bounds_of_the_tone_balance_by_one_switch(page: Page) -> None:
    app = page("calendar", calendar__bounds_of="balance")
    red = app.dataframe[1].value.set_index("group").loc["Red Party"]
    assert red["worst"].startswith("−")
    assert "all at one end of the scale" in told(app)


@pytest.mark.parametrize("language", languages())
def test_every_word_is_in_the_readers_language(page: Page, language: str) -> None:
    app = page("calendar", language=language)
    assert not app.exception
    assert lines(app, "text")
    english = catalogue("en")["sentence.calendar.one"].split(":")[0]
    assert lines(app, "text").startswith(english) == (language == "en")
    assert "{" not in "".join(each.value for each in app.info) + lines(app, "text") + lines(app, "subtitle")


def test_a_mission_without_airings_says_what_to_do(page: Page, tmp_path: Path) -> None:
    app = page("calendar", mission=write_mission(tmp_path / "bare", airings=AIRINGS_HEADER))
    assert not app.exception
    assert "airings.csv" in app.info[0].value
    assert not app.get("vega_lite_chart")


def test_a_mission_in_which_nothing_is_coded_shows_its_plan(page: Page, tmp_path: Path) -> None:
    app = page("calendar", mission=write_mission(tmp_path / "plan", airings=AIRINGS.replace(",yes,", ",no,")))
    assert not app.exception
    assert "Missing: 5 of 5 planned airings" in lines(app, "text")
    assert {row["state"] for row in rows_of(app)} >= {State.NOT_CODED, State.NOT_MONITORED}


def test_the_line_beside_a_result_says_how_far_the_missing_could_move_it(page: Page) -> None:
    for name in ("share", "timeline"):
        text = told(page(name))
        assert "Missing: 13.0 per cent of what was planned (1 of 5 airings in the formats counted" in text
        assert (
            "no outlet&#x27;s share would move by more than 90.0 points" in text or "by more than 90.0 points" in text
        )


def test_a_result_of_which_nothing_is_missing_says_so(page: Page, tmp_path: Path) -> None:
    whole = "".join(line + "\n" for line in AIRINGS.splitlines() if not line.startswith("b-0313"))
    app = page("calendar", mission=write_mission(tmp_path / "whole", airings=whole))
    assert "Nothing is missing of the 4 airings" in told(app)
    assert "Nothing is missing: all 4 planned airings are coded" in lines(app, "text")


def test_an_unknown_length_is_said_to_have_no_bound() -> None:
    coverage = coverage_of(mission(), [bulletin("gone", minutes=None), bulletin("there", minutes=30)], ())
    stands = standing(within(coverage, Selection()))
    line = beside(stands, 0.0, Words(coverage.mission))
    assert line.startswith("Missing: 2 of 2 planned airings, 1 of them of unknown length")
    assert "cannot be bounded" in line


@pytest.fixture
def held(tmp_path: Path) -> Store:
    url = f"sqlite:///{tmp_path / 'held.sqlite'}"
    folder = open_mission(write_mission(tmp_path / "held"))
    store = Store(url)
    store.put_mission(folder.mission(), folder.airings(), "test", "made for a test")
    store.add([segment(1, start=0, end=300)], "test")
    return store


def test_an_incident_marks_its_days_with_its_title_as_text(held: Store) -> None:
    told_as = '<b>"Refused" \\n spot</b>'
    given = {"incident_id": str(uuid4()), "kind": "refused", "from": "2025-03-12", "to": "2025-03-13"}
    record_incident(held, Incident.model_validate({**given, "title": told_as, "outlet": "Channel A"}), "test")
    elsewhere = {**given, "incident_id": str(uuid4()), "title": "Everywhere"}
    record_incident(held, Incident.model_validate(elsewhere), "test")
    coverage = open_coverage(held)
    view: Any = type("View", (), {"store": held})
    found = incidents_by_day(view)
    assert found == {("Channel A", "2025-03-12"): told_as, ("Channel A", "2025-03-13"): told_as}
    days = calendar(coverage, Selection(media=("tv",)))  # type: ignore[arg-type]
    spec = json.loads(drawn(days, found, Figure(Words(coverage.mission), "title", ())).to_json())
    squares = max(spec["datasets"].values(), key=len)
    assert {(row["outlet"], row["date"]) for row in squares if row["flag"]} == set(found)


def test_a_long_mission_takes_several_rows_of_panels() -> None:
    first = mission().periods[0]
    longer = mission().model_copy(update={"periods": (first.model_copy(update={"end": first.end.replace(month=6)}),)})
    days = calendar(coverage_of(longer, [bulletin("a")], ()), Selection())
    spec = json.loads(drawn(days, {}, Figure(Words(longer), "title", ())).to_json())
    assert spec["facet"]["row"]["field"] == "stretch"
    assert {row["stretch"] for row in max(spec["datasets"].values(), key=len)} == {0, 1, 2}


def test_every_state_has_a_mark_of_its_own_and_a_name_in_every_language() -> None:
    assert set(MARKS) == set(State)
    alone = [mark for state, mark in MARKS.items() if state != State.PARTLY]
    assert len(set(alone)) == len(alone)


def test_a_day_coded_in_part_says_how_many_are_missing(held: Store) -> None:
    days = calendar(open_coverage(held), Selection()).head(1).assign(state=str(State.PARTLY), missing_airings=3)
    assert marks(days).tolist() == ["✕3"]
