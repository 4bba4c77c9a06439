"""A mission's parts as the rows of its CSV files: for the files, and for the tables of a page."""

from collections.abc import Iterator, Mapping
from datetime import date

from coding.mission.clock import instant_text
from coding.mission.loader import AIRING_COLUMNS, AIRING_TIMES
from coding.mission.model import Affiliation, Airing, Mission, Outlet, Subject
from coding.mission.tables import Row

LIST_MARK = "|"
"""Between the aliases of a subject, and between the outlets of a window."""


def outlet_row(outlet: Outlet) -> Row:
    """The cells of an outlet in outlets.csv."""
    plain = {name: str(getattr(outlet, name)) for name in ("medium", "unit", "ownership", "region", "language")}
    return {"outlet": outlet.name, **plain, "monitored": _yes(outlet.monitored), **_names(outlet.names)}


def subject_rows(subject: Subject) -> Iterator[Row]:
    """The cells of a subject in subjects.csv: one row, and one more for each further affiliation."""
    first, *further = [_affiliation_row(part) for part in subject.affiliations] or [{}]
    ballot = "" if subject.ballot is None else str(subject.ballot)
    plain = {"subject": subject.name, "kind": str(subject.kind), "ballot": ballot, "colour": subject.colour}
    aliases = LIST_MARK.join(alias.written() for alias in subject.aliases)
    yield {**plain, "aliases": aliases, **first, **_names(subject.names)}
    for row in further:
        yield {"subject": subject.name, **row}


def _affiliation_row(part: Affiliation) -> Row:
    return {"affiliation": part.contestant, "from": _day(part.start), "to": _day(part.end)}


def airing_row(airing: Airing, mission: Mission) -> Row:
    """The cells of an airing in airings.csv, its instants as clocks of the broadcast day where that is enough."""
    row = {name: "" if getattr(airing, name) is None else str(getattr(airing, name)) for name in AIRING_COLUMNS}
    for name in AIRING_TIMES:
        moment = getattr(airing, name)
        row[name] = "" if moment is None else instant_text(moment, airing.date, mission.zone)
    row["date_to"] = "" if airing.date_to == airing.date else str(airing.date_to)
    return row | {"coded": _yes(airing.coded)}


def _names(names: Mapping[str, str]) -> Row:
    return {f"name_{language}": name for language, name in names.items()}


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _yes(value: bool) -> str:
    return "yes" if value else "no"
