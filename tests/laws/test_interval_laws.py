"""What must hold for the intervals of any mission, whatever its segments: values, order, splits and swaps."""

from collections.abc import Collection
from uuid import UUID

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.segment import Segment
from monitoring.coverage import Coverage, coverage_of
from monitoring.intervals.measured import measured
from monitoring.metrics import METRICS
from monitoring.selection import WHERE, Incumbents, Selection, Weight
from tests.laws.test_laws import segments, small
from tests.monitoring.intervals.days import held
from tests.monitoring.intervals.days import segments as of_seed

LAW = settings(max_examples=5, deadline=None)
TELEVISION = Selection(media=("tv",))
WITH_SUMS = tuple(metric for metric in METRICS if metric.name != "hours")
BYS = (
    ("outlet", "group"),
    ("week", "group"),
    ("group",),
    ("outlet", "slot", "group"),
    ("outlet", "format", "group"),
    ("role",),
)


def of(records: Collection[Segment]) -> Coverage:
    """The coverage of records in the mission of twelve days."""
    return coverage_of(held().mission, held().airings, list(records))


def columns_of(name: str, by: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that a metric can be asked for."""
    return tuple(part for part in by if part in WHERE) if name == "contestants" else by


@LAW
@given(segments(), st.sampled_from(BYS), st.sampled_from(list(Incumbents)), st.sampled_from(list(Weight)))
def test_sums_give_the_values_of_every_metric(
    records: list[Segment], by: tuple[str, ...], reading: Incumbents, weight: Weight
) -> None:
    coverage = coverage_of(small().mission, small().airings, records)
    selection = Selection(media=("tv",), incumbents=reading, weight=weight)
    for metric in WITH_SUMS:
        assert metric.sums is not None
        columns = columns_of(metric.name, by)
        values = metric.sums(coverage, selection, columns).values
        expected = metric.compute(coverage, selection, columns)["value"].astype("float64")
        np.testing.assert_allclose(values, expected, rtol=1e-12, atol=1e-12)


@LAW
@given(st.integers(0, 10_000), st.sampled_from(BYS), st.sampled_from(list(Weight)))
def test_an_interval_holds_its_value_and_stays_in_its_range(seed: int, by: tuple[str, ...], weight: Weight) -> None:
    coverage = of(of_seed(seed))
    for metric in WITH_SUMS:
        selection = Selection(media=("tv",), weight=weight)
        result = measured(metric, coverage, selection, columns_of(metric.name, by))
        known = result[result["low"].notna()]
        assert len(known)
        assert (known["low"] <= known["value"] + 1e-12).all()
        assert (known["value"] <= known["high"] + 1e-12).all()
        assert (known["low"] >= metric.lowest).all()
        assert metric.highest is None or (known["high"] <= metric.highest).all()


@LAW
@given(st.integers(0, 10_000), st.data())
def test_splitting_a_segment_changes_no_interval(seed: int, data: st.DataObject) -> None:
    records = [each for each in of_seed(seed) if each.start_ms is not None]
    whole = data.draw(st.sampled_from([each for each in records if each.amount > 1]))
    start, end = whole.start_ms or 0, whole.end_ms or 0
    cut = data.draw(st.integers(start + 1, end - 1))
    halves = [
        Segment.model_validate(whole.model_dump() | {"end_ms": cut, "amount": cut - start}),
        Segment.model_validate(
            whole.model_dump() | {"segment_id": str(UUID(int=9_999)), "start_ms": cut, "amount": end - cut}
        ),
    ]
    before, after = of(records), of([each for each in records if each is not whole] + halves)
    for metric in WITH_SUMS:
        one, other = (
            measured(metric, coverage, TELEVISION, metric.by)[["low", "high"]] for coverage in (before, after)
        )
        np.testing.assert_allclose(one, other, rtol=1e-9)


@LAW
@given(st.integers(0, 10_000))
def test_swapping_two_parties_swaps_their_intervals(seed: int) -> None:
    """Red and Green, to whom nobody in office belongs on these days."""
    other = {"Red Party": "Green Party", "Green Party": "Red Party"}
    records = [each for each in of_seed(seed) if each.subject != "Ana Turncoat"]
    swapped = [each.model_copy(update={"subject": other.get(each.subject, each.subject)}) for each in records]
    before, after = of(records), of(swapped)
    for name in ("share", "balance", "appearances", "appearance_share", "speech"):
        metric = next(each for each in METRICS if each.name == name)
        one, back = (measured(metric, coverage, TELEVISION, metric.by) for coverage in (before, after))
        back = back.assign(group=back["group"].replace(other))
        ordered = [table.sort_values(["outlet", "group"]).reset_index(drop=True) for table in (one, back)]
        pd.testing.assert_frame_equal(*ordered, check_exact=False, rtol=1e-9)
