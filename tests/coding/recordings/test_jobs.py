"""Ingests in the background: one for each store, watched by whoever looks, stopped by whoever may."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coding.recordings import jobs
from coding.recordings.report import Options
from coding.store import Store
from coding.store.recordings import recordings

Named = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def _none_left(store: Store) -> Iterator[None]:
    yield
    job = jobs.job_of(store.url)
    if job is not None:
        job.stop.set()
        over(job)
    jobs.dismiss(store.url)


def over(job: jobs.Job) -> jobs.Job:
    until = time.monotonic() + 60
    while job.running and time.monotonic() < until:
        time.sleep(0.02)
    assert not job.running
    return job


def test_files_with_options_of_their_own(store: Store, named: Named) -> None:
    gone: list[bool] = []
    given = [
        (named("fast.mp4", "x"), Options("a-0312")),
        (named("fast.mp4", "y"), Options("a-0313", start="nonsense")),
        (named("talk.mp3", "z"), Options("a-0317")),
    ]
    job = over(jobs.start_ingest(store, given, "ana", lambda: gone.append(True)))
    assert job.report is not None
    assert [each.file for each in job.report.stored] == ["x.mp4", "z.mp3"]
    assert len(job.report.problems) == 1
    assert (job.done, gone) == (3, [True])
    assert jobs.job_of(store.url) is job
    jobs.dismiss(store.url)
    assert jobs.job_of(store.url) is None


def test_a_second_press_starts_nothing(store: Store, named: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    wait, gone = threading.Event(), []
    real = jobs.ingest
    monkeypatch.setattr(jobs, "ingest", lambda *given: (wait.wait(20), real(*given))[1])
    given = [(named("fast.mp4", "a-0312"), Options())]
    first = jobs.start_ingest(store, given, "ana")
    assert jobs.start_ingest(store, given, "ana", lambda: gone.append(True)) is first
    assert gone == [True]
    jobs.dismiss(store.url)
    assert jobs.job_of(store.url) is first
    wait.set()
    over(first)
    assert len(recordings(store)) == 1


def test_a_stop_keeps_what_was_stored(store: Store, named: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = named("fast.mp4", "a-0312"), named("fast.mp4", "a-0313")
    real = jobs.Job.tell

    def tell(job: jobs.Job, file: str, *more: object) -> None:
        real(job, file, *more)  # type: ignore[arg-type]
        if file == second.name:
            job.stop.set()

    monkeypatch.setattr(jobs.Job, "tell", tell)
    job = over(jobs.start_ingest(store, [(first, Options()), (second, Options())], "ana"))
    assert job.report is not None and job.report.cancelled
    assert [row.airing_id for row in recordings(store)] == ["a-0312"]


def test_a_fault_of_ours_is_told_and_not_hidden(store: Store, named: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> None:
        raise RuntimeError("a fault")

    logged: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: logged.append(str(told.exc_value)))
    monkeypatch.setattr(jobs, "ingest", broken)
    job = over(jobs.start_ingest(store, [(named("fast.mp4", "a-0312"), Options())], "ana"))
    assert job.failed and job.report is None
    until = time.monotonic() + 5
    while not logged and time.monotonic() < until:
        time.sleep(0.02)
    assert logged == ["a fault"]


def test_a_small_copy_of_what_is_there(store: Store, named: Named) -> None:
    over(jobs.start_ingest(store, [(named("fast.mp4", "a-0312"), Options())], "ana"))
    (row,) = recordings(store)
    job = over(jobs.start_proxy(store, row))
    assert job.report is not None and not job.report.problems
