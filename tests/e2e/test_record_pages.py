"""The pages of the record in a real browser: what a person uploads is previewed, imported or refused; edits are saved."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from coding.exchange.into import import_folder
from coding.store import Store
from coding.store.places import sqlite_url
from coding.vocabulary import Ownership
from tests.e2e.serving import WAIT, drawn, running, sign_in
from tests.missions import write_mission

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
HEADER = "segment_id,airing_id,start_ms,end_ms,subject,tone,format,text,coder,coded_at"


def row(number: int, subject: str = "Blues", text: str = "", start: int = 1000) -> str:
    return f"00000000-0000-0000-0000-{number:012d},a-0312,{start},{start + 4000},{subject},neutral,news,{text},c-1,2025-04-01T10:00:00Z"


def csv(*rows: str, encoding: str = "utf-8") -> bytes:
    return "".join(f"{line}\n" for line in (HEADER, *rows)).encode(encoding)


@dataclass(frozen=True)
class Served:
    """A running app over a store of its own."""

    address: str
    folder: Path

    @property
    def store(self) -> Store:
        return Store(sqlite_url(self.folder / "stores" / "small.sqlite"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("record")
    url = sqlite_url(folder / "stores" / "small.sqlite")
    import_folder(write_mission(folder / "mission"), url, "test")
    with running(folder, url) as address:
        yield Served(address, folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A page of somebody signed in, that fails the test on any JavaScript error."""
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    sign_in(opened.context, served.address, served.folder)
    opened.set_default_timeout(WAIT)
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    opened.close()
    assert errors == []


def opened_page(page: Page, served: Served, menu: str, title: str) -> None:
    page.goto(served.address)
    page.get_by_role("link", name=menu, exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    drawn(page)


def at_import(page: Page, served: Served, name: str, content: bytes) -> None:
    opened_page(page, served, "Import", "Import segments from a file")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def counts(page: Page, **numbers: int) -> None:
    """These numbers of rows are shown."""
    for label, number in numbers.items():
        metric = page.get_by_test_id("stMetric").filter(has_text=label.replace("_", " "))
        expect(metric.get_by_test_id("stMetricValue")).to_have_text(str(number))


def import_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Import", exact=True)


def test_a_good_file_is_previewed_imported_and_then_known(page: Page, served: Served) -> None:
    content = csv(row(1), row(2, "Красная партия", start=10_000))
    at_import(page, served, "good.csv", content)
    counts(page, Rows_in_the_file=2, New_segments=2)
    assert served.store.segments() == []
    import_button(page).click()
    expect(page.get_by_text("Segments stored: 2; already there: 0")).to_be_visible()
    assert [held.subject for held in served.store.segments()] == ["Blue Party", "Red Party"]
    drawn(page)  # at its end a run puts its copy of the file away
    assert not list((served.folder / "uploads").iterdir())
    at_import(page, served, "good.csv", content)
    expect(page.get_by_text("The same file again adds nothing.")).to_be_visible()
    counts(page, Already_there=2)
    expect(import_button(page)).to_be_disabled()


def test_a_bad_file_is_refused_whole_and_its_rows_can_be_taken_away(page: Page, served: Served) -> None:
    before = served.store.fingerprint()
    at_import(page, served, "bad.csv", csv(row(11, start=30_000), row(12, "Nobody", start=40_000)))
    expect(page.get_by_text("Nothing of the file is stored as long as one row is rejected")).to_be_visible()
    counts(page, New_segments=0, Rejected=1)
    expect(import_button(page)).to_be_disabled()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download the rejected rows (CSV)").click()
    assert taken.value.suggested_filename == "rejected-bad-made-for-a-test.csv"
    lines = Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "file,line,column,value,message,notice"
    assert lines[1].startswith("bad.csv,3,subject,Nobody,")
    assert lines[1].endswith("made for a test")
    assert served.store.fingerprint() == before


def test_the_encoding_is_chosen_and_the_names_show_whether_it_is_right(page: Page, served: Served) -> None:
    content = csv(row(21, "Красная партия", "встреча", start=50_000), encoding="cp1251")
    at_import(page, served, "cyrillic.csv", content)
    expect(page.get_by_text("The file cannot be read in this way. Nothing was stored.")).to_be_visible()
    expect(page.get_by_test_id("stCode")).to_contain_text("�")
    page.get_by_role("combobox", name="Encoding").click()
    page.get_by_role("option", name="Windows-1251 (Cyrillic)").click()
    counts(page, New_segments=1)
    import_button(page).click()
    expect(page.get_by_text("Segments stored: 1; already there: 0")).to_be_visible()
    assert served.store.segments()[-1].text == "встреча"


def test_an_edited_outlet_becomes_a_new_codebook_version(page: Page, served: Served) -> None:
    opened_page(page, served, "Mission", "The mission and its codebook")
    expect(page.get_by_text("Codebook version 1,")).to_be_visible()
    edit(page, down=1, right=3, text="community")
    expect(page.get_by_text("There are edits that are not saved yet.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing was saved; your edits are still in the tables.")).to_be_visible()
    assert served.store.codebook_version() == 1
    page.get_by_label("Reason for the change").fill("the licence changed hands")
    page.get_by_label("Reason for the change").press("Tab")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as codebook version 2.")).to_be_visible()
    expect(page.get_by_text("the licence changed hands")).to_be_visible()
    assert served.store.codebook_version() == 2
    assert {o.name: o.ownership for o in served.store.mission().outlets}["Channel B"] == Ownership.COMMUNITY


def test_a_name_that_segments_refer_to_stays_and_the_edit_is_kept(page: Page, served: Served) -> None:
    before = served.store.fingerprint()
    opened_page(page, served, "Mission", "The mission and its codebook")
    edit(page, down=0, right=0, text="Kanal A")
    expect(page.get_by_text("There are edits that are not saved yet.")).to_be_visible()
    page.get_by_label("Reason for the change").fill("another spelling")
    page.get_by_label("Reason for the change").press("Tab")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("segments refer to «Channel A»")).to_be_visible()
    page.get_by_role("link", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Import segments from a file")).to_be_visible()
    page.get_by_role("link", name="Mission", exact=True).click()
    expect(page.get_by_text("There are edits that are not saved yet.")).to_be_visible()
    page.get_by_role("button", name="Discard the edits").click()
    expect(page.get_by_text("Nothing is edited yet.")).to_be_visible()
    assert served.store.fingerprint() == before


def edit(page: Page, down: int, right: int, text: str) -> None:
    """Write into a cell of the first grid, with the keyboard."""
    page.wait_for_load_state("networkidle")  # parts of the grid that still arrive would take the open field away
    drawn(page)  # and so would a run of the page that has not come to its end
    grid = page.get_by_test_id("stDataFrame").first
    chosen = grid.locator("[role=gridcell][aria-selected=true]")
    expect(grid.get_by_test_id("glide-cell-1-0")).to_be_attached()
    grid.click(position={"x": 60, "y": 55})
    expect(chosen).to_have_attribute("id", "glide-cell-1-0")
    for key in ("ArrowDown",) * down + ("ArrowRight",) * right:
        page.keyboard.press(key)
    expect(chosen).to_have_attribute("id", f"glide-cell-{1 + right}-{down}")
    page.keyboard.press("Enter")
    field = page.get_by_test_id("portal").locator("textarea, input[role=combobox]")
    expect(field).to_be_focused()
    page.keyboard.type(text, delay=40)  # as fast as fingers: the grid drops what comes all at once in its first field
    expect(field).to_have_value(re.compile(f"{text}$"))
    page.keyboard.press("Enter")
    expect(field).to_have_count(0)
