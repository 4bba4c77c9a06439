"""The labels that a model may learn from: before any suggestion, of the coder that counts, with a text."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.mission.loader import load
from coding.problems import ProblemsFound
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign, change
from coding.store.engine import open_engine
from coding.store.places import sqlite_url
from coding.store.subtitles import Cue, add_subtitles
from coding.store.suggestions import record_told
from coding.suggestions.labels import COLUMNS, label_table, labels_of
from coding.vocabulary import Progress, Purpose, SuggestionShown
from monitoring.coverage import open_coverage
from tests.coding.store.made import told
from tests.missions import segment, write_mission

Make = Callable[..., Store]
TEXT = "Blue Party opened a school, and Red Party praised it."


def spoken(number: int, **more: Any) -> Segment:
    return segment(number, start=number * 60, end=number * 60 + 30, **{"text": TEXT, "language": "en"} | more)


def tones(store: Store) -> dict[int, str]:
    table = label_table(store)
    return {int(each[-12:], 16): tone for each, tone in zip(table["segment_id"], table["tone"], strict=True)}


def revised(store: Store, number: int, **changes: object) -> None:
    held = next(each for each in store.segments() if each.segment_id.endswith(f"{number:012x}"))
    store.revise(held.model_copy(update=changes), "coder-1")


def test_a_label_has_all_that_training_and_judging_need(small_store: Make) -> None:
    store = small_store(spoken(1), spoken(2, subject="Red Party", tone="positive"))
    table = label_table(store)
    assert tuple(table.columns) == COLUMNS
    first: Any = table.iloc[0].to_dict()
    assert first["aliases"].split(" | ")[:2] == ["Blue Party", "ლურჯი პარტია"]
    assert "Red Party | წითელი პარტია" in first["bystanders"].split(" || ")[0]
    kept = {name: first[name] for name in COLUMNS if name not in ("aliases", "bystanders")}
    assert kept == {
        "segment_id": spoken(1).segment_id, "text": TEXT, "target": "Blue Party", "language": "en", "tone": "neutral",
        "group": "a-0312", "subject": "Blue Party", "outlet": "Channel A", "format": "news", "coder": "coder-1",
    }  # fmt: skip
    assert tones(store) == {1: "neutral", 2: "positive"}


def test_an_empty_store_has_an_empty_table(small_store: Make) -> None:
    labels = labels_of(small_store())
    assert tuple(labels.table.columns) == COLUMNS
    assert (len(labels.table), labels.seen, labels.no_text, labels.by_language) == (0, 0, 0, ())


def test_a_code_given_after_a_suggestion_is_no_label_and_the_one_before_is(small_store: Make) -> None:
    store = small_store(spoken(1), spoken(2), spoken(3))
    record_told(store, told(1, revision=1))
    revised(store, 1, tone="positive", suggestion=SuggestionShown.AFTER, suggested_tone="positive", suggested_by="v1")
    revised(store, 2, tone="negative")
    assert tones(store) == {1: "neutral", 2: "negative", 3: "neutral"}
    assert labels_of(store).seen == 0


def test_a_code_given_with_a_suggestion_in_view_is_never_a_label(small_store: Make) -> None:
    store = small_store(spoken(1, suggestion="before", suggested_tone="neutral", suggested_by="v1"), spoken(2))
    record_told(store, told(1, revision=0))
    assert tones(store) == {2: "neutral"}
    assert labels_of(store).seen == 1


def test_what_was_told_counts_also_where_a_revision_does_not_say_so(small_store: Make) -> None:
    store = small_store(spoken(1), spoken(2), spoken(3))
    record_told(store, told(1, revision=1))
    revised(store, 1, tone="positive")
    record_told(store, told(2, revision=0))
    record_told(store, told(3, revision=1, shown=False, withheld=True))
    revised(store, 3, tone="negative")
    assert tones(store) == {1: "neutral", 3: "negative"}, "what was withheld was not seen"


def test_what_is_retracted_has_no_tone_or_no_text_is_no_label(small_store: Make) -> None:
    store = small_store(
        spoken(1), spoken(2, tone="", format="paid advertising"), spoken(3, text=" "), spoken(4), spoken(5, text="")
    )
    store.retract(spoken(1).segment_id, 1, "coder-1", "wrong airing")
    cues = [Cue(240_000, 260_000, "not read"), Cue(300_000, 330_000, "Blue Party is said to be late.")]
    add_subtitles(store, "a-0312", cues, "test", name="a", language="en", kind="srt", sha256="0" * 64)
    table = label_table(store)
    assert list(table["text"]) == [TEXT, "Blue Party is said to be late."]
    assert labels_of(store).no_text == 1
    assert list(table["language"]) == ["en", "en"]


def test_a_language_that_nobody_gave_is_told_from_the_text(small_store: Make) -> None:
    text = "Правительство отвечает на вопросы граждан о дорогах и школах"
    store = small_store(spoken(1, language="", text=text), spoken(2, language="", text="Blue"))
    assert list(label_table(store)["language"]) == ["ru", ""]
    assert [(each.language, each.labels, each.airings) for each in labels_of(store).by_language] == [
        ("", 1, 1),
        ("ru", 1, 1),
    ]


def test_a_language_in_other_words_is_its_code_or_told_from_the_text(small_store: Make) -> None:
    text = "Правительство отвечает на вопросы граждан о дорогах и школах"
    given = ("RU", "ru-RU", "русский")
    store = small_store(*(spoken(number, language=word, text=text) for number, word in enumerate(given, 1)))
    assert list(label_table(store)["language"]) == ["ru", "ru", "ru"]


def test_one_coder_counts_for_an_airing(small_store: Make) -> None:
    store = small_store(spoken(1), spoken(2, coder="berik", tone="negative"))
    assert tones(store) == {1: "neutral"}
    assign(store, ["a-0312"], "berik", Purpose.CODING, "supervisor")
    assert tones(store) == {2: "negative"}
    change(store, "a-0312", "berik", Progress.WITHDRAWN, "supervisor")
    assert tones(store) == {1: "neutral"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a-0312", "b-0312"]),
        st.sampled_from(["ana", "berik", "carla"]),
        st.sampled_from(["code", "coding", "double", "done", "withdrawn"]),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_the_coder_that_counts_is_the_one_of_the_results(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("counted")
    held = load(write_mission(folder / "mission"))
    url = sqlite_url(folder / "store.sqlite")
    store = Store(url, open_engine(url))
    store.put_mission(held.mission, held.airings, "test", "")
    for number, (airing, coder, step) in enumerate(steps, 1):
        _taken(store, number, airing, coder, step)
    coverage = open_coverage(store)
    expected = coverage.table(coverage.segments.select("segment_id"))["segment_id"]
    assert sorted(label_table(store)["segment_id"]) == sorted(expected)
    store.engine.dispose()


def _taken(store: Store, number: int, airing: str, coder: str, step: str) -> None:
    if step == "code":
        store.add([spoken(number, airing=airing, coder=coder)], "test")
        return
    if step in ("coding", "double"):
        assign(store, [airing], coder, Purpose(step), "supervisor")
        return
    try:
        change(store, airing, coder, Progress(step), "supervisor")
    except ProblemsFound:
        return  # nobody had it
