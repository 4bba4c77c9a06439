"""Deciding between coders: what then stands in the counted coding, what stays of each, and what is refused."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coding.double_coding.deciding import decide, take_back
from coding.double_coding.disagreements import Disagreement, disagreements
from coding.mission.loader import load
from coding.problems import ProblemsFound
from coding.store import Store, audit
from coding.store.assignments import assign, change
from coding.store.decisions import CODES, NOTHING, ask_again, decisions, reopenings, withdraw, word_of
from coding.store.engine import reading
from coding.store.places import sqlite_url
from coding.vocabulary import Progress, Purpose
from tests.coding.double_coding.two_coders import (
    AGREED,
    AIRING,
    ALL,
    BORDERS,
    FIRST,
    JUDGE,
    SECOND,
    TONE,
    WHO,
    Make,
    at,
    by,
    coded,
    stands,
)
from tests.missions import segment, write_mission

OWN = {"subject": "Red Party", "role": "contestant", "speech": "direct", "tone": "neutral", "format": "news"}
WHOLE = OWN | {"topic": "economy", "start_ms": 205_000, "end_ms": 255_000}


@pytest.fixture(scope="module")
def decidable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The airing with everything that two coders can differ in, made once."""
    folder = tmp_path_factory.mktemp("decidable")
    held = load(write_mission(folder / "mission"))
    made = Store(sqlite_url(folder / "made.sqlite"))
    made.put_mission(held.mission, held.airings, "test", "made for a test")
    coded(made).engine.dispose()
    return folder / "made.sqlite"


@pytest.fixture
def store(decidable: Path, tmp_path: Path) -> Store:
    """A copy of it to decide in."""
    return Store(sqlite_url(Path(shutil.copy(decidable, tmp_path / "store.sqlite"))))


def history(store: Store, number: int) -> list[tuple[int, bool, str, str]]:
    """Revision, retracted, reason and who, of a segment of the first coder."""
    told = store.history(by(FIRST, number, 0, 1).segment_id)
    return [(each.revision, each.retracted, each.reason, each.recorded_by) for each in told]


def written(store: Store) -> tuple[int, int, str]:
    now = store.moment()
    return now.segment_seq, now.decision_seq, now.fingerprint


def refused(store: Store, passage: Disagreement, outcome: str, who: str = JUDGE, **more: object) -> list[str]:
    """The keys of the problems, with nothing written."""
    before = written(store)
    with pytest.raises(ProblemsFound) as found:
        decide(store, who, passage, outcome, **more)  # type: ignore[arg-type]
    assert written(store) == before
    return [problem.key for problem in found.value.problems]


# what then stands


def test_the_counted_coders_own_word_needs_no_revision(store: Store) -> None:
    before = stands(store)
    made = decide(store, JUDGE, at(store, 100), word_of(FIRST))
    assert stands(store) == before
    assert history(store, 2) == [(1, False, "", FIRST)]
    assert decisions(store) == [made]
    assert (made.coder, made.kept, made.recorded_by, made.reason) == (FIRST, FIRST, JUDGE, "")
    assert made.codes["tone"] == "positive"
    assert [(each["coder"], each["tone"]) for each in made.said] == [(FIRST, "positive"), (SECOND, "negative")]


def test_the_others_word_is_a_revision_with_codes_times_and_reason(small_store: Make) -> None:
    store = coded(small_store())
    made = decide(store, JUDGE, at(store, 100), word_of(SECOND), reason="said in irony")
    assert history(store, 2) == [(1, False, "", FIRST), (2, False, "said in irony", JUDGE)]
    (now,) = (each for each in store.segments([AIRING]) if each.segment_id == TONE[0].segment_id)
    assert (now.coder, now.start_ms, now.end_ms, now.tone) == (FIRST, 101_000, 159_000, "negative")
    assert now.text == "the other heard this"
    assert (made.outcome, made.segment_seq) == (word_of(SECOND), len(ALL))
    assert (101, 159, "Blue Party", "negative") in stands(store, SECOND), "the other coding is left as it is"


def test_another_subject_found_by_the_other(store: Store) -> None:
    decide(store, JUDGE, at(store, 200), word_of(SECOND))
    assert (200, 258, "Red Party", "neutral") in stands(store)
    assert (200, 260, "Blue Party", "neutral") not in stands(store)


def test_what_only_the_other_found_becomes_a_segment_of_the_counted_coding(small_store: Make) -> None:
    store = coded(small_store())
    made = decide(store, JUDGE, at(store, 300), word_of(SECOND), reason="in the picture")
    assert (300, 330, "Green Party", "neutral") in stands(store)
    (new,) = set(made.segments) - at(store, 300).key
    (added,) = store.history(new)
    assert (added.segment.coder, added.recorded_by, added.reason) == (FIRST, JUDGE, "in the picture")
    assert not at(store, 300).open


def test_what_only_the_counted_coder_found_is_taken_out_by_the_others_silence(small_store: Make) -> None:
    alone = by(FIRST, 7, 600, 620, subject="Green Party")
    store = coded(small_store(), [*AGREED, alone])
    made = decide(store, JUDGE, at(store, 600), NOTHING)
    assert (made.kept, dict(made.codes)) == (SECOND, {}), "that nobody is there is what the other said"
    assert stands(store) == [(0, 60, "Blue Party", "neutral")]


def test_where_a_supervisor_retracted_all_that_stood_it_can_still_be_decided(small_store: Make) -> None:
    store = coded(small_store(), [by(FIRST, 1, 0, 60)])
    store.retract(by(FIRST, 1, 0, 60).segment_id, 1, JUDGE, "nobody is there")
    assert decide(store, JUDGE, at(store, 0), word_of(SECOND)).coder == FIRST
    assert (stands(store), at(store, 0).open) == ([], False)
    decide(store, JUDGE, at(store, 0), word_of(FIRST))
    assert stands(store) == [(0, 60, "Blue Party", "neutral")]


def test_a_coder_who_comes_after_a_decision_opens_nothing(small_store: Make) -> None:
    store = coded(small_store())
    decide(store, JUDGE, at(store, 100), word_of(FIRST))
    before = disagreements(store, AIRING)
    assign(store, [AIRING], "chi", Purpose.DOUBLE, JUDGE)
    store.record(segment(201, AIRING, start=0, end=60, coder="chi", tone="negative"), "chi")
    change(store, AIRING, "chi", Progress.DONE, "chi")
    assert [(each.words, each.open) for each in disagreements(store, AIRING)] == [
        (each.words, each.open) for each in before
    ]


def test_nobody_there_takes_a_reason_and_retracts(small_store: Make) -> None:
    store = coded(small_store())
    assert refused(store, at(store, 200), NOTHING) == ["decision.needs_reason"]
    decide(store, JUDGE, at(store, 200), NOTHING, reason="a placard in the background")
    assert history(store, 3)[-1] == (2, True, "a placard in the background", JUDGE)


def test_own_codes_take_a_reason_and_hold_over_the_chosen_time(store: Store) -> None:
    assert refused(store, at(store, 200), CODES, codes=WHOLE) == ["decision.needs_reason"]
    decide(store, JUDGE, at(store, 200), CODES, WHOLE, "the guest of the Reds")
    (now,) = (each for each in store.segments([AIRING]) if each.segment_id == WHO[0].segment_id)
    assert (now.start_ms, now.end_ms, now.amount) == (205_000, 255_000, 50_000)
    assert (now.subject, now.speech, now.topic) == ("Red Party", "direct", "economy")


def test_several_segments_in_place_of_one_and_one_in_place_of_several(small_store: Make) -> None:
    mine = [by(FIRST, 1, 0, 90, tone="positive"), by(FIRST, 2, 200, 230), by(FIRST, 3, 230, 290, tone="negative")]
    his = [
        by(SECOND, 1, 0, 40, tone="negative"),
        by(SECOND, 2, 45, 90, tone="neutral"),
        by(SECOND, 3, 200, 290, tone="positive"),
    ]
    store = coded(small_store(), [*mine, *his])
    decide(store, JUDGE, at(store, 0), word_of(SECOND))
    decide(store, JUDGE, at(store, 200), word_of(SECOND))
    assert stands(store) == stands(store, SECOND)
    take_back(store, JUDGE, at(store, 0))
    take_back(store, JUDGE, at(store, 200))
    assert stands(store) == sorted(
        ((each.start_ms or 0) / 1000, (each.end_ms or 0) / 1000, each.subject, each.tone) for each in mine
    )


@pytest.mark.parametrize("second", [100, 200, 300])
def test_the_way_to_a_decision_changes_nothing(store: Store, second: int) -> None:
    """Taken back, turned round, decided anew: what holds follows from the coders' own words alone."""
    before = stands(store)
    decide(store, JUDGE, at(store, second), word_of(SECOND))
    once = stands(store)
    assert once != before
    take_back(store, JUDGE, at(store, second))
    assert stands(store) == before
    decide(store, JUDGE, at(store, second), CODES, WHOLE, "heard again")
    decide(store, JUDGE, at(store, second), NOTHING, None, "heard once more")
    decide(store, JUDGE, at(store, second), word_of(SECOND))
    assert stands(store) == once
    decide(store, JUDGE, at(store, second), word_of(FIRST))
    assert stands(store) == before


def test_a_decision_on_borders_alone(small_store: Make) -> None:
    store = coded(small_store(), [*AGREED, *BORDERS])
    decide(store, JUDGE, at(store, 400), word_of(SECOND))
    assert stands(store)[-1] == (400, 446, "Blue Party", "neutral")


def test_in_a_paper_the_others_area_holds(small_store: Make) -> None:
    """Amounts without an interval lie on a page; own codes keep the area that was measured."""
    store = small_store()
    for coder, number, amount, tone in ((FIRST, 1, 40_000, "positive"), (SECOND, 2, 50_000, "negative")):
        assign(store, ["g-0312"], coder, Purpose.CODING if coder == FIRST else Purpose.DOUBLE, "supervisor")
        box = f"0.1 0.1 0.5 0.{number + 2}"
        store.add([segment(number, "g-0312", amount=amount, page=3, box=box, tone=tone, coder=coder)], coder)
        change(store, "g-0312", coder, Progress.DONE, coder)
    (passage,) = disagreements(store, "g-0312")
    assert passage.differs == ("tone", "bounds")
    decide(store, JUDGE, passage, word_of(SECOND))
    (now,) = (each for each in store.segments(["g-0312"]) if each.coder == FIRST)
    assert (now.amount, now.page, now.tone, now.box) == (50_000, 3, "negative", "0.1 0.1 0.5 0.4")
    (passage,) = disagreements(store, "g-0312")
    decide(store, JUDGE, passage, CODES, OWN | {"topic": ""}, "neither")
    (now,) = (each for each in store.segments(["g-0312"]) if each.coder == FIRST)
    assert (now.amount, now.subject, now.tone) == (40_000, "Red Party", "neutral")


# whose coding carries it


def test_the_counted_coder_is_fixed_by_the_first_decision(store: Store) -> None:
    decide(store, JUDGE, at(store, 100), word_of(FIRST))
    change(store, AIRING, FIRST, Progress.WITHDRAWN, JUDGE)
    assign(store, [AIRING], FIRST, Purpose.DOUBLE, JUDGE)
    change(store, AIRING, FIRST, Progress.DONE, FIRST)
    assert decide(store, JUDGE, at(store, 200), word_of(SECOND)).coder == FIRST


def test_where_the_first_coder_found_nothing_the_seconds_coding_carries_it(small_store: Make) -> None:
    store = coded(small_store(), [by(SECOND, 1, 0, 60), by(SECOND, 2, 100, 160)])
    made = decide(store, JUDGE, at(store, 0), word_of(FIRST))
    assert made.coder == SECOND
    assert stands(store, SECOND) == [(100, 160, "Blue Party", "neutral")]


# what is refused


@pytest.mark.parametrize("coder", [FIRST, SECOND])
def test_nobody_decides_about_an_own_coding(store: Store, coder: str) -> None:
    assert refused(store, at(store, 100), word_of(coder), who=coder) == ["decision.own"]


def test_what_would_overlap_with_other_codes_is_refused_whole(small_store: Make) -> None:
    """Taken over, the second coder's Red would lie under a Red of the first with another tone."""
    red = by(FIRST, 8, 250, 300, subject="Red Party", tone="negative")
    store = coded(small_store(), [*WHO, red, by(SECOND, 8, 262, 300, subject="Red Party", tone="negative")])
    assert refused(store, at(store, 200), word_of(SECOND)) == ["two_codes"]
    assert refused(store, at(store, 200), CODES, codes=WHOLE, reason="both") == ["two_codes"]


@pytest.mark.parametrize(
    ("codes", "problem"),
    [
        ({"tone": "great"}, "tone_outside_scale"),
        ({"subject": "Nobody"}, "unknown_subject"),
        ({"tone": ""}, "tone_missing"),
        ({"start_ms": 255_000, "end_ms": 205_000}, "interval_reversed"),
        ({"end_ms": 4_000_000}, "past_the_end"),
    ],
)
def test_own_codes_pass_the_mission_s_rules(store: Store, codes: Mapping[str, object], problem: str) -> None:
    assert refused(store, at(store, 200), CODES, codes=WHOLE | dict(codes), reason="heard again") == [problem]


def test_an_outcome_that_is_none_is_refused(store: Store) -> None:
    assert refused(store, at(store, 200), word_of("chi")) == ["decision.unknown"]


def test_the_same_press_sent_again_is_one_decision(store: Store) -> None:
    passage = at(store, 100)
    first = decide(store, JUDGE, passage, word_of(SECOND))
    assert decide(store, JUDGE, passage, word_of(SECOND)) == first
    assert len(decisions(store)) == 1
    assert len(history(store, 2)) == 2


def test_who_decides_on_what_somebody_decided_meanwhile_is_told_who_and_what(store: Store) -> None:
    read = at(store, 100)
    decide(store, "other judge", read, word_of(SECOND))
    with pytest.raises(ProblemsFound) as found:
        decide(store, JUDGE, read, word_of(FIRST))
    told = found.value.problems[0].message()
    assert "other judge" in told
    assert SECOND in told
    assert stands(store) == [each for each in stands(store) if each[3] != "positive"]
    decide(store, JUDGE, at(store, 100), word_of(FIRST))
    assert [each.recorded_by for each in decisions(store)] == ["other judge", JUDGE]


def test_decisions_on_other_passages_are_no_conflict(store: Store) -> None:
    read = at(store, 200)
    decide(store, "other judge", at(store, 100), word_of(SECOND))
    decide(store, JUDGE, read, word_of(SECOND))
    assert [each.open for each in disagreements(store, AIRING)][:2] == [False, False]


def test_nothing_is_decided_while_somebody_codes_or_after_somebody_changed_something(store: Store) -> None:
    read = at(store, 100)
    change(store, AIRING, SECOND, Progress.RETURNED, JUDGE, "look again")
    assert refused(store, read, word_of(FIRST)) == ["decision.not_finished"]
    store.revise(TONE[1].model_copy(update={"tone": "very negative"}), SECOND)
    change(store, AIRING, SECOND, Progress.DONE, SECOND)
    assert refused(store, read, word_of(FIRST)) == ["decision.changed"]
    made = decide(store, JUDGE, at(store, 100), word_of(SECOND))
    assert made.codes["tone"] == "very negative"


def test_only_what_is_decided_is_taken_back(store: Store) -> None:
    with pytest.raises(ProblemsFound, match="not decided"):
        take_back(store, JUDGE, at(store, 100))
    decide(store, JUDGE, at(store, 100), word_of(SECOND))
    take_back(store, JUDGE, at(store, 100))
    with pytest.raises(ProblemsFound, match="not decided"):
        take_back(store, JUDGE, at(store, 100))


def test_an_amount_goes_with_the_unit_of_the_format_that_is_chosen(small_store: Make) -> None:
    """Square millimetres are no lines: the amount is that of whoever measured in the unit."""
    store = small_store()
    measured: dict[str, dict[str, Any]] = {
        FIRST: {"amount": 50_000},
        SECOND: {"amount": 20, "format": "free space", "tone": ""},
    }
    for number, (coder, more) in enumerate(measured.items()):
        assign(store, ["g-0312"], coder, Purpose.DOUBLE if number else Purpose.CODING, JUDGE)
        store.record(segment(900 + number, "g-0312", page=1, coder=coder, **more), coder)
        change(store, "g-0312", coder, Progress.DONE, coder)

    def decided(**codes: str) -> list[tuple[str, int]]:
        (passage,) = disagreements(store, "g-0312")
        decide(store, JUDGE, passage, CODES, codes, "looked again")
        return [(each.format, each.amount) for each in store.segments(["g-0312"]) if each.coder == FIRST]

    assert decided(format="free space", tone="") == [("free space", 20)]
    assert decided(format="news", tone="negative") == [("news", 50_000)]
    (passage,) = disagreements(store, "g-0312")
    inside = {"format": "free space", "tone": ""}
    alike = replace(passage, words=tuple(replace(word, format="news") for word in passage.words))
    with pytest.raises(ProblemsFound, match="measured in the unit"):
        decide(store, JUDGE, alike, CODES, inside, "looked again")


# wishes


def test_a_wish_is_kept_with_its_note_and_moves_no_figure(store: Store) -> None:
    made = decide(store, JUDGE, at(store, 100), word_of(SECOND))
    before = store.fingerprint()
    assert ask_again(store, made.decision_id, FIRST, " hear it again ")
    assert not ask_again(store, made.decision_id, FIRST, "hear it again")
    assert [(each.coder, each.note) for each in reopenings(store)] == [(FIRST, "hear it again")]
    assert withdraw(store, made.decision_id, FIRST)
    assert not withdraw(store, made.decision_id, FIRST)
    assert reopenings(store) == []
    assert store.fingerprint() == before
    with reading(store.engine) as connection:
        assert audit.head(connection) != before, "each left its entry in the chain"


def test_wishes_that_cannot_be(store: Store) -> None:
    made = decide(store, JUDGE, at(store, 100), word_of(SECOND))
    for coder, note, key in (
        ("chi", "let me see", "decision.not_yours"),
        (FIRST, " ", "decision.needs_note"),
    ):
        with pytest.raises(ProblemsFound) as found:
            ask_again(store, made.decision_id, coder, note)
        assert [problem.key for problem in found.value.problems] == [key]
    take_back(store, JUDGE, at(store, 100))
    with pytest.raises(ProblemsFound) as found:
        ask_again(store, made.decision_id, FIRST, "hear it again")
    assert [problem.key for problem in found.value.problems] == ["decision.superseded"]
