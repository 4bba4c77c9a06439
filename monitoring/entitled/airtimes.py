"""Where on the clock coverage stands: stretches with their local time, and how much of them lies in given hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coding.mission.clock import DAY_MS, clock_of
from coding.mission.model import Airing
from monitoring.dimensions import even_stretches
from monitoring.entitled.case import Case
from monitoring.expression import AGGREGATE
from monitoring.selection import Selection

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Stretch:
    """A joined stretch of coverage, `start_ms` into its airing (None where its segments carry no times).

    `clock` is its local beginning in ms since the midnight of its broadcast day; None in print, and where nobody knows.
    `even` are its pieces between changes of the clock, each with its local beginning and its length.
    """

    airing_id: str
    start_ms: int | None
    group: str
    unit: str
    amount: int
    segments: int
    clock: int | None
    aggregate: bool
    even: tuple[tuple[int, int], ...] = ()

    def inside(self, opens: int | None, closes: int | None) -> int:
        """How much of it lies between two clocks, half-open; all of it where there are none, or no clock is known.

        Hours of a night go on above 24:00; a stretch after midnight counts in them on either day's clock.
        """
        if opens is None or closes is None or self.clock is None:
            return self.amount
        if self.start_ms is None:
            return self.amount if opens <= self.clock < closes or opens <= self.clock + DAY_MS < closes else 0
        return sum(_inside(clock, length, opens, closes) for clock, length in self.even)


def _inside(clock: int, length: int, opens: int, closes: int) -> int:
    """How much of a length that begins at a clock lies between two clocks, on either day's."""
    starts = (clock - DAY_MS, clock, clock + DAY_MS)
    return min(length, sum(max(0, min(s + length, closes) - max(s, opens)) for s in starts))


def stretches(case: Case, selection: Selection) -> list[Stretch]:
    """Every stretch of the selection."""
    rows = case.coverage.select(selection)
    columns = ("airing_id", "group", "unit", "amount", "segments", "start_ms", "kind")
    found = case.coverage.table(rows.select(*columns).order_by(["airing_id", "start_ms", "group", "amount"]))
    return [_stretch(case, {str(name): value for name, value in row.items()}) for row in found.to_dict("records")]


def _stretch(case: Case, row: Mapping[str, Any]) -> Stretch:
    airing, begun = case.airings[str(row["airing_id"])], row["start_ms"]
    start_ms = None if pd.isna(begun) else int(begun)
    start = _start(airing)
    even = () if start is None or start_ms is None else _even(case, airing, start + start_ms, int(row["amount"]))
    return Stretch(
        str(row["airing_id"]), start_ms, str(row["group"]), str(row["unit"]), int(row["amount"]),
        int(row["segments"]), clock=_clock(case, airing, start_ms or 0), aggregate=row["kind"] == AGGREGATE, even=even,
    )  # fmt: skip


def _even(case: Case, airing: Airing, begun: int, length: int) -> tuple[tuple[int, int], ...]:
    pieces = even_stretches(begun, begun + length, case.mission)
    return tuple((clock_of(opens, airing.date, case.mission.zone), closes - opens) for opens, closes in pieces)


def _start(airing: Airing) -> int | None:
    return airing.actual_start if airing.actual_start is not None else airing.planned_start


def _clock(case: Case, airing: Airing, begun: int) -> int | None:
    start = _start(airing)
    return None if start is None else clock_of(start + begun, airing.date, case.mission.zone)
