"""How good a model is on labelled texts: overall, and for every tone, language, subject, outlet and format.

`evaluate` asks a model through the public `suggest`; `evaluate_predictions` computes the same figures from a table of
predictions that is already there, without a model. Either gives an `Evaluation`. What each figure means stands at
`Result` and in `docs/tone.md`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.evaluation.measures import NAN, Bin

if TYPE_CHECKING:
    import pandas as pd

    from models.scale import Scale
    from models.suggestion import Suggester, Suggestion

DIMENSIONS = ("tone", "language", "subject", "outlet", "format")
MINIMUM = 30
"""Judged rows below which a part is marked as few, and stands last."""
MINIMUM_GROUPS = 10
"""Groups below which it is marked, too: however many rows they have, they are that few different programmes."""
PREDICTIONS = ".predictions.csv"
"""The table of predictions of a version that was trained on a mission: the name of its folder and this, beside it.

Not in the folder: that one is sealed, and is refused with a file more.
"""
BETWEEN = " | "
PROBABILITY = "p_"
HEAD = ("dimension", "value")
FIGURES = ("rows", "judged", "groups", "accuracy", "low", "high", "majority", "f1", "f1_sides", "error", "coverage90")


@dataclass(frozen=True)
class SetSize:
    """Conformal sets of so many labels: how many rows have one, and which share of them holds the coder's tone."""

    labels: int
    rows: int
    held: float


@dataclass(frozen=True)
class Held:
    """How often the sets hold a tone of the coders: of the rows that they gave it, and which share."""

    tone: str
    rows: int
    share: float


@dataclass(frozen=True)
class Result:
    """How good the model is on one part of the rows (`dimension` and `value`; both empty for all of them).

    `rows` are all of the part, `judged` those with probabilities (text there, target named, language known), `groups`
    the groups among these. `accuracy` is the share of judged rows whose likeliest point is the coder's, between `low`
    and `high` (95 per cent; groups, not rows, are taken as independent; NaN with one group). `majority` is what always
    saying the commonest tone of these rows would reach. `f1` is macro-F1 over the points that coders gave there,
    `f1_sides` over those of them that are not neutral. `error` is the expected calibration error in ten bins of equal
    width (`reliability` has the bins). `coverage90` is the largest share of `rows`, from the surest downwards, on which
    still 90 per cent are right. `silent` counts rows by reason ("" where something was suggested). `sizes` and `held`
    judge the sets of labels. `confusion` has a row for each tone of coders and a column for each likeliest point.
    `few` says that so few rows, or groups, were judged that the figures are mostly chance.

    In the dimension `tone` the rows are those to which coders gave it: `accuracy` is how many of them were found, `f1`
    the F1 of this tone among all rows, and what makes no sense inside one tone is NaN.
    """

    dimension: str
    value: str
    rows: int
    judged: int
    groups: int
    accuracy: float
    low: float
    high: float
    majority: float
    f1: float
    f1_sides: float
    error: float
    coverage90: float
    reliability: tuple[Bin, ...]
    silent: Mapping[str, int]
    sizes: tuple[SetSize, ...]
    held: tuple[Held, ...]
    confusion: tuple[tuple[int, ...], ...]
    few: bool

    @property
    def mean_size(self) -> float:
        """How many labels a set holds on average; NaN without judged rows."""
        rows = sum(size.rows for size in self.sizes)
        return sum(size.labels * size.rows for size in self.sizes) / rows if rows else NAN

    @property
    def spoken(self) -> int:
        """Rows for which something was suggested."""
        return self.silent.get("", 0)


@dataclass(frozen=True)
class Evaluation:
    """Figures for all rows and for the parts of each dimension, the worst part first.

    `tones` are the points that were told apart, lowest first: those of the scale, or of the collapsed one where the
    model knows no more. Worst is the lowest end of the interval of the accuracy; parts with fewer than `minimum`
    judged rows, or MINIMUM_GROUPS groups, come after all others, so that chance leads no list.
    """

    tones: tuple[str, ...]
    minimum: int
    overall: Result
    by: Mapping[str, tuple[Result, ...]]
    model: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file; what is not defined is None."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    def table(self, dimensions: Sequence[str] | None = None) -> "pd.DataFrame":
        """One row for all, then for each part of the dimensions (all, or those named), in this order.

        Columns: dimension, value; rows, judged, groups; accuracy, low, high, majority, f1, f1_sides, error, coverage90
        (fractions of 1); labels (mean size of the sets); suggested (rows); few.
        """
        import pandas as pd

        chosen = self.by if dimensions is None else {name: self.by.get(name, ()) for name in dimensions}
        results = [self.overall, *(result for part in chosen.values() for result in part)]
        rows = [
            {name: getattr(result, name) for name in (*HEAD, *FIGURES)}
            | {"labels": result.mean_size, "suggested": result.spoken, "few": result.few}
            for result in results
        ]
        return pd.DataFrame(rows)


def evaluate(
    table: "pd.DataFrame",
    scale: "Scale",
    model: "Suggester | Path",
    by: Sequence[str] | None = None,
    minimum: int = MINIMUM,
) -> Evaluation:
    """Ask a model about every text of a labelled table, and judge it. `table` is as in `models.labelled`.

    Raises Refused for a table that cannot be judged, with the line, and for a model of another scale.
    """
    suggester = opened(model)
    told = predictions(table, scale, suggester)
    return replace(evaluate_predictions(told, scale, by, minimum), model=suggester.version)


def opened(model: "Suggester | Path") -> "Suggester":
    """A model by its folder, or one that is open already. Raises Refused."""
    from models.suggestion import Suggester

    if isinstance(model, Suggester):
        return model
    from models.folder import open_model

    return open_model(model)


def predictions(table: "pd.DataFrame", scale: "Scale", model: "Suggester") -> "pd.DataFrame":
    """What a model says of every row, as a table of predictions (see `evaluate_predictions`), in the same order."""
    from models import labelled
    from models.refusal import Refused
    from models.suggestion import suggest

    rows = labelled.checked(table, scale)
    fitting = next((one for one in (scale, scale.collapsed()) if one.matches(model.scale)), None)
    if fitting is None:
        raise Refused(
            f"The model speaks of {', '.join(model.scale.names)}, which does not fit the scale of the table "
            f"({', '.join(scale.names)}). Give the table's scale, or another model."
        )
    names = dict(zip(model.scale.names, fitting.names, strict=True))
    names |= dict(zip(model.scale.collapsed().names, fitting.collapsed().names, strict=True))
    # asked as if it might speak everywhere: what it may not say is judged, too, and marked
    anywhere = replace(model, earned=None)
    told = suggest(list(rows["text"]), labelled.targets_of(rows), list(rows["language"]), anywhere)
    kept = rows[[n for n in ("segment_id", "subject", "outlet", "format") if n in rows.columns]]
    kept = kept.assign(subject=rows["subject"] if "subject" in rows.columns else rows["target"])
    kept = kept.assign(
        tone=rows["tone"],
        group=rows["group"],
        language=[each.language for each in told],
        labels=[BETWEEN.join(names[label] for label in each.labels) for each in told],
        silent=[_silence(each, model) for each in told],
    )
    every = list(dict.fromkeys(names.values()))
    shares = [dict(zip((names[p] for p in each.points), each.probabilities, strict=True)) for each in told]
    return kept.assign(**{f"{PROBABILITY}{name}": [row.get(name, NAN) for row in shares] for name in every})


def _silence(told: "Suggestion", model: "Suggester") -> str:
    from models.suggestion import Silence

    barred = told.probabilities and model.earned is not None and told.language not in model.earned
    return str(Silence.NOT_EARNED if barred else told.silent or "")


def evaluate_predictions(
    table: "pd.DataFrame", scale: "Scale", by: Sequence[str] | None = None, minimum: int = MINIMUM
) -> Evaluation:
    """Judge predictions that are already there; no model runs.

    `table` has the columns tone (the coder's, on the scale), group, p_<point> for every point of the scale or of the
    collapsed scale (a row has numbers under one of them, or none where nothing was computed), labels (parted by " | ";
    where it is empty beside probabilities, every point is possible), silent (the reason, or empty), and any of the
    DIMENSIONS. Rows on both scales are judged together on the collapsed one. `by` names dimensions; without it all
    that the table has. Raises Refused for a table without these columns or rows, or with an unknown tone or dimension.
    """
    from models.evaluation.judged import judged_rows

    rows = judged_rows(table, scale)
    chosen = _dimensions(table, by)
    parts: dict[str, tuple[Result, ...]] = {}
    for name in chosen:
        found = [rows.result(name, str(value), minimum) for value in sorted(set(rows.words[name]))]
        parts[name] = tuple(sorted(found, key=_worst_first))
    return Evaluation(rows.scale.names, minimum, rows.result("", "", minimum), parts)


def _dimensions(table: "pd.DataFrame", by: Sequence[str] | None) -> list[str]:
    from models.refusal import Refused

    if by is None:
        return [name for name in DIMENSIONS if name in table.columns]
    unknown = [name for name in by if name not in DIMENSIONS or name not in table.columns]
    if unknown:
        known = ", ".join(name for name in DIMENSIONS if name in table.columns)
        raise Refused(f"The table cannot be looked at by {', '.join(unknown)}. It has: {known}.")
    return list(by)


def _worst_first(result: Result) -> tuple[bool, float, str]:
    low = result.accuracy if isnan(result.low) else result.low
    return result.few, 2.0 if isnan(low) else low, result.value


def _plain(value: Any) -> Any:
    match value:
        case float():
            return None if isnan(value) else value
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case _:
            return value


def write_predictions(folder: Path, table: "pd.DataFrame") -> Path:
    """Keep the held-out predictions of a version beside its folder, whole or not at all."""
    return whole(beside(folder, PREDICTIONS), lambda path: table.to_csv(path, index=False, encoding="utf-8"))


def read_predictions(folder: Path) -> "pd.DataFrame | None":
    """The held-out predictions of a version; None where it has none. Numbers under p_, texts elsewhere."""
    import pandas as pd

    path = beside(folder, PREDICTIONS)
    if not path.is_file():
        return None
    # na_filter would read the subject "NA" as nothing
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    names = [str(name) for name in table.columns if str(name).startswith(PROBABILITY)]
    shares = {name: pd.to_numeric(table[name], errors="coerce") for name in names}
    return table.assign(**shares)


def beside(folder: Path, ending: str) -> Path:
    """A file that belongs to a version: the name of its folder with an ending, next to the folder."""
    return folder.with_name(folder.name + ending)


def whole(path: Path, write: Callable[[Path], Any]) -> Path:
    """Write a file under another name and move it to its place, so that nobody reads half of it."""
    unfinished = path.with_name(f".{path.name}.writing")
    write(unfinished)
    unfinished.replace(path)
    return path
