"""Training on a mission's own labels: each run makes a version, kept beside the earlier ones; none is ever changed.

A version is a model folder in the data directory, with its held-out predictions and what became of its suggestions
when names were exchanged beside it, and a row in the store. It is there whole or not at all: made in another place,
moved to its own, and only then recorded.
"""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coding.problems import Problem, ProblemsFound
from coding.store import Store, audit
from coding.store.places import data_dir, place_key
from coding.store.tone_models import ToneModel, add_model, tone_models
from coding.suggestions.labels import Labels, labels_of
from coding.suggestions.policy import scale_of

if TYPE_CHECKING:
    import pandas as pd

Tell = Callable[[str, float], None]
"""Told a stage and how far it is, from 0 to 1."""
READING, NAMES = "reading", "names"
LEARNED = 0.9
"""The share of a training that is done when the version is written; the rest is the exchange of names."""
MAKING = ".making"
"""The folder in which a version is made; what a training that was killed left there goes with the next one."""


class Cancelled(Exception):
    """The person stopped the training; nothing of it was kept."""


def models_folder(store_url: str) -> Path:
    """Where the versions of a store's model lie on this machine."""
    return data_dir() / "models" / place_key(store_url)


def train_mission(store: Store, who: str, tell: Tell, cancelled: Callable[[], bool], *, use: bool = False) -> ToneModel:
    """Train on the labels as they now are, and keep the version; with `use` it is put into use.

    One training of a store at a time (see `jobs`): a version's number is not reserved. Raises ProblemsFound where
    there is too little to learn from, and Cancelled after `cancelled` said so; neither leaves anything behind.
    """
    tell(READING, 0.0)
    labels = labels_of(store)
    if labels.table.empty:
        raise ProblemsFound([Problem("tone_model.no_labels", values=labels.left_out)])
    home = models_folder(store.url)
    home.mkdir(parents=True, exist_ok=True)
    making, version = home / MAKING, next_version(store, home)
    shutil.rmtree(making, ignore_errors=True)
    try:
        report = _trained(store, labels, making / version, tell, cancelled)
        for path in sorted(making.iterdir(), reverse=True):  # what lies beside the folder first
            path.replace(home / path.name)
        return add_model(store, _row(home / version, who, labels, report), use=use)
    except BaseException:
        if all(held.version != version for held in tone_models(store)):
            for path in [home / version, *home.glob(f"{version}.[a-z]*")]:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def next_version(store: Store, home: Path) -> str:
    """The day and a number that neither the store nor the folder knows, such as 2027-05-16.2."""
    day = audit.now()[:10]
    taken = {model.version for model in tone_models(store)} | {path.name for path in home.iterdir()}
    number = 1
    while f"{day}.{number}" in taken:
        number += 1
    return f"{day}.{number}"


def _row(folder: Path, who: str, labels: Labels, report: Mapping[str, Any]) -> ToneModel:
    return ToneModel(
        version=folder.name,
        folder=folder.relative_to(data_dir()).as_posix(),
        made_at=audit.now(),
        made_by=who,
        labels=len(labels.table),
        languages=report,
        fingerprint=labels.fingerprint,
    )


def _trained(store: Store, labels: Labels, folder: Path, tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Fill a model folder, with its held-out predictions and the check of names beside it; the report by language."""
    from models.evaluation import fairness
    from models.evaluation.evaluate import write_predictions
    from models.refusal import Refused
    from models.training import train

    def learning(stage: str, share: float) -> None:
        tell(stage, LEARNED * share)

    def exchanging(share: float) -> None:
        if cancelled():
            raise Cancelled
        tell(NAMES, LEARNED + (1 - LEARNED) * share)

    folder.mkdir(parents=True)
    held: list[pd.DataFrame] = []
    try:
        scale = scale_of(store.mission())
        report = train.train(labels.table, scale, folder, learning, cancelled, predictions=held.append)
        write_predictions(folder, _every(labels, held[0], report))
        fairness.check(labels.table, folder, tell=exchanging)
    except train.Cancelled:
        raise Cancelled from None
    except Refused as refused:
        raise ProblemsFound([Problem("tone_model.refused", values={"reason": refused.reason})]) from None
    return report


def _every(labels: Labels, said: "pd.DataFrame", report: Mapping[str, Any]) -> "pd.DataFrame":
    """The predictions, and behind them the labels of which the model could say nothing, with the reason."""
    import pandas as pd

    from models.suggestion import Silence
    from models.training.held_out import COLUMNS

    rest = labels.table[~labels.table["segment_id"].isin(said["segment_id"])][list(COLUMNS)]
    known = {language for language, entry in report.items() if entry["candidates"]}
    silent = [str(Silence.NOT_NAMED if language in known else Silence.LANGUAGE) for language in rest["language"]]
    return pd.concat([said, rest.assign(labels="", silent=silent)])
