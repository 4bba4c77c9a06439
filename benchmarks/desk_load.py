"""Whether the coding desk holds what a newsroom asks of it: thirty coders who save while two analysts look at results.

`python -m benchmarks.desk_load [--quick] [--suggestions]` makes a store of 50,000 segments as a mission of its own,
with accounts and airings in hand, and starts the app as its users do. In one run on this machine it measures: from a
coder's POST to the answer that says "stored", with 30 coders (a new segment each five seconds) and two analysts going
from page to page; the same over a write-ahead log; 100 coders; from a key pressed at the desk in a real browser to the
painted frame, meanwhile; and a plain Streamlit form with as many people. The clients run in processes of their own.
`--quick` takes a quarter of the time. With `--suggestions` a small linear model is in use, and every coder asks it
after each save, as the desk does: all figures are then those with suggestions on. The last line is one JSON object.
"""

import argparse
import json
import math
import multiprocessing
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.desk_clients import COOKIE, Load, Worked, drive, percentile
from benchmarks.desk_keys import Keys, desk_open, pressed
from benchmarks.desk_mission import Prepared, prepared
from benchmarks.naive_form import OPTIONS, Filled, fill, naive_folder
from benchmarks.recording import free_port, peak_mb, started

T = TypeVar("T")
SEGMENTS, CODERS, MANY_CODERS, ANALYSTS = 50_000, 30, 100, 2
KEYS_OF_A_MINUTE = 100
LONGEST_OPENING = 300
WITH_LOG = (
    "import sys, coding.store.engine as engine; engine.wal_is_safe = lambda *_: True; "
    "from streamlit.web.cli import main; sys.argv = ['streamlit', *sys.argv[1:]]; main()"
)
"""Starts the app with a write-ahead log, whatever this SQLite is thought of."""


@dataclass(frozen=True)
class Held:
    """What one server held: the load, the keys meanwhile, its memory, its share of one processor; and many coders.

    `load_average` is the machine's, of the last minute when the first load ended: what others did shows there.
    """

    worked: Worked
    keys: Keys
    rss_mb: float
    cpu_per_cent: float
    load_average: float
    many: Worked
    many_rss_mb: float


@contextmanager
def app(folder: Path, write_ahead: bool = False) -> Iterator[tuple[str, int]]:
    """Address and process of the app over a data folder, started as its users start it (or with a write-ahead log)."""
    port = free_port()
    begin = ["-c", WITH_LOG] if write_ahead else ["-m", "streamlit"]
    options = ["run", "app.py", "--server.headless=true", f"--server.port={port}"]
    os.environ["EVENHAND_DATA"] = str(folder)
    os.environ.pop("EVENHAND_MISSION", None)
    with started([sys.executable, *begin, *options], f"http://localhost:{port}/_stcore/health") as server:
        yield f"http://localhost:{port}", server.pid


def at_work(target: Callable[..., None], given: tuple[Any, ...], meanwhile: Callable[[], T]) -> tuple[Any, T]:
    """What the clients tell, and what was seen meanwhile; they run in a process of their own."""
    context = multiprocessing.get_context("spawn")
    ready, go, (ours, theirs) = context.Event(), context.Event(), context.Pipe(duplex=False)
    clients = context.Process(target=target, args=(*given, ready, go, theirs))
    clients.start()
    for _ in range(LONGEST_OPENING):
        if ready.wait(1) or not clients.is_alive():
            break
    if not ready.is_set():
        clients.kill()
        raise SystemExit("the clients could not open their sessions")
    go.set()
    seen = meanwhile()
    worked = ours.recv()
    clients.join()
    return worked, seen


def held(
    given: Prepared, seconds: float, many_seconds: float = 0, write_ahead: bool = False, suggestions: bool = False
) -> Held:
    """Load one server; what it acknowledged and does not hold counts as an error."""
    with app(given.folder, write_ahead) as (address, process):
        load = Load(address, given.mission, given.coders[:CODERS], given.analysts, seconds, suggestions=suggestions)
        with desk_open(address, f"{COOKIE}={given.typist.token}", given.typist.airing_id) as desk:
            count = round(KEYS_OF_A_MINUTE * seconds / 60)

            def typed() -> tuple[Keys, float]:
                before = cpu_seconds(process)
                keys = pressed(desk, count, seconds * 0.92)
                return keys, (cpu_seconds(process) - before) / seconds * 100

            worked, (keys, cpu_per_cent) = at_work(drive, (load,), typed)
        rss, load_average = peak_mb(process), os.getloadavg()[0]
        many = Worked()
        if many_seconds:
            crowd = replace(load, coders=given.coders, seconds=many_seconds, begin_ms=300_000)
            many, _ = at_work(drive, (crowd,), lambda: None)
        many_rss = peak_mb(process)
        logged = given.store.with_name(f"{given.store.name}-wal").exists()
    if write_ahead and not logged:
        raise SystemExit("the store has no write-ahead log")
    for each in (worked, many):
        each.errors += [f"lost: {segment_id}" for segment_id in _missing(given.store, each.stored)]
    return Held(worked, keys, rss, cpu_per_cent, load_average, many, many_rss)


def cpu_seconds(process: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _missing(store: Path, segment_ids: list[str]) -> list[str]:
    with closing(sqlite3.connect(store)) as connection:
        there = {row[0] for row in connection.execute("SELECT segment_id FROM segment")}
    return [segment_id for segment_id in segment_ids if segment_id not in there]


def naive(folder: Path, store: Path, seconds: float) -> Filled:
    """The plain form with as many people."""
    page, port = naive_folder(folder, store), free_port()
    command = [sys.executable, "-m", "streamlit", "run", page.name, *OPTIONS, f"--server.port={port}"]
    with started(command, f"http://localhost:{port}/_stcore/health", folder):
        filled, _ = at_work(fill, (f"http://localhost:{port}", CODERS, seconds), lambda: None)
    return filled  # type: ignore[no-any-return]


def row(name: str, values: list[float], errors: list[str]) -> str:
    """One line of the table."""
    figures = [percentile(values, share) for share in (0.5, 0.95, 1)]
    return f"{name:52} {len(values):6} " + " ".join(f"{each:9.1f}" for each in figures) + f" {len(errors):7}"


def main() -> None:
    """Measure, print a table, and one JSON object as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="15 seconds instead of 60")
    parser.add_argument("--suggestions", action="store_true", help="with a tone model in use, asked after each save")
    asked = parser.parse_args()
    quick, suggestions = asked.quick, asked.suggestions
    seconds, half = (15, 10) if quick else (60, 30)
    load_average = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        first = prepared(folder / "first", SEGMENTS, MANY_CODERS, ANALYSTS)
        if suggestions:
            first.put_model()
        logged = held(first.again(folder / "logged"), seconds, write_ahead=True, suggestions=suggestions)
        filled = naive(folder / "naive", first.store, half)
        usual = held(first, seconds, half, suggestions=suggestions)
    told(usual, logged, filled)
    figures = figures_of(usual, logged, filled) | {"load_average_before": round(load_average, 1), "quick": quick}
    figures["suggestions"] = suggestions
    print(json.dumps({"benchmark": "desk_load", **figures}))


def told(usual: Held, logged: Held, filled: Filled) -> None:
    """The table for people."""
    print(f"{'milliseconds':52} {'number':>6} {'p50':>9} {'p95':>9} {'max':>9} {'errors':>7}")
    print(row(f"{CODERS} coders: POST to stored", usual.worked.saved, usual.worked.errors))
    print(row(f"{CODERS} coders: POST to stored, write-ahead log", logged.worked.saved, logged.worked.errors))
    print(row(f"{MANY_CODERS} coders: POST to stored", usual.many.saved, usual.many.errors))
    if usual.worked.suggested or usual.worked.suggest_errors:
        print(row(f"{CODERS} coders: question to suggestion", usual.worked.suggested, usual.worked.suggest_errors))
        print(row(f"{MANY_CODERS} coders: question to suggestion", usual.many.suggested, usual.many.suggest_errors))
    print(row(f"{ANALYSTS} analysts, 30 coders: page to its chart", usual.worked.pages, usual.worked.page_errors))
    print(row("desk in a browser: key to changed page", usual.keys.changed, usual.keys.errors))
    print(row("desk in a browser: key to painted frame", usual.keys.painted, usual.keys.errors))
    print(row("desk in a browser: Enter to 'saved' on screen", usual.keys.saved, usual.keys.errors))
    print(row(f"plain form, {CODERS} coders: press to 'saved'", filled.saved, filled.errors))
    print(row(f"plain form, {CODERS} coders: press to the whole page", filled.whole, filled.errors))
    print(f"server's greatest memory: {usual.rss_mb:.0f} MB with {CODERS} coders, {usual.many_rss_mb:.0f} MB after 100")
    print(f"server's processor with {CODERS} coders: {usual.cpu_per_cent:.0f} per cent of one core")
    errors = [*usual.worked.errors, *usual.many.errors, *usual.worked.suggest_errors, *usual.many.suggest_errors]
    errors += [*usual.worked.page_errors, *usual.keys.errors, *filled.errors]
    for error in dict.fromkeys(errors[:20]):
        print(f"  {error}")


def figures_of(usual: Held, logged: Held, filled: Filled) -> dict[str, Any]:
    """What the documents quote; null where nothing was measured."""

    def ms(values: list[float], share: float) -> float | None:
        found = percentile(values, share)
        return None if math.isnan(found) else round(found, 1)

    return {
        "coders": CODERS,
        "saved_p50_ms": ms(usual.worked.saved, 0.5),
        "saved_p95_ms": ms(usual.worked.saved, 0.95),
        "key_p95_ms": ms(usual.keys.painted, 0.95),
        "errors": len(usual.worked.errors) + len(usual.keys.errors),
        "naive_form_p95_ms": ms(filled.saved, 0.95),
        "server_rss_mb": round(usual.rss_mb),
        "server_cpu_per_cent": round(usual.cpu_per_cent),
        "load_average": round(usual.load_average, 1),
        "load_average_wal": round(logged.load_average, 1),
        "saved_p50_wal_ms": ms(logged.worked.saved, 0.5),
        "saved_p95_wal_ms": ms(logged.worked.saved, 0.95),
        "errors_wal": len(logged.worked.errors),
        "saved_max_ms": ms(usual.worked.saved, 1),
        "saves": len(usual.worked.saved),
        "coders_100_p50_ms": ms(usual.many.saved, 0.5),
        "coders_100_p95_ms": ms(usual.many.saved, 0.95),
        "coders_100_saves": len(usual.many.saved),
        "coders_100_errors": len(usual.many.errors),
        "coders_100_server_rss_mb": round(usual.many_rss_mb),
        "key_p50_ms": ms(usual.keys.painted, 0.5),
        "key_changed_p95_ms": ms(usual.keys.changed, 0.95),
        "keys": len(usual.keys.painted),
        "enter_to_saved_p95_ms": ms(usual.keys.saved, 0.95),
        "analyst_page_p50_ms": ms(usual.worked.pages, 0.5),
        "analyst_page_p95_ms": ms(usual.worked.pages, 0.95),
        "analyst_errors": len(usual.worked.page_errors),
        "suggest_p50_ms": ms(usual.worked.suggested, 0.5),
        "suggest_p95_ms": ms(usual.worked.suggested, 0.95),
        "suggest_max_ms": ms(usual.worked.suggested, 1),
        "suggest_answers": len(usual.worked.suggested),
        "suggest_shown": usual.worked.shown,
        "suggest_errors": len(usual.worked.suggest_errors),
        "coders_100_suggest_p50_ms": ms(usual.many.suggested, 0.5),
        "coders_100_suggest_p95_ms": ms(usual.many.suggested, 0.95),
        "coders_100_suggest_errors": len(usual.many.suggest_errors),
        "naive_form_p50_ms": ms(filled.saved, 0.5),
        "naive_form_whole_p95_ms": ms(filled.whole, 0.95),
        "naive_form_errors": len(filled.errors),
    }


if __name__ == "__main__":
    main()
