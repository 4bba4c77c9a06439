"""What suggestions do, in words: the sentences that a report supports, the names of its groups, its table as text."""

from collections.abc import Callable

import pandas as pd

from coding.suggestions.reached import language_name
from monitoring.suggestion_use import AIRINGS_AT_LEAST
from monitoring.words import Words


def group_name(by: str, group: str, words: Words) -> str:
    """A group of the report for a reader: all segments, a language, a suggested tone, a half of the coders."""
    if by == "tone":
        return words.t("page.suggestions.of_tone", tone=tone_name(group, words))
    if by == "language":
        return words.t("page.suggestions.of_language", language=language_name(words.t, group))
    return words.t(f"page.suggestions.of_{group or by}")


def tone_name(name: str, words: Words) -> str:
    """A point of the mission's scale, or several of one side, under the field's common name."""
    return " / ".join(words.term(part) for part in name.split(" / ")) if name else words.t("word.no_value")


def points(value: float, words: Words) -> str:
    """A difference of fractions in percentage points with its sign."""
    if pd.isna(value):
        return words.t("word.no_value")
    rounded = round(value * 100, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return sign + words.number(abs(rounded), 1)


def sentences(report: pd.DataFrame, words: Words) -> list[str]:
    """What the report means: whether suggestions pull, and whether that makes the codes better."""
    return [words.with_notice(pull_sentence(report, words)), gain_sentence(report, words)]


def pull_sentence(report: pd.DataFrame, words: Words) -> str:
    """Whether final codes follow the suggestion more often where it was shown, with the interval."""
    found = _whole(report, "pull")
    if found is None or not found["enough"]:
        numbers = {
            "shown": words.number(_number(report, "acceptance", "segments")),
            "withheld": words.number(_number(report, "acceptance_withheld", "withheld")),
        }
        least = {"minimum": words.mission.minimum_segments, "airings": AIRINGS_AT_LEAST}
        return words.t("sentence.suggestions.little", **numbers, **least)
    agreed = {
        name: words.percent_sign(_value(report, measure))
        for name, measure in (("shown", "acceptance"), ("withheld", "acceptance_withheld"))
    }
    kind = "pull" if found["low"] > 0 else "against" if found["high"] < 0 else "none"
    return words.t(f"sentence.suggestions.{kind}", **agreed, **_in_points(found, words))


def gain_sentence(report: pd.DataFrame, words: Words) -> str:
    """Whether codes come nearer to those of a second coder who was told nothing."""
    found = _whole(report, "accuracy_gain")
    if found is None:
        return words.t("sentence.suggestions.no_reference")
    if not found["enough"]:
        numbers = {"shown": words.number(found["segments"]), "withheld": words.number(found["withheld"])}
        return words.t("sentence.suggestions.little_reference", minimum=words.mission.minimum_segments, **numbers)
    kind = "better" if found["low"] > 0 else "worse" if found["high"] < 0 else "same"
    return words.t(f"sentence.suggestions.{kind}", **_in_points(found, words))


def _whole(report: pd.DataFrame, measure: str) -> pd.Series | None:
    rows = report[(report["measure"] == measure) & (report["by"] == "all")]
    return rows.iloc[0] if len(rows) else None


def _value(report: pd.DataFrame, measure: str) -> float:
    found = _whole(report, measure)
    return float("nan") if found is None else float(found["value"])


def _number(report: pd.DataFrame, measure: str, column: str) -> int:
    found = _whole(report, measure)
    return 0 if found is None else int(found[column])


def _in_points(found: pd.Series, words: Words) -> dict[str, str]:
    return {name: points(found[name], words) for name in ("value", "low", "high")}


def shown_table(report: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The report as texts, in the order of its rows, under the reader's headings."""
    in_points: Callable[[float], str] = lambda value: points(value, words)  # noqa: E731
    differences = report["measure"].isin(("pull", "accuracy_gain", "moved", "moved_withheld"))
    texts = {
        name: report[name].map(words.percent_sign).where(~differences, report[name].map(in_points)).astype(object)
        for name in ("value", "low", "high")
    }
    shown = pd.DataFrame({
        "measure": [words.t(f"page.suggestions.measure_{measure}") for measure in report["measure"]],
        "group": [group_name(by, group, words) for by, group in zip(report["by"], report["group"], strict=True)],
        **texts,
        **{name: report[name] for name in ("segments", "withheld", "airings")},
    })  # fmt: skip
    return shown.rename(columns={name: words.t(f"page.suggestions.column_{name}") for name in shown.columns})


def shown_changes(changes: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The overrides as texts."""
    names = {name: [tone_name(tone, words) for tone in changes[name]] for name in ("suggested", "first", "final")}
    shown = changes.assign(**names)
    return shown.rename(columns={name: words.t(f"page.suggestions.change_{name}") for name in shown.columns})
