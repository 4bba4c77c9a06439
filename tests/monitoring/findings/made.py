"""A small mission with enough days for intervals, in which the two names that are given fare differently."""

from collections.abc import Callable
from typing import Any

from coding.store import Store
from coding.vocabulary import Medium
from monitoring.coverage import open_coverage
from monitoring.findings.material import Material, material_of
from monitoring.selection import Selection
from tests.missions import AIRINGS_HEADER, segment

DAYS = range(1, 16)


def airings() -> str:
    """A bulletin of an hour on Channel A on each of fifteen days."""
    lines = [f"a-{day:02d},Channel A,2025-03-{day:02d},,programme,News,news,,20:30,21:30,20:30:00,21:30:00,,,yes,"
             for day in DAYS]  # fmt: skip
    return AIRINGS_HEADER + "\n".join(lines) + "\n"


def busy(make: Callable[..., Store], much: str, little: str, **files: str) -> Material:
    """Both come up once a day; `much` has more time, and more still on two days of three."""
    segments = []
    for day in DAYS:
        longer = 500 + 60 * (day % 3)
        length = 300 + 7 * (day % 4)
        at: dict[str, Any] = {"airing": f"a-{day:02d}"}
        segments += [
            segment(1000 + day, subject=much, start=0, end=longer, tone="positive", **at),
            segment(2000 + day, subject=little, start=700, end=700 + length, **at),
            segment(3000 + day, subject="Government", role="institution", start=1100, end=1400 + day, **at),
        ]
    store = make(*segments, airings=airings(), **files)
    return material_of(open_coverage(store), Selection(media=(Medium.TV,)), store)
