"""Incidents in the store: append-only; the newest revision of an incident is how it stands.

Names of subjects and formats are read as they are called now, whatever they were called when an incident was written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from coding.incident import Incident
from coding.incidents.checking import Known
from coding.incidents.rows import in_order
from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.store import Store, audit, records, schema
from coding.store.codebook_changes import PresentNames, changes_in
from coding.store.engine import reading, writing
from coding.vocabulary import CodeKind

AT_ONCE = 500
"""Identifiers in one query."""


@dataclass(frozen=True)
class IncidentRevision:
    """One version of an incident: who wrote it, when, and why where a reason was given."""

    incident: Incident
    retracted: bool
    reason: str
    recorded_at: str
    recorded_by: str


def incidents(store: Store) -> list[Incident]:
    """Every incident that was not retracted, in the order of its first day."""
    with reading(store.engine) as connection:
        return incidents_of(connection)


def incidents_of(connection: Connection) -> list[Incident]:
    """The same inside a transaction."""
    rows = records.newest(schema.incident, "incident_id").where(~schema.incident.c.retracted)
    return in_order(each.incident for each in _read(connection, rows))


def newest_revisions(store: Store) -> list[IncidentRevision]:
    """The newest revision of every incident, retracted ones too, in the order in which they were written."""
    rows = records.newest(schema.incident, "incident_id").order_by(schema.incident.c.seq)
    with reading(store.engine) as connection:
        return _read(connection, rows)


def incident_history(store: Store, incident_id: str) -> list[IncidentRevision]:
    """All revisions of an incident, the first one first; empty where there is none."""
    with reading(store.engine) as connection:
        return _history(connection, incident_id)


def record_incident(store: Store, incident: Incident, who: str) -> Incident:
    """Store a new incident. The same again, to the letter, is already there: a reply got lost, and it was sent again.

    Raises ProblemsFound where it does not fit the mission, or the store holds its id with other content.
    """
    with writing(store.engine) as connection:
        if not _new(connection, [incident]):
            return incident
        _check(connection, [incident])
        return _write(connection, incident, who)


def add_incidents(store: Store, given: Sequence[Incident], who: str) -> int:
    """Store those of a file that the store does not hold, in one transaction; how many they were.

    An incident that was corrected or retracted here since stays as it is. Raises ProblemsFound as `record_incident`.
    """
    if not given:
        return 0
    with writing(store.engine) as connection:
        new = _new(connection, given)
        _check(connection, new)
        for each in new:
            _write(connection, each, who)
    return len(new)


def check_new(store: Store, given: Sequence[Incident]) -> None:
    """Raises ProblemsFound where the store holds one of these ids with other content."""
    with reading(store.engine) as connection:
        _new(connection, given)


def correct_incident(store: Store, incident: Incident, who: str, reason: str = "") -> Incident:
    """Store a later version; `incident.revision` is the one that was read, the stored one is one higher.

    The same correction again by the same person is already there, and one that changes nothing is not written. Raises
    ProblemsFound where somebody else corrected or retracted it meanwhile, and where it does not fit the mission.
    """
    with writing(store.engine) as connection:
        held = _held(connection, incident.incident_id)
        later = incident.model_copy(update={"revision": incident.revision + 1})
        newest = held[-1]
        if not newest.retracted and newest.incident == incident:
            return incident
        if newest.incident.revision != incident.revision or newest.retracted:
            return _already(held, later, who, retracted=False)
        _check(connection, [later])
        return _write(connection, later, who, reason.strip())


def retract_incident(store: Store, incident_id: str, revision: int, who: str, reason: str) -> Incident:
    """Take an incident out of the log; it stays readable in its history. A reason is a must.

    `revision` is the one that was read. Raises ProblemsFound without a reason, and as `correct_incident`.
    """
    if not reason.strip():
        raise ProblemsFound([Problem("missing_value", column="reason")])
    with writing(store.engine) as connection:
        held = _held(connection, incident_id)
        later = held[-1].incident.model_copy(update={"revision": revision + 1})
        if held[-1].incident.revision != revision or held[-1].retracted:
            return _already(held, later, who, retracted=True)
        return _write(connection, later, who, reason.strip(), retracted=True)


def names_gone(connection: Connection, mission: Mission) -> list[Problem]:
    """A problem for each name that incidents use and the mission does not have any more."""
    known = {
        "outlet": {part.name for part in mission.outlets},
        "contestant": set(mission.names(CodeKind.SUBJECT)),
        "format": set(mission.names(CodeKind.FORMAT)),
    }
    used = {(column, getattr(each, column)) for each in incidents_of(connection) for column in known}
    gone = sorted((column, name) for column, name in used if name and name not in known[column])
    return [Problem("incident.in_use", column=column, value=name) for column, name in gone]


# inside a transaction


def _read(connection: Connection, rows: Any) -> list[IncidentRevision]:
    found = connection.execute(rows).mappings().all()
    names = PresentNames(changes_in(connection)) if found else PresentNames()
    return [_revision(row, names) for row in found]


def _revision(row: Any, names: PresentNames) -> IncidentRevision:
    incident, at = Incident.model_validate_json(row["facts"]), row["recorded_at"]
    now = {
        "contestant": names.now_of(CodeKind.SUBJECT, incident.contestant, at),
        "format": names.now_of(CodeKind.FORMAT, incident.format, at),
    }
    about = {name: row[name] for name in ("reason", "recorded_at", "recorded_by")}
    return IncidentRevision(incident.model_copy(update=now), bool(row["retracted"]), **about)


def _history(connection: Connection, incident_id: str) -> list[IncidentRevision]:
    rows = select(schema.incident).where(schema.incident.c.incident_id == incident_id)
    return _read(connection, rows.order_by(schema.incident.c.revision))


def _histories(connection: Connection, wanted: Sequence[str]) -> dict[str, list[IncidentRevision]]:
    """All revisions of some incidents by id: one query for a page of a file, whatever the number of incidents."""
    found: dict[str, list[IncidentRevision]] = {}
    for at in range(0, len(wanted), AT_ONCE):
        some = schema.incident.c.incident_id.in_(wanted[at : at + AT_ONCE])
        for each in _read(connection, select(schema.incident).where(some).order_by(schema.incident.c.revision)):
            found.setdefault(each.incident.incident_id, []).append(each)
    return found


def _held(connection: Connection, incident_id: str) -> list[IncidentRevision]:
    held = _history(connection, incident_id)
    if not held:
        raise ProblemsFound([Problem("incident.unknown", column="incident_id", value=incident_id)])
    return held


def _already(held: Sequence[IncidentRevision], asked: Incident, who: str, retracted: bool) -> Incident:
    """The stored revision that is what was asked for; else somebody else was first, and is named."""
    for each in held:
        same = retracted or each.incident == asked
        if (each.incident.revision, each.retracted, each.recorded_by) == (asked.revision, retracted, who) and same:
            return each.incident
    key = "incident.retracted_meanwhile" if held[-1].retracted else "incident.changed_meanwhile"
    values = {"who": held[-1].recorded_by, "when": held[-1].recorded_at[:16].replace("T", " ")}
    raise ProblemsFound([Problem(key, column="revision", value=str(held[-1].incident.revision), values=values)])


def _new(connection: Connection, given: Sequence[Incident]) -> list[Incident]:
    """Those that the store does not hold. Raises ProblemsFound for an id that it holds with other content only."""
    new, problems = [], []
    of = _histories(connection, [each.incident_id for each in given])
    for each in given:
        held = of.get(each.incident_id)
        if not held:
            new.append(each)
        elif not any(_same(each, revision.incident) for revision in held):
            problems.append(Problem("incident.other_content", column="incident_id", value=each.incident_id))
    if problems:
        raise ProblemsFound(problems)
    return new


def _same(given: Incident, held: Incident) -> bool:
    """Equal in all that a file says: an export leaves out the link to an airing or a segment that the file lacks."""
    unsaid = {name: "" for name in ("airing_id", "segment_id") if not getattr(given, name)}
    return held.model_copy(update=unsaid) == given


def _check(connection: Connection, given: Iterable[Incident]) -> None:
    given = list(given)
    problems = [problem for each in given for problem in _known(connection, each).problems(each)]
    if problems:
        raise ProblemsFound(problems)


def _known(connection: Connection, incident: Incident) -> Known:
    """What one incident may refer to: unlike the whole record, read in a moment."""
    airings: dict[str, Airing] = {}
    found = records.airing(connection, incident.airing_id) if incident.airing_id else None
    if found is not None:
        airings[found.airing_id] = found
    rows = records.segments().where(schema.segment.c.segment_id == incident.segment_id)
    segments = connection.execute(rows).mappings() if incident.segment_id else ()
    return Known(records.mission(connection), airings, {row["segment_id"]: row["airing_id"] for row in segments})


def _write(connection: Connection, incident: Incident, who: str, reason: str = "", retracted: bool = False) -> Incident:
    facts = incident.model_dump_json(by_alias=True)
    about = {"incident_id": incident.incident_id, "revision": incident.revision, "facts": facts}
    values = {**about, "retracted": retracted, "reason": reason, **records.stamp(who)}
    connection.execute(insert(schema.incident), values)
    told = {**about, "retracted": retracted, "reason": reason}
    audit.record(connection, who, audit.INCIDENT, incident.incident_id, incident.revision, told)
    return incident
