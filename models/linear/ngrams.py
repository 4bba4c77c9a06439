"""What the linear backend reads in a text: words and runs of letters, counted under a hash.

Every mention of the target becomes one mark and every mention of a bystander another, so that no name can be learned.
The text is then read several times: all of it, what stands left and right of the target, and what stands near it.
Counts are kept under a hash of what was counted: a model folder holds no word of a mission's texts.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.linear.lexicon import FEATURES, lexicon_of, towards
from models.target import Target, masked, mentions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

TARGET, OTHER = "①", "②"
NEAR = 5  # words on either side of a mention
FAR = 80  # words from a mention beyond which nothing is read: the rest of a long transcript is about others
SLOTS = 1 << 20  # columns of one block; the hash has 20 bits
_WORD = re.compile("[①②]|\\w[\\w\u0300-\u036f]*(?:['’]\\w+)?|[!?\u2600-\u27bf\U0001f300-\U0001faff]")


@dataclass(frozen=True)
class Block:
    """One reading: which words, in runs of how many words or letters (inside a word, its borders included)."""

    view: str  # all, left, right, near
    unit: str  # word, letter
    shortest: int
    longest: int


BLOCKS = (
    Block("all", "word", 1, 2),
    Block("all", "letter", 2, 5),
    Block("left", "word", 1, 1),
    Block("right", "word", 1, 1),
    Block("near", "word", 1, 2),
    Block("left", "letter", 2, 4),
    Block("right", "letter", 2, 4),
    Block("near", "letter", 2, 5),
)
"""A block's place is part of a model's file: a change here is a new FORMAT of the linear backend."""


@dataclass(frozen=True)
class Reading:
    """The words of one text and the places of the mentions among them."""

    words: tuple[str, ...]
    target: tuple[int, ...]
    others: tuple[int, ...]

    def view(self, name: str) -> tuple[str, ...]:
        """The words of a view; every view but `all` is empty without a target."""
        if name == "all":
            return self.words
        if not self.target:
            return ()
        if name == "left":
            return self.words[: self.target[0]]
        if name == "right":
            return self.words[self.target[-1] + 1 :]
        return tuple(self.words[place] for place in _around(self.target, NEAR, len(self.words)))


def read(text: str, target: Target, language: str) -> Reading | None:
    """A text as the backend sees it; None without text or when the target is not named.

    A target with an empty name is none: nothing is masked, the whole text is judged.
    """
    plain = unicodedata.normalize("NFC", text).replace(TARGET, " ").replace(OTHER, " ")
    if target.name:
        found = mentions(plain, target, language)
        if not found.target:
            return None
        plain = masked(plain, found, f" {TARGET} ", f" {OTHER} ")
    words = _WORD.findall(plain.lower().replace("’", "'"))
    if not words:
        return None
    named = [place for place, word in enumerate(words) if word == TARGET]
    if named:
        words = [words[place] for place in _around(named, FAR, len(words))]
    return Reading(tuple(words), _places(words, TARGET), _places(words, OTHER))


def counted(readings: Sequence[Reading]) -> "csr_matrix":
    """(n, SLOTS x blocks) how often each run occurs in each block."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction import FeatureHasher

    hasher = FeatureHasher(SLOTS, input_type="string", alternate_sign=False)
    return hstack([hasher.transform(runs(reading, block) for reading in readings) for block in BLOCKS], format="csr")


def runs(reading: Reading, block: Block) -> Iterator[str]:
    """Every run of a block in a text, as often as it occurs."""
    words = reading.view(block.view)
    lengths = range(block.shortest, block.longest + 1)
    if block.unit == "word":
        for length in lengths:
            for start in range(len(words) - length + 1):
                yield " ".join(words[start : start + length])
        return
    for word in words:
        bordered = f" {word} "
        for length in lengths:
            if length >= len(bordered):
                yield bordered
                break
            for start in range(len(bordered) - length + 1):
                yield bordered[start : start + length]


def rated(readings: Sequence[Reading], languages: Sequence[str]) -> "NDArray[np.float64]":
    """(n, lexicon.FEATURES) what the word list of each text's language says; zeros where there is none."""
    import numpy as np

    rows = [
        towards(reading.words, reading.target, reading.others, language) if lexicon_of(language) else [0.0] * FEATURES
        for reading, language in zip(readings, languages, strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), FEATURES)


def _places(words: Sequence[str], mark: str) -> tuple[int, ...]:
    return tuple(place for place, word in enumerate(words) if word == mark)


def _around(places: Sequence[int], reach: int, number: int) -> list[int]:
    """The places within reach of any of these, in order."""
    return sorted({near for place in places for near in range(max(0, place - reach), min(number, place + reach + 1))})
