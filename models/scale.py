"""The scale of a tone: its points in order, each with a name and a score from -1 to 1."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from models.refusal import Refused

TONES: Mapping[int, str] = {
    -1: r"neg|negative|negativ|отриц\w*|негатив\w*|теріс|жағымсыз",
    0: r"neu|neutral|нейтр\w*|бейтарап",
    1: r"pos|positive|positiv|положит\w*|позитив\w*|оң|жағымды",
}
"""What a side of a scale is called in English, Russian and Kazakh: patterns."""
DEGREE = re.compile(r"(very|strongly|extremely|rather|slightly|somewhat|mildly|очень|скорее|слегка|өте|сәл)[ _-]")
STANDS = {-1: "below", 0: "at", 1: "above"}


@dataclass(frozen=True)
class Point:
    """One answer a coder can give. `score` is negative, zero or positive; nothing else is read from it here."""

    name: str
    score: float


@dataclass(frozen=True)
class Scale:
    """Points from the lowest score to the highest. Raises Refused when they are not in that order or not distinct."""

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.points) < 2:
            raise Refused(f"A tone scale has {len(self.points)} points; give it at least two.")
        if len(set(self.names)) < self.size or not all(self.names):
            raise Refused(f"The points of the tone scale {self.names} need a name each, no two alike.")
        if any(low >= high for low, high in zip(self.scores, self.scores[1:], strict=False)):
            raise Refused(f"The scores of the tone scale {self.scores} must rise from the first point to the last.")
        if not all(-1 <= score <= 1 for score in self.scores):
            raise Refused(f"The scores of the tone scale {self.scores} must lie between -1 and 1.")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in order."""
        return tuple(point.name for point in self.points)

    @cached_property
    def scores(self) -> tuple[float, ...]:
        """The scores in order."""
        return tuple(point.score for point in self.points)

    @property
    def size(self) -> int:
        """How many points there are."""
        return len(self.points)

    def index(self, name: str) -> int:
        """The place of a point, from 0. Raises Refused for a name the scale does not have."""
        if name not in self.names:
            raise Refused(f"The tone “{name}” is not on the scale ({', '.join(self.names)}); write one of its names.")
        return self.names.index(name)

    def side(self, name: str) -> int:
        """-1 below zero, 0 at zero, 1 above zero."""
        return _sign(self.scores[self.index(name)])

    @cached_property
    def sides(self) -> tuple[int, ...]:
        """The side of every point in order."""
        return tuple(_sign(score) for score in self.scores)

    def collapsed(self) -> "Scale":
        """The same scale with the points of each side as one: “very negative / negative” with their mean score."""
        return Scale(tuple(self._merged(side) for side in sorted(set(self.sides))))

    def collapse(self, name: str) -> str:
        """The name on the collapsed scale of a point of this one."""
        return self._merged(self.side(name)).name

    def matches(self, other: "Scale") -> bool:
        """Whether a model on one scale can speak on the other: as many points, on the same sides, in order."""
        return self.sides == other.sides

    def _merged(self, side: int) -> Point:
        points = [point for point, its in zip(self.points, self.sides, strict=True) if its == side]
        return Point(" / ".join(point.name for point in points), sum(point.score for point in points) / len(points))


def check_sense(scale: Scale) -> None:
    """Raises Refused where a point is named for another side than its score's, or all points lie on one side.

    Points are compared by their sides everywhere: with names turned round a praise would become “negative”.
    """
    if len(set(scale.sides)) == 1:
        raise Refused(f"The points of the tone scale ({', '.join(scale.names)}) all lie on one side of zero; add one.")
    for name, side in zip(scale.names, scale.sides, strict=True):
        named = {known for part in name.split(" / ") if (known := named_side(part)) is not None}
        if named - {side}:
            raise Refused(f"“{name}” stands {STANDS[side]} zero on the tone scale; give it the score that it says.")


def named_side(name: str) -> int | None:
    """The side that a name says by itself; None where it says none."""
    plain = DEGREE.sub("", name.strip().lower(), count=1)
    return next((side for side, words in TONES.items() if re.fullmatch(words, plain)), None)


def _sign(score: float) -> int:
    return (score > 0) - (score < 0)


THREE = Scale((Point("negative", -1.0), Point("neutral", 0.0), Point("positive", 1.0)))
