"""The network between the desk and the server is cut, or loses replies."""

import time
from pathlib import Path

from playwright.sync_api import Playwright
from sqlalchemy import select

from benchmarks.faults.desks import SUBJECTS, Desk, browser, must
from benchmarks.faults.outcome import Outcome
from benchmarks.faults.proxy import Line, Proxy, between
from benchmarks.faults.record import Coded, desk_tally
from benchmarks.faults.servers import TRAINING, served
from coding.demo import DEMO_CODER
from coding.desk.payload import in_order
from coding.store import Store, schema
from coding.store.engine import open_engine, reading
from coding.store.places import demo_url

OFFLINE = "No connection to the server. It stays in this browser and is sent by itself."
SAVED = "All saved"
OVERLAY = "[role=dialog], [data-testid=stConnectionStatus]"
NOTICED_SECONDS = 20
"""A request without an answer counts as failed after 15 s."""


def demo_store(folder: Path) -> Store:
    """The sample's own store in a data folder, opened anew."""
    url = demo_url(folder)
    return Store(url, open_engine(url))


def coded(store: Store, number: int) -> Coded:
    """What the keys of segment `number` mean: one second, subjects and tones in turn."""
    mission = store.mission()
    subject = in_order(mission)[number % SUBJECTS].name
    return number * 1000, number * 1000 + 1000, subject, mission.tone[number % 3].name


def in_sequence(store: Store) -> bool:
    """Whether the store took the segments in the order in which they were coded."""
    rows = select(schema.segment.c.start_ms).where(schema.segment.c.recorded_by == DEMO_CODER)
    with reading(store.engine) as connection:
        starts = [row[0] for row in connection.execute(rows.order_by(schema.segment.c.seq))]
    return starts == sorted(starts)


def network_cut(playwright: Playwright, folder: Path, seconds: float, pace: float, silent: float) -> Outcome:
    """A segment every `pace` seconds during a cut; for the first `silent` seconds nothing is even refused."""
    with served(folder / "data") as server, between(server.port) as proxy, browser(playwright, folder / "b") as opened:
        desk = Desk(opened.new_page())
        desk.open(proxy.address)
        desk.press("KeyI")
        for number in range(3):
            desk.code(number)
        desk.wait_told(0, "")
        made, overlay = _coding_during(desk, proxy, seconds, pace, silent)
        told = desk.wait_told(made - 3, "offline")
        must(told.text == f"{made - 3} not yet saved. {OFFLINE}", told)
        must(desk.states == ["kept"] * 3 + ["waiting"] * (made - 3), desk.states)
        proxy.set(Line.OPEN)
        back = time.monotonic()
        after = desk.wait_told(0, "")
        took = time.monotonic() - back
        must((after.text, desk.states) == (SAVED, ["kept"] * made), after)
        must(desk.kept() == [], desk.kept())
    store = demo_store(folder / "data")
    must(in_sequence(store), "the order was not kept")
    held = desk_tally(store, DEMO_CODER, [coded(store, number) for number in range(made)])
    figures = {"seconds": seconds, "saved_after_seconds": round(took, 1), "overlay": overlay}
    return Outcome("network cut", f"{made - 3} segments coded in it", told.text, (held,), figures).check()


def _coding_during(desk: Desk, proxy: Proxy, seconds: float, pace: float, silent: float) -> tuple[int, int]:
    """The number of segments after the cut, and whether Streamlit covered the page meanwhile."""
    proxy.set(Line.SILENT if silent else Line.REFUSED)
    began = time.monotonic()
    number, overlay = 3, 0
    while (passed := time.monotonic() - began) < seconds:
        if passed > silent:
            proxy.set(Line.REFUSED)
        desk.code(number)
        number += 1
        must(desk.lines == number, f"{desk.lines} lines after {number} segments")
        waits = desk.told
        must(waits.waiting == number - 3, waits)
        must(waits.trouble == "offline" or passed < NOTICED_SECONDS, waits)
        overlay |= desk.page.locator(OVERLAY).count() > 0
        time.sleep(max(0.0, min(pace, seconds - (time.monotonic() - began))))
    return number, int(overlay)


def reply_dropped(playwright: Playwright, folder: Path, times: int) -> Outcome:
    """The save arrives and is stored, its reply does not come back; until replies come again."""
    with served(folder / "data") as server, between(server.port) as proxy, browser(playwright, folder / "b") as opened:
        desk = Desk(opened.new_page())
        desk.open(proxy.address)
        desk.press("KeyI")
        store = demo_store(folder / "data")
        for number in range(times):
            before = len(store.segments([TRAINING]))
            proxy.set(Line.NO_REPLIES)
            desk.code(number)
            told = desk.wait_told(1, "offline", 30)
            must(told.text == f"1 not yet saved. {OFFLINE}", told)
            now = len(store.segments([TRAINING]))
            must(now == before + 1, f"{now} segments are stored while the desk waits for the answer to {before + 1}")
            must(desk.states[-1] == "waiting", desk.states)
            proxy.set(Line.OPEN)
            desk.wait_told(0, "", 30)
            must(desk.states == ["kept"] * (number + 1), desk.states)
    held = desk_tally(store, DEMO_CODER, [coded(store, number) for number in range(times)])
    figures = {"replies_lost": proxy.lost_replies}
    return Outcome("reply dropped", f"{times} segments", told.text, (held,), figures).check()
