"""Where coders of one airing disagree, passage by passage, and how far that is decided.

Two coders disagree on a passage where only one of them found it, or where they differ in its subject, role, speech,
tone, format or topic. They also do where it begins or ends more than five seconds apart (in print: where one measured
over a tenth more than the other); where that is all, the passage stands last and need not be decided. What is compared
is each coder's own word, as it was before the airing's first decision. Airings that somebody still codes are left out.

A decision holds for its segments. A passage is decided where each of its segments is under a decision that was not
taken back, and what was written to such a segment afterwards came from another decision: the desk refuses it else.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, exists, func, select

from coding.segment import Segment
from coding.store import Moment, Store, records, schema
from coding.store.assignments import OPEN
from coding.store.decisions import Decision, Reopening, decisions, newest_of, reopenings
from coding.store.engine import reading
from coding.vocabulary import PRACTICE

if TYPE_CHECKING:
    import pandas as pd

CODES = ("subject", "role", "speech", "tone", "format", "topic")
FOUND, BOUNDS = "found", "bounds"
NEAR_MS = 5_000
"""Coders stop a recording within a few seconds of each other; what lies further apart is another judgement."""
NEAR_SHARE = 0.1
"""In print: by how much of the larger one two measured amounts may differ."""


@dataclass(frozen=True)
class Piece:
    """A coder's own segment of a passage: row `seq` of the store, under the names that its codes have now."""

    segment_id: str
    seq: int
    start_ms: int | None
    end_ms: int | None
    page: int | None
    box: str
    amount: int
    subject: str
    role: str
    speech: str
    tone: str
    format: str
    topic: str


@dataclass(frozen=True)
class Word:
    """What one coder said of a passage; where `found` is False, that there is nothing (and the codes are empty)."""

    coder: str
    found: bool
    pieces: tuple[Piece, ...]
    start_ms: int | None = None
    end_ms: int | None = None
    page: int | None = None
    amount: int = 0
    subject: str = ""
    role: str = ""
    speech: str = ""
    tone: str = ""
    format: str = ""
    topic: str = ""

    def told(self) -> dict[str, Any]:
        """As it is kept with a decision."""
        return asdict(self) | {"pieces": [asdict(piece) for piece in self.pieces]}


@dataclass(frozen=True)
class Disagreement:
    """A passage on which coders differ: what each said, in what they differ, and the newest decision about it.

    `until` is the last row of a segment that the store held when it was read.
    """

    airing_id: str
    words: tuple[Word, ...]
    differs: tuple[str, ...]
    until: int
    last: Decision | None = None
    open: bool = True
    asked: tuple[Reopening, ...] = ()

    @property
    def key(self) -> frozenset[str]:
        """The segments that it is about."""
        return frozenset(piece.segment_id for word in self.words for piece in word.pieces)

    @property
    def name(self) -> str:
        """A short name of the passage."""
        return hashlib.sha256("\n".join(sorted(self.key)).encode()).hexdigest()[:12]

    @property
    def minor(self) -> bool:
        """Whether nothing but its borders differ."""
        return self.differs == (BOUNDS,)

    @property
    def place(self) -> tuple[int, int, str]:
        """Where it stands in the airing: page, beginning, and a name that keeps the order."""
        found = [word for word in self.words if word.found]
        return min(word.page or 0 for word in found), min(word.start_ms or 0 for word in found), self.name

    def word_by(self, coder: str) -> Word | None:
        """What a coder said; None for somebody who did not code the airing."""
        return next((word for word in self.words if word.coder == coder), None)


@dataclass(frozen=True)
class OpenAiring:
    """An airing that was coded twice, and how far its disagreements are decided (those in borders alone apart)."""

    airing_id: str
    coders: tuple[str, ...]
    disagreements: int
    decided: int
    minor: int
    asked: int

    @property
    def left(self) -> int:
        """How many are still to be decided."""
        return self.disagreements - self.decided


def open_airings(store: Store) -> list[OpenAiring]:
    """Every airing coded twice: those that somebody asks to reopen first, then those with most left to decide."""
    found, wishes = _found(store), defaultdict(list)
    made = defaultdict(list)
    for each in decisions(store):
        made[each.airing_id].append(each)
    for wish in reopenings(store):
        wishes[wish.airing_id].append(wish)
    told = [
        _counted(airing_id, coders, _decided(passages, made[airing_id], wishes[airing_id]))
        for airing_id, (coders, passages) in found.items()
    ]
    return sorted(told, key=lambda each: (-each.asked, -each.left, each.airing_id))


def _counted(airing_id: str, coders: tuple[str, ...], passages: Sequence[Disagreement]) -> OpenAiring:
    weighty = [each for each in passages if not each.minor]
    return OpenAiring(
        airing_id,
        coders,
        len(weighty),
        sum(not each.open for each in weighty),
        len(passages) - len(weighty),
        sum(bool(each.asked) for each in passages),
    )


def disagreements(store: Store, airing_id: str) -> list[Disagreement]:
    """Those of one airing: as they come in it, those in borders alone last; none where somebody still codes it."""
    _, passages = _found(store).get(airing_id, ((), ()))
    made = decisions(store, [airing_id])
    return _decided(passages, made, reopenings(store, [airing_id]))


def _decided(
    passages: Iterable[Disagreement], made: Sequence[Decision], wishes: Sequence[Reopening]
) -> list[Disagreement]:
    """The same passages with the newest decision on each, and who asks that it be taken again."""
    newest, order = newest_of(made), {each.decision_id: number for number, each in enumerate(made)}
    told = []
    for each in passages:
        held = [newest[segment_id] for segment_id in each.key if segment_id in newest]
        last = max(held, key=lambda decision: order[decision.decision_id], default=None)
        in_force = len(held) == len(each.key) and all(decision.holds for decision in held)
        asked = [wish for wish in wishes if in_force and last and wish.decision_id == last.decision_id]
        told.append(replace(each, last=last, open=not in_force, asked=tuple(asked)))
    return told


def own_segments(store: Store, passage: Disagreement) -> dict[str, Segment]:
    """The coders' own segments of a passage as they recorded them, with text and note, by id."""
    with reading(store.engine) as connection:
        return own_rows(connection, passage)


def own_rows(connection: Connection, passage: Disagreement) -> dict[str, Segment]:
    """The same inside a transaction."""
    seqs = [piece.seq for word in passage.words for piece in word.pieces]
    rows = connection.execute(select(schema.segment).where(schema.segment.c.seq.in_(seqs))).mappings()
    return {row["segment_id"]: records.segment_of(row) for row in rows}


# what was read, kept as long as it stays right

Found = Mapping[str, tuple[tuple[str, ...], tuple[Disagreement, ...]]]
"""The coders of each airing and their disagreements, without decisions."""
_kept: dict[str, tuple[tuple[Any, ...], Found]] = {}
_reading = Lock()


def _found(store: Store) -> Found:
    """The disagreements of the store; read again only when something happened that they depend on.

    A decision is not such a thing: with the first one the own words of an airing stand for good.
    """
    with _reading:
        with reading(store.engine) as connection:
            state, at = _state(connection), records.moment(connection)
        if store.url not in _kept or _kept[store.url][0] != state:
            _kept[store.url] = state, _read(store, at)
        return _kept[store.url][1]


def _state(connection: Connection) -> tuple[Any, ...]:
    """What disagreements depend on: codebook, airings, assignments, and segments of airings ready to be decided.

    Coders who save all day in airings that are not finished change nothing here; of decided ones the words stand.
    """
    segment, decision = schema.segment.c, schema.decision.c
    after = exists().where(decision.airing_id == segment.airing_id, decision.segment_seq < segment.seq)
    ready = segment.airing_id.not_in(_still_coded()) & ~after
    last_row = select(segment.seq).where(ready).order_by(segment.seq.desc()).limit(1)
    tables = (schema.airing, schema.assignment, schema.codebook_change)
    origin = select(schema.audit.c.hash).order_by(schema.audit.c.seq).limit(1)
    last = [connection.execute(select(func.max(table.c.seq))).scalar() for table in tables]
    beside = [connection.execute(rows).scalar() for rows in (last_row, origin)]
    return (*last, *beside, records.codebook_version(connection))


def _still_coded() -> Select[Any]:
    """Airings that somebody still codes: what they will say is not known yet."""
    table = schema.assignment
    newest = select(func.max(table.c.seq)).group_by(table.c.airing_id, table.c.coder)
    still = table.c.progress.in_([str(each) for each in OPEN]) & table.c.purpose.not_in(
        [str(each) for each in PRACTICE]
    )
    return select(table.c.airing_id).where(table.c.seq.in_(newest), still)


def _read(store: Store, at: Moment) -> Found:
    from coding.double_coding.codings import double_codings
    from coding.double_coding.passages import passages

    codings = double_codings(store, at)
    with reading(store.engine) as connection:
        busy = set(connection.execute(_still_coded()).scalars())
    coders: dict[str, tuple[str, ...]] = {
        str(airing_id): tuple(sorted(its["coder"]))
        for airing_id, its in codings.airings.groupby("airing_id", observed=True)
        if airing_id not in busy
    }
    pieces = {piece.segment_id: piece for piece in _pieces(codings.segments)}
    told: dict[str, list[Disagreement]] = defaultdict(list)
    for airing_id, words in _words(passages(codings), pieces):
        differs = _differs(words)
        if differs and airing_id in coders:
            told[airing_id].append(Disagreement(airing_id, words, differs, at.segment_seq))
    return {
        airing_id: (names, tuple(sorted(told[airing_id], key=lambda each: (each.minor, each.place))))
        for airing_id, names in coders.items()
    }


def _pieces(segments: "pd.DataFrame") -> Iterator[Piece]:
    for row in _rows(segments, tuple(Piece.__dataclass_fields__)):
        yield Piece(**row)


def _words(table: "pd.DataFrame", pieces: Mapping[str, Piece]) -> Iterator[tuple[str, tuple[Word, ...]]]:
    """Airing and words of each passage."""
    plain = ("found", "start_ms", "end_ms", "page", "amount", *CODES)
    gathered: dict[int, tuple[str, list[Word]]] = {}
    for row in _rows(table, ("passage", "airing_id", "coder", "segments", *plain)):
        values = {name: row[name] for name in plain} if row["found"] else {"found": False}
        own = sorted(
            (pieces[each] for each in row["segments"]), key=lambda piece: (piece.page or 0, piece.start_ms or 0)
        )
        gathered.setdefault(row["passage"], (row["airing_id"], []))[1].append(
            Word(row["coder"], pieces=tuple(own), **values)
        )
    for airing_id, words in gathered.values():
        yield airing_id, tuple(words)


def _rows(table: "pd.DataFrame", columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows as plain Python values, None for what is missing."""
    import pandas as pd

    lists = [table[name].tolist() for name in columns]
    for values in zip(*lists, strict=True):
        plain = [None if not isinstance(value, tuple | str) and pd.isna(value) else value for value in values]
        yield dict(zip(columns, plain, strict=True))


def _differs(words: Sequence[Word]) -> tuple[str, ...]:
    """In what the coders of a passage differ."""
    found = [word for word in words if word.found]
    differs = [FOUND] if len(found) < len(words) else []
    differs += [name for name in CODES if len({getattr(word, name) for word in found}) > 1]
    return (*differs, *([BOUNDS] if _far(found) else []))


def _far(found: Sequence[Word]) -> bool:
    """Whether the borders of a passage differ by more than a hand's slowness."""
    if all(word.start_ms is not None for word in found):
        return any(
            max(getattr(word, side) for word in found) - min(getattr(word, side) for word in found) > NEAR_MS
            for side in ("start_ms", "end_ms")
        )
    amounts = [word.amount for word in found]
    return max(amounts) - min(amounts) > NEAR_SHARE * max(amounts)
