"""What a model said, made by hand for the tests of the store."""

from uuid import UUID

from coding.store.suggestions import Told


def told(number: int = 1, revision: int = 1, **more: object) -> Told:
    """A suggestion about the segment of that number; keywords replace what it says."""
    given: dict[str, object] = {
        "segment_id": str(UUID(int=number)),
        "airing_id": "a-0312",
        "coder": "coder-1",
        "subject": "Blue Party",
        "revision": revision,
        "text_sha": "0" * 64,
        "language": "ka",
        "points": ("negative", "neutral", "positive"),
        "probabilities": (0.1, 0.2, 0.7),
        "labels": ("positive",),
        "silent": "",
        "model": "v1",
        "withheld": False,
        "shown": True,
        "tone_before": "neutral",
    }
    return Told(**{**given, **more})  # type: ignore[arg-type]
