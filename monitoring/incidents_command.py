"""`python -m monitoring incidents`: the log of what numbers cannot show."""

from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import translator
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import IncidentKind
from monitoring.command_options import OutletNames, option

if TYPE_CHECKING:
    from coding.incident import Incident
    from monitoring.words import Words

told = translator()


def incidents(
    mission: MissionPlace,
    outlet: OutletNames = [],  # noqa: B006  typer copies it
    kind: Annotated[list[IncidentKind], option("--kind", "incidents.option.only_kind")] = [],  # noqa: B006
    csv: Annotated[str, option("--csv", "option.csv")] = "",
) -> None:
    """List the incidents of a mission; CSV has the columns of incidents.csv."""
    from coding.store.incidents import incidents as held_by
    from coding.store.places import open_mission
    from monitoring.incident_table import chosen, incident_table
    from monitoring.output import described_report, hand_over
    from monitoring.words import Words

    with guarded():
        store = open_mission(mission)
        words = Words(store.mission())
        names = [part.name for part in words.mission.outlets]
        unknown = [name for name in outlet if name not in names]
        if unknown:
            values = {"known": ", ".join(names)}
            raise ProblemsFound(Problem("unknown_name", "", None, "outlet", name, values) for name in unknown)
        found = chosen(held_by(store), kind, outlet)
        if csv:
            hand_over(csv, incident_table(found), described_report("incidents", words.mission, store.fingerprint()))
        else:
            typer.echo(printed(found, words))


def printed(found: "list[Incident]", words: "Words") -> str:
    """Every incident in a few lines: when and where, what happened, what came of it."""
    head = words.with_notice(words.mission.title)
    told_ = [each for incident in found for each in _told(incident, words)]
    return "\n".join([head, "", *(told_ or [words.t("incidents.none")])])


def _told(each: "Incident", words: "Words") -> list[str]:
    when = words.day(each.start) if each.start == each.last else words.days(each.start, each.last)
    names = (words.named("outlet", each.outlet), words.named("subject", each.contestant))
    about = (f"{when} {each.clock}".strip(), words.t(f"incidents.kind.{each.kind}"), *names)
    rest = (("text", each.text), ("outcome", each.outcome), ("source", each.source))
    lines = [f"    {words.t(f'incidents.{name}')}: {text}" for name, text in rest if text]
    return [" · ".join(filter(None, about)), f"  {each.title}", *lines]
