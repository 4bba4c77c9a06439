"""A small mission in which several coders coded the same airings, and do not quite agree."""

import csv
from collections.abc import Sequence
from pathlib import Path

from coding.segment import FIELDS, Segment
from tests.missions import segment, write_mission

AIRINGS = ("a-0312", "a-0313", "b-0312")
TONES = ("positive", "neutral", "negative")


def write_coded_twice(folder: Path, coders: Sequence[str] = ("ann", "ben"), same: bool = False) -> Path:
    """The small mission as a folder. The last coder calls every third passage neutral, unless all say the `same`."""
    made: list[Segment] = []
    for airing in AIRINGS:
        for place in range(9):
            tone = "neutral" if same else TONES[place % 3]
            subject = ("Blue Party", "Red Party")[place % 2]
            for coder in coders:
                said = "neutral" if coder == coders[-1] and place % 3 == 0 else tone
                start, number = place * 60, len(made) + 1
                made.append(segment(number, airing, subject, start, start + 50, tone=said, coder=coder))
    write_mission(folder)
    with (folder / "segments.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, FIELDS)
        writer.writeheader()
        writer.writerows(each.model_dump(mode="json") for each in made)
    return folder
