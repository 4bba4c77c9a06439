"""What the probe says a browser plays, a real browser plays: from the stored file, as it is served, with a jump."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from coding.recordings.ingest import ingest
from coding.recordings.report import Options
from coding.recordings.serve import file_response
from coding.store import Store
from coding.store.recordings import recordings
from tests.e2e.serving import launched, require_chromium

pytestmark = pytest.mark.browser
Named = Callable[[str, str], Path]
JUMP = """() => new Promise((resolve) => {
    const media = document.querySelector("video")
    const over = () => resolve([media.error ? media.error.message || "error" : "", media.duration, media.currentTime])
    media.addEventListener("error", over)
    media.addEventListener("seeked", over)
    const jump = () => { media.currentTime = 2.5 }
    if (media.error) over()
    else if (media.readyState >= 2) jump()
    else media.addEventListener("loadeddata", jump)
    setTimeout(over, 15000)
})"""
TURNED = "() => { const image = document.querySelector('img'); return [image.naturalWidth, image.naturalHeight] }"


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    require_chromium()
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser.new_page()
        browser.close()


@pytest.fixture
def address(store: Store) -> Iterator[str]:
    """A server of the store's recordings, each on a page of its own."""

    def file(request: Request) -> Response:
        return file_response("small", recordings(store, recording_id=request.path_params["recording_id"])[0])

    def page(request: Request) -> Response:
        (row,) = recordings(store)
        tag = "img" if row.kind == "page" else "video muted preload=auto"
        return HTMLResponse(f'<!doctype html><{tag} src="/recordings/{row.recording_id}">')

    app = Starlette(routes=[Route("/recordings/{recording_id}", file), Route("/", page)])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize(
    "name",
    [
        "fast.mp4", "end.mp4", "fragments.mp4", "recorder.mkv", "open.webm", "stream.ts", "old.mpg", "new.mp4", "deep.mp4",
        "sound.avi", "talk.mp3", "talk.wav", "talk.flac", "talk.ogg", "talk.aac",
    ],
)  # fmt: skip
def test_it_plays_and_jumps(store: Store, named: Named, address: str, browser_page: Page, name: str) -> None:
    report = ingest(store, [named(name, "a-0312")], Options(), "ana")
    (row,) = report.stored[0].rows
    browser_page.goto(address)
    error, duration, at = browser_page.evaluate(JUMP)
    assert error == ""
    assert abs(at - 2.5) < 0.1
    assert abs(duration * 1000 - (row.length_ms or 0)) < 120


def test_a_turned_page_is_shown_as_wide_as_it_is_said(
    store: Store, picture: Callable[..., Path], address: str, browser_page: Page
) -> None:
    report = ingest(store, [picture(turned=6)], Options(), "ana")
    (row,) = report.stored[0].rows
    browser_page.goto(address)
    assert browser_page.evaluate(TURNED) == [row.width, row.height] == [60, 40]
