"""People and their sessions; who codes which airing; the files behind an airing."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("assignment", "recording")


def upgrade() -> None:
    """Write out what stood on this date; later changes of the schema come as later migrations."""
    _assignment()
    _recording()
    _people()
    _append_only()


def _assignment() -> None:
    op.create_table(
        "assignment",
        _sequence(),
        *map(_text, ("airing_id", "coder", "purpose", "progress", "note", "recorded_at", "recorded_by")),
        comment="Who codes which airing; the newest row of an airing and a coder is how it stands.",
    )
    op.create_index("ix_assignment_airing_coder", "assignment", ["airing_id", "coder"])
    op.create_index("ix_assignment_coder", "assignment", ["coder"])


def _recording() -> None:
    op.create_table(
        "recording",
        _sequence(),
        sa.Column("recording_id", sa.String(36), nullable=False),
        *map(_text, ("airing_id", "kind", "name", "suffix")),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("length_ms", sa.BigInteger()),
        *(
            sa.Column(name, sa.Integer())
            for name in ("rate_frames", "rate_seconds", "width", "height", "page", "width_mm", "height_mm")
        ),
        sa.Column("removed", sa.Boolean(), nullable=False),
        *map(_text, ("recorded_at", "recorded_by")),
        comment="Files behind an airing; the newest row of a recording and an airing is how it stands.",
    )
    op.create_index("ix_recording_recording_id", "recording", ["recording_id"])
    op.create_index("ix_recording_airing_id", "recording", ["airing_id"])


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("name", sa.Text(), primary_key=True),
        *map(_text, ("role", "password")),
        sa.Column("one_time", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        *map(_text, ("changed_at", "changed_by")),
    )
    op.create_table(
        "session",
        sa.Column("session_id", sa.String(64), primary_key=True),
        *map(_text, ("person", "made_at", "expires_at")),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        _text("client"),
    )
    op.create_index("ix_session_person", "session", ["person"])


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
