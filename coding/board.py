"""The board of the supervisor: every assignment and what was recorded, kept up by reading only what is new."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Table, func, select

from coding.mission.model import Airing, Mission
from coding.progress import Coded, Pair, Stage, airing_of, coded_of, extent, own_units, stage
from coding.store import Store, current_rows, schema
from coding.store.assignments import Assignment, assignment_of
from coding.store.engine import reading
from coding.store.records import AIRING_FIELDS
from coding.vocabulary import PRACTICE, Progress, Purpose, Unit

AIRINGS_AT_ONCE = 200
"""How many airings one read takes or sums: about ten milliseconds, since a long read holds up those who save."""
TABLES = (schema.airing, schema.assignment, schema.segment)


@dataclass(frozen=True)
class Standing:
    """Every airing, every assignment that was not withdrawn, and what was recorded, at one moment.

    `purposes` tells to what end an airing was given to somebody, also where it was taken away again.
    """

    airings: Mapping[str, Airing]
    assignments: tuple[Assignment, ...]
    coded: Mapping[Pair, Coded]
    purposes: Mapping[Pair, Purpose] = field(default_factory=dict)

    def practised(self, airing_id: str, coder: str) -> bool:
        """Whether a coder was ever to train or to be tested on an airing."""
        return self.purposes.get((airing_id, coder)) in PRACTICE

    def coded_by(self, airing_id: str, coder: str) -> Coded:
        """What one coder recorded of one airing; nothing is a count of 0."""
        return self.coded.get((airing_id, coder), Coded())


@dataclass
class CoderProgress:
    """One coder's assignments in numbers; amounts by unit, since two units are never added."""

    coder: str
    assigned: int = 0
    stages: dict[Stage, int] = field(default_factory=lambda: dict.fromkeys(Stage, 0))
    amounts: dict[Unit, int] = field(default_factory=lambda: defaultdict(int))
    lengths: dict[Unit, int] = field(default_factory=lambda: defaultdict(int))
    segments: int = 0
    saved_at: str = ""


def by_coder(now: Standing, mission: Mission, coders: Iterable[str] = ()) -> list[CoderProgress]:
    """Everybody who has an airing in hand, and `coders` who have none, by name."""
    units = {outlet.name: outlet.unit for outlet in mission.outlets}
    found = {coder: CoderProgress(coder) for coder in coders}
    for each in now.assignments:
        airing = now.airings.get(each.airing_id)
        if airing is None:
            continue
        row = found.setdefault(each.coder, CoderProgress(each.coder))
        coded, unit = now.coded_by(each.airing_id, each.coder), units[airing.outlet]
        row.assigned += 1
        row.stages[stage(each, coded)] += 1
        row.amounts[unit] += coded.amount
        row.lengths[unit] += extent(airing)
        row.segments += coded.segments
        row.saved_at = max(row.saved_at, coded.saved_at)
    return sorted(found.values(), key=lambda row: row.coder)


def board(store: Store) -> "Board":
    """The board of a store; one object of a process, so that many who look read what is new only once."""
    return _board(store.url)


@lru_cache(maxsize=8)
def _board(url: str) -> "Board":
    return Board(Store(url))


class Board:
    """All airings, assignments and sums of a store, kept up by reading only the rows that were added since.

    Rows are append-only, so what was read stays right; the sums of an airing are made anew when a segment of it was
    written. However large the store, a look costs a few milliseconds, and no read is long.
    """

    def __init__(self, store: Store) -> None:
        self._store, self._lock = store, Lock()
        self._forget("")

    def _forget(self, origin: str) -> None:
        self._origin = origin
        self._seen: dict[str, int] = {}
        self._units: dict[str, Unit] = {}
        self._airings: dict[str, Airing] = {}
        self._assignments: dict[Pair, Assignment] = {}
        self._coded: dict[Pair, Coded] = {}
        self._stale: set[str] = set()

    def now(self, mission: Mission) -> Standing:
        """How everything stands now."""
        with self._lock:
            self._read_new(mission)
            while self._stale:
                self._sum(mission, sorted(self._stale)[:AIRINGS_AT_ONCE])
            held = [each for each in self._assignments.values() if each.progress != Progress.WITHDRAWN]
            purposes = {pair: each.purpose for pair, each in self._assignments.items()}
            return Standing(dict(self._airings), tuple(held), dict(self._coded), purposes)

    def _sum(self, mission: Mission, airing_ids: Sequence[str]) -> None:
        """Make the sums of these airings anew."""
        with reading(self._store.engine) as connection:
            found = coded_of(connection, mission, self._airings, airing_ids)
        self._stale -= set(airing_ids)
        kept = {pair: coded for pair, coded in self._coded.items() if pair[0] not in set(airing_ids)}
        self._coded = kept | found

    def _read_new(self, mission: Mission) -> None:
        """Take in new airings and assignments, and note the airings whose segments were written to."""
        oldest = select(schema.audit.c.hash).order_by(schema.audit.c.seq).limit(1)
        with reading(self._store.engine) as connection:
            origin = str(connection.execute(oldest).scalar())
            if origin != self._origin or self._units != own_units(mission):
                self._forget(origin)  # a sample that was thrown away and made again, or formats in other units
                self._units = own_units(mission)
            until = {table.name: _last(connection, table) for table in TABLES}
            self._stale |= self._changed(connection)
        for row in self._new_rows(schema.airing, (*AIRING_FIELDS, "retracted"), until):
            self._airings[row["airing_id"]] = airing_of(row)
            if row["retracted"]:
                del self._airings[row["airing_id"]]
        for row in self._new_rows(schema.assignment, tuple(Assignment.__dataclass_fields__), until):
            self._assignments[row["airing_id"], row["coder"]] = assignment_of(row)
        self._seen = until

    def _new_rows(self, table: Table, columns: Sequence[str], until: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        after = self._seen.get(table.name, 0)
        for row in current_rows(self._store, table, columns, until[table.name], after, AIRINGS_AT_ONCE):
            yield dict(zip(columns, row, strict=True))

    def _changed(self, connection: Connection) -> set[str]:
        """Airings with a segment, or a revision of one, that was written since the last look."""
        table, seen = schema.segment, self._seen.get(schema.segment.name, 0)
        names = select(table.c.airing_id).distinct()
        if seen:
            newer = select(table.c.segment_id).where(table.c.seq > seen)
            names = names.where(table.c.segment_id.in_(newer))
        return set(connection.execute(names).scalars())


def _last(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.seq), 0))).scalar_one())
