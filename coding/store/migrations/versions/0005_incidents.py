"""Incidents: what numbers cannot show."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLE = "incident"


def upgrade() -> None:
    """Write out what stood on this date; later changes of the schema come as later migrations."""
    op.create_table(
        TABLE,
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("incident_id", sa.String(36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reason", "recorded_at", "recorded_by")),
        sa.UniqueConstraint("incident_id", "revision"),
        comment="What numbers cannot show: refused spots, edited articles, complaints; the newest revision stands.",
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for event in ("UPDATE", "DELETE"):
        body = (
            "FOR EACH ROW EXECUTE FUNCTION evenhand_append_only()"
            if postgresql
            else "BEGIN SELECT RAISE(ABORT, 'records are append-only'); END"
        )
        op.execute(f"CREATE TRIGGER {TABLE}_no_{event.lower()} BEFORE {event} ON {TABLE} {body}")
