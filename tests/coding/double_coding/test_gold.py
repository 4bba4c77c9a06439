"""Agreed codings: what may become one, what practice on it must never touch, and how near a coder comes."""

from collections.abc import Callable

import pytest

from coding.assigning import LeftOut, give, hands, planned, practice
from coding.board import board
from coding.double_coding.codings import double_codings
from coding.double_coding.deciding import decide
from coding.double_coding.disagreements import disagreements
from coding.double_coding.gold import Score, Share, practised, scores
from coding.mission.model import ShowSuggestions
from coding.problems import ProblemsFound
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign, assignments, change
from coding.store.decisions import word_of
from coding.store.gold import Gold, declare_gold, gold_airings, remove_gold
from coding.store.tone_models import ToneModel, add_model
from coding.suggestions.labels import label_table
from coding.suggestions.telling import shows
from coding.vocabulary import PRACTICE, Progress, Purpose
from monitoring.coverage import open_coverage
from tests.missions import AIRINGS, segment

Make = Callable[..., Store]
ANA, NEW, OTHER = "ana", "new coder", "other new coder"
AGREED = [
    segment(1, start=0, end=60, coder=ANA, tone="positive", topic="economy", text="a"),
    segment(2, start=100, end=160, coder=ANA, subject="Red Party", tone="negative", text="b"),
    segment(3, start=200, end=240, coder=ANA, subject="President", role="institution", text="c"),
]


def own(number: int, like: Segment, coder: str = NEW, **more: object) -> Segment:
    """A coder's segment that is like an agreed one, but for what is named."""
    changed = {"segment_id": segment(number, amount=1).segment_id, "coder": coder} | more
    return Segment.model_validate(like.model_dump(exclude={"amount"}) | changed)


@pytest.fixture
def store(small_store: Make) -> Store:
    """An airing that ana has coded and finished."""
    made = small_store(airings=AIRINGS.replace(",yes,", ",no,"))
    assign(made, ["a-0312"], ANA, Purpose.CODING, "supervisor")
    made.add(AGREED, ANA)
    change(made, "a-0312", ANA, Progress.DONE, ANA)
    return made


@pytest.fixture
def gold(store: Store) -> Store:
    declare_gold(store, "a-0312", ANA, "supervisor", "decided in March")
    return store


def key_of(found: pytest.ExceptionInfo[ProblemsFound]) -> str:
    return found.value.problems[0].key


# what is gold


def test_the_newest_row_stands_and_moves_no_figure(store: Store) -> None:
    before = store.fingerprint()
    declare_gold(store, "a-0312", ANA, "supervisor", "first")
    declare_gold(store, "a-0312", ANA, "supervisor", "second")
    assert [(each.coder, each.note, each.recorded_by) for each in gold_airings(store)] == [
        (ANA, "second", "supervisor")
    ]
    with pytest.raises(ProblemsFound, match=r"."):
        remove_gold(store, "a-0312", "supervisor", " ")
    remove_gold(store, "a-0312", "supervisor", "too easy")
    assert gold_airings(store) == []
    with pytest.raises(ProblemsFound) as found:
        remove_gold(store, "a-0312", "supervisor", "again")
    assert key_of(found) == "gold.none"
    assert store.fingerprint() == before


def test_what_cannot_be_agreed(store: Store) -> None:
    def refusal(airing_id: str, coder: str) -> str:
        with pytest.raises(ProblemsFound) as found:
            declare_gold(store, airing_id, coder, "supervisor")
        return key_of(found)

    assert refusal("nowhere", ANA) == "unknown_airing"
    assert refusal("a-0312", NEW) == "gold.nothing_coded"
    assert refusal("a-0313", ANA) == "gold.nothing_coded"
    assign(store, ["a-0312"], OTHER, Purpose.DOUBLE, "supervisor")
    assert refusal("a-0312", ANA) == "gold.not_done", "the second coding would no longer be blind"
    assert gold_airings(store) == []


def test_a_practice_coding_is_never_the_agreed_one(gold: Store) -> None:
    assign(gold, ["a-0312"], NEW, Purpose.TRAINING, "supervisor")
    gold.record(own(11, AGREED[0]), NEW)
    with pytest.raises(ProblemsFound) as found:
        declare_gold(gold, "a-0312", NEW, "supervisor")
    assert key_of(found) == "gold.nothing_coded"


# what practice must not touch


@pytest.mark.parametrize("taken_away", [False, True])
def test_practice_enters_no_result_no_agreement_and_no_labels(gold: Store, taken_away: bool) -> None:
    """Not even where nobody else has coded the airing, and not after it was taken away again."""
    before, labels = rows_of(gold), label_table(gold)
    for number, (coder, purpose) in enumerate({NEW: Purpose.TRAINING, OTHER: Purpose.TEST}.items()):
        assign(gold, ["a-0312", "a-0313"], coder, purpose, "supervisor")
        gold.record(own(20 + number, AGREED[0], coder, tone="very negative"), coder)
        gold.record(own(30 + number, AGREED[0], coder, airing_id="a-0313"), coder)
        for airing_id in ("a-0312", "a-0313"):
            change(gold, airing_id, coder, Progress.DONE, coder)
            if taken_away:
                change(gold, airing_id, coder, Progress.WITHDRAWN, "supervisor")
    assert rows_of(gold) == before
    assert len(before) == 3
    assert label_table(gold).equals(labels)
    assert len(labels) == 3
    assert double_codings(gold).airings.empty
    untouched = gold.airing("a-0313")
    assert untouched is not None
    assert not untouched.coded, "finished practice finishes no airing"
    assert hands(board(gold).now(gold.mission()))["a-0312"].first == (ANA,)
    assert "a-0313" not in hands(board(gold).now(gold.mission()))


def rows_of(store: Store) -> list[tuple[object, ...]]:
    """What every figure is made from."""
    held = open_coverage(store)
    rows = held.table(held.rows.select("airing_id", "subject", "tone", "start_ms", "amount"))
    return sorted(rows.itertuples(index=False, name=None))


@pytest.mark.parametrize("purpose", [*PRACTICE, Purpose.DOUBLE])
def test_whoever_practises_sees_no_suggestion(gold: Store, purpose: Purpose) -> None:
    add_model(gold, ToneModel("v1", "models/v1", "", "supervisor", 0), use=True)
    assign(gold, ["a-0312"], NEW, purpose, "supervisor")
    assert shows(gold, gold.mission(), "a-0312", NEW) == ShowSuggestions.OFF
    assert shows(gold, gold.mission(), "a-0312", ANA) == ShowSuggestions.AFTER


def test_coding_and_practice_of_one_airing_never_mix(gold: Store) -> None:
    def refused(airing_id: str, coder: str, purpose: Purpose) -> bool:
        try:
            assign(gold, [airing_id], coder, purpose, "supervisor")
        except ProblemsFound as found:
            return found.problems[0].key == "assign.practised"
        return False

    assert refused("a-0312", ANA, Purpose.TEST), "who coded it"
    assign(gold, ["a-0312"], NEW, Purpose.TRAINING, "supervisor")
    change(gold, "a-0312", NEW, Progress.WITHDRAWN, "supervisor")
    assert refused("a-0312", NEW, Purpose.DOUBLE), "may know the agreed coding"
    assert refused("a-0312", NEW, Purpose.TEST)
    assert not refused("a-0312", NEW, Purpose.TRAINING)
    gold.add([segment(50, "b-0312", start=0, end=10, coder="import")], "import")
    assert refused("b-0312", "import", Purpose.TRAINING), "recorded without an assignment"


def test_who_gets_what_to_practise_on(gold: Store) -> None:
    gold.add([segment(50, "b-0312", start=0, end=10, coder="import")], "import")
    declare_gold(gold, "b-0312", "import", "supervisor")

    def plan(*coders: str, purpose: Purpose = Purpose.TEST) -> object:
        now = board(gold).now(gold.mission())
        return practice(now, gold_airings(gold), coders, purpose)

    made = plan(NEW, OTHER, ANA)
    given = {coder: [each.airing_id for each in airings] for coder, airings in made.given.items()}  # type: ignore[attr-defined]
    assert given == {NEW: ["a-0312", "b-0312"], OTHER: ["a-0312", "b-0312"], ANA: ["b-0312"]}
    assert give(gold, made, "supervisor") == {NEW: 2, OTHER: 2, ANA: 1}  # type: ignore[arg-type]
    assert len(assignments(gold, NEW)) == 2
    again = plan(NEW, purpose=Purpose.TRAINING)
    assert again.size == 0  # type: ignore[attr-defined]
    assert [each.airing_id for each in again.left_out[LeftOut.KNOWN]] == ["a-0312", "b-0312"]  # type: ignore[attr-defined]
    now = board(gold).now(gold.mission())
    double = planned(now, [now.airings["a-0312"]], [NEW, OTHER], Purpose.DOUBLE)
    assert [each.airing_id for each in double.left_out[LeftOut.KNOWN]] == ["a-0312"]


# scores


def score(store: Store, *said: Segment, coder: str = NEW) -> Score:
    """What a coder's practice comes to."""
    airing_id = said[0].airing_id if said else "a-0312"
    assign(store, [airing_id], coder, Purpose.TRAINING, "supervisor")
    for each in said:
        store.record(each, coder)
    change(store, airing_id, coder, Progress.DONE, coder)
    return scores(store, [(Gold(airing_id, ANA), coder)])[airing_id, coder]


def test_the_same_coding_is_the_whole_of_everything(gold: Store) -> None:
    found = score(gold, *(own(10 + n, each) for n, each in enumerate(AGREED)))
    assert found.shares["found"] == Share(3, 3)
    assert all(share.value in (1.0, None) for share in found.shares.values())
    assert (found.extra, found.differences, found.together) == (0, (), Share(160_000, 160_000))
    assert found.shares["topic"] == Share(1, 1), "where neither has a topic there is nothing to be alike in"
    assert found.passed(1.0)


def test_what_differs_is_counted_and_named(gold: Store) -> None:
    found = score(
        gold,
        own(11, AGREED[0], tone="neutral", topic=""),
        own(12, AGREED[1], subject="Green Party"),
        segment(13, start=1000, end=1010, coder=NEW),
    )
    assert found.shares["found"] == Share(1, 3), "another subject there is not the passage that was agreed"
    assert (found.shares["tone"], found.shares["topic"], found.shares["role"]) == (
        Share(0, 1),
        Share(0, 1),
        Share(1, 1),
    )
    assert found.extra == 1
    assert found.together == Share(0, (60 + 60 + 60 + 40 + 10) * 1000)
    told = {(each.kind, each.subject): dict(each.what) for each in found.differences}
    assert told == {
        ("", "Blue Party"): {"tone": ("positive", "neutral"), "topic": ("economy", "")},
        ("", "Red Party"): {"subject": ("Red Party", "Green Party")},
        ("missed", "President"): {},
        ("extra", "Blue Party"): {},
    }
    assert not found.passed(0.5)


def test_time_alike_is_measured_to_the_millisecond(gold: Store) -> None:
    found = score(
        gold, own(11, AGREED[0], start_ms=30_000, end_ms=90_000), *(own(12 + n, AGREED[1 + n]) for n in (0, 1))
    )
    assert found.shares["found"] == Share(3, 3)
    assert found.together == Share(130_000, 190_000)


def test_the_mark_is_reached_by_both_or_not_at_all(gold: Store) -> None:
    found = score(gold, own(11, AGREED[0]), own(12, AGREED[1], tone="neutral"))
    assert (found.shares["found"], found.shares["tone"]) == (Share(2, 3), Share(1, 2))
    assert found.passed(0.5)
    assert not found.passed(0.6), "the tones do not reach it"
    assert Share(4, 5).reaches(0.8)
    assert not Share(79, 100).reaches(0.8)
    assert Share().value is None


def test_the_agreed_coding_is_as_it_stands_and_the_coders_is_the_own_word(gold: Store) -> None:
    assert score(gold, *(own(10 + n, each) for n, each in enumerate(AGREED))).passed(1.0)
    gold.revise(AGREED[0].model_copy(update={"tone": "negative"}), "supervisor", "decided")
    gold.retract(AGREED[2].segment_id, 1, "supervisor", "decided: nothing")
    mine = own(10, AGREED[0])
    gold.revise(mine.model_copy(update={"tone": "negative"}), "supervisor", "made to pass")
    found = scores(gold, [(Gold("a-0312", ANA), NEW)])["a-0312", NEW]
    assert (found.shares["found"], found.shares["tone"], found.extra) == (Share(2, 2), Share(1, 2), 1)


def test_practice_on_an_airing_whose_disagreements_were_decided(store: Store) -> None:
    """The agreed coding is best a decided one: what the coder says after the decision is what is measured."""
    assign(store, ["a-0312"], OTHER, Purpose.DOUBLE, "supervisor")
    store.add([own(20 + n, each, OTHER) for n, each in enumerate(AGREED[:2])], OTHER)
    change(store, "a-0312", OTHER, Progress.DONE, OTHER)
    (missed,) = disagreements(store, "a-0312")
    decide(store, "supervisor", missed, word_of(ANA))
    found = score(store, own(10, AGREED[0]), own(11, AGREED[1], tone="neutral"))
    assert (found.shares["found"], found.shares["tone"], found.extra) == (Share(2, 3), Share(1, 2), 0)


def test_two_who_practise_do_not_meet(gold: Store) -> None:
    """Another candidate's segments would chain passages together."""
    alone = score(gold, own(11, AGREED[0], start_ms=50_000, end_ms=70_000))
    score(gold, own(21, AGREED[0], OTHER, start_ms=20_000, end_ms=60_000), coder=OTHER)
    both = scores(gold, [(Gold("a-0312", ANA), NEW), (Gold("a-0312", ANA), OTHER)])
    assert both["a-0312", NEW] == alone
    assert both["a-0312", OTHER].shares["found"] == Share(1, 3)


def test_pages_of_a_paper_and_nothing_at_all(store: Store) -> None:
    paper = segment(30, "g-0312", amount=100_000, page=1, coder=ANA, tone="positive")
    assign(store, ["g-0312"], ANA, Purpose.CODING, "supervisor")
    store.record(paper, ANA)
    change(store, "g-0312", ANA, Progress.DONE, ANA)
    found = score(store, segment(31, "g-0312", amount=150_000, page=1, coder=NEW, tone="positive"))
    assert (found.shares["found"], found.together) == (Share(1, 1), Share(100_000, 150_000))
    nothing = score(store)
    assert (nothing.shares["found"], nothing.shares["tone"], nothing.extra) == (Share(0, 3), Share(), 0)
    assert not nothing.passed(0.1)
    assert nothing.passed(0) is True
    for each in AGREED:
        store.retract(each.segment_id, 1, ANA, "decided: nothing")
    gone = scores(store, [(Gold("a-0312", ANA), NEW)])["a-0312", NEW]
    assert not gone.exists
    assert not gone.passed(0)


def test_a_score_comes_when_the_coder_is_done_and_only_as_long_as_it_is_gold(gold: Store) -> None:
    assign(gold, ["a-0312"], NEW, Purpose.TEST, "supervisor")
    gold.record(own(11, AGREED[0]), NEW)

    def held(coder: str | None = None) -> list[tuple[str, bool, bool]]:
        found = practised(gold, coder)
        return [(each.assignment.coder, each.gold is not None, each.score is not None) for each in found]

    assert held() == [(NEW, True, False)]
    change(gold, "a-0312", NEW, Progress.DONE, NEW)
    assert held(NEW) == [(NEW, True, True)]
    assert held(ANA) == []
    remove_gold(gold, "a-0312", "supervisor", "too easy")
    assert held() == [(NEW, False, False)]
