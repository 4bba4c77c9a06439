"""`python -m monitoring agreement`: how alike coders code; with --spread, what it does to the published numbers."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator
from coding.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    import pandas as pd

    from monitoring.words import Words

told = translator()


class Variable(StrEnum):
    """What coders may agree on."""

    SUBJECT = "subject"
    ROLE = "role"
    SPEECH = "speech"
    TONE = "tone"
    FORMAT = "format"
    TOPIC = "topic"
    FOUND = "found"
    TOGETHER = "together"


class By(StrEnum):
    """What the report may be split by."""

    ALL = "all"
    OUTLET = "outlet"
    WEEK = "week"
    CODER_PAIR = "coder_pair"
    CODER = "coder"
    SUBJECT = "subject"


def agreement(
    mission: MissionPlace,
    variable: Annotated[
        Variable | None, typer.Option("--variable", help=told("agreement.option_variable"), show_default=False)
    ] = None,
    by: Annotated[By | None, typer.Option("--by", help=told("agreement.option_by"), show_default=False)] = None,
    spread: Annotated[bool, typer.Option("--spread", help=told("agreement.option_spread"))] = False,
    csv: Annotated[str, typer.Option("--csv", help=told("agreement.option_csv"), show_default=False)] = "",
) -> None:
    """Agreement of each code, of time, and the numbers under one coding and another."""
    from coding.double_coding.codings import double_codings
    from coding.store.places import open_mission
    from monitoring.output import described_report, hand_over
    from monitoring.words import Words

    with guarded():
        if spread and (variable or by):
            raise ProblemsFound([Problem("agreement.spread_alone", value="--variable" if variable else "--by")])
        store = open_mission(mission)
        codings = double_codings(store)
        words = Words(codings.mission)
        if spread:
            from monitoring.agreement.spread import spread as spread_of

            name, found = "spread", spread_of(codings, store.airings())
        else:
            from coding.double_coding.passages import passages
            from monitoring.agreement.measures import report

            part = By.ALL if by is None and not csv else by
            name, found = "agreement", chosen(report(codings, passages(codings)), variable, part)
        if csv:
            hand_over(csv, found, described_report(name, words.mission, codings.fingerprint))
        else:
            typer.echo(printed_spread(found, words) if spread else printed(found, words))


def chosen(found: "pd.DataFrame", variable: Variable | None, by: By | None) -> "pd.DataFrame":
    """The rows that were asked for; every one where nothing was."""
    if variable is not None:
        found = found[found["variable"] == variable.value]
    return (found if by is None else found[found["by"] == by.value]).reset_index(drop=True)


def printed(found: "pd.DataFrame", words: "Words") -> str:
    """The answer, every row that was asked for with what may be concluded from it, and what each figure means."""
    from monitoring.agreement.words import ALPHAS, Named, answer, meaning, shown_report

    head = words.with_notice(words.mission.title)
    if found.empty:
        return "\n".join([head, words.t("page.agreement.nothing")])
    asked = list(dict.fromkeys(found.loc[found["measure"].isin(ALPHAS), "variable"]))
    lines = [head, *(answer(found, words, name) for name in asked if (found["by"] == "all").any())]
    lines += ["", shown_report(found, Named(words)).to_string(index=False)]
    if not found["enough"].all():
        lines.append(words.t("page.agreement.thin"))
    means = dict.fromkeys(found["measure"])
    lines += ["", *(f"{words.t(f'agreement.measure.{name}')}: {meaning(name, words)}" for name in means)]
    return "\n".join([*lines, words.t("page.agreement.intervals"), words.t("page.agreement.rule")])


def printed_spread(found: "pd.DataFrame", words: "Words") -> str:
    """For each unit how far the second codings move the shares, and the numbers."""
    from monitoring.agreement.words import Named, moved, shown_spread

    head = words.with_notice(words.mission.title)
    if found.empty:
        return "\n".join([head, words.t("sentence.spread.nothing")])
    lines = [head, *(moved(found, unit, words) for unit in dict.fromkeys(found["unit"]))]
    return "\n".join([*lines, "", shown_spread(found, Named(words)).to_string(index=False)])
