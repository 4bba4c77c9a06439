"""A small mission of twelve days: two channels with two airings a day, and a paper with free space counted in lines."""

import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from coding.mission.loader import MissionFolder, load
from coding.segment import Segment
from monitoring.coverage import Coverage, coverage_of
from tests.missions import AIRINGS_HEADER, segment, write_mission

DAYS = tuple(f"2025-03-{day:02d}" for day in range(3, 15))
CHANNELS = {"a": "Channel A", "b": "Channel B"}
SUBJECTS = ("Blue Party", "Red Party", "Green Party", "President", "Government", "Ana Turncoat", "Election Commission")
TONES = ("very positive", "positive", "neutral", "negative", "very negative")


def airings() -> str:
    """Each channel's early airing crosses the border of the slots at 21:00; the paper comes out every day."""
    lines = []
    for day in DAYS:
        for short, outlet in CHANNELS.items():
            lines.append(f"{short}-{day}-1,{outlet},{day},,programme,News,news,,20:45,21:15,20:45:00,21:15:00,,,yes,")
            lines.append(f"{short}-{day}-2,{outlet},{day},,programme,Talk,,,22:00,22:30,22:00:00,22:30:00,,,yes,")
        lines.append(f"g-{day},Gazette,{day},,issue,,,,,,,,900000,900000,yes,")
    return AIRINGS_HEADER + "\n".join(lines) + "\n"


@cache
def held() -> MissionFolder:
    """The mission without segments."""
    with TemporaryDirectory() as folder:
        return load(write_mission(Path(folder), airings=airings()))


def segments(seed: int) -> list[Segment]:
    """Three segments in each broadcast, one after the other, and two articles in each issue; by chance."""
    chance = random.Random(seed)
    made: list[Segment] = []
    for day in DAYS:
        for short in CHANNELS:
            for number in (1, 2):
                made += _of_broadcast(len(made), f"{short}-{day}-{number}", chance)
        made += _of_issue(len(made), f"g-{day}", chance)
    return made


def _of_broadcast(number: int, airing: str, chance: random.Random) -> list[Segment]:
    starts = [(part * 600, part * 600 + chance.randint(5, 590)) for part in range(3)]
    return [
        segment(
            number + at + 1, airing, chance.choice(SUBJECTS), start, end, tone=chance.choice(TONES),
            speech=chance.choice(["direct", "none"]), role=chance.choice(["contestant", "institution"]),
            topic=chance.choice(["economy", "education"]),
        )
        for at, (start, end) in enumerate(starts)
    ]  # fmt: skip


def _of_issue(number: int, airing: str, chance: random.Random) -> list[Segment]:
    article = segment(number + 1, airing, chance.choice(SUBJECTS), amount=chance.randint(1_000, 90_000), tone="neutral")
    free = {"format": "free space", "tone": "", "amount": chance.randint(1, 40)}
    return [article, segment(number + 2, airing, chance.choice(SUBJECTS), **free)]


def coverage(seed: int = 1) -> Coverage:
    """The coverage of such a mission."""
    return coverage_of(held().mission, held().airings, segments(seed))
