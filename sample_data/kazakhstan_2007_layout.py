"""Puts items into their airing: one after the other in a programme, in columns on the pages of a paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sample_data.kazakhstan_2007_stories import Dice, Item

FRAME_MS = 40
COLUMNS = 5
GUTTER = 0.008


@dataclass(frozen=True)
class Placed:
    """An item with its place: milliseconds of the airing, or page, box and the box's area."""

    item: Item
    start: int | None
    end: int | None
    page: int | None
    box: str
    amount: int


def frames(milliseconds: float) -> int:
    """Milliseconds, rounded to a whole picture at 25 pictures a second."""
    return round(milliseconds / FRAME_MS) * FRAME_MS


def on_air(items: Sequence[Item], dice: Dice, gap: float, together: float = 0.0) -> list[Placed]:
    """Items in sequence, `gap` ms apart on average; now and then two subjects share a shot."""
    placed: list[Placed] = []
    cursor = frames(dice.between(12_000, 30_000))
    last_end: dict[str, int] = {}
    for item in items:
        start = cursor + frames(2_000 + (gap - 2_000) * dice.between(0.3, 1.7))
        if placed and dice.chance(together):
            shared = placed[-1].start or 0
            if last_end.get(item.subject, -1) + 2_000 <= shared:
                start = shared
        end = start + frames(item.amount)
        placed.append(Placed(item, start, end, None, "", end - start))
        last_end[item.subject] = max(end, last_end.get(item.subject, 0))
        cursor = max(cursor, end)
    return placed


def cut(placed: Placed, dice: Dice) -> list[Placed]:
    """What a coder makes of one item: mostly one segment, at times two that touch or overlap a little."""
    start, end = placed.start or 0, placed.end or 0
    middle = start + frames((end - start) * dice.between(0.4, 0.6))
    if end - start >= 30_000 and placed.item.tone == "neutral" and placed.item.speech == "none" and dice.chance(0.15):
        spoken = replace(placed.item, speech="direct")
        return [_piece(placed, start, middle), replace(_piece(placed, middle, end), item=spoken)]
    if end - start >= 20_000 and dice.chance(0.006):
        return [_piece(placed, start, middle + frames(dice.between(1_000, 4_000))), _piece(placed, middle, end)]
    return [placed]


def _piece(placed: Placed, start: int, end: int) -> Placed:
    return replace(placed, start=start, end=end, amount=end - start)


class Sheet:
    """The pages of one issue: five columns, filled from the top."""

    def __init__(self, width_mm: int, height_mm: int, dice: Dice) -> None:
        self._area = width_mm * height_mm
        self._dice = dice
        self._page = 1
        self._filled = [0.05] * COLUMNS

    def place(self, item: Item) -> Placed:
        """The next free place for the item's area; a new page when this one is full, or sooner."""
        part = min(item.amount / self._area, 0.60)
        columns = min(COLUMNS, max(1, round((part * 12) ** 0.5 + self._dice.between(0, 1))))
        columns = max(columns, -int(-part * COLUMNS // 0.85))
        width = columns / COLUMNS - GUTTER
        height = part / width
        first = min(range(COLUMNS - columns + 1), key=lambda column: max(self._filled[column : column + columns]))
        top = max(self._filled[first : first + columns])
        if top + height > 0.99 or self._dice.chance(0.2):
            self._page += 1
            self._filled = [0.02] * COLUMNS
            first, top = 0, 0.02
        self._filled[first : first + columns] = [top + height + GUTTER] * columns
        sides = [round(side, 4) for side in (first / COLUMNS, top, width, height)]
        box = " ".join(f"{side:.4f}" for side in sides)
        return Placed(item, None, None, self._page, box, round(sides[2] * sides[3] * self._area))

    def lines(self, item: Item) -> Placed:
        """Free space: counted in lines, on the last page used; no box is measured."""
        return Placed(item, None, None, self._page, "", round(item.amount))
