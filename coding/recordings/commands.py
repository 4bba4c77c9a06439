"""Commands about recordings: ingest files, list what is there."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coding.languages import translator

if TYPE_CHECKING:
    from coding.recordings.changes import Held
    from coding.recordings.report import Report, Stage

told = translator()
TOLD_EACH = 0.5
"""Seconds between two lines of progress."""


def ingest(
    files: Annotated[list[Path], typer.Argument(help=told("option.ingest_files"), show_default=False)],
    mission: Annotated[str, typer.Option("--mission", help=told("option.import_into"), show_default=False)],
    airing: Annotated[str, typer.Option("--airing", help=told("option.airing"), show_default=False)] = "",
    start: Annotated[str, typer.Option("--start", help=told("option.start"), show_default=False)] = "",
    pattern: Annotated[str, typer.Option("--pattern", help=told("option.pattern"), show_default=False)] = "",
    page: Annotated[int | None, typer.Option("--page", min=1, help=told("option.page"), show_default=False)] = None,
    size: Annotated[str, typer.Option("--size", help=told("option.size"), show_default=False)] = "",
    proxy: Annotated[bool, typer.Option("--proxy", help=told("option.proxy"))] = False,
    who: Annotated[str, typer.Option("--who", help=told("option.who"))] = "ingest",
) -> None:
    """Store recordings and pages of papers with their airings."""
    from coding.commands import guarded
    from coding.recordings.ingest import ingest as ingest_files
    from coding.recordings.ingest import media_in
    from coding.recordings.report import Options
    from coding.store.places import open_mission

    width, height = _size(size)
    with guarded():
        options = Options(airing, start, pattern, page, width, height, proxy)
        given = [each for file in files for each in (media_in(file) if file.is_dir() else [file])]
        line = ProgressLine()
        report = ingest_files(open_mission(mission), given, options, who, line)
        line.end()
    _tell(report)


def _size(written: str) -> tuple[int | None, int | None]:
    if not written:
        return None, None
    width, _, height = written.lower().removesuffix("mm").partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise typer.BadParameter(told("recordings.page_size", value=written))
    return int(width), int(height)


def _tell(report: "Report") -> None:
    """What was stored, then what was refused; status 1 where something was."""
    for stored in report.stored:
        for note in stored.notes:
            typer.echo(f"{stored.file}: {note.text(told)}")
    for problem in report.problems:
        typer.echo(problem.text(), err=True)
    if report.problems:
        typer.echo(told("recordings.failed", count=len(report.problems)), err=True)
        raise typer.Exit(1)


class ProgressLine:
    """One line that says how far the file is; only on a terminal, where it can be written over."""

    def __init__(self) -> None:
        self.told, self.wide = 0.0, 0
        self.shown = bool(typer.get_text_stream("stderr").isatty())

    def __call__(self, file: str, stage: "Stage", share: float) -> None:
        if not self.shown or time.monotonic() - self.told < TOLD_EACH:
            return
        self.told = time.monotonic()
        line = f"{file}: {told(f'recordings.{stage}')} {share:.0%}"
        self.wide = max(self.wide, len(line))
        typer.echo(f"\r{line:<{self.wide}}", nl=False, err=True)

    def end(self) -> None:
        """Clear the line for what follows."""
        if self.wide:
            typer.echo(f"\r{'':<{self.wide}}\r", nl=False, err=True)


def recordings(
    mission: Annotated[str, typer.Argument(help=told("option.mission"), metavar="MISSION", show_default=False)],
) -> None:
    """List the recordings of a mission."""
    from coding.commands import guarded
    from coding.recordings.changes import held
    from coding.store.places import open_mission

    with guarded():
        store = open_mission(mission)
        lines = [_line(each) for each in held(store, store.mission())]
    for line in lines or [told("recordings.nothing")]:
        typer.echo(line)


def _line(each: "Held") -> str:
    from coding.recordings.files import megabytes
    from coding.recordings.report import seconds_text
    from coding.vocabulary import RecordingKind

    row = each.recording
    page = f"p{row.page} {row.width_mm}x{row.height_mm} mm"
    extent = page if row.kind == RecordingKind.PAGE else seconds_text(row.length_ms or 0)
    state = "" if each.here else told("recordings.gone")
    small = told("recordings.has_proxy") if each.proxy else ""
    parts = (row.airing_id, row.kind, extent, megabytes(row.bytes), row.name, small, state)
    return "  ".join(part for part in parts if part)
