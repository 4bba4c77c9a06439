"""A segment against the mission: known names, the scale, the airing's length, one set of codes at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coding.mission.clock import duration_text
from coding.mission.model import Affiliation, Airing, Format, Mission
from coding.problems import Problem
from coding.segment import CODES, Segment
from coding.vocabulary import AiringKind, Unit


@dataclass(frozen=True)
class Rules:
    """What segments of one mission are held against."""

    subjects: frozenset[str]
    tones: tuple[str, ...]
    topics: frozenset[str]
    formats: Mapping[str, Format]
    airings: Mapping[str, Airing]
    units: Mapping[str, Unit]
    affiliations: Mapping[str, Sequence[Affiliation]]
    retired: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """What a retired name, after its kind, became: what is recorded under it stays, and nothing new comes to it."""

    @classmethod
    def of(cls, mission: Mission, airings: Iterable[Airing]) -> "Rules":
        """The rules of a mission with these airings."""
        return cls(
            frozenset(subject.name for subject in mission.subjects),
            tuple(point.name for point in mission.tone),
            frozenset(mission.topics),
            {part.name: part for part in mission.formats},
            {airing.airing_id: airing for airing in airings},
            {outlet.name: outlet.unit for outlet in mission.outlets},
            {subject.name: subject.affiliations for subject in mission.subjects if subject.ballot is None},
            {(each.kind, each.name): each.into for each in mission.retired},
        )

    def problems(self, segment: Segment, file: str = "", line: int | None = None) -> list[Problem]:
        """Everything that is wrong with one segment."""
        airing = self.airings.get(segment.airing_id)
        found = [*self._names(segment)]
        if airing is None:
            found.append(Problem("unknown_airing", column="airing_id", value=segment.airing_id))
        else:
            found += self._against(segment, airing)
        return [Problem(p.key, file, line, p.column, p.value, p.values) for p in found]

    def retired_names(self, segment: Segment, file: str = "", line: int | None = None) -> list[Problem]:
        """Retired names that a segment carries: wrong in one that is new, and in one that carried another name."""
        return [
            Problem("codebook.retired", file, line, kind, name, {"into": ", ".join(into)})
            for (kind, name), into in self.retired.items()
            if getattr(segment, kind) == name
        ]

    def _names(self, segment: Segment) -> Iterator[Problem]:
        if segment.subject not in self.subjects:
            yield Problem("unknown_subject", column="subject", value=segment.subject)
        if segment.format not in self.formats:
            values = {"known": ", ".join(self.formats)}
            yield Problem("unknown_name", column="format", value=segment.format, values=values)
        if segment.tone and segment.tone not in self.tones:
            values = {"known": ", ".join(self.tones)}
            yield Problem("tone_outside_scale", column="tone", value=segment.tone, values=values)
        if segment.topic and segment.topic not in self.topics:
            values = {"known": ", ".join(sorted(self.topics))}
            yield Problem("unknown_name", column="topic", value=segment.topic, values=values)

    def _against(self, segment: Segment, airing: Airing) -> Iterator[Problem]:
        if airing.kind == AiringKind.AGGREGATE:
            if segment.tone or segment.start_ms is not None:
                yield Problem("aggregate_detail", column="airing_id", value=segment.airing_id)
            yield from self._changes_inside(segment, airing)
            return
        part = self.formats.get(segment.format)
        if part is not None and part.needs_tone and not segment.tone:
            yield Problem("tone_missing", column="tone", values={"known": ", ".join(self.tones)})
        unit = self.unit(segment, airing)
        if segment.start_ms is not None and unit != Unit.MS:
            yield Problem("interval_in_print", column="start_ms", value=str(segment.start_ms), values={"unit": unit})
        if airing.monitored is None:
            yield Problem("airing_unmonitored", column="airing_id", value=segment.airing_id)
        elif unit == Unit.MS and max(segment.end_ms or 0, segment.amount) > airing.monitored:
            values = {"length": duration_text(airing.monitored)}
            yield Problem(
                "past_the_end", column="end_ms", value=duration_text(segment.end_ms or segment.amount), values=values
            )
        elif unit == Unit.MM2 and segment.amount > airing.monitored:
            values = {"length": f"{airing.monitored} {unit}"}
            yield Problem("past_the_end", column="amount", value=str(segment.amount), values=values)

    def _changes_inside(self, segment: Segment, airing: Airing) -> Iterator[Problem]:
        """A total over days on which the subject belonged to different contestants belongs to neither."""
        for part in self.affiliations.get(segment.subject, ()):
            begins = part.start is not None and airing.date < part.start <= airing.date_to
            ends = part.end is not None and airing.date <= part.end < airing.date_to
            if begins or ends:
                values = {"first": airing.date, "last": airing.date_to}
                yield Problem("affiliation_in_total", column="subject", value=segment.subject, values=values)
                return

    def unit(self, segment: Segment, airing: Airing) -> Unit:
        """The format's own unit, else the outlet's."""
        return self.unit_of(segment.format, airing)

    def unit_of(self, format_name: str, airing: Airing) -> Unit:
        """The same for a format."""
        part = self.formats.get(format_name)
        return part.unit if part is not None and part.unit else self.units.get(airing.outlet, Unit.MS)


def overlap_problems(
    segments: Sequence[Segment], file: str = "", lines: Mapping[str, int] | None = None, named: bool = True
) -> list[Problem]:
    """The same subject with other codes over the same seconds by the same coder: both times, and the codes that differ.

    `named` adds the airing and the identifiers, with file and line where known; the desk's list shows none of them.
    """
    problems, line_of = [], lines or {}
    for first, second in _overlaps(segments):
        differ = [name for name in CODES if getattr(first, name) != getattr(second, name)]
        if differ:
            values = _times("one", first) | _times("two", second)
            values["codes"] = [("problem.two_codes_each", _difference(name, first, second)) for name in differ]
            if named:
                values |= {"one": _named(first, file, line_of), "two": _named(second, file, line_of)}
                values["airing"] = second.airing_id
            line = line_of.get(second.segment_id) or line_of.get(first.segment_id)
            key = "two_codes_named" if named else "two_codes"
            problems.append(Problem(key, file, line, "start_ms", second.subject, values))
    return problems


def _times(which: str, segment: Segment) -> dict[str, Any]:
    times = {"start": segment.start_ms, "end": segment.end_ms}
    return {f"{which}_{name}": duration_text(time or 0) for name, time in times.items()}


def _difference(name: str, first: Segment, second: Segment) -> dict[str, Any]:
    """A code and what each of the two has there, as the desk calls them."""
    said = {"one": getattr(first, name), "two": getattr(second, name)}
    return {"code": [(f"desk.field.{name}", {})]} | {which: _code(name, value) for which, value in said.items()}


def _code(name: str, value: str) -> str | list[tuple[str, dict[str, str]]]:
    if name in ("role", "speech"):
        return [(f"word.{name}.{value}", {})]
    return value or "–"


def _named(segment: Segment, file: str, lines: Mapping[str, int]) -> str:
    line = lines.get(segment.segment_id)
    return segment.segment_id if line is None else f"{file}:{line} {segment.segment_id}"


def joined_overlaps(segments: Sequence[Segment]) -> list[tuple[Segment, Segment]]:
    """Pairs with the same codes over the same seconds, which are counted once: for the report, not an error."""
    return [(first, second) for first, second in _overlaps(segments) if first.codes() == second.codes()]


def _overlaps(segments: Sequence[Segment]) -> Iterator[tuple[Segment, Segment]]:
    """Pairs of one coder, airing and subject that share a moment."""
    runs: dict[tuple[str, str, str], list[Segment]] = defaultdict(list)
    for segment in segments:
        if segment.start_ms is not None:
            runs[segment.airing_id, segment.coder, segment.subject].append(segment)
    for run in runs.values():
        run.sort(key=lambda segment: (segment.start_ms or 0, segment.end_ms or 0))
        still_on: list[Segment] = []
        for segment in run:
            still_on = [earlier for earlier in still_on if (earlier.end_ms or 0) > (segment.start_ms or 0)]
            yield from ((earlier, segment) for earlier in still_on)
            still_on.append(segment)
