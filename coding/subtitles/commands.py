"""Commands about what is said: attach subtitles to an airing, or have a speech model write them down."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coding.languages import translator

if TYPE_CHECKING:
    from coding.store import Store
    from coding.subtitles.attach import Attached

told = translator()
TOLD_EACH = 0.5
"""Seconds between two lines of progress."""
MissionPlace = Annotated[
    str, typer.Argument(help=told("subtitles.option.mission"), metavar="MISSION", show_default=False)
]
AiringId = Annotated[str, typer.Option("--airing", help=told("subtitles.option.airing"), show_default=False)]


def subtitles(
    mission: MissionPlace,
    file: Annotated[Path, typer.Argument(help=told("subtitles.option.file"), show_default=False)],
    airing: AiringId,
    language: Annotated[str, typer.Option("--language", help=told("subtitles.option.language"), show_default=False)],
    offset: Annotated[int, typer.Option("--offset", help=told("subtitles.option.offset"))] = 0,
    encoding: Annotated[
        str, typer.Option("--encoding", help=told("subtitles.option.encoding"), show_default=False)
    ] = "",
    who: Annotated[str, typer.Option("--who", help=told("option.who"))] = "subtitles",
) -> None:
    """Attach a subtitle file to an airing."""
    from coding.commands import guarded
    from coding.subtitles.attach import attach
    from coding.subtitles.reading import read_subtitles

    with guarded():
        store = _store(mission)
        _tell(attach(store, read_subtitles(file, encoding), airing, language, offset, who))


def transcribe(
    mission: MissionPlace,
    airing: AiringId,
    model: Annotated[Path, typer.Option("--model", help=told("subtitles.option.model"), show_default=False)],
    language: Annotated[str, typer.Option("--language", help=told("subtitles.option.spoken"), show_default=False)] = "",
    who: Annotated[str, typer.Option("--who", help=told("option.who"))] = "transcribe",
) -> None:
    """Write down what is said in an airing with a speech model, and attach it."""
    from coding.commands import guarded, stopped_softly
    from coding.subtitles.transcribe import transcribe_airing
    from models.speech import Cancelled

    with guarded(), stopped_softly("subtitles.stopping") as stop:
        line = _Line()
        try:
            done = transcribe_airing(_store(mission), airing, model, language, who, line.tell, stop.is_set)
        except Cancelled:
            typer.echo(told("subtitles.cancelled"), err=True)
            raise typer.Exit(130) from None
        finally:
            line.end()
        _tell(done)


def _store(mission: str) -> "Store":
    """The mission's store. Raises ProblemsFound for a folder: it is read into a cache that can be thrown away."""
    from coding.problems import Problem, ProblemsFound
    from coding.store.places import is_url, open_mission

    if not is_url(mission):
        raise ProblemsFound([Problem("subtitles.folder", value=mission)])
    return open_mission(mission)


def _tell(done: "Attached") -> None:
    """What was attached, after every note."""
    from coding.mission.clock import duration_text

    for note in done.notes:
        typer.echo(note.text(), err=True)
    file = done.file
    values = {"airing": file.airing_id, "cues": len(file.cues), "kind": file.kind, "language": file.language or "?"}
    typer.echo(told("subtitles.already" if done.already else "subtitles.attached", **values))
    if done.covered is not None and done.length_ms is not None:
        cover = {"share": f"{done.covered:.0%}", "length": duration_text(done.length_ms)}
        typer.echo(told("subtitles.covered", airing=file.airing_id, **cover))


class _Line:
    """One line that says how far the work is; only on a terminal, where it can be written over."""

    def __init__(self) -> None:
        self.told, self.wide = 0.0, 0
        self.shown = bool(typer.get_text_stream("stderr").isatty())

    def tell(self, stage: str, share: float) -> None:
        """Write the line anew, not too often."""
        if not self.shown or time.monotonic() - self.told < TOLD_EACH:
            return
        self.told = time.monotonic()
        line = f"{stage} {share:.0%}"
        self.wide = max(self.wide, len(line))
        typer.echo(f"\r{line:<{self.wide}}", nl=False, err=True)

    def end(self) -> None:
        """Take the line away."""
        if self.wide:
            typer.echo(f"\r{'':<{self.wide}}\r", nl=False, err=True)
