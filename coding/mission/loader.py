"""A mission folder in, a checked mission out; every problem at once."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from coding.incident import Incident
from coding.incidents.checking import Known
from coding.incidents.rows import FILE as INCIDENTS
from coding.incidents.rows import read_incidents
from coding.mission.checks import check_airings, check_mission
from coding.mission.clock import clock_of, instant
from coding.mission.model import Airing, Mission, Outlet, Subject
from coding.mission.tables import Row, checked, read_rows, read_text, translated
from coding.mission.toml_lines import line_of
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS, Segment
from coding.segment_checks import Rules, overlap_problems
from coding.vocabulary import canonical

OUTLET_COLUMNS = ("outlet", "medium", "unit", "ownership", "region", "language", "monitored")
SUBJECT_COLUMNS = ("subject", "kind", "ballot", "affiliation", "from", "to", "colour", "aliases")
AIRING_TIMES = ("planned_start", "planned_end", "actual_start", "actual_end")
AIRING_COLUMNS = (
    "airing_id", "outlet", "date", "date_to", "kind", "programme", "format", "slot",
    *AIRING_TIMES, "planned_size", "actual_size", "coded", "note",
)  # fmt: skip
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class MissionFolder:
    """Everything a folder holds: the mission, its airings, its segments, its incidents."""

    mission: Mission
    airings: tuple[Airing, ...]
    segments: tuple[Segment, ...]
    incidents: tuple[Incident, ...] = ()


def load(folder: Path) -> MissionFolder:
    """Read and check a mission folder. Raises ProblemsFound with every problem of every file."""
    problems: list[Problem] = []
    if not (folder / "mission.toml").is_file():
        raise ProblemsFound([Problem("no_mission", str(folder))])
    outlets: list[tuple[int, Outlet]] = []
    subjects: list[tuple[int, Subject]] = []
    with _collected(problems):
        outlets = list(_outlets(folder / "outlets.csv", problems))
    with _collected(problems):
        subjects = list(_subjects(folder / "subjects.csv", problems))
    mission = _mission(folder / "mission.toml", [o for _, o in outlets], [s for _, s in subjects], problems)
    if mission is None:
        raise ProblemsFound(problems)
    text = read_text(folder / "mission.toml")
    problems += check_mission(mission, partial(line_of, text), dict(_lines(outlets)), dict(_lines(subjects)))
    airings: list[tuple[int, Airing]] = []
    with _collected(problems):
        airings = list(_airings(folder / "airings.csv", mission, problems))
    problems += check_airings(mission, airings)
    segments: list[Segment] = []
    with _collected(problems):
        segments = _segments(folder / "segments.csv", mission, [a for _, a in airings], problems)
    incidents: list[Incident] = []
    with _collected(problems):
        known = Known(mission, {a.airing_id: a for _, a in airings}, {s.segment_id: s.airing_id for s in segments})
        incidents = read_incidents(folder / INCIDENTS, known, problems)
    if problems:
        raise ProblemsFound(problems)
    return MissionFolder(mission, tuple(a for _, a in airings), tuple(segments), tuple(incidents))


@contextmanager
def _collected(problems: list[Problem]) -> Iterator[None]:
    try:
        yield
    except ProblemsFound as found:
        problems += found.problems


def _lines(pairs: Iterable[tuple[int, Any]]) -> Iterator[tuple[str, int]]:
    return ((item.name, line) for line, item in pairs)


def _mission(path: Path, outlets: list[Outlet], subjects: list[Subject], problems: list[Problem]) -> Mission | None:
    try:
        text = read_text(path)
        tree = tomllib.loads(text)
    except ProblemsFound as found:
        problems += found.problems
        return None
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem("toml_broken", path.name, getattr(error, "lineno", None), value=str(error)))
        return None
    head = tree.pop("mission", {})
    if not isinstance(head, dict):
        problems.append(Problem("not_a_table", path.name, line_of(text, ("mission",)), value="mission"))
        return None
    try:
        return Mission.model_validate({**head, **tree, "outlets": outlets, "subjects": subjects})
    except ValidationError as error:
        places = {key: ("mission", key) for key in Mission.model_fields if key not in tree}
        problems += translated(error, path.name, lambda loc: line_of(text, places.get(loc[0]) or loc))
        return None


def _outlets(path: Path, problems: list[Problem]) -> Iterator[tuple[int, Outlet]]:
    for line, row in read_rows(path, ("outlet", "medium", "unit"), OUTLET_COLUMNS, ("name_",)):
        given: dict[str, Any] = {key: value.strip() for key, value in row.items() if value.strip()}
        given = _named(given, "outlet")
        _yes_no(given, "monitored", path.name, line, problems)
        outlet = checked(Outlet, given, path.name, line, problems)
        if outlet:
            yield line, outlet


def _named(given: dict[str, Any], key: str) -> dict[str, Any]:
    """The key column as `name`, and the name_LANG columns as one table."""
    names = {column.removeprefix("name_"): given.pop(column) for column in list(given) if column.startswith("name_")}
    if key in given:
        given["name"] = given.pop(key)
    return given | ({"names": names} if names else {})


def _yes_no(given: dict[str, Any], key: str, file: str, line: int, problems: list[Problem]) -> None:
    if key in given:
        if given[key] not in YES_NO:
            problems.append(Problem("yes_or_no", file, line, key, given[key]))
        given[key] = YES_NO.get(given[key], False)


def _subjects(path: Path, problems: list[Problem]) -> Iterator[tuple[int, Subject]]:
    """A subject is its first line and the lines of further affiliations below it."""
    gathered: dict[str, tuple[int, dict[str, Any]]] = {}
    for line, row in read_rows(path, ("subject", "kind"), SUBJECT_COLUMNS, ("name_",)):
        given: dict[str, Any] = {key: value.strip() for key, value in row.items() if value.strip()}
        name = canonical(given.get("subject", ""))
        affiliation = {
            "contestant": given.pop("affiliation", ""),
            "start": given.pop("from", ""),
            "end": given.pop("to", ""),
        }
        if name in gathered and given.keys() - {"subject", "kind"}:
            problems.append(Problem("subject_twice", path.name, line, "subject", name))
        first = gathered.setdefault(name, (line, _subject_values(given)))[1]
        if affiliation["contestant"]:
            first["affiliations"].append(affiliation)
        elif affiliation["start"] or affiliation["end"]:
            problems.append(Problem("missing_value", path.name, line, "affiliation"))
    for line, given in gathered.values():
        subject = checked(Subject, given, path.name, line, problems)
        if subject:
            yield line, subject


def _subject_values(given: dict[str, Any]) -> dict[str, Any]:
    aliases = [alias for alias in given.pop("aliases", "").split("|") if alias.strip()]
    return _named(given, "subject") | {"aliases": aliases, "affiliations": []}


def _airings(path: Path, mission: Mission, problems: list[Problem]) -> Iterator[tuple[int, Airing]]:
    for line, row in read_rows(path, ("airing_id", "outlet", "date", "kind"), AIRING_COLUMNS):
        airing = airing_from_row(row, mission, path.name, line, problems)
        if airing:
            yield line, airing


def airing_from_row(row: Row, mission: Mission, file: str, line: int, problems: list[Problem]) -> Airing | None:
    """An airing from the cells of its line (columns as in airings.csv); problems go into the list."""
    given: dict[str, Any] = {key: value.strip() for key, value in row.items() if value.strip()}
    _yes_no(given, "coded", file, line, problems)
    times = {key: given.pop(key) for key in AIRING_TIMES if key in given}
    airing = checked(Airing, given, file, line, problems)
    if airing is None:
        return None
    instants: dict[str, int] = {}
    for key, value in times.items():
        try:
            instants[key] = instant(value, airing.date, mission.zone)
        except PydanticCustomError as error:
            problems.append(Problem(error.type, file, line, key, value))
    return with_clock(airing.model_copy(update=instants), mission)


def with_clock(airing: Airing, mission: Mission) -> Airing:
    """The airing with the wall clock of its planned start, else the actual one.

    The plan decides what a window holds: a programme that began two seconds early is still the one of that window.
    """
    start = airing.planned_start if airing.planned_start is not None else airing.actual_start
    clock = None if start is None else clock_of(start, airing.date, mission.zone)
    return airing.model_copy(update={"start_clock": clock})


def _segments(path: Path, mission: Mission, airings: list[Airing], problems: list[Problem]) -> list[Segment]:
    if not path.is_file():
        return []
    rules, lines, segments = Rules.of(mission, airings), {}, []
    required = ("segment_id", "airing_id", "subject", "format", "coder", "coded_at")
    for line, row in read_rows(path, required, FIELDS):
        given = {key: value for key, value in row.items() if value != ""}
        segment = checked(Segment, given, path.name, line, problems)
        if segment:
            problems += rules.problems(segment, path.name, line)
            segments.append(segment)
            lines[segment.segment_id] = line
    twice = [key for key, n in Counter(segment.segment_id for segment in segments).items() if n > 1]
    problems += [Problem("id_twice", path.name, lines[key], "segment_id", key) for key in twice]
    problems += overlap_problems(segments, path.name, lines)
    return segments
