"""What disagreement does to shares and tone: laws, against numbers worked out by hand, and whom it counts as first."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from coding.double_coding.codings import AIRINGS, SEGMENTS, Codings, day_of, monday
from coding.mission.loader import load
from coding.mission.model import Airing, Mission
from monitoring.agreement.spread import SPREAD, in_turn, spread
from monitoring.selection import Incumbents, Selection
from tests.missions import write_mission

Said = tuple[str, str, int, int, str]
"""Coder, subject, start and end in seconds, tone."""
CODES = {"role": "contestant", "speech": "none", "format": "news", "topic": ""}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mission, Airing]:
    held = load(write_mission(tmp_path_factory.mktemp("mission")))
    return held.mission, next(each for each in held.airings if each.airing_id == "a-0312")


def moved(airing: Airing, name: str, day: date) -> Airing:
    """The same airing on another day, its hours as they were."""
    later = (day - airing.date).days * 86_400_000
    hours = ("planned_start", "planned_end", "actual_start", "actual_end")
    named = {"airing_id": name, "date": day, "date_to": day}
    return airing.model_copy(update=named | {hour: getattr(airing, hour) + later for hour in hours})


class Record:
    """Codings made by hand: one airing of Channel A for each day of March."""

    def __init__(self, small: tuple[Mission, Airing]) -> None:
        self.mission, self.like = small
        self.airings: dict[str, Airing] = {}
        self.coded: list[tuple[object, ...]] = []
        self.segments: list[tuple[object, ...]] = []

    def day(self, number: int, *said: Said, purposes: dict[str, str] | None = None, **codes: str) -> None:
        """What coders said of the airing of one day of March."""
        name = f"day-{number:02}"
        airing = self.airings[name] = moved(self.like, name, self.like.date.replace(day=number))
        about = (name, airing.outlet, airing.date.isoformat(), monday(airing.date), day_of(airing), "ms")
        for coder, purpose in (purposes or {"first": "coding", "second": "double"}).items():
            self.coded.append((*about, 3_600_000, coder, purpose))
        for coder, subject, start, end, tone in said:
            told = CODES | codes
            where = (start * 1000, end * 1000, None, "", (end - start) * 1000, "ms")
            seq, judged = len(self.segments) + 1, (told["role"], told["speech"], tone, told["format"], told["topic"])
            identity = f"{seq:08x}-0000-0000-0000-000000000000"
            self.segments.append((identity, seq, name, coder, *where, subject, *judged))

    def spread(self, selection: Selection | None = None) -> pd.DataFrame:
        whole = dict.fromkeys(("start_ms", "end_ms", "page"), "Int64")
        segments = pd.DataFrame(self.segments, columns=list(SEGMENTS)).astype(whole)
        coded = pd.DataFrame(self.coded, columns=list(AIRINGS)).astype({"monitored": "Int64"})
        return spread(Codings(self.mission, "", coded, segments), self.airings.values(), selection)


def alike(small: tuple[Mission, Airing], blue: str = "Blue Party", red: str = "Red Party", shift: int = 0) -> Record:
    """Twelve days on which the second coder gives Blue `shift` seconds more."""
    made = Record(small)
    coders = (("first", 0), ("second", shift))
    for day in range(1, 13):
        blues = [(coder, blue, 0, 100 + 10 * day + more, "positive") for coder, more in coders]
        made.day(day, *blues, *[(coder, red, 1000, 1200, "negative") for coder, _ in coders])
    return made


@pytest.fixture(scope="module")
def longer(small: tuple[Mission, Airing]) -> pd.DataFrame:
    """A minute more for Blue from the second coder, every day."""
    return alike(small, shift=60).spread()


def one(found: pd.DataFrame, measure: str, group: str, by: str = "second", coder: str = "") -> pd.Series:
    rows = found[(found["measure"] == measure) & (found["group"] == group) & (found["by"] == by)]
    rows = rows[rows["coder"] == coder]
    assert len(rows) == 1
    return rows.iloc[0]


def test_identical_codings_have_no_spread(small: tuple[Mission, Airing]) -> None:
    found = alike(small).spread()
    assert tuple(found.columns) == SPREAD
    assert set(found["by"]) == {"second", "coder"}
    assert np.allclose(found["difference"], 0)
    assert (found["reference"] == found["value"]).all()
    assert (found["ratio"].dropna() == 0).all()
    assert found["enough"].any()


def test_shares_of_every_comparison_sum_to_one(longer: pd.DataFrame) -> None:
    shares = longer[longer["measure"] == "share"].groupby(["unit", "by", "coder"])[["reference", "value"]].sum()
    assert len(shares) == 3
    assert np.allclose(shares, 1)


def test_numbers_are_those_worked_out_by_hand(longer: pd.DataFrame) -> None:
    blue, red = sum(100 + 10 * day for day in range(1, 13)), 12 * 200
    row = one(longer, "share", "Blue Party")
    assert row["reference"] == pytest.approx(blue / (blue + red))
    assert row["value"] == pytest.approx((blue + 720) / (blue + 720 + red))
    assert row["difference"] == pytest.approx(row["value"] - row["reference"])
    assert row["low"] <= row["difference"] <= row["high"]
    assert row["sampling_low"] < row["reference"] < row["sampling_high"]
    assert row["ratio"] == pytest.approx(row["difference"] * 2 / (row["sampling_high"] - row["sampling_low"]))
    assert (row["amount"], row["airings"], row["days"]) == (blue * 1000, 12, 12)
    assert one(longer, "balance", "Red Party")["reference"] == pytest.approx(-0.5)


def test_a_coder_against_the_only_other_is_the_same_difference(longer: pd.DataFrame) -> None:
    second = one(longer, "share", "Blue Party")
    for coder, sign in (("second", 1), ("first", -1)):
        row = one(longer, "share", "Blue Party", "coder", coder)
        assert row["difference"] == pytest.approx(sign * second["difference"])


def test_a_steady_difference_is_surer_than_the_days(longer: pd.DataFrame) -> None:
    """Both codings of one day share its length, so the paired interval is narrower than that of the share."""
    row = one(longer, "share", "Blue Party")
    assert row["low"] > 0
    assert row["high"] - row["low"] < row["sampling_high"] - row["sampling_low"]


def test_two_parties_that_change_places_change_their_rows(small: tuple[Mission, Airing], longer: pd.DataFrame) -> None:
    back = alike(small, "Red Party", "Blue Party", shift=60).spread()
    numbers = ["reference", "value", "difference", "low", "high", "sampling_low", "sampling_high", "ratio"]
    for measure in ("share", "balance"):
        for group, other in (("Blue Party", "Red Party"), ("Red Party", "Blue Party")):
            left, right = one(longer, measure, group)[numbers], one(back, measure, other)[numbers]
            assert np.allclose(left.astype(float), right.astype(float), equal_nan=True)


def test_who_saw_nothing_counts_with_nothing_and_others_with_their_mean(small: tuple[Mission, Airing]) -> None:
    made = Record(small)
    purposes = {"c": "coding", "b": "double", "a": "double"}
    rest = [(coder, "Red Party", 50, 60, "neutral") for coder in purposes]
    times = zip("abc", (10, 20, 30), strict=True)
    made.day(3, *rest, *[(coder, "Blue Party", 0, end, "neutral") for coder, end in times], purposes=purposes)
    made.day(4, ("x", "Green Party", 0, 60, "neutral"), purposes={"x": "coding", "y": "double"})
    found = made.spread()
    blue = one(found, "share", "Blue Party", "coder", "c")
    assert (blue["reference"], blue["value"]) == (pytest.approx(15 / 25), pytest.approx(30 / 40))
    nothing = one(found, "share", "Green Party")
    assert (nothing["reference"], nothing["value"], nothing["airings"]) == (0.6, 0.0, 2)
    assert set(found.loc[found["by"] == "coder", "coder"]) == set("abcxy")
    assert not found["enough"].any()


def test_paid_slots_and_other_days_stay_out_and_incumbents_follow_the_reading(small: tuple[Mission, Airing]) -> None:
    made, both = Record(small), ("first", "second")
    made.day(11, *[(coder, "Green Party", 0, 10, "") for coder in both], format="paid advertising")
    made.day(12, *[(coder, "Red Party", 0, 10, "neutral") for coder in both])
    made.airings["day-12"] = moved(made.like, "day-12", date(2025, 5, 12))
    made.day(13, *[(coder, "President", 0, 10, "neutral") for coder in both], role="institution")
    found = made.spread(Selection(incumbents=Incumbents.PARTY))
    assert set(found["group"]) == {"Blue Party"}
    assert set(found["airings"]) == {2}


def test_nothing_coded_twice_is_an_empty_table(small: tuple[Mission, Airing]) -> None:
    made = Record(small)
    made.day(12, ("first", "Blue Party", 0, 10, "neutral"), purposes={"first": "coding"})
    assert tuple(made.spread().columns) == SPREAD
    assert made.spread().empty


@pytest.mark.parametrize(
    ("purposes", "first"),
    [
        ({"late": "double", "early": "coding"}, "early"),
        ({"late": "coding", "early": "double"}, "late"),
        ({"late": "", "early": "double"}, "late"),
        ({"late": "", "early": ""}, "early"),
    ],
)
def test_the_first_coding_is_the_one_that_counts(purposes: dict[str, str], first: str) -> None:
    """The coder who has it for coding, then one without an assignment; of equals the one stored first."""
    held = pd.DataFrame([("a", coder, purpose) for coder, purpose in purposes.items()])
    held.columns = pd.Index(["airing_id", "coder", "purpose"])
    stored = pd.DataFrame({"airing_id": "a", "coder": ["late", "early", "late"], "seq": [7, 3, 8]})
    rows, others = in_turn(held, stored)
    assert [list(held.loc[each, "coder"]) for each in (rows, others)] == [[first], [({*purposes} - {first}).pop()]]
