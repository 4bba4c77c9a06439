"""Accounts for the tests: people of each role who have chosen their password and are signed in."""

from pathlib import Path

from coding.people.accounts import People
from coding.store.engine import engine_for
from coding.store.places import sqlite_url
from coding.vocabulary import PersonRole

PASSWORD = "four words of one sentence"


def token_of(accounts: People, name: str, role: PersonRole) -> str:
    """A session of a new person, whose password is no longer the one-time one."""
    accounts.choose_password(name, accounts.add(name, role, "test"), PASSWORD)
    return accounts.open_session(name, "test")


def people_of(folder: Path) -> People:
    """The accounts of an app that runs over this data folder."""
    return People(engine_for(sqlite_url(folder / "people.sqlite")))
