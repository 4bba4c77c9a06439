"""What the commands of results ask alike: the options that select, and how their values become a selection."""

from datetime import datetime
from typing import Annotated, Any

import typer

from coding.languages import translator
from coding.vocabulary import Medium, Role, Speech, canonical
from monitoring.selection import ALL_FORMATS, Selection

told = translator()
DAY = ["%Y-%m-%d"]


def option(name: str, key: str, **more: Any) -> typer.models.OptionInfo:
    """An option whose help is the catalogue's text under `key`; its default is not shown."""
    made: typer.models.OptionInfo = typer.Option(name, help=told(key), show_default=False, **more)
    return made


OutletNames = Annotated[list[str], option("--outlet", "option.outlet")]
MediaNames = Annotated[list[Medium], option("--medium", "option.medium")]
FormatNames = Annotated[list[str], option("--format", "option.format")]
RoleNames = Annotated[list[Role], option("--role", "option.role")]
SpeechNames = Annotated[list[Speech], option("--speech", "option.speech")]
SubjectNames = Annotated[list[str], option("--subject", "option.subject")]
FirstDay = Annotated[datetime | None, option("--from", "option.from", formats=DAY)]
LastDay = Annotated[datetime | None, option("--to", "option.to", formats=DAY)]


def selected(
    *,
    start: datetime | None,
    end: datetime | None,
    outlet: list[str],
    medium: list[Medium],
    format_: list[str],
    subject: list[str] | None = None,
    **more: Any,
) -> Selection:
    """The selection that a command's options ask for; `more` are fields of `Selection` that need no change."""
    return Selection(
        start=start.date() if start else None,
        end=end.date() if end else None,
        outlets=tuple(map(canonical, outlet)),
        media=tuple(medium),
        formats=ALL_FORMATS if format_ == list(ALL_FORMATS) else tuple(map(canonical, format_)),
        subjects=tuple(map(canonical, subject or ())),
        **more,
    )


def names_in(text: str) -> tuple[str, ...]:
    """The names in a text that commas separate: "outlet, group" is ("outlet", "group")."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
