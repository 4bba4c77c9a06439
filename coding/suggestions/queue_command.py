"""`python -m coding queue`: what to code next, handed out where asked, and the draws so far."""

from typing import TYPE_CHECKING, Annotated

import typer

from coding.languages import translator

if TYPE_CHECKING:
    from coding.store import Store
    from coding.suggestions.queue import Draw
    from coding.suggestions.uncertainty import Outlook

told = translator()


def queue(
    mission: Annotated[str, typer.Argument(help=told("option.mission"), metavar="MISSION", show_default=False)],
    number: Annotated[int, typer.Option("--number", min=1, help=told("queue.option.number"))] = 10,
    measure: Annotated[bool, typer.Option("--measure", help=told("queue.option.measure"))] = False,
    coder: Annotated[list[str], typer.Option("--coder", help=told("queue.option.coder"), show_default=False)] = [],  # noqa: B006
    draws: Annotated[bool, typer.Option("--draws", help=told("queue.option.draws"))] = False,
    who: Annotated[str, typer.Option("--who", help=told("queue.option.who"))] = "queue",
) -> None:
    """Say what to code next; `--coder` assigns it, `--draws` lists what was drawn at random so far."""
    from coding.commands import guarded
    from coding.store.places import is_url, open_mission
    from coding.suggestions.queue import hand_out
    from coding.suggestions.uncertainty import outlook

    with guarded():
        store = open_mission(mission)
        if draws:
            _draws(store)
            return
        if coder and not is_url(mission):
            raise typer.BadParameter(told("queue.folder"))
        if measure:
            _measured(store)
        view = outlook(store)
        draw = view.draw(number)
        for line in _lines(view, draw):
            typer.echo(line)
        if coder and draw.random:
            for name, count in hand_out(store, draw, coder, who).items():
                typer.echo(told("queue.given", coder=name, count=count))


def _measured(store: "Store") -> None:
    from coding.suggestions.uncertainty import measure

    shown = bool(typer.get_text_stream("stderr").isatty())

    def tell(done: int, total: int) -> None:
        if shown:
            typer.echo(f"\r{told('queue.measuring', done=done, total=total)}", nl=done == total, err=True)

    measure(store, tell)


def _lines(view: "Outlook", draw: "Draw") -> list[str]:
    """How the draw was made, then a line for each airing: why, uncertainty, day, outlet, programme, id."""
    airings = {airing.airing_id: airing for airing in view.pool}
    if not airings:
        return [told("queue.nothing")]
    notice = view.mission.notice
    head = [f"{view.mission.title} ({notice})" if notice else view.mission.title, *view.how(draw, told)]
    if view.unread:
        head.append(told("queue.unread", count=view.unread))
    rows = []
    for name in (*draw.random, *draw.uncertain):
        airing, value = airings[name], draw.uncertainty.get(name)
        why = told("queue.why_random" if name in draw.random else "queue.why_uncertain")
        parts = (why, "" if value is None else f"{value:.2f}", str(airing.date), airing.outlet, airing.programme, name)
        rows.append("  ".join(part for part in parts if part))
    return [*head, "", *rows]


def _draws(store: "Store") -> None:
    """Airing, round, drawn, pool, probability and seed of every airing of the random halves, as CSV."""
    from coding.exchange.cells import guarded
    from coding.exchange.exporter import csv_text
    from coding.suggestions.queue import sample

    rows = [["airing_id", "round", "drawn", "pool", "probability", "seed"]]
    for each in sample(store):
        numbers = (each.round, each.drawn, each.pool, f"{each.probability:.6f}", each.seed)
        rows.append([guarded(each.airing_id), *map(str, numbers)])
    typer.echo(csv_text(rows), nl=False)
