"""What codebook versions did to names, as records; and under which name something that was recorded is known now."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select

from coding.store import Moment, Revision, Store, schema
from coding.store.engine import reading
from coding.vocabulary import CodeKind, matching_key


class Change(StrEnum):
    """What happened to a name: another one, several into one, one into several, or one that had not been there."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    NEW = "new"


CARRIED = (Change.RENAME, Change.MERGE)
"""Changes that say of every old name what it is called now; a split leaves that to people."""


@dataclass(frozen=True)
class CodebookChange:
    """One change of names that came with a codebook version; rows of segments up to `segment_seq` are older."""

    version: int
    kind: CodeKind
    change: Change
    old: tuple[str, ...]
    new: tuple[str, ...]
    segment_seq: int
    reason: str = ""
    recorded_at: str = ""
    recorded_by: str = ""

    @property
    def written(self) -> str:
        """The change in one line that needs no language: the reason of the revisions that carried it out."""
        arrow = f"{', '.join(self.old)} → {', '.join(self.new)}" if self.old else f"+ {', '.join(self.new)}"
        return f"codebook {self.version}: {arrow}"

    def carried_out(self, revision: Revision) -> bool:
        """Whether a revision only carried a segment over to its new name, with this change."""
        own = (revision.recorded_at, revision.recorded_by) == (self.recorded_at, self.recorded_by)
        return own and revision.reason == self.written and not revision.retracted


def changes(store: Store, at: Moment | None = None) -> list[CodebookChange]:
    """Every change (up to a moment), the oldest first."""
    with reading(store.engine) as connection:
        return changes_in(connection, at.version if at else None)


def changes_in(connection: Connection, version: int | None = None) -> list[CodebookChange]:
    """The same inside a transaction, up to a version."""
    table = schema.codebook_change
    rows = select(table).order_by(table.c.seq)
    rows = rows if version is None else rows.where(table.c.version <= version)
    return [_change(row) for row in connection.execute(rows).mappings()]


def _change(row: Any) -> CodebookChange:
    names: dict[str, Any] = {side: tuple(json.loads(row[side])) for side in ("old", "new")}
    plain = {name: row[name] for name in ("version", "segment_seq", "reason", "recorded_at", "recorded_by")}
    return CodebookChange(**names, **plain, kind=CodeKind(row["kind"]), change=Change(row["change"]))


def last_segment_seq(connection: Connection) -> int:
    """The last row of a segment that is written now."""
    return int(connection.execute(select(func.coalesce(func.max(schema.segment.c.seq), 0))).scalar_one())


def write_change(connection: Connection, made: CodebookChange) -> None:
    """Keep a change, inside the transaction that writes its codebook version and its audit entry."""
    names = {side: json.dumps(getattr(made, side), ensure_ascii=False) for side in ("old", "new")}
    kinds = {"kind": str(made.kind), "change": str(made.change)}
    connection.execute(insert(schema.codebook_change).values(**vars(made) | names | kinds))


class PresentNames:
    """Under which name something that was recorded earlier is known now."""

    def __init__(self, made: Iterable[CodebookChange] = ()) -> None:
        self._carried: dict[str, list[CodebookChange]] = {}
        for each in made:
            if each.change in CARRIED:
                self._carried.setdefault(each.kind, []).append(each)
        self.carried = frozenset(
            (each.recorded_at, each.recorded_by) for held in self._carried.values() for each in held
        )
        """When and by whom segments were carried over: what such a revision says is nobody's new judgement."""

    def now(self, kind: str, name: str, seq: int) -> str:
        """The present name of what a row of segments `seq` calls `name`: renames and merges made after it, in order.

        A name that was given away and came back for something else is told apart by the row; a split leaves the name.
        """
        for each in self._carried.get(kind, ()):
            if seq <= each.segment_seq and name in each.old:
                name = each.new[0]
        return name

    def now_of(self, kind: str, name: str, recorded_at: str) -> str:
        """The same of what was written at an instant (UTC, as the store writes it) into another table."""
        for each in self._carried.get(kind, ()):
            if recorded_at <= each.recorded_at and name in each.old:
                name = each.new[0]
        return name

    def since_version(self, kind: str, name: str, version: int) -> str:
        """The present name of what a codebook version called `name`: as a desk does that was opened with it."""
        for each in self._carried.get(kind, ()):
            if version < each.version and name in each.old:
                name = each.new[0]
        return name

    def since(self, kind: str, name: str, known: Collection[str]) -> str:
        """The present name of what somebody still calls `name`; the name itself where it is one of today's (`known`).

        For what comes without a date, as a file does. The name is followed from the last change that took it away.
        """
        carried = [] if name in known else self._carried.get(kind, [])
        taken = max((place for place, each in enumerate(carried) if name in each.old), default=len(carried))
        for each in carried[taken:]:
            if name in each.old:
                name = each.new[0]
        return name

    def first(self, kind: str, name: str, written: str) -> str:
        """What the name of today was called before all renames: an imported row keeps its identity by that.

        Of names that were merged the one that the file has `written` is taken, as the import before the merge did.
        """
        for each in reversed(self._carried.get(kind, ())):
            if name == each.new[0]:
                own = next((old for old in each.old if matching_key(old) == matching_key(written)), None)
                name = own or (each.old[0] if each.change == Change.RENAME else name)
        return name


def present_names(store: Store, at: Moment | None = None) -> PresentNames:
    """Names as they are now, or were at a moment."""
    return PresentNames(changes(store, at))
