"""What changed between two codebooks, in words: names that came, went or got another name, and what else differs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from coding.codebook.following import Told, followed
from coding.languages import Translate
from coding.mission.clock import clock_text
from coding.mission.model import Entitlement, Mission
from coding.store import Store, schema
from coding.store.codebook_changes import CARRIED, CodebookChange, changes
from coding.store.engine import reading
from coding.vocabulary import CodeKind

TABLES = ("outlets", "subjects", "topics", "formats", "tone", "periods", "windows", "slots", "groups", "benchmarks",
          "entitlements", "rules", "retired")  # fmt: skip
"""Parts of a mission that are lists of named things, in the order in which they are told."""
PLAIN = ("title", "country", "time_zone", "election_day", "notice", "minimum_segments")
POLICIES = ("suggestions", "double_coding", "keys")
KIND_OF = {"subjects": CodeKind.SUBJECT, "topics": CodeKind.TOPIC, "formats": CodeKind.FORMAT, "tone": CodeKind.TONE}
CLOCKS = ("start_clock", "end_clock")


@dataclass(frozen=True)
class Version:
    """A codebook version: when, by whom and why, what changed since the one before, and changes of names with it."""

    number: int
    recorded_at: str
    recorded_by: str
    reason: str
    differences: tuple[Told, ...]
    changes: tuple[CodebookChange, ...] = ()


def versions(store: Store) -> list[Version]:
    """Every version of the codebook, the newest first."""
    with reading(store.engine) as connection:
        rows = connection.execute(select(schema.codebook).order_by(schema.codebook.c.version)).mappings().all()
    made: dict[int, list[CodebookChange]] = {}
    for change in changes(store):
        made.setdefault(change.version, []).append(change)
    found, before = [], None
    for row in rows:
        mission, own = Mission.model_validate_json(row["mission"]), made.get(row["version"], [])
        told = tuple(differences(before, mission, own)) if before is not None else ()
        stamp = (row["recorded_at"], row["recorded_by"], row["reason"])
        found.append(Version(row["version"], *stamp, told, tuple(own)))
        before = mission
    return found[::-1]


def differences(before: Mission, after: Mission, made: Sequence[CodebookChange] = ()) -> Iterator[Told]:
    """Phrases for what differs; a name that `made` renamed or merged is neither gone nor new."""
    for change in made:
        names = {"old": ", ".join(change.old), "new": ", ".join(change.new)}
        yield f"codebook.change.{change.change}", {"kind": [(f"codebook.kind.{change.kind}", {})], **names}
        if change.change in CARRIED:  # what only follows the names is no difference of its own
            before = followed(before, change.kind, dict.fromkeys(change.old, change.new[0]), [])
    for table in TABLES:
        yield from _table(table, _by_name(before, table), _by_name(after, table), made)
    for name in PLAIN:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            values: dict[str, Any] = {"field": [(f"codebook.field.{name}", {})]}
            values |= {"old": _written(old), "new": _written(new)}
            yield "codebook.differs.value", values
    for name in POLICIES:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield from _policy(name, _fields(old), _fields(new))


def _by_name(mission: Mission, table: str) -> dict[str, Any]:
    """The parts of a table by what names them for a reader."""
    if table == "topics":
        return {name: name for name in mission.topics}
    if table == "entitlements":
        return {_granted(each): each for each in mission.entitlements}
    return {part.name: part for part in getattr(mission, table)}


def _granted(each: Entitlement) -> str:
    """Who is granted what where, and when: one contestant may have several grants of one format on one outlet."""
    days = [str(day) for day in (each.start, each.end) if day is not None]
    clocks = [clock_text(clock) for clock in (each.start_clock, each.end_clock) if clock is not None]
    return " · ".join(filter(None, (each.contestant, each.outlet, each.format, "..".join(days), "-".join(clocks))))


def _table(
    table: str, before: Mapping[str, Any], after: Mapping[str, Any], made: Sequence[CodebookChange]
) -> Iterator[Told]:
    carried = {
        old: change.new[0]
        for change in made
        if change.change in CARRIED and change.kind == KIND_OF.get(table)
        for old in change.old
    }
    come = {name for change in made if change.kind == KIND_OF.get(table) for name in change.new}
    heading: dict[str, Any] = {"table": [(f"codebook.table.{table}", {})]}
    gone = [name for name in before if name not in after and name not in carried]
    new = [name for name in after if name not in before and name not in come]
    if new:
        yield "codebook.differs.added", heading | {"names": ", ".join(new)}
    if gone:
        yield "codebook.differs.removed", heading | {"names": ", ".join(gone)}
    for name, old in before.items():
        part = after.get(carried.get(name, name))
        if part is not None and part != old:
            fields = list(_changed_fields(_fields(old), _fields(part), skipped=name in carried))
            if fields:
                yield "codebook.differs.part", heading | {"name": carried.get(name, name), "what": fields}
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        yield "codebook.differs.order", heading


def _fields(part: Any) -> dict[str, Any]:
    return part if isinstance(part, dict) else part.model_dump(mode="json") if hasattr(part, "model_dump") else {}


def _changed_fields(old: Mapping[str, Any], new: Mapping[str, Any], skipped: bool = False) -> Iterator[Told]:
    """Fields that differ, each with both values; of a name that was carried over only what a person said besides."""
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) == new.get(name) or name == "name" or (skipped and name in ("aliases", "affiliations")):
            continue
        reader: Callable[[Any], str] = _clock if name in CLOCKS else _written
        values = {"old": reader(old.get(name)), "new": reader(new.get(name))}
        yield "codebook.differs.field", {"field": [(f"codebook.field.{name}", {})], **values}


def _policy(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Told]:
    heading: dict[str, Any] = {"table": [(f"codebook.table.{name}", {})]}
    if name == "keys":
        yield "codebook.differs.policy", heading | {"old": _written(old), "new": _written(new)}
        return
    yield "codebook.differs.settings", heading | {"what": list(_changed_fields(old, new))}


def _clock(value: Any) -> str:
    return "–" if value is None else clock_text(int(value))


def _written(value: Any) -> str:
    """A value of a codebook as a reader sees it."""
    if value is None or value in ("", [], {}, ()):
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_written(part)}" for key, part in value.items() if part not in (None, ""))
    if isinstance(value, list | tuple):
        return ", ".join(map(_written, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def in_words(told: Iterable[Told], t: Translate) -> list[str]:
    """Phrases in the reader's language."""
    return [_phrase(each, t) for each in told]


def _phrase(told: Told, t: Translate) -> str:
    key, values = told
    filled = {name: "; ".join(_phrase(each, t) for each in value) if isinstance(value, list) else value
              for name, value in values.items()}  # fmt: skip
    return t(key, **filled)
