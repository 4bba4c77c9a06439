"""Trainings that go on while nobody looks: one for each store, in a process that no page and no closed tab can stop.

How far it is stands in a file, and so does the wish to stop it, so that a page, the console and a server that was
started anew all see the same training. Whether it lives is told by its turn, which the system takes back from the dead.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.store.tone_models import ToneModel
from coding.suggestions.training import Cancelled, Tell, models_folder, train_mission
from coding.suggestions.turn import Taken, taken, turn

ROOT = Path(__file__).parents[2]
NICE = 10
QUIET = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""One thread: on a shared machine two take longer than one, and coders wait."""
TOLD_EACH = 0.5
STARTS_WITHIN = 60.0
"""Seconds that a process may take until it has its turn."""


class State(StrEnum):
    """How a training stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """A training and how far it is. `problems` say why it was refused, `version` what it made."""

    state: State
    begun: float
    stage: str = ""
    share: float = 0.0
    version: str = ""
    stopping: bool = False
    problems: tuple[Problem, ...] = field(default=())

    @property
    def running(self) -> bool:
        return self.state == State.RUNNING


_started: "dict[str, subprocess.Popen[bytes]]" = {}


def start_training(store_url: str, who: str, *, use: bool = False) -> None:
    """Train in a process of its own; where one runs already, nothing is started."""
    held = job_of(store_url)
    if held is not None and held.running:
        return
    _note(store_url, Job(State.RUNNING, time.time()))
    _file(store_url, "cancel").unlink(missing_ok=True)
    # -c and not -m: an embedded Python does not look into the working folder by itself
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from coding.suggestions.jobs import main; main()"
    priority = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    apart = os.name == "posix"  # Ctrl-C at the server's console is for the server
    with _file(store_url, "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=log, stderr=log,
            env={**os.environ, **QUIET}, start_new_session=apart, creationflags=priority,
        )  # fmt: skip
    _started[store_url] = process
    if process.stdin is not None:
        with process.stdin as asked:  # not an argument: a URL may carry a password
            asked.write(json.dumps({"url": store_url, "who": who, "use": use}).encode())


def job_of(store_url: str) -> Job | None:
    """The store's training that runs, or the last one until it is dismissed."""
    try:
        job = _read(_file(store_url, "json"))
    except FileNotFoundError:
        return None
    if not job.running or taken(_file(store_url, "turn")) or _starts(store_url, job):
        return replace(job, stopping=_file(store_url, "cancel").exists())
    # it may have ended, and said so, between the two looks
    again = _read(_file(store_url, "json"))
    return replace(again, state=State.FAILED) if again.running else again


def _starts(store_url: str, job: Job) -> bool:
    """Whether the process of a training has not come to its turn yet."""
    process = _started.get(store_url)
    alive = process is None or process.poll() is None
    return alive and not job.stage and time.time() - job.begun < STARTS_WITHIN


def cancel(store_url: str) -> None:
    """Ask a training to stop; it does so at its next step and leaves nothing behind."""
    job = job_of(store_url)
    if job is not None and job.running:
        _file(store_url, "cancel").touch()


def dismiss(store_url: str) -> None:
    """Forget a training that is over."""
    job = job_of(store_url)
    if job is not None and not job.running:
        _file(store_url, "json").unlink(missing_ok=True)


def run_training(store: Store, who: str, tell: Tell, cancelled: Callable[[], bool], *, use: bool = False) -> ToneModel:
    """Train in this process, with its turn held and its progress told to everybody.

    Raises ProblemsFound where another training of the store runs, or this one was refused; Cancelled after it was
    stopped, here or from a page.
    """
    notes = _Notes(store.url, tell)
    stop = _file(store.url, "cancel")
    try:
        with turn(_file(store.url, "turn")):
            notes("", 0.0)
            try:
                model = train_mission(store, who, notes, lambda: cancelled() or stop.exists(), use=use)
            except BaseException as ended:
                notes.end(*_how(ended))
                raise
            finally:  # only with the turn: the wish to stop another's training is not ours to take back
                stop.unlink(missing_ok=True)
            notes.end(State.DONE, version=model.version)
            return model
    except Taken:
        raise ProblemsFound([Problem("tone_model.running")]) from None


def _how(ended: BaseException) -> tuple[State, tuple[Problem, ...]]:
    match ended:
        case ProblemsFound():
            return State.REFUSED, ended.problems
        case Cancelled() | KeyboardInterrupt():
            return State.CANCELLED, ()
        case _:
            return State.FAILED, ()


class _Notes:
    """Tells a training's progress to whoever started it, and now and then to the file that pages read."""

    def __init__(self, store_url: str, tell: Tell) -> None:
        self._url, self._tell, self._told = store_url, tell, 0.0
        self._job = Job(State.RUNNING, time.time(), stage="-")

    def __call__(self, stage: str, share: float) -> None:
        before, self._job = self._job.stage, replace(self._job, stage=stage or "-", share=share)
        if self._job.stage != before or time.monotonic() - self._told > TOLD_EACH:
            self._told = time.monotonic()
            _note(self._url, self._job)
        if stage:
            self._tell(stage, share)

    def end(self, state: State, problems: tuple[Problem, ...] = (), version: str = "") -> None:
        _note(self._url, replace(self._job, state=state, problems=problems, version=version))


def _file(store_url: str, kind: str) -> Path:
    folder = models_folder(store_url)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"training.{kind}"


def _note(store_url: str, job: Job) -> None:
    path = _file(store_url, "json")
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(asdict(job), ensure_ascii=False, default=str), encoding="utf-8")
    unfinished.replace(path)


def _read(path: Path) -> Job:
    written = json.loads(path.read_text(encoding="utf-8"))
    problems = tuple(Problem(**each) for each in written.pop("problems"))
    return Job(**written | {"state": State(written["state"]), "problems": problems})


def main() -> None:
    """What the process runs."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    asked = json.loads(sys.stdin.readline())
    store = Store(asked["url"])
    try:
        run_training(store, asked["who"], lambda _stage, _share: None, lambda: False, use=asked["use"])
    except (ProblemsFound, Cancelled):
        sys.exit(1)  # the page tells why, from the file
