"""`python -m monitoring carries`: what a result would be without each outlet-day, or without each airing."""

from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator
from coding.problems import Problem, ProblemsFound
from monitoring.command_options import (
    FirstDay,
    FormatNames,
    LastDay,
    MediaNames,
    OutletNames,
    names_in,
    option,
    selected,
)
from monitoring.metrics import METRICS, Metric
from monitoring.selection import Denominator, Incumbents, Selection, Weight

if TYPE_CHECKING:
    from monitoring.coverage import Coverage
    from monitoring.intervals.leave_out import Part

told = translator()
PARTS = ("day", "airing")


def carries(
    mission: MissionPlace,
    metric: Annotated[str, option("--metric", "carries.option_metric")] = "share",
    by: Annotated[str, option("--by", "carries.option_by")] = "",
    of: Annotated[str, option("--of", "carries.option_of")] = PARTS[0],
    outlet: OutletNames = [],  # noqa: B006  typer copies it
    medium: MediaNames = [],  # noqa: B006
    format_: FormatNames = [],  # noqa: B006
    start: FirstDay = None,
    end: LastDay = None,
    incumbents: Annotated[Incumbents, option("--incumbents", "option.incumbents")] = Incumbents.INSTITUTION,
    denominator: Annotated[Denominator, option("--denominator", "option.denominator")] = Denominator.SUBJECT,
    weight: Annotated[Weight, option("--weight", "option.weight")] = Weight.AMOUNT,
    csv: Annotated[str, option("--csv", "carries.option_csv")] = "",
) -> None:
    """What a result would be without each outlet-day or airing, and which of them change it most."""
    selection = selected(
        start=start,
        end=end,
        outlet=outlet,
        medium=medium,
        format_=format_,
        incumbents=incumbents,
        denominator=denominator,
        weight=weight,
    )
    with guarded():
        chosen, part = _known(metric, of)
        columns = names_in(by) or chosen.by
        _answer(chosen, mission, selection, columns, part, csv)


def _known(metric: str, of: str) -> tuple[Metric, str]:
    """The metric and the part by their names. Raises ProblemsFound for unknown ones."""
    named = {each.name: each for each in METRICS}
    name = metric.replace("-", "_")
    known = {"--metric": (name, named), "--of": (of, PARTS)}
    found = [
        Problem("unknown_name", column=option, value=value, values={"known": ", ".join(names)})
        for option, (value, names) in known.items()
        if value not in names
    ]
    if found:
        raise ProblemsFound(found)
    return named[name], of


def _answer(metric: Metric, place: str, selection: Selection, by: tuple[str, ...], of: str, csv: str) -> None:
    from coding.store.places import open_mission
    from monitoring.coverage import open_coverage
    from monitoring.intervals.leave_out import Part, changes, without_each
    from monitoring.output import description, hand_over

    if metric.sums is None:
        raise ProblemsFound([Problem("carries.no_days", column="--metric", value=metric.name)])
    coverage = open_coverage(open_mission(place))
    part = Part(of)
    if not csv:
        typer.echo(printed(metric, coverage, selection, by, part))
        return
    left = without_each(metric, coverage, selection, by, part)
    if left is None:
        raise ProblemsFound([Problem("carries.nothing")])
    hand_over(csv, changes(left), description(metric, coverage, selection) | {"report": "carries"})


def printed(metric: Metric, coverage: "Coverage", selection: Selection, by: tuple[str, ...], part: "Part") -> str:
    """The answer in a sentence, each row without one day or airing, and the largest changes."""
    from monitoring.intervals import words as say
    from monitoring.intervals.leave_out import changes, summary, without_each
    from monitoring.words import Words

    words = Words(coverage.mission)
    head = [words.with_notice(coverage.mission.title), words.t("carries.title")]
    head += ["; ".join(words.counted(selection)), words.reading(selection)]
    left = without_each(metric, coverage, selection, by, part)
    if left is None:
        return "\n".join([*head, "", words.t("carries.none")])
    changed, summed = changes(left), summary(left, say.contestants_of(words, selection))
    result = metric.compute(coverage, selection, by)
    shown = say.shown_changes(changed, metric.name, part, words)
    counts = words.t("carries.shown_here", shown=words.number(len(shown)), total=words.number(len(changed)))
    return "\n".join(
        [
            *head,
            say.carries_sentence(metric.name, result, changed, summed, part, selection, words),
            "",
            f"{words.t('carries.summary')}:",
            say.shown_summary(summed, result, metric.name, words).to_string(index=False),
            "",
            f"{words.t('carries.changes')} ({counts}):",
            shown.to_string(index=False),
        ]
    )
