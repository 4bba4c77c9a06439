"""Models made by hand for the tests: they read words, one of them also names."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.scale import THREE, Point, Scale
from models.suggestion import Suggester
from models.target import Target, masked, mentions

FIVE = Scale(
    (
        Point("very negative", -1),
        Point("negative", -0.5),
        Point("neutral", 0),
        Point("positive", 0.5),
        Point("very positive", 1),
    )
)


@dataclass(frozen=True)
class WordModel:
    """Says negative where a text holds «bad», positive for «good», else neutral; `sure` is the highest probability.

    With `hates` it says negative wherever that name stands, masked or not: the model a mission must not use.
    """

    sure: float = 0.8
    hates: str = ""
    version: str = "words-1"
    scale: Scale = THREE
    languages: frozenset[str] = frozenset({"en"})

    def probabilities(
        self, texts: Sequence[str], targets: Sequence[Target], languages: Sequence[str]
    ) -> NDArray[np.float64]:
        return np.array([self._one(*row) for row in zip(texts, targets, languages, strict=True)])

    def _one(self, text: str, target: Target, language: str) -> list[float]:
        found = mentions(text, target, language)
        if not found.target:
            return [float("nan")] * self.scale.size
        plain = masked(text, found, "TARGET", "OTHER")
        place = 0 if "bad" in plain else 2 if "good" in plain else 1
        if self.hates and self.hates in target.name:
            place = 0
        rest = (1 - self.sure) / 2
        return [self.sure if point == place else rest for point in range(3)]


def suggester(earned: frozenset[str] | None = None, **model: object) -> Suggester:
    """The model without calibration: every set holds all labels."""
    return Suggester(WordModel(**model), {}, earned)  # type: ignore[arg-type]


def labelled(*rows: tuple[str, str], **columns: object) -> pd.DataFrame:
    """A labelled table about Blue, with Red beside it, from pairs of text and tone; a keyword sets a column."""
    table = pd.DataFrame(
        {
            "text": [text for text, _ in rows],
            "target": "Blue",
            "aliases": "Blue Party | Blues",
            "bystanders": "Red Party | Red",
            "language": "en",
            "tone": [tone for _, tone in rows],
            "group": [f"airing {row // 2}" for row in range(len(rows))],
        }
    )
    return table.assign(**columns)


def predicted(truth: Sequence[str], shares: Sequence[Sequence[float]], **columns: object) -> pd.DataFrame:
    """A table of predictions on three points; each row its own group unless `group` is given."""
    told = pd.DataFrame(shares, columns=["p_negative", "p_neutral", "p_positive"], dtype=float)
    return told.assign(
        **{"tone": list(truth), "group": [str(row) for row in range(len(truth))], "labels": "", "silent": ""} | columns
    )
