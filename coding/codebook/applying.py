"""A guided change of names, into the store: a preview of what it does, and one transaction that does it.

A renamed or merged name is carried over to every segment as a later revision, so that results, charts, exports and
evidence need to know nothing of it; the earlier revision stays as it was coded.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, func, insert, literal, select

from coding.codebook.changing import Changed, Wanted, changed
from coding.codebook.meeting import Meeting, meetings
from coding.mission.checks import check_airings
from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS
from coding.segment_checks import Rules
from coding.store import Store, audit, records, schema
from coding.store.codebook_changes import Change, CodebookChange, last_segment_seq, write_change
from coding.store.engine import reading, writing
from coding.vocabulary import AiringKind, CodeKind

CHANGED = "codebook_change"
"""The audit entry of a change; that of the codebook version stands before it."""


@dataclass(frozen=True)
class Touched:
    """What a change meets in the record: segments as they now are, their airings and coders, airings of a format.

    `meetings` are segments of one coder that would stand over the same seconds with other codes after a merge: they
    stay under their old names until a person has decided. `shared` pairs have the same codes, and count once.
    """

    segments: int = 0
    airings: int = 0
    coders: int = 0
    formats: int = 0
    meetings: tuple[Meeting, ...] = ()
    shared: int = 0

    @property
    def left(self) -> frozenset[str]:
        """Segments that stay as they are."""
        return frozenset(each.segment_id for each in self.meetings)


@dataclass(frozen=True)
class Preview:
    """What a change would do to the mission and to the record; nothing was written. `version` is what it rests on."""

    version: int
    wanted: Wanted
    changed: Changed
    touched: Touched


@dataclass(frozen=True)
class Applied:
    """What a change did: the new version, how many segments and airings it carried over, how many wait for people."""

    version: int
    segments: int
    airings: int
    waiting: int


def preview(store: Store, wanted: Wanted) -> Preview:
    """What a change would do. Raises ProblemsFound with everything that stands in its way."""
    with reading(store.engine) as connection:
        return _preview(connection, wanted)


def _preview(connection: Connection, wanted: Wanted) -> Preview:
    mission = records.mission(connection)
    after = changed(mission, wanted)  # first of all: what is asked for must make sense
    touched = _touched(connection, wanted)
    names = {each.name for each in touched.meetings}
    if names:
        after = changed(mission, wanted, sorted(names))
    _check_totals(connection, after.mission, wanted)
    return Preview(records.codebook_version(connection), wanted, after, touched)


def applied(store: Store, wanted: Wanted, who: str, reason: str, expected_version: int | None = None) -> Applied:
    """Make the change: a codebook version, the change as a record, and later revisions, in one transaction.

    Raises ProblemsFound where something stands in its way, where no reason is given, or where the codebook is no
    longer at `expected_version` (that of the preview); then nothing was written.
    """
    if not reason.strip():
        raise ProblemsFound([Problem("missing_value", column="reason")])
    with writing(store.engine) as connection:
        version = records.codebook_version(connection)
        if expected_version is not None and version != expected_version:
            raise ProblemsFound([Problem("mission_changed", values={"version": version})])
        return _apply(connection, _preview(connection, wanted), who, reason.strip())


def _apply(connection: Connection, seen: Preview, who: str, reason: str) -> Applied:
    wanted, mission = seen.wanted, seen.changed.mission
    before = last_segment_seq(connection)
    version = records.append_codebook(connection, mission, who, reason)
    stamped = records.stamp(who)
    made = CodebookChange(version, wanted.kind, wanted.change, wanted.old, wanted.new, before, reason, **stamped)
    airings = _airings_carried(connection, mission, wanted)
    if airings:
        records.append_airings(connection, mission, airings, who, made.written)
    if wanted.carries:
        _carry(connection, made, seen.touched.left)
        _check_nothing_lost(connection, mission, wanted)
    write_change(connection, made)
    segments = _written_since(connection, before)
    detail = {"kind": wanted.kind, "change": wanted.change, "old": wanted.old, "new": wanted.new, "reason": reason}
    counts = {"segments": segments, "sha256": _digest(connection, before), "waiting": _waiting(seen)}
    audit.record(connection, who, CHANGED, mission.id, version, detail | counts)
    return Applied(version, segments, len(airings), _waiting(seen))


def _waiting(seen: Preview) -> int:
    return seen.touched.segments if seen.wanted.change == Change.SPLIT else len(seen.touched.left)


def current(kind: CodeKind, names: Collection[str]) -> Select[tuple[int]]:
    """Segments as they now are under these names."""
    rows = records.newest(schema.segment, "segment_id").where(~schema.segment.c.retracted)
    return rows.where(schema.segment.c[kind].in_(list(names)))


def _touched(connection: Connection, wanted: Wanted) -> Touched:
    if not wanted.old:
        return Touched()
    rows = current(wanted.kind, wanted.old).subquery()
    counted = select(
        func.count(), func.count(rows.c.airing_id.distinct()), func.count(rows.c.coder.distinct())
    ).select_from(rows)
    segments, airings, coders = connection.execute(counted).one()
    formats = 0
    if wanted.kind == CodeKind.FORMAT:
        formats = len(_airings_of_formats(connection, wanted.old))
    met: tuple[Meeting, ...] = ()
    shared = 0
    if wanted.kind == CodeKind.SUBJECT and wanted.change == Change.MERGE:
        met, shared = meetings(connection, wanted.old, wanted.new[0])
    return Touched(segments, airings, coders, formats, met, shared)


def _airings_of_formats(connection: Connection, names: Sequence[str]) -> list[Airing]:
    return [airing for airing in records.airings(connection).values() if airing.format in names]


def _airings_carried(connection: Connection, mission: Mission, wanted: Wanted) -> list[Airing]:
    """Airings whose format has another name now. Raises ProblemsFound where one would not fit."""
    if wanted.kind != CodeKind.FORMAT or not wanted.carries:
        return []
    held = _airings_of_formats(connection, wanted.old)
    later = [airing.model_copy(update={"format": wanted.carries[airing.format]}) for airing in held]
    problems = check_airings(mission, [(None, airing) for airing in later])
    if problems:
        raise ProblemsFound(problems)
    return later


def _check_totals(connection: Connection, mission: Mission, wanted: Wanted) -> None:
    """Imported totals of a merged subject must fit its affiliations: one that changes inside them belongs to nobody."""
    if wanted.kind != CodeKind.SUBJECT or wanted.change != Change.MERGE:
        return
    airings = {
        airing.airing_id: airing
        for airing in records.airings(connection).values()
        if airing.kind == AiringKind.AGGREGATE
    }
    if not airings:
        return
    rules = Rules.of(mission, airings.values())
    problems = []
    for row in connection.execute(current(wanted.kind, wanted.old)).mappings():
        if row["airing_id"] in airings:
            segment = records.segment_of(row).model_copy(update={"subject": wanted.new[0]})
            problems += [replace(problem, file=segment.airing_id) for problem in rules.problems(segment)]
    if problems:
        raise ProblemsFound(problems)


def _carry(connection: Connection, made: CodebookChange, left: Collection[str]) -> None:
    """Every segment under an old name gets a later revision under the new one, in one statement of the database."""
    table, name = schema.segment.c, str(made.kind)
    written = {
        name: literal(made.new[0]),
        "revision": table.revision + 1,
        "codebook_version": literal(made.version),
        "reason": literal(made.written),
        "recorded_at": literal(made.recorded_at),
        "recorded_by": literal(made.recorded_by),
    }
    columns = [*FIELDS, "retracted", "reason", "recorded_at", "recorded_by"]
    rows = current(made.kind, made.old).where(table.seq <= made.segment_seq)
    if left:
        rows = rows.where(table.segment_id.not_in(left))
    chosen = rows.with_only_columns(*(written.get(column, table[column]) for column in columns))
    connection.execute(insert(schema.segment).from_select(columns, chosen.order_by(table.seq)))


def _check_nothing_lost(connection: Connection, mission: Mission, wanted: Wanted) -> None:
    """No segment may stand under a name that the mission does not have any more."""
    gone = [name for name in wanted.old if name not in mission.names(wanted.kind)]
    if gone and connection.execute(current(wanted.kind, gone).limit(1)).first():
        raise ProblemsFound([Problem("in_use", column=wanted.kind, value=", ".join(gone), values={"segments": 1})])


def _written_since(connection: Connection, seq: int) -> int:
    counted = select(func.count()).select_from(schema.segment).where(schema.segment.c.seq > seq)
    return int(connection.execute(counted).scalar_one())


def _digest(connection: Connection, seq: int) -> str:
    """SHA-256 of which revisions were written, for the audit entry.

    What they say needs no digest of its own: it is the revision before each, with the new name and version. Reading
    it back would take seconds of a transaction for which everybody who saves has to wait.
    """
    table = schema.segment.c
    rows = select(table.segment_id, table.revision).where(table.seq > seq).order_by(table.seq)
    written = "".join(f"{name} {number}\n" for name, number in connection.execute(rows))
    return hashlib.sha256(written.encode()).hexdigest()
