"""A suggestion must not depend on who it is about: names exchanged, the public `suggest` asked again."""

from pathlib import Path

import pytest

from models import folder
from models.evaluation import fairness
from models.evaluation.fairness import REPLACE, SWAP, check, exchanged, read_swaps, swap, write_swaps
from models.target import Target
from tests.models.told import labelled, suggester

BLUE = Target("Blue", ("Blue Party",), (("Red", "Red Party"), ("Green",)))


def texts_of(text: str, target: Target = BLUE) -> dict[tuple[str, str], str]:
    return {(one.kind, one.target.name): one.text for one in exchanged(0, text, target, "en")}


def test_two_contestants_change_places_and_the_question_goes_with_them() -> None:
    found = texts_of("The Red Party calls Blue a liar; Blue laughs at Red.")
    assert found == {
        (SWAP, "Red"): "The Blue calls Red a liar; Red laughs at Blue.",
        (REPLACE, "Green"): "The Red Party calls Green a liar; Green laughs at Red.",
    }


def test_three_contestants_go_round_in_both_ways() -> None:
    found = texts_of("Blue, Red and Green.")
    assert found == {(SWAP, "Red"): "Red, Green and Blue.", (SWAP, "Green"): "Green, Blue and Red."}


def test_a_target_alone_is_replaced_by_every_other() -> None:
    assert texts_of("Blue's men") == {(REPLACE, "Red"): "Red's men", (REPLACE, "Green"): "Green's men"}


def test_who_was_asked_about_becomes_a_bystander() -> None:
    (one, _) = exchanged(0, "Blue came.", BLUE, "en")
    assert one.target == Target("Red", ("Red Party",), (("Blue", "Blue Party"), ("Green",)))


def test_a_text_that_does_not_name_the_target_is_left_alone() -> None:
    assert exchanged(0, "Red and Green met.", BLUE, "en") == []


def test_inflected_names_are_exchanged_whole() -> None:
    target = Target("Ак жол", (), (("Нур Отан",),))
    (one,) = exchanged(0, "Нур Отан раскритиковал программу Ак жола.", target, "ru")
    assert one.text == "Ак жол раскритиковал программу Нур Отан."


def test_a_model_that_reads_only_words_changes_nothing() -> None:
    found = swap(["Blue is bad, says Red.", "Blue is good.", "Nobody came."], [BLUE] * 3, ["en"] * 3, suggester())
    assert (found.texts, found.swapped, found.replaced) == (3, 1, 3)
    assert (found.labels, found.silences, found.largest, found.changes) == (0, 0, 0.0, ())


def test_a_model_that_hates_a_name_is_caught_with_its_texts() -> None:
    found = swap(["Blue is good, says Red."], [BLUE], ["en"], suggester(hates="Red"))
    assert found.largest == pytest.approx(0.7)
    assert found.labels == 0  # without calibration it is silent both times: only the probabilities show it


def test_changed_labels_are_counted_and_kept(tmp_path: Path) -> None:
    found = swap(["Blue is good, says Red."], [BLUE], ["en"], sure_of_one(hates="Red"))
    (change,) = found.changes
    assert (found.labels, found.silences) == (1, 0)
    assert (change.kind, change.row, change.target, change.other_target) == (SWAP, 0, "Blue", "Red")
    assert (change.labels, change.other_labels) == (("positive",), ("negative",))
    assert change.other_text == "Red is good, says Blue."
    version = tmp_path / "version-1"
    assert read_swaps(version) is None
    write_swaps(version, found)
    assert read_swaps(version) == found


def test_falling_silent_is_a_change() -> None:
    found = swap(["Blue is good."], [BLUE], ["en"], sure_of_one(hides="Green"))
    assert (found.labels, found.silences, found.largest) == (1, 1, 1.0)
    assert found.changes[0].other_silent == "not_named"


def test_a_version_is_checked_on_an_even_draw_and_the_answer_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "open_model", lambda path: sure_of_one(hates="Red"))
    version = tmp_path / "version-1"
    table = labelled(*[("Blue is good.", "positive")] * 9)
    assert check(table, version, most=4).texts == 3
    assert check(table, version).texts == 9
    held = read_swaps(version)
    assert held is not None
    assert (held.replaced, held.changed) == (9, 9)


def test_a_check_tells_how_far_it_is_and_what_that_raises_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "open_model", lambda path: sure_of_one(hates="Red"))
    table, shares = labelled(*[("Blue is good.", "positive")] * 25), []
    found = check(table, tmp_path / "version-1", tell=shares.append)
    assert shares == [0.0, 0.4, 0.8]
    assert [change.row for change in found.changes] == list(range(25))
    with monkeypatch.context() as patched:
        patched.setattr(fairness, "AT_ONCE", 100)
        assert check(table, tmp_path / "version-1") == found, "a few at a time or all at once"

    def stop(share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(table, tmp_path / "version-2", tell=stop)
    assert read_swaps(tmp_path / "version-2") is None


def test_a_model_that_may_not_speak_yet_is_checked_as_if_it_might() -> None:
    found = swap(["Blue is good, says Red."], [BLUE], ["en"], suggester(frozenset(), hates="Red"))
    assert found.largest == pytest.approx(0.7)


def sure_of_one(hates: str = "", hides: str = "") -> object:
    """A suggester that says its likeliest label, and is silent about whoever `hides` names."""
    from dataclasses import replace

    from models.suggestion import Silence, Suggester, Suggestion

    class Sure(Suggester):
        def suggest(self, texts, targets, languages):  # type: ignore[no-untyped-def]
            told = super().suggest(texts, targets, languages)
            return [
                Suggestion((), (), Silence.NOT_NAMED, one.model, one.language)
                if hides and target.name == hides
                else replace(one, labels=(one.best[0],), silent=None)
                for one, target in zip(told, targets, strict=True)
            ]

    return Sure(suggester(hates=hates).model, {})
