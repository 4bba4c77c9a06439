"""The words that stand beside a name and belong to it: Партия «Руханият», President Nazarbayev, «Ауыл» партиясы.

A name that is listed both with such words and without tells which they are. They are taken into every mention, of
whomever: were they masked only beside those for whom they are listed, a text would change with the names in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from models.naming.inflect import Word
from models.naming.tokens import Tokens

KEY = 3  # letters of a word that an index is asked for


class Listed(Protocol):
    """What is asked of a listed name."""

    @property
    def spelled(self) -> tuple[str, ...]: ...
    @property
    def words(self) -> tuple[Word, ...]: ...
    @property
    def between(self) -> frozenset[str]: ...


class _Phrase(NamedTuple):
    words: tuple[Word, ...]
    between: frozenset[str]


class Beside:
    """The words before and after names, from the names of each subject."""

    def __init__(self, subjects: Iterable[Sequence[Listed]]) -> None:
        before: dict[str, set[_Phrase]] = defaultdict(set)
        after: dict[str, set[_Phrase]] = defaultdict(set)
        for names in subjects:
            for longer, at, length in _listed_twice(names):
                _add(before, longer.words[:at], longer, of_word=-1)
                _add(after, longer.words[at + length :], longer, of_word=0)
        self._before = _longest_first(before)
        self._after = _longest_first(after)

    def widened(self, text: str, found: Tokens, first: int, last: int, free: range) -> tuple[int, int]:
        """First and last word of a mention with the words beside it, as far as they are `free` of other mentions."""
        while phrase := next(self._before_word(text, found, first, free), None):
            first -= len(phrase.words)
        while phrase := next(self._after_word(text, found, last, free), None):
            last += len(phrase.words)
        return first, last

    def _before_word(self, text: str, found: Tokens, first: int, free: range) -> Iterator[_Phrase]:
        if first - 1 in free:
            for phrase in self._before.get(found.words[first - 1][:KEY], ()):
                start = first - len(phrase.words)
                if start in free and _stands(phrase, found, start) and _joined(phrase, text, found, start, first):
                    yield phrase

    def _after_word(self, text: str, found: Tokens, last: int, free: range) -> Iterator[_Phrase]:
        if last + 1 in free:
            for phrase in self._after.get(found.words[last + 1][:KEY], ()):
                end = last + len(phrase.words)
                if end in free and _stands(phrase, found, last + 1) and _joined(phrase, text, found, last, end):
                    yield phrase


def joined(between: frozenset[str], text: str, found: Tokens, first: int, last: int) -> bool:
    """Whether only such characters, six at most, part the words `first` to `last` of a text from each other."""
    gaps = (text[found.ends[place] : found.starts[place + 1]] for place in range(first, last))
    return all(len(gap) <= 6 and between.issuperset(gap) for gap in gaps)


def _joined(phrase: _Phrase, text: str, found: Tokens, first: int, last: int) -> bool:
    return joined(phrase.between, text, found, first, last)


def _stands(phrase: _Phrase, found: Tokens, first: int) -> bool:
    tokens = found.words[first : first + len(phrase.words)]
    return all(word.takes(token) for word, token in zip(phrase.words, tokens, strict=True))


def _listed_twice(names: Sequence[Listed]) -> Iterator[tuple[Listed, int, int]]:
    """Each name with the place (word, number of words) of a shorter name of the same subject in it."""
    for longer in names:
        for shorter in names:
            length = len(shorter.spelled)
            for at in range(len(longer.spelled) - length + 1 if length < len(longer.spelled) else 0):
                if longer.spelled[at : at + length] == shorter.spelled:
                    yield longer, at, length


def _add(index: dict[str, set[_Phrase]], words: tuple[Word, ...], name: Listed, of_word: int) -> None:
    if words:
        for beginning in words[of_word].beginnings(KEY):
            index[beginning].add(_Phrase(words, name.between))


def _longest_first(index: Mapping[str, set[_Phrase]]) -> dict[str, list[_Phrase]]:
    return {beginning: sorted(found, key=lambda phrase: -len(phrase.words)) for beginning, found in index.items()}
