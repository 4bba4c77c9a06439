"""What a file's name says: which airing, or which outlet from when on; for a page its number and printed size."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from pydantic_core import PydanticCustomError

from coding.mission.clock import instant
from coding.mission.model import Airing, Mission, Outlet
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import AiringKind, matching_key

PATTERNS = (
    "{airing}-p{page}-{width}x{height}mm",
    "{airing}-p{page}",
    "{airing}",
    "{outlet}_{date}_{time}",
    "{outlet}-{date}-{time}",
    "{outlet} {date} {time}",
    "{outlet}_{date}T{time}",
    "{outlet}_{date}_p{page}-{width}x{height}mm",
    "{outlet}_{date}_p{page}",
    "{outlet}_{date}_{time}_*",
    "{outlet}-{date}-{time}-*",
)
"""Tried in this order where no pattern is given; the first one that fits and names something known counts."""

FIELDS = {
    "airing": r".+?",
    "date": r"\d{4}-\d\d-\d\d|\d{8}",
    "time": r"\d\d-\d\d-\d\d|\d\d-\d\d|\d{6}|\d{4}",
    "page": r"\d{1,4}",
    "width": r"\d{1,4}",
    "height": r"\d{1,4}",
}
MOST_ANYTHING = 3
_PART = re.compile(r"\{(\w*)\}|(\*)|([^{*]+|\{)")
_BETWEEN = re.compile(r"""[\s_\-<>:"/\\|?*]+""")


@dataclass(frozen=True)
class Named:
    """What a name told: an airing, or an outlet and the instant (ms of UTC) at which the recording begins."""

    pattern: str
    airing_id: str = ""
    outlet: str = ""
    start: int | None = None
    page: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


class NameReader:
    """Reads the names of files for one mission."""

    def __init__(self, mission: Mission, airings: Iterable[Airing], patterns: Sequence[str] = PATTERNS) -> None:
        self.mission = mission
        held = [airing for airing in airings if airing.kind != AiringKind.AGGREGATE]
        self.airing_ids = {matching_key(airing.airing_id): airing.airing_id for airing in held}
        self.issues = {(each.outlet, each.date): each.airing_id for each in held if each.kind == AiringKind.ISSUE}
        self.outlets = {_key(name): outlet.name for outlet in mission.outlets for name in _names(outlet)}
        self.patterns = [(pattern, self._compiled(pattern)) for pattern in patterns]

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        """The pattern as an expression. Raises ProblemsFound for a field that is unknown or twice, or for too few."""
        parts, seen = [], []
        for name, anything, letters in _PART.findall(pattern):
            if name:
                seen.append(name)
                expression = self._outlet_names() if name == "outlet" else FIELDS.get(name, "")
                parts.append(f"(?P<{name}>{expression})" if seen.count(name) == 1 else "")
            else:
                parts.append(".*?" if anything else re.escape(_folded(letters)))
        unknown = "{" in _PART.sub(lambda found: "" if found[1] else found[0], pattern)
        enough = "airing" in seen or {"outlet", "date"} <= set(seen)
        twice = len(seen) > len(set(seen)) or pattern.count("*") > MOST_ANYTHING
        if unknown or twice or not enough or not set(seen) <= {*FIELDS, "outlet"}:
            raise ProblemsFound([Problem("recordings.pattern", value=pattern)])
        return re.compile("".join(parts), re.DOTALL)

    def _outlet_names(self) -> str:
        """Every name of every outlet, the long ones first, so that «Channel 31» is not «Channel» and a rest."""
        keys = sorted(self.outlets, key=len, reverse=True)
        return "|".join(r"[\s_\-]+".join(re.escape(word) for word in key.split(" ")) for key in keys) or r"(?!)"

    def read(self, stem: str) -> Named | None:
        """What the name (without its suffix) says; None where no pattern fits.

        Raises ProblemsFound for a time that the clock change skipped or showed twice.
        """
        for pattern, expression in self.patterns:
            found = expression.fullmatch(_folded(stem).strip())
            named = self._named(pattern, found.groupdict()) if found else None
            if named:
                return named
        return None

    def _named(self, pattern: str, parts: Mapping[str, str]) -> Named | None:
        """The parts as what they mean; None where they name nothing known: another pattern may fit."""
        day = _day(parts["date"]) if "date" in parts else None
        start = start_of(day, parts["time"], self.mission.zone) if day and "time" in parts else None
        if ("date" in parts and day is None) or ("time" in parts and start is None):
            return None
        outlet = self.outlets[_key(parts["outlet"])] if "outlet" in parts else ""
        if "airing" in parts:
            airing_id = self.airing_ids.get(matching_key(parts["airing"]), "")
        else:
            airing_id = self.issues.get((outlet, day), "") if day else ""
        if not airing_id and (start is None or "airing" in parts):
            return None
        page, width, height = (_number(parts, name) for name in ("page", "width", "height"))
        return Named(pattern, airing_id, outlet, start, page, width, height)


def _folded(text: str) -> str:
    """Composed letters (macOS decomposes them in names), no case, single spaces: as names are compared."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).casefold()


def _names(outlet: Outlet) -> tuple[str, ...]:
    return (outlet.name, *outlet.names.values())


def _key(name: str) -> str:
    """Spaces, underscores, hyphens and what a file name cannot hold are all one."""
    return _BETWEEN.sub(" ", matching_key(name)).strip()


def _number(parts: Mapping[str, str], name: str) -> int | None:
    return int(parts[name]) if name in parts and int(parts[name]) > 0 else None


def _day(written: str) -> date | None:
    digits = written.replace("-", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:  # such as month 13: these digits are no date, another pattern may fit
        return None


def start_of(day: date, written: str, zone: tzinfo) -> int | None:
    """The instant of `hh-mm[-ss]` or `hhmm[ss]` on a day; None where these digits are no time.

    Raises ProblemsFound for a time that the clock change skipped or showed twice.
    """
    digits = written.replace("-", "")
    clock = ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    if int(digits[:2]) > 23:
        return None
    try:
        return instant(clock, day, zone)
    except PydanticCustomError as error:
        if error.type == "clock":
            return None
        raise ProblemsFound([Problem(error.type, column="--start", value=f"{day} {clock}")]) from None


def given_start(written: str, zone: tzinfo) -> int:
    """The instant that a person wrote as `YYYY-MM-DD hh:mm:ss`. Raises ProblemsFound for anything else."""
    if not re.match(r"^\d{4}-\d\d-\d\d[T ]\d", written.strip()):
        raise ProblemsFound([Problem("recordings.start", value=written)])
    try:
        return instant(written, date.min, zone)
    except PydanticCustomError as error:
        key = "recordings.start" if error.type == "clock" else error.type
        raise ProblemsFound([Problem(key, column="--start", value=written)]) from None


def name_of(outlet: str, start_text: str) -> str:
    """The file name that the patterns read back: outlet, date and time with underscores.

    >>> name_of("TV Khabar", "2007-07-18 20:30:00")
    'TV-Khabar_2007-07-18_20-30-00'
    """
    day, _, clock = start_text.partition(" ")
    return f"{_BETWEEN.sub('-', outlet)}_{day}_{clock.replace(':', '-')}"
