"""How far coders lie from each other and from a model, by hand; and that drift takes it."""

import pandas as pd
import pytest

from coding.double_coding.passages import passages
from monitoring.agreement.drift import drifts
from monitoring.agreement.tone_differences import AGAINST_OTHERS, against_others, difference_of, scores_of
from tests.coding.double_coding.made import BULLETIN, Said, codings, small

COLLAPSED = ("very negative / negative", "neutral", "very positive / positive")


def differences(*words: Said) -> pd.DataFrame:
    held = codings(words, "AB")
    return against_others(held, passages(held))


def test_two_and_three_coders_by_hand() -> None:
    found = differences(*BULLETIN)
    assert list(found.columns) == list(AGAINST_OTHERS)
    assert found.groupby("coder")["difference"].apply(list).to_dict() == {"A": [0, 0.5, 0, 0], "B": [0, -0.5, 0, 0]}
    assert set(found["week"]) == {"2025-03-10"}
    assert set(found["cluster"]) == {"Channel A 2025-03-12"}
    three = differences(
        *(
            Said(coder, start=0, end=9, tone=tone)
            for coder, tone in zip("ABC", ("positive", "neutral", "neutral"), strict=True)
        )
    )
    assert dict(zip(three["coder"], three["difference"], strict=True)) == {"A": 0.5, "B": -0.25, "C": -0.25}
    assert three["passage"].nunique() == 1


def test_no_tone_and_another_subject_are_no_comparison() -> None:
    assert differences(Said("A", start=0, end=9, tone=""), Said("B", start=0, end=9)).empty
    assert differences(Said("A", "Red Party", 0, 9), Said("B", start=0, end=9)).empty
    assert differences().empty


def test_drift_reads_it() -> None:
    shown = drifts(differences(*BULLETIN))
    assert shown.set_index("coder")["passages"].to_dict() == {"A": 4, "B": 4}
    assert drifts(differences()).empty


def test_what_a_model_expects() -> None:
    mission = small().mission
    five = ("very negative", "negative", "neutral", "positive", "very positive")
    assert difference_of("positive", five, (0, 0, 0.5, 0, 0.5), mission) == pytest.approx(0.5 - 0.5)
    assert difference_of("negative", five, (0, 0, 1, 0, 0), mission) == -0.5
    # where it knows three points, the tones of one side have their mean score, on both sides of the difference
    assert scores_of(COLLAPSED, mission) == {COLLAPSED[0]: -0.75, "neutral": 0, COLLAPSED[2]: 0.75}
    assert difference_of("very negative", COLLAPSED, (1, 0, 0), mission) == 0
    assert difference_of("neutral", COLLAPSED, (0.2, 0.2, 0.6), mission) == pytest.approx(-0.3)
    assert difference_of("odd", five, (0, 0, 1, 0, 0), mission) is None
    assert difference_of("neutral", ("good", "bad"), (0.5, 0.5), mission) is None
    assert difference_of("neutral", five, (0.5, 0.5), mission) is None
