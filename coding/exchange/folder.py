"""A store written back as a mission folder; loading the folder gives the same mission, airings and segments."""

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w

from coding.exchange.exporter import Snapshot, cells_of, csv_text, snapshot
from coding.mission.clock import clock_text, instant_text
from coding.mission.loader import AIRING_COLUMNS, AIRING_TIMES, OUTLET_COLUMNS, SUBJECT_COLUMNS, load
from coding.mission.model import Affiliation, Airing, Mission, Outlet, Subject
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS
from coding.store import Store

_HEAD = ("id", "title", "country", "time_zone", "election_day", "notice", "minimum_segments")


def export_folder(store: Store, folder: Path) -> None:
    """Write mission.toml, outlets.csv, subjects.csv, airings.csv and segments.csv into a new folder.

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


def _files(held: Snapshot) -> Iterator[tuple[str, str]]:
    yield "mission.toml", tomli_w.dumps(mission_tree(held.mission))
    yield "outlets.csv", _table(OUTLET_COLUMNS, map(_outlet, held.mission.outlets))
    yield "subjects.csv", _table(SUBJECT_COLUMNS, (row for s in held.mission.subjects for row in _subject(s)))
    yield "airings.csv", _table(AIRING_COLUMNS, (_airing(airing, held.mission) for airing in held.airings))
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


def _outlet(outlet: Outlet) -> dict[str, str]:
    return {
        "outlet": outlet.name,
        "medium": outlet.medium,
        "unit": outlet.unit,
        "ownership": outlet.ownership,
        "region": outlet.region,
        "language": outlet.language,
        "monitored": _yes(outlet.monitored),
        **_names(outlet.names),
    }


def _subject(subject: Subject) -> Iterator[dict[str, str]]:
    """One line, and one more for each further affiliation."""
    first, *further = subject.affiliations or (None,)
    yield {
        "subject": subject.name,
        "kind": subject.kind,
        "ballot": "" if subject.ballot is None else str(subject.ballot),
        "colour": subject.colour,
        "aliases": "|".join(subject.aliases),
        **_affiliation(first),
        **_names(subject.names),
    }
    for part in further:
        yield {"subject": subject.name, **_affiliation(part)}


def _affiliation(part: Affiliation | None) -> dict[str, str]:
    if part is None:
        return {}
    return {"affiliation": part.contestant, "from": _date(part.start), "to": _date(part.end)}


def _names(names: dict[str, str]) -> dict[str, str]:
    return {f"name_{language}": name for language, name in names.items()}


def _airing(airing: Airing, mission: Mission) -> dict[str, str]:
    plain = ("airing_id", "outlet", "kind", "programme", "format", "slot", "planned_size", "actual_size", "note")
    row = {name: "" if getattr(airing, name) is None else str(getattr(airing, name)) for name in plain}
    for name in AIRING_TIMES:
        moment = getattr(airing, name)
        row[name] = "" if moment is None else instant_text(moment, airing.date, mission.zone)
    row["date"] = str(airing.date)
    row["date_to"] = str(airing.date_to) if airing.date_to != airing.date else ""
    return row | {"coded": _yes(airing.coded)}


def _date(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _yes(value: bool) -> str:
    return "yes" if value else "no"
