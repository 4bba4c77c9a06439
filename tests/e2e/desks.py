"""A mission to code in a real browser: thirty minutes of a test recording, a page of a paper, live air, two coders."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from subprocess import run
from typing import Any
from zoneinfo import ZoneInfo

import imageio_ffmpeg
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from benchmarks.faults.desks import READ, until
from coding.mission.loader import load
from coding.people.gate import COOKIE
from coding.recordings.ingest import ingest, ingest_page
from coding.recordings.report import Options
from coding.store import Store
from coding.store.assignments import assign
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.vocabulary import PersonRole, Purpose
from tests.accounts import people_of, token_of
from tests.e2e.serving import WAIT, drawn
from tests.missions import AIRINGS, write_mission

FRAME = 40
"""Milliseconds of a frame: 25 a second."""
LOADED = "(screen) => [...screen.querySelectorAll('video, img')].every((each) => each.videoWidth || each.naturalWidth)"
"""Whether every picture has its size."""


def live_today() -> str:
    """A row of airings.csv: a debate that is planned for now, on the clock of the mission."""
    now = datetime.now(ZoneInfo("Asia/Tbilisi"))
    start = now.hour * 60 + now.minute
    clocks = [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (start, start + 30)]
    return f"l-0401,Channel B,{now:%Y-%m-%d},,programme,Live debate,,,{','.join(clocks)},,,,,no,\n"


def test_recording(file: Path, seconds: int) -> Path:
    """A video with a tone, 25 frames a second, a keyframe each second; the counter in it begins anew each 20 s."""
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
    counter, picture = file.with_suffix(".counter.mp4"), "testsrc=size=320x180:rate=25:duration=20"
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p"]
    run([*ffmpeg, "-f", "lavfi", "-i", picture, *coded, str(counter)], check=True)
    repeated = ["-stream_loop", "-1", "-i", str(counter), "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]
    sound = ["-c:a", "aac", "-aac_coder", "fast", "-b:a", "32k"]
    command = [*ffmpeg, *repeated, "-c:v", "copy", *sound, "-t", str(seconds), "-movflags", "+faststart", str(file)]
    run(command, check=True)
    counter.unlink()
    return file


test_recording.__test__ = False  # type: ignore[attr-defined]


@dataclass
class Place:
    """A data folder with a mission, its recordings and signed-in people."""

    folder: Path
    store: Store
    tokens: dict[str, str]

    def sign_in(self, page: Page, address: str, name: str) -> None:
        """The browser holds the session of this person."""
        page.context.add_cookies([{"name": COOKIE, "value": self.tokens[name], "url": address}])


def place(folder: Path, seconds: int = 1800) -> Place:
    """The small mission as a real one, with accounts; the recording is of airing b-0312."""
    import os

    os.environ[DATA_VARIABLE] = str(folder)
    held = load(write_mission(folder / "mission", airings=AIRINGS.replace(",yes,", ",no,") + live_today()))
    store = Store(sqlite_url(folder / "stores" / "small.sqlite"))
    store.put_mission(held.mission, held.airings, "test", "made for a test")
    video = test_recording(folder / "b-0312.mp4", seconds)
    report = ingest(store, [video], Options(), "supervisor")
    assert report.problems == (), report
    Image.new("RGB", (840, 1188), "#f6f1e4").save(folder / "page.png")
    ingest_page(store, "g-0312", folder / "page.png", 1, 420, 594, "supervisor")
    for airing in ("b-0312", "g-0312", "l-0401", "a-0312"):
        assign(store, [airing], "ana", Purpose.CODING, "supervisor")
    assign(store, ["b-0312"], "berik", Purpose.DOUBLE, "supervisor")
    accounts = people_of(folder)
    roles = {"ana": PersonRole.CODER, "berik": PersonRole.CODER, "supervisor": PersonRole.SUPERVISOR}
    return Place(folder, store, {name: token_of(accounts, name, role) for name, role in roles.items()})


@dataclass
class Coder:
    """Somebody at the desk who uses the keyboard only; every key is counted."""

    page: Page
    keys: int = 0
    wrong: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> int:
        """Press keys one after the other; how many."""
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)
        return len(keys)

    def find(self, selector: str) -> Locator:
        return self.page.locator(f".desk {selector}")

    def text(self, selector: str) -> str:
        return self.find(selector).inner_text()

    def wait_saved(self) -> None:
        """Until the desk says that nothing waits."""
        self.page.locator(".saved[data-waiting='0']").wait_for()

    def wait_kept(self, words: str) -> None:
        """Until the browser's disk holds a segment in the making with these words."""
        until(lambda: words in str(self.page.evaluate(READ, "drafts")), lambda: f"no draft with {words}")

    def wait_loaded(self) -> None:
        """Until all is saved and what is looked at has its size."""
        self.wait_saved()
        until(lambda: self.find(".screen").evaluate(LOADED), lambda: "a picture that does not come")

    @property
    def position(self) -> int:
        """Milliseconds of the airing that the desk shows."""
        hours, minutes, seconds = self.text(".position").split(":")
        return int(hours) * 3_600_000 + int(minutes) * 60_000 + round(float(seconds) * 1000)


@contextmanager
def at_desk(
    browser: Browser, place: Place, address: str, name: str, airing: str, language: str = "en", **context: Any
) -> Iterator[Coder]:
    """A coder with an airing open, chosen through the page's own list; errors of the page are gathered."""
    with browser.new_context(viewport={"width": 1366, "height": 768}, **context) as opened:
        page = opened.new_page()
        page.set_default_timeout(WAIT)
        coder = Coder(page)
        page.on("pageerror", lambda error: coder.wrong.append(str(error)))
        page.on("request", lambda request: None if _own(request.url, address) else coder.wrong.append(request.url))
        place.sign_in(page, address, name)
        open_desk(page, address, airing, language)
        yield coder


def open_desk(page: Page, address: str, airing: str, language: str = "en") -> None:
    """Through the address of the desk and its list of airings."""
    page.goto(f"{address}/desk?lang={language}")
    drawn(page)
    page.get_by_test_id("stMain").get_by_role("combobox").click()
    page.get_by_role("option", name=airing).click()
    page.locator(".desk .list").wait_for(state="attached")
    drawn(page)


def _own(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:"))
