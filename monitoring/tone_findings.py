"""What the figures of an evaluation of suggestions say, in sentences, and their tables for charts."""

from math import isnan

import pandas as pd

from models.evaluation.evaluate import Evaluation, Result
from monitoring.words import Words

CLOSE = 0.05
"""Up to here confidence and accuracy are as good as equal."""


def tone_name(name: str, words: Words) -> str:
    """A point of the scale, or several that were taken together, for the reader."""
    return " / ".join(words.named("tone", part) for part in name.split(" / "))


def quality_sentence(whole: Result, words: Words) -> str:
    """How often the model is right, beside always saying the commonest tone, with the interval."""
    if not whole.judged:
        return words.t("sentence.quality.none", rows=words.number(whole.rows))
    told = {
        "accuracy": words.percent(whole.accuracy),
        "rows": words.number(whole.judged),
        "majority": words.percent(whole.majority),
    }
    if isnan(whole.low):
        return words.t("sentence.quality.one_airing", **told)
    kind = "better" if whole.low > whole.majority else "not_better"
    return words.t(f"sentence.quality.{kind}", **told, range=words.percents(whole.low, whole.high))


def coverage_sentence(whole: Result, words: Words) -> str:
    """How much of the material the surest suggestions reach at 90 per cent accuracy."""
    if not whole.judged:
        return ""
    if not whole.coverage90:
        return words.t("sentence.quality.covers_none")
    return words.t("sentence.quality.covers", share=words.percent(whole.coverage90), rows=words.number(whole.rows))


def silence_sentence(whole: Result, words: Words) -> str:
    """For how many segments something is suggested, and why nothing is for the others."""
    reasons = sorted(((rows, name) for name, rows in whole.silent.items() if name), reverse=True)
    told = {"spoken": words.number(whole.spoken), "rows": words.number(whole.rows)}
    if not reasons:
        return words.t("sentence.quality.always", **told)
    listed = "; ".join(f"{words.t(f'sentence.silent.{name}')} ({words.number(rows)})" for rows, name in reasons)
    return words.t("sentence.quality.silent", **told, reasons=listed)


def calibration_sentence(whole: Result, words: Words) -> str:
    """Whether the model is as sure as it is right, surer, or less sure."""
    rows = [part for part in whole.reliability if part.rows]
    claimed = sum(part.rows * part.confidence for part in rows) / whole.judged - whole.accuracy
    kind = "close" if whole.error <= CLOSE else "bold" if claimed > 0 else "shy"
    return words.t(f"sentence.calibration.{kind}", error=words.number(100 * whole.error, 1))


def confusion_sentence(pairs: pd.DataFrame, words: Words) -> str:
    """The mistake that was made most often."""
    wrong = pairs[(pairs["tone"] != pairs["said"]) & (pairs["rows"] > 0)]
    if wrong.empty:
        return words.t("sentence.confusion.none")
    worst = wrong.iloc[int(wrong["rows"].to_numpy().argmax())]
    total = int(pairs.loc[pairs["tone"] == worst["tone"], "rows"].sum())
    names = {"tone": worst["tone_shown"], "said": worst["said_shown"]}
    return words.t("sentence.confusion.most", **names, rows=words.number(worst["rows"]), total=words.number(total))


def confusion_pairs(found: Evaluation, words: Words) -> pd.DataFrame:
    """tone (the coder's), said (the model's), rows, value (share of the tone's rows, NaN without any), names shown.

    From the highest point to the lowest, as the tones stand everywhere else.
    """
    rows = [
        {
            "tone": tone,
            "said": said,
            "rows": count,
            "value": count / sum(counts) if sum(counts) else float("nan"),
            "tone_shown": tone_name(tone, words),
            "said_shown": tone_name(said, words),
        }
        for tone, counts in reversed(list(zip(found.tones, found.overall.confusion, strict=True)))
        for said, count in reversed(list(zip(found.tones, counts, strict=True)))
    ]
    return pd.DataFrame(rows)


def reliability_bins(whole: Result) -> pd.DataFrame:
    """start, end, rows, confidence, accuracy of every bin."""
    return pd.DataFrame([vars(part) for part in whole.reliability])
