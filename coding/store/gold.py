"""Gold airings: those with an agreed coding, to train and test new coders with. Append-only; the newest row stands."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from coding.problems import Problem, ProblemsFound
from coding.store import Store, audit, records, schema
from coding.store.assignments import standing
from coding.store.engine import reading, writing
from coding.vocabulary import PRACTICE, AiringKind, Progress


@dataclass(frozen=True)
class Gold:
    """An airing whose coding by `coder`, as it now stands, is the agreed one."""

    airing_id: str
    coder: str
    note: str = ""
    recorded_at: str = ""
    recorded_by: str = ""


def gold_airings(store: Store) -> list[Gold]:
    """Every gold airing that was not removed, in the order in which they were declared."""
    with reading(store.engine) as connection:
        return gold_of(connection)


def gold_of(connection: Connection) -> list[Gold]:
    """The same inside a transaction."""
    newest = select(func.max(schema.gold.c.seq)).group_by(schema.gold.c.airing_id)
    rows = select(schema.gold).where(schema.gold.c.seq.in_(newest), ~schema.gold.c.removed)
    found = connection.execute(rows.order_by(schema.gold.c.seq)).mappings()
    return [Gold(**{name: row[name] for name in Gold.__dataclass_fields__}) for row in found]


def declare_gold(store: Store, airing_id: str, coder: str, who: str, note: str = "") -> None:
    """Take a coder's coding of an airing as the agreed one.

    Raises ProblemsFound where the store has no such airing (or imported totals only), where the coder recorded nothing
    in it or only practised on it, and where somebody still has it to code: whoever practises sees the agreed coding,
    and a second coding that is not finished would no longer be blind.
    """
    with writing(store.engine) as connection:
        problem = _in_the_way(connection, airing_id, coder)
        if problem is not None:
            raise ProblemsFound([problem])
        _write(connection, Gold(airing_id, coder, note), removed=False, who=who)


def remove_gold(store: Store, airing_id: str, who: str, reason: str) -> None:
    """Train and test with an airing no more. Raises ProblemsFound where it is not gold, or no reason is given."""
    with writing(store.engine) as connection:
        held = next((each for each in gold_of(connection) if each.airing_id == airing_id), None)
        if held is None:
            raise ProblemsFound([Problem("gold.none", column="airing_id", value=airing_id)])
        if not reason.strip():
            raise ProblemsFound([Problem("missing_value", column="reason")])
        _write(connection, Gold(airing_id, held.coder, reason.strip()), removed=True, who=who)


def _in_the_way(connection: Connection, airing_id: str, coder: str) -> Problem | None:
    airing = records.airing(connection, airing_id)
    if airing is None:
        return Problem("unknown_airing", column="airing_id", value=airing_id)
    if airing.kind == AiringKind.AGGREGATE:
        return Problem("aggregate_detail", column="airing_id", value=airing_id)
    held = standing(connection, airing_id)
    segments = connection.execute(records.segments([airing_id])).mappings()
    practised = any(each.coder == coder and each.purpose in PRACTICE for each in held)
    if practised or not any(row["coder"] == coder for row in segments):
        return Problem("gold.nothing_coded", column="coder", value=coder, values={"airing": airing_id})
    ended = (Progress.DONE, Progress.WITHDRAWN)
    busy = sorted(each.coder for each in held if each.purpose not in PRACTICE and each.progress not in ended)
    if busy:
        return Problem("gold.not_done", column="airing_id", value=airing_id, values={"who": ", ".join(busy)})
    return None


def _write(connection: Connection, gold: Gold, removed: bool, who: str) -> None:
    values: dict[str, Any] = {
        "airing_id": gold.airing_id,
        "coder": gold.coder,
        "note": gold.note,
        "removed": removed,
    }
    connection.execute(insert(schema.gold), {**values, **records.stamp(who)})
    audit.record(connection, who, audit.GOLD, gold.airing_id, 0, values)
