"""Segments under a retired name: which are left, and giving each the name that a person decides for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from coding.codebook.applying import current
from coding.mission.model import Mission
from coding.problems import Problem, ProblemsFound
from coding.segment import Segment
from coding.store import Store, records, schema
from coding.store.assignments import changed
from coding.store.codebook_changes import CodebookChange, changes_in
from coding.store.engine import reading, writing
from coding.vocabulary import CodeKind, Progress

AT_ONCE = 200
"""Segments of one transaction, so that coders who save meanwhile wait for a moment only."""


@dataclass(frozen=True)
class Recoding:
    """A retired name: what it became (names that are offered today), and how far its segments are recoded.

    `total` counts those that stood under it when it was retired; it is `left` where nobody recorded that, as in a
    mission that came as a folder.
    """

    kind: CodeKind
    name: str
    into: tuple[str, ...]
    left: int
    total: int

    @property
    def recoded(self) -> int:
        return max(0, self.total - self.left)


def recodings(store: Store) -> list[Recoding]:
    """Every retired name of the mission, those with the most to do first."""
    with reading(store.engine) as connection:
        mission, made = records.mission(connection), changes_in(connection)
        found = [
            _recoding(connection, mission, each.kind, each.name, made)
            for each in mission.retired
        ]  # fmt: skip
    return sorted(found, key=lambda each: -each.left)


def _recoding(
    connection: Connection, mission: Mission, kind: CodeKind, name: str, made: Sequence[CodebookChange]
) -> Recoding:
    left = _count(connection, kind, name)
    at = max((each.segment_seq for each in made if each.kind == kind and name in each.old), default=None)
    total = left if at is None else _count(connection, kind, name, at)
    if at is not None:  # what a merge carried over by itself was never waiting
        merge = next(each for each in reversed(made) if each.kind == kind and name in each.old)
        total -= _carried(connection, merge, name)
    return Recoding(kind, name, choices(mission, kind, name), left, max(left, total))


def _count(connection: Connection, kind: CodeKind, name: str, until: int | None = None) -> int:
    rows = records.newest(schema.segment, "segment_id", until)
    rows = rows.where(~schema.segment.c.retracted, schema.segment.c[kind] == name)
    return int(connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())


def _carried(connection: Connection, made: CodebookChange, name: str) -> int:
    """Segments that the change itself carried over from this name."""
    table, before = schema.segment.c, schema.segment.alias("before")
    own = (table.seq > made.segment_seq, table.reason == made.written, table.recorded_at == made.recorded_at)
    joined = schema.segment.join(
        before, (before.c.segment_id == table.segment_id) & (before.c.revision == table.revision - 1)
    )
    counted = select(func.count()).select_from(joined).where(*own, before.c[made.kind] == name)
    return int(connection.execute(counted).scalar_one())


def choices(mission: Mission, kind: CodeKind, name: str) -> tuple[str, ...]:
    """What a retired name became, in names that are offered today: one that was retired since gives its own."""
    retired = mission.retired_names(kind)
    found: dict[str, None] = {}
    seen, waiting = {name}, list(retired.get(name, ()))
    while waiting:
        each = waiting.pop(0)
        if each in retired and each not in seen:
            waiting = [*retired[each], *waiting]
        elif each not in retired:
            found[each] = None
        seen.add(each)
    return tuple(found)


@dataclass(frozen=True)
class Chosen:
    """Which of the segments under a retired name: those of an airing, of a coder, with a word in their text."""

    airing_id: str = ""
    coder: str = ""
    word: str = ""

    def where(self) -> list[ColumnElement[bool]]:
        """The conditions on rows of segments; none where nothing is asked for."""
        table = schema.segment.c
        asked: list[ColumnElement[bool]] = []
        if self.airing_id:
            asked.append(table.airing_id == self.airing_id)
        if self.coder:
            asked.append(table.coder == self.coder)
        if self.word:
            asked.append(table.text.icontains(self.word, autoescape=True))
        return asked


def waiting(
    store: Store, kind: CodeKind, name: str, chosen: Chosen | None = None, most: int | None = None, after: int = 0
) -> list[Segment]:
    """Segments that stand under a name, by airing and time; `most` of them behind the first `after`."""
    table = schema.segment.c
    rows = current(kind, [name]).where(*(chosen or Chosen()).where())
    rows = rows.order_by(table.airing_id, table.coder, table.start_ms, table.seq).offset(after)
    rows = rows if most is None else rows.limit(most)
    with reading(store.engine) as connection:
        return [records.segment_of(row) for row in connection.execute(rows).mappings()]


def counted(store: Store, kind: CodeKind, name: str, chosen: Chosen) -> int:
    """How many segments that is."""
    rows = current(kind, [name]).where(*chosen.where()).subquery()
    with reading(store.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(rows)).scalar_one())


def holders(store: Store, kind: CodeKind, name: str) -> tuple[list[str], list[str]]:
    """The airings and the coders that have segments under a name."""
    rows = current(kind, [name]).subquery()
    pairs = select(rows.c.airing_id, rows.c.coder).distinct()
    with reading(store.engine) as connection:
        found = connection.execute(pairs).all()
    return sorted({pair[0] for pair in found}), sorted({pair[1] for pair in found})


@dataclass(frozen=True)
class Recoded:
    """How many segments were recoded, and what stood in the way of the others."""

    stored: int
    problems: tuple[Problem, ...] = ()


def recode(store: Store, kind: CodeKind, decided: Iterable[tuple[Segment, str]], who: str, reason: str) -> Recoded:
    """Give segments, as they were read, their new names: a later revision of each, with the reason.

    What cannot be stored (it was changed since it was read, or would break a rule) is told, and the rest is stored.
    Raises ProblemsFound without a reason.
    """
    if not reason.strip():
        raise ProblemsFound([Problem("missing_value", column="reason")])
    pairs, problems, stored = list(decided), list[Problem](), 0
    for first in range(0, len(pairs), AT_ONCE):
        with writing(store.engine) as connection:
            version = records.codebook_version(connection)
            for read, name in pairs[first : first + AT_ONCE]:
                found = _recode(connection, kind, read, name, version, (who, reason.strip()))
                problems += found
                stored += not found
    return Recoded(stored, tuple(problems))


def _recode(
    connection: Connection, kind: CodeKind, read: Segment, name: str, version: int, by: tuple[str, str]
) -> list[Problem]:
    held = records.history(connection, read.segment_id)
    if not held or held[-1].retracted or held[-1].segment != read:
        return [Problem("codebook.changed_since", read.airing_id, value=read.segment_id)]
    codes = {str(kind): name, "codebook_version": version, "revision": read.revision + 1}
    later = read.model_copy(update=codes)
    try:
        records.check_one(connection, later)
    except ProblemsFound as found:
        return [Problem(p.key, read.airing_id, None, p.column, p.value, p.values) for p in found.problems]
    records.append(connection, later, *by, "revise")
    return []


def given_back(
    store: Store, pairs: Iterable[tuple[str, str]], who: str, note: str
) -> tuple[int, tuple[Mapping[str, str], ...]]:
    """Return airings to their coders, each with the note; how many, and the airings that nobody has in hand."""
    returned, nobody = 0, []
    for airing_id, coder in dict.fromkeys(pairs):
        try:
            with writing(store.engine) as connection:
                returned += changed(connection, airing_id, coder, Progress.RETURNED, who, note)
        except ProblemsFound:
            nobody.append({"airing_id": airing_id, "coder": coder})
    return returned, tuple(nobody)
