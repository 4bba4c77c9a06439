"""What disagreement does to shares and tone: laws, against numbers worked out by hand, and whom it counts as first."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coding.double_coding.codings import AIRINGS, SEGMENTS, Codings, day_of, double_codings, monday
from coding.double_coding.deciding import decide
from coding.double_coding.disagreements import disagreements
from coding.mission.loader import load
from coding.mission.model import Airing, Mission
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign, change
from coding.store.decisions import word_of
from coding.store.places import sqlite_url
from coding.vocabulary import Progress, Purpose
from monitoring.agreement.spread import SPREAD, in_turn, spread
from monitoring.coverage import open_coverage
from monitoring.selection import Incumbents, Selection
from tests.missions import segment, write_mission

AIRING = "a-0312"
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
        for turn, (coder, purpose) in enumerate((purposes or {"first": "coding", "second": "double"}).items()):
            self.coded.append((*about, 3_600_000, coder, purpose, turn))
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
    assert found[["low", "high"]].isna().all(axis=None)
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


def test_what_never_differs_has_no_interval_and_not_a_wide_one(longer: pd.DataFrame) -> None:
    """Blue is always positive and Red always negative, whatever the lengths."""
    balances = longer[longer["measure"] == "balance"]
    assert len(balances) == 6
    assert (balances["difference"] == 0).all()
    assert balances[["low", "high"]].isna().all(axis=None)
    assert longer.loc[longer["measure"] == "share", ["low", "high"]].notna().all(axis=None)


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
    assert set(found["airings"]) == set(found["days"]) == {1}, "what the selection leaves out is no material"


def test_nothing_coded_twice_is_an_empty_table(small: tuple[Mission, Airing]) -> None:
    made = Record(small)
    made.day(12, ("first", "Blue Party", 0, 10, "neutral"), purposes={"first": "coding"})
    assert tuple(made.spread().columns) == SPREAD
    assert made.spread().empty


def said(coder: str, **more: object) -> Segment:
    """The one says Blue, the other Red: so coverage tells who counts."""
    early = coder == "early"
    return segment(1 if early else 2, AIRING, "Blue Party" if early else "Red Party", 0, 60, coder=coder, **more)


def done(store: Store, *held: tuple[str, Purpose]) -> None:
    for coder, purpose in held:
        assign(store, [AIRING], coder, purpose, "supervisor")
        change(store, AIRING, coder, Progress.DONE, coder)


def revised_import(store: Store) -> None:
    store.add([said("early"), said("late")], "importer")
    store.revise(said("early", tone="negative"), "importer")


def the_later_one_had_it_longer(store: Store) -> None:
    store.add([said("early"), said("late")], "importer")
    done(store, ("late", Purpose.CODING), ("early", Purpose.CODING))


def the_one_who_has_it_recorded_nothing(store: Store) -> None:
    store.add([said("late")], "importer")
    done(store, ("early", Purpose.CODING), ("late", Purpose.DOUBLE))


def decided_in_the_later_one(store: Store) -> None:
    the_later_one_had_it_longer(store)
    decide(store, "judge", disagreements(store, AIRING)[0], word_of("late"))
    change(store, AIRING, "late", Progress.WITHDRAWN, "supervisor")
    done(store, ("late", Purpose.DOUBLE))


@pytest.mark.parametrize(
    ("recorded", "first", "second"),
    [
        (revised_import, "early", "late"),
        (the_one_who_has_it_recorded_nothing, "late", "early"),
        (decided_in_the_later_one, "late", "early"),
    ],
)
def test_the_first_coding_is_the_one_that_counts(
    tmp_path: Path, recorded: Callable[[Store], None], first: str, second: str
) -> None:
    held = load(write_mission(tmp_path / "mission"))
    store = Store(sqlite_url(tmp_path / "store.sqlite"))
    store.put_mission(held.mission, held.airings, "test", "made for a test")
    recorded(store)
    coverage = open_coverage(store)
    assert set(coverage.table(coverage.rows.select("subject"))["subject"]) == {said(first).subject}
    codings = double_codings(store).airings
    rows, others = in_turn(codings)
    assert [list(codings.loc[each, "coder"]) for each in (rows, others)] == [[first], [second]]
