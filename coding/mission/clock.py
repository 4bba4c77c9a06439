"""Wall clocks, broadcast days and instants: midnight and daylight saving are handled here and nowhere else."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from pydantic_core import PydanticCustomError

DAY_MS = 86_400_000
_CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$")
_DURATION = re.compile(r"^(\d+):([0-5]\d):([0-5]\d)(?:[.,](\d{1,3}))?$")
_DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\d[T ]")


def today(zone: tzinfo) -> date:
    """The day that it now is in a zone."""
    return datetime.now(zone).date()


def clock_ms(text: str) -> int:
    """`hh:mm[:ss]` as milliseconds since midnight; up to 48:00, since a night belongs to its broadcast day.

    >>> clock_ms("18:30"), clock_ms("25:10")
    (66600000, 90600000)
    """
    found = _CLOCK.match(text.strip())
    milliseconds = _milliseconds(*found.groups()) if found else -1
    if not 0 <= milliseconds <= 48 * 3_600_000:
        raise PydanticCustomError("clock", "not a time of day")
    return milliseconds


def clock_text(milliseconds: int) -> str:
    """The way back: `hh:mm`, with seconds or milliseconds only where there are some."""
    rest, fraction = divmod(milliseconds, 1000)
    minutes, seconds = divmod(rest, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    if seconds or fraction:
        text += f":{seconds:02d}"
    return text + (f".{fraction:03d}" if fraction else "")


def duration_ms(text: str) -> int:
    """`h:mm:ss[.fff]` as milliseconds; hours may exceed 99. Raises ValueError for anything else.

    >>> duration_ms("126:10:05")
    454205000
    """
    found = _DURATION.match(text.strip())
    if not found:
        raise ValueError(text)
    return _milliseconds(*found.groups())


def duration_text(milliseconds: int) -> str:
    """`h:mm:ss`, with milliseconds only where there are some.

    >>> duration_text(454205000)
    '126:10:05'
    """
    sign = "-" if milliseconds < 0 else ""
    rest, fraction = divmod(abs(milliseconds), 1000)
    minutes, seconds = divmod(rest, 60)
    text = f"{sign}{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return text + (f".{fraction:03d}" if fraction else "")


def _milliseconds(hours: str, minutes: str, seconds: str | None, fraction: str | None) -> int:
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def instant(text: str, day: date, zone: tzinfo) -> int:
    """An airing's start or end as milliseconds of UTC since 1970.

    `text` is `hh:mm[:ss]` on the broadcast day `day` (above 24:00 for the night after), or a local date and time
    `YYYY-MM-DD hh:mm[:ss]`, with `+hh:mm` behind it where the clock change makes it ambiguous.
    Raises PydanticCustomError for anything else, and for a local time that the clock change skipped or showed twice.
    """
    written = text.strip()
    if _DATE_TIME.match(written):
        try:
            local = datetime.fromisoformat(written)
        except ValueError:
            raise PydanticCustomError("clock", "not a time") from None
        return _epoch_ms(local if local.tzinfo else _existing(local.replace(tzinfo=zone)))
    midnight = datetime(day.year, day.month, day.day)
    return _epoch_ms(_existing((midnight + timedelta(milliseconds=clock_ms(written))).replace(tzinfo=zone)))


def _existing(local: datetime) -> datetime:
    if not is_shown_once(local) and _shown(local) and _shown(local.replace(fold=1)):
        raise PydanticCustomError("clock_ambiguous", "this local time happened twice")
    if not _shown(local):
        raise PydanticCustomError("clock_skipped", "this local time does not exist")
    return local


def is_shown_once(local: datetime) -> bool:
    """Whether the clock of its zone showed this local time exactly once: no change of the clock skips or repeats it."""
    return local.utcoffset() == local.replace(fold=1).utcoffset()


def _shown(local: datetime) -> bool:
    """Whether the clock ever showed this time."""
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0)


def _epoch_ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def local_time(epoch_ms: int, zone: tzinfo) -> datetime:
    """The instant on the wall clock of the mission."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=epoch_ms)).astimezone(zone)


def clock_of(epoch_ms: int, day: date, zone: tzinfo) -> int:
    """Wall clock of an instant in milliseconds since midnight of the broadcast day."""
    local = local_time(epoch_ms, zone).replace(tzinfo=None)
    return (local - datetime(day.year, day.month, day.day)) // timedelta(milliseconds=1)


def instant_text(epoch_ms: int, day: date, zone: tzinfo) -> str:
    """What to write in a file for an instant: the clock where that leads back, else local time with offset."""
    clock = clock_of(epoch_ms, day, zone)
    if 0 <= clock <= 48 * 3_600_000:
        text = clock_text(clock)
        try:
            if instant(text, day, zone) == epoch_ms:
                return text
        except PydanticCustomError:
            pass
    return local_time(epoch_ms, zone).isoformat(sep=" ", timespec="milliseconds")
