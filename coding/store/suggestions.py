"""What models said of segments, and to whom it was shown: rows beside the record, which no result ever reads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from coding.store import Store, audit, schema
from coding.store.engine import reading, writing
from coding.store.records import NAMED_AT_ONCE

_LISTS = ("points", "probabilities", "labels")


@dataclass(frozen=True)
class Told:
    """What a model said of a segment, whether or not the coder was let see it.

    `revision` is the one that the coder had saved when the model was asked; 0 is before the first code. `points` are
    the points of the scale, in its order, and `probabilities` stand in the same order (empty where there are none).
    `labels` are what the model proposes (one, or two adjacent ones); where it proposes nothing, `silent` says why.
    `withheld` segments were drawn at random to go without a suggestion; `shown` says that the coder saw this one.
    `tone_before` is the coder's own tone when it was told, empty before the first code. `text_sha` is the SHA-256 of
    the text that the model read; the text itself stands in the segment or in the subtitles.
    """

    segment_id: str
    airing_id: str
    coder: str
    subject: str
    revision: int
    text_sha: str
    language: str
    points: tuple[str, ...]
    probabilities: tuple[float, ...]
    labels: tuple[str, ...]
    silent: str
    model: str
    withheld: bool
    shown: bool
    tone_before: str = ""
    recorded_at: str = ""


def record_told(store: Store, told: Told) -> Told:
    """Keep what was told; returns what is kept.

    A model is heard once on a segment, a revision of it and a subject: a second call returns the first answer, so that
    nobody can ask until the answer suits.
    """
    with writing(store.engine) as connection:
        return recorded(connection, told)


def recorded(connection: Connection, told: Told) -> Told:
    """The same inside a writing transaction."""
    table = schema.suggestion.c
    same = (
        table.segment_id == told.segment_id,
        table.revision == told.revision,
        table.model == told.model,
        table.subject == told.subject,
    )
    held = connection.execute(select(schema.suggestion).where(*same)).mappings().first()
    if held is not None:
        return told_row(held)
    kept = replace(told, recorded_at=audit.now())
    values = {**vars(kept), **{name: json.dumps(getattr(kept, name), ensure_ascii=False) for name in _LISTS}}
    connection.execute(insert(schema.suggestion), values)
    audit.record(connection, told.coder, audit.SUGGESTED, told.segment_id, told.revision, values)
    return kept


def told_row(row: Any) -> Told:
    """What was told, from its row."""
    values = {name: row[name] for name in Told.__dataclass_fields__}
    lists = {name: tuple(json.loads(row[name])) for name in _LISTS}
    flags = {name: bool(row[name]) for name in ("withheld", "shown")}
    return Told(**values | lists | flags)


def told_of(store: Store, airing_id: str | None = None, segment_ids: Sequence[str] | None = None) -> list[Told]:
    """What was told of the segments of an airing, or of these segments (a few hundred at most), the oldest first."""
    with reading(store.engine) as connection:
        return told_in(connection, airing_id, segment_ids)


def told_in(
    connection: Connection, airing_id: str | None = None, segment_ids: Sequence[str] | None = None
) -> list[Told]:
    """The same inside a transaction."""
    table = schema.suggestion
    rows = _in_order()
    if airing_id is not None:
        rows = rows.where(table.c.airing_id == airing_id)
    if segment_ids is not None and len(segment_ids) <= NAMED_AT_ONCE:
        rows = rows.where(table.c.segment_id.in_(segment_ids))
    wanted = None if segment_ids is None else set(segment_ids)
    found = map(told_row, connection.execute(rows).mappings())
    return [told for told in found if wanted is None or told.segment_id in wanted]


def all_told(store: Store) -> list[Told]:
    """Everything that was ever told, the oldest first."""
    return told_of(store)


def _in_order() -> Select[Any]:
    return select(schema.suggestion).order_by(schema.suggestion.c.seq)
