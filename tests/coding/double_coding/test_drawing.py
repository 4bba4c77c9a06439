"""The draw of airings that are coded twice: its share, its chance, its record, and how far it has come."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from coding.board import board
from coding.double_coding.drawing import next_draw, pool_of, wanted, week_of
from coding.double_coding.planning import finished, progress_of, progress_table, waiting_for_second
from coding.mission.loader import load
from coding.mission.model import Airing, DoubleCodingPolicy
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.assignments import assign, change
from coding.store.draws import DoubleDraw, double_draws, record_draw
from coding.vocabulary import AiringKind, Progress, Purpose
from tests.missions import AIRINGS, MISSION, segment, write_mission

Make = Callable[..., Store]
LONG_AGO, FAR_AHEAD = date(2025, 1, 1), date(2026, 1, 1)


def airing(number: int, outlet: str = "Channel A", day: int | None = None) -> Airing:
    when = date(2025, 3, 3) + timedelta(days=number % 28 if day is None else day)
    return Airing(airing_id=f"x-{number}", outlet=outlet, date=when, kind=AiringKind.PROGRAMME)


@settings(deadline=None)
@given(seed=st.integers(0, 10**6), share=st.integers(0, 100), count=st.integers(0, 90))
def test_every_week_of_an_outlet_has_its_share_up_to_one_airing(seed: int, share: int, count: int) -> None:
    airings = [airing(n, ("Channel A", "Channel B", "Gazette")[n % 3]) for n in range(count)]
    chosen = wanted(airings, share / 100, seed)
    assert chosen == wanted(reversed(airings), share / 100, seed), "the order in which they are read is nothing"
    assert chosen <= {each.airing_id for each in airings}

    def part(each: Airing) -> tuple[str, date]:
        return each.outlet, week_of(each.date)

    whole = Counter(map(part, airings))
    taken = Counter(part(each) for each in airings if each.airing_id in chosen)
    assert all(abs(taken[name] - share * size / 100) < 1 for name, size in whole.items())
    for outlet in ("Channel A", "Channel B", "Gazette"):
        size, drawn = (sum(n for name, n in counts.items() if name[0] == outlet) for counts in (whole, taken))
        assert abs(drawn - share * size / 100) < 1


def test_each_airing_has_the_same_chance_and_another_seed_is_another_draw() -> None:
    airings = [airing(n) for n in range(60)]
    draws = [wanted(airings, 0.1, seed) for seed in range(400)]
    assert len(set(draws)) > 300
    often = Counter(name for each in draws for name in each)
    assert len(often) == 60
    assert all(15 <= count <= 75 for count in often.values()), "40 expected"


def test_whether_an_airing_is_drawn_hangs_on_its_id_outlet_and_week_alone() -> None:
    """Nothing that a coder does to an airing, nor who codes it, may change the draw."""
    airings = [airing(n) for n in range(40)]
    changed = [
        each.model_copy(update={"coded": True, "note": "read", "programme": "another", "actual_size": n + 1})
        for n, each in enumerate(airings)
    ]
    assert wanted(airings, 0.2, 5) == wanted(changed, 0.2, 5)


@settings(deadline=None)
@given(
    seed=st.integers(0, 10**6), share=st.integers(0, 100), weeks=st.lists(st.integers(0, 12), min_size=1, max_size=6)
)
def test_later_airings_change_no_earlier_week_and_the_record_can_be_repeated(
    seed: int, share: int, weeks: list[int]
) -> None:
    """One draw a week comes out as one draw of everything at the end."""
    policy = DoubleCodingPolicy(share=share / 100, seed=seed)
    known: list[Airing] = []
    draws: list[DoubleDraw] = []
    for week, size in enumerate(weeks):
        known += [airing(100 * week + n, day=7 * week + n % 7) for n in range(size)]
        draws.append(next_draw(known, known, policy, draws))
    assert {name for each in draws for name in each.drawn} == wanted(known, share / 100, seed)
    assert Counter(name for each in draws for name in each.pool) == Counter(each.airing_id for each in known)


def test_what_is_drawn_stays_drawn_when_the_share_or_the_weeks_before_change() -> None:
    airings = [airing(n) for n in range(80)]
    first = next_draw(airings, airings, DoubleCodingPolicy(share=0.1, seed=3), [])
    assert len(first.drawn) == 8
    more = next_draw(airings, airings, DoubleCodingPolicy(share=0.25, seed=3), [first])
    assert more.pool == ()
    assert not set(more.drawn) & set(first.drawn)
    assert len({*first.drawn, *more.drawn}) in (20, 21), "what is kept beyond a week's share comes off later weeks"
    fewer = next_draw(airings, airings, DoubleCodingPolicy(share=0.05, seed=3), [first])
    assert fewer.drawn == ()
    late = airing(500, day=0)
    with_late = next_draw([*airings, late], [late], DoubleCodingPolicy(share=0.1, seed=3), [first])
    assert with_late.pool == ("x-500",)
    assert set(first.drawn) <= wanted([*airings, late], 0.1, 3, first.drawn)


def test_a_mission_without_a_seed_gets_one_and_keeps_it() -> None:
    airings = [airing(n) for n in range(30)]
    first = next_draw(airings, airings, DoubleCodingPolicy(), [])
    assert next_draw(airings, airings, DoubleCodingPolicy(), [first]).seed == first.seed
    assert len({next_draw(airings, airings, DoubleCodingPolicy(), []).seed for _ in range(5)}) > 1


def test_the_pool_is_what_was_or_will_be_coded(tmp_path: object) -> None:
    held = load(write_mission(tmp_path / "mission"))  # type: ignore[operator]
    totals = held.airings[0].model_copy(update={"airing_id": "t", "kind": AiringKind.AGGREGATE})
    every = [*held.airings, totals]

    def pool(today: date, days: tuple[date, date] | None = None) -> list[str]:
        return [each.airing_id for each in pool_of(every, held.mission, today, days)]

    ended = ["a-0312", "a-0313", "a-0317", "b-0312", "g-0312"]
    assert pool(FAR_AHEAD) == ended, "b-0313 was never recorded, a-0318 lies outside the window"
    assert pool(LONG_AGO) == sorted([*ended, "b-0313"]), "and may still be, as long as its day is to come"
    assert pool(FAR_AHEAD, (date(2025, 3, 13), date(2025, 3, 31))) == ["a-0313", "a-0317"]


# the record


def test_a_draw_is_on_record_and_two_at_once_are_one(small_store: Make) -> None:
    store = small_store()
    before = store.fingerprint()
    draw = DoubleDraw(0.1, 7, ("a-0312", "b-0312"), ("a-0312",))
    assert record_draw(store, draw, 0, "supervisor")
    assert not record_draw(store, draw, 0, "another supervisor"), "drawn meanwhile"
    assert record_draw(store, DoubleDraw(0.1, 7, ("g-0312",), ()), 1, "supervisor")
    [first, second] = double_draws(store)
    assert (first.share, first.seed, first.pool, first.drawn) == (0.1, 7, ("a-0312", "b-0312"), ("a-0312",))
    assert (first.recorded_by, second.pool) == ("supervisor", ("g-0312",))
    assert store.fingerprint() == before, "no figure rests on it"


def test_how_far_it_is_by_outlet_and_week(small_store: Make) -> None:
    store = small_store(segment(1, "a-0313", start=0, end=60, coder="import"), airings=AIRINGS.replace(",yes,", ",no,"))
    mission = store.mission()
    record_draw(store, DoubleDraw(0.5, 7, ("a-0312", "a-0313", "a-0317", "b-0312"), ("a-0312", "a-0317")), 0, "s")
    assign(store, ["a-0312", "b-0312"], "ana", Purpose.CODING, "s")
    assign(store, ["a-0312", "a-0313"], "berik", Purpose.DOUBLE, "s")
    change(store, "a-0312", "ana", Progress.DONE, "ana")

    def rows() -> dict[tuple[str, str], dict[str, int]]:
        table = progress_of(store, mission)
        return {(row.pop("outlet"), row.pop("week")): row for row in table.to_dict("records")}  # type: ignore[misc]

    first = rows()[("Channel A", "2025-03-10")]
    assert (first["airings"], first["drawn"], first["given"], first["done"]) == (2, 1, 1, 0)
    assert (first["by_hand"], first["by_hand_done"], first["waiting"]) == (1, 0, 0)
    later = rows()[("Channel A", "2025-03-17")]
    assert (later["airings"], later["drawn"], later["waiting"], later["given"]) == (1, 1, 1, 0)
    assert rows()[("Gazette", "2025-03-10")]["new"] == 1
    change(store, "a-0312", "berik", Progress.DONE, "berik")
    change(store, "a-0313", "berik", Progress.DONE, "berik")
    assert rows()[("Channel A", "2025-03-10")]["done"] == 1
    assert rows()[("Channel A", "2025-03-10")]["by_hand_done"] == 0, "the import's airing is not finished"
    now = board(store).now(mission)
    assert [each.airing_id for each in waiting_for_second(now, double_draws(store))] == ["a-0317"]
    assert progress_table(now, mission, []).drawn.sum() == 0


def test_what_was_practised_finishes_no_airing(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60, coder="import"))
    assign(store, ["a-0312"], "berik", Purpose.TRAINING, "s")
    store.record(segment(2, start=0, end=60, coder="berik"), "berik")
    change(store, "a-0312", "berik", Progress.DONE, "berik")
    assert "a-0312" not in finished(board(store).now(store.mission()))
    change(store, "a-0312", "berik", Progress.WITHDRAWN, "s")
    assert "a-0312" not in finished(board(store).now(store.mission()))
    assign(store, ["a-0312"], "dina", Purpose.DOUBLE, "s")
    change(store, "a-0312", "dina", Progress.DONE, "dina")
    assert "a-0312" in finished(board(store).now(store.mission())), (
        "an import's coding counts where the airing is coded"
    )


# the policy in the mission folder


def test_the_policy_is_read_checked_and_edited(tmp_path: object) -> None:
    from coding.exchange.folder import mission_tree
    from coding.mission.editing import mission_from_tables, tables_of

    folder = write_mission(tmp_path / "one")  # type: ignore[operator]
    assert load(folder).mission.double_coding == DoubleCodingPolicy(share=0.10, seed=None, pass_mark=0.8)
    written = "\n[double_coding]\nshare = 0.2\nseed = 0\npass_mark = 0.75\n"
    held = load(write_mission(tmp_path / "two", mission=MISSION + written))  # type: ignore[operator]
    assert held.mission.double_coding == DoubleCodingPolicy(share=0.2, seed=0, pass_mark=0.75)
    assert mission_tree(held.mission)["double_coding"] == {"share": 0.2, "seed": 0, "pass_mark": 0.75}
    tables = tables_of(held.mission, held.airings)
    assert tables["double_coding"] == [{"share": "0.2", "seed": "0", "pass_mark": "0.75"}]
    assert mission_from_tables(held.mission, tables)[0] == held.mission
    tables["double_coding"] = [{"share": "0.3", "seed": "", "pass_mark": "0.75"}]
    assert mission_from_tables(held.mission, tables)[0].double_coding == DoubleCodingPolicy(share=0.3, pass_mark=0.75)
    tables["double_coding"] = [{"share": "3"}]
    with pytest.raises(ProblemsFound) as found:
        mission_from_tables(held.mission, tables)
    assert [(p.file, p.line, p.column) for p in found.value.problems] == [("double_coding", 1, "share")]


@pytest.mark.parametrize("values", [{"share": -0.1}, {"share": 1.1}, {"seed": -1}, {"pass_mark": 2}, {"shares": 0.1}])
def test_a_policy_that_cannot_be_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        DoubleCodingPolicy.model_validate(values)
