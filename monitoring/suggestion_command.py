"""`python -m monitoring suggestions`: what suggestions did to the codes, for people or as CSV."""

from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator

if TYPE_CHECKING:
    import pandas as pd

    from monitoring.words import Words

told = translator()


def suggestions(
    mission: MissionPlace,
    csv: Annotated[str, typer.Option("--csv", help=told("report_suggestions.csv"), show_default=False)] = "",
) -> None:
    """Acceptance, overrides, accuracy with and without suggestions, and the pull with its interval."""
    from coding.store.places import open_mission
    from monitoring.output import described_report, hand_over
    from monitoring.suggestion_use import changes, report
    from monitoring.suggestion_uses import another_scale, uses
    from monitoring.words import Words

    with guarded():
        store = open_mission(mission)
        words, table = Words(store.mission()), uses(store)
        minimum = words.mission.minimum_segments
        found = report(table, minimum)
        if csv:
            about = described_report("suggestions", words.mission, store.fingerprint(), minimum_segments=minimum)
            hand_over(csv, found, about)
        else:
            typer.echo(printed(found, changes(table), words))
        if left_out := another_scale(store):
            typer.echo(words.t("page.suggestions.another_scale", count=words.number(left_out)), err=bool(csv))


def printed(found: "pd.DataFrame", changed: "pd.DataFrame", words: "Words") -> str:
    """The sentences, the report and the overrides; a mark at what rests on too little."""
    from monitoring.suggestion_words import sentences, shown_changes, shown_table

    head = words.with_notice(words.mission.title)
    if found.empty:
        return "\n".join([head, words.t("page.suggestions.nothing")])
    shown = shown_table(found, words)
    shown[""] = ["" if enough else "†" for enough in found["enough"]]
    lines = [head, *sentences(found, words), "", shown.to_string(index=False)]
    if not found["enough"].all():
        lines.append(words.t("page.suggestions.thin", minimum=words.mission.minimum_segments))
    if len(changed):
        lines += ["", words.t("page.suggestions.overrides"), shown_changes(changed, words).to_string(index=False)]
    return "\n".join(lines)
