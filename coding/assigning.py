"""Giving airings to coders: which are on offer, who may take which, and an even split."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from coding.board import Standing
from coding.mission.model import Airing
from coding.progress import when
from coding.store import Store
from coding.store.assignments import Assignment, assigned, standing
from coding.store.engine import writing
from coding.store.gold import Gold
from coding.vocabulary import PRACTICE, AiringKind, Progress, Purpose


class Wanted(StrEnum):
    """Which airings a supervisor looks for."""

    NOBODY = "nobody"
    NOT_DOUBLE = "not_double"
    ALL = "all"


class LeftOut(StrEnum):
    """Why an airing of the selection goes to nobody."""

    HAS_CODER = "has_coder"
    NO_FIRST = "no_first"
    HAS_SECOND = "has_second"
    ONLY_OWN = "only_own"
    KNOWN = "known"


@dataclass(frozen=True)
class Hands:
    """Who has an airing: its first coders and its second ones."""

    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()


@dataclass
class Plan:
    """Who is to get what, and what is left out and why."""

    purpose: Purpose
    given: dict[str, list[Airing]] = field(default_factory=dict)
    left_out: dict[LeftOut, list[Airing]] = field(default_factory=lambda: defaultdict(list))

    @property
    def size(self) -> int:
        """How many airings are given."""
        return sum(map(len, self.given.values()))


def hands(now: Standing) -> dict[str, Hands]:
    """Who has each airing. Where no coding was assigned, as in an import, those who recorded in it are its first.

    Who only practised on it is neither.
    """
    first, second = (_by_airing(now.assignments, purpose) for purpose in (Purpose.CODING, Purpose.DOUBLE))
    recorded: dict[str, list[str]] = {}
    for (airing_id, coder), coded in now.coded.items():
        if coded.segments and not now.practised(airing_id, coder) and coder not in second.get(airing_id, ()):
            recorded.setdefault(airing_id, []).append(coder)
    names = {*first, *second, *recorded}
    return {
        name: Hands(tuple(first.get(name) or recorded.get(name) or ()), tuple(second.get(name, ()))) for name in names
    }


def _by_airing(held: Iterable[Assignment], purpose: Purpose) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in held:
        if each.purpose == purpose and each.progress != Progress.WITHDRAWN:
            found[each.airing_id].append(each.coder)
    return found


def on_offer(
    now: Standing, wanted: Wanted, outlets: Collection[str] = (), days: tuple[date, date] | None = None
) -> list[Airing]:
    """Airings that can be given, of these outlets (none: all) and days, in the order of days.

    Nobody has one that is neither assigned nor coded. Not double coded is one with a single coder. Imported totals are
    never on offer.
    """
    held = hands(now)
    given = {each.airing_id for each in now.assignments}

    def fits(airing: Airing) -> bool:
        """Whether an airing is among those that are wanted."""
        if airing.kind == AiringKind.AGGREGATE or (outlets and airing.outlet not in outlets):
            return False
        if days is not None and not days[0] <= airing.date <= days[1]:
            return False
        has = held.get(airing.airing_id, Hands())
        if wanted == Wanted.NOBODY:
            return airing.airing_id not in given and not airing.coded
        return wanted == Wanted.ALL or (len(has.first) == 1 and not has.second)

    return sorted(filter(fits, now.airings.values()), key=when)


def planned(now: Standing, airings: Iterable[Airing], coders: Sequence[str], purpose: Purpose) -> Plan:
    """Split airings evenly among coders: a coding where nobody has one, a second one never to the first coder.

    The airings that fewest may take go first, then each in the order of days to whoever has fewest so far, in turn:
    where everybody may take everything, counts differ by at most one. Nobody gets one on which they have practised.
    """
    plan, held = Plan(purpose), hands(now)
    first_given = {each.airing_id for each in now.assignments if each.purpose == Purpose.CODING}
    may_take: list[tuple[Airing, list[str]]] = []
    for airing in sorted(airings, key=when):
        has = held.get(airing.airing_id, Hands())
        reason = _left_out(purpose, has, airing.airing_id in first_given)
        barred = has.second if purpose == Purpose.CODING else has.first
        free = [coder for coder in coders if coder not in barred]
        allowed = [coder for coder in free if not now.practised(airing.airing_id, coder)]
        if reason or (coders and not allowed):
            plan.left_out[reason or (LeftOut.KNOWN if free else LeftOut.ONLY_OWN)].append(airing)
        elif allowed:
            may_take.append((airing, allowed))
    plan.given = _split(may_take, coders)
    return plan


def practice(
    now: Standing, gold: Iterable[Gold], coders: Sequence[str], purpose: Purpose, ids: Collection[str] = ()
) -> Plan:
    """Every gold airing (of these `ids`, where named) to every coder: what one practises on the others do too.

    Nobody gets an airing that they have coded, or that they have practised on to another end.
    """
    plan = Plan(purpose, {coder: [] for coder in coders})
    agreed = {each.airing_id: each.coder for each in gold if not ids or each.airing_id in ids}
    held = {(each.airing_id, each.coder) for each in now.assignments}
    for airing in sorted((now.airings[name] for name in agreed if name in now.airings), key=when):
        able = [
            coder
            for coder in coders
            if coder != agreed[airing.airing_id]
            and (airing.airing_id, coder) not in held
            and now.purposes.get((airing.airing_id, coder), purpose) == purpose
            and ((airing.airing_id, coder) in now.purposes or not now.coded_by(airing.airing_id, coder).segments)
        ]
        for coder in able:
            plan.given[coder].append(airing)
        if coders and not able:
            plan.left_out[LeftOut.KNOWN].append(airing)
    return plan


def _left_out(purpose: Purpose, has: Hands, given: bool) -> LeftOut | None:
    if purpose == Purpose.CODING:
        return LeftOut.HAS_CODER if given else None
    if has.second:
        return LeftOut.HAS_SECOND
    return None if has.first else LeftOut.NO_FIRST


def _split(may_take: Sequence[tuple[Airing, list[str]]], coders: Sequence[str]) -> dict[str, list[Airing]]:
    given: dict[str, list[Airing]] = {coder: [] for coder in coders}
    for airing, allowed in sorted(may_take, key=lambda each: len(each[1])):
        given[min(allowed, key=lambda coder: len(given[coder]))].append(airing)
    return {coder: sorted(taken, key=when) for coder, taken in given.items()}


def to_double(now: Standing, airings: Iterable[Airing]) -> list[Airing]:
    """Those that have a first coder and no second: what can be given to a second coder."""
    held = hands(now)
    return [
        airing for airing in airings if _left_out(Purpose.DOUBLE, held.get(airing.airing_id, Hands()), False) is None
    ]


def give(store: Store, plan: Plan, who: str, note: str = "") -> Counter[str]:
    """Write a plan in one transaction; how many airings each coder got.

    What somebody else gave meanwhile is left out: the rules of the plan are held against the store as it now is.
    """
    got: Counter[str] = Counter()
    with writing(store.engine) as connection:
        held = [each for each in standing(connection) if each.progress != Progress.WITHDRAWN]
        alone = plan.purpose not in PRACTICE
        same = {each.airing_id for each in held if alone and each.purpose == plan.purpose}
        theirs = {(each.airing_id, each.coder) for each in held}
        for coder, airings in plan.given.items():
            ids = [each.airing_id for each in airings]
            free = [name for name in ids if name not in same and (name, coder) not in theirs]
            got[coder] = assigned(connection, free, coder, plan.purpose, who, note)
    return got
