"""What an edit of the mission may not pull away: names and airings that stored segments rest on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coding.mission.model import Airing, Mission
from coding.problems import Problem
from coding.segment import Segment
from coding.segment_checks import Rules


@dataclass(frozen=True)
class Used:
    """How many segments stand behind each outlet and each subject; such names stay."""

    outlets: Mapping[str, int] = field(default_factory=dict)
    subjects: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def by(cls, airings: Iterable[Airing], segments: Iterable[Segment]) -> "Used":
        """What these segments use; an outlet through the airing as it is."""
        outlet_of = {airing.airing_id: airing.outlet for airing in airings}
        outlets: Counter[str] = Counter()
        subjects: Counter[str] = Counter()
        for segment in segments:
            subjects[segment.subject] += 1
            outlets[outlet_of[segment.airing_id]] += 1
        return cls(outlets, subjects)

    def gone(self, mission: Mission) -> list[Problem]:
        """A problem for each used name that the mission does not have any more."""
        kept = {"outlet": {part.name for part in mission.outlets}, "subject": {part.name for part in mission.subjects}}
        wanted = {"outlet": self.outlets, "subject": self.subjects}
        return [
            Problem("in_use", f"{column}s", None, column, name, {"segments": count})
            for column, names in wanted.items()
            for name, count in sorted(names.items())
            if name not in kept[column]
        ]


def unfitting(
    mission: Mission, airings: Sequence[Airing], before: tuple[Mission, Sequence[Airing]], segments: Iterable[Segment]
) -> list[Problem]:
    """Stored segments that would break a rule after the edit, such as one past an airing's new end.

    Looks at airings that differ from `before` and at outlets whose unit does; names each mistake once for an airing,
    at the airing's row (counted from 1 in the order of `airings`).
    """
    rules = Rules.of(mission, airings)
    held = {airing.airing_id: airing for airing in before[1]}
    units = {outlet.name: outlet.unit for outlet in before[0].outlets}
    recounted = {outlet.name for outlet in mission.outlets if units.get(outlet.name, outlet.unit) != outlet.unit}
    changed = {
        airing.airing_id: row
        for row, airing in enumerate(airings, 1)
        if held.get(airing.airing_id) != airing or airing.outlet in recounted
    }
    found: dict[tuple[str, str], Problem] = {}
    for segment in segments:
        row = changed.get(segment.airing_id)
        for problem in rules.problems(segment, "airings", row) if row else ():
            found.setdefault((segment.airing_id, problem.key), problem)
    return list(found.values())
