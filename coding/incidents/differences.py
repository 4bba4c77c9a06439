"""What a correction changed, field by field, as the cells of a file have it."""

from coding.incident import Incident
from coding.incidents.rows import COLUMNS, incident_cells

OWN = ("incident_id", "revision")
"""Columns that say which revision it is, and nothing about what happened."""


def changed_fields(before: Incident, after: Incident) -> list[tuple[str, str, str]]:
    """Column, what stood there, and what stands there now, for every column that differs."""
    cells = zip(COLUMNS, incident_cells(before), incident_cells(after), strict=True)
    return [(name, old, new) for name, old, new in cells if name not in OWN and old != new]
