"""What refers to a name follows it: affiliations, groups, benchmarks, entitlements, rules, retired names."""

from collections.abc import Iterable, Mapping
from typing import Any

from coding.mission.model import Benchmark, Entitlement, Mission
from coding.mission.rules import Ceiling
from coding.vocabulary import CodeKind

Told = tuple[str, dict[str, Any]]
"""A key of the catalogue, and what fills its places."""


def followed(mission: Mission, kind: CodeKind, names: Mapping[str, str], told: list[Told]) -> Mission:
    """The mission in which every reference names the new names; amounts that meet are added, and that is told."""
    parts: dict[str, Any] = {"retired": _retired(mission, kind, names)}
    if kind == CodeKind.SUBJECT:
        parts["subjects"] = _affiliations(mission, names, told)
        parts["groups"] = tuple(
            group.model_copy(update={"subjects": _once(group.subjects, names)}) for group in mission.groups
        )
        parts["benchmarks"] = tuple(_weights(each, names, told) for each in mission.benchmarks)
        parts["entitlements"] = _entitlements(mission.entitlements, "contestant", names, told)
        parts["rules"] = tuple(
            rule.model_copy(update={"group": names.get(rule.group, rule.group)}) if isinstance(rule, Ceiling) else rule
            for rule in mission.rules
        )
    elif kind == CodeKind.FORMAT:
        parts["entitlements"] = _entitlements(mission.entitlements, "format", names, told)
        parts["rules"] = tuple(
            rule.model_copy(update={"formats": _once(rule.formats, names)}) for rule in mission.rules
        )
    return mission.model_copy(update=parts)


def _once(listed: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.get(name, name) for name in listed))


def _retired(mission: Mission, kind: CodeKind, names: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(
        each.model_copy(update={"into": _once(each.into, names)}) if each.kind == kind else each
        for each in mission.retired
    )


def _affiliations(mission: Mission, names: Mapping[str, str], told: list[Told]) -> tuple[Any, ...]:
    subjects, moved = [], []
    for subject in mission.subjects:
        parts = tuple(
            part.model_copy(update={"contestant": names.get(part.contestant, part.contestant)})
            for part in subject.affiliations
        )
        if parts != subject.affiliations:
            moved.append(subject.name)
        subjects.append(
            subject if parts == subject.affiliations else subject.model_copy(update={"affiliations": parts})
        )
    if moved:
        told.append(("codebook.told.affiliations", {"names": ", ".join(moved), "name": next(iter(names.values()))}))
    return tuple(subjects)


def _weights(benchmark: Benchmark, names: Mapping[str, str], told: list[Told]) -> Benchmark:
    """Weights of names that became one are added: a benchmark of votes or seats stays the same sum."""
    weights: dict[str, float] = {}
    met: dict[str, list[str]] = {}
    for name, weight in benchmark.weights.items():
        now = names.get(name, name)
        weights[now] = weights.get(now, 0) + weight
        met.setdefault(now, []).append(f"{weight:g}")
    for now, parts in met.items():
        if len(parts) > 1:
            values = {"benchmark": benchmark.name, "name": now, "parts": " + ".join(parts), "sum": f"{weights[now]:g}"}
            told.append(("codebook.told.weights", values))
    return benchmark.model_copy(update={"weights": weights})


def _entitlements(
    granted: Iterable[Entitlement], which: str, names: Mapping[str, str], told: list[Told]
) -> tuple[Entitlement, ...]:
    """What one contestant is granted on one outlet in one format, unit and time becomes one sum."""
    kept: dict[tuple[object, ...], Entitlement] = {}
    touched = set(names.values())
    for each in granted:
        now = each.model_copy(update={which: names.get(getattr(each, which), getattr(each, which))})
        key = (
            now.contestant, now.outlet, now.format, now.unit, now.start, now.end, now.start_clock, now.end_clock,
        )  # fmt: skip
        if getattr(now, which) in touched and key in kept:
            total = kept[key].amount + now.amount
            values = {
                "name": now.contestant,
                "outlet": now.outlet,
                "format": now.format,
                "sum": total,
                "unit": now.unit,
            }
            told.append(("codebook.told.entitlement", values))
            now = now.model_copy(update={"amount": total})
        kept[key] = now
    return tuple(kept.values())
