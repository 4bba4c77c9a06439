"""What a comparison is: two sides and one quantity, inside a selection."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from coding.problems import Problem, ProblemsFound
from coding.vocabulary import Ownership
from monitoring.comparison import strength
from monitoring.selection import Denominator, Selection

if TYPE_CHECKING:
    from coding.mission.model import Mission

STATE = (Ownership.STATE, Ownership.PUBLIC)
"""Outlets that everybody pays for. Those of a community or of unknown ownership stand on neither side."""


class Kind(StrEnum):
    """What stands on the two sides."""

    OUTLETS = "outlets"
    OWNERSHIP = "ownership"
    BEFORE = "before"
    PERIODS = "periods"
    CONTESTANTS = "contestants"


class Quantity(StrEnum):
    """What is compared.

    SHARE of all subjects' amount, AMONG of the amount of all contestants, TONE balance from -1 to 1, SPEECH the share
    of a contestant's own amount in which it was heard in its own voice.
    """

    SHARE = "share"
    AMONG = "among"
    TONE = "tone"
    SPEECH = "speech"


STRENGTHS: dict[Quantity, strength.Kind] = {
    Quantity.SHARE: "share",
    Quantity.AMONG: "share",
    Quantity.TONE: "tone",
    Quantity.SPEECH: "speech",
}
"""Whose limits the words for a quantity's differences have."""


@dataclass(frozen=True)
class Side:
    """One side: outlets and days (both ends inside), none of them: those of the selection; or a contestant."""

    outlets: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    group: str = ""


@dataclass(frozen=True)
class Comparison:
    """Side a against side b. `groups` are those whose numbers are compared; none: every contestant.

    A comparison of contestants has them on its sides instead, and one row for each outlet.
    """

    kind: Kind
    quantity: Quantity
    a: Side
    b: Side
    selection: Selection = field(default_factory=Selection)
    groups: tuple[str, ...] = ()

    def of_side(self, side: Side) -> Selection:
        """The selection of everything on a side: what the segments behind its value are found by."""
        whole = self.selection
        starts = [day for day in (side.start, whole.start) if day]
        ends = [day for day in (side.end, whole.end) if day]
        return replace(
            whole,
            outlets=side.outlets or whole.outlets,
            start=max(starts) if starts else None,
            end=min(ends) if ends else None,
            denominator=Denominator.SUBJECT,
        )

    def swapped(self) -> "Comparison":
        """The same comparison with its sides exchanged."""
        return replace(self, a=self.b, b=self.a)


def between_outlets(quantity: Quantity, a: str, b: str, selection: Selection = Selection()) -> Comparison:  # noqa: B008
    """One outlet against another. Raises ProblemsFound where they are the same."""
    _two("outlet", a, b)
    return Comparison(Kind.OUTLETS, quantity, Side((a,)), Side((b,)), selection)


def by_ownership(quantity: Quantity, mission: "Mission", selection: Selection) -> Comparison:
    """State and public outlets of the selection against its private ones.

    Raises ProblemsFound where one side has no monitored outlet.
    """
    a, b = outlets_of(mission, selection, STATE), outlets_of(mission, selection, (Ownership.PRIVATE,))
    if not a or not b:
        raise ProblemsFound([Problem("compare.one_ownership")])
    return Comparison(Kind.OWNERSHIP, quantity, Side(a), Side(b), selection)


def outlets_of(mission: "Mission", selection: Selection, owners: tuple[Ownership, ...]) -> tuple[str, ...]:
    """The monitored outlets of the selection with one of these kinds of ownership."""
    return tuple(
        outlet.name
        for outlet in mission.outlets
        if outlet.monitored
        and outlet.ownership in owners
        and (not selection.outlets or outlet.name in selection.outlets)
        and (not selection.media or outlet.medium in selection.media)
    )


def before_and_after(quantity: Quantity, day: date, selection: Selection = Selection()) -> Comparison:  # noqa: B008
    """The days before `day` against those from it on."""
    a, b = Side(end=day - timedelta(days=1)), Side(start=day)
    return Comparison(Kind.BEFORE, quantity, a, b, selection)


def between_periods(
    quantity: Quantity,
    a: tuple[date, date],
    b: tuple[date, date],
    selection: Selection = Selection(),  # noqa: B008
) -> Comparison:
    """One stretch of days against another, ends inside. Raises ProblemsFound where they overlap or run backwards."""
    problems = [
        Problem("dates_reversed", values={"start": first, "end": last}) for first, last in (a, b) if last < first
    ]
    if not problems and a[0] <= b[1] and b[0] <= a[1]:
        problems = [Problem("compare.overlap", values={"a": f"{a[0]}/{a[1]}", "b": f"{b[0]}/{b[1]}"})]
    if problems:
        raise ProblemsFound(problems)
    return Comparison(Kind.PERIODS, quantity, Side(start=a[0], end=a[1]), Side(start=b[0], end=b[1]), selection)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def between_contestants(quantity: Quantity, a: str, b: str, selection: Selection = Selection()) -> Comparison:  # noqa: B008
    """One contestant against another, on each outlet of the selection and on all of them together."""
    _two("group", a, b)
    return Comparison(Kind.CONTESTANTS, quantity, Side(group=a), Side(group=b), selection)


def _two(column: str, a: str, b: str) -> None:
    if a == b:
        raise ProblemsFound([Problem("compare.same", column=column, value=a)])


def check(asked: Comparison, mission: "Mission") -> None:
    """Raises ProblemsFound, naming every outlet or contestant that the mission does not have, and empty sides."""
    for side in (asked.a, asked.b):
        asked.of_side(side).check(mission)
    known = [subject.name for subject in mission.contestants] + [group.name for group in mission.groups]
    named = [name for name in (asked.a.group, asked.b.group, *asked.groups) if name]
    if strange := [name for name in named if name not in known]:
        values = {"known": ", ".join(known)}
        raise ProblemsFound([Problem("unknown_name", column="group", value=name, values=values) for name in strange])
