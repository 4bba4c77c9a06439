"""Ingests that go on while nobody looks: one for each store, in a thread that no page and no closed tab can stop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from coding.problems import ProblemsFound
from coding.recordings import files
from coding.recordings.ingest import ingest, proxy_of
from coding.recordings.report import Cancelled, Options, Report, Stage, Watch
from coding.store import Store
from coding.store.recordings import Recording


@dataclass
class Job:
    """An ingest and how far it is. `report` is there when it is over; `failed` when it broke off for another reason."""

    store_url: str
    total: int
    file: str = ""
    stage: Stage = Stage.READING
    share: float = 0.0
    done: int = 0
    report: Report | None = None
    failed: bool = False
    stop: Event = field(default_factory=Event)

    @property
    def running(self) -> bool:
        return self.report is None and not self.failed

    def tell(self, file: str, stage: Stage, share: float) -> None:
        """The progress that the thread reports."""
        self.file, self.stage, self.share = file, stage, share


_jobs: dict[str, Job] = {}
_changing = Lock()


def job_of(store_url: str) -> Job | None:
    """The store's ingest that runs, or the last one until it is dismissed."""
    return _jobs.get(store_url)


def dismiss(store_url: str) -> None:
    """Forget an ingest that is over."""
    with _changing:
        job = _jobs.get(store_url)
        if job is not None and not job.running:
            del _jobs[store_url]


def start_ingest(
    store: Store, given: Sequence[tuple[Path, Options]], who: str, afterwards: Callable[[], None] | None = None
) -> Job:
    """Ingest files one after the other, each with its own options; the one that runs already is returned instead.

    `afterwards` is called when it is over, however it ended, or when it was not started.
    """
    return _start(store.url, len(given), lambda job: _ingest_all(store, given, who, job), afterwards)


def start_proxy(store: Store, recording: Recording) -> Job:
    """Make the small copy of a stored video."""
    return _start(store.url, 1, lambda job: _make_proxy(store, recording, job), None)


def _start(url: str, total: int, work: Callable[[Job], Report], afterwards: Callable[[], None] | None) -> Job:
    with _changing:
        before = _jobs.get(url)
        if before is not None and before.running:
            if afterwards:
                afterwards()
            return before
        job = _jobs[url] = Job(url, total)
    Thread(target=_run, args=(job, work, afterwards), daemon=True, name="ingest").start()
    return job


def _run(job: Job, work: Callable[[Job], Report], afterwards: Callable[[], None] | None) -> None:
    """A fault of ours goes on to the log; the page says that the ingest broke off."""
    try:
        job.report = work(job)
    finally:
        job.failed = job.report is None
        if afterwards:
            afterwards()


def _ingest_all(store: Store, given: Sequence[tuple[Path, Options]], who: str, job: Job) -> Report:
    report = Report()
    for file, options in given:
        try:
            one = ingest(store, [file], options, who, job.tell, job.stop.is_set)
        except ProblemsFound as found:
            one = Report(problems=found.problems)
        report = Report(report.stored + one.stored, report.problems + one.problems, one.cancelled)
        job.done += 1
        if one.cancelled:
            break
    return report


def _make_proxy(store: Store, recording: Recording, job: Job) -> Report:
    try:
        folder = files.recordings_folder(store.mission().id)
        proxy_of(folder, recording, Watch(job.tell, job.stop.is_set))
    except ProblemsFound as found:
        return Report(problems=found.problems)
    except Cancelled:
        return Report(cancelled=True)
    return Report()
