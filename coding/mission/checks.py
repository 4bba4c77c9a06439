"""What one file alone cannot tell: names that nobody defined, dates that cross, airings without an outlet."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from coding.desk.keys import problems as key_problems
from coding.mission.aliases import Alias
from coding.mission.clock import DAY_MS
from coding.mission.model import Airing, Mission, Period, Slot, Subject, Window
from coding.mission.rule_checks import TOML, LineOf, check_rules
from coding.mission.rules import Ceiling, Equality
from coding.problems import Problem
from coding.vocabulary import AiringKind, Unit, matching_key

EQUAL = "equal"
"""The benchmark that there is without being written down."""
OUTLETS, SUBJECTS, AIRINGS = "outlets.csv", "subjects.csv", "airings.csv"


def check_mission(
    mission: Mission, line_of: LineOf, outlet_lines: Mapping[str, int], subject_lines: Mapping[str, int]
) -> list[Problem]:
    """Every problem between the parts of a mission (all but its airings and segments)."""
    return [
        *_dated(mission, line_of),
        *_names_once(mission, line_of, outlet_lines, subject_lines),
        *_scale(mission, line_of),
        *_references(mission, line_of),
        *check_rules(mission, line_of),
        *_subjects(mission, subject_lines),
        *_retired(mission, line_of),
        *(
            Problem(p.key, TOML, line_of(("keys", p.column.removeprefix("keys."))), p.column, p.value, p.values)
            for p in key_problems(mission.keys)
        ),
    ]


def _dated(mission: Mission, line_of: LineOf) -> Iterator[Problem]:
    dated: dict[str, Sequence[Period | Window]] = {"periods": mission.periods, "windows": mission.windows}
    for table, parts in dated.items():
        for index, part in enumerate(parts):
            if part.end < part.start:
                days = {"start": part.start, "end": part.end}
                yield Problem("dates_reversed", TOML, line_of((table, index, "from")), "from", part.name, days)
    for a, b in _overlapping([(p.start, p.end, i) for i, p in enumerate(mission.periods)]):
        other = mission.periods[a].name
        yield Problem(
            "periods_overlap", TOML, line_of(("periods", b)), "from", mission.periods[b].name, {"other": other}
        )
    clocked: dict[str, Sequence[Window | Slot]] = {"windows": mission.windows, "slots": mission.slots}
    for table, stretches in clocked.items():
        for index, stretch in enumerate(stretches):
            if stretch.end_clock <= stretch.start_clock:
                yield Problem("clock_reversed", TOML, line_of((table, index, "end")), "end", stretch.name)
    # 24:00 is 0:00 on the clock, so a slot is held against the others a day later too
    spans = [(s.start_clock + d, s.end_clock + d - 1, i) for i, s in enumerate(mission.slots) for d in (0, DAY_MS)]
    for a, b in sorted(set(_overlapping(spans))):
        other = mission.slots[a].name
        yield Problem("slots_overlap", TOML, line_of(("slots", b)), "start", mission.slots[b].name, {"other": other})


def _overlapping(spans: Iterable[tuple[Any, Any, int]]) -> Iterator[tuple[int, int]]:
    """Index pairs of closed spans that share a day or a moment, each with the one before it."""
    ordered = sorted(spans)
    for (_, end, a), (start, _, b) in pairwise(ordered):
        if start <= end:
            yield a, b


def _names_once(
    mission: Mission, line_of: LineOf, outlet_lines: Mapping[str, int], subject_lines: Mapping[str, int]
) -> Iterator[Problem]:
    for table in ("periods", "windows", "tone", "formats", "groups", "slots", "benchmarks", "rules"):
        names = [part.name for part in getattr(mission, table)]
        for name in _repeated(names):
            yield Problem("name_twice", TOML, line_of((table, names.index(name), "name")), "name", name)
    for name in _repeated(outlet.name for outlet in mission.outlets):
        yield Problem("name_twice", OUTLETS, outlet_lines.get(name), "outlet", name)
    spelled: dict[str, list[tuple[Alias, str]]] = defaultdict(list)
    for subject in mission.subjects:
        for form in subject.forms:
            held = spelled[matching_key(form.name)]
            other = next((name for known, name in held if name != subject.name and known.meets(form)), None)
            held.append((form, subject.name))
            if other is not None:
                values = {"one": other, "two": subject.name}
                yield Problem("alias_of_two", SUBJECTS, subject_lines.get(subject.name), "aliases", form.name, values)
    for group in mission.groups:
        if spelled.get(matching_key(group.name)):
            line = line_of(("groups", mission.groups.index(group), "name"))
            yield Problem("group_is_subject", TOML, line, "name", group.name)


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _scale(mission: Mission, line_of: LineOf) -> Iterator[Problem]:
    scores = [point.score for point in mission.tone]
    if not 2 <= len(scores) <= 9 or len(set(scores)) < len(scores):
        yield Problem("tone_scale", TOML, line_of(("tone", 0)), "tone", str(scores))


def _references(mission: Mission, line_of: LineOf) -> Iterator[Problem]:
    outlets = {outlet.name for outlet in mission.outlets}
    subjects = {subject.name for subject in mission.subjects}
    contestants = {subject.name for subject in mission.contestants}
    formats = {part.name for part in mission.formats}
    wanted: list[tuple[str, int, str, Iterable[str], set[str]]] = []
    for i, window in enumerate(mission.windows):
        wanted.append(("windows", i, "outlets", window.outlets, outlets))
    for i, group in enumerate(mission.groups):
        wanted.append(("groups", i, "subjects", group.subjects, subjects))
    for i, benchmark in enumerate(mission.benchmarks):
        wanted.append(("benchmarks", i, "weights", benchmark.weights, contestants))
        mixes = {each.name for each in mission.benchmarks if each.mix}
        wanted.append(("benchmarks", i, "mix", set(benchmark.mix) - mixes, _benchmarks(mission)))
    for i, granted in enumerate(mission.entitlements):
        wanted.append(("entitlements", i, "outlet", [granted.outlet], outlets))
        wanted.append(("entitlements", i, "format", [granted.format], formats))
        wanted.append(("entitlements", i, "contestant", [granted.contestant], contestants | {"*"}))
    wanted += _named_by_rules(mission)
    for table, index, key, names, known in wanted:
        for name in names:
            if name not in known:
                values = {"known": _some(known)}
                yield Problem("unknown_name", TOML, line_of((table, index, key)), f"{table}.{key}", name, values)
    for index, part in enumerate(mission.formats):
        if part.name == "all":
            yield Problem("format_all", TOML, line_of(("formats", index, "name")), "name", part.name)
    members = Counter(subject for group in mission.groups for subject in group.subjects)
    for name in sorted(name for name, count in members.items() if count > 1):
        yield Problem("two_groups", TOML, line_of(("groups", 0)), "groups.subjects", name)


def _named_by_rules(mission: Mission) -> Iterator[tuple[str, int, str, Iterable[str], set[str]]]:
    """What rules name, and what there is: table, place, key, names, known names."""
    outlets, formats = {each.name for each in mission.outlets}, {each.name for each in mission.formats}
    groups = {each.name for each in mission.subjects} | {each.name for each in mission.groups}
    for i, rule in enumerate(mission.rules):
        yield "rules", i, "outlets", rule.outlets, outlets
        yield "rules", i, "formats", rule.formats, formats
        if isinstance(rule, Equality):
            yield "rules", i, "benchmark", [rule.benchmark], _benchmarks(mission)
            yield "rules", i, "slots", rule.slots, {slot.name for slot in mission.slots}
        if isinstance(rule, Ceiling):
            yield "rules", i, "group", [rule.group], groups


def _benchmarks(mission: Mission) -> set[str]:
    """What may be compared with: those of the mission, and `equal`, which needs no numbers."""
    return {each.name for each in mission.benchmarks} | {EQUAL}


def _some(names: Iterable[str], most: int = 12) -> str:
    """The names a person may have meant, as a list to read."""
    ordered = sorted(names)
    return ", ".join(ordered[:most]) + (", …" if len(ordered) > most else "")


def _subjects(mission: Mission, lines: Mapping[str, int]) -> Iterator[Problem]:
    contestants = {subject.name for subject in mission.contestants}
    places = Counter(subject.ballot for subject in mission.contestants)
    for subject in mission.subjects:
        line = lines.get(subject.name)
        if subject.ballot is not None and places[subject.ballot] > 1:
            yield Problem("ballot_twice", SUBJECTS, line, "ballot", str(subject.ballot))
        yield from _affiliations(subject, contestants, line)


def _retired(mission: Mission, line_of: LineOf) -> Iterator[Problem]:
    """A retired name and what it became must be names of the mission; every kind keeps one that is offered."""
    for name in _repeated(f"{each.kind} {each.name}" for each in mission.retired):
        yield Problem("name_twice", TOML, line_of(("retired", 0)), "retired.name", name)
    for index, each in enumerate(mission.retired):
        known = mission.names(each.kind)
        line = line_of(("retired", index, "name"))
        for column, names in (("name", [each.name]), ("into", each.into)):
            for name in names:
                if name not in known:
                    values = {"known": _some(known)}
                    yield Problem("unknown_name", TOML, line, f"retired.{column}", name, values)
        if not each.into or each.name in each.into:
            yield Problem("codebook.into_itself", TOML, line, "retired.into", each.name)
    for kind in sorted({each.kind for each in mission.retired}):
        if not mission.offered(kind):
            yield Problem("codebook.none_offered", TOML, line_of(("retired", 0)), "retired", kind)


def _affiliations(subject: Subject, contestants: set[str], line: int | None) -> Iterator[Problem]:
    spans = []
    for index, part in enumerate(subject.affiliations):
        if part.contestant not in contestants:
            values = {"known": _some(contestants)}
            yield Problem("unknown_contestant", SUBJECTS, line, "affiliation", part.contestant, values)
        elif subject.ballot is not None and part.contestant != subject.name:
            yield Problem("contestant_elsewhere", SUBJECTS, line, "affiliation", part.contestant)
        if part.start and part.end and part.end < part.start:
            days = {"start": part.start, "end": part.end}
            yield Problem("dates_reversed", SUBJECTS, line, "from", subject.name, days)
        spans.append((part.start or date.min, part.end or date.max, index))
    for _, second in _overlapping(spans):
        yield Problem("affiliations_overlap", SUBJECTS, line, "from", subject.affiliations[second].contestant)


def check_airings(mission: Mission, airings: Sequence[tuple[int | None, Airing]]) -> list[Problem]:
    """Every problem of the airings against the mission; each airing comes with its line."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for line, airing in airings:
        problems += _airing(mission, airing, line)
        if airing.airing_id in seen:
            problems.append(Problem("id_twice", AIRINGS, line, "airing_id", airing.airing_id))
        seen.add(airing.airing_id)
    return problems


def _airing(mission: Mission, airing: Airing, line: int | None) -> Iterator[Problem]:
    outlet = next((outlet for outlet in mission.outlets if outlet.name == airing.outlet), None)
    if outlet is None:
        values = {"known": _some(o.name for o in mission.outlets)}
        yield Problem("unknown_name", AIRINGS, line, "outlet", airing.outlet, values)
        return
    if not outlet.monitored:
        yield Problem("outlet_unmonitored", AIRINGS, line, "outlet", airing.outlet)
    if airing.format and airing.format not in {part.name for part in mission.formats}:
        values = {"known": _some(part.name for part in mission.formats)}
        yield Problem("unknown_name", AIRINGS, line, "format", airing.format, values)
    if airing.slot and airing.slot not in {part.name for part in mission.slots}:
        values = {"known": _some(part.name for part in mission.slots)}
        yield Problem("unknown_name", AIRINGS, line, "slot", airing.slot, values)
    if airing.date_to < airing.date:
        days = {"start": airing.date, "end": airing.date_to}
        yield Problem("dates_reversed", AIRINGS, line, "date_to", airing.airing_id, days)
    if airing.kind != AiringKind.AGGREGATE:
        yield from _extent(airing, outlet.unit, line)


def _extent(airing: Airing, unit: Unit, line: int | None) -> Iterator[Problem]:
    """Times for outlets counted in time, sizes for the others; both ends or neither."""
    timed = unit == Unit.MS
    for which in ("planned", "actual"):
        start, end = getattr(airing, f"{which}_start"), getattr(airing, f"{which}_end")
        size = getattr(airing, f"{which}_size")
        if (start is None) != (end is None):
            yield Problem("interval_half", AIRINGS, line, f"{which}_end", airing.airing_id)
        elif start is not None and end is not None and end <= start:
            yield Problem("airing_reversed", AIRINGS, line, f"{which}_end", airing.airing_id)
        if size is not None if timed else start is not None:
            key = "size_for_time" if timed else "time_for_size"
            yield Problem(key, AIRINGS, line, f"{which}_start", airing.airing_id, {"unit": unit})
    if airing.planned is None and airing.monitored is None:
        yield Problem("airing_empty", AIRINGS, line, "planned_start", airing.airing_id)
    if airing.coded and airing.monitored is None:
        yield Problem("coded_unmonitored", AIRINGS, line, "coded", airing.airing_id)
