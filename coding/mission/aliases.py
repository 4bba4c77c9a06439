"""Another spelling of a subject, for good or for some days: `Prime Minister [2007-01-10..2007-12-31]`."""

import re
from datetime import date
from typing import Any

from pydantic import model_serializer, model_validator
from pydantic_core import PydanticCustomError

from coding.mission.parts import Name, Part

_DATED = re.compile(r"^(?P<name>.*?)\s*\[(?P<days>[^\[\]]*)\]\s*$", re.DOTALL)
_MEANS_DAYS = re.compile(r"\.\.|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
"""Brackets that hold no day are a part of the name."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Alias(Part):
    """A spelling and the days on which it means its subject, both ends inside; an open end has no date.

    Written, also in a codebook, as one text: the name alone, or with its days in square brackets behind it.
    """

    name: Name
    start: date | None = None
    end: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        return _parsed(given) if isinstance(given, str) else given

    @model_serializer
    def written(self) -> str:
        """The alias as subjects.csv has it."""
        if self.start is None and self.end is None:
            return self.name
        return f"{self.name} [{self.start or ''}..{self.end or ''}]"

    def meets(self, other: "Alias") -> bool:
        """Whether there is a day on which both hold."""
        return max(self.start or date.min, other.start or date.min) <= min(self.end or date.max, other.end or date.max)

    def holds(self, day: date) -> bool:
        """Whether this spelling means its subject on a day."""
        return (self.start or date.min) <= day <= (self.end or date.max)


def _parsed(text: str) -> dict[str, Any]:
    found = _DATED.match(text)
    if not found or not _MEANS_DAYS.search(found["days"]):
        return {"name": text}
    ends = [end.strip() for end in found["days"].split("..")]
    if len(ends) != 2 or not any(ends) or not found["name"].strip():
        raise PydanticCustomError("alias_days", "not two days")
    start, end = (_day(end) for end in ends)
    if start and end and end < start:
        raise PydanticCustomError("alias_reversed", "ends before it begins", {"start": str(start), "end": str(end)})
    return {"name": found["name"], "start": start, "end": end}


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("alias_days", "not a day") from None
