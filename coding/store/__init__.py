"""The store: mission, airings and segments, append-only, with an audit entry in the same transaction."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, RowMapping, Select, Table, delete, func, insert, literal, select

from coding.mission.checks import check_airings
from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS, Segment
from coding.segment_checks import Rules, overlap_problems
from coding.store import audit, schema
from coding.store.engine import engine_for, reading, writing

STAGED_AT_ONCE = 1000
AIRING_FIELDS = tuple(Airing.model_fields)


class Conflict(Exception):
    """Somebody else wrote a later revision. `current` is what the store holds, `attempted` what was sent."""

    def __init__(self, current: "Revision", attempted: Segment | None) -> None:
        self.current, self.attempted = current, attempted
        super().__init__(f"{current.segment.segment_id} is at revision {current.segment.revision}")


@dataclass(frozen=True)
class Revision:
    """One version of a segment: who wrote it, when, and why where a reason was given."""

    segment: Segment
    retracted: bool
    reason: str
    recorded_at: str
    recorded_by: str


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
        """Names the state of the store; changes with every write."""
        with reading(self.engine) as connection:
            return audit.head(connection)

    # the mission

    def codebook_version(self) -> int:
        """The number of the newest codebook; 0 in an empty store."""
        with reading(self.engine) as connection:
            return _newest_codebook(connection)

    def mission(self) -> Mission:
        """The newest codebook. Raises ProblemsFound in an empty store."""
        with reading(self.engine) as connection:
            return _mission(connection)

    def put_mission(
        self, mission: Mission, airings: Iterable[Airing], who: str, reason: str, expected_version: int | None = None
    ) -> int:
        """Make a new codebook version where the mission differs, revise airings that differ; returns the version.

        Airings that are not named stay as they are. Raises ProblemsFound where an airing does not fit or the
        codebook is no longer at `expected_version`.
        """
        with writing(self.engine) as connection:
            version = _newest_codebook(connection)
            if expected_version is not None and version != expected_version:
                raise ProblemsFound([Problem("mission_changed", values={"version": version})])
            written = mission.model_dump_json(by_alias=True)
            if version == 0 or _mission(connection).model_dump_json(by_alias=True) != written:
                version += 1
                values = {"version": version, "mission": written, "reason": reason}
                connection.execute(insert(schema.codebook).values(**values, **_by(who)))
                audit.record(connection, who, "codebook", mission.id, version, {"reason": reason})
            _put_airings(connection, mission, airings, who, reason)
            return version

    def airings(self) -> tuple[Airing, ...]:
        """The newest revision of every airing that is not retracted, in the order of their ids."""
        with reading(self.engine) as connection:
            return tuple(_airings(connection).values())

    # segments

    def segments(self, airing_ids: Iterable[str] | None = None) -> list[Segment]:
        """The newest revision of every segment that is not retracted; of these airings only, where named."""
        with reading(self.engine) as connection:
            return [_segment(row) for row in connection.execute(_current(airing_ids)).mappings()]

    def segments_by_id(self, segment_ids: Sequence[str]) -> list[Segment]:
        """The newest revisions of these segments (at most a few hundred: what a screen shows)."""
        rows = _current().where(schema.segment.c.segment_id.in_(segment_ids))
        with reading(self.engine) as connection:
            return [_segment(row) for row in connection.execute(rows).mappings()]

    def history(self, segment_id: str) -> list[Revision]:
        """All revisions of a segment, the first one first."""
        with reading(self.engine) as connection:
            return _history(connection, segment_id)

    def add(
        self,
        segments: Iterable[Segment],
        who: str,
        detail: Mapping[str, Any] | None = None,
        airings: Iterable[Airing] = (),
    ) -> Added:
        """Store new segments, all or none. The same segment again is counted as already there.

        `airings` that the segments stand in and the store lacks (imported totals) go in within the same transaction.
        Raises ProblemsFound for a segment that breaks the mission's rules, or an id that the store holds with other
        content. Rows are staged a thousand at a time and accepted in one short statement, so that a large import
        does not hold up coders; what was checked is checked again if the store changed meanwhile.
        """
        given, beside = tuple(segments), tuple(airings)
        batch = str(uuid4())
        try:
            while True:
                seen = self.fingerprint()
                new = self._unknown(given, beside)
                self._stage(batch, new)
                with writing(self.engine) as connection:
                    if audit.head(connection) != seen:
                        connection.execute(delete(schema.segment_staged).where(schema.segment_staged.c.batch == batch))
                        continue
                    if beside:
                        reason = str((detail or {}).get("file", ""))
                        _put_airings(connection, _mission(connection), beside, who, reason)
                    if new:
                        _accept(connection, batch, new, who, detail or {})
                    return Added(len(new), len(given) - len(new))
        finally:
            with writing(self.engine) as connection:
                connection.execute(delete(schema.segment_staged).where(schema.segment_staged.c.batch == batch))

    def _unknown(self, given: Sequence[Segment], beside: Sequence[Airing]) -> list[Segment]:
        """Those that the store does not hold, checked against the mission and against what it holds."""
        with reading(self.engine) as connection:
            rules = Rules.of(_mission(connection), [*_airings(connection).values(), *beside])
            airings = {segment.airing_id for segment in given}
            rows = connection.execute(_current(airings)).mappings().all()
            held = {
                row["segment_id"]: row for row in connection.execute(_held([s.segment_id for s in given])).mappings()
            }
        new = [segment for segment in given if segment.segment_id not in held]
        problems = [
            Problem("id_other_content", column="segment_id", value=segment.segment_id)
            for segment in given
            if segment.segment_id in held and _segment(held[segment.segment_id]) != segment
        ]
        for segment in new:
            problems += rules.problems(segment)
        problems += overlap_problems([*(_segment(row) for row in rows), *new])
        if problems:
            raise ProblemsFound(problems)
        return new

    def _stage(self, batch: str, segments: Sequence[Segment]) -> None:
        for first in range(0, len(segments), STAGED_AT_ONCE):
            rows = [{"batch": batch, **_values(s)} for s in segments[first : first + STAGED_AT_ONCE]]
            with writing(self.engine) as connection:
                connection.execute(insert(schema.segment_staged), rows)

    def revise(self, segment: Segment, who: str, reason: str = "") -> Segment:
        """Store a later version. `segment.revision` is the one that was read; the stored one is one higher.

        Raises Conflict when the store holds a later one, ProblemsFound when the new version breaks a rule.
        """
        with writing(self.engine) as connection:
            current = _expected(connection, segment.segment_id, segment.revision, segment)
            later = segment.model_copy(update={"revision": current.segment.revision + 1})
            rules = Rules.of(_mission(connection), _airings(connection).values())
            beside = [_segment(row) for row in connection.execute(_current([later.airing_id])).mappings()]
            beside = [other for other in beside if other.segment_id != later.segment_id]
            problems = rules.problems(later) + overlap_problems([*beside, later])
            if problems:
                raise ProblemsFound(problems)
            _append(connection, later, who, reason, retracted=False)
            return later

    def retract(self, segment_id: str, revision: int, who: str, reason: str) -> None:
        """Take a segment out of every result; it stays readable in its history. A reason is a must."""
        if not reason.strip():
            raise ProblemsFound([Problem("missing_value", column="reason")])
        with writing(self.engine) as connection:
            current = _expected(connection, segment_id, revision, None)
            later = current.segment.model_copy(update={"revision": revision + 1})
            _append(connection, later, who, reason, retracted=True)


def _by(who: str) -> dict[str, str]:
    return {"recorded_at": audit.now(), "recorded_by": who}


def _newest_codebook(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(schema.codebook.c.version), 0))).scalar_one())


def _mission(connection: Connection) -> Mission:
    newest = select(schema.codebook.c.mission).order_by(schema.codebook.c.version.desc()).limit(1)
    written = connection.execute(newest).scalar()
    if written is None:
        raise ProblemsFound([Problem("store_empty")])
    return Mission.model_validate_json(written)


def _newest(table: Table, key: str) -> Select[Any]:
    """The newest revision of every record of a table, retracted ones too."""
    later = table.alias("later")
    exists = select(literal(1)).where(later.c[key] == table.c[key], later.c.revision > table.c.revision).exists()
    return select(table).where(~exists)


def _airings(connection: Connection) -> dict[str, Airing]:
    rows = connection.execute(
        _newest(schema.airing, "airing_id").where(~schema.airing.c.retracted).order_by(schema.airing.c.airing_id)
    )
    return {
        row["airing_id"]: Airing.model_validate({key: row[key] for key in AIRING_FIELDS}) for row in rows.mappings()
    }


def _put_airings(connection: Connection, mission: Mission, airings: Iterable[Airing], who: str, reason: str) -> None:
    given = tuple(airings)
    problems = check_airings(mission, [(None, airing) for airing in given])
    if problems:
        raise ProblemsFound(problems)
    held = _airings(connection)
    numbers = dict(
        connection.execute(
            select(schema.airing.c.airing_id, func.max(schema.airing.c.revision)).group_by(schema.airing.c.airing_id)
        ).all()
    )
    changed = [airing for airing in given if held.get(airing.airing_id) != airing]
    if not changed:
        return
    rows = [
        {**airing.model_dump(mode="json"), "revision": numbers.get(airing.airing_id, 0) + 1, "retracted": False}
        for airing in changed
    ]
    connection.execute(insert(schema.airing), [{**row, "reason": reason, **_by(who)} for row in rows])
    detail = {"airings": len(rows), "sha256": _digest(rows), "reason": reason}
    audit.record(connection, who, "airings", mission.id, 0, detail)


def _current(airing_ids: Iterable[str] | None = None) -> Select[Any]:
    rows = _newest(schema.segment, "segment_id").where(~schema.segment.c.retracted).order_by(schema.segment.c.seq)
    wanted = None if airing_ids is None else list(airing_ids)
    # beyond what one statement can name, all are read and the caller's own match decides
    return rows if wanted is None or len(wanted) > 500 else rows.where(schema.segment.c.airing_id.in_(wanted))


def _held(segment_ids: Sequence[str]) -> Select[Any]:
    rows = _newest(schema.segment, "segment_id")
    return rows if len(segment_ids) > 500 else rows.where(schema.segment.c.segment_id.in_(segment_ids))


def _segment(row: RowMapping) -> Segment:
    return Segment.model_validate({key: row[key] for key in FIELDS})


def _values(segment: Segment) -> dict[str, Any]:
    return segment.model_dump(mode="json")


def _digest(rows: Sequence[Mapping[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _accept(
    connection: Connection, batch: str, segments: Sequence[Segment], who: str, detail: Mapping[str, Any]
) -> None:
    staged, target = schema.segment_staged, schema.segment
    stamp = _by(who)
    values = [staged.c[name] for name in FIELDS]
    constants = [literal(False), literal(""), literal(stamp["recorded_at"]), literal(stamp["recorded_by"])]
    rows = select(*values, *constants).where(staged.c.batch == batch).order_by(staged.c.seq)
    columns = [*FIELDS, "retracted", "reason", "recorded_at", "recorded_by"]
    connection.execute(insert(target).from_select(columns, rows))
    digest = _digest([_values(segment) for segment in segments])
    about, revision = (segments[0].segment_id, segments[0].revision) if len(segments) == 1 else (batch, 0)
    audit.record(connection, who, "add", about, revision, {**detail, "segments": len(segments), "sha256": digest})


def _append(connection: Connection, segment: Segment, who: str, reason: str, retracted: bool) -> None:
    values = {**_values(segment), "retracted": retracted, "reason": reason, **_by(who)}
    connection.execute(insert(schema.segment).values(**values))
    action = "retract" if retracted else "revise"
    detail = {"reason": reason, "sha256": _digest([_values(segment)])}
    audit.record(connection, who, action, segment.segment_id, segment.revision, detail)


def _history(connection: Connection, segment_id: str) -> list[Revision]:
    rows = select(schema.segment).where(schema.segment.c.segment_id == segment_id).order_by(schema.segment.c.revision)
    return [
        Revision(_segment(row), bool(row["retracted"]), row["reason"], row["recorded_at"], row["recorded_by"])
        for row in connection.execute(rows).mappings()
    ]


def _expected(connection: Connection, segment_id: str, revision: int, attempted: Segment | None) -> Revision:
    """The newest revision, when it is the one that the writer had read."""
    history = _history(connection, segment_id)
    if not history:
        raise ProblemsFound([Problem("unknown_segment", column="segment_id", value=segment_id)])
    if history[-1].segment.revision != revision or history[-1].retracted:
        raise Conflict(history[-1], attempted)
    return history[-1]


def current_rows(store: Store, table: Table, columns: Sequence[str], at_once: int = 20_000) -> Iterator[Sequence[Any]]:
    """Rows of an append-only table up to now, as tuples of `columns`, in pieces of separate short transactions.

    Rows never change, so the pieces together are one consistent view, and no writer waits for the whole of it.
    """
    with reading(store.engine) as connection:
        newest = connection.execute(select(func.max(table.c.seq))).scalar() or 0
    reached = 0
    while reached < newest:
        rows = select(table.c.seq, *(table.c[name] for name in columns))
        rows = rows.where(table.c.seq > reached, table.c.seq <= newest).order_by(table.c.seq).limit(at_once)
        with reading(store.engine) as connection:
            piece = connection.execute(rows).all()
        reached = piece[-1][0]
        yield from (row[1:] for row in piece)
