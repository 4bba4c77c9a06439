"""What a mission holds, in lines to read: the answer of `check` when nothing is wrong."""

from collections import Counter
from collections.abc import Iterator

from coding.languages import Translate, translator
from coding.mission.model import Airing, Mission
from coding.segment import Segment
from coding.segment_checks import joined_overlaps
from coding.store import Store
from coding.vocabulary import AiringKind

NAMED = 20
"""How many airings are named before the list is cut."""


def holdings(store: Store, translate: Translate | None = None) -> Iterator[str]:
    """Title, notice, counts, and everything that is legal but worth knowing, one line each."""
    told = translate or translator()
    mission, airings, segments = store.mission(), store.airings(), store.segments()
    yield f"{mission.title}" + (f" ({mission.notice})" if mission.notice else "")
    yield told(
        "holdings.counts",
        outlets=sum(outlet.monitored for outlet in mission.outlets),
        subjects=len(mission.subjects),
        contestants=len(mission.contestants),
        airings=len(airings),
        segments=len(segments),
    )
    for period in mission.periods:
        yield told("holdings.period", name=period.name, start=period.start, end=period.end)
    yield from _worth_knowing(mission, airings, segments, told)


def _worth_knowing(
    mission: Mission, airings: tuple[Airing, ...], segments: list[Segment], told: Translate
) -> Iterator[str]:
    missed = [a for a in airings if a.monitored is None and a.kind != AiringKind.AGGREGATE]
    uncoded = [a for a in airings if a.monitored is not None and not a.coded]
    outside = [a for a in airings if not in_analysis(a, mission)]
    several = Counter(airing_id for airing_id, _ in {(s.airing_id, s.coder) for s in segments})
    twice = sum(1 for coders in several.values() if coders > 1)
    found = {
        "missed": len(missed),
        "uncoded": len(uncoded),
        "outside": len(outside),
        "joined": len(joined_overlaps(segments)),
        "coders": twice,
    }
    for key, count in found.items():
        if count:
            yield told(f"holdings.{key}", count=count)
    recorded = {segment.airing_id for segment in segments}
    lost = [a.airing_id for a in outside if a.monitored is not None or a.airing_id in recorded]
    if lost:
        yield told("holdings.left_out", names=", ".join(lost[:NAMED]) + (", …" if len(lost) > NAMED else ""))


def in_analysis(airing: Airing, mission: Mission) -> bool:
    """Whether an airing is dated inside a period and starts inside a window (an aggregate needs no window)."""
    if not any(p.start <= airing.date and airing.date_to <= p.end for p in mission.periods):
        return False
    if airing.kind == AiringKind.AGGREGATE or not mission.windows:
        return True
    return any(
        airing.outlet in window.outlets
        and window.start <= airing.date <= window.end
        and (airing.start_clock is None or window.opens <= airing.start_clock < window.end_clock)
        for window in mission.windows
    )
