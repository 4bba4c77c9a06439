"""Where coverage is computed: the raw rows of one store in an engine, and the tables computed from them.

Beside SQLite the engine is an embedded DuckDB. Rows of a record never change, so rows once copied stay, and only later
ones are read, in short reads that hold up no writer. On PostgreSQL the engine is the server, which has the rows.

A state is what stands in the engine for one moment of the store. The next state takes over every row of an airing to
which nothing happened, and computes those of the touched airings anew; in the first state all airings are touched.
Tables of a state are never written again: who holds an older state goes on asking it, and its tables go when nobody
holds them.
"""

import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count, islice
from threading import Lock
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from sqlalchemy import Table

from coding.mission.model import Airing, Mission
from coding.store import Moment, Store, current_rows, schema
from monitoring.dimensions import dimensions, slots
from monitoring.expression import AGGREGATE, airings_expression, coverage_expression, newest

COLUMNS = {
    "segment": (
        "seq", "segment_id", "revision", "airing_id", "start_ms", "end_ms", "amount", "subject", "role", "speech",
        "tone", "format", "topic", "coder", "retracted",
    ),
    "airing": (
        "seq", "airing_id", "revision", "outlet", "date", "date_to", "kind", "programme", "format", "slot",
        "planned_start", "planned_end", "actual_start", "actual_end", "planned_size", "actual_size", "start_clock",
        "coded", "retracted",
    ),
    "assignment": ("seq", "airing_id", "coder", "purpose", "progress"),
    "decision": ("seq", "airing_id", "coder"),
}  # fmt: skip
TABLES: dict[str, Table] = {name: schema.metadata.tables[name] for name in COLUMNS}
CONVERTED_AT_ONCE = 2_000

TOUCHED, SLOT = "ev_touched", "ev_slot"
RAW_AIRING, RAW_SEGMENT, RAW_ASSIGNMENT = "ev_raw_airing", "ev_raw_segment", "ev_raw_assignment"
RAW_DECISION = "ev_raw_decision"
AIRING, COVERAGE, OBSERVED = "ev_airing", "ev_coverage", "ev_observed"
RAW = {RAW_AIRING: "airing", RAW_SEGMENT: "segment", RAW_ASSIGNMENT: "assignment", RAW_DECISION: "decision"}
AIRING_IDS = ibis.schema({"airing_id": "string"})
GIVEN = "ev_given"
WORKING = (TOUCHED, *RAW, SLOT, AIRING, COVERAGE, OBSERVED)
"""Tables that stand only while a state is computed: the touched airings, what is recorded of them, what follows."""


@dataclass(frozen=True)
class Known:
    """One codebook version as tables, and the steps of the computation; to write them costs more than to run them."""

    mission: Mission
    of: Mapping[str, ir.Table]
    steps: tuple[tuple[str, ibis.Schema, str], ...]
    """Name and columns of a working table, and the query whose answer goes there."""


_written: dict[tuple[object, ...], tuple[tuple[str, ibis.Schema, str], ...]] = {}
"""Steps that were written out for an embedded engine: they are the same wherever tables have the same names."""


@dataclass(frozen=True)
class Answer:
    """The tables that coverage consists of."""

    rows: ir.Table
    airings: ir.Table


@dataclass(frozen=True)
class State:
    """What stands in the engine for one moment."""

    at: Moment
    known: Known
    answer: Answer
    totals: tuple[tuple[str, date, date], ...]
    """Outlet, first and last day of every imported total over more than one day."""


class Engine:
    """The raw rows of one store, and states computed from them. Everything but `lost` wants its `lock` held."""

    def __init__(self, backend: Any, in_server: bool = False) -> None:
        self.backend, self.in_server = backend, in_server
        self.lock = Lock()
        """One statement at a time: a connection is not shared in flight."""
        self._copied = dict.fromkeys(COLUMNS, 0)
        self._numbers = count(1)
        self._unused: list[str] = []
        if not in_server:
            for name in COLUMNS:
                self._create(name, arrow(name, []))
        self._raw = {name: backend.table(name).select(columns) for name, columns in COLUMNS.items()}

    @property
    def lost(self) -> bool:
        """Whether the server has closed the connection, and with it every table that was computed."""
        return bool(getattr(self.backend.con, "closed", False))

    def later_rows(self, store: Store, at: Moment) -> dict[str, pa.Table]:
        """Rows up to a moment that the engine does not hold, in short reads; nothing where it is the server."""
        if self.in_server:
            return {}
        return {name: _read(store, name, self._copied[name], at.seqs[name]) for name in COLUMNS}

    def append(self, later: Mapping[str, pa.Table]) -> None:
        """Take over rows that were read."""
        for name, rows in later.items():
            if rows.num_rows:
                self._fill(name, rows)
                self._copied[name] = rows["seq"][-1].as_py()

    def state(self, at: Moment, mission: Mission, before: State | None = None) -> State:
        """The state of a moment whose rows are held, computed from an earlier one as far as nothing changed."""
        self._drop_unused()
        if before is None or before.at.version != at.version:
            known = self._known(mission)
            return State(at, known, self._answer(known, at, None, [self.rows("airing", at)]), self._totals(at))
        if before.at.seqs == at.seqs:
            return replace(before, at=at)
        totals = before.totals if before.at.airing_seq == at.airing_seq else self._totals(at)
        return State(
            at, before.known, self._answer(before.known, at, before.answer, self._changed(before.at, at)), totals
        )

    def rows(self, name: str, at: Moment) -> ir.Table:
        """The raw rows (`segment`, `airing`, `assignment`, `decision`) up to a moment."""
        raw = self._raw[name]
        return raw.filter(raw.seq <= at.seqs[name])

    def _known(self, mission: Mission) -> Known:
        of = {name: self._kept(name, table) for name, table in dimensions(mission, ()).items() if name != "slot"}
        key = (bool(mission.windows), bool(mission.slots), *sorted(table.op().name for table in of.values()))
        steps = None if self.in_server else _written.get(key)
        if steps is None:
            steps = _written[key] = self._steps(mission, of)
        known = Known(mission, of, steps)
        self._drop_with(known, *of.values())
        return known

    def _steps(self, mission: Mission, of: Mapping[str, ir.Table]) -> tuple[tuple[str, ibis.Schema, str], ...]:
        record = {name: ibis.table(self._raw[raw].schema(), name) for name, raw in RAW.items()}
        slot = ibis.table(slots(mission, ()).schema, SLOT)
        expressions = {AIRING: airings_expression({"airing": record[RAW_AIRING]}, of, bool(mission.windows))}
        airing = ibis.table(expressions[AIRING].schema(), AIRING)
        expressions[COVERAGE] = coverage_expression(
            {name: record[raw] for raw, name in RAW.items() if name != "airing"},
            {**of, "slot": slot},
            airing,
            bool(mission.slots),
        )
        expressions[OBSERVED] = _observed(airing, ibis.table(expressions[COVERAGE].schema(), COVERAGE))
        return tuple((name, each.schema(), str(self.backend.compile(each))) for name, each in expressions.items())

    def _changed(self, before: Moment, at: Moment) -> list[ir.Table]:
        """Airings with new rows, assignments or decisions; those in which any revision of a changed segment stood."""
        rows = {name: self.rows(name, at) for name in COLUMNS}
        new = {name: each.filter(each.seq > before.seqs[name]) for name, each in rows.items()}
        return [
            new["airing"],
            new["assignment"],
            new["decision"],
            rows["segment"].semi_join(new["segment"], "segment_id"),
        ]

    def _answer(self, known: Known, at: Moment, before: Answer | None, changed: Iterable[ir.Table]) -> Answer:
        """Rows of airings that are not touched as they were before, and those of touched airings computed anew."""
        touched = self._create(TOUCHED, AIRING_IDS)
        for rows in changed:
            self.backend.insert(TOUCHED, rows.select("airing_id").distinct())
        segment, airing = self.rows("segment", at), self.rows("airing", at)
        # a segment that moved to another airing has revisions in both
        ever = segment.semi_join(touched, "airing_id").select("segment_id").distinct()
        self._create(RAW_SEGMENT, segment.semi_join(ever, "segment_id"))
        for raw in (RAW_ASSIGNMENT, RAW_DECISION):
            self._create(raw, self.rows(RAW[raw], at).semi_join(touched, "airing_id"))
        airings = self._airings(self._create(RAW_AIRING, airing.semi_join(touched, "airing_id")))
        self._create(SLOT, slots(known.mission, airings))
        for name, columns, query in known.steps:
            self._create(name, columns)
            self.backend.raw_sql(f"INSERT INTO {name} {query}")

        def with_untouched(name: str, earlier: ir.Table | None) -> ir.Table:
            anew = self.backend.table(name)
            return self._kept(name, anew if earlier is None else earlier.anti_join(touched, "airing_id").union(anew))

        rows = with_untouched(COVERAGE, before.rows if before else None)
        observed = with_untouched(OBSERVED, before.airings if before else None)
        for name in WORKING:
            self.backend.drop_table(name)
        answer = Answer(rows, observed)
        self._drop_with(answer, rows, observed)
        return answer

    def _airings(self, raw: ir.Table) -> list[Airing]:
        columns = [name for name in COLUMNS["airing"] if name in Airing.model_fields]
        rows = self.backend.to_pyarrow(newest(raw, "airing_id").select(columns)).to_pylist()
        return [Airing.model_validate(row) for row in rows]

    def _totals(self, at: Moment) -> tuple[tuple[str, date, date], ...]:
        airing = newest(self.rows("airing", at), "airing_id")
        long = airing.filter(airing.kind == AGGREGATE, airing.date != airing.date_to)
        long = long.select("outlet", "date", "date_to").distinct()
        rows = self.backend.to_pyarrow(long).to_pylist()
        return tuple(sorted((r["outlet"], *(date.fromisoformat(r[day]) for day in ("date", "date_to"))) for r in rows))

    def _kept(self, name: str, content: ir.Table | pa.Table | ibis.Schema) -> ir.Table:
        """A new table that no other state has."""
        return self._create(f"{name}_{next(self._numbers)}", content)

    def _create(self, name: str, content: ir.Table | pa.Table | ibis.Schema) -> ir.Table:
        # on the server only this connection sees it; the embedded engine has but this one
        if isinstance(content, ir.Table):
            return self.backend.create_table(name, content, temp=self.in_server)
        columns = content if isinstance(content, ibis.Schema) else ibis.Schema.from_pyarrow(content.schema)
        table = self.backend.create_table(name, schema=columns, temp=self.in_server)
        if isinstance(content, pa.Table):
            self._fill(name, content)
        return table

    def _fill(self, name: str, rows: pa.Table) -> None:
        """Rows into a table; what Ibis itself would insert it keeps until the process ends."""
        if self.in_server:
            with self.backend.con.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in zip(*(column.to_pylist() for column in rows.columns), strict=True):
                    copy.write_row(row)
            return
        self.backend.con.register(GIVEN, rows)
        self.backend.con.execute(f"INSERT INTO {name} SELECT * FROM {GIVEN}")  # noqa: S608  both are our own
        self.backend.con.unregister(GIVEN)

    def _drop_with(self, owner: Known | Answer, *tables: ir.Table) -> None:
        """Tables that go when nobody holds their owner: with the next state, since now the connection may be busy."""
        weakref.finalize(owner, self._unused.extend, [table.op().name for table in tables])

    def _drop_unused(self) -> None:
        while self._unused:
            self.backend.drop_table(self._unused.pop())


def arrow(name: str, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Raw rows of a table of COLUMNS, in the order of its columns, as an Arrow table."""
    kinds = {"BIGINT": pa.int64(), "INTEGER": pa.int64(), "BOOLEAN": pa.bool_()}
    columns = COLUMNS[name]
    types = [kinds.get(str(TABLES[name].c[column].type), pa.string()) for column in columns]
    gathered = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table({n: pa.array(c, k) for n, c, k in zip(columns, gathered, types, strict=True)})


def _read(store: Store, name: str, after: int, until: int) -> pa.Table:
    pieces = [arrow(name, [])]
    rows = current_rows(store, TABLES[name], COLUMNS[name], until, after)
    while piece := list(islice(rows, CONVERTED_AT_ONCE)):
        pieces.append(arrow(name, piece))
    return pa.concat_tables(pieces)


def _observed(known: ir.Table, rows: ir.Table) -> ir.Table:
    """The airings of the analysis; observed is one that was monitored and coded, or has segments."""
    with_segments = rows.select("airing_id").distinct().mutate(has=True)
    seen = known.left_join(with_segments, "airing_id")
    seen = seen.mutate(observed=seen.monitored.notnull() & seen.coded | seen.has.coalesce(False))
    return seen.select(*known.columns, "observed").rename(unit="outlet_unit")
