"""The app as a user starts it, and the browser that the tests drive."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from coding.people.gate import COOKIE
from coding.store.places import DATA_VARIABLE
from coding.vocabulary import PersonRole
from tests.accounts import people_of, token_of

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
WAIT = 60_000
"""Milliseconds after which what a test waits for will not come any more, on a slow machine too."""
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def require_chromium() -> None:
    """Fail in CI, skip elsewhere, where there is no browser."""
    if not CHROMIUM.exists():
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("no Chromium at /usr/bin/chromium: apt-get install chromium")


def launched(playwright: Playwright) -> Browser:
    """The system's Chromium, quiet."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)


def drawn(page: Page) -> None:
    """Until the run of the page has come to its end and nothing slides any more; parts can still be on their way."""
    page.locator("[data-test-script-state=notRunning]").wait_for()
    still(page)


def still(page: Page) -> None:
    """Until nothing slides or fades."""
    page.wait_for_function("() => document.getAnimations().length === 0")


def sign_in(context: BrowserContext, address: str, folder: Path, role: PersonRole = PersonRole.ADMIN) -> str:
    """Let a browser be signed in at an app over this data folder, as a person called after the role; the token."""
    accounts, name = people_of(folder), f"test {role}"
    known = name in {account.name for account in accounts.everyone()}
    token = accounts.open_session(name, "test") if known else token_of(accounts, name, role)
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    return token


@contextmanager
def running(folder: Path, mission: str = "", root: Path = ROOT) -> Iterator[str]:
    """The address of a running app on a free port, with a data folder; on the sample where no mission is named."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "EVENHAND_MISSION"}
    environment |= {DATA_VARIABLE: str(folder)} | ({"EVENHAND_MISSION": mission} if mission else {})
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(server, f"http://localhost:{port}/_stcore/health", folder / "log")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"the app did not start: {log.read_text(errors='replace')[-2000:]}")
