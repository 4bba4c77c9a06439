"""A ceiling: at most a fraction of the time of all subjects for one group, such as a third for the executive.

Value: amount of the group / amount of all subjects in the place (outlet, stretch of days), in the rule's formats, roles
and kinds of speech. Limit: `at_most`. `limit_amount` is at_most x that amount; `left` is the room below it and `over`
what is above it, both at the subjects' time as it is: what is given in addition raises the whole as well.

    outlet  group                     value  at_most 0.33  left    over
    KTK     President and Government  0.25   within        288000     0      of 3600000 ms
    TV A    President and Government  0.50   over               0  612000

A subject that counts under another name in results (an office-holder, under its set or its party) is judged by what is
about it alone.

Source: the French regulator's rule of thirds (a third of the time for the government, until 2009) and its successors;
the fraction and the group are the mission's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from coding.mission.rules import Ceiling
from monitoring.entitled.case import Case, Seen, by_stretch, material, place_of, seen_places, selected, without_totals
from monitoring.entitled.judged import Judged, Ruling, Verdict, beyond
from monitoring.selection import Selection

KIND = "ceiling"


def rulings(case: Case) -> list[Ruling]:
    """The ceilings of the mission, each with its rows."""
    return [
        Ruling(
            rule.name, KIND, rule.source, tuple(_rows(case, rule)), facts={"at_most": rule.at_most, "group": rule.group}
        )
        for rule in case.mission.rules
        if isinstance(rule, Ceiling)
    ]


def _rows(case: Case, rule: Ceiling) -> Iterator[Judged]:
    outlets = case.outlets(rule)
    asked = selected(rule, [outlet.name for outlet in outlets], rule.incumbents)
    asked = replace(asked, roles=rule.roles, speech=rule.speech)
    selection, cut = without_totals(case, asked, rule.per)
    seen = seen_places(material(case, selection, rule.per)) if selection else []
    for outlet in outlets:
        about = Judged(
            rule.name, KIND, outlet.name, str(outlet.unit), group=rule.group, due=rule.at_most,
            high_limit=rule.at_most, source=rule.source,
        )  # fmt: skip
        if outlet.name in cut:
            yield replace(about, verdict=Verdict.NOT_JUDGED, reason="totals")
        elif outlet.name not in {place.outlet for place in seen}:
            yield replace(about, verdict=Verdict.NOT_MONITORED, reason="unmonitored")
    if selection is not None:
        yield from _places(case, rule, selection, seen)


def _places(case: Case, rule: Ceiling, selection: Selection, seen: Sequence[Seen]) -> Iterator[Judged]:
    column = _column(case, rule)
    cells = by_stretch(case, selection, rule.per, ("outlet", column)).rename(columns={column: "group"})
    for place in seen:
        here = cells[(cells["outlet"] == place.outlet) & (cells["stretch"] == place.stretch)]
        asked, where = place_of(selection, rule.per, place.stretch)
        about = Judged(
            rule.name, KIND, place.outlet, place.unit, period=place.stretch, group=rule.group,
            due=rule.at_most, low_limit=0.0, high_limit=rule.at_most, planned=place.planned,
            monitored=place.monitored, material_unit=place.unit, source=rule.source, selection=asked,
            picked={"outlet": place.outlet, **where, column: rule.group},
        )  # fmt: skip
        if here.empty:
            yield replace(about, verdict=Verdict.NOT_JUDGED, reason="nothing", amount=0, total_amount=0)
        for unit, counted in here.groupby("unit", sort=False):
            yield _held(replace(about, unit=str(unit)), counted, rule.at_most)


def _column(case: Case, rule: Ceiling) -> str:
    """The column that has what the rule names: a group or a contestant, else a subject that counts under another name.

    An office-holder stands under its set or its party, and would be sought in vain among groups.
    """
    groups = {*case.contestants, *(group.name for group in case.mission.groups)}
    return "group" if rule.group in groups else "subject"


def _held(about: Judged, cells: pd.DataFrame, at_most: float) -> Judged:
    """The row of one place and unit."""
    own = cells[cells["group"] == about.group]
    amount, total = int(own["amount"].sum()), int(cells["amount"].sum())
    left, over = beyond(amount, at_most * total)
    return replace(
        about, value=amount / total if total else None, amount=amount, total_amount=total,
        limit_amount=round(at_most * total), left=left, over=over, segments=int(own["segments"].sum()),
        verdict=Verdict.OVER if amount > at_most * total * (1 + 1e-9) else Verdict.WITHIN,
    )  # fmt: skip
