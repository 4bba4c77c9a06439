"""Every coder and week beside the others and beside the model, and the passages behind a week that moved."""

from datetime import timedelta

import pandas as pd

from coding.double_coding.codings import Codings, monday
from coding.mission.model import Mission, Period
from coding.store import Store
from monitoring.agreement.drift import OUT, drifts
from monitoring.agreement.pairs import with_place
from monitoring.agreement.tone_differences import against_model, against_others

WEEKS = (*OUT, "kind")
"""Columns of `monitoring.agreement.drift.drifts`, and `kind`: beside the others, or the model."""

BEHIND = ("airing_id", "outlet", "date", "subject", "start_ms", "page", "tone", "others", "difference")
"""Columns. `tone` is the coder's, `others` what the other coders said (a comma between several), `difference` the
score of the one minus the mean of the others'."""


def drift_weeks(codings: Codings, table: pd.DataFrame, store: Store) -> pd.DataFrame:
    """Where each coder's tones lay in each week, and what changed: WEEKS, the marked weeks first.

    Beside the others on the passages of `table`, and beside what a model expected of the coder's blind tones. A
    comparison for which there is nothing has no row. The chance of a false mark is that of `drifts` for all weeks of
    the mission and both comparisons together: a second comparison counts as so many more weeks.
    """
    compared = {"others": against_others(codings, table), "model": against_model(store)}
    there = {kind: differences for kind, differences in compared.items() if len(differences)}
    weeks = len(there) * weeks_of(codings.mission)
    parts = [drifts(differences, weeks).assign(kind=kind) for kind, differences in there.items()]
    if not parts:
        return pd.DataFrame(columns=list(WEEKS)).astype({"flagged": bool})
    rows = pd.concat(parts, ignore_index=True)[list(WEEKS)]
    return rows.sort_values(
        ["flagged", "kind", "coder", "week"], ascending=[False, False, True, True], ignore_index=True
    )


def weeks_of(mission: Mission) -> int:
    """How many weeks, from Monday to Sunday, the periods of a mission touch."""
    days = (period.start + timedelta(days=day) for period in mission.periods for day in range(_length(period)))
    return len({monday(day) for day in days})


def _length(period: Period) -> int:
    return (period.end - period.start).days + 1


def drift_passages(codings: Codings, table: pd.DataFrame, coder: str, week: str) -> pd.DataFrame:
    """The passages of a week on which a coder and another one judged the same subject: BEHIND, the farthest first."""
    scores = {point.name: point.score for point in codings.mission.tone}
    told = with_place(codings, table[table["found"] & table["tone"].isin(scores)])
    told = told[told["week"] == week].assign(score=told["tone"].map(scores).astype(float))
    keys = ["passage", "subject"]
    mine, theirs = told[told["coder"] == coder], told[told["coder"] != coder]
    said = theirs.groupby(keys).agg(others=("tone", ", ".join), mean=("score", "mean")).reset_index()
    both = mine.merge(said, on=keys).merge(codings.airings[["airing_id", "date"]].drop_duplicates(), on="airing_id")
    both["difference"] = both["score"] - both["mean"]
    farthest = both["difference"].abs().sort_values(ascending=False, kind="stable").index
    return both.loc[farthest, list(BEHIND)].reset_index(drop=True)
