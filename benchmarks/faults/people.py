"""Somebody is signed out in the middle, and somebody else signs in in the same browser."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from benchmarks.faults.desks import Desk, browser, must, sign_in
from benchmarks.faults.network import SAVED, coded
from benchmarks.faults.outcome import Outcome
from benchmarks.faults.record import desk_tally
from benchmarks.faults.servers import PASSWORD, TRAINING, mission, served
from coding.people.accounts import People
from coding.store.engine import open_engine
from coding.store.places import sqlite_url

SIGNED_OUT = "You are signed out. It stays in this browser: sign in again, under the same name, in another tab."
OTHER = "Somebody else is signed in here. It stays in this browser for its owner."
THEIRS = "In this browser there is also work that is not yet saved by: ana. Sign in under that name to send it."


def signed_out(playwright: Playwright, folder: Path) -> Outcome:
    """Ana's session is ended while she codes; Berik signs in in another tab and codes; then Ana again."""
    made = mission(folder / "data", ("ana", "berik"))
    with served(made.folder) as server, browser(playwright, folder / "b") as opened:
        sign_in(opened, server.address, made.tokens["ana"])
        ana = Desk(opened.new_page())
        ana.open(server.address)
        ana.press("KeyI")
        for number in range(2):
            ana.code(number)
        ana.wait_told(0, "")
        People(open_engine(sqlite_url(made.folder / "people.sqlite"))).revoke_all("ana", "faults")
        for number in range(2, 5):
            ana.code(number)
        told = ana.wait_told(3, "signed_out")
        must(told.text == f"3 not yet saved. {SIGNED_OUT}", told)
        berik = _signing_in(opened, server.address, "berik")
        _codes_beside(berik)
        meanwhile = ana.wait_told(3, "other_person")
        must(meanwhile.text.startswith(f"3 not yet saved. {OTHER}"), meanwhile)
        must(made.store.segments([TRAINING])[-1].coder == "berik", "nothing of Ana's under another name")
        ana.code(5)
        ana.wait_told(4)
        berik.page.close()
        _signing_in(opened, server.address, "ana", out=True).page.close()
        after = ana.wait_told(0, "")
        must((after.text, ana.states) == (SAVED, ["kept"] * 6), (after, ana.states))
    store = made.store
    hers = desk_tally(store, "ana", [coded(store, number) for number in range(6)])
    his = desk_tally(store, "berik", [coded(store, 0)])
    return Outcome("signed out", "another person signed in meanwhile", told.text, (hers, his)).check()


def _codes_beside(berik: Desk) -> None:
    """Another person's desk tells whose work waits here, and sends its own only."""
    told = berik.wait_told(0, "")
    must(told.text == f"{SAVED} {THEIRS}", told)
    must(berik.lines == 0, f"{berik.lines} lines at the desk of somebody who has coded nothing")
    berik.press("KeyI")
    berik.code(0)
    berik.wait_told(0, "")


def _signing_in(opened: BrowserContext, address: str, name: str, out: bool = False) -> Desk:
    """A tab in which somebody signs in by the form (and whoever is there signs out first), at the desk."""
    page = opened.new_page()
    if out:
        page.goto(f"{address}/signout")
        page.locator("form button").click()
    page.goto(f"{address}/signin?lang=en")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button").click()
    page.wait_for_url(lambda url: "/signin" not in url)
    desk = Desk(page)
    desk.open(address)
    return desk
