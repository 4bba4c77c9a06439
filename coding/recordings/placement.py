"""Which airings a recording holds, where each begins in it, and what that says about when they were on air."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coding.mission.clock import local_time
from coding.mission.model import Airing, Mission
from coding.problems import Problem, ProblemsFound
from coding.recordings.names import Named
from coding.recordings.probe import Probed
from coding.vocabulary import AiringKind, RecordingKind

FAR_MS = 12 * 3_600_000
LEAST_MS = 60_000
"""A recording that touches an airing for less than this (or less than half of it) does not hold it."""
NAMED_AT_MOST = 8


@dataclass(frozen=True)
class Placed:
    """An airing in a recording: it begins `offset_ms` into it. `later` is the airing with actual times it lacked."""

    airing: Airing
    offset_ms: int = 0
    later: Airing | None = None


def span(airing: Airing) -> tuple[int, int] | None:
    """When an airing was on air, else when it was planned to be."""
    for start, end in ((airing.actual_start, airing.actual_end), (airing.planned_start, airing.planned_end)):
        if start is not None and end is not None:
            return start, end
    return None


def placed(named: Named | None, probed: Probed, mission: Mission, airings: Sequence[Airing], file: str) -> list[Placed]:
    """The airings of a recording. Raises ProblemsFound where none can be told, or it is of the wrong kind.

    Named itself, an airing begins with the recording unless the recording's own start is known. By outlet and time,
    every airing counts that the recording overlaps for a minute, or for half of a shorter one.
    """
    if named is None or not (named.airing_id or named.start is not None):
        raise ProblemsFound([Problem("recordings.unnamed", file)])
    chosen = [airing for airing in airings if airing.airing_id == named.airing_id]
    if named.airing_id and not chosen:
        raise ProblemsFound([Problem("unknown_airing", file, column="airing_id", value=named.airing_id)])
    if not chosen:
        chosen = _covered(named.outlet, named.start or 0, probed.length_ms or 0, airings)
    if not chosen:
        raise ProblemsFound([_nothing_there(named, mission, airings, file)])
    for airing in chosen:
        _check_kind(airing, probed, file)
    if probed.kind == RecordingKind.PAGE:
        return [Placed(airing, later=_printed(airing)) for airing in chosen]
    for airing in chosen:
        _check_near(airing, named.start, mission, file)
    return [_placed(airing, named, probed.length_ms or 0, airings) for airing in chosen]


def _covered(outlet: str, start: int, length: int, airings: Iterable[Airing]) -> list[Airing]:
    """The airings of an outlet that a stretch of time holds enough of, in the order of their start."""
    found = []
    for airing in airings:
        on_air = span(airing)
        if airing.outlet != outlet or airing.kind != AiringKind.PROGRAMME or on_air is None:
            continue
        shared = min(on_air[1], start + length) - max(on_air[0], start)
        if shared >= min(LEAST_MS, (on_air[1] - on_air[0]) // 2, max(1, length // 2)):
            found.append((on_air[0], airing.airing_id, airing))
    return [airing for _, _, airing in sorted(found, key=lambda each: each[:2])]


def _nothing_there(named: Named, mission: Mission, airings: Iterable[Airing], file: str) -> Problem:
    """No airing of this outlet at that time: what there is on that day."""
    began = local_time(named.start or 0, mission.zone)
    days = (airing.airing_id for airing in airings if airing.outlet == named.outlet and airing.date == began.date())
    known = sorted(days)
    some = ", ".join(known[:NAMED_AT_MOST]) + (", …" if len(known) > NAMED_AT_MOST else "")
    values = {"outlet": named.outlet, "start": f"{began:%Y-%m-%d %H:%M:%S}", "known": some or "–"}
    return Problem("recordings.no_airing", file, values=values)


def _check_kind(airing: Airing, probed: Probed, file: str) -> None:
    page = probed.kind == RecordingKind.PAGE
    if airing.kind == AiringKind.AGGREGATE:
        raise ProblemsFound([Problem("aggregate_detail", file, value=airing.airing_id)])
    if page != (airing.kind == AiringKind.ISSUE):
        key = "recordings.page_of_programme" if page else "recordings.sound_of_issue"
        raise ProblemsFound([Problem(key, file, value=airing.airing_id)])


def _check_near(airing: Airing, start: int | None, mission: Mission, file: str) -> None:
    on_air = span(airing)
    if start is not None and on_air is not None and abs(start - on_air[0]) > FAR_MS:
        values = {"start": f"{local_time(start, mission.zone):%Y-%m-%d %H:%M:%S}"}
        raise ProblemsFound([Problem("recordings.start_far", file, value=airing.airing_id, values=values)])


def _printed(airing: Airing) -> Airing | None:
    """An issue of planned size is monitored as soon as a page of it is there."""
    if airing.actual_size is not None or airing.planned_size is None:
        return None
    return airing.model_copy(update={"actual_size": airing.planned_size})


def _placed(airing: Airing, named: Named, length: int, airings: Sequence[Airing]) -> Placed:
    on_air = span(airing)
    if on_air is None:
        return Placed(airing)
    began = on_air[0] if named.start is None else named.start
    if airing.actual_start is not None and airing.actual_end is not None:
        return Placed(airing, airing.actual_start - began)
    others = [each for each in _covered(airing.outlet, began, length, airings) if each.airing_id != airing.airing_id]
    start, end = began, began + length
    if others or not named.airing_id:
        start, end = max(on_air[0], start), min(on_air[1], end)
    later = airing.model_copy(update={"actual_start": start, "actual_end": end}) if end > start else None
    return Placed(airing, start - began if later else on_air[0] - began, later)
