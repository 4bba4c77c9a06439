"""A worker's process with a model that needs no file: what it suggests is written in the text it is asked about."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from coding.suggestions.answering import serve, step_back
from models.refusal import Refused
from models.suggestion import Silence, Suggestion
from models.target import Target

POINTS = ("very negative", "negative", "neutral", "positive", "very positive")
MODULE = "tests.coding.suggestions.stub"


@dataclass
class Stub:
    """`negative 0.9` suggests that; `negative neutral`: both; `unsure`, `die`, `sleep 3`, `print`, `garble`."""

    version: str

    def suggest(self, texts: list[str], targets: list[Target], languages: list[str]) -> list[Suggestion]:
        return [self._one(text, language or "en") for text, language in zip(texts, languages, strict=True)]

    def _one(self, text: str, language: str) -> Suggestion:
        words = text.replace("very ", "very_").split() or [""]
        if words[0] == "die":
            os._exit(3)
        if words[0] == "raise":
            raise KeyError("a text that the model does not take")
        if words[0] == "sleep":
            time.sleep(float(words[1]))
        if words[0] == "print":
            print("a library speaks")
        if words[0] == "garble":
            return Suggestion(0.5, (), Silence.UNSURE, self.version, language)  # type: ignore[arg-type]
        if words[0] == "where":
            return Suggestion((), (), Silence.UNSURE, str(os.getpid()), language)
        labels = tuple(point for point in POINTS if point.replace(" ", "_") in words)
        sure = float(words[-1]) if words[-1].startswith("0.") else 0.9
        rest = (1 - sure) / (len(POINTS) - max(1, len(labels)))
        shares = tuple(sure / len(labels) if point in labels else rest for point in POINTS) if labels else (0.2,) * 5
        silent = None if labels else Silence.UNSURE
        return Suggestion(shares, labels, silent, self.version, language, POINTS)


def open_stub(folder: Path) -> Stub:
    """A folder called `broken` is refused."""
    if folder.name == "broken":
        raise Refused("broken: no manifest.json; make the model again.")
    return Stub(folder.name)


def main() -> None:
    """What the worker starts in a test."""
    step_back()
    serve(open_stub)  # type: ignore[arg-type]
