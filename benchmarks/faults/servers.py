"""A server of one's own that is killed and started again, and the places it serves."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from coding.mission.loader import load
from coding.people.accounts import People
from coding.store import Store
from coding.store.assignments import assign
from coding.store.engine import open_engine
from coding.store.places import DATA_VARIABLE, SAMPLE, sqlite_url
from coding.vocabulary import PersonRole, Purpose

ROOT = Path(__file__).parents[2]
TRAINING = "tv-khabar-2007-07-17-training"
PASSWORD = "four words of one sentence"
START_SECONDS = 90


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Server:
    """The app over one data folder, or only the desk's routes of it (`whole=False`), always on the same port."""

    folder: Path
    whole: bool = True
    port: int = field(default_factory=free_port)
    more: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        routes = [sys.executable, "-m", "benchmarks.faults.routes_only", str(self.port)]
        app = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={self.port}"]
        command = [*app, "--server.headless=true", "--server.fileWatcherType=none"] if self.whole else routes
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")}
        environment = {**kept, DATA_VARIABLE: str(self.folder), **self.more}
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit(f"the server did not start: see {self.folder}.log")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            urlopen(f"{self.address}/_stcore/health", timeout=2).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def served(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The running app over a data folder, with more variables of the environment where given; killed on leaving."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(folder, more=more or {})
    try:
        server.start()
        yield server
    finally:
        server.kill()


@dataclass(frozen=True)
class Mission:
    """A real mission in a data folder: the sample's codebook and airings, coders with airings in hand."""

    folder: Path
    tokens: Mapping[str, str]
    airings: tuple[str, ...]

    @property
    def url(self) -> str:
        return sqlite_url(self.folder / "stores" / "faults.sqlite")

    @property
    def store(self) -> Store:
        """Opened anew at each asking, so that a file that was replaced is seen."""
        return Store(self.url, open_engine(self.url))


def mission(folder: Path, coders: tuple[str, ...] = ("ana",), airings: int = 12) -> Mission:
    """A mission whose longest airings are in the hands of each of the coders, and the training bulletin."""
    folder.mkdir(parents=True, exist_ok=True)
    held = load(SAMPLE)
    timed = [each for each in held.airings if each.monitored is not None and each.outlet.startswith("TV ")]
    longest = sorted(timed, key=lambda each: (-(each.monitored or 0), each.airing_id))[:airings]
    made = Mission(folder, {}, tuple(each.airing_id for each in longest))
    store = made.store
    store.put_mission(held.mission, [*longest, *(a for a in held.airings if a.airing_id == TRAINING)], "faults", "")
    accounts = People(open_engine(sqlite_url(folder / "people.sqlite")))
    tokens = {}
    for coder in coders:
        accounts.choose_password(coder, accounts.add(coder, PersonRole.CODER, "faults"), PASSWORD)
        tokens[coder] = accounts.open_session(coder, "faults")
        assign(store, [TRAINING, *made.airings], coder, Purpose.CODING, "faults")
    return Mission(folder, tokens, made.airings)
