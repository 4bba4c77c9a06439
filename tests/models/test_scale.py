"""Scales: order, sides, and the scale that is left when a side has too few labels."""

import pytest

from models.refusal import Refused
from models.scale import THREE, Point, Scale, check_sense
from tests.models.told import FIVE


def test_a_scale_knows_its_sides() -> None:
    assert FIVE.names == ("very negative", "negative", "neutral", "positive", "very positive")
    assert FIVE.sides == (-1, -1, 0, 1, 1)
    assert FIVE.side("negative") == -1
    assert FIVE.index("neutral") == 2


def test_collapsing_merges_the_points_of_a_side() -> None:
    three = FIVE.collapsed()
    assert three.names == ("very negative / negative", "neutral", "positive / very positive")
    assert three.scores == (-0.75, 0.0, 0.75)
    assert FIVE.collapse("very positive") == three.names[2]
    assert THREE.collapsed() == THREE


def test_models_fit_by_the_order_of_sides_not_by_name() -> None:
    other = Scale((Point("теріс", -1), Point("бейтарап", 0), Point("оң", 1)))
    assert THREE.matches(other)
    assert THREE.matches(FIVE.collapsed())
    assert not THREE.matches(FIVE)
    assert not THREE.matches(Scale((Point("against", -1), Point("for", 1))))


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ((Point("only", 0),), "at least two"),
        ((Point("good", 1), Point("bad", -1)), "must rise"),
        ((Point("one", -1), Point("one", 1)), "no two alike"),
        ((Point("", -1), Point("one", 1)), "a name each"),
        ((Point("bad", -2), Point("good", 1)), "between -1 and 1"),
    ],
)
def test_a_scale_that_is_none_is_refused(points: tuple[Point, ...], words: str) -> None:
    with pytest.raises(Refused, match=words):
        Scale(points)


def test_an_unknown_tone_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused, match="negative, neutral, positive"):
        THREE.index("meh")


@pytest.mark.parametrize(
    "points",
    [
        THREE.points,
        FIVE.points,
        FIVE.collapsed().points,
        (Point("өте теріс", -1), Point("теріс", -0.5), Point("бейтарап", 0), Point("оң", 0.5), Point("өте оң", 1)),
        (Point("Отрицательный", -1), Point("Нейтральный", 0), Point("Положительный", 1)),
        (Point("hostile", -1), Point("not negative", 1)),
        (Point("negative", -1), Point("neutral", 0)),
    ],
)
def test_a_scale_whose_names_say_what_its_scores_say(points: tuple[Point, ...]) -> None:
    check_sense(Scale(points))
