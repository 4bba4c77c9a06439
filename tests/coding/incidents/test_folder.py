"""incidents.csv: every problem at once with its line, and a round trip through a store and a folder."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coding.exchange.exporter import csv_text
from coding.exchange.folder import export_folder
from coding.exchange.into import import_folder
from coding.incident import Document, Incident
from coding.incidents.rows import COLUMNS, in_order, incident_cells
from coding.mission.loader import load
from coding.problems import ProblemsFound
from coding.segment import FIELDS
from coding.store import Store
from coding.store.incidents import add_incidents, correct_incident, incidents, record_incident, retract_incident
from coding.store.places import folder_digest, open_mission, sqlite_url
from coding.vocabulary import IncidentKind, Unit
from tests.coding.incidents.made import incident
from tests.coding.incidents.test_incident import WORDS
from tests.missions import segment, write_mission

HEADER = ",".join(COLUMNS)
FILE = "incidents.csv"


def folder_with(path: Path, *rows: Incident, text: str = "") -> Path:
    folder = write_mission(path)
    (folder / FILE).write_text(text or csv_text([COLUMNS, *map(incident_cells, rows)]), encoding="utf-8")
    return folder


def test_a_folder_without_the_file_has_no_incidents(tmp_path: Path) -> None:
    assert load(write_mission(tmp_path)).incidents == ()


def test_a_short_file_written_by_hand_loads(tmp_path: Path) -> None:
    text = f"incident_id,kind,from,title\n{UUID(int=7)},edited,2025-03-12,An article was edited\n"
    held = load(folder_with(tmp_path, text=text)).incidents
    assert [(each.kind, each.start, each.last, each.closed, each.revision) for each in held] == [
        (IncidentKind.EDITED, date(2025, 3, 12), date(2025, 3, 12), False, 1)
    ]


def test_every_problem_comes_at_once_with_its_line(tmp_path: Path) -> None:
    wrong = [
        incident(1, outlet="Channel Z", contestant="Nobody", format="soap", amount=None, unit=None),
        incident(2, airing_id="z-0312"),
        incident(3, airing_id="b-0312"),
        incident(4, segment_id=str(UUID(int=99)), airing_id="a-0312"),
        incident(5, amount=3, unit="lines"),
        incident(6),
        incident(6),
    ]
    text = csv_text([COLUMNS, *map(incident_cells, wrong)])
    text += ",1,refused,2025-03-12,2025-03-01,,,,,,,,,,,,,,maybe\n"
    with pytest.raises(ProblemsFound) as found:
        load(folder_with(tmp_path, text=text))
    places = [(each.line, each.column, each.key) for each in found.value.problems]
    assert places == [
        (2, "outlet", "unknown_name"),
        (2, "contestant", "unknown_name"),
        (2, "format", "unknown_name"),
        (3, "airing_id", "unknown_airing"),
        (4, "outlet", "incident.other_outlet"),
        (5, "segment_id", "incident.no_segment"),
        (6, "unit", "incident.other_unit"),
        (9, "closed", "yes_or_no"),
        (9, "incident_id", "missing_value"),
        (9, "title", "missing_value"),
        (8, "incident_id", "id_twice"),
    ]
    assert found.value.problems[0].text().startswith("incidents.csv:2 outlet: «Channel Z» is not known. Known: Channel")


def test_an_unknown_column_and_a_cut_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match=r"incidents\.csv:1 said"):
        load(folder_with(tmp_path / "a", text=f"{HEADER},said\n"))
    whole = csv_text([COLUMNS, incident_cells(incident(1))])
    with pytest.raises(ProblemsFound, match=r"incidents\.csv"):
        load(folder_with(tmp_path / "b", text=whole[:-1]))


def test_the_file_is_part_of_what_a_folder_holds(tmp_path: Path) -> None:
    folder = write_mission(tmp_path / "mission")
    before = folder_digest(folder)
    folder_with(tmp_path / "mission", incident(1))
    assert folder_digest(folder) != before
    assert incidents(open_mission(folder)) == [incident(1)]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


@st.composite
def anything(draw: st.DrawFn) -> Incident:
    """An incident of the small mission with any texts, days, places and documents."""
    start = draw(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
    unit = draw(st.sampled_from([None, Unit.MS]))
    place = draw(
        st.sampled_from([{}, {"airing_id": "a-0312"}, {"airing_id": "a-0312", "segment_id": str(UUID(int=1))}])
    )
    documents = draw(st.lists(st.builds(Document, name=WORDS, address=st.one_of(st.just(""), WORDS)), max_size=3))
    given: dict[str, Any] = {
        "incident_id": str(draw(st.uuids())),
        "revision": draw(st.integers(1, 5)),
        "kind": draw(st.sampled_from(list(IncidentKind))),
        "from": start,
        "to": draw(st.sampled_from([None, start, start + timedelta(days=3)])),
        "clock": draw(st.sampled_from(["", "00:00", "25:59"])),
        "title": draw(WORDS),
        "outlet": "Channel A" if place else draw(st.sampled_from(["", "Channel A", "Radio C"])),
        "contestant": draw(st.sampled_from(["", "Blue Party", "President"])),
        "format": draw(st.sampled_from(["", "news"])),
        "amount": draw(st.integers(1, 2**53)) if unit else None,
        "unit": unit,
        "closed": draw(st.booleans()),
        "documents": documents,
        **{name: draw(TEXTS) for name in ("text", "source", "outcome")},
        **place,
    }
    return Incident.model_validate(given)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=st.lists(anything(), min_size=1, max_size=6, unique_by=lambda each: each.incident_id))
def test_a_log_survives_store_and_folder(new_file: Path, log: list[Incident]) -> None:
    with TemporaryDirectory() as place:
        made = Path(place) / "store.sqlite"
        made.write_bytes(new_file.read_bytes())
        store = Store(sqlite_url(made))
        held = load(write_mission(Path(place) / "mission"))
        store.put_mission(held.mission, held.airings, "test", "")
        store.add([segment(1, start=0, end=60)], "test")
        assert add_incidents(store, log, "test") == len(log)
        assert incidents(store) == in_order(log)
        export_folder(store, Path(place) / "out")
        assert list(load(Path(place) / "out").incidents) == in_order(log)
        assert add_incidents(store, load(Path(place) / "out").incidents, "test") == 0
        store.engine.dispose()


def test_a_store_without_incidents_writes_no_file(small_store: Callable[..., Store], tmp_path: Path) -> None:
    export_folder(small_store(), tmp_path / "out")
    assert not (tmp_path / "out" / FILE).exists()


def test_an_export_has_what_stands_without_links_to_what_it_lacks(
    small_store: Callable[..., Store], tmp_path: Path
) -> None:
    store = small_store(segment(1, start=0, end=60))
    named = {"airing_id": "a-0312", "segment_id": str(UUID(int=1))}
    record_incident(store, incident(1, **named), "ana")
    record_incident(store, incident(2, **{"from": "2025-03-13"}), "ana")
    record_incident(store, incident(3), "ana")
    correct_incident(store, incident(2, **{"from": "2025-03-13"}, outcome="Shown at last"), "ana")
    retract_incident(store, incident(3).incident_id, 1, "ana", "twice")
    store.retract(str(UUID(int=1)), 1, "ana", "not there")
    export_folder(store, tmp_path / "out")
    written = load(tmp_path / "out").incidents
    assert [(each.revision, each.airing_id, each.segment_id) for each in written] == [(1, "a-0312", ""), (2, "", "")]
    assert add_incidents(store, written, "import") == 0, "it is the same incident, said without its segment"


def test_a_folder_imported_twice_stores_its_incidents_once(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "mission", incident(1), incident(2, kind="complaint"))
    (folder / "segments.csv").write_text(",".join(FIELDS) + "\n", encoding="utf-8")
    url = sqlite_url(tmp_path / "store.sqlite")
    first, again = import_folder(folder, url, "ana"), import_folder(folder, url, "ana")
    assert first[1] == "2 incidents stored; what was there already stays as it is"
    assert again[1].startswith("0 incidents stored")
    store = Store(url)
    correct_incident(store, incident(1, outcome="Shown"), "ana")
    import_folder(folder, url, "ana")
    assert [each.outcome for each in incidents(store) if each.incident_id == incident(1).incident_id] == ["Shown"]


def test_an_id_with_other_content_stops_the_import_before_anything_is_written(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "store.sqlite")
    import_folder(folder_with(tmp_path / "one", incident(1)), url, "ana")
    store = Store(url)
    before = store.fingerprint()
    other = folder_with(tmp_path / "two", incident(1, title="Something else"), incident(2))
    with pytest.raises(ProblemsFound, match="with other content"):
        import_folder(other, url, "ana")
    assert store.fingerprint() == before
