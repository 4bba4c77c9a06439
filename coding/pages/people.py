"""The People page: who may come in, and what each may do. Every change is asked about first, and told."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from coding.languages import DEFAULT, Translate, translator
from coding.pages import frame, who
from coding.people.accounts import People, people
from coding.people.rights import Person, Right
from coding.people.rows import Account
from coding.problems import ProblemsFound
from coding.vocabulary import PersonRole

ASKED, TOLD, SECRET, WHOM = "people.asked", "people.told", "people.secret", "people.who"
ROLES = tuple(PersonRole)


def show() -> None:
    """Draw the page for whoever may make accounts."""
    t = translator(str(st.session_state.get("language", DEFAULT)))
    admin = who.allowed(t, Right.PEOPLE)
    if admin is None:
        return
    st.html(frame.STYLE)
    frame.text("title", t("page.people.title"), "h1")
    frame.text("note", t("page.people.about"))
    frame.text("note", t("page.people.may"))
    held = people().everyone()
    _table(t, held)
    _result(t)
    left, right = st.columns(2, gap="large")
    with left:
        frame.text("head", t("page.people.change"), "h2")
        _change(t, admin, held)
    with right:
        frame.text("head", t("page.people.add"), "h2")
        _add(t, admin)


def _result(t: Translate) -> None:
    """What the last press did; a one-time password stays until it is said to be passed on."""
    style, words = st.session_state.pop(TOLD, ("", ""))
    if words:
        frame.text(style, words)
    name, password = st.session_state.get(SECRET, ("", ""))
    if password:
        frame.text("told", t("page.people.hand_over", name=name))
        st.code(password, language=None)
        st.button(t("page.people.noted"), key="people.noted", on_click=_forget)


def _forget() -> None:
    st.session_state.pop(SECRET, None)


def _table(t: Translate, held: Sequence[Account]) -> None:
    rows = [
        (
            account.name,
            t(f"people.role.{account.role}"),
            _state(t, account),
            account.last_sign_in[:16].replace("T", " ") or t("word.no_value"),
            account.sessions,
        )
        for account in held
    ]
    columns = [t(f"page.people.column_{name}") for name in ("name", "role", "state", "last", "sessions")]
    st.dataframe(pd.DataFrame(rows, columns=columns), hide_index=True, key="people.table")


def _state(t: Translate, account: Account) -> str:
    return t(f"people.state.{'off' if not account.active else 'one_time' if account.one_time else 'active'}")


def _add(t: Translate, admin: Person) -> None:
    with st.form(key="people.add", clear_on_submit=True, border=False):
        name = st.text_input(t("page.people.name"), max_chars=60, key="people.add.name")
        role = st.selectbox(
            t("page.people.role"), ROLES, key="people.add.role", format_func=lambda role: t(f"people.role.{role}")
        )
        pressed = st.form_submit_button(t("page.people.add_go"), type="primary")
    if pressed:
        _made(t, name, role, admin)


def _made(t: Translate, name: str, role: PersonRole, admin: Person) -> None:
    def add(accounts: People) -> None:
        st.session_state[SECRET] = (name.strip(), accounts.add(name, role, admin.name))

    _done(t, add, t("page.people.added", name=name.strip(), role=t(f"people.role.{role}")))
    st.rerun()


def _change(t: Translate, admin: Person, held: Sequence[Account]) -> None:
    """One person at a time: the role, the password, the sessions, on or off."""
    accounts = {account.name: account for account in held}
    name = st.selectbox(
        t("page.people.who"),
        list(accounts),
        index=None,
        key=WHOM,
        placeholder=t("page.people.choose"),
        on_change=_leave,
    )
    if name is None:
        return
    account = accounts[name]
    for session in people().sessions(name):
        since, until = (at[:16].replace("T", " ") for at in (session.made_at, session.expires_at))
        frame.text("note", t("page.people.sessions", since=since, client=session.client or "?", until=until))
    if not account.sessions:
        frame.text("note", t("page.people.no_sessions", name=name))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        role = st.selectbox(
            t("page.people.role"), ROLES, ROLES.index(account.role), key=f"people.role.{name}",
            format_func=lambda role: t(f"people.role.{role}"), width=220,
        )  # fmt: skip
        _ask(t, "role", name, role)
    with st.container(horizontal=True):
        for action in ("password", "sessions", "off" if account.active else "on"):
            _ask(t, action, name, role)
    asked = st.session_state.get(ASKED)
    if asked and asked[1] == name:
        _confirm(t, admin, *asked)


def _leave() -> None:
    st.session_state.pop(ASKED, None)


def _ask(t: Translate, action: str, name: str, role: PersonRole) -> None:
    def asked() -> None:
        st.session_state[ASKED] = (action, name, role)

    st.button(t(f"page.people.{action}_go"), key=f"people.ask.{action}", on_click=asked)


def _confirm(t: Translate, admin: Person, action: str, name: str, role: PersonRole) -> None:
    named = {"name": name, "role": t(f"people.role.{role}")}
    frame.text("told", t(f"page.people.ask_{action}", **named))
    with st.container(horizontal=True):
        yes = st.button(t("page.people.yes"), type="primary", key="people.yes")
        st.button(t("page.people.no"), key="people.no", on_click=_leave)
    if yes:
        _leave()
        _done(t, _actions(name, role, admin.name)[action], t(f"page.people.{action}_done", **named))
        st.rerun()


def _actions(name: str, role: PersonRole, by: str) -> dict[str, Callable[[People], None]]:
    def password(accounts: People) -> None:
        st.session_state[SECRET] = (name, accounts.new_password(name, by))

    def sessions(accounts: People) -> None:
        accounts.revoke_all(name, by)

    return {
        "password": password,
        "sessions": sessions,
        "role": lambda accounts: accounts.set_role(name, role, by),
        "off": lambda accounts: accounts.deactivate(name, by),
        "on": lambda accounts: accounts.activate(name, by),
    }


def _done(t: Translate, act: Callable[[People], None], words: str) -> None:
    """Do it, and keep what to tell for the next run."""
    st.session_state.pop(SECRET, None)
    try:
        act(people())
    except ProblemsFound as found:
        st.session_state[TOLD] = ("bad", "\n".join(problem.message(t) for problem in found.problems))
    else:
        st.session_state[TOLD] = ("good", words)


show()
