"""Codings without a store: of the small mission, with airings and words as a test writes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from coding.double_coding.codings import AIRINGS, SEGMENTS, Codings, monday
from coding.mission.loader import MissionFolder, load
from tests.missions import write_mission


@cache
def small() -> MissionFolder:
    with TemporaryDirectory() as folder:
        return load(write_mission(Path(folder)))


@dataclass(frozen=True)
class Said:
    """What a coder said of a stretch; seconds, or a page with a box or an amount."""

    coder: str
    subject: str = "Blue Party"
    start: float | None = None
    end: float | None = None
    tone: str = "neutral"
    airing_id: str = "a-0312"
    role: str = "contestant"
    speech: str = "none"
    format: str = "news"
    topic: str = ""
    page: int | None = None
    box: str = ""
    amount: int = 0
    unit: str = "ms"
    name: str = ""

    def row(self, number: int) -> dict[str, Any]:
        times = {
            end: None if at is None else round(at * 1000)
            for end, at in (("start_ms", self.start), ("end_ms", self.end))
        }
        amount = self.amount if times["start_ms"] is None else (times["end_ms"] or 0) - times["start_ms"]
        plain = {key: value for key, value in vars(self).items() if key in SEGMENTS}
        return {**plain, **times, "amount": amount, "segment_id": self.name or f"s{number}", "seq": number}


def codings(
    words: Sequence[Said],
    coders: Iterable[str] = (),
    airings: Mapping[str, tuple[str, str]] | None = None,
    **mission: Any,
) -> Codings:
    """Codings of these words by their coders and `coders`, each of every airing that occurs.

    `airings` are outlet and date (ISO) by name, beside those of the small mission; keywords change the mission.
    """
    known = {each.airing_id: (each.outlet, each.date.isoformat()) for each in small().airings} | dict(airings or {})
    names = sorted({*(each.coder for each in words), *coders})
    asked = dict.fromkeys([*(airings or {}), *(each.airing_id for each in words)] or ["a-0312"])
    rows = [
        (name, outlet, day, monday(date.fromisoformat(day)), f"{outlet} {day}", "ms", 3_600_000, coder, "coding", turn)
        for name, (outlet, day) in ((name, known[name]) for name in asked)
        for turn, coder in enumerate(names)
    ]
    segments = pd.DataFrame([each.row(number) for number, each in enumerate(words)], columns=list(SEGMENTS))
    whole: Any = {"start_ms": "Int64", "end_ms": "Int64", "page": "Int64", "amount": "int64", "seq": "int64"}
    made = small().mission.model_copy(update=mission)
    return Codings(made, "a fingerprint", pd.DataFrame(rows, columns=list(AIRINGS)), segments.astype(whole))


def swapped(held: Codings, names: Mapping[str, str]) -> Codings:
    """The same codings by coders of other names."""
    airings, segments = (part.assign(coder=part["coder"].map(names)) for part in (held.airings, held.segments))
    return replace(held, airings=airings, segments=segments)


_A, _B = Said("A"), Said("B")
BULLETIN = [
    replace(_A, start=0, end=30, name="a1"),  # B shifts it
    replace(_B, start=8, end=38, name="b1"),
    replace(_A, start=60, end=80, name="a2"),  # B gives another tone
    replace(_B, start=60, end=80, tone="negative", name="b2"),
    replace(_A, start=100, end=110, name="a3"),  # found by A only
    replace(_A, subject="Red Party", start=120, end=140, name="a4"),  # B says it is about somebody else
    replace(_B, subject="Green Party", start=118, end=136, name="b4"),
    replace(_A, start=200, end=240, name="a5"),  # B splits it into touching parts
    replace(_B, start=200, end=215, name="b5"),
    replace(_B, start=215, end=240, name="b6"),
    replace(_A, subject="President", start=300, end=330, name="a6"),  # alike
    replace(_B, subject="President", start=300, end=330, name="b7"),
]
"""Six passages of one bulletin as two coders saw them."""
