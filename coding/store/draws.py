"""Draws of airings to be coded twice: append-only, each with its pool and seed, so that anybody can repeat them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from coding.store import Store, audit, records, schema
from coding.store.engine import reading, writing


@dataclass(frozen=True)
class DoubleDraw:
    """One draw: which airings came into the pool with it, and which of the whole pool it drew.

    The pool of a draw is its own `pool` and those of all earlier ones; what was drawn once stays drawn.
    """

    share: float
    seed: int
    pool: tuple[str, ...]
    drawn: tuple[str, ...]
    recorded_at: str = ""
    recorded_by: str = ""


def double_draws(store: Store) -> list[DoubleDraw]:
    """Every draw, the oldest first."""
    with reading(store.engine) as connection:
        return _draws(connection)


def _draws(connection: Connection) -> list[DoubleDraw]:
    rows = connection.execute(select(schema.double_draw).order_by(schema.double_draw.c.seq)).mappings()
    return [DoubleDraw(**{name: _read(name, row[name]) for name in DoubleDraw.__dataclass_fields__}) for row in rows]


def _read(name: str, value: Any) -> Any:
    return tuple(json.loads(value)) if name in ("pool", "drawn") else value


def record_draw(store: Store, draw: DoubleDraw, before: int, who: str) -> bool:
    """Keep a draw that was made with `before` draws on record; False where somebody drew meanwhile: nothing is kept."""
    with writing(store.engine) as connection:
        if len(_draws(connection)) != before:
            return False
        values = {
            "share": draw.share,
            "seed": draw.seed,
            "pool": _written(draw.pool),
            "drawn": _written(draw.drawn),
        }
        connection.execute(insert(schema.double_draw), {**values, **records.stamp(who)})
        about = {"share": draw.share, "seed": draw.seed, "pool": len(draw.pool), "drawn": list(draw.drawn)}
        audit.record(connection, who, audit.DOUBLE_DRAW, f"draw {before + 1}", 0, about)
    return True


def _written(names: Collection[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)
