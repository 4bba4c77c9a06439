"""Sentences of comparisons: effect first and p last, in three languages, and nothing said that is not carried."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from coding.languages import languages
from coding.mission.loader import load
from coding.vocabulary import Medium
from monitoring.comparison.asked import (
    Comparison,
    Quantity,
    before_and_after,
    between_contestants,
    between_outlets,
    between_periods,
    by_ownership,
)
from monitoring.comparison.sentences import headline, limits, method, sentence, side_short, signed
from monitoring.comparison.table import headings, shown_table
from monitoring.selection import Selection
from monitoring.words import Words
from tests.pages.conftest import ROOT

MISSION = load(ROOT / "sample_data" / "kazakhstan_2007").mission
EN = Words(MISSION)
TV = Selection(media=(Medium.TV,))
OUTLETS = between_outlets(Quantity.SHARE, "Astana TV", "TV Khabar", TV)
TONE = between_contestants(Quantity.TONE, "Nur Otan", "ANSDP", TV)


def row(**more: Any) -> dict[str, Any]:
    given = {
        "quantity": "share", "place": "", "group": "Nur Otan", "side_a": "", "side_b": "", "value_a": 0.24,
        "value_b": 0.196, "effect": 0.044, "low": 0.011, "high": 0.083, "days_a": 30, "days_b": 30, "segments_a": 216,
        "segments_b": 104, "unit": "ms", "p": 0.004, "p_corrected": 0.028, "family": 7, "strength": "moderate",
        "shown": True,
    }  # fmt: skip
    return given | more


def test_a_shown_difference() -> None:
    assert sentence(row(), OUTLETS, EN) == (
        "Nur Otan’s share of the time given to all subjects was 4 points higher on Astana TV (24 per cent) than on TV "
        "Khabar (20 per cent): 1 to 8 points, a moderate difference; corrected for 7 comparisons p = 0.028."
    )


def test_a_lower_side_is_told_in_sizes() -> None:
    lower = row(value_a=0.196, value_b=0.24, effect=-0.044, low=-0.083, high=-0.011)
    assert "was 4 points lower on Astana TV (20 per cent)" in sentence(lower, OUTLETS, EN)
    assert ": 1 to 8 points," in sentence(lower, OUTLETS, EN)


def test_one_that_is_not_shown_says_so_whatever_its_size() -> None:
    found = sentence(row(low=-0.02, high=0.108, p_corrected=0.21, shown=False, strength="not_shown"), OUTLETS, EN)
    assert "4 points apart; these days do not show a difference (−2 to 11 points; corrected for 7" in found
    assert "moderate" not in found


def test_whole_points_only_where_they_add_up() -> None:
    """20.2 less 14.6 is 5.7, but 20 less 15 is 5."""
    assert "5.7 points higher" in sentence(row(value_a=0.202, value_b=0.1455, effect=0.0565), OUTLETS, EN)


def test_tone_has_its_segments_and_one_comparison_is_not_corrected() -> None:
    asked = replace(TONE, selection=replace(TV, outlets=("KTK",)))
    told = row(
        place="KTK", group="", value_a=0.28, value_b=-0.335, effect=0.615, low=0.45, high=0.78, segments_a=134,
        segments_b=138, p_corrected=0.0002, family=1, strength="strong",
    )  # fmt: skip
    assert sentence(told, asked, EN) == (
        "On KTK the tone balance was 0.61 higher for Nur Otan (+0.28, 134 segments) than for ANSDP (−0.34, 138 segments): "
        "0.45 to 0.78, a strong difference; p < 0.001."
    )


def test_too_little_and_alike() -> None:
    nothing = {"low": float("nan"), "high": float("nan")}
    few = row(**nothing, p_corrected=float("nan"), shown=False, strength="too_little", family=0)
    assert "too little material" in sentence(few, OUTLETS, EN)
    assert "30 and 30 outlet-days, 216 and 104 segments" in sentence(few, OUTLETS, EN)
    alike = row(**nothing, value_a=0.0, value_b=0.0, effect=0.0, p_corrected=1.0, shown=False, strength="not_shown")
    assert "was the same on Astana TV and on TV Khabar: 0 per cent" in sentence(alike, OUTLETS, EN)


def test_the_headline_tells_the_largest_shown_difference_and_how_many_were_asked() -> None:
    weak = row(group="ANSDP", effect=0.02, value_a=0.06, value_b=0.04, low=0.011, high=0.03, strength="weak")
    large = row(group="Auyl", effect=0.3, low=-0.1, high=0.7, shown=False, strength="not_shown", p_corrected=0.4)
    told = headline(pd.DataFrame([weak, row(), large]), OUTLETS, EN)
    assert told.startswith("Nur Otan’s share")
    assert "Shown: 2 of 7 differences asked; office-holders counted as institutions." in told
    none = headline(pd.DataFrame([large, large]), OUTLETS, EN)
    assert none == "None of the 7 comparisons shows a difference on these days; office-holders counted as institutions."


def test_the_headline_says_what_is_missing() -> None:
    few = row(p_corrected=float("nan"), shown=False, strength="too_little", days_a=4, days_b=3, family=0)
    told = headline(pd.DataFrame([few]), OUTLETS, EN)
    assert "4 outlet-days on Astana TV and 3 on TV Khabar. It takes 8 dates in all, 8 outlet-days" in told


def every() -> list[Comparison]:
    first, last = date(2007, 7, 18), date(2007, 8, 16)
    return [
        OUTLETS,
        by_ownership(Quantity.AMONG, MISSION, TV),
        before_and_after(Quantity.SPEECH, date(2007, 8, 1), TV),
        between_periods(Quantity.SHARE, (first, date(2007, 7, 24)), (date(2007, 8, 10), last), TV),
        TONE,
    ]


@pytest.mark.parametrize("language", languages())
def test_every_kind_has_words_in_every_language(language: str) -> None:
    words = Words(MISSION, language)
    for asked in every():
        shown = row(group="" if asked is TONE else "Nur Otan", place="KTK" if asked is TONE else "")
        texts = [
            sentence(shown, asked, words),
            sentence(shown | {"shown": False, "strength": "not_shown"}, asked, words),
            headline(pd.DataFrame([shown]), asked, words),
            limits(asked.quantity, words),
            method(asked, words),
            side_short(asked, "a", words),
            *shown_table(pd.DataFrame([shown]), asked, words).iloc[0],
            *headings(asked, words).values(),
        ]
        assert all(texts)
        assert not any("{" in text or "sentence." in text or "page." in text for text in texts)
        assert texts[0].rindex("p =") > texts[0].index(words.percent(0.24) if asked is not TONE else "0"), "p is last"


def test_signs() -> None:
    assert [signed(value, Quantity.SHARE, EN) for value in (0.044, -0.044, 0.0)] == ["+4.4", "−4.4", "±0.0"]
    assert signed(-0.5, Quantity.TONE, EN) == "−0.50"
    assert signed(float("nan"), Quantity.SHARE, EN) == EN.t("word.no_value")
