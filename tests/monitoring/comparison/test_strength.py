"""The words for differences: their limits, both signs, and what is never called shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.comparison.strength import LIMITS, Kind, shown, strength, verdict

KINDS: tuple[Kind, ...] = ("share", "tone", "speech")
WORDS = ("none", "weak", "moderate", "strong")


@pytest.mark.parametrize("kind", KINDS)
def test_each_word_begins_at_its_limit(kind: Kind) -> None:
    for limit, word, below in zip(LIMITS[kind], WORDS[1:], WORDS, strict=False):
        assert strength(kind, limit) == word
        assert strength(kind, -limit) == word
        assert strength(kind, limit - 0.0001) == below


@pytest.mark.parametrize(
    ("kind", "effect", "word"),
    [("share", 0.05, "moderate"), ("tone", 0.05, "weak"), ("speech", 0.05, "weak"), ("share", 0.3 - 0.2, "strong")],
)
def test_some_differences(kind: Kind, effect: float, word: str) -> None:
    assert strength(kind, effect) == word


def test_an_unknown_difference_has_no_word() -> None:
    with pytest.raises(ValueError, match="not known"):
        strength("share", float("nan"))


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0.05, 1, exclude_min=True))
def test_nothing_is_shown_against_its_p_or_its_interval(effect: float, width: float, p: float) -> None:
    assert verdict("share", effect, effect - width, effect + width, p) == "not_shown"
    assert verdict("share", effect, min(effect, 0), max(effect, 0), 0.001) == "not_shown"


def test_a_tiny_difference_that_is_shown_is_weak() -> None:
    assert strength("share", 0.004) == "none"
    assert verdict("share", 0.004, 0.001, 0.007, 0.01) == "weak"
    assert verdict("share", -0.2, -0.3, -0.1, 0.01) == "strong"
    assert not shown(float("nan"), float("nan"), 0.01)
    assert not shown(0.1, 0.2, float("nan"))
