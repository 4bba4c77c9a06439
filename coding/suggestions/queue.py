"""What to code next: half what the model is unsure about, half drawn at random, and which half an airing was in.

A draw is made from a pool: airings that can be coded and that nobody has. It hangs on the mission's id, the number of
the round and the pool alone, so that nobody chooses its seed and anybody can repeat it. Every airing of the pool has
the same probability of the random half, `drawn / pool`, in every outlet: the random half is a sample of the pool.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from coding.assigning import Wanted, on_offer
from coding.board import Standing
from coding.mission.model import Airing
from coding.problems import Problem, ProblemsFound
from coding.progress import when
from coding.store import Store, audit, schema
from coding.store.assignments import assigned, standing
from coding.store.engine import reading, writing
from coding.vocabulary import Progress, Purpose, Selected

SEEDS = 1_000_000_000
ACTION = "queue"
"""The audit entry that holds a whole draw: pool, seed, both halves, model."""
_NOTE = re.compile(
    r"queue=(?P<round>\d+) (?:selected=random drawn=(?P<drawn>\d+) pool=(?P<pool>\d+) seed=(?P<seed>\d+)"
    r"|selected=uncertain uncertainty=(?P<uncertainty>[\d.]+))"
)


@dataclass(frozen=True)
class Draw:
    """What is to be coded next. `random` and `uncertain` are airings of `pool`, each in the order of the draw.

    `uncertainty` holds the value (0 to 1) of every airing of the pool for which there is one, by model `model`.
    """

    round: int
    seed: int
    pool: tuple[str, ...]
    random: tuple[str, ...]
    uncertain: tuple[str, ...] = ()
    uncertainty: Mapping[str, float] = field(default_factory=dict)
    model: str = ""

    @property
    def probability(self) -> float:
        """With what probability each airing of the pool came into the random half."""
        return len(self.random) / len(self.pool) if self.pool else 0.0

    def note(self, airing_id: str) -> str:
        """What the assignment of an airing keeps of the draw, the same in every language."""
        if airing_id in self.random:
            drawn, pool = len(self.random), len(self.pool)
            return f"queue={self.round} selected=random drawn={drawn} pool={pool} seed={self.seed}"
        return f"queue={self.round} selected=uncertain uncertainty={self.uncertainty[airing_id]:.4f}"


@dataclass(frozen=True)
class Sampled:
    """An airing that came out of a random half, and the draw that it came out of."""

    airing_id: str
    round: int
    drawn: int
    pool: int
    seed: int

    @property
    def probability(self) -> float:
        """With what probability it was drawn from the pool of its round."""
        return self.drawn / self.pool


def pool_of(now: Standing, at_hand: Collection[str]) -> list[Airing]:
    """Airings that can be coded and that nobody has: monitored, or with something to see or read (`at_hand`).

    What is only planned is left out, and so is what was planned and never recorded.
    """
    free = on_offer(now, Wanted.NOBODY)
    return [airing for airing in free if airing.monitored is not None or airing.airing_id in at_hand]


def seed_of(mission_id: str, round_: int) -> int:
    """The seed of a round, from the mission's id and the round alone."""
    return _lot(f"{mission_id}:{round_}", "seed") % SEEDS


def drawn(
    airings: Iterable[Airing], number: int, round_: int, seed: int, uncertainty: Mapping[str, float], model: str = ""
) -> Draw:
    """Draw `number` airings: the random half from all of them, then the most uncertain of the others.

    Both halves are spread over outlets: each differs in an outlet from its exact share by less than one. Of an odd
    number the random half is the larger one; airings without an uncertainty come by the random half only, which takes
    the other half's places where too few have one. A pool no larger than `number` is taken whole, as random (1 of 1).
    """
    pool = sorted(airings, key=when)
    outlets = {airing.airing_id: airing.outlet for airing in pool}
    known = {name: uncertainty[name] for name in outlets if name in uncertainty}
    by_chance = {name: _lot(seed, name) for name in outlets}
    if number >= len(outlets):
        everything = sorted(outlets, key=by_chance.__getitem__)
        return Draw(round_, seed, tuple(outlets), tuple(everything), (), known, model)
    unsure = min(number // 2, len(known))
    random = spread(outlets, sorted(outlets, key=by_chance.__getitem__), number - unsure, _lot(seed, "start random"))
    others = sorted(known.keys() - set(random), key=lambda name: (-known[name], by_chance[name]))
    most = spread(outlets, others, min(unsure, len(others)), _lot(seed, "start uncertain"))
    return Draw(round_, seed, tuple(outlets), tuple(random), tuple(most), known, model)


def spread(outlets: Mapping[str, str], names: Sequence[str], number: int, start: int) -> list[str]:
    """`number` of the names, the first ones of each outlet, every outlet by its share of the names.

    Shares are rounded along the outlets from a random `start`, so that over all starts an outlet gets its exact share.
    """
    parts: dict[str, list[str]] = defaultdict(list)
    for name in names:
        parts[outlets[name]].append(name)
    total, before, taken = len(names), 0, set[str]()
    for _, part in sorted(parts.items()):
        after = before + len(part)
        count = (number * after + start % total) // total - (number * before + start % total) // total
        taken |= set(part[:count])
        before = after
    return [name for name in names if name in taken]


def _lot(seed: object, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest())


# the record of a draw


def next_round(store: Store) -> int:
    """The number of the draw to come, from 1."""
    with reading(store.engine) as connection:
        return _next_round(connection)


def _next_round(connection: Connection) -> int:
    return max((int(found["round"]) for _, found in _drawn_rows(connection)), default=0) + 1


def hand_out(store: Store, draw: Draw, coders: Sequence[str], who: str) -> dict[str, int]:
    """Assign a draw for coding, in turn, and record it whole in one transaction; how many airings each coder got.

    Both halves are dealt round, so that every coder gets of each. Raises ProblemsFound where a draw was handed out or
    one of the airings given to somebody meanwhile; then nothing is assigned.
    """
    if not coders:
        raise ProblemsFound([Problem("queue.nobody")])
    dealt = list(zip((*draw.random, *draw.uncertain), _in_turn(coders, draw), strict=True))
    with writing(store.engine) as connection:
        held = {each.airing_id for each in standing(connection) if each.progress != Progress.WITHDRAWN}
        if _next_round(connection) != draw.round or held & {airing_id for airing_id, _ in dealt}:
            raise ProblemsFound([Problem("queue.changed")])
        audit.record(connection, who, ACTION, f"queue {draw.round}", draw.round, _whole(draw))
        for airing_id, coder in dealt:
            assigned(connection, [airing_id], coder, Purpose.CODING, who, draw.note(airing_id))
    return {coder: sum(coder == theirs for _, theirs in dealt) for coder in coders}


def _in_turn(coders: Sequence[str], draw: Draw) -> Iterable[str]:
    number = len(draw.random) + len(draw.uncertain)
    return (coders[place % len(coders)] for place in range(number))


def _whole(draw: Draw) -> dict[str, Any]:
    values = {name: draw.uncertainty[name] for name in draw.pool if name in draw.uncertainty}
    return {**vars(draw), "uncertainty": values, "drawn": len(draw.random), "pool_size": len(draw.pool)}


def selected_of(store: Store, airing_id: str) -> Selected:
    """Why an airing is coded: what its newest draw says, whoever codes it; assigned where it was never drawn.

    An airing that was taken back from one coder and given to another by hand still came out of its draw.
    """
    with reading(store.engine) as connection:
        return selected_in(connection, airing_id)


def selected_in(connection: Connection, airing_id: str) -> Selected:
    """The same inside a transaction."""
    newest = [found for _, found in _drawn_rows(connection, airing_id)][-1:]
    if not newest:
        return Selected.ASSIGNED
    return Selected.RANDOM if newest[0]["drawn"] else Selected.UNCERTAIN


def sample(store: Store) -> list[Sampled]:
    """Every airing whose newest draw put it into the random half, in the order of the draws.

    Airings of one round are a simple random sample of that round's pool, spread over outlets, each with `probability`.
    """
    with reading(store.engine) as connection:
        newest = dict(_drawn_rows(connection))
    numbers = ("round", "drawn", "pool", "seed")
    chosen = [
        Sampled(airing_id, *(int(found[name]) for name in numbers))
        for airing_id, found in newest.items()
        if found["drawn"]
    ]
    return sorted(chosen, key=lambda each: each.round)


def _drawn_rows(connection: Connection, airing_id: str | None = None) -> list[tuple[str, re.Match[str]]]:
    """Airing and draw of every assignment that came out of one, the oldest first.

    Only the row that gives an airing out is believed: what a supervisor writes when returning one is free text.
    """
    table = schema.assignment
    rows = select(table.c.airing_id, table.c.note).where(
        table.c.note.startswith("queue="), table.c.progress == str(Progress.ASSIGNED)
    )
    if airing_id is not None:
        rows = rows.where(table.c.airing_id == airing_id)
    found = ((name, _NOTE.fullmatch(note)) for name, note in connection.execute(rows.order_by(table.c.seq)))
    return [(name, match) for name, match in found if match]
