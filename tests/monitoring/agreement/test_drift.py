"""Drift: found in its own week, not where nobody drifts, and never laid at a colleague's door."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from benchmarks.agreement_coders import Coded, Crew, Volume, coded_mission, differences
from monitoring.agreement.drift import CLUSTERS_NOW, OUT, drifts

CREW = Crew(0.2, day=0.3, bias=0.2, unlike=0.2)
VOLUME = Volume()
MISSIONS = 40


def simulated(drift: float, crew: Crew = CREW, missions: int = MISSIONS) -> list[tuple[Coded, pd.DataFrame]]:
    rng = np.random.default_rng(11)
    held = [coded_mission(rng, crew, VOLUME, drift) for _ in range(missions)]
    return [(each, drifts(differences(each, crew.points), VOLUME.weeks)) for each in held]


@pytest.fixture(scope="module")
def drifting() -> list[tuple[Coded, pd.DataFrame]]:
    return simulated(0.5)


@pytest.fixture(scope="module")
def calm() -> list[tuple[Coded, pd.DataFrame]]:
    return simulated(0.0)


def test_half_a_point_from_week_three_is_flagged_in_week_three(drifting: list[tuple[Coded, pd.DataFrame]]) -> None:
    found = [
        ((rows["coder"] == coded.drifter) & (rows["week"] == 2) & rows["flagged"]).any() for coded, rows in drifting
    ]
    assert np.mean(found) > 0.9


def test_the_colleagues_of_a_drifter_are_not_flagged(drifting: list[tuple[Coded, pd.DataFrame]]) -> None:
    others = [((rows["coder"] != coded.drifter) & rows["flagged"]).any() for coded, rows in drifting]
    assert np.mean(others) < 0.1


def test_the_change_is_recovered_in_its_direction(drifting: list[tuple[Coded, pd.DataFrame]]) -> None:
    changes = [
        coded.direction * float(rows[(rows["coder"] == coded.drifter) & (rows["week"] == 2)]["change"].iloc[0])
        for coded, rows in drifting
    ]
    assert np.nanmean(changes) == pytest.approx(0.5, abs=0.05)


def test_where_nobody_drifts_nobody_is_flagged(calm: list[tuple[Coded, pd.DataFrame]]) -> None:
    """Under 5 per cent of missions: at 5 per cent more than four of forty would come once in twenty times."""
    assert sum(bool(rows["flagged"].any()) for _, rows in calm) <= 4


def test_a_flag_is_an_interval_without_zero(drifting: list[tuple[Coded, pd.DataFrame]]) -> None:
    for _, rows in drifting:
        assert list(rows.columns) == list(OUT)
        outside = (rows["low"] > 0) | (rows["high"] < 0)
        assert (rows["flagged"] <= outside).all()
        told = rows["low"].notna()
        assert (rows["low"][told] <= rows["change"][told]).all()
        assert (rows["change"][told] <= rows["high"][told]).all()


def one_mission(drift: float = 0.5) -> pd.DataFrame:
    return differences(coded_mission(np.random.default_rng(4), CREW, VOLUME, drift), CREW.points)


def test_a_later_week_changes_no_earlier_verdict() -> None:
    table = one_mission()
    early, whole = drifts(table[table["week"] <= 2], 5), drifts(table, 5)
    pd.testing.assert_frame_equal(early, whole[whole["week"] <= 2].reset_index(drop=True))


def test_a_constant_bias_is_no_drift() -> None:
    """Two points more from one coder, in every week, moves the level and no change."""
    table = one_mission(0.0)
    moved = table.copy()
    own = moved["coder"] == 3
    others = moved.groupby(["cluster", "passage"])["coder"].transform(lambda coders: (coders == 3).any()) & ~own
    moved["difference"] = moved["difference"] + 2.0 * own - 2.0 * others
    before, after = drifts(table, 5), drifts(moved, 5)
    told = before["change"].notna()
    assert after["change"][told].to_numpy() == pytest.approx(before["change"][told].to_numpy(), abs=1e-6)
    coder = before["coder"] == 3
    assert (after["difference"] - before["difference"])[coder].to_numpy() == pytest.approx(np.full(coder.sum(), 2.0))
    assert not after["flagged"].any()


@pytest.mark.parametrize("mixed", [lambda table: table.sample(frac=1, random_state=1), lambda table: table[::-1]])
def test_the_order_of_rows_changes_nothing(mixed: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    table = one_mission()
    pd.testing.assert_frame_equal(drifts(mixed(table), 5), drifts(table, 5))


def of_two(*, third: bool) -> pd.DataFrame:
    """Ben turns half a point kinder in the last of three weeks; a third coder is compared with both, or never comes."""
    rng = np.random.default_rng(12)
    rows = []
    for week in range(3):
        for day in range(8):
            one, other = ("ann", "ben") if not third else (("ann", "ben"), ("ben", "cat"), ("ann", "cat"))[day % 3]
            for passage in range(8):
                apart = rng.normal(0, 0.2) + 0.5 * (week == 2) * ((one == "ben") - (other == "ben"))
                place = (f"2026-03-{2 + 7 * week:02}", f"{week}-{day}", passage)
                rows += [(one, *place, apart), (other, *place, -apart)]
    return pd.DataFrame(rows, columns=["coder", "week", "cluster", "passage", "difference"])


@pytest.mark.parametrize(("third", "flagged"), [(False, ["ann", "ben"]), (True, ["ben"])])
def test_of_two_who_were_compared_with_each_other_alone_nobody_is_singled_out(third: bool, flagged: list[str]) -> None:
    rows = drifts(of_two(third=third), 5)
    marked = rows[rows["flagged"]]
    assert marked[["coder", "week"]].to_numpy().tolist() == [[coder, "2026-03-16"] for coder in flagged]
    assert ((marked["low"] > 0) | (marked["high"] < 0)).all()


def against_a_model(shift: float, days: int = 12) -> pd.DataFrame:
    """Scores minus what a model expects, without passages: three coders, four weeks, eight passages a day."""
    rng = np.random.default_rng(6)
    rows = [
        (
            f"coder {coder}",
            f"2026-03-{2 + 7 * week:02}",
            f"{coder}-{week}-{day}",
            error + shift * (coder == 1 and week == 2),
        )
        for coder in range(3)
        for week in range(4)
        for day in range(days if (coder, week) != (2, 3) else 1)
        for error in rng.normal(0.1 * coder, 0.3, 8) + rng.normal(0, 0.05)
    ]
    return pd.DataFrame(rows, columns=["coder", "week", "cluster", "difference"])


def test_beside_a_model_a_week_that_moved_and_came_back_is_the_only_one() -> None:
    rows = drifts(against_a_model(0.3))
    assert rows[rows["flagged"]][["coder", "week"]].to_numpy().tolist() == [["coder 1", "2026-03-16"]]
    last = rows[(rows["coder"] == "coder 1") & (rows["week"] == "2026-03-23")].iloc[0]
    level = against_a_model(0.3).query("coder == 'coder 1' and week < '2026-03-16'")["difference"].mean()
    assert last["before"] == pytest.approx(level)
    assert not drifts(against_a_model(0.0))["flagged"].any()


def test_too_few_days_are_said_and_not_flagged() -> None:
    rows = drifts(
        against_a_model(0.0).assign(difference=lambda table: table["difference"] + 5 * (table["cluster"] == "2-3-0"))
    )
    few = rows[(rows["coder"] == "coder 2") & (rows["week"] == "2026-03-23")].iloc[0]
    assert few["clusters"] == 1 < CLUSTERS_NOW
    assert few["difference"] > 4
    assert np.isnan([few["change"], few["low"], few["high"]]).all()
    assert not few["flagged"]


def test_the_first_week_has_nothing_before_it() -> None:
    rows = drifts(one_mission(), 5)
    first = rows[rows["week"] == 0]
    assert len(first) == VOLUME.coders
    assert first[["before", "change", "low", "high"]].isna().all(axis=None)


def test_all_alike_is_no_drift_and_no_certainty() -> None:
    table = against_a_model(0.0).assign(difference=0.0)
    rows = drifts(table)
    told = rows["low"].notna()
    assert told.sum() == 8
    assert (rows["high"] - rows["low"])[told].min() > 0.01
    assert not rows["flagged"].any()


def test_no_rows() -> None:
    rows = drifts(pd.DataFrame(columns=["coder", "week", "cluster", "difference"]))
    assert (list(rows.columns), len(rows)) == (list(OUT), 0)
