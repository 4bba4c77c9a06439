"""Decisions between coders and wishes to reopen them; agreed codings; draws; changes of the codebook's names."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("decision", "reopening", "gold", "double_draw", "codebook_change")


def upgrade() -> None:
    """Write out what stood on this date; later changes of the schema come as later migrations."""
    _decision()
    _double_coding()
    _codebook_change()
    _append_only()


def _decision() -> None:
    op.create_table(
        "decision",
        _sequence(),
        sa.Column("decision_id", sa.String(36), nullable=False, unique=True),
        *map(_text, ("airing_id", "coder", "segments", "said", "outcome", "codes")),
        sa.Column("segment_seq", sa.BigInteger(), nullable=False),
        *map(_text, ("reason", "recorded_at", "recorded_by")),
        comment="What holds where coders of one airing said different things, and why; `coder` is whose coding "
        "carries it.",
    )
    op.create_index("ix_decision_airing_id", "decision", ["airing_id"])
    op.create_table(
        "reopening",
        _sequence(),
        sa.Column("decision_id", sa.String(36), nullable=False),
        *map(_text, ("airing_id", "coder", "note")),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        *map(_text, ("recorded_at", "recorded_by")),
        comment="A coder asks that a decision be taken again; the newest row of a decision and a coder is how it "
        "stands.",
    )
    op.create_index("ix_reopening_decision_id", "reopening", ["decision_id"])


def _double_coding() -> None:
    op.create_table(
        "gold",
        _sequence(),
        *map(_text, ("airing_id", "coder", "note")),
        sa.Column("removed", sa.Boolean(), nullable=False),
        *map(_text, ("recorded_at", "recorded_by")),
        comment="Airings with an agreed coding (that of `coder`), to train and test with; the newest row is how it "
        "stands.",
    )
    op.create_index("ix_gold_airing_id", "gold", ["airing_id"])
    op.create_table(
        "double_draw",
        _sequence(),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        *map(_text, ("pool", "drawn", "recorded_at", "recorded_by")),
        comment="Draws of airings to be coded twice: from which pool, with which seed, so that anybody can repeat "
        "them.",
    )


def _codebook_change() -> None:
    op.create_table(
        "codebook_change",
        _sequence(),
        sa.Column("version", sa.Integer(), nullable=False),
        *map(_text, ("kind", "change", "old", "new")),
        sa.Column("segment_seq", sa.BigInteger(), nullable=False),
        *map(_text, ("reason", "recorded_at", "recorded_by")),
        comment="What a codebook version did to a name; rows of segments up to `segment_seq` were coded before it.",
    )


def _sequence() -> sa.Column[Any]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _append_only() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            body = (
                "FOR EACH ROW EXECUTE FUNCTION evenhand_append_only()"
                if postgresql
                else "BEGIN SELECT RAISE(ABORT, 'records are append-only'); END"
            )
            op.execute(f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {body}")
