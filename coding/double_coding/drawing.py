"""Which airings are coded twice: the mission's share, drawn at random within outlet and week, and on record.

The pool is every airing that was or will be coded, whoever codes it and whatever is in it, so that being drawn cannot
hang on what was said. Each airing has a lot, the SHA-256 of seed and identifier: of an outlet's week those with the
least lots are drawn. Anybody can repeat it from the record, on any machine.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import chain
from math import floor

from coding.holdings import in_analysis
from coding.mission.model import Airing, DoubleCodingPolicy, Mission
from coding.store.draws import DoubleDraw
from coding.vocabulary import AiringKind

SEEDS = 1_000_000_000
Days = tuple[date, date]


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def pool_of(airings: Iterable[Airing], mission: Mission, today: date, days: Days | None = None) -> list[Airing]:
    """The airings of these days (none: all) that were or will be coded, in the order of their ids.

    They lie in a period and a window, and were monitored, or are planned for today or later. What was planned and
    never monitored is left out, and so are imported totals.
    """
    fits = (
        airing
        for airing in airings
        if airing.kind != AiringKind.AGGREGATE
        and in_analysis(airing, mission)
        and (airing.monitored is not None or airing.date >= today)
        and (days is None or days[0] <= airing.date <= days[1])
    )
    return sorted(fits, key=lambda airing: airing.airing_id)


def wanted(airings: Iterable[Airing], share: float, seed: int, kept: Collection[str] = ()) -> frozenset[str]:
    """The airings to be coded twice, by identifier: `kept` ones among them, and so many more as make up the share.

    Within an outlet the share is rounded along its weeks, from a beginning that hangs on the seed: in every week the
    number differs from its exact share by less than one, and so does that of all weeks up to it. Airings of a later
    week therefore change nothing in an earlier one. Where `kept` has more than the share, fewer come in later weeks.

    >>> from coding.mission.model import Airing
    >>> week = [Airing(airing_id=f"a{n}", outlet="A", date="2025-03-10", kind="programme") for n in range(10)]
    >>> len(wanted(week, 0.2, seed=7))
    2
    """
    parts: dict[str, dict[date, list[Airing]]] = defaultdict(lambda: defaultdict(list))
    for airing in airings:
        parts[airing.outlet][week_of(airing.date)].append(airing)
    chosen: set[str] = set()
    for outlet, weeks in parts.items():
        start, seen, taken = _lot(seed, f"start {outlet}") / 2**256, 0, 0
        for _, part in sorted(weeks.items()):
            seen += len(part)
            names = _first(part, floor(round(share * seen, 9) + start) - taken, seed, kept)
            taken += len(names)
            chosen |= names
    return frozenset(chosen)


def _first(part: Sequence[Airing], number: int, seed: int, kept: Collection[str]) -> set[str]:
    """The kept ones of an outlet's week, and those with the least lots up to the number."""
    held = {airing.airing_id for airing in part if airing.airing_id in kept}
    others = sorted(
        (airing.airing_id for airing in part if airing.airing_id not in held), key=lambda name: _lot(seed, name)
    )
    return held | set(others[: max(0, number - len(held))])


def _lot(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest())


def next_draw(
    airings: Iterable[Airing], pool: Iterable[Airing], policy: DoubleCodingPolicy, before: Sequence[DoubleDraw]
) -> DoubleDraw:
    """The draw that is due: over everything that was in a pool before and what came since; what was drawn stays drawn.

    `airings` are those of the mission, `pool` those that may come in now. The seed is the mission's, else that of the
    draws before, else one that is drawn here.
    """
    known, drawn = pooled(before), drawn_of(before)
    new = [airing for airing in pool if airing.airing_id not in known]
    everything = [*(airing for airing in airings if airing.airing_id in known), *new]
    seed = policy.seed if policy.seed is not None else before[-1].seed if before else secrets.randbelow(SEEDS)
    chosen = wanted(everything, policy.share, seed, drawn) - drawn
    return DoubleDraw(policy.share, seed, tuple(sorted(each.airing_id for each in new)), tuple(sorted(chosen)))


def drawn_of(draws: Iterable[DoubleDraw]) -> frozenset[str]:
    """Every airing that was drawn."""
    return frozenset(chain.from_iterable(draw.drawn for draw in draws))


def pooled(draws: Iterable[DoubleDraw]) -> frozenset[str]:
    """Every airing that a draw was made from."""
    return frozenset(chain.from_iterable(draw.pool for draw in draws))
