"""Spellings that hold on some days only, and the policy for suggestions: read, checked, written back."""

import string
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from coding.exchange.folder import export_folder
from coding.exchange.importer import import_file
from coding.exchange.mapping import find_mapping
from coding.exchange.names import Spellings
from coding.mission.aliases import Alias
from coding.mission.editing import mission_from_tables, tables_of
from coding.mission.loader import load
from coding.mission.model import Mission, ShowSuggestions, SuggestionPolicy
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.engine import open_engine
from coding.store.places import sqlite_url
from coding.vocabulary import canonical
from tests.missions import MISSION, SUBJECTS, write_mission

Make = Callable[..., Store]
MINISTERS = (
    SUBJECTS.replace("Government,body,,,,,,,", "Government,body,,,,,,{},") + "Cabinet Head,official,,,,,,{},,,\n"
)
TODAY = date(2025, 3, 12)

names = st.text(string.ascii_letters + "ёққ -«»'().", min_size=1, max_size=20).map(canonical).filter(bool)
days = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@st.composite
def aliases(draw: st.DrawFn) -> Alias:
    first, last = sorted((draw(days), draw(days)))
    start, end = draw(st.sampled_from([(None, None), (first, None), (None, last), (first, last)]))
    return Alias(name=draw(names), start=start, end=end)


policies = st.builds(
    lambda show, share: {"show": show, "withheld": share if show == "off" else max(share, 0.15)},
    st.sampled_from([str(show) for show in ShowSuggestions]),
    st.floats(0, 1),
).map(SuggestionPolicy.model_validate)


@given(aliases())
def test_an_alias_is_read_as_it_is_written(alias: Alias) -> None:
    assert Alias.model_validate(alias.written()) == alias
    assert Alias.model_validate(f"  {alias.written()} ") == alias
    for day in (alias.start, alias.end):
        if day:
            assert alias.holds(day)
    if alias.start:
        assert not alias.holds(alias.start - timedelta(1))
    if alias.end:
        assert not alias.holds(alias.end + timedelta(1))


@given(aliases(), aliases())
def test_two_aliases_meet_where_there_is_a_day_of_both(one: Alias, two: Alias) -> None:
    starts = [day for day in (one.start, two.start) if day] or [date.min]
    assert one.meets(two) == two.meets(one) == (one.holds(max(starts)) and two.holds(max(starts)))


@settings(max_examples=15, deadline=None)
@given(st.lists(aliases(), max_size=3), policies)
def test_policy_and_dated_aliases_round_trip_through_store_folder_and_page(
    given_aliases: list[Alias], policy: SuggestionPolicy
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        held = load(write_mission(folder / "mission"))
        first = held.mission.subjects[0].model_copy(update={"aliases": tuple(given_aliases)})
        subjects = (first, *held.mission.subjects[1:])
        mission = held.mission.model_copy(update={"subjects": subjects, "suggestions": policy})
        store = Store("", open_engine(sqlite_url(folder / "store.sqlite")))
        store.put_mission(mission, held.airings, "test", "aliases")
        assert store.mission() == mission
        assert mission_from_tables(mission, tables_of(mission, held.airings))[0] == mission
        export_folder(store, folder / "back")
        assert load(folder / "back").mission == mission
        store.engine.dispose()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("PM [2025-01-10..2025-02-30]", "no days that can be read"),
        ("PM [2025-01-10]", "no days that can be read"),
        ("PM [10.01.2025..]", "no days that can be read"),
        ("PM [20250110..]", "no days that can be read"),
        ("PM [..]", "no days that can be read"),
        ("PM [2025-01-10..2025-02-01..2025-03-01]", "no days that can be read"),
        ("PM [2025-02-01..2025-01-31]", "would hold until 2025-01-31, which is before 2025-02-01"),
        ("[2025-02-01..]", "no days that can be read"),
    ],
)
def test_days_that_cannot_be_read_are_told_with_their_place(written: str, says: str, tmp_path: Path) -> None:
    subjects = SUBJECTS.replace("Blues|The Blues", f"Blues|{written}")
    with pytest.raises(ProblemsFound) as found:
        load(write_mission(tmp_path, subjects=subjects))
    first = found.value.problems[0]
    assert (first.file, first.line, first.column, first.value) == ("subjects.csv", 2, "aliases", written)
    assert says in first.message()


def test_brackets_without_days_are_a_part_of_the_name() -> None:
    for name in ("Party [left]", "Party [2]", "Party []", "[Party]"):
        assert Alias.model_validate(name) == Alias(name=name)


def test_a_spelling_holds_on_its_days(tmp_path: Path) -> None:
    subjects = MINISTERS.format("PM [..2025-03-12]|The Cabinet", "PM [2025-03-13..]")
    mission = load(write_mission(tmp_path, subjects=subjects)).mission
    government, head = (next(s for s in mission.subjects if s.name == n) for n in ("Government", "Cabinet Head"))
    assert government.spellings_on(TODAY) == ("Government", "PM", "The Cabinet")
    assert government.spellings_on(TODAY + timedelta(1)) == ("Government", "The Cabinet")
    assert head.spellings_on(TODAY) == ("Cabinet Head",)
    assert head.spellings_on(TODAY + timedelta(1)) == ("Cabinet Head", "PM")
    assert government.spellings == ("Government", "PM", "The Cabinet")


def test_one_spelling_of_two_subjects_on_one_day_is_refused(tmp_path: Path) -> None:
    subjects = MINISTERS.format("PM [..2025-03-13]", "PM [2025-03-13..]")
    with pytest.raises(ProblemsFound, match="PM"):
        load(write_mission(tmp_path, subjects=subjects))


ROWS = "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at\n"
ROW = "00000000-0000-0000-0000-00000000000{n},{airing},0,60000,{subject},neutral,news,ana,2025-04-01T10:00:00Z\n"


def test_an_import_goes_by_the_day_where_a_spelling_means_several(small_store: Make, tmp_path: Path) -> None:
    store = small_store(subjects=MINISTERS.format("PM [..2025-03-12]|Ministers [..2025-03-01]", "PM [2025-03-14..]"))
    file = tmp_path / "sheet.csv"
    file.write_text(
        ROWS
        + ROW.format(n=1, airing="a-0312", subject="pm")
        + ROW.format(n=2, airing="a-0317", subject="PM")
        + ROW.format(n=3, airing="a-0318", subject="Ministers")
    )
    import_file(file, find_mapping("evenhand"), store, "test")
    assert [each.subject for each in store.segments()] == ["Government", "Cabinet Head", "Government"]
    file.write_text(ROWS + ROW.format(n=4, airing="a-0313", subject="PM"))
    with pytest.raises(
        ProblemsFound, match=r"means Government, Cabinet Head, each on its own days, and nobody on 2025"
    ):
        import_file(file, find_mapping("evenhand"), store, "test")


def test_spellings_of_several_need_a_day(tmp_path: Path) -> None:
    mission = load(write_mission(tmp_path, subjects=MINISTERS.format("PM [..2025-03-12]", "PM [2025-03-14..]"))).mission
    spellings = Spellings.of_subjects(mission)
    assert spellings.name("PM") is None
    assert spellings.name("PM", TODAY) == "Government"
    assert spellings.name("PM", TODAY + timedelta(1)) is None
    assert spellings.of_several("pm") == "Government, Cabinet Head"
    assert spellings.of_several("Government") == ""


def with_policy(lines: str) -> str:
    return f"{MISSION}\n[suggestions]\n{lines}\n"


def test_a_mission_without_a_policy_shows_suggestions_after_the_code(tmp_path: Path) -> None:
    assert load(write_mission(tmp_path)).mission.suggestions == SuggestionPolicy(
        show=ShowSuggestions.AFTER, withheld=0.15
    )
    read = load(write_mission(tmp_path, mission=with_policy('show = "before"\nwithheld = 0.5'))).mission
    assert read.suggestions == SuggestionPolicy(show=ShowSuggestions.BEFORE, withheld=0.5)


@pytest.mark.parametrize(
    ("lines", "column", "says"),
    [
        ('show = "after"\nwithheld = 0.1', "suggestions.withheld", "At least 0.15"),
        ("withheld = 0", "suggestions.withheld", "At least 0.15"),
        ('show = "off"\nwithheld = 1.5', "suggestions.withheld", ""),
        ('show = "sometimes"', "suggestions.show", "after"),
        ("withheld = nan", "suggestions.withheld", ""),
        ("share = 0.3", "suggestions.share", ""),
    ],
)
def test_a_policy_that_cannot_be_is_told_with_its_line(tmp_path: Path, lines: str, column: str, says: str) -> None:
    text = with_policy(lines)
    with pytest.raises(ProblemsFound) as found:
        load(write_mission(tmp_path, mission=text))
    [problem] = found.value.problems
    last = text.rstrip("\n").count("\n") + 1
    assert (problem.file, problem.line, problem.column) == ("mission.toml", last, column)
    assert says in problem.message()


def test_off_needs_no_withheld_share() -> None:
    assert SuggestionPolicy(show=ShowSuggestions.OFF, withheld=0).withheld == 0
    with pytest.raises(ValidationError):
        SuggestionPolicy(withheld=0)


def test_the_policy_is_edited_as_a_table_of_one_row(tmp_path: Path) -> None:
    held = load(write_mission(tmp_path))
    tables = tables_of(held.mission, held.airings)
    assert tables["suggestions"] == [{"show": "after", "withheld": "0.15"}]
    tables["suggestions"] = [{"show": "before", "withheld": "0.25"}]
    changed: Mission = mission_from_tables(held.mission, tables)[0]
    assert changed.suggestions == SuggestionPolicy(show=ShowSuggestions.BEFORE, withheld=0.25)
    tables["suggestions"] = [{"show": "after", "withheld": "0.05"}]
    with pytest.raises(ProblemsFound) as found:
        mission_from_tables(held.mission, tables)
    assert [(each.file, each.line, each.column) for each in found.value.problems] == [("suggestions", 1, "withheld")]
