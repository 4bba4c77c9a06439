"""Which airing a row belongs to: an existing one, or for published totals one made of outlet, period and slot."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from coding.exchange.cells import CellError
from coding.mission.model import Airing, Mission, Period
from coding.problems import Problem
from coding.vocabulary import AiringKind, matching_key


class AiringIndex:
    """Airings by id, and by outlet and date."""

    def __init__(self, airings: Iterable[Airing]) -> None:
        self.by_id: dict[str, Airing] = {}
        self._by_day: dict[tuple[str, str], list[Airing]] = defaultdict(list)
        for airing in airings:
            self.by_id[airing.airing_id] = airing
            self._by_day[airing.outlet, airing.date.isoformat()].append(airing)

    def find(self, fields: Mapping[str, str]) -> Airing:
        """The one airing that all given fields fit: airing_id, outlet (canonical), date (ISO), programme.

        Raises CellError where there is none or more than one.
        """
        stated = {name: fields[name] for name in ("airing_id", "outlet", "date", "programme") if fields.get(name)}
        found = [airing for airing in self._candidates(stated) if _fits(airing, stated)]
        if not found:
            raise CellError("unknown_airing", {"stated": " / ".join(stated.values())})
        if len(found) > 1:
            raise CellError(
                "airing_ambiguous",
                {"stated": " / ".join(stated.values()), "found": ", ".join(airing.airing_id for airing in found)},
            )
        return found[0]

    def _candidates(self, stated: Mapping[str, str]) -> list[Airing]:
        if "airing_id" in stated:
            airing = self.by_id.get(stated["airing_id"])
            return [airing] if airing else []
        return self._by_day.get((stated.get("outlet", ""), stated.get("date", "")), [])


def _fits(airing: Airing, stated: Mapping[str, str]) -> bool:
    programme = stated.get("programme")
    return (
        stated.get("outlet", airing.outlet) == airing.outlet
        and stated.get("date", airing.date.isoformat()) == airing.date.isoformat()
        and (programme is None or matching_key(programme) == matching_key(airing.programme))
    )


@dataclass(frozen=True)
class Totals:
    """The aggregate airings of one period: those there already, and new ones in `made` as rows ask for them."""

    period: Period
    slots: frozenset[str]
    held: AiringIndex
    made: dict[str, Airing] = field(default_factory=dict)

    def find(self, fields: Mapping[str, str]) -> Airing:
        """The airing that holds an outlet's totals of the period, or of one slot in it.

        Raises CellError for an unknown slot, or where another kind of airing has that id.
        """
        slot = fields.get("slot", "")
        if slot and slot not in self.slots:
            raise CellError("unknown_slot", {"stated": slot, "known": ", ".join(sorted(self.slots))})
        wanted = self._airing(fields["outlet"], slot)
        held = self.held.by_id.get(wanted.airing_id)
        if held is None:
            return self.made.setdefault(wanted.airing_id, wanted)
        if held.kind != AiringKind.AGGREGATE:
            raise CellError("id_twice", {"stated": wanted.airing_id})
        return held

    def _airing(self, outlet: str, slot: str) -> Airing:
        first, last = self.period.start, self.period.end
        return Airing(
            airing_id=f"{outlet} {first}..{last}" + (f" {slot}" if slot else ""),
            outlet=outlet,
            date=first,
            date_to=last,
            kind=AiringKind.AGGREGATE,
            slot=slot,
            coded=True,
        )


def period_problems(period: Period | None, mission: Mission, file: str) -> list[Problem]:
    """Totals need a period, and one of the mission's own."""
    if period is None:
        return [Problem("period_missing", file)]
    if period not in mission.periods:
        values = {"known": ", ".join(f"{p.name} ({p.start}..{p.end})" for p in mission.periods)}
        return [Problem("unknown_period", file, value=f"{period.name} ({period.start}..{period.end})", values=values)]
    return []


def nested_totals(made: Iterable[Airing], held: Iterable[Airing], file: str) -> list[Problem]:
    """Totals that contain each other would be added twice: the whole day beside its slots, a period inside another."""
    seen: dict[str, list[Airing]] = defaultdict(list)
    problems = []
    for airing in (*held, *made):
        if airing.kind != AiringKind.AGGREGATE:
            continue
        for other in seen[airing.outlet]:
            same_days = airing.date <= other.date_to and other.date <= airing.date_to
            same_slot = airing.slot == other.slot or not airing.slot or not other.slot
            if same_days and same_slot and airing.airing_id != other.airing_id:
                problems.append(
                    Problem("nested_totals", file, value=airing.airing_id, values={"other": other.airing_id})
                )
        seen[airing.outlet].append(airing)
    return problems
