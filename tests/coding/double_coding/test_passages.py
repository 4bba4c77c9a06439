"""The alignment: a worked example, papers and amounts, and the laws that any coders and segments obey."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.double_coding.passages import PASSAGES, aligned, area, box_of, passages, plain_rows, shared_area, stretches
from tests.coding.double_coding.made import BULLETIN, Said, codings, swapped

LAW = settings(max_examples=12, deadline=None)


def found_in(*words: Said, coders: tuple[str, ...] = ()) -> list[dict[str, tuple[str, ...]]]:
    """Each passage as what its coders found there: names of segments by coder."""
    table = passages(codings(words, coders))
    return [{row.coder: row.segments for row in rows.itertuples() if row.found} for _, rows in table.groupby("passage")]


def told(*words: Said) -> pd.DataFrame:
    return passages(codings(words)).set_index(["passage", "coder"])


def test_a_bulletin_by_hand() -> None:
    words = BULLETIN
    assert found_in(*words) == [
        {"A": ("a1",), "B": ("b1",)},
        {"A": ("a2",), "B": ("b2",)},
        {"A": ("a3",)},
        {"A": ("a4",), "B": ("b4",)},
        {"A": ("a5",), "B": ("b5", "b6")},
        {"A": ("a6",), "B": ("b7",)},
    ]
    table = told(*words)
    assert list(passages(codings(words)).columns) == list(PASSAGES)
    assert table.loc[(1, "B"), ["found", "tone", "amount", "start_ms", "end_ms"]].tolist() == [
        True, "negative", 20_000, 60_000, 80_000,
    ]  # fmt: skip
    nothing = table.loc[(2, "B")]
    assert (nothing["found"], nothing["subject"], nothing["tone"], nothing["amount"]) == (False, "", "", 0)
    assert nothing["segments"] == ()
    assert pd.isna(nothing["start_ms"])
    assert (table.loc[(3, "A"), "subject"], table.loc[(3, "B"), "subject"]) == ("Red Party", "Green Party")
    assert table.loc[(4, "B"), "amount"] == 40_000


@pytest.mark.parametrize(("shift", "together"), [(0, True), (10, True), (10.001, False), (20, False)])
def test_half_of_the_shorter_one_is_enough(shift: float, together: bool) -> None:
    one, other = Said("A", start=100, end=120), Said("B", start=100 + shift, end=150)
    assert (len(found_in(one, other)) == 1) == together
    # of the shorter one: a long one that holds a short one is the same passage
    assert len(found_in(Said("A", start=0, end=600), Said("B", start=595 - shift, end=605 - shift))) == 1


def test_what_is_linked_in_a_chain_is_one_passage_and_most_of_the_amount_speaks() -> None:
    table = told(
        Said("A", start=0, end=30, tone="neutral", topic="economy"), Said("A", start=30, end=45, tone="negative"),
        Said("A", start=45, end=60, tone="positive"), Said("B", start=0, end=60, tone="negative"),
    )  # fmt: skip
    assert len(table) == 2
    assert table.loc[(0, "A"), "tone"] == "neutral"
    assert table.loc[(0, "A"), "topic"] == "economy"  # a tie: the earlier one
    tie = told(
        Said("A", start=30, end=60, tone="negative"), Said("A", start=0, end=30, tone="positive"),
        Said("B", start=0, end=60),
    )  # fmt: skip
    assert tie.loc[(0, "A"), "tone"] == "positive"  # the earlier one


def test_of_several_other_subjects_the_largest_shared_comes_first_and_each_once() -> None:
    shown = found_in(
        Said("A", "Red Party", 0, 30, name="red"),
        Said("B", "Green Party", 0, 16, name="green"),
        Said("B", "President", 5, 30, name="president"),
    )
    assert shown == [{"B": ("green",)}, {"A": ("red",), "B": ("president",)}]
    # what another coder found too is not left over
    third = found_in(
        Said("A", "Red Party", 0, 30, name="a"), Said("B", "Red Party", 0, 30, name="b"),
        Said("C", "Green Party", 0, 30, name="c"),
    )  # fmt: skip
    assert sorted(third, key=len) == [{"C": ("c",)}, {"A": ("a",), "B": ("b",)}]


def test_three_coders_who_disagree_about_who_are_one_passage() -> None:
    words = [
        Said(coder, subject, 10, 20)
        for coder, subject in zip("ABC", ("Red Party", "Green Party", "President"), strict=True)
    ]
    assert [set(each) for each in found_in(*words)] == [{"A", "B", "C"}]


def test_on_paper_the_page_and_the_boxes_tell() -> None:
    paper = {"airing_id": "g-0312", "unit": "mm2", "amount": 1000}

    def on(coder: str, page: int, box: str = "", **more: Any) -> Said:
        return Said(coder, page=page, box=box, **{**paper, **more})

    assert len(found_in(on("A", 1), on("B", 1))) == 1
    assert len(found_in(on("A", 1), on("B", 2))) == 2
    assert len(found_in(on("A", 1, "0.1 0.1 0.4 0.4"), on("B", 1, "0.1 0.3 0.4 0.4"))) == 1  # half is shared
    assert len(found_in(on("A", 1, "0.1 0.1 0.4 0.4"), on("B", 1, "0.1 0.4 0.4 0.4"))) == 2  # a quarter
    assert len(found_in(on("A", 1, "0.1 0.1 0.4 0.4"), on("B", 1))) == 1
    assert len(found_in(on("A", 1), on("B", 1, subject="Red Party"))) == 1  # they disagree about who
    split = [on("A", 1, "0.1 0.1 0.4 0.2"), on("A", 1, "0.1 0.3 0.4 0.2"), on("B", 1, "0.1 0.1 0.4 0.4", amount=2000)]
    table = told(*split)
    assert table["amount"].tolist() == [2000, 2000]
    assert table["page"].tolist() == [1, 1]
    assert box_of("0.1 0.2 0.3 0.4") == (100_000, 200_000, 400_000, 600_000)
    assert area([(0, 0, 10, 10), (5, 5, 15, 15)]) == 175
    assert shared_area([(0, 0, 10, 10)], [(5, 5, 15, 15), (0, 0, 2, 2), (0, 0, 2, 1)]) == 29


def test_an_amount_without_a_place_is_not_everything_on_its_page() -> None:
    """A party's free space, in lines and without a box, beside two articles about the same party."""
    top, low = "0.1 0.1 0.4 0.2", "0.1 0.6 0.4 0.2"
    here: dict[str, Any] = {"airing_id": "g-0312", "page": 1, "amount": 1000}
    sides = {
        coder: [
            Said(coder, **here, unit="lines", name=f"free {coder}"),
            Said(coder, **here, unit="mm2", box=top, name=f"top {coder}"),
            Said(coder, **here, unit="mm2", box=low, name=f"low {coder}"),
        ]
        for coder in "ABC"
    }
    shown = found_in(*sides["A"], *sides["B"])
    assert sorted(tuple(name for names in each.values() for name in names) for each in shown) == [
        ("free A", "free B"), ("low A", "low B"), ("top A", "top B"),
    ]  # fmt: skip
    # what the one drew without a box is the other's that is left over; and a third coder's likewise
    free, top_article, _ = sides["A"]
    assert len(found_in(free, top_article, sides["B"][0], replace(sides["B"][1], box=""))) == 2
    assert len(found_in(free, sides["B"][0], sides["C"][1])) == 1


def test_amounts_without_an_interval_lie_anywhere_in_a_broadcast() -> None:
    assert len(found_in(Said("A", amount=5000), Said("B", amount=90_000))) == 1
    assert len(found_in(Said("A", amount=5000), Said("B", start=100, end=110))) == 1
    assert len(found_in(Said("A", amount=5000), Said("B", "Red Party", amount=5000))) == 2  # no seconds to share
    table = told(Said("A", amount=5000), Said("A", amount=7000), Said("B", amount=12_000))
    assert table["amount"].tolist() == [12_000, 12_000]


def test_nothing_coded_gives_an_empty_table() -> None:
    table = passages(codings([], ["A", "B"]))
    assert list(table.columns) == list(PASSAGES)
    assert table.empty


# laws

SUBJECTS, TONES = ("Blue Party", "Red Party", "President"), ("neutral", "negative")


@st.composite
def words(draw: st.DrawFn, coders: str = "ABC") -> list[Said]:
    """What two or three coders said of one bulletin; no coder says two things about one subject at once."""
    made: list[Said] = []
    for coder in coders:
        for subject in SUBJECTS:
            cuts = sorted(draw(st.lists(st.integers(0, 40), max_size=6, unique=True)))
            for start, end in pairwise(cuts):
                if draw(st.booleans()):
                    made.append(Said(coder, subject, start, end, draw(st.sampled_from(TONES)), name=f"s{len(made)}"))
    return made


def as_sets(table: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(name for names in rows["segments"] for name in names) for _, rows in table.groupby("passage")}


@LAW
@given(words())
def test_every_segment_is_in_exactly_one_passage(said: list[Said]) -> None:
    table = passages(codings(said, "ABC"))
    inside = [name for names in table["segments"] for name in names]
    assert sorted(inside) == sorted(each.name for each in said)
    assert (table.groupby("passage").size() == 3).all()
    assert table.groupby("passage")["found"].any().all()
    whole = {row.name: row for row in said}
    for row in table.itertuples():
        assert {whole[name].coder for name in row.segments} <= {row.coder}


@LAW
@given(words(), st.permutations("ABC"))
def test_who_is_called_what_changes_nothing(said: list[Said], names: list[str]) -> None:
    held = codings(said, "ABC")
    other = swapped(held, dict(zip("ABC", names, strict=True)))
    assert as_sets(passages(held)) == as_sets(passages(other))
    columns = ["passage", "segments", "start_ms", "end_ms", "amount", "subject", "tone"]
    one, two = (
        passages(each).query("found")[columns].sort_values(["passage", "segments"], ignore_index=True)
        for each in (held, other)
    )
    pd.testing.assert_frame_equal(one, two)


@LAW
@given(words(), st.data())
def test_a_segment_split_into_touching_parts_changes_nothing(said: list[Said], data: st.DataObject) -> None:
    if not said:
        return
    place = data.draw(st.integers(0, len(said) - 1))
    whole = said[place]
    middle = ((whole.start or 0) + (whole.end or 0)) / 2
    parts = [replace(whole, end=middle), replace(whole, start=middle, name="another part")]
    before, after = (
        passages(codings(each, "ABC")).drop(columns="segments")
        for each in (said, said[:place] + parts + said[place + 1 :])
    )
    pd.testing.assert_frame_equal(before, after)


@LAW
@given(words("A"))
def test_who_codes_alike_finds_the_same(said: list[Said]) -> None:
    both = [*said, *(replace(each, coder="B", name=f"{each.name} too") for each in said)]
    table = passages(codings(both, "AB"))
    assert table["found"].all()
    sides = [
        table[table["coder"] == coder].drop(columns=["coder", "segments"]).reset_index(drop=True) for coder in "AB"
    ]
    pd.testing.assert_frame_equal(*sides)


@LAW
@given(words())
def test_the_stretches_of_one_coder_do_not_touch_under_the_same_codes(said: list[Said]) -> None:
    held = stretches(plain_rows(codings(said).segments))
    for one, other in pairwise(sorted(held, key=lambda each: (each.coder, each.subject, each.codes, each.start))):
        if (one.coder, one.subject, one.codes) == (other.coder, other.subject, other.codes):
            assert (one.end or 0) < (other.start or 0)
    assert sorted(each.key for group in aligned(held) for each in group) == sorted(each.key for each in held)
