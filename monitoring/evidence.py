"""From a bar back to its segments: those whose time or space makes up one cell of a result.

Coverage holds joined stretches without ids. The segments behind them are found again in the engine, by the same
steps that made coverage: newest revision, one coder for an airing, same subject and codes, overlapping seconds.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from coding.segment import Segment
from coding.store import Store, records
from coding.store.engine import reading
from monitoring.coverage import Coverage
from monitoring.expression import CODES
from monitoring.selection import Selection

AT_MOST = 500
"""Rows that a screen shows."""

SHOWN = (
    "start_ms",
    "end_ms",
    "page",
    "subject",
    "role",
    "speech",
    "tone",
    "format",
    "topic",
    "amount",
    "text",
    "coder",
)
STRETCH = "stretch"
"""A joined stretch of coverage as a column that can be picked: its airing and where it begins, as `stretch_key` has it.
"""
COLUMNS = ("segment_id", "outlet", "date", "programme", "airing_id", *SHOWN, "unit")


def at_hand(coverage: Coverage, selection: Selection) -> tuple[int, int]:
    """How many airings of the selection were observed, and how many of its segments stand in coverage."""
    airings = coverage.select_airings(selection)
    observed = coverage.table(airings.filter(airings.observed).aggregate(number=ibis._.count()))
    segments = coverage.table(coverage.select(selection).aggregate(number=ibis._.segments.sum().fill_null(0)))
    return int(observed["number"].iloc[0]), int(segments["number"].iloc[0])


def stretch_key(airing_id: str, start_ms: int | None) -> str:
    """A stretch in one text."""
    return f"{airing_id} {'' if start_ms is None else start_ms}"


def behind(coverage: Coverage, selection: Selection, picked: Mapping[str, Any]) -> ir.Table:
    """The query: segment_id, revision, outlet, date, programme, airing_id, start_ms, unit of every segment of the cell.

    `picked` names columns of coverage (or `group`, under the selection's reading, or STRETCH) and their values; a
    tuple for several.
    """
    rows = coverage.select(selection)
    if STRETCH in picked:
        rows = rows.mutate(stretch=rows.airing_id + " " + rows.start_ms.cast("string").fill_null(""))
    for column, value in picked.items():
        rows = rows.filter(rows[column].isin(value) if isinstance(value, tuple) else rows[column] == value)
    keys = ["airing_id", "subject", *CODES]
    rows = rows.select(*keys, "outlet", "date", "programme", "unit", opens="start_ms", closes="end_ms").distinct()
    segment = coverage.segments
    same = [segment[key] == rows[key] for key in keys]
    overlapping = (segment.start_ms < rows.closes) & (segment.end_ms > rows.opens)
    both_untimed = segment.start_ms.isnull() & rows.opens.isnull()
    found = segment.join(rows, [*same, overlapping | both_untimed])
    columns = ("segment_id", "revision", "outlet", "date", "programme", "airing_id", "start_ms", "unit")
    return found.select(columns).distinct()


def number_behind(coverage: Coverage, selection: Selection, picked: Mapping[str, Any]) -> int:
    """How many segments stand behind the cell."""
    counted = behind(coverage, selection, picked).aggregate(segments=ibis._.count())
    return int(coverage.table(counted)["segments"].iloc[0])


def segments_behind(
    coverage: Coverage, store: Store, selection: Selection, picked: Mapping[str, Any], at_most: int = AT_MOST
) -> pd.DataFrame:
    """The segments behind a cell in the order of the record (outlet, date, airing, start), `at_most` of them.

    Out: COLUMNS; `amount` is an integer of `unit`, start and end milliseconds in the airing (empty in print).
    """
    order = ["outlet", "date", "airing_id", "start_ms", "segment_id"]
    found = coverage.table(behind(coverage, selection, picked).order_by(order).limit(at_most))
    held = _revisions(store, list(found["segment_id"]))
    return as_listed(found, [held[key] for key in zip(found["segment_id"], found["revision"], strict=True)])


def as_listed(found: pd.DataFrame, segments: Sequence[Segment]) -> pd.DataFrame:
    """What `behind` found, each row with what its segment holds: COLUMNS."""
    rows = [
        {**place, **{name: getattr(segment, name) for name in SHOWN}}
        for place, segment in zip(found.drop(columns="start_ms").to_dict("records"), segments, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _revisions(store: Store, segment_ids: Sequence[str]) -> dict[tuple[str, int], Segment]:
    """Every revision of some segments: coverage may be older than what the store now holds as the newest."""
    with reading(store.engine) as connection:
        rows = connection.execute(records.revisions(segment_ids)).mappings().all()
    return {(row["segment_id"], row["revision"]): records.segment_of(row) for row in rows}
