"""Coverage: the one table that every metric reads, computed once for a state of the store and kept in the engine.

It is the border between scale and analysis: the table stays in the engine (DuckDB beside SQLite, or PostgreSQL
itself), and a metric asks it only for its group columns. `monitoring.expression` says how it is computed,
`monitoring.engine` where; here it is opened.

Columns of coverage: period, week, date, date_to, outlet, medium, ownership, region, unit, airing_id, kind, coded,
programme, airing_format, slot, format, subject, affiliation, group_institution, group_party, role, speech, topic,
tone, start_ms, end_ms -> amount (integer of `unit`), segments.
Columns of airings: period, week, date, date_to, outlet, medium, ownership, region, unit, airing_id, kind, coded,
programme, airing_format, planned, monitored (integers of `unit`, empty where not), observed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from sqlalchemy import select

from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.segment import Segment
from coding.store import Moment, Store, schema
from coding.store.engine import reading
from monitoring.engine import COLUMNS, Engine, State, arrow
from monitoring.expression import AGGREGATE
from monitoring.selection import Denominator, Incumbents, Selection

KEPT_ANSWERS = 200
SHORTEST_WAIT, WAIT_FACTOR = 5.0, 10
"""Pages show coverage for so many seconds, and so many times what computing it took, while people save segments."""
FEW_SEGMENTS = 1000
"""As many new rows of segments are more than people saved meanwhile: an import."""


@dataclass
class Coverage:
    """The coverage of one state of a store. It answers from that state, whatever happens in the store meanwhile."""

    engine: Engine
    state: State
    as_of: datetime
    """When the store was in this state: everything saved until then is in it."""
    finished: float = 0.0
    """When it was computed, on the clock of the process, and how many seconds that took."""
    seconds: float = 0.0
    _answers: dict[Any, pd.DataFrame] = field(default_factory=dict)

    @property
    def mission(self) -> Mission:
        """The mission with its codebook of that moment."""
        return self.state.known.mission

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the store in this state."""
        return self.state.at.fingerprint

    @property
    def rows(self) -> ir.Table:
        """The table of coverage; its columns stand at the head of this module."""
        return self.state.answer.rows

    @property
    def airings(self) -> ir.Table:
        """The airings of the analysis; their columns stand at the head of this module."""
        return self.state.answer.airings

    @property
    def segments(self) -> ir.Table:
        """The segments that count in this state: the newest revisions, of one coder for each airing."""
        with self.engine.lock:
            return self.engine.segments(self.state)

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

    def has_totals(self, selection: Selection) -> bool:
        """Whether imported totals are among what was selected, of one day too: no day of theirs can be drawn again."""
        if next(self._totals_of(selection), None) is not None:
            return True
        airings = self.select_airings(selection)
        return bool(self.table(airings.filter(airings.kind == AGGREGATE).aggregate(n=ibis._.count()))["n"].iloc[0])

    def _totals_of(self, selection: Selection) -> Iterator[tuple[str, date, date]]:
        media = {outlet.name: outlet.medium for outlet in self.mission.outlets}
        for outlet, first, last in self.state.totals:
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
        answers are kept.
        """
        asked = expression.op()
        with self.engine.lock:
            if asked not in self._answers:
                if len(self._answers) >= KEPT_ANSWERS:
                    self._answers.pop(next(iter(self._answers)))
                self._answers[asked] = self.engine.backend.execute(expression)
            return self._answers[asked].copy()

    def forget(self) -> None:
        """Drop the kept answers, so that the next ones are computed again: for measuring."""
        with self.engine.lock:
            self._answers.clear()


def _days(rows: ir.Table, selection: Selection) -> list[ir.BooleanValue]:
    conditions = []
    if selection.start:
        conditions.append(rows.date >= str(selection.start))
    if selection.end:
        conditions.append(rows.date_to <= str(selection.end))
    return conditions


_open: dict[str, Coverage] = {}
_opening: dict[str, Lock] = {}


def open_coverage(store: Store) -> Coverage:
    """The coverage of the store as it is now; what has changed since the last time is computed, and no more."""
    return _opened(store, lambda _held, _at: False)


def shown_coverage(store: Store) -> Coverage:
    """The coverage for a screen: while people save segments it may be some seconds old, see `may_wait`."""
    return _opened(store, lambda held, at: may_wait(held, at, monotonic()))


def may_wait(held: Coverage, at: Moment, now: float) -> bool:
    """Whether a screen may go on showing coverage though the store has changed to `at`.

    So it may for a few seconds, where nothing but a few segments were saved or airings assigned. A changed mission, a
    changed airing or a large import shows at once: who made it looks for it. Where no row under coverage is new, as
    after an incident, there is nothing to compute and nothing to wait for.
    """
    then = held.state.at
    if then.seqs == at.seqs and then.version == at.version:
        return False
    same = (then.version, then.airing_seq) == (at.version, at.airing_seq)
    few = at.segment_seq - then.segment_seq < FEW_SEGMENTS
    return same and few and now - held.finished < max(SHORTEST_WAIT, WAIT_FACTOR * held.seconds)


def _opened(store: Store, waits: Callable[[Coverage, Moment], bool]) -> Coverage:
    with _opening.setdefault(store.url, Lock()):
        held = _open.get(store.url)
        if held is not None and held.engine.lost:
            held = None
        if held is not None and held.fingerprint == store.fingerprint():
            return held
        as_of, at = datetime.now(UTC), store.moment()
        if held is not None and not _continues(store, held.fingerprint):
            held = None
        if held is None or not waits(held, at):
            _open.pop(store.url, None)  # what fails half-way is not built upon
            held = _open[store.url] = computed(store, at, as_of, held)
        return held


def _continues(store: Store, fingerprint: str) -> bool:
    """Whether the store's history runs through a state: not where a backup took the place of its file."""
    entry = select(schema.audit.c.seq).where(schema.audit.c.hash == fingerprint)
    with reading(store.engine) as connection:
        return connection.execute(entry).first() is not None


def computed(store: Store, at: Moment, as_of: datetime, before: Coverage | None = None) -> Coverage:
    """Everything up to one moment, also when somebody writes while it is read: the fingerprint names these rows.

    Built upon an earlier coverage of the store where one is given.
    """
    begun = monotonic()
    engine = before.engine if before else _engine_of(store)
    known = before.mission if before and before.state.at.version == at.version else store.mission(at)
    later = engine.later_rows(store, at)
    with engine.lock:
        engine.append(later)
        state = engine.state(at, known, before.state if before else None)
    finished = monotonic()
    return Coverage(engine, state, as_of, finished, finished - begun)


def coverage_of(mission: Mission, airings: Sequence[Airing], segments: Iterable[Segment]) -> Coverage:
    """The coverage of records that stand in no store, on the embedded engine: the same expression."""
    engine = Engine(_embedded())
    rows = {"segment": _numbered("segment", segments), "airing": _numbered("airing", airings)}
    engine.append({name: arrow(name, given) for name, given in rows.items()})
    at = Moment("", 0, len(rows["airing"]), len(rows["segment"]), assignment_seq=0, decision_seq=0)
    return Coverage(engine, engine.state(at, mission), datetime.now(UTC))


def _numbered(name: str, records: Iterable[Segment | Airing]) -> list[list[Any]]:
    """Records as the rows that a store would hold."""
    first = {"revision": 1, "retracted": False}
    rows = [{"seq": number, **first, **record.model_dump(mode="json")} for number, record in enumerate(records, 1)]
    return [[row[column] for column in COLUMNS[name]] for row in rows]


def _engine_of(store: Store) -> Engine:
    if store.engine.dialect.name == "postgresql":
        return Engine(ibis.postgres.connect(**_postgres_address(store)), in_server=True)
    return Engine(_embedded())


def _embedded() -> Any:
    return ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)


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
