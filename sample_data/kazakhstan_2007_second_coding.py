"""The second, blind codings of the sample mission: which airings, by whom, when, and what they say.

The airings are those that the mission's own draw gives. The first codings carry the published figures and stay as they
are; second ones are made from them by processes whose rates stand in `kazakhstan_2007_second_coding.toml`.
"""

import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from coding.double_coding.drawing import pool_of, wanted
from coding.mission.loader import MissionFolder
from coding.mission.model import Airing
from coding.segment import Segment
from sample_data.kazakhstan_2007_facts import LAST_DAY
from sample_data.kazakhstan_2007_layout import Placed
from sample_data.kazakhstan_2007_record import SEED, Row, segment_row
from sample_data.kazakhstan_2007_second_judgement import Hand
from sample_data.kazakhstan_2007_second_places import looked_again
from sample_data.kazakhstan_2007_stories import HERE, Dice, Item, Plan, Texts


def second_codings(held: MissionFolder, plan: Plan, texts: Texts) -> list[Row]:
    """The rows of all second codings, in the order of the airings' days; `held` has the first codings alone."""
    settings = tomllib.loads((HERE / "kazakhstan_2007_second_coding.toml").read_text(encoding="utf-8"))
    first: dict[str, list[Segment]] = {}
    for segment in held.segments:
        first.setdefault(segment.airing_id, []).append(segment)
    work = Work(settings, texts)
    for airing in drawn(held):
        coded = first[airing.airing_id]
        hand = work.hand(airing, coded[0].coder, plan)
        work.record(airing, looked_again([placed(each) for each in coded], airing.monitored or 0, hand), hand)
    return work.rows


def drawn(held: MissionFolder) -> list[Airing]:
    """The airings that the mission's policy draws for double coding, in the order of days."""
    policy = held.mission.double_coding
    pool = pool_of(held.airings, held.mission, LAST_DAY)
    names = wanted(pool, policy.share, policy.seed or 0)
    return [airing for airing in held.airings if airing.airing_id in names]


def placed(segment: Segment) -> Placed:
    """A segment as the generator has it."""
    item = Item(
        segment.subject, "", segment.role, segment.speech, segment.tone, segment.format, segment.topic, 0, 0, 0.0
    )
    return Placed(item, segment.start_ms, segment.end_ms, segment.page, segment.box, segment.amount)


class Work:
    """Gives the drawn airings to second coders in turn, and writes down what they record."""

    def __init__(self, settings: dict[str, Any], texts: Texts) -> None:
        self.rows: list[Row] = []
        self._settings = settings
        self._texts = texts
        self._had: Counter[str] = Counter()
        self._free: dict[tuple[str, datetime], datetime] = {}

    def hand(self, airing: Airing, first: str, plan: Plan) -> Hand:
        """Of those who know the language, but the first coder, whoever has had fewest or drifts in that week."""
        language = self._settings["coders"][self._language(first)]
        across, down = plan.papers[airing.outlet]["page"] if airing.outlet in plan.papers else (0, 0)
        dice = Dice(f"{SEED}/{airing.airing_id}/second")
        hands = [
            Hand(coder, first, airing.date, self._settings, dice, across, down) for coder in language if coder != first
        ]
        hand = min(hands, key=lambda each: (not each.drifts(), self._had[each.coder]))
        self._had[hand.coder] += 1
        return hand

    def record(self, airing: Airing, found: Sequence[Placed], hand: Hand) -> None:
        """Write one coding: some days after the airing, in the afternoon, one segment after the other."""
        told = "en" if hand.coder == "coder-06" else self._language(hand.coder)
        days = self._settings["work"]["days_later"]
        noon = datetime(hand.day.year, hand.day.month, hand.day.day) + timedelta(hours=8)  # 14:00 in Almaty
        day = noon + timedelta(days=days[0] + hand.dice.below(days[1] - days[0] + 1))
        clock = self._free.get((hand.coder, day), day)
        for number, one in enumerate(found):
            clock += timedelta(seconds=round(hand.dice.between(35, 95)))
            silent = hand.happens("work", "no_summary")
            text = "" if silent else self._texts.summary(one.item, told)
            self.rows.append(segment_row(one, airing.airing_id, f"second/{number}", text, told, hand.coder, clock))
        self._free[hand.coder, day] = clock + timedelta(seconds=240)

    def _language(self, coder: str) -> str:
        known: dict[str, list[str]] = self._settings["coders"]
        return next(language for language, coders in known.items() if coder in coders)
