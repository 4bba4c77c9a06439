"""How much must be coded twice for an interval of alpha for tone as narrow as wanted, and what is done of it."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coding.double_coding.codings import Codings
from monitoring.agreement.alpha import MISSING, Level, coincidences
from monitoring.agreement.pairs import with_place
from monitoring.agreement.planning import Plan, needed

DONE = ("outlet", "week", "airings", "drawn", "done", "open")


def tone_plan(codings: Codings, table: pd.DataFrame, half_width: float, airings: int | None = None) -> Plan:
    """What an interval of ordinal alpha for tone takes that is twice `half_width` wide.

    It is not symmetric: below a high alpha it reaches further than above. From the passages coded twice so far;
    `airings` are all that could be, for the share of them.
    """
    coded = codings.airings["airing_id"].nunique()
    return needed(tone_coincidences(codings, table), Level.ORDINAL, 2 * half_width, coded=coded, airings=airings)


def tone_coincidences(codings: Codings, table: pd.DataFrame) -> NDArray[np.float64] | None:
    """Which tones met on the same passage and subject: (outlet-days, tones, tones); None where none did."""
    scale = {point.name: place for place, point in enumerate(sorted(codings.mission.tone, key=lambda each: each.score))}
    told = with_place(codings, table[table["found"] & table["tone"].isin(scale)])
    if told.empty:
        return None
    unit = told.groupby(["passage", "subject"], sort=True).ngroup().to_numpy()
    ratings = np.full((int(unit.max()) + 1, told["coder"].nunique()), MISSING, dtype=np.int64)
    ratings[unit, pd.factorize(told["coder"])[0]] = told["tone"].map(scale)
    days = np.zeros(len(ratings), dtype=np.int64)
    days[unit] = pd.factorize(told["day"])[0]
    return coincidences(ratings, len(scale), days)


def done_so_far(codings: Codings, progress: pd.DataFrame) -> pd.DataFrame:
    """For each outlet and week the airings that can be coded twice, were drawn, are done, and were drawn and are open.

    In: `coding.double_coding.planning.progress_of`. `done` are all airings of which two codings are finished, drawn or
    not. Columns DONE.
    """
    each = codings.airings.drop_duplicates("airing_id").groupby(["outlet", "week"]).size().rename("twice").reset_index()
    rows = progress.merge(each, on=["outlet", "week"], how="outer").fillna({"twice": 0, "airings": 0, "drawn": 0})
    left = (rows["drawn"] - rows["done"].fillna(0)).clip(lower=0)
    order = {outlet.name: place for place, outlet in enumerate(codings.mission.outlets)}
    counted = rows.assign(done=rows["twice"], open=left, place=rows["outlet"].map(order)).fillna(0)
    counted = counted.sort_values(["place", "week"], ignore_index=True)
    return counted.astype(dict.fromkeys(DONE[2:], "int64"))[list(DONE)]
