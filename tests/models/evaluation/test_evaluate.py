"""Judging a model: the figures of every part, the order of the parts, and tables that are refused with their line."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from models.evaluation.evaluate import DIMENSIONS, evaluate, evaluate_predictions, read_predictions, write_predictions
from models.labelled import checked, read_table, targets_of
from models.refusal import Refused
from models.scale import THREE
from tests.models.told import FIVE, labelled, predicted, suggester

NEGATIVE, NEUTRAL, POSITIVE = [0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]


def test_a_model_is_judged_through_the_public_door() -> None:
    table = labelled(
        ("Blue is bad.", "negative"),
        ("Blue is good.", "positive"),
        ("Blue came.", "neutral"),
        ("Blue is bad.", "neutral"),
        ("Somebody came.", "neutral"),
        (" ", "neutral"),
    )
    found = evaluate(table, THREE, suggester())
    whole = found.overall
    assert (found.model, whole.rows, whole.judged, whole.groups) == ("words-1", 6, 4, 2)
    assert whole.accuracy == 0.75
    assert whole.silent == {"unsure": 4, "not_named": 1, "no_text": 1}
    assert whole.confusion == ((1, 0, 0), (1, 1, 0), (0, 0, 1))
    assert whole.majority == 0.5
    assert whole.error == pytest.approx(0.05)
    assert whole.low < 0.75 < whole.high


def test_what_a_model_may_not_say_is_judged_and_marked() -> None:
    table = labelled(("Blue is bad.", "negative"), ("Blue is good.", "negative"))
    whole = evaluate(table, THREE, suggester(earned=frozenset({"ru"}))).overall
    assert whole.silent == {"not_earned": 2}
    assert whole.accuracy == 0.5


def test_a_language_that_the_model_does_not_know_is_not_judged() -> None:
    whole = evaluate(labelled(("Blue is bad.", "negative"), language="kk"), THREE, suggester()).overall
    assert (whole.rows, whole.judged, whole.silent) == (1, 0, {"language": 1})
    assert math.isnan(whole.accuracy)
    assert whole.coverage90 == 0


def test_every_dimension_of_the_table_is_looked_at() -> None:
    table = predicted(
        ["negative", "neutral"], [NEGATIVE, NEUTRAL], language="en", subject="Blue", outlet=["A", "B"], format="news"
    )
    found = evaluate_predictions(table, THREE)
    assert tuple(found.by) == DIMENSIONS
    assert {result.value for result in found.by["outlet"]} == {"A", "B"}
    assert len(found.table()) == 1 + 2 + 1 + 1 + 2 + 1
    assert list(found.table(["outlet"])["dimension"]) == ["", "outlet", "outlet"]
    assert tuple(evaluate_predictions(table, THREE, by=["format"]).by) == ("format",)


def test_the_worst_part_stands_first_and_chance_leads_no_list() -> None:
    good, bad, tiny = 100, 100, 3
    told = [NEGATIVE] * (good + bad + tiny)
    truth = ["negative"] * 90 + ["neutral"] * 10 + ["negative"] * 40 + ["neutral"] * 60 + ["neutral"] * 3
    outlet = ["good"] * good + ["bad"] * bad + ["tiny"] * tiny
    parts = evaluate_predictions(predicted(truth, told, outlet=outlet), THREE).by["outlet"]
    assert [(part.value, part.few) for part in parts] == [("bad", False), ("good", False), ("tiny", True)]
    assert parts[2].accuracy == 0


def test_many_rows_of_few_airings_are_few() -> None:
    """Four airings that went well say little of the fifth: their interval is wide, and they must not stand as worst."""
    outlet, group = ["A"] * 40 + ["B"] * 40, [str(row // 10) for row in range(40)] + [str(row) for row in range(4, 44)]
    truth = ["negative"] * 40 + ["negative"] * 38 + ["neutral"] * 2
    parts = evaluate_predictions(predicted(truth, [NEGATIVE] * 80, outlet=outlet, group=group), THREE).by["outlet"]
    assert [(part.value, part.few) for part in parts] == [("B", False), ("A", True)]
    assert parts[1].low < parts[0].low


def test_a_tone_is_judged_by_how_many_were_found() -> None:
    table = predicted(["negative", "negative", "neutral"], [NEGATIVE, NEUTRAL, NEGATIVE])
    parts = {part.value: part for part in evaluate_predictions(table, THREE, minimum=1).by["tone"]}
    assert (parts["negative"].rows, parts["negative"].accuracy) == (2, 0.5)
    assert parts["negative"].f1 == pytest.approx(0.5)
    assert parts["neutral"].f1 == 0
    assert math.isnan(parts["negative"].majority)
    assert parts["negative"].reliability == ()


def test_sets_are_judged_by_size_and_by_tone() -> None:
    table = predicted(
        ["negative", "neutral", "neutral", "positive"],
        [NEGATIVE] * 4,
        labels=["negative", "negative | neutral", "negative", ""],
        silent=["", "", "", "unsure"],
    )
    whole = evaluate_predictions(table, THREE).overall
    assert [(size.labels, size.rows, size.held) for size in whole.sizes] == [(1, 2, 0.5), (2, 1, 1.0), (3, 1, 1.0)]
    assert {each.tone: each.share for each in whole.held} == {"negative": 1.0, "neutral": 0.5, "positive": 1.0}
    assert whole.mean_size == 7 / 4
    assert whole.spoken == 3


def test_five_points_are_judged_as_five_where_the_model_knows_them() -> None:
    shares = {f"p_{name}": [0.6 if at == row else 0.1 for row in range(5)] for at, name in enumerate(FIVE.names)}
    table = pd.DataFrame(shares).assign(tone=FIVE.names, group=list("abcde"), labels="", silent="")
    found = evaluate_predictions(table, FIVE)
    assert found.tones == FIVE.names
    assert found.overall.accuracy == 1


def test_rows_on_both_scales_are_judged_on_the_collapsed_one() -> None:
    coarse = FIVE.collapsed().names
    row = {f"p_{name}": share for name, share in zip(FIVE.names, [0.3, 0.3, 0.4, 0, 0], strict=True)}
    other = {f"p_{name}": share for name, share in zip(coarse, [0.1, 0.2, 0.7], strict=True)}
    table = pd.DataFrame([row, other]).assign(
        tone=["negative", "very positive"], group=["a", "b"], labels=["neutral | negative", coarse[2]], silent=""
    )
    found = evaluate_predictions(table, FIVE)
    assert found.tones == coarse
    assert found.overall.accuracy == 1
    assert [(size.labels, size.rows) for size in found.overall.sizes] == [(1, 1), (2, 1)]


def test_a_model_of_three_points_is_judged_on_a_mission_of_five() -> None:
    found = evaluate(labelled(("Blue is bad.", "very negative"), ("Blue is good.", "neutral")), FIVE, suggester())
    assert found.tones == ("very negative / negative", "neutral", "positive / very positive")
    assert found.overall.accuracy == 0.5


def test_a_scale_that_does_not_fit_is_refused() -> None:
    from models.scale import Point, Scale

    two = Scale((Point("bad", -1), Point("good", 1)))
    with pytest.raises(Refused, match="does not fit the scale"):
        evaluate(labelled(("Blue is bad.", "bad")), two, suggester())


def test_the_answer_goes_into_json_without_nan() -> None:
    found = evaluate_predictions(predicted(["negative"], [NEGATIVE]), THREE)
    written = json.dumps(found.to_json(), allow_nan=False)
    assert json.loads(written)["overall"]["low"] is None


def test_the_language_is_that_in_which_the_model_worked() -> None:
    told = evaluate(labelled(("Blue is bad.", "negative")), THREE, suggester())
    assert [part.value for part in told.by["language"]] == ["en"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"tone": "angry"}, "Row 1: the tone “angry” is not on the scale. Write one of: negative, neutral, positive."),
        ({"group": ["a", ""]}, "Row 2: the group is missing"),
        ({"target": ["Blue", " "]}, "Row 2: the target is missing"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row(changed: dict[str, object], reason: str) -> None:
    table = labelled(("Blue is bad.", "negative"), ("Blue came.", "neutral"), **changed)
    with pytest.raises(Refused) as refused:
        evaluate(table, THREE, suggester())
    assert reason in refused.value.reason


def test_a_missing_column_and_an_empty_table_are_refused() -> None:
    table = labelled(("Blue is bad.", "negative"))
    with pytest.raises(Refused, match="no column tone, group"):
        checked(table.drop(columns=["tone", "group"]), THREE)
    with pytest.raises(Refused, match="no rows"):
        checked(table.iloc[:0], THREE)
    with pytest.raises(Refused, match="no column silent"):
        evaluate_predictions(predicted(["negative"], [NEGATIVE]).drop(columns="silent"), THREE)
    with pytest.raises(Refused, match="no rows"):
        evaluate_predictions(predicted([], []), THREE)
    with pytest.raises(Refused, match="p_negative"):
        evaluate_predictions(predicted(["negative"], [NEGATIVE]).drop(columns="p_negative"), THREE)
    with pytest.raises(Refused, match="by colour"):
        evaluate_predictions(predicted(["negative"], [NEGATIVE]), THREE, by=["colour"])


def test_shares_and_labels_that_make_no_sense_are_refused() -> None:
    with pytest.raises(Refused, match="Row 2: the probabilities do not add up to 1"):
        evaluate_predictions(predicted(["negative"] * 2, [NEGATIVE, [0.8, 0.8, 0.8]]), THREE)
    with pytest.raises(Refused, match="Row 1: the probabilities do not add up to 1"):
        evaluate_predictions(predicted(["negative"], [[0.8, 0.2, math.nan]]), THREE)
    with pytest.raises(Refused, match="Row 1: the label “angry”"):
        evaluate_predictions(predicted(["negative"], [NEGATIVE], labels="angry"), THREE)


def test_a_file_is_read_with_the_lines_of_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(
        'text,target,aliases,language,tone,group\n"Blue,\nin two lines",Blue,,en,neutral,a\nBlue,Blue,,en,angry,a\n',
        encoding="utf-8",
    )
    table = read_table(path)
    assert list(table.index) == [2, 4]
    with pytest.raises(Refused, match="Line 4: the tone “angry”"):
        checked(table, THREE)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the table is empty"),
        (b"text,target\nBlue\n", r":2: this row has 1 cells, the header has 2"),
        (b"text,target\n\xff,Blue\n", "is not UTF-8"),
        (b'text,target\n"Blue" came,Blue\n', ":2: this is not a CSV row"),
        (b"text;target\nBlue, and green;Blue\n", ":1: the columns are parted by semicolons"),
        (b"\xef\xbb\xbftext\ttarget\nBlue\tBlue\n", ":1: the columns are parted by tabs"),
        (b"text,text\n", "a column stands twice"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "texts.csv"
    path.write_bytes(content)
    with pytest.raises(Refused, match=reason):
        read_table(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    for name, reason in (
        ("none.csv", "no such file"),
        ("texts.xlsx", ".csv or .parquet"),
        ("a.parquet", "not a Parquet"),
    ):
        if "no such" not in reason:
            (tmp_path / name).write_bytes(b"x")
        with pytest.raises(Refused, match=reason):
            read_table(tmp_path / name)


def test_a_parquet_file_reads_like_a_csv(tmp_path: Path) -> None:
    table = labelled(("Blue is bad.", "negative"), language=None)
    table.to_parquet(tmp_path / "texts.parquet")
    assert list(checked(read_table(tmp_path / "texts.parquet"), THREE)["language"]) == [""]
    table.assign(text=[b"Blue \xff"]).to_parquet(tmp_path / "raw.PARQUET")
    with pytest.raises(Refused, match="column text holds bytes"):
        read_table(tmp_path / "raw.PARQUET")


def test_targets_have_their_spellings_and_bystanders() -> None:
    table = checked(labelled(("Blue came.", "neutral"), bystanders=" Red Party |Red || Нұр Отан || "), THREE)
    (target,) = targets_of(table)
    assert target.aliases == ("Blue Party", "Blues")
    assert target.bystanders == (("Red Party", "Red"), ("Нұр Отан",))


def test_predictions_survive_their_file(tmp_path: Path) -> None:
    folder = tmp_path / "version-1"
    folder.mkdir()
    assert read_predictions(folder) is None
    table = predicted(
        ["negative", "neutral"], [NEGATIVE, [math.nan] * 3], subject=["NA", "Blue"], silent=["", "not_named"]
    )
    write_predictions(folder, table)
    held = read_predictions(folder)
    assert held is not None
    assert list(held["subject"]) == ["NA", "Blue"]
    assert evaluate_predictions(held, THREE).to_json() == evaluate_predictions(table, THREE).to_json()
    assert list(folder.iterdir()) == []  # a model's folder is sealed
