"""A model for the tests of the queue, and the measuring process with it."""

from typing import Any

from coding.suggestions import measuring, uncertainty
from models.suggestion import Silence, Suggestion


class Unsure:
    """Holds every point alike where the text says so; is sure elsewhere; hears only of the Blues."""

    version = "v1"

    def suggest(self, texts: list[str], targets: list[Any], languages: list[str]) -> list[Suggestion]:
        def one(text: str, target: Any) -> Suggestion:
            if target.name != "Blue Party" or "Blues" not in text:
                return Suggestion((), (), Silence.NOT_NAMED, "v1", "en")
            points = (1 / 3, 1 / 3, 1 / 3) if "perhaps" in text else (1.0, 0.0, 0.0)
            return Suggestion(points, (), Silence.UNSURE, "v1", "en")

        return [one(text, target) for text, target in zip(texts, targets, strict=True)]


def main() -> None:
    uncertainty._opened = lambda _: Unsure()  # type: ignore[assignment,return-value]
    measuring.main()
