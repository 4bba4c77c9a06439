"""Where a text names whom: the names of all subjects in one index, looked up word by word."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from models.naming.beside_names import KEY, Beside, joined
from models.naming.inflect import APOSTROPHE_ENDINGS, Tail, Word, as_written, inflected, tail
from models.naming.tokens import APOSTROPHES, HYPHENS, QUOTES, Tokens, plain, tokens

Spellings = tuple[str, ...]

_BETWEEN = QUOTES | APOSTROPHES | HYPHENS | frozenset(" \t\r\n\u00a0\u2009\u202f_")
_ENGLISH_TAILS = frozenset({"s", "d", "ll", "re", "ve", "m"})


@dataclass(frozen=True)
class Name:
    """One spelling of one subject: `spelled` are its folded words, `words` the forms that each takes.

    `between` are the characters that may part its words; `capitals` is the name itself when it is an acronym of
    at most four capitals, which must stand in capitals ("OR" is not "or"), else "". `quoted`: one word listed in
    quotes only («Ауыл», a village), which must stand in quotes or begin with a capital. `dotted` ends in a full stop
    of its own (Trump Jr.).
    """

    subject: Spellings
    spelled: Spellings
    words: tuple[Word, ...]
    between: frozenset[str]
    capitals: str
    quoted: bool
    tail: Tail | None
    dotted: bool = False

    def stands_at(self, text: str, found: Tokens, first: int) -> bool:
        """Whether the words of the text from `first` on are this name."""
        last = first + len(self.words) - 1
        return (
            last < len(found.words)
            and all(word.takes(token) for word, token in zip(self.words, found.words[first : last + 1], strict=True))
            and joined(self.between, text, found, first, last)
            and (not self.capitals or self._in_capitals(text, found, first, last))
            and (not self.quoted or _proper(text, found.starts[first], found.ends[first]))
        )

    def _in_capitals(self, text: str, found: Tokens, first: int, last: int) -> bool:
        written = "".join(plain(text[found.starts[at] : found.ends[at]]) for at in range(first, last + 1))
        ending = written[len(self.capitals) :]
        return written.startswith(self.capitals) and (not ending or ending.islower())


class Claim(NamedTuple):
    """The words `first` to `last` of a text (both included) are one of these names."""

    first: int
    last: int
    names: tuple[Name, ...]

    def subjects(self) -> frozenset[Spellings]:
        return frozenset(name.subject for name in self.names)


class Lexicon:
    """The names of a set of subjects in one language, each subject given by its spellings."""

    def __init__(self, subjects: Iterable[Spellings], language: str) -> None:
        self._index: dict[str, list[Name]] = defaultdict(list)
        self._apostrophe_goes_on = language not in APOSTROPHE_ENDINGS
        names = [names_of(subject, language) for subject in subjects]
        self._beside = Beside(names)
        for name in chain.from_iterable(names):
            for beginning in name.words[0].beginnings(KEY):
                self._index[beginning].append(name)

    def claims(self, text: str, found: Tokens) -> list[Claim]:
        """The names in a text, in order, none overlapping.

        The longest wins. Of names that claim the same words, those spelled so win over inflected ones; subjects
        who share that spelling all have the claim. It takes in the words that stand beside names (`Beside`).
        """
        claims = _longest(list(self._candidates(text, found)), found)
        starts = [*(claim.first for claim in claims[1:]), len(found.words)]
        free = 0
        for place, (claim, following) in enumerate(zip(claims, starts, strict=False)):
            first, last = self._beside.widened(text, found, claim.first, claim.last, range(free, following))
            claims[place] = Claim(first, last, claim.names)
            free = last + 1
        return claims

    def _candidates(self, text: str, found: Tokens) -> Iterator[tuple[int, int, Name]]:
        index = self._index
        for first, token in enumerate(found.words):
            for name in index.get(token[:KEY], ()):
                last = first + len(name.words) - 1
                if name.stands_at(text, found, first) and not self._goes_on(text, found, last):
                    yield first, last, name

    def _goes_on(self, text: str, found: Tokens, last: int) -> bool:
        """Whether an apostrophe makes the word a longer one (Nur'ylan); English 's and Turkish endings do not."""
        end = found.ends[last]
        if not self._apostrophe_goes_on or text[end : end + 1] not in APOSTROPHES or last + 1 == len(found.words):
            return False
        return found.starts[last + 1] == end + 1 and found.words[last + 1] not in _ENGLISH_TAILS


def names_of(subject: Spellings, language: str) -> list[Name]:
    """The names of one subject, the same words once; a spelling without letters or digits is no name.

    A spelling that another one of the subject takes as its form keeps to the letter: beside Назарбаев,
    Назарбаева is his genitive and has no forms of her own.
    """
    spelled: dict[Spellings, Name] = {}
    for spelling in sorted(subject, key=_in_quotes):  # a spelling listed bare as well needs no quotes
        name = _name(subject, spelling, language)
        if name.spelled and name.spelled not in spelled:
            spelled[name.spelled] = name
    names = list(spelled.values())
    return [
        replace(name, words=as_written(name.spelled)) if _is_form_of_another(name, place, names) else name
        for place, name in enumerate(names)
    ]


def _name(subject: Spellings, spelling: str, language: str) -> Name:
    found = tokens(spelling)
    letters = "".join(plain(spelling[start:end]) for start, end in zip(found.starts, found.ends, strict=True))
    capitals = letters if letters.isupper() and len(letters) <= 4 else ""
    gaps = zip(found.ends[:-1], found.starts[1:], strict=True)
    return Name(
        subject=subject,
        spelled=tuple(found.words),
        words=inflected(found.words, language, acronym=bool(capitals)) if found.words else (),
        between=_BETWEEN.union(*(spelling[end:start] for end, start in gaps)),
        capitals=capitals,
        quoted=len(found.words) == 1 and _in_quotes(spelling),
        tail=tail(language, acronym=bool(capitals)),
        dotted=spelling.rstrip().endswith("."),
    )


def _in_quotes(spelling: str) -> bool:
    stripped = spelling.strip()
    return stripped[:1] in QUOTES and stripped[-1:] in QUOTES


def _proper(text: str, start: int, end: int) -> bool:
    return text[start].isupper() or (text[start - 1 : start] in QUOTES and text[end : end + 1] in QUOTES)


def _is_form_of_another(name: Name, place: int, names: Sequence[Name]) -> bool:
    return any(
        other is not name
        and _takes(other, name.spelled)
        and not name.capitals
        and (at < place or not _takes(name, other.spelled))
        for at, other in enumerate(names)
    )


def _takes(name: Name, spelled: Spellings) -> bool:
    return len(name.words) == len(spelled) and all(
        word.takes(token) for word, token in zip(name.words, spelled, strict=True)
    )


def _longest(candidates: Sequence[tuple[int, int, Name]], found: Tokens) -> list[Claim]:
    by_words: dict[tuple[int, int], list[Name]] = defaultdict(list)
    for first, last, name in candidates:
        by_words[first, last].append(name)
    free = [True] * len(found.words)
    claims = []
    for first, last in sorted(by_words, key=lambda words: (found.starts[words[0]] - found.ends[words[1]], words)):
        if all(free[first : last + 1]):
            free[first : last + 1] = [False] * (last + 1 - first)
            names = by_words[first, last]
            exact = [name for name in names if name.spelled == tuple(found.words[first : last + 1])]
            claims.append(Claim(first, last, tuple(exact or names)))
    return sorted(claims)


def extent(text: str, found: Tokens, claim: Claim, floor: int, ceiling: int) -> tuple[int, int]:
    """The characters of a claim, at most those from `floor` to `ceiling`.

    They are its words, the quotes around them («Нур Отан», whether the name is listed with or without) and an
    ending written apart («Нұр Отан»ның, ОСК-ның) and the full stop of an abbreviated name. An English possessive
    stays outside.
    """
    start, end = _other_half(text, found.starts[claim.first], found.ends[claim.last], floor, ceiling)
    end += end < ceiling and text[end] == "." and any(name.dotted for name in claim.names)
    start, end = _with_quotes(text, start, end, floor, ceiling)
    ending = _end_of_tail(text, found, claim, end)
    return _with_quotes(text, start, ending, floor, ceiling) if end < ending <= ceiling else (start, end)


def _end_of_tail(text: str, found: Tokens, claim: Claim, end: int) -> int:
    """Where an ending written apart from the name ends; `end` where there is none."""
    following = claim.last + 1
    if following == len(found.words):
        return end
    mark = text[end : found.starts[following]]
    closed = not mark and end > found.ends[claim.last]
    for tail_of_it in {name.tail for name in claim.names if name.tail}:
        if (closed or mark in tail_of_it.marks) and tail_of_it.ending.fullmatch(found.words[following]):
            return found.ends[following]
    return end


def _with_quotes(text: str, start: int, end: int, floor: int, ceiling: int) -> tuple[int, int]:
    while floor < start and end < ceiling:
        before, after = text[start - 1], text[end]
        single = before in APOSTROPHES and after in APOSTROPHES and _single_quoted(text, start, end)
        if not single and not (before in QUOTES and after in QUOTES):
            break
        start, end = start - 1, end + 1
    return start, end


def _other_half(text: str, start: int, end: int, floor: int, ceiling: int) -> tuple[int, int]:
    """Of a pair of quotes or brackets with one inside (НДП «Нур Отан), the other."""
    if text[end : end + 1] == ")" and end < ceiling and text.rfind("(", start, end) > text.rfind(")", start, end):
        end += 1
    inside = [place for place in range(start, end) if text[place] in QUOTES]
    if len(inside) % 2 == 0:
        return start, end
    if not text[inside[0] - 1].isalnum():
        return start, end + (end < ceiling and text[end] in QUOTES)
    return start - (floor < start and text[start - 1] in QUOTES), end


def _single_quoted(text: str, start: int, end: int) -> bool:
    return not text[start - 2 : start - 1].isalnum() and not text[end + 1 : end + 2].isalnum()


@lru_cache(maxsize=512)
def lexicon(subjects: frozenset[Spellings], language: str) -> Lexicon:
    """The lexicon of these subjects, made once."""
    return Lexicon(subjects, language)
