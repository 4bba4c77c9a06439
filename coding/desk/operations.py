"""What the desk asks the store to do, as checked messages, and doing it: one message, one transaction.

Every message carries its own identity (segment, revision), so that one sent again after a lost reply stores nothing.
"""

import time
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import Connection, select

from coding.desk.live_times import LIVE, last_end, own_view
from coding.desk.renamed import Door
from coding.languages import Translate
from coding.mission.model import Airing
from coding.mission.parts import Name
from coding.mission.tables import translated
from coding.people import Person
from coding.people.rights import Right
from coding.problems import Problem, ProblemsFound
from coding.segment import MOST, Segment
from coding.store import Conflict, Guard, Revision, Store, records, schema
from coding.store.assignments import OPEN, changed, standing
from coding.store.decisions import deciding
from coding.store.engine import reading, writing
from coding.store.recordings import recordings
from coding.suggestions.stamp import stamped
from coding.vocabulary import AiringKind, Progress, RecordingKind

HOUR = 3_600_000
LIVE_WITHIN, LIVE_AT_MOST, CLOCKS_DIFFER = 12 * HOUR, 24 * HOUR, HOUR // 12
"""Live air begins about when it was planned, lasts a day at most, and not in the future."""
AT_ONCE = 50
"""Messages of one request; a longer queue comes in several."""


class Message(BaseModel):
    """The frame of every message; what is not expected is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(Message):
    """A new segment, or a later version of one: `segment.revision` is the one that was read."""

    kind: Literal["add", "revise", "restore"]
    segment: Segment
    reason: str = ""


class Retract(Message):
    """Take a segment out of the results."""

    kind: Literal["retract"]
    segment_id: str
    revision: Annotated[int, Field(ge=1, le=MOST)]
    reason: str


class Times(Message):
    """When a live airing really began and ended, in milliseconds of UTC since 1970; `id` knows one that comes twice."""

    kind: Literal["times"]
    id: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = None
    airing_id: Name
    start: Annotated[int, Field(ge=0, le=MOST)]
    end: Annotated[int, Field(ge=0, le=MOST)]


class Mark(Message):
    """The coder is done with an airing, or takes it up again; `read` is how it stood on the coder's screen."""

    kind: Literal["done", "reopen"]
    airing_id: Name
    coder: Name
    read: Progress | None = None


Operation = Annotated[Record | Retract | Times | Mark, Field(discriminator="kind")]
_checked: TypeAdapter[Any] = TypeAdapter(Operation)


class NotAllowed(Exception):
    """The person may not write there; `problem` says why."""

    outcome = "forbidden"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.key)


class Decided(NotAllowed):
    """It was decided between the coders what holds there: only another decision changes it."""

    outcome = "refused"


def applied(store: Store, person: Person, raw: Iterable[Any], t: Translate) -> list[dict[str, Any]]:
    """Do each message in turn; one answer for each: `outcome` and what belongs to it.

    `stored` (with `segment`, its revision and who), `conflict` (with `current`: what the store holds, and by whom),
    `refused` (with `problems` in the reader's language), `forbidden` (the same). Nothing but `stored` was saved. What
    follows on the same segment or airing after one that was not stored is `held`: it was made on top of that one, and
    its revision could by chance be that of somebody else's. Nor is an airing done as long as a segment is not stored.
    """
    answers: list[dict[str, Any]] = []
    stopped: set[str] = set()
    door = Door(store)
    for message in raw:
        about = _about(message)
        waits = about in stopped or (stopped and isinstance(message, dict) and message.get("kind") == "done")
        answers.append({"outcome": "held"} if waits else _answer(store, person, message, t, door))
        if about and answers[-1]["outcome"] != "stored":
            stopped.add(about)
    return answers


def _about(raw: Any) -> str:
    """The segment or airing of a message that is not checked yet; empty where it names none."""
    if not isinstance(raw, dict):
        return ""
    segment = raw.get("segment")
    named = segment.get("segment_id") if isinstance(segment, dict) else raw.get("segment_id", raw.get("airing_id"))
    return str(named or "")


def _answer(store: Store, person: Person, raw: Any, t: Translate, door: Door) -> dict[str, Any]:
    try:
        message = _stamped(store, _let_in(door, _checked.validate_python(raw)))
        return {"outcome": "stored", **_done(store, person, message)}
    except ValidationError as error:
        return _told("refused", translated(error, "", lambda _: None), t)
    except ProblemsFound as found:
        return _told("refused", found.problems, t)
    except NotAllowed as refusal:
        before = _stored_before(store, person, message)
        stored = {"outcome": "stored", **revision_told(before)} if before else None
        return stored or _told(refusal.outcome, [refusal.problem], t)
    except Conflict as conflict:
        return _conflict_told(person, conflict, t)


def _conflict_told(person: Person, conflict: Conflict, t: Translate) -> dict[str, Any]:
    """What the store holds; of another's segment, which has the same identifier, only that there is one."""
    if conflict.current.segment.coder != person.name and not person.may(Right.SUPERVISE):
        return _told("refused", [Problem("desk.id_taken", value=conflict.current.segment.segment_id)], t)
    return {"outcome": "conflict", "current": revision_told(conflict.current)}


def _let_in(door: Door, message: Record | Retract | Times | Mark) -> Record | Retract | Times | Mark:
    """What a desk says that was open while names of the codebook changed, as it would say it today."""
    if isinstance(message, Record):
        return message.model_copy(update={"segment": door.segment(message.kind, message.segment)})
    if isinstance(message, Retract):
        return message.model_copy(update={"revision": door.revision(message.segment_id, message.revision)})
    return message


def _stamped(store: Store, message: Record | Retract | Times | Mark) -> Record | Retract | Times | Mark:
    """What the coder had seen of a suggestion, as the server recorded it: what the browser says of it is not taken."""
    if not isinstance(message, Record):
        return message
    made = message.segment.revision + (message.kind != "add")
    return message.model_copy(update={"segment": stamped(store, message.segment, made)})


def _told(outcome: str, problems: Iterable[Problem], t: Translate) -> dict[str, Any]:
    words = [problem.message(t).encode("utf-8", "replace").decode() for problem in problems]  # half of a sign may come
    return {"outcome": outcome, "problems": words}


def _stored_before(store: Store, person: Person, message: Record | Retract | Times | Mark) -> Revision | None:
    """The revision that this very message made: its reply was lost, and the airing was closed before it came again."""
    if isinstance(message, Retract):
        asked = (message.revision + 1, True, message.reason)
        own = [each for each in store.history(message.segment_id) if each.recorded_by == person.name]
        return next((each for each in own if (each.revision, each.retracted, each.reason) == asked), None)
    if isinstance(message, Record):
        made = message.segment.revision + (message.kind != "add")
        wanted = message.segment.model_copy(update={"revision": made})
        own = [each for each in store.history(wanted.segment_id) if each.recorded_by == person.name]
        return next((each for each in own if each.segment == wanted and not each.retracted), None)
    return None


def revision_told(revision: Revision) -> dict[str, Any]:
    """A revision as the desk reads it."""
    told = {name: getattr(revision, name) for name in ("retracted", "reason", "recorded_at", "recorded_by")}
    return {"segment": revision.segment.model_dump(mode="json"), **told}


def _done(store: Store, person: Person, message: Record | Retract | Times | Mark) -> dict[str, Any]:
    if isinstance(message, Record):
        return revision_told(_recorded(store, person, message))
    if isinstance(message, Retract):
        held = _newest(store, message.segment_id).segment
        return revision_told(
            store.retract(held.segment_id, message.revision, person.name, message.reason, _may_change(person, held))
        )
    if isinstance(message, Times):
        return _times(store, person, message)
    return _marked(store, person, message)


def _recorded(store: Store, person: Person, message: Record) -> Revision:
    segment = message.segment
    if message.kind == "add":
        if segment.revision != 1:
            raise ProblemsFound([Problem("desk.first_revision", column="revision", value=str(segment.revision))])
        if segment.coder != person.name:
            raise NotAllowed(Problem("desk.not_yours", column="coder", value=segment.coder))
        return store.record(segment, person.name, lambda connection: check_may_write(connection, person, segment))
    held = _newest(store, segment.segment_id).segment
    if (held.coder, held.airing_id) != (segment.coder, segment.airing_id):
        raise NotAllowed(Problem("desk.not_yours", column="coder", value=segment.coder))
    do = store.revise if message.kind == "revise" else store.restore
    return do(segment, person.name, message.reason, _may_change(person, held))


def _newest(store: Store, segment_id: str) -> Revision:
    held = store.history(segment_id)
    if not held:
        raise ProblemsFound([Problem("unknown_segment", column="segment_id", value=segment_id)])
    return held[-1]


def _may_change(person: Person, segment: Segment) -> Guard:
    """Asked in the transaction that writes: between a look and the write a decision could be made."""
    return lambda connection: check_may_change(connection, person, segment)


def check_may_change(connection: Connection, person: Person, segment: Segment) -> None:
    """The same for a stored segment, and raises Decided for one under a decision between its airing's coders."""
    own = segment.coder == person.name or person.may(Right.SUPERVISE)
    if own and deciding(connection, segment.airing_id, segment.segment_id) is not None:
        raise Decided(Problem("desk.decided", column="segment_id", value=segment.segment_id))
    check_may_write(connection, person, segment)


def check_may_write(connection: Connection, person: Person, segment: Segment) -> None:
    """Raises NotAllowed unless the airing is in the coder's hands and not done, or the person supervises."""
    if person.may(Right.SUPERVISE):
        return
    if segment.coder != person.name:  # and whose it is, is not told: a second coder must not learn who was first
        raise NotAllowed(Problem("desk.not_own", column="segment_id", value=segment.segment_id))
    _check_assigned(connection, person, segment.airing_id, to_write=True)


def check_assigned(store: Store, person: Person, airing_id: str, to_write: bool = False) -> None:
    """Raises NotAllowed unless the airing is in this person's hands (and open, to write), or the person supervises."""
    with reading(store.engine) as connection:
        _check_assigned(connection, person, airing_id, to_write)


def _check_assigned(connection: Connection, person: Person, airing_id: str, to_write: bool) -> None:
    if person.may(Right.SUPERVISE):
        return
    mine = next(iter(standing(connection, airing_id, person.name)), None)
    if mine is None or mine.progress == Progress.WITHDRAWN or not person.may(Right.CODE):
        raise NotAllowed(Problem("not_assigned", column="airing_id", value=airing_id))
    if to_write and mine.progress not in OPEN:
        raise NotAllowed(Problem("desk.airing_done", column="airing_id", value=airing_id))


def _times(store: Store, person: Person, message: Times) -> dict[str, Any]:
    reason = f"{LIVE} {message.id}" if message.id else LIVE
    with reading(store.engine) as connection:
        held = records.airing(connection, message.airing_id)
        table = schema.airing
        these = (table.c.airing_id == message.airing_id, table.c.reason == reason, table.c.recorded_by == person.name)
        if held and message.id and connection.execute(select(table.c.seq).where(*these)).first():
            return {"airing": _on_air(connection, held, person, message)}  # it came before
    check_assigned(store, person, message.airing_id, to_write=True)
    if any(each.kind != RecordingKind.PAGE for each in recordings(store, [message.airing_id])):
        raise ProblemsFound([Problem("desk.recorded", value=message.airing_id)])
    with writing(store.engine) as connection:
        held = records.airing(connection, message.airing_id)
        if held is None or held.kind != AiringKind.PROGRAMME:
            raise ProblemsFound([Problem("unknown_airing", column="airing_id", value=message.airing_id)])
        later = _with_times(held, message, last_end(connection, message.airing_id))
        records.append_airing(connection, later, person.name, reason)
        return {"airing": _on_air(connection, later, person, message)}


def _with_times(held: Airing, message: Times, last_end: int) -> Airing:
    """The airing with the live times: the first beginning stands, and the end covers what anybody has coded.

    Two coders of one live airing must not move each other's segments, nor learn of them by a refusal.
    """
    start = message.start if held.actual_start is None else held.actual_start
    planned = held.planned_start if held.planned_start is not None else start
    near = abs(start - planned) <= LIVE_WITHIN and start <= round(time.time() * 1000) + CLOCKS_DIFFER
    if held.actual_start is None and not near:
        raise ProblemsFound([Problem("desk.not_live", column="start", value=held.airing_id)])
    end = max(start + last_end, start + 1, min(message.end, start + LIVE_AT_MOST))
    return held.model_copy(update={"actual_start": start, "actual_end": end})


def _on_air(connection: Connection, airing: Airing, person: Person, message: Times) -> dict[str, int | None]:
    """What the desk may know of an airing's times: not how far another coder came, nor whether somebody is done."""
    if not person.may(Right.SUPERVISE):
        longest = (airing.actual_start or message.start) + LIVE_AT_MOST
        airing = own_view(connection, airing, person.name, min(message.end, longest))
    return {"start": airing.actual_start, "end": airing.actual_end}


def _marked(store: Store, person: Person, message: Mark) -> dict[str, Any]:
    if message.coder != person.name and not person.may(Right.SUPERVISE):
        raise NotAllowed(Problem("desk.not_yours", column="coder", value=message.coder))
    wanted = Progress.DONE if message.kind == "done" else Progress.ASSIGNED
    with writing(store.engine) as connection:
        stands = next(iter(standing(connection, message.airing_id, message.coder)), None)
        if stands is not None and message.read is not None and stands.progress not in (message.read, wanted):
            return {"progress": str(stands.progress)}  # the supervisor was faster: shown to the coder, not undone
        changed(connection, message.airing_id, message.coder, wanted, person.name)
    return {"progress": str(wanted)}
