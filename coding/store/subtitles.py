"""Subtitles of an airing, as rows: what is said in it, with the milliseconds at which it is said."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from coding.problems import Problem, ProblemsFound
from coding.store import Store, audit, records, schema
from coding.store.engine import reading, writing

SPEECH = "speech"
"""The kind of subtitles that a model wrote down from the sound."""


@dataclass(frozen=True)
class Cue:
    """A text and when it is on the screen, in milliseconds of its file; half-open."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class SubtitleFile:
    """A file of subtitles and the airing that it belongs to.

    `kind` is srt, vtt, ttml or speech. The airing begins `offset_ms` into the file (negative where the file begins
    later than the airing). `language` is an ISO code, empty where nobody said.
    """

    airing_id: str
    subtitle_id: str
    name: str
    language: str
    kind: str
    offset_ms: int
    sha256: str
    cues: tuple[Cue, ...]
    removed: bool = False
    recorded_at: str = ""
    recorded_by: str = ""

    def cues_between(self, start_ms: int, end_ms: int) -> list[Cue]:
        """The cues of a stretch of the airing; a cue across its border belongs where the greater part of it is.

        A cue longer than the stretch belongs to it where it fills more than half of it.
        """
        start, end = start_ms + self.offset_ms, end_ms + self.offset_ms
        return [cue for cue in self.cues if _belongs(cue, start, end)]


def _belongs(cue: Cue, start: int, end: int) -> bool:
    shared = min(cue.end_ms, end) - max(cue.start_ms, start)
    return shared > 0 and 2 * shared >= min(cue.end_ms - cue.start_ms, end - start)


def add_subtitles(
    store: Store,
    airing_id: str,
    cues: Iterable[Cue],
    who: str,
    *,
    name: str,
    language: str,
    kind: str,
    sha256: str,
    offset_ms: int = 0,
) -> SubtitleFile:
    """Attach subtitles to an airing; the same file again, to the letter, is already there.

    Raises ProblemsFound for an airing that the store does not have.
    """
    given = SubtitleFile(airing_id, str(uuid4()), name, language, kind, offset_ms, sha256, tuple(cues))
    with writing(store.engine) as connection:
        if records.airing(connection, airing_id) is None:
            raise ProblemsFound([Problem("unknown_airing", column="airing_id", value=airing_id)])
        for held in _standing(connection, schema.subtitle.c.airing_id == airing_id):
            if (held.sha256, held.language, held.kind, held.offset_ms) == (sha256, language, kind, offset_ms):
                return held
        return _write(connection, given, who)


def remove_subtitles(store: Store, subtitle_id: str, who: str) -> bool:
    """Take a file of subtitles away from its airing; its rows stay. False where it is not there (any more)."""
    with writing(store.engine) as connection:
        held = _standing(connection, schema.subtitle.c.subtitle_id == subtitle_id)
        for each in held:
            _write(connection, replace(each, cues=(), removed=True), who)
    return bool(held)


def _write(connection: Connection, later: SubtitleFile, who: str) -> SubtitleFile:
    stamped = records.stamp(who)
    kept = replace(later, recorded_at=stamped["recorded_at"], recorded_by=who)
    cues = json.dumps([[cue.start_ms, cue.end_ms, cue.text] for cue in kept.cues], ensure_ascii=False)
    connection.execute(insert(schema.subtitle), {**vars(kept), "cues": cues})
    detail = {**vars(kept), "cues": len(kept.cues)}
    audit.record(connection, who, audit.SUBTITLES, kept.subtitle_id, 0, detail)
    return kept


def subtitles_of(store: Store, airing_ids: Sequence[str] | None = None) -> list[SubtitleFile]:
    """The files of subtitles of these airings (of all, where none are named) that are not removed, the oldest first."""
    which = () if airing_ids is None else (schema.subtitle.c.airing_id.in_(airing_ids),)
    with reading(store.engine) as connection:
        return _standing(connection, *which)


def subtitled(store: Store) -> set[str]:
    """The airings that have subtitles; reads no cues."""
    table = schema.subtitle
    rows = select(table.c.airing_id).where(table.c.seq.in_(_newest()), ~table.c.removed)
    with reading(store.engine) as connection:
        return set(connection.execute(rows).scalars())


def text_between(store: Store, airing_id: str, start_ms: int, end_ms: int) -> tuple[str, str]:
    """What the subtitles say in a stretch of an airing, and in which language; empty where there are none."""
    return text_of(subtitles_of(store, [airing_id]), start_ms, end_ms)


def text_of(files: Sequence[SubtitleFile], start_ms: int, end_ms: int) -> tuple[str, str]:
    """The text of a stretch and its language, from the files of one airing.

    Of several languages the first that has something there is taken, written subtitles before recognised speech;
    further files in that language and of that kind go on where the first ends (an airing in two parts).
    """
    for first in sorted(files, key=lambda file: file.kind == SPEECH):
        found = [
            (cue.start_ms - each.offset_ms, cue.text.strip())
            for each in files
            if each.language == first.language and (each.kind == SPEECH) == (first.kind == SPEECH)
            for cue in each.cues_between(start_ms, end_ms)
        ]
        if found:
            texts = (text for text, _again in groupby(text for _, text in sorted(found)))
            return " ".join(text for text in texts if text), first.language
    return "", ""


def _standing(connection: Connection, *which: ColumnElement[bool]) -> list[SubtitleFile]:
    """The files that are not removed, of those chosen by airing or by id: others are not read, since cues are long."""
    table = schema.subtitle
    newest = _newest().where(*which)
    rows = select(table).where(table.c.seq.in_(newest), ~table.c.removed).order_by(table.c.seq)
    return [_of(row) for row in connection.execute(rows).mappings()]


def _newest() -> Select[Any]:
    table = schema.subtitle
    return select(func.max(table.c.seq)).group_by(table.c.subtitle_id, table.c.airing_id)


def _of(row: Any) -> SubtitleFile:
    values = {name: row[name] for name in SubtitleFile.__dataclass_fields__}
    cues = tuple(Cue(*cue) for cue in json.loads(row["cues"]))
    return SubtitleFile(**values | {"cues": cues, "removed": bool(row["removed"])})
