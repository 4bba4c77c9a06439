"""A ban of a silence period: any coverage of contestants whose seconds fall between two local times.

Value: the number of segments found. `amount` is the contestants' time inside the silence, cut at its ends, overlapping
segments of one subject with the same codes joined, and `monitored` what was monitored inside it; what is counted in
other units stands in a row of its own. An office-holder in office counts only where the rule reads incumbents as party.
A newspaper is out from the beginning of its day: an issue counts where the midnight before it lies inside. `left` is
nothing by definition, `over` is the amount found.

    outlet  period                              monitored   value  amount  verdict
    KTK     2007-08-17 00:00..2007-08-18 20:00    7200000       1   30000  over
    TV A    2007-08-17 00:00..2007-08-18 20:00    7200000       0       0  within
    TV B    2007-08-17 00:00..2007-08-18 20:00          0                  not monitored

A silence often lies outside the periods of a mission, where coverage holds nothing. So every airing on record that was
on air in that time is looked at, inside the periods and windows or not, and of its segments those that count (one
coder for an airing, the newest revisions). Where there is no such airing, nothing can be said but what incidents tell:
those of kind `silence` in that time stand beside.

Source: the electoral law that the mission names in the rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from coding.incident import Incident
from coding.mission.model import Airing, Outlet, Subject
from coding.mission.rules import Silence
from coding.vocabulary import AiringKind, IncidentKind, Role, Unit
from monitoring.entitled.case import Case, belonging
from monitoring.entitled.judged import Judged, Ruling, Verdict
from monitoring.expression import CODES, counted_segments, newest
from monitoring.selection import Incumbents

KIND = "silence"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Found:
    """A segment inside the silence: who it is about and how much of it lies inside."""

    segment_id: str
    revision: int
    airing: Airing
    contestant: str
    codes: tuple[str, ...]
    opens: int | None
    closes: int | None
    amount: int
    unit: str
    placed: bool = True
    """Whether it is known to lie inside; not of a segment without a time in an airing on the border of the silence."""


def rulings(case: Case) -> list[Ruling]:
    """The silence rules of the mission; `facts["found"]` are the segments inside, in the order of the record."""
    return [_ruling(case, rule) for rule in case.mission.rules if isinstance(rule, Silence)]


def _ruling(case: Case, rule: Silence) -> Ruling:
    airings = _on_air(case, rule)
    every = list(_found(case, rule, airings))
    found = [each for each in every if each.placed]
    vague = {each.airing.outlet for each in every if not each.placed}
    rows = [
        row
        for outlet in case.outlets(rule)
        for row in _outlet(case, rule, outlet, airings, found, outlet.name in vague)
    ]
    days = {day for each in case.mission.periods for day in (each.start, each.end)}
    outside = rule.closes.date() > max(days) or rule.opens.date() < min(days)
    facts = {"opens": rule.opens, "closes": rule.closes, "outside": outside, "found": tuple(found)}
    return Ruling(rule.name, KIND, rule.source, tuple(rows), _incidents(case, rule), facts)


def _incidents(case: Case, rule: Silence) -> tuple[Incident, ...]:
    """What the log says of breaches on the days of the silence."""
    return tuple(
        each for each in case.incidents
        if each.kind == IncidentKind.SILENCE and each.start <= rule.closes.date() and each.last >= rule.opens.date()
        and (not rule.outlets or each.outlet in ("", *rule.outlets))
    )  # fmt: skip


def _span(case: Case, rule: Silence) -> tuple[int, int]:
    """The silence as instants in ms of UTC since 1970."""
    ends = (moment.replace(tzinfo=case.mission.zone) for moment in (rule.opens, rule.closes))
    opens, closes = ((end - EPOCH) // timedelta(milliseconds=1) for end in ends)
    return opens, closes


def _on_air(case: Case, rule: Silence) -> dict[str, Airing]:
    """The airings that were monitored and on air (or out) in the silence, by id."""
    opens, closes = _span(case, rule)
    midnight = datetime.min.time()
    return {
        airing.airing_id: airing
        for airing in case.airings.values()
        if airing.kind != AiringKind.AGGREGATE and airing.monitored is not None
        and (
            airing.actual_start < closes and (airing.actual_end or 0) > opens
            if airing.actual_start is not None
            else rule.opens <= datetime.combine(airing.date, midnight) < rule.closes
        )
    }  # fmt: skip


def _found(case: Case, rule: Silence, airings: Mapping[str, Airing]) -> Iterator[Found]:
    """The segments of contestants inside the silence."""
    opens, closes = _span(case, rule)
    subjects = {subject.name: subject for subject in case.mission.subjects}
    units = {
        (outlet.name, form.name): str(form.unit or outlet.unit)
        for outlet in case.mission.outlets for form in case.mission.formats
    }  # fmt: skip
    for row in _segments(case, airings):
        airing = airings[row["airing_id"]]
        contestant = _contestant(case, rule, subjects[row["subject"]], row["role"], airing.date)
        if contestant and (not rule.formats or row["format"] in rule.formats):
            part = _inside(row, airing, opens, closes)
            if part is not None:
                yield Found(
                    row["segment_id"], int(row["revision"]), airing, contestant,
                    (row["subject"], *(str(row[name]) for name in CODES)), *part[:3], placed=part[3],
                    unit=units[airing.outlet, row["format"]] if part[0] is None else str(Unit.MS),
                )  # fmt: skip


def _segments(case: Case, airings: Mapping[str, Airing]) -> list[dict[str, Any]]:
    """The segments of these airings that count, by the rule that coverage has."""
    if not airings:
        return []
    engine, at = case.coverage.engine, case.coverage.state.at
    record = {name: engine.rows(name, at) for name in ("segment", "assignment", "decision")}
    airing = newest(engine.rows("airing", at), "airing_id")
    counted = counted_segments(record, airing.filter(airing.airing_id.isin(sorted(airings))))
    columns = ("segment_id", "revision", "airing_id", "subject", *CODES, "start_ms", "end_ms", "amount")
    found = case.coverage.table(counted.select(*columns).order_by(["airing_id", "start_ms", "segment_id"]))
    return [dict(zip(columns, row, strict=True)) for row in found.astype("object").itertuples(index=False)]


def _contestant(case: Case, rule: Silence, subject: Subject, role: str, day: date) -> str:
    """The contestant under which a segment counts on a day, as coverage has it; empty where it counts under none."""
    if role == Role.INSTITUTION and Incumbents(rule.incumbents) == Incumbents.INSTITUTION:
        in_set = any(subject.name in group.subjects for group in case.mission.groups)
        return subject.name if subject.ballot is not None and not in_set else ""
    return belonging(subject, day)


def _inside(
    row: Mapping[str, Any], airing: Airing, opens: int, closes: int
) -> tuple[int | None, int | None, int, bool] | None:
    """Beginning and end inside the silence, in ms of the airing, the amount, and whether its place is known.

    None where none of it lies inside.
    """
    begun, start = row["start_ms"], airing.actual_start
    if pd.isna(begun) or start is None:
        within = start is None or (start >= opens and (airing.actual_end or 0) <= closes)
        return None, None, int(row["amount"]), within
    first, last = max(int(begun), opens - start), min(int(row["end_ms"]), closes - start)
    return (first, last, last - first, True) if last > first else None


def _outlet(
    case: Case, rule: Silence, outlet: Outlet, airings: Mapping[str, Airing], found: Sequence[Found], vague: bool
) -> Iterator[Judged]:
    """One row for each contestant (and unit) that was found; one row for the outlet where none was."""
    seen = [airing for airing in airings.values() if airing.outlet == outlet.name]
    own = [each for each in found if each.airing.outlet == outlet.name]
    about = Judged(
        rule.name, KIND, outlet.name, str(outlet.unit), source=rule.source,
        period=f"{rule.opens:%Y-%m-%d %H:%M}..{rule.closes:%Y-%m-%d %H:%M}",
        monitored=sum(_monitored(case, rule, airing) for airing in seen), material_unit=str(outlet.unit),
    )  # fmt: skip
    if not seen:
        yield replace(about, verdict=Verdict.NOT_MONITORED, reason="silence")
        return
    if not own:
        reason = "unplaced" if vague else "" if all(airing.coded for airing in seen) else "uncoded"
        verdict = Verdict.NOT_JUDGED if reason else Verdict.WITHIN
        yield replace(about, value=0.0, amount=0, left=0, over=0, verdict=verdict, reason=reason)
    for name, unit in dict.fromkeys((each.contestant, each.unit) for each in own):
        mine = [each for each in own if (each.contestant, each.unit) == (name, unit)]
        amount = joined(mine)
        yield replace(
            about, group=name, value=float(len(mine)), amount=amount, limit_amount=0, left=0, over=amount,
            segments=len(mine), verdict=Verdict.OVER, unit=unit,
        )  # fmt: skip


def _monitored(case: Case, rule: Silence, airing: Airing) -> int:
    """What of an airing was monitored inside the silence; an issue of a paper is inside as a whole."""
    if airing.actual_start is None or airing.actual_end is None:
        return airing.monitored or 0
    opens, closes = _span(case, rule)
    return min(airing.actual_end, closes) - max(airing.actual_start, opens)


def joined(found: Sequence[Found]) -> int:
    """The amount of segments, overlapping ones of the same airing, subject and codes counted once."""
    total = 0
    reached: dict[tuple[str, tuple[str, ...]], int] = {}
    for each in sorted(found, key=lambda one: (one.airing.airing_id, one.codes, one.opens or 0)):
        if each.opens is None or each.closes is None:
            total += each.amount
            continue
        key = (each.airing.airing_id, each.codes)
        start = max(each.opens, reached.get(key, each.opens))
        total += max(0, each.closes - start)
        reached[key] = max(each.closes, reached.get(key, each.closes))
    return total
