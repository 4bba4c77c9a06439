"""The store: mission, airings and segments, append-only, with an audit entry in the same transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Table, func, insert, select

from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.segment import Segment
from coding.segment_checks import Rules, overlap_problems
from coding.store import audit, records, schema
from coding.store.engine import engine_for, reading, writing
from coding.store.records import Conflict, Moment, Revision

__all__ = ["Added", "Conflict", "Guard", "Moment", "Revision", "Store", "current_rows"]

STAGED_AT_ONCE = 1000
Guard = Callable[[Connection], None]
"""Raises where something may not be written; asked first, in the transaction that writes."""


@dataclass(frozen=True)
class Added:
    """How many segments were stored, and how many were there already, to the letter."""

    stored: int
    already: int


class Store:
    """One mission's record, on SQLite or PostgreSQL by URL."""

    def __init__(self, url: str, engine: Engine | None = None) -> None:
        self.url = url
        self.engine = engine or engine_for(url)

    def fingerprint(self) -> str:
        """Names the state of the record; changes with every write on which a result may rest."""
        with reading(self.engine) as connection:
            return audit.fingerprint(connection)

    def moment(self) -> Moment:
        """The state of the store now; what it held then can be read later, and in pieces."""
        with reading(self.engine) as connection:
            return records.moment(connection)

    # the mission

    def codebook_version(self) -> int:
        """The number of the newest codebook; 0 in an empty store."""
        with reading(self.engine) as connection:
            return records.codebook_version(connection)

    def mission(self, at: Moment | None = None) -> Mission:
        """The newest codebook, or the one of a moment. Raises ProblemsFound in an empty store."""
        with reading(self.engine) as connection:
            return records.mission(connection, at.version if at else None)

    def put_mission(
        self, mission: Mission, airings: Iterable[Airing], who: str, reason: str, expected_version: int | None = None
    ) -> int:
        """Make a new codebook version where the mission differs, revise airings that differ; returns the version.

        Airings that are not named stay as they are. Raises ProblemsFound where an airing does not fit, where a
        recorded segment would no longer, or where the codebook is no longer at `expected_version`.
        """
        with writing(self.engine) as connection:
            version = records.codebook_version(connection)
            if expected_version is not None and version != expected_version:
                raise ProblemsFound([Problem("mission_changed", values={"version": version})])
            return records.put_mission(connection, mission, tuple(airings), who, reason)

    def airings(self, at: Moment | None = None) -> tuple[Airing, ...]:
        """The newest revision (at a moment) of every airing that is not retracted, in the order of their ids."""
        with reading(self.engine) as connection:
            return tuple(records.airings(connection, at.airing_seq if at else None).values())

    # segments

    def segments(self, airing_ids: Iterable[str] | None = None) -> list[Segment]:
        """The newest revision of every segment that is not retracted; of these airings only, where named."""
        wanted = None if airing_ids is None else set(airing_ids)
        with reading(self.engine) as connection:
            rows = connection.execute(records.segments(wanted)).mappings().all()
        return [records.segment_of(row) for row in rows if wanted is None or row["airing_id"] in wanted]

    def airing(self, airing_id: str) -> Airing | None:
        """The newest revision of one airing; None where there is none."""
        with reading(self.engine) as connection:
            return records.airing(connection, airing_id)

    def segments_by_id(self, segment_ids: Sequence[str]) -> list[Segment]:
        """The newest revisions of these segments (at most a few hundred: what a screen shows)."""
        rows = records.segments().where(schema.segment.c.segment_id.in_(segment_ids))
        with reading(self.engine) as connection:
            return [records.segment_of(row) for row in connection.execute(rows).mappings()]

    def history(self, segment_id: str) -> list[Revision]:
        """All revisions of a segment, the first one first."""
        with reading(self.engine) as connection:
            return records.history(connection, segment_id)

    def add(
        self,
        segments: Iterable[Segment],
        who: str,
        detail: Mapping[str, Any] | None = None,
        airings: Iterable[Airing] = (),
        mission: Mission | None = None,
    ) -> Added:
        """Store new segments, all or none. A segment that the store holds, in any revision, is already there.

        `mission` and `airings` that they stand in go in within the same transaction. Raises ProblemsFound for a
        segment that breaks the mission's rules, or an id that the store holds with other content. Rows are staged a
        thousand at a time and accepted in one short statement, so that a large import does not hold up coders; what
        was checked is checked again in that transaction if somebody wrote meanwhile.
        """
        given, beside, batch = tuple(segments), tuple(airings), str(uuid4())
        with reading(self.engine) as connection:
            seen = audit.fingerprint(connection)
            new = _new(connection, given, beside, mission)
        try:
            self._stage(batch, new)
            with writing(self.engine) as connection:
                if audit.fingerprint(connection) != seen:
                    staged, new = new, _new(connection, given, beside, mission)
                    records.unstage(connection, batch, {s.segment_id for s in staged} - {s.segment_id for s in new})
                if mission or beside:
                    reason = str((detail or {}).get("file", ""))
                    wanted = mission or records.mission(connection)
                    records.put_mission(connection, wanted, beside, who, reason)
                if new:
                    records.accept(connection, batch, new, who, detail or {})
                records.unstage(connection, batch)
        except BaseException:
            with writing(self.engine) as connection:
                records.unstage(connection, batch)
            raise
        return Added(len(new), len(given) - len(new))

    def _stage(self, batch: str, segments: Sequence[Segment]) -> None:
        for first in range(0, len(segments), STAGED_AT_ONCE):
            rows = [{"batch": batch, **records.values_of(s)} for s in segments[first : first + STAGED_AT_ONCE]]
            with writing(self.engine) as connection:
                connection.execute(insert(schema.segment_staged), rows)

    def record(self, segment: Segment, who: str, guard: Guard | None = None) -> Revision:
        """Store one new segment, as a coder does every few seconds: only its own airing is read.

        The same segment again, to the letter, is already there. Raises ProblemsFound for one that breaks a rule, and
        Conflict where the store holds the id with other content.
        """
        with _guarded(self.engine, guard) as connection:
            held = records.history(connection, segment.segment_id)
            if held:
                return _already(held, segment, who)
            return _appended(connection, segment, who, "", "add")

    def revise(self, segment: Segment, who: str, reason: str = "", guard: Guard | None = None) -> Revision:
        """Store a later version. `segment.revision` is the one that was read; the stored one is one higher.

        The same version again by the same person is already there. Raises Conflict when the store holds another later
        one, or a retraction; ProblemsFound when the new version breaks a rule.
        """
        with _guarded(self.engine, guard) as connection:
            return _later(connection, segment, who, reason, "revise")

    def restore(self, segment: Segment, who: str, reason: str = "", guard: Guard | None = None) -> Revision:
        """Bring back what a segment was in an earlier revision, also after its retraction, as a later revision."""
        with _guarded(self.engine, guard) as connection:
            return _later(connection, segment, who, reason, "restore")

    def retract(self, segment_id: str, revision: int, who: str, reason: str, guard: Guard | None = None) -> Revision:
        """Take a segment out of every result; it stays readable in its history. A reason is a must."""
        if not reason.strip():
            raise ProblemsFound([Problem("missing_value", column="reason")])
        with _guarded(self.engine, guard) as connection:
            held = _held(connection, segment_id)
            if held[-1].revision != revision or held[-1].retracted:
                asked = held[-1].segment.model_copy(update={"revision": revision + 1})
                return _already(held, asked, who, retracted=reason)
            later = held[-1].segment.model_copy(update={"revision": revision + 1})
            return _appended(connection, later, who, reason, "retract")


@contextmanager
def _guarded(engine: Engine, guard: Guard | None) -> Iterator[Connection]:
    with writing(engine) as connection:
        if guard is not None:
            guard(connection)
        yield connection


def _held(connection: Connection, segment_id: str) -> list[Revision]:
    held = records.history(connection, segment_id)
    if not held:
        raise ProblemsFound([Problem("unknown_segment", column="segment_id", value=segment_id)])
    return held


def _later(connection: Connection, segment: Segment, who: str, reason: str, action: str) -> Revision:
    held = _held(connection, segment.segment_id)
    later = segment.model_copy(update={"revision": segment.revision + 1})
    if held[-1].revision != segment.revision or (held[-1].retracted and action == "revise"):
        return _already(held, later, who)
    return _appended(connection, later, who, reason, action)


def _appended(connection: Connection, segment: Segment, who: str, reason: str, action: str) -> Revision:
    if action != "retract":
        records.check_one(connection, segment)
    return records.append(connection, segment, who, reason, action)


def _already(held: Sequence[Revision], asked: Segment, who: str, retracted: str = "") -> Revision:
    """The stored revision that is what was asked for: a reply got lost, and it was sent again. Else a Conflict.

    `retracted` is the reason where a retraction was asked for.
    """
    for revision in held:
        as_asked = revision.retracted and revision.reason == retracted if retracted else revision.segment == asked
        if revision.revision == asked.revision and revision.recorded_by == who and as_asked:
            return revision
    raise Conflict(held[-1], asked)


def _new(
    connection: Connection, given: Sequence[Segment], beside: Sequence[Airing], mission: Mission | None
) -> list[Segment]:
    """Those that the store does not hold, checked against the mission and against what it holds."""
    wanted = mission or records.mission(connection)
    airings = records.airings(connection) | {airing.airing_id: airing for airing in beside}
    held: dict[str, list[Segment]] = defaultdict(list)
    for row in connection.execute(records.revisions([s.segment_id for s in given])).mappings():
        held[row["segment_id"]].append(records.segment_of(row))
    new = [segment for segment in given if segment.segment_id not in held]
    problems = [
        Problem("id_other_content", column="segment_id", value=segment.segment_id)
        for segment in given
        if segment.segment_id in held and segment not in held[segment.segment_id]
    ]
    rules = Rules.of(wanted, airings.values())
    for segment in new:
        problems += rules.problems(segment)
    among = {segment.airing_id for segment in new}
    rows = connection.execute(records.segments(among)).mappings()
    problems += overlap_problems([*(records.segment_of(row) for row in rows if row["airing_id"] in among), *new])
    if problems:
        raise ProblemsFound(problems)
    return new


def current_rows(
    store: Store, table: Table, columns: Sequence[str], until: int | None = None, after: int = 0, at_once: int = 2_000
) -> Iterator[Sequence[Any]]:
    """Rows of an append-only table after one row up to another (else up to now), as tuples of `columns`.

    Rows never change, so many short reads together are one consistent view, and no writer waits for the whole of it.
    """
    if until is None:
        with reading(store.engine) as connection:
            until = connection.execute(select(func.max(table.c.seq))).scalar() or 0
    reached = after
    while reached < until:
        rows = select(table.c.seq, *(table.c[name] for name in columns))
        rows = rows.where(table.c.seq > reached, table.c.seq <= until).order_by(table.c.seq).limit(at_once)
        with reading(store.engine) as connection:
            piece = connection.execute(rows).all()
        if not piece:
            return
        reached = piece[-1][0]
        yield from (row[1:] for row in piece)
