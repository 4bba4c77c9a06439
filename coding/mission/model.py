"""The mission as a checked value: who is observed, when, on which scales. Files and the store both give this."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from coding.mission.aliases import Alias
from coding.mission.clock import clock_ms
from coding.mission.parts import Name, Part, Text
from coding.mission.rules import Rule
from coding.vocabulary import AiringKind, CodeKind, Medium, Ownership, SubjectKind, Unit


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("time_zone", "unknown time zone")
    return name


def _clock(value: Any) -> Any:
    return clock_ms(value) if isinstance(value, str) else value


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Colour = Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")]
Clock = Annotated[int, BeforeValidator(_clock), Field(ge=0)]
"""Milliseconds since the local midnight of the broadcast day; written hh:mm, above 24:00 for the night after."""


Day = date
"""A calendar day, under a name that a field called `date` does not hide."""


class Period(Part):
    """A named stretch of days, both ends inside."""

    name: Name
    start: date = Field(alias="from")
    end: date = Field(alias="to")


class Window(Part):
    """What was to be monitored: outlets, days, and a part of the day (the whole day when left out)."""

    name: Name
    outlets: tuple[Name, ...]
    start: date = Field(alias="from")
    end: date = Field(alias="to")
    start_clock: Clock = Field(0, alias="start")
    end_clock: Clock = Field(48 * 3_600_000, alias="end")

    @property
    def opens(self) -> int:
        """The earliest clock that is inside: a window of the whole day takes what began moments before midnight."""
        return self.start_clock or -12 * 3_600_000


class TonePoint(Part):
    """One point of the mission's scale; `score` runs from -1 to 1 and is what the tone balance adds."""

    name: Name
    score: float = Field(ge=-1, le=1)


class Format(Part):
    """What kind of content a segment stands in. Paid and free slots are not editorial."""

    name: Name
    editorial: bool = True
    unit: Unit | None = None
    tone_required: bool | None = None

    @property
    def needs_tone(self) -> bool:
        """Editorial content must carry a tone unless the mission says otherwise."""
        return self.editorial if self.tone_required is None else self.tone_required


class Group(Part):
    """Subjects that count together in a result, such as President and Government."""

    name: Name
    subjects: tuple[Name, ...]
    colour: Colour = ""


class Slot(Part):
    """A part of the day; airings that cross its border are cut there."""

    name: Name
    start_clock: Clock = Field(alias="start")
    end_clock: Clock = Field(alias="end")


class Benchmark(Part):
    """A reference distribution over contestants: numbers of any size, or a mix of other benchmarks (a law's rule).

    Exactly one of `weights` and `mix` is given. A mix of `{ equal = 0.5, votes = 0.5 }` gives half of the whole in
    equal parts and half in proportion to votes. `source` says where the numbers, or the rule, come from.
    """

    name: Name
    weights: dict[Name, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    mix: dict[Name, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    source: str = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.weights) == bool(self.mix):
            raise PydanticCustomError("benchmark_both", "either weights or a mix")
        if self.weights and not sum(self.weights.values()) > 0:
            raise PydanticCustomError("benchmark_nothing", "nobody has anything")
        return self


class Entitlement(Part):
    """What a contestant (or each of them, `*`) is granted free of charge on an outlet.

    `start` and `end` are the days within which it is to be given (both inside), the clocks the part of the day (both
    or neither); all may be left out. `source` is the decision that grants it.
    """

    # `start` in a file is the hour, never the field of that name: hours may stand without days
    model_config = ConfigDict(populate_by_name=False)

    contestant: Name
    outlet: Name
    format: Name
    amount: Annotated[int, Field(gt=0)]
    unit: Unit
    start: Annotated[date | None, Field(alias="from")] = None
    end: Annotated[date | None, Field(alias="to")] = None
    start_clock: Annotated[Clock | None, Field(alias="start")] = None
    end_clock: Annotated[Clock | None, Field(alias="end")] = None
    source: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.start_clock is None) != (self.end_clock is None):
            raise PydanticCustomError("granted_half", "one end of the hours only")
        if self.start_clock is not None and self.end_clock is not None and self.end_clock <= self.start_clock:
            raise PydanticCustomError("granted_reversed", "the hours end before they begin")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise PydanticCustomError("rule_days", "the last day is before the first one")
        return self


class Retired(Part):
    """A name that is not given to new segments any more: it was split up, or merged and could not be carried over.

    It stays in its list, since what was coded under it counts under it until somebody recodes it as one of `into`.
    """

    kind: Literal[CodeKind.SUBJECT, CodeKind.TOPIC, CodeKind.FORMAT]
    name: Name
    into: tuple[Name, ...]


class Outlet(Part):
    """A channel, station, newspaper or site."""

    name: Name
    medium: Medium
    unit: Unit
    ownership: Ownership = Ownership.UNKNOWN
    region: str = ""
    language: str = ""
    monitored: bool = True
    names: dict[str, Name] = Field(default_factory=dict)


class Affiliation(Part):
    """The contestant a subject belongs to between two dates; an open end has no date."""

    contestant: Name
    start: Annotated[date | None, BeforeValidator(_blank_is_none)] = None
    end: Annotated[date | None, BeforeValidator(_blank_is_none)] = None


class Subject(Part):
    """Who is covered. A contestant has a place on the ballot and belongs to itself."""

    name: Name
    kind: SubjectKind
    ballot: Annotated[int | None, Field(ge=1)] = None
    affiliations: tuple[Affiliation, ...] = ()
    colour: Colour = ""
    names: dict[str, Name] = Field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()

    @property
    def forms(self) -> tuple[Alias, ...]:
        """Every form under which this subject may be written, with the days on which it means this subject."""
        return (*(Alias(name=name) for name in (self.name, *self.names.values())), *self.aliases)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every form under which this subject may be written, on whatever day."""
        return self._spelled(self.aliases)

    def spellings_on(self, day: date) -> tuple[str, ...]:
        """Every form under which this subject may be written on a day: without aliases of other days."""
        return self._spelled(alias for alias in self.aliases if alias.holds(day))

    def _spelled(self, aliases: Iterable[Alias]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.name, *self.names.values(), *(alias.name for alias in aliases))))


class Airing(Part):
    """One programme on one date, one issue of a paper, or an outlet's imported totals.

    Instants are milliseconds of UTC since 1970. `date` is the local broadcast day, `start_clock` the wall clock at
    the planned start (the actual one where none was planned) in milliseconds since that day's midnight.
    `planned_size` and `actual_size` are those of an issue, in mm2 or lines. `date_to` is the last day of an aggregate.
    """

    airing_id: Name
    outlet: Name
    date: Day
    date_to: Day = Field(default_factory=lambda given: given.get("date", date.max))
    kind: AiringKind
    programme: Text = ""
    format: Text = ""
    slot: Text = ""
    planned_start: int | None = None
    planned_end: int | None = None
    actual_start: int | None = None
    actual_end: int | None = None
    planned_size: Annotated[int | None, Field(gt=0)] = None
    actual_size: Annotated[int | None, Field(gt=0)] = None
    start_clock: int | None = None
    coded: bool = False
    note: str = ""

    @property
    def planned(self) -> int | None:
        """Planned amount in the outlet's unit."""
        return _length(self.planned_start, self.planned_end, self.planned_size)

    @property
    def monitored(self) -> int | None:
        """Amount that was monitored, in the outlet's unit; None when it was not."""
        return _length(self.actual_start, self.actual_end, self.actual_size)


class ShowSuggestions(StrEnum):
    """When a coder sees what a model suggests: after the own first code, before it, or never."""

    AFTER = "after"
    BEFORE = "before"
    OFF = "off"


LEAST_WITHHELD = 0.15
"""As many segments at least go without a suggestion, or nobody could tell what suggestions do to the codes."""


class SuggestionPolicy(Part):
    """When suggestions are shown, and what share of segments never gets one, drawn at random."""

    show: ShowSuggestions = ShowSuggestions.AFTER
    withheld: Annotated[float, Field(ge=0, le=1)] = LEAST_WITHHELD

    @field_validator("withheld")
    @classmethod
    def _enough_withheld(cls, share: float, info: ValidationInfo) -> float:
        if info.data.get("show") != ShowSuggestions.OFF and share < LEAST_WITHHELD:
            raise PydanticCustomError("withheld", "too few segments withheld", {"least": LEAST_WITHHELD})
        return share


class DoubleCodingPolicy(Part):
    """What share of the airings is coded twice, drawn with which seed, and what a new coder must reach in a test.

    Without a `seed` one is drawn with the first draw, and kept on record. `pass_mark` is a share of 1.
    """

    share: Annotated[float, Field(ge=0, le=1)] = 0.10
    seed: Annotated[int | None, Field(ge=0, le=999_999_999)] = None
    pass_mark: Annotated[float, Field(ge=0, le=1)] = 0.8


def _length(start: int | None, end: int | None, size: int | None) -> int | None:
    return end - start if start is not None and end is not None else size


class Mission(Part):
    """One observation project: its codebook, outlets and subjects."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: Name
    country: str = ""
    time_zone: Annotated[str, AfterValidator(_zone)]
    election_day: date | None = None
    notice: str = ""
    minimum_segments: Annotated[int, Field(ge=0)] = 20
    periods: tuple[Period, ...]
    windows: tuple[Window, ...] = ()
    tone: tuple[TonePoint, ...]
    formats: tuple[Format, ...]
    topics: tuple[Name, ...] = ()
    groups: tuple[Group, ...] = ()
    slots: tuple[Slot, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    rules: tuple[Rule, ...] = ()
    suggestions: SuggestionPolicy = SuggestionPolicy()
    double_coding: DoubleCodingPolicy = DoubleCodingPolicy()
    keys: dict[str, str] = Field(default_factory=dict)
    retired: tuple[Retired, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    subjects: tuple[Subject, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def names(self, kind: CodeKind) -> tuple[str, ...]:
        """Every name of a kind in the order of the mission, retired ones too."""
        if kind == CodeKind.TOPIC:
            return self.topics
        parts: dict[CodeKind, tuple[Subject | Format | TonePoint, ...]] = {
            CodeKind.SUBJECT: self.subjects,
            CodeKind.FORMAT: self.formats,
            CodeKind.TONE: self.tone,
        }
        return tuple(part.name for part in parts[kind])

    def retired_names(self, kind: CodeKind) -> dict[str, tuple[str, ...]]:
        """What each retired name of a kind became."""
        return {each.name: each.into for each in self.retired if each.kind == kind}

    def offered(self, kind: CodeKind) -> tuple[str, ...]:
        """The names of a kind that a new segment may carry."""
        gone = self.retired_names(kind)
        return tuple(name for name in self.names(kind) if name not in gone)

    @property
    def contestants(self) -> tuple[Subject, ...]:
        """Those on the ballot, in ballot order."""
        return tuple(sorted((s for s in self.subjects if s.ballot is not None), key=lambda s: s.ballot or 0))
