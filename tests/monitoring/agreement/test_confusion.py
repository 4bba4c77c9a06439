"""Which codes are exchanged: the bulletin by hand, with and without regard to who said what."""

import pytest

from coding.double_coding.passages import passages
from monitoring.agreement.confusion import CONFUSION, PAIRED, confusion, confusion_by_pair
from tests.coding.double_coding.made import BULLETIN, Said, codings

TURNED = [
    *BULLETIN, Said("A", start=400, end=410, tone="negative"), Said("B", start=400, end=420), Said("A", start=500, end=510, tone=""),
    Said("B", start=500, end=510),
]  # fmt: skip


def test_tones_by_hand() -> None:
    """Neutral with neutral three times (30, 40, 30 s), negative with neutral twice: 20 s, and the mean of 10 and 20."""
    table = passages(codings(TURNED))
    found = confusion(table, "tone")
    assert list(found.columns) == list(CONFUSION)
    assert found.to_numpy().tolist() == [["neutral", "neutral", 3, 100_000], ["negative", "neutral", 2, 35_000]]
    paired = confusion_by_pair(table, "tone")
    assert list(paired.columns) == list(PAIRED)
    assert paired.to_numpy().tolist() == [
        ["A", "B", "neutral", "neutral", 3, 100_000],
        ["A", "B", "negative", "neutral", 1, 15_000],
        ["A", "B", "neutral", "negative", 1, 20_000],
    ]


def test_subjects_by_hand() -> None:
    found = confusion(passages(codings(BULLETIN)), "subject").set_index(["one", "other"])
    assert found["passages"].to_dict() == {
        ("Blue Party", "Blue Party"): 3, ("", "Blue Party"): 1, ("Green Party", "Red Party"): 1,
        ("President", "President"): 1,
    }  # fmt: skip
    assert found["amount"].to_dict()["", "Blue Party"] == 10_000


def test_three_coders_are_three_pairs_and_amounts_are_of_one_unit() -> None:
    paper = {"airing_id": "g-0312", "unit": "mm2", "page": 1, "amount": 700}
    table = passages(codings([Said(coder, **paper) for coder in "ABC"]))  # type: ignore[arg-type]
    assert confusion(table, "tone").to_numpy().tolist() == [["neutral", "neutral", 3, 0]]
    assert confusion(table, "tone", "mm2").to_numpy().tolist() == [["neutral", "neutral", 3, 2100]]
    assert len(confusion_by_pair(table, "tone")) == 3


@pytest.mark.parametrize("variable", ["tone", "subject"])
def test_nothing_gives_an_empty_table(variable: str) -> None:
    table = passages(codings([], "AB"))
    assert list(confusion(table, variable).columns) == list(CONFUSION)
    assert confusion(table, variable).empty
    assert confusion_by_pair(table, variable).empty
