"""What rules are judged on: the coverage of one state, its airings, the incidents; and sums by stretches of days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from coding.incident import Incident
from coding.mission.model import Airing, Mission, Outlet, Subject
from coding.mission.rules import AnyRule, Stretch
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.incidents import incidents
from coding.vocabulary import IncidentKind
from monitoring.coverage import Coverage
from monitoring.expression import AGGREGATE
from monitoring.result import amounts, as_keys
from monitoring.selection import Incumbents, Selection

COLUMN = {Stretch.PERIOD: "period", Stretch.MONTH: "date", Stretch.WEEK: "week", Stretch.DAY: "date"}
"""The column of coverage by which a stretch is summed; a month is made of days."""
CUT = {"totals_cut", "totals_of_days"}


@dataclass(frozen=True)
class Case:
    """The state that is judged."""

    coverage: Coverage
    store: Store

    @property
    def mission(self) -> Mission:
        return self.coverage.mission

    @cached_property
    def airings(self) -> dict[str, Airing]:
        """Every airing on record in this state, inside the periods or not, by id."""
        return {airing.airing_id: airing for airing in self.store.airings(self.coverage.state.at)}

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """Every incident on record."""
        return tuple(incidents(self.store))

    @cached_property
    def contestants(self) -> tuple[str, ...]:
        """Those on the ballot, in its order."""
        return tuple(subject.name for subject in self.mission.contestants)

    def outlets(self, rule: AnyRule) -> list[Outlet]:
        """The outlets of a rule in the mission's order; all monitored ones where it names none."""
        named = set(rule.outlets)
        return [each for each in self.mission.outlets if (each.name in named if named else each.monitored)]

    def refusals(
        self, outlet: str, formats: Sequence[str], start: date | None, end: date | None
    ) -> tuple[Incident, ...]:
        """Incidents of what was refused on an outlet, in these formats, within the days (None: open)."""
        return tuple(
            each for each in self.incidents
            if each.kind == IncidentKind.REFUSED and each.outlet in ("", outlet) and each.format in ("", *formats)
            and (start is None or each.last >= start) and (end is None or each.start <= end)
        )  # fmt: skip


def belonging(subject: Subject | None, day: date) -> str:
    """The contestant that a subject belongs to on a day; empty for one that belongs to none."""
    if subject is None or subject.ballot is not None:
        return subject.name if subject else ""
    spans = ((each.contestant, each.start or date.min, each.end or date.max) for each in subject.affiliations)
    return next((name for name, start, end in spans if start <= day <= end), "")


def refused(case: Case, found: Iterable[Incident], contestant: str, outlet: str, unit: str) -> int | None:
    """What of the incidents was refused to a contestant on an outlet, in the unit; None where none tells an amount.

    What was refused to a subject counts for its contestant of that day. An incident that names no format is told, but
    adds nothing: nobody knows whether it was granted or paid.
    """
    subjects = {subject.name: subject for subject in case.mission.subjects}
    told = [
        each for each in found
        if each.format and (belonging(subjects.get(each.contestant), each.start), each.outlet, each.unit)
        == (contestant, outlet, unit)
    ]  # fmt: skip
    return sum(each.amount or 0 for each in told) if told else None


def selected(rule: AnyRule, outlets: Sequence[str], incumbents: str = Incumbents.INSTITUTION) -> Selection:
    """The coverage that a rule is about: its days and formats on these outlets."""
    return Selection(
        start=rule.start, end=rule.end, outlets=tuple(outlets), formats=rule.formats, incumbents=Incumbents(incumbents)
    )


def without_totals(case: Case, selection: Selection, per: Stretch) -> tuple[Selection | None, tuple[str, ...]]:
    """The selection on those of its outlets of which every amount lies whole inside one stretch, and the others.

    Imported totals of many days are known together only; nobody knows what of them lies in one day or week. None
    where no outlet is left.
    """
    cut = tuple(name for name in selection.outlets if cuts(case.coverage, replace(selection, outlets=(name,)), per))
    left = tuple(name for name in selection.outlets if name not in cut)
    return (replace(selection, outlets=left) if left else None), cut


def cuts(coverage: Coverage, selection: Selection, per: Stretch = Stretch.PERIOD) -> bool:
    """Whether days or stretches of a selection cut through imported totals, of which nobody knows the part inside."""
    try:
        coverage.check_days(selection, (COLUMN[per],))
        coverage.select(selection)
    except ProblemsFound as found:
        if {problem.key for problem in found.problems} <= CUT:
            return True
        raise
    return False


def by_stretch(case: Case, selection: Selection, per: Stretch, by: Sequence[str]) -> pd.DataFrame:
    """Amounts of each cell and stretch: stretch, the columns of `by`, unit -> amount, segments (integers)."""
    column = COLUMN[per]
    found = amounts(case.coverage, selection, (column, *by)).rename(columns={column: "stretch"})
    if per == Stretch.MONTH:
        found["stretch"] = found["stretch"].astype(str).str[:7]
    keys = ["stretch", *dict.fromkeys((*by, "unit"))]
    return as_keys(found.groupby(keys, as_index=False, sort=False)[["amount", "segments"]].sum(), keys)


def material(case: Case, selection: Selection, per: Stretch) -> pd.DataFrame:
    """What was planned and monitored, in the mission's order: outlet, stretch, unit -> planned, monitored, observed.

    Imported totals hold no airings: they are observed, and add nothing to planned and monitored.
    """
    column = COLUMN[per]
    rows = case.coverage.select_airings(selection)
    single = rows.kind != AGGREGATE
    found = case.coverage.table(
        rows.group_by(["outlet", column, "unit"]).aggregate(
            planned=single.ifelse(rows.planned.coalesce(rows.monitored), 0).sum().fill_null(0).cast("int64"),
            monitored=single.ifelse(rows.monitored, 0).sum().fill_null(0).cast("int64"),
            observed=rows.observed.cast("int64").max(),
        )
    ).rename(columns={column: "stretch"})
    if per == Stretch.MONTH:
        found["stretch"] = found["stretch"].astype(str).str[:7]
    keys = ["outlet", "stretch", "unit"]
    order = {outlet.name: place for place, outlet in enumerate(case.mission.outlets)}
    found = found.assign(place=found["outlet"].map(order)).sort_values(["place", "stretch"], kind="stable")
    summed = found.groupby(keys, as_index=False, sort=False).agg(
        planned=("planned", "sum"), monitored=("monitored", "sum"), observed=("observed", "max")
    )
    return as_keys(summed, keys)


class Seen(NamedTuple):
    """An outlet and a stretch in which something was observed; planned and monitored in `unit`, the outlet's own."""

    outlet: str
    stretch: str
    unit: str
    planned: int
    monitored: int


def seen_places(held: pd.DataFrame) -> list[Seen]:
    """The places of `material` in which something was observed, in its order."""
    return [
        Seen(str(row["outlet"]), str(row["stretch"]), str(row["unit"]), int(row["planned"]), int(row["monitored"]))
        for row in held.to_dict("records")
        if row["observed"]
    ]


def place_of(selection: Selection, per: Stretch, stretch: str) -> tuple[Selection, dict[str, str]]:
    """The selection and the columns of coverage that lead to the segments of a stretch."""
    if per != Stretch.MONTH:
        return selection, {COLUMN[per]: stretch}
    first = date.fromisoformat(f"{stretch}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    start = max(first, selection.start) if selection.start else first
    return replace(selection, start=start, end=min(last, selection.end) if selection.end else last), {}


def of_stretch(case: Case, found: Iterable[Incident], per: Stretch, stretch: str) -> list[Incident]:
    """Those of which the first day lies in a stretch, so that none of them counts in two."""
    return [each for each in found if _stretch_of(case.mission, each.start, per) == stretch]


def _stretch_of(mission: Mission, day: date, per: Stretch) -> str:
    """The stretch of a day, as coverage names it."""
    if per == Stretch.PERIOD:
        return next((period.name for period in mission.periods if period.start <= day <= period.end), "")
    if per == Stretch.WEEK:
        return str(day - timedelta(days=day.weekday()))
    return str(day)[:7] if per == Stretch.MONTH else str(day)


def days_between(start: date, end: date) -> Iterator[date]:
    """Every day from one to another, both inside."""
    return (start + timedelta(days=number) for number in range((end - start).days + 1))
