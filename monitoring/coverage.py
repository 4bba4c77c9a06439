"""Coverage: segments joined to airings, outlets and dated affiliations, overlaps resolved. One Ibis expression.

It is the border between scale and analysis: the expression stays in the engine (DuckDB beside SQLite, or
PostgreSQL itself), and a metric asks it only for its group columns.

Columns of coverage: period, week, date, date_to, outlet, medium, ownership, region, unit, airing_id, kind, coded,
programme, airing_format, slot, format, subject, affiliation, group_institution, group_party, role, speech, topic,
tone, start_ms, end_ms -> amount (integer of `unit`), segments.
Columns of airings: period, week, date, date_to, outlet, medium, ownership, region, unit, airing_id, kind, coded,
programme, airing_format, planned, monitored (integers of `unit`, empty where not), observed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from sqlalchemy import Table

from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.segment import Segment
from coding.store import Moment, Store, current_rows, schema
from coding.vocabulary import AiringKind, Role
from monitoring.dimensions import dimensions
from monitoring.selection import Denominator, Incumbents, Selection

if TYPE_CHECKING:
    from ibis.backends.sql import SQLBackend

SEGMENT_COLUMNS = (
    "segment_id", "revision", "airing_id", "start_ms", "end_ms", "amount", "subject", "role", "speech",
    "tone", "format", "topic", "coder", "coded_at", "retracted",
)  # fmt: skip
AIRING_COLUMNS = (
    "airing_id", "revision", "outlet", "date", "date_to", "kind", "programme", "format", "slot", "planned_start",
    "planned_end", "actual_start", "actual_end", "planned_size", "actual_size", "start_clock", "coded", "retracted",
)  # fmt: skip
CODES = ("role", "speech", "tone", "format", "topic")
KEPT_ANSWERS = 200
AGGREGATE = AiringKind.AGGREGATE.value


def newest(records: ir.Table, key: str) -> ir.Table:
    """The newest revision of every record that is not retracted."""
    latest = records.revision.max().over(group_by=key)
    return records.mutate(latest=latest).filter(lambda t: (t.revision == t.latest) & ~t.retracted).drop("latest")


def airings_expression(record: Mapping[str, ir.Table], of: Mapping[str, ir.Table], windows: bool) -> ir.Table:
    """Airings that belong to the analysis: dated inside a period, starting inside a window, outlet known.

    An aggregate has to lie in one period with all its days, and no window is asked of it.
    """
    airing = newest(record["airing"], "airing_id")
    last = of["day"].select(date_to="date", period_to="period")
    airing = airing.join(of["day"], "date").join(last, "date_to").filter(lambda t: t.period == t.period_to)
    airing = airing.join(of["outlet"], "outlet")
    if windows:
        window = of["window"]
        inside = [
            airing.outlet == window.outlet,
            (airing.date >= window.first) & (airing.date <= window.last),
            (airing.start_clock.coalesce(window.opens) >= window.opens)
            & (airing.start_clock.coalesce(window.opens) < window.closes),
        ]
        started = airing.semi_join(window, inside)
        airing = airing.filter(airing.kind == AGGREGATE).union(started.filter(started.kind != AGGREGATE))
    return airing.select(
        "period", "week", "date", "date_to", "outlet", "medium", "ownership", "region", "outlet_unit", "airing_id",
        "kind", "coded", "programme", "slot", "start_clock", airing_format="format",
        planned=airing.planned_size.coalesce(airing.planned_end - airing.planned_start),
        monitored=airing.actual_size.coalesce(airing.actual_end - airing.actual_start),
    )  # fmt: skip


def coverage_expression(
    record: Mapping[str, ir.Table], of: Mapping[str, ir.Table], airing: ir.Table, slots: bool
) -> ir.Table:
    """The coverage table of one mission; see the head of this module for its columns."""
    current = newest(record["segment"], "segment_id").filter(lambda t: t.airing_id.isin(airing.airing_id))
    segment = first_coder(current)
    timed, stated = segment.filter(segment.start_ms.notnull()), segment.filter(segment.start_ms.isnull())
    stated = stated.mutate(segments=ibis.literal(1, "int64"))
    if slots:
        timed, stated = _cut_at_slots(timed, of["slot"]), _slot_of_start(stated, airing, of["slot"])
    else:
        timed = timed.mutate(slot=ibis.literal(""), begins_here=ibis.literal(1, "int64"))
        stated = stated.join(airing.select("airing_id", "slot"), "airing_id")
    columns = ["airing_id", "subject", *CODES, "start_ms", "end_ms", "amount", "segments", "slot"]
    rows = _union_of_overlaps(timed).select(columns).union(stated.select(columns))
    return _with_groups(rows.join(airing.drop("slot", "start_clock"), "airing_id"), of)


def first_coder(segment: ir.Table) -> ir.Table:
    """Two coders of one airing never add: the one who recorded first counts."""
    # without the Z, an instant with fractions of a second sorts behind the one without
    coder = segment.group_by("airing_id", "coder").aggregate(first=segment.coded_at.replace("Z", "").min())
    rank = ibis.row_number().over(group_by="airing_id", order_by=["first", "coder"])
    chosen = coder.mutate(rank=rank).filter(lambda t: t["rank"] == 0)
    return segment.semi_join(chosen, ["airing_id", "coder"])


def _union_of_overlaps(timed: ir.Table) -> ir.Table:
    """The same subject with the same codes over the same or touching seconds of a slot is one stretch."""
    keys = ["airing_id", "subject", *CODES, "slot"]
    stretches = with_runs(timed, keys)
    united = stretches.group_by([*keys, "run"]).aggregate(
        start_ms=stretches.start_ms.min(), end_ms=stretches.end_ms.max(), segments=stretches.begins_here.sum()
    )
    return united.mutate(amount=united.end_ms - united.start_ms)


def with_runs(timed: ir.Table, keys: list[str]) -> ir.Table:
    """Number (`run`) the maximal stretches of touching or overlapping intervals within the keys."""
    order = ["start_ms", "end_ms"]
    before = timed.end_ms.max().over(ibis.window(group_by=keys, order_by=order, preceding=(None, 1)))
    marked = timed.mutate(begins=(before.isnull() | (timed.start_ms > before)).ifelse(1, 0))
    run = marked.begins.sum().over(ibis.window(group_by=keys, order_by=order, preceding=None, following=0))
    return marked.mutate(run=run)


def _cut_at_slots(timed: ir.Table, slot: ir.Table) -> ir.Table:
    """Segments cut at the borders of the slots; each is counted in the slot in which it begins."""
    pieces = timed.left_join(
        slot, [timed.airing_id == slot.airing_id, timed.start_ms < slot.closes, timed.end_ms > slot.opens]
    )
    start = ibis.greatest(pieces.start_ms, pieces.opens.coalesce(pieces.start_ms))
    end = ibis.least(pieces.end_ms, pieces.closes.coalesce(pieces.end_ms))
    begins = (start == pieces.start_ms).ifelse(1, 0).cast("int64")
    return pieces.mutate(slot=pieces.slot.coalesce(""), start_ms=start, end_ms=end, begins_here=begins)


def _slot_of_start(stated: ir.Table, airing: ir.Table, slot: ir.Table) -> ir.Table:
    """An amount without an interval belongs to the slot in which its airing starts, or that the airing names."""
    first = slot.filter(slot.opens == 0).select("airing_id", starts_in="slot")
    rows = stated.join(airing.select("airing_id", named="slot"), "airing_id").left_join(first, "airing_id")
    return rows.mutate(slot=rows.named.nullif("").coalesce(rows.starts_in, ""))


def _with_groups(rows: ir.Table, of: Mapping[str, ir.Table]) -> ir.Table:
    """The contestant of each subject on that date, and the group it counts under in both readings of incumbents."""
    affiliation = of["affiliation"]
    dated = rows.left_join(
        affiliation,
        [rows.subject == affiliation.subject, rows.date >= affiliation.first, rows.date <= affiliation.last],
    )
    dated = dated.left_join(of["named_group"], "subject").left_join(of["format"], "format")
    own = dated.named_group.coalesce(dated.subject)
    party = dated.affiliation.coalesce(own)
    return dated.select(
        "period", "week", "date", "date_to", "outlet", "medium", "ownership", "region", "airing_id", "kind", "coded",
        "programme", "airing_format", "slot", "format", "subject", "role", "speech", "topic", "tone", "start_ms",
        "end_ms", "amount", "segments",
        unit=dated.format_unit.nullif("").coalesce(dated.outlet_unit),
        affiliation=dated.affiliation.coalesce(""),
        group_institution=(dated.role == Role.INSTITUTION.value).ifelse(own, party),
        group_party=party,
    )  # fmt: skip


@dataclass
class Coverage:
    """The coverage of one state of a store, computed once and kept in its engine."""

    mission: Mission
    fingerprint: str
    rows: ir.Table
    airings: ir.Table
    backend: "SQLBackend"
    totals: tuple[tuple[str, date, date], ...] = ()
    """Outlet, first and last day of every imported total over more than one day."""
    _lock: Lock = field(default_factory=Lock)
    _answers: dict[Any, pd.DataFrame] = field(default_factory=dict)

    def select(self, selection: Selection) -> ir.Table:
        """Rows of the selection, with the column `group` under its reading of the incumbents."""
        selection.check(self.mission)
        reading = "group_party" if selection.incumbents == Incumbents.PARTY else "group_institution"
        rows = self.rows.mutate(group=self.rows[reading])
        wanted = {
            "outlet": selection.outlets,
            "medium": selection.media,
            "format": selection.formats_in(self.mission),
            "role": selection.roles,
            "speech": selection.speech,
            "subject": selection.subjects,
        }
        # a mission without editorial formats has no editorial coverage: an empty answer, not every format
        conditions = [
            rows[column].isin([str(value) for value in values])
            for column, values in wanted.items()
            if values or column == "format"
        ]
        if selection.denominator == Denominator.PROGRAMME:
            formats = ["", *selection.formats_in(self.mission)]
            conditions += [rows.coded, rows.kind != AGGREGATE, rows.airing_format.isin(formats)]
        self._check_totals(selection)
        return rows.filter(*conditions, *_days(rows, selection))

    def _check_totals(self, selection: Selection) -> None:
        """Raises ProblemsFound where the days asked for cut through imported totals: nobody knows the part inside."""
        for outlet, first, last in self._totals_of(selection):
            inside = (not selection.start or first >= selection.start) and (not selection.end or last <= selection.end)
            outside = (selection.start and last < selection.start) or (selection.end and first > selection.end)
            if not inside and not outside:
                values = {"outlet": outlet, "first": first, "last": last}
                raise ProblemsFound([Problem("totals_cut", column="from", values=values)])

    def check_days(self, selection: Selection, by: Sequence[str]) -> None:
        """Raises ProblemsFound where totals of many days would be put under one day or week."""
        for outlet, first, last in self._totals_of(selection):
            weeks = {day - timedelta(days=day.weekday()) for day in (first, last)}
            if ("date" in by and first != last) or ("week" in by and len(weeks) > 1):
                values = {"outlet": outlet, "first": first, "last": last}
                raise ProblemsFound([Problem("totals_of_days", column="by", values=values)])

    def _totals_of(self, selection: Selection) -> Iterator[tuple[str, date, date]]:
        media = {outlet.name: outlet.medium for outlet in self.mission.outlets}
        for outlet, first, last in self.totals:
            named = not selection.outlets or outlet in selection.outlets
            if named and (not selection.media or media[outlet] in selection.media):
                yield outlet, first, last

    def select_airings(self, selection: Selection) -> ir.Table:
        """Airings of the selection (outlets, media, days)."""
        selection.check(self.mission)
        airings, conditions = self.airings, _days(self.airings, selection)
        if selection.outlets:
            conditions.append(airings.outlet.isin(selection.outlets))
        if selection.media:
            conditions.append(airings.medium.isin([str(medium) for medium in selection.media]))
        return airings.filter(*conditions) if conditions else airings

    def table(self, expression: ir.Table) -> pd.DataFrame:
        """The answer of the engine as a pandas table.

        Metrics of one page ask the same of the same state, and writing out the query costs more than running it, so
        answers are kept. One query at a time: connections are not shared in flight.
        """
        asked = expression.op()
        with self._lock:
            if asked not in self._answers:
                if len(self._answers) >= KEPT_ANSWERS:
                    self._answers.pop(next(iter(self._answers)))
                self._answers[asked] = self.backend.execute(expression)
            return self._answers[asked].copy()

    def forget(self) -> None:
        """Drop the kept answers, so that the next ones are computed again: for measuring."""
        with self._lock:
            self._answers.clear()


def _days(rows: ir.Table, selection: Selection) -> list[ir.BooleanValue]:
    conditions = []
    if selection.start:
        conditions.append(rows.date >= str(selection.start))
    if selection.end:
        conditions.append(rows.date_to <= str(selection.end))
    return conditions


_open: dict[str, Coverage] = {}
_opening = Lock()


def open_coverage(store: Store) -> Coverage:
    """The coverage of the store as it is now; computed again only when the store has changed."""
    with _opening:
        held = _open.get(store.url)
        if held is None or held.fingerprint != store.fingerprint():
            held = _open[store.url] = computed(store, store.moment())
        return held


def computed(store: Store, at: Moment) -> Coverage:
    """Everything up to one moment, also when somebody writes while it is read: the fingerprint names these rows."""
    last = {"segment": at.segment_seq, "airing": at.airing_seq}
    if store.engine.dialect.name == "postgresql":
        backend = ibis.postgres.connect(**_postgres_address(store))
        record = {name: backend.table(name).filter(ibis._.seq <= seq) for name, seq in last.items()}
    else:
        backend = _embedded()
        tables = {"segment": (schema.segment, SEGMENT_COLUMNS), "airing": (schema.airing, AIRING_COLUMNS)}
        record = {
            name: backend.create_table(name, _arrow(table, columns, current_rows(store, table, columns, last[name])))
            for name, (table, columns) in tables.items()
        }
    return _assembled(backend, record, store.mission(at), store.airings(at), at.fingerprint)


def coverage_of(mission: Mission, airings: Sequence[Airing], segments: Iterable[Segment]) -> Coverage:
    """The coverage of records that stand in no store, on the embedded engine: the same expression."""
    backend = _embedded()
    present = {"revision": 1, "retracted": False}
    given: dict[str, tuple[Table, tuple[str, ...], Iterable[Mapping[str, Any]]]] = {
        "segment": (schema.segment, SEGMENT_COLUMNS, (present | s.model_dump(mode="json") for s in segments)),
        "airing": (schema.airing, AIRING_COLUMNS, (present | a.model_dump(mode="json") for a in airings)),
    }
    record = {
        name: backend.create_table(name, _arrow(table, columns, ([row[c] for c in columns] for row in rows)))
        for name, (table, columns, rows) in given.items()
    }
    return _assembled(backend, record, mission, airings, "")


def _embedded() -> Any:
    return ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)


def _assembled(
    backend: Any, record: Mapping[str, ir.Table], mission: Mission, airings: Iterable[Airing], fingerprint: str
) -> Coverage:
    """Compute coverage and the airings beside it in the engine, and keep both there."""
    airings = tuple(airings)
    of = {name: ibis.memtable(table) for name, table in dimensions(mission, airings).items()}
    known = _kept(backend, "ev_airings", airings_expression(record, of, bool(mission.windows)))
    rows = _kept(backend, "ev_coverage", coverage_expression(record, of, known, bool(mission.slots)))
    with_segments = rows.select("airing_id").distinct().mutate(has=True)
    seen = known.left_join(with_segments, "airing_id")
    seen = seen.mutate(observed=seen.monitored.notnull() & seen.coded | seen.has.coalesce(False))
    observed = seen.select(*known.columns, "observed").rename(unit="outlet_unit")
    totals = {(a.outlet, a.date, a.date_to) for a in airings if a.kind == AiringKind.AGGREGATE and a.date != a.date_to}
    kept = _kept(backend, "ev_observed", observed)
    return Coverage(mission, fingerprint, rows, kept, backend, tuple(sorted(totals)))


def _kept(backend: Any, name: str, expression: ir.Table) -> ir.Table:
    """The answer as a temporary table of the engine, so that a page does not compute it again."""
    return backend.create_table(name, expression, temp=True, overwrite=True)


def _arrow(table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pa.Table:
    kinds = {"BIGINT": pa.int64(), "INTEGER": pa.int64(), "BOOLEAN": pa.bool_()}
    types = [kinds.get(str(table.c[name].type), pa.string()) for name in columns]
    gathered = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table({n: pa.array(c, k) for n, c, k in zip(columns, gathered, types, strict=True)})


def _postgres_address(store: Store) -> dict[str, Any]:
    url = store.engine.url
    address = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "database": url.database,
    }
    return {key: value for key, value in address.items() if value is not None} | dict(url.query)
