"""A decision moves coverage, and the segments behind a bar, by exactly its passage; on both engines."""

from coding.double_coding.deciding import decide, take_back
from coding.store import Store
from coding.store.assignments import assign, change
from coding.store.decisions import CODES, NOTHING, word_of
from coding.vocabulary import Medium, Progress, Purpose
from monitoring.coverage import open_coverage
from monitoring.evidence import segments_behind
from monitoring.metrics.share import share
from monitoring.metrics.tone import tone
from monitoring.selection import Selection
from tests.coding.double_coding.two_coders import AIRING, FIRST, JUDGE, SECOND, Make, at, by, coded

TV = Selection(media=(Medium.TV,))
GROUPS = ("Blue Party", "Red Party", "Green Party")
FIRST_CODING = {"Blue Party": 60 + 60 + 60 + 60, "Red Party": 0, "Green Party": 0}
"""Seconds: an agreed stretch, the tone, the subject and the borders."""


def seconds(store: Store) -> dict[str, float]:
    """Of each party, from coverage; the segments behind the bars have the same sums."""
    coverage = open_coverage(store)
    found = share(coverage, TV, ("group",)).set_index("group")["amount"]
    behind = segments_behind(coverage, store, TV, {}).groupby("subject")["amount"].sum()
    told = {group: float(found.get(group, 0)) / 1000 for group in GROUPS}
    assert {group: float(behind.get(group, 0)) / 1000 for group in GROUPS} == told
    return told


def changed(**more: float) -> dict[str, float]:
    return FIRST_CODING | {name.replace("_", " "): value for name, value in more.items()}


def test_each_decision_moves_its_own_passage_and_no_other(small_store: Make) -> None:
    store = coded(small_store())
    assert seconds(store) == FIRST_CODING
    decide(store, JUDGE, at(store, 100), word_of(FIRST))
    assert seconds(store) == FIRST_CODING
    decide(store, JUDGE, at(store, 200), word_of(SECOND))
    assert seconds(store) == changed(Blue_Party=180, Red_Party=58)
    decide(store, JUDGE, at(store, 300), word_of(SECOND))
    assert seconds(store) == changed(Blue_Party=180, Red_Party=58, Green_Party=30)
    decide(store, JUDGE, at(store, 400), NOTHING, reason="an advertisement of somebody else")
    assert seconds(store) == changed(Blue_Party=120, Red_Party=58, Green_Party=30)
    take_back(store, JUDGE, at(store, 200))
    assert seconds(store) == changed(Blue_Party=180, Green_Party=30)


def test_a_decided_tone_is_the_one_that_is_published(small_store: Make) -> None:
    store = coded(
        small_store(), [by(FIRST, 1, 0, 60, tone="very positive"), by(SECOND, 1, 0, 60, tone="very negative")]
    )

    def published() -> dict[str, int]:
        found = tone(open_coverage(store), TV, ("group",))
        kept = found[found["amount"] > 0]
        return dict(zip(kept["tone"].astype(str), kept["amount"].astype(int), strict=True))

    before = published()
    decide(store, JUDGE, at(store, 0), CODES, {"tone": "neutral"}, "neither")
    assert before == {"very positive": 60_000}
    assert published() == {"neutral": 60_000}


def test_who_carries_decisions_goes_on_counting_whatever_is_assigned_later(small_store: Make) -> None:
    """Decided in the coding of the second coder, since the first recorded nothing: the first, working again, adds none."""
    store = coded(small_store(), [by(SECOND, 1, 0, 60), by(SECOND, 2, 100, 160, subject="Red Party")])
    decide(store, JUDGE, at(store, 0), word_of(FIRST))
    assert seconds(store) == {"Blue Party": 0, "Red Party": 60, "Green Party": 0}
    change(store, AIRING, FIRST, Progress.RETURNED, JUDGE, "look again")
    store.record(by(FIRST, 9, 500, 590, subject="Green Party"), FIRST)
    assign(store, [AIRING], "chi", Purpose.CODING, JUDGE)
    assert seconds(store) == {"Blue Party": 0, "Red Party": 60, "Green Party": 0}


def test_where_it_was_decided_that_nobody_is_there_the_other_coding_does_not_come_in(small_store: Make) -> None:
    store = coded(small_store(), [by(FIRST, 1, 0, 60), by(SECOND, 1, 0, 60, subject="Red Party")])
    decide(store, JUDGE, at(store, 0), NOTHING, reason="nobody is seen or named")
    assert seconds(store) == dict.fromkeys(GROUPS, 0)
