"""Accounts and sessions in a database of their own, or in the one that EVENHAND_PEOPLE names."""

import hashlib
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select, update

from coding.demo import DEMO_CODER
from coding.people.passwords import Throttle, check_choice, hashed, matches, one_time_password
from coding.people.rights import Person
from coding.people.rows import (
    SIGNED_IN,
    Account,
    Session,
    by_person,
    end_sessions,
    held_people,
    not_the_last_admin,
    one,
)
from coding.problems import Problem, ProblemsFound
from coding.store import audit
from coding.store.engine import engine_for, reading, writing
from coding.store.places import data_dir, sqlite_url, store_url
from coding.store.schema import person as people_table
from coding.store.schema import session as session_table
from coding.vocabulary import PersonRole, canonical, matching_key

PEOPLE_VARIABLE = "EVENHAND_PEOPLE"
FIRST_ADMIN = "admin"
LIFETIME = timedelta(days=14)
LONGEST_NAME = 60


def people_url() -> str:
    """The database of the accounts: EVENHAND_PEOPLE, else a file in the data directory."""
    named = os.environ.get(PEOPLE_VARIABLE, "")
    return store_url(named) if named else sqlite_url(data_dir() / "people.sqlite")


def people() -> "People":
    """The people of this installation; one object of a process, which counts the tries."""
    return _people(people_url())


@lru_cache
def _people(url: str) -> "People":
    return People(engine_for(url))


def session_id_of(token: str) -> str:
    """What the database holds of a token: its SHA-256, from which nobody gets the token back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class People:
    """Who may come in. Every change leaves an entry in the audit chain, without passwords, tokens or hashes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = _now) -> None:
        self._engine = engine
        self._clock = clock
        self._throttle = Throttle(clock)

    # accounts

    def first_start(self) -> str | None:
        """Where there is nobody at all, makes an admin and returns the one-time password."""
        with reading(self._engine) as connection:
            if held_people(connection):
                return None
        password = one_time_password()
        written = hashed(password)
        with writing(self._engine) as connection:
            if held_people(connection):
                return None
            self._insert(connection, FIRST_ADMIN, PersonRole.ADMIN, written, "first start")
        return password

    def add(self, name: str, role: PersonRole, by: str) -> str:
        """Make an account; returns its one-time password. Raises ProblemsFound for a name that is odd or taken."""
        named = canonical(name)
        if not 1 <= len(named) <= LONGEST_NAME or not named.isprintable():
            raise ProblemsFound([Problem("people.name", values={"longest": LONGEST_NAME})])
        password = one_time_password()
        written = hashed(password)
        with writing(self._engine) as connection:
            if matching_key(named) in {matching_key(DEMO_CODER), *held_people(connection)}:
                raise ProblemsFound([Problem("people.name_taken", value=named)])
            self._insert(connection, named, role, written, by)
        return password

    def _insert(self, connection: Connection, name: str, role: PersonRole, password: str, by: str) -> None:
        values = {"name": name, "role": str(role), "password": password, "one_time": True, "active": True}
        connection.execute(insert(people_table).values(**values, **self._stamp(by)))
        audit.record(connection, by, "person_add", name, 0, {"role": str(role)})

    def new_password(self, name: str, by: str) -> str:
        """A new one-time password in place of a forgotten one; ends the person's sessions."""
        password = one_time_password()
        written = hashed(password)
        with writing(self._engine) as connection:
            held = one(connection, name)
            self._change(connection, held, by, "person_password", password=written, one_time=True)
            end_sessions(connection, session_table.c.person == held["name"])
        self._throttle.forget(matching_key(name))
        return password

    def choose_password(self, name: str, old: str, new: str, keep: str = "") -> None:
        """A password of the person's own; ends the other sessions than `keep`. Raises ProblemsFound."""
        key = matching_key(name)
        self._throttle.attempt(key)
        with reading(self._engine) as connection:
            held = one(connection, name)
        if not matches(held["password"], old):
            raise ProblemsFound([Problem("people.wrong_old")])
        self._throttle.forget(key)
        check_choice(held["name"], old, new)
        written = hashed(new)
        with writing(self._engine) as connection:
            if one(connection, name)["password"] != held["password"]:
                raise ProblemsFound([Problem("people.wrong_old")])  # somebody else set another one meanwhile
            self._change(connection, held, held["name"], "person_password", password=written, one_time=False)
            others = session_table.c.session_id != keep
            end_sessions(connection, others & (session_table.c.person == held["name"]))

    def set_role(self, name: str, role: PersonRole, by: str) -> None:
        """Give a person another role. Raises ProblemsFound where nobody else is left to make accounts."""
        with writing(self._engine) as connection:
            held = one(connection, name)
            if role != PersonRole.ADMIN:
                not_the_last_admin(connection, held)
            self._change(connection, held, by, "person_role", role=str(role))

    def deactivate(self, name: str, by: str) -> None:
        """Switch an account off; what the person recorded stays. Raises ProblemsFound for the last admin."""
        with writing(self._engine) as connection:
            held = one(connection, name)
            not_the_last_admin(connection, held)
            self._change(connection, held, by, "person_off", active=False)
            end_sessions(connection, session_table.c.person == held["name"])

    def activate(self, name: str, by: str) -> None:
        """Switch an account on again."""
        with writing(self._engine) as connection:
            self._change(connection, one(connection, name), by, "person_on", active=True)

    def _change(self, connection: Connection, held: RowMapping, by: str, action: str, **values: Any) -> None:
        if all(held[name] == value for name, value in values.items()):
            return
        these = people_table.c.name == held["name"]
        connection.execute(update(people_table).where(these).values(**values, **self._stamp(by)))
        told = {name: value for name, value in values.items() if name != "password"}
        audit.record(connection, by, action, held["name"], 0, told)

    def _stamp(self, by: str) -> dict[str, str]:
        return {"changed_at": _written(self._clock()), "changed_by": by}

    def everyone(self) -> list[Account]:
        """All accounts by name, with the last sign-in and the number of open sessions."""
        with reading(self._engine) as connection:
            held = held_people(connection).values()
            last: dict[str, str] = dict(connection.execute(by_person(func.max(session_table.c.made_at))).all())
            valid = by_person(func.count()).where(self._valid())
            open_: dict[str, int] = dict(connection.execute(valid).all())
        accounts = [
            Account(
                name=row["name"],
                role=PersonRole(row["role"]),
                active=row["active"],
                one_time=row["one_time"],
                last_sign_in=last.get(row["name"], ""),
                sessions=open_.get(row["name"], 0),
            )
            for row in held
        ]
        return sorted(accounts, key=lambda account: matching_key(account.name))

    def untouched(self) -> bool:
        """Whether nobody has signed in yet but the first admin is waiting: then a newcomer needs to be told how."""
        with reading(self._engine) as connection:
            held = list(held_people(connection).values())
        return len(held) == 1 and held[0]["name"] == FIRST_ADMIN and held[0]["one_time"]

    # sessions

    def sign_in(self, name: str, password: str, client: str) -> str:
        """A token for the browser. Raises ProblemsFound: wrong, too many tries, or switched off."""
        key = matching_key(name)[:LONGEST_NAME]
        self._throttle.attempt(key)
        with reading(self._engine) as connection:
            held = held_people(connection).get(key)
        if not matches(held["password"] if held else None, password) or held is None:
            raise ProblemsFound([Problem("people.wrong")])
        if not held["active"]:
            raise ProblemsFound([Problem("people.off")])
        self._throttle.forget(key)
        return self.open_session(held["name"], client)

    def open_session(self, name: str, client: str) -> str:
        """A token for a person whose identity was proved by other means than a password here."""
        token = secrets.token_urlsafe(32)
        made = self._clock()
        values = {
            "session_id": session_id_of(token),
            "made_at": _written(made),
            "expires_at": _written(made + LIFETIME),
            "revoked": False,
            "client": client[:200],
        }
        with writing(self._engine) as connection:
            held = one(connection, name)
            connection.execute(insert(session_table).values(person=held["name"], **values))
            audit.record(connection, held["name"], "sign_in", held["name"], 0, {"client": values["client"]})
        return token

    def by_token(self, token: str) -> Person | None:
        """Who holds this token, if it is good now."""
        return self.by_session(session_id_of(token))

    def by_session(self, session_id: str) -> Person | None:
        """Whose session this is, asked of the database: the account is on, the session neither ended nor expired."""
        asked = {"asked": session_id, "now": _written(self._clock())}
        with reading(self._engine) as connection:
            row = connection.execute(SIGNED_IN, asked).one_or_none()
        return Person(row[0], PersonRole(row[1]), one_time=row[2], session_id=session_id) if row else None

    def sessions(self, name: str) -> list[Session]:
        """The open sessions of a person, the newest first."""
        columns = [session_table.c[field] for field in Session.__dataclass_fields__]
        newest = session_table.c.made_at.desc()
        with reading(self._engine) as connection:
            these = session_table.c.person == one(connection, name)["name"]
            rows = connection.execute(select(*columns).where(these, self._valid()).order_by(newest)).all()
        return [Session(*row) for row in rows]

    def revoke(self, session_id: str, by: str) -> None:
        """End one session."""
        with writing(self._engine) as connection:
            these = session_table.c.session_id == session_id
            name = connection.execute(select(session_table.c.person).where(these)).scalar()
            if end_sessions(connection, these):
                audit.record(connection, by, "sign_out", str(name))

    def revoke_all(self, name: str, by: str) -> int:
        """End every session of a person; returns how many were open."""
        with writing(self._engine) as connection:
            held = one(connection, name)
            ended = end_sessions(connection, (session_table.c.person == held["name"]) & self._valid())
            if ended:
                audit.record(connection, by, "sessions_end", held["name"], 0, {"sessions": ended})
        return ended

    def _valid(self) -> Any:
        return ~session_table.c.revoked & (session_table.c.expires_at > _written(self._clock()))
