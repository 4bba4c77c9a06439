"""Equality within each slot of the day and each kind of time, by a tolerance that the rule states.

Value: the share of a contestant among all contestants of that place (outlet, stretch of days, slot, kind of time): its
amount / the amount of all contestants there. It is held against what a benchmark gives it (`due`): from
due x (1 - tolerance) to due x (1 + tolerance). A place in which the contestants together have less than the rule's
`at_least` (of its `unit`, where it is about several) is not judged. The whole day stands beside (slot ""), for equality
over the day can hide an unequal slot. A paper, which comes out in no slot, is judged as a whole.

    outlet  slot   group  value  due   tolerance 0.2   verdict
    KTK     09-18  ANSDP  0.75   0.50  0.40 to 0.60    over
    KTK     09-18  Auyl   0.25   0.50                  under

`left` is what a contestant lacks to its due at the contestants' time as it is, `over` what it has beyond it.
`effective_number` is 1 / sum of squared shares of the place (Laakso and Taagepera 1979), shown beside and judged by
nothing. Totals imported for many days count as they are; no interval belongs to them.

Source: the French law on presidential elections asks for equality of speaking time and airtime in comparable conditions
of programming (law no. 62-1292 of 6 November 1962, article 3, I bis), which its regulator counts by slots of the day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from coding.mission.model import Outlet
from coding.mission.rules import Equality, KindOfTime
from coding.vocabulary import Unit
from monitoring.benchmarks.distance import effective_number
from monitoring.benchmarks.due import due_shares
from monitoring.entitled.case import Case, Seen, by_stretch, material, place_of, seen_places, selected, without_totals
from monitoring.entitled.judged import UNKNOWN, Judged, Ruling, Verdict, beyond
from monitoring.selection import Selection

KIND = "equality"
WHOLE_DAY = ""
EXACT = 1e-9
"""Part of a place's amount below which a limit is not passed: what binary fractions lose."""
Place = tuple[str, str, str, str]
"""outlet, stretch, slot, unit"""


def rulings(case: Case) -> list[Ruling]:
    """The equality rules of the mission, each with its rows."""
    return [_ruling(case, rule) for rule in case.mission.rules if isinstance(rule, Equality)]


def _ruling(case: Case, rule: Equality) -> Ruling:
    rows = [row for time in rule.times or (None,) for row in _of_time(case, rule, time)]
    facts = {"tolerance": rule.tolerance, "benchmark": rule.benchmark, "at_least": rule.at_least}
    return Ruling(rule.name, KIND, rule.source, tuple(rows), facts=facts)


def _of_time(case: Case, rule: Equality, time: KindOfTime | None) -> Iterator[Judged]:
    """The rows of one kind of time."""
    outlets = case.outlets(rule)
    asked = selected(rule, [outlet.name for outlet in outlets], rule.incumbents)
    asked = replace(asked, roles=time.roles, speech=time.speech) if time else asked
    name = time.name if time else ""
    selection, cut = without_totals(case, asked, rule.per)
    yield from (_unknown(rule, each, name, Verdict.NOT_JUDGED, "totals") for each in outlets if each.name in cut)
    if selection is None:
        return
    seen = seen_places(material(case, selection, rule.per))
    for outlet in outlets:
        if outlet.name not in cut and outlet.name not in {place.outlet for place in seen}:
            yield _unknown(rule, outlet, name, Verdict.NOT_MONITORED, "unmonitored")
    yield from _places(case, rule, name, selection, seen)


def _unknown(rule: Equality, outlet: Outlet, time: str, verdict: Verdict, reason: str) -> Judged:
    return Judged(
        rule.name, KIND, outlet.name, str(outlet.unit), time=time, verdict=verdict, reason=reason, source=rule.source
    )


def _places(case: Case, rule: Equality, time: str, selection: Selection, seen: Sequence[Seen]) -> Iterator[Judged]:
    cells = by_stretch(case, selection, rule.per, ("outlet", "slot", "group"))
    cells = cells[cells["group"].isin(case.contestants)]
    wanted = rule.slots or tuple(slot.name for slot in case.mission.slots)
    amount, segments = _grids(case, cells)
    due = due_shares(case.mission, rule.benchmark)
    for place in seen:
        slots = wanted if rule.slots or place.unit == Unit.MS or _in_slots(amount, place) else ()
        units = [key[3] for key in amount if key[:3] == (place.outlet, place.stretch, WHOLE_DAY)] or [place.unit]
        for counted in units:
            for slot in (WHOLE_DAY, *slots):
                key = (place.outlet, place.stretch, slot, counted)
                about = _about(rule, key, time, place, selection)
                yield from _judged(about, rule, due, amount.get(key, {}), segments.get(key, {}))


def _in_slots(amount: Mapping[Place, object], place: Seen) -> bool:
    """Whether anything of a place stands in a slot of the day: a paper comes out in none, and is judged as a whole."""
    return any(key[:2] == (place.outlet, place.stretch) and key[2] != WHOLE_DAY for key in amount)


def _grids(case: Case, cells: pd.DataFrame) -> tuple[dict[Place, dict[str, int]], dict[Place, dict[str, int]]]:
    """Amounts and segments of each contestant in each place, those of the whole day with them."""
    amount: dict[Place, dict[str, int]] = {}
    segments: dict[Place, dict[str, int]] = {}
    for row in cells.to_dict("records"):
        for slot in dict.fromkeys((WHOLE_DAY, str(row["slot"]))):
            key = (str(row["outlet"]), str(row["stretch"]), slot, str(row["unit"]))
            for grid, column in ((amount, "amount"), (segments, "segments")):
                place = grid.setdefault(key, dict.fromkeys(case.contestants, 0))
                place[str(row["group"])] += int(row[column])
    return amount, segments


def _about(rule: Equality, key: Place, time: str, size: Seen, selection: Selection) -> Judged:
    outlet, stretch, slot, unit = key
    asked, place = place_of(selection, rule.per, stretch)
    picked = {"outlet": outlet, **place, **({"slot": slot} if slot else {})}
    return Judged(
        rule.name, KIND, outlet, unit, period=stretch, slot=slot, time=time, planned=size.planned,
        monitored=size.monitored, material_unit=size.unit,
        source=rule.source, selection=asked, picked=picked,
    )  # fmt: skip


def _judged(
    about: Judged, rule: Equality, due: dict[str, float], amount: dict[str, int], segments: dict[str, int]
) -> Iterator[Judged]:
    """One row for each contestant; one row that says so where no contestant got anything."""
    total = sum(amount.values())
    if not total:
        yield replace(about, verdict=Verdict.NOT_JUDGED, reason="nothing", amount=0, total_amount=0)
        return
    number = float(effective_number(np.array(list(amount.values()), dtype=float)))
    for name, owed in due.items():
        low, high = owed * (1 - rule.tolerance), owed * (1 + rule.tolerance)
        left, over = beyond(amount[name], owed * total)
        verdict, reason = _verdict(amount[name], total, low, high), ""
        if total < rule.at_least and rule.unit in (None, about.unit):
            verdict, reason = Verdict.NOT_JUDGED, "little"
        yield replace(
            about, group=name, value=amount[name] / total, due=owed, low_limit=low, high_limit=high,
            amount=amount[name], total_amount=total, limit_amount=round(owed * total), left=left, over=over,
            effective_number=number, segments=segments[name], verdict=verdict, reason=reason,
            picked={**about.picked, "group": name},
        )  # fmt: skip


def _verdict(amount: int, total: int, low: float, high: float) -> Verdict:
    slack = EXACT * total
    if amount > high * total + slack:
        return Verdict.OVER
    return Verdict.UNDER if amount < low * total - slack else Verdict.WITHIN


WORST = (
    "rule", "outlet", "period", "time", "slot", "group", "value", "due", "departure", "amount", "total_amount", "unit",
    "effective_number", "effective_day", "verdict_day", "lowest_number", "lowest_slot", "lowest_time", "places",
    "unequal", "not_judged", "verdict",
)  # fmt: skip


def worst(rows: Sequence[Judged]) -> pd.DataFrame:
    """Every outlet with its worst slot and time, the whole day beside: one row for each rule and outlet, WORST.

    Worst is where a contestant departs furthest from its due, in parts of the due (`departure`), among the places
    that were judged; `effective_day` and `verdict_day` are those of the whole day in the same kind of time.
    `lowest_number` is the lowest effective number of contestants in any judged slot. `places` slots and times were
    judged, `unequal` of them beyond the tolerance, `not_judged` held too little or nothing.
    """
    gathered: dict[tuple[str, str], list[Judged]] = {}
    for row in rows:
        if row.kind == KIND:
            gathered.setdefault((row.rule, row.outlet), []).append(row)
    return pd.DataFrame([_worst(list(held)) for held in gathered.values()], columns=list(WORST))


def departure(row: Judged) -> float:
    """How far a share lies from what is due, in parts of what is due; infinite where nothing was due."""
    value, due = row.value or 0.0, row.due or 0.0
    if due > 0:
        return abs(value - due) / due
    return float("inf") if value > 0 else 0.0


def _worst(held: list[Judged]) -> list[object]:
    slots, day = [row for row in held if row.slot], [row for row in held if not row.slot]
    own = slots if any(row.verdict not in UNKNOWN for row in slots) else day or slots  # totals lie in no slot
    judged = [row for row in own if row.verdict in (Verdict.OVER, Verdict.UNDER, Verdict.WITHIN)]
    skipped = {(row.period, row.time, row.slot) for row in own} - {(row.period, row.time, row.slot) for row in judged}
    first = held[0]
    if not judged:
        verdict = next((row.verdict for row in own), Verdict.NOT_JUDGED)
        empty: list[object] = [None] * (len(WORST) - 6)
        return [first.rule, first.outlet, *empty, 0, 0, len(skipped), verdict.value]
    most = max(judged, key=departure)
    least = min(judged, key=lambda row: row.effective_number or 0.0)
    unequal = {(row.period, row.time, row.slot) for row in judged if row.verdict != Verdict.WITHIN}
    places = {(row.period, row.time, row.slot) for row in judged}
    day = [row for row in held if not row.slot and (row.period, row.time) == (most.period, most.time)]
    return [
        first.rule, first.outlet, most.period, most.time, most.slot, most.group, most.value, most.due, departure(most),
        most.amount, most.total_amount, most.unit, most.effective_number, day[0].effective_number, _together(day),
        least.effective_number, least.slot, least.time, len(places), len(unequal), len(skipped),
        "unequal" if unequal else Verdict.WITHIN.value,
    ]  # fmt: skip


def _together(rows: Sequence[Judged]) -> str:
    """The verdict over all contestants of one place."""
    verdicts = {row.verdict for row in rows}
    if verdicts & {Verdict.OVER, Verdict.UNDER}:
        return "unequal"
    return next(iter(verdicts)).value if len(verdicts) == 1 else Verdict.NOT_JUDGED.value
