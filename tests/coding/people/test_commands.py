"""`python -m coding people`: accounts without a browser."""

import re

import pytest
from typer.testing import CliRunner

from coding.__main__ import app
from coding.vocabulary import PersonRole
from tests.coding.people.conftest import Site


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["people", *words])
    return done.exit_code, done.output


def test_accounts_from_the_command_line(site: Site) -> None:
    assert "There is nobody yet" in run("list")[1]
    code, told = run("add", "Айгүл", "--role", "admin")
    password = re.search(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", told)
    assert (code, bool(password)) == (0, True)
    assert password
    assert site.people.sign_in("айгүл", password[0], "")
    assert "one-time password not used yet" in run("list")[1]
    assert run("add", "Boss", "--role", "admin")[0] == 0
    assert "now supervisor" in run("role", "Айгүл", "supervisor")[1]
    assert "switched off" in run("off", "Айгүл")[1]
    assert re.search("Айгүл: supervisor, switched off, last sign-in 20", run("list")[1])
    assert "switched on" in run("on", "Айгүл")[1]
    again = re.search(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", run("password", "Айгүл")[1])
    assert again
    assert site.people.sign_in("Айгүл", again[0], "")
    assert site.people.everyone()[1].role == PersonRole.SUPERVISOR


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("off", "Boss"), "last active admin"),
        (("role", "Boss", "coder"), "last active admin"),
        (("password", "Nobody"), "nobody called «Nobody»"),
        (("add", "boss "), "«boss» is taken"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_changes(site: Site, words: tuple[str, ...], told: str) -> None:
    run("add", "Boss", "--role", "admin")
    before = site.people.everyone()
    code, output = run(*words)
    assert code == 1
    assert told in output
    assert "Traceback" not in output
    assert site.people.everyone() == before
