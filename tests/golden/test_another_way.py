"""What the commands say of the sample follows from its files by another way: plain pandas, no line of `monitoring`."""

import io
import tomllib
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from monitoring.__main__ import app
from tests.pages.conftest import ROOT

SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
MISSION = tomllib.loads((SAMPLE / "mission.toml").read_text(encoding="utf-8"))
EDITORIAL = [part["name"] for part in MISSION["formats"] if part.get("editorial", True)]
DAY = ["outlet", "date"]


def said(command: str, *options: str) -> pd.DataFrame:
    done = CliRunner().invoke(app, [command, str(SAMPLE), "--medium", "tv", *options, "--csv", "-"])
    assert done.exit_code == 0, done.output
    return pd.read_csv(io.StringIO(done.stdout), keep_default_na=False, na_values=[""])


@pytest.fixture(scope="module")
def files() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The coded outlet-days of television in the campaign, and how much of the editorial formats was about whom."""
    read = {name: pd.read_csv(SAMPLE / f"{name}.csv", keep_default_na=False) for name in ("airings", "segments")}
    outlets = pd.read_csv(SAMPLE / "outlets.csv", keep_default_na=False)
    airings = read["airings"].merge(outlets[["outlet", "medium", "ownership"]], on="outlet")
    airings = airings[(airings["medium"] == "tv") & airings["date"].between("2007-07-18", "2007-08-16")]
    rows = read["segments"].merge(airings, on="airing_id", suffixes=("", "_of_airing"))
    first = rows.groupby("airing_id")["coder"].transform("first")  # the second, blind coding comes later in the file
    rows = rows[(rows["coder"] == first) & rows["format"].isin(EDITORIAL)]
    rows = rows.assign(start=pd.to_numeric(rows["start_ms"]), end=pd.to_numeric(rows["end_ms"]))
    codes = ["airing_id", "subject", "role", "speech", "tone", "format", "topic"]
    rows = rows.sort_values("start")
    before = rows.groupby(codes)["end"].transform(lambda ends: ends.cummax().shift()).fillna(0)
    rows = rows.assign(amount=(rows["end"] - np.maximum(rows["start"], before)).clip(lower=0))
    days = airings[airings["coded"] == "yes"][[*DAY, "ownership"]].drop_duplicates().sort_values(DAY, ignore_index=True)
    return days, rows


def by_day(days: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    sums = rows.groupby(DAY)["amount"].sum()
    return sums.reindex(pd.MultiIndex.from_frame(days[DAY])).fillna(0).to_numpy(dtype=float)


def test_bounds_of_what_is_missing(files: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    _, rows = files
    found = said("calendar", "--bounds").set_index(["outlet", "group"]).loc["KTK"]
    whole = rows[rows["outlet"] == "KTK"]["amount"].sum()
    own = rows[(rows["outlet"] == "KTK") & (rows["subject"] == "Auyl")]["amount"].sum()
    lost = 35 * 60_000  # the bulletin of 5 August, 35 minutes by the plan, was not recorded
    expected = [own / whole, own / (whole + lost), (own + lost) / (whole + lost), lost]
    given = found.loc["Auyl", ["value", "lowest", "highest", "missing_amount"]].astype(float)
    np.testing.assert_allclose(given, expected, rtol=1e-12)


def test_effect_p_and_correction_of_state_against_private(files: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    days, rows = files
    found = said("compare", "--ownership").set_index("group")
    dates = sorted(days["date"].unique())
    labels = np.random.default_rng(20070818).random((4999, len(dates))) < 0.5
    observed = np.ones((1, len(dates)), dtype=bool)
    whole = by_day(days, rows)
    p = {}
    for name in ("PPK", "Auyl", "Rukhaniyat", "CPPK"):  # nobody else is affiliated with them
        part = by_day(days, rows[rows["subject"] == name])
        sides = [
            pd.DataFrame({"part": part, "whole": whole})[days["ownership"] == owner].groupby(days["date"]).sum()
            for owner in ("state", "private")
        ]
        state, private = (side.loc[dates].to_numpy() for side in sides)
        effect, again = statistic(state, private, observed), statistic(state, private, labels)
        shares = state.sum(axis=0), private.sum(axis=0)
        assert found.loc[name, "effect"] == pytest.approx(shares[0][0] / shares[0][1] - shares[1][0] / shares[1][1])
        p[name] = (1 + (np.abs(again) >= np.abs(effect) * (1 - 1e-9)).sum()) / 5000
        assert found.loc[name, "p"] == pytest.approx(p[name])
    ordered = found["p"].sort_values()
    steps = (ordered * np.arange(len(ordered), 0, -1)).cummax().clip(upper=1)
    np.testing.assert_allclose(found["p_corrected"], steps.loc[found.index])


def statistic(first: np.ndarray, second: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Difference of two ratios over its error from what each date adds, for each exchange of the dates' sides."""
    chosen = labels[..., None]
    sides = np.where(chosen, first, second), np.where(chosen, second, first)
    ratios, moves = [], []
    for side in sides:
        total = side[..., 1].sum(axis=1, keepdims=True)
        ratio = side[..., 0].sum(axis=1, keepdims=True) / total
        moves.append((side[..., 0] - ratio * side[..., 1]) / np.maximum(total - side[..., 1], 0.02 * total))
        ratios.append(ratio[:, 0])
    return np.asarray((ratios[0] - ratios[1]) / np.sqrt(((moves[0] - moves[1]) ** 2).sum(axis=1)))


def test_chance_of_distances_comes_from_days_drawn_again_by_the_stated_seeds(
    files: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    days, rows = files
    own = days[days["outlet"] == "KTK"].reset_index(drop=True)
    contestants = list(MISSION["benchmarks"][0]["weights"])
    subjects = pd.read_csv(SAMPLE / "subjects.csv", keep_default_na=False).drop_duplicates("subject")
    party = subjects.set_index("subject")["affiliation"]
    whose = rows["subject"].where(~rows["subject"].isin(party.index[party != ""]), rows["subject"].map(party))
    whose = whose.where(rows["role"] != "institution", "")
    amounts = np.stack([by_day(own, rows[whose == name]) for name in contestants], axis=1)
    drawn = draws("KTK", own["date"]) @ amounts
    moved = drawn / drawn.sum(axis=1, keepdims=True) - amounts.sum(axis=0) / amounts.sum()
    found = said("benchmark", "--distances", "--outlet", "KTK", "--benchmark", "equal").set_index("measure")
    assert found.loc["total_variation", "amount"] == amounts.sum()
    chance = np.abs(moved).sum(axis=1).mean() / 2
    # neighbouring days that are alike make it larger than days drawn one by one show, never smaller
    assert 1 - 1e-9 <= found.loc["total_variation", "chance"] / chance < 1.25


def draws(outlet: str, dates: pd.Series) -> np.ndarray:
    """How often each day counts in each of 1,000 resamples; the weeks of the campaign have less than five days."""
    name, number = f"{outlet}\x1f{dates.iloc[0]}", len(dates)
    seed = [20070818, int.from_bytes(sha256(name.encode()).digest()[:16], "big")]
    drawn = np.random.default_rng(seed).integers(0, number, (1000, number - 1))
    return np.stack([(drawn == day).sum(axis=1) for day in range(number)], axis=1) * number / (number - 1)
