"""Training on a mission's own labels: for each language the best candidate, measured on airings it has not seen.

Folds hold out whole groups (airings), never single rows: the sentences of one bulletin repeat one another. Every
figure of the report is out of fold: the calibration is fitted, and of several candidates one is chosen, on other folds
than they are judged on.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.refusal import Refused
from models.scale import Scale, check_sense

if TYPE_CHECKING:
    import pandas as pd

    from models.training.candidates import Candidate, Ready, Rows
    from models.training.earning import Held

FEWEST_LABELS = 40
FEWEST_GROUPS = 5
FEWEST_OF_A_POINT = 30
"""On a scale of more than three points; with fewer of any the points of each side become one."""
REPORT = "report.json"

Tell = Callable[[str, float], None]


class Cancelled(Exception):
    """The person stopped the training. What lies in the folder is no model."""


class _Way:
    """How far the work is: tells the stage and the share of steps done, and stops when asked."""

    def __init__(self, steps: int, tell: Tell, cancelled: Callable[[], bool]) -> None:
        self._done, self._steps, self._tell, self._cancelled = 0, max(1, steps), tell, cancelled

    def step(self, stage: str) -> None:
        """One more step begins. Raises Cancelled."""
        if self._cancelled():
            raise Cancelled
        self._tell(stage, min(1.0, self._done / self._steps))
        self._done += 1


def train(
    table: "pd.DataFrame",
    scale: Scale,
    folder: Path,
    tell: Tell = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
    version: str = "",
    predictions: "Callable[[pd.DataFrame], object]" = lambda table: None,
    ready: bool = True,
) -> dict[str, Any]:
    """Train a model of every language of a table of labels; write it to an empty folder; give its report.

    Columns in: those of `labelled.JUDGED` and `bystanders`. `tell` hears a stage ("texts", "kk linear", "writing") and
    a share from 0 to 1; `cancelled` is asked before each fit. `version` names the model; the folder's name by default.
    `predictions` is given the out-of-fold predictions (see `held_out`). Without `ready` the
    models that come with the project are no candidates.

    The report is plain JSON by language: `labels`, `airings`, `not_named` (rows left out), `counts` by tone, `points`,
    `collapsed` (to the sides of the scale, since a point had too few labels), `candidates` with the figures of
    `earning.figures`, `chosen`, the figures of choosing so (see `earning.choosing`), `earned`, and `reason` when not:
    few_labels, few_airings, one_tone, unknown_language or no_gain. Earned is: the interval of accuracy over majority
    is above 0.

    Raises Refused for a table that cannot be used or has no language with enough labels, and Cancelled.
    """
    import pandas as pd

    from models import folder as folders
    from models.training.held_out import held_out

    check_sense(scale)
    tell("texts", 0.0)
    checked, report = _by_language(table, scale)
    shipped = {language: _ready(language) if ready else () for language in checked}
    way = _Way(_steps(shipped), tell, cancelled)
    calibrations: dict[str, Any] = {}
    said = []
    version = version or folder.name
    for language, rows in checked.items():
        best, held, measured = _best(rows, way, shipped[language])
        report[language] |= measured
        way.step(f"{language} {best.name}")
        calibrations[language] = _calibration(best, rows, collapsed=report[language]["collapsed"])
        said.append(held_out(rows, held, earned=report[language]["earned"]))
        settings = best.make(folder / language)
        own = folders.Manifest(best.backend, f"{version}.{language}", rows.scale, (language,), settings=settings)
        folders.write(folder / language, own)
    way.step("writing")
    predictions(pd.concat(said))
    (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    whole = folders.Manifest(
        "by_language", version, scale, tuple(checked), calibration=calibrations, earned=_earned(report)
    )
    folders.write(folder, whole)
    tell("writing", 1.0)
    return report


def _by_language(table: "pd.DataFrame", scale: Scale) -> "tuple[dict[str, Rows], dict[str, Any]]":
    """The rows of each language that has enough, and for every language the beginning of its report."""
    from models.labelled import checked, targets_of
    from models.language import language_about

    judged = checked(table, scale)
    asked = zip(judged["language"], judged["text"], targets_of(judged), strict=True)
    told = [language or language_about(text, target) for language, text, target in asked]
    judged = judged.assign(language=told)
    _codes(told)
    enough, report = {}, {}
    for language, its in judged.groupby("language", sort=False):
        rows, entry = _rows(its, str(language), scale)
        report[str(language)] = entry
        if not entry["reason"]:
            enough[str(language)] = rows
    if not enough:
        found = ", ".join(f"{name or '?'}: {its['labels']} from {its['airings']}" for name, its in report.items())
        raise Refused(
            f"No language has {FEWEST_LABELS} labels of two tones from {FEWEST_GROUPS} airings yet ({found}); "
            "code more airings, then train again."
        )
    return enough, report


def _codes(languages: Iterable[str]) -> None:
    """Raises Refused for a language that is no code: it names a folder."""
    from models.backends.by_language import CODE

    odd = sorted({language for language in languages if language and not CODE.fullmatch(language)})
    if odd:
        raise Refused(f"The language “{odd[0]}” is no code; write one such as en, ru or kk, or leave it empty.")


def _rows(judged: "pd.DataFrame", language: str, scale: Scale) -> "tuple[Rows, dict[str, Any]]":
    import numpy as np

    from models.labelled import targets_of
    from models.linear.ngrams import read
    from models.training.candidates import Rows

    targets = targets_of(judged)
    read_all = [read(text, target, language) for text, target in zip(judged["text"], targets, strict=True)]
    named = [place for place, reading in enumerate(read_all) if reading is not None]
    its = judged.iloc[named]
    counts = {name: int((its["tone"] == name).sum()) for name in scale.names}
    collapsed = scale.size > scale.collapsed().size and min(counts.values()) < FEWEST_OF_A_POINT
    own = scale.collapsed() if collapsed else scale
    tones = [own.index(scale.collapse(tone) if collapsed else tone) for tone in its["tone"]]
    rows = Rows(
        language=language,
        scale=own,
        texts=tuple(its["text"]),
        targets=tuple(targets[place] for place in named),
        readings=tuple(reading for reading in read_all if reading is not None),
        tones=np.array(tones, dtype=np.int64),
        groups=its["group"].to_numpy(dtype=str),
        table=its,
    )
    airings = len(set(rows.groups))
    entry = {
        "labels": len(named),
        "airings": airings,
        "not_named": len(judged) - len(named),
        "counts": counts,
        "points": list(own.names),
        "collapsed": collapsed,
        "candidates": {},
        "chosen": "",
        "earned": False,
        "reason": _too_few(language, len(named), airings, len(set(tones))),
    }
    return rows, entry


def _too_few(language: str, labels: int, airings: int, tones: int) -> str:
    if not language:
        return "unknown_language"
    if labels < FEWEST_LABELS:
        return "few_labels"
    if airings < FEWEST_GROUPS:
        return "few_airings"
    return "one_tone" if tones < 2 else ""


def _ready(language: str) -> "tuple[Ready, ...]":
    from models.training.candidates import ready_for

    return ready_for(language)


def _steps(ready: "dict[str, tuple[Ready, ...]]") -> int:
    from models.training.candidates import fits_in

    return sum(fits_in(len(its)) + 1 for its in ready.values()) + 1


def _best(rows: "Rows", way: _Way, ready: "tuple[Ready, ...]") -> "tuple[Candidate, Held, dict[str, Any]]":
    """The chosen candidate, what the choosing said of rows held out, and its part of the report."""
    from models.training.candidates import candidates
    from models.training.earning import choosing, chosen, crossed, figures

    found = {its.name: its for its in candidates(rows, lambda name: way.step(f"{rows.language} {name}"), ready)}
    held = {name: crossed(its.said, rows) for name, its in found.items()}
    measured = {name: figures(its, rows) for name, its in held.items()}
    name, whole = chosen(measured), choosing(held, rows)
    judged = figures(whole, rows)
    earned = judged["low"] > 0
    entry = {"candidates": measured, "chosen": name, **judged, "earned": earned}
    return found[name], whole, {**entry, "reason": "" if earned else "no_gain"}


def _calibration(best: "Candidate", rows: "Rows", *, collapsed: bool) -> dict[str, Any]:
    """The calibration from all held-out rows, which the model in use is given."""
    from models import calibrate

    its = calibrate.fit(best.said, rows.tones.tolist(), rows.scale)
    return replace(its, collapsed=collapsed).to_json()


def _earned(report: dict[str, Any]) -> dict[str, Any]:
    """What the manifest keeps: whether a language may speak, and the figures a person asks for first."""
    kept = ("earned", "reason", "labels", "airings", "collapsed", "chosen", "accuracy", "majority", "low", "high")
    return {language: {name: its[name] for name in kept if name in its} for language, its in report.items()}
