"""The one shape of every judgement: who, where, how much, what was allowed or due, what is left, and why.

A judgement is made only on what was monitored. Where that cannot carry one, the verdict says so (`not judged`,
`not monitored`) and `reason` says why; nothing that was not monitored is ever counted as nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

import pandas as pd

from coding.incident import Incident
from monitoring.selection import Selection


class Verdict(StrEnum):
    """What may be said of one row."""

    OVER = "over"
    UNDER = "under"
    WITHIN = "within"
    NOT_JUDGED = "not judged"
    NOT_MONITORED = "not monitored"


BREACHES = (Verdict.OVER, Verdict.UNDER)
UNKNOWN = (Verdict.NOT_JUDGED, Verdict.NOT_MONITORED)


@dataclass(frozen=True)
class Judged:
    """One row. Amounts are integers of `unit`, None where nothing is known; `value` and limits are fractions.

    `value` is used / granted for an entitlement, the share among contestants for equality, the share of all subjects
    for a ceiling, amount / mean of the contestants for paid slots, and the number of segments for silence. `due` is
    what `value` is held against, between `low_limit` and `high_limit`. `limit_amount` is the same as an amount: what
    is granted, due or allowed. `left` is what is still due, or still allowed; `over` what is beyond it. `slot` "" is
    the whole day. `refused` is what incidents say was refused, `outside` what was given at other hours. `planned` and
    `monitored` are the outlet's airings of that time, in `material_unit`, which is the outlet's own.
    """

    rule: str
    kind: str
    outlet: str
    unit: str
    period: str = ""
    slot: str = ""
    time: str = ""
    group: str = ""
    value: float | None = None
    due: float | None = None
    low_limit: float | None = None
    high_limit: float | None = None
    amount: int | None = None
    total_amount: int | None = None
    limit_amount: int | None = None
    left: int | None = None
    over: int | None = None
    refused: int | None = None
    outside: int | None = None
    median_clock: int | None = None
    effective_number: float | None = None
    planned: int | None = None
    monitored: int | None = None
    material_unit: str = ""
    segments: int = 0
    verdict: Verdict = Verdict.WITHIN
    reason: str = ""
    source: str = ""
    selection: Selection | None = field(default=None, compare=False)
    picked: Mapping[str, str] = field(default_factory=dict, compare=False)


BEHIND = ("selection", "picked")
COLUMNS = tuple(each.name for each in fields(Judged) if each.name not in BEHIND)
_WHOLE = (
    "amount", "total_amount", "limit_amount", "left", "over", "refused", "outside", "median_clock", "planned",
    "monitored", "segments",
)  # fmt: skip
_FRACTIONS = ("value", "due", "low_limit", "high_limit", "effective_number")


def table(rows: Iterable[Judged]) -> pd.DataFrame:
    """The rows as a table with COLUMNS; amounts are integers that may be empty, never rounded through a float."""
    gathered = [[getattr(row, name) for name in COLUMNS] for row in rows]
    found = pd.DataFrame(gathered, columns=list(COLUMNS), dtype="object")
    kinds = dict.fromkeys(_WHOLE, "Int64") | dict.fromkeys(_FRACTIONS, "float64")
    texts = {name: "str" for name in COLUMNS if name not in kinds}
    return found.astype(kinds | texts)


@dataclass(frozen=True)
class Ruling:
    """A rule, or what is granted on one outlet in one format, with its rows and the incidents that bear on it."""

    name: str
    kind: str
    source: str
    rows: tuple[Judged, ...]
    incidents: tuple[Incident, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    """What a sentence about it needs besides its rows, such as what is granted to each."""

    def having(self, *verdicts: Verdict) -> tuple[Judged, ...]:
        """The rows of these verdicts."""
        return tuple(row for row in self.rows if row.verdict in verdicts)


def beyond(amount: float, limit: float) -> tuple[int, int]:
    """What is left to a limit and what is over it, both as whole amounts of which one at least is 0.

    >>> beyond(90, 100), beyond(120, 100)
    ((10, 0), (0, 20))
    """
    gap = round(limit - amount)
    return max(gap, 0), max(-gap, 0)
