"""Figures of an evaluation and suggestions of a model as plain text and tables for the command line."""

from collections.abc import Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING

from models.evaluation.evaluate import MINIMUM_GROUPS, Evaluation, Result
from models.evaluation.fairness import Change, Swaps

if TYPE_CHECKING:
    import pandas as pd

    from models.suggestion import Suggestion

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
NONE = "–"
FEW = "†"
COLUMNS = (
    "part",
    "rows",
    "judged",
    "groups",
    "accuracy",
    "95% interval",
    "majority",
    "F1",
    "F1 sides",
    "error",
    "cover",
)


def evaluation(found: Evaluation) -> str:
    """Everything that was measured, in lines: all rows, then part by part, the worst first."""
    whole = found.overall
    lines = [f"Model {found.model}." if found.model else "", _sentence(whole), "", *_table("all", [whole], found)]
    for name, parts in found.by.items():
        lines += ["", *_table(f"by {name}, worst first", parts, found)]
    lines += ["", *_confusion(whole, found.tones), "", *_reliability(whole), "", *_sets(whole)]
    return "\n".join(lines).strip("\n")


def _sentence(whole: Result) -> str:
    silent = ", ".join(f"{name} {rows}" for name, rows in whole.silent.items() if name)
    return (
        f"{whole.rows} rows, {whole.judged} of them judged, in {whole.groups} groups; something was suggested for "
        f"{whole.spoken}" + (f" (silent: {silent})." if silent else ".")
    )


def _table(title: str, parts: Iterable[Result], found: Evaluation) -> list[str]:
    results = list(parts)
    rows = [_cells(part) for part in results]
    lines = [f"{title}:", *_aligned([COLUMNS, *rows])]
    few = any(part.few for part in results)
    return (
        [*lines, f"  {FEW} fewer than {found.minimum} judged rows or {MINIMUM_GROUPS} groups: mostly chance."]
        if few
        else lines
    )


def _cells(part: Result) -> tuple[str, ...]:
    name = (part.value or (NONE if part.dimension else "all rows")) + (f" {FEW}" if part.few else "")
    counts = (str(part.rows), str(part.judged), str(part.groups))
    interval = NONE if isnan(part.low) else f"{percent(part.low)} to {percent(part.high)}"
    rest = (part.majority, part.f1, part.f1_sides, part.error, part.coverage90)
    return (name, *counts, percent(part.accuracy), interval, *(percent(value) for value in rest))


def percent(value: float) -> str:
    """A fraction in per cent with one decimal.

    >>> percent(0.1234), percent(float("nan"))
    ('12.3', '–')
    """
    return NONE if isnan(value) else f"{100 * value:.1f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  "
        + "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]


def _confusion(whole: Result, tones: Sequence[str]) -> list[str]:
    rows = [(tone, *map(str, counts)) for tone, counts in zip(tones, whole.confusion, strict=True)]
    return ["what coders said (down) and what the model held likeliest (across):", *_aligned([("", *tones), *rows])]


def _reliability(whole: Result) -> list[str]:
    rows = [
        (
            f"{100 * part.start:.0f} to {100 * part.end:.0f}",
            str(part.rows),
            percent(part.confidence),
            percent(part.accuracy),
        )
        for part in whole.reliability
        if part.rows
    ]
    return ["calibration, in ten bins of equal width:", *_aligned([("confidence", "rows", "mean", "right"), *rows])]


def _sets(whole: Result) -> list[str]:
    sizes = [(f"{size.labels} labels", str(size.rows), percent(size.held)) for size in whole.sizes]
    held = [(each.tone, str(each.rows), percent(each.share)) for each in whole.held]
    return [
        "sets of labels, and how often they hold what the coder said:",
        *_aligned([("", "rows", "held"), *sizes, *held]),
    ]


def exchanged(swaps: Swaps) -> str:
    """What became of the suggestions when names were exchanged, with the pairs that changed."""
    head = (
        f"\nnames exchanged in {swaps.texts} texts: {swaps.swapped} swaps and {swaps.replaced} replacements; labels "
        f"changed in {swaps.labels}, silence in {swaps.silences}; largest change of a probability {swaps.largest:.4f}."
    )
    return "\n".join([head, *(line for change in swaps.changes[:10] for line in _change(change))])


def _change(change: Change) -> list[str]:
    before = (change.target, " | ".join(change.labels) or change.silent, change.text)
    after = (change.other_target, " | ".join(change.other_labels) or change.other_silent, change.other_text)
    return [f"  {about}: {said}: {text}" for about, said, text in (before, after)]


def suggestions(rows: "pd.DataFrame", told: "Sequence[Suggestion]") -> "pd.DataFrame":
    """Text and target with labels (parted by " | "), silent (the reason), language, model, and a p_<point> for each."""
    points = dict.fromkeys(point for each in told for point in each.points)
    shares = [dict(zip(each.points, each.probabilities, strict=True)) for each in told]
    return rows[["text", "target"]].assign(
        labels=[" | ".join(each.labels) for each in told],
        silent=[str(each.silent or "") for each in told],
        language=[each.language for each in told],
        model=[each.model for each in told],
        **{f"p_{point}": [row.get(point, float("nan")) for row in shares] for point in points},
    )


def csv_text(table: "pd.DataFrame") -> str:
    """A table as CSV; a text that a spreadsheet would take for a formula gets an apostrophe in front."""
    texts = [name for name in table.columns if table[name].dtype.kind not in "biuf"]
    safe = table.assign(**{name: table[name].map(_guarded) for name in texts})
    return safe.to_csv(index=False, lineterminator="\n")


def _guarded(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
