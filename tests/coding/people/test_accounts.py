"""Accounts on both engines: passwords, sessions, the brake on guessing, and what the audit chain says of it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from coding.people.accounts import LIFETIME, People, session_id_of
from coding.people.passwords import MOST_TRIES, WITHIN, one_time_password
from coding.people.rights import MAY, Person, Right
from coding.problems import ProblemsFound
from coding.store.engine import engine_for, reading
from coding.store.schema import audit, person, session
from coding.vocabulary import PersonRole
from tests.accounts import PASSWORD, token_of


class Clock:
    """A clock that a test puts forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(store_url: str, clock: Clock) -> People:
    return People(engine_for(store_url), clock)


def refused(act: Callable[[], object]) -> str:
    """The key of the one problem with which something is refused."""
    with pytest.raises(ProblemsFound) as found:
        act()
    return found.value.problems[0].key


def test_the_first_start_makes_one_admin_once(accounts: People) -> None:
    password = accounts.first_start()
    assert password is not None
    assert accounts.first_start() is None
    assert accounts.untouched()
    found = accounts.by_token(accounts.sign_in("Admin ", password, "test"))
    assert found is not None
    assert (found.name, found.role, found.one_time) == ("admin", PersonRole.ADMIN, True)
    accounts.choose_password("admin", password, PASSWORD, found.session_id)
    assert accounts.by_session(found.session_id) == Person("admin", PersonRole.ADMIN, session_id=found.session_id)
    assert not accounts.untouched()


def test_where_somebody_is_no_admin_is_made(accounts: People) -> None:
    accounts.add("Aigul", PersonRole.CODER, "test")
    assert accounts.first_start() is None


@pytest.mark.parametrize("taken", ["Айгүл", " айгүл", "АЙГҮЛ", "demo"])
def test_a_name_is_unique_without_case_and_spaces(accounts: People, taken: str) -> None:
    accounts.add("Айгүл", PersonRole.CODER, "test")
    assert refused(lambda: accounts.add(taken, PersonRole.CODER, "test")) == "people.name_taken"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b", "a\u202eb"])
def test_an_odd_name_is_refused(accounts: People, name: str) -> None:
    assert refused(lambda: accounts.add(name, PersonRole.CODER, "test")) == "people.name"


def test_the_database_holds_neither_password_nor_token(accounts: People, store_url: str) -> None:
    one_time = accounts.add("Aigul", PersonRole.CODER, "test")
    token = accounts.sign_in("Aigul", one_time, "test")
    accounts.choose_password("Aigul", one_time, PASSWORD)
    with reading(engine_for(store_url)) as connection:
        written = [tuple(row) for table in (person, session, audit) for row in connection.execute(select(table))]
        chain = json.dumps([tuple(row) for row in connection.execute(select(audit))])
    assert not [word for word in (one_time, PASSWORD, token) if word in str(written)]
    assert "argon2id" in str(written)
    assert "argon2" not in chain
    assert session_id_of(token) not in chain


def test_every_change_is_in_the_audit_chain_with_who_made_it(accounts: People, store_url: str) -> None:
    accounts.add("Boss", PersonRole.ADMIN, "cli")
    password = accounts.add("Aigul", PersonRole.CODER, "Boss")
    accounts.sign_in("Aigul", password, "10.0.0.7 Firefox")
    accounts.set_role("Aigul", PersonRole.SUPERVISOR, "Boss")
    accounts.deactivate("Aigul", "Boss")
    accounts.activate("Aigul", "Boss")
    accounts.activate("Aigul", "Boss")  # already so: nothing to write
    with reading(engine_for(store_url)) as connection:
        rows = connection.execute(select(audit.c.who, audit.c.action, audit.c.record).order_by(audit.c.seq)).all()
    assert [tuple(row) for row in rows] == [
        ("cli", "person_add", "Boss"),
        ("Boss", "person_add", "Aigul"),
        ("Aigul", "sign_in", "Aigul"),
        ("Boss", "person_role", "Aigul"),
        ("Boss", "person_off", "Aigul"),
        ("Boss", "person_on", "Aigul"),
    ]


def test_wrong_names_and_passwords_are_told_alike(accounts: People) -> None:
    accounts.add("Aigul", PersonRole.CODER, "test")
    assert refused(lambda: accounts.sign_in("Aigul", "wrong", "")) == "people.wrong"
    assert refused(lambda: accounts.sign_in("Nobody", "wrong", "")) == "people.wrong"


@pytest.mark.parametrize("name", ["Aigul", "Nobody"])
def test_after_five_tries_even_the_right_password_waits(accounts: People, clock: Clock, name: str) -> None:
    password = accounts.add("Aigul", PersonRole.CODER, "test")
    for _ in range(MOST_TRIES):
        assert refused(lambda: accounts.sign_in(name, "wrong", "")) == "people.wrong"
    clock.now += timedelta(minutes=4, seconds=30)
    with pytest.raises(ProblemsFound) as found:
        accounts.sign_in(f" {name.upper()}", password, "")
    assert found.value.problems[0].values == {"minutes": 11}
    assert "Wait 11 min" in found.value.problems[0].message()
    clock.now += WITHIN
    if name == "Aigul":
        assert accounts.sign_in(name, password, "")
    else:
        assert refused(lambda: accounts.sign_in(name, password, "")) == "people.wrong"


def test_a_right_password_or_a_new_one_ends_the_wait(accounts: People) -> None:
    password = accounts.add("Aigul", PersonRole.CODER, "test")
    for _ in range(MOST_TRIES - 1):
        refused(lambda: accounts.sign_in("Aigul", "wrong", ""))
    accounts.sign_in("Aigul", password, "")
    for _ in range(MOST_TRIES):
        refused(lambda: accounts.sign_in("Aigul", "wrong", ""))
    assert accounts.sign_in("Aigul", accounts.new_password("Aigul", "test"), "")


def test_guessing_the_present_password_is_braked_too(accounts: People) -> None:
    accounts.add("Aigul", PersonRole.CODER, "test")
    tries = [refused(lambda: accounts.choose_password("Aigul", "x", PASSWORD)) for _ in range(MOST_TRIES + 1)]
    assert tries == ["people.wrong_old"] * MOST_TRIES + ["people.wait"]


@pytest.mark.parametrize(
    ("new", "key"),
    [
        ("short", "people.password_short"),
        ("test coder one", "people.password_name"),
        (PASSWORD, "people.password_same"),
    ],
)
def test_a_poor_password_is_refused_and_the_old_one_stays(accounts: People, new: str, key: str) -> None:
    token_of(accounts, "Test Coder One", PersonRole.CODER)
    assert refused(lambda: accounts.choose_password("Test Coder One", PASSWORD, new)) == key
    assert accounts.sign_in("Test Coder One", PASSWORD, "")


def test_a_letter_and_its_mark_are_the_same_password(accounts: People) -> None:
    accounts.choose_password("Aigul", accounts.add("Aigul", PersonRole.CODER, "test"), "пароль с й внутри")
    assert accounts.sign_in("Aigul", "пароль с и\u0306 внутри", "")


def test_a_session_ends_when_it_expires(accounts: People, clock: Clock) -> None:
    token = token_of(accounts, "Aigul", PersonRole.CODER)
    clock.now += LIFETIME - timedelta(seconds=1)
    assert accounts.by_token(token)
    clock.now += timedelta(seconds=1)
    assert accounts.by_token(token) is None
    assert accounts.sessions("Aigul") == []


def test_a_session_ends_when_it_is_revoked_and_others_go_on(accounts: People) -> None:
    one, two = token_of(accounts, "Aigul", PersonRole.CODER), accounts.open_session("Aigul", "10.0.0.7 Firefox")
    accounts.revoke(session_id_of(one), "Aigul")
    assert accounts.by_token(one) is None
    assert accounts.by_token(two)
    assert [held.client for held in accounts.sessions("Aigul")] == ["10.0.0.7 Firefox"]
    assert accounts.revoke_all("aigul", "test") == 1
    assert accounts.by_token(two) is None


def test_a_new_password_ends_the_other_sessions(accounts: People) -> None:
    here, there = token_of(accounts, "Aigul", PersonRole.CODER), accounts.open_session("Aigul", "")
    accounts.choose_password("Aigul", PASSWORD, "another four words", session_id_of(here))
    assert accounts.by_token(here)
    assert accounts.by_token(there) is None
    accounts.new_password("Aigul", "test")
    assert accounts.by_token(here) is None


def test_a_person_who_is_switched_off_is_out_at_once(accounts: People) -> None:
    token = token_of(accounts, "Aigul", PersonRole.CODER)
    accounts.deactivate("Aigul", "test")
    assert accounts.by_token(token) is None
    assert refused(lambda: accounts.sign_in("Aigul", PASSWORD, "")) == "people.off"
    assert refused(lambda: accounts.sign_in("Aigul", "wrong", "")) == "people.wrong"
    accounts.activate("Aigul", "test")
    assert accounts.by_token(token) is None
    assert accounts.sign_in("Aigul", PASSWORD, "")


def test_a_change_of_role_counts_at_once(accounts: People) -> None:
    token = token_of(accounts, "Aigul", PersonRole.SUPERVISOR)
    accounts.set_role("Aigul", PersonRole.CODER, "test")
    found = accounts.by_token(token)
    assert found is not None
    assert not found.may(Right.RESULTS)


def test_the_last_admin_stays(accounts: People) -> None:
    accounts.add("One", PersonRole.ADMIN, "test")
    accounts.add("Two", PersonRole.ADMIN, "test")
    accounts.deactivate("One", "test")
    assert refused(lambda: accounts.deactivate("Two", "test")) == "people.last_admin"
    assert refused(lambda: accounts.set_role("two", PersonRole.VIEWER, "test")) == "people.last_admin"
    accounts.activate("One", "test")
    accounts.set_role("Two", PersonRole.VIEWER, "test")
    assert [(held.name, held.role) for held in accounts.everyone()] == [("One", "admin"), ("Two", "viewer")]


def test_nobody_of_that_name(accounts: People) -> None:
    assert refused(lambda: accounts.new_password("Nobody", "test")) == "people.unknown"
    assert accounts.by_token("x") is None


def test_everyone_is_told_with_last_sign_in_and_open_sessions(accounts: People, clock: Clock) -> None:
    accounts.add("beta", PersonRole.VIEWER, "test")
    token_of(accounts, "Alpha", PersonRole.CODER)
    clock.now += timedelta(days=20)
    accounts.open_session("Alpha", "")
    told = [(held.name, held.one_time, held.last_sign_in[:10], held.sessions) for held in accounts.everyone()]
    assert told == [("Alpha", False, "2026-03-21", 1), ("beta", True, "", 0)]


def test_one_time_passwords_differ_and_can_be_read_out() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("0o1liIO")


def test_who_may_what() -> None:
    assert set(MAY) == set(PersonRole)
    assert MAY[PersonRole.CODER] == {Right.CODE}
    assert MAY[PersonRole.ADMIN] == set(Right)
    assert [role for role in PersonRole if Right.PEOPLE in MAY[role]] == [PersonRole.ADMIN]
    assert not Person("demo", PersonRole.ADMIN, demo=True).may(Right.PEOPLE)
