"""Who codes which airing: append-only rows, the newest of an airing and a coder tells how it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from coding.problems import Problem, ProblemsFound
from coding.store import Store, audit, records, schema
from coding.store.engine import reading, writing
from coding.vocabulary import PRACTICE, AiringKind, Progress, Purpose

OPEN = (Progress.ASSIGNED, Progress.RETURNED)
"""As long as an airing stands like this with a coder, the coder may write."""


@dataclass(frozen=True)
class Assignment:
    """An airing in the hands of a coder: to what end, how far, and what the supervisor said last."""

    airing_id: str
    coder: str
    purpose: Purpose
    progress: Progress
    note: str = ""
    recorded_at: str = ""
    recorded_by: str = ""


def assignments(store: Store, coder: str | None = None) -> list[Assignment]:
    """How every assignment now stands (of one coder, where named), without the withdrawn ones, oldest first."""
    with reading(store.engine) as connection:
        return [each for each in standing(connection, coder=coder) if each.progress != Progress.WITHDRAWN]


def standing(connection: Connection, airing_id: str | None = None, coder: str | None = None) -> list[Assignment]:
    """The newest row of each airing and coder, withdrawn ones too."""
    table = schema.assignment
    newest = select(func.max(table.c.seq)).group_by(table.c.airing_id, table.c.coder)
    if airing_id is not None:
        newest = newest.where(table.c.airing_id == airing_id)
    if coder is not None:
        newest = newest.where(table.c.coder == coder)
    return [assignment_of(row) for row in connection.execute(_in_order(newest)).mappings()]


def _in_order(newest: Select[Any]) -> Select[Any]:
    table = schema.assignment
    return select(table).where(table.c.seq.in_(newest)).order_by(table.c.seq)


def assignment_of(row: Any) -> Assignment:
    """The assignment of a row."""
    values = {name: row[name] for name in Assignment.__dataclass_fields__}
    return Assignment(**values | {"purpose": Purpose(row["purpose"]), "progress": Progress(row["progress"])})


def assign(store: Store, airing_ids: Iterable[str], coder: str, purpose: Purpose, who: str, note: str = "") -> int:
    """Give airings to a coder; returns how many were not in the coder's hands already.

    Raises ProblemsFound for an airing that the store does not have, or imported totals, and for one on which the
    coder practised, or is to practise after coding it in earnest.
    """
    with writing(store.engine) as connection:
        return assigned(connection, airing_ids, coder, purpose, who, note)


def assigned(
    connection: Connection, airing_ids: Iterable[str], coder: str, purpose: Purpose, who: str, note: str = ""
) -> int:
    """The same inside a writing transaction."""
    held = {each.airing_id: each for each in standing(connection, coder=coder)}
    wanted = list(dict.fromkeys(airing_ids))
    _check(connection, wanted)
    _check_practice(connection, wanted, coder, purpose, held)
    new = [
        Assignment(airing_id, coder, purpose, Progress.ASSIGNED, note)
        for airing_id in wanted
        if airing_id not in held or held[airing_id].progress == Progress.WITHDRAWN
    ]
    _write(connection, new, who)
    for each in new:
        _coded_follows(connection, each.airing_id, standing(connection, each.airing_id), who)
    return len(new)


def _check(connection: Connection, airing_ids: Sequence[str]) -> None:
    rows = records.newest(schema.airing, "airing_id").where(~schema.airing.c.retracted)
    rows = rows.where(schema.airing.c.airing_id.in_(airing_ids))
    known = {row["airing_id"]: AiringKind(row["kind"]) for row in connection.execute(rows).mappings()}
    problems = [Problem("unknown_airing", column="airing_id", value=name) for name in airing_ids if name not in known]
    problems += [
        Problem("aggregate_detail", column="airing_id", value=name)
        for name in airing_ids
        if known.get(name) == AiringKind.AGGREGATE
    ]
    if problems:
        raise ProblemsFound(problems)


def _check_practice(
    connection: Connection, airing_ids: Sequence[str], coder: str, purpose: Purpose, held: Mapping[str, Assignment]
) -> None:
    """Practice and coding never mix: who practised may have seen the agreed coding, and who coded has an own one."""
    coded = set[str]()
    if purpose in PRACTICE:
        rows = records.segments(airing_ids).where(schema.segment.c.coder == coder)
        coded = {row["airing_id"] for row in connection.execute(rows).mappings()}
    mixed = {name for name, each in held.items() if each.purpose != purpose and {each.purpose, purpose} & {*PRACTICE}}
    barred = mixed | (coded - held.keys())
    problems = [
        Problem("assign.practised", column="airing_id", value=name, values={"coder": coder})
        for name in airing_ids
        if name in barred
    ]
    if problems:
        raise ProblemsFound(problems)


def change(store: Store, airing_id: str, coder: str, progress: Progress, who: str, note: str = "") -> bool:
    """Mark an assignment as done, returned, withdrawn or open again; False where it stood so already.

    `coded` of the airing follows: it is finished when somebody's coding of it (not a second one) is done and nobody's
    is open. Raises ProblemsFound where the airing is not in the coder's hands.
    """
    with writing(store.engine) as connection:
        return changed(connection, airing_id, coder, progress, who, note)


def changed(connection: Connection, airing_id: str, coder: str, progress: Progress, who: str, note: str = "") -> bool:
    """The same inside a writing transaction."""
    held = {each.coder: each for each in standing(connection, airing_id)}
    mine = held.get(coder)
    if mine is None or (mine.progress == Progress.WITHDRAWN and progress != Progress.WITHDRAWN):
        raise ProblemsFound([Problem("not_assigned", column="airing_id", value=airing_id)])
    if mine.progress == progress and (not note or mine.note == note):
        return False
    later = Assignment(airing_id, coder, mine.purpose, progress, note)
    _write(connection, [later], who)
    _coded_follows(connection, airing_id, [*(each for each in held.values() if each.coder != coder), later], who)
    return True


def _coded_follows(connection: Connection, airing_id: str, held: Iterable[Assignment], who: str) -> None:
    first = [each for each in held if each.purpose == Purpose.CODING and each.progress != Progress.WITHDRAWN]
    if not first:
        return
    coded = all(each.progress == Progress.DONE for each in first)
    airing = records.airing(connection, airing_id)
    if airing is not None and airing.coded != coded:
        records.append_airing(connection, airing.model_copy(update={"coded": coded}), who, "")


def _write(connection: Connection, rows: Sequence[Assignment], who: str) -> None:
    if not rows:
        return
    values = [{**vars(row), "purpose": str(row.purpose), "progress": str(row.progress)} for row in rows]
    connection.execute(insert(schema.assignment), [value | records.stamp(who) for value in values])
    about = rows[0].airing_id if len(rows) == 1 else rows[0].coder
    audit.record(connection, who, "assign", about, 0, {"rows": values})
