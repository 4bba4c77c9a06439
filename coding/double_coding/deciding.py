"""Deciding between coders: one transaction that writes revisions in the counted coding and the decision itself.

The airing's first decision fixes whose coding carries its decisions: the one that counts (`coding/counted_coders.py`).
From then on results take that coding. A decision always starts from the coders' own words, never from what was decided
before; what holds afterwards is the same whichever way it was reached. Nobody decides about an own coding.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import ValidationError
from sqlalchemy import Connection, func, select

from coding.counted_coders import counted_coders, holders_of
from coding.double_coding.disagreements import CODES as CODE_NAMES
from coding.double_coding.disagreements import Disagreement, Piece, Word, own_rows
from coding.mission.tables import translated
from coding.problems import Problem, ProblemsFound
from coding.segment import Segment
from coding.store import Revision, Store, audit, records, schema
from coding.store.assignments import standing
from coding.store.decisions import (
    CODES,
    KEPT,
    NOTHING,
    TAKEN_BACK,
    Decision,
    append_decision,
    decision_by_id,
    decisions_in,
    newest_of,
    word_of,
)
from coding.store.engine import writing
from coding.vocabulary import PRACTICE, Progress

PLACE = ("start_ms", "end_ms", "page", "box", "amount")
UNSAID = "decision"
"""The reason of a revision where none was given: the coder's word that holds is in the decision."""
NO_SUGGESTION = {
    name: Segment.model_fields[name].default
    for name in ("suggested_tone", "suggested_probability", "suggested_by", "suggestion")
}


def decide(
    store: Store,
    who: str,
    passage: Disagreement,
    outcome: str,
    codes: Mapping[str, Any] | None = None,
    reason: str = "",
    decision_id: str | None = None,
) -> Decision:
    """Settle a passage: revisions in the counted coding and the decision, in one transaction.

    `outcome` is `word_of(coder)`, CODES (then `codes` has subject, role, speech, tone, format, topic and, where there
    is time, start_ms and end_ms) or NOTHING (nobody is there). The same decision again is found and returned. Raises
    ProblemsFound where the person coded the airing, somebody still codes it or changed something, somebody else decided
    since the screen read it, a reason is missing (for CODES and NOTHING), or what would hold breaks a rule of the
    mission, also against the counted coder's other segments. Then nothing was written.
    """
    asked = _plain(passage, outcome)
    made = decision_id or press(who, passage, asked, codes, reason)
    with writing(store.engine) as connection:
        held = decision_by_id(connection, made)
        if held is not None:
            return held
        _check(connection, who, passage, asked, reason)
        coder = _counted(connection, passage)
        wanted = _wanted(connection, passage, asked, coder, codes or {})
        return _written(connection, who, passage, coder, asked, wanted, (made, reason.strip()))


def take_back(store: Store, who: str, passage: Disagreement, reason: str = "") -> Decision:
    """Open a decided passage again: the counted coder's own word stands there until it is decided anew."""
    if passage.last is None or not passage.last.holds:
        raise ProblemsFound([Problem("decision.not_decided")])
    return decide(store, who, passage, TAKEN_BACK, None, reason)


def press(who: str, passage: Disagreement, outcome: str, codes: Mapping[str, Any] | None, reason: str) -> str:
    """The id of a decision: the same press on the same screen makes the same one, however often it arrives."""
    read = passage.last.decision_id if passage.last else ""
    told = [who, passage.airing_id, sorted(passage.key), read, outcome, dict(codes or {}), reason]
    return str(uuid5(NAMESPACE_URL, json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)))


def _plain(passage: Disagreement, outcome: str) -> str:
    """That nobody is there may be what a coder said already: then this coder's word holds."""
    silent = next((word.coder for word in passage.words if not word.found), None)
    return word_of(silent) if outcome == NOTHING and silent is not None else outcome


# may it be decided


def _check(connection: Connection, who: str, passage: Disagreement, outcome: str, reason: str) -> None:
    coders = [word.coder for word in passage.words]
    if who in coders:
        raise ProblemsFound([Problem("decision.own")])
    if outcome not in (CODES, NOTHING, TAKEN_BACK) and outcome not in map(word_of, coders):
        raise ProblemsFound([Problem("decision.unknown", value=outcome)])
    if outcome in (CODES, NOTHING) and not reason.strip():
        raise ProblemsFound([Problem("decision.needs_reason")])
    still = [
        each.coder
        for each in standing(connection, passage.airing_id)
        if each.purpose not in PRACTICE and each.progress not in (Progress.DONE, Progress.WITHDRAWN)
    ]
    if still:
        raise ProblemsFound([Problem("decision.not_finished", values={"coders": ", ".join(still)})])
    made = decisions_in(connection, passage.airing_id)
    _check_read(made, passage)
    if not made and _changed(connection, passage):
        raise ProblemsFound([Problem("decision.changed")])


def _check_read(made: Sequence[Decision], passage: Disagreement) -> None:
    """Whether the newest decision about the passage is still the one that the screen showed."""
    held, read = newest_of(made), passage.last.decision_id if passage.last else ""
    since = [held[each] for each in passage.key if each in held and held[each].decision_id != read]
    known = {each.decision_id for each in made[: _after(made, read)]}
    later = [each for each in since if each.decision_id not in known]
    if later:
        newest = max(later, key=lambda each: each.recorded_at)
        values = {"who": newest.recorded_by, "what": [told(newest)]}
        raise ProblemsFound([Problem("decision.taken", values=values)])


def _after(made: Sequence[Decision], decision_id: str) -> int:
    return next((number + 1 for number, each in enumerate(made) if each.decision_id == decision_id), 0)


def told(made: Decision) -> tuple[str, dict[str, Any]]:
    """What was decided, as a phrase: a key of the catalogue and what fills its places."""
    if made.kept:
        return "decision.kept", {"coder": made.kept}
    codes = ", ".join(str(made.codes[name]) for name in ("subject", "tone") if made.codes.get(name))
    return f"decision.{made.outcome}", {"codes": codes} if made.outcome == CODES else {}


def _changed(connection: Connection, passage: Disagreement) -> bool:
    """Whether anything was written to the airing since the passage was read."""
    table = schema.segment.c
    rows = select(table.seq).where(table.airing_id == passage.airing_id, table.seq > passage.until).limit(1)
    return connection.execute(rows).first() is not None


def _counted(connection: Connection, passage: Disagreement) -> str:
    """In whose coding the airing's decisions stand: fixed by the first one, before it the coder that counts."""
    airing_id = passage.airing_id
    made = decisions_in(connection, airing_id)
    if made:
        return made[0].coder
    segment, assignment = schema.segment.c, schema.assignment.c
    first = select(segment.segment_id, func.min(segment.seq)).where(segment.airing_id == airing_id)
    since = {row[0]: row[1] for row in connection.execute(first.group_by(segment.segment_id))}
    stored: dict[tuple[str, str], int] = {}
    for row in connection.execute(records.segments([airing_id])).mappings():
        pair = (airing_id, row["coder"])
        stored[pair] = min(since[row["segment_id"]], stored.get(pair, since[row["segment_id"]]))
    columns = (assignment.seq, assignment.airing_id, assignment.coder, assignment.purpose, assignment.progress)
    rows = select(*columns).where(assignment.airing_id == airing_id).order_by(assignment.seq)
    held = holders_of(connection.execute(rows).all())
    silent = {(airing_id, word.coder): 0 for word in passage.words}  # where nothing stands: somebody retracted all
    coder = {**counted_coders(silent, held, {}), **counted_coders(stored, held, {})}[airing_id]
    if passage.word_by(coder) is None:
        raise ProblemsFound([Problem("decision.not_finished", values={"coders": coder})])
    return coder


# what is to hold


def _wanted(
    connection: Connection, passage: Disagreement, outcome: str, coder: str, codes: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The columns of each segment that is to stand for the passage in the counted coding; none for nothing."""
    own, counted = own_rows(connection, passage), passage.word_by(coder)
    if outcome in (CODES, NOTHING):
        if outcome == NOTHING:
            return []
        base = _base(connection, passage, coder, codes)
        return [_chosen(_content(base.pieces[0], own), base, codes)]
    kept = counted if outcome == TAKEN_BACK else passage.word_by(outcome.removeprefix(KEPT))
    return [] if kept is None else [_content(piece, own) for piece in kept.pieces]


def _base(connection: Connection, passage: Disagreement, coder: str, codes: Mapping[str, Any]) -> Word:
    """Whose place and amount chosen codes take: the counted coder's, else another's; in the unit of the chosen format.

    Millimetres are no lines: where nobody measured in the unit of that format, there is no amount.
    """
    rules = records.rules_for(connection, passage.airing_id)
    airing = rules.airings[passage.airing_id]
    found = sorted((word for word in passage.words if word.found), key=lambda word: word.coder != coder)
    for word in found:
        if rules.unit_of(word.format, airing) == rules.unit_of(codes.get("format", word.format), airing):
            return word
    raise ProblemsFound([Problem("decision.other_unit", column="format", value=str(codes["format"]))])


def _content(piece: Piece, own: Mapping[str, Segment]) -> dict[str, Any]:
    """Place and codes of a coder's segment under their present names, with its text."""
    row = own[piece.segment_id]
    words = {"text": row.text, "language": row.language, "selected": row.selected}
    return {name: getattr(piece, name) for name in (*PLACE, *CODE_NAMES)} | words


def _chosen(base: dict[str, Any], word: Word, codes: Mapping[str, Any]) -> dict[str, Any]:
    """The codes that were chosen by hand, over the whole passage where no other times were."""
    place = {"start_ms": word.start_ms, "end_ms": word.end_ms} if word.start_ms is not None else {"amount": word.amount}
    given = base | place | {name: codes[name] for name in (*CODE_NAMES, "start_ms", "end_ms") if name in codes}
    if given["start_ms"] is not None and given["end_ms"] is not None:
        given["amount"] = given["end_ms"] - given["start_ms"]
    return given


# writing it


def _written(
    connection: Connection,
    who: str,
    passage: Disagreement,
    coder: str,
    outcome: str,
    wanted: Sequence[dict[str, Any]],
    named: tuple[str, str],
) -> Decision:
    decision_id, reason = named
    seq = int(connection.execute(select(func.coalesce(func.max(schema.segment.c.seq), 0))).scalar_one())
    added = _added(connection, passage)
    counted = passage.word_by(coder)
    held = [piece.segment_id for piece in (counted.pieces if counted else ())] + added
    new = [str(uuid5(UUID(decision_id), str(number))) for number in range(len(held), len(wanted))]
    version = records.codebook_version(connection)
    for segment_id in held[len(wanted) :]:
        _retracted(connection, segment_id, who, reason or UNSAID)
    later = [
        _revised(connection, segment_id, content | {"codebook_version": version})
        for segment_id, content in zip(held, wanted, strict=False)
    ]
    made = [_new(passage, coder, *each, version) for each in zip(new, wanted[len(held) :], strict=True)]
    for segment, action in [each for each in later if each] + [(segment, "add") for segment in made]:
        records.append(connection, segment, who, reason or UNSAID, action)
    for segment in [each[0] for each in later if each] + made:
        records.check_one(connection, segment)
    about = tuple(dict.fromkeys([*sorted(passage.key), *added, *new]))
    said = tuple(word.told() for word in passage.words)
    codes = {} if outcome == TAKEN_BACK else max(wanted, key=lambda each: each["amount"], default={})
    kept = {name: codes[name] for name in (*PLACE, *CODE_NAMES) if name in codes}
    row = Decision(decision_id, passage.airing_id, coder, about, said, outcome, kept, seq, reason)
    return append_decision(connection, row, who)


def _added(connection: Connection, passage: Disagreement) -> list[str]:
    """Segments that earlier decisions about the passage put into the counted coding."""
    found: list[str] = []
    for each in decisions_in(connection, passage.airing_id):
        if passage.key & set(each.segments):
            own = {piece["segment_id"] for word in each.said for piece in word["pieces"]}
            found += [segment_id for segment_id in each.segments if segment_id not in own]
    return list(dict.fromkeys(found))


def _newest(connection: Connection, segment_id: str) -> Revision:
    return records.history(connection, segment_id)[-1]


def _retracted(connection: Connection, segment_id: str, who: str, reason: str) -> None:
    held = _newest(connection, segment_id)
    if not held.retracted:
        later = held.segment.model_copy(update={"revision": held.revision + 1})
        records.append(connection, later, who, reason, "retract")


def _revised(connection: Connection, segment_id: str, content: Mapping[str, Any]) -> tuple[Segment, str] | None:
    """The later revision that makes a segment what it is to be, and how it is called; None where it is so already."""
    held = _newest(connection, segment_id)
    before = held.segment.model_dump()
    words = {"text": content["text"] or before["text"], "selected": before["selected"]}
    after = {**before, **content, **words, "revision": held.revision + 1}
    if content["subject"] != before["subject"]:
        after |= NO_SUGGESTION  # what a model said of another subject says nothing of this one
    same = all(after[name] == before[name] for name in (*PLACE, *CODE_NAMES, "text"))
    if same and not held.retracted:
        return None
    return _checked(after), "restore" if held.retracted else "revise"


def _new(passage: Disagreement, coder: str, segment_id: str, content: Mapping[str, Any], version: int) -> Segment:
    """What the counted coder did not find, as a segment of that coding."""
    identity = {"segment_id": segment_id, "airing_id": passage.airing_id, "coder": coder, "coded_at": audit.now()}
    return _checked({**content, **identity, "codebook_version": version})


def _checked(values: Mapping[str, Any]) -> Segment:
    try:
        return Segment.model_validate(values)
    except ValidationError as error:
        raise ProblemsFound(translated(error, "", lambda _: None)) from None
