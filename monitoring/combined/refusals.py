"""Why no combined estimate is made: each reason with what to do about it is a message of the catalogue."""

from collections.abc import Mapping
from typing import Any

from coding.languages import Translate
from coding.problems import Problem

NO_DRAW, UNFINISHED, SEEN, NO_MODEL, TRAINED = "no_draw", "unfinished", "seen", "no_model", "trained"
NO_TEXT, TEXT_OF_SAMPLE, UNREAD, NOTHING, WHOLE = "no_text", "text_of_sample", "unread", "nothing", "whole"
REFUSALS = (NO_DRAW, UNFINISHED, SEEN, NO_MODEL, TRAINED, NO_TEXT, TEXT_OF_SAMPLE, UNREAD, NOTHING, WHOLE)
"""In the order in which they are looked for."""
FEW, RARE, OUTSIDE = "few", "rare", "outside"
REASONS = (FEW, RARE, OUTSIDE)
"""Why a single row has no interval: too few airings with the subject, too few with the tone, a value out of bounds."""


class Refusal(Exception):
    """Why nothing can be concluded from both together; `values` fill the words."""

    def __init__(self, reason: str, values: Mapping[str, Any] | None = None) -> None:
        self.reason, self.values = reason, dict(values or {})
        super().__init__(reason, self.values)

    def text(self, t: Translate) -> str:
        """What is missing and what to do."""
        return t(f"problem.combined.{self.reason}", **self.values)

    @property
    def problem(self) -> Problem:
        """The same as a problem, for a command."""
        return Problem(f"combined.{self.reason}", values=self.values)
