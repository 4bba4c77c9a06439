"""Every airing of the analysis with what is known of it: planned, monitored, coded, coded twice, or missing and why.

Imported totals hold no airings and are left out. Amounts are integers in the unit of the outlet; all formats of an
airing count, since what is planned and monitored is the whole airing.
"""

from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pandas as pd

from coding.vocabulary import PRACTICE, Progress
from monitoring.coverage import Coverage
from monitoring.expression import AGGREGATE, newest
from monitoring.result import as_keys
from monitoring.selection import OF_AIRING, Selection

AIRING = (*OF_AIRING, "unit", "airing_format")
"""What names an airing; `airing_format` is its own, empty for one that holds several (an issue of a paper)."""
COLUMNS = (
    *AIRING, "planned", "monitored", "coded", "double_coded", "segments", "covered", "reason", "missing",
)  # fmt: skip
AMOUNTS = ("planned", "monitored", "coded", "double_coded")


class Reason(StrEnum):
    """Why an airing is not in the results, or not whole; empty for one that is."""

    WHOLE = ""
    AHEAD = "ahead"
    NOT_MONITORED = "not_monitored"
    NOT_CODED = "not_coded"
    BEING_CODED = "being_coded"


MISSING = (Reason.NOT_MONITORED, Reason.NOT_CODED, Reason.BEING_CODED)


def airings_of(coverage: Coverage, selection: Selection) -> pd.DataFrame:
    """One row for each airing of the selection's days, outlets and media, in the order of day, outlet and id.

    Columns COLUMNS. `planned` is what was planned, or monitored where no plan is known; `monitored`, `coded` (of an
    airing coded to its end) and `double_coded` (of which two codings are finished) are empty where it was not so.
    `segments` are those that count, `covered` their amount in the outlet's unit. `reason` is a Reason, and `missing`
    what nobody has coded yet: nothing of a coded airing, what was monitored less what is covered of one being coded,
    what was monitored or else planned of the others; empty where no length is known. An airing of a later day than
    the record is not missing yet.
    """
    rows = coverage.select_airings(selection)
    rows = rows.filter(rows.kind != AGGREGATE)
    asked = rows.select(*AIRING, "planned", "monitored", is_coded="coded")
    held = coverage.table(_held(coverage, rows))
    found = as_keys(coverage.table(asked), AIRING).merge(as_keys(held, ["airing_id"]), on="airing_id", how="left")
    found = found.astype(dict.fromkeys(("planned", "monitored", "segments", "covered"), "Int64"))
    found = found.fillna({"segments": 0, "covered": 0})
    twice = set(coverage.table(_twice(coverage))["airing_id"]) if len(found) else set[str]()
    return _judged(found, twice, str(coverage.as_of.astimezone(coverage.mission.zone).date()))


def _judged(found: pd.DataFrame, twice: set[str], day: str) -> pd.DataFrame:
    monitored, done = found["monitored"], found["is_coded"].astype(bool)
    none = pd.array([pd.NA] * len(found), dtype="Int64")
    known = found.assign(
        planned=found["planned"].fillna(monitored),
        coded=monitored.where(done, none),
        double_coded=monitored.where(found["airing_id"].isin(twice), none),
        reason=_reasons(found, done, day),
    )
    left = (monitored - known["covered"]).clip(lower=0)
    missing = monitored.fillna(known["planned"]).where(known["reason"] != Reason.BEING_CODED, left)
    known = known.assign(missing=missing.where(known["reason"].isin(MISSING), 0))
    return known.sort_values(["date", "outlet", "airing_id"], ignore_index=True)[list(COLUMNS)]


def _reasons(found: pd.DataFrame, done: pd.Series, day: str) -> pd.Series:
    begun = found["segments"] > 0
    reasons = pd.Series(str(Reason.NOT_CODED), index=found.index, dtype="object")
    reasons = reasons.mask(begun, str(Reason.BEING_CODED)).mask(found["monitored"].isna(), str(Reason.NOT_MONITORED))
    reasons = reasons.mask((found["date"] > day) & ~begun, str(Reason.AHEAD))
    return reasons.mask(done & found["monitored"].notna(), str(Reason.WHOLE))


def _held(coverage: Coverage, airings: ir.Table) -> ir.Table:
    """For each airing with segments that count: their number, and their amount in the outlet's unit."""
    rows = coverage.rows.inner_join(airings.select("airing_id", own_unit="unit"), "airing_id")
    own = (rows.unit == rows.own_unit).ifelse(rows.amount, 0)
    return rows.group_by("airing_id").aggregate(segments=rows.segments.sum(), covered=own.sum().cast("int64"))


def _twice(coverage: Coverage) -> ir.Table:
    """Airings of which at least two codings are finished, by the rule of `coding.double_coding.codings`.

    A coding is finished when its assignment is done (never one of training or a test), or, without any assignment,
    where segments of it stand and the airing is coded to its end.
    """
    raw = {name: coverage.engine.rows(name, coverage.state.at) for name in ("segment", "assignment")}
    pair = ["airing_id", "coder"]
    given = raw["assignment"]
    last = given.mutate(last=given.seq.max().over(group_by=pair)).filter(lambda t: t.seq == t.last)
    practised = last.purpose.isin([purpose.value for purpose in PRACTICE])
    assigned = last.filter((last.progress == Progress.DONE.value) & ~practised).select(pair)
    coded = coverage.airings.filter(coverage.airings.coded)
    free = newest(raw["segment"], "segment_id").filter(lambda t: t.airing_id.isin(coded.airing_id))
    free = free.select(pair).distinct().anti_join(last.select(pair), pair)
    same = dict.fromkeys(pair, "string")  # a server tells columns that are never empty apart from others
    finished = assigned.cast(same).union(free.cast(same), distinct=True)
    counted = finished.group_by("airing_id").aggregate(codings=ibis._.count())
    return counted.filter(counted.codings > 1).select("airing_id")
