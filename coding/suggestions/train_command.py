"""`python -m coding train`: a version of the tone model from the labels of a mission."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from coding.languages import translator

if TYPE_CHECKING:
    from coding.store.tone_models import ToneModel
    from coding.suggestions.labels import Labels

told = translator()
STEP = 0.1
"""A line is printed at each stage, and each time so much more of it is done."""


def train(
    mission: Annotated[str, typer.Argument(help=told("option.mission"), metavar="MISSION", show_default=False)],
    use: Annotated[bool, typer.Option("--use/--no-use", help=told("tone_model.option.use"))] = False,
    who: Annotated[str, typer.Option("--who", help=told("option.who"))] = "train",
) -> None:
    """Train a version of the tone model on the labels of a mission, and say what it reached."""
    from coding.commands import guarded, stopped_softly
    from coding.problems import Problem, ProblemsFound
    from coding.store.places import is_url, open_mission
    from coding.suggestions.jobs import run_training
    from coding.suggestions.labels import labels_of
    from coding.suggestions.training import Cancelled

    with guarded(), stopped_softly("tone_model.stopping") as stop:
        if not is_url(mission):
            raise ProblemsFound([Problem("tone_model.folder", mission)])
        store = open_mission(mission)
        for line in left_out_lines(labels_of(store)):
            typer.echo(line, err=True)
        try:
            model = run_training(store, who, _Lines(), stop.is_set, use=use)
        except Cancelled:
            typer.echo(told("tone_model.cancelled"), err=True)
            raise typer.Exit(130) from None
        for line in report_lines(model):
            typer.echo(line)


def left_out_lines(labels: "Labels") -> Iterator[str]:
    """How many judgements are no label, a line for each reason."""
    for name, count in labels.left_out.items():
        if count:
            yield told(f"page.tone_model_training.{name}", count=count)


def report_lines(model: "ToneModel") -> Iterator[str]:
    """What a version reached, in words: one line for it, one for each language, and whether it is in use."""
    from coding.suggestions.reached import reached

    yield told("tone_model.made", version=model.version, labels=model.labels, folder=model.path)
    for each in reached(model):
        yield each.text(told)
    yield told("tone_model.in_use" if model.in_use else "tone_model.not_in_use", version=model.version)


class _Lines:
    """Progress on the console, a line now and then."""

    def __init__(self) -> None:
        self._stage, self._share = "", 0.0

    def __call__(self, stage: str, share: float) -> None:
        from coding.suggestions.reached import stage_words

        if stage != self._stage or share - self._share >= STEP:
            self._stage, self._share = stage, share
            typer.echo(f"{stage_words(told, stage)} {share:.0%}", err=True)
