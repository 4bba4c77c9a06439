"""Draws the made-up stories of a day and brings each group's amount to the share it should have."""

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sample_data.kazakhstan_2007_facts import CONTESTANTS, MERGED, PERSONS

T = TypeVar("T")

HERE = Path(__file__).resolve().parent
AUTHORITIES = "President and Government"
BODIES = ("Central Election Commission", "Parliament", "Local executive", "Assembly of the People")
BODIES_TONE = (0.04, 0.96, 0.0)
TONES = ("positive", "neutral", "negative")
POLICY_TOPICS = ("economy", "social policy", "regions", "education and health", "foreign policy", "agriculture")
SPEECH_WEIGHTS = {"none": 0.50, "reported": 0.22, "direct": 0.28}
SPEECH_WEIGHTS_OF_PERSONS = {"none": 0.35, "reported": 0.20, "direct": 0.45}
GOLDEN = 0.6180339887498949


class Dice:
    """Seeded chance out of `random()` alone, the one sequence that every Python version repeats."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def between(self, low: float, high: float) -> float:
        """A number from low to high, all alike likely."""
        return low + (high - low) * self._random.random()

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self._random.random() < probability

    def below(self, limit: int) -> int:
        """An integer from 0 to limit - 1."""
        return int(self._random.random() * limit)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all alike likely."""
        return options[self.below(len(options))]

    def weighted(self, weights: Mapping[str, float]) -> str:
        """One of the keys, as likely as its weight."""
        rest = self._random.random() * sum(weights.values())
        for name, weight in weights.items():
            rest -= weight
            if rest < 0:
                return name
        return next(iter(weights))

    def normal(self) -> float:
        """Nearly a standard normal number: twelve uniform ones, less their mean."""
        return sum(self._random.random() for _ in range(12)) - 6

    def factor(self, sigma: float) -> float:
        """A multiplier around 1."""
        return math.exp(sigma * self.normal())

    def count(self, mean: float) -> int:
        """A whole number with this mean, never further from it than one and a third."""
        return max(0, int(mean + self.between(-0.3, 0.3) + self._random.random()))

    def shuffled(self, options: Iterable[T]) -> list[T]:
        """The options in another order."""
        return [option for _, option in sorted(((self._random.random(), o) for o in options), key=lambda p: p[0])]


@dataclass
class Item:
    """One subject's part in a story, before it has a place: `amount` in ms, mm2 or lines."""

    subject: str
    group: str
    role: str
    speech: str
    tone: str
    format: str
    topic: str
    phrase: int
    place: int
    amount: float


class Plan:
    """What is aimed at: `kazakhstan_2007_plan.toml`."""

    def __init__(self) -> None:
        content = tomllib.loads((HERE / "kazakhstan_2007_plan.toml").read_text(encoding="utf-8"))
        self.who: dict[str, dict[str, float]] = content["who"]
        self.tv: dict[str, dict[str, Any]] = content["tv"]
        self.papers: dict[str, dict[str, Any]] = content["papers"]
        for paper in self.papers.values():
            paper.update(content["lean"][paper["lean"]])


class Texts:
    """The words of the summaries: `kazakhstan_2007_texts.toml`."""

    def __init__(self) -> None:
        self._words = tomllib.loads((HERE / "kazakhstan_2007_texts.toml").read_text(encoding="utf-8"))

    def speeches(self, who: str, tone: str) -> tuple[str, ...]:
        """The kinds of speech for which there are sentences."""
        return tuple(self._words[who][tone])

    def sentences(self, item: Item, language: str) -> list[str]:
        """Every sentence that fits the item's codes; lists run parallel in the languages."""
        if item.format in self._words["slots"]:
            return list(self._words["slots"][item.format][language])
        who = "institution" if item.role == "institution" else "contestant"
        told = self._words[who][item.tone]
        return list(told.get(item.speech, told["none"])[language])

    def summary(self, item: Item, language: str) -> str:
        """One sentence on the item."""
        sentences, names = self.sentences(item, language), self._words["names"][item.subject][language]
        places = self._words["places"][language]
        return sentences[item.phrase % len(sentences)].format(
            name=names[item.phrase % len(names)],
            matter=self._words["matters"][item.topic][language],
            place=places[item.place % len(places)],
        )


class Newsroom:
    """Makes the stories of one outlet; the tones of a group follow each other evenly, not in runs."""

    def __init__(self, outlet: Mapping[str, Any], who: Mapping[str, Mapping[str, float]], texts: Texts, dice: Dice):
        self._tones: Mapping[str, Sequence[float]] = dict.fromkeys(BODIES, BODIES_TONE) | outlet["tone"]
        self._who = who
        self._texts = texts
        self._dice = dice
        self._turn = {group: dice.between(0, 1) for group in who}

    def story(self, group: str, kind: str, amount: float, tone: str = "") -> Item:
        """A new item on somebody of the group."""
        judged = tone or self._next_tone(group)
        subject = self._subject(group, judged)
        role = self._role(group, subject)
        known = self._texts.speeches("institution" if role == "institution" else "contestant", judged)
        weights = SPEECH_WEIGHTS_OF_PERSONS if subject in PERSONS else SPEECH_WEIGHTS
        speech = self._dice.weighted({name: weight for name, weight in weights.items() if name in known})
        phrase, place = self._dice.below(60), self._dice.below(14)
        item = Item(subject, group, role, speech, judged, kind, "campaign", phrase, place, amount)
        return replace(item, topic=self._topic(item))

    def _next_tone(self, group: str) -> str:
        self._turn[group] = (self._turn[group] + GOLDEN) % 1
        shares = self._tones.get(group, self._tones["*"])
        return TONES[sum(self._turn[group] >= sum(shares[: point + 1]) for point in range(2))]

    def _subject(self, group: str, tone: str) -> str:
        """Nobody in person is criticised: that falls on the party or the body."""
        who = self._who[group]
        return self._dice.weighted({n: w for n, w in who.items() if tone != "negative" or n not in (*PERSONS, *MERGED)})

    def _role(self, group: str, subject: str) -> str:
        if group not in CONTESTANTS:
            return "institution"
        return "supporter" if subject in MERGED else "contestant"

    def _topic(self, item: Item) -> str:
        if item.subject == "Central Election Commission":
            return "election administration"
        sentences = self._texts.sentences(item, "en")
        return self._dice.pick(POLICY_TOPICS) if "{matter}" in sentences[item.phrase % len(sentences)] else "campaign"


class Mood:
    """How much a group is in the news from day to day: it stays a while where it is."""

    def __init__(self, dice: Dice, sigma: float) -> None:
        self._dice = dice
        self._sigma = sigma
        self._level = dice.normal()

    def today(self) -> float:
        """A multiplier around 1."""
        self._level = 0.5 * self._level + 0.87 * self._dice.normal()
        return math.exp(self._sigma * self._level)


def mean_lengths(outlet: Mapping[str, Any]) -> dict[str, float]:
    """Length in ms of a group's item in a bulletin; where the parties appear equally often, by their share."""
    seconds = dict.fromkeys(outlet["share"], 38.0) | {AUTHORITIES: 62.0}
    if outlet["equal_appearances"]:
        seconds |= {party: outlet["share"][party] / 100 * outlet["seconds"] / 1.25 for party in CONTESTANTS}
    return {group: 1000 * length for group, length in seconds.items()}


def scaled(items: Sequence[Item], share: Mapping[str, float], low: float, high: float) -> None:
    """Stretch the amounts, group by group, until each group has its share (in per cent) of the whole."""
    for _ in range(30):
        whole = sum(item.amount for item in items)
        for group, percent in share.items():
            own = [item for item in items if item.group == group]
            factor = percent / 100 * whole / sum(item.amount for item in own)
            for item in own:
                item.amount = min(max(item.amount * factor, low), high)


def rare_criticism(items: Sequence[Item], part: float) -> None:
    """Turn one item on the Government negative, so that this part of its group's time is (the nearest in length)."""
    wanted = part * sum(item.amount for item in items if item.group == AUTHORITIES)
    found = min((item for item in items if item.subject == "Government"), key=lambda item: abs(item.amount - wanted))
    found.tone, found.speech, found.topic = "negative", "none", "social policy"
    found.amount = wanted
