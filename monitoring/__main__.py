"""`python -m monitoring`: what a mission reports. Heavy libraries load when a command runs, not before."""

from typing import Annotated

import typer

from coding.commands import MissionPlace, guarded, record_commands
from coding.languages import translator
from coding.problems import Problem, ProblemsFound
from monitoring.agreement_command import agreement
from monitoring.benchmark_command import benchmark
from monitoring.calendar_command import calendar
from monitoring.carries_command import carries
from monitoring.combined_command import combined
from monitoring.command_options import (
    FirstDay,
    FormatNames,
    LastDay,
    MediaNames,
    OutletNames,
    RoleNames,
    SpeechNames,
    SubjectNames,
    names_in,
    option,
    selected,
)
from monitoring.compare_command import compare
from monitoring.findings_command import findings
from monitoring.incidents_command import incidents
from monitoring.metrics import METRICS, Metric
from monitoring.rules_command import rules
from monitoring.selection import Denominator, Incumbents, Selection, Weight
from monitoring.suggestion_command import suggestions

told = translator()
app = typer.Typer(
    help=told("command.monitoring"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def metric_command(metric: Metric) -> None:
    """Register the command of one metric; all take the same options."""

    def run(
        mission: MissionPlace,
        by: Annotated[str, option("--by", "option.by")] = ",".join(metric.by),
        outlet: OutletNames = [],  # noqa: B006  typer copies it
        medium: MediaNames = [],  # noqa: B006
        format_: FormatNames = [],  # noqa: B006
        role: RoleNames = [],  # noqa: B006
        speech: SpeechNames = [],  # noqa: B006
        subject: SubjectNames = [],  # noqa: B006
        start: FirstDay = None,
        end: LastDay = None,
        incumbents: Annotated[Incumbents, option("--incumbents", "option.incumbents")] = Incumbents.INSTITUTION,
        denominator: Annotated[Denominator, option("--denominator", "option.denominator")] = Denominator.SUBJECT,
        weight: Annotated[Weight, option("--weight", "option.weight")] = Weight.AMOUNT,
        csv: Annotated[str, option("--csv", "option.csv")] = "",
    ) -> None:
        """Answer one metric for a selection."""
        selection = selected(
            start=start,
            end=end,
            outlet=outlet,
            medium=medium,
            format_=format_,
            roles=tuple(role),
            speech=tuple(speech),
            subject=subject,
            incumbents=incumbents,
            denominator=denominator,
            weight=weight,
        )
        with guarded():
            answer(metric, mission, selection, names_in(by), csv)

    app.command(metric.name.replace("_", "-"), help=told(f"command.{metric.name}"))(run)


def answer(metric: Metric, place: str, selection: Selection, by: tuple[str, ...], csv: str) -> None:
    """Compute, then print for people, or as CSV to standard output (`-`) or to a file."""
    from coding.store.places import open_mission
    from monitoring.coverage import open_coverage
    from monitoring.intervals.measured import measured
    from monitoring.output import description, hand_over, printed

    if metric.name == "hours":
        check_hours(selection)
    coverage = open_coverage(open_mission(place))
    result = measured(metric, coverage, selection, by)
    if csv:
        hand_over(csv, result, description(metric, coverage, selection))
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
app.command("benchmark", help=told("balance.command"))(benchmark)
app.command("carries", help=told("carries.command"))(carries)
app.command("calendar", help=told("calendar.command"))(calendar)
app.command("combined", help=told("combined.command"))(combined)
app.command("findings", help=told("command.findings"))(findings)
app.command("compare", help=told("compare.command"))(compare)
app.command("incidents", help=told("incidents.command.log"))(incidents)
app.command("rules", help=told("rules.command"))(rules)
record_commands(app)

if __name__ == "__main__":
    app()
