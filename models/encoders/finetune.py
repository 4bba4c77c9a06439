"""An encoder learns the tone of texts towards their target, from a table of labelled texts, on CPU or GPU.

A development part, whole groups, is kept back: it picks the epoch, calibrates the probabilities and fills the report.
The state is saved after every epoch and every few minutes; a training that was stopped goes on exactly where it was.
"""

import hashlib
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models import folder as folders
from models.encoders import checkpoint
from models.encoders.epochs import BEST, Tell, Training, figures, kept_answers, run
from models.encoders.masked_rows import Row, rows_of, tones_of, write_report
from models.encoders.masked_tokens import read_tokenizer
from models.encoders.recipe import USUAL, Recipe, kept_back
from models.encoders.torch_parts import check_base, read_base, torch_or_refused, write_net
from models.refusal import Refused

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from models.encoders.learner import Learner
    from models.scale import Scale

LEAST_ROWS, LEAST_OF_TONE, LEAST_KEPT_BACK = 60, 5, 12
"""Fewer rows to learn from in all, of one tone, or kept back, and nothing could be said about the result."""
WORK = ".training"


def finetune(
    table: "pd.DataFrame",
    scale: "Scale",
    base: Path,
    out: Path,
    recipe: Recipe = USUAL,
    *,
    teacher: Path | None = None,
    unlabelled: "pd.DataFrame | None" = None,
    languages: Sequence[str] = (),
    device: str = "auto",
    threads: int = 1,
    minutes: float = 10.0,
    resume: bool = False,
    licence: str = "",
    tell: Tell = lambda words, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> folders.Manifest:
    """Train on a table (columns as `models.labelled` says) and write a model folder `out` of the encoder backend.

    `teacher` is a model folder whose probabilities are learned too, also on `unlabelled` rows. State and progress lie
    in `out` + “.training” until the end. Raises Refused (a base that is not safe, too little data, a tone not on the
    scale), Stopped when `cancelled()` said so.
    """
    torch = torch_or_refused()
    config, device = check_base(base), _device(device)
    most = config.get("max_position_embeddings")
    if isinstance(most, int) and recipe.max_tokens > most:
        raise Refused(f"--max-tokens is {recipe.max_tokens}; {base} reads {most} at most.")
    if out.exists():
        raise Refused(f"{out} is there already; name a new folder for the model.")
    torch.set_num_threads(threads)
    reader = read_tokenizer(base / "tokenizer.json", recipe.max_tokens)
    rows = rows_of(table, reader, scale)
    back = kept_back([row.group for row in rows], recipe.development, recipe.seed)
    learned = [row for row, is_back in zip(rows, back, strict=True) if not is_back]
    kept = [row for row, is_back in zip(rows, back, strict=True) if is_back]
    _enough(learned, kept, scale)
    if unlabelled is not None:
        if teacher is None:
            raise Refused("Rows without labels need a teacher; name one with --teacher.")
        learned += rows_of(unlabelled, reader, None)
    place = out.with_name(out.name + WORK)
    mark = fingerprint(base, recipe, rows + learned, scale, teacher)
    training = Training(
        recipe, scale, reader, learned, kept, None, place, minutes, tell, cancelled, mark, began=time.monotonic()
    )  # fmt: skip
    start = _start(training, resume)
    tell(
        f"{len(learned)} rows to learn from, {len(kept)} kept back; {len(table) - len(rows)} do not name their target",
        0.0,
    )
    training.soft = _softened(training, teacher, scale)
    learner = _learner(training, base, device)
    if start is not None:
        checkpoint.restore(start, learner.net, learner.optimizer)
    run(training, learner)
    return _finish(training, learner, base, out, languages, licence)


def fingerprint(base: Path, recipe: Recipe, rows: Sequence[Row], scale: "Scale", teacher: Path | None) -> str:
    """What has to be the same for a training to go on: base, numbers, rows, scale, teacher."""
    digest = hashlib.sha256(json.dumps([asdict(recipe), asdict(scale), str(teacher)]).encode())
    for row in rows:
        digest.update(json.dumps([row.text, asdict(row.found), row.tone, row.group]).encode())
    for path in sorted(base.glob("*.safetensors")):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _enough(learned: Sequence[Row], kept: Sequence[Row], scale: "Scale") -> None:
    count = Counter(tones_of(learned))
    rare = [name for place, name in enumerate(scale.names) if count[place] < LEAST_OF_TONE]
    if len(learned) < LEAST_ROWS or rare:
        what = f"{count[scale.index(rare[0])]} rows of “{rare[0]}”" if rare else f"{len(learned)} rows"
        raise Refused(
            f"There are {what} to learn from; a training needs {LEAST_ROWS} that name their target, and "
            f"{LEAST_OF_TONE} of each tone. Label more texts, or use the linear backend."
        )
    if len(kept) < LEAST_KEPT_BACK:
        raise Refused(
            f"Only {len(kept)} rows would be kept back to choose by, where {LEAST_KEPT_BACK} are needed; "
            "give more groups in column group, or a larger --development."
        )


def _start(training: Training, resume: bool) -> Path | None:
    found = checkpoint.found(training.place)
    if not resume:
        if found is not None:
            raise Refused(
                f"An unfinished training lies in {training.place}; go on with --resume, or delete that folder."
            )
        training.place.mkdir(parents=True, exist_ok=True)
        return None
    if found is None:
        raise Refused(f"There is no training to go on with in {training.place}; start without --resume.")
    state = checkpoint.state_of(found)
    if state.get("fingerprint") != training.fingerprint:
        raise Refused(f"The training in {training.place} had another base, table or options; give those, or delete it.")
    training.epoch, training.done = int(state["epoch"]), int(state["done"])
    training.history, training.losses = list(state["history"]), list(state["losses"])
    return found


def _device(asked: str) -> str:
    import torch

    if asked not in ("auto", "cpu", "cuda"):
        raise Refused(f"The device “{asked}” is not known; write auto, cpu or cuda.")
    there = torch.cuda.is_available()
    if asked == "cuda" and not there:
        raise Refused("There is no CUDA device here (or torch is the CPU build); write --device cpu.")
    return "cuda" if there and asked != "cpu" else "cpu"


def _softened(training: Training, teacher: Path | None, scale: "Scale") -> "NDArray[np.float64] | None":
    """A teacher's probabilities of every row to learn from; a row it cannot speak about keeps to its label."""
    if teacher is None:
        return None
    import numpy as np

    model = folders.open_model(teacher).model
    if not model.scale.matches(scale):
        raise Refused(f"The teacher in {teacher} speaks on another scale; take one with the same points.")
    training.tell("asking the teacher", 0.0)
    rows = training.rows
    answers = model.probabilities(
        [row.text for row in rows], [row.target for row in rows], [row.language for row in rows]
    )
    silent: list[bool] = np.isnan(answers[:, 0]).tolist()
    answers[silent] = np.eye(scale.size)[[max(0, row.tone) for row, mute in zip(rows, silent, strict=True) if mute]]
    return answers


def _learner(training: Training, base: Path, device: str) -> "Learner":
    import torch

    from models.encoders.learner import Learner
    from models.encoders.tone_net import ToneNet

    recipe, count = training.recipe, Counter(tones_of(training.rows))
    labelled = sum(count[tone] for tone in range(training.scale.size))
    weights = [
        (labelled / (training.scale.size * count[tone])) ** recipe.balance for tone in range(training.scale.size)
    ]
    torch.manual_seed(recipe.number("head"))
    net = ToneNet(read_base(base), training.reader.marks.mask_id, training.scale.size)
    return Learner(net, recipe, weights, recipe.steps(len(training.rows)), device)


def _finish(
    training: Training, learner: "Learner", base: Path, out: Path, languages: Sequence[str], licence: str
) -> folders.Manifest:
    from safetensors.torch import load_file

    from models.calibrate import fit

    checkpoint.put(learner.net, load_file(training.place / BEST))
    probabilities = kept_answers(training, learner)
    calibration = fit(probabilities, tones_of(training.kept), training.scale)
    new = training.place / "model"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    write_net(learner.net.cpu(), new)
    shutil.copyfile(base / "tokenizer.json", new / "tokenizer.json")
    report = {"best": figures(training, probabilities), "epochs": training.history}
    write_report(new, report)
    made = datetime.now(UTC)
    manifest = folders.write(
        new,
        folders.Manifest(
            "encoder",
            f"{out.name}-{made:%Y%m%d}-{training.fingerprint[:8]}",
            training.scale,
            tuple(languages),
            calibration={"": calibration.to_json()},
            licence=licence,
            note=f"Fine-tuned from {base.name} on {len(training.rows)} rows.",
            made={"at": made.isoformat(timespec="seconds"), "base": base.name, "recipe": asdict(training.recipe)},
            settings={"max_tokens": training.recipe.max_tokens, "mask_id": training.reader.marks.mask_id},
        ),
    )
    new.rename(out)
    shutil.rmtree(training.place)
    return manifest
