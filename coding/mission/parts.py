"""What every part of a mission is made of: names in one spelling, and no key that nobody reads."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from coding.vocabulary import canonical

Name = Annotated[str, AfterValidator(canonical), Field(min_length=1, max_length=200)]
Text = Annotated[str, AfterValidator(canonical)]


class Part(BaseModel):
    """A piece of the mission: frozen, and no key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
