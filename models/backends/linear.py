"""The linear backend: words and letters around a masked target, weighed by logistic regression. No torch, any language.

It learns from a mission's own labels alone. A folder holds arrays under hashes, no word of the mission's texts.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.backends import tried
from models.contents import TEXTS
from models.linear.lexicon import lexicon_of
from models.linear.ngrams import counted, rated, read
from models.linear.weights import Weights
from models.numbers_file import read_numbers, write_numbers
from models.refusal import Refused, refusing
from models.scale import Scale
from models.written import table

if TYPE_CHECKING:
    from models.folder import Manifest
    from models.target import Target

FILES = ("linear.safetensors", *TEXTS)
NUMBERS = "linear.safetensors"
FORMAT = 1
"""Changes whenever `ngrams` reads a text differently: weights learned on the old reading would say nonsense."""


class Linear:
    """An open linear model."""

    def __init__(self, version: str, scale: Scale, languages: frozenset[str], weights: Weights) -> None:
        self.version, self.scale, self.languages = version, scale, languages
        self._weights = weights

    def probabilities(
        self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]
    ) -> NDArray[np.float64]:
        """(n, points); NaN where the target is not named or there is no text. A target without a name is none."""
        said = np.full((len(texts), self.scale.size), np.nan)
        readings = [read(*row) for row in zip(texts, targets, languages, strict=True)]
        named = [place for place, reading in enumerate(readings) if reading is not None]
        if named:
            its = [reading for reading in readings if reading is not None]
            said[named] = self._weights.probabilities(counted(its), rated(its, [languages[place] for place in named]))
        return said


def load(folder: Path, manifest: "Manifest") -> Linear:
    """The linear model of a checked folder. Raises Refused when its numbers do not fit its scale or our reading."""
    settings = manifest.settings
    if settings.get("reading") != FORMAT:
        raise Refused(f"{folder} was trained by another version that read texts otherwise; train the model again.")
    with refusing(f"The word lists that {folder} was trained with are not named", "train the model again."):
        lexicons = table(settings.get("lexicons", {}))
    for language, known in lexicons.items():
        if lexicon_of(language) != known:
            raise Refused(f"{folder} was trained with {known}, which is not installed; install it or train again.")
    path = folder / NUMBERS
    weights = Weights.from_tensors(str(settings.get("kind", "")), read_numbers(path), str(path))
    if weights.size != manifest.scale.size:
        raise Refused(f"{path} is for {weights.size} points and its scale has {manifest.scale.size}; train it again.")
    return tried(folder, Linear(manifest.version, manifest.scale, frozenset(manifest.languages), weights))


def put(folder: Path, weights: Weights, languages: Sequence[str]) -> dict[str, Any]:
    """Writes the numbers into a folder; gives the settings that its manifest must have."""
    write_numbers(folder / NUMBERS, weights.tensors())
    lexicons = {language: lexicon_of(language) for language in languages if lexicon_of(language)}
    return {"reading": FORMAT, "kind": weights.kind, "lexicons": lexicons}
