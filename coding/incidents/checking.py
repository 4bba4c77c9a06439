"""An incident held against the mission: names that the mission has, an airing and a segment that are there, a unit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from coding.incident import Incident
from coding.mission.model import Airing, Mission
from coding.problems import Problem
from coding.vocabulary import CodeKind, Unit


def unit_of(mission: Mission, outlet: str, format_: str) -> Unit | None:
    """The unit of what is shown there: the format's own, else the outlet's; None where neither says."""
    own = next((part.unit for part in mission.formats if part.name == format_), None)
    return own or next((part.unit for part in mission.outlets if part.name == outlet), None)


@dataclass(frozen=True)
class Known:
    """What an incident may refer to: the mission, its airings by id, and the airing of each segment."""

    mission: Mission
    airings: Mapping[str, Airing]
    airing_of: Mapping[str, str]

    def problems(self, incident: Incident, file: str = "", line: int | None = None) -> list[Problem]:
        """Everything about an incident that does not fit, at its place."""
        found = [*self._names(incident), *self._places(incident), *self._amount(incident)]
        return [Problem(each.key, file, line, each.column, each.value, each.values) for each in found]

    def _names(self, incident: Incident) -> Iterator[Problem]:
        names: dict[str, Iterable[str]] = {
            "outlet": [part.name for part in self.mission.outlets],
            "contestant": self.mission.names(CodeKind.SUBJECT),
            "format": self.mission.names(CodeKind.FORMAT),
        }
        for column, known in names.items():
            value = getattr(incident, column)
            if value and value not in known:
                yield Problem("unknown_name", "", None, column, value, {"known": ", ".join(known)})

    def _places(self, incident: Incident) -> Iterator[Problem]:
        airing = self.airings.get(incident.airing_id)
        if incident.airing_id and airing is None:
            yield Problem("unknown_airing", "", None, "airing_id", incident.airing_id)
        if airing is not None and incident.outlet != airing.outlet:
            values = {"airing": airing.airing_id, "outlet": airing.outlet}
            yield Problem("incident.other_outlet", "", None, "outlet", incident.outlet, values)
        if not incident.segment_id:
            return
        holds = self.airing_of.get(incident.segment_id)
        if holds is None:
            yield Problem("incident.no_segment", "", None, "segment_id", incident.segment_id)
        elif holds != incident.airing_id:
            yield Problem("incident.other_airing", "", None, "airing_id", incident.airing_id, {"airing": holds})

    def _amount(self, incident: Incident) -> Iterator[Problem]:
        wanted = unit_of(self.mission, incident.outlet, incident.format)
        if incident.unit is not None and wanted is not None and incident.unit != wanted:
            yield Problem("incident.other_unit", "", None, "unit", incident.unit.value, {"unit": wanted.value})
