"""Decisions between the coders of one airing, and coders' wishes to have one taken again: append-only rows.

The newest decision on a segment holds; one that was taken back leaves its segments as open as they were before. Of a
wish the newest row of a decision and a coder tells how it stands.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from coding.problems import Problem, ProblemsFound
from coding.store import Moment, Store, audit, current_rows, records, schema
from coding.store.engine import reading, writing

NOTHING, CODES, TAKEN_BACK = "nothing", "codes", "taken_back"
KEPT = "coder:"
"""An outcome is one of the three, or this with the name of the coder whose word holds."""
_LISTS, _TEXTS = ("segments", "said"), ("decision_id", "airing_id", "coder", "outcome", "reason")


@dataclass(frozen=True)
class Decision:
    """What holds where coders of one airing said different things.

    `coder` is the one in whose coding it stands. `segments` are those it is about: of every coder, and those it added.
    `said` has what each coder said then (`coder`, `found`, the codes), `codes` what holds from now on (empty: nothing).
    `segment_seq` is the last row of a segment written before it.
    """

    decision_id: str
    airing_id: str
    coder: str
    segments: tuple[str, ...]
    said: tuple[Mapping[str, Any], ...]
    outcome: str
    codes: Mapping[str, Any]
    segment_seq: int
    reason: str = ""
    recorded_at: str = ""
    recorded_by: str = ""

    @property
    def kept(self) -> str:
        """The coder whose word holds; empty where it is nobody's."""
        return self.outcome.removeprefix(KEPT) if self.outcome.startswith(KEPT) else ""

    @property
    def holds(self) -> bool:
        """Whether it is in force: one that was taken back is not."""
        return self.outcome != TAKEN_BACK

    def said_by(self, coder: str) -> Mapping[str, Any] | None:
        """What a coder said there; None for somebody who did not code the airing."""
        return next((each for each in self.said if each["coder"] == coder), None)


@dataclass(frozen=True)
class Reopening:
    """A coder asks that a decision be taken again, and says why."""

    decision_id: str
    airing_id: str
    coder: str
    note: str
    withdrawn: bool = False
    recorded_at: str = ""
    recorded_by: str = ""


def word_of(coder: str) -> str:
    """The outcome by which a coder's own word holds."""
    return KEPT + coder


# decisions


def decisions(store: Store, airing_ids: Iterable[str] | None = None, at: Moment | None = None) -> list[Decision]:
    """Every decision (of these airings, where named; up to a moment), the oldest first."""
    wanted = None if airing_ids is None else set(airing_ids)
    rows = select(schema.decision).order_by(schema.decision.c.seq)
    if wanted is not None and len(wanted) <= records.NAMED_AT_ONCE:
        rows = rows.where(schema.decision.c.airing_id.in_(wanted))
    if at is not None:
        rows = rows.where(schema.decision.c.seq <= at.decision_seq)
    with reading(store.engine) as connection:
        found = [decision_of(row) for row in connection.execute(rows).mappings()]
    return [each for each in found if wanted is None or each.airing_id in wanted]


def decisions_in(connection: Connection, airing_id: str) -> list[Decision]:
    """Those of one airing, the oldest first, inside a transaction."""
    rows = select(schema.decision).where(schema.decision.c.airing_id == airing_id).order_by(schema.decision.c.seq)
    return [decision_of(row) for row in connection.execute(rows).mappings()]


def decision_by_id(connection: Connection, decision_id: str) -> Decision | None:
    """One decision; None where there is none."""
    rows = select(schema.decision).where(schema.decision.c.decision_id == decision_id)
    row = connection.execute(rows).mappings().first()
    return None if row is None else decision_of(row)


def decision_of(row: Any) -> Decision:
    """The decision of a row."""
    values: dict[str, Any] = {name: row[name] for name in (*_TEXTS, "segment_seq", "recorded_at", "recorded_by")}
    values |= {name: tuple(json.loads(row[name])) for name in _LISTS}
    return Decision(**values, codes=json.loads(row["codes"]))


def first_decisions(store: Store, at: Moment | None = None) -> dict[str, int]:
    """For each airing on which something was decided, the last row of segments that was written before."""
    first: dict[str, int] = {}
    columns = ("airing_id", "segment_seq")
    for airing_id, seq in current_rows(store, schema.decision, columns, at.decision_seq if at else None):
        first[airing_id] = min(seq, first.get(airing_id, seq))
    return first


def parties(store: Store, at: Moment) -> dict[str, set[str]]:
    """For each airing on which something was decided, the coders between whom it was decided first."""
    first: dict[str, str] = {}
    for airing_id, said in current_rows(store, schema.decision, ("airing_id", "said"), at.decision_seq):
        first.setdefault(airing_id, said)
    return {airing_id: {word["coder"] for word in json.loads(said)} for airing_id, said in first.items()}


def newest_of(made: Iterable[Decision]) -> dict[str, Decision]:
    """The newest decision about each segment, also one that was taken back; `made` has the oldest first."""
    return {segment_id: each for each in made for segment_id in each.segments}


def deciding(connection: Connection, airing_id: str, segment_id: str) -> Decision | None:
    """The decision under which a segment stands now; None for one that is open."""
    held = newest_of(decisions_in(connection, airing_id)).get(segment_id)
    return held if held is not None and held.holds else None


def append_decision(connection: Connection, made: Decision, who: str) -> Decision:
    """Write a decision with its audit entry, inside the transaction that writes its revisions."""
    values = {name: getattr(made, name) for name in (*_TEXTS, "segment_seq")}
    values |= {name: _written(getattr(made, name)) for name in (*_LISTS, "codes")}
    stamp = records.stamp(who)
    connection.execute(insert(schema.decision), {**values, **stamp})
    audit.record(connection, who, "decide", made.decision_id, 0, values)
    return Decision(**{**vars(made), **stamp})


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


# wishes


def reopenings(store: Store, airing_ids: Sequence[str] | None = None, coder: str | None = None) -> list[Reopening]:
    """The wishes that were not withdrawn, the oldest first; of these airings or this coder, where named."""
    rows = _standing()
    if airing_ids is not None and len(airing_ids) <= records.NAMED_AT_ONCE:
        rows = rows.where(schema.reopening.c.airing_id.in_(airing_ids))
    if coder is not None:
        rows = rows.where(schema.reopening.c.coder == coder)
    with reading(store.engine) as connection:
        found = [_reopening(row) for row in connection.execute(rows).mappings()]
    return [each for each in found if not each.withdrawn and (airing_ids is None or each.airing_id in airing_ids)]


def _standing() -> Select[Any]:
    table = schema.reopening
    newest = select(func.max(table.c.seq)).group_by(table.c.decision_id, table.c.coder)
    return select(table).where(table.c.seq.in_(newest)).order_by(table.c.seq)


def _reopening(row: Any) -> Reopening:
    values = {name: row[name] for name in Reopening.__dataclass_fields__}
    return Reopening(**values | {"withdrawn": bool(row["withdrawn"])})


def ask_again(store: Store, decision_id: str, coder: str, note: str) -> bool:
    """A coder asks that a decision on the own coding be taken again; False where the same was asked already.

    Raises ProblemsFound without a note, for a decision about other people's coding, and for one that is no longer in
    force: then there is nothing to take again.
    """
    with writing(store.engine) as connection:
        held = decision_by_id(connection, decision_id)
        if held is None or held.said_by(coder) is None:
            raise ProblemsFound([Problem("decision.not_yours", value=decision_id)])
        if not note.strip():
            raise ProblemsFound([Problem("decision.needs_note")])
        newest = newest_of(decisions_in(connection, held.airing_id))
        if any(newest[segment_id].decision_id != decision_id for segment_id in held.segments) or not held.holds:
            raise ProblemsFound([Problem("decision.superseded")])
        return _put(connection, Reopening(decision_id, held.airing_id, coder, note.strip()))


def withdraw(store: Store, decision_id: str, coder: str) -> bool:
    """A coder no longer asks; False where there is no such wish."""
    with writing(store.engine) as connection:
        held = _wish(connection, decision_id, coder)
        if held is None or held.withdrawn:
            return False
        return _put(connection, Reopening(decision_id, held.airing_id, coder, held.note, withdrawn=True))


def _wish(connection: Connection, decision_id: str, coder: str) -> Reopening | None:
    table = schema.reopening.c
    rows = _standing().where(table.decision_id == decision_id, table.coder == coder)
    row = connection.execute(rows).mappings().first()
    return None if row is None else _reopening(row)


def _put(connection: Connection, wanted: Reopening) -> bool:
    held = _wish(connection, wanted.decision_id, wanted.coder)
    if held is not None and (held.note, held.withdrawn) == (wanted.note, wanted.withdrawn):
        return False
    values = {name: getattr(wanted, name) for name in ("decision_id", "airing_id", "coder", "note", "withdrawn")}
    connection.execute(insert(schema.reopening), {**values, **records.stamp(wanted.coder)})
    audit.record(connection, wanted.coder, audit.REOPENING, wanted.decision_id, 0, values)
    return True
