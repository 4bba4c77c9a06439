"""What the datasheet says of the double-coded tenth, as the project's own figures give it back."""

from pathlib import Path

import pandas as pd
import pytest

from coding.double_coding.codings import Codings, double_codings
from coding.double_coding.passages import passages
from coding.mission.model import Mission
from coding.store import Store
from coding.store.places import open_mission
from monitoring.agreement.drift_weeks import drift_weeks, weeks_of
from monitoring.agreement.measures import report

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "kazakhstan_2007"


@pytest.fixture(scope="module")
def store() -> Store:
    return open_mission(SAMPLE)


@pytest.fixture(scope="module")
def codings(store: Store) -> Codings:
    return double_codings(store)


@pytest.fixture(scope="module")
def table(codings: Codings) -> pd.DataFrame:
    return passages(codings)


@pytest.mark.parametrize(
    ("variable", "measure", "least", "most"),
    [
        ("tone", "alpha_ordinal", 0.75, 0.85),
        ("topic", "alpha_nominal", 0.60, 0.70),
        ("subject", "alpha_nominal", 0.88, 0.95),
        ("found", "found_by_both", 0.90, 0.97),
    ],
)
def test_agreement_lies_where_the_disagreement_was_made_to_put_it(
    figures: pd.DataFrame, variable: str, measure: str, least: float, most: float
) -> None:
    rows = figures[(figures["variable"] == variable) & (figures["measure"] == measure) & (figures["by"] == "all")]
    assert least < rows["value"].item() < most
    assert rows["low"].item() < rows["value"].item() < rows["high"].item()


@pytest.fixture(scope="module")
def figures(codings: Codings, table: pd.DataFrame) -> pd.DataFrame:
    return report(codings, table)


def test_the_coder_who_was_made_to_drift_is_marked_in_that_week_and_nobody_else(
    store: Store, codings: Codings, table: pd.DataFrame
) -> None:
    weeks = drift_weeks(codings, table, store)
    marked = weeks[weeks["flagged"]]
    assert list(zip(marked["coder"], marked["week"], strict=True)) == [("coder-05", "2007-07-30")]
    assert marked["low"].item() > 0


def test_a_mission_of_five_calendar_weeks_is_that_long(codings: Codings) -> None:
    mission: Mission = codings.mission
    assert weeks_of(mission) == 5, "18 July, a Wednesday, to 16 August, a Thursday"
