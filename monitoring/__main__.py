"""`python -m monitoring`: what a mission reports. Heavy libraries load when a command runs, not before."""

import sys
from datetime import datetime
from typing import Annotated

import typer

from coding.commands import MissionPlace, guarded, record_commands
from coding.languages import translator
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import Medium, Role, Speech, canonical
from monitoring.agreement_command import agreement
from monitoring.metrics import METRICS, Metric
from monitoring.selection import ALL_FORMATS, Denominator, Incumbents, Selection, Weight
from monitoring.suggestion_command import suggestions

told = translator()
app = typer.Typer(
    help=told("command.monitoring"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], show_default=False)]


def _option(name: str, key: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, help=told(f"option.{key}"), show_default=False)
    return option


def metric_command(metric: Metric) -> None:
    """Register the command of one metric; all take the same options."""

    def run(
        mission: MissionPlace,
        by: Annotated[str, _option("--by", "by")] = ",".join(metric.by),
        outlet: Annotated[list[str], _option("--outlet", "outlet")] = [],  # noqa: B006  typer copies it
        medium: Annotated[list[Medium], _option("--medium", "medium")] = [],  # noqa: B006
        format_: Annotated[list[str], _option("--format", "format")] = [],  # noqa: B006
        role: Annotated[list[Role], _option("--role", "role")] = [],  # noqa: B006
        speech: Annotated[list[Speech], _option("--speech", "speech")] = [],  # noqa: B006
        subject: Annotated[list[str], _option("--subject", "subject")] = [],  # noqa: B006
        start: Annotated[
            datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help=told("option.from"))
        ] = None,
        end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help=told("option.to"))] = None,
        incumbents: Annotated[Incumbents, _option("--incumbents", "incumbents")] = Incumbents.INSTITUTION,
        denominator: Annotated[Denominator, _option("--denominator", "denominator")] = Denominator.SUBJECT,
        weight: Annotated[Weight, _option("--weight", "weight")] = Weight.AMOUNT,
        csv: Annotated[str, _option("--csv", "csv")] = "",
    ) -> None:
        selection = Selection(
            start=start.date() if start else None,
            end=end.date() if end else None,
            outlets=tuple(map(canonical, outlet)),
            media=tuple(medium),
            formats=ALL_FORMATS if format_ == list(ALL_FORMATS) else tuple(map(canonical, format_)),
            roles=tuple(role),
            speech=tuple(speech),
            subjects=tuple(map(canonical, subject)),
            incumbents=incumbents,
            denominator=denominator,
            weight=weight,
        )
        with guarded():
            answer(metric, mission, selection, tuple(name.strip() for name in by.split(",") if name.strip()), csv)

    app.command(metric.name.replace("_", "-"), help=told(f"command.{metric.name}"))(run)


def answer(metric: Metric, place: str, selection: Selection, by: tuple[str, ...], csv: str) -> None:
    """Compute, then print for people, or as CSV to standard output (`-`) or to a file."""
    from coding.store.places import open_mission
    from monitoring.coverage import open_coverage
    from monitoring.output import printed, result_csv, write_result

    if metric.name == "hours":
        check_hours(selection)
    coverage = open_coverage(open_mission(place))
    result = metric.compute(coverage, selection, by)
    notice = coverage.mission.notice
    if csv == "-":
        sys.stdout.buffer.write(result_csv(result))
        if notice:  # the columns of the CSV are exactly those of the result, so the notice goes beside it
            typer.echo(notice, err=True)
    elif csv:
        file = write_result(csv, result, metric, coverage, selection)
        typer.echo(told("command.written", rows=len(result), file=file) + (f" ({notice})" if notice else ""))
    else:
        typer.echo(printed(result, metric, coverage, selection))


def check_hours(selection: Selection) -> None:
    """Raises ProblemsFound where hours are asked of formats, roles, speech or subjects: no airing is one of them."""
    asked = {"--format": selection.formats, "--role": selection.roles, "--speech": selection.speech}
    asked["--subject"] = selection.subjects
    found = [Problem("not_of_airings", value=name) for name, values in asked.items() if values]
    if found:
        raise ProblemsFound(found)


for each in METRICS:
    metric_command(each)
app.command("suggestions", help=told("command.suggestions"))(suggestions)
app.command("agreement", help=told("agreement.command"))(agreement)
record_commands(app)

if __name__ == "__main__":
    app()
