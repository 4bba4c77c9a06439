"""The whole app in a real browser: no JavaScript error, no request to another host, a click opens the segments."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.serving import WAIT, drawn, require_chromium, running

MENU = ("Overview", "Share", "Tone", "Appearances and time", "Timeline")
CHART = "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running app on a free port, on the sample mission, with a data folder of its own."""
    require_chromium()
    with running(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page at 1366 x 768 on the app, and what it did that it must not do."""
    wrong: list[str] = []
    with browser.new_page(viewport={"width": 1366, "height": 768}) as page:
        page.set_default_timeout(WAIT)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("request", lambda request: None if _own(request.url, address) else wrong.append(f"to: {request.url}"))
        page.goto(address)
        page.wait_for_selector(CHART)
        drawn(page)
        yield page, wrong


def _own(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:"))


def _open(page: Page, menu: str, title: str) -> None:
    page.get_by_role("link", name=menu, exact=True).click()
    page.get_by_role("heading", name=title).wait_for()
    drawn(page)
    page.wait_for_selector(CHART)


def test_every_page_opens_without_errors_or_requests_elsewhere(opened: tuple[Page, list[str]]) -> None:
    page, wrong = opened
    titles = ["What was monitored", "Who received", "In what tone", "How often", "How did it"]
    for menu, title in zip(MENU, titles, strict=True):
        _open(page, menu, title)
        page.get_by_text("synthetic segments").first.wait_for()
        expect(page.get_by_test_id("stException")).to_have_count(0)
    page.wait_for_timeout(500)
    assert wrong == []


def test_a_click_on_a_bar_opens_its_segments(opened: tuple[Page, list[str]]) -> None:
    page, wrong = opened
    _open(page, "Share", "Who received")
    page.get_by_text("Click a mark in the chart").wait_for()
    page.locator("[data-testid=stVegaLiteChart] svg path[fill='#0072b2']").first.click()
    page.get_by_text("The segments behind: TV Kazakhstan, Nur Otan").wait_for()
    page.get_by_text("105 segments.").wait_for()
    page.get_by_test_id("stDataFrame").nth(1).wait_for()
    assert wrong == []


def test_a_chart_and_a_table_are_downloaded_under_names_with_the_notice(opened: tuple[Page, list[str]]) -> None:
    page, wrong = opened
    _open(page, "Share", "Who received")
    for button, name in (
        ("chart (PNG)", "share-synthetic-segments.png"),
        ("table (CSV)", "share-synthetic-segments.csv"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download the {button}").click()
        assert download.value.suggested_filename == name
        content = download.value.path().read_bytes()
        assert content.startswith(b"\x89PNG") or b",synthetic segments\n" in content
    assert wrong == []


def test_the_language_is_switched_and_kept(opened: tuple[Page, list[str]]) -> None:
    page, wrong = opened
    page.get_by_test_id("stSidebar").get_by_role("combobox").first.click()
    page.get_by_role("option", name="Русский").click()
    page.get_by_role("heading", name="Что отслеживалось").wait_for()
    page.get_by_role("link", name="Доли", exact=True).click()
    page.get_by_role("heading", name="Кому сколько досталось?").wait_for()
    page.wait_for_selector(CHART)
    assert wrong == []
