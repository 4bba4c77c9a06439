"""How the pages look on a field laptop: readable by day and by night, the menu in one view, the desk never cut off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from coding.languages import languages
from tests.e2e.desks import Coder, Place, open_desk, place
from tests.e2e.serving import WAIT, drawn, require_chromium, running, sign_in, still
from tests.missions import segment

pytestmark = pytest.mark.browser
LEAST = 4.5
EVERYWHERE = (".ev-who b", ".ev-who a", ".ev-title")
SAVE = "[data-testid^=stBaseButton-primary] p"
CHOICES = "[data-testid=stButtonGroup] button p"
PAGES = {
    "": (".ev-notice", ".ev-note", ".ev-head", CHOICES),
    "share": (".ev-notice", ".ev-note", ".ev-head", CHOICES),
    "mission": (".ev-notice", ".ev-note", SAVE),
    "my_work": (".ev-notice", ".ev-told"),
    "people": (".ev-note", ".ev-head", SAVE),
}
"""Address and parts; the first page of a person has no address of its own."""
WRITTEN = (
    ".ev-note, .ev-told, .ev-notice, .ev-title, .ev-head, .ev-finding, .ev-sum, .ev-who b, .ev-who span, .ev-who a, "
    ".ev-work h2 > span, .ev-work p, .ev-work b, [data-testid^=stBaseButton-primary]:enabled p, "
    "[data-testid=stButtonGroup] button p"
)
CONTRASTS = """(selector) => {
  const parts = (colour) => (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => {
    const part = (value) => { const v = value / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const [r, g, b, opaque = 1] = parts(getComputedStyle(element).backgroundColor);
    if (opaque === 1) return [r, g, b];
    return behind(element.parentElement).map((under, at) => under * (1 - opaque) + [r, g, b][at] * opaque);
  };
  return [...document.querySelectorAll(selector)]
    .filter((element) => element.getClientRects().length && element.textContent.trim())
    .map((element) => {
      const [one, other] = [light(parts(getComputedStyle(element).color)), light(behind(element))];
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      return [`${element.className || element.tagName}: ${element.textContent.trim().slice(0, 40)}`, contrast];
    });
}"""
"""Each written thing and the contrast of its letters to what is behind them."""
OUTSIDE = """(root) => [root, ...root.querySelectorAll('.bar, .strip, .screen, .draft, .side, .list, button, output')]
  .filter((element) => element.getClientRects().length && !element.parentElement.closest('.list'))
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, box]) => box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
  .map(([element, box]) => `${element.className || element.textContent}: ${box.right}, ${box.bottom}`)
"""

EVIDENCE = {"balance": 2, "compare": 1, "rules": 6, "calendar": 3, "incidents": 0}
"""The pages of evidence, and how many tables of the sample each has at least."""
SIDEWAYS = """(tables) => tables.filter((table) => table.scrollWidth > table.clientWidth + 1)
  .map((table) => `${table.scrollWidth} of ${table.clientWidth}`)"""
"""The tables that scroll sideways."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, str]]:
    """A running app over a mission with a recording, a segment and airings in hand."""
    require_chromium()
    made = place(tmp_path_factory.mktemp("data"), 20)
    made.store.add([segment(1, start=0, end=300)], "test")
    with running(made.folder) as address:
        yield made, address


@contextmanager
def opened(browser: Browser, **context: Any) -> Iterator[Page]:
    """A page of 1366 x 768 that nobody is signed in at yet."""
    with browser.new_context(viewport={"width": 1366, "height": 768}, **context) as made:
        made.set_default_timeout(WAIT)
        yield made.new_page()


def _shown(page: Page, *parts: str) -> None:
    """Until the page is drawn to its end, with these parts of it, which arrive in any order."""
    for part in parts:
        page.locator(part).first.wait_for()
    drawn(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_can_be_read_by_day_and_by_night(
    browser: Browser, site: tuple[Place, str], scheme: str
) -> None:
    made, address = site
    faint: list[str] = []
    with opened(browser, color_scheme=scheme) as page:
        sign_in(page.context, address, made.folder)
        for path, parts in PAGES.items():
            page.goto(f"{address}/{path}")
            _shown(page, *EVERYWHERE, *parts)
            found = page.evaluate(CONTRASTS, WRITTEN)
            assert len(found) > 4, f"{path}: {found}"
            faint += [f"{path}: {what} {contrast:.2f}" for what, contrast in found if contrast < LEAST]
            assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme") == scheme
    assert faint == []


def test_the_work_of_a_coder_can_be_read_by_night(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with opened(browser, color_scheme="dark") as page:
        made.sign_in(page, address, "ana")
        page.goto(address)
        _shown(page, ".ev-sum", ".ev-work p", ".ev-stage")
        found = page.evaluate(CONTRASTS, f"{WRITTEN}, .ev-stage")
        assert [each for each in found if each[1] < LEAST] == []
        assert {each[0].split(":")[0] for each in found} >= {"ev-sum", "P", "ev-stage open"}
        page.add_style_tag(content=".ev-work p { color: #5b6776 !important; }")
        assert [each for each in page.evaluate(CONTRASTS, ".ev-work p") if each[1] < LEAST], "the check sees a fault"


@pytest.mark.parametrize("language", sorted(languages()))
def test_who_is_signed_in_is_seen_without_scrolling(browser: Browser, site: tuple[Place, str], language: str) -> None:
    """Language, mission, name and the ways to a password and out, under every section of the menu."""
    made, address = site
    with opened(browser) as page:
        sign_in(page.context, address, made.folder)
        page.goto(f"{address}/people?lang={language}")
        side = page.get_by_test_id("stSidebar")
        expect(side.locator(".ev-who")).to_have_count(2)
        expect(side.get_by_test_id("stNavSectionHeader")).to_have_count(5)
        expect(side.get_by_role("combobox")).to_have_count(2)
        expect(side.locator(".ev-who a")).to_have_count(2)
        drawn(page)
        parts = [*side.get_by_role("combobox").all(), *side.locator(".ev-who, .ev-who a").all()]
        assert len(parts) == 6
        for part in parts:
            box = part.bounding_box()
            assert box is not None
            assert box["y"] > 0
            assert box["y"] + box["height"] <= 740


def test_evidence_is_read_without_scrolling_sideways_and_without_seeing_it(browser: Browser, tmp_path: Path) -> None:
    """In Russian, whose names are the longest; what Streamlit draws in its menu is its own."""
    require_chromium()
    with running(tmp_path) as address, opened(browser) as page:
        for name, tables in EVIDENCE.items():
            page.goto(f"{address}/{name}?lang=ru")
            _shown(page, ".ev-title")
            if tables:
                page.locator(".dvn-scroller").nth(tables - 1).wait_for()
            drawn(page)
            assert page.locator(".dvn-scroller").evaluate_all(SIDEWAYS) == [], name
            found = Axe().run(page, context={"exclude": [["[data-testid=stSidebar]"]]}).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] != "minor"] == [], name


def _from_my_work(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Open the desk").first.wait_for()
    drawn(page)
    page.get_by_role("button", name="Open the desk").first.click()


def _from_the_menu(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Open the desk").first.wait_for()
    page.get_by_role("link", name="Desk", exact=True).click()
    expect(page.get_by_text("Choose an airing to code.")).to_be_visible()
    drawn(page)
    page.get_by_test_id("stMain").get_by_role("combobox").click()
    page.get_by_role("option", name="b-0312").click()


def _by_address(page: Page, address: str) -> None:
    open_desk(page, address, "b-0312")


@pytest.mark.parametrize("way", [_from_my_work, _from_the_menu, _by_address])
def test_the_desk_is_nowhere_cut_off(
    browser: Browser, site: tuple[Place, str], way: Callable[[Page, str], None]
) -> None:
    made, address = site
    with opened(browser) as page:
        made.sign_in(page, address, "ana")
        way(page, address)
        desk = page.locator(".desk")
        desk.locator(".list").wait_for(state="attached")
        page.get_by_test_id("stExpandSidebarButton").wait_for()
        drawn(page)
        Coder(page).wait_loaded()
        for menu in ("closed", "open"):
            still(page)
            assert desk.evaluate(OUTSIDE) == [], menu
            assert page.evaluate("document.documentElement.scrollWidth") <= 1366
            main = page.get_by_test_id("stMain")
            assert main.evaluate("(main) => main.scrollWidth <= main.clientWidth && main.scrollHeight <= innerHeight")
            if menu == "closed":
                page.get_by_test_id("stExpandSidebarButton").click()
                expect(page.locator("[data-testid=stSidebar][data-collapsed=false]")).to_be_visible()


def test_the_notice_is_seen_with_the_menu_closed(browser: Browser, site: tuple[Place, str]) -> None:
    made, address = site
    with opened(browser) as page:
        sign_in(page.context, address, made.folder)
        page.goto(f"{address}/mission")
        _shown(page, ".ev-notice")
        page.get_by_test_id("stSidebar").hover()
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
        page.get_by_test_id("stExpandSidebarButton").wait_for()
        still(page)
        on_top = """(notice) => {
            const box = notice.getBoundingClientRect();
            return [0.02, 0.5, 0.98].every((part) =>
                notice.contains(document.elementFromPoint(box.left + box.width * part, box.top + box.height / 2)));
        }"""
        assert page.locator(".ev-notice").evaluate(on_top)
