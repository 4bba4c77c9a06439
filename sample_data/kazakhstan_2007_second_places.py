"""Where a second coder of the sample mission sees a segment begin and end, and what is seen by one coder only."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from sample_data.kazakhstan_2007_layout import Placed, frames
from sample_data.kazakhstan_2007_second_judgement import SLOTS, Hand, judged
from sample_data.kazakhstan_2007_stories import Item

SHORTEST_MS = 2_000
CODES = ("role", "speech", "tone", "format", "topic")


def looked_again(first: Sequence[Placed], length_ms: int, hand: Hand) -> list[Placed]:
    """One airing as the second coder has it, in the order in which it was broadcast or printed."""
    found: list[Placed] = []
    for one in joined(first, hand):
        if not missed(one, hand):
            for again in with_mention(one, first, hand):
                found += split(replace(moved(again, length_ms, hand), item=judged(again.item, hand)), hand)
    return found if hand.across else apart(found)


def joined(first: Sequence[Placed], hand: Hand) -> Iterator[Placed]:
    """The first coder's stretches; two of one subject that touch are often one to the second coder."""
    kept = list(first)
    for one, later in pairwise(first):
        touch = one.start is not None and later.start is not None and (one.end or 0) >= later.start
        if touch and one.item.subject == later.item.subject and one in kept and hand.happens("found", "joined"):
            longer = max(one, later, key=lambda each: each.amount)
            end = max(one.end or 0, later.end or 0)
            kept[kept.index(one)] = timed(longer, one.start or 0, end)
            kept.remove(later)
    return iter(kept)


def missed(one: Placed, hand: Hand) -> bool:
    """Whether the second coder does not note it: the smaller, the likelier. A slot is never missed."""
    mean = hand.settings["found"]["mean_size"]["mm2" if hand.across else "ms"]
    return hand.happens("found", "missed", mean / (mean + one.amount)) and one.item.format not in (*SLOTS, "debate")


def with_mention(one: Placed, first: Sequence[Placed], hand: Hand) -> list[Placed]:
    """The segment, now and then with a mention of another subject inside it that only the second coder notes."""
    others = [each.item for each in first if each.item.subject != one.item.subject]
    room = one.amount > 20_000 if not hand.across else one.box and sides(one)[3] > 0.08
    plain = one.item.format not in (*SLOTS, "debate")
    if not (others and room and plain and hand.happens("found", "mention")):
        return [one]
    whose = hand.dice.pick(others)
    item = replace(whose, speech="none", tone="neutral", format=one.item.format, topic=one.item.topic)
    return below(one, item, hand) if hand.across else [one, inside(one, item, hand)]


def inside(one: Placed, item: Item, hand: Hand) -> Placed:
    """Some seconds within a report."""
    lasts = frames(1000 * hand.within("found", "mention_seconds"))
    start = (one.start or 0) + frames(hand.dice.between(0.2, 0.8) * (one.amount - lasts))
    return timed(replace(one, item=item), start, start + lasts)


def below(one: Placed, item: Item, hand: Hand) -> list[Placed]:
    """The last lines of an article, which then belong to the other subject."""
    left, top, width, height = sides(one)
    part = height * hand.within("found", "mention_part")
    upper = boxed(one, (left, top, width, height - part - 0.008), hand)
    return [upper, boxed(replace(one, item=item), (left, top + height - part, width, part), hand)]


def moved(one: Placed, length_ms: int, hand: Hand) -> Placed:
    """The same segment with the second coder's own borders."""
    if one.start is not None and one.end is not None:
        start = max(0, one.start + border(-1, hand))
        end = min(frames(length_ms - 20), one.end + border(1, hand))
        return timed(one, start, end) if end - start >= SHORTEST_MS else one
    if one.box:
        return reboxed(one, hand)
    more = hand.dice.pick((-2, -1, 1, 2)) if hand.happens("boxes", "lines") else 0
    return replace(one, amount=max(1, one.amount + more))


def border(outward: int, hand: Hand) -> int:
    """By how many ms a border differs: both coders press late, and now and then one puts it somewhere else."""
    settings, dice = hand.settings["boundaries"], hand.dice
    late = [settings["late_seconds"] * math.exp(settings["late_sigma"] * dice.normal()) for _ in range(2)]
    seconds = late[1] - late[0]
    if hand.happens("boundaries", "elsewhere"):
        seconds += hand.within("boundaries", "elsewhere_seconds") * (outward if dice.chance(0.5) else -outward)
    return frames(1000 * seconds)


def reboxed(one: Placed, hand: Hand) -> Placed:
    """A box drawn again: each side a little off, now and then without the headline."""
    settings = hand.settings["boxes"]
    left, top, width, height = sides(one)
    out = [max(-settings["inward"], min(settings["outward"], settings["sigma"] * hand.dice.normal())) for _ in range(4)]
    if hand.happens("boxes", "headline"):
        out[1] = -height * hand.within("boxes", "headline_part")
    right, bottom = min(1.0, left + width + out[2]), min(1.0, top + height + out[3])
    left, top = max(0.0, left - out[0]), max(0.0, top - out[1])
    small = right - left < 0.02 or bottom - top < 0.01
    return one if small else boxed(one, (left, top, right - left, bottom - top), hand)


def split(one: Placed, hand: Hand) -> list[Placed]:
    """Now and then two segments where the first coder made one: the later part is heard as other speech."""
    whole = one.start is None or one.amount < 20_000 or one.item.format in (*SLOTS, "debate")
    if whole or not hand.happens("found", "split"):
        return [one]
    start, end = one.start or 0, one.end or 0
    middle = start + frames(one.amount * hand.dice.between(0.35, 0.65))
    speech = "none" if one.item.speech == "direct" else "direct"
    later = timed(replace(one, item=replace(one.item, speech=speech)), middle, end)
    return [timed(one, start, middle), later]


def apart(found: Sequence[Placed]) -> list[Placed]:
    """In the order of time. A subject never has two sets of codes at once: the later begins where the earlier ends."""
    kept: list[Placed] = []
    for one in sorted(found, key=lambda each: (each.start or 0, each.end or 0)):
        others = [each for each in kept if each.item.subject == one.item.subject and codes(each) != codes(one)]
        start = max([one.start or 0, *(each.end or 0 for each in others)])
        if (one.end or 0) - start >= SHORTEST_MS:
            kept.append(timed(one, start, one.end or 0))
    return kept


def codes(one: Placed) -> tuple[str, ...]:
    """What was judged."""
    return tuple(getattr(one.item, name) for name in CODES)


def timed(one: Placed, start: int, end: int) -> Placed:
    """The segment from start to end."""
    return replace(one, start=start, end=end, amount=end - start)


def sides(one: Placed) -> tuple[float, float, float, float]:
    """Left, top, width and height of a box, in fractions of the page."""
    left, top, width, height = map(float, one.box.split())
    return left, top, width, height


def boxed(one: Placed, box: tuple[float, float, float, float], hand: Hand) -> Placed:
    """The segment with another box, and the area of it."""
    written = [f"{side:.4f}" for side in box]
    area = float(written[2]) * float(written[3]) * hand.across * hand.down
    return replace(one, box=" ".join(written), amount=round(area))
