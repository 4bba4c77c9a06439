"""What a mission's own record says about a version of its tone model: only blind labels, only given after it was made."""

import math
from collections.abc import Callable

import pandas as pd
import pytest

from coding.segment import Segment
from coding.store import Store
from coding.store.places import data_dir
from coding.store.suggestions import record_told
from coding.store.tone_models import ToneModel, add_model
from coding.vocabulary import SuggestionShown
from models.evaluation.evaluate import write_predictions
from monitoring.charts import Figure, confusion, picture, reliability
from monitoring.tone_evaluation import HELD_OUT, SINCE, behind, coded_since, judged, predictions, spoken
from monitoring.tone_findings import (
    calibration_sentence,
    confusion_pairs,
    confusion_sentence,
    coverage_sentence,
    quality_sentence,
    reliability_bins,
    silence_sentence,
)
from monitoring.words import Words
from tests import missions
from tests.coding.store.made import told

Make = Callable[..., Store]
POINTS = ("very negative", "negative", "neutral", "positive", "very positive")
SURE = {point: tuple(0.8 if at == place else 0.05 for at in range(5)) for place, point in enumerate(POINTS)}
REPORT = {
    "ka": {"earned": True, "labels": 200, "accuracy": 0.7, "majority": 0.5, "low": 0.1, "high": 0.3},
    "ru": {"earned": False, "labels": 300, "accuracy": 0.5, "majority": 0.5, "low": -0.1, "high": 0.1},
}


def segment(number: int, airing: str = "a-0312", **more: object) -> Segment:
    """A segment of ten seconds; in one airing each has its own."""
    return missions.segment(number, airing, start=10 * number, end=10 * number + 10, **more)


def version(store: Store, made_at: str = "2020-01-01T00:00:00.000Z", name: str = "v1") -> ToneModel:
    model = ToneModel(name, f"models/test/{id(store)}/{name}", made_at, "supervisor", 500, REPORT)
    model.path.mkdir(parents=True, exist_ok=True)
    return add_model(store, model, use=True)


def said(number: int, point: str, revision: int = 1, **more: object) -> object:
    shares = {"points": POINTS, "probabilities": SURE[point], "labels": (point,)}
    return told(number, revision, **(shares | more))


def test_what_was_said_stands_beside_the_blind_code(small_store: Make) -> None:
    store = small_store(segment(1, tone="positive"), segment(2, "b-0312", tone="negative"), segment(3))
    model = version(store)
    record_told(store, said(1, "positive"))
    record_told(store, said(2, "neutral", airing_id="b-0312", withheld=True, shown=False))
    record_told(store, said(3, "neutral", model="another"))
    rows = coded_since(store, model).set_index("outlet")
    assert list(rows.index) == ["Channel A", "Channel B"]
    assert rows.loc["Channel A", ["tone", "group", "subject", "format", "labels"]].tolist() == [
        "positive", "a-0312", "Blue Party", "news", "positive",
    ]  # fmt: skip
    assert rows.loc["Channel B", "p_neutral"] == 0.8
    assert judged(coded_since(store, model), store.mission()).overall.accuracy == 0.5


def test_a_code_after_a_suggestion_is_no_evidence(small_store: Make) -> None:
    """The coder's first word counts; the one that followed the model does not."""
    first = segment(1, tone="negative")
    store = small_store(first)
    model = version(store)
    record_told(store, said(1, "positive"))
    store.revise(first.model_copy(update={"tone": "positive", "suggestion": SuggestionShown.AFTER}), "coder-1")
    assert list(coded_since(store, model)["tone"]) == ["negative"]


def test_a_segment_that_was_shown_its_suggestion_before_is_left_out(small_store: Make) -> None:
    store = small_store(segment(1, suggestion="before"), segment(2))
    model = version(store)
    record_told(store, said(1, "positive", revision=0))
    record_told(store, said(2, "positive", revision=0, shown=False, withheld=True))
    assert list(coded_since(store, model)["segment_id"]) == [str(segment(2).segment_id)]


def test_labels_the_version_may_have_learned_from_are_left_out(small_store: Make) -> None:
    store = small_store(segment(1), segment(2))
    record_told(store, said(1, "positive"))
    assert coded_since(store, version(store, made_at="2999-01-01T00:00:00.000Z")).empty


def test_retracted_segments_and_changed_subjects_are_left_out(small_store: Make) -> None:
    store = small_store(segment(1), segment(2))
    model = version(store)
    record_told(store, said(1, "positive"))
    record_told(store, said(2, "positive", subject="Red Party"))
    store.retract(str(segment(1).segment_id), 1, "coder-1", "by mistake")
    assert coded_since(store, model).empty
    assert predictions(store, model, SINCE) is None


def test_held_out_predictions_are_those_of_the_training(small_store: Make) -> None:
    store = small_store(segment(1))
    model = version(store)
    assert predictions(store, model, HELD_OUT) is None
    write_predictions(model.path, table(["positive", "neutral"], ["positive", "positive"]))
    found = predictions(store, model, HELD_OUT)
    assert found is not None
    assert judged(found, store.mission()).overall.accuracy == 0.5
    assert data_dir() in model.path.parents


def test_the_segments_behind_a_mistake_come_surest_first(small_store: Make) -> None:
    store = small_store(segment(1, text="a text"), segment(2))
    rows = table(["positive", "positive", "neutral"], ["neutral", "neutral", "neutral"])
    rows.loc[1, [f"p_{point}" for point in POINTS]] = [0.02, 0.02, 0.92, 0.02, 0.02]
    found, total = behind(store, rows, store.mission(), "positive", "neutral")
    assert total == 2
    assert found["confidence"].tolist() == [0.92, 0.8]
    assert found["text"].tolist() == ["", "a text"]


def test_languages_that_earned_come_first(small_store: Make) -> None:
    found = spoken(version(small_store()))
    assert [(each.language, each.earned, each.low) for each in found] == [("ka", True, 0.1), ("ru", False, -0.1)]


def table(truth: list[str], likeliest: list[str], outlet: str = "Channel A") -> pd.DataFrame:
    """Predictions about segments 1, 2, … of one airing each."""
    rows = [{f"p_{name}": share for name, share in zip(POINTS, SURE[point], strict=True)} for point in likeliest]
    names = [str(segment(number + 1).segment_id) for number in range(len(truth))]
    return pd.DataFrame(rows).assign(
        segment_id=names, tone=truth, group=names, labels="", silent="", language="ka", subject="Blue Party",
        outlet=outlet, format="news",
    )  # fmt: skip


@pytest.fixture
def words(small_store: Make) -> Words:
    return Words(small_store().mission())


def test_sentences_claim_only_what_the_interval_bears(words: Words) -> None:
    many = judged(table(["positive", "neutral"] * 100, ["positive", "neutral"] * 100), words.mission).overall
    assert "It is right on 100 per cent of 200 segments" in quality_sentence(many, words)
    assert "always saying the commonest tone would be right on 50 per cent" in quality_sentence(many, words)
    assert (
        coverage_sentence(many, words) == "Of the surest 100 per cent of 200 segments, at least 90 per cent are right."
    )
    assert "less" not in calibration_sentence(many, words)
    assert calibration_sentence(many, words) == "It is right more often than it says: 20.0 points off on average."
    bad = judged(table(["positive"] * 40, ["positive", "neutral"] * 20), words.mission).overall
    assert "not clearly more than the 100 per cent" in quality_sentence(bad, words)
    assert "surer than it is right: 30.0 points" in calibration_sentence(bad, words)
    assert "On no part" in coverage_sentence(bad, words)
    one = judged(table(["positive"] * 3, ["positive"] * 3).assign(group="a"), words.mission).overall
    assert "all of one airing" in quality_sentence(one, words)


def test_silence_is_told_by_reason(words: Words) -> None:
    rows = table(["positive"] * 4, ["positive"] * 4).assign(silent=["", "unsure", "unsure", "not_earned"])
    whole = judged(rows, words.mission).overall
    told_of = silence_sentence(whole, words)
    assert "suggested for 1 of 4" in told_of
    assert "not sure enough (2); a language it has not earned (1)" in told_of
    spoken_of = judged(rows.assign(silent=""), words.mission).overall
    assert silence_sentence(spoken_of, words) == "Something was suggested for all 4 segments."
    nothing = rows.assign(silent="no_text", **{f"p_{point}": math.nan for point in POINTS})
    assert "nothing about these 4 segments" in quality_sentence(judged(nothing, words.mission).overall, words)


def test_charts_hold_every_pair_and_every_bin(words: Words) -> None:
    found = judged(table(["positive", "positive", "neutral"], ["neutral", "positive", "neutral"]), words.mission)
    pairs = confusion_pairs(found, words)
    assert len(pairs) == 25
    assert pairs["tone"].iloc[0] == "very positive"
    assert (
        confusion_sentence(pairs, words)
        == "Its commonest mistake: neutral, where coders said positive (1 of 2 segments)."
    )
    right = pairs.assign(rows=pairs["rows"].where(pairs["tone"] == pairs["said"], 0))
    assert "no mistakes" in confusion_sentence(right, words)
    figure = Figure(words, "title", ("counted",), 30)
    assert "made for a test" in str(confusion(pairs, figure).to_dict()["title"]["subtitle"])
    spec = reliability(reliability_bins(found.overall), figure).to_dict()
    for chart in (confusion(pairs, figure), reliability(reliability_bins(found.overall), figure)):
        assert picture(chart.to_dict())[1:4] == b"PNG"  # a wrong chart fails where it is drawn, not where it is made
    assert [row["rows"] for rows in spec["datasets"].values() for row in rows if "rows" in row] == [3]
