"""Commands about tone suggestions: `python -m models`. Heavy libraries load when a command runs, not before."""

import json as to_json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.refusal import Refused

if TYPE_CHECKING:
    import pandas as pd

    from models.scale import Scale
    from models.suggestion import Suggester

app = typer.Typer(
    help="Tone suggestions for texts about a target: which models there are, what they say, and how good they are.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
TABLE_HELP = (
    "A .csv or .parquet file with the columns text, target and, where there are any, aliases, bystanders, language"
)
Table = Annotated[Path, typer.Argument(metavar="TABLE", help=f"{TABLE_HELP}.", show_default=False)]
Labelled = Annotated[
    Path,
    typer.Argument(
        metavar="TABLE",
        help=f"{TABLE_HELP}; and tone, group and, to look at parts, subject, outlet, format.",
        show_default=False,
    ),
]
ModelPlace = Annotated[
    str,
    typer.Option("--model", help="A model's folder, or the language of a ready one, such as en.", show_default=False),
]
Csv = Annotated[str, typer.Option("--csv", help="Write the table as CSV: to this file, or - for standard output.")]
Json = Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")]


@contextmanager
def guarded() -> Iterator[None]:
    """Print why something was refused, and leave with status 1; no traceback for a person's error."""
    try:
        yield
    except Refused as refused:
        typer.echo(refused.reason, err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.", err=True)
        raise typer.Exit(1) from None


@app.command()
def evaluate(
    table: Labelled,
    model: ModelPlace,
    scale: Annotated[
        str, typer.Option(help="The points of the tone scale with their scores, lowest first.")
    ] = "negative=-1,neutral=0,positive=1",
    by: Annotated[
        str, typer.Option(help="Parts to look at: tone,language,subject,outlet,format. Without it all that there are.")
    ] = "",
    minimum: Annotated[int, typer.Option(min=1, help="Rows below which a part is marked as few and stands last.")] = 30,
    swaps: Annotated[
        bool, typer.Option("--swaps", help="Exchange the names in the texts, too, and ask again.")
    ] = False,
    csv: Csv = "",
    json: Json = False,
) -> None:
    """How good a model is on labelled texts: overall and part by part, the worst part first."""
    from models import labelled, printed
    from models.evaluation.evaluate import evaluate as judge
    from models.evaluation.fairness import swap

    with guarded():
        points, suggester = scale_of(scale), suggester_at(model)
        rows = labelled.checked(labelled.read_table(table), points)
        found = judge(rows, points, suggester, _names(by), minimum)
        exchanged = None
        if swaps:
            exchanged = swap(list(rows["text"]), labelled.targets_of(rows), list(rows["language"]), suggester)
        if csv:
            write(csv, found.table())
        if json:
            typer.echo(
                to_json.dumps(
                    found.to_json() | ({"swaps": exchanged.to_json()} if exchanged else {}), ensure_ascii=False
                )
            )
        elif csv != "-":
            typer.echo(printed.evaluation(found))
            if exchanged:
                typer.echo(printed.exchanged(exchanged))


@app.command()
def suggest(table: Table, model: ModelPlace, csv: Csv = "", json: Json = False) -> None:
    """What a model says about each text: the labels that are possible, or why it is silent, and the probabilities."""
    from models import labelled, printed
    from models.suggestion import suggest as ask

    with guarded():
        suggester = suggester_at(model)
        rows = labelled.checked(labelled.read_table(table))
        told = ask(list(rows["text"]), labelled.targets_of(rows), list(rows["language"]), suggester)
        answers = printed.suggestions(rows, told)
        if csv:
            write(csv, answers)
        if json:
            typer.echo(to_json.dumps([vars(each) for each in told], ensure_ascii=False))
        elif csv != "-":
            typer.echo(answers.to_string(index=False, max_colwidth=40, na_rep="–", float_format="{:.2f}".format))


@app.command("list")
def list_models() -> None:
    """The backends, and the ready models with their version, languages, size and licence."""
    from models.backends import BACKENDS
    from models.folder import READY, read

    with guarded():
        typer.echo(f"Backends: {', '.join(BACKENDS)}.")
        for name, folder in READY.items():
            if not folder.is_dir():
                typer.echo(f"Ready, {name}: not installed.")
                continue
            held = read(folder)
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
            spoken = ", ".join(held.languages) or "any language"
            typer.echo(f"Ready, {name}: {held.version} ({held.backend}; {spoken}; {size:.1f} MB; {held.licence}).")


def scale_of(text: str) -> "Scale":
    """A scale from `name=score,name=score`. Raises Refused for what is not one."""
    from models.scale import Point, Scale, check_sense

    points = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, score = part.rpartition("=")
        try:
            points.append(Point(name.strip(), float(score)))
        except ValueError:
            raise Refused(f"--scale: “{part}” is not a point. Write name=score, such as neutral=0.") from None
    scale = Scale(tuple(points))
    check_sense(scale)
    return scale


def suggester_at(place: str) -> "Suggester":
    """The model in a folder, or the ready one of a language. Raises Refused."""
    from models.folder import open_model, ready

    folder = Path(place)
    return open_model(folder if folder.is_dir() else ready(place) or folder)


def write(where: str, table: "pd.DataFrame") -> None:
    """A table as CSV into a file, or to standard output for `-`. No cell begins like a formula."""
    from models.evaluation.evaluate import whole
    from models.printed import csv_text

    text = csv_text(table)
    if where == "-":
        typer.echo(text, nl=False)
    else:
        whole(Path(where), lambda path: path.write_text(text, encoding="utf-8"))
        typer.echo(f"{len(table)} rows written to {where}.", err=True)


def _names(text: str) -> list[str] | None:
    return [name.strip() for name in text.split(",") if name.strip()] or None
