"""How far each coder's tone lies from the others', and from what a model expects: what drift is told from."""

from collections.abc import Mapping, Sequence

import pandas as pd

from coding.double_coding.codings import Codings, day_of, monday
from coding.mission.model import Mission
from coding.store import Store
from coding.store.decisions import first_decisions
from monitoring.agreement.pairs import with_place

DIFFERENCES = ("coder", "week", "cluster", "difference")
"""Columns that `monitoring.agreement.drift.drifts` takes: scores run from -1 to 1."""
AGAINST_OTHERS = (*DIFFERENCES, "passage")


def against_others(codings: Codings, table: pd.DataFrame) -> pd.DataFrame:
    """The coder's own tone score minus the mean of the others' on the same passage: columns AGAINST_OTHERS.

    A row for each coder of a passage in which at least two coders found the same subject and gave a tone of the scale.
    `passage` numbers what was compared, `cluster` is the outlet-day.

    Example: A says positive (0.5), B neutral (0), C neutral: A +0.5, B -0.25, C -0.25.
    """
    scores = {point.name: point.score for point in codings.mission.tone}
    told = table[table["found"] & table["tone"].isin(scores)]
    told = told.assign(score=told["tone"].map(scores).astype(float))
    grouped = told.groupby(["passage", "subject"], sort=True)
    number, total = grouped["score"].transform("size"), grouped["score"].transform("sum")
    others = (total - told["score"]) / (number - 1).where(number > 1)
    compared = told.assign(difference=told["score"] - others, unit=grouped.ngroup())[number > 1]
    placed = with_place(codings, compared.drop(columns="passage"))
    return placed.rename(columns={"day": "cluster", "unit": "passage"})[list(AGAINST_OTHERS)].reset_index(drop=True)


def against_model(store: Store) -> pd.DataFrame:
    """The coder's own blind tone score minus what the model expected: columns DIFFERENCES, a row for each segment.

    The blind tone is the coder's last one from before any suggestion was shown (any at all where it was withheld);
    expected is the sum of the model's probabilities times the scores of its points, from its first suggestion that was
    not silent. Both are read on the model's points: where it knows three and the mission five, the tones of one side
    have their mean score. Left out: what was retracted, segments about another subject than the model was asked about,
    versions of another scale, and what was coded in training or in a test.
    """
    from monitoring.suggestion_uses import blind_words

    mission = store.mission()
    airings = {airing.airing_id: airing for airing in store.airings()}
    rows = []
    for word in blind_words(store, first_decisions(store)):
        airing = airings.get(word.airing_id)
        difference = difference_of(word.tone, word.points, word.probabilities, mission)
        if airing is not None and difference is not None:
            rows.append((word.coder, monday(airing.date), day_of(airing), difference))
    return pd.DataFrame(rows, columns=list(DIFFERENCES)).astype({"difference": "float64"})


def difference_of(tone: str, points: Sequence[str], probabilities: Sequence[float], mission: Mission) -> float | None:
    """A tone's score minus the expected one, on the points of a model; None where they do not fit."""
    from monitoring.suggestion_uses import point_of

    scores = scores_of(points, mission)
    own = point_of(tone, points, mission)
    if own is None or len(scores) != len(points) or len(points) != len(probabilities):
        return None
    expected = sum(chance * scores[point] for point, chance in zip(points, probabilities, strict=True))
    return scores[own] - expected


def scores_of(points: Sequence[str], mission: Mission) -> Mapping[str, float]:
    """The score of each point of a model's scale: the mean of the mission's tones that lie on it."""
    from monitoring.suggestion_uses import point_of

    held: dict[str, list[float]] = {}
    for part in mission.tone:
        point = point_of(part.name, points, mission)
        if point is not None:
            held.setdefault(point, []).append(part.score)
    return {point: sum(scores) / len(scores) for point, scores in held.items()}
