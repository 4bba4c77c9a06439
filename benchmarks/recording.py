"""How fast one jumps in a recording of two hours, and what that costs the server, on this machine.

`python -m benchmarks.recording [--quick] [--data DIR]` makes a recording of two hours and more than a gigabyte (the
first time; with `--data` it is kept), ingests it, starts the app and opens the desk on it as a coder in a real browser:
60 jumps to random places, each from the press to the frame shown. Beside it, in the same run, what one would otherwise
take: `st.video` on a plain Streamlit page, on the same file. `--quick` takes ten minutes and fewer jumps. The last
line is one JSON object.
"""

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from benchmarks.pages import BROWSER, CHROMIUM
from coding.people.gate import COOKIE
from coding.store import Store
from coding.store.recordings import Recording

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
AIRING = "tv-khabar-2007-07-18-news-kk"
PIECE_SECONDS = 60
ENCODED = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "1400k", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac"]
PICTURE = "testsrc2=size=1280x720:rate=25,noise=alls=12:allf=t"
FRAME_SHOWN = """(target) => new Promise((resolve) => {
    const pressed = performance.now(), video = VIDEO
    let seeked = false, shown = false
    const done = () => { if (seeked && shown) resolve(performance.now() - pressed) }
    const frame = (now, told) => {
        if (Math.abs(told.mediaTime - target) < 0.2) { shown = true; done() }
        else video.requestVideoFrameCallback(frame)
    }
    video.requestVideoFrameCallback(frame)
    video.addEventListener("seeked", () => { seeked = true; done() }, { once: true })
    setTimeout(() => resolve(30000), 30000)
    video.currentTime = target
})"""
"""Milliseconds from setting the place to the frame of that place; 30,000 where none came in that time."""
READY = "() => { const video = VIDEO; return video && video.readyState >= 2 }"
VIDEO = """(document.querySelector("video") || document.querySelector("[data-testid=stBidiComponentIsolated]")
    ?.shadowRoot?.querySelector("video"))"""
"""The video of a page, or of the desk, whose elements are in a tree of their own."""
PLAIN_PAGE = "import sys\nimport streamlit as st\nst.video(sys.argv[1], muted=True)\n"
CODER = "coder"
ST_VIDEO_SECONDS = 150
"""After this time no further jump is tried with `st.video`."""


@dataclass(frozen=True)
class Jumps:
    """Milliseconds of each jump from the press to the frame, and the server's greatest memory in MB."""

    milliseconds: list[float]
    rss_mb: float

    def row(self, name: str) -> str:
        """One line of the table."""
        ordered = sorted(self.milliseconds)
        return (
            f"{name:24} {statistics.median(ordered):9.0f} {ordered[int(len(ordered) * 0.95)]:9.0f} "
            f"{ordered[-1]:9.0f} {len(ordered):6} {self.rss_mb:14.0f}"
        )


def long_recording(folder: Path, seconds: int) -> Path:
    """An MP4 with sound, its index at the start: one noisy minute, encoded once and repeated."""
    import imageio_ffmpeg

    made = folder / f"recording-{seconds}.mp4"
    if made.is_file():
        return made
    program, piece = imageio_ffmpeg.get_ffmpeg_exe(), folder / "minute.mp4"
    quiet = [program, "-v", "error", "-y"]
    sources = ["-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", "sine=frequency=300", "-t", str(PIECE_SECONDS)]
    subprocess.run([*quiet, *sources, *ENCODED, str(piece)], check=True)
    repeated = ["-stream_loop", str(seconds // PIECE_SECONDS - 1), "-i", str(piece), "-c", "copy"]
    making = folder / "making.mp4"
    subprocess.run([*quiet, *repeated, "-movflags", "+faststart", str(making)], check=True)
    making.replace(made)
    return made


def ingested(folder: Path, file: Path) -> tuple[Recording, float]:
    """The recording in a mission of its own, and the seconds that took."""
    from coding.mission.loader import load
    from coding.recordings.ingest import ingest
    from coding.recordings.report import Options
    from coding.store.assignments import assign
    from coding.store.places import sqlite_url
    from coding.store.recordings import recordings
    from coding.vocabulary import Purpose

    held = load(SAMPLE)
    store = Store(sqlite_url(folder / "stores" / "recording.sqlite"))
    store.put_mission(held.mission, held.airings, "benchmark", "sample")
    start = time.perf_counter()
    report = ingest(store, [file], Options(AIRING), "benchmark")
    took = time.perf_counter() - start
    if report.problems:
        raise SystemExit("\n".join(problem.text() for problem in report.problems))
    assign(store, [AIRING], CODER, Purpose.CODING, "benchmark")
    return recordings(store, [AIRING])[-1], took


def remuxed_seconds(folder: Path, file: Path) -> float:
    """Seconds to make MP4 of the same pictures in a transport stream, which no browser plays."""
    import imageio_ffmpeg

    from coding.recordings.convert import convert
    from coding.recordings.probe import probe

    stream, target = folder / "recording.ts", folder / "remuxed.mp4"
    copied = ["-i", str(file), "-c", "copy", "-f", "mpegts", str(stream)]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *copied], check=True)
    start = time.perf_counter()
    convert(stream, probe(stream), target, lambda share: None)
    took = time.perf_counter() - start
    stream.unlink()
    target.unlink()
    return took


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def app(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Address of the desk and process of the app as its users start it, and the token of a coder who has the airing."""
    from coding.people.accounts import People
    from coding.store.engine import engine_for
    from coding.store.places import sqlite_url
    from coding.vocabulary import PersonRole

    accounts = People(engine_for(sqlite_url(folder / "people.sqlite")))
    accounts.choose_password(CODER, accounts.add(CODER, PersonRole.CODER, "benchmark"), "four words of one sentence")
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    with started(command, f"http://localhost:{port}/_stcore/health") as process:
        yield f"http://localhost:{port}/desk?airing={AIRING}", process.pid, accounts.open_session(CODER, "benchmark")


@contextmanager
def plain_streamlit(folder: Path, file: Path) -> Iterator[tuple[str, int]]:
    """Address and process of a plain Streamlit page with `st.video`."""
    port, script = free_port(), folder / "plain_page.py"
    script.write_text(PLAIN_PAGE)
    options = ["--server.headless=true", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    options += ["--browser.serverAddress=localhost", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options, "--", str(file)]
    with started(command, f"http://localhost:{port}/_stcore/health", folder) as process:
        yield f"http://localhost:{port}/", process.pid


@contextmanager
def started(command: list[str], address: str, folder: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers at this address, stopped on leaving."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=folder, **quiet) as process:  # type: ignore[call-overload]
        try:
            for _ in range(240):
                try:
                    urlopen(address, timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.25)
            yield process
        finally:
            process.kill()  # a polite stop waits for a browser that is still fetching


def peak_mb(process: int) -> float:
    """The most memory that a process ever held, in MB of a million bytes."""
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def jumps(page: Page, address: str, process: int, length: int, count: int, bound: float) -> Jumps:
    """Open a page with a video and jump about in it."""
    places, began, took = random.Random(1), time.monotonic(), []
    page.goto(address)
    page.wait_for_function(READY.replace("VIDEO", VIDEO), timeout=120_000)
    for _ in range(count):
        took.append(float(page.evaluate(FRAME_SHOWN.replace("VIDEO", VIDEO), places.randrange(length * 25 - 50) / 25)))
        if time.monotonic() - began > bound:
            break
    return Jumps(took, peak_mb(process))


def main() -> None:
    """Measure, print a table, and one JSON object as the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ["EVENHAND_DATA"] = str(folder)
        home = asked.data or folder
        home.mkdir(parents=True, exist_ok=True)
        length, count = (600, 15) if asked.quick else (7200, 60)
        file = long_recording(home, length)
        figures = measured(folder, file, length, count)
    print(json.dumps({"benchmark": "recording", **figures}))


def measured(folder: Path, file: Path, length: int, count: int) -> dict[str, float]:
    """All figures of one file, with the table for people."""
    recording, ingest_seconds = ingested(folder, file)
    remux_seconds = remuxed_seconds(folder, file)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=BROWSER)
        with app(folder) as (address, process, token):
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
            own = jumps(page, address, process, length, count, 600)
        with plain_streamlit(folder, file) as (address, process):
            plain = jumps(browser.new_page(), address, process, length, count, ST_VIDEO_SECONDS)
        browser.close()
    print(f"{length} s, {recording.bytes / 1e6:,.0f} MB; ingest {ingest_seconds:.1f} s, remux {remux_seconds:.1f} s")
    print(f"{'':24} {'median ms':>9} {'p95 ms':>9} {'worst ms':>9} {'jumps':>6} {'server peak MB':>14}")
    print(own.row("the desk"))
    print(plain.row("st.video"))
    ordered = sorted(own.milliseconds)
    return {
        "bytes": recording.bytes,
        "seconds": length,
        "ingest_seconds": round(ingest_seconds, 1),
        "remux_seconds": round(remux_seconds, 1),
        "seek_median_ms": round(statistics.median(ordered)),
        "seek_p95_ms": round(ordered[int(len(ordered) * 0.95)]),
        "seek_worst_ms": round(ordered[-1]),
        "server_rss_mb": round(own.rss_mb),
        "st_video_seek_median_ms": round(statistics.median(plain.milliseconds)),
        "st_video_server_rss_mb": round(plain.rss_mb),
    }


if __name__ == "__main__":
    main()
