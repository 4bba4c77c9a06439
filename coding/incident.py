"""An incident is what numbers cannot show: a refused spot, an edited article, footage in the silence period."""

import re
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from coding.mission.parts import Part, Text
from coding.segment import MOST
from coding.vocabulary import IncidentKind, Unit, canonical

LONGEST = 5_000
"""Letters of a text."""
MOST_REVISIONS = 1_000_000
FOLLOWED = ("http://", "https://")
"""Only such an address is shown as a link; any other, such as a path, stays plain text."""
BETWEEN = ("<", ">", "|")
"""Signs that stand between documents and around their addresses in one cell, and so in no name or address."""


def _identifier(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise PydanticCustomError("uuid", "not a UUID") from None


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _clock(value: str) -> str:
    if not re.fullmatch(r"([0-2][0-9]:[0-5][0-9])?", value.strip()):
        raise PydanticCustomError("clock", "not a time")
    return value.strip()


def _text(value: str) -> str:
    """One kind of line end, and nothing around it: what a file, a form and a database write alike."""
    return "\n".join(value.splitlines()).strip()


def _apart(value: str) -> str:
    if any(sign in value for sign in BETWEEN):
        raise PydanticCustomError("incident_signs", "signs that part documents")
    return value


def _line(value: str) -> str:
    line = canonical(value)
    if not line:
        raise PydanticCustomError("string_too_short", "nothing there")
    return line


Line = Annotated[str, AfterValidator(_line), Field(max_length=300)]


class Document(Part):
    """Where a paper that proves something is found: its name, and an address or a path; nothing ever fetches it.

    An address that stands where the name does is both.
    """

    name: Annotated[Line, AfterValidator(_apart)]
    address: Annotated[str, AfterValidator(canonical), AfterValidator(_apart), Field(max_length=2_000)] = ""

    @model_validator(mode="before")
    @classmethod
    def _address_alone(cls, given: Any) -> Any:
        if isinstance(given, dict) and not given.get("address"):
            name = canonical(str(given.get("name", "")))
            return given | {"address": name} if name.startswith(FOLLOWED) else given
        return given

    @property
    def is_link(self) -> bool:
        """Whether a browser may be led there: http and https only."""
        return self.address.startswith(FOLLOWED)


class Incident(Part):
    """What happened, when, where and to whom, with what proves it, and what came of it.

    `start` and `end` are local days (both inside); `clock` is the time on the first of them where it is known, as text
    hh:mm. `contestant` is the one who was wronged or favoured. `amount` and `unit` are those of what was refused or
    withheld. `outcome` is what came of a complaint; `closed` says that nothing more is awaited.
    """

    incident_id: Annotated[str, AfterValidator(_identifier)]
    revision: Annotated[int, Field(ge=1, le=MOST_REVISIONS)] = 1
    kind: IncidentKind
    start: Annotated[date, Field(alias="from")]
    end: Annotated[date | None, BeforeValidator(_blank_is_none)] = Field(None, alias="to")
    clock: Annotated[str, AfterValidator(_clock)] = ""
    title: Line
    text: Annotated[str, AfterValidator(_text), Field(max_length=LONGEST)] = ""
    outlet: Text = ""
    contestant: Text = ""
    format: Text = ""
    airing_id: Text = ""
    segment_id: str = ""
    amount: Annotated[Annotated[int, Field(gt=0, le=MOST)] | None, BeforeValidator(_blank_is_none)] = None
    unit: Annotated[Unit | None, BeforeValidator(_blank_is_none)] = None
    documents: tuple[Document, ...] = ()
    source: Text = ""
    outcome: Annotated[str, AfterValidator(_text), Field(max_length=LONGEST)] = ""
    closed: bool = False

    @field_validator("segment_id")
    @classmethod
    def _segment(cls, value: str) -> str:
        return _identifier(value) if value else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise PydanticCustomError("incident_reversed", "the last day is before the first one")
        if (self.amount is None) != (self.unit is None):
            raise PydanticCustomError("incident_unit", "an amount needs its unit, and a unit its amount")
        return self

    @property
    def last(self) -> date:
        """The last day of it."""
        return self.end or self.start
