"""Where coverage is computed: the raw rows of one store in an engine, and the tables computed from them.

Beside SQLite the engine is an embedded DuckDB. Rows of a record never change, so rows once copied stay, and only later
ones are read, in short reads that hold up no writer. On PostgreSQL the engine is the server, which has the rows.

A state is what stands in the engine for one moment of the store. The next state takes over every row of an airing to
which nothing happened, and computes those of the touched airings anew; in the first state all airings are touched.
Tables of a state are never written again: who holds an older state goes on asking it, and its tables go when nobody
holds them.

To write a query out costs more than to run it. So queries ask tables and views by name alone, the working ones by the
same names in every state, and what was written once is kept for every engine of its kind.
"""

import weakref
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import count, islice
from threading import Lock
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from sqlalchemy import Table

from coding.mission.model import Airing, Mission
from coding.store import Moment, Store, current_rows, schema
from monitoring.dimensions import dimensions, slots
from monitoring.expression import AGGREGATE, airings_expression, counted_segments, coverage_expression, newest

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

KEPT_QUERIES = 1_000

TOUCHED, SLOT = "ev_touched", "ev_slot"
RAW_AIRING, RAW_SEGMENT, RAW_ASSIGNMENT = "ev_raw_airing", "ev_raw_segment", "ev_raw_assignment"
RAW_DECISION = "ev_raw_decision"
AIRING, COVERAGE, OBSERVED = "ev_airing", "ev_coverage", "ev_observed"
RAW = {RAW_AIRING: "airing", RAW_SEGMENT: "segment", RAW_ASSIGNMENT: "assignment", RAW_DECISION: "decision"}
AIRING_IDS = ibis.schema({"airing_id": "string"})
GIVEN = "ev_given"
WORKING = (TOUCHED, *RAW, SLOT, AIRING)
"""Tables that stand only while a state is computed: the touched airings, what is recorded of them, what follows."""
NOW, NEW = "ev_now", "ev_new"
"""Views that stand only while a state is computed, one for each raw table: its rows, and those later than before."""


@dataclass(frozen=True)
class Known:
    """One codebook version as tables, and the steps of the computation; to write them costs more than to run them."""

    mission: Mission
    of: Mapping[str, ir.Table]
    steps: tuple[tuple[str, ibis.Schema, str], ...]
    """Name and columns of a working table, and the query whose answer goes there."""


_written: dict[tuple[object, ...], tuple[tuple[str, ibis.Schema, str], ...]] = {}
"""Steps that were written out: they are the same wherever tables of a kind of engine have the same names."""


@lru_cache(KEPT_QUERIES)
def _query(kind: str, asked: ops.Node) -> str:
    return str(getattr(ibis, kind).compile(asked.to_expr()))


@cache
def _columns(kind: str, columns: ibis.Schema) -> str:
    return ", ".join(each.sql(kind) for each in columns.to_sqlglot_column_defs(kind))


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
        self._segments: dict[str, ir.Table] = {}
        """For the airings of a state the view of the segments that count in it."""
        backend.compile = self._written_out
        schemas = {name: ibis.Schema.from_pyarrow(arrow(name, []).schema) for name in COLUMNS}
        for name, columns in schemas.items():
            if in_server:
                schemas[name] = backend.table(name).select(COLUMNS[name]).schema()
            else:
                self._create(name, columns)
        self._schemas = schemas

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
        if before is not None and before.at.version != at.version:
            before = None
        if before is not None and before.at.seqs == at.seqs:
            return replace(before, at=at)
        known = before.known if before else self._known(mission)
        for name, columns in COLUMNS.items():
            now, new = f"{NOW}_{name}", f"{NEW}_{name}"
            self._view(now, f"SELECT {', '.join(columns)} FROM {name} WHERE seq <= {at.seqs[name]}")  # noqa: S608  own
            if before:
                self._view(new, f"SELECT * FROM {now} WHERE seq > {before.at.seqs[name]}")  # noqa: S608  own
        answer = self._answer(known, before.answer if before else None)
        same = before is not None and before.at.airing_seq == at.airing_seq
        totals = before.totals if before and same else self._totals()
        for name in COLUMNS:
            self._run(*[f"DROP VIEW {NEW}_{name}"] * bool(before), f"DROP VIEW {NOW}_{name}")
        return State(at, known, answer, totals)

    def rows(self, name: str, at: Moment) -> ir.Table:
        """The raw rows (`segment`, `airing`, `assignment`, `decision`) up to a moment."""
        raw = ibis.table(self._schemas[name], name).select(COLUMNS[name])
        return raw.filter(raw.seq <= at.seqs[name])

    def segments(self, state: State) -> ir.Table:
        """The segments that count in a state: the newest revisions, of one coder for each airing."""
        airings = state.answer.airings.op().name
        if airings not in self._segments:
            record = {name: self.rows(name, state.at) for name in ("segment", "assignment", "decision")}
            counted = counted_segments(record, state.answer.airings)
            if self.in_server:
                return counted  # a view over the store's own tables would stand in the way of their changes
            view = f"{airings}_segments"
            self._view(view, self._written_out(counted))
            self._segments[airings] = ibis.table(counted.schema(), view)
        return self._segments[airings]

    def _written_out(self, expression: ir.Table, **_nothing_else: object) -> str:
        return _query(self.backend.name, expression.op())

    def _run(self, *statements: str) -> None:
        for statement in statements:
            if self.in_server:
                with self.backend.con.cursor() as cursor:
                    cursor.execute(statement)
            else:
                self.backend.con.execute(statement)

    def _known(self, mission: Mission) -> Known:
        of = {name: self._kept(name, table) for name, table in dimensions(mission, ()).items() if name != "slot"}
        names = sorted(table.op().name for table in of.values())
        key = (self.backend.name, bool(mission.windows), bool(mission.slots), *names)
        steps = _written.get(key)
        if steps is None:
            steps = _written[key] = self._steps(mission, of)
        known = Known(mission, of, steps)
        self._drop_with(known, *of.values())
        return known

    def _steps(self, mission: Mission, of: Mapping[str, ir.Table]) -> tuple[tuple[str, ibis.Schema, str], ...]:
        record = {name: ibis.table(self._schemas[raw], name) for name, raw in RAW.items()}
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
        return tuple((name, each.schema(), self._written_out(each)) for name, each in expressions.items())

    def _touched(self, anew: bool) -> list[ir.Table]:
        """All airings, or those with new rows, assignments, decisions or any revision of a changed segment."""
        if anew:
            return [self._view_of(NOW, "airing")]
        segments = self._view_of(NOW, "segment").semi_join(self._view_of(NEW, "segment"), "segment_id")
        return [*(self._view_of(NEW, name) for name in ("airing", "assignment", "decision")), segments]

    def _answer(self, known: Known, before: Answer | None) -> Answer:
        """Rows of airings that are not touched as they were before, and those of touched airings computed anew."""
        touched = self._create(TOUCHED, AIRING_IDS)
        for rows in self._touched(before is None):
            self._insert(TOUCHED, rows.select("airing_id").distinct())
        segment = self._view_of(NOW, "segment")
        # a segment that moved to another airing has revisions in both
        ever = segment.semi_join(touched, "airing_id").select("segment_id").distinct()
        self._create(RAW_SEGMENT, segment.semi_join(ever, "segment_id"))
        for raw in (RAW_AIRING, RAW_ASSIGNMENT, RAW_DECISION):
            self._create(raw, self._view_of(NOW, RAW[raw]).semi_join(touched, "airing_id"))
        self._create(SLOT, slots(known.mission, self._airings() if known.mission.slots else ()))
        computed = {name: self._create(name, columns) for name, columns, _ in known.steps}
        for name, _, query in known.steps:
            self._run(f"INSERT INTO {name} {query}")
        rows = self._with_untouched(computed[COVERAGE], before.rows if before else None)
        observed = self._with_untouched(computed[OBSERVED], before.airings if before else None)
        self._run(*(f"DROP TABLE {name}" for name in WORKING))
        answer = Answer(rows, observed)
        self._drop_with(answer, rows, observed)
        return answer

    def _with_untouched(self, anew: ir.Table, earlier: ir.Table | None) -> ir.Table:
        """The working table with the rows of untouched airings, under a name that no other state has."""
        name = anew.op().name
        if earlier is not None:
            touched = f"SELECT 1 FROM {TOUCHED} WHERE {TOUCHED}.airing_id = held.airing_id"  # noqa: S608  own
            untouched = f"SELECT * FROM {earlier.op().name} AS held WHERE NOT EXISTS ({touched})"  # noqa: S608  own
            self._run(f"INSERT INTO {name} {untouched}")
        kept = f"{name}_{next(self._numbers)}"
        self._run(f"ALTER TABLE {name} RENAME TO {kept}")
        return ibis.table(anew.schema(), kept)

    def _airings(self) -> list[Airing]:
        columns = [name for name in COLUMNS["airing"] if name in Airing.model_fields]
        raw = ibis.table(self._schemas["airing"], RAW_AIRING)
        rows = self.backend.to_pyarrow(newest(raw, "airing_id").select(columns)).to_pylist()
        return [Airing.model_validate(row) for row in rows]

    def _totals(self) -> tuple[tuple[str, date, date], ...]:
        airing = newest(self._view_of(NOW, "airing"), "airing_id")
        long = airing.filter(airing.kind == AGGREGATE, airing.date != airing.date_to)
        long = long.select("outlet", "date", "date_to").distinct()
        rows = self.backend.to_pyarrow(long).to_pylist()
        return tuple(sorted((r["outlet"], *(date.fromisoformat(r[day]) for day in ("date", "date_to"))) for r in rows))

    def _kept(self, name: str, content: pa.Table) -> ir.Table:
        """A new table that no other state has."""
        return self._create(f"{name}_{next(self._numbers)}", content)

    def _view(self, name: str, query: str) -> None:
        self._run(f"CREATE {self._temporary}VIEW {name} AS {query}")

    def _view_of(self, which: str, name: str) -> ir.Table:
        return ibis.table(self._schemas[name], f"{which}_{name}")

    @property
    def _temporary(self) -> str:
        # on the server only this connection sees it; the embedded engine has but this one
        return "TEMPORARY " if self.in_server else ""

    def _create(self, name: str, content: ir.Table | pa.Table | ibis.Schema) -> ir.Table:
        columns = content if isinstance(content, ibis.Schema) else None
        if columns is None:
            columns = content.schema() if isinstance(content, ir.Table) else ibis.Schema.from_pyarrow(content.schema)
        self._run(f"CREATE {self._temporary}TABLE {name} ({_columns(self.backend.name, columns)})")
        if isinstance(content, ir.Table):
            self._insert(name, content)
        elif isinstance(content, pa.Table) and content.num_rows:
            self._fill(name, content)
        return ibis.table(columns, name)

    def _insert(self, name: str, rows: ir.Table) -> None:
        self._run(f"INSERT INTO {name} {self._written_out(rows)}")

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
            name = self._unused.pop()
            view = self._segments.pop(name, None)
            if view is not None:
                self._run(f"DROP VIEW {view.op().name}")
            self._run(f"DROP TABLE {name}")


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
