"""The forms that a word of a name takes in a language: Russian by its morphology, others by stem and ending.

- Russian: every case and number of each word (pymorphy3 and its dictionary, offline).
- Kazakh: the last word of the name with up to four of the language's endings; п, к, қ soften before a vowel.
- Other agglutinative languages (`AGGLUTINATIVE`): the last word as a prefix with up to eight letters.
- Slavic and Baltic languages without a dictionary here (`INFLECTING`): each word without its last vowel and up
  to four letters.
- Every other language: the spelling as it stands.

A stem needs four letters: of a shorter name an ending would make another word.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from models.naming.tokens import APOSTROPHES, HYPHENS, fold

AGGLUTINATIVE = frozenset(
    {"kk", "ky", "uz", "tr", "az", "tk", "tt", "ba", "ug", "cv", "mn", "ka", "hy", "hu", "fi", "et"}
)
INFLECTING = frozenset({"uk", "be", "sr", "hr", "bs", "sl", "sk", "cs", "pl", "lt", "lv"})
APOSTROPHE_ENDINGS = frozenset({"tr", "az", "uz", "tk"})  # Erdoğan'ın: the ending belongs to the name
_CYRILLIC_TURKIC = frozenset({"kk", "ky", "tt", "ba", "uz", "cv", "mn"})  # their texts quote names in Russian cases

_LETTERS = re.compile(r"\w{1,8}")
_SHORT_LETTERS = re.compile(r"\w{0,4}")
_RUSSIAN_ACRONYM = re.compile(r"а|у|ом|ем|е|ы|и|ов|ам|ами|ах")
_KAZAKH = re.compile(
    r"(?:[лдт][ае]р"  # plural
    r"|[ыі]?м|[ыі]?ң|с?[ыі]|[ыі]?м[ыі]з|[ыі]?ң[ыі]з"  # mine, yours, his, ours
    r"|[ндт][ыі]ң?|н|[ғгқк]?[ае]|н[ае]|[дт][ае]|нд[ае]|[дтн][ае]н|[мбп]ен(?:ен)?"  # cases
    r"|[ғг][ыі]|[қк][ыі]|[дтн]ікі|[лдт][ыі][қкғг]?|ш[ыіае]|с[ыі]з|[дт][ае]й"  # of, like, follower of, without
    r"){1,4}"
)
_KAZAKH_VOWEL = re.compile(f"(?=[ыіае])(?:{_KAZAKH.pattern})")
_CYRILLIC_ACRONYM = re.compile(f"{_KAZAKH.pattern}|{_RUSSIAN_ACRONYM.pattern}")
_VOWEL = re.compile(r"[aeiouöüəыиуүоөаеәіá]\w{0,7}")
_SOFTENED = {
    "kk": {"п": "б", "к": "г", "қ": "ғ"},
    "ky": {"п": "б", "к": "г"},
    "tt": {"п": "б", "к": "г"},
    "ba": {"п": "б", "к": "г", "ҡ": "ғ"},
    "uz": {"k": "g"},
    "tr": {"p": "b", "ç": "c", "t": "d", "k": "ğ"},
    "az": {"k": "y", "q": "ğ"},
    "hu": {"a": "á", "e": "é"},
}
_DROPPED_VOWELS = {"ka": "ი"}
_LAST_VOWELS = re.compile(r"[аеиоуыэюяіїєйьaeiouyáéíóúýąęěė]{1,2}$")
_RUSSIAN = re.compile(r"[а-я]+")
_NOMINAL = frozenset({"NOUN", "ADJF", "PRTF", "NUMR", "NPRO"})
_SURNAME = re.compile(r"(?P<stem>.+(?:ов|ев|ин|ын))(?P<feminine>а?)")
_CONSONANT = "бвгджзклмнпрстфхцчшщ"

Ending = re.Pattern[str]


@dataclass(frozen=True)
class Word:
    """One word of a name: the `forms` it is known to take, and `stems`, each with the endings that may follow it."""

    forms: frozenset[str]
    stems: tuple[tuple[str, Ending], ...] = ()

    def takes(self, token: str) -> bool:
        """Whether a folded word of a text is a form of this one."""
        return token in self.forms or any(
            token.startswith(stem) and ending.fullmatch(token, len(stem)) for stem, ending in self.stems
        )

    def beginnings(self, letters: int) -> frozenset[str]:
        """The first letters of everything it takes; a stem shorter than that says nothing and is left out."""
        return frozenset(
            [form[:letters] for form in self.forms] + [stem[:letters] for stem, _ in self.stems if len(stem) >= letters]
        )


class Tail(NamedTuple):
    """An ending written apart from its name: after one of `marks`, or right after a closing quote."""

    ending: Ending
    marks: frozenset[str]


def as_written(words: Sequence[str]) -> tuple[Word, ...]:
    """The words of a name with no other form."""
    return tuple(Word(frozenset({word})) for word in words)


def inflected(words: Sequence[str], language: str, acronym: bool = False) -> tuple[Word, ...]:
    """The folded words of a name with the forms they take in a language.

    `acronym`: the name is a short one in capitals, which takes endings only (ЦИКа, ОСКның), no morphology.

    >>> [word.takes(form) for word, form in zip(inflected(["нур", "отан"], "ru"), ["нур", "отаном"])]
    [True, True]
    >>> inflected(["мәжіліс"], "kk")[0].takes("мәжілістің")
    True
    """
    if acronym:
        return (*as_written(words[:-1]), _acronym(words[-1], language))
    last = len(words) - 1
    long_enough = sum(map(len, words)) >= 4
    return tuple(
        Word(
            _russian(word, language) | {word},
            tuple(_stems(word, language, place == last)) if long_enough else (),
        )
        for place, word in enumerate(words)
    )


def tail(language: str, acronym: bool) -> Tail | None:
    """What may follow a name in this language, parted from it: «Ауыл»дың, ҚХП-ның, ЦИК-ом, Erdoğan'ın."""
    if language == "kk":
        return Tail(_CYRILLIC_ACRONYM if acronym else _KAZAKH, HYPHENS)
    if language in AGGLUTINATIVE:
        apostrophes = APOSTROPHES if language in APOSTROPHE_ENDINGS else frozenset()
        return Tail(_LETTERS, apostrophes | HYPHENS if acronym else apostrophes)
    return Tail(_RUSSIAN_ACRONYM, HYPHENS) if language == "ru" and acronym else None


def _acronym(word: str, language: str) -> Word:
    follows = tail(language, acronym=True)
    return Word(frozenset({word}), ((word, follows.ending),) if follows and len(word) >= 3 else ())


def _stems(word: str, language: str, last: bool) -> Iterator[tuple[str, Ending]]:
    if language in INFLECTING and len(word) >= 4:
        yield _LAST_VOWELS.sub("", word) if len(word) >= 5 else word, _SHORT_LETTERS
    if language not in AGGLUTINATIVE or not last or len(word) < 3:
        return
    yield word, _KAZAKH if language == "kk" else _LETTERS
    softened = _SOFTENED.get(language, {}).get(word[-1])
    if softened and len(word) >= 4:
        vowel = _KAZAKH_VOWEL if language == "kk" else _LETTERS if language == "hu" else _VOWEL
        yield word[:-1] + softened, vowel
    if word[-1] in _DROPPED_VOWELS.get(language, "") and len(word) >= 5:
        yield word[:-1], _LETTERS


def _russian(word: str, language: str) -> frozenset[str]:
    if language != "ru" and language not in _CYRILLIC_TURKIC:
        return frozenset()
    return _russian_forms(word) if len(word) >= 3 and _RUSSIAN.fullmatch(word) else frozenset()


@lru_cache(maxsize=20_000)
def _russian_forms(word: str) -> frozenset[str]:
    """All cases and numbers; of a surname only those of the gender it is written in, and the family's plural."""
    parses = [parse for parse in _morphology().parse(word) if parse.tag.POS in _NOMINAL]
    named = [parse for parse in parses if "nomn" in parse.tag]
    # Outside the dictionary Токаев is read as a genitive of many, Токаева as a thing: the ending knows better.
    surname = frozenset[str]() if named and any(parse.is_known for parse in named) else _surname(word)
    if surname and word.endswith("а"):
        return surname
    forms = surname.union(
        fold(form.word) for parse in named or parses[:1] for form in parse.lexeme if _same_gender(form.tag, parse.tag)
    )
    return forms if len(forms) > 1 else _hard_masculine(word)


def _surname(word: str) -> frozenset[str]:
    """The forms of a Russian surname in -ов, -ев, -ин, -ын or its feminine; nothing for other words."""
    found = _SURNAME.fullmatch(word)
    if found is None:
        return frozenset()
    endings = ("а", "ой", "ою", "у") if found["feminine"] else ("", "а", "у", "ым", "е")
    return frozenset(found["stem"] + ending for ending in (*endings, "ы", "ых", "ым", "ыми"))


def _same_gender(form: Any, named: Any) -> bool:
    return form.POS == named.POS and (form.number == "plur" or named.gender is None or form.gender == named.gender)


def _hard_masculine(word: str) -> frozenset[str]:
    """A word unknown to the dictionary that ends in a consonant (жол) is inflected like a Russian one."""
    if word[-1] not in _CONSONANT:
        return frozenset()
    return frozenset(word + ending for ending in ("", "а", "у", "ом", "ем", "е", "ы", "и", "ов", "ам", "ами", "ах"))


@cache
def _morphology() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()
