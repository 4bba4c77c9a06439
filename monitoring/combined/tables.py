"""Hand codes and readings of a pool as arrays: airings x places x parts, in milliseconds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from coding.mission.model import Mission
from coding.suggestions.reading import Part
from coding.vocabulary import SubjectKind, Unit
from monitoring.combined.coded import Coded
from monitoring.combined.estimate import Floats, Material
from monitoring.combined.sample import Sample
from monitoring.selection import Incumbents, Selection

HEADS = ["airing_id", "name", "tone", "amount"]


@dataclass(frozen=True)
class Cells:
    """Amounts of every airing of the pool (airings, names, tones), by hand and by machine; zero where not coded."""

    airings: tuple[str, ...]
    names: tuple[str, ...]
    tones: tuple[str, ...]
    hand: Floats
    machine: Floats


def cells_of(hand: pd.DataFrame, machine: pd.DataFrame, airings: Sequence[str], tones: Sequence[str]) -> Cells:
    """Both tables (airing_id, name, tone, amount) over the same airings; names are those of the hand codes."""
    names = tuple(sorted(set(hand["name"])))
    filled = [_filled(each, airings, names, tones) for each in (hand, machine)]
    return Cells(tuple(airings), names, tuple(tones), *filled)


def _filled(table: pd.DataFrame, airings: Sequence[str], names: Sequence[str], tones: Sequence[str]) -> Floats:
    found = np.zeros((len(airings), len(names), len(tones)))
    rows = table[table["airing_id"].isin(airings) & table["name"].isin(names) & table["tone"].isin(tones)]
    sides = zip(("airing_id", "name", "tone"), (airings, names, tones), strict=True)
    places = [
        pd.Index(list(known), dtype=object).get_indexer(pd.Index(rows[column].to_list(), dtype=object))
        for column, known in sides
    ]
    np.add.at(found, tuple(places), rows["amount"].to_numpy(dtype=float))
    return found


def hand_table(coded: Coded, selection: Selection, column: str) -> pd.DataFrame:
    """Toned milliseconds of the selection by airing, `column` (group or subject, as `name`) and tone."""
    rows = coded.coverage.select(selection)
    rows = rows.filter(rows.unit == Unit.MS.value)
    keys = ["airing_id", column, "tone"]
    found = coded.coverage.table(rows.group_by(keys).aggregate(amount=rows.amount.sum()))
    return found.rename(columns={column: "name"})[HEADS].astype({"name": "object", "tone": "object"})


def machine_table(
    mission: Mission, days: Mapping[str, date], parts: Mapping[str, Sequence[Part]], selection: Selection, column: str
) -> pd.DataFrame:
    """Expected milliseconds of the same; the model does not know roles, speech or formats, which costs only width."""
    names = {each.name: each.name for each in mission.subjects}
    rows = [
        (airing_id, names[subject] if column == "subject" else group_of(mission, subject, day, selection), tone, amount)
        for airing_id, day in days.items()
        for subject, tone, amount in parts.get(airing_id, ())
        if subject in names and (not selection.subjects or subject in selection.subjects)
    ]
    return pd.DataFrame(rows, columns=HEADS).astype({"name": "object", "tone": "object"})


def group_of(mission: Mission, name: str, day: date, selection: Selection) -> str:
    """Under which group a subject most likely counts on a day: an office-holder under the institution where so read."""
    subject = next(each for each in mission.subjects if each.name == name)
    own = next((group.name for group in mission.groups if name in group.subjects), name)
    if selection.incumbents == Incumbents.INSTITUTION and subject.kind in (SubjectKind.OFFICIAL, SubjectKind.BODY):
        return own
    held = (a for a in subject.affiliations if (not a.start or a.start <= day) and (not a.end or day <= a.end))
    return next((each.contestant for each in held), own if subject.ballot is None else name)


def strata_of(sample: Sample, outlets: Mapping[str, str]) -> dict[str, str]:
    """The stratum of each airing of the pool: its outlet; outlets of which fewer than two were drawn go together."""
    drawn = pd.Series([outlets[name] for draw in sample.draws for name in draw.drawn], dtype=object).value_counts()
    sizes = pd.Series([outlets[name] for name in sample.pool], dtype=object).value_counts()
    few = [outlet for outlet in sizes.index if drawn.get(outlet, 0) < 2]
    if few:
        others = [outlet for outlet in drawn.index if outlet not in few]
        few += [min(others, key=lambda outlet: (drawn[outlet], outlet))] if others else []
    return {name: "" if outlets[name] in few else outlets[name] for name in sample.pool}


def material_of(sample: Sample, cells: Cells, strata: Mapping[str, str], scores: Mapping[str, float]) -> Material:
    """The arrays of an estimate: for each name the share of every tone, and last the balance (part: score x amount)."""
    place = {name: number for number, name in enumerate(cells.airings)}
    hand, machine = (_parts(each, [scores[tone] for tone in cells.tones]) for each in (cells.hand, cells.machine))
    labels = sorted({strata[name] for name in sample.pool})
    rows, of, weight, left = list[int](), list[int](), list[float](), list[float]()
    pool, known = np.zeros(hand.shape[1:]), np.zeros(hand.shape[1:])
    for number, label in enumerate(labels):
        inside = {name for name in sample.pool if strata[name] == label}
        draws = [(draw.pool & inside, [x for x in draw.drawn if x in inside]) for draw in sample.draws]
        drawn, variance = sum(len(each) for _, each in draws), np.zeros(2)
        for its, taken in draws:
            share = len(taken) / drawn if drawn else 0.0
            rows += [place[name] for name in taken]
            of += [number] * len(taken)
            weight += [len(its) / drawn] * len(taken)
            pool += share * _sum(machine, place, its)
            known += share * _sum(hand, place, inside - its)
            variance += len(taken) * len(its) * np.array([len(its) - len(taken), len(its)])
        left.append(variance[0] / variance[1] if variance[1] else 0.0)
    return Material(
        hand[rows],
        machine[rows],
        np.array(of, dtype=np.int64),
        np.array(weight),
        np.array(left),
        pool,
        known,
        _sum(machine, place, sample.pool),
    )


def _parts(amounts: Floats, scores: Sequence[float]) -> Floats:
    """(airings, names, tones) -> part and whole of every tone and of the balance: (airings, names x (tones + 1), 2)."""
    whole = amounts.sum(axis=2, keepdims=True)
    part = np.concatenate([amounts, (amounts @ np.asarray(scores))[..., None]], axis=2)
    return np.stack([part, np.broadcast_to(whole, part.shape)], axis=-1).reshape(len(amounts), -1, 2)


def _sum(values: Floats, place: Mapping[str, int], names: Collection[str]) -> Floats:
    return np.asarray(values[[place[name] for name in sorted(names)]].sum(axis=0))
