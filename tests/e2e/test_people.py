"""Accounts in a real browser: the demo, the first sign-in, roles, and a session that ends under an open page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.faults.desks import until
from coding.exchange.into import import_folder
from coding.people.accounts import session_id_of
from coding.store import Store
from coding.store.places import sqlite_url
from coding.vocabulary import PersonRole
from tests.accounts import people_of
from tests.e2e.serving import WAIT, drawn, running, sign_in
from tests.missions import segment, write_mission

pytestmark = pytest.mark.browser
OWN = "four words of one sentence"
READABLE = r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}"


@dataclass(frozen=True)
class Served:
    """A running app over a data folder with a mission of its own."""

    address: str
    folder: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("people")
    url = sqlite_url(folder / "stores" / "small.sqlite")
    import_folder(write_mission(folder / "mission"), url, "test")
    Store(url).add([segment(1, start=0, end=300), segment(2, start=300, end=400, subject="Red Party")], "test")
    with running(folder) as address:
        yield Served(address, folder)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Opens pages, each in a browser without cookies, that fail the test on a JavaScript error."""
    errors: list[str] = []
    contexts = []

    def page() -> Page:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en")
        context.set_default_timeout(WAIT)
        contexts.append(context)
        made = context.new_page()
        made.on("pageerror", lambda error: errors.append(str(error)))
        return made

    yield page
    for context in contexts:
        context.close()
    assert errors == []


def fill(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def choose(page: Page, one_time: str) -> None:
    page.get_by_label("One-time password").fill(one_time)
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("New password again").fill(OWN)
    page.get_by_role("button", name="Save the password").click()


def at_home(page: Page, name: str) -> None:
    expect(page.get_by_test_id("stSidebar").get_by_text(name, exact=True)).to_be_visible()


def test_the_demo_opens_without_an_account_and_a_copy_of_it_asks_for_one(
    opened: Callable[[], Page], tmp_path: Path
) -> None:
    with running(tmp_path) as address:
        page = opened()
        page.goto(f"{address}/mission")
        expect(page.get_by_text("no account needed on this machine")).to_be_visible()
        expect(page.get_by_text("everybody needs an account")).to_be_visible()
        page.get_by_role("button", name="Copy it into a store").click()
        expect(page.get_by_text("Copied")).to_be_visible()
        page.get_by_test_id("stBaseButton-secondary").filter(has_text="Open").click()
        expect(page.get_by_text("A mission of your own is here now")).to_be_visible()
        page.get_by_role("link", name="Sign in").click()
        expect(page.get_by_text("python -m coding people password admin")).to_be_visible()
        assert len(re.findall(READABLE, (tmp_path / "log").read_text())) == 1


def test_from_the_first_start_to_a_coder_who_sees_no_results(served: Served, opened: Callable[[], Page]) -> None:
    page = opened()
    page.goto(f"{served.address}/people")
    expect(page).to_have_url(f"{served.address}/signin?next=%2Fpeople")
    fill(page, "admin", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
    found = re.search(READABLE, (served.folder / "log").read_text())
    assert found
    fill(page, "admin", found[0])
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    page.goto(served.address)
    expect(page).to_have_url(f"{served.address}/password")
    choose(page, found[0])
    at_home(page, "admin")
    page.get_by_role("link", name="People", exact=True).click()
    expect(page.get_by_role("heading", name="Who may come in")).to_be_visible()
    drawn(page)
    page.get_by_label("Name", exact=True).fill("Айгүл")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("Айгүл was added as coder.")).to_be_visible()
    code = page.get_by_test_id("stCode")
    expect(code).to_have_text(re.compile(READABLE))
    one_time = code.inner_text().strip()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto(f"{served.address}/share")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    coder = opened()
    coder.goto(served.address)
    fill(coder, "айгүл", one_time)
    choose(coder, one_time)
    at_home(coder, "Айгүл")
    expect(coder.get_by_test_id("stSidebarNav").get_by_role("link")).to_have_text(
        ["My work", "My returned work", "Desk"]
    )
    for path in ("share", "import_segments", "people"):
        coder.goto(f"{served.address}/{path}")
        at_home(coder, "Айгүл")
        expect(coder.get_by_role("heading", name="What is to be coded")).to_be_visible()
        drawn(coder)
        expect(coder.get_by_test_id("stVegaLiteChart")).to_have_count(0)
        expect(coder.get_by_text("Who received how much?")).to_have_count(0)
        expect(coder.get_by_text("Who may come in")).to_have_count(0)


def test_a_session_that_is_ended_ends_the_open_page_at_the_next_action(
    served: Served, opened: Callable[[], Page]
) -> None:
    page = opened()
    token = sign_in(page.context, served.address, served.folder, PersonRole.ANALYST)
    page.goto(f"{served.address}/tone")
    at_home(page, "test analyst")
    expect(page.get_by_role("heading", name="In what tone")).to_be_visible()
    accounts = people_of(served.folder)
    assert accounts.by_token(token)
    accounts.revoke_all("test analyst", "test")
    page.get_by_role("link", name="Timeline", exact=True).click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    expect(page.get_by_role("heading", name="In what tone")).to_have_count(0)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(0)
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_click_on_a_chart_shows_nothing_after_the_session_ended(served: Served, opened: Callable[[], Page]) -> None:
    """A chart is a part of the page that runs by itself, without the frame that asks who is there."""
    page = opened()
    token = sign_in(page.context, served.address, served.folder, PersonRole.VIEWER)
    page.goto(f"{served.address}/share")
    bar = page.locator("[data-testid=stVegaLiteChart] svg path[fill='#1f77b4']").first
    expect(bar).to_be_visible()
    drawn(page)
    people_of(served.folder).revoke(session_id_of(token), "test")
    bar.click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    drawn(page)
    expect(page.get_by_text("The segments behind")).to_have_count(0)


def test_signing_out_tells_what_is_not_saved_and_makes_no_database(served: Served, opened: Callable[[], Page]) -> None:
    page = opened()
    sign_in(page.context, served.address, served.folder, PersonRole.VIEWER)
    page.goto(f"{served.address}/signout")
    page.wait_for_timeout(500)
    expect(page.locator("#unsaved")).to_be_hidden()
    held = "indexedDB.databases().then((all) => all.map((each) => each.name))"
    until(lambda: page.evaluate(held) == [], lambda: page.evaluate(held))
    page.evaluate(
        """() => new Promise((done) => {
            const asked = indexedDB.open("evenhand", 1);
            asked.onupgradeneeded = () => {
                const box = asked.result.createObjectStore("outbox", { keyPath: "id" });
                box.add({ id: 1 }); box.add({ id: 2 });
            };
            asked.onsuccess = () => { asked.result.close(); done(); };
        })"""
    )
    page.reload()
    expect(page.locator("#unsaved")).to_have_text(re.compile("^2 not yet saved; they stay in this browser"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
