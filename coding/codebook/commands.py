"""`python -m coding codebook MISSION`: its versions and what changed, and what waits to be recoded."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from coding.commands import MissionPlace, guarded, told

if TYPE_CHECKING:
    from coding.store import Store


def codebook(
    mission: MissionPlace,
    recode: Annotated[bool, typer.Option("--recode", help=told("codebook.option.recode"))] = False,
) -> None:
    """Print the versions of a mission's codebook and what changed, or the segments that wait to be recoded."""
    from coding.store.places import open_mission

    with guarded():
        store = open_mission(mission)
        for line in _waiting(store) if recode else _versions(store):
            typer.echo(line)


def _versions(store: "Store") -> Iterator[str]:
    from coding.codebook.differences import in_words, versions

    for each in versions(store):
        when = each.recorded_at[:16].replace("T", " ")
        values = {"version": each.number, "when": when, "who": each.recorded_by, "reason": each.reason}
        yield told("codebook.version", **values)
        yield from (f"  {line}" for line in in_words(each.differences, told))


def _waiting(store: "Store") -> Iterator[str]:
    from coding.codebook.recoding import recodings, waiting
    from coding.mission.clock import duration_text

    found = recodings(store)
    if not found:
        yield told("codebook.nothing_retired")
    for each in found:
        named = {"kind": told(f"codebook.kind.{each.kind}"), "name": each.name, "into": ", ".join(each.into)}
        yield told("codebook.progress", **named, recoded=each.recoded, total=each.total, left=each.left)
        for segment in waiting(store, each.kind, each.name):
            start = "" if segment.start_ms is None else duration_text(segment.start_ms)
            parts = (segment.segment_id, segment.airing_id, segment.coder, start, segment.text)
            yield "  " + " · ".join(filter(None, parts))
