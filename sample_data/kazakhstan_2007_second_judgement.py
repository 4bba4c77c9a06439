"""What a second coder of the sample mission judges: codes near the first coder's, at the rates of the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sample_data.kazakhstan_2007_facts import PERSONS
from sample_data.kazakhstan_2007_stories import TONES, Dice, Item

SLOTS = ("free airtime", "free space", "paid advertising", "voter education")
"""Formats in which nobody is in doubt about who has the slot and what it is about."""
MOST = 0.9
"""No rate goes beyond this, however difficult a segment is."""


@dataclass(frozen=True)
class Hand:
    """Who codes one airing after whom, by which settings; `across` and `down` are a newspaper page's size in mm."""

    coder: str
    after: str
    day: date
    settings: Mapping[str, Any]
    dice: Dice
    across: int = 0
    down: int = 0

    def drifts(self) -> bool:
        """Whether this is the coder, and this the week, with the drift in tone."""
        tendency = self.settings["tendency"]
        return (self.coder, *self.day.isocalendar()[:2]) == (tendency["drifts"], *tendency["drift_week"])

    def happens(self, part: str, name: str, doubt: float = 1.0) -> bool:
        """Chance at one of the rates of the settings, in a segment of this difficulty."""
        return self.dice.chance(min(MOST, self.settings[part][name] * doubt))

    def within(self, part: str, name: str) -> float:
        """A number between the two of the settings."""
        low, high = self.settings[part][name]
        return self.dice.between(low, high)

    def other(self, now: str, rates: Mapping[str, float], doubt: float) -> str:
        """Another code at its rate in a segment of this difficulty, else the same."""
        whole = sum(rates.values()) * doubt
        shrunk = doubt * min(1.0, MOST / whole) if whole else doubt
        changed = {name: rate * shrunk for name, rate in rates.items()}
        return self.dice.weighted(changed | {now: 1 - sum(changed.values())})


def judged(item: Item, hand: Hand) -> Item:
    """The same stretch with the second coder's codes and an own choice of sentence."""
    phrase, place = hand.dice.below(60), hand.dice.below(14)
    again = replace(item, phrase=phrase, place=place)
    if item.format in SLOTS:
        return again
    doubt = hand.dice.factor(hand.settings["found"]["difficulty"])
    settings = hand.settings
    again = taken_for_another(again, hand, doubt)
    return replace(
        again,
        role=hand.other(again.role, settings["role"].get(again.subject, {}).get(again.role, {}), doubt),
        speech=hand.other(item.speech, {} if item.format == "debate" else settings["speech"][item.speech], doubt),
        format=hand.other(item.format, settings["format"][item.format] if hand.across else {}, doubt),
        topic=hand.other(item.topic, settings["topic"][item.topic], doubt),
        tone=toned(again, hand, doubt),
    )


def taken_for_another(item: Item, hand: Hand, doubt: float) -> Item:
    """Now and then a subject is taken for one near it, never so that a person comes into a bad light."""
    similar = hand.settings["similar"].get(item.subject, "")
    barred = item.format == "debate" or (item.tone == "negative" and similar in PERSONS)
    if not similar or not hand.happens("found", "wrong_subject", doubt) or barred:
        return item
    return replace(item, subject=similar)


def toned(item: Item, hand: Hand, doubt: float) -> str:
    """The tone, mostly the same or a neighbour; nobody in person is presented negatively."""
    tendency = hand.settings["tendency"]
    milder = (hand.coder == tendency["mild"]) - (hand.after == tendency["mild"])
    rates = {
        name: rate * tendency["mild_factor"] ** (milder if name == "neutral" else -milder)
        for name, rate in hand.settings["tone"][item.tone].items()
    }
    tone = hand.other(item.tone, rates, doubt)
    if hand.drifts() and hand.dice.chance(tendency["drift"]):
        tone = TONES[max(0, TONES.index(tone) - 1)]
    return "neutral" if tone == "negative" and item.subject in PERSONS else tone
