"""Incidents as rows of `incidents.csv`, and back."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coding.incident import Incident
from coding.incidents.checking import Known
from coding.incidents.documents import documents_text, read_documents
from coding.mission.tables import Row, checked, read_rows
from coding.problems import Problem

FILE = "incidents.csv"
COLUMNS = (
    "incident_id", "revision", "kind", "from", "to", "clock", "title", "text", "outlet", "contestant", "format",
    "airing_id", "segment_id", "amount", "unit", "documents", "source", "outcome", "closed",
)  # fmt: skip
REQUIRED = ("incident_id", "kind", "from", "title")
YES_NO = {"yes": True, "no": False}


def incident_cells(incident: Incident) -> list[str]:
    """The cells of an incident, in the order of COLUMNS; empty for none."""
    values: dict[str, Any] = incident.model_dump(mode="json", by_alias=True)
    values |= {"documents": documents_text(incident.documents), "closed": "yes" if incident.closed else "no"}
    return ["" if values[name] is None else str(values[name]) for name in COLUMNS]


def read_incidents(path: Path, known: Known, problems: list[Problem]) -> list[Incident]:
    """The incidents of a file (none where there is no file), held against what is known; problems go into the list."""
    if not path.is_file():
        return []
    lines: dict[str, int] = {}
    incidents = []
    for line, row in read_rows(path, REQUIRED, COLUMNS):
        incident = incident_from_row(row, path.name, line, problems)
        if incident is not None:
            problems += known.problems(incident, path.name, line)
            incidents.append(incident)
            lines[incident.incident_id] = line
    twice = [key for key, n in Counter(each.incident_id for each in incidents).items() if n > 1]
    problems += [Problem("id_twice", path.name, lines[key], "incident_id", key) for key in twice]
    return incidents


def incident_from_row(row: Row, file: str, line: int | None, problems: list[Problem]) -> Incident | None:
    """An incident from the cells of its line, or None after its problems were added to the list."""
    given: dict[str, Any] = {key: value.strip() for key, value in row.items() if value.strip()}
    given["documents"] = read_documents(given.get("documents", ""))
    if "closed" in given and given["closed"] not in YES_NO:
        problems.append(Problem("yes_or_no", file, line, "closed", given["closed"]))
    given["closed"] = YES_NO.get(given.get("closed", "no"), False)
    return checked(Incident, given, file, line, problems)


def in_order(incidents: Iterable[Incident]) -> list[Incident]:
    """By first day and time, then by id: the order of every list of incidents."""
    return sorted(incidents, key=lambda each: (each.start, each.clock, each.incident_id))
