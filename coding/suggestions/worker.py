"""One process beside the server that holds models and answers questions, so that no model runs in the web process.

It starts at the first question and again after it has died. The server only waits for it, and not for long: where too
many questions wait, or the answer takes too long, there is no suggestion now, and no coder is held up.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Lock, Thread, Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.target import Target

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 5.0
"""Seconds that a coder's desk waits for a suggestion."""
STUCK = 120.0
"""Seconds after which a process that does not answer is ended; the first question also opens the model."""
MOST_WAITING = 64
REST = 30.0
"""Seconds without a new start when the process died twice without an answer in between."""
ENDED_WITHIN = 2.0
QUIET = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",  # a suggestion never waits for a download, nor asks for one
    "PYTHONIOENCODING": "utf-8",
}
"""One thread, and nothing fetched."""


class Trouble(StrEnum):
    """Why there is no answer."""

    BUSY = "busy"  # too many questions wait
    LATE = "late"  # it took too long
    FAILED = "failed"  # the process died, or the model refused


class NoAnswer(Exception):
    """There is no suggestion now; `trouble` says why, `reason` what the process said (in English, for the log)."""

    def __init__(self, trouble: Trouble, reason: str = "") -> None:
        self.trouble, self.reason = trouble, reason
        super().__init__(f"{trouble}: {reason}" if reason else str(trouble))


@dataclass(frozen=True)
class Question:
    """What a model (a folder) shall say of one text and one target; a language of "" is told from the text."""

    folder: str
    text: str
    target: "Target"
    language: str = ""


@dataclass(frozen=True)
class Answer:
    """What the model said: `models.suggestion.Suggestion` as plain values; `silent` is empty where it spoke."""

    points: tuple[str, ...]
    probabilities: tuple[float, ...]
    labels: tuple[str, ...]
    silent: str
    model: str
    language: str


WARMING = "The party said that it was so. Партия сказала, что это так."
"""Wakes what a first question needs besides the model: names, their inflection, and the telling of languages."""


class Worker:
    """The process and the questions that wait for it. `serving` is the module whose `main` runs in the process."""

    def __init__(
        self,
        serving: str = "coding.suggestions.answering",
        *,
        patience: float = PATIENCE,
        stuck: float = STUCK,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self.serving, self.patience, self.stuck = serving, patience, stuck
        self._waiting: Queue[tuple[Question, Future[Answer]] | None] = Queue(most_waiting)
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: Thread | None = None
        self._starting = Lock()
        self._deaths, self._rest_until = 0, 0.0

    async def ask(self, question: Question) -> Answer:
        """The model's answer. Raises NoAnswer at once where too many wait, and after `patience` seconds."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self.asked(question)), self.patience)
        except TimeoutError:
            raise NoAnswer(Trouble.LATE) from None

    def asked(self, question: Question) -> "Future[Answer]":
        """The answer to come; one that is cancelled before its turn costs nothing. Raises NoAnswer (BUSY)."""
        future: Future[Answer] = Future()
        with self._starting:
            if self._keeper is None:
                self._keeper = Thread(target=self._keep, name="suggestions", daemon=True)
                self._keeper.start()
            try:
                self._waiting.put_nowait((question, future))
            except Full:
                raise NoAnswer(Trouble.BUSY) from None
        return future

    def warm(self, folder: str) -> None:
        """Have a model opened before anybody asks it, so that the first coder of the day need not go without."""
        from models.target import Target

        try:
            self.asked(Question(folder, WARMING, Target("Партия")))
        except NoAnswer:
            return  # so many ask that it is open, or will be

    @property
    def pid(self) -> int | None:
        """The process's number, where one runs."""
        held = self._process
        return held.pid if held is not None and held.poll() is None else None

    def stop(self) -> None:
        """End the process; what waits is answered with NoAnswer. A later question starts a new one."""
        with self._starting:
            keeper, self._keeper = self._keeper, None
            if keeper is None:
                return
            self._refuse_waiting()
            self._waiting.put(None)
            if self._process is not None:
                self._process.kill()
            keeper.join(ENDED_WITHIN)
            self._deaths, self._rest_until = 0, 0.0

    def _refuse_waiting(self) -> None:
        while True:
            try:
                waiting = self._waiting.get_nowait()
            except Empty:
                return
            if waiting is not None and waiting[1].set_running_or_notify_cancel():
                waiting[1].set_exception(NoAnswer(Trouble.FAILED, "stopped"))

    def _keep(self) -> None:
        """The thread that hands on one question after the other."""
        while (waiting := self._waiting.get()) is not None:
            question, future = waiting
            if not future.set_running_or_notify_cancel():
                continue  # nobody waits for it any more
            try:
                future.set_result(self._exchanged(question))
            except NoAnswer as trouble:
                future.set_exception(trouble)
            except Exception as error:  # noqa: BLE001  without this thread nobody would ever be answered again
                self._died()
                future.set_exception(NoAnswer(Trouble.FAILED, f"{type(error).__name__}: {error}"))
        self._end()

    def _exchanged(self, question: Question) -> Answer:
        process = self._running()
        alarm = Timer(self.stuck, process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            told = _exchange(process, json.dumps(asdict(question)).encode() + b"\n")
        except (OSError, ValueError) as error:  # a broken pipe, half an answer
            self._died()
            raise NoAnswer(Trouble.FAILED, f"the process ended ({type(error).__name__})") from None
        finally:
            alarm.cancel()
        self._deaths = 0
        if "failed" in told:
            raise NoAnswer(Trouble.FAILED, str(told["failed"]))
        return _answer(told)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        if time.monotonic() < self._rest_until:
            raise NoAnswer(Trouble.FAILED, "the process died again and again; it is started later")
        self._end()
        try:
            self._process = started(self.serving)
        except OSError as error:
            self._died()
            raise NoAnswer(Trouble.FAILED, str(error)) from None
        return self._process

    def _died(self) -> None:
        self._deaths += 1
        if self._deaths > 1:
            self._rest_until = time.monotonic() + REST
        self._end()

    def _end(self) -> None:
        held, self._process = self._process, None
        if held is None:
            return
        held.kill()
        held.wait()
        for pipe in (held.stdin, held.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has nobody to read it
                    continue


def started(serving: str) -> "subprocess.Popen[bytes]":
    """A new process that runs `main` of a module, of low priority, with pipes to it."""
    # -c and not -m: an embedded Python does not look into the working folder by itself
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {serving} import main; main()"
    priority = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code]
    return subprocess.Popen(  # noqa: S603
        command, stdin=pipe, stdout=pipe, env={**os.environ, **QUIET}, creationflags=priority
    )


def _exchange(process: "subprocess.Popen[bytes]", line: bytes) -> Mapping[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("no pipes")
    process.stdin.write(line)
    process.stdin.flush()
    told: Mapping[str, Any] = json.loads(process.stdout.readline())
    return told


def _answer(told: Mapping[str, Any]) -> Answer:
    return Answer(
        points=tuple(told["points"]),
        probabilities=tuple(told["probabilities"]),
        labels=tuple(told["labels"]),
        silent=str(told["silent"]),
        model=str(told["model"]),
        language=str(told["language"]),
    )


WORKER = Worker()
"""The one of this process; `app.py` stops it."""
