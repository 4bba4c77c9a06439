"""All findings of a selection, and the table of them that is written to files."""

from collections.abc import Iterator, Sequence

import pandas as pd

from monitoring.findings import KINDS
from monitoring.findings.finding import Finding, Found, Row, together
from monitoring.findings.material import Material
from monitoring.findings.telling import sentence
from monitoring.words import Words

TABLE = (
    "kind", "key", "sentence", "strength", "part", "metric", "place", "value", "low", "high", "amount", "total_amount",
    "unit", "segments", "airings", "selection", "fingerprint",
)  # fmt: skip
"""Columns of the table: a row for each number of each sentence. Amounts are integers of `unit`."""


def findings(material: Material, kinds: Sequence[str] = ()) -> Found:
    """What the selection carries, of some kinds or all of them, in their order.

    None is made where the selection shows only some subjects: nobody leads, or is treated worst of, a part of a field.
    """
    if material.selection.subjects:
        return Found()
    asked = [kind for kind in KINDS if not kinds or kind.name in kinds]
    return together([kind.find(material) for kind in asked])


def table(found: Found, words: Words, fingerprint: str) -> pd.DataFrame:
    """Out: TABLE, a row for each number behind each sentence; `place` and `selection` as text, column=value."""
    rows = [
        {
            "kind": finding.kind,
            "key": finding.key,
            "sentence": sentence(finding, words),
            "strength": finding.strength,
            **_numbers(row),
            "fingerprint": fingerprint,
        }
        for finding, row in _rows(found)
    ]
    whole = dict.fromkeys(("amount", "total_amount", "segments", "airings"), "int64")
    numbers = dict.fromkeys(("value", "low", "high"), "float64")  # also where no row of the table has an interval
    return pd.DataFrame(rows, columns=list(TABLE)).astype(whole | numbers)


def _rows(found: Found) -> Iterator[tuple[Finding, Row]]:
    return ((finding, row) for finding in found.made for row in finding.rows)


def _numbers(row: Row) -> dict[str, object]:
    set_ = {key: value for key, value in vars(row.selection).items() if value not in ((), None)}
    return {
        "part": row.part, "metric": row.metric, "place": "; ".join(f"{name}={value}" for name, value in row.picked),
        "value": row.value, "low": row.low, "high": row.high, "amount": row.amount, "total_amount": row.total_amount,
        "unit": row.unit, "segments": row.segments, "airings": row.airings,
        "selection": "; ".join(f"{name}={_listed(value)}" for name, value in set_.items()),
    }  # fmt: skip


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def as_text(found: Found, words: Words) -> str:
    """Every sentence as it can be quoted alone, one a line."""
    return "\n".join(sentence(finding, words) for finding in found.made) + "\n" * bool(found.made)
