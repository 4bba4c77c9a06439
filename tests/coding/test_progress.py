"""What is in hand, what was recorded of it, and who may get what; on both engines."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.assigning import LeftOut, Wanted, give, hands, on_offer, planned, to_double
from coding.board import Standing, board, by_coder
from coding.mission.model import Airing
from coding.progress import Coded, Stage, left_by_unit, own_work
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import Assignment, assign, assignments, change
from coding.vocabulary import AiringKind, Progress, Purpose, Unit
from tests.missions import AIRINGS, segment

Make = Callable[..., Store]
ANA, BERIK = "ana", "berik"
UNCODED = AIRINGS.replace(",yes,", ",no,")


def coded(store: Store, airing_id: str, coder: str) -> tuple[int, int]:
    now = board(store).now(store.mission()).coded_by(airing_id, coder)
    return now.segments, now.amount


def own(number: int, coder: str = ANA, **more: object) -> Segment:
    return segment(number, coder=coder, **more)  # type: ignore[arg-type]


# sums


def test_seconds_under_two_segments_count_once_and_coders_apart(small_store: Make) -> None:
    store = small_store(
        own(1, start=0, end=100),
        own(2, start=50, end=150, subject="Red Party"),
        own(3, start=60, end=70, subject="President"),
        own(4, start=200, end=210),
        own(5, BERIK, start=0, end=1000),
    )
    assert coded(store, "a-0312", ANA) == (4, 160_000)
    assert coded(store, "a-0312", BERIK) == (1, 1_000_000)
    assert coded(store, "a-0313", ANA) == (0, 0)


@settings(deadline=None)
@given(spans=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=12))
def test_the_sum_is_the_union(spans: list[tuple[int, int]]) -> None:
    """The same statement, held against seconds that are counted one by one."""
    import sqlalchemy as sa

    from coding.progress import _sums
    from coding.store import schema
    from coding.store.records import values_of

    engine = sa.create_engine("sqlite://")
    schema.metadata.create_all(engine)
    rows = [
        values_of(own(n + 1, start=start, end=start + length))
        | {"retracted": False, "reason": "", "recorded_at": "", "recorded_by": ""}
        for n, (start, length) in enumerate(spans)
    ]
    with engine.begin() as connection:
        if rows:
            connection.execute(sa.insert(schema.segment), rows)
        found = connection.execute(_sums({}, ["a-0312"])).all()
    seconds = {second for start, length in spans for second in range(start, start + length)}
    assert sum(row[5] for row in found) == 1000 * len(seconds)


def test_revisions_and_retractions_are_followed(small_store: Make) -> None:
    store = small_store(own(1, start=0, end=100), own(2, start=100, end=200))
    assert coded(store, "a-0312", ANA) == (2, 200_000)
    store.revise(own(1, start=0, end=50), "ana")
    assert coded(store, "a-0312", ANA) == (2, 150_000)
    store.retract(own(2, start=0, end=1).segment_id, 1, "ana", "twice")
    assert coded(store, "a-0312", ANA) == (1, 50_000)
    moved = own(1, airing="a-0313", start=0, end=50).model_copy(update={"revision": 2})
    store.revise(moved, "ana")
    assert coded(store, "a-0313", ANA) == (1, 50_000)
    assert coded(store, "a-0312", ANA) == (0, 0)


def test_lines_are_not_added_to_area(small_store: Make) -> None:
    free = own(2, airing="g-0312", amount=30, format="free space", tone="")
    store = small_store(own(1, airing="g-0312", amount=120_000), free)
    assert coded(store, "g-0312", ANA) == (2, 120_000)
    work = _given(store, "g-0312")[0]
    assert (work.unit, work.coded.segments, work.coded.amount, work.length) == (Unit.MM2, 2, 120_000, 900_000)


# one coder's work


def _given(store: Store, *airing_ids: str, coder: str = ANA) -> list[object]:
    assign(store, airing_ids, coder, Purpose.CODING, "supervisor")
    return own_work(store, store.mission(), coder)  # type: ignore[return-value]


def test_own_work_in_order_and_nothing_of_others(small_store: Make) -> None:
    store = small_store(own(1, airing="a-0313", start=0, end=60), own(2, BERIK, airing="b-0312", start=0, end=90))
    _given(store, "g-0312", "b-0312", "a-0313", "a-0312", "a-0317")
    assign(store, ["a-0313"], BERIK, Purpose.DOUBLE, "supervisor", "drawn")
    change(store, "a-0312", ANA, Progress.DONE, ANA)
    change(store, "a-0317", ANA, Progress.RETURNED, "supervisor", "look again")
    works = own_work(store, store.mission(), ANA)
    assert [(work.airing.airing_id, work.stage) for work in works] == [
        ("a-0317", Stage.RETURNED),
        ("b-0312", Stage.OPEN),
        ("g-0312", Stage.OPEN),
        ("a-0313", Stage.BEGUN),
        ("a-0312", Stage.DONE),
    ]
    assert works[0].assignment.note == "look again"
    assert works[3].coded.amount == 60_000
    assert works[3].coded.saved_at
    assert works[1].coded == Coded()
    late = (24 * 60 + 20 - 23 * 60 - 31) * 60_000
    assert left_by_unit(works) == {Unit.MS: late + 1_800_000 + 3_600_000 - 60_000, Unit.MM2: 900_000}
    change(store, "b-0312", ANA, Progress.WITHDRAWN, "supervisor")
    assert "b-0312" not in {work.airing.airing_id for work in own_work(store, store.mission(), ANA)}


# everybody


def test_the_board_keeps_up_with_every_write(small_store: Make) -> None:
    store = small_store(airings=UNCODED)
    mission, held = store.mission(), board(store)
    assert by_coder(held.now(mission), mission) == []
    assign(store, ["a-0312", "g-0312"], ANA, Purpose.CODING, "supervisor")
    store.record(own(1, start=0, end=60), ANA)
    row = by_coder(held.now(mission), mission, [BERIK])[0]
    assert (row.coder, row.assigned, row.segments) == (ANA, 2, 1)
    assert (row.stages[Stage.BEGUN], row.stages[Stage.OPEN]) == (1, 1)
    assert (row.amounts[Unit.MS], row.lengths[Unit.MS], row.lengths[Unit.MM2]) == (60_000, 3_600_000, 900_000)
    change(store, "a-0312", ANA, Progress.DONE, ANA)
    now = held.now(mission)
    assert now.airings["a-0312"].coded
    assert by_coder(now, mission)[0].stages[Stage.DONE] == 1
    change(store, "g-0312", ANA, Progress.WITHDRAWN, "supervisor")
    assert [row.assigned for row in by_coder(held.now(mission), mission, [BERIK])] == [1, 0]


def test_a_failed_read_is_made_up_for(small_store: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    store = small_store(own(1, start=0, end=60))

    def broken(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("coding.board.coded_of", broken)
        with pytest.raises(OSError):
            board(store).now(store.mission())
    assert coded(store, "a-0312", ANA) == (1, 60_000)


# giving


def test_what_is_on_offer(small_store: Make) -> None:
    store = small_store(own(1, start=0, end=60), airings=UNCODED.replace("21:30:00,,,no,", "21:30:00,,,yes,", 1))
    assign(store, ["b-0312", "a-0318"], ANA, Purpose.CODING, "supervisor")
    assign(store, ["a-0318"], BERIK, Purpose.DOUBLE, "supervisor")
    now = board(store).now(store.mission())

    def ids(wanted: Wanted, **more: object) -> list[str]:
        return [each.airing_id for each in on_offer(now, wanted, **more)]  # type: ignore[arg-type]

    assert ids(Wanted.NOBODY) == ["g-0312", "a-0313", "b-0313", "a-0317"]
    assert ids(Wanted.NOT_DOUBLE) == ["a-0312", "b-0312"], "one was coded without an assignment, as in an import"
    assert len(ids(Wanted.ALL)) == 7
    assert ids(Wanted.ALL, outlets=["Gazette"]) == ["g-0312"]
    assert ids(Wanted.ALL, days=(date(2025, 3, 13), date(2025, 3, 16))) == ["a-0313", "b-0313"]
    assert hands(now)["a-0312"].first == (ANA,)


def airing(number: int, outlet: str = "Channel A") -> Airing:
    day = date(2025, 3, 1) + timedelta(days=number % 30)
    return Airing(airing_id=f"x-{number}", outlet=outlet, date=day, kind=AiringKind.PROGRAMME)


def standing_of(airings: list[Airing], first: dict[str, str], second: dict[str, str] | None = None) -> Standing:
    held = [Assignment(name, coder, Purpose.CODING, Progress.DONE) for name, coder in first.items()]
    held += [Assignment(name, coder, Purpose.DOUBLE, Progress.ASSIGNED) for name, coder in (second or {}).items()]
    return Standing({each.airing_id: each for each in airings}, tuple(held), {})


@settings(deadline=None)
@given(count=st.integers(0, 60), coders=st.integers(1, 7))
def test_every_airing_goes_to_exactly_one_coder_and_counts_differ_by_at_most_one(count: int, coders: int) -> None:
    airings = [airing(n) for n in range(count)]
    plan = planned(standing_of(airings, {}), airings, [f"c{n}" for n in range(coders)], Purpose.CODING)
    taken = Counter(each.airing_id for given in plan.given.values() for each in given)
    assert taken == Counter(each.airing_id for each in airings)
    sizes = [len(given) for given in plan.given.values()]
    assert max(sizes) - min(sizes) <= 1
    assert not plan.left_out


NAMES = ("ana", "berik", "dina")


@settings(deadline=None)
@given(first=st.lists(st.sampled_from(NAMES), max_size=40), chosen=st.sets(st.sampled_from(NAMES), min_size=1))
def test_the_second_coder_is_never_the_first(first: list[str], chosen: set[str]) -> None:
    airings = [airing(n) for n in range(len(first))]
    of = {each.airing_id: coder for each, coder in zip(airings, first, strict=True)}
    plan = planned(standing_of(airings, of), airings, sorted(chosen), Purpose.DOUBLE)
    assert all(of[each.airing_id] != coder for coder, given in plan.given.items() for each in given)
    only_own = {each.airing_id for each in plan.left_out.get(LeftOut.ONLY_OWN, [])}
    assert only_own == {name for name, coder in of.items() if chosen == {coder}}
    assert plan.size + len(only_own) == len(airings)


def test_the_constrained_go_first_so_that_the_rest_evens_out() -> None:
    airings = [airing(n) for n in range(20)]
    of = {each.airing_id: "dina" if n < 10 else "ana" for n, each in enumerate(airings)}
    plan = planned(standing_of(airings, of), airings, ["ana", "berik"], Purpose.DOUBLE)
    assert {coder: len(given) for coder, given in plan.given.items()} == {"ana": 10, "berik": 10}


def test_who_gets_nothing_and_why() -> None:
    airings = [airing(n) for n in range(3)]
    now = standing_of(airings, {"x-0": "ana", "x-1": "ana"}, {"x-1": "berik"})
    double = planned(now, airings, ["berik", "dina"], Purpose.DOUBLE)
    assert {reason: [each.airing_id for each in left] for reason, left in double.left_out.items()} == {
        LeftOut.HAS_SECOND: ["x-1"],
        LeftOut.NO_FIRST: ["x-2"],
    }
    assert [each.airing_id for each in to_double(now, airings)] == ["x-0"]
    coding = planned(now, airings, ["berik"], Purpose.CODING)
    assert [each.airing_id for each in coding.left_out[LeftOut.HAS_CODER]] == ["x-0", "x-1"]
    assert [each.airing_id for each in coding.given["berik"]] == ["x-2"]


def test_giving_writes_once_and_leaves_what_somebody_else_gave(small_store: Make) -> None:
    store = small_store(airings=UNCODED)
    now = board(store).now(store.mission())
    plan = planned(now, on_offer(now, Wanted.NOBODY), [ANA, BERIK], Purpose.CODING)
    assert plan.size == 7
    taken = plan.given[BERIK][0].airing_id
    assign(store, [taken], ANA, Purpose.CODING, "somebody else")
    assert give(store, plan, "supervisor", "a note") == Counter({ANA: 4, BERIK: 2})
    assert Counter(each.airing_id for each in assignments(store)) == Counter(
        each.airing_id for each in now.airings.values()
    )
    assert give(store, plan, "supervisor") == Counter({ANA: 0, BERIK: 0})
