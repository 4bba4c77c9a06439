"""The order in which several codings of one airing count, as rows tell it."""

import pytest

from coding.counted_coders import CODING, DOUBLE, NOT_ASSIGNED, PRACTISED, Pair, counted_coders, turns

BOTH = {("x", "late"): 2, ("x", "early"): 1}


@pytest.mark.parametrize(
    ("stored", "holders", "decided", "first"),
    [
        (BOTH, {}, {}, "early"),
        (BOTH, {"early": (DOUBLE, 0)}, {}, "late"),
        (BOTH, {"late": (CODING, 3)}, {}, "late"),
        (BOTH, {"late": (CODING, 3), "early": (CODING, 4)}, {}, "late"),
        (BOTH, {"early": (PRACTISED, 0), "late": (DOUBLE, 0)}, {}, "late"),
        (BOTH, {"early": (CODING, 1), "late": (DOUBLE, 0)}, {"x": "late"}, "late"),
        ({("x", "late"): 2}, {"early": (CODING, 1)}, {}, "late"),
        ({("x", "early"): 1, ("x", "late"): 1}, {}, {}, "early"),
    ],
)
def test_the_coding_that_counts_is_in_the_first_place(
    stored: dict[Pair, int], holders: dict[str, tuple[int, int]], decided: dict[str, str], first: str
) -> None:
    held = {("x", coder): how for coder, how in holders.items()}
    assert counted_coders(stored, held, decided) == {"x": first}
    second = {"early": "late", "late": "early"}[first]
    assert turns(list(BOTH), stored, held, decided) == {("x", first): 0, ("x", second): 1}


def test_every_airing_has_an_order_of_its_own_and_who_has_nothing_comes_last() -> None:
    stored = {("x", "c"): 9, ("x", "b"): 4, ("y", "c"): 1}
    codings = [("x", "a"), ("x", "b"), ("x", "c"), ("y", "c"), ("y", "a")]
    held = {("x", "a"): (CODING, 1), ("x", "b"): (NOT_ASSIGNED, 0)}
    assert turns(codings, stored, held, {}) == {
        ("x", "b"): 0, ("x", "c"): 1, ("x", "a"): 2, ("y", "c"): 0, ("y", "a"): 1,
    }  # fmt: skip
    # decided that nothing holds: the decided coding stays the one that counts
    assert turns(codings[:3], stored, held, {"x": "a"})["x", "a"] == 0
