"""From rulings to what a page lists: cells of the heat table, the rows behind worst places, segments of a silence."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from coding.store import Store
from monitoring.entitled.equality import departure
from monitoring.entitled.judged import BREACHES, Judged, Ruling, Verdict
from monitoring.entitled.silence import Found
from monitoring.evidence import COLUMNS, SHOWN, STRETCH
from monitoring.selection import Selection
from monitoring.words import Words


def behind(row: Judged | None) -> tuple[Selection, Mapping[str, str]] | None:
    """The selection and columns of coverage that lead to a row's segments; None where coverage holds none."""
    if row is None:
        return None
    # a segment is counted in the slot in which it begins: what runs into the next one is an amount of no segments there
    held = row.amount or row.segments
    return (row.selection, row.picked) if row.selection is not None and row.picked and held else None


def behind_hours(ruling: Ruling) -> list[tuple[Selection, Mapping[str, Any]]]:
    """What leads to the segments of each row of the hours of an entitlement: what began in that hour."""
    hours, selection = ruling.facts["hours"], ruling.facts["selection"]
    if not isinstance(hours, pd.DataFrame) or not isinstance(selection, Selection):
        return []
    pairs = zip(hours["group"], hours["stretches"], strict=True)
    return [(selection, {"group": group, STRETCH: began}) for group, began in pairs]


def times_of(ruling: Ruling) -> tuple[str, ...]:
    """The kinds of time of an equality rule, in its order."""
    return tuple(dict.fromkeys(row.time for row in ruling.rows))


def cells(ruling: Ruling) -> pd.DataFrame:
    """One row for each outlet, stretch and slot: the contestant who departs furthest, worst outlets first.

    outlet, period, slot, row (its place among the ruling's rows), departure (empty where nothing was judged), group,
    effective_number, amount (of all contestants there), unit. Outlets that were not monitored are in no row.
    """
    most: dict[tuple[str, str, str], tuple[float, int]] = {}
    for place, row in enumerate(ruling.rows):
        if row.verdict == Verdict.NOT_MONITORED or row.total_amount is None:
            continue
        key = (row.outlet, row.period, row.slot)
        far = departure(row) if row.group else -1.0
        if key not in most or far > most[key][0]:
            most[key] = (far, place)
    found = pd.DataFrame(
        [_cell(ruling.rows[place], place) for _, place in most.values()],
        columns=["outlet", "period", "slot", "row", "departure", "group", "effective_number", "amount", "unit"],
    ).astype({"departure": "float64", "effective_number": "float64"})
    worst = found[found["slot"] != ""].groupby("outlet")["departure"].max()
    order = found["outlet"].map(worst).fillna(found["outlet"].map(found.groupby("outlet")["departure"].max()))
    return (
        found.assign(order=order.fillna(-1.0))
        .sort_values("order", ascending=False, kind="stable")
        .drop(columns="order")
    )


def _cell(row: Judged, place: int) -> list[object]:
    judged = row.verdict in (*BREACHES, Verdict.WITHIN)
    far = departure(row) if judged else None
    return [
        row.outlet, row.period, row.slot, place, far, row.group, row.effective_number, row.total_amount, row.unit,
    ]  # fmt: skip


def worst_rows(worst: pd.DataFrame, rows: Sequence[Judged]) -> list[Judged | None]:
    """The judged row behind each row of `equality.worst`; None where nothing was judged."""
    held = {(row.rule, row.outlet, row.period, row.time, row.slot, row.group): row for row in rows}
    keys = worst[["rule", "outlet", "period", "time", "slot", "group"]].itertuples(index=False)
    return [held.get(tuple(key)) for key in keys]


def material(ruling: Ruling, words: Words) -> str:
    """What of the airings that may hold an entitlement was monitored; empty where nothing is known of them."""
    row = next((row for row in ruling.rows if row.planned), None)
    if row is None:
        return ""
    told = {name: words.amount(getattr(row, name) or 0, row.material_unit) for name in ("planned", "monitored")}
    return words.t("page.rules.material", **told)


def found_segments(store: Store, ruling: Ruling) -> pd.DataFrame:
    """The segments inside a silence, with the columns of `monitoring.evidence`."""
    gathered = ruling.facts["found"]
    found: Sequence[Found] = gathered if isinstance(gathered, tuple) else ()
    held = {each.segment_id: each for each in store.segments({one.airing.airing_id for one in found})} if found else {}
    rows = [
        {
            "segment_id": one.segment_id, "outlet": one.airing.outlet, "date": str(one.airing.date),
            "programme": one.airing.programme, "airing_id": one.airing.airing_id,
            **{name: getattr(held[one.segment_id], name) for name in SHOWN}, "unit": one.unit,
        }
        for one in found
        if one.segment_id in held
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))
