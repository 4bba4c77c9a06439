"""Measuring uncertainty while nobody looks: a process of low priority for each store, never the web process itself."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from subprocess import Popen
from threading import Lock, Thread
from typing import Any

from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.suggestions.worker import started

MODULE = "coding.suggestions.measuring"


@dataclass
class Job:
    """A measuring and how far it is. `problems` say why it could not be done, `failed` that it broke off."""

    process: "Popen[bytes]"
    done: int = 0
    total: int = 0
    running: bool = True
    stopped: bool = False
    finished: bool = False
    problems: tuple[Problem, ...] = field(default=())

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def failed(self) -> bool:
        """Whether the process ended before its time, and nobody had stopped it."""
        return not (self.running or self.finished or self.stopped or self.problems)


class Jobs:
    """The jobs of one kind, one for each store: `module` is what the process runs, `name` that of its thread."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name
        self._held: dict[str, Job] = {}
        self._changing = Lock()

    def of(self, store_url: str) -> Job | None:
        """The store's job that runs, or the last one until it is dismissed."""
        return self._held.get(store_url)

    def start(self, store_url: str, module: str = "") -> Job:
        """Work in a process of its own; the one that runs already is returned instead."""
        with self._changing:
            before = self._held.get(store_url)
            if before is not None and before.running:
                return before
            job = self._held[store_url] = Job(started(module or self._module))
        Thread(target=followed, args=(job, store_url), daemon=True, name=self._name).start()
        return job

    def stop(self, store_url: str) -> None:
        """Stop a job; what it did stays."""
        job = self._held.get(store_url)
        if job is not None and job.running:
            job.stopped = True
            job.process.terminate()

    def dismiss(self, store_url: str) -> None:
        """Forget a job that is over."""
        with self._changing:
            job = self._held.get(store_url)
            if job is not None and not job.running:
                del self._held[store_url]


MEASURING = Jobs(MODULE, "uncertainty")
job_of, start_measuring, stop, dismiss = MEASURING.of, MEASURING.start, MEASURING.stop, MEASURING.dismiss


def followed(job: Job, store_url: str) -> None:
    """Ask the process, and take in what it says until it ends."""
    questions, answers = job.process.stdin, job.process.stdout
    try:
        if questions is not None and answers is not None:
            with questions, answers:
                questions.write(json.dumps(store_url).encode() + b"\n")  # not an argument: it may carry a password
                questions.flush()
                for line in answers:
                    _heard(job, json.loads(line))
    except (OSError, ValueError):  # the process was ended in the middle of a line
        job.process.kill()
    finally:
        job.process.wait()
        job.running = False


def _heard(job: Job, said: dict[str, Any]) -> None:
    job.done, job.total = said.get("done", job.done), said.get("total", job.total)
    job.finished = said.get("finished", False)
    job.problems = tuple(Problem(**each) for each in said.get("problems", ()))


def main() -> None:
    """What the process runs."""
    from coding.suggestions.uncertainty import measure

    serve(measure)


def serve(work: Callable[[Store, Callable[[int, int], None]], object]) -> None:
    """Do the work for the store that is named on the first line, and say how far it is.

    A server that is gone closes the pipe, and the next word to it ends the process.
    """
    from coding.suggestions.answering import step_back

    step_back()
    store = Store(json.loads(sys.stdin.readline()))
    try:
        work(store, lambda done, total: _say({"done": done, "total": total}))
        _say({"finished": True})
    except ProblemsFound as found:
        _say({"problems": [{**vars(problem), "values": dict(problem.values)} for problem in found.problems]})


def _say(words: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()
