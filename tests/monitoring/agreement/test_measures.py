"""The report: one bulletin worked out by hand, against alpha itself, by groups, with little and with nothing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coding.double_coding.codings import Codings
from coding.double_coding.passages import passages
from monitoring.agreement.alpha import Level, alpha, alpha_from, coincidences
from monitoring.agreement.measures import BY, REPORT, nominal_alpha, report
from tests.coding.double_coding.made import BULLETIN, Said, codings, small, swapped

DAYS = {f"d{n}": ("Channel A" if n % 2 else "Channel B", f"2025-03-{1 + n:02d}") for n in range(14)}
TONES = [point.name for point in sorted(small().mission.tone, key=lambda each: each.score)]
SUBJECTS = ("Blue Party", "Red Party", "Green Party", "President")


def told(held: Codings) -> pd.DataFrame:
    return report(held, passages(held))


def value(found: pd.DataFrame, variable: str, measure: str, by: str = "all", group: str = "") -> pd.Series:
    rows = found.query("variable == @variable and measure == @measure and by == @by and group == @group")
    assert len(rows) == 1, (variable, measure, by, group)
    return rows.iloc[0]


def simulated(coders: str = "AB", seed: int = 1, each: int = 14) -> list[Said]:
    """What coders who err at random said of fourteen bulletins: tones mostly alike, some missed, some of others."""
    rng = np.random.default_rng(seed)
    words = []
    for airing_id in DAYS:
        for place in range(each):
            subject, tone = rng.choice(SUBJECTS), int(rng.integers(0, 5))
            for coder in coders:
                if rng.random() < 0.9:
                    said = tone if rng.random() < 0.7 else int(rng.integers(0, 5))
                    role = "contestant" if rng.random() < 0.9 else "institution"
                    about = str(subject if rng.random() < 0.95 else rng.choice(SUBJECTS))
                    start = place * 60 + int(rng.integers(0, 3))
                    words.append(Said(coder, about, start, start + 30, TONES[said], airing_id, role))
    return words


@pytest.fixture(scope="module")
def two() -> Codings:
    return codings(simulated(), airings=DAYS)


@pytest.fixture(scope="module")
def of_two(two: Codings) -> pd.DataFrame:
    return told(two)


def test_a_bulletin_by_hand() -> None:
    """Six passages: found by both 5; same subject 4; of these the same tone 3; all alike 3.

    Alpha of the subject: of 12 values 7 are Blue, 2 President, 1 each Red, Green and "not found"; 4 of the pairs, both
    ways, disagree: 1 - 11 * 4 / (144 - 56) = 0.5. Of the tone: 7 neutral, 1 negative: 1 - 7 * 2 / (64 - 50) = 0. Of all
    together: 6 Blue neutral, 2 President, 4 others: 1 - 11 * 6 / (144 - 44) = 0.34. Seconds given to a subject: Blue 108
    (82 by both), Red 20, Green 18, President 30 (30): 112 of 176; with the same tone 22 + 40 + 30 of 112.
    """
    found = told(codings(BULLETIN))
    assert list(found.columns) == list(REPORT)
    expected = {
        ("found", "found_by_both"): (5 / 6, 6), ("subject", "percent"): (4 / 6, 6), ("subject", "alpha_nominal"): (0.5, 6),
        ("tone", "percent"): (3 / 4, 4), ("tone", "alpha_nominal"): (0, 4), ("tone", "alpha_ordinal"): (0, 4),
        ("role", "percent"): (1, 4), ("together", "percent"): (3 / 6, 6), ("together", "alpha_nominal"): (0.34, 6),
        ("subject", "time_who"): (112 / 176, 176_000), ("tone", "time_tone"): (92 / 112, 112_000),
        ("found", "boundary_ms"): (0, 8),
    }  # fmt: skip
    for (variable, measure), (figure, units) in expected.items():
        row = value(found, variable, measure)
        assert row["value"] == pytest.approx(figure, abs=1e-12), (variable, measure)
        assert row["units"] == units, (variable, measure)
        assert (row["coders"], row["airings"], row["days"], row["enough"]) == (2, 1, 1, False)
    assert np.isnan(value(found, "role", "alpha_nominal")["value"])  # a code that never varied
    assert "topic" not in set(found["variable"])  # which nobody gave
    assert value(found, "tone", "percent", "coder_pair", "A × B")["value"] == 3 / 4
    assert value(found, "subject", "time_who", "subject", "Blue Party")["value"] == pytest.approx(82 / 108)
    assert value(found, "subject", "percent", "subject", "Red Party")["value"] == 0
    assert found[found["measure"] == "alpha_nominal"].query("by == 'subject' and variable == 'subject'").empty


def ratings(table: pd.DataFrame, column: str, names: list[str]) -> np.ndarray:
    wide = table.pivot(index="passage", columns="coder", values=column)
    return wide.apply(lambda side: side.map(names.index)).to_numpy(dtype=np.int64)


def test_alpha_of_two_coders_is_alpha(two: Codings, of_two: pd.DataFrame) -> None:
    table = passages(two)
    subjects = ["", *SUBJECTS]
    units = ratings(table, "subject", subjects)
    assert value(of_two, "subject", "alpha_nominal")["value"] == pytest.approx(alpha(units, Level.NOMINAL))
    same = (
        table[table["found"]].groupby("passage").filter(lambda rows: len(rows) == 2 and rows["subject"].nunique() == 1)
    )
    for level in (Level.NOMINAL, Level.ORDINAL):
        found = value(of_two, "tone", f"alpha_{level}")
        assert found["value"] == pytest.approx(alpha(ratings(same, "tone", TONES), level))
        assert found["low"] < found["value"] < found["high"]
        assert found["enough"]


def test_alpha_of_three_coders_is_alpha_where_all_found_the_same() -> None:
    words = [word for word in simulated("ABC", 2, 8) if word.subject == "Blue Party"]
    held = codings(words, airings=DAYS)
    table = passages(held)
    marked = table.assign(tone=table["tone"].where(table["found"], ""))
    wide = marked.pivot(index="passage", columns="coder", values="tone")
    units = wide.apply(lambda side: side.map(lambda tone: TONES.index(tone) if tone else -1)).to_numpy(dtype=np.int64)
    assert (units == -1).any()
    found = told(held)
    assert value(found, "tone", "alpha_ordinal")["value"] == pytest.approx(alpha(units, Level.ORDINAL))
    assert value(found, "tone", "alpha_nominal")["value"] == pytest.approx(alpha(units, Level.NOMINAL))
    # of one coder only the pairs with that coder count, of two only theirs
    pair = units[:, :2]
    assert value(found, "tone", "alpha_ordinal", "coder_pair", "A × B")["value"] == pytest.approx(
        alpha(pair, Level.ORDINAL)
    )
    agreed = [(first == other, 1) for first, *others in units for other in others if first >= 0 and other >= 0]
    assert value(found, "tone", "percent", "coder", "A")["value"] == pytest.approx(
        np.mean([each for each, _ in agreed])
    )


def test_nominal_alpha_needs_only_what_agrees_and_what_was_used() -> None:
    rng = np.random.default_rng(3)
    tables = coincidences(rng.integers(-1, 4, (300, 3)), 4, rng.integers(0, 20, 300))
    few = np.concatenate([np.trace(tables, axis1=1, axis2=2)[:, None], tables.sum(axis=2)], axis=1)
    np.testing.assert_allclose(nominal_alpha(few), alpha_from(tables, Level.NOMINAL))
    assert np.isnan(nominal_alpha(np.array([[4.0, 4, 0], [0, 0, 0]]))).all()


def test_groups_hold_what_is_theirs(two: Codings, of_two: pd.DataFrame) -> None:
    assert set(of_two["by"]) == set(BY)
    for by, groups in (("outlet", {"Channel A", "Channel B"}), ("week", {"2025-02-24", "2025-03-03", "2025-03-10"}),
                       ("coder", {"A", "B"}), ("subject", set(SUBJECTS))):  # fmt: skip
        assert set(of_two[of_two["by"] == by]["group"]) == groups
    whole = value(of_two, "tone", "percent")
    parts = of_two.query("variable == 'tone' and measure == 'percent' and by == 'outlet'")
    assert parts["units"].sum() == whole["units"]
    assert parts["days"].sum() == whole["days"] == 14
    assert (parts["value"] * parts["units"]).sum() / whole["units"] == pytest.approx(whole["value"])
    # one outlet's rows are those of a mission that has nothing else
    alone = two.airings["outlet"] == "Channel A"
    inside = two.segments["airing_id"].isin(two.airings[alone]["airing_id"])
    only = told(replace(two, airings=two.airings[alone], segments=two.segments[inside]))
    columns = ["variable", "measure", "value", "low", "high", "units", "airings", "days", "enough"]
    pd.testing.assert_frame_equal(
        only[only["by"] == "all"][columns].reset_index(drop=True),
        of_two.query("by == 'outlet' and group == 'Channel A'")[columns].reset_index(drop=True),
    )


def test_who_is_called_what_changes_nothing(two: Codings, of_two: pd.DataFrame) -> None:
    again = told(swapped(two, {"A": "Z", "B": "K"}))
    kept = ["all", "outlet", "week", "subject"]
    one, other = (each[each["by"].isin(kept)].reset_index(drop=True) for each in (of_two, again))
    pd.testing.assert_frame_equal(one, other)


def test_who_codes_alike_agrees_and_twenty_of_twenty_is_no_certainty() -> None:
    words = list(simulated("A", 5, 4))
    found = told(codings([*words, *(replace(word, coder="B") for word in words)], airings=DAYS))
    whole = found[found["by"] == "all"].set_index(["variable", "measure"])["value"].drop(("found", "boundary_ms"))
    assert whole.dropna().eq(1).all()
    assert set(whole[whole.isna()].index) == {("speech", "alpha_nominal"), ("format", "alpha_nominal")}
    assert value(found, "found", "boundary_ms")["value"] == 0
    for variable, measure in (("tone", "percent"), ("tone", "alpha_nominal"), ("together", "alpha_nominal")):
        row = value(found, variable, measure)
        assert row["enough"]
        assert row["low"] < 1


def test_little_is_not_enough(two: Codings) -> None:
    stricter = replace(two, mission=two.mission.model_copy(update={"minimum_segments": 10_000}))
    assert not told(stricter)["enough"].any()
    days = {name: place for name, place in DAYS.items() if name in ("d1", "d2", "d3")}
    few = told(codings([word for word in simulated() if word.airing_id in days], airings=days))
    assert len(few)
    assert not few["enough"].any()


def test_each_unit_rests_on_its_own_passages_and_days() -> None:
    """Lines on fourteen days, with a tone on half of them, beside ten times as much in time."""
    lines = [
        Said(coder, airing_id=day, page=1, amount=10, unit="lines", tone="neutral" if place % 2 else "")
        for place, day in enumerate(DAYS)
        for coder in "AB"
    ]
    found = told(codings([*simulated(), *lines], airings=DAYS, minimum_segments=15)).query("by == 'all'")
    who, toned = (found.query("unit == 'lines' and measure == @name").iloc[0] for name in ("time_who", "time_tone"))
    assert (who["units"], who["airings"], who["days"], who["enough"]) == (140, 14, 14, False)
    assert (toned["units"], toned["airings"], toned["days"], toned["enough"]) == (70, 7, 7, False)
    assert found.query("unit == 'ms' and measure == 'time_who'")["enough"].all()
    fewer = told(codings(lines, airings=DAYS, minimum_segments=14)).query("by == 'all'")
    assert fewer.query("measure == 'time_who'")["enough"].all()


def test_a_tone_that_is_missing_or_on_no_scale_is_no_unit() -> None:
    words = [Said("A", start=0, end=10, tone=""), Said("B", start=0, end=10), Said("A", start=20, end=30, tone="odd"),
             Said("B", start=20, end=30, tone="odd"), Said("A", start=40, end=50), Said("B", start=40, end=50)]  # fmt: skip
    found = told(codings(words))
    assert value(found, "tone", "percent")["units"] == 1
    assert value(found, "role", "percent")["units"] == 3
    topics = told(codings([*words, Said("A", start=60, end=70, topic="economy"), Said("B", start=60, end=70)]))
    assert value(topics, "topic", "percent")["value"] == 3 / 4


@pytest.mark.parametrize("coders", [(), ("A", "B")])
def test_nothing_gives_an_empty_report(coders: tuple[str, ...]) -> None:
    found = told(codings([], coders))
    assert found.empty
    assert list(found.columns) == list(REPORT)
