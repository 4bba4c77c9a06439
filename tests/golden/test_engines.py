"""The whole sample mission on SQLite and on PostgreSQL: the same numbers, to the last digit."""

from pathlib import Path

import pandas as pd
import pytest

from coding.mission.loader import load
from coding.store import Store
from coding.store.places import open_mission
from monitoring.coverage import open_coverage
from monitoring.metrics import METRICS, Metric
from monitoring.selection import ALL_FORMATS, Incumbents, Selection

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "kazakhstan_2007"
SELECTIONS = [
    Selection(media=("tv",)),
    Selection(media=("newspaper",), incumbents=Incumbents.PARTY),
    Selection(media=("tv",), formats=ALL_FORMATS),
]


@pytest.fixture
def loaded(store_url: str) -> Store:
    held = load(SAMPLE)
    store = Store(store_url)
    store.put_mission(held.mission, held.airings, "test", "sample")
    store.add(held.segments, "test")
    return store


def test_both_engines_give_the_same_table_for_every_metric(loaded: Store) -> None:
    ours, reference = open_coverage(loaded), open_coverage(open_mission(SAMPLE))
    for selection in SELECTIONS:
        for metric in METRICS:
            by = metric.by if metric.name == "hours" else ("week", "slot", *metric.by)
            pd.testing.assert_frame_equal(
                _answer(metric, ours, selection, by), _answer(metric, reference, selection, by), check_exact=True
            )


def _answer(metric: Metric, coverage: object, selection: Selection, by: tuple[str, ...]) -> pd.DataFrame:
    return metric.compute(coverage, selection, by)  # type: ignore[arg-type]
