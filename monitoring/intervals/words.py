"""What carries a result, in words: the day or airing that changes most, and whether it changes who is first.

Only rows with enough material speak, as in every sentence. Without one day nobody is said to be first where only some
subjects are shown.
"""

from functools import partial
from typing import Any

import pandas as pd

from monitoring.answers import thin
from monitoring.intervals.leave_out import Part
from monitoring.metrics import METRICS
from monitoring.selection import WHERE, WHO, Selection
from monitoring.words import Words

KINDS = {metric.name: metric.value for metric in METRICS}
MOST_SHOWN = 40
"""As many changes stand on a screen, the largest; a download holds all."""


def contestants_of(words: Words, selection: Selection) -> tuple[str, ...]:
    """Among whom somebody leads: nobody where only some subjects are shown."""
    return () if selection.subjects else tuple(subject.name for subject in words.mission.contestants)


def carries_sentence(
    metric: str, result: pd.DataFrame, changed: pd.DataFrame, summed: pd.DataFrame, part: Part, selection: Selection,
    words: Words,
) -> str:  # fmt: skip
    """The change that is largest among the rows that have enough material, and for how many places another leads."""
    rows = _speaking(metric, result, changed, words)
    if rows.empty:
        minimum = words.mission.minimum_segments
        return words.with_notice(words.t("sentence.too_little", minimum=minimum))
    largest = rows.iloc[int(rows["change"].abs().to_numpy().argmax())]
    told = words.t(
        "carries.sentence",
        part=part_named(largest, part, words),
        row=", ".join(_row_names(largest, part, words)) or words.t("carries.everything"),
        without=words.value(largest["without"], KINDS[metric]),
        value=words.value(largest["value"], KINDS[metric]),
        what=what(metric, selection, str(largest["unit"]), int(largest["segments"]), words),
    )
    return words.with_notice(" ".join(filter(None, (told, leaders_sentence(summed, part, words)))))


def _speaking(metric: str, result: pd.DataFrame, changed: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The changes of rows with enough segments behind their denominator, of contestants where there are groups."""
    columns = list(result.columns[: result.columns.get_loc("value")])
    of_cell = metric in ("balance", "tone", "speech")  # their denominator is the cell, not its place
    within = [name for name in columns if name in WHERE or (of_cell and name != "tone")]
    keys = [*columns, "unit"]
    firm = result[~thin(result, within, words.mission.minimum_segments)]
    if "group" in columns:
        firm = firm[firm["group"].isin([subject.name for subject in words.mission.contestants])]
    found = changed[changed["without"].notna()]
    return found.merge(firm[[*keys, "segments"]].astype(dict.fromkeys(keys, "object")), on=keys)


def leaders_sentence(summed: pd.DataFrame, part: Part, words: Words) -> str:
    """Whether one day or airing decides who is first, and where; nothing where nobody is."""
    led = summed[summed["leader"] != ""]
    if led.empty:
        return ""
    where = [name for name in led.columns if name in WHERE and name != "unit"]
    places = led.drop_duplicates([*where, "unit"])
    places = places[places["leader_changes"] > 0]
    if places.empty:
        return words.t(f"carries.leaders_none_{part}")
    names = [
        f"{', '.join(words.named(name, row[name]) for name in where) or words.t('carries.everything')}"
        f" ({words.number(row['leader_changes'])})"
        for row in places.to_dict("records")
    ]
    return words.t(f"carries.leaders_some_{part}", places="; ".join(names))


def what(metric: str, selection: Selection, unit: str, segments: int, words: Words) -> str:
    """What the values are: a share with its denominator, all else with the number of segments."""
    if metric == "share":
        return words.t("carries.share_of", basis=words.basis(selection, unit))
    named = words.t("page.tone.balances") if metric == "balance" else words.t(f"word.value.{metric}")
    return words.t("carries.of_segments", what=named.lower(), segments=words.number(segments))


def part_named(row: Any, part: Part, words: Words) -> str:
    """The day or airing that is left out, in words."""
    day, outlet = words.day(row["date"]), words.named("outlet", row["outlet"])
    return words.t(f"carries.part_{part}", day=day, outlet=outlet, programme=row["programme"])


def _row_names(row: Any, part: Part, words: Words) -> list[str]:
    """The names of a row that the day or airing does not say already: who first, then where."""
    said = {"outlet", "date", "programme", "airing_id", "unit"}
    names = [name for name in row.index if name in (*WHO, *WHERE) and name not in said]
    return [words.named(name, str(row[name])) for name in sorted(names, key=lambda name: name not in WHO)]


def shown_changes(changed: pd.DataFrame, metric: str, part: Part, words: Words) -> pd.DataFrame:
    """The largest changes first, MOST_SHOWN of them, as a reader sees them; the index is that of `changed`."""
    largest = changed.assign(_size=changed["change"].abs().fillna(float("inf")))
    largest = largest.sort_values("_size", ascending=False, kind="stable").head(MOST_SHOWN)
    value = partial(words.value, kind=KINDS[metric])
    columns = [name for name in _columns_of(changed) if name not in ("outlet", "date", "airing_id", "programme")]
    shown = {words.t(f"word.column.{name}"): largest[name].map(partial(words.named, name)) for name in columns}
    without = words.t("carries.column_without")
    parts = [part_named(row, part, words) for _, row in largest.iterrows()]
    return pd.DataFrame(
        {
            **shown,
            words.t(f"carries.column_part_{part}"): pd.Series(parts, index=largest.index, dtype="object"),
            words.t(f"word.value.{metric}"): largest["value"].map(value),
            without: largest["without"].map(value),
            words.t("carries.column_change"): largest["change"].map(partial(difference, metric=metric, words=words)),
        }
    )


def shown_summary(summed: pd.DataFrame, result: pd.DataFrame, metric: str, words: Words) -> pd.DataFrame:
    """Each row's value, and the lowest and highest without one day or airing, as a reader sees them.

    `result` is that of the metric: its rows are those of `summed`, and it knows how many segments stand behind each.
    """
    value = partial(words.value, kind=KINDS[metric])
    shown = {
        words.t(f"word.column.{name}"): summed[name].map(partial(words.named, name)) for name in _columns_of(summed)
    }
    shown[words.t(f"word.value.{metric}")] = summed["value"].map(value)
    for name in ("lowest", "highest"):
        shown[words.t(f"carries.column_{name}")] = summed[name].map(value)
    shown[words.t("word.column.segments")] = pd.Series(result["segments"].to_numpy(), summed.index).map(words.number)
    if (summed["leader"] != "").any():
        number = summed["leader_changes"].where(summed["group"] == summed["leader"])
        shown[words.t("carries.column_leader")] = number.map(words.number, na_action="ignore").fillna("")
    return pd.DataFrame(shown)


def _columns_of(told: pd.DataFrame) -> list[str]:
    """The group columns: all before the unit."""
    return list(told.columns[: told.columns.get_loc("unit")])


def difference(change: float, metric: str, words: Words) -> str:
    """A change with its sign: in points for shares, else in the unit of the value."""
    if pd.isna(change):
        return words.t("word.no_value")
    kind = KINDS[metric]
    if kind == "balance":
        return words.balance(change)
    size = abs(change) * (100 if kind == "fraction" else 1)
    sign = "+" if change > 0 else "−"
    text = words.number(size, 0 if kind == "count" else 1)
    return words.t("carries.points", number=f"{sign}{text}") if kind == "fraction" else f"{sign}{text}"


def segments_of(row: Any, part: Part) -> dict[str, str]:
    """The columns of coverage behind a change: everything of that day (or airing) in the row's place."""
    left_out = ("outlet", "date") if part == Part.DAY else ("outlet", "date", "airing_id")
    where = [name for name in row.index if name in WHERE and name not in ("programme", "airing_id", "unit")]
    return {name: str(row[name]) for name in dict.fromkeys((*where, *left_out))}
