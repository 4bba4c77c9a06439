"""What is read of the tables of people and sessions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, select, update

from coding.problems import Problem, ProblemsFound
from coding.store.schema import person as people_table
from coding.store.schema import session as session_table
from coding.vocabulary import PersonRole, canonical, matching_key

SIGNED_IN = (
    select(people_table.c.name, people_table.c.role, people_table.c.one_time)
    .join(session_table, session_table.c.person == people_table.c.name)
    .where(
        session_table.c.session_id == bindparam("asked"),
        session_table.c.expires_at > bindparam("now"),
        ~session_table.c.revoked,
        people_table.c.active,
    )
)
"""Asked at every request and every run of a page, so it is put together once."""


@dataclass(frozen=True)
class Account:
    """A person as the others see them; `last_sign_in` is empty where there was none."""

    name: str
    role: PersonRole
    active: bool
    one_time: bool
    last_sign_in: str
    sessions: int


@dataclass(frozen=True)
class Session:
    """One browser that is signed in."""

    session_id: str
    made_at: str
    expires_at: str
    client: str


def held_people(connection: Connection) -> dict[str, RowMapping]:
    """All accounts under the form in which names are compared."""
    return {matching_key(row["name"]): row for row in connection.execute(select(people_table)).mappings()}


def one(connection: Connection, name: str) -> RowMapping:
    """The account of this name, in any case. Raises ProblemsFound where there is none."""
    held = held_people(connection).get(matching_key(name))
    if held is None:
        raise ProblemsFound([Problem("people.unknown", value=canonical(name))])
    return held


def not_the_last_admin(connection: Connection, held: RowMapping) -> None:
    """Raises ProblemsFound where nobody else would be left to make accounts."""
    admins = [row for row in held_people(connection).values() if row["role"] == PersonRole.ADMIN and row["active"]]
    if [row["name"] for row in admins] == [held["name"]]:
        raise ProblemsFound([Problem("people.last_admin", value=held["name"])])


def by_person(counted: Any) -> Select[Any]:
    """A figure of the sessions of each person."""
    return select(session_table.c.person, counted).group_by(session_table.c.person)


def end_sessions(connection: Connection, these: Any) -> int:
    """End those of these sessions that are open; returns how many."""
    ended = update(session_table).where(these, ~session_table.c.revoked).values(revoked=True)
    return connection.execute(ended).rowcount
