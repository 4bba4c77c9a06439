"""Rules that coverage is held against: the mission writes them down, with the law or regulation that says so.

One model for each kind; `kind` in `[[rules]]` of mission.toml chooses it. What is granted free of charge is an
entitlement (`coding.mission.model.Entitlement`), not a rule.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from coding.mission.parts import Name, Part
from coding.vocabulary import Role, Speech, Unit

Fraction = Annotated[float, Field(ge=0, le=1)]


class Stretch(StrEnum):
    """Over what a rule adds before it judges: a whole period of the mission, a calendar month, a week, or a day."""

    PERIOD = "period"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"


class KindOfTime(Part):
    """A part of the time that is judged on its own, such as speaking time; empty roles or speech are no restriction."""

    name: Name
    roles: tuple[Role, ...] = ()
    speech: tuple[Speech, ...] = ()


Reading = Literal["institution", "party"]
"""Under what coverage of an office-holder counts: apart, under the office, or to the benefit of the party."""


class AnyRule(Part):
    """What every rule has: a name, where and when it holds, which formats it is about, and who says so.

    No outlets are all monitored ones, no days the whole mission, no formats the editorial ones. Days are both inside.
    """

    name: Name
    outlets: tuple[Name, ...] = ()
    start: Annotated[date | None, Field(alias="from")] = None
    end: Annotated[date | None, Field(alias="to")] = None
    formats: tuple[Name, ...] = ()
    source: str = ""
    """The law, its article, or the decision that the rule is taken from."""

    @model_validator(mode="after")
    def _days_forward(self) -> Self:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise PydanticCustomError("rule_days", "the last day is before the first one")
        return self


class Equality(AnyRule):
    """Contestants are to get what a benchmark gives them, in every slot of the day and every kind of time.

    `tolerance` is how far the share of a contestant among contestants may lie from its due share, as a fraction of
    what is due: with 0.2 and twelve contestants, equal, each may have 6.7 to 10 per cent. A slot in which all
    contestants together have less than `at_least` is not judged: an integer of `unit`, which is needed only where the
    rule is about several units; what is counted in another one is judged however little it is. No `times` is all time
    together; no `slots` is every slot of the mission, and the whole day where it has none.
    """

    kind: Literal["equality"]
    benchmark: Name
    tolerance: Fraction
    at_least: Annotated[int, Field(ge=0)] = 0
    unit: Unit | None = None
    times: tuple[KindOfTime, ...] = ()
    slots: tuple[Name, ...] = ()
    per: Stretch = Stretch.PERIOD
    incumbents: Reading = "institution"

    @model_validator(mode="after")
    def _times_once(self) -> Self:
        if len({time.name for time in self.times}) < len(self.times):
            raise PydanticCustomError("rule_times", "two kinds of time of one name")
        return self


class Ceiling(AnyRule):
    """A group (the executive, say) may have at most a fraction of the time of all subjects.

    `roles` and `speech` narrow both: with `speech = ["direct"]` it is a fraction of all speaking time.
    """

    kind: Literal["ceiling"]
    group: Name
    at_most: Fraction
    roles: tuple[Role, ...] = ()
    speech: tuple[Speech, ...] = ()
    per: Stretch = Stretch.PERIOD
    incumbents: Reading = "institution"


class Paid(AnyRule):
    """Paid slots: at most so much for each contestant and outlet (`at_most` of `unit`), and access on equal terms.

    With `tolerance`, what one contestant has may differ from the mean of all contestants by that fraction of it at
    most. `formats` names what is paid: a mission may have several such formats, or none.
    """

    kind: Literal["paid"]
    at_most: Annotated[int | None, Field(gt=0)] = None
    unit: Unit | None = None
    tolerance: Fraction | None = None
    per: Stretch = Stretch.PERIOD

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.formats:
            raise PydanticCustomError("rule_formats", "no formats that are paid")
        if self.at_most is None and self.tolerance is None:
            raise PydanticCustomError("rule_empty", "neither a limit nor a tolerance")
        if (self.at_most is None) != (self.unit is None):
            raise PydanticCustomError("rule_unit", "a limit needs its unit, and a unit its limit")
        return self


class Silence(AnyRule):
    """No coverage of contestants from one local time to another, in these formats; no formats are all of them.

    `opens` is inside, `closes` is not. A newspaper is out from the beginning of its day. Days (`from`, `to`) are not
    wanted here, since the times say them.
    """

    kind: Literal["silence"]
    opens: datetime
    closes: datetime
    incumbents: Reading = "institution"

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.opens.tzinfo is not None or self.closes.tzinfo is not None:
            raise PydanticCustomError("rule_local", "local times, without an offset")
        if self.closes <= self.opens:
            raise PydanticCustomError("rule_reversed", "the end is not after the beginning")
        if self.start is not None or self.end is not None:
            raise PydanticCustomError("rule_silence_days", "opens and closes say the days")
        return self


Rule = Annotated[Equality | Ceiling | Paid | Silence, Field(discriminator="kind")]
RULE_KINDS = ("equality", "ceiling", "paid", "silence")
