"""Bounds: the truth lies in them whatever was missing; they widen with it, and say where there can be none."""

from datetime import date
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.mission.model import Airing
from coding.problems import ProblemsFound
from coding.segment import Segment
from monitoring.completeness.bounds import BOUNDS, bounds, bounds_of_balance, largest_move
from monitoring.completeness.missing import missing, standing, within
from monitoring.coverage import Coverage, coverage_of
from monitoring.metrics.balance import balance
from monitoring.metrics.share import share
from monitoring.selection import ALL_FORMATS, Denominator, Selection, Weight
from tests.missions import segment
from tests.monitoring.completeness.plans import HOUR, MINUTE, bulletin, issue, mission

TV = Selection(media=("tv",))  # type: ignore[arg-type]
PAPERS = Selection(media=("newspaper",))  # type: ignore[arg-type]
PARTIES = ("Blue Party", "Red Party", "Green Party")
TONES = ("very positive", "positive", "neutral", "negative", "very negative")
DAYS = tuple(date(2025, 3, number) for number in (10, 11, 12, 13))
LAW = settings(max_examples=15, deadline=None)
SLACK = 1e-12

Coded = tuple[Airing, tuple[Segment, ...]]


def coded(number: int, pieces: list[tuple[int, int, str, str]]) -> Coded:
    """A bulletin of an hour, coded; each piece is (silence, length, subject, tone) in seconds, one after another."""
    name, at = f"a-{number}", 0
    made = []
    for place, (silence, length, subject, tone) in enumerate(pieces):
        at += silence
        made.append(segment(1 + 100 * number + place, name, subject, at, at + length, tone=tone))
        at += length
    return bulletin(name, DAYS[number % len(DAYS)], 60, 60, coded=True), tuple(made)


def blanked(airing: Airing, seen: bool) -> Airing:
    """The same airing as if nobody had coded it, or nobody had even monitored it."""
    gone = {"coded": False} if seen else {"coded": False, "actual_start": None, "actual_end": None}
    return airing.model_copy(update=gone)


piece = st.tuples(st.integers(0, 300), st.integers(1, 500), st.sampled_from(PARTIES), st.sampled_from(TONES))
days = st.lists(st.lists(piece, max_size=4), min_size=2, max_size=5).map(
    lambda given: [coded(number, pieces) for number, pieces in enumerate(given)]
)


def coverage(every: list[Coded], blank: list[bool] = [], seen: bool = False) -> Coverage:  # noqa: B006  never changed
    kept = [*blank, *[False] * len(every)][: len(every)]
    airings = [blanked(airing, seen) if gone else airing for (airing, _), gone in zip(every, kept, strict=True)]
    segments = [each for (_, own), gone in zip(every, kept, strict=True) if not gone for each in own]
    return coverage_of(mission(), airings, segments)


def inside(values: pd.Series, found: pd.DataFrame, low: str = "lowest", high: str = "highest") -> bool:
    known = values.notna().to_numpy() & found[low].notna().to_numpy()
    asked, rows = values[known].to_numpy(), found[known]
    return bool(((rows[low] - SLACK <= asked) & (asked <= rows[high] + SLACK)).all())


@LAW
@given(days, st.lists(st.booleans(), min_size=5, max_size=5), st.booleans(), st.sampled_from(list(Denominator)))
def test_the_share_of_the_full_record_lies_within_the_worst_case(
    every: list[Coded], blank: list[bool], seen: bool, denominator: Denominator
) -> None:
    asked = Selection(media=TV.media, denominator=denominator)
    for by in (("group",), ("outlet", "group"), ("unit", "format", "group")):
        if denominator == Denominator.PROGRAMME and ("format" in by or all(blank[: len(every)])):
            continue
        part = bounds(coverage(every, blank, seen), asked, by)
        full = share(coverage(every), asked, by)
        keys = [name for name in by if name != "unit"]
        both = part.merge(full[[*keys, "value"]], on=keys, suffixes=("", "_full"))
        assert len(both) == len(part)
        assert inside(both["value_full"], both)


@LAW
@given(days, st.lists(st.booleans(), min_size=5, max_size=5))
def test_the_balance_of_the_full_record_lies_within_the_worst_case(every: list[Coded], blank: list[bool]) -> None:
    part = bounds_of_balance(coverage(every, blank), TV, ("group",))
    full = balance(coverage(every), TV, ("group",))
    both = part.merge(full[["group", "value"]], on="group", suffixes=("", "_full"))
    assert inside(both["value_full"], both)


@LAW
@given(days, st.lists(st.booleans(), min_size=5, max_size=5))
def test_the_value_lies_in_its_bounds_and_the_usual_ones_in_the_worst(every: list[Coded], blank: list[bool]) -> None:
    held = coverage(every, blank)
    for found in (bounds(held, TV), bounds_of_balance(held, TV)):
        assert inside(found["value"], found)
        assert inside(found["value"], found, "usual_lowest", "usual_highest")
        assert inside(found["usual_lowest"], found)
        assert inside(found["usual_highest"], found)


@LAW
@given(days, st.integers(0, 4))
def test_more_missing_widens(every: list[Coded], least: int) -> None:
    def width(number: int) -> pd.Series:
        more = [bulletin(f"m-{place}", DAYS[0]) for place in range(number)]
        segments = [each for _, own in every for each in own]
        held = coverage_of(mission(), [*(airing for airing, _ in every), *more], segments)
        found = bounds(held, TV, ("outlet", "group")).set_index(["outlet", "group"])
        widths: pd.Series = (found["highest"] - found["lowest"]).loc["Channel A"]
        return widths

    narrow, wide = width(least), width(least + 1)
    assert (wide[wide.notna()] >= narrow.reindex(wide.index).fillna(0)[wide.notna()] - SLACK).all()


@LAW
@given(days)
def test_nothing_missing_moves_nothing(every: list[Coded]) -> None:
    found = bounds(coverage(every), TV)
    known = found[found["value"].notna()]
    for name in ("lowest", "highest", "usual_lowest", "usual_highest"):
        pd.testing.assert_series_equal(known[name], known["value"], check_names=False)
    assert largest_move(found) == 0
    assert found["missing_airings"].sum() == 0


@cache
def one_missing() -> Coverage:
    """Channel A: 20 minutes of an hour about two parties, and half an hour that nobody recorded."""
    pieces = [(0, 300, "Blue Party", "positive"), (0, 900, "Red Party", "neutral")]
    airing, segments = coded(2, pieces)
    return coverage_of(mission(), [airing, bulletin("gone", DAYS[3], 30)], segments)


def row(found: pd.DataFrame, **wanted: str) -> pd.Series:
    for column, value in wanted.items():
        found = found[found[column] == value]
    assert len(found) == 1
    return found.iloc[0]


def test_the_two_bounds_of_a_share_by_hand() -> None:
    found = bounds(one_missing(), TV)
    assert tuple(found.columns) == ("outlet", "group", *BOUNDS)
    blue = row(found, outlet="Channel A", group="Blue Party")
    assert (blue["amount"], blue["total_amount"]) == (5 * MINUTE, 20 * MINUTE)
    assert (blue["missing_amount"], blue["missing_airings"]) == (30 * MINUTE, 1)
    assert blue["value"] == 0.25
    assert blue["lowest"] == pytest.approx(5 / 50)
    assert blue["highest"] == pytest.approx(35 / 50)
    # a third of the coded hour was about subjects, so of half an hour ten minutes
    assert blue["usual_lowest"] == pytest.approx(5 / 30)
    assert blue["usual_highest"] == pytest.approx(15 / 30)
    green = row(found, outlet="Channel A", group="Green Party")
    assert (green["value"], green["lowest"], green["highest"]) == (0, 0, pytest.approx(30 / 50))
    assert largest_move(found) == pytest.approx(0.6)


def test_the_bounds_of_a_balance_by_hand() -> None:
    blue = row(bounds_of_balance(one_missing(), TV), outlet="Channel A", group="Blue Party")
    assert blue["value"] == 0.5
    assert blue["lowest"] == pytest.approx((0.5 * 5 - 30) / 35)
    assert blue["highest"] == pytest.approx((0.5 * 5 + 30) / 35)
    assert blue["usual_highest"] == pytest.approx((0.5 * 5 + 10) / 15)
    with pytest.raises(ProblemsFound, match="segments"):
        bounds_of_balance(one_missing(), Selection(media=TV.media, weight=Weight.SEGMENTS))


def test_a_denominator_of_programme_time_counts_the_missing_hour_whole() -> None:
    asked = Selection(media=TV.media, denominator=Denominator.PROGRAMME)
    blue = row(bounds(one_missing(), asked), outlet="Channel A", group="Blue Party")
    assert blue["value"] == pytest.approx(5 / 60)
    assert blue["lowest"] == pytest.approx(5 / 90)
    assert blue["highest"] == pytest.approx(35 / 90)


def test_an_airing_of_another_format_is_not_missing() -> None:
    airing, segments = coded(2, [(0, 300, "Blue Party", "positive")])
    spot = bulletin("spot", DAYS[2], 5, format="paid advertising")
    held = coverage_of(mission(), [airing, spot], segments)
    assert missing(held, TV).empty
    assert bounds(held, TV)["missing_airings"].sum() == 0
    asked = Selection(media=TV.media, formats=ALL_FORMATS)
    assert missing(held, asked)["airing_id"].tolist() == ["spot"]
    assert row(bounds(held, asked), outlet="Channel A", group="Blue Party")["missing_amount"] == 5 * MINUTE


def test_a_length_that_nobody_knows_cannot_be_bounded() -> None:
    airing, segments = coded(2, [(0, 300, "Blue Party", "positive")])
    held = coverage_of(mission(), [airing, bulletin("gone", DAYS[3], None)], segments)
    for found in (bounds(held, TV), bounds_of_balance(held, TV)):
        blue = row(found, outlet="Channel A", group="Blue Party")
        assert (blue["missing_airings"], blue["unknown_airings"]) == (1, 1)
        assert pd.isna(blue["lowest"])
        assert pd.isna(blue["highest"])
    assert standing(within(held, TV))["unknown_airings"].tolist() == [1]


def test_papers_are_bounded_in_their_own_unit_and_lines_not_at_all() -> None:
    read = [segment(1, "g-1", amount=100_000), segment(2, "g-1", amount=40, format="free space", tone="")]
    issues = [issue("g-1", DAYS[0], 900_000, coded=True), issue("g-2", DAYS[1])]
    held = coverage_of(mission(), issues, read)
    blue = row(bounds(held, PAPERS), group="Blue Party")
    assert (blue["unit"], blue["missing_amount"], blue["value"]) == ("mm2", 900_000, 1)
    assert blue["lowest"] == pytest.approx(0.1)
    free = Selection(media=PAPERS.media, formats=("free space",))
    lines = row(bounds(held, free), group="Blue Party")
    assert (lines["unit"], lines["missing_airings"], lines["unknown_airings"]) == ("lines", 1, 1)
    assert pd.isna(lines["lowest"])


def test_what_is_being_coded_is_missing_as_far_as_nothing_stands_there() -> None:
    half = bulletin("half", DAYS[3], 60, 60)
    held = coverage_of(mission(), [half], [segment(1, "half", start=0, end=600)])
    blue = row(bounds(held, TV), outlet="Channel A", group="Blue Party")
    assert blue["missing_amount"] == HOUR - 10 * MINUTE
    assert blue["value"] == 1
    assert blue["lowest"] == pytest.approx(10 / 60)


def test_each_place_has_its_own_missing() -> None:
    found = bounds(one_missing(), TV, ("date", "group"))
    assert row(found, date="2025-03-12", group="Blue Party")["missing_airings"] == 0
    for name in ("week", "programme", "medium"):
        whole = bounds(one_missing(), TV, (name, "group"))
        assert row(whole[whole["group"] == "Blue Party"])["missing_amount"] == 30 * MINUTE


def test_standing_sums_the_reasons() -> None:
    airings = [
        bulletin("gone", DAYS[0], 30), bulletin("seen", DAYS[1], 60, 50), bulletin("half", DAYS[2], 60, 60),
        bulletin("done", DAYS[3], 60, 55, coded=True),
    ]  # fmt: skip
    stands = standing(within(coverage_of(mission(), airings, [segment(1, "half", start=0, end=600)]), TV))
    only = stands.iloc[0]
    assert (only["unit"], only["airings"], only["missing_airings"]) == ("ms", 4, 3)
    assert (only["planned"], only["monitored"], only["coded"]) == tuple(n * MINUTE for n in (210, 165, 55))
    reasons = ("not_monitored", "not_coded", "being_coded")
    assert [only[name] for name in reasons] == [30 * MINUTE, 50 * MINUTE, 50 * MINUTE]
    assert only["missing"] == sum(only[name] for name in reasons)
    assert [only[f"{name}_airings"] for name in reasons] == [1, 1, 1]
