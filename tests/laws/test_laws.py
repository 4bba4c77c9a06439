"""What must hold for any mission, whatever its segments: shares, splits, swaps, gaps and units."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.mission.loader import MissionFolder, load
from coding.problems import ProblemsFound
from coding.segment import Segment
from coding.segment_checks import overlap_problems
from monitoring.coverage import coverage_of
from monitoring.metrics import METRICS
from monitoring.metrics.appearances import appearances
from monitoring.metrics.contestants import contestants
from monitoring.metrics.share import share
from monitoring.metrics.tone import tone
from monitoring.selection import ALL_FORMATS, Incumbents, Selection
from tests.missions import AIRINGS, segment, write_mission

BROADCAST = ("a-0312", "a-0313", "a-0317", "b-0312")
PARTIES = ("Blue Party", "Red Party", "Green Party")
SUBJECTS = (*PARTIES, "President", "Government", "Ana Turncoat", "Election Commission")
TONES = ("very positive", "positive", "neutral", "negative", "very negative")


@cache
def small(airings: str = AIRINGS) -> MissionFolder:
    with TemporaryDirectory() as folder:
        return load(write_mission(Path(folder), airings=airings))


@st.composite
def segments(draw: st.DrawFn) -> list[Segment]:
    """Up to 14 segments that a coder could have recorded: no other codes over the same seconds of a subject."""
    made: list[Segment] = []
    for number in range(draw(st.integers(1, 14))):
        start = draw(st.integers(0, 1500))
        candidate = segment(
            number + 1,
            airing=draw(st.sampled_from(BROADCAST)),
            subject=draw(st.sampled_from(SUBJECTS)),
            start=start,
            end=start + draw(st.integers(1, 290)),
            tone=draw(st.sampled_from(TONES)),
            role=draw(st.sampled_from(["contestant", "institution"])),
            speech=draw(st.sampled_from(["direct", "none"])),
        )
        if not overlap_problems([*made, candidate]):
            made.append(candidate)
    return made


def results(records: list[Segment], names: Collection[str] = tuple(m.name for m in METRICS)) -> dict[str, pd.DataFrame]:
    """What the named metrics answer about television."""
    coverage, tv = coverage_of(small().mission, small().airings, records), Selection(media=("tv",))
    return {metric.name: metric.compute(coverage, tv, metric.by) for metric in METRICS if metric.name in names}


LAW = settings(max_examples=12, deadline=None)


@LAW
@given(segments(), st.sampled_from(list(Incumbents)), st.sampled_from(["group", "subject", "tone", "role"]))
def test_shares_of_subject_time_sum_to_one_in_every_place(
    records: list[Segment], reading: Incumbents, who: str
) -> None:
    coverage = coverage_of(small().mission, small().airings, records)
    answer = share(coverage, Selection(media=("tv",), incumbents=reading), ("outlet", "slot", who))
    sums = answer.groupby(["outlet", "slot"])["value"].sum()
    amounts = answer.groupby(["outlet", "slot"])["amount"].sum()
    assert ((sums - 1).abs() < 1e-9)[amounts > 0].all()
    assert (amounts == answer.groupby(["outlet", "slot"])["total_amount"].first()).all()


@LAW
@given(segments(), st.data())
def test_splitting_a_segment_changes_nothing_but_the_count_of_segments(
    records: list[Segment], data: st.DataObject
) -> None:
    whole = data.draw(st.sampled_from([r for r in records if r.amount > 1]))
    cut = data.draw(st.integers((whole.start_ms or 0) + 1, (whole.end_ms or 0) - 1))
    halves = [
        Segment.model_validate(whole.model_dump() | {"end_ms": cut, "amount": cut - (whole.start_ms or 0)}),
        Segment.model_validate(
            whole.model_dump() | {"segment_id": str(UUID(int=99)), "start_ms": cut, "amount": (whole.end_ms or 0) - cut}
        ),
    ]
    before, after = results(records), results([r for r in records if r is not whole] + halves)
    for name, answer in before.items():
        pd.testing.assert_frame_equal(
            answer.drop(columns="segments"), after[name].drop(columns="segments"), check_exact=False, rtol=1e-12
        )


@LAW
@given(segments())
def test_swapping_two_parties_swaps_their_rows(records: list[Segment]) -> None:
    """Red and Green, to which nobody in office belongs on these days."""
    other = {"Red Party": "Green Party", "Green Party": "Red Party"}
    records = [r for r in records if r.subject != "Ana Turncoat"]
    if not records:
        return
    swapped = [r.model_copy(update={"subject": other.get(r.subject, r.subject)}) for r in records]
    names = ("share", "balance", "appearances", "speech")
    before, after = results(records, names), results(swapped, names)
    for name in names:
        back = after[name].assign(group=after[name]["group"].replace(other))
        keys = ["outlet", "group"]
        pd.testing.assert_frame_equal(
            before[name].sort_values(keys).reset_index(drop=True), back.sort_values(keys).reset_index(drop=True)
        )


@LAW
@given(segments())
def test_an_unmonitored_outlet_day_changes_no_share(records: list[Segment]) -> None:
    line = "b-0320,Channel B,2025-03-20,,programme,News,news,,20:00,20:30,,,,,no,not recorded\n"
    more = small(AIRINGS + line)
    with_gap = coverage_of(more.mission, more.airings, records)
    without = coverage_of(small().mission, small().airings, records)
    for by in (("outlet", "group"), ("outlet", "date", "group")):
        pd.testing.assert_frame_equal(
            share(with_gap, Selection(media=("tv",)), by), share(without, Selection(media=("tv",)), by)
        )


@LAW
@given(segments(), st.integers(1, 900_000))
def test_time_and_space_never_meet(records: list[Segment], area: int) -> None:
    paper = segment(50, airing="g-0312", amount=area)
    both = coverage_of(small().mission, small().airings, [*records, paper])
    with pytest.raises(ProblemsFound, match="different units"):
        share(both, Selection(), ("group",))
    apart = share(both, Selection(), ("outlet", "group"))
    assert set(apart[apart["outlet"] == "Gazette"]["unit"]) == {"mm2"}
    assert apart[apart["outlet"] == "Gazette"]["amount"].sum() == area
    assert set(share(both, Selection(), ("unit", "group"))["unit"]) == {"ms", "mm2"}


@LAW
@given(segments())
def test_time_of_a_subject_is_the_union_of_its_intervals(records: list[Segment]) -> None:
    """Against the plainest possible count: the set of its milliseconds, in steps that all intervals share."""
    coverage = coverage_of(small().mission, small().airings, records)
    seconds = {
        (r.airing_id, r.subject, s) for r in records for s in range((r.start_ms or 0) // 1000, (r.end_ms or 0) // 1000)
    }
    expected = pd.Series([subject for _, subject, _ in seconds]).value_counts() * 1000
    answer = share(coverage, Selection(media=("tv",)), ("subject",)).set_index("subject")["amount"]
    assert answer[answer > 0].to_dict() == expected.to_dict()


@LAW
@given(segments())
def test_effective_number_lies_between_one_and_all_contestants(records: list[Segment]) -> None:
    value = contestants(coverage_of(small().mission, small().airings, records), Selection(media=("tv",)))[
        "value"
    ].dropna()
    assert value.between(1 - 1e-9, len(PARTIES) + 1e-9).all()


@LAW
@given(segments())
def test_tones_of_a_cell_sum_to_one(records: list[Segment]) -> None:
    coverage = coverage_of(small().mission, small().airings, records)
    for reading in Incumbents:
        answer = tone(coverage, Selection(media=("tv",), incumbents=reading))
        sums = answer.groupby(["outlet", "group"])["value"].sum(min_count=1).dropna()
        assert ((sums - 1).abs() < 1e-9).all()


@LAW
@given(segments())
def test_an_appearance_is_a_maximal_run(records: list[Segment]) -> None:
    coverage = coverage_of(small().mission, small().airings, records)
    answer = appearances(coverage, Selection(media=("tv",)), ("subject",)).set_index("subject")["value"]
    assert answer[answer > 0].to_dict() == _runs(records)


def _runs(records: list[Segment]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for key in {(r.airing_id, r.subject) for r in records}:
        spans = sorted((r.start_ms or 0, r.end_ms or 0) for r in records if (r.airing_id, r.subject) == key)
        reached = -1
        for start, end in spans:
            counted[key[1]] = counted.get(key[1], 0) + (start > reached)
            reached = max(reached, end)
    return counted


@LAW
@given(segments())
def test_editorial_content_is_not_pooled_with_paid_slots_unless_asked(records: list[Segment]) -> None:
    paid = segment(60, airing="a-0312", subject="Red Party", start=3000, end=3100, format="paid advertising", tone="")
    coverage = coverage_of(small().mission, small().airings, [*records, paid])
    editorial = share(coverage, Selection(media=("tv",)), ("group",))["amount"].sum()
    pooled = share(coverage, Selection(media=("tv",), formats=ALL_FORMATS), ("group",))["amount"].sum()
    assert pooled - editorial == 100_000


def test_every_metric_has_the_one_shape() -> None:
    answers = results([segment(1, start=0, end=60)])
    for metric in METRICS:
        answer = answers[metric.name]
        assert list(answer.columns)[-8:] == [
            "value",
            "low",
            "high",
            "amount",
            "total_amount",
            "unit",
            "segments",
            "airings",
        ]
        known = answer["value"].dropna()
        assert (known >= metric.lowest).all()
        assert metric.highest is None or (known <= metric.highest).all()
