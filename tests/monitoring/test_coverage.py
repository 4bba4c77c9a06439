"""Coverage on both engines: windows, dated affiliations, overlaps, slots, units, coders, readings of incumbents."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from coding.mission.model import Airing
from coding.problems import ProblemsFound
from coding.store import Store
from coding.vocabulary import Role
from monitoring.coverage import open_coverage
from monitoring.metrics import METRICS
from monitoring.metrics.appearance_share import appearance_share
from monitoring.metrics.appearances import appearances
from monitoring.metrics.balance import balance
from monitoring.metrics.contestants import contestants
from monitoring.metrics.hours import hours
from monitoring.metrics.share import share
from monitoring.metrics.speech import speech
from monitoring.metrics.tone import tone
from monitoring.selection import ALL_FORMATS, Denominator, Incumbents, Selection, Weight
from tests.missions import AIRINGS, MISSION, segment

Make = Callable[..., Store]
TV = Selection(media=("tv",))


def values(result: pd.DataFrame, *keys: str, column: str = "value") -> dict[object, float]:
    """One column of a result by its group columns; empty values left out."""
    held = result.dropna(subset=[column])
    names = list(keys) if len(keys) > 1 else keys[0]
    return dict(
        zip(held[names].itertuples(index=False, name=None) if len(keys) > 1 else held[names], held[column], strict=True)
    )


def test_the_worked_example_of_share(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=15), segment(2, subject="Red Party", start=20, end=65))
    result = share(open_coverage(store), TV)
    on_a = result[result["outlet"] == "Channel A"]
    assert values(on_a, "group") == {"Blue Party": 0.25, "Red Party": 0.75, "Green Party": 0.0}
    assert set(on_a["total_amount"]) == {60_000}
    assert on_a["amount"].tolist() == [15_000, 45_000, 0]
    assert result[result["outlet"] == "Channel B"]["value"].isna().all()
    assert set(result["outlet"]) == {"Channel A", "Channel B"}


def test_a_day_that_was_not_monitored_is_a_gap_and_a_subject_without_time_a_zero(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=15), segment(2, airing="b-0312", start=0, end=15))
    result = share(open_coverage(store), TV, ("date", "outlet", "group"))
    days = set(zip(result["date"], result["outlet"], strict=True))
    assert ("2025-03-13", "Channel B") not in days
    assert ("2025-03-13", "Channel A") in days
    assert values(result[result["date"] == "2025-03-12"], "outlet", "group")["Channel B", "Green Party"] == 0


def test_an_airing_outside_the_window_of_its_day_counts_nowhere(small_store: Make) -> None:
    """From 16 March the window opens at 20:00: the news of 18:30 is out, the night news over midnight is in."""
    store = small_store(segment(1, airing="a-0317", start=2000, end=2900), segment(2, airing="a-0318", start=0, end=60))
    result = share(open_coverage(store), TV, ("date", "group"))
    assert result[result["amount"] > 0]["date"].tolist() == ["2025-03-17"]
    assert result["amount"].max() == 900_000


def test_a_subject_belongs_to_its_contestant_of_that_day(small_store: Make) -> None:
    store = small_store(
        segment(1, subject="Ana Turncoat", start=0, end=10),
        segment(2, airing="a-0317", subject="Ana Turncoat", start=0, end=30),
    )
    result = share(open_coverage(store), TV, ("group",))
    assert values(result, "group", column="amount") == {"Blue Party": 10_000, "Red Party": 30_000, "Green Party": 0}


def test_both_readings_of_an_incumbent(small_store: Make) -> None:
    store = small_store(
        segment(1, subject="President", start=0, end=10, role="institution"),
        segment(2, subject="President", start=20, end=50, role="contestant"),
        segment(3, subject="Government", start=60, end=120, role="institution"),
    )
    coverage = open_coverage(store)
    office = values(share(coverage, TV, ("group",)), "group", column="amount")
    assert office == {"Blue Party": 30_000, "Red Party": 0, "Green Party": 0, "President and Government": 70_000}
    party = values(
        share(coverage, Selection(media=("tv",), incumbents=Incumbents.PARTY), ("group",)), "group", column="amount"
    )
    assert party == {"Blue Party": 40_000, "Red Party": 0, "Green Party": 0, "President and Government": 60_000}


def test_the_same_subject_twice_over_the_same_seconds_counts_once(small_store: Make) -> None:
    store = small_store(
        segment(1, start=0, end=60), segment(2, start=30, end=90), segment(3, subject="Red Party", start=30, end=90)
    )
    result = share(open_coverage(store), TV, ("group",))
    assert values(result, "group", column="amount") == {"Blue Party": 90_000, "Red Party": 60_000, "Green Party": 0}
    assert values(result, "group", column="segments") == {"Blue Party": 2, "Red Party": 1, "Green Party": 0}


def test_a_stretch_over_the_border_of_a_slot_is_cut_there(small_store: Make) -> None:
    """The airing starts at 20:30, so the border of 21:00 lies 1,800 s inside."""
    store = small_store(segment(1, start=1700, end=1900), segment(2, airing="a-0317", start=0, end=2940))
    result = share(open_coverage(store), TV, ("slot", "group"))
    amounts = {key: value for key, value in values(result, "slot", "group", column="amount").items() if value}
    assert amounts == {
        ("18-21", "Blue Party"): 100_000,
        ("21-24", "Blue Party"): 100_000 + 29 * 60_000,
        ("", "Blue Party"): 20 * 60_000,
    }
    assert result["segments"].sum() == 2


def test_two_coders_of_one_airing_never_add(small_store: Make) -> None:
    store = small_store(
        segment(1, start=0, end=60, coded_at="2025-04-02T10:00:00Z", coder="coder-b"),
        segment(2, start=0, end=70, coded_at="2025-04-01T10:00:00Z", coder="coder-a"),
    )
    assert share(open_coverage(store), TV, ("group",))["amount"].sum() == 60_000


def test_what_is_retracted_or_revised_counts_as_it_now_is(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60), segment(2, subject="Red Party", start=0, end=60))
    first, second = store.segments()
    assert share(open_coverage(store), TV, ("group",))["amount"].sum() == 120_000
    store.retract(first.segment_id, 1, "supervisor", "wrong channel")
    store.revise(second.model_copy(update={"end_ms": 30_000, "amount": 30_000}), "supervisor")
    assert values(share(open_coverage(store), TV, ("group",)), "group", column="amount")["Red Party"] == 30_000
    assert share(open_coverage(store), TV, ("group",))["amount"].sum() == 30_000


def test_paid_slots_stay_apart_unless_asked_for(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60), segment(2, start=100, end=130, format="paid advertising", tone=""))
    coverage = open_coverage(store)
    assert share(coverage, TV, ("group",))["amount"].sum() == 60_000
    paid = Selection(media=("tv",), formats=("paid advertising",))
    assert share(coverage, paid, ("group",))["amount"].sum() == 30_000
    pooled = Selection(media=("tv",), formats=ALL_FORMATS)
    assert pooled.pools_slots(coverage.mission)
    assert share(coverage, pooled, ("group",))["amount"].sum() == 90_000


def test_lines_and_area_of_one_paper_are_not_added(small_store: Make) -> None:
    store = small_store(
        segment(1, airing="g-0312", amount=5000), segment(2, airing="g-0312", amount=250, format="free space", tone="")
    )
    coverage = open_coverage(store)
    with pytest.raises(ProblemsFound, match=r"different units \(lines, mm2\)"):
        share(coverage, Selection(formats=ALL_FORMATS), ("outlet", "group"))
    apart = share(coverage, Selection(formats=ALL_FORMATS), ("outlet", "format", "group"))
    assert values(apart, "format", "group", column="amount")["free space", "Blue Party"] == 250


def test_share_of_programme_time(small_store: Make) -> None:
    """Channel A: coded news of 60 + 60 + 49 minutes inside the windows."""
    store = small_store(segment(1, start=0, end=600), segment(2, subject="Red Party", start=0, end=600))
    selection = Selection(media=("tv",), denominator=Denominator.PROGRAMME)
    result = share(open_coverage(store), selection)
    on_a = result[result["outlet"] == "Channel A"].set_index("group")
    assert on_a.loc["Blue Party", "total_amount"] == 169 * 60_000
    assert on_a.loc["Blue Party", "value"] == pytest.approx(10 / 169)
    with pytest.raises(ProblemsFound, match="programme time is not known by format"):
        share(open_coverage(store), selection, ("format", "group"))


def test_tone_by_amount_and_by_count(small_store: Make) -> None:
    store = small_store(
        segment(1, start=0, end=10, tone="negative"),
        segment(2, start=20, end=50, tone="positive"),
        segment(3, start=60, end=80),
    )
    coverage = open_coverage(store)
    by_amount = values(tone(coverage, TV, ("group",)), "group", "tone")
    assert by_amount["Blue Party", "positive"] == pytest.approx(0.5)
    assert ("Red Party", "positive") not in by_amount
    by_count = values(tone(coverage, Selection(media=("tv",), weight=Weight.SEGMENTS), ("group",)), "group", "tone")
    assert by_count["Blue Party", "positive"] == pytest.approx(1 / 3)
    assert values(balance(coverage, TV, ("group",)), "group") == {"Blue Party": pytest.approx((-5 + 15) / 60)}
    counted = balance(coverage, Selection(media=("tv",), weight=Weight.SEGMENTS), ("group",))
    assert values(counted, "group") == {"Blue Party": 0}


def test_as_often_but_nine_times_as_long(small_store: Make) -> None:
    red = [segment(n, subject="Red Party", start=n * 100, end=n * 100 + 90) for n in range(1, 10)]
    blue = [segment(n + 20, start=n * 100, end=n * 100 + 10) for n in range(1, 10)]
    coverage = open_coverage(small_store(*red, *blue))
    assert values(appearances(coverage, TV, ("group",)), "group") == {"Blue Party": 9, "Red Party": 9, "Green Party": 0}
    assert values(appearance_share(coverage, TV, ("group",)), "group")["Red Party"] == 0.5
    assert values(share(coverage, TV, ("group",)), "group")["Red Party"] == 0.9


def test_touching_segments_with_other_tones_are_one_appearance(small_store: Make) -> None:
    store = small_store(
        segment(1, start=0, end=30), segment(2, start=30, end=60, tone="negative"), segment(3, start=61, end=70)
    )
    coverage = open_coverage(store)
    assert values(appearances(coverage, TV, ("group",)), "group")["Blue Party"] == 2
    assert values(appearances(coverage, TV, ("group", "tone")), "group", "tone")["Blue Party", "negative"] == 1


def test_effective_number_of_contestants(small_store: Make) -> None:
    store = small_store(
        segment(1, start=0, end=30),
        segment(2, subject="Red Party", start=0, end=30),
        segment(3, subject="Government", start=0, end=600),
        segment(4, airing="b-0312", start=0, end=10),
    )
    result = contestants(open_coverage(store), TV)
    assert values(result, "outlet") == {"Channel A": 2, "Channel B": 1}
    assert result["total_amount"].tolist() == [60_000, 10_000]
    assert result["airings"].tolist() == [1, 1]


def test_direct_speech(small_store: Make) -> None:
    store = small_store(
        segment(1, start=0, end=30, speech="direct"),
        segment(2, start=40, end=130),
        segment(3, subject="Red Party", start=0, end=5),
    )
    result = speech(open_coverage(store), TV, ("group",))
    assert values(result, "group") == {"Blue Party": 0.25, "Red Party": 0}


def test_planned_monitored_and_coded_hours(small_store: Make) -> None:
    more = AIRINGS + "b-0314,Channel B,2025-03-14,,programme,News,news,,20:00,21:00,20:00:00,21:00:00,,,no,\n"
    result = hours(open_coverage(small_store(segment(1, start=0, end=5), airings=more)), TV)
    on_b = result[result["outlet"] == "Channel B"]
    assert on_b["stage"].tolist() == ["planned", "monitored", "coded"]
    assert on_b["value"].tolist() == [2.0, 1.5, 0.5]
    assert on_b["airings"].tolist() == [3, 2, 1]
    papers = hours(open_coverage(small_store(airings=more)), Selection(media=("newspaper",)))
    assert set(papers["unit"]) == {"mm2"}
    assert papers["value"].tolist() == [9000.0] * 3


def test_imported_totals_have_amounts_but_no_appearances(small_store: Make) -> None:
    store = small_store()
    total = Airing(
        airing_id="totals",
        outlet="Channel A",
        date=date(2025, 3, 10),
        date_to=date(2025, 3, 31),
        kind="aggregate",
        slot="18-21",
        coded=True,
    )
    store.put_mission(store.mission(), [total], "import", "totals")
    store.add([segment(1, airing="totals", amount=7_200_000, tone="")], "import")
    coverage = open_coverage(store)
    result = share(coverage, TV, ("outlet", "slot", "group"))
    assert values(result, "slot", "group", column="amount")["18-21", "Blue Party"] == 7_200_000
    assert appearances(coverage, TV, ("group",))["value"].sum() == 0
    with pytest.raises(ProblemsFound, match="cut through the totals of Channel A, which run from 2025-03-10"):
        share(coverage, Selection(media=("tv",), end=date(2025, 3, 20)), ("group",))
    with pytest.raises(ProblemsFound, match="not known by day or week"):
        share(coverage, TV, ("week", "group"))
    programme = Selection(media=("tv",), denominator=Denominator.PROGRAMME)
    assert share(coverage, programme, ("group",))["amount"].sum() == 0


def test_selection_by_days_roles_and_subjects(small_store: Make) -> None:
    store = small_store(
        segment(1, start=0, end=30),
        segment(2, airing="a-0313", start=0, end=60),
        segment(3, subject="President", start=0, end=5, role="institution"),
    )
    coverage = open_coverage(store)
    assert share(coverage, Selection(start=date(2025, 3, 13)), ("outlet", "group"))["amount"].sum() == 60_000
    assert share(coverage, Selection(roles=(Role.INSTITUTION,)), ("outlet", "group"))["amount"].sum() == 5000
    named = share(coverage, Selection(subjects=("President",)), ("outlet", "subject")).dropna(subset=["value"])
    assert named["subject"].unique().tolist() == ["President"]
    assert named["value"].tolist() == [pytest.approx(5 / 95)]
    counted = appearance_share(coverage, Selection(media=("tv",), subjects=("President",)), ("subject",))
    assert counted["value"].tolist() == [pytest.approx(1 / 3)]
    with pytest.raises(ProblemsFound, match=r"«Channel Z» is not known\. Known: Channel A"):
        share(coverage, Selection(outlets=("Channel Z",)))
    with pytest.raises(ProblemsFound, match="«colour» is not known"):
        share(coverage, Selection(), ("colour",))


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_mission_without_segments_gives_empty_values_and_no_error(small_store: Make, metric: object) -> None:
    result = metric.compute(open_coverage(small_store()), TV, metric.by)  # type: ignore[attr-defined]
    assert result["amount"].eq(0).all() or metric.name == "hours"  # type: ignore[attr-defined]


def test_a_mission_without_windows_monitors_everything(small_store: Make) -> None:
    start, end = MISSION.index("[[windows]]"), MISSION.index("[[tone]]")
    store = small_store(segment(1, airing="a-0318", start=0, end=60), mission=MISSION[:start] + MISSION[end:])
    assert share(open_coverage(store), TV, ("group",))["amount"].sum() == 60_000
