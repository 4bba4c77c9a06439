"""`python -m monitoring combined`: hand codes and the machine's readings together, beside the hand codes alone."""

from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator
from monitoring.command_options import names_in

if TYPE_CHECKING:
    from coding.store import Store

told = translator()


def combined(
    mission: MissionPlace,
    by: Annotated[str, typer.Option("--by", help=told("combined.option_by"))] = "outlet,group",
    read: Annotated[bool, typer.Option("--read", help=told("combined.option_read"))] = False,
    csv: Annotated[str, typer.Option("--csv", help=told("combined.option_csv"), show_default=False)] = "",
) -> None:
    """Tone from both together with its gain in width; refuses, with the reason, where it cannot be trusted."""
    from coding.problems import ProblemsFound
    from coding.store.places import open_mission
    from monitoring.combined.report import report
    from monitoring.combined.words import how, shown
    from monitoring.coverage import open_coverage
    from monitoring.output import described_report, hand_over
    from monitoring.selection import Selection
    from monitoring.words import Words

    with guarded():
        store = open_mission(mission)
        if read:
            _read(store)
        coverage = open_coverage(store)
        names = names_in(by)
        found, words = report(store, coverage, Selection(), names), Words(coverage.mission)
        if found.refusal is not None:
            raise ProblemsFound([found.refusal.problem])
        if csv:
            hand_over(csv, found.rows, described_report("combined", coverage.mission, coverage.fingerprint))
        else:
            table = shown(found.rows, words).to_string(index=False)
            typer.echo("\n".join([words.with_notice(words.mission.title), *how(found, words), "", table]))


def _read(store: "Store") -> None:
    from coding.suggestions.reading import read

    shown = bool(typer.get_text_stream("stderr").isatty())

    def tell(done: int, total: int) -> None:
        if shown:
            typer.echo(f"\r{told('combined.reading', done=done, total=total)}", nl=done == total, err=True)

    read(store, tell)
