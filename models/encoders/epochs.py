"""The epochs of a training: steps, progress, checkpoints, and the development part after each epoch."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from models.encoders import checkpoint
from models.encoders.masked_rows import Row, tones_of
from models.encoders.recipe import Recipe
from models.refusal import Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.encoders.learner import Learner
    from models.encoders.masked_tokens import Reader
    from models.scale import Scale

TOLD_EACH = 10.0
"""Seconds between two lines of progress."""
PROGRESS = "progress.json"
BEST = "best.safetensors"
Tell = Callable[[str, float], None]


class Stopped(Refused):
    """The training was asked to stop; its state is on disk."""


@dataclass
class Training:
    """One training: what it learns from and how far it is."""

    recipe: Recipe
    scale: "Scale"
    reader: "Reader"
    rows: list[Row]
    kept: list[Row]
    soft: "NDArray[np.float64] | None"
    place: Path
    minutes: float
    tell: Tell
    cancelled: Callable[[], bool]
    fingerprint: str
    epoch: int = 0
    done: int = 0  # batches of this epoch
    history: list[dict[str, float]] = field(default_factory=list)
    saved: float = 0.0
    told: float = 0.0
    began: float = 0.0
    losses: list[float] = field(default_factory=list)


def run(training: Training, learner: "Learner") -> None:
    """All epochs that are left; the best so far lies beside the checkpoint. Raises Stopped."""
    training.saved = time.monotonic()
    while training.epoch < training.recipe.epochs:
        _epoch(training, learner)
        training.history.append({"epoch": training.epoch + 1, **_development(training, learner)})
        best = max(training.history, key=lambda its: its["macro_f1"])
        if best is training.history[-1]:
            _save_best(training, learner)
        last = training.history[-1]
        training.epoch, training.done, training.losses = training.epoch + 1, 0, []
        _save(training, learner)
        training.tell(
            f"epoch {training.epoch}: loss {last['loss']:.3f}, development accuracy {last['accuracy']:.1%}, "
            f"macro-F1 {last['macro_f1']:.1%} of {len(training.kept)} rows",
            training.epoch / training.recipe.epochs,
        )


def _epoch(training: Training, learner: "Learner") -> None:
    recipe, epoch = training.recipe, training.epoch
    chance = recipe.drawn("others", epoch)
    texts = [row.masked(training.reader, chance.random() < recipe.others_masked) for row in training.rows]
    ids = [its[epoch % len(its)] for its in training.reader.windows(texts)]
    order = recipe.batches([len(row) for row in ids], epoch)
    for number in range(training.done, len(order)):
        batch = order[number]
        soft = None if training.soft is None else training.soft[batch]
        tones = [training.rows[place].tone for place in batch]
        step = epoch * len(order) + number
        loss = learner.learn(step, [ids[place] for place in batch], tones, soft, training.reader)
        training.losses.append(loss)
        training.done = number + 1
        _pause(training, learner, step + 1, len(order) * recipe.epochs)


def _pause(training: Training, learner: "Learner", step: int, steps: int) -> None:
    """Between two steps: tell, save, stop."""
    now = time.monotonic()
    if now - training.told >= TOLD_EACH:
        training.told = now
        mean = sum(training.losses) / len(training.losses)
        progress(training, step, steps, mean)
        training.tell(f"step {step} of {steps}, loss {mean:.3f}", step / steps)
    stop = training.cancelled()
    if stop or now - training.saved >= training.minutes * 60:
        _save(training, learner)
    if stop:
        raise Stopped(f"Stopped after step {step} of {steps}; the state is in {training.place}, go on with --resume.")


def progress(training: Training, step: int, steps: int, loss: float) -> None:
    """progress.json of a training, for whoever watches: step, steps, share, epoch, loss, seconds since the start."""
    state = {
        "step": step, "steps": steps, "share": step / steps, "epoch": training.epoch + 1, "loss": loss,
        "seconds": time.monotonic() - training.began, "history": training.history,
    }  # fmt: skip
    new = training.place / f"{PROGRESS}.new"
    new.write_text(json.dumps(state), encoding="utf-8")
    new.replace(training.place / PROGRESS)


def _save(training: Training, learner: "Learner") -> None:
    names = ("fingerprint", "epoch", "done", "history", "losses")
    checkpoint.save(training.place, {name: getattr(training, name) for name in names}, learner.net, learner.optimizer)
    training.saved = time.monotonic()


def _save_best(training: Training, learner: "Learner") -> None:
    from safetensors.torch import save_file

    new = training.place / "best.new"
    save_file(checkpoint.trained(learner.net), new)
    new.replace(training.place / BEST)


def _development(training: Training, learner: "Learner") -> dict[str, float]:
    probabilities = kept_answers(training, learner)
    return {"loss": sum(training.losses) / max(1, len(training.losses)), **figures(training, probabilities)}


def kept_answers(training: Training, learner: "Learner") -> "NDArray[np.float64]":
    """Probabilities of the rows kept back, everybody's names masked as they are when the model is used."""
    texts = [row.masked(training.reader, others=True) for row in training.kept]
    return learner.answers([its[0] for its in training.reader.windows(texts)], training.reader)


def figures(training: Training, probabilities: "NDArray[np.float64]") -> dict[str, float]:
    """Accuracy, macro-F1 and calibration error (fractions) of the rows kept back, and their number."""
    import numpy as np

    from models.evaluation.measures import calibration_error, confusion, mean_f1

    truth = np.array(tones_of(training.kept))
    said = probabilities.argmax(axis=1)
    return {
        "accuracy": float((said == truth).mean()),
        "macro_f1": float(mean_f1(confusion(truth, said, training.scale.size))),
        "calibration_error": float(calibration_error(said == truth, probabilities.max(axis=1))),
        "rows": float(len(truth)),
    }
