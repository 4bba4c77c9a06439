"""Incidents as a table: for the screen's download and for the command. It holds no figure; nothing is added up."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from coding.incident import Incident
from coding.incidents.checking import unit_of
from coding.incidents.rows import COLUMNS, in_order, incident_cells
from coding.incidents.touching import touching
from coding.mission.model import Mission
from coding.store import Store
from coding.vocabulary import IncidentKind
from monitoring.evidence import COLUMNS as EVIDENCE

INTEGERS = ("revision", "amount")


def incident_table(incidents: Iterable[Incident]) -> pd.DataFrame:
    """One row for each incident, columns as in `incidents.csv`; amounts are integers of `unit`, empty where none is."""
    rows = [incident_cells(each) for each in incidents]
    made = pd.DataFrame(rows, columns=list(COLUMNS), dtype="object")
    return made.assign(**{name: pd.to_numeric(made[name]).astype("Int64") for name in INTEGERS})


def chosen(
    incidents: Iterable[Incident],
    kinds: Iterable[IncidentKind] = (),
    outlets: Iterable[str] = (),
    contestants: Iterable[str] = (),
    days: tuple[date | None, date | None] = (None, None),
    closed: bool | None = None,
) -> list[Incident]:
    """Incidents under every restriction that is given; here one without an outlet is of no outlet that was chosen."""
    named: dict[str, set[str]] = {"kind": set(map(str, kinds)), "outlet": set(outlets), "contestant": set(contestants)}
    within = touching(incidents, (), days[0] or date.min, days[1] or date.max)
    kept = [each for each in within if all(not held or getattr(each, name) in held for name, held in named.items())]
    return in_order(each for each in kept if closed is None or each.closed == closed)


def segment_behind(store: Store, mission: Mission, incident: Incident) -> pd.DataFrame:
    """The segment of an incident as it now stands, columns as behind a mark of a chart; no row where there is none."""
    found = store.segments_by_id([incident.segment_id]) if incident.segment_id else []
    rows = []
    for each in found:
        airing = store.airing(each.airing_id)
        if airing is not None:
            place = {"outlet": airing.outlet, "date": str(airing.date), "programme": airing.programme}
            unit = str(unit_of(mission, airing.outlet, each.format) or "")
            rows.append({name: getattr(each, name, "") for name in EVIDENCE} | place | {"unit": unit})
    return pd.DataFrame(rows, columns=list(EVIDENCE))
