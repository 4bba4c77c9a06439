"""A store written back as a mission folder; loading the folder gives the same mission, airings and segments."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tomli_w

from coding.exchange.exporter import Snapshot, cells_of, csv_text, snapshot
from coding.mission.clock import clock_text
from coding.mission.loader import AIRING_COLUMNS, OUTLET_COLUMNS, SUBJECT_COLUMNS, load
from coding.mission.model import Airing, Mission
from coding.mission.rows import airing_row, outlet_row, subject_rows
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS
from coding.store import Store

_HEAD = ("id", "title", "country", "time_zone", "election_day", "notice", "minimum_segments")


def export_folder(store: Store, folder: Path) -> Snapshot:
    """Write mission.toml, outlets.csv, subjects.csv, airings.csv and segments.csv into a new folder; returns it all.

    The folder appears whole or not at all, and only after it was loaded again and compared with the store.
    Raises ProblemsFound where the folder exists and holds something, or where a file cannot say what the store holds.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProblemsFound([Problem("folder_exists", str(folder))])
    held = snapshot(store)
    written = folder.with_name(f".{folder.name}.{os.getpid()}.writing")
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir(parents=True)
    try:
        for name, text in _files(held):
            (written / name).write_bytes(text.encode())
        _compare(written, held)
        if folder.exists():
            folder.rmdir()
        written.replace(folder)
    finally:
        shutil.rmtree(written, ignore_errors=True)
    return held


def _files(held: Snapshot) -> Iterator[tuple[str, str]]:
    yield "mission.toml", tomli_w.dumps(mission_tree(held.mission))
    yield "outlets.csv", _table(OUTLET_COLUMNS, map(outlet_row, held.mission.outlets))
    yield "subjects.csv", _table(SUBJECT_COLUMNS, (row for s in held.mission.subjects for row in subject_rows(s)))
    yield "airings.csv", _table(AIRING_COLUMNS, (airing_row(airing, held.mission) for airing in held.airings))
    yield "segments.csv", csv_text([FIELDS, *map(cells_of, held.segments)])


def _compare(folder: Path, held: Snapshot) -> None:
    read = load(folder)
    parts = (
        ("mission.toml", read.mission == held.mission),
        ("airings.csv", sorted(read.airings, key=_id) == sorted(held.airings, key=_id)),
        ("segments.csv", read.segments == held.segments),
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
    for table in ("windows", "slots"):
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
