"""How far the coding is: what one coder has in hand, and the sums of what was recorded of an airing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, case, func, literal, select

from coding.mission.model import Airing, Mission
from coding.store import Store, records, schema
from coding.store.assignments import Assignment, standing
from coding.store.engine import reading
from coding.store.recordings import recordings
from coding.vocabulary import Progress, RecordingKind, Unit

Pair = tuple[str, str]
"""An airing and a coder."""


class Stage(StrEnum):
    """How far a coder is with an airing, in the order in which it wants attention."""

    RETURNED = "returned"
    BEGUN = "begun"
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True)
class Coded:
    """What one coder recorded of one airing: `amount` in the outlet's unit, seconds that lie under two count once."""

    segments: int = 0
    amount: int = 0
    saved_at: str = ""


@dataclass(frozen=True)
class Work:
    """An airing in a coder's hands, with what this coder recorded of it, and nothing of anybody else's."""

    airing: Airing
    unit: Unit
    assignment: Assignment
    coded: Coded = Coded()
    material: tuple[RecordingKind, ...] = ()

    @property
    def length(self) -> int:
        """What was monitored, or planned as long as it was not, in the outlet's unit; 0 where nobody knows."""
        return extent(self.airing)

    @property
    def left(self) -> int:
        """What lies under no segment of the coder's yet; nothing of an airing that is done."""
        return 0 if self.stage == Stage.DONE else max(0, self.length - self.coded.amount)

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return stage(self.assignment, self.coded)


def extent(airing: Airing) -> int:
    """Monitored amount of an airing, else the planned one; 0 where there is neither."""
    return airing.monitored or airing.planned or 0


def stage(assignment: Assignment, coded: Coded) -> Stage:
    """How far a coder is: what was returned stays so until it is done again; begun is an airing with a segment."""
    if assignment.progress in (Progress.DONE, Progress.RETURNED):
        return Stage(assignment.progress)
    return Stage.BEGUN if coded.segments else Stage.OPEN


def when(airing: Airing) -> tuple[date, str, int, str]:
    """The order of airings in every list: day, outlet, beginning."""
    return airing.date, airing.outlet, airing.actual_start or airing.planned_start or 0, airing.airing_id


def own_work(store: Store, mission: Mission, coder: str) -> list[Work]:
    """What one coder has in hand: returned ones first, then open ones, then done ones, each in the order of days."""
    units = {outlet.name: outlet.unit for outlet in mission.outlets}
    with reading(store.engine) as connection:
        held = [each for each in standing(connection, coder=coder) if each.progress != Progress.WITHDRAWN]
        ids = [each.airing_id for each in held]
        airings = _airings(connection, ids)
        coded = coded_of(connection, mission, airings, ids, coder)
    kinds = defaultdict(list)
    for each in recordings(store, ids):
        kinds[each.airing_id].append(each.kind)
    works = [
        Work(
            airing,
            units[airing.outlet],
            each,
            coded.get((each.airing_id, coder), Coded()),
            tuple(kinds[each.airing_id]),
        )
        for each in held
        if (airing := airings.get(each.airing_id)) is not None
    ]
    last = {Stage.RETURNED: 0, Stage.DONE: 2}
    return sorted(works, key=lambda work: (last.get(work.stage, 1), when(work.airing)))


def left_by_unit(works: Iterable[Work]) -> dict[Unit, int]:
    """What lies under no segment yet in the airings that are not done, by unit."""
    left: dict[Unit, int] = defaultdict(int)
    for work in works:
        left[work.unit] += work.left
    return {unit: amount for unit, amount in left.items() if amount}


def _airings(connection: Connection, airing_ids: Sequence[str]) -> dict[str, Airing]:
    rows = records.newest(schema.airing, "airing_id").where(~schema.airing.c.retracted)
    found = connection.execute(rows.where(schema.airing.c.airing_id.in_(airing_ids))).mappings()
    return {row["airing_id"]: airing_of(row) for row in found}


def airing_of(row: Any) -> Airing:
    """The airing of a row."""
    return Airing.model_validate({name: row[name] for name in records.AIRING_FIELDS})


# sums of segments


def _sums(units: Mapping[str, Unit], airing_ids: Sequence[str], coder: str | None = None) -> Select[Any]:
    """For each airing, coder and unit of the format (empty: the outlet's own): segments, amounts, last saved.

    `span` is the union of the intervals: what each adds beyond those before it. `plain` are amounts without interval.
    """
    own, later = schema.segment, schema.segment.alias("later")
    start = case((own.c.retracted, None), else_=own.c.start_ms)
    end = case((own.c.retracted, None), else_=own.c.end_ms)
    plain = case((own.c.retracted | own.c.start_ms.is_not(None), 0), else_=own.c.amount)
    named = {name: str(unit) for name, unit in units.items()}
    newest = select(
        own.c.airing_id,
        own.c.coder,
        own.c.recorded_at,
        (case(named, value=own.c.format, else_="") if named else literal("")).label("unit"),
        case((own.c.retracted, 0), else_=1).label("present"),
        plain.label("plain"),
        start.label("start"),
        end.label("end"),
        func.max(end)
        .over(partition_by=[own.c.airing_id, own.c.coder], order_by=[start, end, own.c.seq], rows=(None, -1))
        .label("reached"),
    ).where(own.c.airing_id.in_(airing_ids))
    again = select(literal(1)).where(later.c.segment_id == own.c.segment_id, later.c.revision > own.c.revision)
    newest = newest.where(~again.exists())
    part = (newest if coder is None else newest.where(own.c.coder == coder)).subquery()
    added = case(
        (part.c.end <= part.c.reached, 0),
        (part.c.start < part.c.reached, part.c.end - part.c.reached),
        else_=part.c.end - part.c.start,
    )
    return select(
        part.c.airing_id,
        part.c.coder,
        part.c.unit,
        func.sum(part.c.present),
        func.sum(part.c.plain),
        func.coalesce(func.sum(added), 0),
        func.max(part.c.recorded_at),
    ).group_by(part.c.airing_id, part.c.coder, part.c.unit)


def coded_of(
    connection: Connection,
    mission: Mission,
    airings: Mapping[str, Airing],
    airing_ids: Sequence[str],
    coder: str | None = None,
) -> dict[Pair, Coded]:
    """What was recorded of these airings; a format counted in another unit than its outlet adds no amount."""
    outlets = {outlet.name: outlet.unit for outlet in mission.outlets}
    found: dict[Pair, Coded] = {}
    rows = connection.execute(_sums(own_units(mission), airing_ids, coder)).all() if airing_ids else []
    for airing_id, who, unit, segments, plain, span, saved_at in rows:
        airing, before = airings.get(airing_id), found.get((airing_id, who), Coded())
        same = airing is not None and (not unit or unit == outlets.get(airing.outlet))
        amount = before.amount + int(span) + (int(plain) if same else 0)
        found[airing_id, who] = Coded(before.segments + int(segments), amount, max(before.saved_at, saved_at))
    return found


def own_units(mission: Mission) -> dict[str, Unit]:
    """The formats that are counted in a unit of their own."""
    return {part.name: part.unit for part in mission.formats if part.unit is not None}
