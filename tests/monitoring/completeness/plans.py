"""Plans of the small mission: airings as a plan and a record could have them."""

from datetime import date, timedelta

from coding.mission.model import Airing, Mission
from tests.laws.test_laws import small

HOUR, MINUTE = 3_600_000, 60_000
MIDNIGHT = 1_741_723_200_000
"""12 March 2025 in the mission's zone, as milliseconds of UTC since 1970."""


def mission() -> Mission:
    """The small mission without airings."""
    return small().mission


def bulletin(
    name: str, day: date = date(2025, 3, 12), minutes: int | None = 60, seen: int | None = None, **more: object
) -> Airing:
    """A bulletin of Channel A at 20:30: planned so long, monitored so long; nothing of it where nothing is given."""
    start = MIDNIGHT + (day - date(2025, 3, 12)) // timedelta(days=1) * 24 * HOUR + 20 * HOUR + 30 * MINUTE
    given: dict[str, object] = {
        "airing_id": name,
        "outlet": "Channel A",
        "date": day,
        "kind": "programme",
        "programme": "News",
        "format": "news",
        "start_clock": 20 * HOUR + 30 * MINUTE,
    }
    if minutes is not None:
        given |= {"planned_start": start, "planned_end": start + minutes * MINUTE}
    if seen is not None:
        given |= {"actual_start": start, "actual_end": start + seen * MINUTE}
    return Airing.model_validate(given | more)


def issue(name: str, day: date, size: int | None = None, **more: object) -> Airing:
    """An issue of the Gazette of 900,000 mm2, of which so much was read."""
    given = {"airing_id": name, "outlet": "Gazette", "date": day, "kind": "issue", "planned_size": 900_000}
    return Airing.model_validate({**given, "actual_size": size, **more})
