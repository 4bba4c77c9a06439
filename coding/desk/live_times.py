"""What a coder may know of the times of live air: its beginning, which all share, and an end that is the own one.

The stored end covers what anybody has coded. Told to a second coder it would say how far the first one came.
"""

from collections import deque
from itertools import takewhile

from sqlalchemy import Connection, func, select

from coding.mission.model import Airing
from coding.store import records, schema

LIVE = "live"
"""The reason of an airing's revision that a desk on live air made; an id may follow it."""


def last_end(connection: Connection, airing_id: str, coder: str | None = None) -> int:
    """The last millisecond of an airing that anybody (or one coder) has coded."""
    rows = records.segments([airing_id]).subquery()
    ends = select(func.coalesce(func.max(rows.c.end_ms), 0))
    return int(connection.execute(ends if coder is None else ends.where(rows.c.coder == coder)).scalar_one())


def own_view(connection: Connection, airing: Airing, coder: str, asked_end: int | None = None) -> Airing:
    """The airing with an end that covers the coder's own segments, and what the coder asked for or else the plan.

    Only of an airing whose times came from live air; those of the mission's plan and of recordings are no secret.
    """
    if airing.actual_start is None or not _came_live(connection, airing.airing_id):
        return airing
    end = airing.actual_start + (airing.planned or 1) if asked_end is None else asked_end
    end = max(end, airing.actual_start + 1, airing.actual_start + last_end(connection, airing.airing_id, coder))
    return airing.model_copy(update={"actual_end": end})


def _came_live(connection: Connection, airing_id: str) -> bool:
    """Whether the present end was set on live air; later revisions may have changed other things, such as `coded`."""
    table = schema.airing
    rows = select(table.c.actual_end, table.c.reason).where(table.c.airing_id == airing_id)
    held = connection.execute(rows.order_by(table.c.revision.desc())).all()
    same = takewhile(lambda row: row.actual_end == held[0].actual_end, held)
    return str(deque(same, maxlen=1)[0].reason).split(" ", maxsplit=1)[0] == LIVE
