"""Agreement in time is agreement of every single second; on paper of the area, and units are never pooled."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.double_coding.passages import passages
from monitoring.agreement.measures import report
from monitoring.agreement.pairs import pairs, with_place
from monitoring.agreement.seconds import BOUNDARIES, Shared, boundaries, seconds, swept
from tests.coding.double_coding.made import BULLETIN, Said, codings

AMOUNTS = ["either", "both", "toned", "same_tone"]


@st.composite
def intervals(draw: st.DrawFn) -> list[tuple[int, int, str]]:
    """What a coder marked: no two tones at once, but the same one twice."""
    cuts = sorted(draw(st.lists(st.integers(0, 30), max_size=7, unique=True)))
    made = [
        (start, end, draw(st.sampled_from(["", "good", "bad"]))) for start, end in pairwise(cuts) if draw(st.booleans())
    ]
    return made + made[: draw(st.integers(0, len(made)))]


@settings(max_examples=60, deadline=None)
@given(intervals(), intervals())
def test_a_sweep_is_the_same_as_looking_at_every_millisecond(
    one: list[tuple[int, int, str]], other: list[tuple[int, int, str]]
) -> None:
    sides: list[dict[int, str]] = [
        {at: tone for start, end, tone in side for at in range(start, end)} for side in (one, other)
    ]
    both = sides[0].keys() & sides[1].keys()
    toned = {at for at in both if sides[0][at] and sides[1][at]}
    expected = Shared(
        len(sides[0].keys() | sides[1].keys()), len(both), len(toned), sum(sides[0][at] == sides[1][at] for at in toned)
    )
    assert swept(one, other) == expected == swept(other, one)


def amounts(*words: Said) -> list[list[Any]]:
    """Unit, subject, and the four amounts."""
    return seconds(codings(words, "AB"))[["unit", "subject", *AMOUNTS]].to_numpy().tolist()


def test_the_bulletin_by_hand() -> None:
    assert amounts(*BULLETIN) == [
        ["ms", "Blue Party", 108_000, 82_000, 82_000, 62_000],
        ["ms", "Green Party", 18_000, 0, 0, 0],
        ["ms", "President", 30_000, 30_000, 30_000, 30_000],
        ["ms", "Red Party", 20_000, 0, 0, 0],
    ]


def test_three_coders_are_three_pairs() -> None:
    words = [Said("A", start=0, end=10), Said("B", start=0, end=10), Said("C", start=5, end=10)]
    found = seconds(codings(words))
    assert found[["pair", "either", "both"]].to_numpy().tolist() == [
        ["A × B", 10_000, 10_000], ["A × C", 10_000, 5_000], ["B × C", 10_000, 5_000],
    ]  # fmt: skip


def test_amounts_without_a_place_share_the_smaller_one() -> None:
    assert amounts(Said("A", amount=5000), Said("B", amount=9000, tone="negative")) == [
        ["ms", "Blue Party", 9000, 5000, 5000, 0]
    ]
    assert amounts(Said("A", start=0, end=5), Said("B", amount=9000)) == [["ms", "Blue Party", 9000, 5000, 5000, 5000]]


def test_on_paper_it_is_the_area_of_a_page_and_never_that_of_two_units() -> None:
    paper: dict[str, Any] = {"airing_id": "g-0312", "unit": "mm2"}
    one = Said("A", page=1, box="0.0 0.0 0.5 0.4", amount=20_000, **paper)
    other = Said("B", page=1, box="0.25 0.0 0.5 0.4", amount=20_000, **paper)
    assert amounts(one, other) == [["mm2", "Blue Party", 30_000, 10_000, 10_000, 10_000]]
    assert amounts(one, Said("B", page=2, amount=20_000, **paper)) == [["mm2", "Blue Party", 40_000, 0, 0, 0]]
    assert amounts(one, Said("B", page=1, amount=15_000, **paper)) == [
        ["mm2", "Blue Party", 20_000, 15_000, 15_000, 15_000]
    ]
    lines = [
        Said(coder, page=3, amount=number, **paper | {"unit": "lines"}) for coder, number in (("A", 30), ("B", 40))
    ]
    held = codings([one, other, *lines, Said("A", start=0, end=10), Said("B", start=0, end=5)])
    found = report(held, passages(held))
    shares = found[(found["by"] == "all") & (found["measure"] == "time_who")].set_index("unit")
    assert shares["value"].to_dict() == pytest.approx({"lines": 0.75, "mm2": 1 / 3, "ms": 0.5})
    assert shares["units"].to_dict() == {"lines": 40, "mm2": 30_000, "ms": 10_000}


def test_boundaries_are_those_of_what_both_found() -> None:
    def errors(*words: Said) -> list[list[Any]]:
        held = codings(words, "AB")
        found = boundaries(with_place(held, pairs(passages(held))))
        assert list(found.columns) == list(BOUNDARIES)
        return found[["subject", "error_ms"]].to_numpy().tolist()

    assert sorted(errors(*BULLETIN)) == [["Blue Party", 0]] * 4 + [["Blue Party", 8000]] * 2 + [["President", 0]] * 2
    chained = [Said("A", start=0, end=10), Said("A", start=12, end=20, tone="negative"), Said("B", start=1.5, end=19)]
    assert errors(*chained) == [["Blue Party", 1500], ["Blue Party", 1000]]
    assert errors(Said("A", amount=5), Said("B", start=0, end=1)) == []
    assert errors() == []


def test_nothing_gives_an_empty_table() -> None:
    assert seconds(codings([], "AB")).empty
