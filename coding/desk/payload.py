"""What the desk needs to know of one airing, in one message: codebook, recording, own segments, keys, words."""

import time
from collections.abc import Sequence
from typing import Any

from coding.desk.keys import key_map
from coding.desk.live_times import own_view
from coding.desk.operations import check_assigned, revision_told
from coding.languages import DEFAULT, catalogue, languages
from coding.mission.clock import local_time
from coding.mission.model import Airing, Mission, ShowSuggestions, Subject
from coding.people import Person
from coding.people.rights import Right
from coding.problems import Problem, ProblemsFound
from coding.recordings.serve import has_proxy
from coding.store import Revision, Store, records, schema
from coding.store.assignments import Assignment, standing
from coding.store.engine import reading
from coding.store.recordings import Recording, recordings
from coding.store.subtitles import subtitled
from coding.suggestions.telling import shows
from coding.vocabulary import CodeKind, Progress, Role, Speech, SubjectKind, matching_key

CONTESTANTS = (SubjectKind.PARTY, SubjectKind.COALITION, SubjectKind.CANDIDATE)

SHORT = 22
"""Letters that a button has room for; a longer official name gives way to the short one that the mission uses."""


def payload(store: Store, person: Person, airing_id: str, coder: str, language: str) -> dict[str, Any]:
    """Everything of one airing and one coder. Raises NotAllowed where it is not in the person's hands."""
    check_assigned(store, person, airing_id)
    mission, airing = store.mission(), store.airing(airing_id)
    if airing is None:
        raise ProblemsFound([Problem("desk.no_airing", value=airing_id)])
    with reading(store.engine) as connection:
        there = records.newest(schema.segment, "segment_id").where(schema.segment.c.airing_id == airing_id)
        own = there.where(schema.segment.c.coder == coder).order_by(schema.segment.c.seq)
        rows = connection.execute(own).mappings().all()
        held = [records.revision_of(row) for row in rows]
        mine = next(iter(standing(connection, airing_id, coder)), None)
        version = records.codebook_version(connection)
        if not person.may(Right.SUPERVISE):
            airing = own_view(connection, airing, coder)
    return {
        "mission": _mission(_offered(mission, held), version, language),
        "airing": _airing(_offered(mission, held), airing, language),
        "assignment": _assignment(mine),
        "recordings": [_recording(mission, each) for each in recordings(store, [airing_id])],
        "segments": [revision_told(each) for each in held],
        "suggestions": _suggestions(store, mission, airing_id, coder, person),
        "coder": coder,
        "person": person.name,
        "keys": key_map(mission.keys),
        "words": words(language),
        "language": language,
        "direction": words(language).get("direction", "ltr"),
        "now": round(time.time() * 1000),
    }


def _offered(mission: Mission, held: Sequence[Revision]) -> Mission:
    """The mission without retired names, except those that the coder's own segments of the airing still carry."""
    if not mission.retired:
        return mission
    own = {(kind, getattr(each.segment, kind)) for each in held if not each.retracted for kind in CodeKind}
    gone = {(each.kind, each.name) for each in mission.retired} - own
    lists = {"subjects": CodeKind.SUBJECT, "formats": CodeKind.FORMAT}
    kept: dict[str, Any] = {
        table: tuple(part for part in getattr(mission, table) if (kind, part.name) not in gone)
        for table, kind in lists.items()
    }
    topics = tuple(name for name in mission.topics if (CodeKind.TOPIC, name) not in gone)
    return mission.model_copy(update={**kept, "topics": topics})


def _assignment(held: Assignment | None) -> dict[str, str] | None:
    """How far the coder is, and why it came back. Nothing that tells a second coder of a first one."""
    if held is None:
        return None
    return {"progress": held.progress, "note": held.note if held.progress == Progress.RETURNED else ""}


def _suggestions(store: Store, mission: Mission, airing_id: str, coder: str, person: Person) -> dict[str, Any]:
    """When the desk asks for suggestions (never over another's coding), and whether subtitles may stand for a text."""
    show = shows(store, mission, airing_id, coder) if coder == person.name else ShowSuggestions.OFF
    return {"show": str(show), "subtitles": show != ShowSuggestions.OFF and airing_id in subtitled(store)}


def words(language: str) -> dict[str, str]:
    """The desk's own words, and those of the codes that are the same in every mission."""
    told = catalogue(DEFAULT) | (catalogue(language) if language in languages() else {})
    own = {key.removeprefix("desk."): text for key, text in told.items() if key.startswith("desk.")}
    own |= {key: text for key, text in told.items() if key.startswith(("word.role.", "word.speech."))}
    return own | {"direction": told.get("language.direction", "ltr")}


def _mission(mission: Mission, version: int, language: str) -> dict[str, Any]:
    return {
        "title": mission.title,
        "notice": mission.notice,
        "time_zone": mission.time_zone,
        "version": version,
        "tone": [{"name": point.name, "score": point.score} for point in mission.tone],
        "formats": [
            {"name": part.name, "needs_tone": part.needs_tone, "unit": str(part.unit or "")} for part in mission.formats
        ],
        "topics": list(mission.topics),
        "roles": [str(role) for role in Role],
        "speech": [str(speech) for speech in Speech],
        "subjects": [_subject(subject, language) for subject in in_order(mission)],
    }


def in_order(mission: Mission) -> list[Subject]:
    """Contestants in ballot order, then the others as the mission lists them: the numbers of the desk's keys."""
    others = [subject for subject in mission.subjects if subject.ballot is None]
    return [*mission.contestants, *others]


def _subject(subject: Subject, language: str) -> dict[str, Any]:
    label = subject.names.get(language, subject.name)
    first = Role.CONTESTANT if subject.kind in CONTESTANTS else Role.INSTITUTION
    return {
        "name": subject.name,
        "label": label,
        "short": label if len(label) <= SHORT else subject.name,
        "colour": subject.colour,
        "role": str(first),
        "spellings": sorted({matching_key(each) for each in subject.spellings}),
    }


def _airing(mission: Mission, airing: Airing, language: str) -> dict[str, Any]:
    outlet = next(each for each in mission.outlets if each.name == airing.outlet)
    began = airing.actual_start if airing.actual_start is not None else airing.planned_start
    known = {part.name for part in mission.formats}
    return {
        **airing.model_dump(mode="json", exclude={"coded"}),  # would tell a second coder that the first is done
        "outlet_label": outlet.names.get(language, outlet.name),
        "medium": str(outlet.medium),
        "unit": str(outlet.unit),
        "first_format": airing.format if airing.format in known else mission.formats[0].name,
        "monitored": airing.monitored,
        "planned": airing.planned,
        "clock": local_time(began, mission.zone).strftime("%H:%M:%S") if began is not None else "",
    }


def _recording(mission: Mission, held: Recording) -> dict[str, Any]:
    names = ("kind", "offset_ms", "length_ms", "width", "height", "page", "width_mm", "height_mm")
    told = {name: getattr(held, name) for name in names}
    rate = [held.rate_frames, held.rate_seconds] if held.rate else None
    return {"id": held.recording_id, "rate": rate, "proxy": has_proxy(mission.id, held), **told}


def known_language(asked: str) -> str:
    """The interface language that was asked for, where there is one."""
    return asked if asked in languages() else DEFAULT
