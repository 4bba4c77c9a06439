"""How an encoder is fine-tuned: the numbers, and the order of work that follows from them and the seed alone.

Whatever is drawn (order of rows, which bystanders are masked, which words are dropped) depends on the seed and the
place in the training, never on what ran before: a training that was stopped goes on as if nothing had happened.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

from models.refusal import Refused

CHUNK = 25
"""Batches whose rows are sorted by length together, so that a batch holds rows about as long as one another."""


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training. What they do:

    `layer_decay` multiplies the learning rate of each layer below the last, `head_rate` that of the new head;
    `freeze` keeps the lowest layers as they are (the embeddings always are). `others_masked` is the share of rows
    whose bystanders are masked, drawn anew each epoch; `words_dropped` the share of words hidden. `balance` weighs
    rare tones up (0 not at all, 1 in full). `teacher_share` and `softness` say how far, and at what temperature, a
    teacher's probabilities are learned instead of the labels. `development` is the share of groups kept back.
    """

    epochs: int = 3
    learning_rate: float = 2e-5
    batch: int = 16
    seed: int = 1
    development: float = 0.1
    max_tokens: int = 128
    head_rate: float = 5.0
    layer_decay: float = 1.0
    freeze: int = 0
    weight_decay: float = 0.01
    warmup: float = 0.08
    smoothing: float = 0.05
    others_masked: float = 0.5
    words_dropped: float = 0.0
    balance: float = 0.0
    teacher_share: float = 0.7
    softness: float = 2.0

    def __post_init__(self) -> None:
        shares = ("development", "warmup", "smoothing", "others_masked", "words_dropped", "teacher_share")
        for name in shares:
            if not 0 <= getattr(self, name) < (1.01 if name in ("others_masked", "teacher_share") else 1):
                raise Refused(f"{name} is {getattr(self, name)}; give a share from 0 to 1.")
        if min(self.epochs, self.batch) < 1 or not 0 < self.learning_rate < 1 or self.freeze < 0:
            raise Refused(
                "Epochs and batch are at least 1, the learning rate lies between 0 and 1; change the options."
            )
        if not 0 < self.development <= 0.5:
            raise Refused(f"The development part is {self.development}; keep back a share above 0, at most 0.5.")
        if not 16 <= self.max_tokens <= 512:
            raise Refused(f"Windows of {self.max_tokens} tokens cannot be trained; take 16 to 512.")

    def rate(self, step: int, steps: int) -> float:
        """The learning rate at a step (from 0) as a share of the full one: rises evenly, then falls evenly to zero."""
        warm = int(steps * self.warmup)
        return (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))

    def drawn(self, *what: object) -> random.Random:
        """A source of chance for one purpose, the same in every run."""
        return random.Random(":".join(map(str, (self.seed, *what))))  # noqa: S311  no secret depends on it

    def batches(self, lengths: Sequence[int], epoch: int) -> list[list[int]]:
        """The places of an epoch's rows, batch by batch."""
        chance = self.drawn("order", epoch)
        order = list(range(len(lengths)))
        chance.shuffle(order)
        step = self.batch * CHUNK
        chunks = [sorted(order[at : at + step], key=lengths.__getitem__) for at in range(0, len(order), step)]
        rows = [chunk[at : at + self.batch] for chunk in chunks for at in range(0, len(chunk), self.batch)]
        chance.shuffle(rows)
        return rows

    def steps(self, rows: int) -> int:
        """Batches of the whole training: each chunk of rows ends in a batch of its own."""
        step = self.batch * CHUNK
        each = sum(-(-min(step, rows - at) // self.batch) for at in range(0, rows, step))
        return each * self.epochs

    def number(self, *what: object) -> int:
        """A seed for a library, from the same words."""
        return int.from_bytes(hashlib.sha256(":".join(map(str, (self.seed, *what))).encode()).digest()[:7], "big")


USUAL = Recipe()


def kept_back(groups: Sequence[str], share: float, seed: int) -> list[bool]:
    """Which rows are the development part: whole groups, by their name and the seed, so that new rows move none."""
    limit = int(share * 2**32)
    held = {
        group: int.from_bytes(hashlib.sha256(f"{seed}:{group}".encode()).digest()[:4], "big") < limit
        for group in set(groups)
    }
    return [held[group] for group in groups]
