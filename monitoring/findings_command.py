"""`python -m monitoring findings`: the sentences that the evidence carries, each with its numbers."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import MissionPlace, guarded
from coding.languages import DEFAULT, languages, translator
from monitoring.command_options import (
    FirstDay,
    FormatNames,
    LastDay,
    MediaNames,
    OutletNames,
    RoleNames,
    SpeechNames,
    option,
    selected,
)
from monitoring.findings import KINDS
from monitoring.selection import Incumbents, Selection

if TYPE_CHECKING:
    from monitoring.findings.material import Material
    from monitoring.words import Words

told = translator()
Kind = StrEnum("Kind", {kind.name.upper(): kind.name for kind in KINDS})  # type: ignore[misc]
Language = StrEnum("Language", {code.upper(): code for code in languages()})  # type: ignore[misc]


def findings(
    mission: MissionPlace,
    language: Annotated[Language, option("--language", "option.language")] = Language(DEFAULT),  # noqa: B008
    kind: Annotated[list[Kind], option("--kind", "option.kind_of_finding")] = [],  # noqa: B006  typer copies it
    outlet: OutletNames = [],  # noqa: B006
    medium: MediaNames = [],  # noqa: B006
    format_: FormatNames = [],  # noqa: B006
    role: RoleNames = [],  # noqa: B006
    speech: SpeechNames = [],  # noqa: B006
    start: FirstDay = None,
    end: LastDay = None,
    incumbents: Annotated[Incumbents, option("--incumbents", "option.incumbents")] = Incumbents.INSTITUTION,
    csv: Annotated[str, option("--csv", "option.findings_csv")] = "",
) -> None:
    """All kinds of findings unless some are named; one medium at a time, since units never mix."""
    selection = selected(
        start=start,
        end=end,
        outlet=outlet,
        medium=medium,
        format_=format_,
        roles=tuple(role),
        speech=tuple(speech),
        incumbents=incumbents,
    )
    with guarded():
        answer(mission, selection, str(language), tuple(map(str, kind)), csv)


def answer(place: str, selection: Selection, language: str, kinds: tuple[str, ...], csv: str) -> None:
    """Find, then print the sentences, or write the table of their numbers."""
    from coding.store.places import open_mission
    from monitoring.coverage import open_coverage
    from monitoring.findings.findings import findings as found_in
    from monitoring.findings.findings import table
    from monitoring.findings.material import material_of
    from monitoring.output import described_report, hand_over
    from monitoring.words import Words

    store = open_mission(place)
    coverage = open_coverage(store)
    material, words = material_of(coverage, selection, store), Words(coverage.mission, language)
    if not csv:
        typer.echo(printed(material, kinds, words))
        return
    found = table(found_in(material, kinds), words, coverage.fingerprint)
    stated = {"kinds": kinds or [each.name for each in KINDS], "formats": selection.formats_in(coverage.mission)}
    hand_over(csv, found, described_report("findings", coverage.mission, coverage.fingerprint, selection, **stated))


def printed(material: "Material", kinds: tuple[str, ...], words: "Words") -> str:
    """Each kind with its sentences, ready to be quoted, and for which places none was made."""
    from monitoring.findings.findings import findings as found_in
    from monitoring.findings.telling import sentence, unmade

    lines = [words.with_notice(words.mission.title)]
    for kind in KINDS:
        if kinds and kind.name not in kinds:
            continue
        found = found_in(material, (kind.name,))
        made = [sentence(finding, words) for finding in found.made]
        lines += ["", words.t(f"sentence.finding.{kind.name}.title"), *made, *unmade(found, words)]
        if not found.made:
            lines.append(words.t("page.overview.findings_none"))
    return "\n".join(lines)
