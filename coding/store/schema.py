"""The tables of a store. Records are append-only: a change is a later revision, a removal a retraction."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
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

APPEND_ONLY = ("codebook", "airing", "segment", "audit")
"""Tables whose rows the database itself refuses to change or delete."""
