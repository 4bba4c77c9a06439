"""A coder at the desk in a real browser, by keys alone, and what the desk and the browser's disk say."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright

from benchmarks.faults.servers import TRAINING
from benchmarks.pages import BROWSER, CHROMIUM
from coding.people.gate import COOKIE

WAIT_SECONDS = 60
TONES = ("KeyZ", "KeyX", "KeyC")
SUBJECTS = 7
READ = """(store) => new Promise((resolve, reject) => {
    const asked = indexedDB.open("evenhand")
    asked.onerror = () => reject(asked.error)
    asked.onsuccess = () => {
        const held = asked.result.transaction(store).objectStore(store).getAll()
        held.onsuccess = () => { asked.result.close(); resolve(held.result) }
        held.onerror = () => reject(held.error)
    }
})"""


class NotAsExpected(Exception):
    """The desk, the browser or the store is not as it must be after a fault."""


def must(holds: bool, otherwise: object) -> None:
    """Raises NotAsExpected with what was found instead."""
    if not holds:
        raise NotAsExpected(str(otherwise))


def until(holds: Callable[[], bool], what: Callable[[], object], seconds: float = WAIT_SECONDS) -> None:
    """Wait for a condition; raises NotAsExpected with what there is when the time is over."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise NotAsExpected(str(what()))
        time.sleep(0.02)


@dataclass(frozen=True)
class Told:
    """What the desk says about saving: the words on its button, how many wait, and what the trouble is."""

    text: str
    waiting: int
    trouble: str


@dataclass
class Desk:
    """One tab with the training bulletin open."""

    page: Page

    def open(self, address: str, airing: str = TRAINING) -> None:
        """Through the desk's address and its list of airings, where none is open yet."""
        self.page.goto(f"{address}/desk?lang=en")
        choice = self.page.get_by_test_id("stMain").get_by_role("combobox")
        self.page.locator(".desk .list").or_(choice).first.wait_for(state="attached")
        if choice.count():
            choice.click()
            self.page.get_by_role("option", name=airing).click()
        self.ready()

    def ready(self) -> None:
        """Until the desk is drawn."""
        self.page.locator(".desk .list").wait_for(state="attached")

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def mark(self, number: int) -> None:
        """Everything of a segment of one second but the key that saves it; the in is the out of the one before."""
        self.press("ArrowRight", f"Digit{number % SUBJECTS + 1}", TONES[number % 3])

    def code(self, number: int) -> None:
        """A whole segment of one second."""
        self.mark(number)
        self.press("Enter")

    @property
    def told(self) -> Told:
        """What the desk says now."""
        button = self.page.locator(".desk .saved")
        held = button.evaluate("(it) => [it.textContent, it.dataset.waiting, it.dataset.trouble]", timeout=5_000)
        return Told(held[0], int(held[1] or 0), held[2] or "")

    def wait_told(self, waiting: int, trouble: str | None = None, seconds: float = WAIT_SECONDS) -> Told:
        """Until the desk says so."""
        wanted = f".desk .saved[data-waiting='{waiting}']"
        wanted += "" if trouble is None else f"[data-trouble='{trouble}']"
        with suppress(Exception):
            self.page.locator(wanted).wait_for(state="attached", timeout=seconds * 1000)
        told = self.told
        must(told.waiting == waiting and trouble in (None, told.trouble), (waiting, trouble, told))
        return told

    def kept(self, store: str = "outbox") -> list[dict[str, Any]]:
        """What lies in the browser's database: messages that wait, or drafts."""
        found: list[dict[str, Any]] = self.page.evaluate(READ, store)
        return found

    @property
    def lines(self) -> int:
        """Segments in the list."""
        return self.page.locator(".desk .line").count()

    @property
    def states(self) -> list[str]:
        """What the list says of each segment: kept, waiting or trouble."""
        classes: list[str] = self.page.locator(".desk .line").evaluate_all("(all) => all.map((it) => it.className)")
        return [each.split()[1] for each in classes]


@contextmanager
def browser(playwright: Playwright, profile: Path) -> Iterator[BrowserContext]:
    """Chromium with a profile of its own on the disk."""
    opened = launched(playwright, profile)
    try:
        yield opened
    finally:
        with suppress(Exception):  # it may have been killed on purpose
            opened.close()


def launched(playwright: Playwright, profile: Path) -> BrowserContext:
    """The same, closed by whoever asked for it."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=str(CHROMIUM), args=BROWSER, viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(WAIT_SECONDS * 1000)
    return context


def sign_in(context: BrowserContext, address: str, token: str) -> None:
    """The browser holds this session from now on."""
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])


def kill(profile: Path) -> None:
    """SIGKILL for every process of the browser with this profile."""
    named = f"--user-data-dir={profile}".encode()
    found = [int(each.parent.name) for each in Path("/proc").glob("[0-9]*/cmdline") if named in _read(each)]
    must(bool(found), f"no browser with {profile}")
    groups = {os.getpgid(process) for process in found} - {os.getpgrp()}
    for group in groups:
        os.killpg(group, signal.SIGKILL)
    until(lambda: not any(_alive(process) for process in found), lambda: "the browser lives", 20)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    except OSError:
        return False
