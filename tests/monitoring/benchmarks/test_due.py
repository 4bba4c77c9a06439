"""What contestants are due: by weights, by mixes, by vectors of the user."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.mission.model import Benchmark, Mission
from coding.problems import ProblemsFound
from monitoring.benchmarks.due import due_shares, names, unnamed
from monitoring.benchmarks.vectors import as_toml, vector, vectors
from tests.laws.test_laws import small

PARTIES = ("Blue Party", "Red Party", "Green Party")
VOTES = Benchmark(name="votes", weights={"Blue Party": 30, "Red Party": 10})
HALF = Benchmark(name="half and half", mix={"equal": 1, "votes": 1})
numbers = st.lists(st.floats(0, 1e6), min_size=3, max_size=3).filter(lambda found: sum(found) > 0)
parts = st.floats(0.01, 100)


def mission(*benchmarks: Benchmark) -> Mission:
    return small().mission.model_copy(update={"benchmarks": benchmarks})


def test_equal_always_exists_and_stands_first_where_it_was_made() -> None:
    assert names(mission()) == ("equal",)
    assert names(mission(VOTES)) == ("equal", "votes")
    assert due_shares(mission(), "equal") == pytest.approx(dict.fromkeys(PARTIES, 1 / 3))


def test_the_order_is_that_of_the_mission() -> None:
    own = Benchmark(name="equal", weights=dict.fromkeys(PARTIES, 2.0))
    assert names(mission(VOTES, own, HALF)) == ("votes", "equal", "half and half")


def test_weights_are_shared_out_in_ballot_order_and_a_missing_one_is_nothing() -> None:
    assert due_shares(mission(VOTES), "votes") == {"Blue Party": 0.75, "Red Party": 0.25, "Green Party": 0.0}
    assert list(due_shares(mission(VOTES), "votes")) == list(PARTIES)
    assert unnamed(mission(VOTES), "votes") == ("Green Party",)
    assert unnamed(mission(VOTES), "equal") == ()


def test_a_mix_is_the_weighted_mean_of_its_parts() -> None:
    found = due_shares(mission(VOTES, HALF), "half and half")
    assert found == pytest.approx({"Blue Party": 13 / 24, "Red Party": 7 / 24, "Green Party": 4 / 24})
    assert unnamed(mission(VOTES, HALF), "half and half") == ()


@given(numbers, numbers, parts, parts)
def test_law_of_mixes(one: list[float], two: list[float], first: float, second: float) -> None:
    given_by = mission(
        Benchmark(name="one", weights=dict(zip(PARTIES, one, strict=True))),
        Benchmark(name="two", weights=dict(zip(PARTIES, two, strict=True))),
        Benchmark(name="mix", mix={"one": first, "two": second}),
    )
    due = {name: due_shares(given_by, name) for name in ("one", "two", "mix")}
    expected = {party: (first * due["one"][party] + second * due["two"][party]) / (first + second) for party in PARTIES}
    assert due["mix"] == pytest.approx(expected, abs=1e-12)
    assert sum(due["mix"].values()) == pytest.approx(1)


def test_an_unknown_benchmark_is_refused_with_those_there_are() -> None:
    with pytest.raises(ProblemsFound, match=r"seats.*equal, votes"):
        due_shares(mission(VOTES), "seats")


def test_nobody_on_the_ballot_is_due_nothing() -> None:
    without = small().mission.model_copy(update={"subjects": (), "benchmarks": ()})
    assert due_shares(without, "equal") == {}
    assert names(without) == ("equal",)
    assert unnamed(without, "equal") == ()


def test_a_benchmark_that_gives_no_contestant_anything_is_refused() -> None:
    with pytest.raises(ProblemsFound, match="gives nothing"):
        due_shares(mission(Benchmark(name="odd", weights={"Somebody": 1})), "odd")


def test_vectors_of_the_user_with_and_without_a_name() -> None:
    texts = ["Blue Party=3, Red Party=1", "last time : Green Party = 2.5", '"Green Party=1",Blue Party=1']
    found = vectors(texts, mission(VOTES), "by hand")
    assert [each.name for each in found] == ["own", "last time", "own 2"]
    assert [each.source for each in found] == ["by hand"] * 3
    assert found[0].weights == {"Blue Party": 3, "Red Party": 1}
    assert due_shares(mission(VOTES), "last time", found) == {"Blue Party": 0, "Red Party": 0, "Green Party": 1}
    assert names(mission(VOTES), found) == ("equal", "votes", "own", "last time", "own 2")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Blue=3", "«Blue» is not known. Known: Blue Party, Red Party, Green Party"),
        ("Blue Party", "«Blue Party» is no number of a contestant"),
        ("Blue Party=many", "is no number of a contestant"),
        ("Blue Party=-1,Red Party=2", "-1.0 is no number for Blue Party"),
        ("Blue Party=nan,Red Party=2", "nan is no number for Blue Party"),
        ("Blue Party=0", "gives nothing to any contestant"),
        ("votes: Blue Party=1", "already a benchmark «votes»"),
        ("Blue Party=1,Blue Party=2", "two numbers"),
        (": Blue Party=1", "have no name"),
        ("", "gives nothing"),
    ],
)
def test_what_is_wrong_with_a_vector_is_said(text: str, told: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        vectors([text], mission(VOTES), "")
    assert any(told in problem.text() for problem in found.value.problems)


def test_problems_of_all_vectors_come_at_once() -> None:
    with pytest.raises(ProblemsFound) as found:
        vectors(["Blue=1", "Red=1"], mission(), "")
    assert len(found.value.problems) == 2


@given(numbers)
def test_the_lines_for_the_mission_file_give_the_numbers_back(weights: list[float]) -> None:
    import tomllib

    made = vector('a "name"', dict(zip(PARTIES, weights, strict=True)), mission(), (), "")
    read = tomllib.loads(as_toml(made))["benchmarks"][0]
    assert read["name"] == 'a "name"'
    assert read["weights"] == pytest.approx(made.weights, rel=1e-15)
