"""An airing coded by two people, ready to be decided: for the tests of deciding and of its pages."""

from collections.abc import Callable, Iterable

from coding.double_coding.disagreements import Disagreement, disagreements
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign, change
from coding.vocabulary import Progress, Purpose
from tests.missions import segment

Make = Callable[..., Store]
AIRING = "a-0312"
FIRST, SECOND, JUDGE = "ana", "berik", "judge"


def by(coder: str, number: int, start: float, end: float, subject: str = "Blue Party", **more: object) -> Segment:
    """A segment of one of the two; numbers of the second begin at 100."""
    return segment(number + 100 * (coder == SECOND), AIRING, subject, start, end, coder=coder, **more)


AGREED = [by(FIRST, 1, 0, 60), by(SECOND, 1, 1, 61)]
TONE = [by(FIRST, 2, 100, 160, tone="positive"), by(SECOND, 2, 101, 159, tone="negative", text="the other heard this")]
WHO = [by(FIRST, 3, 200, 260), by(SECOND, 3, 200, 258, subject="Red Party")]
MISSED = [by(SECOND, 4, 300, 330, subject="Green Party")]
BORDERS = [by(FIRST, 5, 400, 460), by(SECOND, 5, 400, 446)]
ALL = [*AGREED, *TONE, *WHO, *MISSED, *BORDERS]


def coded(
    store: Store, segments: Iterable[Segment] = ALL, second: Purpose = Purpose.DOUBLE, first: str = FIRST
) -> Store:
    """Both hold the airing, code it, and are done with it; the first coder may be called otherwise."""
    assign(store, [AIRING], first, Purpose.CODING, "supervisor")
    assign(store, [AIRING], SECOND, second, "supervisor")
    held = [each.model_copy(update={"coder": first}) if each.coder == FIRST else each for each in segments]
    for coder in (first, SECOND):
        store.add([each for each in held if each.coder == coder], coder)
        change(store, AIRING, coder, Progress.DONE, coder)
    return store


def at(store: Store, second: float) -> Disagreement:
    """The disagreement that begins about this second."""
    return next(each for each in disagreements(store, AIRING) if abs(each.place[1] - second * 1000) <= 1000)


def stands(store: Store, coder: str = FIRST) -> list[tuple[float, float, str, str]]:
    """Start, end, subject and tone of what now stands in a coder's coding."""
    return sorted(
        ((each.start_ms or 0) / 1000, (each.end_ms or 0) / 1000, each.subject, each.tone)
        for each in store.segments([AIRING])
        if each.coder == coder
    )
