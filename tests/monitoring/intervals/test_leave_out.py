"""What a result would be without one day or one airing: the same as measuring a record that never had it."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coding.mission.loader import load
from coding.vocabulary import Medium
from monitoring.coverage import Coverage, coverage_of
from monitoring.intervals.leave_out import Part, changes, leading, summary, without_each
from monitoring.intervals.words import carries_sentence, contestants_of
from monitoring.metrics import METRICS
from monitoring.selection import Selection
from monitoring.words import Words
from tests.missions import segment, write_mission
from tests.monitoring.intervals.days import airings, coverage, held, segments

TELEVISION = Selection(media=(Medium.TV,))
NAMED = {metric.name: metric for metric in METRICS}
CONTESTANTS = ("Blue Party", "Red Party", "Green Party")
COLUMNS = ["left_out", "date", "airing_id", "programme", "value", "without", "change"]


@pytest.fixture(scope="module")
def small() -> Coverage:
    return coverage(5)


def without(part: Part, name: str) -> Coverage:
    """The mission without a day of Channel A, or without one airing."""
    gone = [a for a in held().airings if (a.airing_id if part == Part.AIRING else f"{a.outlet} {a.date}") == name]
    ids = {a.airing_id for a in gone}
    left = [a for a in held().airings if a.airing_id not in ids]
    return coverage_of(held().mission, left, [s for s in segments(5) if s.airing_id not in ids])


@pytest.mark.parametrize("metric", ["share", "balance", "appearances", "speech", "contestants"])
@pytest.mark.parametrize(("part", "name"), [(Part.DAY, "Channel A 2025-03-05"), (Part.AIRING, "a-2025-03-05-1")])
def test_leaving_out_is_measuring_without(small: Coverage, metric: str, part: Part, name: str) -> None:
    by = ("outlet",) if metric == "contestants" else ("outlet", "group")
    left = without_each(NAMED[metric], small, TELEVISION, by, part)
    assert left is not None
    table = left.sums.days.table
    at = (table["airing_id"] == name if part == Part.AIRING else table["outlet"] + " " + table["date"] == name).argmax()
    found = left.sums.rows.assign(without=left.values[at])
    expected = NAMED[metric].compute(without(part, name), TELEVISION, by)
    both = found.merge(expected.astype(dict.fromkeys(by, "object")), on=list(by), how="inner")
    assert len(both) >= len(expected) - 1
    np.testing.assert_allclose(both["without"].astype(float), both["value"].astype(float), rtol=1e-12, atol=1e-12)


def test_the_few_that_change_a_row_most_come_first(small: Coverage) -> None:
    left = without_each(NAMED["share"], small, TELEVISION, ("outlet", "group"))
    assert left is not None
    found = changes(left, 2)
    assert list(found.columns) == ["outlet", "group", "unit", *COLUMNS]
    assert set(found["left_out"]) == {"outlet-day"}
    assert set(found["airing_id"]) == {""}
    assert found.groupby(["outlet", "group"]).size().max() == 2
    np.testing.assert_allclose(found["change"], found["without"] - found["value"])
    moved = np.abs(left.values - left.sums.values)
    blue = left.sums.rows[(left.sums.rows["outlet"] == "Channel B") & (left.sums.rows["group"] == "Blue Party")].index
    largest = found[(found["outlet"] == "Channel B") & (found["group"] == "Blue Party")]["change"].abs()
    assert largest.tolist() == pytest.approx(sorted(moved[:, blue[0]])[::-1][:2])


def test_an_airing_is_named_with_its_programme(small: Coverage) -> None:
    left = without_each(NAMED["share"], small, TELEVISION, ("group",), Part.AIRING)
    assert left is not None
    found = changes(left)
    assert list(found.columns) == ["group", "unit", "left_out", "outlet", *COLUMNS[1:]]
    assert set(found["programme"]) <= {"News", "Talk"}
    assert found["airing_id"].str.contains("2025-03").all()


def test_the_summary_holds_the_extremes(small: Coverage) -> None:
    left = without_each(NAMED["share"], small, TELEVISION, ("outlet", "group"))
    assert left is not None
    found = summary(left, CONTESTANTS)
    own = left.sums.days.belonging(left.sums.rows)
    values = np.where(own, left.values, np.nan)
    np.testing.assert_allclose(found["lowest"], np.nanmin(values, axis=0))
    np.testing.assert_allclose(found["highest"], np.nanmax(values, axis=0))
    assert (found["lowest"] <= found["value"] + 1e-12).all()
    assert (found["value"] <= found["highest"] + 1e-12).all()


def one_day_decides() -> Coverage:
    """Red leads Channel A only through one long segment on 3 March; on Channel B Blue leads on every day alike."""
    records = [segment(1, "a-2025-03-03-1", "Red Party", 0, 600)]
    for number, day in enumerate(sorted({str(a.date) for a in held().airings}), 10):
        records.append(segment(number, f"a-{day}-2", "Blue Party", 0, 40))
        records.append(segment(number + 50, f"b-{day}-2", "Blue Party", 0, 40))
    return coverage_of(held().mission, held().airings, records)


def test_a_day_that_decides_who_leads_is_counted() -> None:
    of = one_day_decides()
    left = without_each(NAMED["share"], of, TELEVISION, ("outlet", "group"))
    assert left is not None
    places = summary(left, CONTESTANTS).drop_duplicates("outlet").set_index("outlet")
    assert places["leader"].to_dict() == {"Channel A": "Red Party", "Channel B": "Blue Party"}
    assert places["leader_changes"].to_dict() == {"Channel A": 1, "Channel B": 0}


def test_the_sentence_names_the_day_and_who_is_first() -> None:
    of, part, by = one_day_decides(), Part.DAY, ("outlet", "group")
    mission = of.mission.model_copy(update={"minimum_segments": 1})
    words = Words(mission)
    left = without_each(NAMED["share"], of, TELEVISION, by, part)
    assert left is not None
    result = NAMED["share"].compute(of, TELEVISION, by)
    names = contestants_of(words, TELEVISION)
    told = carries_sentence("share", result, changes(left), summary(left, names), part, TELEVISION, words)
    assert told.startswith("Without 3 March on Channel A, ")
    assert "share of the time given to all subjects" in told
    assert "Single days decide who is first among the contestants" in told
    assert "Channel A (1)" in told
    assert "(made for a test)" in told
    little = Words(of.mission.model_copy(update={"minimum_segments": 500}))
    assert "Too little material" in carries_sentence(
        "share", result, changes(left), summary(left, names), part, TELEVISION, little
    )


def test_nobody_leads_where_only_some_subjects_are_shown(small: Coverage) -> None:
    some = Selection(media=(Medium.TV,), subjects=("Red Party",))
    assert contestants_of(Words(small.mission), some) == ()
    left = without_each(NAMED["share"], small, some, ("outlet", "group"))
    assert left is not None
    assert leading(left, contestants_of(Words(small.mission), some)) == []


def test_leading_is_asked_only_of_groups(small: Coverage) -> None:
    for metric, by in (("tone", ("outlet", "group")), ("share", ("outlet", "group", "role")), ("contestants", ())):
        left = without_each(NAMED[metric], small, TELEVISION, by)
        assert left is not None
        assert (summary(left, CONTESTANTS)["leader"] == "").all()


def test_nothing_can_be_left_out_of_hours_totals_or_nothing(small: Coverage, tmp_path: Path) -> None:
    assert without_each(NAMED["hours"], small, TELEVISION, ("outlet",)) is None
    assert without_each(NAMED["share"], small, Selection(start=date(2030, 1, 1)), ("outlet", "group")) is None
    line = "t-1,Channel B,2025-03-03,2025-03-14,aggregate,Totals,,,,,,,,,yes,\n"
    mixed = load(write_mission(tmp_path, airings=airings() + line))
    of = coverage_of(mixed.mission, mixed.airings, segments(3))
    assert without_each(NAMED["share"], of, TELEVISION, ("outlet", "group")) is None


def test_without_its_only_day_a_value_is_empty() -> None:
    of = coverage_of(held().mission, held().airings, [segment(1, "a-2025-03-03-1", "Red Party", 0, 600)])
    left = without_each(NAMED["share"], of, Selection(outlets=("Channel A",)), ("outlet", "group"))
    assert left is not None
    found = changes(left)
    red = found[found["group"] == "Red Party"]
    assert red[["date", "value"]].to_numpy().tolist() == [["2025-03-03", 1.0]]
    assert pd.isna(red["without"]).all()
