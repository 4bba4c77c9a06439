"""Whether a candidate has earned its place on a mission's own labels, and how good it is, all on held-out rows."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models import calibrate
from models.evaluation.measures import calibration_error, confusion, mean_f1
from models.linear.weights import Places, Real
from models.suggestion import speaks
from models.training.candidates import SEED, Rows

DRAWS = 2000
LEVEL = 0.95


class Held(NamedTuple):
    """What is said of rows held out: (n, points) calibrated probabilities and possible points, and for each fold how
    sure and how right the same calibration is on the rows of the other folds."""

    calibrated: Real
    possible: NDArray[np.bool_]
    beside: tuple[dict[str, float], ...]


def crossed(said: Real, rows: Rows) -> Held:
    """Raw probabilities out of fold (n, points), each fold calibrated by what was fitted on the other folds."""
    calibrated, possible, beside = np.zeros_like(said), np.zeros(said.shape, dtype=bool), []
    for held in rows.folds:
        rest = np.setdiff1d(np.arange(len(said)), held)
        its = calibrate.fit(said[rest], rows.tones[rest].tolist(), rows.scale)
        calibrated[held] = its.apply(said[held], rows.scale)
        possible[held] = its.sets(calibrated[held])
        beside.append(_sureness(its.apply(said[rest], rows.scale), rows.tones[rest]))
    return Held(calibrated, possible, tuple(beside))


def choosing(candidates: Mapping[str, Held], rows: Rows) -> Held:
    """What the choice among candidates gives, each fold's candidate chosen on the other folds.

    The best of several looks better than it is on the rows that made it the best; these rows did not.
    """
    first = next(iter(candidates.values()))
    calibrated, possible = first.calibrated.copy(), first.possible.copy()
    for fold, held in enumerate(rows.folds):
        its = candidates[chosen({name: each.beside[fold] for name, each in candidates.items()})]
        calibrated[held], possible[held] = its.calibrated[held], its.possible[held]
    return Held(calibrated, possible, ())


def figures(its: Held, rows: Rows) -> dict[str, Any]:
    """How good that is which was said of rows held out, as plain JSON.

    `accuracy`, `macro_f1`, `log_loss` (nats), `ece`; `majority`, the accuracy of always saying the commonest tone;
    `difference` of the two with its 95 per cent interval `low` to `high`; `silence`, the share of rows with no
    suggestion; `covered`, for each point the share of its rows whose set holds it (None without rows); `confusion`,
    a row for each true point.
    """
    truth, best = rows.tones, its.calibrated.argmax(axis=1)
    right = best == truth
    counts = confusion(truth, best, rows.scale.size)
    common = truth == np.bincount(truth).argmax()
    low, high = interval(right.astype(float) - common, rows.groups)
    return {
        **_sureness(its.calibrated, truth),
        "macro_f1": mean_f1(counts),
        "ece": calibration_error(right, its.calibrated.max(axis=1)),
        "majority": float(common.mean()),
        "difference": float(right.mean() - common.mean()),
        "low": low,
        "high": high,
        "silence": float(np.mean([not speaks(each.tolist()) for each in its.possible])),
        "covered": _covered(its.possible, truth),
        "confusion": counts.tolist(),
    }


def _sureness(calibrated: Real, truth: Places) -> dict[str, float]:
    """`accuracy`, and `log_loss` in nats."""
    of_truth = calibrated[np.arange(len(truth)), truth]
    return {
        "accuracy": float((calibrated.argmax(axis=1) == truth).mean()),
        "log_loss": float(-np.log(np.clip(of_truth, 1e-6, 1)).mean()),
    }


def chosen(measured: Mapping[str, Mapping[str, Any]]) -> str:
    """The candidate to use: the ready model, unless another is surer of the truth and right no less often.

    Sureness is the logarithmic loss, which uses every row fully where accuracy counts only crossings.
    """
    best = "ready" if "ready" in measured else "linear"
    for name, its in measured.items():
        held = measured[best]
        if its["log_loss"] < held["log_loss"] and its["accuracy"] >= held["accuracy"]:
            best = name
    return best


def interval(gains: Real, groups: NDArray[np.str_]) -> tuple[float, float]:
    """A 95 per cent interval of the mean of gains (n,) when whole groups are drawn anew.

    Resampling is too sure of itself with few groups: its half-widths are stretched as Student's t is beside the
    normal. One group says nothing: the interval is then everything, -1 to 1.
    """
    from scipy.stats import norm, t

    _, places = np.unique(groups, return_inverse=True)
    number = int(places.max()) + 1
    if number < 2:
        return -1.0, 1.0
    total, rows = np.bincount(places, gains), np.bincount(places)
    drawn = np.random.default_rng(SEED).integers(0, number, (DRAWS, number))
    means = total[drawn].sum(axis=1) / rows[drawn].sum(axis=1)
    tail, mean = (1 - LEVEL) / 2, float(gains.mean())
    low, high = np.quantile(means, [tail, 1 - tail])
    stretch = t.ppf(1 - tail, number - 1) / norm.ppf(1 - tail) * (number / (number - 1)) ** 0.5
    return float(mean - (mean - low) * stretch), float(mean + (high - mean) * stretch)


def _covered(possible: NDArray[np.bool_], truth: Places) -> list[float | None]:
    points = range(possible.shape[1])
    return [float(possible[truth == point, point].mean()) if (truth == point).any() else None for point in points]
