"""Every sentence, bar and row leads to its segments in two clicks at most, on every page with results or evidence.

In a real browser, which must not report an error or ask another host for anything.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from coding.exchange.into import import_folder
from coding.languages import translator
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.suggestions import reading
from monitoring.findings import KINDS, Kind
from tests.e2e.serving import WAIT, drawn, require_chromium, running, sign_in
from tests.fictitious import GREEN, INCIDENTS, NOTICE, write_fictitious
from tests.missions import write_mission
from tests.monitoring.combined.made import Reader, airings, prepared

pytestmark = pytest.mark.browser

BLUE = "#0072b2"
"""The colour of Nur Otan in the sample."""
CODED_DAY = "#dbe7f1"
"""The colour of a day that is coded, on the calendar."""
BEHIND = "The segments behind"
SAMPLE = "synthetic segments"
BOX, HEADING, ROW = 15, 35, 35
"""Pixels: the middle of the box by which a row is picked, the heights of a table's heading and of a row."""


class Steps:
    """What a reader does on a page, each click counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def mark(self, fill: str, kind: str = "") -> None:
        """A click on the first mark of a colour, and of a kind where one is named, in the first chart."""
        asked = f"svg .role-mark path[fill='{fill}']" + (f"[aria-roledescription='{kind}']" if kind else "")
        marks = self.page.get_by_test_id("stVegaLiteChart").first.locator(asked)
        marks.first.scroll_into_view_if_needed()
        drawn(self.page)
        marks.first.click()
        self.clicks += 1

    def button(self, name: str, number: int = 0) -> None:
        """A click on a button."""
        self.page.get_by_role("button", name=name, exact=True).nth(number).click()
        self.clicks += 1

    def text(self, told: str) -> None:
        """A click on words."""
        self.page.get_by_text(told).first.click()
        self.clicks += 1

    def row(self, table: Locator, number: int = 0) -> None:
        """A click on the box of a row."""
        table.scroll_into_view_if_needed()
        drawn(self.page)
        table.click(position={"x": BOX, "y": HEADING + ROW * number + ROW // 2})
        self.clicks += 1

    def tables(self) -> Locator:
        """The tables of the page that are on the screen."""
        return self.page.get_by_test_id("stDataFrame").filter(visible=True)

    def reached(self, heading: str = BEHIND) -> None:
        """The segments stand there, after two clicks at most."""
        self.page.get_by_role("heading", name=heading).first.wait_for()
        expect(self.page.get_by_text(re.compile(r"^\d[\d,]* segments?\b")).first).to_be_visible()
        assert self.clicks <= 2
        drawn(self.page)


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page at 1366 x 768, and what it did that it must not do."""
    wrong: list[str] = []
    own = (address, address.replace("http", "ws", 1), "data:", "blob:")
    with browser.new_page(viewport={"width": 1366, "height": 768}) as page:
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("request", lambda asked: None if asked.url.startswith(own) else wrong.append(f"to: {asked.url}"))
        yield page, wrong


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running app on the sample mission."""
    require_chromium()
    with running(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[[str], Steps]]:
    """Opens a page by its name in the menu; at the end nothing wrong must have happened on it."""
    with watched(browser, address) as (page, wrong):

        def at(menu: str) -> Steps:
            page.goto(address)
            page.get_by_role("link", name=menu, exact=True).click()
            expect(page.get_by_role("link", name=menu, exact=True)).to_have_attribute("aria-current", "page")
            drawn(page)
            expect(page.get_by_text(SAMPLE).first).to_be_visible()
            return Steps(page)

        yield at
        expect(page.get_by_text(SAMPLE).first).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert wrong == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_finding_leads_to_the_segments_of_its_numbers(opened: Callable[[str], Steps], kind: Kind) -> None:
    steps = opened("Overview")
    page = steps.page
    page.get_by_role("radio", name=translator()(f"sentence.finding.{kind.name}.title"), exact=True).click()
    page.locator(f"[class*='st-key-overview-findings-{kind.name}-'] button").first.click()
    steps.clicks += 1
    page.get_by_role("button", name="Close", exact=True).wait_for()
    drawn(page)
    steps.row(steps.tables().first)
    steps.reached()


def test_the_finding_of_the_week_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Overview")
    steps.text("The numbers of this sentence")
    steps.row(steps.tables().first)
    steps.reached(f"{BEHIND}: 13 August")


def test_a_finding_is_quoted_with_its_basis_and_the_notice(opened: Callable[[str], Steps]) -> None:
    steps = opened("Overview")
    steps.button("Evidence")
    steps.button("Quote")
    quoted = steps.page.get_by_test_id("stCode")
    expect(quoted).to_contain_text("per cent of the political coverage on")
    expect(quoted).to_contain_text("Basis: share of the time given to all subjects")
    expect(quoted).to_contain_text(SAMPLE)


@pytest.mark.parametrize("menu", ["Share", "Appearances and time"])
def test_a_bar_leads_to_its_segments(opened: Callable[[str], Steps], menu: str) -> None:
    steps = opened(menu)
    steps.mark(BLUE)
    steps.reached()


def test_a_tone_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Tone")
    steps.mark(BLUE)
    steps.reached()


def test_a_point_of_the_timeline_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Timeline")
    steps.mark(BLUE, "point")
    steps.reached()


@pytest.mark.parametrize("menu", ["Overview", "Share", "Tone", "Appearances and time", "Timeline"])
def test_a_row_under_a_chart_leads_to_its_segments(opened: Callable[[str], Steps], menu: str) -> None:
    steps = opened(menu)
    steps.row(steps.tables().first, 1)
    steps.reached()


def test_a_row_of_the_counted_appearances_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Appearances and time")
    steps.row(steps.tables().nth(1), 1)
    steps.reached(f"{BEHIND}: TV Kazakhstan, Nur Otan")


def test_what_carries_a_result_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Share")
    steps.text("What carries this result")
    expect(steps.tables()).to_have_count(3)
    steps.row(steps.tables().nth(1), 1)
    steps.reached(f"{BEHIND}: TV Kazakhstan, Nur Otan")


@pytest.mark.parametrize("menu", ["Balance", "Compare"])
def test_a_bar_of_the_evidence_leads_to_its_segments(opened: Callable[[str], Steps], menu: str) -> None:
    steps = opened(menu)
    steps.mark(BLUE, "" if menu == "Balance" else "point")
    steps.reached(f"{BEHIND}: TV Kazakhstan, Nur Otan" if menu == "Balance" else BEHIND)


def test_a_distance_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Balance")
    steps.row(steps.tables().nth(1))
    steps.reached()


def test_a_gap_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Balance")
    steps.row(steps.tables().first)
    steps.reached()


def test_a_comparison_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Compare")
    steps.row(steps.tables().first)
    steps.reached()


def test_a_rule_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Rules")
    steps.row(steps.tables().nth(1))
    steps.reached()


def test_a_line_of_the_summary_of_the_rules_leads_to_its_rule_and_that_to_its_segments(
    opened: Callable[[str], Steps],
) -> None:
    steps = opened("Rules")
    steps.row(steps.tables().first)
    expect(steps.page.get_by_role("heading", level=2)).to_have_count(1)
    drawn(steps.page)
    steps.row(steps.tables().first)
    steps.reached()


def test_a_bound_of_the_calendar_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Calendar")
    steps.row(steps.tables().nth(1))
    steps.reached()


def test_a_day_of_the_calendar_leads_to_its_airing_and_that_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Calendar")
    steps.mark(CODED_DAY)
    steps.page.get_by_role("heading", name="TV Kazakhstan").wait_for()
    drawn(steps.page)
    steps.row(steps.tables().first)
    steps.reached()


def test_an_outlet_of_the_calendar_leads_to_its_segments(opened: Callable[[str], Steps]) -> None:
    steps = opened("Calendar")
    steps.row(steps.tables().nth(2))
    steps.reached(f"{BEHIND}: TV Kazakhstan")


def test_an_incident_leads_to_its_segment(browser: Browser, tmp_path: Path) -> None:
    said = INCIDENTS.replace(",Green Radish Party,free airtime,,,120000,ms,", f",,,lantern-day,{UUID(int=1)},,,")
    with fictitious(browser, tmp_path, "Incidents", incidents=said) as steps:
        steps.button("Segment and history")
        expect(steps.page.get_by_role("heading", name="What it is about")).to_be_visible()
        expect(steps.tables()).to_have_count(1)
        assert steps.clicks == 1


@contextmanager
def fictitious(browser: Browser, folder: Path, menu: str, **files: str) -> Iterator[Steps]:
    """A page on the fictitious mission, signed in; nothing wrong must have happened on it."""
    mission, held = write_fictitious(folder / "fictitious", **files), folder / "data"
    held.mkdir()
    with running(held, str(mission)) as address, watched(browser, address) as (page, wrong):
        sign_in(page.context, address, held)
        page.goto(address)
        page.get_by_role("link", name=menu, exact=True).click()
        drawn(page)
        expect(page.get_by_text(NOTICE).first).to_be_visible()
        yield Steps(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert wrong == []


def test_a_shortfall_of_a_fictitious_mission_leads_to_its_segments(browser: Browser, tmp_path: Path) -> None:
    with fictitious(browser, tmp_path, "Rules") as steps:
        expect(steps.page.get_by_test_id("stVegaLiteChart").first).to_contain_text(GREEN)
        steps.row(steps.tables().nth(1), 2)
        steps.reached(f"{BEHIND}: ")


def test_an_hour_of_free_airtime_leads_to_what_began_in_it(browser: Browser, tmp_path: Path) -> None:
    with fictitious(browser, tmp_path, "Rules") as steps:
        steps.text("At what hour it was aired")
        steps.row(steps.tables().nth(2))
        steps.reached(f"{BEHIND}: ")


def test_an_estimate_of_hand_and_machine_leads_to_its_hand_coded_segments(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_chromium()
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(reading, "opened", lambda _: Reader())
    store = Store(sqlite_url(tmp_path / "data" / "stores" / "small.sqlite"))
    import_folder(write_mission(tmp_path / "mission", airings=airings()), store.url, "test")
    reading.read(prepared(store)[0])
    with running(tmp_path / "data", store.url) as address, watched(browser, address) as (page, wrong):
        sign_in(page.context, address, tmp_path / "data")
        page.goto(address)
        page.get_by_role("link", name="Tone", exact=True).click()
        drawn(page)
        page.get_by_text("With the machine's readings").click()
        expect(page.get_by_text("Rests on 24 of them")).to_be_visible()
        steps = Steps(page)
        steps.row(steps.tables().last, 1)
        steps.reached(f"{BEHIND}: ")
        expect(page.get_by_text("As they were first coded")).to_be_visible()
        assert wrong == []
