"""Rows in and out of the tables of a store, inside a transaction that the caller holds."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Table, delete, func, insert, literal, select

from coding.mission.checks import check_airings
from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS, Segment
from coding.segment_checks import Rules, overlap_problems
from coding.store import audit, schema

AIRING_FIELDS = tuple(Airing.model_fields)
NAMED_AT_ONCE = 500
"""How many ids one statement names; beyond that all rows are read and the caller's own match decides."""


@dataclass(frozen=True)
class Revision:
    """One version of a segment: who wrote it, when, and why where a reason was given."""

    segment: Segment
    retracted: bool
    reason: str
    recorded_at: str
    recorded_by: str

    @property
    def revision(self) -> int:
        return self.segment.revision


@dataclass(frozen=True)
class Moment:
    """A state of the store: its fingerprint, codebook version and the last row of each table under coverage.

    Rows never change and writers take turns, so everything up to these rows is one consistent view, also when it is
    read later and in pieces.
    """

    fingerprint: str
    version: int
    airing_seq: int
    segment_seq: int
    assignment_seq: int
    decision_seq: int

    @property
    def seqs(self) -> Mapping[str, int]:
        """The last row of each table, by the table's name."""
        names = ("airing", "segment", "assignment", "decision")
        return {name: getattr(self, f"{name}_seq") for name in names}


class Conflict(Exception):
    """Somebody else wrote a later revision. `current` is what the store holds, `attempted` what was sent."""

    def __init__(self, current: Revision, attempted: Segment | None) -> None:
        self.current, self.attempted = current, attempted
        super().__init__(f"{current.segment.segment_id} is at revision {current.segment.revision}")


def moment(connection: Connection) -> Moment:
    """The state of the store now."""

    def last(table: Table) -> int:
        return int(connection.execute(select(func.coalesce(func.max(table.c.seq), 0))).scalar_one())

    rows = (last(table) for table in (schema.airing, schema.segment, schema.assignment, schema.decision))
    return Moment(audit.fingerprint(connection), codebook_version(connection), *rows)


def codebook_version(connection: Connection) -> int:
    """The newest codebook's number, 0 where there is none."""
    return int(connection.execute(select(func.coalesce(func.max(schema.codebook.c.version), 0))).scalar_one())


def mission(connection: Connection, version: int | None = None) -> Mission:
    """The codebook of this version, else the newest. Raises ProblemsFound where there is none."""
    rows = select(schema.codebook.c.mission).order_by(schema.codebook.c.version.desc()).limit(1)
    rows = rows if version is None else rows.where(schema.codebook.c.version == version)
    written = connection.execute(rows).scalar()
    if written is None:
        raise ProblemsFound([Problem("store_empty")])
    return _parsed(written)


@lru_cache(maxsize=16)
def _parsed(written: str) -> Mission:
    """A codebook is read at every save and changes a few times in a mission; it is frozen, so one copy serves all."""
    return Mission.model_validate_json(written)


def newest(table: Table, key: str, until: int | None = None) -> Select[Any]:
    """The newest revision of every record of a table (up to a row), retracted ones too."""
    later = table.alias("later")
    exists = select(literal(1)).where(later.c[key] == table.c[key], later.c.revision > table.c.revision)
    if until is None:
        return select(table).where(~exists.exists())
    return select(table).where(~exists.where(later.c.seq <= until).exists(), table.c.seq <= until)


def airings(connection: Connection, until: int | None = None) -> dict[str, Airing]:
    """Every airing that is not retracted, by id."""
    rows = newest(schema.airing, "airing_id", until).where(~schema.airing.c.retracted)
    found = connection.execute(rows.order_by(schema.airing.c.airing_id)).mappings()
    return {row["airing_id"]: Airing.model_validate({key: row[key] for key in AIRING_FIELDS}) for row in found}


def airing(connection: Connection, airing_id: str) -> Airing | None:
    """The newest revision of one airing; None where there is none, or it was retracted."""
    rows = select(schema.airing).where(schema.airing.c.airing_id == airing_id)
    row = connection.execute(rows.order_by(schema.airing.c.revision.desc()).limit(1)).mappings().first()
    return Airing.model_validate({key: row[key] for key in AIRING_FIELDS}) if row and not row["retracted"] else None


def append_airing(connection: Connection, later: Airing, who: str, reason: str) -> None:
    """A later revision of one airing, with its audit entry. Raises ProblemsFound where it does not fit."""
    wanted = mission(connection)
    held = airing(connection, later.airing_id)
    if held != later:
        problems = check_airings(wanted, [(None, later)])
        if not problems and held is not None:
            rules = Rules.of(wanted, [later])
            for row in connection.execute(segments([later.airing_id])).mappings():
                problems += [_about(p, row["segment_id"]) for p in rules.problems(segment_of(row))]
        if problems:
            raise ProblemsFound(problems)
        append_airings(connection, wanted, [later], who, reason)


def segments(airing_ids: Iterable[str] | None = None) -> Select[Any]:
    """Segments as they now are, without the retracted ones; at least those of the named airings."""
    rows = newest(schema.segment, "segment_id").where(~schema.segment.c.retracted).order_by(schema.segment.c.seq)
    wanted = None if airing_ids is None else list(airing_ids)
    few = wanted is not None and len(wanted) <= NAMED_AT_ONCE
    return rows.where(schema.segment.c.airing_id.in_(wanted or [])) if few else rows


def revisions(segment_ids: Sequence[str]) -> Select[Any]:
    """Every revision of at least these segments."""
    rows = select(schema.segment).order_by(schema.segment.c.revision)
    few = len(segment_ids) <= NAMED_AT_ONCE
    return rows.where(schema.segment.c.segment_id.in_(segment_ids)) if few else rows


def segment_of(row: RowMapping) -> Segment:
    """The segment of a row."""
    return Segment.model_validate({key: row[key] for key in FIELDS})


def revision_of(row: RowMapping) -> Revision:
    """The segment of a row with what was recorded about it."""
    return Revision(segment_of(row), bool(row["retracted"]), row["reason"], row["recorded_at"], row["recorded_by"])


def stamp(who: str) -> dict[str, str]:
    """Who records, and when."""
    return {"recorded_at": audit.now(), "recorded_by": who}


def values_of(segment: Segment) -> dict[str, Any]:
    """The cells of a segment."""
    return segment.model_dump(mode="json")


def digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of rows, for the audit entry of a batch."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def put_mission(connection: Connection, wanted: Mission, given: Sequence[Airing], who: str, reason: str) -> int:
    """Write what differs of a mission and its airings; the codebook version after it.

    Raises ProblemsFound where an airing does not fit, or a segment that is already recorded would no longer.
    """
    version = codebook_version(connection)
    changed = version == 0 or _written(mission(connection)) != _written(wanted)
    held = airings(connection)
    later = [airing for airing in given if held.get(airing.airing_id) != airing]
    _check_recorded(connection, wanted, held, later, changed)
    if changed:
        _check_incidents(connection, wanted)
        version = append_codebook(connection, wanted, who, reason)
    if later:
        append_airings(connection, wanted, later, who, reason)
    return version


def _check_incidents(connection: Connection, wanted: Mission) -> None:
    """A name that incidents use stays: else they would vanish from beside its results."""
    from coding.store.incidents import names_gone  # it is built upon this module

    problems = names_gone(connection, wanted)
    if problems:
        raise ProblemsFound(problems)


def append_codebook(connection: Connection, wanted: Mission, who: str, reason: str) -> int:
    """The next codebook version, with its audit entry. Nothing is checked here."""
    version = codebook_version(connection) + 1
    values = {"version": version, "mission": _written(wanted), "reason": reason}
    connection.execute(insert(schema.codebook).values(**values, **stamp(who)))
    audit.record(connection, who, "codebook", wanted.id, version, {"reason": reason})
    return version


def _written(wanted: Mission) -> str:
    return wanted.model_dump_json(by_alias=True)


def _check_recorded(
    connection: Connection, wanted: Mission, held: Mapping[str, Airing], later: Sequence[Airing], changed: bool
) -> None:
    """What is recorded must still fit: a renamed outlet or a shortened airing would drop segments in silence."""
    after = {**held, **{airing.airing_id: airing for airing in later}}
    problems = check_airings(wanted, [(None, airing) for airing in (after.values() if changed else later)])
    touched = None if changed else [airing.airing_id for airing in later]
    if not problems and (touched is None or touched) and held:
        rules = Rules.of(wanted, after.values())
        affected = set(after if touched is None else touched)
        rows = connection.execute(segments(touched)).mappings()
        for row in rows:
            if row["airing_id"] in affected:
                problems += [_about(p, row["segment_id"]) for p in rules.problems(segment_of(row))]
    if problems:
        raise ProblemsFound(problems)


def _about(problem: Problem, segment_id: str) -> Problem:
    return Problem(problem.key, segment_id, None, problem.column, problem.value, problem.values)


def append_airings(connection: Connection, wanted: Mission, later: Sequence[Airing], who: str, reason: str) -> None:
    """Later revisions of airings, with their audit entry. Nothing is checked here."""
    counted = select(schema.airing.c.airing_id, func.max(schema.airing.c.revision)).group_by(schema.airing.c.airing_id)
    numbers = {row[0]: row[1] for row in connection.execute(counted)}
    rows = [
        {**airing.model_dump(mode="json"), "revision": numbers.get(airing.airing_id, 0) + 1, "retracted": False}
        for airing in later
    ]
    connection.execute(insert(schema.airing), [{**row, "reason": reason, **stamp(who)} for row in rows])
    detail = {"airings": len(rows), "sha256": digest(rows), "reason": reason}
    audit.record(connection, who, "airings", wanted.id, 0, detail)


def unstage(connection: Connection, batch: str, segment_ids: Iterable[str] | None = None) -> None:
    """Forget staged rows of a batch, all of them or those of some segments."""
    staged = schema.segment_staged
    gone = delete(staged).where(staged.c.batch == batch)
    if segment_ids is None:
        connection.execute(gone)
        return
    for segment_id in segment_ids:
        connection.execute(gone.where(staged.c.segment_id == segment_id))


def accept(
    connection: Connection, batch: str, accepted: Sequence[Segment], who: str, detail: Mapping[str, Any]
) -> None:
    """Staged rows become records, in one statement, with their audit entry."""
    staged = schema.segment_staged
    stamped = stamp(who)
    constants = [literal(False), literal(""), literal(stamped["recorded_at"]), literal(stamped["recorded_by"])]
    rows = select(*(staged.c[name] for name in FIELDS), *constants).where(staged.c.batch == batch)
    columns = [*FIELDS, "retracted", "reason", "recorded_at", "recorded_by"]
    connection.execute(insert(schema.segment).from_select(columns, rows.order_by(staged.c.seq)))
    about, revision = (accepted[0].segment_id, accepted[0].revision) if len(accepted) == 1 else (batch, 0)
    described = {**detail, "segments": len(accepted), "sha256": digest([values_of(each) for each in accepted])}
    audit.record(connection, who, "add", about, revision, described)


def append(connection: Connection, segment: Segment, who: str, reason: str, action: str) -> Revision:
    """A revision of a segment, with its audit entry; `action` is add, revise, retract or restore."""
    values, stamped, retracted = values_of(segment), stamp(who), action == "retract"
    connection.execute(insert(schema.segment), {**values, "retracted": retracted, "reason": reason, **stamped})
    detail = {"reason": reason, "sha256": digest([values])}
    audit.record(connection, who, action, segment.segment_id, segment.revision, detail)
    return Revision(segment, retracted, reason, **stamped)


def history(connection: Connection, segment_id: str) -> list[Revision]:
    """All revisions of a segment, the first one first."""
    return [revision_of(row) for row in connection.execute(revisions([segment_id])).mappings()]


def rules_for(connection: Connection, airing_id: str) -> Rules:
    """What the segments of one airing are held against; unlike the rules of all airings, read in a moment."""
    held = airing(connection, airing_id)
    return Rules.of(mission(connection), [held] if held else [])


def _retired(connection: Connection, rules: Rules, segment: Segment) -> list[Problem]:
    """Retired names that a segment takes up; one that it carried until now may stay."""
    found = rules.retired_names(segment)
    if not found:
        return []
    held = history(connection, segment.segment_id)
    return [p for p in found if not held or getattr(held[-1].segment, p.column) != p.value]


def check_one(connection: Connection, segment: Segment) -> None:
    """Raises ProblemsFound where the segment breaks the mission's rules, also against what stands beside it.

    Reads only what shares a moment with it: writers wait for this, and an airing may have hundreds of segments.
    """
    rules = rules_for(connection, segment.airing_id)
    problems = rules.problems(segment) + _retired(connection, rules, segment)
    if segment.start_ms is not None:
        table = schema.segment.c
        beside = segments([segment.airing_id]).where(
            table.coder == segment.coder,
            table.subject == segment.subject,
            table.segment_id != segment.segment_id,
            table.start_ms < segment.end_ms,
            table.end_ms > segment.start_ms,
        )
        others = [segment_of(row) for row in connection.execute(beside).mappings()]
        problems += overlap_problems([*others, segment], named=False)
    if problems:
        raise ProblemsFound(problems)
