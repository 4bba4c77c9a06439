"""The combined estimate of a mission beside the hand-coded one, or the reason why there is none.

Tone shares and the tone balance within a group (or subject), of the pool's airings as the coders would code them,
weighted by amount. One row for each place, name and point of the scale, and one for the balance:
outlet (where asked), group or subject, tone ("" for the balance), measure (tone or balance) -> value, low, high,
hand_value, hand_low, hand_high, width, hand_width, gain (how many times as much would have had to be coded by hand
for the same error; empty without intervals), power, airings (coded ones that carry the cell), sampled, pool (airings),
reason (why a row has no interval: few, rare, outside). Only what is counted in milliseconds is asked about.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coding.mission.model import Airing
from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.suggestions.reading import NO_MODEL, Choice, Readings, chosen_model, readings, unread
from coding.suggestions.reading_draws import BlindCoding, PastDraw, blind_coding, past_draws
from coding.vocabulary import Unit
from monitoring.combined.coded import Coded, coded
from monitoring.combined.estimate import Estimate, Floats, Material, estimated, interval
from monitoring.combined.refusals import (
    FEW,
    NO_DRAW,
    NO_TEXT,
    NOTHING,
    OUTSIDE,
    RARE,
    TEXT_OF_SAMPLE,
    UNREAD,
    WHOLE,
    Refusal,
)
from monitoring.combined.sample import Sample, sample_of
from monitoring.combined.tables import Cells, cells_of, hand_table, machine_table, material_of, strata_of
from monitoring.coverage import Coverage
from monitoring.selection import Selection, Weight

AIRINGS_AT_LEAST = 8
"""Fewer coded airings than this cannot carry a row."""
WITH_TONE_AT_LEAST = 4
"""As many of them must hold the tone, and as many something else: else its spread cannot be seen."""
BY = ("outlet", "group", "subject")
NUMBERS = ("value", "low", "high", "hand_value", "hand_low", "hand_high", "width", "hand_width", "gain", "power")
COUNTS = ("airings", "sampled", "pool")
CHANCE = 0.01


@dataclass(frozen=True)
class Report:
    """The rows, or the refusal; and what they rest on.

    `sample` is that of the selection, `without_text` counts airings of the pool that have none (their reading is
    empty, which is valid), `silent` readings in a language in which the model has not earned its place. `coded`
    holds the segments.
    """

    rows: pd.DataFrame
    refusal: Refusal | None = None
    sample: Sample | None = None
    model: str = ""
    without_text: int = 0
    silent: int = 0
    coded: Coded | None = None

    def picked(self, number: int) -> dict[str, str]:
        """The columns of `coded` behind a row; the balance stands on every tone."""
        row = self.rows.iloc[number]
        asked = {name: str(row[name]) for name in (*BY, "tone") if name in row.index}
        return {name: value for name, value in asked.items() if value}


def report(store: Store, coverage: Coverage, selection: Selection, by: Sequence[str] = ("outlet", "group")) -> Report:
    """Both estimates of a selection. Raises ProblemsFound for columns but outlet and one of group and subject."""
    who = _checked(by, selection)
    try:
        return _made(store, coverage, selection, by, who)
    except Refusal as refusal:
        return Report(no_rows(by), refusal)


def no_rows(by: Sequence[str]) -> pd.DataFrame:
    """The table without rows."""
    return pd.DataFrame(columns=[*by, "tone", "measure", *NUMBERS, *COUNTS, "reason"])


def _checked(by: Sequence[str], selection: Selection) -> str:
    who = [name for name in by if name in ("group", "subject")]
    wrong = [name for name in by if name not in BY]
    if wrong or len(who) != 1:
        value = ", ".join(wrong or by)
        raise ProblemsFound([Problem("combined.by", column="by", value=value)])
    if selection.weight != Weight.AMOUNT:
        raise ProblemsFound([Problem("combined.weight", column="weight", value=str(selection.weight))])
    return who[0]


def _made(store: Store, coverage: Coverage, selection: Selection, by: Sequence[str], who: str) -> Report:
    draws = past_draws(store)
    if not draws:
        raise Refusal(NO_DRAW)
    at = coverage.state.at
    coding = blind_coding(store, {name for draw in draws for name in draw.pool}, at)
    choice = chosen_model(store, draws, coding)
    sample = _sample(draws, coding, choice)
    airings = _asked(store, coverage, selection, sample)
    sample = sample.within(airings)
    if not sample.airings:
        raise Refusal(NOTHING)
    if sample.whole:
        raise Refusal(WHOLE, {"pool": len(sample.pool)})
    version = choice.model.version if choice.model else ""
    held = readings(store, version)
    with_text = _texts(store, sample, held)
    by_hand = _coded(coverage, sample, airings, coding)
    hand = hand_table(by_hand, selection, who)
    days = {name: each.date for name, each in airings.items()}
    machine = machine_table(coverage.mission, days, held.parts, selection, who)
    cells = cells_of(hand, machine, sorted(airings), [point.name for point in coverage.mission.tone])
    rows = _rows(sample, cells, airings, coverage, by, who)
    silent = sum(held.silent.get(name, 0) for name in sample.pool)
    return Report(rows, None, sample, version, len(sample.pool) - len(with_text), silent, by_hand)


def _sample(draws: Sequence[PastDraw], coding: BlindCoding, choice: Choice) -> Sample:
    """What draws can be used; what is wrong with the sample is told before what is wrong with the model."""
    sample = sample_of(draws, coding, choice.model.made_at if choice.model else "")
    if choice.model is None:
        raise Refusal(choice.why or NO_MODEL)
    return sample


def _asked(store: Store, coverage: Coverage, selection: Selection, sample: Sample) -> dict[str, Airing]:
    """The airings of the pool that the selection is about and that are counted in milliseconds."""
    rows = coverage.select_airings(selection)
    names = coverage.table(rows.filter(rows.unit == Unit.MS.value).select("airing_id"))["airing_id"]
    inside = set(names) & sample.pool
    return {each.airing_id: each for each in store.airings(coverage.state.at) if each.airing_id in inside}


def _texts(store: Store, sample: Sample, held: Readings) -> Collection[str]:
    """The airings of the pool with a text, all of them read. Raises Refusal: no_text, text_of_sample, unread."""
    from coding.store.subtitles import subtitled

    texts = subtitled(store) & sample.pool
    if not texts:
        raise Refusal(NO_TEXT, {"pool": len(sample.pool)})
    drawn = {name for draw in sample.draws for name in draw.drawn}
    if _uneven(texts, drawn, sample.pool):
        values = {"drawn_texts": len(texts & drawn), "drawn": len(drawn)}
        raise Refusal(TEXT_OF_SAMPLE, values | {"texts": len(texts - drawn), "others": len(sample.pool - drawn)})
    waiting = unread(store, held, sample.pool)
    if waiting:
        raise Refusal(UNREAD, {"unread": len(waiting), "texts": len(texts)})
    return texts


def _uneven(texts: Collection[str], drawn: Collection[str], pool: Collection[str]) -> bool:
    """Whether drawn airings have a text more or less often than the others, beyond chance (Fisher's exact test).

    A reading must not hang on being drawn; where texts were made only for what was coded, it does.
    """
    from scipy.stats import fisher_exact

    known, chosen = set(texts), set(drawn)
    table = [[len(part & known), len(part - known)] for part in (chosen, set(pool) - chosen)]
    return bool(fisher_exact(table).pvalue < CHANCE)


def _coded(coverage: Coverage, sample: Sample, airings: Mapping[str, Airing], coding: BlindCoding) -> Coded:
    usable = sorted(coding.usable & sample.by_hand & airings.keys())
    segments = [each for name in usable for each in coding.segments.get(name, ())]
    return coded(coverage.mission, [airings[name] for name in usable], segments)


def _rows(
    sample: Sample, cells: Cells, airings: Mapping[str, Airing], coverage: Coverage, by: Sequence[str], who: str
) -> pd.DataFrame:
    outlets = {name: each.outlet for name, each in airings.items()}
    scores = {point.name: point.score for point in coverage.mission.tone}
    if "outlet" not in by:
        parts = [_part(sample, cells, strata_of(sample, outlets), scores, who)]
    else:
        places = sorted({outlets[name] for name in sample.pool})
        inside = {outlet: {name for name in sample.pool if outlets[name] == outlet} for outlet in places}
        parts = [
            _part(sample.within(names), cells, dict.fromkeys(names, outlet), scores, who).assign(outlet=outlet)
            for outlet, names in inside.items()
        ]
    columns = list(no_rows(by).columns)
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True)[columns] if kept else no_rows(by)


def _part(
    sample: Sample, cells: Cells, strata: Mapping[str, str], scores: Mapping[str, float], who: str
) -> pd.DataFrame:
    """The rows of one place."""
    if not sample.airings or not cells.names:
        return no_rows([who])
    material = material_of(sample, cells, strata, scores)
    kinds = [*cells.tones, ""]
    keys = pd.DataFrame([(name, tone) for name in cells.names for tone in kinds], columns=[who, "tone"])
    balance = (keys["tone"] == "").to_numpy()
    found = keys.assign(measure=np.where(balance, "balance", "tone"), **estimates(material, balance))
    found = found.assign(sampled=sample.airings, pool=len(sample.pool))
    return found[found["airings"] > 0].reset_index(drop=True)


def estimates(material: Material, balance: np.ndarray) -> dict[str, np.ndarray]:
    """NUMBERS, airings and reason of each cell; `balance` marks the cells that run from -1 to 1."""
    both, hand = estimated(material), estimated(material, 0.0)
    low, high = _between(both, balance)
    hand_low, hand_high = _between(hand, balance)
    reason = _reasons(material, balance, both, low)
    hand_reason = _reasons(material, balance, hand, hand_low)
    low, high, value = (np.where(reason == "", each, np.nan) for each in (low, high, both.value))
    hand_low, hand_high = (np.where(hand_reason == "", each, np.nan) for each in (hand_low, hand_high))
    known = (reason == "") & (hand_reason == "") & (both.error > 0)
    gain = np.divide(hand.error, both.error, out=np.full(len(value), np.nan), where=known) ** 2
    numbers = (value, low, high, hand.value, hand_low, hand_high, high - low, hand_high - hand_low, gain, both.power)
    return dict(zip(NUMBERS, numbers, strict=True)) | {"airings": material.carriers, "reason": reason}


def _between(found: Estimate, balance: np.ndarray) -> tuple[Floats, Floats]:
    shares = interval(found.value, found.error, found.degrees)
    balances = interval(found.value, found.error, found.degrees, (-1.0, 1.0))
    low, high = (np.where(balance, two, one) for one, two in zip(shares, balances, strict=True))
    return low, high


def _reasons(material: Material, balance: np.ndarray, found: Estimate, low: Floats) -> np.ndarray:
    part, whole = material.hand[..., 0], material.hand[..., 1]
    with_tone, with_other = (part > 0).sum(axis=0), (part < whole).sum(axis=0)
    rare = ~balance & (np.minimum(with_tone, with_other) < WITH_TONE_AT_LEAST)
    few = (material.carriers < AIRINGS_AT_LEAST) | ~np.isfinite(found.value)
    return np.select([few, rare, ~np.isfinite(low)], [FEW, RARE, OUTSIDE], "")
