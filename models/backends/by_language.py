"""The by_language backend: one folder for each language of a mission, each with its own backend."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.refusal import Refused
from models.scale import Scale

if TYPE_CHECKING:
    from models.folder import Manifest
    from models.suggestion import Model
    from models.target import Target

FILES = ("*/manifest.json", "*/linear.safetensors", "*/adapted.safetensors", "report.json")
CODE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A language's code, which is also the name of its folder."""


class ByLanguage:
    """Open models by language. One on the collapsed scale gives each side's share to its points alike."""

    def __init__(self, version: str, scale: Scale, parts: "Mapping[str, Model]") -> None:
        self.version, self.scale, self.languages = version, scale, frozenset(parts)
        self._parts = parts

    def probabilities(
        self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]
    ) -> NDArray[np.float64]:
        """(n, points); NaN where the target is not named, there is no text, or no model for the language."""
        said = np.full((len(texts), self.scale.size), np.nan)
        places = defaultdict(list)
        for place, language in enumerate(languages):
            places[language].append(place)
        for language, its in places.items():
            if language in self._parts:
                part = self._parts[language]
                asked = [texts[place] for place in its], [targets[place] for place in its], [language] * len(its)
                said[its] = on_scale(part.probabilities(*asked), part.scale, self.scale)
        return said


def on_scale(said: NDArray[np.float64], own: Scale, scale: Scale) -> NDArray[np.float64]:
    """Probabilities on a scale or its collapsed one, on that scale: calibration adds the sides up again."""
    if own == scale:
        return said
    places = [own.sides.index(side) for side in scale.sides]
    return np.asarray(said[:, places] / np.array([scale.sides.count(side) for side in scale.sides]))


def load(folder: Path, manifest: "Manifest") -> ByLanguage:
    """The models of a checked folder, each folder in it checked again. Raises Refused when one does not fit."""
    from models.backends import load as load_backend
    from models.folder import read

    if not manifest.languages or not all(CODE.fullmatch(language) for language in manifest.languages):
        raise Refused(f"{folder} does not name its languages by their codes; train the model again.")
    parts = {}
    for language in manifest.languages:
        own = read(folder / language)
        if own.backend == manifest.backend or own.scale not in (manifest.scale, manifest.scale.collapsed()):
            raise Refused(f"{folder / language} has another scale than {folder}; train the model again.")
        parts[language] = load_backend(folder / language, own)
    return ByLanguage(manifest.version, manifest.scale, parts)
