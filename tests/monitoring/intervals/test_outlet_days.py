"""Which outlet-days there are, and which of them belong to a row of a result."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coding.store.places import open_mission
from coding.vocabulary import Medium
from monitoring.coverage import Coverage, open_coverage
from monitoring.intervals.by_day import rows_of
from monitoring.intervals.measured import degrees_of_freedom
from monitoring.intervals.outlet_days import AIRING, OutletDays, _strata, outlet_days
from monitoring.metrics.share import share
from monitoring.metrics.share import sums as share_sums
from monitoring.selection import ALL_FORMATS, Selection
from tests.monitoring.intervals.days import DAYS, coverage

SAMPLE = Path(__file__).parent.parent.parent.parent / "sample_data" / "kazakhstan_2007"
TELEVISION = Selection(media=(Medium.TV,))
ALL = Selection(formats=ALL_FORMATS)


@pytest.fixture(scope="module")
def small() -> Coverage:
    return coverage()


def belonging(of: Coverage, by: tuple[str, ...], **values: str) -> pd.DataFrame:
    """The outlet-days that belong to the row with these values."""
    selection = ALL if "unit" in by else TELEVISION
    rows = rows_of(share(of, selection, by))
    days = outlet_days(of, selection, by)
    at = np.flatnonzero(np.logical_and.reduce([rows[name] == value for name, value in values.items()]))
    return days.table[days.belonging(rows)[:, at[0]]]


def test_an_outlet_day_is_everything_of_one_outlet_on_one_day(small: Coverage) -> None:
    table = outlet_days(small, Selection()).table
    assert len(table) == 3 * len(DAYS)
    assert not table.duplicated(["outlet", "date"]).any()
    airings = outlet_days(small, Selection(), each=AIRING).table
    assert len(airings) == 5 * len(DAYS)
    assert set(airings["programme"]) == {"News", "Talk", ""}


def test_days_of_a_row_are_those_of_its_place(small: Coverage) -> None:
    assert set(belonging(small, ("outlet", "group"), outlet="Channel A", group="Red Party")["outlet"]) == {"Channel A"}
    week = belonging(small, ("week", "outlet", "group"), week="2025-03-10", outlet="Channel A", group="Red Party")
    assert list(week["date"]) == [day for day in DAYS if day >= "2025-03-10"]
    one = belonging(small, ("date", "outlet", "group"), date="2025-03-04", outlet="Channel B", group="Blue Party")
    assert one[["outlet", "date"]].to_numpy().tolist() == [["Channel B", "2025-03-04"]]


@pytest.mark.parametrize("column", ["slot", "format", "topic", "role"])
def test_what_no_airing_knows_has_all_days_of_its_place(small: Coverage, column: str) -> None:
    rows = share(small, Selection(media=(Medium.TV,)), ("outlet", column))
    for value in set(rows.loc[rows["outlet"] == "Channel A", column]):
        named = {"outlet": "Channel A", column: value}
        assert len(belonging(small, ("outlet", column), **named)) == len(DAYS)


def test_a_row_in_one_unit_has_no_days_of_another(small: Coverage) -> None:
    of_unit = {
        unit: belonging(small, ("unit", "group"), unit=unit, group="Red Party") for unit in ("ms", "mm2", "lines")
    }
    outlets = {unit: set(table["outlet"]) for unit, table in of_unit.items()}
    assert outlets == {"ms": {"Channel A", "Channel B"}, "mm2": {"Gazette"}, "lines": {"Gazette"}}
    assert [len(of_unit[unit]) for unit in ("ms", "mm2", "lines")] == [24, 12, 12]


def test_degrees_of_freedom_are_days_less_strata(small: Coverage) -> None:
    by_outlet = degrees_of_freedom(share_sums(small, Selection(media=(Medium.TV,)), ("outlet", "group")))
    assert set(by_outlet) == {len(DAYS) - 2}  # two full weeks are two strata
    pooled = degrees_of_freedom(share_sums(small, Selection(media=(Medium.TV,)), ("group",)))
    assert set(pooled) == {2 * (len(DAYS) - 2)}
    by_day = degrees_of_freedom(share_sums(small, Selection(media=(Medium.TV,)), ("date", "group")))
    assert set(by_day) == {0}


def test_weeks_are_strata_only_where_each_has_five_days() -> None:
    days = OutletDays(pd.DataFrame(), pd.DataFrame())
    assert days.each == ("outlet", "date")
    full = outlet_days(coverage(), Selection())
    assert full.table.groupby("outlet")["stratum"].nunique().tolist() == [2, 2, 2]
    first = Selection(start=pd.Timestamp("2025-03-06").date())
    assert outlet_days(coverage(), first).table.groupby("outlet")["stratum"].nunique().tolist() == [1, 1, 1]


def made_days(**outlets: list[str]) -> pd.DataFrame:
    """A table of outlet-days with the week of each."""
    rows = [(outlet, day, str(pd.Timestamp(day).to_period("W"))) for outlet, days in outlets.items() for day in days]
    return pd.DataFrame(rows, columns=["outlet", "date", "week"])


def test_weeks_of_an_outlet_are_strata_whatever_other_outlets_there_are() -> None:
    both = made_days(A=list(DAYS), B=[*DAYS[:5], *DAYS[-2:]])
    assert both.assign(stratum=_strata(both)).groupby("outlet")["stratum"].nunique().to_dict() == {"A": 2, "B": 1}


def test_outlets_with_one_day_each_are_drawn_from_each_other() -> None:
    """Each by itself could not vary, and what is pooled over them would seem to be known without chance."""
    table = made_days(A=list(DAYS[:3]), B=[DAYS[0]], C=[DAYS[1]], D=[DAYS[2]])
    strata = table.assign(stratum=_strata(table)).groupby("outlet")["stratum"].first()
    assert strata["B"] == strata["C"] == strata["D"] != strata["A"]


def test_days_of_the_sample_are_those_that_were_observed() -> None:
    held = open_coverage(open_mission(SAMPLE))
    table = outlet_days(held, Selection(media=(Medium.TV,))).table
    assert table["outlet"].nunique() == 5
    assert table["date"].between("2007-07-18", "2007-08-16").all()
