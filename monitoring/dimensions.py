"""The mission as small tables beside the record: days, windows, outlets, formats, subjects, slots."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa

from coding.mission.clock import DAY_MS, clock_of, local_time
from coding.mission.model import Airing, Mission, Subject

EVER = ("0001-01-01", "9999-12-31")


def dimensions(mission: Mission, airings: Iterable[Airing]) -> dict[str, pa.Table]:
    """One table for each part of the mission that the coverage expression joins; dates are ISO texts."""
    return {
        "day": _table(("date", "period", "week"), str, _days(mission)),
        "window": pa.table(
            {
                "outlet": pa.array([o for w in mission.windows for o in w.outlets], pa.string()),
                "first": pa.array([str(w.start) for w in mission.windows for _ in w.outlets], pa.string()),
                "last": pa.array([str(w.end) for w in mission.windows for _ in w.outlets], pa.string()),
                "opens": pa.array([w.opens for w in mission.windows for _ in w.outlets], pa.int64()),
                "closes": pa.array([w.end_clock for w in mission.windows for _ in w.outlets], pa.int64()),
            }
        ),
        "outlet": _table(
            ("outlet", "medium", "ownership", "region", "outlet_unit"),
            str,
            [(o.name, o.medium.value, o.ownership.value, o.region, o.unit.value) for o in mission.outlets],
        ),
        "format": _table(
            ("format", "format_unit"), str, [(f.name, f.unit.value if f.unit else "") for f in mission.formats]
        ),
        "affiliation": _table(("subject", "affiliation", "first", "last"), str, _affiliations(mission.subjects)),
        "named_group": _table(
            ("subject", "named_group"), str, [(name, group.name) for group in mission.groups for name in group.subjects]
        ),
        "slot": slots(mission, airings),
    }


def _table(columns: Sequence[str], kind: type, rows: Iterable[Sequence[Any]]) -> pa.Table:
    gathered = list(rows)
    return pa.table({name: pa.array([kind(row[i]) for row in gathered], pa.string()) for i, name in enumerate(columns)})


def _days(mission: Mission) -> Iterator[tuple[date, str, date]]:
    """Every day of every period, with the Monday of its week."""
    for period in mission.periods:
        for number in range((period.end - period.start).days + 1):
            day = period.start + timedelta(days=number)
            yield day, period.name, day - timedelta(days=day.weekday())


def _affiliations(subjects: Iterable[Subject]) -> Iterator[tuple[str, str, str, str]]:
    for subject in subjects:
        if subject.ballot is not None:
            yield subject.name, subject.name, *EVER
            continue
        for part in subject.affiliations:
            yield subject.name, part.contestant, str(part.start or EVER[0]), str(part.end or EVER[1])


def slots(mission: Mission, airings: Iterable[Airing]) -> pa.Table:
    """The pieces into which the borders of the slots cut each airing, in milliseconds from its start."""
    rows = [(airing.airing_id, *piece) for airing in airings for piece in slot_pieces(airing, mission)]
    names, kinds = ("airing_id", "slot", "opens", "closes"), (pa.string(), pa.string(), pa.int64(), pa.int64())
    return pa.table(
        {n: pa.array([row[i] for row in rows], k) for i, (n, k) in enumerate(zip(names, kinds, strict=True))}
    )


def slot_pieces(airing: Airing, mission: Mission) -> list[tuple[str, int, int]]:
    """Slot name, first and last millisecond (not inside) of each piece of an airing; "" is outside every slot.

    The wall clock decides, so a border in the night of a clock change is where the clock showed it.
    """
    start, end = airing.actual_start, airing.actual_end
    if not mission.slots or start is None or end is None:
        return []
    even = even_stretches(start, end, mission)
    borders = {0, *(closes - start for _, closes in even)}
    for opens, closes in even:
        # the clock runs evenly here, so a border stands where it shows the slot's time
        first = clock_of(opens, airing.date, mission.zone)
        for clock in _clocks(mission):
            moment = opens + clock - first
            if opens < moment < closes:
                borders.add(moment - start)
    pieces = [(_slot_at(airing, mission, start + a), a, b) for a, b in pairwise(sorted(borders))]
    return _merged(pieces)


def _clocks(mission: Mission) -> Iterator[int]:
    for day in range(-1, 3):
        for slot in mission.slots:
            yield slot.start_clock % DAY_MS + day * DAY_MS
            yield slot.end_clock % DAY_MS + day * DAY_MS


def even_stretches(start: int, end: int, mission: Mission) -> list[tuple[int, int]]:
    """The time between two instants, cut where the clock was changed: within each piece it runs evenly."""
    changes = [_change(start, end, mission)] if _shift(start, end, mission) else []
    return list(pairwise([start, *changes, end]))


def _shift(start: int, end: int, mission: Mission) -> timedelta:
    """By how much the clock was put forward between two instants."""
    offsets = [local_time(moment, mission.zone).utcoffset() or timedelta() for moment in (start, end)]
    return offsets[1] - offsets[0]


def _change(start: int, end: int, mission: Mission) -> int:
    """The first instant of the new time, found by halving."""
    while end - start > 1:
        middle = (start + end) // 2
        start, end = (start, middle) if _shift(start, middle, mission) else (middle, end)
    return end


def _slot_at(airing: Airing, mission: Mission, moment: int) -> str:
    """The slot in which the clock stands; 1:00 and 25:00 are one time of it, on whichever day the airing is listed."""
    clock = clock_of(moment, airing.date, mission.zone) % DAY_MS
    for slot in mission.slots:
        if any(slot.start_clock <= at < slot.end_clock for at in (clock, clock + DAY_MS)):
            return slot.name
    return ""


def _merged(pieces: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    merged: list[tuple[str, int, int]] = []
    for name, opens, closes in pieces:
        if merged and merged[-1][0] == name:
            merged[-1] = (name, merged[-1][1], closes)
        else:
            merged.append((name, opens, closes))
    return merged
