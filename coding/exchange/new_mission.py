"""A first mission from a file that brings its own outlets and subjects, such as a regulator's totals."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coding.exchange.mapping import FileMapping
from coding.exchange.names import look_alikes
from coding.exchange.readers import read_table
from coding.exchange.rows import Drafts, drafts_of
from coding.mission.checks import check_mission
from coding.mission.model import Format, Mission, Outlet, Period, Subject, TonePoint
from coding.mission.tables import checked
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import Medium, SubjectKind, Unit, matching_key

THREE_POINTS = (
    TonePoint(name="positive", score=1),
    TonePoint(name="neutral", score=0),
    TonePoint(name="negative", score=-1),
)


@dataclass(frozen=True)
class NewMission:
    """The mission made from a file, and what a person should look at; nothing was merged."""

    mission: Mission
    notices: tuple[Problem, ...]


def mission_from_file(
    path: Path, mapping: FileMapping, *, mission_id: str, title: str, period: Period, time_zone: str, notice: str = ""
) -> NewMission:
    """A mission with the outlets, subjects, formats and topics that the file names, in order of first appearance.

    Outlets are television where the file counts time, else newspapers, until somebody says otherwise; every
    subject is a candidate on the ballot. Names stay as spelled. Two that look like spellings of one person are
    reported, never merged. Raises ProblemsFound.
    """
    drafts = drafts_of(read_table(path, mapping.file), mapping)
    problems = list(drafts.problems)
    subjects = _names(drafts, "subject")
    toned = any(draft.fields.get("tone") for draft in drafts.drafts)
    values = {
        "id": mission_id,
        "title": title,
        "time_zone": time_zone,
        "notice": notice,
        "periods": (period,),
        "tone": THREE_POINTS,
        "formats": tuple(Format(name=n, tone_required=None if toned else False) for n in _names(drafts, "format")),
        "topics": _names(drafts, "topic"),
        "slots": mapping.slots,
        "outlets": tuple(_outlet(name, mapping) for name in _names(drafts, "outlet")),
        "subjects": tuple(_subject(name, place) for place, name in enumerate(subjects, 1)),
    }
    mission = checked(Mission, values, path.name, None, problems)
    if mission is not None:
        problems += check_mission(mission, lambda _: 1, {}, {})
    if problems or mission is None:
        raise ProblemsFound(problems)
    return NewMission(mission, tuple(_notices(path.name, subjects)))


def _names(drafts: Drafts, field: str) -> tuple[str, ...]:
    """Different names in a field, as first spelled; only case or spacing apart is one name."""
    found: dict[str, str] = {}
    for draft in drafts.drafts:
        if name := draft.fields.get(field):
            found.setdefault(matching_key(name), name)
    return tuple(found.values())


def _outlet(name: str, mapping: FileMapping) -> Outlet:
    unit = mapping.unit or Unit.MS
    return Outlet(name=name, medium=Medium.TV if unit == Unit.MS else Medium.NEWSPAPER, unit=unit)


def _subject(name: str, ballot: int) -> Subject:
    return Subject(name=name, kind=SubjectKind.CANDIDATE, ballot=ballot)


def _notices(file: str, subjects: tuple[str, ...]) -> Iterable[Problem]:
    for one, two in look_alikes(subjects):
        yield Problem("two_spellings", file, value=one, values={"other": two})
