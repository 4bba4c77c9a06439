"""What rules, entitlements and benchmarks may not say: where one reading of them would be as good as another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations

from coding.mission.clock import DAY_MS, is_shown_once
from coding.mission.model import Entitlement, Mission
from coding.mission.rules import Ceiling, Equality, Paid, Silence
from coding.problems import Problem
from coding.vocabulary import Unit

LineOf = Callable[[Sequence[str | int]], int]
TOML = "mission.toml"


def check_rules(mission: Mission, line_of: LineOf) -> Iterator[Problem]:
    """Mixes of mixes, units that nothing is counted in, grants that meet, and rules that could be read in two ways."""
    mixes = {each.name for each in mission.benchmarks if each.mix}
    for i, benchmark in enumerate(mission.benchmarks):
        for name in sorted(set(benchmark.mix) & mixes):
            place = line_of(("benchmarks", i, "mix"))
            yield Problem("rules.mix_of_mix", TOML, place, "benchmarks.mix", name, {"mix": benchmark.name})
    for i, granted in enumerate(mission.entitlements):
        yield from _unit_fits(mission, line_of(("entitlements", i, "unit")), "entitlements", granted.unit,
                              (granted.outlet,), (granted.format,))  # fmt: skip
    yield from _grants_meet(mission, line_of)
    for i, rule in enumerate(mission.rules):
        if isinstance(rule, Paid) and rule.unit is not None:
            place = line_of(("rules", i, "unit"))
            yield from _unit_fits(mission, place, "rules", rule.unit, rule.outlets, rule.formats)
        if isinstance(rule, Equality) and rule.at_least and rule.unit is None:
            yield from _least(mission, rule, line_of(("rules", i, "at_least")))
        if isinstance(rule, Ceiling) and rule.incumbents == "party" and _has_affiliated(mission, rule.group):
            yield Problem("rules.set_as_party", TOML, line_of(("rules", i, "incumbents")), "rules.group", rule.group)
        if isinstance(rule, Silence):
            for name in ("opens", "closes"):
                if not is_shown_once(getattr(rule, name).replace(tzinfo=mission.zone)):
                    moment = str(getattr(rule, name))
                    yield Problem("rules.clock_change", TOML, line_of(("rules", i, name)), f"rules.{name}", moment)


def _unit_fits(
    mission: Mission, line: int, table: str, unit: Unit, outlets: Iterable[str], formats: Iterable[str]
) -> Iterator[Problem]:
    """A format's own unit counts, else the outlet's."""
    units = {each.name: each.unit for each in mission.outlets}
    own = {each.name: each.unit for each in mission.formats}
    for outlet in outlets:
        for name in formats:
            counted = own.get(name) or units.get(outlet)
            if counted is not None and counted != unit:
                values = {"outlet": outlet, "format": name, "counted": counted}
                yield Problem("rules.unit_other", TOML, line, f"{table}.unit", str(unit), values)


def _least(mission: Mission, rule: Equality, line: int) -> Iterator[Problem]:
    """One number cannot be the least of seconds and of square millimetres."""
    outlets = [each for each in mission.outlets if (each.name in rule.outlets if rule.outlets else each.monitored)]
    formats = [each for each in mission.formats if (each.name in rule.formats if rule.formats else each.editorial)]
    units = {form.unit or outlet.unit for outlet in outlets for form in formats}
    if len(units) > 1:
        values = {"units": ", ".join(sorted(units))}
        yield Problem("rules.least_units", TOML, line, "rules.at_least", str(rule.at_least), values)


def _has_affiliated(mission: Mission, name: str) -> bool:
    """Whether a group holds somebody who counts under a party in the reading that gives office-holders to theirs."""
    members = {member for group in mission.groups if group.name == name for member in group.subjects}
    return any(subject.name in members and subject.affiliations for subject in mission.subjects)


def _grants_meet(mission: Mission, line_of: LineOf) -> Iterator[Problem]:
    """Two grants of one contestant that share a moment: what was aired then would count as used in both."""
    told: set[tuple[int, int]] = set()
    for who in (subject.name for subject in mission.contestants):
        for a, b in combinations(_grants_of(mission, who), 2):
            one, two = mission.entitlements[a], mission.entitlements[b]
            if (a, b) not in told and _time(one) != _time(two) and _meet(one, two):
                told.add((a, b))
                values = {"outlet": two.outlet, "format": two.format}
                yield Problem("rules.granted_twice", TOML, line_of(("entitlements", b)), "entitlements", who, values)


def _grants_of(mission: Mission, who: str) -> list[int]:
    """The places of what a contestant is granted: its own, and those of each that no grant of its own replaces."""
    own = {_time(each) for each in mission.entitlements if each.contestant == who}
    return [
        i for i, each in enumerate(mission.entitlements)
        if each.contestant == who or (each.contestant == "*" and _time(each) not in own)
    ]  # fmt: skip


def _time(one: Entitlement) -> tuple[object, ...]:
    return one.outlet, one.format, one.unit, one.start, one.end, one.start_clock, one.end_clock


def _meet(one: Entitlement, two: Entitlement) -> bool:
    """Whether two grants share outlet, format, a day and an hour; 25:00 and 1:00 are one hour of the clock."""
    if (one.outlet, one.format) != (two.outlet, two.format):
        return False
    if max(one.start or date.min, two.start or date.min) > min(one.end or date.max, two.end or date.max):
        return False
    if None in (one.start_clock, two.start_clock):
        return True
    (a, b), (c, d) = ((each.start_clock or 0, each.end_clock or DAY_MS) for each in (one, two))
    return any(a + shift < d and c < b + shift for shift in (-DAY_MS, 0, DAY_MS))
