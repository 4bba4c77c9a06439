"""What adds up to the quantity that is compared: part and whole of each group on each outlet-day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coding.problems import Problem, ProblemsFound
from coding.vocabulary import Speech
from monitoring.comparison.asked import Quantity
from monitoring.coverage import Coverage
from monitoring.intervals.outlet_days import DAY, OutletDays, outlet_days
from monitoring.metrics.tone import toned_amounts
from monitoring.result import amounts
from monitoring.selection import Selection, Weight

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """On each outlet-day the part and the whole of each group: `ratios` (days, groups, 2).

    `segments` (days, groups) are those of the part, `material` (days, groups) those that the ratio rests on: of all
    subjects for a share, of the group itself for its tone and speech.
    """

    days: OutletDays
    groups: tuple[str, ...]
    unit: str
    ratios: Floats
    segments: Floats
    material: Floats

    @property
    def outlets(self) -> NDArray[np.object_]:
        """The outlet of each outlet-day."""
        return self.days.table["outlet"].to_numpy(dtype=object)

    @property
    def dates(self) -> NDArray[np.object_]:
        """The date of each outlet-day, an ISO text."""
        return self.days.table["date"].astype(str).to_numpy(dtype=object)


def parts(coverage: Coverage, quantity: Quantity, selection: Selection, groups: Sequence[str]) -> Parts:
    """The parts of a quantity; raises ProblemsFound where the selection holds amounts of several units."""
    by = (*DAY, "group")
    days = outlet_days(coverage, selection)
    cells = amounts(coverage, selection, by)
    everything = amounts(coverage, replace(selection, subjects=()), by)
    unit = _unit(everything)
    contestants = [subject.name for subject in coverage.mission.contestants]
    if quantity in (Quantity.SHARE, Quantity.AMONG):
        counted = everything if quantity == Quantity.SHARE else everything[everything["group"].isin(contestants)]
        part, whole, material = cells, _for_all(counted, groups), _for_all(counted, groups)
    elif quantity == Quantity.TONE:
        part, whole = _toned(coverage, selection, by)
        material = whole
    else:
        part, whole = amounts(coverage, replace(selection, speech=(Speech.DIRECT,)), by), cells
        material = whole
    rows = pd.DataFrame({"group": pd.Series(groups, dtype="object")})
    taken = [days.sums(found, rows, ["group"], "amount") for found in (part, whole)]
    return Parts(
        days, tuple(groups), unit, np.stack(taken, axis=-1),
        days.sums(part if quantity != Quantity.TONE else whole, rows, ["group"], "segments"),
        days.sums(material, rows, ["group"], "segments"),
    )  # fmt: skip


def _unit(cells: pd.DataFrame) -> str:
    units = sorted(cells.loc[cells["amount"] > 0, "unit"].unique())
    if len(units) > 1:
        raise ProblemsFound([Problem("compare.units", values={"units": ", ".join(units)})])
    return str(units[0]) if units else ""


def _for_all(cells: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """The sum of an outlet-day, for every group."""
    sums = cells.groupby(list(DAY), as_index=False)[["amount", "segments"]].sum()
    return sums.merge(pd.DataFrame({"group": pd.Series(groups, dtype="object")}), how="cross")


def _toned(coverage: Coverage, selection: Selection, by: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Amount x score, and the amounts that carry a tone (or segments, where the selection weighs by them)."""
    toned = toned_amounts(coverage, selection, by)
    weight = toned["segments" if selection.weight == Weight.SEGMENTS else "amount"]
    scores = toned["tone"].map({point.name: point.score for point in coverage.mission.tone}).astype("float64")
    return toned.assign(amount=weight * scores), toned.assign(amount=weight)
