"""How fast the app answers at the size of a mission: 50,000 segments, on this machine.

`python -m benchmarks.pages [--quick]` makes a store of 50,000 segments from the sample mission (each airing several
times over), then measures, in one run: the help of the command line; each page's script when warm, beside a naive
page that reads all segments with pandas and groups them at each run; each metric for a selection nobody has asked
yet; coverage computed from nothing, and after one more segment was saved; the time from `streamlit run app.py` to the
first chart in a real browser, with an empty data folder and with the cache of a first start. `--quick` takes 10,000
segments and fewer repetitions. The last line is one JSON object.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid5

from coding.store import Store
from coding.vocabulary import Medium

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
PAGES = {
    "overview": "monitoring/pages/overview.py",
    "share": "monitoring/pages/share.py",
    "tone": "monitoring/pages/tone.py",
    "appearances": "monitoring/pages/appearances.py",
    "timeline": "monitoring/pages/timeline.py",
    "balance": "monitoring/pages/balance.py",
    "compare": "monitoring/pages/compare.py",
    "rules": "monitoring/pages/rules.py",
    "calendar": "monitoring/pages/calendar.py",
    "incidents": "monitoring/pages/incidents.py",
    "import": "coding/pages/import_segments.py",
    "mission": "coding/pages/mission.py",
}
CHROMIUM = Path("/usr/bin/chromium")
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def large_store(folder: Path, size: int) -> str:
    """A store of at least `size` segments: the sample's airings and segments, several times over."""
    from coding.mission.loader import load
    from coding.store.places import sqlite_url

    held = load(SAMPLE)
    times = -(-size // len(held.segments))
    url = sqlite_url(folder / "large.sqlite")
    store = Store(url)
    airings = [a.model_copy(update={"airing_id": f"{a.airing_id}-{n}"}) for n in range(times) for a in held.airings]
    store.put_mission(held.mission, airings, "benchmark", "sample repeated")
    for number in range(times):
        again = [
            s.model_copy(
                update={
                    "airing_id": f"{s.airing_id}-{number}",
                    "segment_id": str(uuid5(UUID(s.segment_id), str(number))),
                }
            )
            for s in held.segments
        ]
        store.add(again, "benchmark")
    return url


def help_seconds(repeat: int) -> float:
    """Median seconds of `python -m monitoring --help`."""
    command = [sys.executable, "-m", "monitoring", "--help"]
    return statistics.median(
        timed(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True)) for _ in range(repeat)
    )


def timed(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds that a call takes, by the clock on the wall or by another."""
    start = clock()
    action()
    return clock() - start


def page_milliseconds(url: str, repeat: int) -> dict[str, tuple[float, float]]:
    """Median and worst milliseconds of processor time of each page's script when warm, whoever else computes here."""
    from streamlit.testing.v1 import AppTest

    from coding.pages import who
    from coding.people.accounts import people, session_id_of
    from coding.vocabulary import PersonRole

    os.environ["EVENHAND_MISSION"] = url
    accounts = people()
    accounts.choose_password("test", accounts.add("test", PersonRole.ADMIN, "test"), "a password of its own")
    session = session_id_of(accounts.open_session("test", "test"))
    who.session_header = lambda: session  # the gate stands before a server, and here is none
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.run()
    figures = {}
    for name, file in PAGES.items():
        app.switch_page(file)
        app.run()
        if app.exception:
            raise SystemExit(f"{name}: {app.exception[0].message}")
        runs = [timed(app.run, time.process_time) * 1000 for _ in range(repeat)]
        figures[name] = (statistics.median(runs), max(runs))
    return figures


def new_selection_milliseconds(url: str, repeat: int) -> dict[str, float]:
    """Median milliseconds of each metric for a selection that nobody has asked yet in this state of the store."""
    from monitoring.coverage import open_coverage
    from monitoring.metrics import METRICS
    from monitoring.selection import Selection

    coverage = open_coverage(Store(url))
    day = coverage.mission.periods[0].start
    figures: dict[str, float] = {}
    for metric in METRICS:
        chosen = [Selection(media=(Medium.TV,), start=day + timedelta(days=n)) for n in range(1, repeat + 1)]
        coverage.forget()  # what another metric asked would be an answer that is already there
        runs = [timed(partial(metric.compute, coverage, each, metric.by)) * 1000 for each in chosen]
        figures[metric.name] = statistics.median(runs)
    return figures


def coverage_seconds(url: str, repeat: int) -> float:
    """Median seconds to compute coverage from nothing, as when the app starts."""
    from monitoring.coverage import computed

    store = Store(url)
    at = store.moment()
    return statistics.median(timed(lambda: computed(store, at, datetime.now(UTC))) for _ in range(min(repeat, 5)))


def coverage_refresh_seconds(url: str, repeat: int) -> float:
    """Median seconds to bring coverage up to date after a coder saved one more segment."""
    from monitoring.coverage import open_coverage

    store = Store(url)
    open_coverage(store)
    runs = []
    for number, segment in enumerate(store.segments()[:repeat]):
        another = {"segment_id": str(uuid5(UUID(segment.segment_id), "another")), "coder": f"coder of {number}"}
        store.add([segment.model_copy(update=another)], "benchmark")
        runs.append(timed(partial(open_coverage, store)))
    return statistics.median(runs)


def naive_milliseconds(url: str, repeat: int) -> float:
    """Median milliseconds of processor time of a first script at each run: read all, join, group with pandas."""
    import pandas as pd
    from sqlalchemy import create_engine

    engine = create_engine(url)

    def page() -> None:
        segments = pd.read_sql("SELECT * FROM segment WHERE retracted = 0", engine)
        airings = pd.read_sql("SELECT airing_id, outlet, date FROM airing", engine)
        news = segments.merge(airings, on="airing_id").query("format == 'news'")
        amounts = news.groupby(["outlet", "subject", "tone"])["amount"].sum()
        amounts / amounts.groupby("outlet").transform("sum")

    return statistics.median(timed(page, time.process_time) * 1000 for _ in range(repeat))


@contextmanager
def served(data: Path) -> Iterator[tuple[str, float]]:
    """The app as a user starts it; gives its address and the moment of the start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    environment = {k: v for k, v in os.environ.items() if k != "EVENHAND_MISSION"} | {"EVENHAND_DATA": str(data)}
    started = time.perf_counter()
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://localhost:{port}", started
    finally:
        server.terminate()
        server.wait(10)


def first_chart_seconds(data: Path) -> float:
    """Seconds from the command to the first chart on the screen, in a real browser that is already open."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=BROWSER)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        with served(data) as (address, started):
            while True:
                try:
                    page.goto(address)
                    break
                except Error:
                    time.sleep(0.05)
            page.wait_for_selector(
                "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg", timeout=120_000
            )
            seconds = time.perf_counter() - started
        browser.close()
    return seconds


def main() -> None:
    """Measure, print a table, and one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 segments, fewer repetitions")
    quick = parser.parse_args().quick
    size, repeat = (10_000, 3) if quick else (50_000, 15)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EVENHAND_DATA"] = folder
        url = large_store(Path(folder), size)
        pages = page_milliseconds(url, repeat)
        naive = naive_milliseconds(url, repeat)
        unasked, rebuilt = new_selection_milliseconds(url, repeat), coverage_seconds(url, repeat)
        refreshed = coverage_refresh_seconds(url, repeat)
        cold = warm = None
        if CHROMIUM.exists():
            cold, warm = first_chart_seconds(Path(folder) / "own"), first_chart_seconds(Path(folder) / "own")
    helped = help_seconds(repeat)
    print(f"{size:,} segments; milliseconds of processor time of a page's script when warm (median, worst of {repeat})")
    for name, (median, worst) in pages.items():
        print(f"  {name:<12} {median:7.0f} {worst:7.0f}   {naive / median:5.1f} times as fast as the naive page")
    print(f"  {'naive page':<12} {naive:7.0f}")
    print("a selection that nobody has asked yet, milliseconds of each metric (median)")
    for name, median in unasked.items():
        print(f"  {name:<16} {median:5.0f}")
    print(f"coverage computed from nothing: {rebuilt:.2f} s; after one more segment: {refreshed:.2f} s")
    print(f"python -m monitoring --help: {helped:.2f} s")
    if cold and warm:
        print(f"streamlit run app.py to first chart: {cold:.1f} s at the first start, {warm:.1f} s later")
    else:
        print("streamlit run app.py to first chart: not measured, no chromium here")
    figures = {
        "benchmark": "pages",
        "segments": size,
        **{f"{name}_ms": round(median) for name, (median, _) in pages.items()},
        "slowest_ms": round(max(median for median, _ in pages.values())),
        "naive_ms": round(naive),
        "new_selection_slowest_ms": round(max(unasked.values())),
        "coverage_s": round(rebuilt, 2),
        "coverage_refresh_s": round(refreshed, 2),
        "help_s": round(helped, 2),
        "first_chart_cold_s": cold and round(cold, 1),
        "first_chart_warm_s": warm and round(warm, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
