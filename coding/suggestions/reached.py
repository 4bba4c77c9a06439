"""What a language still lacks to be learned, and what a version reached in it: the same words on pages and consoles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coding.languages import Translate
from coding.store.tone_models import ToneModel
from coding.suggestions.labels import LanguageLabels

NAMED = ("ar", "az", "be", "de", "en", "es", "fa", "fr", "hy", "ka", "kk", "ky", "mn", "ro", "ru", "tg", "tk", "tr",
         "uk", "uz")  # fmt: skip
"""Languages with a name in the catalogues; others are called by their code."""


def language_name(t: Translate, code: str) -> str:
    """A language in words."""
    if not code:
        return t("tone_model.no_language")
    return t(f"tone_model.language.{code}") if code in NAMED else code


def stage_words(t: Translate, stage: str) -> str:
    """A stage of the training in words: one of its own, or a language and the model that is fitted."""
    if stage in ("", "-"):
        return t("tone_model.stage.start")
    language, _, model = stage.partition(" ")
    if model:
        name = language_name(t, language)
        return t("tone_model.stage.learning", language=name, model=t(f"tone_model.chosen.{model}"))
    return t(f"tone_model.stage.{stage}")


def lacking(t: Translate, held: LanguageLabels, points: int) -> str:
    """What a language needs before it can be learned, or what its thin tones lead to; a scale has so many `points`."""
    from models.training.train import FEWEST_GROUPS, FEWEST_LABELS, FEWEST_OF_A_POINT

    if not held.language:
        return t("tone_model.lacks.language")
    if held.labels < FEWEST_LABELS:
        return t("tone_model.lacks.labels", count=FEWEST_LABELS - held.labels, needed=FEWEST_LABELS)
    if held.airings < FEWEST_GROUPS:
        return t("tone_model.lacks.airings", count=FEWEST_GROUPS - held.airings, needed=FEWEST_GROUPS)
    thin = len(held.counts) < points or min(held.counts.values()) < FEWEST_OF_A_POINT
    if len(held.counts) < 2:
        return t("tone_model.lacks.tones")
    return t("tone_model.lacks.points", needed=FEWEST_OF_A_POINT) if points > 3 and thin else t("tone_model.lacks.none")


def alone(codes: Iterable[str]) -> list[str]:
    """The languages for which no ready model comes with the project: they learn from the mission only."""
    from models.folder import ready

    return [code for code in codes if code and ready(code) is None]


@dataclass(frozen=True)
class Reached:
    """What a version reached in a language, on airings that it had not seen: fractions of 1.

    `low` to `high` is the 95 per cent interval of `accuracy` less `majority`. Figures are None where the language had
    too little to learn from; `reason` says why it does not speak.
    """

    language: str
    labels: int
    airings: int
    chosen: str
    accuracy: float | None
    majority: float | None
    low: float | None
    high: float | None
    earned: bool
    reason: str
    collapsed: bool

    def verdict(self, t: Translate) -> str:
        """Whether the version speaks in this language, and if not, why."""
        return t("tone_model.earned") if self.earned else t(f"tone_model.reason.{self.reason}")

    def gain(self, t: Translate) -> str:
        """By how much it beats the majority, in percentage points, with the interval."""
        if self.accuracy is None or self.majority is None or self.low is None or self.high is None:
            return ""
        points = [f"{100 * each:+.1f}" for each in (self.accuracy - self.majority, self.low, self.high)]
        return t("tone_model.gain", gain=points[0], low=points[1], high=points[2])

    def scale(self, t: Translate) -> str:
        """Whether all points of the scale are told apart, or its sides only."""
        return t("tone_model.collapsed" if self.collapsed else "tone_model.whole") if self.chosen else ""

    def text(self, t: Translate) -> str:
        """All of it in one line."""
        name = language_name(t, self.language)
        if self.accuracy is None:
            return t("tone_model.line_short", language=name, labels=self.labels, verdict=self.verdict(t))
        return t(
            "tone_model.line",
            language=name,
            labels=self.labels,
            airings=self.airings,
            model=t(f"tone_model.chosen.{self.chosen}"),
            accuracy=percent(self.accuracy),
            majority=percent(self.majority),
            gain=self.gain(t),
            scale=self.scale(t),
            verdict=self.verdict(t),
        )


def percent(share: float | None) -> str:
    """A share as per cent; empty where there is none."""
    return "" if share is None else f"{100 * share:.1f} %"


def reached(model: ToneModel) -> list[Reached]:
    """What a version reached, the language with the most labels first."""
    found = [_of(language, entry) for language, entry in model.languages.items()]
    return sorted(found, key=lambda each: (-each.labels, each.language))


def _of(language: str, entry: Mapping[str, Any]) -> Reached:
    figures = {name: entry.get(name) for name in ("accuracy", "majority", "low", "high")}
    words = {name: str(entry.get(name, "")) for name in ("chosen", "reason")}
    counts = {name: int(entry.get(name, 0)) for name in ("labels", "airings")}
    flags = {name: bool(entry.get(name)) for name in ("earned", "collapsed")}
    values: dict[str, Any] = {**figures, **words, **counts, **flags}
    return Reached(language, **values)
