"""What an analyst asks about: which days, outlets, formats, roles and subjects, and under which reading."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from coding.problems import Problem, ProblemsFound
from coding.vocabulary import Medium, Role, Speech

if TYPE_CHECKING:
    from coding.mission.model import Mission


class Incumbents(StrEnum):
    """How coverage of an office-holder counts: the office apart, or to the contestant's benefit."""

    INSTITUTION = "institution"
    PARTY = "party"


class Denominator(StrEnum):
    """Share of what: of all time given to subjects, or of the running time of the coded airings."""

    SUBJECT = "subject"
    PROGRAMME = "programme"


class Weight(StrEnum):
    """What tone is weighted by."""

    AMOUNT = "amount"
    SEGMENTS = "segments"


ALL_FORMATS = ("all",)
"""Ask for this to pool editorial content with paid and free slots; the title then says so."""


@dataclass(frozen=True)
class Selection:
    """An empty tuple is no restriction, but for `formats`: there it stands for the editorial ones."""

    start: date | None = None
    end: date | None = None
    outlets: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    formats: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    speech: tuple[Speech, ...] = ()
    subjects: tuple[str, ...] = ()
    incumbents: Incumbents = Incumbents.INSTITUTION
    denominator: Denominator = Denominator.SUBJECT
    weight: Weight = Weight.AMOUNT

    def formats_in(self, mission: "Mission") -> tuple[str, ...]:
        """The formats that count: those named, all of them, or the editorial ones."""
        if self.formats == ALL_FORMATS:
            return tuple(part.name for part in mission.formats)
        return self.formats or tuple(part.name for part in mission.formats if part.editorial)

    def pools_slots(self, mission: "Mission") -> bool:
        """Whether paid or free slots are counted together with editorial content."""
        chosen = set(self.formats_in(mission))
        return len({part.editorial for part in mission.formats if part.name in chosen}) > 1

    def check(self, mission: "Mission") -> None:
        """Raises ProblemsFound, naming everything in this selection that the mission does not have."""
        known = {
            "outlet": (self.outlets, [outlet.name for outlet in mission.outlets]),
            "format": ((), []) if self.formats == ALL_FORMATS else (self.formats, [f.name for f in mission.formats]),
            "subject": (self.subjects, [subject.name for subject in mission.subjects]),
        }
        problems = [
            Problem("unknown_name", column=column, value=name, values={"known": ", ".join(names)})
            for column, (asked, names) in known.items()
            for name in asked
            if name not in names
        ]
        if self.start and self.end and self.end < self.start:
            problems.append(Problem("dates_reversed", values={"start": self.start, "end": self.end}))
        if problems:
            raise ProblemsFound(problems)


WHERE = (
    "period",
    "week",
    "date",
    "outlet",
    "medium",
    "ownership",
    "region",
    "programme",
    "airing_id",
    "slot",
    "format",
    "unit",
)
"""Columns that say where something was: a share is taken within each of their combinations."""

OF_AIRING = WHERE[:9]
"""Those that are known of an airing even when nothing in it was about a subject."""

WHO = ("subject", "group", "affiliation", "role", "speech", "topic", "tone")
"""Columns that say who or what was covered, and how."""


def check_columns(by: Iterable[str], allowed: Iterable[str] = WHERE + WHO) -> tuple[str, ...]:
    """The group columns of a result. Raises ProblemsFound for one that is not among `allowed`, or stands twice."""
    asked, permitted = tuple(by), tuple(allowed)
    values = {"known": ", ".join(permitted)}
    problems = [
        Problem("unknown_name", column="by", value=name, values=values) for name in asked if name not in permitted
    ]
    problems += [Problem("column_twice", column=name) for name in sorted({n for n in asked if asked.count(n) > 1})]
    if problems:
        raise ProblemsFound(problems)
    return asked
