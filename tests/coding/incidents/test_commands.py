"""Incidents from the command line: written into a store, listed from anywhere."""

from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from coding.__main__ import app as coding_app
from coding.exchange.into import import_folder
from coding.store import Store
from coding.store.incidents import incident_history, incidents, record_incident
from coding.store.places import sqlite_url
from coding.vocabulary import Unit
from tests.coding.incidents.made import incident
from tests.missions import segment, write_mission

run = CliRunner().invoke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_mission(tmp_path / "mission")


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Store:
    url = sqlite_url(tmp_path / "store.sqlite")
    import_folder(folder, url, "test")
    made = Store(url)
    made.add([segment(1, start=0, end=60)], "test")
    return made


def test_an_incident_is_added_corrected_and_retracted(store: Store) -> None:
    said = ["--kind", "refused", "--from", "2025-03-12", "--clock", "20:31", "--outlet"]
    more = ["Channel A", "--title", "A spot was refused", "--amount", "30000", "--unit", "ms", "--airing", "a-0312"]
    documents = ["--document", "Letter <https://example.org/a>", "--document", "Scan"]
    done = run(coding_app, ["incidents", "add", store.url, *said, *more, *documents, "--segment", str(UUID(int=1))])
    assert done.exit_code == 0, done.output
    [held] = incidents(store)
    assert (held.amount, held.unit, held.clock, held.closed) == (30_000, Unit.MS, "20:31", False)
    assert [each.name for each in held.documents] == ["Letter", "Scan"]
    assert f"saved: A spot was refused ({held.incident_id})" in done.output
    later = run(coding_app, ["incidents", "correct", store.url, held.incident_id, "--outcome", "Shown", "--closed",
                             "--amount", "", "--unit", "ms"])  # fmt: skip
    assert later.exit_code == 1, "a unit without an amount"
    later = run(
        coding_app,
        ["incidents", "correct", store.url, held.incident_id, "--outcome", "Shown", "--closed", "--reason", "answer"],
    )
    assert "corrected, now revision 2" in later.output
    same = run(coding_app, ["incidents", "correct", store.url, held.incident_id, "--outcome", "Shown"])
    assert "nothing was changed, still revision 2" in same.output
    assert incidents(store)[0].documents == held.documents
    without = run(coding_app, ["incidents", "retract", store.url, held.incident_id])
    assert without.exit_code == 1
    assert run(coding_app, ["incidents", "retract", store.url, held.incident_id, "--reason", "twice"]).exit_code == 0
    assert incidents(store) == []
    told = run(coding_app, ["incidents", "list", store.url, "--history", held.incident_id]).stdout
    assert [line.split(" · ")[0].split(", ", 1)[1] for line in told.splitlines() if "revision" in line] == [
        "command line, revision 1",
        "command line, revision 2",
        "command line, revision 3, retracted",
    ]
    assert [each.reason for each in incident_history(store, held.incident_id)] == ["", "answer", "twice"]


def test_every_mistake_is_named_at_once(store: Store) -> None:
    done = run(coding_app, ["incidents", "add", store.url, "--from", "12.03.2025", "--clock", "half past eight"])
    assert done.exit_code == 1
    for part in ("kind: ", "title: ", "from: «12.03.2025» is not a date", "clock: «half past eight» is not a time"):
        assert part in done.output
    assert incidents(store) == []


def test_a_folder_says_what_to_do(folder: Path) -> None:
    for words in (["add"], ["correct", "x"], ["retract", "x", "--reason", "y"]):
        done = run(coding_app, ["incidents", words[0], str(folder), *words[1:]])
        assert done.exit_code == 1
        assert "is a folder, which can only be looked at. Import it first" in done.output


def test_an_unknown_incident_is_told(store: Store) -> None:
    done = run(coding_app, ["incidents", "correct", store.url, "nothing", "--title", "x"])
    assert done.exit_code == 1
    assert "there is no incident nothing" in done.output


def test_the_list_has_ids_and_says_when_there_is_nothing(store: Store) -> None:
    assert "No incidents." in run(coding_app, ["incidents", "list", store.url]).stdout
    record_incident(store, incident(1), "Ana")
    told = run(coding_app, ["incidents", "list", store.url]).stdout
    assert told.splitlines()[-1] == (
        f"{UUID(int=1)} · 2025-03-12 · Refused · Channel A · Blue Party · A spot was refused · open"
    )
