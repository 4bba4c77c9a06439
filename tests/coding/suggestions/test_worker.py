"""The process that holds models: questions and answers, and everything that can go wrong with it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coding.suggestions.answering import Shelf
from coding.suggestions.worker import ROOT, Answer, NoAnswer, Question, Trouble, Worker
from models.target import Target
from tests.coding.suggestions.stub import MODULE, POINTS, Stub

BLUE = Target("Blue Party", ("Blues", "Көктер"), (("Red Party", "Reds"), ("Green Party",)))


def question(text: str, folder: str = "models/one") -> Question:
    return Question(folder, text, BLUE, "en")


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(MODULE, patience=20)
    yield made
    made.stop()


def asked(worker: Worker, text: str, folder: str = "models/one") -> Answer:
    return asyncio.run(worker.ask(question(text, folder)))


def trouble(worker: Worker, text: str, folder: str = "models/one") -> NoAnswer:
    with pytest.raises(NoAnswer) as found:
        asked(worker, text, folder)
    return found.value


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int) -> bool:
    """Within a few seconds."""
    for _ in range(100):
        if not running(pid) or Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_it_starts_at_the_first_question_and_answers_every_one(worker: Worker) -> None:
    assert worker.pid is None
    first = asked(worker, "negative 0.9")
    assert (first.points, first.labels, first.silent, first.model, first.language) == (
        POINTS,
        ("negative",),
        "",
        "one",
        "en",
    )
    assert first.probabilities[1] == 0.9
    pid = worker.pid
    assert asked(worker, "Қазақша мәтін — unsure").silent == "unsure"
    assert asked(worker, "negative neutral 0.8", "models/two").model == "two"
    assert worker.pid == pid


def test_models_run_in_another_process(worker: Worker) -> None:
    assert asked(worker, "where").model == str(worker.pid) != str(os.getpid())


def test_what_a_library_prints_is_no_answer(worker: Worker) -> None:
    assert asked(worker, "print negative").labels == ("negative",)


def test_a_model_that_refuses_or_raises_is_told_and_the_process_goes_on(worker: Worker) -> None:
    refused = trouble(worker, "negative", "models/broken")
    assert refused.trouble == Trouble.FAILED
    assert "no manifest.json" in refused.reason
    pid = worker.pid
    assert "KeyError" in trouble(worker, "raise").reason
    assert asked(worker, "neutral").labels == ("neutral",)
    assert worker.pid == pid


def test_a_dead_process_gives_no_suggestion_and_is_started_again(worker: Worker) -> None:
    asked(worker, "neutral")
    first = worker.pid
    assert trouble(worker, "die").trouble == Trouble.FAILED
    assert asked(worker, "neutral").labels == ("neutral",)
    assert worker.pid not in (None, first)


def test_a_process_killed_between_questions_is_not_noticed(worker: Worker) -> None:
    asked(worker, "neutral")
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    while worker.pid is not None:
        time.sleep(0.01)
    assert asked(worker, "neutral").labels == ("neutral",)


def test_a_process_that_always_dies_is_not_started_at_every_question(worker: Worker) -> None:
    for _ in range(2):
        trouble(worker, "die")
    assert "later" in trouble(worker, "neutral").reason
    assert worker.pid is None
    worker.stop()
    assert asked(worker, "neutral").labels == ("neutral",)


def test_nobody_waits_longer_than_the_patience_and_what_came_late_is_dropped() -> None:
    worker = Worker(MODULE, patience=20)
    try:
        asked(worker, "neutral")
        worker.patience = 0.2
        began = time.monotonic()
        assert trouble(worker, "sleep 4").trouble == Trouble.LATE
        assert trouble(worker, "die").trouble == Trouble.LATE, "it waits behind the slow one, and is given up"
        assert time.monotonic() - began < 4, "nobody waited for the slow one"
        pid, worker.patience = worker.pid, 20
        assert asked(worker, "negative").labels == ("negative",)
        assert worker.pid == pid, "the question that was given up never reached the model"
    finally:
        worker.stop()


def test_a_process_that_hangs_is_ended() -> None:
    worker = Worker(MODULE, patience=20, stuck=20)
    try:
        asked(worker, "neutral")
        worker.stuck = 0.3
        assert trouble(worker, "sleep 60").trouble == Trouble.FAILED
        worker.stuck = 20
        assert asked(worker, "neutral").labels == ("neutral",)
    finally:
        worker.stop()


def test_too_many_questions_are_turned_away_at_once() -> None:
    worker = Worker(MODULE, patience=20, most_waiting=3)
    try:
        asked(worker, "neutral")
        slow = worker.asked(question("sleep 0.5"))
        while not slow.running():
            time.sleep(0.01)
        waiting = [worker.asked(question("neutral")) for _ in range(3)]
        with pytest.raises(NoAnswer) as found:
            worker.asked(question("neutral"))
        assert found.value.trouble == Trouble.BUSY
        assert [each.result(20).labels for each in waiting] == [("neutral",)] * 3
    finally:
        worker.stop()


def test_stopping_ends_the_process_and_answers_who_waits(worker: Worker) -> None:
    asked(worker, "neutral")
    pid = worker.pid
    assert pid is not None
    slow, waiting = worker.asked(question("sleep 30")), worker.asked(question("neutral"))
    while not slow.running():
        time.sleep(0.01)
    worker.stop()
    assert worker.pid is None
    assert gone(pid)
    for future in (slow, waiting):
        assert isinstance(future.exception(5), NoAnswer)


def test_the_process_ends_with_a_server_that_was_killed() -> None:
    code = (
        "import sys, time; from coding.suggestions.worker import Worker, Question; from models.target import Target\n"
        f"worker = Worker({MODULE!r}); worker.asked(Question('x', 'neutral', Target('Blue'))).result(30)\n"
        "print(worker.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        assert running(pid)
        server.kill()
    assert gone(pid)


def test_a_few_models_are_held_and_the_one_unused_longest_makes_room() -> None:
    opened: list[str] = []

    def open_model(folder: Path) -> Stub:
        opened.append(folder.name)
        return Stub(folder.name)

    shelf = Shelf(open_model, most=2)  # type: ignore[arg-type]
    for name in ("one", "two", "one", "three", "one", "two"):
        assert shelf.model(name).version == name
    assert opened == ["one", "two", "three", "two"]


def test_an_answer_that_is_none_ends_the_process_and_not_the_worker(worker: Worker) -> None:
    asked(worker, "neutral")
    first = worker.pid
    assert trouble(worker, "garble").trouble == Trouble.FAILED
    assert asked(worker, "neutral").labels == ("neutral",)
    assert worker.pid != first
