"""The tables of a store. Records are append-only: a change is a later revision, a removal a retraction."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts by itself only in a column of exactly INTEGER."""


def _segment_columns() -> list[Column[Any]]:
    return [
        Column("segment_id", String(36), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("airing_id", Text, nullable=False, index=True),
        Column("start_ms", BigInteger),
        Column("end_ms", BigInteger),
        Column("page", Integer),
        Column("box", Text, nullable=False),
        Column("amount", BigInteger, nullable=False),
        Column("subject", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("speech", Text, nullable=False),
        Column("tone", Text, nullable=False),
        Column("format", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("note", Text, nullable=False),
        Column("coder", Text, nullable=False),
        Column("coded_at", Text, nullable=False),
        Column("codebook_version", Integer, nullable=False),
        Column("selected", Text, nullable=False),
        Column("suggested_tone", Text, nullable=False),
        Column("suggested_probability", Float),
        Column("suggested_by", Text, nullable=False),
        Column("suggestion", Text, nullable=False),
    ]


def _record_columns() -> list[Column[Any]]:
    return [
        Column("retracted", Boolean, nullable=False),
        Column("reason", Text, nullable=False),
        Column("recorded_at", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
    ]


codebook = Table(
    "codebook",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("mission", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

airing = Table(
    "airing",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("airing_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("date_to", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("planned_start", BigInteger),
    Column("planned_end", BigInteger),
    Column("actual_start", BigInteger),
    Column("actual_end", BigInteger),
    Column("planned_size", BigInteger),
    Column("actual_size", BigInteger),
    Column("start_clock", BigInteger),
    Column("coded", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    *_record_columns(),
    UniqueConstraint("airing_id", "revision"),
)

segment = Table(
    "segment",
    metadata,
    Column("seq", Sequence, primary_key=True),
    *_segment_columns(),
    *_record_columns(),
    UniqueConstraint("segment_id", "revision"),
)

segment_staged = Table(
    "segment_staged",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("batch", String(36), nullable=False, index=True),
    *_segment_columns(),
    comment="Rows of an import on their way in; accepted into segment in one short statement.",
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

assignment = Table(
    "assignment",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("airing_id", Text, nullable=False),
    Column("coder", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("progress", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index("ix_assignment_airing_coder", "airing_id", "coder"),
    Index("ix_assignment_coder", "coder"),
    comment="Who codes which airing; the newest row of an airing and a coder is how it stands.",
)

recording = Table(
    "recording",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("recording_id", String(36), nullable=False, index=True),
    Column("airing_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("offset_ms", BigInteger, nullable=False),
    Column("length_ms", BigInteger),
    Column("rate_frames", Integer),
    Column("rate_seconds", Integer),
    Column("width", Integer),
    Column("height", Integer),
    Column("page", Integer),
    Column("width_mm", Integer),
    Column("height_mm", Integer),
    Column("removed", Boolean, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    comment="Files behind an airing; the newest row of a recording and an airing is how it stands.",
)

suggestion = Table(
    "suggestion",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("segment_id", String(36), nullable=False),
    Column("airing_id", Text, nullable=False, index=True),
    Column("coder", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text_sha", String(64), nullable=False),
    Column("language", Text, nullable=False),
    Column("points", Text, nullable=False),
    Column("probabilities", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("silent", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("withheld", Boolean, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("tone_before", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    UniqueConstraint("segment_id", "revision", "model", "subject"),
    comment="What a model said of a segment at a revision (0: before the first one), and whether it was shown.",
)

subtitle = Table(
    "subtitle",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("subtitle_id", String(36), nullable=False, index=True),
    Column("airing_id", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("offset_ms", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("cues", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    comment="Subtitles of an airing; the newest row of a file and an airing is how it stands.",
)

tone_model = Table(
    "tone_model",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("version", Text, nullable=False, unique=True),
    Column("folder", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("labels", Integer, nullable=False),
    Column("languages", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    comment="Versions of the tone model that were trained on this mission.",
)

tone_model_use = Table(
    "tone_model_use",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("version", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    comment="Which version is in use: the newest row tells; an empty version is none.",
)

# a decision settles one passage of an airing between its coders: `segments` are the segments it is about, `said` what
# each coder had there, `codes` what holds from now on (empty: nothing); `segment_seq` is the last row of a segment that
# was written before it, so that what coders said unasked can be read for good
decision = Table(
    "decision",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("decision_id", String(36), nullable=False, unique=True),
    Column("airing_id", Text, nullable=False, index=True),
    Column("coder", Text, nullable=False),
    Column("segments", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("codes", Text, nullable=False),
    Column("segment_seq", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    comment="What holds where coders of one airing said different things, and why; `coder` is whose coding carries it.",
)

reopening = Table(
    "reopening",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("decision_id", String(36), nullable=False, index=True),
    Column("airing_id", Text, nullable=False),
    Column("coder", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    comment="A coder asks that a decision be taken again; the newest row of a decision and a coder is how it stands.",
)

gold = Table(
    "gold",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("airing_id", Text, nullable=False, index=True),
    Column("coder", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    comment="Airings with an agreed coding (that of `coder`), to train and test with; the newest row is how it stands.",
)

double_draw = Table(
    "double_draw",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("share", Float, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("pool", Text, nullable=False),
    Column("drawn", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    comment="Draws of airings to be coded twice: from which pool, with which seed, so that anybody can repeat them.",
)

codebook_change = Table(
    "codebook_change",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("segment_seq", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    comment="What a codebook version did to a name; rows of segments up to `segment_seq` were coded before it.",
)

# `facts` are the fields of `coding.incident.Incident` as JSON; an incident is corrected by a later revision and taken
# back by one that is `retracted`, with its reason
incident = Table(
    "incident",
    metadata,
    Column("seq", Sequence, primary_key=True),
    Column("incident_id", String(36), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    *_record_columns(),
    UniqueConstraint("incident_id", "revision"),
    comment="What numbers cannot show: refused spots, edited articles, complaints; the newest revision stands.",
)

# `password` is argon2id with its salt and costs; `one_time` must be changed at the first sign-in; `session_id` is the
# SHA-256 of the token, which only the browser holds
person = Table(
    "person",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("one_time", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("made_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("client", Text, nullable=False),
)

APPEND_ONLY = (
    "codebook", "airing", "segment", "audit", "assignment", "recording",
    "suggestion", "subtitle", "tone_model", "tone_model_use", "decision", "reopening", "gold", "double_draw",
    "codebook_change", "incident",
)  # fmt: skip
"""Tables whose rows the database itself refuses to change or delete."""
