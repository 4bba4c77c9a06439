"""Comparisons on a mission with known differences: what stands in the table, laws of the sides, what is refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coding.mission.loader import load
from coding.problems import ProblemsFound
from coding.segment import Segment
from coding.vocabulary import Medium
from monitoring.comparison.asked import (
    Comparison,
    Kind,
    Quantity,
    Side,
    before_and_after,
    between_contestants,
    between_outlets,
    between_periods,
    by_ownership,
    week_of,
)
from monitoring.comparison.compare import COLUMNS, compare
from monitoring.coverage import Coverage, coverage_of
from monitoring.metrics import METRICS
from monitoring.selection import Selection
from tests.missions import AIRINGS_HEADER, segment, write_mission

DAYS = [date(2025, 3, 10) + timedelta(days=number) for number in range(14)]
TV = Selection(media=(Medium.TV,))
QUANTITIES = tuple(Quantity)
METRIC_OF = {Quantity.SHARE: "share", Quantity.TONE: "balance", Quantity.SPEECH: "speech"}


def airings(days: Sequence[date] = tuple(DAYS)) -> str:
    rows = [
        f"{outlet[-1].lower()}-{day},{outlet},{day},,programme,News,news,,20:30,21:30,20:30:00,21:30:00,,,yes,\n"
        for day in days
        for outlet in ("Channel A", "Channel B")
    ]
    papers = [f"g-{day},Gazette,{day},,issue,,,,,,,,900000,900000,yes,\n" for day in days]
    return AIRINGS_HEADER + "".join(rows + papers)


def segments(days: Sequence[date] = tuple(DAYS)) -> list[Segment]:
    """On A Blue has about 60 per cent and a good tone, on B about 40 and a bad one; the others share the rest."""
    draws = np.random.default_rng(7)
    found = []
    for outlet, part, tone in (("a", 0.6, "positive"), ("b", 0.4, "negative")):
        for day in days:
            blue = part * 1000 + draws.integers(-150, 150)
            at, judged_part = 0.0, 0.4 + draws.integers(0, 200) / 1000
            for subject, seconds, judged in (
                ("Blue Party", blue * judged_part, tone),
                ("Blue Party", blue * (1 - judged_part), "neutral"),
                ("Red Party", (1000 - blue) * 0.7, "neutral"),
                ("Election Commission", (1000 - blue) * 0.3, "neutral"),
            ):
                speech = "direct" if subject == "Red Party" and day.day % 2 else "none"
                found.append(
                    segment(
                        len(found) + 1, f"{outlet}-{day}", subject, at, at + seconds, tone=judged, speech=speech,
                        topic="economy" if judged == "neutral" else "education",
                    )
                )  # fmt: skip
                at += seconds + 1
    return found


@pytest.fixture(scope="module")
def coverage(tmp_path_factory: pytest.TempPathFactory) -> Coverage:
    folder = write_mission(tmp_path_factory.mktemp("missions") / "compared", airings=airings())
    loaded = load(folder)
    paper = segment(9000, f"g-{DAYS[0]}", amount=100_000)
    mission = loaded.mission.model_copy(update={"minimum_segments": 10})
    return coverage_of(mission, loaded.airings, [*segments(), paper])


def every(quantity: Quantity, coverage: Coverage) -> list[Comparison]:
    return [
        between_outlets(quantity, "Channel A", "Channel B", TV),
        by_ownership(quantity, coverage.mission, TV),
        before_and_after(quantity, DAYS[7], TV),
        between_periods(quantity, week_of(DAYS[0]), week_of(DAYS[7]), TV),
        between_contestants(quantity, "Blue Party", "Red Party", TV),
    ]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_shape_and_laws_of_every_kind(coverage: Coverage, quantity: Quantity) -> None:
    for asked in every(quantity, coverage):
        found = compare(coverage, asked)
        assert tuple(found.columns) == COLUMNS
        rows = found[found["p"].notna()]
        assert rows["p"].between(0, 1).all()
        assert (rows["p"] > 0).all()
        assert (rows["p_corrected"] >= rows["p"]).all()
        assert (found["family"] == len(rows)).all()
        inside = rows[rows["low"].notna()]
        assert (inside["low"] <= inside["effect"]).all()
        assert (inside["effect"] <= inside["high"]).all()
        assert not found.loc[found["p"].isna(), "shown"].any()
        back = compare(coverage, asked.swapped())
        assert np.allclose(back["effect"], -found["effect"], equal_nan=True)
        assert np.allclose(back["low"], -found["high"], equal_nan=True, atol=0.02), "drawn in another order"
        same = ["group", "place", "days_a", "days_b"]
        turned = back.rename(columns={"days_a": "days_b", "days_b": "days_a"})[same]
        pd.testing.assert_frame_equal(turned, found[same], check_like=True)
        if asked.kind != Kind.BEFORE and asked.kind != Kind.PERIODS:
            assert np.allclose(back["p"], found["p"], equal_nan=True)


@pytest.mark.parametrize("quantity", METRIC_OF)
def test_values_are_those_of_the_metric(coverage: Coverage, quantity: Quantity) -> None:
    found = compare(coverage, between_outlets(quantity, "Channel A", "Channel B", TV))
    metric = {each.name: each for each in METRICS}[METRIC_OF[quantity]].compute(coverage, TV, ("outlet", "group"))
    for side, outlet in (("a", "Channel A"), ("b", "Channel B")):
        of = metric[metric["outlet"] == outlet].set_index("group")
        expected = of.loc[found["group"]]
        assert np.allclose(found[f"value_{side}"], expected["value"], equal_nan=True)
        if quantity != Quantity.TONE:
            assert found[f"segments_{side}"].tolist() == expected["segments"].tolist()


def test_a_large_difference_is_shown_and_named(coverage: Coverage) -> None:
    found = compare(coverage, between_outlets(Quantity.SHARE, "Channel A", "Channel B", TV)).set_index("group")
    blue = found.loc["Blue Party"]
    assert blue["effect"] == pytest.approx(0.2, abs=0.08)
    assert (blue["shown"], blue["strength"], blue["days_a"]) == (True, "strong", 14)
    green = found.loc["Green Party"]
    assert (green["value_a"], green["effect"], green["p"], green["shown"]) == (0, 0, 1, False)


def test_no_difference_in_time_is_made_of_one_between_outlets(coverage: Coverage) -> None:
    found = compare(coverage, before_and_after(Quantity.SHARE, DAYS[7], TV))
    assert not found["shown"].any()


def test_contestants_stand_on_each_outlet_and_on_all_together(coverage: Coverage) -> None:
    found = compare(coverage, between_contestants(Quantity.TONE, "Blue Party", "Red Party", TV)).set_index("place")
    assert list(found.index) == ["", "Channel A", "Channel B"]
    assert found.loc["Channel A", "strength"] == "moderate"
    assert found.loc["Channel B", "effect"] < 0
    assert found.loc["Channel B", "effect"] < found.loc["", "effect"] < found.loc["Channel A", "effect"]


def test_only_some_are_asked_and_so_few_are_corrected_for(coverage: Coverage) -> None:
    asked = replace(before_and_after(Quantity.SHARE, DAYS[7], TV), groups=("Blue Party",))
    one, all_ = compare(coverage, asked), compare(coverage, replace(asked, groups=()))
    assert one["group"].tolist() == ["Blue Party"]
    assert one["family"].tolist() == [1]
    assert one["p"].tolist() == one["p_corrected"].tolist()
    assert one["p"].tolist() == all_.loc[all_["group"] == "Blue Party", "p"].tolist()


def test_naming_subjects_shows_their_contestants_of_the_same_whole(coverage: Coverage) -> None:
    named = replace(TV, subjects=("Blue Party",))
    some = compare(coverage, between_outlets(Quantity.SHARE, "Channel A", "Channel B", named))
    whole = compare(coverage, between_outlets(Quantity.SHARE, "Channel A", "Channel B", TV))
    assert some["group"].tolist() == ["Blue Party"]
    assert some["value_a"].tolist() == whole.loc[whole["group"] == "Blue Party", "value_a"].tolist()


def test_few_days_carry_neither_interval_nor_p(coverage: Coverage) -> None:
    few = replace(TV, end=DAYS[6])
    found = compare(coverage, between_outlets(Quantity.SHARE, "Channel A", "Channel B", few))
    assert found[["low", "high", "p", "p_corrected"]].isna().all(axis=None)
    assert set(found["strength"]) == {"too_little"}
    assert found["family"].tolist() == [0, 0, 0]
    assert found["value_a"].notna().all()
    lopsided = compare(coverage, before_and_after(Quantity.SHARE, DAYS[2], replace(TV, outlets=("Channel A",))))
    assert set(lopsided["strength"]) == {"too_little"}, "two days on one side are too few, however many on the other"


def test_without_an_interval_nothing_is_said(coverage: Coverage) -> None:
    """Red is neutral on every day of both outlets, so that its tone cannot vary: alike, and no more is known."""
    found = compare(coverage, between_outlets(Quantity.TONE, "Channel A", "Channel B", TV)).set_index("group")
    red = found.loc["Red Party"]
    assert (red["effect"], red["p"], red["strength"]) == (0, 1, "not_shown")
    assert np.isnan(red["low"])


def test_few_segments_carry_no_tone(tmp_path: Path) -> None:
    """The mission asks for 20 segments; Red has half of its fourteen days on B judged."""
    loaded = load(write_mission(tmp_path / "thin", airings=airings()))
    mission = loaded.mission.model_copy(update={"minimum_segments": 20})
    of = coverage_of(mission, loaded.airings, segments())
    found = compare(of, between_outlets(Quantity.TONE, "Channel A", "Channel B", TV)).set_index("group")
    assert found.loc["Red Party", "strength"] == "too_little", "14 segments"
    assert found.loc["Blue Party", "strength"] in ("moderate", "strong")
    assert found.loc["Blue Party", "family"] == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Comparison(Kind.OUTLETS, Quantity.SHARE, Side(("Channel A",)), Side(("Gazette",))), "different units"),
        (Comparison(Kind.OUTLETS, Quantity.SHARE, Side(("Channel A",)), Side(("Channel X",))), "Channel X"),
        (Comparison(Kind.CONTESTANTS, Quantity.SHARE, Side(group="Blue Party"), Side(group="Nobody")), "Nobody"),
        (
            Comparison(Kind.OUTLETS, Quantity.SHARE, Side(("Channel A",)), Side(("Channel A", "Channel B"))),
            "share days of an outlet",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(coverage: Coverage, asked: Comparison, told: str) -> None:
    with pytest.raises(ProblemsFound, match=told):
        compare(coverage, asked)


def test_what_makes_no_comparison_is_refused(coverage: Coverage) -> None:
    with pytest.raises(ProblemsFound, match="both sides"):
        between_outlets(Quantity.SHARE, "Channel A", "Channel A")
    with pytest.raises(ProblemsFound, match="overlap"):
        between_periods(Quantity.SHARE, (DAYS[0], DAYS[5]), (DAYS[5], DAYS[9]))
    with pytest.raises(ProblemsFound):
        between_periods(Quantity.SHARE, (DAYS[5], DAYS[0]), (DAYS[6], DAYS[9]))
    with pytest.raises(ProblemsFound, match="public"):
        by_ownership(Quantity.SHARE, coverage.mission, replace(TV, outlets=("Channel A",)))


def test_a_side_knows_its_days_and_outlets() -> None:
    asked = before_and_after(Quantity.SHARE, DAYS[7], replace(TV, start=DAYS[2]))
    assert (asked.of_side(asked.a).start, asked.of_side(asked.a).end) == (DAYS[2], DAYS[6])
    assert (asked.of_side(asked.b).start, asked.of_side(asked.b).end) == (DAYS[7], None)
    assert week_of(date(2025, 3, 13)) == (date(2025, 3, 10), date(2025, 3, 16))
