"""The first tables, and the triggers that keep records append-only."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("codebook", "airing", "segment", "audit")


def upgrade() -> None:
    """Write out what stood on this date; later changes of the schema come as later migrations."""
    sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "codebook",
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        _text("mission"),
        *_who_and_when(),
    )
    op.create_table(
        "airing",
        sa.Column("seq", sequence, primary_key=True),
        _text("airing_id"),
        sa.Column("revision", sa.Integer(), nullable=False),
        *map(_text, ("outlet", "date", "date_to", "kind", "programme", "format", "slot")),
        *map(_big, ("planned_start", "planned_end", "actual_start", "actual_end")),
        *map(_big, ("planned_size", "actual_size", "start_clock")),
        sa.Column("coded", sa.Boolean(), nullable=False),
        _text("note"),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        *_who_and_when(),
        sa.UniqueConstraint("airing_id", "revision"),
    )
    op.create_table(
        "segment",
        sa.Column("seq", sequence, primary_key=True),
        *_segment(),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        *_who_and_when(),
        sa.UniqueConstraint("segment_id", "revision"),
    )
    op.create_index("ix_segment_airing_id", "segment", ["airing_id"])
    op.create_table(
        "segment_staged",
        sa.Column("seq", sequence, primary_key=True),
        sa.Column("batch", sa.String(36), nullable=False),
        *_segment(),
        comment="Rows of an import on their way in; accepted into segment in one short statement.",
    )
    op.create_index("ix_segment_staged_batch", "segment_staged", ["batch"])
    op.create_index("ix_segment_staged_airing_id", "segment_staged", ["airing_id"])
    op.create_table(
        "audit",
        sa.Column("seq", sequence, primary_key=True),
        *map(_text, ("at", "who", "action", "record")),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("detail"),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    _append_only()


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _big(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger())


def _who_and_when() -> list[sa.Column[Any]]:
    return [_text("reason"), _text("recorded_at"), _text("recorded_by")]


def _segment() -> list[sa.Column[Any]]:
    return [
        sa.Column("segment_id", sa.String(36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("airing_id"),
        _big("start_ms"),
        _big("end_ms"),
        sa.Column("page", sa.Integer()),
        _text("box"),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        *map(_text, ("subject", "role", "speech", "tone", "format", "topic", "text", "language", "note")),
        *map(_text, ("coder", "coded_at")),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        *map(_text, ("selected", "suggested_tone")),
        sa.Column("suggested_probability", sa.Float()),
        *map(_text, ("suggested_by", "suggestion")),
    ]


def _append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION evenhand_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'records are append-only'; END $$"
        )
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            name = f"{table}_no_{event.lower()}"
            if op.get_bind().dialect.name == "postgresql":
                body = "FOR EACH ROW EXECUTE FUNCTION evenhand_append_only()"
            else:
                body = "BEGIN SELECT RAISE(ABORT, 'records are append-only'); END"
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")
