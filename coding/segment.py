"""The segment: the coded unit, as a checked value."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from coding.mission.parts import Name, Text
from coding.vocabulary import Role, Selected, Speech, SuggestionShown

CODES = ("role", "speech", "tone", "format", "topic")
"""What a coder judges; a subject carries one set of codes over the same seconds."""


MOST = 2**53
"""The largest whole number that a browser, a workbook and every database write alike."""


def _box(value: str) -> str:
    if value:
        parts = value.split()
        try:
            sides = [float(part) for part in parts]
        except ValueError:
            sides = []
        if len(sides) != 4 or not all(0 <= side <= 1 for side in sides) or sides[2] <= 0 or sides[3] <= 0:
            raise PydanticCustomError("box", "not a box")
    return value


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Milliseconds = Annotated[Annotated[int, Field(ge=0, le=MOST)] | None, BeforeValidator(_blank_is_none)]
Page = Annotated[Annotated[int, Field(ge=1, le=100_000)] | None, BeforeValidator(_blank_is_none)]
Probability = Annotated[Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(_blank_is_none)]


class Segment(BaseModel):
    """One subject's continuous coverage inside an airing.

    `start_ms` and `end_ms` count from the airing's start, half-open; with both, `amount` follows from them.
    Without them `amount` is given, in the unit of the outlet (or of the format that overrides it): ms, mm2 or
    lines. `box` is `left top width height` in fractions of the page. An empty `tone` is allowed only where the
    mission does not ask for one. `coded_at` is an instant in UTC, `YYYY-MM-DDThh:mm:ssZ`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    segment_id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")]
    revision: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    airing_id: Name
    start_ms: Milliseconds = None
    end_ms: Milliseconds = None
    page: Page = None
    box: Annotated[str, AfterValidator(_box)] = ""
    amount: Annotated[int, Field(ge=0, le=MOST)]
    subject: Name
    role: Role = Role.CONTESTANT
    speech: Speech = Speech.NONE
    tone: Text = ""
    format: Name
    topic: Text = ""
    text: Annotated[str, Field(max_length=32_767)] = ""
    language: str = ""
    note: Annotated[str, Field(max_length=32_767)] = ""
    coder: Name
    coded_at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
    codebook_version: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    selected: Selected = Selected.ASSIGNED
    suggested_tone: str = ""
    suggested_probability: Probability = None
    suggested_by: str = ""
    suggestion: SuggestionShown = SuggestionShown.NEVER

    @model_validator(mode="before")
    @classmethod
    def _amount_follows(cls, given: Any) -> Any:
        """Amount is the length of the interval; a stated amount that differs is refused."""
        if not isinstance(given, dict):
            return given
        start, end = (_whole(given.get(key)) for key in ("start_ms", "end_ms"))
        if (start is None) != (end is None):
            raise PydanticCustomError("interval_half", "start and end go together")
        if start is None or end is None:
            return given
        if end <= start:
            raise PydanticCustomError("interval_reversed", "end before start", {"start": start, "end": end})
        stated = _whole(given.get("amount"))
        if stated is not None and stated != end - start:
            raise PydanticCustomError("interval_amount", "amount differs", {"amount": stated, "length": end - start})
        return given | {"amount": end - start}

    def codes(self) -> tuple[str, ...]:
        """The judgements, in the order of CODES."""
        return tuple(str(getattr(self, name)) for name in CODES)


def _whole(value: Any) -> int | None:
    """The integer that stands there, or None where there is none (the field's own check then names it)."""
    try:
        return int(str(value).strip())
    except ValueError:
        return None


FIELDS = tuple(Segment.model_fields)
"""Column names of a segment table, in order."""
