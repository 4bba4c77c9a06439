"""Texts as the encoder reads them: tokens with the target's mentions masked, in windows that fit the model.

The target's mentions become the tokenizer's mask token and the other contestants' its unknown token, so that no name
can carry a tone of its own.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from models.contents import read_json
from models.refusal import Refused
from models.target import Mentions, Target, masked, mentions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MASKS = ("[MASK]", "<mask>")
UNKNOWNS = ("[UNK]", "<unk>")
PADS = ("[PAD]", "<pad>")
CLEAR = 0.5
"""The share of a window inside which mentions stay together, so that text stands on both sides of them."""


@dataclass(frozen=True)
class Marks:
    """The special tokens of a tokenizer that the encoder uses."""

    mask: str
    unknown: str
    pad_id: int
    mask_id: int
    unknown_id: int


@dataclass(frozen=True)
class Reader:
    """A tokenizer with its marks; a window has at most `most` tokens, its two framing tokens counted."""

    tokenizer: "Tokenizer"
    marks: Marks
    most: int

    @cached_property
    def _special(self) -> re.Pattern[str]:
        added = [token.content for token in self.tokenizer.get_added_tokens_decoder().values() if token.special]
        return re.compile("|".join(map(re.escape, sorted(added, key=len, reverse=True))) or r"(?!)")

    @cached_property
    def special_ids(self) -> frozenset[int]:
        """The numbers of all special tokens."""
        added = self.tokenizer.get_added_tokens_decoder().items()
        return frozenset(number for number, token in added if token.special) | {self.marks.mask_id, self.marks.pad_id}

    def plain(self, text: str) -> str:
        """The text without words that the tokenizer would take for its own marks; as long as before."""
        return self._special.sub(lambda found: " " * len(found[0]), text)

    def masked(self, text: str, target: Target, language: str) -> str:
        """The text with everybody's names masked; "" when it does not name the target."""
        text = self.plain(text)
        found = mentions(text, target, language)
        return self.marked(text, found) if found.target else ""

    def marked(self, text: str, found: Mentions) -> str:
        """A plain text with these mentions masked."""
        return masked(text, found, self.marks.mask, self.marks.unknown)

    def windows(self, texts: Sequence[str]) -> list[list[list[int]]]:
        """For each masked text its windows of token numbers; none for a text of ""."""
        filled = [place for place, text in enumerate(texts) if text]
        rows: list[list[list[int]]] = [[] for _ in texts]
        encodings = self.tokenizer.encode_batch_fast([texts[place] for place in filled])
        for place, encoding in zip(filled, encodings, strict=True):
            rows[place] = cut(encoding.ids, self.marks.mask_id, self.most)
        return rows


def cut(ids: list[int], mask_id: int, most: int) -> list[list[int]]:
    """Windows of at most `most` tokens around the masks, each framed by the first and the last token of all."""
    if len(ids) <= most:
        return [ids]
    inner, room = ids[1:-1], most - 2
    groups: list[tuple[int, int]] = []
    for place in (place for place, token in enumerate(inner) if token == mask_id):
        if groups and place - groups[-1][0] < room * CLEAR:
            groups[-1] = groups[-1][0], place
        else:
            groups.append((place, place))
    starts = [max(0, min((first + last) // 2 - room // 2, len(inner) - room)) for first, last in groups or [(0, 0)]]
    return [[ids[0], *inner[start : start + room], ids[-1]] for start in dict.fromkeys(starts)]


def padded(rows: Sequence[Sequence[int]], pad_id: int) -> tuple["NDArray[np.int64]", "NDArray[np.int64]"]:
    """Token numbers (n, longest) and the attention mask beside them."""
    import numpy as np

    longest = max(map(len, rows))
    ids = np.full((len(rows), longest), pad_id, dtype=np.int64)
    attention = np.zeros((len(rows), longest), dtype=np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        attention[place, : len(row)] = 1
    return ids, attention


def read_tokenizer(path: Path, most: int) -> Reader:
    """A reader by a tokenizer.json. Raises Refused when it has no mask or unknown token, or frames a text otherwise."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # one thread: the machine belongs to the coders
    from tokenizers import Tokenizer

    read_json(path)
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise Refused(f"{path} is not a tokenizer of the tokenizers library ({error}); copy it again.") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if tokenizer.num_special_tokens_to_add(is_pair=False) != 2:
        raise Refused(f"{path} does not frame a text with two tokens; take an encoder of the BERT family.")
    mask, unknown, pad = (_first(path, tokenizer, names) for names in (MASKS, UNKNOWNS, PADS))
    return Reader(tokenizer, Marks(mask[0], unknown[0], pad[1], mask[1], unknown[1]), most)


def _first(path: Path, tokenizer: "Tokenizer", names: tuple[str, ...]) -> tuple[str, int]:
    """The first of these names among the tokenizer's own marks, or else among its words."""
    added = tokenizer.get_added_tokens_decoder().values()
    marks = {token.content for token in added if token.special}
    for name in sorted(names, key=lambda each: each not in marks):
        number = tokenizer.token_to_id(name)
        if number is not None:
            return name, number
    raise Refused(f"{path} has no token {names[0]}; take an encoder trained with masked words, of the BERT family.")
