"""The one door to every model: texts and targets in, suggestions out.

A suggestion is never a tone. It says what a model holds likely, which labels cannot be ruled out, or why it is silent.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from models.refusal import Refused
from models.scale import Scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.calibrate import Calibration
    from models.target import Target


class Silence(StrEnum):
    """Why nothing is suggested."""

    NO_TEXT = "no_text"
    NOT_NAMED = "not_named"  # the target does not occur in the text
    LANGUAGE = "language"  # the model does not know the language, or it could not be told
    NOT_EARNED = "not_earned"  # not yet shown to beat the majority on this mission, in this language
    UNSURE = "unsure"  # three labels or more, or two that do not touch, are possible


@dataclass(frozen=True)
class Suggestion:
    """What a model says about one text and one target.

    `points` names what `probabilities` stand for, in order (the scale, or the collapsed scale where the labels of a
    language do not carry more); both are empty when there was no text, the target was not named or the language is
    unknown. `labels` holds one point or two adjacent ones, and is empty when `silent` says why. `language` is the one
    the model worked in.
    """

    probabilities: tuple[float, ...]
    labels: tuple[str, ...]
    silent: Silence | None
    model: str
    language: str
    points: tuple[str, ...] = ()

    @property
    def best(self) -> tuple[str, float]:
        """The likeliest point and its probability, also when silent; ("", 0.0) where nothing was computed."""
        if not self.probabilities:
            return "", 0.0
        highest = max(range(len(self.probabilities)), key=self.probabilities.__getitem__)
        return self.points[highest], self.probabilities[highest]


class Model(Protocol):
    """What a backend gives. `languages` empty means any. Raw probabilities: calibration comes after."""

    version: str
    scale: Scale
    languages: frozenset[str]

    def probabilities(
        self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]
    ) -> "NDArray[np.float64]":
        """(n, scale.size), rows adding up to 1; a row of NaN where the target is not named or there is no text."""
        ...


class FeatureModel(Model, Protocol):
    """A ready model that a mission's own labels can adapt."""

    def features(
        self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]
    ) -> "NDArray[np.float64]":
        """(n, d), the same rows as `probabilities`; NaN where the target is not named or there is no text."""
        ...

    def outputs(
        self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]
    ) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """`probabilities` and `features` in one run."""
        ...


@dataclass(frozen=True)
class Suggester:
    """A model with what makes its words honest.

    `calibration` holds one entry for each language, or one under "" for all others. `earned` names the languages in
    which the model may speak; None where that is not asked (evaluation, a model used outside a mission).
    """

    model: Model
    calibration: "Mapping[str, Calibration]"
    earned: frozenset[str] | None = None

    @property
    def version(self) -> str:
        """The model's version, kept with every suggestion."""
        return self.model.version

    @property
    def scale(self) -> Scale:
        """The model's scale."""
        return self.model.scale

    @cached_property
    def _collapsed(self) -> Scale:
        return self.scale.collapsed()

    def scale_of(self, language: str) -> Scale:
        """The scale of suggestions in a language: collapsed where its labels were too few for all points."""
        its = self._calibrated(language)
        return self._collapsed if its is not None and its.collapsed else self.scale

    def suggest(self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]) -> list[Suggestion]:
        """One suggestion for each text, in order. A language of "" is told from the text.

        Raises Refused when the three are not equally long.
        """
        if not len(texts) == len(targets) == len(languages):
            raise Refused(f"{len(texts)} texts, {len(targets)} targets, {len(languages)} languages: give one of each.")
        texts = [_whole(text) for text in texts]
        asked = zip(texts, targets, languages, strict=True)
        told = [language or _language(text, target) for text, target, language in asked]
        answers = [self._silent(text, language) for text, language in zip(texts, told, strict=True)]
        open_rows = [row for row, answer in enumerate(answers) if answer is None]
        if open_rows:
            raw = self.model.probabilities(
                [texts[row] for row in open_rows], [targets[row] for row in open_rows], [told[row] for row in open_rows]
            )
            for place, row in enumerate(open_rows):
                answers[row] = self._spoken(raw[place], told[row])
        return [answer for answer in answers if answer is not None]

    def _silent(self, text: str, language: str) -> Suggestion | None:
        if not text.strip():
            return Suggestion((), (), Silence.NO_TEXT, self.version, language)
        if self.model.languages and language not in self.model.languages:
            return Suggestion((), (), Silence.LANGUAGE, self.version, language)
        return None

    def _spoken(self, raw: "NDArray[np.float64]", language: str) -> Suggestion:
        if math.isnan(raw[0]):
            return Suggestion((), (), Silence.NOT_NAMED, self.version, language)
        its, scale = self._calibrated(language), self.scale_of(language)
        calibrated = raw[None] if its is None else its.apply(raw[None], self.scale)
        probabilities = tuple(float(share) for share in calibrated[0])
        # Without thresholds nothing says how sure is sure enough: every label stays possible.
        possible = [True] * scale.size if its is None else [bool(one) for one in its.sets(calibrated)[0]]
        labels = tuple(name for name, one in zip(scale.names, possible, strict=True) if one)
        silent = self._reason(possible, language)
        return Suggestion(probabilities, () if silent else labels, silent, self.version, language, scale.names)

    def _reason(self, possible: list[bool], language: str) -> Silence | None:
        if self.earned is not None and language not in self.earned:
            return Silence.NOT_EARNED
        return None if speaks(possible) else Silence.UNSURE

    def _calibrated(self, language: str) -> "Calibration | None":
        return self.calibration.get(language, self.calibration.get(""))


def _whole(text: str) -> str:
    """The text with a question mark for each half of a sign: a browser may send one, and no tokenizer takes it.

    >>> _whole("good \\ud83d")
    'good ?'
    """
    return text.encode("utf-8", "replace").decode()


def speaks(possible: Sequence[bool]) -> bool:
    """Whether a set of points says anything: one, or two adjacent ones of a scale that has more.

    >>> speaks([True, True, False]), speaks([True, False, True])
    (True, False)
    """
    places = [place for place, its in enumerate(possible) if its]
    return len(places) == 1 or (len(places) == 2 < len(possible) and places[1] == places[0] + 1)


def suggest(
    texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str], model: Path | Suggester
) -> list[Suggestion]:
    """Suggestions for texts about targets by a model (a folder, or one already open). Raises Refused."""
    return _opened(model).suggest(texts, targets, languages)


def _opened(model: Path | Suggester) -> Suggester:
    if isinstance(model, Suggester):
        return model
    from models.folder import open_model

    return open_model(model)


def _language(text: str, target: "Target") -> str:
    from models.language import language_about

    return language_about(text, target)
