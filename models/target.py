"""The target of a suggestion: where a text names it, where it names the others, and the text with names masked.

The law that all of this serves: swap the names of two contestants in a text, ask about the other one, and the masked
text and its windows are the same to the letter. So a mention counts alike however long its name is, with the
quotes around it and whatever ending its case asks for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.naming.names import Lexicon, Spellings, extent, lexicon
from models.naming.tokens import UNSPACED, tokens

Span = tuple[int, int]

_ANY = "kk"  # takes Russian cases and Kazakh endings, and leaves Latin names as they stand
_UNSPACED = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True)
class Target:
    """Whom a suggestion is about.

    `aliases` are all spellings valid on that day, in every script (`name` itself need not be among them);
    `bystanders` holds, for each other contestant or subject, its spellings. Bystanders are masked too, so that
    swapping the names of contestants cannot change a suggestion.
    """

    name: str
    aliases: tuple[str, ...] = ()
    bystanders: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Mentions:
    """Where a text names the target and where it names the others: half-open character offsets, in order."""

    target: tuple[Span, ...] = ()
    others: tuple[Span, ...] = ()


def mentions(text: str, target: Target, language: str = "") -> Mentions:
    """Every mention of the target and of its bystanders; `target` is empty when the text does not name it.

    `language` (ISO 639-1) says which inflected forms are looked for; "" takes Russian and Kazakh ones in any text, so
    that the language may be told from the text without its names. Offsets are those of the text as given, composed
    or not. The longest name wins: "Ak Zhol" inside the bystander "Nagyz Ak Zhol" is the bystander's. A spelling that
    the target shares with a bystander is the target's.

    >>> mentions("Ак жол и «Нур Отан» против Ак жола", Target("Ак жол", (), (("Нур Отан",),)), "ru")
    Mentions(target=((0, 6), (27, 34)), others=((9, 19),))
    """
    known, spellings = _compiled(target, language or _ANY)
    found = tokens(text)
    claims = known.claims(text, found)
    if not claims:
        return Mentions()
    ends = [*(found.starts[claim.first] for claim in claims[1:]), len(text)]
    of_target: list[Span] = []
    of_others: list[Span] = []
    floor = 0
    for claim, ceiling in zip(claims, ends, strict=True):
        span = extent(text, found, claim, floor, ceiling)
        (of_target if spellings in claim.subjects() else of_others).append(span)
        floor = span[1]
    return Mentions(tuple(of_target), tuple(of_others))


def masked(text: str, found: Mentions, target_mark: str, other_mark: str) -> str:
    """The text with every mention of the target replaced by `target_mark`, of others by `other_mark`.

    >>> asked = Target("Ak Zhol", (), (("Nur Otan",),))
    >>> masked("Nur Otan’s men beat Ak Zhol", mentions("Nur Otan’s men beat Ak Zhol", asked), "TARGET", "OTHER")
    'OTHER’s men beat TARGET'
    """
    return _marked(text, (0, len(text)), _in_order(found), (target_mark, other_mark))


def windows(text: str, found: Mentions, before: int, after: int, marks: tuple[str, str] | None = None) -> list[str]:
    """Pieces of the text around each mention of the target, cut at word borders; overlapping ones are joined.

    `before` and `after` are characters at most on each side of a mention; a name met on the way, of whatever
    length, counts as one. With `marks` (target's, others') the pieces are masked, else they are the text as it
    stands. No mention of the target, no piece.

    >>> asked = Target("Ak Zhol", (), (("Nur Otan",),))
    >>> found = mentions("Yesterday in Astana Nur Otan attacked Ak Zhol, again and again", asked)
    >>> windows("Yesterday in Astana Nur Otan attacked Ak Zhol, again and again", found, 20, 8, ("T", "O"))
    ['Astana O attacked T, again']
    """
    spans = window_spans(text, found, before, after)
    if marks is None:
        return [text[start:end] for start, end in spans]
    places = _in_order(found)
    return [_marked(text, span, places, marks) for span in spans]


def window_spans(text: str, found: Mentions, before: int, after: int) -> list[Span]:
    """The half-open offsets of `windows` in the text."""
    short, offsets, at = _shortened(text, _in_order(found))
    pieces: list[Span] = []
    for place in at:
        start, end = _left_border(short, place, before), _right_border(short, place, after)
        if pieces and not short[pieces[-1][1] : start].strip():
            start = pieces.pop()[0]
        pieces.append((start, end))
    return [(offsets[start], offsets[end]) for start, end in pieces]


@lru_cache(maxsize=4096)
def _compiled(target: Target, language: str) -> tuple[Lexicon, Spellings]:
    """The names of target and bystanders; targets of one mission share the lexicon, whoever is asked about."""
    spellings = tuple(dict.fromkeys((target.name, *target.aliases)))
    others = (tuple(dict.fromkeys(names)) for names in target.bystanders)
    return lexicon(frozenset({spellings, *others}), language), spellings


def _in_order(found: Mentions) -> list[tuple[int, int, int]]:
    """Start, end and 0 for the target, 1 for another, in the order of the text."""
    return sorted([(*span, 0) for span in found.target] + [(*span, 1) for span in found.others])


def _marked(text: str, piece: Span, places: Sequence[tuple[int, int, int]], marks: tuple[str, str]) -> str:
    parts = []
    at, last = piece
    for start, end, whose in places:
        if at <= start and end <= last:
            parts += [text[at:start], marks[whose]]
            at = end
    return "".join([*parts, text[at:last]])


def _shortened(text: str, places: Sequence[tuple[int, int, int]]) -> tuple[str, list[int], list[int]]:
    """The text with every mention as one character; the offset of each of its characters (and its end) in the
    text; where the target's mentions stand in it."""
    parts: list[str] = []
    offsets: list[int] = []
    of_target: list[int] = []
    at = 0
    for start, end, whose in places:
        parts += [text[at:start], "\ufffc"]
        offsets += range(at, start)
        if whose == 0:
            of_target.append(len(offsets))
        offsets.append(start)
        at = end
    offsets += range(at, len(text) + 1)
    return "".join([*parts, text[at:]]), offsets, of_target


def _left_border(short: str, place: int, before: int) -> int:
    """The leftmost start of a word at most `before` characters to the left."""
    start = max(0, place - before)
    if start and not short[start - 1].isspace() and not _UNSPACED.match(short, start):
        while start < place and not short[start].isspace():
            start += 1
    while start < place and short[start].isspace():
        start += 1
    return start


def _right_border(short: str, place: int, after: int) -> int:
    """The rightmost end of a word at most `after` characters to the right."""
    end = min(len(short), place + 1 + after)
    if end < len(short) and not short[end].isspace() and not _UNSPACED.match(short, end - 1):
        while end > place + 1 and not short[end - 1].isspace():
            end -= 1
    while end > place + 1 and short[end - 1].isspace():
        end -= 1
    return end
