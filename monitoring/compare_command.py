"""`python -m monitoring compare`: two sides and one quantity; effect, interval, strength, and last p."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import canonical
from monitoring.command_options import DAY, FirstDay, FormatNames, LastDay, MediaNames, OutletNames, option, selected
from monitoring.comparison.asked import (
    Comparison,
    Quantity,
    before_and_after,
    between_contestants,
    between_outlets,
    between_periods,
    by_ownership,
    week_of,
)
from monitoring.selection import Incumbents, Selection, Weight

if TYPE_CHECKING:
    import pandas as pd

    from coding.mission.model import Mission
    from monitoring.coverage import Coverage

told = translator()


def compare(
    mission: MissionPlace,
    outlets: Annotated[tuple[str, str] | None, option("--outlets", "compare.option_outlets")] = None,
    ownership: Annotated[bool, typer.Option("--ownership", help=told("compare.option_ownership"))] = False,
    before: Annotated[datetime | None, option("--before", "compare.option_before", formats=DAY)] = None,
    weeks: Annotated[tuple[datetime, datetime] | None, option("--weeks", "compare.option_weeks", formats=DAY)] = None,
    periods: Annotated[
        tuple[datetime, datetime, datetime, datetime] | None,
        option("--periods", "compare.option_periods", formats=DAY),
    ] = None,
    contestants: Annotated[tuple[str, str] | None, option("--contestants", "compare.option_contestants")] = None,
    quantity: Annotated[Quantity, typer.Option("--quantity", help=told("compare.option_quantity"))] = Quantity.SHARE,
    group: Annotated[list[str], option("--group", "compare.option_group")] = [],  # noqa: B006  typer copies it
    outlet: OutletNames = [],  # noqa: B006
    medium: MediaNames = [],  # noqa: B006
    format_: FormatNames = [],  # noqa: B006
    start: FirstDay = None,
    end: LastDay = None,
    incumbents: Annotated[Incumbents, option("--incumbents", "option.incumbents")] = Incumbents.INSTITUTION,
    weight: Annotated[Weight, option("--weight", "option.weight")] = Weight.AMOUNT,
    csv: Annotated[str, option("--csv", "compare.option_csv")] = "",
) -> None:
    """Exactly one of the kinds of comparison."""
    selection = selected(
        start=start,
        end=end,
        outlet=outlet,
        medium=medium,
        format_=format_,
        incumbents=incumbents,
        weight=weight,
    )
    given = {
        "--outlets": tuple(map(canonical, outlets or ())),
        "--ownership": ownership,
        "--before": before.date() if before else None,
        "--weeks": tuple(day.date() for day in weeks or ()),
        "--periods": tuple(day.date() for day in periods or ()),
        "--contestants": tuple(map(canonical, contestants or ())),
    }
    with guarded():
        answer(mission, given, quantity, selection, tuple(map(canonical, group)), csv)


def answer(
    place: str, given: dict[str, Any], quantity: Quantity, selection: Selection, groups: tuple[str, ...], csv: str
) -> None:
    """Compute, then print for people, or as CSV to standard output (`-`) or to a file."""
    from dataclasses import replace

    from coding.store.places import open_mission
    from monitoring.comparison.compare import compare as compared
    from monitoring.coverage import open_coverage
    from monitoring.output import hand_over

    named = [name for name, value in given.items() if value]
    if len(named) != 1:
        raise ProblemsFound([Problem("compare.one_kind", values={}, value=", ".join(named) or "-")])
    coverage = open_coverage(open_mission(place))
    asked = comparison_of(named[0], given[named[0]], quantity, selection, coverage.mission)
    asked = replace(asked, groups=groups)
    found = compared(coverage, asked)
    if csv:
        hand_over(csv, found, described(coverage, asked))
    else:
        typer.echo(printed(found, coverage, asked))


def comparison_of(kind: str, value: Any, quantity: Quantity, selection: Selection, mission: "Mission") -> Comparison:
    """The comparison that an option and its value ask for."""
    if kind == "--outlets":
        return between_outlets(quantity, value[0], value[1], selection)
    if kind == "--ownership":
        return by_ownership(quantity, mission, selection)
    if kind == "--before":
        return before_and_after(quantity, value, selection)
    if kind == "--contestants":
        return between_contestants(quantity, value[0], value[1], selection)
    days: list[tuple[date, date]] = [week_of(day) for day in value] if kind == "--weeks" else [value[:2], value[2:]]
    return between_periods(quantity, days[0], days[1], selection)


def described(coverage: "Coverage", asked: Comparison) -> dict[str, Any]:
    """What stands beside the CSV: mission, the two sides, the quantity, how the permutations were drawn."""
    from monitoring.comparison.permutation import PERMUTATIONS, SEED
    from monitoring.output import described_report

    return described_report(
        "compare",
        coverage.mission,
        coverage.fingerprint,
        asked.selection,
        kind=asked.kind,
        quantity=asked.quantity,
        a={key: value for key, value in vars(asked.a).items() if value},
        b={key: value for key, value in vars(asked.b).items() if value},
        permutations=PERMUTATIONS,
        seed=SEED,
    )


def printed(found: "pd.DataFrame", coverage: "Coverage", asked: Comparison) -> str:
    """The answer, every row in a sentence, the table, and what its words mean."""
    from monitoring.comparison import sentences
    from monitoring.comparison.table import headings, shown_table
    from monitoring.words import Words

    words, selection = Words(coverage.mission), asked.selection
    counted = [*words.counted(selection), *(words.named("medium", medium) for medium in selection.media)]
    head = [words.with_notice(coverage.mission.title), "; ".join(counted), sentences.headline(found, asked, words)]
    if found.empty:
        return "\n".join(head)
    rows = [sentences.sentence(row, asked, words) for row in found.to_dict("records")]
    table = shown_table(found, asked, words).rename(columns=headings(asked, words)).to_string(index=False)
    numbers = {"asked": words.number(len(found)), "family": words.number(found["family"].iloc[0])}
    means = [
        sentences.limits(asked.quantity, words),
        words.t("page.compare.limits_ours"),
        words.t("page.compare.counted", **numbers),
        sentences.method(asked, words),
    ]
    return "\n".join([*head, "", *rows, "", table, "", *means])
