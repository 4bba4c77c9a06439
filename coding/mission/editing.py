"""The mission as tables that a person edits, and the way back: everything is checked before anything is written.

Tables have the columns of the mission folder's files (`windows` and `periods` those of mission.toml); every cell is
text. Problems name the table in `file` and its row, counted from 1, in `line`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from coding.languages import languages
from coding.mission.checks import AIRINGS, OUTLETS, SUBJECTS, check_airings, check_mission
from coding.mission.clock import clock_text
from coding.mission.in_use import Used
from coding.mission.loader import (
    AIRING_COLUMNS,
    OUTLET_COLUMNS,
    SUBJECT_COLUMNS,
    YES_NO,
    airing_from_row,
)
from coding.mission.model import (
    Affiliation,
    Airing,
    DoubleCodingPolicy,
    Mission,
    Outlet,
    Period,
    Subject,
    Window,
)
from coding.mission.parts import Part
from coding.mission.rows import LIST_MARK, airing_row, outlet_row, subject_rows
from coding.mission.tables import Row, checked
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import canonical

Tables = Mapping[str, Sequence[Row]]
P = TypeVar("P", bound=Part)

WINDOW_COLUMNS = ("name", "outlets", "from", "to", "start", "end")
PERIOD_COLUMNS = ("name", "from", "to")
SUGGESTION_COLUMNS = ("show", "withheld")
DOUBLE_CODING_COLUMNS = ("share", "seed", "pass_mark")
COLUMNS = {
    "outlets": OUTLET_COLUMNS,
    "subjects": SUBJECT_COLUMNS,
    "airings": AIRING_COLUMNS,
    "windows": WINDOW_COLUMNS,
    "periods": PERIOD_COLUMNS,
    "suggestions": SUGGESTION_COLUMNS,
    "double_coding": DOUBLE_CODING_COLUMNS,
}
POLICIES = ("suggestions", "double_coding")
"""Tables of one row: how the mission wants a thing done."""
_TABLE_OF_FILE = {OUTLETS: "outlets", SUBJECTS: "subjects", AIRINGS: "airings"}
_WHOLE_DAY = (Window.model_fields["start_clock"].default, Window.model_fields["end_clock"].default)


def columns_of(table: str, mission: Mission) -> tuple[str, ...]:
    """The columns of a table; names in other languages stand last, in the languages of the mission and the screens."""
    if table not in ("outlets", "subjects"):
        return COLUMNS[table]
    named: Sequence[Outlet | Subject] = (*mission.outlets, *mission.subjects)
    spoken = {language for part in named for language in part.names} | set(languages())
    return (*COLUMNS[table], *(f"name_{language}" for language in sorted(spoken)))


def tables_of(mission: Mission, airings: Iterable[Airing]) -> dict[str, list[Row]]:
    """The mission as tables; `mission_from_tables` gives it back."""
    rows: dict[str, Iterable[dict[str, str]]] = {
        "outlets": map(outlet_row, mission.outlets),
        "subjects": (row for subject in mission.subjects for row in subject_rows(subject)),
        "airings": (airing_row(airing, mission) for airing in airings),
        "windows": map(_window_row, mission.windows),
        "periods": ({"name": p.name, "from": str(p.start), "to": str(p.end)} for p in mission.periods),
        "suggestions": [{"show": str(mission.suggestions.show), "withheld": str(mission.suggestions.withheld)}],
        "double_coding": [_double_coding_row(mission.double_coding)],
    }
    return {
        table: [{name: row.get(name, "") for name in columns_of(table, mission)} for row in part]
        for table, part in rows.items()
    }


def _window_row(window: Window) -> Row:
    whole = (window.start_clock, window.end_clock) == _WHOLE_DAY
    clocks = ("", "") if whole else (clock_text(window.start_clock), clock_text(window.end_clock))
    days = {"from": str(window.start), "to": str(window.end), "start": clocks[0], "end": clocks[1]}
    return {"name": window.name, "outlets": LIST_MARK.join(window.outlets), **days}


def _double_coding_row(policy: DoubleCodingPolicy) -> Row:
    seed = "" if policy.seed is None else str(policy.seed)
    return {"share": str(policy.share), "seed": seed, "pass_mark": str(policy.pass_mark)}


def mission_from_tables(
    mission: Mission, tables: Tables, used: Used | None = None
) -> tuple[Mission, tuple[Airing, ...]]:
    """The mission with these outlets, subjects, windows, periods and policies, and its airings.

    All else stays as it is.

    Raises ProblemsFound with everything that is wrong in any table, a name in `used` that is gone among it.
    """
    read = _Reading()
    outlets, subjects = list(read.outlets(tables["outlets"])), list(read.subjects(tables["subjects"]))
    windows, periods = list(read.windows(tables["windows"])), list(read.periods(tables["periods"]))
    parts = {
        name: _kept(getattr(mission, name), [part for _, part in rows])
        for name, rows in (("outlets", outlets), ("subjects", subjects), ("windows", windows), ("periods", periods))
    }
    policies = {name: read.policy(name, tables.get(name, ()), getattr(mission, name)) for name in POLICIES}
    changed = mission.model_copy(update={**parts, **policies})
    airings = list(read.airings(tables["airings"], changed))
    places = {"windows": [row for row, _ in windows], "periods": [row for row, _ in periods]}
    lines = ({part.name: row for row, part in outlets}, {part.name: row for row, part in subjects})
    unread = read.unread - {""}
    gone = [problem for problem in (used or Used()).gone(changed) if problem.value not in unread]
    follows = {problem.value for problem in gone} | unread
    found = [*_between(changed, places, *lines), *_once(_placed(check_airings(changed, airings)))]
    problems = [*read.problems, *gone, *(problem for problem in found if problem.value not in follows)]
    if problems:
        raise ProblemsFound(problems)
    return changed, tuple(airing for _, airing in airings)


def _kept(before: Iterable[Any], parts: Iterable[Any]) -> tuple[Any, ...]:
    """The parts; what equals the one of its name before is that very one, so that no version differs in nothing."""
    held = {part.name: part for part in before}
    return tuple(held[part.name] if held.get(part.name) == part else part for part in parts)


@dataclass
class _Reading:
    """Rows as checked parts, each with its row; `problems` fills up, and `unread` with names in rows that failed."""

    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def outlets(self, rows: Sequence[Row]) -> Iterator[tuple[int, Outlet]]:
        """Row number and outlet of every row that can be read."""
        for number, given in _filled(rows):
            monitored = given.pop("monitored", "yes")
            if monitored not in YES_NO:
                self.problems.append(Problem("yes_or_no", "outlets", number, "monitored", monitored))
                self.unread.add(canonical(given.get("outlet", "")))
            values = _named(given, "outlet") | {"monitored": YES_NO.get(monitored, False)}
            outlet = checked(Outlet, values, "outlets", number, self.problems)
            if outlet:
                yield number, outlet
            else:
                self.unread.add(canonical(str(values.get("name", ""))))

    def subjects(self, rows: Sequence[Row]) -> Iterator[tuple[int, Subject]]:
        """A subject is its first row and the rows of further affiliations."""
        gathered: dict[str, tuple[int, dict[str, Any]]] = {}
        for number, given in _filled(rows):
            affiliation = self._affiliation(given, number)
            name = canonical(given.get("subject", ""))
            if name in gathered and given.keys() - {"subject", "kind"}:
                self.problems.append(Problem("subject_twice", "subjects", number, "subject", name))
            first = gathered.setdefault(name, (number, _subject_values(given)))[1]
            first["affiliations"] += [affiliation] if affiliation else []
        for name, (number, values) in gathered.items():
            subject = checked(Subject, values, "subjects", number, self.problems)
            if subject:
                yield number, subject
            else:
                self.unread.add(name)

    def _affiliation(self, given: dict[str, Any], number: int) -> Affiliation | None:
        """The affiliation of a row, whose cells are taken out of it."""
        contestant, days = given.pop("affiliation", ""), {name: given.pop(name, "") for name in ("from", "to")}
        if not contestant:
            if any(days.values()):
                self.problems.append(Problem("missing_value", "subjects", number, "affiliation"))
            return None
        found: list[Problem] = []
        values = {"contestant": contestant, "start": days["from"], "end": days["to"]}
        affiliation = checked(Affiliation, values, "subjects", number, found)
        headings = {"contestant": "affiliation", "start": "from", "end": "to"}
        self.problems += [replace(problem, column=headings.get(problem.column, problem.column)) for problem in found]
        return affiliation

    def windows(self, rows: Sequence[Row]) -> Iterator[tuple[int, Window]]:
        """Row number and window of every row that can be read."""
        for number, given in _filled(rows):
            outlets = [name for name in given.pop("outlets", "").split(LIST_MARK) if name.strip()]
            window = checked(Window, given | {"outlets": outlets}, "windows", number, self.problems)
            if window and not outlets:
                self.problems.append(Problem("missing_value", "windows", number, "outlets"))
            if window:
                yield number, window

    def periods(self, rows: Sequence[Row]) -> Iterator[tuple[int, Period]]:
        for number, given in _filled(rows):
            period = checked(Period, given, "periods", number, self.problems)
            if period:
                yield number, period

    def policy(self, table: str, rows: Sequence[Row], before: P) -> P:
        """A policy is one row; where it says nothing, or what cannot be read, it is the one before."""
        for number, given in _filled(rows):
            policy = checked(type(before), given, table, number, self.problems)
            return before if policy is None or policy == before else policy
        return before

    def airings(self, rows: Sequence[Row], mission: Mission) -> Iterator[tuple[int, Airing]]:
        for number, given in _filled(rows):
            airing = airing_from_row(given, mission, "airings", number, self.problems)
            if airing:
                yield number, airing


def _filled(rows: Sequence[Row]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and cells of every row that says something."""
    for number, row in enumerate(rows, 1):
        given = {name: value.strip() for name, value in row.items() if value.strip()}
        if given:
            yield number, given


def _named(given: dict[str, Any], key: str) -> dict[str, Any]:
    """The key column as `name`, and the name_LANG columns as one table."""
    names = {name.removeprefix("name_"): given.pop(name) for name in list(given) if name.startswith("name_")}
    named = {"name": given.pop(key)} if key in given else {}
    return {**given, **named, "names": names}


def _subject_values(given: dict[str, Any]) -> dict[str, Any]:
    aliases = [alias for alias in given.pop("aliases", "").split(LIST_MARK) if alias.strip()]
    return _named(given, "subject") | {"aliases": aliases, "affiliations": []}


def _between(
    mission: Mission, rows: Mapping[str, Sequence[int]], outlets: Mapping[str, int], subjects: Mapping[str, int]
) -> list[Problem]:
    """Problems between the parts of the mission, at their table and row."""
    places: list[tuple[str, int | None]] = []

    def place(location: Sequence[str | int]) -> int:
        """A number for a place in mission.toml, under which its table and row are kept."""
        table, index = str(location[0]), int(location[1])
        places.append((table, rows[table][index]) if table in rows else ("mission", None))
        return len(places) - 1

    problems = []
    for problem in check_mission(mission, place, outlets, subjects):
        if problem.file in _TABLE_OF_FILE:
            problems += _placed([problem])
        else:
            table, row = places[problem.line] if problem.line is not None else ("mission", None)
            problems.append(replace(problem, file=table, line=row))
    return problems


def _placed(problems: Iterable[Problem]) -> list[Problem]:
    return [replace(problem, file=_TABLE_OF_FILE[problem.file]) for problem in problems]


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem at its first row only: an outlet that is gone is one mistake, however many airings it had."""
    kept: dict[tuple[str, str, str], Problem] = {}
    for problem in problems:
        kept.setdefault((problem.key, problem.column, problem.value), problem)
    return list(kept.values())
