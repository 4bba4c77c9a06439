"""How models/ says no: one exception with one sentence for a person."""

from collections.abc import Iterator
from contextlib import contextmanager

BROKEN = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
"""What Python raises where something foreign is not what it should be."""


class Refused(Exception):
    """Something cannot be done; reason is a plain English sentence that names the place and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def refusing(what: str, to_do: str) -> Iterator[None]:
    """Turns what goes wrong inside into Refused: “WHAT (the error); TO_DO”."""
    try:
        yield
    except BROKEN as error:
        raise Refused(f"{what} ({type(error).__name__}: {str(error)[:200]}); {to_do}") from error


@contextmanager
def refused_at(place: object) -> Iterator[None]:
    """Puts the place before what is refused inside."""
    try:
        yield
    except Refused as refused:
        raise Refused(f"{place}: {refused.reason}") from refused
