"""What models said to whom; the subtitles of an airing; the trained versions of the tone model."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("suggestion", "subtitle", "tone_model", "tone_model_use")


def upgrade() -> None:
    """Write out what stood on this date; later changes of the schema come as later migrations."""
    _suggestion()
    _subtitle()
    _tone_model()
    _append_only()


def _suggestion() -> None:
    op.create_table(
        "suggestion",
        _sequence(),
        sa.Column("segment_id", sa.String(36), nullable=False),
        *map(_text, ("airing_id", "coder", "subject")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text_sha", sa.String(64), nullable=False),
        *map(_text, ("language", "points", "probabilities", "labels", "silent", "model")),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        *map(_text, ("tone_before", "recorded_at")),
        sa.UniqueConstraint("segment_id", "revision", "model", "subject"),
        comment="What a model said of a segment at a revision (0: before the first one), and whether it was shown.",
    )
    op.create_index("ix_suggestion_airing_id", "suggestion", ["airing_id"])


def _subtitle() -> None:
    op.create_table(
        "subtitle",
        _sequence(),
        sa.Column("subtitle_id", sa.String(36), nullable=False),
        *map(_text, ("airing_id", "name", "language", "kind")),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        _text("cues"),
        sa.Column("removed", sa.Boolean(), nullable=False),
        *map(_text, ("recorded_at", "recorded_by")),
        comment="Subtitles of an airing; the newest row of a file and an airing is how it stands.",
    )
    op.create_index("ix_subtitle_subtitle_id", "subtitle", ["subtitle_id"])
    op.create_index("ix_subtitle_airing_id", "subtitle", ["airing_id"])


def _tone_model() -> None:
    op.create_table(
        "tone_model",
        _sequence(),
        sa.Column("version", sa.Text(), nullable=False, unique=True),
        *map(_text, ("folder", "made_at", "made_by")),
        sa.Column("labels", sa.Integer(), nullable=False),
        _text("languages"),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        comment="Versions of the tone model that were trained on this mission.",
    )
    op.create_table(
        "tone_model_use",
        _sequence(),
        *map(_text, ("version", "recorded_at", "recorded_by")),
        comment="Which version is in use: the newest row tells; an empty version is none.",
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
