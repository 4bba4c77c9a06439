"""A coder at the keys of the desk in a real browser, for `benchmarks.desk_load`: from a key to the painted frame."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, sync_playwright

from benchmarks.pages import BROWSER, CHROMIUM

CYCLE = ("KeyI", "Digit", "KeyX", "KeyO", "Enter")
"""One segment: in, the subject, its tone, out, save."""
SUBJECTS = 5
OPENING_MS = 120_000
WATCH = """(desk) => {
    const seen = window.keysSeen = { changed: [], painted: [], saved: [] }
    const line = desk.querySelector(".saved")
    let pressed = null, entered = null, waited = false
    const painted = (done) => requestAnimationFrame(() => {
        const after = new MessageChannel()
        after.port1.onmessage = () => done(performance.now())
        after.port2.postMessage(0)
    })
    addEventListener("keydown", (event) => {
        pressed = event.timeStamp
        if (event.code === "Enter") { entered = event.timeStamp; waited = false }
    }, true)
    new MutationObserver(() => {
        if (pressed != null) {
            const at = pressed
            pressed = null
            seen.changed.push(performance.now() - at)
            painted((now) => seen.painted.push(now - at))
        }
        if (entered == null) return
        if (line.dataset.waiting !== "0") waited = true
        else if (waited) { const at = entered; entered = null; painted((now) => seen.saved.push(now - at)) }
    }).observe(desk, { subtree: true, childList: true, attributes: true, characterData: true })
}"""
"""The desk changes its page before its handler ends, so the first change after a key is that key's own. A message
that is posted in an animation frame arrives after the frame was painted."""


@dataclass
class Keys:
    """Milliseconds from a key to the changed page and to the painted frame, from Enter to "saved"; and what failed."""

    changed: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class OpenDesk:
    """The desk on the screen, and what its page complained of."""

    page: Page
    errors: list[str]


@contextmanager
def desk_open(address: str, cookie: str, airing_id: str) -> Iterator[OpenDesk]:
    """The desk of an airing with a recording, in Chromium."""
    name, _, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=BROWSER)
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page, errors = context.new_page(), []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/desk")
        desk, choice = page.locator(".ev-desk .desk"), page.get_by_role("main").get_by_role("combobox")
        desk.or_(choice).first.wait_for(timeout=OPENING_MS)
        if not desk.count():
            choice.click()
            page.get_by_role("option", name=airing_id).click()
        desk.wait_for(timeout=OPENING_MS)
        page.wait_for_function(READY, timeout=OPENING_MS)
        yield OpenDesk(page, errors)
        browser.close()


READY = """() => {
    const find = (root) => root.querySelector("video")
        || [...root.querySelectorAll("*")].map((each) => each.shadowRoot && find(each.shadowRoot)).find(Boolean)
    return find(document)?.readyState >= 2
}"""


def pressed(desk: OpenDesk, count: int, seconds: float) -> Keys:
    """Code segment after segment while the recording plays, `count` keys over so many seconds."""
    page, begun = desk.page, time.monotonic()
    page.locator(".ev-desk .title").click()
    page.keyboard.press("Space")
    page.locator(".ev-desk .desk").evaluate(WATCH)
    for number in range(count):
        time.sleep(max(0.0, begun + (number + 1) * seconds / count - time.monotonic()))
        key = CYCLE[number % len(CYCLE)]
        page.keyboard.press(f"Digit{number // len(CYCLE) % SUBJECTS + 1}" if key == "Digit" else key)
    page.wait_for_timeout(1500)
    seen = page.evaluate("() => window.keysSeen")
    errors, saves = list(desk.errors), count // len(CYCLE)
    for what, wanted in (("painted", count), ("saved", saves)):
        if len(seen[what]) != wanted:
            errors.append(f"{what}: {len(seen[what])} of {wanted} keys")
    return Keys(seen["changed"], seen["painted"], seen["saved"], errors)
