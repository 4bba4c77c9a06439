"""Whether a candidate has earned its place on a mission's own labels, and how good it is, all on held-out rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import calibrate
from models.evaluation.measures import calibration_error, confusion, mean_f1
from models.linear.weights import Places, Real
from models.suggestion import speaks
from models.training.candidates import SEED, Candidate, Rows

DRAWS = 2000
LEVEL = 0.95


def crossed(said: Real, rows: Rows) -> tuple[Real, NDArray[np.bool_]]:
    """(n, points) calibrated probabilities and possible points, each fold's calibration fitted on the other folds."""
    calibrated, possible = np.zeros_like(said), np.zeros(said.shape, dtype=bool)
    for held in rows.folds:
        rest = np.setdiff1d(np.arange(len(said)), held)
        its = calibrate.fit(said[rest], rows.tones[rest].tolist(), rows.scale)
        calibrated[held] = its.apply(said[held], rows.scale)
        possible[held] = its.sets(calibrated[held])
    return calibrated, possible


def figures(candidate: Candidate, rows: Rows) -> dict[str, Any]:
    """How good a candidate is out of fold, as plain JSON.

    `accuracy`, `macro_f1`, `log_loss` (nats), `ece`; `majority`, the accuracy of always saying the commonest tone;
    `difference` of the two with its 95 per cent interval `low` to `high`; `silence`, the share of rows with no
    suggestion; `covered`, for each point the share of its rows whose set holds it (None without rows); `confusion`,
    a row for each true point.
    """
    calibrated, possible = crossed(candidate.said, rows)
    truth, best = rows.tones, calibrated.argmax(axis=1)
    right = best == truth
    counts = confusion(truth, best, rows.scale.size)
    common = truth == np.bincount(truth).argmax()
    low, high = interval(right.astype(float) - common, rows.groups)
    of_truth = calibrated[np.arange(len(truth)), truth]
    return {
        "accuracy": float(right.mean()),
        "macro_f1": mean_f1(counts),
        "log_loss": float(-np.log(np.clip(of_truth, 1e-6, 1)).mean()),
        "ece": calibration_error(right, calibrated.max(axis=1)),
        "majority": float(common.mean()),
        "difference": float(right.mean() - common.mean()),
        "low": low,
        "high": high,
        "silence": float(np.mean([not speaks(its.tolist()) for its in possible])),
        "covered": _covered(possible, truth),
        "confusion": counts.tolist(),
    }


def chosen(measured: dict[str, dict[str, Any]]) -> str:
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
