"""The random draws of a mission as they stand on record, and what was coded of them blind to suggestions.

A draw is read from the audit entry that was written with it: its whole pool, its random half, its instant. The
uncertain half is no random sample: its airings count as not drawn.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from coding.counted_coders import counted_coders, decided_codings, holders
from coding.segment import FIELDS, Segment
from coding.store import Moment, Store, current_rows, schema
from coding.store.codebook_changes import PresentNames, present_names
from coding.store.engine import reading
from coding.store.suggestions import all_told
from coding.suggestions.labels import blind, first_shown
from coding.suggestions.queue import ACTION

COMPLETE = 0.95
"""As much of a random half must be coded to the end before anything is concluded from it."""
NAMES = ("subject", "tone", "format", "topic")
Row = dict[str, Any]


@dataclass(frozen=True)
class PastDraw:
    """A draw of the queue: its pool and the airings of its random half, each drawn with the same probability."""

    round: int
    pool: tuple[str, ...]
    random: tuple[str, ...]


@dataclass(frozen=True)
class BlindCoding:
    """What was coded of some airings, as it was said before any suggestion was seen about it.

    `finished` are the airings whose coding is done. `seen` counts, by airing, the segments without such a word; `first`
    holds the instant at which the first segment of an airing was recorded, by whomever.
    """

    segments: Mapping[str, tuple[Segment, ...]]
    finished: frozenset[str]
    seen: Mapping[str, int]
    first: Mapping[str, str]

    @property
    def usable(self) -> frozenset[str]:
        """The finished airings of which every segment was coded blind."""
        return frozenset(name for name in self.finished if not self.seen.get(name))

    def complete(self, draw: PastDraw) -> bool:
        """Whether enough of a random half is coded to the end."""
        return bool(draw.random) and len(self.finished & set(draw.random)) >= COMPLETE * len(draw.random)

    def before(self, draw: PastDraw, instant: str) -> bool:
        """Whether a model made at this instant knew nothing of the coding of a random half."""
        begun = [self.first[name] for name in draw.random if name in self.first]
        return all(instant < first for first in begun)


def past_draws(store: Store) -> tuple[PastDraw, ...]:
    """Every draw that was handed out, the oldest first."""
    rows = select(schema.audit.c.detail).where(schema.audit.c.action == ACTION).order_by(schema.audit.c.seq)
    with reading(store.engine) as connection:
        told = [json.loads(detail) for detail in connection.execute(rows).scalars()]
    return tuple(PastDraw(int(each["round"]), tuple(each["pool"]), tuple(each["random"])) for each in told)


def blind_coding(store: Store, airing_ids: Collection[str], at: Moment) -> BlindCoding:
    """The blind coding of these airings at a moment: of each the coder that counts, under present names."""
    wanted, present = frozenset(airing_ids), present_names(store, at)
    shown, rows = first_shown(all_told(store)), list(_rows(store, wanted, at))
    found: dict[str, list[Segment]] = defaultdict(list)
    seen = Counter[str]()
    for revisions in _counted(store, rows, at):
        label, airing_id = blind(revisions, shown.get(revisions[-1]["segment_id"])), revisions[-1]["airing_id"]
        if label is None:
            seen[airing_id] += 1
        else:
            found[airing_id].append(_segment(present, label))
    first: dict[str, str] = {}
    for row in rows:
        first[row["airing_id"]] = min(row["recorded_at"], first.get(row["airing_id"], row["recorded_at"]))
    finished = frozenset(each.airing_id for each in store.airings(at) if each.coded and each.airing_id in wanted)
    return BlindCoding({name: tuple(its) for name, its in found.items()}, finished, seen, first)


def _rows(store: Store, wanted: Collection[str], at: Moment) -> Iterator[Row]:
    columns = ("seq", "recorded_at", "retracted", *FIELDS)
    for values in current_rows(store, schema.segment, columns, at.segment_seq):
        row = dict(zip(columns, values, strict=True))
        if row["airing_id"] in wanted:
            yield row


def _counted(store: Store, rows: Iterable[Row], at: Moment) -> Iterator[list[Row]]:
    """The revisions of every segment that stands and counts, the oldest first."""
    revisions: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        revisions[row["segment_id"]].append(row)
    standing = [sorted(its, key=lambda row: row["revision"]) for its in revisions.values()]
    standing = [its for its in standing if not its[-1]["retracted"]]
    stored: dict[tuple[str, str], int] = {}
    for its in standing:
        pair, first = (its[-1]["airing_id"], its[-1]["coder"]), min(row["seq"] for row in its)
        stored[pair] = min(first, stored.get(pair, first))
    coders = counted_coders(stored, holders(store, at), decided_codings(store, at))
    return (its for its in standing if coders.get(its[-1]["airing_id"]) == its[-1]["coder"])


def _segment(present: PresentNames, row: Row) -> Segment:
    named = {kind: present.now(kind, row[kind], row["seq"]) for kind in NAMES if row[kind]}
    return Segment.model_validate({name: row[name] for name in FIELDS} | named)


def named(airing_ids: Sequence[str], most: int = 5) -> str:
    """The first of these airings, and how many more there are, for a sentence."""
    more = len(airing_ids) - most
    return ", ".join(airing_ids[:most]) + (f" … (+{more})" if more > 0 else "")
