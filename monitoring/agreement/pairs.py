"""Passages as pairs of coders: what two of an airing's coders said of the same passage, with where and when it was."""

import pandas as pd

from coding.double_coding.codings import Codings
from coding.double_coding.passages import SAID

PAIR = " × "
"""What stands between the names of two coders."""
ABOUT = ("airing_id", "outlet", "week", "day")
KEPT = ("coder", "found", "start_ms", "end_ms", "amount", "unit", *SAID)


def with_place(codings: Codings, table: pd.DataFrame) -> pd.DataFrame:
    """Rows that have an airing_id, with outlet, week and day (the outlet-day) of that airing."""
    about = codings.airings[list(ABOUT)].drop_duplicates("airing_id")
    return table.merge(about, on="airing_id", how="left", validate="many_to_one")


def pairs(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each passage and two coders of its airing: what both said there.

    In: `coding.double_coding.passages.passages`. Columns: passage, airing_id, pair ("a × b"), coders (how many coded
    the airing), row_one and row_other (places in `table`), and of KEPT each `<name>_one` and `<name>_other`. The one is
    the coder whose name comes first.
    """
    held = table.reset_index(drop=True)
    sides = held[["passage", "airing_id", *KEPT]].assign(row=held.index)
    sides["coders"] = sides.groupby("passage")["coder"].transform("size").to_numpy(dtype="int64")
    both = sides.merge(sides[["passage", *KEPT, "row"]], on="passage", suffixes=("_one", "_other"))
    both = both[both["coder_one"] < both["coder_other"]].reset_index(drop=True)
    return both.assign(pair=both["coder_one"] + PAIR + both["coder_other"])
