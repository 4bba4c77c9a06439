"""Writes the sample mission: `python -m sample_data.generate_kazakhstan_2007 [FOLDER]`.

The facts (mission.toml, outlets.csv, subjects.csv) are kept by hand in `kazakhstan_2007/` and copied; every airing and
every segment is made up, so that the published figures come out again. The same seed gives the same bytes. See
`kazakhstan_2007/datasheet.md`.
"""

import csv
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from coding.mission.loader import AIRING_COLUMNS, load
from coding.segment import FIELDS
from sample_data.kazakhstan_2007_press import press
from sample_data.kazakhstan_2007_record import Record, Row
from sample_data.kazakhstan_2007_second_coding import second_codings
from sample_data.kazakhstan_2007_stories import HERE, Plan, Texts
from sample_data.kazakhstan_2007_television import broadcast
from sample_data.kazakhstan_2007_training import training

FOLDER = HERE / "kazakhstan_2007"
FACTS = ("mission.toml", "outlets.csv", "subjects.csv", "incidents.csv")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV file in UTF-8 with a header line and a newline at the end of each line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def generate(folder: Path) -> None:
    """Write the files of the mission into the folder; the datasheet beside them is written by hand."""
    plan, texts = Plan(), Texts()
    record = Record(texts, (*plan.tv, *plan.papers))
    broadcast(record, plan, texts)
    press(record, plan, texts)
    training(record)
    entries = sorted(record.airings, key=lambda entry: entry[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name in FACTS if folder.resolve() != FOLDER else ():
        shutil.copyfile(FOLDER / name, folder / name)
    airings = ([airing.get(column, "") for column in AIRING_COLUMNS] for _, airing, _ in entries)
    write_table(folder / "airings.csv", AIRING_COLUMNS, airings)
    first = [row for _, _, rows in entries for row in rows]
    write_segments(folder, first)
    write_segments(folder, [*first, *second_codings(load(folder), plan, texts)])


def write_segments(folder: Path, rows: Iterable[Row]) -> None:
    """The table of segments. Where two coded an airing the first in the file counts, so the first codings lead."""
    write_table(folder / "segments.csv", FIELDS, ([row.get(column, "") for column in FIELDS] for row in rows))


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
