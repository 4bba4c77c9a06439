"""Incidents in the store: recorded, corrected, retracted, each whole and once, under the names of today."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, func, select, text

from coding.codebook.applying import applied
from coding.codebook.changing import Wanted
from coding.problems import ProblemsFound
from coding.store import Store, audit, schema
from coding.store.codebook_changes import Change
from coding.store.engine import reading, writing
from coding.store.incidents import (
    add_incidents,
    check_new,
    correct_incident,
    incident_history,
    incidents,
    newest_revisions,
    record_incident,
    retract_incident,
)
from coding.vocabulary import CodeKind
from monitoring import coverage
from monitoring.coverage import open_coverage, shown_coverage
from tests.coding.incidents.made import incident
from tests.missions import segment

Make = Callable[..., Store]
SEGMENT = segment(1, start=0, end=60)
PLACED = {"airing_id": "a-0312", "segment_id": SEGMENT.segment_id}


def rows(store: Store) -> tuple[int, int]:
    """How many rows of incidents, and how many audit entries about them."""
    with reading(store.engine) as connection:
        kept = connection.execute(select(func.count()).select_from(schema.incident)).scalar_one()
        entries = select(func.count()).select_from(schema.audit).where(schema.audit.c.action == audit.INCIDENT)
        return kept, connection.execute(entries).scalar_one()


def refused(do: Callable[..., object], *given: object) -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        do(*given)
    return [problem.key for problem in found.value.problems]


def test_an_incident_is_recorded_corrected_and_retracted_with_its_history(small_store: Make) -> None:
    store = small_store(SEGMENT)
    record_incident(store, incident(1, **PLACED), "Ana")
    assert incidents(store) == [incident(1, **PLACED)]
    later = correct_incident(store, incident(1, **PLACED, outcome="An apology"), "Бек", " the answer came ")
    assert (later.revision, later.outcome) == (2, "An apology")
    assert incidents(store) == [later]
    retract_incident(store, later.incident_id, 2, "Ana", "recorded twice")
    assert incidents(store) == []
    history = incident_history(store, later.incident_id)
    told = [(each.incident.revision, each.retracted, each.reason, each.recorded_by) for each in history]
    assert told == [(1, False, "", "Ana"), (2, False, "the answer came", "Бек"), (3, True, "recorded twice", "Ana")]
    assert [each.retracted for each in newest_revisions(store)] == [True]
    assert rows(store) == (3, 3)


def test_every_step_moves_the_fingerprint(small_store: Make) -> None:
    """Amounts that were refused are part of a result, so a result says on which log it rests."""
    store = small_store()
    seen = [store.fingerprint()]
    record_incident(store, incident(1), "Ana")
    seen.append(store.fingerprint())
    correct_incident(store, incident(1, outcome="x"), "Ana")
    seen.append(store.fingerprint())
    retract_incident(store, incident(1).incident_id, 2, "Ana", "why")
    seen.append(store.fingerprint())
    assert len(set(seen)) == 4


def test_what_does_not_fit_the_mission_is_refused_all_at_once(small_store: Make) -> None:
    store = small_store(SEGMENT)
    wrong = incident(
        1, outlet="Channel Z", contestant="Nobody", format="soap", airing_id="z", segment_id=str(UUID(int=9))
    )
    keys = refused(record_incident, store, wrong, "Ana")
    assert keys == ["unknown_name", "unknown_name", "unknown_name", "unknown_airing", "incident.no_segment"]
    elsewhere = incident(1, airing_id="a-0313", segment_id=SEGMENT.segment_id)
    assert refused(record_incident, store, elsewhere, "Ana") == ["incident.other_airing"]
    assert refused(record_incident, store, incident(1, outlet="", airing_id="a-0312"), "Ana") == [
        "incident.other_outlet"
    ]
    assert refused(record_incident, store, incident(1, unit="mm2"), "Ana") == ["incident.other_unit"]
    assert refused(record_incident, store, incident(1, format="free space"), "Ana") == ["incident.other_unit"]
    record_incident(store, incident(1, outlet="", format="", unit="lines"), "Ana")  # nothing says which unit
    assert refused(correct_incident, store, incident(1, unit="mm2"), "Ana") == ["incident.other_unit"]
    assert rows(store) == (1, 1)


def test_a_lost_reply_and_a_second_press_store_one_row(small_store: Make) -> None:
    store = small_store()
    for _ in range(2):
        record_incident(store, incident(1), "Ana")
    for _ in range(2):
        assert correct_incident(store, incident(1, outcome="x"), "Ana").revision == 2
    record_incident(store, incident(1), "Ana")  # the first message once more, late
    for _ in range(2):
        retract_incident(store, incident(1).incident_id, 2, "Ana", "why")
    assert rows(store) == (3, 3)
    assert refused(record_incident, store, incident(1, title="Another"), "Ana") == ["incident.other_content"]


def test_a_correction_that_changes_nothing_writes_nothing(small_store: Make) -> None:
    store = small_store()
    record_incident(store, incident(1), "Ana")
    assert correct_incident(store, incident(1), "Ana").revision == 1
    assert rows(store) == (1, 1)


def test_somebody_elses_correction_is_told_and_nothing_overwritten(small_store: Make) -> None:
    store = small_store()
    record_incident(store, incident(1), "Ana")
    correct_incident(store, incident(1, outcome="mine"), "Бек")
    with pytest.raises(
        ProblemsFound, match=r"Бек corrected this incident meanwhile .*revision 2.*Nothing was overwritten"
    ):
        correct_incident(store, incident(1, outcome="other"), "Ana")
    assert refused(correct_incident, store, incident(1, outcome="mine"), "Ana") == ["incident.changed_meanwhile"]
    assert refused(retract_incident, store, incident(1).incident_id, 1, "Ana", "x") == ["incident.changed_meanwhile"]
    retract_incident(store, incident(1).incident_id, 2, "Бек", "x")
    late = incident(1, revision=3, outcome="late")
    assert refused(correct_incident, store, late, "Ana") == ["incident.retracted_meanwhile"]
    assert refused(retract_incident, store, incident(1).incident_id, 2, "Ana", "x") == ["incident.retracted_meanwhile"]
    assert rows(store) == (3, 3)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_retraction_needs_its_reason(small_store: Make, reason: str) -> None:
    store = small_store()
    record_incident(store, incident(1), "Ana")
    assert refused(retract_incident, store, incident(1).incident_id, 1, "Ana", reason) == ["missing_value"]
    assert len(incidents(store)) == 1


def test_what_is_not_there_is_neither_corrected_nor_retracted(small_store: Make) -> None:
    store = small_store()
    assert refused(correct_incident, store, incident(1), "Ana") == ["incident.unknown"]
    assert refused(retract_incident, store, incident(1).incident_id, 1, "Ana", "x") == ["incident.unknown"]


def test_a_file_goes_in_whole_or_not_at_all(small_store: Make) -> None:
    store = small_store()
    assert refused(add_incidents, store, [incident(1), incident(2, outlet="Channel Z")], "Ana") == ["unknown_name"]
    assert rows(store) == (0, 0)
    assert add_incidents(store, [incident(1), incident(2)], "Ana") == 2


def test_ten_people_at_once_write_ten_incidents_and_one_chain(small_store: Make) -> None:
    store = small_store()
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda n: record_incident(store, incident(n), f"person {n}"), range(1, 11)))
    assert len(incidents(store)) == 10
    with reading(store.engine) as connection:
        entries = connection.execute(select(schema.audit).order_by(schema.audit.c.seq)).mappings().all()
    assert all(later["previous"] == first["hash"] for first, later in pairwise(entries))


@pytest.mark.parametrize("statement", ["UPDATE incident SET facts = '{}'", "DELETE FROM incident"])
def test_the_database_refuses_to_change_or_delete_an_incident(small_store: Make, statement: str) -> None:
    store = small_store()
    record_incident(store, incident(1), "Ana")
    with pytest.raises(Exception, match="append-only"), writing(store.engine) as connection:
        connection.execute(text(statement))
    assert incidents(store) == [incident(1)]


def test_a_renamed_subject_and_format_are_followed(small_store: Make) -> None:
    store = small_store()
    record_incident(store, incident(1), "Ana")
    applied(
        store, Wanted(CodeKind.SUBJECT, Change.RENAME, ("Blue Party",), ("Azure Party",)), "Ana", "it renamed itself"
    )
    applied(store, Wanted(CodeKind.FORMAT, Change.RENAME, ("paid advertising",), ("paid spots",)), "Ana", "shorter")
    record_incident(store, incident(2, contestant="Red Party", format="news"), "Ana")
    assert [(each.contestant, each.format) for each in incidents(store)] == [
        ("Azure Party", "paid spots"),
        ("Red Party", "news"),
    ]
    held = incidents(store)[0]
    assert correct_incident(store, held.model_copy(update={"closed": True}), "Ana").contestant == "Azure Party"


def test_a_name_that_incidents_use_stays_in_the_mission(small_store: Make) -> None:
    store = small_store()
    record_incident(store, incident(1, outlet="Radio C", contestant="Green Party", unit="ms"), "Ana")
    mission = store.mission()
    without = mission.model_copy(
        update={
            "outlets": tuple(each for each in mission.outlets if each.name != "Radio C"),
            "subjects": tuple(each for each in mission.subjects if each.name != "Green Party"),
        }
    )
    with pytest.raises(ProblemsFound) as found:
        store.put_mission(without, (), "Ana", "tidied up")
    assert [(each.key, each.value) for each in found.value.problems] == [
        ("incident.in_use", "Green Party"),
        ("incident.in_use", "Radio C"),
    ]
    retract_incident(store, incident(1).incident_id, 1, "Ana", "not ours")
    assert store.put_mission(without, (), "Ana", "tidied up") == 2


def test_an_incident_alone_makes_no_page_old_and_computes_nothing_anew(small_store: Make) -> None:
    """Saved segments may wait some seconds for their place on a page; an incident has nothing to wait for."""
    store = small_store(SEGMENT)
    before = open_coverage(store)
    record_incident(store, incident(1), "Ana")
    after = shown_coverage(store)
    assert after.fingerprint == store.fingerprint() != before.fingerprint
    assert after.state.answer is before.state.answer, "the same table in the engine"


def test_segments_that_wait_go_on_waiting_after_an_incident(small_store: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    store = small_store(SEGMENT)
    monkeypatch.setattr(coverage, "monotonic", lambda: 100.0)
    before = open_coverage(store)
    store.add([segment(2, start=60, end=90)], "Ana")
    record_incident(store, incident(1), "Ana")
    assert shown_coverage(store) is before


KILLED = """
import os, sys
from coding.store import Store
from coding.store import audit
from coding.store.incidents import record_incident
from tests.coding.incidents.made import incident
store = Store(sys.argv[1])
first = audit.record
def killed(*given, **named):
    if sys.argv[2] == "after":
        first(*given, **named)
    os._exit(9)
audit.record = killed
record_incident(store, incident(1), "Ana")
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_killed_before_the_commit_leaves_nothing(small_store: Make, when: str) -> None:
    """Killed with the row written and its audit entry not, and with both: neither is there afterwards."""
    store = small_store()
    fingerprint = store.fingerprint()
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", KILLED, store.url, when], cwd=root, check=False)
    assert done.returncode == 9
    assert rows(store) == (0, 0)
    assert store.fingerprint() == fingerprint
    record_incident(store, incident(1), "Ana")
    assert rows(store) == (1, 1)


def test_many_incidents_of_a_file_are_looked_up_together(small_store: Make) -> None:
    store = small_store()
    many = [incident(number) for number in range(1, 1_201)]
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    check_new(store, many)
    assert sum("FROM incident" in each for each in asked) == 3
