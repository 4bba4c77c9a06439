"""`python -m monitoring benchmark`: gaps of contestants from what they are due, and distances, by every benchmark."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator
from coding.vocabulary import canonical
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
from monitoring.selection import Incumbents, Selection

if TYPE_CHECKING:
    import pandas as pd

    from coding.mission.model import Benchmark
    from monitoring.coverage import Coverage

told = translator()


def benchmark(
    mission: MissionPlace,
    name: Annotated[list[str], option("--benchmark", "balance.option_benchmark")] = [],  # noqa: B006  typer copies it
    vector: Annotated[list[str], option("--vector", "balance.option_vector")] = [],  # noqa: B006
    by: Annotated[str, option("--by", "balance.option_by")] = "outlet",
    of_places: Annotated[bool, typer.Option("--distances/--gaps", help=told("balance.option_distances"))] = False,
    outlet: OutletNames = [],  # noqa: B006
    medium: MediaNames = [],  # noqa: B006
    format_: FormatNames = [],  # noqa: B006
    start: FirstDay = None,
    end: LastDay = None,
    incumbents: Annotated[Incumbents, option("--incumbents", "option.incumbents")] = Incumbents.INSTITUTION,
    csv: Annotated[str, option("--csv", "balance.option_csv")] = "",
) -> None:
    """All benchmarks side by side unless some are named."""
    selection = selected(
        start=start,
        end=end,
        outlet=outlet,
        medium=medium,
        format_=format_,
        incumbents=incumbents,
    )
    columns = names_in(by)
    with guarded():
        answer(mission, selection, columns, (tuple(map(canonical, name)), tuple(vector)), of_places, csv)


def answer(
    place: str,
    selection: Selection,
    by: tuple[str, ...],
    asked: tuple[tuple[str, ...], tuple[str, ...]],
    of_places: bool,
    csv: str,
) -> None:
    """Compute gaps or distances by the benchmarks asked for (names and vectors), then print or write them."""
    from coding.store.places import open_mission
    from monitoring.benchmarks.distances import distances
    from monitoring.benchmarks.due import benchmark as checked
    from monitoring.benchmarks.due import names
    from monitoring.benchmarks.gaps import gaps
    from monitoring.benchmarks.vectors import vectors
    from monitoring.coverage import open_coverage
    from monitoring.output import hand_over

    coverage = open_coverage(open_mission(place))
    own = vectors(asked[1], coverage.mission, told("balance.own_source"))
    every = asked[0] or names(coverage.mission, own)
    if coverage.mission.contestants:
        for each in every:
            checked(coverage.mission, each, own)
    found = (distances if of_places else gaps)(coverage, selection, by, every, own)
    if csv:
        hand_over(csv, found, described(coverage, selection, every, own))
    else:
        typer.echo(printed(found, coverage, selection, (every, own), by))


def described(
    coverage: "Coverage", selection: Selection, names: tuple[str, ...], own: tuple["Benchmark", ...]
) -> dict[str, Any]:
    """What stands beside the CSV: mission, selection, and what each benchmark says is due to whom."""
    from monitoring.benchmarks.due import due_shares
    from monitoring.benchmarks.words import source
    from monitoring.output import described_report
    from monitoring.words import Words

    mission, words = coverage.mission, Words(coverage.mission)
    measured_by = {name: {"source": source(words, name, own), "due": due_shares(mission, name, own)} for name in names}
    due = measured_by if mission.contestants else {}
    return described_report("benchmark", mission, coverage.fingerprint, selection, benchmarks=due)


def printed(
    found: "pd.DataFrame",
    coverage: "Coverage",
    selection: Selection,
    asked: tuple[tuple[str, ...], tuple["Benchmark", ...]],
    by: tuple[str, ...],
) -> str:
    """The answer in words (of gaps), what was measured by, the table, and what each figure means."""
    from monitoring.benchmarks import words as said
    from monitoring.words import Words

    words, (names, own) = Words(coverage.mission), asked
    counted = [*words.counted(selection), *(words.named("medium", medium) for medium in selection.media)]
    head = [words.with_notice(coverage.mission.title), told("balance.command"), "; ".join(counted)]
    if found.empty:
        reason = "command.nothing" if coverage.mission.contestants else "page.balance.no_contestants"
        return "\n".join([*head, "", told(reason)])
    sources = "; ".join(said.source(words, name, own) for name in names)
    lines = [*head, words.reading(selection), told("balance.measured_by", sources=sources)]
    lines += said.left_out(words, names, own)
    place = [name for name in by if name != "unit"]
    means: tuple[str, ...]
    if "measure" in found.columns:
        table, means = said.printed_distances(found, words), ("total_variation", "chance", "gini", "effective_number")
    else:
        lines += ["", said.sentence(found, selection, words, place)]
        table, means = said.printed_gaps(found, words), ("gap",)
    shown = table.rename(columns={name: said.heading(name, words) for name in table.columns}).to_string(index=False)
    bases = " / ".join(said.basis(words, unit) for unit in dict.fromkeys(found["unit"]))
    meant = [told(f"balance.means_{name}", basis=bases) for name in (*means, "interval")]
    return "\n".join([*lines, "", shown, "", *meant])
