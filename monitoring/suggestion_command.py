"""`python -m monitoring suggestions`: what suggestions did to the codes, for people or as CSV."""

import hashlib
import json
import sys
from pathlib import Path
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
    from monitoring.output import result_csv
    from monitoring.suggestion_use import changes, report
    from monitoring.suggestion_uses import another_scale, uses
    from monitoring.words import Words

    with guarded():
        store = open_mission(mission)
        words, table = Words(store.mission()), uses(store)
        found, notice = report(table, words.mission.minimum_segments), words.mission.notice
        if csv == "-":
            sys.stdout.buffer.write(result_csv(found))
            if notice:
                typer.echo(notice, err=True)
        elif csv:
            write(Path(csv), found, words, store.fingerprint())
            typer.echo(told("command.written", rows=len(found), file=csv) + (f" ({notice})" if notice else ""))
        else:
            typer.echo(printed(found, changes(table), words))
        if left_out := another_scale(store):
            typer.echo(words.t("page.suggestions.another_scale", count=words.number(left_out)), err=bool(csv))


def write(file: Path, found: "pd.DataFrame", words: "Words", fingerprint: str) -> None:
    """Write the CSV whole, and beside it `FILE-metadata.json`, which leads the numbers back to their source."""
    from coding import __version__
    from coding.exchange.exporter import replacing
    from coding.exchange.readers import sidecar_path
    from monitoring.output import result_csv

    content, mission = result_csv(found), words.mission
    described = {
        "title": mission.title,
        "notice": mission.notice,
        "report": "suggestions",
        "rows": len(found),
        "minimum_segments": mission.minimum_segments,
        "store_fingerprint": fingerprint,
        "software": f"Evenhand {__version__}",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    for target, written in ((file, content), (sidecar_path(file), json.dumps(described, indent=2).encode())):
        with replacing(target) as beside:
            beside.write_bytes(written)


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
