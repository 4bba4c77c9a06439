"""Gaps and distances of results: by hand on the small mission, against plain pandas on the sample."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coding.mission.model import Benchmark
from coding.problems import ProblemsFound
from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.benchmarks.distances import DISTANCE, distances
from monitoring.benchmarks.due import due_shares, names
from monitoring.benchmarks.gaps import GAP, gaps
from monitoring.coverage import Coverage, coverage_of, open_coverage
from monitoring.evidence import number_behind
from monitoring.selection import Denominator, Incumbents, Selection
from tests.laws.test_laws import small
from tests.missions import segment

SAMPLE = Path(__file__).parents[3] / "sample_data" / "kazakhstan_2007"
VOTES = Benchmark(name="votes", weights={"Blue Party": 3, "Red Party": 1})
SEGMENTS = [
    segment(1, start=0, end=300),
    segment(2, start=300, end=400, subject="Red Party"),
    segment(3, start=400, end=1000, subject="President", role="institution"),
    segment(4, "a-0313", start=0, end=500),
    segment(5, "b-0312", start=0, end=200, subject="Red Party"),
    segment(6, "g-0312", amount=120_000),
]


@pytest.fixture(scope="module")
def made() -> Coverage:
    mission = small().mission.model_copy(update={"benchmarks": (VOTES,)})
    return coverage_of(mission, small().airings, SEGMENTS)


@pytest.fixture(scope="module")
def sample() -> Coverage:
    return open_coverage(open_mission(str(SAMPLE)))


def values(found: pd.DataFrame, outlet: str, benchmark: str, key: str = "group") -> dict[str, float]:
    rows = found[(found["outlet"] == outlet) & (found["benchmark"] == benchmark)]
    return dict(zip(rows[key], rows["value"], strict=True))


def test_gaps_by_hand(made: Coverage) -> None:
    found = gaps(made, Selection())
    assert list(found.columns) == ["outlet", "benchmark", "group", *GAP]
    third = 1 / 3
    assert values(found, "Channel A", "equal") == pytest.approx(
        {"Blue Party": 8 / 9 - third, "Red Party": 1 / 9 - third, "Green Party": -third}
    )
    assert values(found, "Channel A", "votes") == pytest.approx(
        {"Blue Party": 8 / 9 - 0.75, "Red Party": 1 / 9 - 0.25, "Green Party": 0}
    )
    blue = found[(found["outlet"] == "Channel A") & (found["benchmark"] == "votes") & (found["group"] == "Blue Party")]
    told = blue.drop(columns=["value", "low", "high"]).to_dict("records")[0]
    assert told == {
        "outlet": "Channel A", "benchmark": "votes", "group": "Blue Party", "share": pytest.approx(8 / 9), "due": 0.75,
        "ratio": pytest.approx(32 / 27), "amount": 800_000, "total_amount": 900_000, "unit": "ms", "segments": 2,
        "airings": 2,
    }  # fmt: skip


def test_rows_stand_in_the_order_of_places_benchmarks_and_ballot(made: Coverage) -> None:
    found = gaps(made, Selection(media=(Medium.TV,)))
    expected = [
        (outlet, benchmark, party)
        for outlet in ("Channel A", "Channel B")
        for benchmark in ("equal", "votes")
        for party in ("Blue Party", "Red Party", "Green Party")
    ]
    assert list(zip(found["outlet"], found["benchmark"], found["group"], strict=True)) == expected


def test_nothing_due_has_no_ratio(made: Coverage) -> None:
    found = gaps(made, Selection(), benchmarks=("votes",))
    assert found[found["group"] == "Green Party"]["ratio"].isna().all()


def test_the_reading_of_incumbents_counts(made: Coverage) -> None:
    party = gaps(made, Selection(incumbents=Incumbents.PARTY))
    assert values(party, "Channel A", "equal")["Blue Party"] == pytest.approx(14 / 15 - 1 / 3)


def test_naming_subjects_and_another_denominator_leave_the_numbers_alone(made: Coverage) -> None:
    every = gaps(made, Selection(media=(Medium.TV,)))
    some = gaps(made, Selection(media=(Medium.TV,), subjects=("Red Party",), denominator=Denominator.PROGRAMME))
    pd.testing.assert_frame_equal(some, every[every["group"] == "Red Party"].reset_index(drop=True))


def test_a_place_where_no_contestant_got_anything_has_empty_values() -> None:
    coverage = coverage_of(small().mission, small().airings, [segment(1, start=0, end=9, subject="Government")])
    found, far = gaps(coverage, Selection(media=(Medium.TV,))), distances(coverage, Selection(media=(Medium.TV,)))
    assert found[["value", "share", "ratio", "low", "high"]].isna().all().all()
    assert found["due"].tolist() == pytest.approx([1 / 3] * len(found))
    assert far[far["measure"] != "effective_due"]["value"].isna().all()


def test_units_are_never_mixed(made: Coverage) -> None:
    with pytest.raises(ProblemsFound, match="units"):
        gaps(made, Selection(), ())
    with pytest.raises(ProblemsFound, match="units"):
        distances(made, Selection(), ())
    apart = gaps(made, Selection(), ("unit",), ("equal",))
    assert sorted(apart["unit"].unique()) == ["mm2", "ms"]


def test_a_column_that_is_no_place_is_refused(made: Coverage) -> None:
    for function in (gaps, distances):
        with pytest.raises(ProblemsFound, match="group"):
            function(made, Selection(), ("outlet", "group"))


def test_a_mission_without_contestants_gives_empty_tables_of_the_same_shape() -> None:
    nobody = small().mission.model_copy(
        update={"subjects": tuple(s.model_copy(update={"ballot": None}) for s in small().mission.subjects)}
    )
    coverage = coverage_of(nobody, small().airings, [segment(1, start=0, end=9)])
    assert list(gaps(coverage, Selection()).columns) == ["outlet", "benchmark", "group", *GAP]
    assert list(distances(coverage, Selection()).columns) == ["outlet", "benchmark", "measure", *DISTANCE]
    assert gaps(coverage, Selection()).empty
    assert distances(coverage, Selection()).empty


def test_a_selection_without_anything_gives_empty_tables(made: Coverage) -> None:
    for function in (gaps, distances):
        assert function(made, Selection(media=(Medium.RADIO,))).empty


def test_the_gaps_of_every_place_sum_to_nothing(sample: Coverage) -> None:
    for by in (("outlet",), ("outlet", "week"), ("medium", "slot"), ("unit", "ownership")):
        found = gaps(sample, Selection(), by)
        sums = found.groupby([*(name for name in (*by, "unit")), "benchmark"])["value"].sum(min_count=1).dropna()
        assert len(sums)
        assert np.abs(sums).max() < 1e-12


def test_total_variation_is_half_of_the_gaps_without_signs(sample: Coverage) -> None:
    of_gaps = gaps(sample, Selection()).groupby(["outlet", "benchmark"])["value"].agg(lambda gap: gap.abs().sum() / 2)
    far = distances(sample, Selection())
    found = far[far["measure"] == "total_variation"].set_index(["outlet", "benchmark"])["value"]
    pd.testing.assert_series_equal(found.sort_index(), of_gaps.sort_index(), check_names=False)


def test_a_mix_moves_gaps_to_the_mean_of_its_parts(sample: Coverage) -> None:
    mix = Benchmark(name="a law's own", mix={"equal": 1, "votes": 3})
    found = gaps(sample, Selection(), ("outlet",), ("equal", "votes", "a law's own"), (mix,))
    wide = found.pivot(index=["outlet", "group"], columns="benchmark", values="value")
    assert np.allclose(wide["a law's own"], wide["equal"] / 4 + wide["votes"] * 3 / 4, atol=1e-12)


def test_the_order_on_the_ballot_moves_rows_and_no_value(made: Coverage) -> None:
    turned = {"Blue Party": 3, "Red Party": 1, "Green Party": 2}
    mission = made.mission.model_copy(
        update={
            "subjects": tuple(
                s.model_copy(update={"ballot": turned.get(s.name, s.ballot)}) for s in made.mission.subjects
            )
        }
    )
    other = coverage_of(mission, small().airings, SEGMENTS)
    keys = ["outlet", "benchmark", "group"]
    one, two = (gaps(each, Selection()).set_index(keys).sort_index() for each in (made, other))
    pd.testing.assert_frame_equal(one, two)
    assert gaps(other, Selection())["group"].tolist()[:3] == ["Red Party", "Green Party", "Blue Party"]
    far, other_far = (distances(each, Selection())["value"] for each in (made, other))
    pd.testing.assert_series_equal(far, other_far)


def sample_by_hand() -> pd.DataFrame:
    """Amounts of contestants by outlet from the files of the sample alone: no engine, no coverage.

    Of an airing that two coders coded, the one counts who stands first in the file. Contestants and those affiliated
    count in the roles contestant and supporter; seconds that a subject has twice count once.
    """
    segments = pd.read_csv(SAMPLE / "segments.csv", low_memory=False)
    airings = pd.read_csv(SAMPLE / "airings.csv")[["airing_id", "outlet", "date"]]
    subjects = pd.read_csv(SAMPLE / "subjects.csv").set_index("subject")
    first = segments.groupby("airing_id")["coder"].transform("first")
    rows = segments[segments["coder"] == first].merge(airings, on="airing_id")
    rows = rows[rows["date"].between("2007-07-18", "2007-08-16") & (rows["role"] != "institution")]
    rows = rows[~rows["format"].isin(["free airtime", "paid advertising", "free space", "voter education"])]
    own = subjects["ballot"].notna()
    party = {name: name if own[name] else subjects["affiliation"][name] for name in subjects.index}
    rows = rows.assign(party=rows["subject"].map(party)).dropna(subset=["party"])
    return once(rows).groupby(["outlet", "party"])["amount"].sum().unstack(fill_value=0)


def once(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, less the seconds that an earlier row of the same airing and subject had already."""
    ordered = rows.sort_values(["airing_id", "subject", "start_ms"], kind="stable").reset_index(drop=True)
    until = ordered.groupby(["airing_id", "subject"])["end_ms"].transform(lambda ends: ends.cummax().shift())
    begins = ordered["start_ms"].where(~(until > ordered["start_ms"]), until)
    length = (ordered["end_ms"] - begins).clip(lower=0)
    return ordered.assign(amount=length.where(ordered["start_ms"].notna(), ordered["amount"]).astype("int64"))


def test_astana_tv_and_the_others_agree_with_plain_pandas(sample: Coverage) -> None:
    amounts = sample_by_hand()
    shares = amounts.div(amounts.sum(axis=1), axis=0)
    votes = pd.Series(
        {"ANSDP": 269310, "Nur Otan": 5247720, "PPK": 46436, "Auyl": 89855, "Ak Zhol": 183346, "Rukhaniyat": 22159,
         "CPPK": 76799}
    )  # fmt: skip
    due = votes / votes.sum()
    found, far = gaps(sample, Selection()), distances(sample, Selection())
    assert len(shares) == 16
    for outlet in shares.index:
        assert values(found, outlet, "votes") == pytest.approx((shares.loc[outlet] - due).to_dict())
        assert values(found, outlet, "equal") == pytest.approx((shares.loc[outlet] - 1 / 7).to_dict())
        of_votes = values(far, outlet, "votes", "measure")
        assert of_votes["total_variation"] == pytest.approx((shares.loc[outlet] - due).abs().sum() / 2)
        ratio = shares.loc[outlet] / due
        pairs = sum(due[a] * due[b] * abs(ratio[a] - ratio[b]) for a in due.index for b in due.index)
        assert of_votes["gini_due"] == pytest.approx(pairs / 2)
        alone = values(far, outlet, "", "measure")
        assert alone["effective_number"] == pytest.approx(1 / (shares.loc[outlet] ** 2).sum())
        each = sum(abs(a - b) for a in shares.loc[outlet] for b in shares.loc[outlet])
        assert alone["gini"] == pytest.approx(each / 2 / 7)
    by_name = found[(found["outlet"] == "Astana TV") & (found["benchmark"] == "equal")].set_index("group")
    assert by_name["amount"].to_dict() == amounts.loc["Astana TV"].to_dict()
    assert round(by_name["value"]["Nur Otan"] * 100, 1) == 34.2


def test_intervals_are_those_of_shares_moved_by_the_due(sample: Coverage) -> None:
    found = gaps(sample, Selection(media=(Medium.TV,)))
    width = found.assign(width=found["high"] - found["low"]).pivot(
        index=["outlet", "group"], columns="benchmark", values="width"
    )
    assert width.notna().all().all()
    assert np.allclose(width.to_numpy(), width[["equal"]].to_numpy(), atol=1e-12)
    assert ((found["low"] <= found["value"]) & (found["value"] <= found["high"])).all()
    assert (found["low"] >= -found["due"] - 1e-12).all()
    assert set(due_shares(sample.mission, "votes")) == set(found["group"])


def test_few_days_carry_no_interval(made: Coverage) -> None:
    assert gaps(made, Selection())[["low", "high"]].isna().all().all()
    assert distances(made, Selection())[["low", "high", "chance"]].isna().all().all()


def test_the_segments_behind_a_distance_are_those_of_all_contestants(made: Coverage) -> None:
    contestants = tuple(subject.name for subject in made.mission.contestants)
    assert number_behind(made, Selection(), {"outlet": "Channel A", "group": contestants}) == 3
    assert number_behind(made, Selection(), {"outlet": "Channel A", "group": "Blue Party"}) == 2
    far = distances(made, Selection(), benchmarks=("equal",))
    assert set(far[far["outlet"] == "Channel A"]["segments"]) == {3}


def test_measures_of_the_result_alone_name_no_benchmark(sample: Coverage) -> None:
    far = distances(sample, Selection(outlets=("KTK",)))
    assert far[far["benchmark"] == ""]["measure"].tolist() == ["effective_number", "gini"]
    assert len(far) == 2 + 3 * len(names(sample.mission))
    assert values(far, "KTK", "seats", "measure")["effective_due"] == pytest.approx(1)
