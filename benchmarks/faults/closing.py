"""The browser is killed, a tab is closed, or two tabs hold the same queue."""

import random
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from benchmarks.faults.desks import Desk, browser, kill, launched, must, until
from benchmarks.faults.network import OFFLINE, SAVED, coded, demo_store
from benchmarks.faults.outcome import Outcome
from benchmarks.faults.proxy import Line, Proxy, between
from benchmarks.faults.record import desk_tally
from benchmarks.faults.servers import TRAINING, served
from coding.demo import DEMO_CODER

UNSENT = 5
GONE = "The server does not take it. this mission is not open here any more. Reload the page."
PUT = """(entry) => new Promise((resolve, reject) => {
    const asked = indexedDB.open("evenhand")
    asked.onsuccess = () => {
        const writing = asked.result.transaction("outbox", "readwrite")
        writing.objectStore("outbox").add(entry)
        writing.oncomplete = () => { asked.result.close(); resolve() }
        writing.onerror = () => reject(writing.error)
    }
})"""


def browser_killed(playwright: Playwright, folder: Path, times: int) -> Outcome:
    """SIGKILL for all of Chromium with segments that are not sent and one half made; then the same profile again."""
    number, profile = 0, folder / "b"
    with served(folder / "data") as server, between(server.port) as proxy:
        for _ in range(times):
            opened = launched(playwright, profile)
            desk = Desk(opened.new_page())
            desk.open(proxy.address)
            must(desk.lines == number, f"{desk.lines} lines, not {number}")
            if number == 0:
                desk.press("KeyI")
            proxy.set(Line.REFUSED)
            for _ in range(UNSENT):
                desk.code(number)
                number += 1
            desk.mark(number)  # all of it but the key that saves
            told = desk.wait_told(UNSENT, "offline")
            # what waits is counted from the key on; it survives from the moment that the disk has it
            _wait_for_disk(desk)
            kill(profile)
            proxy.set(Line.OPEN)
            number = _again(playwright, profile, proxy, number)
    store = demo_store(folder / "data")
    held = desk_tally(store, DEMO_CODER, [coded(store, each) for each in range(number)])
    figures = {"browser_kills": times, "drafts_back": times}
    return Outcome("browser killed", f"{UNSENT} segments unsent each time", told.text, (held,), figures).check()


def _wait_for_disk(desk: Desk) -> None:
    """Until the browser's database holds the segments that are not sent and the one that is half made."""

    def holds() -> bool:
        return len(desk.kept()) == UNSENT and any(held["draft"]["subjects"] for held in desk.kept("drafts"))

    until(holds, lambda: (len(desk.kept()), desk.kept("drafts")))


def _again(playwright: Playwright, profile: Path, proxy: Proxy, number: int) -> int:
    """The next start: what was not sent goes out, and the draft is there to be saved."""
    with browser(playwright, profile) as opened:
        desk = Desk(opened.new_page())
        desk.open(proxy.address)
        after = desk.wait_told(0, "")
        must((after.text, desk.states) == (SAVED, ["kept"] * number), (after, desk.states))
        row = desk.page.locator(".desk .subject-row")
        must(row.count() == 1, f"{row.count()} subjects in the draft")
        desk.press("Enter")
        desk.wait_told(0, "")
        must(desk.states == ["kept"] * (number + 1), desk.states)
    return number + 1


def tab_closed(playwright: Playwright, folder: Path, times: int, seed: int = 1) -> Outcome:
    """A tab is closed at the moment of saving; every other time the server cannot be reached then."""
    chance, found = random.Random(seed), {"stored_at_once": 0, "sent_at_next_opening": 0, "still_in_draft": 0}
    with served(folder / "data") as server, between(server.port) as proxy, browser(playwright, folder / "b") as opened:
        first = Desk(opened.new_page())
        first.open(proxy.address)
        first.press("KeyI")
        store = demo_store(folder / "data")
        opened.new_page()  # the last tab of a browser takes the browser with it
        first.page.close()
        for number in range(times):
            desk = Desk(opened.new_page())
            desk.open(proxy.address)
            desk.mark(number)
            desk.page.wait_for_timeout(200)  # the draft is kept at each key; a slip of the hand comes later than that
            if number % 2:
                proxy.set(Line.REFUSED)
            desk.press("Enter")
            if pause := chance.choice((0, 0, 2, 10, 30)):
                desk.page.wait_for_timeout(pause)
            desk.page.close()
            proxy.set(Line.OPEN)
            stored = sum(each.coder == DEMO_CODER for each in store.segments([TRAINING])) > number
            found["stored_at_once" if stored else _at_next_opening(opened, proxy, number)] += 1
    held = desk_tally(store, DEMO_CODER, [coded(store, each) for each in range(times)])
    return Outcome("tab closed", f"{times} times after the key that saves", SAVED, (held,), found).check()


def _at_next_opening(opened: BrowserContext, proxy: Proxy, number: int) -> str:
    """Where a segment is that was not stored when its tab was closed; afterwards it is stored."""
    desk = Desk(opened.new_page())
    desk.open(proxy.address)
    desk.wait_told(0, "")
    in_draft = desk.lines == number
    if in_draft:
        desk.press("Enter")
        desk.wait_told(0, "")
    must(desk.states == ["kept"] * (number + 1), (number, desk.states))
    desk.page.close()
    return "still_in_draft" if in_draft else "sent_at_next_opening"


def two_tabs(playwright: Playwright, folder: Path) -> Outcome:
    """Two tabs of one desk: the second is opened while the first one's queue waits, and both send it."""
    with served(folder / "data") as server, between(server.port) as proxy, browser(playwright, folder / "b") as opened:
        first, second = Desk(opened.new_page()), Desk(opened.new_page())
        first.open(proxy.address)
        first.press("KeyI")
        proxy.set(Line.NO_SAVES)
        for number in range(UNSENT):
            first.code(number)
        first.wait_told(UNSENT, "offline")
        second.open(proxy.address)
        second.wait_told(UNSENT, "offline")
        must(second.states == ["waiting"] * UNSENT, second.states)
        for number in range(UNSENT, 2 * UNSENT):
            second.code(number)
        told = second.wait_told(2 * UNSENT, "offline")
        must(told.text == f"{2 * UNSENT} not yet saved. {OFFLINE}", told)
        proxy.set(Line.OPEN)
        first.wait_told(0, "")
        second.wait_told(0, "")
        for tab in (first, second):  # each shows what the other has coded
            tab.page.locator(".desk .line.kept").nth(2 * UNSENT - 1).wait_for()
            must(tab.states == ["kept"] * 2 * UNSENT, tab.states)
        must(second.kept() == [], second.kept())
    store = demo_store(folder / "data")
    held = desk_tally(store, DEMO_CODER, [coded(store, number) for number in range(2 * UNSENT)])
    return Outcome("two tabs", "the same queue sent by both", told.text, (held,)).check()


def mission_gone(playwright: Playwright, folder: Path) -> Outcome:
    """A message of a mission that is not on the server any more waits at the head of the queue; the others go on."""
    with served(folder / "data") as server, browser(playwright, folder / "b") as opened:
        desk = Desk(opened.new_page())
        desk.open(server.address)
        desk.page.evaluate(PUT, {"person": DEMO_CODER, "mission": "gone", "airing": "a", "operation": {"kind": "add"}})
        desk.open(server.address)
        desk.press("KeyI")
        for number in range(3):
            desk.code(number)
        told = desk.wait_told(1, "not_allowed")
        must(told.text == f"1 not yet saved. {GONE}", told)
        must(desk.states == ["kept"] * 3, desk.states)
        must([each["mission"] for each in desk.kept()] == ["gone"], desk.kept())
    store = demo_store(folder / "data")
    held = desk_tally(store, DEMO_CODER, [coded(store, number) for number in range(3)])
    return Outcome("mission gone", "another mission's message first in the queue", told.text, (held,)).check()
