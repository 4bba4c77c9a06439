"""Where an import goes: a store, a mission folder, or a mission that is made from the file itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from coding.exchange.exporter import replacing
from coding.exchange.folder import export_folder
from coding.exchange.importer import import_file
from coding.exchange.mapping import FileMapping, find_mapping
from coding.exchange.new_mission import NewMission, mission_from_file
from coding.languages import translator
from coding.mission.loader import load
from coding.mission.model import Period
from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.store.engine import open_engine
from coding.store.incidents import add_incidents, check_new
from coding.store.places import data_dir, folder_digest, is_url, open_mission, sqlite_url, store_url


def import_folder(folder: Path, target: str, who: str) -> list[str]:
    """A mission folder into a store (named after the mission in the data directory where `target` is empty).

    The same folder again adds nothing; a changed one makes a new codebook version. Raises ProblemsFound.
    """
    held = load(folder)
    store = Store(store_url(target or str(data_dir() / "stores" / f"{held.mission.id}.sqlite")))
    if store.codebook_version() and store.mission().id != held.mission.id:
        values = {"held": store.mission().id, "given": held.mission.id}
        raise ProblemsFound([Problem("other_mission", store.url, values=values)])
    check_new(store, held.incidents)
    added = store.add(held.segments, who, {"file": folder.name}, held.airings, held.mission)
    incidents = add_incidents(store, held.incidents, who)
    told = translator()
    lines = [told("import.folder", store=store.url, title=held.mission.title, **vars(added))]
    return lines + ([told("incidents.imported", count=incidents)] if held.incidents else [])


def import_segments(
    file: Path, mapping_name: str, mission: str, new: str, title: str, period: Period | None, zone: str, who: str
) -> list[str]:
    """A file of segments into `mission`, or into the mission `new` that is made from it; the report in lines.

    Either is a folder or a store. All or nothing: a refused file leaves no new mission behind. Raises ProblemsFound.
    """
    mapping = find_mapping(mapping_name)
    if bool(mission) == bool(new):
        raise ProblemsFound([Problem("one_target")])
    if new:
        return _into_new(file, mapping, new, title, period, zone, who)
    if is_url(mission):
        return import_file(file, mapping, open_mission(mission), who, period).lines()
    return _into_folder(file, mapping, Path(mission), period, who)


def _into_new(
    file: Path, mapping: FileMapping, target: str, title: str, period: Period | None, zone: str, who: str
) -> list[str]:
    if period is None:
        raise ProblemsFound([Problem("period_missing", str(file))])
    name = re.sub(r"[^a-z0-9_-]+", "-", Path(target.rsplit("/", 1)[-1]).stem.lower()).strip("-_") or "mission"
    made = mission_from_file(
        file, mapping, mission_id=name, title=title or name, period=period, time_zone=zone, notice=""
    )
    with _trial(made, who) as trial:
        report = import_file(file, mapping, trial, who, period)
        if is_url(target):
            _empty(target).put_mission(made.mission, (), who, f"made from {file.name}")
            report = import_file(file, mapping, Store(store_url(target)), who, period)
        else:
            export_folder(trial, Path(target))
    return [*(notice.text() for notice in made.notices), *report.lines()]


@contextmanager
def _trial(made: NewMission, who: str) -> Iterator[Store]:
    """A store that is thrown away: the import is tried there before anything is made."""
    with TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder) / "trial.sqlite")
        store = Store(url, open_engine(url))
        try:
            store.put_mission(made.mission, (), who, "trial")
            yield store
        finally:
            store.engine.dispose()  # Windows deletes no file that is open


def _empty(target: str) -> Store:
    store = Store(store_url(target))
    if store.codebook_version():
        raise ProblemsFound([Problem("store_not_empty", store.url)])
    return store


def _into_folder(file: Path, mapping: FileMapping, folder: Path, period: Period | None, who: str) -> list[str]:
    """Into the files of a folder: only airings.csv and segments.csv change, each replaced whole."""
    before, held = folder_digest(folder), load(folder)
    with _trial(NewMission(held.mission, ()), who) as trial, TemporaryDirectory() as space:
        trial.put_mission(held.mission, held.airings, who, "trial")
        trial.add(held.segments, who)
        report = import_file(file, mapping, trial, who, period)
        written = Path(space) / folder.resolve().name
        export_folder(trial, written)
        if folder_digest(folder) != before:
            raise ProblemsFound([Problem("changed_meanwhile", str(folder))])
        for name in ("airings.csv", "segments.csv"):
            with replacing(folder / name) as path:
                path.write_bytes((written / name).read_bytes())
    return report.lines()
