"""What each role may do. Coders see no results, so that two codings of one airing stay blind."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from coding.vocabulary import PersonRole


class Right(StrEnum):
    """What a page or a route asks for."""

    RESULTS = "results"
    CODE = "code"
    SUPERVISE = "supervise"
    RECORD = "record"
    PEOPLE = "people"
    INCIDENTS = "incidents"


MAY: Mapping[PersonRole, frozenset[Right]] = {
    PersonRole.CODER: frozenset({Right.CODE}),
    PersonRole.SUPERVISOR: frozenset({Right.CODE, Right.SUPERVISE, Right.RECORD, Right.RESULTS, Right.INCIDENTS}),
    PersonRole.ANALYST: frozenset({Right.RESULTS, Right.INCIDENTS}),
    PersonRole.VIEWER: frozenset({Right.RESULTS}),
    PersonRole.ADMIN: frozenset(Right),
}


@dataclass(frozen=True)
class Person:
    """Who asks. `demo` is whoever sits at this machine before any mission of its own is here: no account behind it."""

    name: str
    role: PersonRole
    demo: bool = False
    one_time: bool = False
    session_id: str = ""

    def may(self, right: Right) -> bool:
        """Whether the role has the right; nobody without an account makes accounts."""
        return right in MAY[self.role] and not (self.demo and right == Right.PEOPLE)
