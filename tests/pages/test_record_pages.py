"""The pages of the record without a browser: what they show, what they refuse, and what reaches the store."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coding.exchange.into import import_folder
from coding.mission.editing import mission_from_tables, tables_of
from coding.mission.in_use import Used, unfitting
from coding.mission.loader import MissionFolder, load
from coding.pages.grid import Draft, Edits, with_edits
from coding.pages.uploads import LEFT_BEHIND, placed, safe_name
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.vocabulary import Ownership
from tests.missions import segment, write_mission

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
PAGES = ("import_segments", "mission")
HEADER = "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at"
TOTALS = (
    "Circonscription;Service;Candidat;Type de temps;Durée;Pourcentage\n"
    "FR;France 2;LE PEN Marine;Candidat;0:10:00;1\n"
    "FR;France 2;MACRON Emmanuel;Candidat;0:20:00;2\n"
    "FR;France 2;Total candidats;Candidat;0:30:00;3\n"
)


@pytest.fixture
def held(tmp_path: Path) -> MissionFolder:
    return load(write_mission(tmp_path / "mission"))


@pytest.fixture
def store(tmp_path: Path, held: MissionFolder, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The small mission in a store of the data folder, with two segments of Blue Party."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(tmp_path / "mission", made.url, "test")
    made.add([segment(1, start=0, end=30), segment(2, "a-0313", start=0, end=1800)], "test")
    return made


@pytest.fixture
def page(store: Store, signed_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    def run(name: str, mission: str = store.url, language: str = "en") -> AppTest:
        monkeypatch.setenv("EVENHAND_MISSION", mission)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["language"] = language
        return app.run().switch_page(f"coding/pages/{name}.py").run()

    return run


def told(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def csv(*rows: str) -> bytes:
    return "".join(f"{row}\n" for row in (HEADER, *rows)).encode()


def row(number: int, subject: str = "Reds", start: int = 60_000) -> str:
    return f"00000000-0000-0000-0000-{number:012d},a-0312,{start},{start + 1000},{subject},neutral,news,c-1,2025-04-01T10:00:00Z"


def counts(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def choose(app: AppTest, label: str, value: Any) -> None:
    next(box for box in app.selectbox if box.label == label).set_value(value).run()


def grid_key(app: AppTest, table: str) -> str:
    return next(str(grid.key) for grid in app.data_editor if f".{table}." in str(grid.key))


def edited(app: AppTest, table: str, **state: Any) -> AppTest:
    """The page after an edit, with a reason given."""
    empty = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    app.session_state[grid_key(app, table)] = empty | state
    app.run()
    app.text_input[0].set_value("corrected").run()
    return app


# every page, every language


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_open_with_the_notice_in_every_language(page: Callable[..., AppTest], name: str, language: str) -> None:
    words = told(page(name, language=language))
    assert "made for a test" in words
    assert not re.search(r"page\.|problem\.", words)


@pytest.mark.parametrize("name", PAGES)
def test_a_folder_is_for_looking_and_copying_it_makes_a_store(
    page: Callable[..., AppTest], tmp_path: Path, name: str
) -> None:
    folder = write_mission(
        tmp_path / "other", mission=(tmp_path / "mission" / "mission.toml").read_text().replace('"small"', '"other"')
    )
    app = page(name, mission=str(folder))
    assert "read from a folder" in told(app)
    assert not app.data_editor
    app.button(key="copy").click().run()
    assert "Copied" in told(app)
    assert Store(sqlite_url(tmp_path / "data" / "stores" / "other.sqlite")).mission().id == "other"
    app.button(key="open_made").click().run()
    assert app.session_state["where"].endswith("other.sqlite")
    assert "read from a folder" not in told(app)
    assert "There is a store «other» already." in told(page(name, mission=str(folder)))


# import


def test_preview_then_import_then_all_is_there(page: Callable[..., AppTest], store: Store, tmp_path: Path) -> None:
    app = page("import_segments")
    assert "nothing is stored before you press Import" in told(app)
    app.file_uploader[0].upload("good.csv", csv(row(11), row(12, start=90_000))).run()
    assert counts(app)["New segments"] == "2"
    assert len(store.segments()) == 2
    app.button(key="import.go").click().run()
    assert "Segments stored: 2; already there: 0." in told(app)
    assert counts(app)["Already there"] == "2"
    assert app.button(key="import.go").disabled
    assert {s.subject for s in store.segments()} == {"Blue Party", "Red Party"}
    assert list((tmp_path / "data" / "uploads").iterdir()) == []


def test_rejected_rows_are_named_and_nothing_can_be_imported(page: Callable[..., AppTest], store: Store) -> None:
    before = store.fingerprint()
    app = page("import_segments")
    app.file_uploader[0].upload("bad.csv", csv(row(11), row(12, "Red Partie <b>"))).run()
    words = told(app)
    assert "<td>3</td><td>subject</td><td>Red Partie &lt;b&gt;</td>" in words
    assert app.button(key="import.go").disabled
    assert store.fingerprint() == before


def test_a_mapping_is_made_by_picking_columns(page: Callable[..., AppTest], store: Store) -> None:
    app = page("import_segments")
    sheet = "Station;Day;Who;From;To;Tone;Remark\nChannel A;13.03.2025;Красная партия;0:40:00;0:40:30;pos;x\n".encode(
        "cp1251"
    )
    app.file_uploader[0].upload("sheet.csv", sheet).run()
    app.button_group(key="import.how").set_value("made").run()
    assert "State the encoding of the file" in told(app)
    choose(app, "Encoding", "cp1251")
    choose(app, "Between columns", ";")
    choose(app, "Dates", "dmy")
    assert app.dataframe[0].value["Who"].tolist() == ["Красная партия"]
    assert "Choose where these come from: Subject, Format, Amount, Outlet, Date." in told(app)
    picked = {"Outlet": "Station", "Date": "Day", "Subject": "Who", "Start": "From", "End": "To", "Tone": "Tone"}
    for field, column in picked.items():
        choose(app, field, ("column", column))
    choose(app, "Format", ("constant", "news"))
    assert "does not say what the column Remark is" in told(app)
    next(box for box in app.multiselect if "leave out" in box.label).set_value(["Remark"]).run()
    assert "«pos» is not on the tone scale" in told(app)
    choose(app, "Means", "positive")
    assert counts(app)["New segments"] == "1"
    app.button(key="import.go").click().run()
    new = store.segments()[-1]
    assert (new.subject, new.tone, new.amount, new.airing_id) == ("Red Party", "positive", 30_000, "a-0313")


def test_the_mapping_can_be_taken_away_and_used_again(page: Callable[..., AppTest], tmp_path: Path) -> None:
    app = page("import_segments")
    app.file_uploader[0].upload("good.csv", csv(row(11))).run()
    choose(app, "Dates", "dmy")
    kept = app.get("download_button")[0]
    assert kept.proto.label == "Save the mapping (TOML)"
    app.button_group(key="import.how").set_value("own").run()
    wrong = b'title = "x"\n[columns]\nsubjekt = "a"\n'
    app.file_uploader(key="import.mapping_file").upload("mine.toml", wrong).run()
    assert "This mapping cannot be used" in told(app)
    shipped = (ROOT / "coding" / "exchange" / "mappings" / "evenhand.toml").read_bytes()
    app.file_uploader(key="import.mapping_file").set_value(("mine.toml", shipped, "application/toml")).run()
    assert counts(app)["New segments"] == "1"


def test_totals_ask_for_their_period_and_can_make_a_mission(page: Callable[..., AppTest], tmp_path: Path) -> None:
    app = page("import_segments")
    app.file_uploader[0].upload("totals.csv", TOTALS.encode("iso-8859-1")).run()
    choose(app, "Mapping", "arcom")
    assert "Choose the period of the mission that they cover" in told(app)
    app.button_group(key="import.target.2").set_value("new").run()
    assert "Fill in title" in told(app)
    app.text_input(key="new.title").set_value("France 2022").run()
    app.selectbox(key="new.zone").set_value("Europe/Paris").run()
    app.text_input(key="new.period").set_value("campaign").run()
    app.date_input(key="new.from").set_value("2022-04-04").run()
    app.date_input(key="new.to").set_value("2022-04-08").run()
    assert "1 outlets, 2 subjects and 1 formats" in told(app)
    app.button(key="new.go").click().run()
    assert "Made: France 2022" in told(app)
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "france-2022.sqlite"))
    assert sorted(s.amount for s in made.segments()) == [600_000, 1_200_000]
    app.button(key="new.open").click().run()
    assert app.session_state["where"] == made.url


def test_segments_alone_make_no_mission(page: Callable[..., AppTest]) -> None:
    app = page("import_segments")
    app.file_uploader[0].upload("good.csv", csv(row(11))).run()
    app.button_group(key="import.target.2").set_value("new").run()
    assert "Only a file of totals brings a mission of its own" in told(app)


def test_uploads_keep_their_name_and_leave_nothing(store: Store, tmp_path: Path) -> None:
    class Sent:
        name, file_id = "../неделя:1.csv", "1"

        def getbuffer(self) -> memoryview:
            return memoryview(b"a")

    home = tmp_path / "data" / "uploads"
    (home / "old").mkdir(parents=True)
    os.utime(home / "old", (1, LEFT_BEHIND))
    with placed(Sent()) as path:
        assert (path.name, path.read_bytes()) == ("неделя_1.csv", b"a")
        assert not (home / "old").exists()
    assert list(home.iterdir()) == []
    assert safe_name("...") == "file"


# the mission


def test_tables_lead_back_to_the_mission(held: MissionFolder) -> None:
    assert mission_from_tables(held.mission, tables_of(held.mission, held.airings)) == (held.mission, held.airings)


def test_saving_nothing_new_makes_no_version(store: Store, held: MissionFolder) -> None:
    mission, airings = mission_from_tables(store.mission(), tables_of(store.mission(), store.airings()))
    before = store.fingerprint()
    assert store.put_mission(mission, airings, "test", "nothing") == 1
    assert store.fingerprint() == before


def test_the_sample_leads_back_too() -> None:
    sample = load(SAMPLE)
    assert mission_from_tables(sample.mission, tables_of(sample.mission, sample.airings)) == (
        sample.mission,
        sample.airings,
    )


def test_every_problem_of_every_table_is_named_at_once(held: MissionFolder) -> None:
    tables = tables_of(held.mission, held.airings)
    tables["outlets"][0]["monitored"] = "perhaps"
    tables["subjects"][6]["to"] = "tomorrow"
    tables["subjects"][2]["ballot"] = "2"
    tables["airings"][1]["actual_end"] = "20:10"
    tables["windows"][1]["to"] = "2025-03-02"
    tables["windows"][2]["outlets"] = "Gazette|Nowhere"
    tables["periods"][1]["from"] = "2025-03-05"
    with pytest.raises(ProblemsFound) as caught:
        mission_from_tables(held.mission, tables)
    assert {(p.file, p.line, p.column, p.key) for p in caught.value.problems} == {
        ("outlets", 1, "monitored", "yes_or_no"),
        ("subjects", 7, "to", "date"),
        ("subjects", 2, "ballot", "ballot_twice"),
        ("subjects", 3, "ballot", "ballot_twice"),
        ("airings", 2, "actual_end", "airing_reversed"),
        ("windows", 2, "from", "dates_reversed"),
        ("windows", 3, "windows.outlets", "unknown_name"),
        ("periods", 2, "from", "periods_overlap"),
    }


def test_used_names_stay_and_say_so_once(held: MissionFolder) -> None:
    tables = tables_of(held.mission, held.airings)
    tables["outlets"][0]["outlet"] = "Kanal A"
    del tables["subjects"][0]
    used = Used.by(held.airings, [segment(1, start=0, end=1), segment(2, start=2, end=3)])
    with pytest.raises(ProblemsFound) as caught:
        mission_from_tables(held.mission, tables, used)
    found = [(p.key, p.value, p.values["segments"]) for p in caught.value.problems if p.key == "in_use"]
    assert found == [("in_use", "Channel A", 2), ("in_use", "Blue Party", 2)]
    assert {p.value for p in caught.value.problems} == {"Channel A", "Blue Party"}


def test_an_airing_cannot_become_shorter_than_its_segments(held: MissionFolder) -> None:
    tables = tables_of(held.mission, held.airings)
    tables["airings"][0]["actual_end"] = "20:30:10"
    mission, airings = mission_from_tables(held.mission, tables)
    problems = unfitting(mission, airings, (held.mission, held.airings), [segment(1, start=0, end=30)])
    assert [(p.key, p.file, p.line) for p in problems] == [("past_the_end", "airings", 1)]
    assert unfitting(mission, airings, (held.mission, held.airings), [segment(1, start=0, end=10)]) == []


def test_edits_of_a_grid_reach_the_rows_that_it_was_given() -> None:
    rows = [{"a": "0"}, {"a": "1"}, {"a": "2"}, {"a": "3"}]
    state = {"edited_rows": {"1": {"a": ["x", "y"]}}, "deleted_rows": [0], "added_rows": [{"a": "new", "b": None}]}
    assert with_edits(rows, [1, 3], state) == [{"a": "0"}, {"a": "2"}, {"a": "x|y"}, {"a": "new", "b": ""}]
    assert rows[3] == {"a": "3"}


def test_merged_edits_are_not_applied_twice(store: Store) -> None:
    draft = Draft.of(store)
    state = {"edited_rows": {0: {"region": "north"}}, "added_rows": [{"outlet": "New"}]}
    key = draft.key("outlets")
    draft.edits[key] = Edits("outlets", (0, 1, 2, 3), state)
    before = draft.tables()["outlets"]
    draft.merge([key])
    assert draft.tables()["outlets"] == before
    assert [row["outlet"] for row in before] == ["Channel A", "Channel B", "Gazette", "Radio C", "New"]
    assert draft.changed
    assert draft.key("outlets") != key


def test_an_edited_outlet_is_a_new_version(page: Callable[..., AppTest], store: Store) -> None:
    app = edited(page("mission"), "outlets", edited_rows={1: {"ownership": "community"}})
    assert "edits that are not saved yet" in told(app)
    app.button(key="save").click().run()
    assert "Saved as codebook version 2." in told(app)
    assert "by test admin: corrected" in told(app)
    assert store.mission().outlets[1].ownership == Ownership.COMMUNITY


def test_the_policy_for_suggestions_is_edited(page: Callable[..., AppTest], store: Store) -> None:
    app = edited(page("mission"), "suggestions", edited_rows={0: {"show": "before", "withheld": "0.1"}})
    app.button(key="save").click().run()
    assert "At least 0.15 of the segments must go without a suggestion" in told(app)
    app = edited(app, "suggestions", edited_rows={0: {"show": "before", "withheld": "0.25"}})
    app.button(key="save").click().run()
    assert "Saved as codebook version 2." in told(app)
    assert (store.mission().suggestions.show, store.mission().suggestions.withheld) == ("before", 0.25)


def test_an_airing_is_added_and_corrected(page: Callable[..., AppTest], store: Store) -> None:
    new = {"airing_id": "b-0314", "outlet": "Channel B", "date": "2025-03-14", "kind": "programme"}
    times = {"planned_start": "20:00", "planned_end": "20:30"}
    app = edited(page("mission"), "airings", edited_rows={0: {"note": "checked"}}, added_rows=[new | times])
    app.button(key="save").click().run()
    assert "the airings were revised" in told(app)
    airings = {airing.airing_id: airing for airing in store.airings()}
    assert (airings["a-0312"].note, airings["b-0314"].planned) == ("checked", 1_800_000)


def test_what_is_wrong_is_told_and_the_edit_is_still_there(page: Callable[..., AppTest], store: Store) -> None:
    before = store.fingerprint()
    app = edited(page("mission"), "subjects", edited_rows={0: {"subject": "Azure Party"}, 1: {"colour": "red"}})
    app.button(key="save").click().run()
    words = told(app)
    assert "your edits are still in the tables" in words
    assert "segments refer to «Blue Party» (2)" in words
    assert "<td>2 · Red Party</td><td>colour</td><td>red</td>" in words
    assert store.fingerprint() == before
    assert app.session_state[grid_key(app, "subjects")]["edited_rows"] == {
        0: {"subject": "Azure Party"},
        1: {"colour": "red"},
    }


def test_edits_survive_a_visit_to_another_page_and_another_filter(page: Callable[..., AppTest], store: Store) -> None:
    app = edited(page("mission"), "airings", edited_rows={4: {"note": "from the first view"}})
    choose(app, "Outlet", "Channel A")
    app = edited(app, "airings", edited_rows={0: {"note": "from the second"}})
    app.switch_page("coding/pages/import_segments.py").run()
    app.switch_page("coding/pages/mission.py").run()
    app.text_input[0].set_value("corrected").run()
    app.button(key="save").click().run()
    notes = {airing.airing_id: airing.note for airing in store.airings()}
    assert (notes["a-0312"], notes["b-0312"]) == ("from the second", "from the first view")


def test_an_edit_made_after_the_filter_is_cleared_is_kept(page: Callable[..., AppTest], store: Store) -> None:
    """The view of all outlets ends in the same letters as that of one: its edits are not those of the one."""
    app = page("mission")
    choose(app, "Outlet", "Channel A")
    app = edited(app, "airings", edited_rows={0: {"note": "in the view of one"}})
    choose(app, "Outlet", "")
    app = edited(app, "airings", edited_rows={4: {"note": "in the view of all"}})
    app.button(key="save").click().run()
    notes = {airing.airing_id: airing.note for airing in store.airings()}
    assert (notes["a-0312"], notes["b-0312"]) == ("in the view of one", "in the view of all")


def test_a_change_by_somebody_else_is_a_conflict_not_a_loss(page: Callable[..., AppTest], store: Store) -> None:
    app = edited(page("mission"), "outlets", edited_rows={0: {"region": "north"}})
    other = store.mission().model_copy(update={"country": "Georgia"})
    changed = store.airings()[0].model_copy(update={"note": "theirs"})
    store.put_mission(other, [changed], "somebody else", "meanwhile")
    app.button(key="save").click().run()
    assert "somebody else changed the mission meanwhile" in told(app)
    assert store.mission() == other
    app.button(key="discard").click().run()
    assert "Nothing is edited yet." in told(app)
    app = edited(app, "airings", edited_rows={0: {"note": "mine"}})
    store.put_mission(other, [changed.model_copy(update={"note": "theirs again"})], "somebody else", "meanwhile")
    app.button(key="save").click().run()
    assert "somebody else changed the airing «a-0312» meanwhile" in told(app)
    assert store.airings()[0].note == "theirs again"


def test_an_airing_keeps_its_identifier(page: Callable[..., AppTest], store: Store) -> None:
    app = edited(page("mission"), "airings", edited_rows={5: {"airing_id": "renamed"}})
    app.button(key="save").click().run()
    assert "the airing «b-0313» is recorded" in told(app)
    assert "renamed" not in {airing.airing_id for airing in store.airings()}
