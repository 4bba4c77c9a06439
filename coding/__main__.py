"""`python -m coding`: what a human records. Heavy libraries load when a command runs, not before."""

import typer

from coding.commands import record_commands
from coding.languages import translator

app = typer.Typer(
    help=translator()("command.coding"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
record_commands(app, all_of_them=True)

if __name__ == "__main__":
    app()
