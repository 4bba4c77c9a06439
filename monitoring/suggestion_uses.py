"""One row for every segment about which a model had something to say: what it said, whether it was shown, what stands.

Joined from what was told (`coding.store.suggestions`) and the histories of the segments; the results never read it.
Points and subjects that the mission renamed since stand under their present names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from coding.double_coding.codings import codings_of, own_word, own_words
from coding.double_coding.passages import passages
from coding.mission.model import Mission
from coding.store import Store, current_rows, schema
from coding.store.assignments import assignments
from coding.store.codebook_changes import PresentNames, present_names
from coding.store.decisions import Decision, decisions, first_decisions, newest_of
from coding.store.suggestions import Told, all_told
from coding.suggestions.labels import blind, first_shown
from coding.suggestions.scales import Present, tones_now
from coding.vocabulary import PRACTICE, Purpose, SuggestionShown

COLUMNS = (
    "segment_id", "airing_id", "coder", "subject", "language", "suggested", "shown", "first", "final", "first_agrees",
    "final_agrees", "reference", "model",
)  # fmt: skip
_READ = (
    "seq", "segment_id", "revision", "airing_id", "subject", "tone", "coder", "suggestion", "retracted", "recorded_at",
    "recorded_by",
)  # fmt: skip


@dataclass(frozen=True)
class _Revision:
    """What is read of one revision of a segment, in the order of `_READ`; names are the present ones."""

    seq: int
    segment_id: str
    revision: int
    airing_id: str
    subject: str
    tone: str
    coder: str
    suggestion: str
    retracted: bool
    recorded_at: str
    recorded_by: str


@dataclass(frozen=True)
class BlindWord:
    """A tone that a coder gave without having seen a suggestion, and what a model said of the segment."""

    segment_id: str
    airing_id: str
    coder: str
    subject: str
    tone: str
    points: tuple[str, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class _Said:
    """Everything on record about suggestions and the segments they were about, under present names."""

    told: Mapping[str, list[Told]]
    histories: Mapping[str, list[_Revision]]
    shown_after: Mapping[str, int]
    tones: Mapping[str, str]
    names: PresentNames


def uses(store: Store) -> pd.DataFrame:
    """Segments with a suggestion, shown or withheld: COLUMNS.

    `suggested` is what the model holds likeliest among its labels, `first` the tone before the coder was told (empty
    where the suggestion came before the first code), `final` the coder's own last one: a supervisor's later revision
    is not the coder's choice, nor is what was decided between coders. `first_agrees` and `final_agrees` (1, 0, empty
    where unknown) say whether that tone is among the labels. `reference` is the decided tone, else that of a second
    coder, who codes blind and is told nothing; empty without one.
    Left out: what was retracted, what has no tone, segments on which the model was silent, and those of
    `another_scale`.
    """
    mission = store.mission()
    said, until = _said(store, mission), first_decisions(store)
    truth = _references(store, said, until)
    rows = [
        row
        for segment_id, told in said.told.items()
        if (row := _row(told, said.histories[segment_id], until, truth, mission)) is not None
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"first_agrees": "float64", "final_agrees": "float64"})


def blind_words(store: Store, until: Mapping[str, int]) -> list[BlindWord]:
    """What coders said before they saw any suggestion, of segments of which a model had something to say first.

    `until` is the last row of segments before the first decision on an airing. Left out: what the coder took back,
    other subjects than the model was asked about, and what was coded in training or in a test.
    """
    practised = {(each.airing_id, each.coder) for each in assignments(store) if each.purpose in PRACTICE}
    said, found = _said(store, store.mission()), []
    for segment_id, told in said.told.items():
        history = said.histories[segment_id]
        own = _own(history, until)
        rows = [vars(each) for each in own]
        word = blind(rows, said.shown_after.get(segment_id)) if own and not own[-1].retracted else None
        if word is None or not word["tone"] or (word["airing_id"], word["coder"]) in practised:
            continue
        about = next((each for each in told if each.subject == word["subject"]), None)
        if about is not None:
            place = (word["airing_id"], word["coder"], word["subject"], word["tone"])
            found.append(BlindWord(segment_id, *place, about.points, about.probabilities))
    return found


def another_scale(store: Store) -> int:
    """Segments with suggestions only by versions of another tone scale than the mission's: codes do not compare."""
    told, present = all_told(store), Present(store, store.mission())
    return len(first_told(told).keys() - first_told(_fitting(told, present)).keys())


def _fitting(told: Iterable[Told], present: Present) -> list[Told]:
    return [each for each in told if present.fits(each.model)]


def _said(store: Store, mission: Mission) -> _Said:
    present, tones, names = Present(store, mission), tones_now(store, mission), present_names(store)
    everything = all_told(store)
    histories = _histories(store, tones, names)
    told = {
        segment_id: [_now(each, present, tones, names) for each in held]
        for segment_id, held in first_told(_fitting(everything, present)).items()
        if segment_id in histories
    }
    return _Said(told, histories, first_shown(everything), tones, names)


def _now(told: Told, present: Present, tones: Mapping[str, str], names: PresentNames) -> Told:
    """What was told, of whom, and the tone before it, under the names that they have now."""
    before = names.now_of("tone", told.tone_before, told.recorded_at)
    subject = names.now_of("subject", told.subject, told.recorded_at)
    return replace(present.renamed(told, told.model), subject=subject, tone_before=tones.get(before, before))


def first_told(told: Iterable[Told]) -> dict[str, list[Told]]:
    """The suggestions of each segment on which the model was not silent, the oldest first."""
    found: dict[str, list[Told]] = defaultdict(list)
    for each in told:
        if each.labels and not each.silent:
            found[each.segment_id].append(each)
    return dict(found)


def _histories(store: Store, tones: Mapping[str, str], names: PresentNames) -> dict[str, list[_Revision]]:
    """Every segment's revisions, in many short reads; a statement that names thousands would hold up who saves."""
    found: dict[str, list[_Revision]] = defaultdict(list)
    for row in current_rows(store, schema.segment, _READ):
        read = _Revision(*row)
        if (read.recorded_at, read.recorded_by) in names.carried:
            continue
        tone = names.now("tone", read.tone, read.seq)
        now = names.now("subject", read.subject, read.seq), tones.get(tone, tone)
        found[read.segment_id].append(
            read if now == (read.subject, read.tone) else replace(read, subject=now[0], tone=now[1])
        )
    return {name: sorted(held, key=lambda each: each.revision) for name, held in found.items()}


def _row(
    told: Sequence[Told],
    history: Sequence[_Revision],
    until: Mapping[str, int],
    truth: Mapping[str, str],
    mission: Mission,
) -> tuple[Any, ...] | None:
    own = [each for each in _own(history, until) if not each.retracted]
    about = [each for each in told if each.subject == own[-1].subject] if own else []
    if history[-1].retracted or not about or not own[-1].tone:
        return None
    said, final = about[0], own[-1]
    first = said.tone_before if said.revision else ""
    likeliest = max(said.labels, key=lambda label: said.probabilities[said.points.index(label)])
    return (
        final.segment_id, final.airing_id, final.coder, final.subject, said.language, likeliest, said.shown, first,
        final.tone, _agrees(first, said, mission), _agrees(final.tone, said, mission), truth.get(final.segment_id, ""),
        said.model,
    )  # fmt: skip


def _own(history: Sequence[_Revision], until: Mapping[str, int]) -> list[_Revision]:
    """The coder's own revisions, before anything was decided on the airing."""
    return own_words(history, until.get(history[0].airing_id))


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


# what the tone should be


def _references(store: Store, said: _Said, until: Mapping[str, int]) -> dict[str, str]:
    """For each segment with a suggestion the tone to hold it against, where there is one.

    What was decided between coders, where that is about the same subject; else what the blind second coders of the
    airing said of the same passage (`coding.double_coding.passages`), where they say one thing.
    """
    found = _second_codings(store, said)
    for segment_id, made in newest_of(decisions(store)).items():
        if made.holds and segment_id in said.told:
            own = own_word(said.histories[segment_id], until[made.airing_id])
            found[segment_id] = _decided(made, own, said)
    return found


def _decided(made: Decision, own: _Revision | None, said: _Said) -> str:
    """The decided tone under its present name; empty where nothing, or somebody else, was found to be there.

    Where the coder's own word holds, it is the tone of this very segment: a passage may have several.
    """
    if own is not None and made.kept == own.coder:
        return own.tone
    tone, about = (
        said.names.now_of(kind, str(made.codes.get(kind, "")), made.recorded_at) for kind in ("tone", "subject")
    )
    return said.tones.get(tone, tone) if own is not None and about == own.subject else ""


def _second_codings(store: Store, said: _Said) -> dict[str, str]:
    """The tone that second coders gave to the passage of each segment; nothing of a segment of which they were told."""
    asked = {said.histories[segment_id][0].airing_id for segment_id in said.told}
    second = {
        (each.airing_id, each.coder)
        for each in assignments(store)
        if each.purpose == Purpose.DOUBLE and each.airing_id in asked
    }
    if not second:
        return {}
    table = passages(codings_of(store, sorted({airing_id for airing_id, _ in second})))
    found: dict[str, str] = {}
    for _, rows in table[table["found"]].groupby("passage"):
        held: list[Any] = list(rows.itertuples(index=False))
        for own in held:
            tones = {
                each.tone
                for each in held
                if each.coder != own.coder
                and (each.airing_id, each.coder) in second
                and each.subject == own.subject
                and each.tone
                and all(_blind(said.histories[name]) for name in each.segments)
            }
            if len(tones) == 1:
                found |= dict.fromkeys(own.segments, *tones)
    return found


def _blind(history: Sequence[_Revision]) -> bool:
    return all(each.suggestion == SuggestionShown.NEVER for each in history)
