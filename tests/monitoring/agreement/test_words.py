"""Agreement in words: thresholds and whose they are, what is undefined, who is called how."""

import math
from pathlib import Path

import pandas as pd
import pytest

from coding.languages import languages
from coding.mission.loader import load
from coding.mission.model import Mission
from monitoring.agreement.measures import REPORT
from monitoring.agreement.pairs import PAIR
from monitoring.agreement.spread import SPREAD
from monitoring.agreement.words import (
    Named,
    answer,
    drift_sentence,
    figure,
    highest_and_lowest,
    lettered,
    level,
    meaning,
    moved,
    shown_report,
    shown_spread,
    verdict,
)
from monitoring.words import Words
from tests.missions import write_mission

NAN = math.nan
MEASURES = ("percent", "alpha_nominal", "alpha_ordinal", "time_who", "time_tone", "boundary_ms", "found_by_both")


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    return load(write_mission(tmp_path_factory.mktemp("mission"))).mission


@pytest.fixture(scope="module")
def words(mission: Mission) -> Words:
    return Words(mission)


def reported(**given: object) -> pd.Series:
    row = dict.fromkeys(REPORT, "") | {
        "variable": "tone", "measure": "alpha_ordinal", "by": "all", "value": 0.85, "low": 0.81, "high": 0.9,
        "units": 120, "coders": 4, "airings": 20, "days": 12, "enough": True,
    }  # fmt: skip
    return pd.Series(row | given)


@pytest.mark.parametrize(
    ("value", "low", "enough", "expected"),
    [
        (0.8, 0.8, True, "reliable"),
        (0.85, 0.799, True, "reaching"),
        (0.7999, 0.7, True, "tentative"),
        (0.667, 0.667, True, "tentative"),
        (0.7, 0.6, True, "doubtful"),
        (0.6669, 0.6, True, "unreliable"),
        (-0.2, -0.4, True, "unreliable"),
        (0.99, NAN, False, "little"),
        (NAN, NAN, False, "undefined"),
        (NAN, NAN, True, "undefined"),
    ],
)
def test_an_alpha_stands_where_krippendorff_puts_it(value: float, low: float, enough: bool, expected: str) -> None:
    assert level(value, low, enough) == expected


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("measure", MEASURES)
def test_each_figure_has_one_sentence_and_names_no_threshold_that_is_not_known(
    mission: Mission, language: str, measure: str
) -> None:
    told = meaning(measure, Words(mission, language))
    assert told.endswith(".")
    assert not told.startswith("agreement.")
    known = "667" in told
    assert known == measure.startswith("alpha")
    if language == "en" and not known:
        assert "no threshold" in told or "no published threshold is known to us" in told


def test_undefined_is_a_word_and_never_nothing_or_one(words: Words) -> None:
    row = reported(value=NAN, low=NAN, high=NAN, enough=False)
    assert figure(NAN, "alpha_ordinal", words) == "undefined"
    assert "all said the same, so the material cannot show" in verdict(row.to_dict(), words)
    told = answer(pd.DataFrame([row]), words)
    assert told.startswith("Alpha of tone is undefined")
    assert "120 passages" in told


def test_the_answer_has_its_figure_its_interval_and_its_material(words: Words) -> None:
    told = answer(pd.DataFrame([reported()]), words)
    assert told.startswith("Coders agree on tone: alpha 0.850 (95 per cent interval 0.810 to 0.900")
    assert "120 passages, 12 outlet-days, 4 coders" in told
    few = answer(pd.DataFrame([reported(enough=False)]), words)
    assert few.startswith("Too little to judge agreement on tone: 120 passages")
    assert "nothing to compare" in answer(pd.DataFrame([reported()]), words, "topic")


def test_figures_read_as_what_they_are(words: Words) -> None:
    assert figure(-0.0312, "alpha_nominal", words) == "−0.031"
    assert figure(0.9, "percent", words) == "90.0\u00a0%"
    assert figure(1234, "boundary_ms", words) == "1.2 s"
    rows = pd.DataFrame([
        reported(measure="time_who", value=0.9, unit="ms", units=3_600_000),
        reported(measure="percent", enough=False),
    ])  # fmt: skip
    shown = shown_report(rows, Named(words))
    assert list(shown["Figure"]) == ["Same subject (time)", "Same code"]
    assert list(shown["Rests on"]) == ["1:00:00", "120"]
    assert list(shown["Value"]) == ["90.0\u00a0%", "85.0\u00a0% †"]
    assert list(shown["What may be concluded"]) == ["No threshold is known to us.", "Too little material to judge."]


def test_high_and_low_are_named_among_those_with_enough(words: Words) -> None:
    rows = pd.DataFrame([
        reported(name="A", value=0.4, low=0.3, high=0.5), reported(name="B", value=0.9),
        reported(name="C", value=0.1, enough=False),
    ])  # fmt: skip
    told = highest_and_lowest(rows, words)
    assert "highest in: B (alpha 0.900), and lowest in: A (alpha 0.400; 95 per cent interval 0.300 to 0.500)" in told
    assert highest_and_lowest(rows[1:], words).startswith("Only one of these")
    assert highest_and_lowest(rows[2:], words).startswith("None of these")


def test_letters_hide_names_and_stay_the_same(words: Words) -> None:
    names = [f"coder-{number}" for number in range(30)]
    letters = lettered(names, "m")
    assert letters == lettered(reversed(names), "m")
    assert letters != lettered(names, "another mission")
    assert len(set(letters.values())) == 30
    assert {"A", "Z", "A2", "D2"} <= set(letters.values())
    assert [letters[name] for name in names] != sorted(letters.values())
    named = Named(words, {"ann": "B", "ben": "A"})
    assert named.group("coder_pair", PAIR.join(("ann", "ben"))) == PAIR.join(("Coder B", "Coder A"))
    assert Named(words).group("coder", "ann") == "ann"
    assert named.group("all", "") == "All"


def spread_row(**given: object) -> dict[str, object]:
    row = dict.fromkeys(SPREAD, "") | {
        "measure": "share", "by": "second", "group": "Blue Party", "unit": "ms", "reference": 0.4, "value": 0.42,
        "difference": 0.02, "low": -0.01, "high": 0.05, "sampling_low": 0.35, "sampling_high": 0.45, "ratio": 0.4,
        "airings": 40, "days": 30, "enough": True,
    }  # fmt: skip
    return row | given


def test_the_share_that_moves_most_is_said_beside_what_the_days_do(words: Words) -> None:
    rows = pd.DataFrame([spread_row(), spread_row(group="Red Party", difference=-0.001)])
    told = moved(rows, "ms", words)
    assert "share of time of Blue Party would be 42.0 per cent in place of 40.0 per cent: +2.0 points" in told
    assert "(95 per cent interval −1.0 to +5.0)" in told
    assert "±5.0 points; who coded moves it by 40 per cent of that" in told
    few = pd.DataFrame([spread_row(low=NAN, high=NAN, enough=False)])
    assert moved(few, "ms", words).startswith("Too little was coded twice")
    alike = pd.DataFrame([spread_row(difference=0.0, value=0.4, low=NAN, high=NAN, ratio=0.0)])
    assert "40.0 per cent in place of 40.0 per cent: ±0.0 points" in moved(alike, "ms", words)
    assert moved(rows, "mm2", words).startswith("No airing")
    shown = shown_spread(pd.DataFrame([spread_row(by="coder", coder="ann")]), Named(words, {"ann": "C"}))
    assert shown.iloc[0]["Of"] == "Coder C"
    assert shown.iloc[0]["Beside the days"] == "40\u00a0%"


@pytest.mark.parametrize("kind", ["others", "model"])
def test_a_week_that_moved_accuses_nobody(words: Words, kind: str) -> None:
    row = {
        "coder": "ann", "week": "2007-08-06", "passages": 43, "clusters": 5, "difference": 0.3, "before": 0.02,
        "change": 0.28, "low": 0.1, "high": 0.46, "flagged": True, "kind": kind,
    }  # fmt: skip
    told = drift_sentence(row, Named(words))
    assert told.startswith("In the week of 6 August the tones of ann lay 0.30 above")
    assert "The change of +0.28 is more than chance explains (interval +0.10 to +0.46" in told
    assert "0.30 below" in drift_sentence(row | {"difference": -0.3}, Named(words))
    assert not any(word in told.lower() for word in ("wrong", "error", "mistake", "fault", "bad"))


def test_the_thresholds_of_the_document_are_those_of_the_code() -> None:
    document = (Path(__file__).parents[3] / "docs" / "agreement.md").read_text(encoding="utf-8")
    assert "Krippendorff: 0.800; tentative conclusions from 0.667" in document
    assert document.count("none known to us") == 4
