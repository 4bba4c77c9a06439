"""The server's disk is full, or fails to write."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from benchmarks.faults.desks import Desk, browser, must
from benchmarks.faults.network import coded, demo_store
from benchmarks.faults.outcome import Outcome
from benchmarks.faults.record import desk_tally
from benchmarks.faults.servers import Server, served
from coding.demo import DEMO_CODER
from coding.recordings.files import RECORDINGS_VARIABLE

FULL = "The disk of the server is full. It stays in this browser. Tell the supervisor."
FAILED = "The server failed. It stays in this browser and is sent again by itself."
MEGABYTES = 16
SAVED_BEFORE, UNSAVED = 2, 4


def can_mount() -> bool:
    """Whether this machine lets us have a small file system of our own."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A file system of a few megabytes. Raises CalledProcessError where mounting is not allowed."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "evenhand-faults", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def disk_full(playwright: Playwright, folder: Path) -> Outcome:
    """The data folder's file system is filled to the last byte, and room is made again."""
    elsewhere = {RECORDINGS_VARIABLE: str(folder / "recordings")}  # an ingest wants more room than that
    with small_disk(folder / "disk") as disk, served(disk / "data", elsewhere) as server:
        opened = browser(playwright, folder / "b")
        return _without_room(opened, disk / "data", server, _Filled(disk / "filler"), ("full", FULL))


def disk_failing(playwright: Playwright, folder: Path) -> Outcome:
    """Every write of the server beyond the first bytes of a file fails (a quota, a broken disk)."""
    with served(folder / "data") as server:
        opened = browser(playwright, folder / "b")
        return _without_room(opened, folder / "data", server, _Limited(server), ("server", FAILED))


class _Filled:
    """A file that takes all the room there is."""

    name = "disk full"

    def __init__(self, file: Path) -> None:
        self.file = file

    def begin(self) -> None:
        with self.file.open("wb", buffering=0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while filler.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def end(self) -> None:
        self.file.unlink()


class _Limited:
    """No file of the server's process may grow beyond a few bytes."""

    name = "disk failing"

    def __init__(self, server: Server) -> None:
        must(server.process is not None, "the server runs")
        self.process = server.process.pid if server.process else 0

    def begin(self) -> None:
        resource.prlimit(self.process, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))

    def end(self) -> None:
        resource.prlimit(self.process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _without_room(
    chromium: AbstractContextManager[BrowserContext],
    folder: Path,
    server: Server,
    trouble: _Filled | _Limited,
    expected: tuple[str, str],
) -> Outcome:
    statuses: list[int] = []
    with chromium as opened:
        desk = Desk(opened.new_page())
        desk.page.on("response", lambda reply: statuses.append(reply.status) if "/desk/save" in reply.url else None)
        desk.open(server.address)
        desk.press("KeyI")
        for number in range(SAVED_BEFORE):
            desk.code(number)
        desk.wait_told(0, "")
        trouble.begin()
        for number in range(SAVED_BEFORE, SAVED_BEFORE + UNSAVED):
            desk.code(number)
        told = desk.wait_told(UNSAVED, expected[0])
        must(told.text.startswith(f"{UNSAVED} not yet saved. {expected[1]}"), told)
        must(desk.states == ["kept"] * SAVED_BEFORE + ["waiting"] * UNSAVED, desk.states)
        must(len(desk.kept()) == UNSAVED, desk.kept())
        refusals = sorted({status for status in statuses if status != 200})
        must(len(refusals) == 1, refusals)
        trouble.end()
        desk.wait_told(0, "")
        must(desk.states == ["kept"] * (SAVED_BEFORE + UNSAVED), desk.states)
    store = demo_store(folder)
    held = desk_tally(store, DEMO_CODER, [coded(store, number) for number in range(SAVED_BEFORE + UNSAVED)])
    store.engine.dispose()
    return Outcome(trouble.name, f"{UNSAVED} segments meanwhile", told.text, (held,), {"status": refusals[0]}).check()
