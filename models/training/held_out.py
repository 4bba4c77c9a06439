"""What the chosen model of a language says of every label without having seen its airing: to judge it by later."""

from typing import TYPE_CHECKING

from models.evaluation.evaluate import BETWEEN, PROBABILITY
from models.suggestion import Silence, speaks
from models.training.candidates import Rows
from models.training.earning import Held

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("segment_id", "language", "subject", "outlet", "format", "tone", "group")


def held_out(rows: Rows, its: Held, *, earned: bool) -> "pd.DataFrame":
    """A table of predictions as `models.evaluation.evaluate` reads it, one row for each of `rows`, in their order.

    Columns: those of COLUMNS that the labels had, `labels` (parted by " | ", empty where too many are possible),
    `silent` (why nothing would be suggested, else empty), and `p_<point>` for each point of the language's scale.
    Probabilities and labels are out of fold, with the calibration and the choice of the candidate too.
    """
    names = rows.scale.names
    labels = [
        BETWEEN.join(name for name, one in zip(names, each, strict=True) if one) if speaks(each) else ""
        for each in its.possible.tolist()
    ]
    silent = [str(Silence.NOT_EARNED) if not earned else "" if each else str(Silence.UNSURE) for each in labels]
    if rows.table is None:
        raise ValueError("rows without their table")
    kept = rows.table[[name for name in COLUMNS if name in rows.table.columns]]
    shares = {f"{PROBABILITY}{name}": its.calibrated[:, place] for place, name in enumerate(names)}
    return kept.assign(labels=labels, silent=silent, **shares)
