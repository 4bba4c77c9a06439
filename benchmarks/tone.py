"""How good are the suggestions, on public data that the models never saw?

`python -m benchmarks.tone --data FOLDER [--quick]` reads the public data sets of tone that it finds in the folder
(NewsMTSC, RuSentNE-2023, KazSAnDRA; see `tone_sets.py`), asks the shipped models and the linear backend through the
public `suggest`, and prints what `docs/benchmarks.md` quotes. Where a test split is not in the folder, one of our own
takes its place, by whole sentences, and the table says so. Figures are in per cent, but for the speed and the swaps.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from benchmarks.tone_sets import (
    ENTITIES,
    NEGATIVE,
    NEUTRAL,
    NEWS,
    POSITIVE,
    REVIEWS,
    Row,
    Sets,
    columns,
    drawn,
    in_development,
    read_sets,
    without,
)
from models.refusal import Refused

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from models.suggestion import Suggester

TONES = (NEGATIVE, NEUTRAL, POSITIVE)
TRAIN, TWO_TARGETS, REAL_WORLD = NEWS
ENTITIES_TRAIN, CLEAN = ENTITIES
REVIEWS_TRAIN, REVIEWS_CHOOSE, REVIEWS_TEST = REVIEWS
SEEDS = 5
FEW = 200
STRENGTH = 1.0
"""Inverse strength of the penalty of the linear model of reviews, chosen by folds of the training file."""


@dataclass
class Found:
    """What was measured: figures by their name, and what has to be said beside them."""

    figures: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    errors: dict[str, tuple[float, float]] = field(default_factory=dict)

    def tell(self, name: str, value: float, about: str) -> None:
        """Keep a figure and print its line."""
        self.figures[name] = round(value, 2)
        print(f"{name:24} {value:8.2f}  {about}", flush=True)

    def note(self, text: str) -> None:
        """Say something beside the figures."""
        self.notes.append(text)
        print(f"  note: {text}", flush=True)


def asked(suggester: "Suggester", rows: Sequence[Row]) -> "NDArray[np.float64]":
    """Calibrated probabilities (n, 3) by the public door; a row without an answer counts as sure of neutral.

    An answer that is missing is a mistake wherever the tone is not neutral: nothing is left out of a figure.
    """
    import numpy as np

    from models.suggestion import suggest

    told = suggest([row.text for row in rows], [row.target for row in rows], [row.language for row in rows], suggester)
    return np.array([each.probabilities or (0.0, 1.0, 0.0) for each in told])


def answers(rows: Sequence[Row]) -> "NDArray[np.int64]":
    """The place of each row's tone on the scale."""
    import numpy as np

    return np.array([TONES.index(row.tone) for row in rows])


def measured(found: Found, name: str, said: "NDArray[np.float64]", rows: Sequence[Row]) -> tuple[float, float]:
    """Macro-F1 over the tones that occur and coverage at 90 per cent accuracy, in per cent; keeps the error."""
    from models.evaluation.measures import calibration_error, confusion, coverage, mean_f1

    truth, told, sure = answers(rows), said.argmax(axis=1), said.max(axis=1)
    right = told == truth
    found.errors[name] = (100 * calibration_error(right, sure), unavoidable(sure))
    present = sorted(set(truth.tolist()))
    f1 = mean_f1(confusion(truth, told, len(TONES)), present)
    return 100 * f1, 100 * coverage(right, sure, len(rows))


def unavoidable(sure: "NDArray[np.float64]") -> float:
    """The calibration error, in per cent, that chance alone gives a model whose every probability is true."""
    import numpy as np

    from models.evaluation.measures import calibration_error

    chance = np.random.default_rng(1)
    return 100 * fmean(calibration_error(chance.random(len(sure)) < sure, sure) for _ in range(200))


def table_of(rows: Sequence[Row]) -> "pd.DataFrame":
    """The rows as the table that `models` reads."""
    import pandas as pd

    return pd.DataFrame(list(columns(rows)))


def trained(rows: Sequence[Row], *, ready: bool) -> "Suggester":
    """A model trained on these labels as a mission would train it, with or without the ready model as a candidate."""
    from models.folder import open_model
    from models.scale import THREE
    from models.training.train import train

    with tempfile.TemporaryDirectory() as place:
        train(table_of(rows), THREE, Path(place) / "tone", ready=ready)
        return replace(open_model(Path(place) / "tone"), earned=None)


def news(found: Found, sets: Sets, quick: bool) -> None:
    """English: the shipped models on what they have not seen, and models learned from few labels."""
    from models.folder import open_model, ready

    if not sets.news:
        return
    folders = {"": ready("en_large"), "_small": ready("en")}
    shipped = {name: open_model(folder) for name, folder in folders.items() if folder is not None}
    if "_small" not in shipped:
        found.note("no English model is installed")
        return
    shipped.setdefault("", shipped["_small"])
    splits = {"newsmtsc_mt_f1": TWO_TARGETS, "newsmtsc_rw_f1": REAL_WORLD}
    held = {name: news_split(found, sets, split) for name, split in splits.items()}
    for size, suggester in shipped.items():
        for name, rows in held.items():
            if rows:
                f1, covered = measured(found, name + size, asked(suggester, rows), rows)
                found.tell(name + size, f1, f"macro-F1 of {suggester.version}, {len(rows):,} rows")
                if name == "newsmtsc_rw_f1":
                    found.tell(
                        "coverage90" + size, covered, "per cent of these that can be answered, 90 per cent right"
                    )
    tested = held["newsmtsc_rw_f1"] or held["newsmtsc_mt_f1"]
    if not tested:
        found.note("no row of NewsMTSC is left that no model has seen: nothing of it was measured")
        return
    two = held["newsmtsc_mt_f1"] or tested
    few_labels(found, sets, tested, 1 if quick else SEEDS)
    speed(found, shipped, two)
    swaps(found, shipped, sets, two)


def news_split(found: Found, sets: Sets, split: str) -> list[Row]:
    """The rows of a test split; where the file is absent, the part of the training file that no model was fitted on."""
    if split in sets.news:
        rows = without(sets.news[split], sets.news.get(TRAIN, []))
        if not rows:
            found.note(f"every sentence of {split}.jsonl stands in {TRAIN}.jsonl too: it was not measured")
        return rows
    if TRAIN not in sets.news:
        return []
    rows = [row for row in sets.news[TRAIN] if in_development(row.group)]
    found.note(
        f"{split}.jsonl is not in the folder: {len(rows):,} rows of {TRAIN}.jsonl stand in, held out by sentence"
    )
    return rows


def few_labels(found: Found, sets: Sets, tested: Sequence[Row], seeds: int) -> None:
    """Mean over draws: 200 labels of the tested kind on top of the shipped model, 1,000 labels for the linear one."""
    scores = []
    for seed in range(seeds if len(tested) >= 2 * FEW else 0):
        taken, rest = drawn(tested, FEW, seed)
        scores.append(measured(found, f"200 labels, draw {seed}", asked(trained(taken, ready=True), rest), rest)[0])
        del found.errors[f"200 labels, draw {seed}"]
    if scores:
        found.tell(
            "f1_200_labels", fmean(scores), f"{FEW} labels on top of the shipped model, the rest tested, {seeds} draws"
        )
    else:
        found.note(f"{len(tested):,} rows are too few to learn from {FEW} and test on as many")
    if TRAIN not in sets.news:
        return
    learning = without(sets.news[TRAIN], tested)
    scores = []
    for seed in range(seeds):
        taken, _ = drawn(learning, 1000, seed)
        said = asked(trained(taken, ready=False), tested)
        scores.append(measured(found, f"linear, draw {seed}", said, tested)[0])
        del found.errors[f"linear, draw {seed}"]
    found.tell("linear_f1_1000_labels", fmean(scores), f"linear backend, 1,000 labels, {seeds} draws")


def entities(found: Found, sets: Sets, quick: bool) -> None:
    """Russian: the shipped model on sentences that stand in no training file."""
    from models.evaluation.measures import confusion, mean_f1
    from models.folder import open_model, ready

    folder = ready("ru")
    if folder is None or not sets.entities:
        return
    train = sets.entities.get(ENTITIES_TRAIN, [])
    if CLEAN in sets.entities:
        rows = without(sets.entities[CLEAN], train)
        about = f"{len(rows):,} {'clean rows' if train else 'rows'} of {CLEAN}.csv"
        if not train:
            found.note(
                f"{ENTITIES_TRAIN}.csv is not in the folder: rows of {CLEAN}.csv that share a sentence with it count"
            )
    else:
        rows = [row for row in train if in_development(row.group)]
        about = f"{len(rows):,} rows of {ENTITIES_TRAIN}.csv"
        found.note(f"{CLEAN}.csv is not in the folder: {about} stand in, held out by sentence")
    if not rows:
        found.note("no row of RuSentNE is left that the model has not seen: nothing of it was measured")
        return
    said = asked(open_model(folder), rows)
    found.tell(
        "rusentne_f1", measured(found, "rusentne", said, rows)[0], f"macro-F1 of the shipped Russian model, {about}"
    )
    sides = confusion(answers(rows), said.argmax(axis=1), len(TONES))
    found.tell("rusentne_f1pn", 100 * mean_f1(sides, (0, 2)), "the same over the two tones that are not neutral")


def reviews(found: Found, sets: Sets, quick: bool) -> None:
    """Kazakh: the linear model learned from the balanced file, its cut chosen on the natural one, then the test.

    Nobody is named in a review: this measures letters, endings and words of the language, not tone towards a target.
    """
    import numpy as np

    from models import calibrate
    from models.evaluation.measures import calibration_error
    from models.linear import fit as linear_fit
    from models.linear.ngrams import counted, rated, read
    from models.scale import Point, Scale

    if not sets.reviews:
        return
    two = Scale((Point(NEGATIVE, -1.0), Point(POSITIVE, 1.0)))
    train, choose, test = review_parts(found, sets)
    train = without(train, [*choose, *test])
    train = drawn(train, 5000, seed=0)[0] if quick else train
    choose = without(choose, test)
    if any(len({row.tone for row in part}) < 2 for part in (train, choose, test)):
        found.note("too few reviews to learn from, to choose a cut and to test: nothing of them was measured")
        return

    def counts(rows: Sequence[Row]) -> tuple[Any, Any]:
        readings = [read(row.text, row.target, row.language) for row in rows]
        kept = [each for each in readings if each is not None]
        return counted(kept), rated(kept, [row.language for row in rows])

    def positive(rows: Sequence[Row]) -> "NDArray[np.int64]":
        return np.array([row.tone == POSITIVE for row in rows], dtype=np.int64)

    weights = linear_fit.fit(*counts(train), positive(train), 2, STRENGTH)
    choosing, testing = (weights.probabilities(*counts(rows)) for rows in (choose, test))
    cuts = np.arange(0.05, 0.96, 0.01)
    cut = max(cuts, key=lambda at: two_tones(choosing[:, 1] > at, positive(choose)))
    f1 = 100 * two_tones(testing[:, 1] > cut, positive(test))
    found.tell(
        "kazsandra_f1", f1, f"macro-F1, linear, {len(train):,} reviews learned, {len(test):,} tested, cut {cut:.2f}"
    )
    fitted = calibrate.fit(choosing, positive(choose).tolist(), two)
    sure = fitted.apply(testing, two)
    right = sure.argmax(axis=1) == positive(test)
    found.errors["kazsandra"] = (100 * calibration_error(right, sure.max(axis=1)), unavoidable(sure.max(axis=1)))


def review_parts(found: Found, sets: Sets) -> tuple[list[Row], list[Row], list[Row]]:
    """What is learned from, what chooses the cut, and what tests it; a part of another file for a file not there."""
    parts = {name: sets.reviews.get(name, []) for name in REVIEWS}
    for missing in (REVIEWS_TEST, REVIEWS_CHOOSE, REVIEWS_TRAIN):
        if not parts[missing]:
            source = next(name for name in (REVIEWS_CHOOSE, REVIEWS_TRAIN, REVIEWS_TEST) if parts[name])
            share = 5 if source == REVIEWS_TRAIN else 2
            parts[source], parts[missing] = drawn(parts[source], len(parts[source]) * (share - 1) // share, seed=0)
            found.note(f"{missing}.zip is not in the folder: {len(parts[missing]):,} rows of {source}.zip stand in")
    return parts[REVIEWS_TRAIN], parts[REVIEWS_CHOOSE], parts[REVIEWS_TEST]


def two_tones(positive: "NDArray[np.bool_]", truth: "NDArray[np.int64]") -> float:
    """Macro-F1 of a yes or no."""
    from models.evaluation.measures import confusion, mean_f1

    return mean_f1(confusion(truth, positive.astype(int), 2))


def speed(found: Found, shipped: "dict[str, Suggester]", rows: Sequence[Row]) -> None:
    """Segments answered in a second of processor time, the finding of names included; the best of three."""
    for name, suggester in (("segments_per_cpu_s", shipped["_small"]), ("segments_per_cpu_s_large", shipped[""])):
        some = rows if suggester is shipped["_small"] else rows[:200]
        asked(suggester, rows[:50])
        best = 0.0
        for _ in range(3):
            started = time.process_time()
            asked(suggester, some)
            best = max(best, len(some) / (time.process_time() - started))
        found.tell(name, best, f"segments a second of processor time, {suggester.version}")


def swaps(found: Found, shipped: "dict[str, Suggester]", sets: Sets, rows: Sequence[Row]) -> None:
    """Suggestions that change when the contestants' names are exchanged, in the shipped and the linear models."""
    from models.evaluation.fairness import swap

    learning = without(sets.news.get(TRAIN, []), rows) or list(rows)
    linear = trained(drawn(learning, 1000, 0)[0], ready=False)
    total = 0
    for model in (*shipped.values(), linear):
        some = rows if model is not shipped[""] else rows[:300]
        result = swap([row.text for row in some], [row.target for row in some], [row.language for row in some], model)
        told = {name: value for name, value in result.to_json().items() if name != "changes"}
        print(f"  {model.version}: {told}")
        for change in result.changes[:5]:
            print(f"    {change.target} -> {change.other_target}: {change.text[:160]} -> {change.other_text[:160]}")
        total += result.changed
    found.tell("swap_changes", total, "suggestions changed by exchanging names, shipped and linear together")


def main() -> int:
    """Run what the folder allows; exits with 2 where it holds none of the sets, with 1 where a file was not read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tone", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the public data sets")
    parser.add_argument("--quick", action="store_true", help="one draw instead of several, fewer reviews")
    given = parser.parse_args()
    if not given.data.is_dir():
        print(f"{given.data} is no folder.", file=sys.stderr)
        return 2
    sets = read_sets(given.data)
    for line in sets.unread:
        print(line, file=sys.stderr)
    if sets.empty:
        print(f"{given.data} holds none of the data sets: NewsMTSC, RuSentNE-2023, KazSAnDRA.", file=sys.stderr)
        return 2
    found = Found()
    for line in [*sets.notes, *sets.unread]:
        found.note(line)
    for measure in (news, entities, reviews):
        try:
            measure(found, sets, given.quick)
        except Refused as refused:  # what was measured before stands
            found.note(f"{measure.__name__} ends here: {refused.reason}")
    if found.errors:
        for name, (error, least) in found.errors.items():
            print(f"  calibration error of {name}: {error:.2f}; of a perfect model on so many rows {least:.2f}")
        found.tell(
            "ece_max",
            max(error for error, _ in found.errors.values()),
            "the largest calibration error of these sets, 10 bins",
        )
    print(json.dumps(found.figures | {"notes": found.notes}, ensure_ascii=False))
    return 1 if sets.unread or not found.figures else 0


if __name__ == "__main__":
    sys.exit(main())
