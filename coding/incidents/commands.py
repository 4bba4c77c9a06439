"""`python -m coding incidents`: record, correct, retract and list what numbers cannot show, in a store."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from coding.commands import MissionPlace, guarded, told
from coding.vocabulary import IncidentKind, Unit

if TYPE_CHECKING:
    from coding.incident import Incident
    from coding.store import Store
    from coding.store.incidents import IncidentRevision

BY = "command line"
ALIASES = {"start": "from", "end": "to"}
commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def _option(name: str, key: str = "") -> Any:
    return typer.Option(f"--{name}", help=told(f"incidents.option.{key or name}"), show_default=False)


Kind = Annotated[IncidentKind | None, _option("kind")]
Title = Annotated[str | None, _option("title")]
From = Annotated[str | None, _option("from")]
To = Annotated[str | None, _option("to")]
Clock = Annotated[str | None, _option("clock")]
Text = Annotated[str | None, _option("text")]
Outlet = Annotated[str | None, _option("outlet")]
Contestant = Annotated[str | None, _option("contestant")]
Format = Annotated[str | None, _option("format")]
Airing = Annotated[str | None, _option("airing")]
Segment = Annotated[str | None, _option("segment")]
Amount = Annotated[str | None, _option("amount")]
UnitOf = Annotated[Unit | None, _option("unit")]
Documents = Annotated[list[str], _option("document")]
Source = Annotated[str | None, _option("source")]
Outcome = Annotated[str | None, _option("outcome")]
Closed = Annotated[
    bool | None, typer.Option("--closed/--open", help=told("incidents.option.closed"), show_default=False)
]
Who = Annotated[str, _option("who")]
Id = Annotated[str, typer.Argument(help=told("incidents.option.id"), metavar="ID", show_default=False)]


@commands.command("add", help=told("incidents.command.add"))
def add(
    mission: MissionPlace,
    kind: Kind = None, title: Title = None, start: From = None, end: To = None, clock: Clock = None,
    text: Text = None, outlet: Outlet = None, contestant: Contestant = None, format_: Format = None,
    airing: Airing = None, segment: Segment = None, amount: Amount = None, unit: UnitOf = None,
    document: Documents = [], source: Source = None, outcome: Outcome = None, closed: Closed = None,  # noqa: B006
    who: Who = BY,
) -> None:  # fmt: skip
    """Record an incident."""
    given = _given(locals())
    from coding.store.incidents import record_incident

    with guarded():
        store = _writable(mission)
        made = record_incident(store, _incident({"incident_id": str(uuid4()), **given}), who)
        typer.echo(told("incidents.recorded", id=made.incident_id, title=made.title))


@commands.command("correct", help=told("incidents.command.correct"))
def correct(
    mission: MissionPlace, incident_id: Id,
    kind: Kind = None, title: Title = None, start: From = None, end: To = None, clock: Clock = None,
    text: Text = None, outlet: Outlet = None, contestant: Contestant = None, format_: Format = None,
    airing: Airing = None, segment: Segment = None, amount: Amount = None, unit: UnitOf = None,
    document: Documents = [], source: Source = None, outcome: Outcome = None, closed: Closed = None,  # noqa: B006
    reason: Annotated[str, _option("reason", "reason_correct")] = "", who: Who = BY,
) -> None:  # fmt: skip
    """Correct what the options name; everything else stays as it is. An empty text takes a field away."""
    given = _given(locals())
    from coding.store.incidents import correct_incident

    with guarded():
        store = _writable(mission)
        held = _standing(store, incident_id)
        values = held.model_dump(mode="json", by_alias=True) | given
        made = correct_incident(store, _incident(values), who, reason)
        key = "corrected" if made.revision != held.revision else "unchanged"
        typer.echo(told(f"incidents.{key}", id=made.incident_id, title=made.title, revision=made.revision))


@commands.command("retract", help=told("incidents.command.retract"))
def retract(
    mission: MissionPlace, incident_id: Id, reason: Annotated[str, _option("reason")] = "", who: Who = BY
) -> None:
    """Take an incident out of the log; it stays in its history."""
    from coding.store.incidents import retract_incident

    with guarded():
        store = _writable(mission)
        held = _standing(store, incident_id)
        retract_incident(store, held.incident_id, held.revision, who, reason)
        typer.echo(told("incidents.retracted", id=held.incident_id, title=held.title))


@commands.command("list", help=told("incidents.command.list"))
def list_(mission: MissionPlace, history: Annotated[str, _option("history")] = "") -> None:
    """One line for each incident; with --history every revision of one."""
    from coding.store.incidents import incident_history, incidents
    from coding.store.places import open_mission

    with guarded():
        store = open_mission(mission)
        notice = store.mission().notice
        if notice:
            typer.echo(notice, err=True)
        lines = map(_line, incidents(store)) if not history else map(_revision, incident_history(store, history))
        shown = list(lines)
        for line in shown or [told("incidents.none")]:
            typer.echo(line)


def _line(each: "Incident") -> str:
    days = str(each.start) if each.last == each.start else f"{each.start}..{each.last}"
    state = told("incidents.closed" if each.closed else "incidents.open")
    parts = (each.incident_id, f"{days} {each.clock}".strip(), told(f"incidents.kind.{each.kind}"))
    return " · ".join(filter(None, (*parts, each.outlet, each.contestant, each.title, state)))


def _revision(each: "IncidentRevision") -> str:
    done = "incidents.history_retracted" if each.retracted else "incidents.history"
    values = {"revision": each.incident.revision, "when": each.recorded_at[:16].replace("T", " ")}
    head = told(done, who=each.recorded_by, **values)
    return " · ".join(filter(None, (head, each.reason, _line(each.incident))))


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the options name, by the names of the fields."""
    return dict(_fields(values))


def _fields(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    named = {"format_": "format", "airing": "airing_id", "segment": "segment_id", **ALIASES}
    for name, value in values.items():
        if name in ("mission", "who", "reason", "incident_id") or value is None or value == []:
            continue
        if name == "document":
            from coding.incidents.documents import read_documents

            yield "documents", [each for written in value for each in read_documents(written)]
        else:
            yield named.get(name, name), value


def _incident(values: Mapping[str, Any]) -> "Incident":
    from coding.incident import Incident
    from coding.mission.tables import checked
    from coding.problems import Problem, ProblemsFound

    problems: list[Problem] = []
    made = checked(Incident, values, "", None, problems)
    if made is None:
        raise ProblemsFound(problems)
    return made


def _writable(mission: str) -> "Store":
    """The store to write to. Raises ProblemsFound for a folder: it can only be looked at."""
    from coding.problems import Problem, ProblemsFound
    from coding.store.places import is_url, open_mission

    if not is_url(mission):
        raise ProblemsFound([Problem("incident.folder", value=mission)])
    return open_mission(mission)


def _standing(store: "Store", incident_id: str) -> "Incident":
    from coding.problems import Problem, ProblemsFound
    from coding.store.incidents import incidents

    held = next((each for each in incidents(store) if each.incident_id == incident_id.strip().lower()), None)
    if held is None:
        raise ProblemsFound([Problem("incident.unknown", value=incident_id)])
    return held
