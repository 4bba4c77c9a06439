"""The airings and segments of the sample mission as they are written to the files, and who coded them when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from sample_data.kazakhstan_2007_facts import FIRST_DAY, LAST_DAY
from sample_data.kazakhstan_2007_layout import Placed
from sample_data.kazakhstan_2007_stories import Dice, Texts

SEED = "kazakhstan-2007"
MINUTE = 60_000
DAYS = tuple(FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
NOT_RECORDED = {
    "astana-tv-2007-07-27-news-ru": "not recorded",
    "channel-31-2007-08-09-news-ru": "not recorded",
    "ktk-2007-08-05-news-kk": "not recorded",
    "aikyn-2007-08-07": "issue not obtained",
}
"""Planned and not monitored (made up)."""

Row = dict[str, str]


@dataclass(frozen=True)
class Programme:
    """One programme on one date, as planned."""

    outlet: str
    slug: str
    day: date
    title: str
    format: str
    language: str
    start: str
    minutes: int
    part: str

    @property
    def key(self) -> str:
        """The airing's id."""
        return f"{self.slug}-{self.day}-{self.part}"


class Record:
    """Collects the airings and segments, and sends the coders to work."""

    def __init__(self, texts: Texts, outlets: Sequence[str]) -> None:
        self.airings: list[tuple[tuple[date, int, str], Row, list[Row]]] = []
        self._texts = texts
        self._busy: dict[tuple[str, date], datetime] = {}
        self._order = outlets

    def add(self, airing: Row, day: date, language: str, placed: Sequence[Placed], dice: Dice) -> None:
        """One airing with its segments, coded by one coder on the day after."""
        coder = f"coder-0{(1 if language == 'kk' else 4) + dice.below(3)}"
        told = "en" if coder == "coder-06" else language
        clock = self._busy.get((coder, day), datetime(day.year, day.month, day.day) + timedelta(hours=27, minutes=5))
        rows = []
        for number, one in enumerate(placed):
            clock += timedelta(seconds=round(dice.between(35, 95)))
            text = self._texts.summary(one.item, told)
            rows.append(segment_row(one, airing["airing_id"], str(number), text, told, coder, clock))
        self._busy[coder, day] = clock + timedelta(seconds=240)
        key = (day, self._order.index(airing["outlet"]), airing["planned_start"])
        self.airings.append((key, airing, rows))

    def add_uncoded(self, airing: Row, day: date) -> None:
        """One airing that nobody has coded."""
        key = (day, self._order.index(airing["outlet"]), airing["planned_start"])
        self.airings.append((key, airing, []))


def segment_row(one: Placed, airing_id: str, number: str, text: str, language: str, coder: str, when: datetime) -> Row:
    """A segment as it stands in the file; `number` tells it from the others of its airing, `when` is in UTC."""
    item = one.item
    return {
        "segment_id": str(uuid5(NAMESPACE_URL, f"{SEED}/{airing_id}/{number}")),
        "revision": "1",
        "airing_id": airing_id,
        "start_ms": "" if one.start is None else str(one.start),
        "end_ms": "" if one.end is None else str(one.end),
        "page": "" if one.page is None else str(one.page),
        "box": one.box,
        "amount": str(one.amount),
        "subject": item.subject,
        "role": item.role,
        "speech": item.speech,
        "tone": item.tone,
        "format": item.format,
        "topic": item.topic,
        "text": text,
        "language": language,
        "coder": coder,
        "coded_at": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "codebook_version": "1",
        "selected": "assigned",
        "suggestion": "never",
    }


def clock(milliseconds: int) -> str:
    """`hh:mm:ss` of the broadcast day."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def start_ms(programme: Programme) -> int:
    """The planned start in milliseconds since midnight."""
    hours, minutes = programme.start.split(":")
    return (int(hours) * 60 + int(minutes)) * MINUTE


def air(record: Record, programme: Programme, placed: Sequence[Placed], dice: Dice, tail: tuple[int, int]) -> None:
    """A programme with its segments; `tail` is how many seconds follow the last of them."""
    planned = start_ms(programme)
    airing = {
        "airing_id": programme.key,
        "outlet": programme.outlet,
        "date": programme.day.isoformat(),
        "kind": "programme",
        "programme": programme.title,
        "format": programme.format,
        "planned_start": programme.start,
        "planned_end": clock(planned + programme.minutes * MINUTE)[:5],
        "coded": "no",
        "note": NOT_RECORDED.get(programme.key, ""),
    }
    if programme.key not in NOT_RECORDED:
        begun = planned + 1000 * dice.below(95)
        last = max(one.end or 0 for one in placed)
        ended = begun + (last // 1000 + round(dice.between(*tail))) * 1000
        airing |= {"actual_start": clock(begun), "actual_end": clock(ended), "coded": "yes"}
    record.add(airing, programme.day, programme.language, placed, dice)
