"""Answers in words: the sentence that a result supports, made by a stated rule, with its denominator.

Only rows that rest on enough material speak: a place (outlet, week) needs the mission's minimum of segments. The
first of equals in ballot order is named, so that the same numbers always give the same sentence.
"""

from collections.abc import Sequence

import pandas as pd

from coding.mission.model import Mission
from monitoring.intervals.measured import ALIKE
from monitoring.metrics.hours import STAGES
from monitoring.selection import Selection
from monitoring.words import Words


def thin(result: pd.DataFrame, within: Sequence[str], minimum: int) -> pd.Series:
    """Whether a row rests on fewer than `minimum` segments: those of its denominator, the columns `within`.

    A subject with no segments on an outlet with a thousand is a firm zero; a share of an outlet with five is not firm.
    This is the one rule of small material, for every chart and sentence. It asks for segments and not for days: that a
    row has no interval is shown by the missing interval and said under the chart. A thin row keeps its interval.
    """
    segments = result["segments"]
    if not within:
        return pd.Series(bool(segments.sum() < minimum), index=result.index)
    return result.groupby(list(within), dropna=False)["segments"].transform("sum") < minimum


def interval_note(result: pd.DataFrame, words: Words) -> str:
    """What the intervals of a result are about, or that it has none; and where alike days make them narrow."""
    if not result["low"].notna().any():
        return words.t("chart.interval.none")
    told = ("is", "alike") if result.attrs.get(ALIKE) else ("is",)
    return " ".join(words.t(f"chart.interval.{key}") for key in told)


def thin_note(result: pd.DataFrame, within: Sequence[str], words: Words, key: str, minimum: int, **values: str) -> str:
    """What the greyed rows of a chart mean, where it has any; else nothing."""
    return words.t(key, minimum=minimum, **values) if thin(result, within, minimum).any() else ""


def speaking(result: pd.DataFrame, within: Sequence[str], mission: Mission) -> pd.DataFrame:
    """The rows about contestants that have a value and enough material, in the result's order."""
    on_ballot = result["group"].isin([subject.name for subject in mission.contestants])
    enough = ~thin(result, within, mission.minimum_segments)
    return result[on_ballot & enough & result["value"].notna()]


def unranked(selection: Selection, words: Words) -> str:
    """What is said where only some subjects are shown: nobody leads, or is best or worst, of a part of the field."""
    if not selection.subjects:
        return ""
    return words.t(
        "sentence.chosen", names=words.listed("subject", selection.subjects), reading=words.reading(selection)
    )


def leader_sentence(result: pd.DataFrame, selection: Selection, words: Words, place: str) -> str:
    """Who led the contestants in most places (outlets, weeks, days), with the range of the leader's shares there."""
    if some := unranked(selection, words):
        return some
    rows = speaking(result, [place], words.mission)
    rows = rows[rows["total_amount"] > 0]
    if rows.empty:
        return words.t("sentence.too_little", minimum=words.mission.minimum_segments)
    best = rows.loc[rows.groupby(place, sort=False)["value"].idxmax()]
    name = best.groupby("group", sort=False).size().reindex(rows["group"].unique()).idxmax()
    own = rows[rows["group"] == name]["value"]
    places = rows[place].nunique()
    told = {
        "name": words.named("group", str(name)),
        "led": int((best["group"] == name).sum()),
        "places": places,
        "place": words.named(place, str(rows[place].iloc[0])),
        "range": words.percents(own.min(), own.max()),
        "basis": words.basis(selection, str(rows["unit"].iloc[0])),
        "reading": words.reading(selection),
    }
    return words.t(f"sentence.share.{place}_{'many' if places > 1 else 'one'}", **told)


def tone_sentence(balances: pd.DataFrame, selection: Selection, words: Words) -> str:
    """The contestant and outlet with the best and with the worst tone balance."""
    if some := unranked(selection, words):
        return some
    rows = speaking(balances, ["outlet", "group"], words.mission)
    if rows.empty:
        return words.t("sentence.too_little", minimum=words.mission.minimum_segments)
    best, worst = rows.iloc[rows["value"].argmax()], rows.iloc[rows["value"].argmin()]
    return words.t(
        "sentence.tone",
        best=words.named("group", best["group"]),
        best_outlet=words.named("outlet", best["outlet"]),
        best_value=words.balance(best["value"]),
        best_segments=words.number(best["segments"]),
        worst=words.named("group", worst["group"]),
        worst_outlet=words.named("outlet", worst["outlet"]),
        worst_value=words.balance(worst["value"]),
        worst_segments=words.number(worst["segments"]),
        reading=words.reading(selection),
    )


def appearance_sentence(counted: pd.DataFrame, timed: pd.DataFrame, selection: Selection, words: Words) -> str:
    """The contestant and outlet where counting and timing differ most."""
    if some := unranked(selection, words):
        return some
    keys = ["outlet", "group"]
    rows = speaking(timed, ["outlet"], words.mission)
    both = rows.merge(counted[[*keys, "value"]], on=keys, suffixes=("", "_counted"))
    if both.empty:
        return words.t("sentence.too_little", minimum=words.mission.minimum_segments)
    widest = both.iloc[(both["value_counted"] - both["value"]).abs().argmax()]
    return words.t(
        f"sentence.appearances_{widest['unit']}",
        name=words.named("group", widest["group"]),
        outlet=words.named("outlet", widest["outlet"]),
        counted=words.percent(widest["value_counted"]),
        timed=words.percent(widest["value"]),
        reading=words.reading(selection),
    )


def ends_of_the_week(result: pd.DataFrame, mission: Mission) -> tuple[pd.Series, pd.Series] | None:
    """The two rows on which the finding of the week rests, the largest and the smallest share; None without two."""
    rows = speaking(result, ["week", "outlet"], mission)
    if rows["group"].nunique() < 2:
        return None
    rows = rows[rows["week"] == rows["week"].max()]
    values = rows.groupby("outlet", sort=False)["value"]
    chosen = rows[rows["outlet"] == (values.max() - values.min()).idxmax()]
    return chosen.iloc[chosen["value"].argmax()], chosen.iloc[chosen["value"].argmin()]


def finding_of_the_week(result: pd.DataFrame, selection: Selection, words: Words) -> str | None:
    """The widest gap between two contestants on one outlet in the last week with enough material; None without one.

    `result` is the share by week, outlet and group. Rule: of the outlets that reach the mission's minimum of segments
    in that week, the one where the largest and the smallest share of contestants lie furthest apart. Where filters
    narrow what was counted, the sentence says so, since it can be quoted alone.
    """
    if some := unranked(selection, words):
        return words.with_notice(some)
    ends = ends_of_the_week(result, words.mission)
    if ends is None:
        return None
    high, low = ends
    unit = str(high["unit"])
    in_place = (result["week"] == high["week"]) & (result["outlet"] == high["outlet"])
    sentence = words.t(
        "sentence.week",
        week=words.day(high["week"]),
        outlet=words.named("outlet", high["outlet"]),
        high=words.named("group", high["group"]),
        high_share=words.percent(high["value"]),
        high_amount=words.amount(high["amount"], unit),
        low=words.named("group", low["group"]),
        low_share=words.percent(low["value"]),
        low_amount=words.amount(low["amount"], unit),
        total=words.amount(high["total_amount"], unit),
        basis=words.basis(selection, unit),
        segments=words.number(result.loc[in_place, "segments"].sum()),
        reading=words.reading(selection),
    )
    narrowed = (selection.start, selection.end, selection.outlets, selection.formats, selection.roles, selection.speech)
    if any(narrowed):
        sentence = f"{sentence} {words.t('sentence.counted', parts='; '.join(words.counted(selection)))}"
    return words.with_notice(sentence)


def material_sentence(result: pd.DataFrame, words: Words) -> str:
    """How much of the plan was monitored and coded, of `hours` by outlet (one unit)."""
    unit = str(result["unit"].iloc[0])
    sums = result.groupby("stage")["amount"].sum()
    told = {stage: words.amount(sums[stage], unit) for stage in STAGES}
    part = words.percent(sums["monitored"] / sums["planned"]) if sums["planned"] else words.t("word.no_value")
    return words.t("chart.material.title", outlets=result["outlet"].nunique(), share=part, **told)
