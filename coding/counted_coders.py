"""Whose coding of an airing counts where two people coded it: the rule that results go by, for rows outside an engine.

The coding in which disagreements were decided comes first. Then the coder to whom the airing is assigned for coding
comes before one without an assignment, and that one before one who holds it for double coding; of several with a
coding, the one who has had it longest. Else the coder counts of whose segments one was stored before all others, then
the name. What was coded in training or in a test never counts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coding.store import Moment, Store, current_rows, schema
from coding.vocabulary import PRACTICE, Progress, Purpose

CODING, NOT_ASSIGNED, DOUBLE, PRACTISED = 0, 1, 2, 3
Pair = tuple[str, str]
"""An airing and a coder."""


@dataclass
class _Held:
    """How an airing stands with a coder: in which place, and since which row of assignments."""

    place: int = NOT_ASSIGNED
    since: int = 0


def counted_coders(
    stored: Mapping[Pair, int], holders: Mapping[Pair, tuple[int, int]], decided: Mapping[str, str]
) -> dict[str, str]:
    """The coder that counts for each airing; none for one that was only practised on.

    `stored` has, for everyone who coded an airing, the first row of a segment; `holders` the place (0: coding, 2:
    double coding, 3: training or test) and the row since when; `decided` in whose coding disagreements were decided.
    """
    chosen: dict[str, tuple[int, int, int, str]] = {}
    for (airing_id, coder), first in stored.items():
        place, since = holders.get((airing_id, coder), (NOT_ASSIGNED, 0))
        settled = decided.get(airing_id, coder) == coder
        if settled and (place != PRACTISED or airing_id in decided):
            rank = (place, since, first, coder)
            chosen[airing_id] = min(rank, chosen.get(airing_id, rank))
    return {airing_id: rank[3] for airing_id, rank in chosen.items()}


def turns(
    codings: Collection[Pair],
    stored: Mapping[Pair, int],
    holders: Mapping[Pair, tuple[int, int]],
    decided: Mapping[str, str],
) -> dict[Pair, int]:
    """The place of each of these codings among those of its airing: 0 for the one that counts, if it is among them.

    The others follow as they would count without those before them. Who has no segment that stands (`stored` has none)
    counts for nothing, and comes last, unless it was decided so.
    """

    def rank(coding: Pair) -> tuple[bool, bool, int, int, int, str]:
        airing_id, coder = coding
        place, since = holders.get(coding, (NOT_ASSIGNED, 0))
        return decided.get(airing_id) != coder, coding not in stored, place, since, stored.get(coding, 0), coder

    before: dict[str, int] = {}
    found: dict[Pair, int] = {}
    for coding in sorted(codings, key=rank):
        found[coding] = before.get(coding[0], 0)
        before[coding[0]] = found[coding] + 1
    return found


def decided_codings(store: Store, at: Moment) -> dict[str, str]:
    """In whose coding of an airing disagreements were decided, at a moment: one for each such airing."""
    return dict(current_rows(store, schema.decision, ("airing_id", "coder"), at.decision_seq))  # type: ignore[arg-type]


def holders(store: Store, at: Moment) -> dict[Pair, tuple[int, int]]:
    """Who has an airing at a moment, for what (`place`) and since which row, without those from whom it was taken."""
    columns = ("seq", "airing_id", "coder", "purpose", "progress")
    return holders_of(current_rows(store, schema.assignment, columns, at.assignment_seq))


def holders_of(rows: Iterable[Sequence[Any]]) -> dict[Pair, tuple[int, int]]:
    """The same from rows of seq, airing_id, coder, purpose and progress, the oldest first."""
    held: dict[Pair, _Held] = {}
    for seq, airing_id, coder, purpose, progress in rows:
        now = held.setdefault((airing_id, coder), _Held())
        if progress == Progress.WITHDRAWN and purpose not in PRACTICE:
            now.place, now.since = NOT_ASSIGNED, 0
        elif purpose == Purpose.CODING:
            now.since = now.since if now.place == CODING else seq
            now.place = CODING
        else:
            now.place, now.since = DOUBLE if purpose == Purpose.DOUBLE else PRACTISED, 0
    return {pair: (each.place, each.since) for pair, each in held.items()}
