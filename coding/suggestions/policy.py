"""What a mission lets coders see: which segments go without a suggestion, and about whom a model is asked."""

import hashlib
import re
from datetime import date
from typing import TYPE_CHECKING

from coding.mission.model import Mission
from coding.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    from models.scale import Scale
    from models.target import Target

_CODE = re.compile("[a-z]{2,3}")


def language_code(written: str) -> str:
    """The language of a segment as models know it; empty for what is no code, and then the text tells it.

    A segment's language is free text: a file of logs may say `RU`, `kk-KZ` or `Russian`, and no such word may stop a
    training or a suggestion.

    >>> language_code("kk_KZ"), language_code("RU"), language_code("Russian")
    ('kk', 'ru', '')
    """
    code = written.strip().replace("_", "-").partition("-")[0].lower()
    return code if _CODE.fullmatch(code) else ""


def withheld(seed: str, segment_id: str, share: float) -> bool:
    """Whether a segment was drawn to go without a suggestion.

    `seed` is the mission's id, `share` the part of segments (0 to 1) that go without. The draw hangs on these alone,
    so that anybody can repeat it, and neither the coder, the model nor the hour can change it.

    >>> withheld("small", "00000000-0000-0000-0000-000000000001", 1.0)
    True
    >>> withheld("small", "00000000-0000-0000-0000-000000000001", 0.0)
    False
    """
    drawn = hashlib.sha256(f"{seed}:{segment_id}".encode()).digest()[:8]
    return int.from_bytes(drawn) < share * 2**64


def scale_of(mission: Mission) -> "Scale":
    """The mission's tone scale as models know it: from the lowest score to the highest."""
    from models.scale import Point, Scale

    return Scale(tuple(Point(point.name, point.score) for point in sorted(mission.tone, key=lambda each: each.score)))


def target_of(mission: Mission, subject: str, day: date) -> "Target":
    """The subject as a model is asked about it: its spellings on that day, and those of all other subjects.

    Raises ProblemsFound for a subject that the mission does not have.
    """
    from models.target import Target

    found = next((each for each in mission.subjects if each.name == subject), None)
    if found is None:
        known = ", ".join(each.name for each in mission.subjects[:12])
        raise ProblemsFound([Problem("unknown_name", column="subject", value=subject, values={"known": known})])
    others = tuple(each.spellings_on(day) for each in mission.subjects if each.name != subject)
    return Target(found.name, found.spellings_on(day), others)
