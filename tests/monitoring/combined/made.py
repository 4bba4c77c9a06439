"""A mission with a random draw that is coded blind, and a model that reads subtitles by their words."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from coding.board import board
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import change
from coding.store.subtitles import Cue, add_subtitles
from coding.store.tone_models import ToneModel, add_model
from coding.suggestions import reading, reading_job
from coding.suggestions.queue import Draw, drawn, hand_out, next_round, pool_of, seed_of
from coding.vocabulary import Progress
from models.suggestion import Silence, Suggestion
from tests.missions import AIRINGS_HEADER, segment

Make = Callable[..., Store]
TONES = ("very negative", "negative", "neutral", "positive", "very positive")
WORDS = {"negative": "the Blues failed", "neutral": "the Blues met", "positive": "the Blues helped"}
ANA = "ana"
MINUTES = 10
DAYS = [date(2025, 3, 10) + timedelta(step) for step in range(22)]
NAMES = [f"{outlet}-{day}" for day in DAYS for outlet in ("a", "b")]


def airings() -> str:
    """22 evenings of two channels, monitored and not coded."""
    rows = [
        f"{name},Channel {name[0].upper()},{name[2:]},,programme,News,news,,20:30,21:30,20:30:00,21:30:00,,,no,\n"
        for name in NAMES
    ]
    return AIRINGS_HEADER + "".join(rows)


def truth(name: str) -> dict[str, int]:
    """Minutes of the Blue Party in each tone, of ten: evenings differ."""
    chance = random.Random(name)
    share = chance.betavariate(2, 3)
    found = chance.choices(list(WORDS), (share, 0.5, 1 - share), k=MINUTES)
    return {tone: found.count(tone) for tone in WORDS}


def spoken(name: str) -> list[str]:
    """The tone of each minute by its words: one minute in eight is worded unlike the coder takes it."""
    chance = random.Random(f"words of {name}")
    tones = [tone for tone, count in truth(name).items() for _ in range(count)]
    return [chance.choice(list(WORDS)) if chance.random() < 0.125 else tone for tone in tones]


class Reader:
    """Says what the words say, and is never quite sure; hears only of the Blues."""

    version = "v1"
    silent: Silence | None = None

    def suggest(self, texts: Sequence[str], targets: Sequence[Any], languages: Sequence[str]) -> list[Suggestion]:
        return [self._one(text, target.name) for text, target in zip(texts, targets, strict=True)]

    def _one(self, text: str, name: str) -> Suggestion:
        if name != "Blue Party" or "Blues" not in text:
            return Suggestion((), (), Silence.NOT_NAMED, "v1", "en")
        tone = next(tone for tone, words in WORDS.items() if words in text)
        shares = tuple(0.8 if point == tone else 0.05 for point in TONES)
        return Suggestion(shares, (tone,), self.silent, "v1", "en", TONES)


def with_model(store: Store, made_at: str = "2025-04-01T00:00:00.000Z", *, use: bool = True) -> None:
    add_model(store, ToneModel("v1", "models/v1", made_at, "test", 60), use=use)


def with_texts(store: Store, names: Collection[str] = NAMES) -> None:
    for name in names:
        cues = [Cue(place * 60_000, place * 60_000 + 30_000, WORDS[tone]) for place, tone in enumerate(spoken(name))]
        add_subtitles(store, name, cues, "test", name="x.srt", language="en", kind="srt", sha256=name.ljust(64, "0"))


def drawn_now(store: Store, number: int = 24) -> Draw:
    """A draw that is handed out; without uncertainty all of it is random."""
    round_ = next_round(store)
    draw = drawn(pool_of(board(store).now(store.mission()), ()), number, round_, seed_of("small", round_), {})
    hand_out(store, draw, [ANA], "sup")
    return draw


@dataclass
class Coder:
    """Codes airings as the truth has them, and says done."""

    store: Store
    number: int = field(default=0)

    def codes(self, names: Collection[str], *, done: bool = True, **more: Any) -> list[Segment]:
        made = []
        for name in names:
            start = 0
            for tone, minutes in truth(name).items():
                if minutes:
                    self.number += 1
                    end = start + 60 * minutes
                    made.append(segment(self.number, name, "Blue Party", start, end, tone=tone, coder=ANA, **more))
                    start = end
        self.store.add(made, "test")
        if done:
            for name in names:
                change(self.store, name, ANA, Progress.DONE, ANA)
        return made


def ready(make: Make) -> tuple[Store, Draw]:
    """A store in which nothing is missing but the reading."""
    return prepared(make(airings=airings()))


def prepared(store: Store) -> tuple[Store, Draw]:
    """A store of these airings with all that a reading needs, and a draw that is coded."""
    with_model(store)
    with_texts(store)
    draw = drawn_now(store)
    Coder(store).codes(draw.random)
    return store, draw


def main() -> None:
    """The reading process with this model."""
    reading.opened = lambda _: Reader()  # type: ignore[assignment,return-value]
    reading_job.main()
