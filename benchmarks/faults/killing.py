"""The server is killed while a client saves."""

import random
import time
from pathlib import Path

from benchmarks.faults.desks import must, until
from benchmarks.faults.outcome import Outcome
from benchmarks.faults.record import tally
from benchmarks.faults.sender import Sender
from benchmarks.faults.servers import Mission, Server, mission

LONGEST_SECONDS = 0.5
"""A kill comes at a random moment of this long after the first save of a server."""


def server_killed(folder: Path, kills: int, whole: bool, seed: int = 1) -> Outcome:
    """SIGKILL at random moments while segments are added, revised, retracted and brought back."""
    made = mission(folder / "data")
    server = Server(made.folder, whole)
    sender = Sender(server.port, made.url, "ana", made.tokens["ana"], made.airings, random.Random(seed))
    thread = sender.start()
    try:
        for _ in range(kills):
            _start_and_kill(server, sender)
        server.start()
        sender.finish(thread)
    finally:
        server.kill()
    must(not sender.wrong, sender.wrong)
    must(not sender.queue, f"{len(sender.queue)} messages are still queued")
    return _outcome(made, sender, kills, whole)


def _start_and_kill(server: Server, sender: Sender) -> None:
    before = len(sender.acknowledged)
    server.start()
    until(lambda: len(sender.acknowledged) > before or bool(sender.wrong), lambda: sender.failures)
    time.sleep(sender.chance.uniform(0, LONGEST_SECONDS))
    server.kill()


def _outcome(made: Mission, sender: Sender, kills: int, whole: bool) -> Outcome:
    what = "the whole app" if whole else "the desk's routes behind the gate"
    figures = {"kills": kills, "failed_requests": sender.failures, "stored_without_reply": sender.stored_without_reply}
    held = tally(made.store, "ana", sender.acknowledged)
    return Outcome("server killed", f"{kills} kills of {what}", "(no desk)", (held,), figures).check()
