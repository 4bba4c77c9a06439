"""Which stretches of several coders are the same passage: one rule, for agreement, adjudication and every figure.

Touching or overlapping segments of one coder about one subject with the same codes are one *stretch*. Stretches of two
coders about the same subject are the same *passage* where they share at least half of the shorter one; what is linked
in a chain is one passage. What is left over is compared with the other coders' left-over stretches of the same seconds
under another subject, by the same half (one to one, the largest shared first): there the coders disagree about who.
What then stands alone was found by one coder only.

In a newspaper the place is the page: where both have boxes, the area that the boxes share counts; else they share the
smaller of the two amounts. So it is with an amount without an interval in a broadcast, which lies anywhere in its
airing; about such amounts nobody can disagree about who. An amount without a place is compared with the other coder's
amounts without a place in the same unit, and with the rest only where there is none: a party's free space is not every
article about the party on that page.

The order and the names of the coders change nothing, and a segment split into touching parts changes nothing.

Example: A has Blue 0-30 s neutral; B has Blue 8-38 s positive and Red 60-70 s. Two passages: Blue, found by both (22 of
30 s shared), with different tones; and Red, found by B only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from coding.double_coding.codings import Codings
from coding.segment import CODES

if TYPE_CHECKING:
    import pandas as pd

SHARED = 0.5
"""Stretches are the same passage where they share at least this part of the shorter one."""
FINENESS = 1_000_000
"""Sides of a box are whole millionths of the page's: then parts of a box touch as the person drew them."""
SAID = ("subject", *CODES)
PASSAGES = (
    "passage", "airing_id", "coder", "found", "segments", "start_ms", "end_ms", "page", "amount", *SAID, "unit",
)  # fmt: skip
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in millionths of the page."""


@dataclass(frozen=True)
class Stretch:
    """Touching segments of one coder about one subject with the same codes.

    Timed ones have start and end, in a paper all lie on one page; `boxes` are empty where one of them has none.
    """

    coder: str
    subject: str
    codes: tuple[str, ...]
    unit: str
    start: int | None
    end: int | None
    page: int | None
    boxes: tuple[Box, ...]
    amount: int
    segments: tuple[str, ...] = field(compare=False)

    @property
    def timed(self) -> bool:
        return self.start is not None

    @property
    def placed(self) -> bool:
        """Whether it lies somewhere: in time, or in boxes."""
        return self.timed or bool(self.boxes)

    @property
    def key(self) -> tuple[Any, ...]:
        """Where it lies and what it says, whoever said it: sorts stretches of an airing by place."""
        place = (self.page is None, self.page or 0, self.start is None, self.start or 0, self.end or 0, self.boxes)
        return (*place, self.subject, self.codes, self.unit, self.amount)


def passages(codings: Codings) -> "pd.DataFrame":
    """One row for each passage and coder of its airing: columns PASSAGES.

    passage (a number from 0, in the order of airings and of places), airing_id, coder, found (whether the coder has a
    stretch there), segments (their ids, a tuple), start_ms and end_ms (of all the coder's stretches there), page,
    amount (in `unit`; overlapping seconds once), and the coder's codes there, empty where nothing was found. Where
    several of a coder's stretches are in a passage, a code is the one that holds most of the coder's amount; at a tie
    the earlier.
    """
    import pandas as pd

    coders: dict[Any, list[str]] = codings.airings.groupby("airing_id", sort=False)["coder"].agg(list).to_dict()
    segments: dict[str, list[Any]] = {airing_id: [] for airing_id in coders}
    for row in plain_rows(codings.segments):
        segments[row.airing_id].append(row)
    rows: list[tuple[Any, ...]] = []
    number = 0
    for airing_id in sorted(coders):
        for group in aligned(stretches(segments[airing_id])):
            rows += (_row(number, airing_id, coder, group) for coder in sorted(coders[airing_id]))
            number += 1
    kinds: Any = {"passage": "int64", "found": bool, "amount": "int64"}
    kinds |= dict.fromkeys(("start_ms", "end_ms", "page"), "Int64")
    return pd.DataFrame(rows, columns=list(PASSAGES)).astype(kinds)


def plain_rows(segments: "pd.DataFrame") -> list[Any]:
    """The rows of `Codings.segments` as named tuples of Python's own values, None where there is nothing."""
    plain = segments.astype(object)
    return list(plain.where(plain.notna(), None).itertuples(index=False))


def _row(number: int, airing_id: str, coder: str, group: Sequence[Stretch]) -> tuple[Any, ...]:
    own = [each for each in group if each.coder == coder]
    if not own:
        return (number, airing_id, coder, False, (), None, None, group[0].page, 0, *[""] * len(SAID), group[0].unit)
    ids = tuple(name for each in own for name in each.segments)
    codes = [(each.subject, *each.codes) for each in own]
    said = codes[0] if len(own) == 1 else tuple(_most(own, column) for column in zip(*codes, strict=True))
    timed = [(each.start, each.end) for each in own if each.start is not None and each.end is not None]
    start, end = (min(pair[0] for pair in timed), max(pair[1] for pair in timed)) if timed else (None, None)
    amount = covered(timed) + sum(each.amount for each in own if not each.timed)
    return (number, airing_id, coder, True, ids, start, end, own[0].page, amount, *said, own[0].unit)


def _most(own: Sequence[Stretch], codes: Sequence[str]) -> str:
    """The code that holds most; `own` has the earlier stretch first, and so has the dictionary at a tie."""
    held: dict[str, int] = {}
    for each, code in zip(own, codes, strict=True):
        held[code] = held.get(code, 0) + each.amount
    return max(held, key=held.__getitem__)


def covered(intervals: Iterable[tuple[int, int]]) -> int:
    """How much intervals cover, what overlaps once.

    >>> covered([(0, 10), (5, 20), (30, 31)])
    21
    """
    total, reached = 0, 0
    for start, end in sorted(intervals):
        total += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return total


# stretches


def stretches(segments: Iterable[Any]) -> list[Stretch]:
    """The stretches of one airing, in the order of their places; segments are rows of `Codings.segments`."""
    same: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in segments:
        codes = tuple(getattr(row, name) for name in CODES)
        how = "timed" if row.start_ms is not None else "boxed" if row.box else ""
        same[row.coder, row.subject, codes, row.unit, row.page, how].append(row)
    found = [
        _stretch(key[:5], key[5], run)
        for key, rows in same.items()
        for run in _touching(sorted(rows, key=lambda row: (row.start_ms or 0, row.seq)), key[5])
    ]
    return sorted(found, key=lambda each: each.key)


def _stretch(said: tuple[Any, ...], how: str, rows: Sequence[Any]) -> Stretch:
    coder, subject, codes, unit, page = said
    ids = tuple(row.segment_id for row in rows)
    start, end = (
        (min(row.start_ms for row in rows), max(row.end_ms for row in rows)) if how == "timed" else (None, None)
    )
    boxes = tuple(sorted(box_of(row.box) for row in rows)) if how == "boxed" else ()
    amount = end - start if start is not None and end is not None else sum(int(row.amount) for row in rows)
    return Stretch(coder, subject, codes, unit, start, end, page, boxes, amount, ids)


def _touching(rows: Sequence[Any], how: str) -> Iterator[list[Any]]:
    """Rows that touch, as runs; of amounts without a place nobody can tell, so they are one."""
    if how == "boxed":
        boxes = [box_of(row.box) for row in rows]
        links = ((one, other) for one, other in combinations(range(len(rows)), 2) if _meet(boxes[one], boxes[other]))
        yield from ([rows[place] for place in group] for group in _chained(len(rows), links))
        return
    run: list[Any] = []
    reached = 0
    for row in rows:
        if run and how == "timed" and row.start_ms > reached:
            yield run
            run = []
        run.append(row)
        reached = max(reached, row.end_ms or 0)
    yield run


def box_of(written: str) -> Box:
    """A box as it is recorded (left, top, width, height in fractions of the page) in millionths: left to bottom."""
    left, top, width, height = (float(part) for part in written.split())
    sides = (left, top, left + width, top + height)
    return tuple(round(side * FINENESS) for side in sides)  # type: ignore[return-value]


def _meet(one: Box, other: Box) -> bool:
    """Whether boxes touch or overlap."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def area(boxes: Iterable[Box]) -> int:
    """What boxes cover of a page together, in squares of a millionth."""
    held = list(boxes)
    sides = sorted({side for box in held for side in (box[0], box[2])})
    return sum(
        (right - left) * covered((box[1], box[3]) for box in held if box[0] <= left and right <= box[2])
        for left, right in pairwise(sides)
    )


def shared_area(one: Sequence[Box], other: Sequence[Box]) -> int:
    """What both sets of boxes cover, in squares of a millionth."""
    return area(
        (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))
        for a in one
        for b in other
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    )


# alignment


def aligned(found: Sequence[Stretch]) -> list[list[Stretch]]:
    """The stretches of one airing, as passages: each list is one. In the order of places, as `found` is."""
    by_subject: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(found):
        by_subject[each.subject].append(place)
    links = [
        pair
        for places in by_subject.values()
        for pair in _beside(found, places)
        if _is_half(*_in_common(found[pair[0]], found[pair[1]]))
    ]
    groups = _chained(len(found), _alike_first(found, links))
    alone = [group[0] for group in groups if len(group) == 1]
    several = [group for group in groups if len(group) > 1]
    together = sorted([*several, *_about_others(found, alone)], key=lambda group: [found[place].key for place in group])
    return [[found[place] for place in group] for group in together]


def _alike_first(found: Sequence[Stretch], links: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the links of an amount without a place to other things, where either has its like with that coder."""
    alike = [pair for pair in links if _alike(found[pair[0]], found[pair[1]])]
    met = {(one, found[other].coder) for pair in alike for one, other in (pair, pair[::-1])}
    rest = [(one, other) for one, other in links if not {(one, found[other].coder), (other, found[one].coder)} & met]
    return [*alike, *rest]


def _alike(one: Stretch, other: Stretch) -> bool:
    """Whether both have a place, or neither has and both are amounts in the same unit."""
    return one.placed == other.placed and (one.placed or one.unit == other.unit)


def _about_others(found: Sequence[Stretch], alone: Sequence[int]) -> list[list[int]]:
    """Left-over stretches of different coders under different subjects at the same place, the largest shared first."""
    candidates = []
    for one, other in _beside(found, alone):
        first, second = sorted((found[one], found[other]), key=lambda each: each.key)
        share, shorter = _in_common(first, second)
        placed = (first.timed and second.timed) or first.page is not None
        if placed and first.subject != second.subject and _is_half(share, shorter):
            candidates.append((-share, first.key, second.key, one, other))
    groups = {place: [place] for place in alone}
    for *_, one, other in sorted(candidates):
        mine, its = groups[one], groups[other]
        if mine is not its and not {found[each].coder for each in mine} & {found[each].coder for each in its}:
            mine += its
            groups |= dict.fromkeys(its, mine)
    return list({id(group): sorted(group) for group in groups.values()}.values())


def _beside(found: Sequence[Stretch], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of different coders that share a moment or a page, or of which one may lie anywhere."""
    timed = sorted((place for place in places if found[place].timed), key=lambda place: found[place].start or 0)
    still_on: list[int] = []
    for place in timed:
        still_on = [earlier for earlier in still_on if (found[earlier].end or 0) > (found[place].start or 0)]
        yield from ((earlier, place) for earlier in still_on if found[earlier].coder != found[place].coder)
        still_on.append(place)
    others: dict[int | None, list[int]] = defaultdict(list)
    for place in places:
        if not found[place].timed:
            others[found[place].page].append(place)
    for page, held in others.items():
        for one, other in [*combinations(held, 2), *((a, b) for a in held for b in timed if page is None)]:
            if found[one].coder != found[other].coder:
                yield one, other


def _in_common(one: Stretch, other: Stretch) -> tuple[int, int]:
    """How much two stretches beside each other share, and the smaller one: time, area, or the smaller amount."""
    if one.start is not None and one.end is not None and other.start is not None and other.end is not None:
        return min(one.end, other.end) - max(one.start, other.start), min(one.amount, other.amount)
    if one.boxes and other.boxes:
        return shared_area(one.boxes, other.boxes), min(area(one.boxes), area(other.boxes))
    smaller = max(min(one.amount, other.amount), 1)
    return smaller, smaller


def _is_half(shared: int, smaller: int) -> bool:
    return 0 < shared >= SHARED * smaller


def _chained(number: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Numbers from 0 in groups: what is linked in a chain is together. Sorted inside, groups by their first."""
    groups = {each: [each] for each in range(number)}
    for one, other in links:
        if groups[one] is not groups[other]:
            larger, smaller = sorted((groups[one], groups[other]), key=len, reverse=True)
            larger += smaller
            groups |= dict.fromkeys(smaller, larger)
    return list({id(group): sorted(group) for group in groups.values()}.values())
