"""A store written back as a mission folder; loading it gives the same mission, airings, segments and incidents."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tomli_w

from coding.exchange.exporter import Snapshot, cells_of, csv_text, snapshot
from coding.incident import Incident
from coding.incidents.rows import COLUMNS as INCIDENT_COLUMNS
from coding.incidents.rows import FILE as INCIDENTS
from coding.incidents.rows import in_order, incident_cells
from coding.mission.clock import clock_text
from coding.mission.loader import AIRING_COLUMNS, OUTLET_COLUMNS, SUBJECT_COLUMNS, load
from coding.mission.model import Airing, Mission
from coding.mission.rows import airing_row, outlet_row, subject_rows
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS
from coding.store import Store
from coding.store.incidents import incidents

_HEAD = ("id", "title", "country", "time_zone", "election_day", "notice", "minimum_segments")


def export_folder(store: Store, folder: Path) -> Snapshot:
    """Write mission.toml, outlets.csv, subjects.csv, airings.csv and segments.csv into a new folder; returns it all.

    Where there are incidents, incidents.csv stands beside them, without links to what the other files lack.
    The folder appears whole or not at all, and only after it was loaded again and compared with the store.
    Raises ProblemsFound where the folder exists and holds something, or where a file cannot say what the store holds.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProblemsFound([Problem("folder_exists", str(folder))])
    held, log = _held(store)
    written = folder.with_name(f".{folder.name}.{os.getpid()}.writing")
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir(parents=True)
    try:
        for name, text in _files(held, log):
            (written / name).write_bytes(text.encode())
        _compare(written, held, log)
        if folder.exists():
            folder.rmdir()
        written.replace(folder)
    finally:
        shutil.rmtree(written, ignore_errors=True)
    return held


def _held(store: Store) -> tuple[Snapshot, list[Incident]]:
    """The record and its incidents, both of one state of the store."""
    while True:
        held, log = snapshot(store), incidents(store)
        if store.fingerprint() == held.fingerprint:
            return held, _linked(log, held)


def _linked(log: Iterable[Incident], held: Snapshot) -> list[Incident]:
    """Incidents with those links only that lead to something in the folder."""
    there = {each.airing_id for each in held.airings}, {each.segment_id for each in held.segments}
    unlinked = {"airing_id": "", "segment_id": ""}
    linked = []
    for each in log:
        gone = {name: "" for name, ids in zip(unlinked, there, strict=True) if getattr(each, name) not in ids}
        linked.append(each.model_copy(update=unlinked if "airing_id" in gone else gone))
    return linked


def _files(held: Snapshot, log: Sequence[Incident]) -> Iterator[tuple[str, str]]:
    yield "mission.toml", tomli_w.dumps(mission_tree(held.mission))
    yield "outlets.csv", _table(OUTLET_COLUMNS, map(outlet_row, held.mission.outlets))
    yield "subjects.csv", _table(SUBJECT_COLUMNS, (row for s in held.mission.subjects for row in subject_rows(s)))
    yield "airings.csv", _table(AIRING_COLUMNS, (airing_row(airing, held.mission) for airing in held.airings))
    yield "segments.csv", csv_text([FIELDS, *map(cells_of, held.segments)])
    if log:
        yield INCIDENTS, csv_text([INCIDENT_COLUMNS, *map(incident_cells, log)])


def _compare(folder: Path, held: Snapshot, log: Sequence[Incident]) -> None:
    read = load(folder)
    parts = (
        ("mission.toml", read.mission == held.mission),
        ("airings.csv", sorted(read.airings, key=_id) == sorted(held.airings, key=_id)),
        ("segments.csv", read.segments == held.segments),
        (INCIDENTS, in_order(read.incidents) == in_order(log)),
    )
    changed = [Problem("folder_changed", file) for file, same in parts if not same]
    if changed:
        raise ProblemsFound(changed)


def _id(airing: Airing) -> str:
    return airing.airing_id


def mission_tree(mission: Mission) -> dict[str, Any]:
    """The mission as mission.toml has it: plain keys, a head, tables; clocks as hh:mm. Without outlets and subjects."""
    tree: dict[str, Any] = mission.model_dump(
        by_alias=True, exclude={"outlets", "subjects"}, exclude_none=True, exclude_defaults=True
    )
    for table in ("windows", "slots", "entitlements"):
        for part in tree.get(table, ()):
            part |= {key: clock_text(part[key]) for key in ("start", "end") if key in part}
    head = {key: tree.pop(key) for key in _HEAD if key in tree}
    topics = {"topics": tree.pop("topics")} if "topics" in tree else {}
    return {**topics, "mission": head, **_plain(tree)}


def _plain(value: Any) -> Any:
    """Lists and plain strings in place of tuples and enumerations, which TOML does not know."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, str) else value


def _table(columns: Iterable[str], rows: Iterable[dict[str, str]]) -> str:
    """A CSV table; `name_LANG` columns stand behind the fixed ones, in the order of the alphabet."""
    kept = list(rows)
    header = [*columns, *sorted({name for row in kept for name in row if name.startswith("name_")})]
    return csv_text([header, *([row.get(name, "") for name in header] for row in kept)])
