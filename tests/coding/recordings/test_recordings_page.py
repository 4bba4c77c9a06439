"""The Recordings page without a browser: what it lists, what it asks, what its buttons leave in the store."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coding.exchange.into import import_folder
from coding.languages import languages, translator
from coding.pages import who
from coding.people.rights import Person
from coding.recordings import jobs
from coding.recordings.ingest import ingest
from coding.recordings.report import Options
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.store.recordings import recordings
from coding.vocabulary import PersonRole
from tests.missions import write_mission

PAGE = Path(__file__).parents[3] / "coding" / "pages" / "recordings.py"
Named = Callable[[str, str], Path]


@pytest.fixture
def store(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The small mission in a store of the data folder."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    made = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(write_mission(tmp_path / "mission"), made.url, "test")
    yield made
    job = jobs.job_of(made.url)
    if job is not None:
        over(job)
        jobs.dismiss(made.url)


@pytest.fixture
def page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Runs the page for a supervisor, or who is named."""

    def run(role: PersonRole | None = PersonRole.SUPERVISOR, language: str = "en", where: str = store.url) -> AppTest:
        monkeypatch.setattr(who, "person", lambda: Person("ana", role) if role else None)
        app = AppTest.from_file(str(PAGE), default_timeout=60)
        app.session_state["where"] = where
        app.session_state["language"] = language
        return app.run()

    return run


def told(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def over(job: jobs.Job | None) -> None:
    assert job is not None
    until = time.monotonic() + 60
    while job.running and time.monotonic() < until:
        time.sleep(0.02)
    assert not job.running


def labelled(elements: Any, label: str) -> Any:
    return next(each for each in elements if each.label == label)


def from_machine(app: AppTest, place: Path | str) -> AppTest:
    app.button_group(key="recordings.source").set_value("machine").run()
    return app.text_input(key="recordings.path").set_value(str(place)).run()


@pytest.mark.parametrize("language", sorted(languages()))
def test_an_empty_page_says_what_to_do(page: Callable[..., AppTest], language: str) -> None:
    t = translator(language)
    words = told(page(language=language))
    assert t("page.recordings.title") in words
    assert t("page.recordings.none") in words


@pytest.mark.parametrize("role", [PersonRole.CODER, PersonRole.ANALYST, PersonRole.VIEWER, None])
def test_it_is_for_those_who_supervise(page: Callable[..., AppTest], role: PersonRole | None) -> None:
    app = page(role)
    assert len(app.error) == 1
    assert not app.button


def test_files_of_this_machine_that_say_what_they_are(
    page: Callable[..., AppTest], store: Store, named: Named, picture: Callable[..., Path]
) -> None:
    place = named("fast.mp4", "a-0312").parent
    named("talk.mp3", "channel b_2025-03-12_20-00")
    picture()
    app = from_machine(page(), place)
    words = told(app)
    assert "a-0312.mp4: a-0312" in words
    assert "Channel B, begins 2025-03-12 20:00:00" in words
    assert "g-0312, page 1, 289 × 380 mm" in words
    app.button(key="recordings.ingest").click().run()
    over(jobs.job_of(store.url))
    app.run()
    assert "stored, 0:00:04 long" in told(app)
    assert {row.airing_id for row in recordings(store)} == {"a-0312", "b-0312", "g-0312"}
    table = app.dataframe[0].value
    assert list(table["Airing"]) == ["a-0312", "b-0312", "g-0312"]
    assert list(table["State"]) == ["ready"] * 3
    app.button(key="recordings.close").click().run()
    assert jobs.job_of(store.url) is None


def test_files_that_say_nothing_are_asked_about(
    page: Callable[..., AppTest], store: Store, named: Named, picture: Callable[..., Path]
) -> None:
    place = named("fast.mp4", "holiday").parent
    picture("scan.jpg")
    app = from_machine(page(), place)
    assert "the name does not say" in told(app)
    assert app.button(key="recordings.ingest").disabled
    app.selectbox(key=f"recordings.airing.{place / 'holiday.mp4'}").set_value("b-0313").run()
    app.text_input(key=f"recordings.start.{place / 'holiday.mp4'}").set_value("2025-03-13 20:00:05").run()
    app.selectbox(key=f"recordings.airing.{place / 'scan.jpg'}").set_value("g-0312").run()
    app.number_input(key=f"recordings.page.{place / 'scan.jpg'}").set_value(7).run()
    app.selectbox(key=f"recordings.size.{place / 'scan.jpg'}").set_value("tabloid").run()
    app.button(key="recordings.ingest").click().run()
    over(jobs.job_of(store.url))
    assert [(row.airing_id, row.page, row.width_mm) for row in recordings(store)] == [
        ("b-0313", None, None),
        ("g-0312", 7, 289),
    ]
    assert "20:00:05 to 20:00:09" in told(app.run())


def test_what_is_refused_is_told_with_the_file(page: Callable[..., AppTest], store: Store, tmp_path: Path) -> None:
    place = tmp_path / "given"
    place.mkdir()
    (place / "a-0312.mp4").write_text("no recording")
    app = from_machine(page(), place)
    app.button(key="recordings.ingest").click().run()
    over(jobs.job_of(store.url))
    words = told(app.run())
    assert "Files that were not stored: 1" in words and "a-0312.mp4" in words
    assert "no recording that can be read" in words
    assert recordings(store) == []


def test_a_person_who_knows_better_than_the_times_says_so(
    page: Callable[..., AppTest], store: Store, named: Named
) -> None:
    given = named("fast.mp4", "channel a_2025-03-12_23-00")
    app = from_machine(page(), given.parent)
    box = app.selectbox(key=f"recordings.airing.{given}")
    assert box.options == ["a-0312", "a-0313"]
    box.set_value("a-0312").run()
    app.button(key="recordings.ingest").click().run()
    over(jobs.job_of(store.url))
    assert [(row.airing_id, row.offset_ms) for row in recordings(store)] == [("a-0312", -9_000_000)]


def test_whoever_tries_the_sample_sees_no_paths(page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    page()
    monkeypatch.setattr(who, "person", lambda: Person("demo", PersonRole.ADMIN, demo=True))
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["where"] = sqlite_url(next((Path(os.environ[DATA_VARIABLE]) / "stores").glob("*.sqlite")))
    app.run()
    assert not app.button_group
    assert len(app.file_uploader) == 1


@pytest.mark.parametrize("place", ["relative/place", "/no/such/folder"])
def test_a_place_that_is_not_there(page: Callable[..., AppTest], place: str) -> None:
    words = told(from_machine(page(), place))
    assert "no such folder or file" in words
    assert "No recordings yet" in words


def test_a_folder_without_media(page: Callable[..., AppTest], tmp_path: Path) -> None:
    assert "no recordings or pictures" in told(from_machine(page(), tmp_path / "mission"))


def test_an_upload_is_ingested_and_not_left_lying(
    page: Callable[..., AppTest], store: Store, named: Named, tmp_path: Path
) -> None:
    app = page()
    content = named("fast.mp4", "a-0312").read_bytes()
    app.file_uploader(key="recordings.upload.0").upload("a-0312.mp4", content, "video/mp4").run()
    assert "a-0312.mp4: a-0312" in told(app)
    app.button(key="recordings.ingest").click().run()
    over(jobs.job_of(store.url))
    assert [row.name for row in recordings(store)] == ["a-0312.mp4"]
    assert app.run().file_uploader(key="recordings.upload.1").value == []
    time.sleep(0.2)
    assert not [path for path in (tmp_path / "data" / "uploads").glob("*") if path.is_dir()]


def test_a_running_ingest_is_shown_to_everybody_and_can_be_stopped(page: Callable[..., AppTest], store: Store) -> None:
    job = jobs.Job(store.url, 3, "evening.ts", done=1, share=0.4)
    jobs._jobs[store.url] = job
    app = page()
    words = told(app)
    assert "evening.ts: reading (1 of 3 files done)" in words
    app.button(key="recordings.stop").click().run()
    assert job.stop.is_set()
    assert labelled(app.button, "Stopping …").disabled
    job.failed = True
    assert "broke off by a fault" in told(app.run())


def chosen(app: AppTest) -> AppTest:
    return app.selectbox(key="recordings.one").select_index(0).run()


def test_a_wrong_airing_and_a_wrong_start_are_corrected(
    page: Callable[..., AppTest], store: Store, named: Named
) -> None:
    ingest(store, [named("fast.mp4", "a-0312")], Options(), "ana")
    app = chosen(page())
    labelled(app.selectbox, "Airing").set_value("a-0313").run()
    labelled(app.text_input, "Begins (local time)").set_value("2025-03-13 20:29:50").run()
    app.button(key="recordings.correct").click().run()
    assert "Corrected" in told(app)
    (row,) = recordings(store)
    assert (row.airing_id, row.offset_ms) == ("a-0313", 10_000)
    app = chosen(page())
    assert labelled(app.text_input, "Begins (local time)").value == "2025-03-13 20:29:50"
    app.button(key="recordings.correct").click().run()
    assert "Nothing was changed" in told(app)


def test_a_start_that_cannot_be_read_changes_nothing(page: Callable[..., AppTest], store: Store, named: Named) -> None:
    ingest(store, [named("fast.mp4", "a-0312")], Options(), "ana")
    app = chosen(page())
    labelled(app.text_input, "Begins (local time)").set_value("at eight").run()
    app.button(key="recordings.correct").click().run()
    assert "is not a start" in told(app)
    assert recordings(store)[0].offset_ms == 0


def test_one_is_removed(page: Callable[..., AppTest], store: Store, named: Named) -> None:
    ingest(store, [named("fast.mp4", "a-0312")], Options(), "ana")
    app = chosen(page())
    app.button(key="recordings.remove").click().run()
    assert "Removed." in told(app)
    assert recordings(store) == []


def test_a_small_copy_is_made(page: Callable[..., AppTest], store: Store, named: Named) -> None:
    ingest(store, [named("fast.mp4", "a-0312")], Options(), "ana")
    app = chosen(page())
    app.button(key="recordings.make_proxy").click().run()
    over(jobs.job_of(store.url))
    assert list(app.run().dataframe[0].value["State"]) == ["ready, small copy"]


def test_a_missing_file_shows(page: Callable[..., AppTest], store: Store, folder: Path, named: Named) -> None:
    ingest(store, [named("fast.mp4", "a-0312")], Options(), "ana")
    next(folder.glob("*.mp4")).unlink()
    assert list(page().dataframe[0].value["State"]) == ["file missing: ingest it again"]


def test_a_folder_is_looked_at_only(page: Callable[..., AppTest], tmp_path: Path) -> None:
    app = page(where=str(tmp_path / "mission"))
    assert "can be added to a copy" in told(app)
    assert not app.file_uploader


def test_names_reach_the_screen_as_text(page: Callable[..., AppTest], named: Named) -> None:
    place = named("fast.mp4", "<img src=x onerror=alert(1)>").parent
    assert "<img" not in told(from_machine(page(), place))
