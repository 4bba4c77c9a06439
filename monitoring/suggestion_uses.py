"""One row for every segment about which a model had something to say: what it said, whether it was shown, what stands.

Joined from what was told (`coding.store.suggestions`) and the histories of the segments; the results never read it.
Points that the mission renamed since stand under their present names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from coding.mission.model import Mission
from coding.store import Store, current_rows, schema
from coding.store.assignments import assignments
from coding.store.suggestions import Told, all_told
from coding.suggestions.scales import Present, tones_now
from coding.vocabulary import Purpose

COLUMNS = (
    "segment_id", "airing_id", "coder", "subject", "language", "suggested", "shown", "first", "final", "first_agrees",
    "final_agrees", "reference", "model",
)  # fmt: skip
_READ = (
    "segment_id", "revision", "airing_id", "start_ms", "end_ms", "page", "subject", "tone", "coder", "suggestion",
    "retracted", "recorded_by",
)  # fmt: skip
SAME = 0.5
"""Two codings of one subject are of one segment where they share at least half of the time that either covers."""


@dataclass(frozen=True)
class _Revision:
    """What is read of one revision of a segment, in the order of `_READ`."""

    segment_id: str
    revision: int
    airing_id: str
    start_ms: int | None
    end_ms: int | None
    page: int | None
    subject: str
    tone: str
    coder: str
    suggestion: str
    retracted: bool
    recorded_by: str


Second = Mapping[tuple[str, str], list[_Revision]]
"""What second coders said, by airing and subject."""


def uses(store: Store) -> pd.DataFrame:
    """Segments with a suggestion, shown or withheld: COLUMNS.

    `suggested` is what the model holds likeliest among its labels, `first` the tone before the coder was told (empty
    where the suggestion came before the first code), `final` the coder's own last one: a supervisor's later revision
    is not the coder's choice. `first_agrees` and `final_agrees` (1, 0, empty where unknown) say whether that tone is
    among the labels. `reference` is the tone of a second coder, who codes blind and is told nothing; empty without one.
    Left out: what was retracted, what has no tone, segments on which the model was silent, and those of
    `another_scale`.
    """
    mission = store.mission()
    present, tones = Present(store, mission), tones_now(store, mission)
    told = first_told(_fitting(all_told(store), present))
    histories = _histories(store, tones)
    second = _second_codings(store, histories)
    rows = [
        row
        for segment_id, each in told.items()
        if segment_id in histories
        and (row := _row(_now(each, present, tones), histories[segment_id], second, mission)) is not None
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"first_agrees": "float64", "final_agrees": "float64"})


def another_scale(store: Store) -> int:
    """Segments with suggestions only by versions of another tone scale than the mission's: codes do not compare."""
    told, present = all_told(store), Present(store, store.mission())
    return len(first_told(told).keys() - first_told(_fitting(told, present)).keys())


def _fitting(told: Iterable[Told], present: Present) -> list[Told]:
    return [each for each in told if present.fits(each.model)]


def _now(told: Sequence[Told], present: Present, tones: Mapping[str, str]) -> list[Told]:
    """What was told, and the tone before it, under the names that the points have now."""
    renamed = (present.renamed(each, each.model) for each in told)
    return [replace(each, tone_before=tones.get(each.tone_before, each.tone_before)) for each in renamed]


def first_told(told: Iterable[Told]) -> dict[str, list[Told]]:
    """The suggestions of each segment on which the model was not silent, the oldest first."""
    found: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        if each.labels and not each.silent:
            found[each.segment_id].append(each)
    return dict(found)


def _histories(store: Store, tones: Mapping[str, str]) -> dict[str, list[_Revision]]:
    """Every segment's revisions, in many short reads; a statement that names thousands would hold up who saves.

    Their tones stand under their present names (`tones`).
    """
    found: dict[str, list[_Revision]] = defaultdict(list)
    for row in current_rows(store, schema.segment, _READ):
        revision = _Revision(*row)
        if revision.tone and tones.get(revision.tone, revision.tone) != revision.tone:
            revision = replace(revision, tone=tones[revision.tone])
        found[revision.segment_id].append(revision)
    return {name: sorted(held, key=lambda each: each.revision) for name, held in found.items()}


def _row(
    told: Sequence[Told],
    history: Sequence[_Revision],
    second: Mapping[tuple[str, str], list[_Revision]],
    mission: Mission,
) -> tuple[Any, ...] | None:
    last = history[-1]
    own = [each for each in history if each.recorded_by == history[0].recorded_by and not each.retracted]
    about = [each for each in told if each.subject == own[-1].subject] if own else []
    if last.retracted or not about or not own[-1].tone:
        return None
    said, final = about[0], own[-1]
    first = said.tone_before if said.revision else ""
    likeliest = max(said.labels, key=lambda label: said.probabilities[said.points.index(label)])
    return (
        final.segment_id, final.airing_id, final.coder, final.subject, said.language, likeliest, said.shown, first,
        final.tone, _agrees(first, said, mission), _agrees(final.tone, said, mission), _reference(final, second),
        said.model,
    )  # fmt: skip


def _agrees(tone: str, told: Told, mission: Mission) -> float | None:
    point = point_of(tone, told.points, mission)
    return None if point is None else float(point in told.labels)


def point_of(tone: str, points: Sequence[str], mission: Mission) -> str | None:
    """The point of a model's scale on which a tone of the mission lies; None where it lies on none.

    The model's scale is the mission's, or the mission's with the points of one side as one, or has one point for each
    side under names of its own, in order.

    >>> from types import SimpleNamespace as Bare
    >>> scale = [Bare(name="good", score=1), Bare(name="plain", score=0), Bare(name="bad", score=-1)]
    >>> point_of("good", ("bad", "plain", "good"), Bare(tone=scale))
    'good'
    >>> point_of("bad", ("negative", "neutral", "positive"), Bare(tone=scale))
    'negative'
    """
    if tone in points or not tone:
        return tone or None
    merged = next((point for point in points if tone in point.split(" / ")), None)
    if merged is not None:
        return merged
    sides = {part.name: (part.score > 0) - (part.score < 0) for part in mission.tone}
    found = sorted(set(sides.values()))
    return points[found.index(sides[tone])] if tone in sides and len(found) == len(points) else None


# second codings


def _second_codings(store: Store, histories: Mapping[str, Sequence[_Revision]]) -> Second:
    """What second coders last said, by airing and subject; nothing of a segment of which they were told."""
    second = {(each.airing_id, each.coder) for each in assignments(store) if each.purpose == Purpose.DOUBLE}
    found: dict[tuple[str, str], list[_Revision]] = defaultdict(list)
    for history in histories.values():
        last = history[-1]
        blind = all(each.suggestion == "never" for each in history)
        if blind and not last.retracted and last.tone and (last.airing_id, last.coder) in second:
            found[last.airing_id, last.subject].append(last)
    return dict(found)


def _reference(own: _Revision, second: Second) -> str:
    """The tone of the second coding of the same segment; empty where there is none, or several say different things."""
    others = [each for each in second.get((own.airing_id, own.subject), ()) if each.coder != own.coder]
    tones = {each.tone for each in others if _same(own, each)}
    return tones.pop() if len(tones) == 1 else ""


def _same(one: _Revision, other: _Revision) -> bool:
    if one.start_ms is None or one.end_ms is None or other.start_ms is None or other.end_ms is None:
        return one.start_ms == other.start_ms and one.page == other.page
    shared = min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms)
    whole = max(one.end_ms, other.end_ms) - min(one.start_ms, other.start_ms)
    return shared >= SAME * whole
