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


def test_linked_folders_are_read_and_no_file_twice(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("links")
    (place / "sets").symlink_to(folder, target_is_directory=True)
    (folder / "up").symlink_to(place, target_is_directory=True)
    sets = read_sets(place)
    assert (list(sets.news), list(sets.entities), list(sets.reviews)) == (
        ["devtest_rw"], ["train_data"], ["05_pc_test"],
    )  # fmt: skip
    assert (sets.notes, sets.unread) == ([], [])


def test_what_cannot_be_read_is_named_and_the_rest_is_read(folder: Path) -> None:
    (folder / "devtest_mt.jsonl").write_text('{"sentence_normalized": "cut', encoding="utf-8")
    (folder / "04_pc_valid.zip").write_bytes(b"PK cut")
    (folder / "validation_data_labeled.csv").write_text("", encoding="utf-8")
    (folder / "notes.jsonl").write_text("no data set", encoding="utf-8")
    sets = read_sets(folder)
    assert list(sets.news) == ["devtest_rw"]
    told = " ".join(sets.unread)
    assert len(sets.unread) == 3
    assert all(name in told for name in ("devtest_mt.jsonl", "04_pc_valid.zip", "validation_data_labeled.csv"))


def test_a_second_file_of_a_name_is_told_of(folder: Path) -> None:
    (folder / "older").mkdir()
    (folder / "older" / "DEVTEST_RW.JSONL").write_bytes((folder / "devtest_rw.jsonl").read_bytes() * 2)
    sets = read_sets(folder)
    assert len(sets.news["devtest_rw"]) == 2
    assert len(sets.notes) == 1
    assert "DEVTEST_RW.JSONL" in sets.notes[0]


def test_marks_and_blank_lines_of_editors_change_nothing(folder: Path) -> None:
    before = read_sets(folder)
    for name in ("devtest_rw.jsonl", "train_data.csv"):
        told = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text("\ufeff" + told + "\n", encoding="utf-8")
    assert read_sets(folder) == before


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.tone", "--data", str(folder), "--quick"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_measures_what_it_can_and_says_what_not(folder: Path) -> None:
    """Three Russian rows are a figure; one English sentence and one review are none, and a damaged file is an error."""
    (folder / "train_data.csv").rename(folder / "validation_data_labeled.csv")
    (folder / "train.jsonl").write_text("{", encoding="utf-8")
    ran = run(folder)
    assert ran.returncode == 1, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["rusentne_f1"] >= 0
    notes = " ".join(told["notes"])
    assert "train.jsonl cannot be read" in notes
    assert "too few" in notes


def test_sets_that_share_every_sentence_are_no_figure(folder: Path) -> None:
    (folder / "validation_data_labeled.csv").write_bytes((folder / "train_data.csv").read_bytes())
    (folder / "devtest_rw.jsonl").unlink()
    (folder / "05_pc_test.zip").unlink()
    ran = run(folder)
    assert ran.returncode == 1, ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    assert list(told) == ["notes"]
    assert "has not seen" in told["notes"][0]


@pytest.mark.parametrize(("name", "said"), [("", "none of the data sets"), ("nowhere", "no folder")])
def test_a_folder_without_the_sets_is_an_error(tmp_path: Path, name: str, said: str) -> None:
    ran = run(tmp_path / name)
    assert ran.returncode == 2
    assert said in ran.stderr
