"""The files behind an airing, as rows: a recording (for one or more airings of an evening) or a page of a paper."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import func, insert, select

from coding.store import Store, audit, records, schema
from coding.store.engine import reading, writing
from coding.vocabulary import RecordingKind


@dataclass(frozen=True)
class Recording:
    """A stored file and what it holds of an airing.

    The airing begins `offset_ms` into the file (negative where the recording began late). `length_ms` is that of the
    file, its frame rate `rate_frames / rate_seconds` per second (video only); a page has its number and its printed
    size. The file lies in the recordings folder as `recording_id` with `suffix`; `name` is what it was called.
    """

    recording_id: str
    airing_id: str
    kind: RecordingKind
    name: str
    suffix: str
    sha256: str
    bytes: int
    offset_ms: int = 0
    length_ms: int | None = None
    rate_frames: int | None = None
    rate_seconds: int | None = None
    width: int | None = None
    height: int | None = None
    page: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    removed: bool = False

    @property
    def rate(self) -> Fraction | None:
        """Frames per second."""
        return Fraction(self.rate_frames, self.rate_seconds) if self.rate_frames and self.rate_seconds else None


def recordings(
    store: Store, airing_ids: Sequence[str] | None = None, recording_id: str | None = None
) -> list[Recording]:
    """How every recording now stands, without the removed ones, in the order of airing and page."""
    table = schema.recording
    newest = select(func.max(table.c.seq)).group_by(table.c.recording_id, table.c.airing_id)
    if airing_ids is not None:
        newest = newest.where(table.c.airing_id.in_(airing_ids))
    if recording_id is not None:
        newest = newest.where(table.c.recording_id == recording_id)
    rows = select(table).where(table.c.seq.in_(newest), ~table.c.removed)
    rows = rows.order_by(table.c.airing_id, table.c.page, table.c.seq)
    with reading(store.engine) as connection:
        return [_of(row) for row in connection.execute(rows).mappings()]


def _of(row: Any) -> Recording:
    values = {name: row[name] for name in Recording.__dataclass_fields__}
    return Recording(**values | {"kind": RecordingKind(row["kind"]), "removed": bool(row["removed"])})


def put_recordings(store: Store, rows: Iterable[Recording], who: str) -> None:
    """Write rows: new recordings, or later versions of known ones (moved, resized, removed), with an audit entry."""
    values = [{**asdict(row), "kind": str(row.kind)} for row in rows]
    if not values:
        return
    with writing(store.engine) as connection:
        connection.execute(insert(schema.recording), [value | records.stamp(who) for value in values])
        audit.record(connection, who, "recording", str(values[0]["recording_id"]), 0, {"rows": values})
