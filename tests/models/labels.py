"""Labelled sentences made by rule for the tests of training, and a tiny ready model."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.scale import THREE, Scale
from models.target import Target, mentions

VERBS = {
    "en": (("robs", "ruins", "betrays"), ("meets", "visits", "answers"), ("saves", "feeds", "heals")),
    "ru": (("губит", "грабит", "бросает"), ("встречает", "посещает", "слышит"), ("спасает", "кормит", "лечит")),
    "kk": (
        ("тонайды", "алдайды", "қиратады"),
        ("кездеседі", "барады", "айтады"),
        ("құтқарады", "емдейді", "тойдырады"),
    ),
}
"""language -> words that go with a negative, a neutral and a positive tone."""
FILLER = ("people", "city", "road", "school", "water", "market", "press", "winter")


def table(
    rows: int,
    language: str = "en",
    noise: float = 0.1,
    seed: int = 0,
    scale: Scale = THREE,
    share: Sequence[float] | None = None,
    per_airing: int = 5,
) -> pd.DataFrame:
    """Sentences about the target with a bystander of the opposite tone; a `noise` share has a tone of chance."""
    source = np.random.default_rng(seed)
    sides = sorted({which + 1 for which in scale.sides})
    side = source.choice(sides, rows, p=share)
    lines = []
    for place, its in enumerate(side):
        verbs = VERBS[language]
        own, other = source.choice(verbs[its]), source.choice(verbs[2 - its])
        words = source.choice(FILLER, 4)
        text = f"{words[0]} {words[1]} Nur Otan {own} {words[2]} and {words[3]} later on the same day Ak Zhol {other}"
        true = its if source.random() > noise else source.choice(sides)
        points = [name for name, which in zip(scale.names, scale.sides, strict=True) if which == true - 1]
        lines.append((text, str(source.choice(points)), f"{language} airing {place // per_airing}"))
    made = pd.DataFrame(lines, columns=["text", "tone", "group"])
    return made.assign(target="Nur Otan", aliases="", bystanders="Ak Zhol", language=language)


@dataclass(frozen=True)
class TinyReady:
    """A ready model that knows the English verbs of `table`, more or less: `wrong` is its share of chance answers.

    Its features say which of the nine verbs stands behind the target.
    """

    wrong: float = 0.0
    version: str = "tiny-1"
    scale: Scale = THREE
    languages: frozenset[str] = field(default=frozenset({"en"}))

    def outputs(
        self, texts: Sequence[str], targets: Sequence[Target], languages: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        said, features = np.full((len(texts), 3), np.nan), np.full((len(texts), 9), np.nan)
        for place, (text, target, language) in enumerate(zip(texts, targets, languages, strict=True)):
            found = mentions(text, target, language).target
            if not found:
                continue
            verb = text[found[0][1] :].split()[0]
            at = next((at for at, its in enumerate(sum(VERBS["en"], ())) if its == verb), None)
            source = np.random.default_rng(len(text) * 1000 + place)
            best = at // 3 if at is not None and source.random() >= self.wrong else int(source.integers(3))
            said[place], features[place] = 0.15, 0.0
            said[place, best] = 0.7
            if at is not None:
                features[place, at] = 1.0
        return said, features

    def probabilities(
        self, texts: Sequence[str], targets: Sequence[Target], languages: Sequence[str]
    ) -> NDArray[np.float64]:
        return self.outputs(texts, targets, languages)[0]

    def features(
        self, texts: Sequence[str], targets: Sequence[Target], languages: Sequence[str]
    ) -> NDArray[np.float64]:
        return self.outputs(texts, targets, languages)[1]
