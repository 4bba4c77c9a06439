"""Every kind of rule on the fictitious mission, where it is known who is over and who is short, and by how much."""

import csv
from pathlib import Path
from uuid import UUID

import pytest

from coding.incident import Incident
from coding.problems import ProblemsFound
from coding.segment import FIELDS
from coding.store import Store
from coding.store.places import open_mission
from coding.vocabulary import canonical
from monitoring.coverage import open_coverage
from monitoring.entitled import entitlements, equality
from monitoring.entitled.judged import COLUMNS, Judged, Ruling, Verdict, beyond, table
from monitoring.entitled.judging import KINDS, judge, named
from monitoring.entitled.listed import behind, behind_hours, cells, found_segments, worst_rows
from monitoring.entitled.words import answer
from monitoring.evidence import number_behind, segments_behind
from monitoring.words import Words
from tests.fictitious import (
    AIRINGS,
    BLUE,
    COMPASS,
    GREEN,
    INCIDENTS,
    LANTERN,
    MISSION,
    OUTLETS,
    PALACE,
    RED,
    WHISTLE,
    segments,
    write_fictitious,
)

ROOT = Path(__file__).parent.parent.parent.parent
Found = dict[str, Ruling]


def rulings_of(folder: Path, **files: str) -> Found:
    """The rulings of the mission, by name; keywords replace files of its folder."""
    store = open_mission(write_fictitious(folder, **files))
    return {each.name: each for each in judge(open_coverage(store), store)}


def changed(tmp_path: Path, before: str, after: str, **files: str) -> Found:
    """The rulings where a part of mission.toml reads otherwise."""
    assert before in MISSION
    return rulings_of(tmp_path / "changed", mission=MISSION.replace(before, after), **files)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_mission(write_fictitious(tmp_path_factory.mktemp("rulings") / "teapotia", incidents=INCIDENTS))


@pytest.fixture(scope="module")
def found(store: Store) -> Found:
    return {each.name: each for each in judge(open_coverage(store), store)}


def row(ruling: Ruling, **about: str) -> Judged:
    """The one row that carries these values."""
    rows = [each for each in ruling.rows if all(getattr(each, name) == value for name, value in about.items())]
    assert len(rows) == 1
    return rows[0]


# the shape


def test_every_kind_is_listed() -> None:
    shared = {"__init__", "judged", "case", "airtimes", "judging", "words", "shown", "listed"}
    files = {path.stem for path in (ROOT / "monitoring" / "entitled").glob("*.py")}
    assert files - shared == {kind.__name__.rsplit(".", 1)[1] for kind in KINDS}


def test_all_rows_have_one_shape_and_whole_amounts(found: Found) -> None:
    rows = table(each for ruling in found.values() for each in ruling.rows)
    assert tuple(rows.columns) == COLUMNS
    for name in ("amount", "total_amount", "left", "over", "refused", "limit_amount"):
        assert str(rows[name].dtype) == "Int64"
    assert set(rows["verdict"]) <= {str(each) for each in Verdict}


def test_every_row_leads_to_its_segments(store: Store, found: Found) -> None:
    coverage = open_coverage(store)
    leads = [(each, behind(each)) for ruling in found.values() for each in ruling.rows]
    shown = [(each, lead) for each, lead in leads if lead is not None]
    assert {each.kind for each, _ in shown} == {"entitlement", "equality", "ceiling", "paid"}
    for each, lead in shown:
        assert lead is not None
        assert number_behind(coverage, *lead) == each.segments


def test_a_ruling_is_asked_for_by_name(found: Found) -> None:
    assert [each.name for each in named(tuple(found.values()), "silence")] == ["silence"]
    with pytest.raises(ProblemsFound, match="paid slots"):
        named(tuple(found.values()), "no such rule")


# entitlements


def test_free_airtime_granted_used_refused_left_and_at_other_hours(found: Found) -> None:
    short = row(found[f"free airtime, {LANTERN}"], group=GREEN)
    assert (short.limit_amount, short.amount, short.refused, short.left, short.over) == (
        600_000,
        420_000,
        120_000,
        180_000,
        0,
    )
    assert (short.outside, short.verdict, short.median_clock) == (60_000, Verdict.UNDER, 66_000_000)
    full = row(found[f"free airtime, {LANTERN}"], group=BLUE)
    assert (full.amount, full.left, full.refused, full.verdict) == (600_000, 0, None, Verdict.WITHIN)


def test_the_hours_of_free_airtime_are_told(found: Found) -> None:
    hours = found[f"free airtime, {LANTERN}"].facts["hours"]
    own = hours[hours["group"] == GREEN]  # type: ignore[index]
    assert dict(zip(own["hour"], own["amount"], strict=True)) == {18: 420_000, 1: 60_000}


def test_each_hour_leads_to_the_segments_that_began_in_it(store: Store, found: Found) -> None:
    coverage, told = open_coverage(store), 0
    for ruling in (each for each in found.values() if each.kind == entitlements.KIND):
        hours = ruling.facts["hours"].to_dict("records")  # type: ignore[attr-defined]
        for row, (selection, picked) in zip(hours, behind_hours(ruling), strict=True):
            its = segments_behind(coverage, store, selection, picked)
            assert (int(its["amount"].sum()), len(its)) == (row["amount"], row["segments"])
            told += 1
    assert told > 2


def test_an_outlet_that_is_not_monitored_says_nothing_and_never_nought(found: Found) -> None:
    for each in found[f"free airtime, {WHISTLE}"].rows:
        assert (each.verdict, each.amount, each.left, each.value) == (Verdict.NOT_MONITORED, None, None, None)


def test_a_missing_recording_that_may_hold_the_rest_is_no_shortfall(tmp_path: Path) -> None:
    lost = AIRINGS + "lost,Lantern TV,2021-05-08,,programme,Free slots,free airtime,,18:00,18:05,,,,,no,not recorded\n"
    short = row(rulings_of(tmp_path / "lost", airings=lost)[f"free airtime, {LANTERN}"], group=GREEN)
    assert (short.verdict, short.reason, short.left) == (Verdict.NOT_JUDGED, "missing", 180_000)


def test_a_missing_recording_too_short_for_the_rest_leaves_the_shortfall(tmp_path: Path) -> None:
    lost = AIRINGS + "lost,Lantern TV,2021-05-08,,programme,Free slots,free airtime,,18:00,18:02,,,,,no,not recorded\n"
    assert row(rulings_of(tmp_path / "lost", airings=lost)[f"free airtime, {LANTERN}"], group=GREEN).verdict == "under"


def test_a_lost_news_bulletin_cannot_hold_free_airtime(tmp_path: Path) -> None:
    lost = AIRINGS + "lost,Lantern TV,2021-05-08,,programme,News,news,,18:00,18:30,,,,,no,not recorded\n"
    assert row(rulings_of(tmp_path / "lost", airings=lost)[f"free airtime, {LANTERN}"], group=GREEN).verdict == "under"


def test_what_the_windows_do_not_hold_is_no_shortfall(tmp_path: Path) -> None:
    late = changed(tmp_path, 'start = "06:00"', 'start = "18:30"')
    assert row(late[f"free airtime, {LANTERN}"], group=GREEN).reason == "windows"


def test_an_own_grant_stands_in_place_of_that_of_each(tmp_path: Path) -> None:
    own = MISSION.replace('contestant = "*"', f'contestant = "{GREEN}"', 1).replace(
        "amount = 600000", "amount = 420000"
    )
    alone = rulings_of(tmp_path / "own", mission=own)[f"free airtime, {LANTERN}"]
    assert [(each.group, each.verdict) for each in alone.rows] == [(GREEN, Verdict.WITHIN)]


def test_grants_of_two_contestants_are_told_apart_by_their_time(tmp_path: Path) -> None:
    own = MISSION.replace('contestant = "*"', f'contestant = "{GREEN}"', 1)
    own = own.replace('"*"\noutlet = "Whistle Radio"', f'"{RED}"\noutlet = "{LANTERN}"')
    granted = [each for each in rulings_of(tmp_path / "own", mission=own).values() if each.kind == entitlements.KIND]
    names = [f"free airtime, {LANTERN}, 2021-05-06..2021-05-09 18:00-24:00", f"free airtime, {LANTERN}"]
    assert [each.name for each in granted] == names


def test_a_day_that_begins_at_six_is_a_whole_day(tmp_path: Path) -> None:
    whole = MISSION.replace('end = "26:00"', 'end = "30:00"').replace(
        'start = "18:00"\nend = "24:00"\nsource', "source"
    )
    short = row(rulings_of(tmp_path / "six", mission=whole)[f"free airtime, {LANTERN}"], group=GREEN)
    assert (short.amount, short.left, short.verdict) == (480_000, 120_000, Verdict.UNDER)


def test_a_millisecond_short_is_short_and_is_not_shown_as_nothing(tmp_path: Path) -> None:
    ruling = changed(tmp_path, "amount = 600000", "amount = 600001")[f"free airtime, {LANTERN}"]
    blue = row(ruling, group=BLUE)
    assert (blue.left, blue.verdict) == (1, Verdict.UNDER)
    assert f"{BLUE} (0:00:00.001 left)" in answer(ruling, Words(open_mission(tmp_path / "changed").mission(), "en"))


def test_the_hours_of_a_grant_are_those_that_the_clock_showed_in_the_night_of_its_change(tmp_path: Path) -> None:
    """A slot of ten minutes from 2:55: five minutes on, the clock goes from 3:00 to 4:00."""
    mission = MISSION.replace('end = "26:00"', 'end = "30:00"')
    mission = mission.replace('start = "18:00"\nend = "24:00"\nsource', 'start = "28:00"\nend = "29:00"\nsource')
    airings = AIRINGS.replace("18:00,18:30,18:00,18:30", "26:55,28:25,26:55,28:25")
    night = {"mission": mission, "airings": airings}
    spring = {name: text.replace("2021-05-0", "2021-03-2") for name, text in night.items()}
    blue = row(rulings_of(tmp_path / "night", **spring)[f"free airtime, {LANTERN}"], group=BLUE)
    assert (blue.amount, blue.outside) == (300_000, 300_000)


# equality


def test_equal_over_the_day_and_unequal_in_the_slot(found: Found) -> None:
    worst = equality.worst([each for each in found["equal speaking time"].rows if each.time == "speaking time"])
    compass = worst[worst["outlet"] == COMPASS].iloc[0]
    assert (compass["slot"], compass["group"], round(compass["departure"], 9)) == ("09-18", BLUE, 2.0)
    assert (compass["effective_number"], round(compass["effective_day"], 6)) == (1.0, 3.0)
    assert (compass["verdict"], compass["verdict_day"]) == ("unequal", "within")
    assert worst[worst["outlet"] == LANTERN].iloc[0]["verdict"] == "within"


def test_left_and_over_are_what_would_make_it_due(found: Found) -> None:
    rows = found["equal speaking time"]
    blue = row(rows, outlet=COMPASS, slot="09-18", group=BLUE, time="speaking time")
    red = row(rows, outlet=COMPASS, slot="09-18", group=RED, time="speaking time")
    assert (blue.over, blue.left, blue.limit_amount) == (80_000, 0, 40_000)
    assert (red.over, red.left, red.verdict) == (0, 40_000, Verdict.UNDER)


def test_what_runs_into_the_next_slot_is_cut_and_leads_to_its_segment(tmp_path: Path) -> None:
    late = AIRINGS.replace("Noon news,news,,12:00,13:00,12:00,13:00", "News,news,,17:59,18:59,17:59,18:59")
    ruling = rulings_of(tmp_path / "late", airings=late)["equal speaking time"]
    pieces = [row(ruling, outlet=COMPASS, slot=slot, group=BLUE, time="speaking time") for slot in ("09-18", "18-24")]
    assert [(each.amount, each.segments) for each in pieces] == [(60_000, 1), (60_000, 0)]
    coverage = open_coverage(open_mission(tmp_path / "late"))
    for each in pieces:
        lead = behind(each)
        assert lead is not None and number_behind(coverage, *lead) == 1


def test_a_slot_with_little_time_is_not_judged(tmp_path: Path) -> None:
    rows = changed(tmp_path, "at_least = 60000", "at_least = 120001")["equal speaking time"]
    blue = row(rows, outlet=COMPASS, slot="09-18", group=BLUE, time="speaking time")
    assert (blue.verdict, blue.reason, blue.value) == (Verdict.NOT_JUDGED, "little", 1.0)


def test_a_mix_of_benchmarks_is_due(tmp_path: Path) -> None:
    mixed = changed(tmp_path, 'benchmark = "equal"', 'benchmark = "half equal, half by seats"')
    due = {each.group: each.due for each in mixed["equal speaking time"].rows if each.group}
    assert due == pytest.approx({BLUE: (1 / 3 + 0.5) / 2, RED: (1 / 3 + 0.3) / 2, GREEN: (1 / 3 + 0.2) / 2})


def test_a_day_is_judged_on_its_own(tmp_path: Path) -> None:
    daily = changed(tmp_path, "tolerance = 0.2", 'tolerance = 0.2\nper = "day"')["equal speaking time"]
    assert {each.period for each in daily.rows if each.group} == {"2021-05-06"}
    monthly = changed(tmp_path, "tolerance = 0.2", 'tolerance = 0.2\nper = "month"')["equal speaking time"]
    blue = row(monthly, outlet=COMPASS, slot="09-18", group=BLUE, time="speaking time")
    assert (blue.period, blue.amount) == ("2021-05", 120_000)


def test_the_heat_table_has_the_furthest_of_each_place(found: Found) -> None:
    ruling = found["equal speaking time"]
    table_of = cells(ruling)
    assert next(iter(table_of["outlet"])) == COMPASS
    worst = equality.worst(ruling.rows)
    assert all(each is not None for each in worst_rows(worst, ruling.rows))


# ceilings and paid slots


def test_a_third_for_the_palace(found: Found) -> None:
    rows = found["a third for the palace"]
    over, within = row(rows, outlet=LANTERN), row(rows, outlet=COMPASS)
    assert (over.group, over.value, over.verdict, over.over) == (PALACE, 0.5, Verdict.OVER, 120_024)
    assert (within.value, within.verdict, within.left) == (0.25, Verdict.WITHIN, 39_984)


def test_a_ceiling_on_speaking_time_alone(tmp_path: Path) -> None:
    spoken = changed(tmp_path, "at_most = 0.3333", 'at_most = 0.3333\nspeech = ["direct"]')
    assert row(spoken["a third for the palace"], outlet=LANTERN).amount == 0


def test_paid_slots_over_the_limit(found: Found) -> None:
    rows = found["paid slots"]
    over = row(rows, outlet=LANTERN, group=BLUE)
    assert (over.amount, over.limit_amount, over.over, over.verdict) == (240_000, 120_000, 120_000, Verdict.OVER)
    assert row(rows, outlet=LANTERN, group=RED).verdict == Verdict.WITHIN


def test_paid_slots_far_from_the_mean(tmp_path: Path) -> None:
    equal = changed(tmp_path, 'at_most = 120000\nunit = "ms"\n', "tolerance = 0.3\n")["paid slots"]
    verdicts = {each.group: each.verdict for each in equal.rows if each.outlet == LANTERN}
    assert verdicts == {BLUE: Verdict.OVER, RED: Verdict.WITHIN, GREEN: Verdict.UNDER}


# silence


def test_a_spot_in_the_silence_counts_with_its_seconds_inside(store: Store, found: Found) -> None:
    ruling = found["silence"]
    over = row(ruling, outlet=COMPASS)
    assert (over.group, over.amount, over.segments, over.verdict) == (RED, 20_000, 1, Verdict.OVER)
    assert over.monitored == 600_000
    assert row(ruling, outlet=LANTERN).verdict == Verdict.NOT_MONITORED
    shown = found_segments(store, ruling)
    assert list(shown["airing_id"]) == ["compass-silence"]


def test_a_silence_outside_every_period_is_seen_in_airings_on_record(tmp_path: Path) -> None:
    after = AIRINGS.replace("compass-silence,Compass TV,2021-05-16", "compass-silence,Compass TV,2021-05-17").replace(
        "23:59,24:10,23:59:00,24:10", "12:00,12:10,12:00,12:10"
    )
    silence = rulings_of(tmp_path / "after", airings=after)["silence"]
    assert row(silence, outlet=COMPASS).amount == 30_000
    assert silence.facts["outside"]


def test_a_silence_may_be_about_some_formats_only(tmp_path: Path) -> None:
    news = changed(tmp_path, 'kind = "silence"', 'kind = "silence"\nformats = ["news"]')
    assert row(news["silence"], outlet=COMPASS).verdict == Verdict.WITHIN


# the sample


def test_the_sample_pins_no_shortfall_on_a_real_outlet() -> None:
    store = open_mission(ROOT / "sample_data" / "kazakhstan_2007")
    found = judge(open_coverage(store), store)
    granted = [each for each in found if each.kind == "entitlement"]
    assert {each.name: {row.verdict for row in each.rows} for each in granted} == {
        "free airtime, TV Khabar": {Verdict.WITHIN},
        "free airtime, Kazakhstan Radio": {Verdict.NOT_MONITORED},
        "free space, Egemen Kazakhstan": {Verdict.WITHIN},
        "free space, Kazakhstanskaya Pravda": {Verdict.WITHIN},
    }
    assert all(each.source for each in found)
    silence = found[-1]
    assert {row.verdict for row in silence.rows} == {Verdict.NOT_MONITORED}


def test_refusals_are_named(found: Found) -> None:
    [incident] = found[f"free airtime, {LANTERN}"].incidents
    assert isinstance(incident, Incident)
    assert incident.title == canonical("A free slot was refused")


def test_what_is_left_and_what_is_over() -> None:
    assert beyond(5, 5) == (0, 0)
    assert beyond(4, 5) == (1, 0)
    assert beyond(6, 5) == (0, 1)


# what may not be concluded


def test_what_can_still_be_given_is_no_shortfall(tmp_path: Path) -> None:
    running = {name: text.replace("2021-", "2999-") for name, text in (("mission", MISSION), ("airings", AIRINGS))}
    short = row(rulings_of(tmp_path / "running", **running)[f"free airtime, {LANTERN}"], group=GREEN)
    assert (short.verdict, short.reason, short.left) == (Verdict.NOT_JUDGED, "running", 180_000)


def test_a_day_of_which_nothing_is_known_is_no_shortfall(tmp_path: Path) -> None:
    longer = changed(tmp_path, "to = 2021-05-09", "to = 2021-05-10")
    assert row(longer[f"free airtime, {LANTERN}"], group=GREEN).reason == "windows"


def test_a_recording_cut_short_may_hold_the_rest(tmp_path: Path) -> None:
    short = AIRINGS.replace("free airtime,,18:00,18:30,18:00,18:30", "free airtime,,18:00,18:40,18:00,18:30")
    cut = row(rulings_of(tmp_path / "cut", airings=short)[f"free airtime, {LANTERN}"], group=GREEN)
    assert (cut.verdict, cut.reason) == (Verdict.NOT_JUDGED, "missing")


PAPER = "Spout Daily"
IN_PAPER = {"airing_id": "spout", "start_ms": "", "end_ms": "", "amount": 500, "subject": BLUE}


def with_rows(folder: Path, *rows: dict[str, object], **files: str) -> Found:
    """The rulings with more segments, each like the first one where nothing else is said."""
    write_fictitious(folder, **files)
    given = [{**segments()[0], "segment_id": str(UUID(int=900 + at)), **each} for at, each in enumerate(rows)]
    with (folder / "segments.csv").open("a", encoding="utf-8", newline="") as out:
        csv.DictWriter(out, FIELDS, lineterminator="\n").writerows(given)
    store = open_mission(folder)
    return {each.name: each for each in judge(open_coverage(store), store)}


def test_a_paper_that_comes_out_in_no_slot_is_judged_as_a_whole(tmp_path: Path) -> None:
    found = with_rows(
        tmp_path / "paper", IN_PAPER,
        mission=MISSION.replace('"Compass TV"]', f'"Compass TV", "{PAPER}"]').replace(
            "at_least = 60000", f'at_least = 60000\nunit = "ms"\noutlets = ["{PAPER}"]'
        ),
        outlets=OUTLETS + f"{PAPER},newspaper,mm2,private,,,yes\n",
        airings=AIRINGS + f"spout,{PAPER},2021-05-06,,issue,,,,,,,,1000,1000,yes,\n",
    )  # fmt: skip
    rows = [each for each in found["equal speaking time"].rows if each.outlet == PAPER]
    assert {each.slot for each in rows} == {""}
    worst = equality.worst(rows).iloc[0]
    assert (worst["verdict"], worst["group"], worst["slot"]) == ("unequal", BLUE, "")


def test_a_ceiling_on_one_office_holder_counts_what_is_about_it(tmp_path: Path) -> None:
    rows = changed(tmp_path, 'group = "Palace"', 'group = "Regent"')["a third for the palace"]
    own = row(rows, outlet=LANTERN)
    assert (own.amount, own.verdict) == (360_000, Verdict.OVER)
    store = open_mission(tmp_path / "changed")
    lead = behind(own)
    assert lead is not None and number_behind(open_coverage(store), *lead) == own.segments == 1


def test_a_segment_without_a_time_on_the_border_of_the_silence_is_no_acquittal(tmp_path: Path) -> None:
    timed = {"airing_id": "compass-silence", "start_ms": "", "end_ms": "", "amount": 5000, "format": "paid advertising"}
    news = MISSION.replace('kind = "silence"', 'kind = "silence"\nformats = ["news"]')
    found = with_rows(tmp_path / "vague", timed | {"format": "news"}, mission=news)["silence"]
    vague = row(found, outlet=COMPASS)
    assert (vague.verdict, vague.reason) == (Verdict.NOT_JUDGED, "unplaced")
    assert answer(found, Words(open_mission(tmp_path / "vague").mission(), "en")).startswith("Nothing could be judged")


def test_a_candidate_in_office_is_a_contestant_in_the_silence_too(tmp_path: Path) -> None:
    office = {"airing_id": "compass-silence", "start_ms": 200_000, "end_ms": 260_000, "amount": 60_000,
              "subject": BLUE, "role": "institution"}  # fmt: skip
    found = with_rows(tmp_path / "office", office)["silence"]
    assert row(found, group=BLUE).amount == 60_000


def test_areas_and_lines_in_the_silence_are_not_added_up(tmp_path: Path) -> None:
    lines = {"amount": 20, "format": "free space"}
    found = with_rows(
        tmp_path / "units", IN_PAPER, IN_PAPER | lines,
        mission=MISSION.replace("at_least = 60000", "at_least = 0").replace(
            "[[groups]]", '[[formats]]\nname = "free space"\neditorial = false\nunit = "lines"\n[[groups]]', 1
        ),
        outlets=OUTLETS + f"{PAPER},newspaper,mm2,private,,,yes\n",
        airings=AIRINGS + f"spout,{PAPER},2021-05-17,,issue,,,,,,,,1000,1000,yes,\n",
    )["silence"]  # fmt: skip
    own = [each for each in found.rows if each.outlet == PAPER]
    assert {(each.unit, each.amount, each.segments, each.monitored) for each in own} == {
        ("mm2", 500, 1, 1000), ("lines", 20, 1, 1000),
    }  # fmt: skip
    assert {each.material_unit for each in own} == {"mm2"}
    store = open_mission(tmp_path / "units")
    assert set(found_segments(store, found)["unit"]) == {"ms", "mm2", "lines"}


def test_a_refusal_of_an_unnamed_format_is_told_and_added_to_nothing(tmp_path: Path) -> None:
    found = rulings_of(tmp_path / "unnamed", incidents=INCIDENTS.replace(",free airtime,", ",,"))
    for name in (f"free airtime, {LANTERN}", "paid slots"):
        assert len(found[name].incidents) == 1
        assert {each.refused for each in found[name].rows} == {None}


def test_a_refusal_counts_in_one_week_only(tmp_path: Path) -> None:
    weekly = MISSION.replace("at_most = 120000\n", 'at_most = 120000\nper = "day"\n')
    days = INCIDENTS.replace(",free airtime,", ",paid advertising,").replace("2021-05-09,,", "2021-05-08,2021-05-10,")
    rows = rulings_of(tmp_path / "weekly", mission=weekly, incidents=days)["paid slots"].rows
    assert sum(each.refused or 0 for each in rows) in (0, 120_000)
    own = rulings_of(tmp_path / "whole", incidents=days)["paid slots"]
    assert row(own, outlet=LANTERN, group=GREEN).refused == 120_000
