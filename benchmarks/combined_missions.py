"""Human and machine together, against a known truth: `python -m benchmarks.combined_missions [--quick]`.

Simulated missions: four outlets, 240 airings, of which a tenth of each outlet to a sixth is drawn at random and coded;
two groups in most airings, tones that differ from airing to airing and outlet to outlet, a few long airings. Three
models read all of it: a fair one (noisy, without a lean), a biased one (half of the praise and a third of the neutral
is read as criticism), and a useless one (what it says is of another airing). The naive mix counts hand codes where
there are some and the model's word elsewhere, as if both were observed.

With `--data FOLDER` the same on real texts: the test file of NewsMTSC is the pool, the ready English model its reader,
and a random part of the sentences is taken as coded; how often the true share of each tone lies in the interval.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from monitoring.combined.estimate import Estimate, Floats, Ints, Material, estimated, interval
from monitoring.combined.report import AIRINGS_AT_LEAST, WITH_TONE_AT_LEAST

OUTLETS, PER_OUTLET, DRAWN = 4, 60, 10
MISSIONS, QUICK, AT_ONCE = 2000, 200, 250
TONES = np.array([[[0.15, 0.60, 0.25], [0.35, 0.50, 0.15]]] * 2 + [[[0.25, 0.60, 0.15], [0.20, 0.45, 0.35]]] * 2)
"""The mean share of each tone: (outlets, groups, tones)."""
ALIKE = 4.0
"""How alike airings of an outlet are in tone: small is different."""
READERS = ("fair", "biased", "useless")
REPEATS, CODED = 1000, 120
SEED = 20260817


def combined_figures(quick: bool = False) -> dict[str, float]:
    """Coverage of the worst cell under any model, width beside hand codes under the fair one, and the naive mix.

    `combined_coverage` is that of the cell farthest from 95 per cent, `combined_width_ratio` the largest ratio of mean
    widths of a cell, `naive_mix_coverage` the best cell of the naive mix under the biased model; `hand_coverage` is
    that of the hand codes alone, and `combined_width_biased`, `combined_width_useless` the ratios under other models.
    """
    found = {reader: _over(reader, QUICK if quick else MISSIONS) for reader in READERS}
    ratios = {reader: float(np.max(its["width"] / its["hand_width"])) for reader, its in found.items()}
    return {
        "combined_coverage": _farthest(np.concatenate([its["covered"] for its in found.values()])),
        "combined_width_ratio": ratios["fair"],
        "naive_mix_coverage": float(np.max(found["biased"]["naive"])),
        "hand_coverage": _farthest(np.concatenate([its["hand"] for its in found.values()])),
        "combined_width_biased": ratios["biased"],
        "combined_width_useless": ratios["useless"],
    }


def _farthest(coverage: Floats) -> float:
    return float(coverage[np.argmax(np.abs(coverage - 0.95))])


def _over(reader: str, missions: int) -> dict[str, Floats]:
    """Means over the missions for each cell: coverage (both, hand, naive) and widths (both, hand)."""
    chance = np.random.default_rng([SEED, READERS.index(reader)])
    parts = [_judged(reader, AT_ONCE, chance) for _ in range(-(-missions // AT_ONCE))]
    return {name: np.nanmean(np.concatenate([part[name] for part in parts]), axis=0) for name in parts[0]}


def _judged(reader: str, missions: int, chance: np.random.Generator) -> dict[str, Floats]:
    """Of each mission and cell: whether the truth lies in the interval (NaN without one), and the width."""
    outlet, coded = simulated(missions, chance)
    read = reading(coded, reader, chance)
    hand, machine = _cells(coded), _cells(read)
    material = drawn(hand, machine, outlet)
    truth = _ratio(hand.sum(axis=0))
    both, alone = estimated(material), estimated(material, 0.0)
    covered, width = _within(material, both, truth)
    hand_covered, hand_width = _within(material, alone, truth)
    naive = _naive(hand, machine, _places(outlet), truth)
    return {"covered": covered, "width": width, "hand": hand_covered, "hand_width": hand_width, "naive": naive}


def simulated(missions: int, chance: np.random.Generator) -> tuple[Ints, Floats]:
    """The outlet of each airing, and its milliseconds: (airings, missions, groups, tones)."""
    outlet = np.repeat(np.arange(OUTLETS), PER_OUTLET)
    groups = TONES.shape[1]
    there = chance.random((len(outlet), missions, groups)) < 0.75
    whole = there * np.exp(chance.normal(11, 0.7, there.shape))
    share = chance.gamma(ALIKE * np.broadcast_to(TONES[outlet][:, None], (*there.shape, TONES.shape[2])))
    return outlet, whole[..., None] * share / share.sum(axis=-1, keepdims=True)


def reading(coded: Floats, reader: str, chance: np.random.Generator) -> Floats:
    """What a model reads in each airing, of whatever quality."""
    whole = coded.sum(axis=-1, keepdims=True)
    share = np.divide(coded, whole, out=np.full(coded.shape, 1 / 3), where=whole > 0)
    said = chance.gamma(8 * share + 0.3)
    read = whole * np.exp(chance.normal(-0.2, 0.25, whole.shape)) * said / said.sum(axis=-1, keepdims=True)
    if reader == "useless":
        return np.asarray(chance.permutation(read, axis=0))
    if reader == "biased":
        read[..., 0] += 0.5 * read[..., 2] + 0.3 * read[..., 1]
        read[..., 1:] *= np.array([0.7, 0.5])
    return np.asarray(read)


def _cells(amounts: Floats) -> Floats:
    """Part and whole of each group's tones: (airings, missions, groups x tones, 2)."""
    whole = np.broadcast_to(amounts.sum(axis=-1, keepdims=True), amounts.shape)
    return np.stack([amounts, whole], axis=-1).reshape(*amounts.shape[:2], -1, 2)


def _places(outlet: Ints) -> Ints:
    """The airings that are drawn: the first of each outlet, since they come in no order."""
    return np.concatenate([np.flatnonzero(outlet == each)[:DRAWN] for each in range(OUTLETS)])


def drawn(hand: Floats, machine: Floats, outlet: Ints) -> Material:
    """The material of a draw, the same number from each outlet."""
    places = _places(outlet)
    weight = np.full(len(places), PER_OUTLET / DRAWN)
    left = np.full(OUTLETS, 1 - DRAWN / PER_OUTLET)
    pool = machine.sum(axis=0)
    return Material(hand[places], machine[places], outlet[places], weight, left, pool, np.zeros_like(pool), pool)


def _within(material: Material, found: Estimate, truth: Floats) -> tuple[Floats, Floats]:
    """Whether the interval holds the truth, and its width; NaN where the material is too little, as in a report."""
    low, high = interval(found.value, found.error, found.degrees)
    part, whole = material.hand[..., 0], material.hand[..., 1]
    least = np.minimum((part > 0).sum(axis=0), (part < whole).sum(axis=0))
    known = np.isfinite(low) & (material.carriers >= AIRINGS_AT_LEAST) & (least >= WITH_TONE_AT_LEAST)
    return np.where(known, (low <= truth) & (truth <= high), np.nan), np.where(known, high - low, np.nan)


def _naive(hand: Floats, machine: Floats, places: Ints, truth: Floats) -> Floats:
    """Whether hand codes and the model's word, pooled as if all were observed, cover the truth."""
    mixed = machine.copy()
    mixed[places] = hand[places]
    number = len(mixed)
    value = _ratio(mixed.sum(axis=0))
    rest = mixed[..., 0] - value * mixed[..., 1]
    error = np.sqrt(number / (number - 1) * (rest**2).sum(axis=0)) / mixed[..., 1].sum(axis=0)
    return np.asarray(np.abs(value - truth) <= 1.96 * error, dtype=float)


def _ratio(sums: Floats) -> Floats:
    return np.asarray(sums[..., 0] / sums[..., 1])


# real texts


def news_figures(folder: Path, repeats: int = REPEATS) -> dict[str, float] | None:
    """The same on NewsMTSC: coverage over repeated draws of sentences, the width ratio and the naive count."""
    from benchmarks.tone_sets import NEGATIVE, NEUTRAL, POSITIVE, read_sets
    from models.suggestion import suggest

    rows = read_sets(folder).news.get("devtest_mt", [])
    if not rows:
        return None
    model = Path(__file__).parent.parent / "models" / "ready" / "en"
    said = suggest([row.text for row in rows], [row.target for row in rows], ["en"] * len(rows), model)
    groups = sorted({row.group for row in rows})
    place = {name: number for number, name in enumerate(groups)}
    tones = (NEGATIVE, NEUTRAL, POSITIVE)
    hand, machine = (np.zeros((len(groups), len(tones), 2)) for _ in range(2))
    counted = np.zeros(len(tones))
    for row, each in zip(rows, said, strict=True):
        shares = dict(zip(each.points, each.probabilities, strict=True))
        for number, tone in enumerate(tones):
            hand[place[row.group], number] += (row.tone == tone, 1)
            machine[place[row.group], number] += (shares.get(tone, 0.0), 1)
            counted[number] += each.best[0] == tone
    return _repeated(hand, machine, counted / len(rows), repeats)


def _repeated(hand: Floats, machine: Floats, counted: Floats, repeats: int) -> dict[str, float]:
    """Draws of CODED sentences each, judged all at once: the draws are the missions of an estimate."""
    chance, size = np.random.default_rng(SEED), len(hand)
    draws = np.stack([chance.permutation(size)[:CODED] for _ in range(repeats)], axis=1)
    pool = machine.sum(axis=0)
    nothing, weight = np.zeros_like(pool), np.full(CODED, size / CODED)
    of, left = np.zeros(CODED, dtype=np.int64), np.array([1 - CODED / size])
    material = Material(hand[draws], machine[draws], of, weight, left, pool, nothing, pool)
    truth = _ratio(hand.sum(axis=0))
    covered, width = _within(material, estimated(material), truth)
    hand_covered, hand_width = _within(material, estimated(material, 0.0), truth)
    naive = [_naive(hand, machine, draws[:, number], truth) for number in range(repeats)]
    found = {"news_sentences": float(size)}
    naive_covered, ratio = np.mean(naive, axis=0), np.nanmean(width, axis=0) / np.nanmean(hand_width, axis=0)
    for number, tone in enumerate(("negative", "neutral", "positive")):
        found |= {
            f"{tone}_share": float(truth[number]),
            f"{tone}_model_count": float(counted[number]),
            f"{tone}_combined_coverage": float(np.nanmean(covered[:, number])),
            f"{tone}_hand_coverage": float(np.nanmean(hand_covered[:, number])),
            f"{tone}_width_ratio": float(ratio[number]),
            f"{tone}_naive_mix_coverage": float(naive_covered[number]),
        }
    return found


def told(figures: Mapping[str, float]) -> str:
    """The figures in one line."""
    return "  ".join(f"{name}={value:.4g}" for name, value in figures.items())


def main(given: Sequence[str] | None = None) -> int:
    """Print the figures; exits with 2 where `--data` names a folder without the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.combined_missions", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="200 missions in place of 2,000")
    parser.add_argument("--data", type=Path, help="a folder that holds NewsMTSC")
    asked = parser.parse_args(given)
    begun = time.perf_counter()
    if asked.data:
        figures = news_figures(asked.data, QUICK if asked.quick else REPEATS)
        if figures is None:
            print(f"{asked.data} does not hold devtest_mt.jsonl of NewsMTSC.", file=sys.stderr)
            return 2
    else:
        figures = combined_figures(asked.quick)
    print(f"{time.perf_counter() - begun:.0f} s")
    print(told(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
