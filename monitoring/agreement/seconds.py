"""Agreement in time and space: the share of seconds (or of the page) on which two coders say the same.

Passages count alike whether they last five seconds or five minutes, and a boundary set two seconds late is no
disagreement there. Here every second counts: *who* is the share of the subject-seconds that either coder gave to a
subject which both gave to it; *tone* is the share with the same tone, of the seconds that both gave to the same subject
and to which both gave a tone. A second of two subjects counts once for each.

Amounts of two units are never added. In a newspaper it is the area that boxes share on the page; where boxes are
missing, and in a broadcast where somebody gave an amount without an interval, two coders share the smaller of their
amounts of the page (of the airing).

Example: A gives Blue 0-30 s neutral, B gives Blue 10-40 s, the last 10 of them negative. Either: 40 s, both: 20 s, with
the same tone: 20 s. Who: 20 / 40 = 0.5, tone: 20 / 20 = 1.

Agreement by a sweep over the boundaries is the same as agreement of every single millisecond.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import pandas as pd

from coding.double_coding.codings import Codings
from coding.double_coding.passages import area, box_of, covered, plain_rows, shared_area
from coding.vocabulary import Unit
from monitoring.agreement.pairs import PAIR, with_place

SECONDS = (
    "airing_id", "unit", "coder_one", "coder_other", "subject", "either", "both", "toned", "same_tone",
)  # fmt: skip
BOUNDARIES = (
    "passage",
    "day",
    "outlet",
    "week",
    "airing_id",
    "coder_one",
    "coder_other",
    "pair",
    "subject",
    "error_ms",
)


class Shared(NamedTuple):
    """Amounts of one subject between two coders: given by either, by both, toned by both, with the same tone."""

    either: int = 0
    both: int = 0
    toned: int = 0
    same_tone: int = 0

    def plus(self, other: "Shared") -> "Shared":
        return Shared(*(one + more for one, more in zip(self, other, strict=True)))


def seconds(codings: Codings) -> pd.DataFrame:
    """One row for each airing, unit, subject and two coders of whom at least one gave it time: columns SECONDS.

    `either`, `both`, `toned` and `same_tone` are integers of the unit; further columns are outlet, week, day and pair.
    """
    coders: dict[Any, list[str]] = codings.airings.groupby("airing_id", sort=True)["coder"].agg(sorted).to_dict()
    held: dict[str, dict[tuple[str, str], dict[str, list[Any]]]] = {name: {} for name in coders}
    for row in plain_rows(codings.segments):
        held[row.airing_id].setdefault((row.unit, row.subject), defaultdict(list))[row.coder].append(row)
    rows = [
        (airing_id, unit, one, other, subject, *shared)
        for airing_id, by_subject in held.items()
        for (unit, subject), by_coder in sorted(by_subject.items())
        for one, other in combinations(coders[airing_id], 2)
        if (shared := _shared(unit, by_coder.get(one, []), by_coder.get(other, []))).either
    ]
    whole = dict.fromkeys(SECONDS[-4:], "int64")
    found = with_place(codings, pd.DataFrame(rows, columns=list(SECONDS)).astype(whole))
    return found.assign(pair=found["coder_one"] + PAIR + found["coder_other"])


def boundaries(pairs: pd.DataFrame) -> pd.DataFrame:
    """How far apart two coders set the start and the end of what both found: BOUNDARIES, two rows for each.

    `error_ms` is never negative; start and end are those of all the stretches of a coder in the passage.
    """
    same = (pairs["subject_one"] == pairs["subject_other"]) & pairs["found_one"] & pairs["found_other"]
    timed = pairs[same & pairs["start_ms_one"].notna() & pairs["start_ms_other"].notna()]
    errors = [(timed[f"{end}_one"] - timed[f"{end}_other"]).abs() for end in ("start_ms", "end_ms")]
    found = pd.concat([timed.assign(error_ms=error, subject=timed["subject_one"]) for error in errors])
    return found[list(BOUNDARIES)].astype({"error_ms": "int64"}).reset_index(drop=True)


def _shared(unit: str, one: Sequence[Any], other: Sequence[Any]) -> Shared:
    """What two coders' segments of one airing about one subject share."""
    if unit == Unit.MS and all(row.start_ms is not None for row in (*one, *other)):
        return swept([_timed(row) for row in one], [_timed(row) for row in other])
    total = Shared()
    for page in {row.page for row in (*one, *other)}:
        sides = [[row for row in side if row.page == page] for side in (one, other)]
        boxed = all(row.box for side in sides for row in side)
        total = total.plus(_on_page(*sides) if boxed else _of_amounts(*sides))
    return total


def _timed(row: Any) -> tuple[int, int, str]:
    return row.start_ms, row.end_ms, row.tone


def swept(one: Sequence[tuple[int, int, str]], other: Sequence[tuple[int, int, str]]) -> Shared:
    """The same of intervals with tones, by a sweep over their boundaries.

    >>> swept([(0, 30, "neutral")], [(10, 30, "neutral"), (30, 40, "negative")])
    Shared(either=40, both=20, toned=20, same_tone=20)
    """
    if not one or not other:
        return Shared(either=covered((start, end) for start, end, _ in (one or other)))
    total = Shared()
    first, second = dict(_pieces(one, other)), dict(_pieces(other, one))
    for piece in first.keys() | second.keys():
        length, told = piece[1] - piece[0], (first.get(piece), second.get(piece))
        both = None not in told
        toned = both and "" not in told
        total = total.plus(Shared(length, both * length, toned * length, (toned and told[0] == told[1]) * length))
    return total


def _pieces(
    own: Sequence[tuple[int, int, str]], beside: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[tuple[int, int], str]]:
    """A coder's time, cut at every boundary of both, with the tone there; of overlapping segments the earlier one."""
    cuts = sorted({edge for start, end, _ in (*own, *beside) for edge in (start, end)})
    ordered = sorted(own)
    first = 0
    for start, end in pairwise(cuts):
        while first < len(ordered) and ordered[first][1] <= start:
            first += 1
        tone = next((each[2] for each in ordered[first:] if each[0] <= start and end <= each[1]), None)
        if tone is not None:
            yield (start, end), tone


def _of_amounts(one: Sequence[Any], other: Sequence[Any]) -> Shared:
    """What amounts without a place share: the smaller one."""
    first, second = _by_tone(one), _by_tone(other)
    sums = sum(first.values()), sum(second.values())
    toned = min(total - tones.get("", 0) for total, tones in zip(sums, (first, second), strict=True))
    same = sum(min(amount, second.get(tone, 0)) for tone, amount in first.items() if tone)
    return Shared(max(sums), min(sums), toned, same)


def _by_tone(rows: Sequence[Any]) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row.tone] += int(row.amount)
    return found


def _on_page(one: Sequence[Any], other: Sequence[Any]) -> Shared:
    """What boxes on one page share, as an amount: the page is as large as the amounts in boxes say together."""
    sides = [[(box_of(row.box), row.tone) for row in side] for side in (one, other)]
    boxes = [[box for box, _ in side] for side in sides]
    drawn = sum(area([box]) for side in boxes for box in side)
    scale = sum(int(row.amount) for row in (*one, *other)) / drawn if drawn else 0.0
    tones = [{tone: [box for box, its in side if its == tone] for _, tone in side if tone} for side in sides]
    toned = shared_area(*([box for held in by_tone.values() for box in held] for by_tone in tones))
    same = sum(shared_area(held, tones[1].get(tone, [])) for tone, held in tones[0].items())
    areas = (area([*boxes[0], *boxes[1]]), shared_area(*boxes), toned, min(same, toned))
    return Shared(*(round(each * scale) for each in areas))
