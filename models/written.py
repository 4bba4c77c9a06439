"""What a JSON file of somebody else says, taken only as what it should be. Raises TypeError or ValueError."""

from typing import Any


def text(written: object) -> str:
    """A text that can be written again (no half of a sign)."""
    if not isinstance(written, str):
        raise TypeError(f"{written!r} is not a word")
    written.encode("utf-8")
    return written


def number(written: object) -> float:
    """A number: no text, no truth value."""
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise TypeError(f"{written!r} is not a number")
    return float(written)


def whole(written: object, least: int = 0, most: int = 2**63 - 1) -> int:
    """A whole number between two others."""
    if isinstance(written, bool) or not isinstance(written, int):
        raise TypeError(f"{written!r} is not a whole number")
    if not least <= written <= most:
        raise ValueError(f"{written} is not a whole number from {least} to {most}")
    return written


def listed(written: object) -> list[Any]:
    """A list."""
    if not isinstance(written, list):
        raise TypeError(f"{written!r} is not a list")
    return written


def table(written: object) -> dict[str, Any]:
    """An object of JSON: values by name."""
    if not isinstance(written, dict):
        raise TypeError(f"{written!r} is not a table of names and values")
    return written
