"""The words of a text with their offsets, and the form in which words are compared."""

import re
import unicodedata
from typing import NamedTuple

# Thai, Lao, Burmese, Khmer, kana and Chinese characters are written without spaces: each stands for a word.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0963\u0966-\u0dff\u00ad\u200b-\u200d\u2060\ufeff"
)
_WORD = re.compile(f"[{UNSPACED}][\u0300-\u036f]*|(?:[^\\W_\u02b9-\u02bd{UNSPACED}]|[{_MARKS}])+")
# Stress marks, vowel points and invisible characters: a text has them or not, the name is the same.
_DROPPED = dict.fromkeys([0xAD, *range(0x200B, 0x200E), 0x2060, 0xFEFF, 0x301, 0x307, 0x640, *range(0x64B, 0x660)])
_SAME = {**_DROPPED, ord("ё"): "е", ord("ı"): "i"}


QUOTES = frozenset('«»“”„‟"‹›')
APOSTROPHES = frozenset("'’‘ʻʼ`´′‛＇")
HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")


class Tokens(NamedTuple):
    """Three columns of one length: the words as they are compared, and their half-open offsets in the text."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def plain(word: str) -> str:
    """Composed (NFC), without stress marks and invisible characters, the case kept."""
    return word if word.isascii() else unicodedata.normalize("NFC", word).translate(_DROPPED)


def fold(word: str) -> str:
    """The word as it is compared: composed, without case; ё is е and the dotless ı is i.

    >>> fold("Королёв"), fold("ERDOĞAN")
    ('королев', 'erdoğan')
    """
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", word).casefold().translate(_SAME)


def tokens(text: str) -> Tokens:
    """The words of a text; apostrophes, hyphens and quotes stand between words, never in them.

    >>> tokens("Ак жол’s")
    Tokens(words=['ак', 'жол', 's'], starts=[0, 3, 7], ends=[2, 6, 8])
    """
    found = [(fold(match.group()), *match.span()) for match in _WORD.finditer(text)]
    kept = [token for token in found if token[0]]
    return Tokens([word for word, _, _ in kept], [start for _, start, _ in kept], [end for _, _, end in kept])
