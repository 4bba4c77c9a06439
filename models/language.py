"""The language of a text, told from the text alone: py3langid (offline), and Kazakh by its letters."""

import copy
import re
from functools import cache
from typing import Any

from models.target import Target, masked, mentions

# ISO 639-1 codes of the living languages of public life that the identifier knows. Left out: Latin, Esperanto,
# Sanskrit, pidgins and dialects, which steal short lines from the languages that broadcasters speak.
_KNOWN = (
    "af am ar as az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu ha he hi hr ht hu hy id ig is it ja"
    " ka kk km kn ko ku ky lo lt lv mg mk ml mn mr ms mt my ne nl no om or pa pl ps pt ro ru rw si sk sl sn so sq sr"
    " st sv sw ta te tg th tk tl tr tt ug uk ur uz vi xh yo zh zu"
)
LANGUAGES = frozenset(_KNOWN.split())
ENOUGH_LETTERS = 10
SURE = 0.4  # probability of the best language; below it the language is left open

_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC_WORD = re.compile("[\u0400-\u04ff]+")
_OF_KAZAKH = frozenset("әғқңөұүһі")
_ONLY_OF_KAZAKH = frozenset("ұқғ")  # neither Kyrgyz, Tatar, Mongolian nor Ukrainian has these
_NOT_OF_KAZAKH = frozenset("ҳўҡҙҫҗїєґјђћљњџӣӯҷ")  # Tajik, Uzbek, Bashkir, Tatar, Ukrainian, Serbian
_KAZAKH_WORDS = 0.35  # share of words with such a letter: over half in Kazakh, a third at most in Russian with names


def language_of(text: str, among: frozenset[str] = LANGUAGES) -> str:
    """ISO 639-1 code of the language of a text, one of `among`; "" when it is too short or undecided.

    Too short is fewer than `ENOUGH_LETTERS` letters, undecided a probability under `SURE`. Kazakh in Cyrillic is told
    by its own letters (ә ғ қ ң ө ұ ү һ і) in a third of the words; where fewer have them, it is Russian if the other
    words surely are (Kazakh names in a Russian sentence), else Kazakh. `among` is any set of codes from `LANGUAGES`,
    better the languages of a mission's outlets: short lines are then told more often and better. Raises ValueError
    when the identifier knows none of them.

    >>> language_of("Правительство отвечает на вопросы граждан")
    'ru'
    >>> language_of("Nur Otan")
    ''
    """
    if len(_LETTER.findall(text)) < ENOUGH_LETTERS:
        return ""
    share, others = _kazakh_words(text) if "kk" in among else (0.0, "")
    if share >= _KAZAKH_WORDS:
        return "kk"
    told = _told(others if share else text, among)
    return "kk" if share and told != "ru" else told


def language_about(text: str, target: Target, among: frozenset[str] = LANGUAGES) -> str:
    """`language_of` the text without the names in it: no exchange of contestants' names can change the answer."""
    return language_of(masked(text, mentions(text, target), " ", " "), among)


def _told(text: str, among: frozenset[str]) -> str:
    language, probability = _identifier(among).classify(text)
    return str(language) if probability >= SURE else ""


def _kazakh_words(text: str) -> tuple[float, str]:
    """The share of words that only Kazakh spells so, and the others; nothing where the letters are not Kazakh's."""
    words = _CYRILLIC_WORD.findall(text)
    letters = set("".join(words).casefold())
    kazakh = not letters.isdisjoint(_ONLY_OF_KAZAKH) or ("і" in letters and not letters.isdisjoint("әңөүһ"))
    if not kazakh or not letters.isdisjoint(_NOT_OF_KAZAKH):
        return 0.0, ""
    others = [word for word in words if _OF_KAZAKH.isdisjoint(word.casefold())]
    return 1 - len(others) / len(words), " ".join(others)


@cache
def _identifier(among: frozenset[str]) -> Any:
    identifier = copy.copy(_whole_identifier())
    known = among & set(identifier.labels)
    if not known:
        raise ValueError(f"no language of {sorted(among)} is known; choose from models.language.LANGUAGES")
    identifier.set_languages(known)
    return identifier


@cache
def _whole_identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
