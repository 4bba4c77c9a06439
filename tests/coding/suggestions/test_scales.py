"""A scale that changed under a version: points that were renamed go on under their new names, another scale is silent."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from coding.languages import translator
from coding.mission.model import TonePoint
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.places import DATA_VARIABLE, data_dir
from coding.store.subtitles import Cue, add_subtitles
from coding.store.suggestions import Told, all_told, record_told
from coding.store.tone_models import ToneModel, add_model, model_in_use
from coding.suggestions.answering import Shelf, answer
from coding.suggestions.labels import labels_of
from coding.suggestions.policy import withheld
from coding.suggestions.scales import SCALE, Present, learned, tones_now
from coding.suggestions.stamp import stamped
from coding.suggestions.telling import Nothing, Pending, about_segment, in_words, kept
from coding.suggestions.train_command import left_out_lines
from coding.suggestions.training import train_mission
from coding.suggestions.uncertainty import measure, outlook
from coding.suggestions.worker import Answer, _answer
from coding.vocabulary import SuggestionShown
from models.evaluation.evaluate import BETWEEN, write_predictions
from models.folder import MANIFEST, open_model
from models.refusal import Refused
from monitoring.suggestion_uses import another_scale, uses
from monitoring.tone_evaluation import HELD_OUT, SINCE, behind, judged, predictions
from tests.coding.store.made import told
from tests.coding.suggestions import made
from tests.missions import AIRINGS, segment
from tests.tone_models import SAID, write_linear

Make = Callable[..., Store]
SCORES = (-1.0, -0.5, 0.0, 0.5, 1.0)
LEARNED = dict(zip(SAID, SCORES, strict=True))
RENAMED = {"hostile": -1.0, "критика": -0.5, "neutral": 0.0, "похвала": 0.5, "very positive": 1.0}
OTHERS = {
    "three points": {"negative": -1.0, "neutral": 0.0, "positive": 1.0},
    "other scores": LEARNED | {"negative": -0.25},
    "one point more": LEARNED | {"mixed": 0.1},
}
CRITICAL = "The report says Blue Party is weak, mistaken and doubtful this week."
COLLAPSED = ("very negative / negative", "neutral", "positive / very positive")
ONE, TWO, THREE = [each for each in range(1, 60) if not withheld("small", segment(each, amount=1).segment_id, 0.15)][:3]


def in_use(store: Store) -> Store:
    """With the version in use that learned the five points."""
    write_linear(data_dir() / "models" / "v1", "v1")
    add_model(store, ToneModel("v1", "models/v1", "2020-01-01T00:00:00.000Z", "supervisor", 60), use=True)
    return store


def give(store: Store, points: dict[str, float]) -> None:
    """Another tone scale in the codebook."""
    tone = tuple(TonePoint(name=name, score=score) for name, score in points.items())
    store.put_mission(store.mission().model_copy(update={"tone": tone}), (), "supervisor", "another scale")


def coded(number: int, **more: Any) -> Any:
    given: dict[str, Any] = {"start": number * 60, "end": number * 60 + 30, "text": CRITICAL, "language": "en"}
    return segment(number, **given | more)


@pytest.fixture
def store(small_store: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Three segments, coded neutral, and a version in use that learned the five points of the mission."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    store = small_store(*(coded(number) for number in (ONE, TWO, THREE)))
    return in_use(store)


def id_of(number: int) -> str:
    return segment(number, amount=1).segment_id


def pending(store: Store, number: int) -> Pending:
    asked = about_segment(store, id_of(number))
    assert isinstance(asked, Pending)
    return asked


def answered(asked: Pending) -> Answer:
    """What the model's process says."""
    said = answer(Shelf(open_model), json.loads(json.dumps(asdict(asked.question))))
    return _answer(json.loads(json.dumps(said)))


def ask(store: Store, number: int) -> dict[str, Any]:
    """What the desk is told of a segment."""
    found = about_segment(store, id_of(number))
    found = kept(store, found, answered(found)) if isinstance(found, Pending) else found
    return in_words(found, [point.name for point in store.mission().tone], translator("en"))


# at the desk


def test_as_it_was_learned_it_is_told(store: Store) -> None:
    assert ask(store, ONE) | {"probability": 0} == {
        "shown": True, "labels": ["negative"], "probability": 0, "best": "negative", "take": "negative",
        "model": "v1", "language": "English", "reason": "", "recorded": True,
    }  # fmt: skip


def test_a_renamed_point_is_suggested_kept_and_stamped_under_its_present_name(store: Store) -> None:
    give(store, RENAMED)
    said = ask(store, ONE)
    assert (said["labels"], said["best"], said["take"]) == (["критика"], "критика", "критика")
    [row] = all_told(store)
    assert (row.points, row.labels, row.shown) == (tuple(RENAMED), ("критика",), True)
    assert stamped(store, coded(ONE, revision=2), 2).suggested_tone == "критика"


def test_what_was_told_before_the_renaming_can_be_taken_after_it(store: Store) -> None:
    first = ask(store, ONE)
    give(store, RENAMED)
    again = ask(store, ONE)
    assert (first["take"], again["take"], again["labels"]) == ("negative", "критика", ["критика"])
    assert again["probability"] == first["probability"]
    assert [row.labels for row in all_told(store)] == [("negative",)], "the record stays as it is"
    assert stamped(store, coded(ONE, revision=2), 2).suggested_tone == "критика"


def test_names_that_change_places_are_told_by_their_scores(store: Store) -> None:
    names = ("negative", "very negative", "neutral", "positive", "very positive")
    give(store, dict(zip(names, SCORES, strict=True)))
    assert ask(store, ONE)["take"] == "very negative", "the model learned the point at -0.5"


def test_sides_that_were_learned_as_one_are_renamed_together(store: Store) -> None:
    record_told(store, told(ONE, points=COLLAPSED, probabilities=(0.7, 0.2, 0.1), labels=COLLAPSED[:2]))
    give(store, RENAMED)
    said = ask(store, ONE)
    assert (said["labels"], said["best"], said["take"]) == (
        ["hostile / критика", "neutral"], "hostile / критика", "",
    )  # fmt: skip


@pytest.mark.parametrize("points", OTHERS.values(), ids=OTHERS)
def test_on_another_scale_nothing_is_suggested_nor_kept_and_the_reason_is_told(
    store: Store, points: dict[str, float]
) -> None:
    give(store, points)
    assert about_segment(store, id_of(ONE)) == Nothing(SCALE)
    said = ask(store, ONE)
    assert (said["shown"], said["labels"], said["take"], said["recorded"]) == (False, [], "", False)
    assert "another tone scale" in said["reason"]
    assert all_told(store) == []
    give(store, LEARNED)
    assert ask(store, ONE)["take"] == "negative", "back on its scale it speaks"


@pytest.mark.parametrize("points", OTHERS.values(), ids=OTHERS)
def test_what_was_told_is_not_offered_on_another_scale(store: Store, points: dict[str, float]) -> None:
    assert ask(store, ONE)["shown"]
    give(store, points)
    said = ask(store, ONE)
    assert (said["shown"], said["labels"], said["take"], said["recorded"]) == (False, [], "", True)
    assert "another tone scale" in said["reason"]
    assert stamped(store, coded(ONE, revision=2), 2).suggested_tone == "negative", "what the coder had seen"


def test_a_segment_drawn_to_go_without_says_so_on_any_scale(store: Store) -> None:
    record_told(store, told(ONE, points=tuple(SAID), probabilities=(0.2,) * 5, withheld=True, shown=False))
    give(store, OTHERS["three points"])
    assert ask(store, ONE)["reason"] == "Drawn to be coded without one."


def test_a_scale_that_changes_while_the_model_is_asked(store: Store) -> None:
    asked = [pending(store, number) for number in (ONE, TWO)]
    said = [answered(each) for each in asked]
    give(store, RENAMED)
    first = kept(store, asked[0], said[0])
    assert isinstance(first, Told)
    assert first.labels == ("критика",)
    give(store, OTHERS["three points"])
    assert kept(store, asked[1], said[1]) == Nothing(SCALE)
    assert [row.segment_id for row in all_told(store)] == [id_of(ONE)]


def test_a_version_whose_folder_is_not_here_is_taken_as_it_stands(store: Store) -> None:
    model = model_in_use(store)
    assert model is not None
    assert learned(model) is not None
    (model.path / MANIFEST).write_text("{", encoding="utf-8")
    give(store, OTHERS["three points"])
    assert learned(model) is None
    assert Present(store, store.mission()).fits("v1")
    assert Present(store, store.mission()).fits("made elsewhere")


def test_a_trained_version_speaks_on_through_a_renaming_and_after_another_scale_once_it_is_trained_again(
    small_store: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outer points were never coded: a mission may rename them, and then do without them."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    text = "Көк партия заңды бұзды деп хабарлады."
    asked = [
        coded(
            number,
            airing="a-10",
            tone="negative",
            text=text,
            language="kk",
            start=3000 + number * 10,
            end=3009 + number * 10,
        )
        for number in (ONE, TWO, THREE)
    ]
    store = small_store(*made.labels(), *asked, subjects=made.KAZAKH, airings=made.AIRINGS)
    first = train_mission(store, "sup", lambda _stage, _share: None, lambda: False, use=True)
    give(store, {"hostile": -1.0, "negative": -0.5, "neutral": 0.0, "positive": 0.5, "glowing": 1.0})
    assert ask(store, ONE)["labels"] == ["hostile / negative"]
    rows, found = evaluated(store, HELD_OUT)
    assert (len(rows), found.tones) == (first.labels, ("hostile / negative", "neutral", "positive / glowing"))
    give(store, {"negative": -0.5, "neutral": 0.0, "positive": 0.5})
    assert about_segment(store, id_of(TWO)) == Nothing(SCALE)
    train_mission(store, "sup", lambda _stage, _share: None, lambda: False, use=True)
    assert ask(store, THREE)["take"] == "negative"


# labels


def revise(store: Store, number: int, **changes: object) -> None:
    held = store.history(id_of(number))[-1].segment
    store.revise(held.model_copy(update=changes), "test")


def tones(store: Store) -> dict[str, str]:
    table = labels_of(store).table
    return dict(zip(table["segment_id"], table["tone"], strict=True))


@pytest.fixture
def recoded(store: Store) -> Store:
    """One segment was coded negative without a suggestion in view, and neutral after one was seen."""
    revise(store, ONE, tone="negative")
    record_told(store, told(ONE, revision=2))
    revise(store, ONE, tone="neutral", suggestion=SuggestionShown.AFTER)
    return store


def test_a_label_given_under_an_earlier_name_is_one_under_the_present_name(recoded: Store) -> None:
    give(recoded, RENAMED)
    assert tones_now(recoded, recoded.mission())["negative"] == "критика"
    assert tones(recoded) == {id_of(ONE): "критика", id_of(TWO): "neutral", id_of(THREE): "neutral"}
    assert labels_of(recoded).other_scale == 0


def test_a_label_whose_tone_the_scale_lacks_is_left_out_and_counted(recoded: Store) -> None:
    give(recoded, {"against": -1.0, "neutral": 0.0, "for": 1.0})
    found = labels_of(recoded)
    assert list(found.table["segment_id"]) == [id_of(TWO), id_of(THREE)]
    assert found.left_out == {"seen": 0, "no_text": 0, "other_scale": 1, "other_subject": 0}
    assert list(left_out_lines(found)) == ["Left out, since the mission's tone scale no longer has their tone: 1."]


def test_a_label_about_a_subject_that_is_gone_is_left_out_and_counted(store: Store) -> None:
    revise(store, ONE, subject="Green Party")
    record_told(store, told(ONE, revision=2, subject="Green Party"))
    revise(store, ONE, subject="Red Party", suggestion=SuggestionShown.AFTER)
    mission = store.mission()
    subjects = tuple(each for each in mission.subjects if each.name != "Green Party")
    store.put_mission(mission.model_copy(update={"subjects": subjects}), (), "supervisor", "gone")
    found = labels_of(store)
    assert list(found.table["segment_id"]) == [id_of(TWO), id_of(THREE)]
    assert (found.other_subject, found.other_scale) == (1, 0)


def test_a_scale_that_only_grows_keeps_labels_by_name_as_the_results_do(recoded: Store) -> None:
    give(recoded, OTHERS["one point more"])
    assert tones(recoded)[id_of(ONE)] == "negative"
    assert labels_of(recoded).other_scale == 0


# the queue


@pytest.fixture
def unread(small_store: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Nothing coded yet, one airing with subtitles, and the version in use."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    store = in_use(small_store(airings=AIRINGS.replace(",yes,", ",no,")))
    cues = [Cue(0, 5000, CRITICAL)]
    add_subtitles(store, "a-0312", cues, "test", name="x.srt", language="en", kind="srt", sha256="0" * 64)
    return store


def test_a_renaming_leaves_the_queue_its_uncertainty(unread: Store) -> None:
    give(unread, RENAMED)
    assert measure(unread).known.keys() == {"a-0312"}
    assert outlook(unread).draw(3).uncertain == ("a-0312",) or "a-0312" in outlook(unread).draw(3).random


@pytest.mark.parametrize("points", OTHERS.values(), ids=OTHERS)
def test_on_another_scale_the_queue_is_random_and_says_why(unread: Store, points: dict[str, float]) -> None:
    measure(unread)
    give(unread, points)
    view = outlook(unread)
    draw = view.draw(4)
    assert (draw.uncertain, draw.uncertainty, draw.model, view.unread) == ((), {}, "", 0)
    assert "another tone scale" in view.how(draw, translator("en"))[1]
    with pytest.raises(ProblemsFound, match="another tone scale"):
        measure(unread)


# evaluation


def held_out(store: Store) -> None:
    """The predictions of a training on the five points: one row on them, one on their sides."""
    rows = [
        {"tone": "negative", "labels": f"negative{BETWEEN}neutral", **shares(tuple(SAID), (0.1, 0.6, 0.2, 0.05, 0.05))},
        {"tone": "positive", "labels": COLLAPSED[2], **shares(COLLAPSED, (0.1, 0.1, 0.8))},
    ]
    table = pd.DataFrame(rows).assign(segment_id=[id_of(ONE), id_of(TWO)], group=["a", "b"], silent="", language="en")
    model = model_in_use(store)
    assert model is not None
    write_predictions(model.path, table.assign(subject="Blue Party", outlet="Channel A", format="news"))


def shares(points: tuple[str, ...], probabilities: tuple[float, ...]) -> dict[str, float]:
    return {f"p_{point}": share for point, share in zip(points, probabilities, strict=True)}


def evaluated(store: Store, source: str) -> Any:
    model = model_in_use(store)
    assert model is not None
    rows = predictions(store, model, source)
    assert rows is not None
    return rows, judged(rows, store.mission())


def test_predictions_of_a_training_are_judged_under_the_present_names(store: Store) -> None:
    held_out(store)
    before = evaluated(store, HELD_OUT)[1]
    give(store, RENAMED)
    rows, after = evaluated(store, HELD_OUT)
    assert before.tones == COLLAPSED
    assert after.tones == ("hostile / критика", "neutral", "похвала / very positive")
    assert (after.overall.accuracy, after.overall.confusion) == (1, before.overall.confusion)
    assert [(each.rows, each.share) for each in after.overall.held] == [(1, 1), (1, 1)]
    shown, total = behind(store, rows, store.mission(), after.tones[0], after.tones[0])
    assert (total, list(shown["tone"])) == (1, ["критика"])


def test_what_was_told_under_both_names_is_judged_together(store: Store) -> None:
    ask(store, ONE)
    give(store, RENAMED)
    ask(store, TWO)
    rows, found = evaluated(store, SINCE)
    assert list(rows["labels"]) == ["критика", "критика"]
    assert found.tones == tuple(RENAMED)
    assert found.overall.judged == 2


def test_a_code_under_an_earlier_name_is_judged_under_the_present_one(recoded: Store) -> None:
    record_told(recoded, told(ONE, revision=2, points=tuple(SAID), probabilities=(0.1, 0.6, 0.1, 0.1, 0.1),
                              labels=("negative",), model="v1", subject="Blue Party"))  # fmt: skip
    ask(recoded, TWO)
    give(recoded, RENAMED)
    rows, found = evaluated(recoded, SINCE)
    assert set(rows["tone"]) == {"критика", "neutral"}
    assert found.overall.rows == 2


@pytest.mark.parametrize("points", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("source", [HELD_OUT, SINCE])
def test_on_another_scale_a_version_is_not_judged(store: Store, points: dict[str, float], source: str) -> None:
    held_out(store)
    ask(store, ONE)
    give(store, points)
    with pytest.raises(Refused, match="another tone scale"):
        evaluated(store, source)


# what suggestions did


def test_suggestions_under_both_names_are_one_group(store: Store) -> None:
    ask(store, ONE)
    give(store, RENAMED)
    ask(store, TWO)
    revise(store, TWO, tone="критика", suggestion=SuggestionShown.AFTER)
    table = uses(store)
    assert list(table["suggested"]) == ["критика", "критика"]
    assert list(table["first"]) == ["neutral", "neutral"]
    assert list(table["final_agrees"]) == [0, 1]
    assert another_scale(store) == 0


def test_a_first_code_under_an_earlier_name_agrees_as_it_did(store: Store) -> None:
    revise(store, ONE, tone="negative")
    ask(store, ONE)
    revise(store, ONE, tone="neutral", suggestion=SuggestionShown.AFTER)
    give(store, RENAMED)
    [row] = uses(store).to_dict("records")
    assert (row["first"], row["final"], row["suggested"]) == ("критика", "neutral", "критика")
    assert (row["first_agrees"], row["final_agrees"]) == (1, 0)


@pytest.mark.parametrize("points", OTHERS.values(), ids=OTHERS)
def test_what_was_told_on_another_scale_is_left_out_and_counted(store: Store, points: dict[str, float]) -> None:
    ask(store, ONE)
    ask(store, TWO)
    give(store, points)
    assert uses(store).empty
    assert another_scale(store) == 2
