"""Paid slots: a limit for each contestant and outlet, and access on equal terms.

Value: amount of a contestant / mean of all contestants on that outlet (contestants without any are counted in the
mean). With `at_most` a contestant is over where its amount is above it; with `tolerance` over or under where its value
lies further from 1 than that. What a contestant did not buy is no breach of anybody's: `under` says that access
differs, not why, so what was refused stands beside.

    outlet  group     amount  at_most 60000  left   over
    KTK     ANSDP      45000  within         15000      0
    KTK     Nur Otan   90000  over               0  30000

Everything about a subject counts under its affiliation of that date. Imported totals count as they are.

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012), on paid advertising: equal
access, equal price.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from coding.mission.model import Outlet
from coding.mission.rules import Paid
from monitoring.entitled.case import (
    Case,
    Seen,
    by_stretch,
    material,
    of_stretch,
    place_of,
    refused,
    seen_places,
    selected,
    without_totals,
)
from monitoring.entitled.judged import Judged, Ruling, Verdict, beyond
from monitoring.selection import Incumbents, Selection

KIND = "paid"


def rulings(case: Case) -> list[Ruling]:
    """The rules on paid slots, each with its rows and what was refused."""
    return [_ruling(case, rule) for rule in case.mission.rules if isinstance(rule, Paid)]


def _ruling(case: Case, rule: Paid) -> Ruling:
    outlets = [outlet for outlet in case.outlets(rule) if _counted(case, rule, outlet)]
    found = [each for o in outlets for each in case.refusals(o.name, rule.formats, rule.start, rule.end)]
    incidents = tuple({each.incident_id: each for each in found}.values())
    facts = {"at_most": rule.at_most, "unit": rule.unit, "tolerance": rule.tolerance}
    return Ruling(rule.name, KIND, rule.source, tuple(_rows(case, rule, outlets)), incidents, facts)


def _counted(case: Case, rule: Paid, outlet: Outlet) -> bool:
    """Whether paid slots are counted in the rule's unit on an outlet."""
    own = {each.name: each.unit for each in case.mission.formats}
    return rule.unit is None or any((own[name] or outlet.unit) == rule.unit for name in rule.formats)


def _rows(case: Case, rule: Paid, outlets: list[Outlet]) -> Iterator[Judged]:
    if not outlets:
        return
    asked = selected(rule, [outlet.name for outlet in outlets], Incumbents.PARTY)
    selection, cut = without_totals(case, asked, rule.per)
    seen = seen_places(material(case, selection, rule.per)) if selection else []
    for outlet in outlets:
        about = Judged(rule.name, KIND, outlet.name, str(rule.unit or outlet.unit), source=rule.source)
        if outlet.name in cut:
            yield replace(about, verdict=Verdict.NOT_JUDGED, reason="totals")
        elif outlet.name not in {place.outlet for place in seen}:
            yield replace(about, verdict=Verdict.NOT_MONITORED, reason="unmonitored")
    if selection is not None:
        yield from _places(case, rule, selection, seen)


def _places(case: Case, rule: Paid, selection: Selection, seen: Sequence[Seen]) -> Iterator[Judged]:
    cells = by_stretch(case, selection, rule.per, ("outlet", "group"))
    cells = cells[cells["group"].isin(case.contestants)]
    if rule.unit is not None:
        cells = cells[cells["unit"] == rule.unit.value]
    for place in seen:
        here = cells[(cells["outlet"] == place.outlet) & (cells["stretch"] == place.stretch)]
        asked, where = place_of(selection, rule.per, place.stretch)
        about = Judged(
            rule.name, KIND, place.outlet, str(rule.unit or place.unit), period=place.stretch,
            planned=place.planned, monitored=place.monitored, material_unit=place.unit, source=rule.source,
            selection=asked, picked={"outlet": place.outlet, **where},
        )  # fmt: skip
        if here.empty:
            yield replace(about, verdict=Verdict.NOT_JUDGED, reason="nothing", amount=0, total_amount=0)
        for unit, counted in here.groupby("unit", sort=False):
            yield from _contestants(case, rule, replace(about, unit=str(unit)), counted)


def _contestants(case: Case, rule: Paid, about: Judged, cells: pd.DataFrame) -> Iterator[Judged]:
    amounts = dict(zip(cells["group"], cells["amount"], strict=True))
    segments = dict(zip(cells["group"], cells["segments"], strict=True))
    total = int(cells["amount"].sum())
    mean = total / len(case.contestants)
    held = case.refusals(about.outlet, rule.formats, rule.start, rule.end)
    incidents = of_stretch(case, held, rule.per, about.period)
    for name in case.contestants:
        amount = int(amounts.get(name, 0))
        limit = float(rule.at_most) if rule.at_most is not None else mean
        left, over = beyond(amount, limit)
        yield replace(
            about, group=name, value=amount / mean if mean else None, due=1.0,
            low_limit=None if rule.tolerance is None else 1 - rule.tolerance,
            high_limit=None if rule.tolerance is None else 1 + rule.tolerance,
            amount=amount, total_amount=total, limit_amount=round(limit), left=left, over=over,
            refused=refused(case, incidents, name, about.outlet, about.unit), segments=int(segments.get(name, 0)),
            verdict=_verdict(rule, amount, mean), picked={**about.picked, "group": name},
        )  # fmt: skip


def _verdict(rule: Paid, amount: int, mean: float) -> Verdict:
    over = rule.at_most is not None and amount > rule.at_most
    under = False
    if rule.tolerance is not None:
        over = over or amount > mean * (1 + rule.tolerance) * (1 + 1e-9)
        under = amount < mean * (1 - rule.tolerance) * (1 - 1e-9)
    return Verdict.OVER if over else Verdict.UNDER if under else Verdict.WITHIN
