"""Commands about the record: new, check, import, export. They answer under `python -m monitoring` too."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coding.languages import translator
from coding.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    from coding.mission.model import Period

told = translator()
MissionPlace = Annotated[str, typer.Argument(help=told("option.mission"), metavar="MISSION", show_default=False)]


@contextmanager
def guarded() -> Iterator[None]:
    """Print every problem, each on a line of its own, and leave with status 1; no traceback for a person's error."""
    try:
        yield
    except ProblemsFound as found:
        for problem in found.problems:
            typer.echo(problem.text(), err=True)
        typer.echo(told("command.problems", count=len(found.problems)), err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        problem = Problem(
            "cannot_write",
            str(Path(error.filename).parent) if error.filename else "",
            value=error.strerror or str(error),
        )
        typer.echo(problem.text(), err=True)
        raise typer.Exit(1) from None


@contextmanager
def stopped_softly(words: str) -> Iterator[Event]:
    """The first Ctrl-C asks long work to stop at its next step, and says so; the second ends the program at once."""
    stop = Event()

    def asked(_signal: int, _frame: Any) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        typer.echo(told(words), err=True)

    before = signal.signal(signal.SIGINT, asked)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def check(mission: MissionPlace) -> None:
    """Print every problem of a mission and exit 1, or say what it holds."""
    from coding.holdings import holdings
    from coding.store.places import open_mission

    with guarded():
        for line in holdings(open_mission(mission)):
            typer.echo(line)


def new(folder: Annotated[Path, typer.Argument(help=told("option.new_folder"), show_default=False)]) -> None:
    """Write a commented mission folder to start from."""
    from coding.mission.template import write_template

    with guarded():
        write_template(folder)
        typer.echo(told("command.new_written", folder=folder))


def import_(
    file: Annotated[Path, typer.Argument(help=told("option.import_file"), show_default=False)],
    mission: Annotated[str, typer.Argument(help=told("option.import_into"), show_default=False)] = "",
    mapping: Annotated[str, typer.Option("--mapping", help=told("option.mapping"))] = "evenhand",
    new_mission: Annotated[str, typer.Option("--new", help=told("option.new"), show_default=False)] = "",
    title: Annotated[str, typer.Option("--title", help=told("option.title"), show_default=False)] = "",
    period: Annotated[str, typer.Option("--period", help=told("option.period"), show_default=False)] = "",
    start: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=told("option.period_from"))
    ] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=told("option.period_to"))] = None,
    zone: Annotated[str, typer.Option("--time-zone", help=told("option.time_zone"))] = "UTC",
    who: Annotated[str, typer.Option("--who", help=told("option.who"))] = "import",
) -> None:
    """Import a mission folder into a store, or a file of segments into a mission."""
    from coding.exchange.into import import_folder, import_segments

    with guarded():
        stretch = _period(period, start, end)
        if file.is_dir():
            lines = import_folder(file, mission or new_mission, who)
        else:
            lines = import_segments(file, mapping, mission, new_mission, title, stretch, zone, who)
        for line in lines:
            typer.echo(line)


def _period(name: str, start: datetime | None, end: datetime | None) -> "Period | None":
    from coding.mission.model import Period

    if not (name or start or end):
        return None
    if not (start and end):
        raise typer.BadParameter(told("command.period_needs"))
    if len(name) > 200:
        raise typer.BadParameter(told("command.period_long"))
    return Period(name=name or f"{start.date()} – {end.date()}", start=start.date(), end=end.date())


def export(
    mission: MissionPlace,
    target: Annotated[Path, typer.Argument(help=told("option.export_target"), show_default=False)],
) -> None:
    """Write the mission as a folder, or its segments as .csv, .xlsx or .parquet."""
    from coding.exchange.exporter import export_segments
    from coding.exchange.folder import export_folder
    from coding.store.places import open_mission

    with guarded():
        store = open_mission(mission)
        if target.suffix in (".csv", ".xlsx", ".parquet"):
            held = export_segments(store, target)
        else:
            held = export_folder(store, target)
        notice = held.mission.notice
        typer.echo(told("command.exported", file=target) + (f" ({notice})" if notice else ""))
        if held.left_out:
            typer.echo(told("command.left_out", count=held.left_out))


def bundle(
    target: Annotated[Path, typer.Argument(help=told("option.bundle_target"), show_default=False)],
    platform: Annotated[str, typer.Option("--platform", help=told("option.bundle_platform"), show_default=False)] = "",
    python: Annotated[str, typer.Option("--python", help=told("option.bundle_python"), show_default=False)] = "",
) -> None:
    """Make a folder that installs and starts the app on a machine without a network."""
    from coding.bundle import bundle as make_bundle

    with guarded():
        for line in make_bundle(target, platform, python):
            typer.echo(line)


def record_commands(app: typer.Typer, *, all_of_them: bool = False) -> None:
    """Register check, import and export, and with `all_of_them` what only `python -m coding` has."""
    app.command("check", help=told("command.check"))(check)
    app.command("import", help=told("command.import"))(import_)
    app.command("export", help=told("command.export"))(export)
    if all_of_them:
        app.command("new", help=told("command.new"))(new)
        app.command("bundle", help=told("command.bundle"))(bundle)
        from coding.recordings.commands import ingest, recordings

        app.command("ingest", help=told("command.ingest"))(ingest)
        app.command("recordings", help=told("command.recordings"))(recordings)
        from coding.suggestions.queue_command import queue

        app.command("queue", help=told("command.queue"))(queue)
        from coding.suggestions.train_command import train

        app.command("train", help=told("tone_model.command"))(train)
        from coding.subtitles.commands import subtitles, transcribe

        app.command("subtitles", help=told("subtitles.command.subtitles"))(subtitles)
        app.command("transcribe", help=told("subtitles.command.transcribe"))(transcribe)
        from coding.codebook.commands import codebook

        app.command("codebook", help=told("codebook.command"))(codebook)
        from coding.incidents.commands import commands as incident_commands

        app.add_typer(incident_commands, name="incidents", help=told("incidents.command.incidents"))
        from coding.people.commands import commands as people_commands

        app.add_typer(people_commands, name="people", help=told("people.command.people"))
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # a Windows console's own code page lacks most names
        sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
