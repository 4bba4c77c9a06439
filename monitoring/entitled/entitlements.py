"""What contestants are granted free of charge: given, used, refused, left, and at what hour it was aired.

Value: used / granted. Used is the amount about a contestant (under its affiliation of that date) in the granted format
on that outlet, within the granted days and hours; what was aired at other hours stands beside (`outside`). Refused is
what the incidents of kind `refused` say that name the format. `left` is granted less used, `over` used beyond what was
granted.

    outlet  group     granted  used    refused  left     verdict
    KTK     ANSDP      600000  600000        0       0   within
    KTK     Auyl       600000  450000   150000  150000   under
    Radio   ANSDP      600000                            not monitored

An outlet that is not monitored says nothing, which is never 0. A contestant is called short (`under`) only where the
time of the entitlement is over and the mission could have seen the rest: its days and hours lie inside the windows, an
airing of the outlet is known on each of these days (of print no such day is asked), and no airing that may hold the
rest went unmonitored or uncoded, wholly or in part. Else the verdict is `not judged`, with the reason. `over` is no
breach: it says that more was given than was granted.

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012), on free airtime.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from coding.incident import Incident
from coding.mission.clock import DAY_MS, clock_text
from coding.mission.model import Entitlement, Window
from coding.vocabulary import Unit
from monitoring.entitled.airtimes import HOUR_MS, Stretch, stretches
from monitoring.entitled.case import Case, cuts, days_between, refused
from monitoring.entitled.judged import Judged, Ruling, Verdict, beyond
from monitoring.evidence import stretch_key
from monitoring.expression import AGGREGATE
from monitoring.selection import Incumbents, Selection

KIND = "entitlement"
EVERY = "*"


@dataclass(frozen=True)
class _Grant:
    """What is granted on one outlet in one format within one time, by contestant."""

    first: Entitlement
    amounts: dict[str, int]

    @property
    def selection(self) -> Selection:
        one = self.first
        return Selection(
            start=one.start, end=one.end, outlets=(one.outlet,), formats=(one.format,), incumbents=Incumbents.PARTY
        )


def rulings(case: Case) -> list[Ruling]:
    """The entitlements of the mission, one ruling for each outlet, format and time. The name tells them apart.

    An entitlement of a named contestant stands in place of that of each (`*`).
    """
    found: dict[tuple[object, ...], list[Entitlement]] = {}
    for each in case.mission.entitlements:
        time = (each.start, each.end, each.start_clock, each.end_clock)
        found.setdefault((each.format, each.outlet, each.unit, *time), []).append(each)
    alike = [(each[0].format, each[0].outlet) for each in found.values()]
    return [
        _ruling(case, _grant(case, each), alike.count((each[0].format, each[0].outlet)) > 1) for each in found.values()
    ]


def _grant(case: Case, granted: Sequence[Entitlement]) -> _Grant:
    every = sum(each.amount for each in granted if each.contestant == EVERY)
    own = {name: sum(each.amount for each in granted if each.contestant == name) for name in case.contestants}
    return _Grant(granted[0], {name: own[name] or every for name in case.contestants if own[name] or every})


def _ruling(case: Case, grant: _Grant, told_apart: bool) -> Ruling:
    one = grant.first
    name = ", ".join(filter(None, (one.format, one.outlet, _time(one) if told_apart else "")))
    incidents = case.refusals(one.outlet, (one.format,), one.start, one.end)
    outlet = next(each for each in case.mission.outlets if each.name == one.outlet)
    known = outlet.monitored and not cuts(case.coverage, grant.selection)
    held = stretches(case, grant.selection) if known else []
    about = Judged(name, KIND, one.outlet, str(one.unit), period=_time(one), source=one.source)
    planned, monitored, seen = _material(case, grant) if known else (None, None, False)
    about = replace(about, planned=planned, monitored=monitored, material_unit=str(outlet.unit), due=1.0, low_limit=1.0)
    if outlet.monitored and not known:
        about = replace(about, verdict=Verdict.NOT_JUDGED, reason="totals")
    rows = [_row(case, grant, replace(about, group=who), held, incidents, seen) for who in grant.amounts]
    facts: dict[str, object] = {
        "amounts": grant.amounts,
        "unit": str(one.unit),
        "outlet": one.outlet,
        "format": one.format,
    }
    facts |= {"start_clock": one.start_clock, "end_clock": one.end_clock, "hours": hours_of(case, held)}
    facts |= {"selection": grant.selection}
    return Ruling(name, KIND, one.source, tuple(rows), incidents, facts)


def _time(one: Entitlement) -> str:
    """Days and hours of an entitlement as they stand in the file; empty where it has neither."""
    days = f"{one.start or ''}..{one.end or ''}" if one.start or one.end else ""
    clocks = (
        f"{clock_text(one.start_clock)}-{clock_text(one.end_clock)}"
        if one.start_clock is not None and one.end_clock is not None
        else ""
    )
    return " ".join(filter(None, (days, clocks)))


def _row(
    case: Case, grant: _Grant, about: Judged, held: Sequence[Stretch], incidents: Sequence[Incident], seen: bool
) -> Judged:
    one, granted = grant.first, grant.amounts[about.group]
    denied = refused(case, incidents, about.group, one.outlet, str(one.unit))
    about = replace(about, limit_amount=granted, refused=denied)
    if about.reason:
        return about
    if not seen:
        return replace(about, verdict=Verdict.NOT_MONITORED, reason="unmonitored")
    own = [each for each in held if each.group == about.group and each.unit == one.unit]
    if one.start_clock is not None and any(each.aggregate for each in own):
        return replace(about, verdict=Verdict.NOT_JUDGED, reason="totals")
    used = sum(each.inside(one.start_clock, one.end_clock) for each in own)
    left, over = beyond(used, granted)
    about = replace(
        about, value=used / granted, amount=used, total_amount=granted, left=left, over=over,
        outside=sum(each.amount for each in own) - used, segments=sum(each.segments for each in own),
        median_clock=_middle(own), selection=grant.selection,
        picked={"outlet": one.outlet, "group": about.group},
    )  # fmt: skip
    reason = _unseen(case, grant, left) if left else ""
    verdict = Verdict.NOT_JUDGED if reason else Verdict.UNDER if left else Verdict.OVER if over else Verdict.WITHIN
    return replace(about, verdict=verdict, reason=reason)


def _middle(own: Sequence[Stretch]) -> int | None:
    """The clock by which half of the amount has begun, in ms since midnight; None where nothing has a clock."""
    timed = sorted((each.clock, each.amount) for each in own if each.clock is not None and not each.aggregate)
    half, begun = sum(amount for _, amount in timed) / 2, 0
    for clock, amount in timed:
        begun += amount
        if begun >= half:
            return clock % DAY_MS
    return None


def hours_of(case: Case, held: Sequence[Stretch]) -> pd.DataFrame:
    """At what hour of the day it was aired: group, hour (0 to 23), unit -> amount, segments, stretches.

    A stretch counts in the hour in which it begins; what has no clock (print, imported totals) is in no row.
    `stretches` are those of the row, by which its segments are found.
    """
    rows: dict[tuple[str, int, str], list[Stretch]] = {}
    for each in held:
        if each.clock is not None and each.group in case.contestants and not each.aggregate:
            rows.setdefault((each.group, each.clock % DAY_MS // HOUR_MS, each.unit), []).append(each)
    gathered = [
        [
            *key, sum(each.amount for each in own), sum(each.segments for each in own),
            tuple(dict.fromkeys(stretch_key(each.airing_id, each.start_ms) for each in own)),
        ]
        for key, own in sorted(rows.items(), key=lambda pair: pair[0][1])
    ]  # fmt: skip
    return pd.DataFrame(gathered, columns=["group", "hour", "unit", "amount", "segments", "stretches"])


def _material(case: Case, grant: _Grant) -> tuple[int, int, bool]:
    """What of the airings that may hold it was planned and monitored, in the outlet's unit, and whether any was."""
    airings = list(_airings(case, grant))
    planned = sum(each["planned"] if each["planned"] is not None else each["monitored"] or 0 for each in airings)
    monitored = sum(each["monitored"] or 0 for each in airings)
    rows = case.coverage.select_airings(replace(grant.selection, formats=()))
    seen = case.coverage.table(rows.filter(rows.observed).aggregate(number=rows.airing_id.nunique()))
    return planned, monitored, bool(seen["number"].iloc[0])


def _airings(case: Case, grant: _Grant) -> Iterator[dict[str, int | None]]:
    """The airings that may hold the format: those of it, and those of no one format such as a newspaper's issue."""
    rows = case.coverage.select_airings(grant.selection)
    rows = rows.filter(rows.airing_format.isin(["", grant.first.format]), rows.kind != AGGREGATE)
    found = case.coverage.table(rows.select("unit", "planned", "monitored", "coded", "observed"))
    for each in found.astype("object").to_dict("records"):
        whole = {name: None if pd.isna(each[name]) else int(each[name]) for name in ("planned", "monitored")}
        yield {
            **whole,
            "lost": int(not each["observed"] or not each["coded"]),
            "same": int(each["unit"] == grant.first.unit),
        }


def _size_lost(each: Mapping[str, int | None]) -> int:
    """What of an airing nobody has seen: all of a lost one, else what it is shorter than was planned."""
    planned, monitored = each["planned"] or each["monitored"] or 0, each["monitored"] or 0
    return planned if each["lost"] else max(planned - monitored, 0)


def _unseen(case: Case, grant: _Grant, left: int) -> str:
    """Why what is left may have been given all the same, unseen by the mission; empty where it would have been seen."""
    if _is_running(case, grant.first):
        return "running"
    lost = [(each, size) for each in _airings(case, grant) if (size := _size_lost(each)) or each["lost"]]
    if lost and (not all(each["same"] for each, _ in lost) or sum(size for _, size in lost) >= left):
        return "missing"
    seen = _inside_windows(case, grant.first) and not _days_without_airings(case, grant)
    return "" if seen else "windows"


def _is_running(case: Case, one: Entitlement) -> bool:
    """Whether what is left can still be given: the last day of the entitlement is not over on the day of the record."""
    day = case.coverage.as_of.astimezone(case.mission.zone).date()
    return (one.end or max(period.end for period in case.mission.periods)) >= day


def _days(case: Case, one: Entitlement) -> list[date]:
    """The days of an entitlement; those of the periods where it has none."""
    days = [day for period in case.mission.periods for day in days_between(period.start, period.end)]
    return list(days_between(one.start or min(days), one.end or max(days)))


def _days_without_airings(case: Case, grant: _Grant) -> bool:
    """Whether of some day of an entitlement no airing of its outlet is known. A paper need not come out daily."""
    if grant.first.unit != Unit.MS:
        return False
    rows = case.coverage.select_airings(replace(grant.selection, formats=()))
    known = set(case.coverage.table(rows.filter(rows.kind != AGGREGATE).select("date").distinct())["date"])
    return bool({day.isoformat() for day in _days(case, grant.first)} - known)


def _inside_windows(case: Case, one: Entitlement) -> bool:
    """Whether days and hours of an entitlement lie inside the periods, and in windows of its outlet on each day."""
    wanted = _days(case, one)
    if set(wanted) - {day for each in case.mission.periods for day in days_between(each.start, each.end)}:
        return False
    windows = [window for window in case.mission.windows if one.outlet in window.outlets]
    timed = one.unit == Unit.MS
    return not case.mission.windows or all(_covered(windows, day, one, timed) for day in wanted)


def _covered(windows: Sequence[Window], day: date, one: Entitlement, timed: bool) -> bool:
    """Whether a window of that day holds all the hours: those of a day are 24, at whatever hour it begins."""
    opens = one.start_clock if one.start_clock is not None else 0
    closes = one.end_clock if one.end_clock is not None else DAY_MS
    return any(
        each.start <= day <= each.end
        and (
            not timed
            or each.end_clock - each.start_clock >= DAY_MS
            or (each.start_clock <= opens and closes <= each.end_clock)
        )
        for each in windows
    )
