"""What a finding is: a sentence's numbers, each a row of a result with the way to its segments."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitoring.selection import Selection

Picked = tuple[tuple[str, str], ...]
"""Columns of coverage and their values: what leads from a row to its segments."""


@dataclass(frozen=True)
class Row:
    """One row of a metric's result on which a sentence rests.

    `part` says what the row does in the sentence, `picked` and `selection` find the segments behind it. `value`, `low`
    and `high` are the metric's own; `amount` and `total_amount` are integers of `unit`. Without an interval `low` and
    `high` are None.
    """

    part: str
    metric: str
    selection: Selection
    picked: Picked
    value: float
    low: float | None
    high: float | None
    amount: int
    total_amount: int
    unit: str
    segments: int
    airings: int

    def of(self, column: str) -> str:
        """The row's value of a column; empty where it has no such column."""
        return dict(self.picked).get(column, "")

    @property
    def width(self) -> float | None:
        """How wide the interval is; None where there is none."""
        return None if self.low is None or self.high is None else self.high - self.low


@dataclass(frozen=True)
class Finding:
    """A statement that the evidence carries.

    `kind` is the name of its kind; `place` says where it holds (columns and values), `rows` holds every number of its
    sentence; `untold` the groups of the place of which no number can be told; `outlets` those that a place of several
    holds; `strength` is a word for the size of a difference (weak, moderate, strong) where the finding is one; `facts`
    is what a sentence needs besides its rows.
    """

    kind: str
    place: Picked
    selection: Selection
    rows: tuple[Row, ...]
    untold: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    strength: str = ""
    facts: tuple[tuple[str, object], ...] = field(default=(), compare=False)

    @property
    def key(self) -> str:
        """A stable identifier: the kind and the place, the same for the same question on any day."""
        return ":".join([self.kind, *(f"{column}={value}" for column, value in self.place)])

    def part(self, *names: str) -> tuple[Row, ...]:
        """The rows that do one of these things in the sentence, in their order."""
        return tuple(row for row in self.rows if row.part in names)


@dataclass(frozen=True)
class Unmade:
    """A place for which no sentence is made, and why: a reason of the catalogue (`sentence.finding.reason`)."""

    kind: str
    place: Picked
    reason: str


@dataclass(frozen=True)
class Found:
    """What a kind found in a selection: the findings, and the places without one."""

    made: tuple[Finding, ...] = ()
    unmade: tuple[Unmade, ...] = ()


def together(parts: Sequence[Found]) -> Found:
    """Several answers as one, in their order."""
    return Found(tuple(one for part in parts for one in part.made), tuple(one for part in parts for one in part.unmade))
