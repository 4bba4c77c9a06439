"""What a store holds after the faults, against what the coders were told."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select, text

from coding.segment import Segment
from coding.store import Store, audit, records, schema
from coding.store.engine import reading

WRITES = ("add", "revise", "retract", "restore")


@dataclass(frozen=True)
class Acknowledged:
    """A revision that a client was told is stored."""

    segment: Segment
    retracted: bool


@dataclass(frozen=True)
class Tally:
    """`lost`: acknowledged but not in the store as it was sent. `duplicated`: rows or audit entries beyond one each."""

    acknowledged: int
    lost: int
    duplicated: int
    rows: int
    holes: int
    chain_whole: bool
    file_whole: bool

    @property
    def clean(self) -> bool:
        return self.chain_whole and self.file_whole and not (self.lost or self.duplicated or self.holes)


def tally(store: Store, person: str, told: Iterable[Acknowledged]) -> Tally:
    """Hold every row of a person against what was acknowledged; nothing else may be there."""
    expected = {(each.segment.segment_id, each.segment.revision): each for each in told}
    with reading(store.engine) as connection:
        rows = connection.execute(select(schema.segment).where(schema.segment.c.recorded_by == person)).mappings().all()
        entries = connection.execute(select(schema.audit).order_by(schema.audit.c.seq)).mappings().all()
        file_whole = connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    held = [records.revision_of(row) for row in rows]
    found = {(each.segment.segment_id, each.revision): each for each in held}
    written = Counter((e["record"], e["revision"]) for e in entries if e["who"] == person and e["action"] in WRITES)
    lost = sum(1 for key, each in expected.items() if key not in found or not _same(found[key], each))
    surplus = len(held) - len(expected.keys() & found.keys())
    surplus += sum(count - 1 for count in written.values()) + len(written.keys() - found.keys())
    return Tally(len(expected), lost, surplus, len(held), _holes(found), chain_whole(entries), file_whole)


Coded = tuple[int | None, int | None, str, str]
"""Start, end, subject and tone: by these a test knows a segment whose id the browser made."""


def desk_tally(store: Store, person: str, expected: Iterable[Coded]) -> Tally:
    """The same where keys were pressed: each expected segment stands in the store once, unrevised, and nothing else."""
    with reading(store.engine) as connection:
        rows = connection.execute(select(schema.segment).where(schema.segment.c.recorded_by == person)).mappings().all()
    held = [records.revision_of(row) for row in rows]
    found = Counter(coded_of(each.segment) for each in held if each.revision == 1)
    wanted = Counter(expected)
    whole = tally(store, person, [Acknowledged(each.segment, each.retracted) for each in held])
    lost, surplus = (wanted - found).total(), (found - wanted).total() + whole.duplicated
    return replace(whole, acknowledged=wanted.total(), lost=lost, duplicated=surplus)


def coded_of(segment: Segment) -> Coded:
    """What was pressed for a segment."""
    return segment.start_ms, segment.end_ms, segment.subject, segment.tone


def _same(held: records.Revision, told: Acknowledged) -> bool:
    return held.segment == told.segment and held.retracted == told.retracted


def _holes(found: Iterable[tuple[str, int]]) -> int:
    numbers: dict[str, list[int]] = defaultdict(list)
    for segment_id, revision in found:
        numbers[segment_id].append(revision)
    return sum(1 for each in numbers.values() if sorted(each) != list(range(1, len(each) + 1)))


def chain_whole(entries: Iterable[object]) -> bool:
    """Whether each entry carries its own hash and that of the one before."""
    before = audit.START
    for entry in entries:
        if entry["previous"] != before or entry["hash"] != audit.entry_hash(entry):  # type: ignore[index,arg-type]
            return False
        before = entry["hash"]  # type: ignore[index]
    return True
