"""Segments of one coder that a merge of subjects would lay over each other."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from coding.segment import CODES
from coding.store import records, schema

READ = ("segment_id", "airing_id", "coder", "subject", "start_ms", "end_ms", *CODES)


@dataclass(frozen=True)
class Meeting:
    """A segment that stays under its old name, and the seconds in which another one of its coder says other codes."""

    segment_id: str
    airing_id: str
    coder: str
    name: str
    other: str
    start_ms: int
    end_ms: int


def meetings(connection: Connection, old: Sequence[str], target: str) -> tuple[tuple[Meeting, ...], int]:
    """What cannot be carried over to `target`, and how many pairs share seconds with the same codes (and count once).

    One subject carries one set of codes over the same seconds: of two that meet, those under an old name stay.
    """
    table = schema.segment.c
    rows = records.newest(schema.segment, "segment_id").where(~table.retracted, table.start_ms.is_not(None))
    rows = rows.where(table.subject.in_([*old, target])).with_only_columns(*(table[name] for name in READ))
    runs: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in connection.execute(rows).all():
        runs[row.airing_id, row.coder].append(row)
    met: dict[str, Meeting] = {}
    shared = 0
    for run in runs.values():
        if len({row.subject for row in run}) > 1:
            shared += _meet(run, target, met)
    return tuple(met.values()), shared


def _meet(run: list[Any], target: str, met: dict[str, Meeting]) -> int:
    """Adds what meets in one airing of one coder to `met`; how many pairs have the same codes."""
    shared = 0
    run.sort(key=lambda row: (row.start_ms, row.end_ms))
    still_on: list[Any] = []
    for row in run:
        still_on = [earlier for earlier in still_on if earlier.end_ms > row.start_ms]
        for earlier in still_on:
            if earlier.subject == row.subject:
                continue
            if all(getattr(earlier, name) == getattr(row, name) for name in CODES):
                shared += 1
                continue
            span = (max(earlier.start_ms, row.start_ms), min(earlier.end_ms, row.end_ms))
            for one, other in ((earlier, row), (row, earlier)):
                if one.subject != target:
                    found = Meeting(one.segment_id, one.airing_id, one.coder, one.subject, other.subject, *span)
                    met.setdefault(one.segment_id, found)
        still_on.append(row)
    return shared
