"""`python -m monitoring rules`: every rule and entitlement of a mission, judged, with what is left."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator

if TYPE_CHECKING:
    from monitoring.entitled.judged import Ruling
    from monitoring.words import Words

told = translator()


def rules(
    mission: MissionPlace,
    rule: Annotated[str, typer.Option("--rule", help=told("rules.option_rule"), show_default=False)] = "",
    csv: Annotated[str, typer.Option("--csv", help=told("rules.option_csv"), show_default=False)] = "",
) -> None:
    """Judge, then print for people, or as CSV to standard output (`-`) or to a file."""
    from coding.store.places import open_mission
    from coding.vocabulary import canonical
    from monitoring.coverage import open_coverage
    from monitoring.entitled.judged import table
    from monitoring.entitled.judging import judge, named
    from monitoring.output import described_report, hand_over
    from monitoring.words import Words

    with guarded():
        store = open_mission(mission)
        coverage = open_coverage(store)
        rulings = judge(coverage, store)
        rulings = named(rulings, canonical(rule)) if rule else rulings
        words = Words(coverage.mission)
        rows = table(row for ruling in rulings for row in ruling.rows)
        if csv:
            hand_over(csv, rows, described_report("rules", words.mission, coverage.fingerprint))
        else:
            typer.echo(printed(rulings, words))


def printed(rulings: "Sequence[Ruling]", words: "Words") -> str:
    """Each ruling: its name, its answer, its source, its rows, what could not be judged, and its incidents."""
    head = words.with_notice(words.mission.title)
    if not rulings:
        return "\n".join([head, told("rules.none")])
    return "\n\n".join([head, *(_ruling(each, words) for each in rulings)])


def _ruling(ruling: "Ruling", words: "Words") -> str:
    from monitoring.entitled import equality
    from monitoring.entitled.shown import shown, shown_worst
    from monitoring.entitled.words import answer, unjudged

    t = words.t
    lines = [ruling.name, answer(ruling, words)]
    lines.append(t("page.rules.source", source=ruling.source) if ruling.source else t("page.rules.no_source"))
    if ruling.kind == equality.KIND:
        table = shown_worst(equality.worst(ruling.rows), words)
    else:
        table = shown(ruling.rows, ruling.kind, words)
    lines += ["", table.to_string(index=False) if len(table) else t("command.nothing")]
    lines += [f"{t('page.rules.unjudged')}: {line}" for line in unjudged(ruling, words)]
    return "\n".join([*lines, *(f"{each.start} {each.outlet} {each.title}" for each in ruling.incidents)])
