"""Whether anything coded at the desk is lost, stored twice or misreported, when things fail on purpose.

`python -m benchmarks.desk_faults [--quick]`: the server is killed 200 times while a client saves (180 times the desk's
routes behind the gate, which start in a second, 20 times the whole app); a real Chromium at the desk of the sample's
training bulletin sees a network cut of ten minutes, lost replies, its own death, closed tabs, two tabs with one queue,
a mission that is gone, a full disk, a failing disk, a sign-out and another person. After each, every row of the store
is held against what was told as stored: once each, in order, the audit chain whole. `--quick` takes 10 kills and a cut
of 15 seconds. Stops at the first thing that is not as it must be. The last line is one JSON object.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from benchmarks.faults.closing import browser_killed, mission_gone, tab_closed, two_tabs
from benchmarks.faults.disk import can_mount, disk_failing, disk_full
from benchmarks.faults.killing import server_killed
from benchmarks.faults.network import network_cut, reply_dropped
from benchmarks.faults.outcome import Outcome
from benchmarks.faults.people import signed_out

Fault = Callable[[Playwright, Path], Outcome]


def faults(quick: bool) -> dict[str, Fault]:
    """The faults of a real browser but the cut, each with how often it is made."""
    chosen: dict[str, Fault] = {
        "reply": lambda browser, folder: reply_dropped(browser, folder, 3 if quick else 20),
        "browser": lambda browser, folder: browser_killed(browser, folder, 1 if quick else 10),
        "tab": lambda browser, folder: tab_closed(browser, folder, 4 if quick else 20),
        "tabs": two_tabs,
        "gone": mission_gone,
        "people": signed_out,
        "failing": disk_failing,
    }
    return chosen | ({"full": disk_full} if can_mount() else {})


def cut(folder: Path, quick: bool) -> Outcome:
    """The network cut, with a browser of its own; half of the long one is silence."""
    with sync_playwright() as playwright:
        if quick:
            return network_cut(playwright, folder, seconds=15, pace=1, silent=0)
        return network_cut(playwright, folder, seconds=600, pace=4, silent=300)


def made(fault: Fault, folder: Path) -> Outcome:
    """One fault with a browser of its own."""
    with sync_playwright() as playwright:
        return fault(playwright, folder)


def told(outcome: Outcome) -> Outcome:
    """The same, printed."""
    print(outcome.line(), flush=True)
    return outcome


def main() -> None:
    """Make the faults, print a line for each, and one JSON object as the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick: bool = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(1) as beside:
        folder = Path(place)
        waiting = beside.submit(cut, folder / "cut", quick)
        outcomes = [
            told(server_killed(folder / "routes", 8 if quick else 180, whole=False)),
            told(server_killed(folder / "app", 2 if quick else 20, whole=True)),
        ]
        outcomes += [told(made(fault, folder / name)) for name, fault in faults(quick).items()]
        if not can_mount():
            print("disk full: not tried, a small file system of one's own needs root")
        outcomes.append(told(waiting.result()))
    print(json.dumps({"benchmark": "desk_faults", **figures(outcomes)}))


def figures(outcomes: list[Outcome]) -> dict[str, float]:
    """The sums over all faults, and the figures of each under its name."""
    sums: dict[str, float] = {
        "acknowledged": sum(each.acknowledged for each in outcomes),
        "lost": sum(each.lost for each in outcomes),
        "duplicated": sum(each.duplicated for each in outcomes),
        "kills": sum(each.figures.get("kills", 0) for each in outcomes),
        "stored_without_reply": sum(each.figures.get("stored_without_reply", 0) for each in outcomes),
    }
    for each in outcomes:
        for figure, value in {"acknowledged": each.acknowledged, **each.figures}.items():
            if figure not in ("kills", "stored_without_reply"):
                name = f"{each.name} {figure}".replace(" ", "_")
                sums[name] = sums.get(name, 0) + value
    return sums


if __name__ == "__main__":
    main()
