"""How near a new coder comes to an agreed coding: what was found, and which codes are alike, in simple per cent.

One airing is too little for a coefficient that corrects for chance; what is counted here is said in plain numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from coding.double_coding.codings import Codings, codings_of
from coding.double_coding.passages import passages
from coding.segment import CODES
from coding.store import Store
from coding.store.assignments import Assignment, assignments
from coding.store.gold import Gold, gold_airings
from coding.vocabulary import PRACTICE, Progress

if TYPE_CHECKING:
    import pandas as pd

FOUND, SUBJECT = "found", "subject"
SHOWN = (FOUND, "tone", "role", "speech", "format", "topic")
"""What a score has a share for, in the order of the screen."""
MISSED, EXTRA = "missed", "extra"


@dataclass(frozen=True)
class Share:
    """So many of so many; `value` is None where there is nothing to be alike in."""

    alike: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        return self.alike / self.of if self.of else None

    def reaches(self, mark: float) -> bool:
        """Whether the share is at least the mark; where there is nothing to be alike in, nothing is missed."""
        return self.alike >= mark * self.of - 1e-9


@dataclass(frozen=True)
class Difference:
    """A passage in which a coder and the agreed coding differ.

    `what` has, for each code that differs, the agreed one and the coder's; it is empty where the coder missed the
    passage (`kind` is missed) or the agreed coding has nothing there (extra). `start_ms`, `end_ms` and `page` are None
    where there is none.
    """

    kind: str
    subject: str
    start_ms: int | None
    end_ms: int | None
    page: int | None
    what: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Score:
    """A coder's practice coding of one airing, held against the agreed one.

    `shares`: of the agreed passages those that the coder found about the same subject (`found`), and of these the ones
    with the same tone, role, speech, format, topic; a code that neither has does not count. `extra` passages are those
    that only the coder has. `together` is the time (or area) of which both say the same who and the same tone, of all
    that either of them has; of times, areas and lines in one airing only those in the outlet's own unit count.
    """

    airing_id: str
    coder: str
    agreed_by: str
    shares: Mapping[str, Share]
    extra: int
    together: Share
    differences: tuple[Difference, ...]

    @property
    def exists(self) -> bool:
        """Whether there is an agreed coding to hold it against; somebody may have retracted all of it since."""
        return self.shares[FOUND].of > 0

    def passed(self, mark: float) -> bool:
        """Whether what was found and the tones both reach the mission's mark."""
        return self.exists and self.shares[FOUND].reaches(mark) and self.shares["tone"].reaches(mark)


@dataclass(frozen=True)
class Practised:
    """An airing that somebody was given to practise on; `score` as soon as the coder is done with it."""

    assignment: Assignment
    gold: Gold | None
    score: Score | None = None


def practised(store: Store, coder: str | None = None) -> list[Practised]:
    """All who train or are tested (or one of them), by coder, with their scores where they are done.

    An airing that is gold no more has no score.
    """
    gold = {each.airing_id: each for each in gold_airings(store)}
    held = [each for each in assignments(store, coder) if each.purpose in PRACTICE]
    scored = scores(
        store,
        [
            (gold[each.airing_id], each.coder)
            for each in held
            if each.progress == Progress.DONE and each.airing_id in gold
        ],
    )
    found = [Practised(each, gold.get(each.airing_id), scored.get((each.airing_id, each.coder))) for each in held]
    return sorted(found, key=lambda each: (each.assignment.coder, each.assignment.recorded_at))


def scores(store: Store, pairs: Iterable[tuple[Gold, str]]) -> dict[tuple[str, str], Score]:
    """The score of each coder on each gold airing, by airing and coder.

    The agreed coding is read as it now stands, with every decision in it; of the others only their own words.
    """
    by_gold: dict[str, tuple[Gold, list[str]]] = {}
    for gold, coder in pairs:
        by_gold.setdefault(gold.airing_id, (gold, []))[1].append(coder)
    found: dict[tuple[str, str], Score] = {}
    for airing_id, (gold, coders) in by_gold.items():
        read = codings_of(store, [airing_id], [gold.coder, *coders], agreed=[gold.coder])
        found |= {(airing_id, coder): _score(read, gold, coder) for coder in coders}
    return found


def _score(read: Codings, gold: Gold, coder: str) -> Score:
    """One coder against the agreed coding; other candidates in the same reading are left out."""
    both = [gold.coder, coder]
    airings = read.airings[read.airings["coder"].isin(both)]
    segments = read.segments[read.segments["coder"].isin(both)]
    pair = Codings(read.mission, read.fingerprint, airings, segments)
    compared = list(_compared(passages(pair), gold.coder, coder))
    agreed = [(mine, its) for mine, its in compared if its is not None]
    same = [(mine, its) for mine, its in agreed if mine is not None and mine["subject"] == its["subject"]]
    shares = {FOUND: Share(len(same), len(agreed))}
    shares |= {code: _alike(same, code) for code in CODES}
    extra = sum(its is None for _, its in compared)
    together = _together(pair, gold.coder, coder)
    differences = tuple(each for each in (_difference(*pair) for pair in compared) if each is not None)
    return Score(gold.airing_id, coder, gold.coder, shares, extra, together, differences)


Said = Mapping[str, Any] | None
"""What one of them has in a passage; None where nothing."""


def _compared(table: "pd.DataFrame", agreed_by: str, coder: str) -> Iterable[tuple[Said, Said]]:
    """For each passage what the coder has there, and what was agreed."""
    plain = table.astype(object).where(table.notna(), None)
    gathered: dict[int, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in plain.to_dict("records"):
        if row["found"]:
            gathered[row["passage"]][row["coder"]] = {str(name): value for name, value in row.items()}
    for _, said in sorted(gathered.items()):
        yield said.get(coder), said.get(agreed_by)


def _alike(pairs: Sequence[tuple[Said, Said]], code: str) -> Share:
    said = [(mine[code], its[code]) for mine, its in pairs if mine and its and (mine[code] or its[code])]
    return Share(sum(one == other for one, other in said), len(said))


def _difference(mine: Said, its: Said) -> Difference | None:
    at = its or mine
    if at is None:
        return None
    place = (at["subject"], at["start_ms"], at["end_ms"], at["page"])
    if mine is None or its is None:
        return Difference(MISSED if mine is None else EXTRA, *place, {})
    what = {code: (its[code], mine[code]) for code in (SUBJECT, *CODES) if its[code] != mine[code]}
    return Difference("", *place, what) if what else None


# time and area

Piece = tuple[str, str, str, int, int]
"""Who, subject, tone, and from when to when; for an amount without a time, from 0 to the amount."""


def _together(pair: Codings, agreed_by: str, coder: str) -> Share:
    """Of what either of them has about a subject, the part on which both have it with the same tone.

    Amounts without a time are compared page by page: both have the smaller of their amounts in common.
    """
    unit = pair.airings["unit"].iloc[0] if len(pair.airings) else ""
    rows = pair.segments[pair.segments["unit"] == unit]
    timed: dict[str, list[Piece]] = defaultdict(list)
    stated: dict[tuple[str, str], list[Piece]] = defaultdict(list)
    columns = ("coder", "subject", "tone", "start_ms", "end_ms", "amount", "page")
    for who, subject, tone, start, end, amount, page in zip(*(rows[name].tolist() for name in columns), strict=True):
        if isinstance(start, int):
            timed[subject].append((who, subject, tone, start, end))
        else:
            stated[subject, str(page)].append((who, subject, tone, 0, amount))
    found = [_seconds(pieces, agreed_by, coder) for pieces in timed.values()]
    found += [_amounts(pieces, agreed_by, coder) for pieces in stated.values()]
    return Share(sum(each.alike for each in found), sum(each.of for each in found))


def _seconds(pieces: Sequence[Piece], agreed_by: str, coder: str) -> Share:
    """The milliseconds of one subject: those of either, and those on which both have the same tones."""
    borders = sorted({border for *_, start, end in pieces for border in (start, end)})
    alike, of = 0, 0
    for left, right in pairwise(borders):
        here = [(who, tone) for who, _, tone, start, end in pieces if start <= left and right <= end]
        one, other = ({tone for who, tone in here if who == name} for name in (agreed_by, coder))
        alike += (right - left) * bool(one and one == other)
        of += (right - left) * bool(here)
    return Share(alike, of)


def _amounts(pieces: Sequence[Piece], agreed_by: str, coder: str) -> Share:
    """The same for amounts of one subject on one page."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for who, _, tone, _, amount in pieces:
        sums[who, tone] += amount
    tones = {tone for _, tone in sums}
    alike = sum(min(sums[agreed_by, tone], sums[coder, tone]) for tone in tones)
    return Share(alike, max(sum(sums[who, tone] for tone in tones) for who in (agreed_by, coder)))
