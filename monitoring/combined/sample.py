"""Which draws an estimate may rest on, and the pool that it is about.

The pool is that of one draw (the base). Later draws took from what was left of it: such a draw, given what was coded
before, is a random sample of the rest, so it estimates the same total where everything that had left the pool by then
is coded by hand and blind. The draws are weighted by their airings. Given the past, each has the right expectation, so
their mean has it too, and their errors are uncorrelated. The base is the draw with which the most sampled
airings can be used.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from coding.suggestions.reading_draws import BlindCoding, PastDraw, named
from monitoring.combined.refusals import NO_DRAW, SEEN, UNFINISHED, Refusal


@dataclass(frozen=True)
class Used:
    """A draw within the pool of the base: what it could take of it, and what it took that is coded."""

    round: int
    pool: frozenset[str]
    drawn: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """The pool that is asked about, and the draws from it; `missing` airings were drawn and are not coded."""

    pool: frozenset[str]
    draws: tuple[Used, ...]
    missing: int = 0
    left_out: int = 0
    """Airings of random halves that cannot be used, since their draw cannot."""

    @property
    def airings(self) -> int:
        """Airings drawn at random and coded."""
        return len({name for draw in self.draws for name in draw.drawn})

    @property
    def by_hand(self) -> frozenset[str]:
        """The airings of which the coding counts: drawn, or gone from the pool before a later draw."""
        return frozenset().union(*({*draw.drawn, *(self.pool - draw.pool)} for draw in self.draws))

    @property
    def whole(self) -> bool:
        """Whether the draws took everything."""
        return any(set(draw.drawn) == draw.pool for draw in self.draws)

    def within(self, airing_ids: Collection[str]) -> "Sample":
        """The part of it among these airings: a random sample of that part, given how many fell into it."""
        inside = frozenset(airing_ids)
        draws = [Used(d.round, d.pool & inside, tuple(x for x in d.drawn if x in inside)) for d in self.draws]
        return Sample(self.pool & inside, tuple(draws), self.missing, self.left_out)


def sample_of(draws: Sequence[PastDraw], coding: BlindCoding, made_at: str) -> Sample:
    """The sample that can be used with a model made at an instant. Raises Refusal: no_draw, unfinished, seen."""
    if not draws:
        raise Refusal(NO_DRAW)
    complete = [draw for draw in draws if coding.complete(draw) and coding.before(draw, made_at)]
    if not complete:
        raise Refusal(UNFINISHED, _missing(draws, coding))
    blind = [draw for draw in complete if not any(coding.seen.get(name) for name in draw.random)]
    if not blind:
        raise Refusal(SEEN, _seen(complete, coding))
    found = [_from(base, blind[place:], coding) for place, base in enumerate(blind)]
    best = max(found, key=lambda each: each.airings)
    drawn = len({name for draw in draws for name in draw.random})
    return Sample(best.pool, best.draws, best.missing, drawn - best.airings - best.missing)


def _from(base: PastDraw, draws: Sequence[PastDraw], coding: BlindCoding) -> Sample:
    pool, used, missing = frozenset(base.pool), list[Used](), 0
    for draw in draws:
        rest = pool & frozenset(draw.pool)
        if not pool - rest <= coding.usable:
            continue
        random = [name for name in draw.random if name in rest]
        done = tuple(name for name in random if name in coding.usable)
        missing += len(random) - len(done)
        used.append(Used(draw.round, rest, done))
    return Sample(pool, tuple(used), missing)


def _missing(draws: Sequence[PastDraw], coding: BlindCoding) -> dict[str, object]:
    """The draw that is nearest to its end: how many of how many are missing, and which."""

    def open_in(draw: PastDraw) -> list[str]:
        return [name for name in draw.random if name not in coding.finished]

    nearest = min(draws, key=lambda draw: (len(open_in(draw)) / max(len(draw.random), 1), draw.round))
    waiting = open_in(nearest)
    return {"missing": len(waiting), "drawn": len(nearest.random), "round": nearest.round, "names": named(waiting)}


def _seen(draws: Sequence[PastDraw], coding: BlindCoding) -> dict[str, object]:
    names = sorted({name for draw in draws for name in draw.random if coding.seen.get(name)})
    return {"segments": sum(coding.seen[name] for name in names), "airings": len(names), "names": named(names)}
