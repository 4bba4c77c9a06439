"""The readers of the public data sets, on small files of the same form made by hand."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks.ready_model import further_targets
from benchmarks.tone_sets import Row, columns, drawn, in_development, read_sets, without
from models.target import Target

SENTENCE = "Mr. Brown praised Green's plan, while Brown's rivals did not."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    targets = [
        {"from": 0, "to": 9, "mention": "Mr. Brown", "polarity": 4.0},
        {"from": 18, "to": 25, "mention": "Green's", "polarity": 6.0},
    ]
    line = json.dumps({"primary_gid": "1", "sentence_normalized": SENTENCE, "targets": targets})
    (tmp_path / "devtest_rw.jsonl").write_text(line + "\n", encoding="utf-8")
    with (tmp_path / "train_data.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(["sentence", "entity", "entity_tag", "entity_pos_start_rel", "entity_pos_end_rel", "label"])
        writer.writerow(["Иванов обвинил «Рассвет».", "Иванов", "PERSON", 0, 6, 0])
        writer.writerow(["Иванов обвинил «Рассвет».", "Рассвет", "ORGANIZATION", 16, 23, -1])
    text = io.StringIO()
    csv.writer(text).writerows(
        [["custom_id", "text", "text_cleaned", "label", "domain"], ["1", "Жақсы!", "жақсы", 1, "m"]]
    )
    with zipfile.ZipFile(tmp_path / "05_pc_test.zip", "w") as archive:
        archive.writestr("05_pc_test.csv", text.getvalue())
    return tmp_path


def test_each_target_is_a_row_and_the_others_are_bystanders(folder: Path) -> None:
    first, second = read_sets(folder).news["devtest_rw"]
    assert (first.target.name, first.tone, first.target.bystanders) == ("Mr. Brown", "neutral", (("Green",),))
    assert (second.target.name, second.tone, second.target.bystanders) == ("Green", "positive", (("Mr. Brown",),))
    assert {first.group, second.group} == {SENTENCE}
    assert [row["bystanders"] for row in columns([first])] == ["Green"]


def test_the_russian_and_kazakh_files(folder: Path) -> None:
    sets = read_sets(folder)
    assert [(row.target.name, row.tone, row.language) for row in sets.entities["train_data"]] == [
        ("Иванов", "neutral", "ru"), ("Рассвет", "negative", "ru"),
    ]  # fmt: skip
    assert [(row.text, row.tone, row.target) for row in sets.reviews["05_pc_test"]] == [
        ("жақсы", "positive", Target(""))
    ]


def test_sentences_stay_together_and_what_was_seen_is_left_out() -> None:
    rows = [Row(f"text {at // 2}", Target("x"), "en", "neutral", f"text {at // 2}") for at in range(2000)]
    taken, rest = drawn(rows, 200, seed=4)
    assert 200 <= len(taken) <= 201
    assert not {row.group for row in taken} & {row.group for row in rest}
    assert without(rows, taken) == [row for row in rows if row in rest]
    assert drawn(rows, 200, seed=4) == (taken, rest)
    assert 0.08 < sum(in_development(row.group) for row in rows) / len(rows) < 0.12


def test_further_targets_are_names_that_nobody_labelled() -> None:
    text = "On Monday Brown met Senator Green in Boston."
    found = further_targets([Row(text, Target("Brown", ("Brown",), (("Senator Green",),)), "en", "neutral", text)])
    assert [row.target.name for row in found] == ["Boston"]


def test_a_folder_without_the_sets_is_an_error(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.tone", "--data", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "none of the data sets" in ran.stderr
