"""The combined estimate through the store: what it says, and every reason for which it says nothing."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from coding.languages import languages, translator
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.assignments import change
from coding.store.suggestions import record_told
from coding.store.tone_models import ToneModel, add_model, use_model
from coding.suggestions import measuring, reading, reading_job
from coding.suggestions.reading import Readings, parts_of, place, read, readings, spread
from coding.suggestions.reading_draws import past_draws
from coding.suggestions.uncertainty import Cancelled
from coding.vocabulary import Progress, SuggestionShown
from models.scale import Point, Scale
from models.suggestion import Silence, Suggestion
from monitoring.combined.refusals import REFUSALS
from monitoring.combined.report import Report, report
from monitoring.coverage import open_coverage
from monitoring.selection import Selection, Weight
from tests.coding.store.made import told
from tests.monitoring.combined.made import (
    ANA,
    NAMES,
    WORDS,
    Coder,
    Reader,
    airings,
    drawn_now,
    ready,
    spoken,
    truth,
    with_model,
    with_texts,
)

Make = Callable[..., Store]
NOW = "2099-01-01T00:00:00.000Z"


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("EVENHAND_DATA", str(tmp_path))
    monkeypatch.setattr(reading, "opened", lambda _: Reader())


def made(store: Store, selection: Selection = Selection(), by: tuple[str, ...] = ("group",)) -> Report:  # noqa: B008
    return report(store, open_coverage(store), selection, by)


def refused(store: Store, selection: Selection = Selection()) -> str:  # noqa: B008
    found = made(store, selection)
    assert found.rows.empty
    assert found.refusal is not None
    text = found.refusal.text(translator())
    assert "problem." not in text
    assert "{" not in text
    return found.refusal.reason


def share(tone: str, names: list[str]) -> float:
    return sum(truth(name)[tone] for name in names) / (10 * len(names))


def by_tone(found: Report) -> dict[str, dict[str, Any]]:
    """The rows of one group by the name of the tone; the balance under no name."""
    rows: list[dict[str, Any]] = found.rows.to_dict("records")  # type: ignore[assignment]
    return {row["tone"]: row for row in rows}


# what it says


def test_both_together_are_nearer_and_narrower_with_a_good_reading(small_store: Make) -> None:
    store, draw = ready(small_store)
    read(store)
    found = made(store)
    assert found.refusal is None
    assert found.sample is not None
    assert (found.sample.airings, len(found.sample.pool), found.model) == (24, 44, "v1")
    rows = by_tone(found)
    for tone in ("negative", "neutral", "positive"):
        row = rows[tone]
        assert row["hand_value"] == pytest.approx(share(tone, list(draw.random)), abs=0.03)
        assert row["value"] == pytest.approx(share(tone, NAMES), abs=0.03)
        assert row["width"] < 0.9 * row["hand_width"]
        assert row["gain"] > 1.2
        assert row["low"] < row["value"] < row["high"]
        assert row["hand_low"] < share(tone, NAMES) < row["hand_high"]
        assert row["reason"] == ""
        assert (row["airings"], row["sampled"], row["pool"]) == (24, 24, 44)
    assert rows["very positive"]["reason"] == "rare"
    assert np.isnan(rows["very positive"]["low"])
    balance = rows[""]
    expected = 0.5 * (share("positive", NAMES) - share("negative", NAMES))
    assert balance["measure"] == "balance"
    assert balance["value"] == pytest.approx(expected, abs=0.03)


def test_every_row_leads_to_the_segments_as_they_were_coded_blind(small_store: Make) -> None:
    store, draw = ready(small_store)
    read(store)
    minutes = {tone: sum(truth(airing)[tone] for airing in draw.random) for tone in WORDS}
    found = made(store)
    assert found.coded is not None
    for number, row in enumerate(found.rows.to_dict("records")):
        total, its = found.coded.behind(Selection(), found.picked(number))
        assert total == len(its)
        assert its["amount"].sum() == 60_000 * (minutes.get(row["tone"], 0) if row["tone"] else sum(minutes.values()))
        assert set(its["airing_id"]) <= set(draw.random)
    assert set(minutes) < set(found.rows["tone"])


def test_a_reading_that_says_nothing_leaves_the_hand_codes(small_store: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a language in which the model has not earned its place it is silent; that is valid and gains nothing."""
    store, _ = ready(small_store)
    monkeypatch.setattr(Reader, "silent", Silence.NOT_EARNED)
    read(store)
    found = made(store)
    rows = found.rows.set_index("tone").loc[["negative", "neutral", "positive", ""]]
    assert found.silent > 0
    assert rows["value"].tolist() == rows["hand_value"].tolist()
    assert rows["width"].tolist() == pytest.approx(rows["hand_width"].tolist())
    assert rows["gain"].tolist() == pytest.approx([1.0] * 4)


def test_by_outlet_each_place_stands_alone(small_store: Make) -> None:
    store, _ = ready(small_store)
    read(store)
    rows = made(store, by=("outlet", "group")).rows
    assert set(rows["outlet"]) == {"Channel A", "Channel B"}
    own = [name for name in NAMES if name.startswith("b")]
    row = rows[(rows["outlet"] == "Channel B") & (rows["tone"] == "negative")].iloc[0]
    assert row["pool"] == 22
    assert row["value"] == pytest.approx(share("negative", own), abs=0.05)
    only = made(store, Selection(outlets=("Channel B",))).rows
    assert only["pool"].unique().tolist() == [22]


def test_a_later_draw_adds_to_the_first(small_store: Make) -> None:
    """A second draw from the rest estimates the same pool, since what had left it is coded."""
    store = small_store(airings=airings())
    with_model(store)
    with_texts(store)
    coder = Coder(store)
    first = drawn_now(store, 12)
    coder.codes(first.random)
    second = drawn_now(store, 12)
    assert set(second.pool) == set(first.pool) - set(first.random)
    read(store)
    one = made(store)
    assert one.sample is not None
    assert (one.sample.airings, one.sample.left_out) == (12, 12)
    coder.codes(second.random)
    both = made(store)
    assert both.sample is not None
    assert (both.sample.airings, len(both.sample.draws), len(both.sample.pool)) == (24, 2, 44)
    assert [each.round for each in past_draws(store)] == [1, 2]
    rows = by_tone(both)
    assert rows["negative"]["value"] == pytest.approx(share("negative", NAMES), abs=0.04)
    assert rows["negative"]["hand_width"] < by_tone(one)["negative"]["hand_width"]


def test_only_what_was_said_before_a_suggestion_counts(small_store: Make) -> None:
    """The code before the suggestion stands in the estimate, whatever it was changed to afterwards."""
    store, _ = ready(small_store)
    read(store)
    before = made(store).rows
    changed = [each for each in store.segments() if each.tone == "negative"][:10]
    for each in changed:
        record_told(store, replace(told(1, revision=1), segment_id=each.segment_id, airing_id=each.airing_id))
        later = {"tone": "very positive", "suggestion": SuggestionShown.AFTER, "suggested_by": "v1"}
        store.revise(each.model_copy(update=later), ANA)
    after = made(store)
    assert after.refusal is None
    assert after.rows["value"].tolist() == pytest.approx(before["value"].tolist(), nan_ok=True)
    assert after.coded is not None
    _, behind = after.coded.behind(Selection(), {"tone": "negative"})
    assert {str(each.segment_id) for each in changed} <= set(behind["segment_id"])


def test_few_airings_carry_no_interval(small_store: Make) -> None:
    store = small_store(airings=airings())
    with_model(store)
    with_texts(store)
    draw = drawn_now(store, 6)
    Coder(store).codes(draw.random)
    read(store)
    rows = made(store).rows
    assert set(rows["reason"]) == {"few"}
    assert rows[["low", "high", "gain"]].isna().all(axis=None)


# why it says nothing


def test_without_a_random_draw_it_refuses(small_store: Make) -> None:
    assert refused(small_store(airings=airings())) == "no_draw"


def test_a_sample_that_is_not_coded_to_its_end_refuses(small_store: Make) -> None:
    store = small_store(airings=airings())
    with_model(store)
    draw = drawn_now(store)
    coder = Coder(store)
    coder.codes(draw.random[:20])
    coder.codes(draw.random[20:], done=False)
    assert refused(store) == "unfinished"
    for name in draw.random[20:23]:
        change(store, name, ANA, Progress.DONE, ANA)
    assert refused(store) == "no_text"
    with_texts(store)
    read(store)
    found = made(store).sample
    assert found is not None
    assert (found.airings, found.missing) == (23, 1)


def test_codes_given_after_a_suggestion_was_seen_refuse(small_store: Make) -> None:
    store = small_store(airings=airings())
    with_model(store)
    draw, coder = drawn_now(store), Coder(store)
    coder.codes(draw.random[1:])
    seen: dict[str, Any] = {"suggestion": SuggestionShown.BEFORE, "suggested_tone": "neutral", "suggested_by": "v1"}
    made_segments = coder.codes(draw.random[:1], **seen)
    found = made(store)
    assert refused(store) == "seen"
    assert found.refusal is not None
    assert (found.refusal.values["segments"], found.refusal.values["airings"]) == (len(made_segments), 1)


def test_without_a_model_in_use_it_refuses(small_store: Make) -> None:
    store, _ = ready(small_store)
    use_model(store, "", "test")
    assert refused(store) == "no_model"
    with pytest.raises(ProblemsFound, match="No tone model is in use"):
        read(store)


def test_a_model_made_after_the_coding_is_not_held_against_it(small_store: Make) -> None:
    """It may have learned from these very labels; an earlier version is taken where there is one."""
    store = small_store(airings=airings())
    with_texts(store)
    draw = drawn_now(store)
    Coder(store).codes(draw.random)
    add_model(store, ToneModel("v2", "models/v2", NOW, "test", 60), use=True)
    assert refused(store) == "trained"
    with pytest.raises(ProblemsFound, match="after the coding of the sample"):
        read(store)
    with_model(store, use=False)
    read(store)
    assert made(store).model == "v1"


def test_texts_for_the_drawn_ones_only_refuse(small_store: Make) -> None:
    """A reading that hangs on being drawn would be no reading of the pool."""
    store = small_store(airings=airings())
    with_model(store)
    draw = drawn_now(store)
    Coder(store).codes(draw.random)
    assert refused(store) == "no_text"
    with_texts(store, draw.random)
    read(store)
    assert refused(store) == "text_of_sample"


def test_airings_without_a_text_are_told_and_do_no_harm(small_store: Make) -> None:
    store = small_store(airings=airings())
    with_model(store)
    with_texts(store, NAMES[:30])
    Coder(store).codes(drawn_now(store).random)
    read(store)
    found = made(store)
    assert (found.refusal, found.without_text) == (None, 14)


def test_what_was_not_read_or_changed_since_is_asked_for(small_store: Make) -> None:
    store, _ = ready(small_store)
    assert refused(store) == "unread"
    with pytest.raises(Cancelled):
        read(store, stop=iter([False, False, True]).__next__)
    assert len(readings(store, "v1").parts) == 2
    assert refused(store) == "unread"
    read(store)
    assert made(store).refusal is None
    with_texts(store)
    place(store).write_text("{")
    assert readings(store, "v1") == Readings("v1")
    assert refused(store) == "unread"


def test_a_selection_without_drawn_airings_and_a_pool_that_is_all_coded_refuse(small_store: Make) -> None:
    store = small_store(airings=airings())
    with_model(store)
    with_texts(store)
    Coder(store).codes(drawn_now(store, 100).random)
    read(store)
    assert refused(store, Selection(end=date(2025, 3, 5))) == "nothing"
    assert refused(store) == "whole"


def test_what_cannot_be_asked_is_said(small_store: Make) -> None:
    store, _ = ready(small_store)
    with pytest.raises(ProblemsFound, match="not by week"):
        made(store, by=("week", "group"))
    with pytest.raises(ProblemsFound, match="weighted by time"):
        made(store, Selection(weight=Weight.SEGMENTS))


@pytest.mark.parametrize("language", languages())
def test_every_refusal_has_words(language: str) -> None:
    from coding.languages import catalogue

    assert {f"problem.combined.{reason}" for reason in REFUSALS} <= set(catalogue(language))


# the reading


def test_a_reading_shares_the_spoken_time_and_knows_nothing_of_codes(small_store: Make) -> None:
    store, draw = ready(small_store)
    name = next(each for each in NAMES if each not in draw.random)
    airing = store.airing(name)
    assert airing is not None
    from coding.store.subtitles import subtitles_of

    parts, silent = parts_of(Reader(), store.mission(), airing, subtitles_of(store, [name]))  # type: ignore[arg-type]
    amounts = {tone: amount for _, tone, amount in parts}
    assert silent == 0
    assert {subject for subject, _, _ in parts} == {"Blue Party"}
    assert sum(amounts.values()) == pytest.approx(300_000)
    assert amounts["negative"] == pytest.approx(30_000 * (spoken(name).count("negative") * 0.75 + 10 * 0.05))


def test_sides_are_spread_over_their_points() -> None:
    names = ("worst", "bad", "neutral", "good")
    scale = Scale(tuple(Point(name, score) for name, score in zip(names, (-1, -0.5, 0, 1), strict=True)))
    said = Suggestion((0.6, 0.3, 0.1), (), None, "v", "en", scale.collapsed().names)
    assert spread(said, scale) == pytest.approx({"worst": 0.3, "bad": 0.3, "neutral": 0.3, "good": 0.1})
    assert spread(Suggestion((0.5, 0.5), (), None, "v", "en"), scale) == {}


def test_a_process_of_its_own_reads_and_can_be_stopped(small_store: Make) -> None:
    store, _ = ready(small_store)
    job = reading_job.start_reading(store.url, "tests.monitoring.combined.made")
    assert reading_job.start_reading(store.url) is job
    assert measuring.job_of(store.url) is None
    waited(job)
    assert (job.done, job.total, job.finished, job.failed, job.share) == (44, 44, True, False, 1.0)
    assert made(store).refusal is None
    reading_job.dismiss(store.url)
    assert reading_job.job_of(store.url) is None
    job = reading_job.start_reading(store.url, "tests.monitoring.combined.made")
    reading_job.stop(store.url)
    waited(job)
    assert (job.stopped, job.finished, job.failed) == (True, False, False)
    reading_job.dismiss(store.url)


def waited(job: measuring.Job) -> None:
    deadline = time.monotonic() + 60
    while job.running and time.monotonic() < deadline:
        time.sleep(0.05)
