"""`python -m coding people`: accounts from the command line, also where nobody can sign in any more."""

from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import guarded
from coding.languages import translator
from coding.vocabulary import PersonRole

if TYPE_CHECKING:
    from coding.people.rows import Account

told = translator()
BY = "command line"
Name = Annotated[str, typer.Argument(help=told("people.command.name"), show_default=False)]
RoleOption = Annotated[PersonRole, typer.Option("--role", help=told("people.command.name_role"))]
RoleArgument = Annotated[PersonRole, typer.Argument(help=told("people.command.name_role"), show_default=False)]

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@commands.command("list", help=told("people.command.list"))
def list_() -> None:
    """One line for each account."""
    from coding.people.accounts import people

    with guarded():
        held = people().everyone()
        for line in map(_line, held):
            typer.echo(line)
        if not held:
            typer.echo(told("people.nobody"))


def _line(account: "Account") -> str:
    state = "off" if not account.active else "one_time" if account.one_time else "active"
    return told(
        "people.listed",
        name=account.name,
        role=told(f"people.role.{account.role}"),
        state=told(f"people.state.{state}"),
        when=account.last_sign_in or told("people.never"),
        sessions=account.sessions,
    )


@commands.command("add", help=told("people.command.add"))
def add(name: Name, role: RoleOption = PersonRole.CODER) -> None:
    """Make an account."""
    from coding.people.accounts import people

    with guarded():
        _passed_on(name, people().add(name, role, BY))


@commands.command("password", help=told("people.command.password"))
def password(name: Name) -> None:
    """A new one-time password."""
    from coding.people.accounts import people

    with guarded():
        _passed_on(name, people().new_password(name, BY))


def _passed_on(name: str, one_time: str) -> None:
    typer.echo(told("people.one_time", name=name, password=one_time))
    typer.echo(told("people.one_time_next"))


@commands.command("role", help=told("people.command.role"))
def role(name: Name, role: RoleArgument) -> None:
    """Another role."""
    from coding.people.accounts import people

    with guarded():
        people().set_role(name, role, BY)
        typer.echo(told("people.role_set", name=name, role=told(f"people.role.{role}")))


@commands.command("off", help=told("people.command.off"))
def off(name: Name) -> None:
    """Switch off."""
    from coding.people.accounts import people

    with guarded():
        people().deactivate(name, BY)
        typer.echo(told("people.off_done", name=name))


@commands.command("on", help=told("people.command.on"))
def on(name: Name) -> None:
    """Switch on."""
    from coding.people.accounts import people

    with guarded():
        people().activate(name, BY)
        typer.echo(told("people.on_done", name=name))
