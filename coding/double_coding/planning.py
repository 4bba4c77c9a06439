"""How far double coding is: for each outlet and week what could be coded twice, was drawn, given and finished."""

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from coding.assigning import Hands, hands
from coding.board import Standing, board
from coding.double_coding.drawing import drawn_of, pool_of, pooled, week_of
from coding.mission.clock import today
from coding.mission.model import Airing, Mission
from coding.store import Store
from coding.store.draws import DoubleDraw, double_draws
from coding.vocabulary import PRACTICE, Progress

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("airings", "new", "drawn", "waiting", "given", "done", "by_hand", "by_hand_done")
COLUMNS = ("outlet", "week", *COUNTS)


def progress_of(store: Store, mission: Mission) -> "pd.DataFrame":
    """One row for each outlet and week, in the mission's order of outlets.

    Columns: outlet, week (its Monday, ISO), and counts of airings: `airings` that can be coded twice (they lie in a
    period and a window), `new` of them that came after the last draw, `drawn`, `waiting` (drawn, and nobody has or had
    them for a first coding), `given` (drawn, and a second coder has them), `done` (drawn, and both are finished),
    `by_hand` (a second coder has them though they were not drawn: no random choice, and so no estimate), and
    `by_hand_done` of them.
    """
    now = board(store).now(mission)
    return progress_table(now, mission, double_draws(store))


def progress_table(now: Standing, mission: Mission, draws: Collection[DoubleDraw]) -> "pd.DataFrame":
    """The same from a standing and the draws."""
    import pandas as pd

    counts = _counted(now, mission, draws)
    order = {outlet.name: place for place, outlet in enumerate(mission.outlets)}
    cells = sorted({cell for cell, _ in counts}, key=lambda cell: (order.get(cell[0], len(order)), cell[1]))
    rows = [(*cell, *(counts[cell, name] for name in COUNTS)) for cell in cells]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _counted(now: Standing, mission: Mission, draws: Collection[DoubleDraw]) -> Counter[tuple[tuple[str, str], str]]:
    drawn, known, held, done = drawn_of(draws), pooled(draws), hands(now), finished(now)
    pool = {airing.airing_id for airing in pool_of(now.airings.values(), mission, today(mission.zone))}
    counts: Counter[tuple[tuple[str, str], str]] = Counter()
    for name, airing in now.airings.items():
        has = held.get(name, Hands())
        second = bool(has.second) or len(has.first) > 1  # two who recorded in it, and nobody said who is second
        facts = {
            "airings": name in pool or name in drawn,
            "new": name in pool and name not in known,
            "drawn": name in drawn,
            "waiting": name in drawn and not has.first,
            "given": name in drawn and second,
            "done": name in drawn and second and name in done,
            "by_hand": name not in drawn and second,
            "by_hand_done": name not in drawn and second and name in done,
        }
        if any(facts.values()):
            counts.update({(_cell(airing), fact): 1 for fact, holds in facts.items() if holds})
    return counts


def _cell(airing: Airing) -> tuple[str, str]:
    return airing.outlet, week_of(airing.date).isoformat()


def finished(now: Standing) -> frozenset[str]:
    """Airings of which at least two codings are finished.

    A coding is finished when its coder is done, or, of a coder without an assignment (an import), when the airing is.
    """
    done: Counter[str] = Counter()
    assigned = {(each.airing_id, each.coder): each for each in now.assignments}
    for (airing_id, _), each in assigned.items():
        done[airing_id] += each.purpose not in PRACTICE and each.progress == Progress.DONE
    for pair, coded in now.coded.items():
        free = pair not in assigned and pair not in now.purposes and coded.segments
        airing = now.airings.get(pair[0])
        done[pair[0]] += bool(free and airing is not None and airing.coded)
    return frozenset(name for name, count in done.items() if count > 1)


def waiting_for_second(now: Standing, draws: Collection[DoubleDraw]) -> list[Airing]:
    """Airings that were drawn, and that no second coder has yet."""
    names = drawn_of(draws) - {name for name, has in hands(now).items() if has.second or len(has.first) > 1}
    return [airing for name, airing in now.airings.items() if name in names]
