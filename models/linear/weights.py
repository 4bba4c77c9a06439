"""The numbers of a linear model: what each counted run weighs, and how counts become probabilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.linear.lexicon import FEATURES
from models.linear.ngrams import BLOCKS, SLOTS
from models.refusal import Refused

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Real = NDArray[np.float64]
Places = NDArray[np.int64]
SOFTMAX = "softmax"  # a head for each of three points, their shares from a softmax
CUMULATIVE = "cumulative"  # a head for each border between points: the odds of standing above it (Frank and Hall 2001)


@dataclass(frozen=True)
class Weights:
    """What was learned.

    `columns` (v,) are the columns of `ngrams.counted` that are read, rising, and `rarity` (v,) their inverse document
    frequency. `heads` (m, v), `rating_heads` (m, lexicon.FEATURES) and `offsets` (m,) make the logits, m being the
    number of points for SOFTMAX and one less for CUMULATIVE.
    """

    kind: str
    columns: NDArray[np.int32]
    rarity: Real
    heads: Real
    rating_heads: Real
    offsets: Real

    @property
    def size(self) -> int:
        """Points of the scale."""
        return len(self.offsets) + (self.kind == CUMULATIVE)

    def probabilities(self, counts: "csr_matrix", ratings: Real) -> Real:
        """(n, points) of counts (n, SLOTS x blocks) and what word lists say (n, FEATURES)."""
        read = weighed(counts, self.columns, self.rarity)
        logits = read @ self.heads.T + ratings @ self.rating_heads.T + self.offsets
        return shares(np.asarray(logits), self.kind)

    def tensors(self) -> dict[str, NDArray[np.generic]]:
        """As arrays of single precision, by name."""
        named = {name: getattr(self, name) for name in ("rarity", "heads", "rating_heads", "offsets")}
        return {"columns": self.columns, **{name: array.astype(np.float32) for name, array in named.items()}}

    @classmethod
    def from_tensors(cls, kind: str, tensors: Mapping[str, NDArray[np.generic]], place: str) -> "Weights":
        """As `tensors` gave them. Raises Refused, naming `place`, when they do not make a model."""
        wrong = Refused(f"{place} holds no linear model (its numbers do not fit together); train the model again.")
        try:
            real = {name: tensors[name].astype(np.float64) for name in ("rarity", "heads", "rating_heads", "offsets")}
            its = cls(kind, tensors["columns"].astype(np.int32), **real)
        except (KeyError, ValueError, TypeError) as error:
            raise wrong from error
        if not its._sane():
            raise wrong
        return its

    def _sane(self) -> bool:
        heads, read = len(self.offsets), len(self.columns)
        shapes = self.columns.ndim == self.offsets.ndim == 1 and self.rarity.shape == (read,)
        shapes = shapes and self.heads.shape == (heads, read) and self.rating_heads.shape == (heads, FEATURES)
        rising = bool((np.diff(self.columns) > 0).all()) and (read == 0 or self.columns[0] >= 0)
        inside = read == 0 or int(self.columns[-1]) < SLOTS * len(BLOCKS)
        finite = all(bool(np.isfinite(one).all()) for one in (self.rarity, self.heads, self.rating_heads, self.offsets))
        rare = bool((self.rarity > 0.5).all())  # 1 for a run that every text holds, else more
        return self.kind in (SOFTMAX, CUMULATIVE) and heads > 0 and shapes and rising and inside and finite and rare


def weighed(counts: "csr_matrix", columns: NDArray[np.int32], rarity: Real) -> "csr_matrix":
    """(n, v) sublinear counts times rarity, every block of a row of length 1."""
    from scipy.sparse import csr_matrix

    number = counts.shape[0]
    rows = np.repeat(np.arange(number), np.diff(counts.indptr))
    places = np.searchsorted(columns, counts.indices)
    known = places < len(columns)
    known[known] = columns[places[known]] == counts.indices[known]
    rows, places = rows[known], places[known]
    values = (1 + np.log(counts.data[known])) * rarity[places]
    parts = rows * len(BLOCKS) + columns[places] // SLOTS
    lengths = np.sqrt(np.bincount(parts, values**2, number * len(BLOCKS)))
    ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=number))])
    return csr_matrix((values / lengths[parts], places, ends), shape=(number, len(columns)))


def shares(logits: Real, kind: str) -> Real:
    """Probabilities of the points, rows adding up to 1; crossing borders are straightened."""
    if kind == SOFTMAX:
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    # Standing above a higher border cannot be likelier than standing above a lower one.
    above = np.minimum.accumulate(1 / (1 + np.exp(-np.clip(logits, -30, 30))), axis=1)
    edge = np.ones((len(above), 1))
    return -np.diff(np.concatenate([edge, above, np.zeros_like(edge)], axis=1), axis=1)
