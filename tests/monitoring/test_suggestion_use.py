"""The pull: recovered with the promised coverage where it is known, none where there is none, and names never matter."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import insert

from coding.store import Store, audit, schema
from coding.store.assignments import assign
from coding.store.codebook_changes import Change, CodebookChange, last_segment_seq, write_change
from coding.store.decisions import CODES, TAKEN_BACK, Decision, append_decision, word_of
from coding.store.engine import writing
from coding.store.records import stamp
from coding.store.suggestions import Told, record_told
from coding.vocabulary import CodeKind, Purpose, SuggestionShown
from monitoring.agreement.tone_differences import against_model
from monitoring.suggestion_use import (
    AIRINGS_AT_LEAST,
    CHANGES,
    MEASURES,
    REPORT,
    Arms,
    Resamples,
    changes,
    report,
)
from monitoring.suggestion_uses import COLUMNS, point_of, uses
from tests.missions import segment

TONES = ("negative", "neutral", "positive")


def simulated(
    rng: np.random.Generator,
    pull: float,
    airings: int = 50,
    each: int = 12,
    withheld: float = 0.15,
    spread: float = 0.12,
) -> pd.DataFrame:
    """Coders who agree with the model by themselves more in some airings than in others, and `pull` more when shown."""
    number = airings * each
    airing = np.repeat(np.arange(airings), each)
    alone = np.clip(0.55 + spread * rng.standard_normal(airings), 0.2, 0.8 - max(pull, 0))[airing]
    shown = rng.random(number) >= withheld
    chance = rng.random(number)
    first, final = chance < alone, chance < alone + pull * shown
    suggested = rng.integers(0, 3, number)
    other = (suggested + 1) % 3
    second = rng.random(number) < 0.3
    truth = np.where(rng.random(number) < 0.7, suggested, other)
    named = np.array(TONES)
    return pd.DataFrame({
        "segment_id": [str(n) for n in range(number)],
        "airing_id": [f"a{n}" for n in airing],
        "coder": [f"coder {n % 7}" for n in airing],
        "subject": "Blue Party",
        "language": np.where(airing % 3 == 0, "kk", "ru"),
        "suggested": named[suggested],
        "shown": shown,
        "first": named[np.where(first, suggested, other)],
        "final": named[np.where(final, suggested, other)],
        "first_agrees": first.astype(float),
        "final_agrees": final.astype(float),
        "reference": np.where(second, named[truth], ""),
        "model": "v1",
    })[list(COLUMNS)]  # fmt: skip


def pull_of(table: pd.DataFrame, resamples: int = 300) -> Any:
    shown = table["shown"].to_numpy(dtype=bool)
    arms = Arms(table["final_agrees"].to_numpy(dtype=float), shown, ~shown)
    return Resamples(table["airing_id"], resamples).estimate(arms, difference=True)


def only(told: pd.DataFrame, measure: str, by: str = "all", group: str = "") -> pd.Series:
    rows = told[(told["measure"] == measure) & (told["by"] == by) & (told["group"] == group)]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(("pull", "airings", "each"), [(0.15, 50, 12), (0.0, 50, 12), (0.15, 20, 10), (-0.1, 120, 5)])
def test_a_known_pull_is_recovered_and_its_interval_covers(pull: float, airings: int, each: int) -> None:
    """Of 300 simulations the interval of 95 per cent covers 92 to 98.5, and the mean of the values is the pull."""
    rng = np.random.default_rng(4)
    found = [pull_of(simulated(rng, pull, airings, each)) for _ in range(300)]
    covered = np.mean([each.low <= pull <= each.high for each in found])
    assert 0.92 <= covered <= 0.985
    assert np.mean([each.value for each in found]) == pytest.approx(pull, abs=0.012)


def test_the_report_of_coders_with_a_pull() -> None:
    table = simulated(np.random.default_rng(1), 0.2, airings=150)
    told = report(table, 20)
    assert list(told.columns) == list(REPORT)
    assert set(told["measure"]) == set(MEASURES)
    pull, moved = only(told, "pull"), only(told, "moved")
    assert pull["low"] > 0.1
    assert pull["value"] == pytest.approx(0.2, abs=0.06)
    assert moved["value"] == pytest.approx(0.2, abs=0.04)
    assert only(told, "moved_withheld")["value"] == 0
    assert only(told, "changed")["value"] == pytest.approx(moved["value"])
    difference = only(told, "acceptance")["value"] - only(told, "acceptance_withheld")["value"]
    assert pull["value"] == pytest.approx(difference)
    assert pull["segments"] + pull["withheld"] == len(table)
    assert only(told, "accuracy")["segments"] == ((table["reference"] != "") & table["shown"]).sum()
    assert set(told[told["by"] == "language"]["group"]) == {"kk", "ru"}
    assert set(told[told["by"] == "tone"]["group"]) == set(TONES)
    assert set(told[told["by"] == "coders"]["group"]) == {"fewer", "more"} or told[told["by"] == "coders"].empty


def test_swapping_names_changes_nothing() -> None:
    table = simulated(np.random.default_rng(2), 0.1)
    own = [f"coder {n}" for n in range(7)]
    swapped = table.assign(
        coder=table["coder"].map(dict(zip(own, own[::-1], strict=True))),
        airing_id="x" + table["airing_id"].str[::-1],
        subject="Red Party",
        segment_id=table["segment_id"].to_numpy()[::-1],
    )
    pd.testing.assert_frame_equal(report(table, 20), report(swapped, 20))
    pd.testing.assert_frame_equal(changes(table), changes(swapped))
    tones = dict(zip(TONES, ("positive", "negative", "neutral"), strict=True))
    renamed = table.assign(
        **{name: table[name].map(tones).fillna("") for name in ("suggested", "first", "final", "reference")}
    )
    one, other = report(table, 20), report(renamed, 20)
    one["group"] = one["group"].map(lambda name: tones.get(name, name))
    keys = ["measure", "by", "group"]
    pd.testing.assert_frame_equal(one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True))


def test_no_group_of_coders_is_small_and_none_is_named() -> None:
    table = simulated(np.random.default_rng(3), 0.1, airings=40)
    sizes = {f"coder {n}": n for n in range(7)}
    told = report(table.assign(coder=[f"coder {min(int(a[1:]) % 21 // 3, 6)}" for a in table["airing_id"]]), 20)
    assert "coder" not in " ".join(told["group"])
    four = table.assign(coder=[f"coder {int(a[1:]) % 4}" for a in table["airing_id"]])
    assert report(four, 20)[lambda rows: rows["by"] == "coders"].empty
    grades = np.repeat([f"coder {n}" for n in sizes], [60, 62, 64, 66, 70, 78, 80])
    halves = report(table.assign(coder=grades), 20)
    assert set(halves[halves["by"] == "coders"]["group"]) == {"fewer", "more"}
    assert (
        only(halves, "pull", "coders", "fewer")["segments"] + only(halves, "pull", "coders", "fewer")["withheld"] == 252
    )


def test_little_is_greyed_and_has_no_interval() -> None:
    few = simulated(np.random.default_rng(5), 0.1, airings=AIRINGS_AT_LEAST - 1, each=40)
    told = report(few, 20)
    assert not told["enough"].any()
    assert told["low"].isna().all()
    thin = report(simulated(np.random.default_rng(5), 0.1, airings=20, each=6), 50)
    assert only(thin, "acceptance")["enough"]
    assert not only(thin, "pull")["enough"]


def test_all_alike_is_no_certainty() -> None:
    table = simulated(np.random.default_rng(6), 0.0).assign(final_agrees=1.0)
    found = pull_of(table)
    assert found.value == 0
    assert found.low < -0.02 < 0.02 < found.high
    share = only(report(table, 20), "acceptance")
    assert (share["value"], share["high"]) == (1, 1)
    assert share["low"] < 1


def test_nothing_gives_an_empty_report() -> None:
    empty = pd.DataFrame(columns=list(COLUMNS)).astype({"first_agrees": float, "final_agrees": float, "shown": bool})
    assert report(empty, 20).empty
    assert changes(empty).empty
    assert list(changes(empty).columns) == list(CHANGES)


def test_overrides_are_counted_by_what_they_became() -> None:
    table = simulated(np.random.default_rng(7), 0.2)
    found = changes(table)
    shown = table[table["shown"]]
    kept_against = (shown["final_agrees"] == 0).sum()
    taken = ((shown["first_agrees"] == 0) & (shown["final_agrees"] == 1)).sum()
    assert found["segments"].sum() == kept_against + taken
    assert found["segments"].is_monotonic_decreasing
    one = found.iloc[0]
    same = (
        (shown["suggested"] == one["suggested"]) & (shown["first"] == one["first"]) & (shown["final"] == one["final"])
    )
    assert one["segments"] == same.sum()


# the join


POINTS = ("very negative / negative", "neutral", "very positive / positive")


def id_of(number: int) -> str:
    return segment(number, amount=1).segment_id


def told(number: int, **more: Any) -> Told:
    given: dict[str, Any] = {
        "segment_id": id_of(number), "airing_id": "a-0312", "coder": "coder-1", "subject": "Blue Party",
        "revision": 1, "text_sha": "0" * 64, "language": "en", "points": POINTS, "probabilities": (0.7, 0.2, 0.1),
        "labels": (POINTS[0],), "silent": "", "model": "v1", "withheld": False, "shown": True, "tone_before": "neutral",
    }  # fmt: skip
    return Told(**given | more)


@pytest.fixture
def store(small_store: Callable[..., Store]) -> Store:
    made = small_store()
    for name in ("coder-1", "second"):
        purpose = Purpose.DOUBLE if name == "second" else Purpose.CODING
        assign(made, ["a-0312"], name, purpose, "sup")
    return made


def code(store: Store, number: int, *tones: str, coder: str = "coder-1", who: str = "", **more: Any) -> None:
    place = {"start": number * 10, "end": number * 10 + 8} | more
    store.record(segment(number, tone=tones[0], coder=coder, **place), coder)
    for revision, tone in enumerate(tones[1:], 1):
        later = segment(number, tone=tone, coder=coder, revision=revision, **place)
        store.revise(later, who or coder)


def test_first_final_and_agreement_on_a_collapsed_scale(store: Store) -> None:
    code(store, 1, "neutral", "negative")
    record_told(store, told(1))
    code(store, 2, "neutral")
    record_told(store, told(2, withheld=True, shown=False))
    code(store, 3, "very negative")
    record_told(store, told(3, revision=0, tone_before="", labels=POINTS[:2], probabilities=(0.4, 0.5, 0.1)))
    table = uses(store).set_index("segment_id")
    one, two, three = (table.loc[id_of(n)] for n in (1, 2, 3))
    assert (one["first"], one["final"], one["first_agrees"], one["final_agrees"]) == ("neutral", "negative", 0, 1)
    assert (one["suggested"], one["shown"], one["language"], one["reference"]) == (POINTS[0], True, "en", "")
    assert (two["shown"], two["final_agrees"]) == (False, 0)
    assert (three["first"], three["final_agrees"], three["suggested"]) == ("", 1, "neutral")
    assert np.isnan(three["first_agrees"])


def test_what_is_no_use_is_left_out(store: Store) -> None:
    record_told(store, told(1))  # never saved
    code(store, 2, "neutral")
    record_told(store, told(2, silent="unsure", labels=(), shown=False))
    code(store, 3, "neutral")
    record_told(store, told(3))
    store.retract(id_of(3), 1, "coder-1", "not about them")
    code(store, 4, "neutral", subject="Red Party")
    record_told(store, told(4))  # about a subject that it no longer has
    assert uses(store).empty


def test_a_supervisors_revision_is_not_the_coders_choice(store: Store) -> None:
    code(store, 1, "neutral", "negative", who="sup")
    record_told(store, told(1))
    assert list(uses(store)["final"]) == ["neutral"]


def test_the_reference_is_a_blind_second_coding_of_the_same_passage(store: Store) -> None:
    code(store, 1, "neutral", start=0, end=100)
    record_told(store, told(1))
    code(store, 2, "neutral", start=200, end=300)
    record_told(store, told(2))
    code(store, 3, "neutral", start=400, end=500)
    record_told(store, told(3))
    code(store, 4, "neutral", start=600, end=700)
    record_told(store, told(4))
    code(store, 5, "neutral", start=800, end=900)
    record_told(store, told(5))
    code(store, 11, "positive", coder="second", start=20, end=60)  # half of the shorter one is enough
    code(store, 12, "positive", coder="second", start=280, end=400)  # another one
    code(store, 13, "negative", coder="bystander", start=400, end=500)  # nobody's second coder
    code(store, 14, "negative", coder="second", start=600, end=700, subject="Red Party")
    code(store, 15, "negative", coder="second", start=800, end=900)
    record_told(store, told(15, coder="second"))
    held = store.history(id_of(15))[-1].segment
    store.revise(held.model_copy(update={"suggestion": SuggestionShown.AFTER}), "second")  # who was told is not blind
    shown = uses(store).set_index("segment_id")["reference"]
    assert [shown[id_of(number)] for number in range(1, 6)] == ["positive", "", "", "", ""]


def decide(store: Store, *numbers: int, outcome: str = CODES, coder: str = "coder-1", **codes: str) -> None:
    made = Decision(
        str(uuid4()), "a-0312", coder, tuple(map(id_of, numbers)), (), outcome, codes, store.moment().segment_seq
    )
    with writing(store.engine) as connection:
        append_decision(connection, made, "judge")


def test_what_was_decided_comes_before_what_a_second_coder_said(store: Store) -> None:
    for number in range(1, 6):
        code(store, number, "neutral", start=number * 100, end=number * 100 + 50)
        code(store, number + 10, "positive", coder="second", start=number * 100, end=number * 100 + 50)
        record_told(store, told(number))
    decide(store, 1, 11, subject="Blue Party", tone="negative")
    decide(store, 2, 12, subject="Red Party", tone="negative")  # about somebody else
    decide(store, 3, 13, outcome=word_of("coder-1"), subject="Blue Party", tone="neutral")
    decide(store, 4, 14, subject="Blue Party", tone="negative")
    decide(store, 4, 14, outcome=TAKEN_BACK)
    held = store.history(id_of(1))[-1].segment
    store.revise(held.model_copy(update={"tone": "negative"}), "judge", "decided")
    code(store, 6, "neutral", start=700, end=750)
    shown = uses(store).set_index("segment_id")
    references = [shown.loc[id_of(number), "reference"] for number in range(1, 6)]
    assert references == ["negative", "", "neutral", "positive", "positive"]
    assert set(shown["final"]) == {"neutral"}  # the decision is not the coder's choice


def test_a_coders_word_that_holds_is_the_one_from_before_the_first_decision(store: Store) -> None:
    for number in (1, 2):
        code(store, number, "neutral", start=number * 100, end=number * 100 + 50)
        record_told(store, told(number))
    decide(store, 2, subject="Blue Party", tone="negative")
    held = store.history(id_of(1))[-1].segment
    store.revise(held.model_copy(update={"tone": "positive"}), "coder-1")  # the airing was returned
    decide(store, 1, outcome=word_of("coder-1"), subject="Blue Party", tone="neutral")
    assert uses(store).set_index("segment_id").loc[id_of(1), "reference"] == "neutral"


def test_a_subject_that_was_renamed_since_still_matches(store: Store) -> None:
    code(store, 1, "neutral", start=0, end=100)
    code(store, 11, "positive", coder="second", start=0, end=100)
    record_told(store, told(1))
    with writing(store.engine) as connection:
        seq = last_segment_seq(connection)
        made = CodebookChange(
            2, CodeKind.SUBJECT, Change.RENAME, ("Blue Party",), ("Red Party",), seq, "", audit.now(), "sup"
        )
        write_change(connection, made)
        connection.execute(
            insert(schema.codebook).values(
                version=2, mission=store.mission().model_dump_json(by_alias=True), reason="", **stamp("sup")
            )
        )
    held = store.history(id_of(1))[-1].segment
    store.revise(held.model_copy(update={"subject": "Red Party"}), "coder-1")
    row = uses(store).iloc[0]
    assert (row["subject"], row["reference"], row["final_agrees"]) == ("Red Party", "positive", 0)


def test_against_the_model_stand_the_words_from_before_it_was_seen(store: Store) -> None:
    code(store, 1, "neutral", "negative")
    record_told(store, told(1))  # shown after the first word
    code(store, 2, "positive", "negative")
    record_told(store, told(2, withheld=True, shown=False))  # the last word is blind too
    code(store, 3, "very negative")
    record_told(store, told(3, revision=0, tone_before=""))  # seen before any word
    code(store, 4, "neutral", subject="Red Party")
    record_told(store, told(4))  # about somebody else
    code(store, 5, "neutral")
    record_told(store, told(5))
    store.retract(id_of(5), 1, "coder-1", "nothing there")
    code(store, 6, "neutral", "very positive", who="sup")
    record_told(store, told(6))
    found = against_model(store)
    expected = 0.7 * -0.75 + 0.1 * 0.75
    assert list(found["difference"]) == pytest.approx([0 - expected, -0.75 - expected, 0 - expected])
    assert set(found["coder"]) == {"coder-1"}
    assert set(zip(found["cluster"], found["week"], strict=True)) == {("Channel A 2025-03-12", "2025-03-10")}
    assign(store, ["a-0313"], "coder-1", Purpose.TRAINING, "sup")
    code(store, 7, "neutral", airing="a-0313")
    record_told(store, told(7, airing_id="a-0313"))
    assert len(against_model(store)) == 3  # practice is no coding


def test_a_models_own_names_fit_by_side(store: Store) -> None:
    mission = store.mission()
    assert point_of("very negative", ("negative", "neutral", "positive"), mission) == "negative"
    assert point_of("negative", ("bad", "plain", "good"), mission) == "bad"
    assert point_of("very positive", ("bad", "plain", "good"), mission) == "good"
    assert point_of("very positive", POINTS, mission) == POINTS[2]
    assert point_of("", POINTS, mission) is None
    assert point_of("odd", POINTS, mission) is None
    assert point_of("neutral", ("bad", "good"), mission) is None
