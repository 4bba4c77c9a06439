"""The command that an analyst types, against every figure that the observation mission published.

OSCE/ODIHR Election Observation Mission, Final Report, Kazakhstan, Parliamentary Elections 18 August 2007
(Warsaw, 30 October 2007), section VIII.
"""

import io
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent.parent
SAMPLE = "sample_data/kazakhstan_2007"
OTHERS = ("Auyl", "CPPK", "PPK", "Rukhaniyat")
EXACT = {
    ("TV Khabar", "Nur Otan"): 20,
    ("TV Khabar", "ANSDP"): 3,
    ("TV Khabar", "Ak Zhol"): 7,
    ("TV Kazakhstan", "Nur Otan"): 17,
    ("TV Kazakhstan", "ANSDP"): 4,
    ("TV Kazakhstan", "Ak Zhol"): 12,
    ("Channel 31", "Nur Otan"): 19,
    ("Channel 31", "ANSDP"): 17,
    ("Channel 31", "Ak Zhol"): 12,
    ("Astana TV", "Nur Otan"): 24,
    ("Astana TV", "Ak Zhol"): 10,
    ("Astana TV", "ANSDP"): 3,
}
RANGES = {(outlet, party): (3, 6) for outlet in ("TV Khabar", "TV Kazakhstan") for party in OTHERS} | {
    (outlet, "President and Government"): (32, 35) for outlet in ("TV Khabar", "TV Kazakhstan", "KTK", "Astana TV")
}


def command(*arguments: str) -> tuple[pd.DataFrame, str]:
    done = subprocess.run(
        [sys.executable, "-m", "monitoring", *arguments, "--csv", "-"], cwd=ROOT, capture_output=True, check=True
    )
    return pd.read_csv(io.BytesIO(done.stdout)), done.stderr.decode()


@pytest.fixture(scope="module")
def shares() -> pd.Series:
    result, _ = command("share", SAMPLE, "--format", "news", "--by", "outlet,group")
    assert list(result.columns) == [
        "outlet",
        "group",
        "value",
        "low",
        "high",
        "amount",
        "total_amount",
        "unit",
        "segments",
        "airings",
    ]
    return result.set_index(["outlet", "group"])["value"] * 100


@pytest.mark.parametrize(("cell", "published"), EXACT.items(), ids=str)
def test_a_single_percentage_to_the_published_whole_per_cent(
    shares: pd.Series, cell: tuple[str, str], published: int
) -> None:
    assert round(shares[cell]) == published


@pytest.mark.parametrize(("cell", "limits"), RANGES.items(), ids=str)
def test_a_range_holds(shares: pd.Series, cell: tuple[str, str], limits: tuple[int, int]) -> None:
    assert limits[0] <= shares[cell] <= limits[1]


def test_positive_or_neutral_tone_towards_president_and_government() -> None:
    """99.8 per cent, pooled over the two state channels."""
    channels = ("--outlet", "TV Kazakhstan", "--outlet", "TV Khabar")
    result, _ = command("tone", SAMPLE, *channels, "--format", "news", "--by", "group")
    towards = result[result["group"] == "President and Government"].set_index("tone")["value"]
    assert round((towards["positive"] + towards["neutral"]) * 100, 1) == 99.8


def test_ktk_is_balanced_in_quantity_and_not_in_tone(shares: pd.Series) -> None:
    three = ["Nur Otan", "ANSDP", "Ak Zhol"]
    quantity = shares["KTK"][three]
    assert quantity.max() - quantity.min() <= 2
    result, _ = command("balance", SAMPLE, "--outlet", "KTK", "--by", "group")
    balance = result.set_index("group")["value"]
    assert balance["ANSDP"] < 0 < balance["Nur Otan"]
    assert balance["Nur Otan"] - balance["ANSDP"] > 0.3


def test_astana_tv_is_overtly_positive_to_nur_otan() -> None:
    result, _ = command("tone", SAMPLE, "--outlet", "Astana TV", "--format", "news", "--by", "group")
    tone = result.set_index(["group", "tone"])["value"]
    assert tone["Nur Otan", "positive"] > 0.6
    assert tone["Ak Zhol", "positive"] + tone["Ak Zhol", "neutral"] > 0.99
    assert tone["ANSDP", "positive"] > 0.15
    assert tone["ANSDP", "negative"] > 0.15


def test_counting_appearances_hides_what_time_shows(shares: pd.Series) -> None:
    result, _ = command("appearance-share", SAMPLE, "--outlet", "TV Khabar", "--format", "news")
    counted = result.set_index("group")["value"]
    parties = ["Nur Otan", "ANSDP", "Ak Zhol", *OTHERS]
    timed = shares["TV Khabar"][parties]
    assert timed.max() / timed.min() > 4
    assert counted[parties].max() / counted[parties].min() < 1.5


def test_every_answer_about_the_sample_says_that_its_segments_are_made(tmp_path: Path) -> None:
    _, said = command("share", SAMPLE)
    assert "synthetic segments" in said
    for arguments in (["share", SAMPLE], ["check", SAMPLE], ["share", SAMPLE, "--csv", str(tmp_path / "share.csv")]):
        done = subprocess.run(
            [sys.executable, "-m", "monitoring", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        )
        assert "synthetic segments" in done.stdout
    assert "synthetic segments" in (tmp_path / "share.csv-metadata.json").read_text(encoding="utf-8")


def test_the_largest_gap_in_the_report_is_in_the_amounts_too() -> None:
    """Shares and amounts go together: a percentage never travels without its denominator."""
    result, _ = command("share", SAMPLE, "--format", "news")
    assert ((result["amount"] / result["total_amount"] - result["value"]).abs() < 1e-12).all()
    assert result.groupby("outlet")["value"].sum().sub(1).abs().max() < 1e-9
