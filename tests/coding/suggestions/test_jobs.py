"""Trainings in the background: one at a time, seen and stopped from anywhere, and the dead are noticed."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from coding.problems import Problem, ProblemsFound
from coding.store import Store
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.store.tone_models import ToneModel
from coding.suggestions import jobs
from coding.suggestions.jobs import State, cancel, dismiss, job_of, run_training, start_training
from coding.suggestions.training import Cancelled, models_folder
from coding.suggestions.turn import Taken, taken, turn
from tests.coding.suggestions.test_training import never, quiet

Make = Callable[..., Store]
PATIENCE = 120.0


@pytest.fixture
def store(tmp_path: Path, small_store: Make, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return small_store()


def until(said: Callable[[], bool]) -> None:
    """Wait for something that another process does."""
    given_up = time.monotonic() + PATIENCE
    while not said():
        assert time.monotonic() < given_up, "nothing happened"
        time.sleep(0.05)


def state(store: Store) -> State | None:
    job = job_of(store.url)
    return job.state if job else None


def test_a_turn_is_of_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "turn"
    assert not taken(path)
    with turn(path):
        assert taken(path)
        with pytest.raises(Taken), turn(path, 0.0):
            pass
    assert not taken(path)
    with turn(path):
        pass


def test_a_turn_ends_with_the_process_that_was_killed(tmp_path: Path) -> None:
    code = f"import time\nfrom pathlib import Path\nfrom coding.suggestions.turn import turn\nwith turn(Path({str(tmp_path / 'turn')!r})):\n print('mine', flush=True)\n time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().strip() == b"mine"
        assert taken(tmp_path / "turn")
        process.kill()
        process.wait()
    assert not taken(tmp_path / "turn")


def test_a_training_tells_how_far_it_is_and_how_it_ended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def trained(
        _store: Store, _who: str, tell: Callable[[str, float], None], *_rest: object, **_more: object
    ) -> ToneModel:
        tell("texts", 0.25)
        seen.append(job_of(store.url))
        return ToneModel("2025-04-01.1", "", "", "", 0)

    monkeypatch.setattr(jobs, "train_mission", trained)
    assert job_of(store.url) is None
    run_training(store, "sup", quiet, never)
    [held] = seen
    assert isinstance(held, jobs.Job)
    assert (held.running, held.stage, held.share, held.stopping) == (True, "texts", 0.25, False)
    job = job_of(store.url)
    assert job is not None
    assert (job.state, job.version) == (State.DONE, "2025-04-01.1")
    dismiss(store.url)
    assert job_of(store.url) is None


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (ProblemsFound([Problem("tone_model.refused", values={"reason": "too few"})]), State.REFUSED),
        (Cancelled(), State.CANCELLED),
        (KeyboardInterrupt(), State.CANCELLED),
        (MemoryError(), State.FAILED),
    ],
)
def test_every_end_is_told(store: Store, monkeypatch: pytest.MonkeyPatch, error: BaseException, ends: State) -> None:
    def breaks(*_given: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(jobs, "train_mission", breaks)
    with pytest.raises(type(error)):
        run_training(store, "sup", quiet, never)
    job = job_of(store.url)
    assert job is not None
    assert (job.state, [problem.message() for problem in job.problems]) == (
        ends,
        ["The training was refused: too few"] if ends == State.REFUSED else [],
    )


def test_one_training_of_a_store_at_a_time_and_a_page_can_stop_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def trains(_store: Store, _who: str, _tell: object, cancelled: Callable[[], bool], **_more: object) -> None:
        begun.set()
        while not cancelled():
            time.sleep(0.02)
        raise Cancelled

    ended: list[BaseException] = []

    def work() -> None:
        try:
            run_training(store, "sup", quiet, never)
        except Cancelled as error:
            ended.append(error)

    monkeypatch.setattr(jobs, "train_mission", trains)
    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(PATIENCE)
    assert state(store) == State.RUNNING
    with pytest.raises(ProblemsFound, match="runs already"):
        run_training(store, "another", quiet, never)
    started: list[object] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *given, **more: started.append(given))
    start_training(store.url, "another")
    assert started == [], "the one that runs is enough"
    dismiss(store.url)
    assert state(store) == State.RUNNING, "only what is over can be dismissed"
    cancel(store.url)
    thread.join(PATIENCE)
    assert len(ended) == 1
    assert state(store) == State.CANCELLED
    job = job_of(store.url)
    assert job is not None
    assert not job.stopping


def test_a_process_that_died_is_noticed(store: Store) -> None:
    folder = models_folder(store.url)
    folder.mkdir(parents=True)
    (folder / "training.json").write_text(
        '{"state": "running", "begun": 1.0, "stage": "kk linear", "share": 0.5, "version": "", "stopping": false,'
        ' "problems": []}'
    )
    assert state(store) == State.FAILED
    dismiss(store.url)
    assert state(store) is None


def test_a_process_of_its_own_trains_and_says_why_it_could_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real process, on a store without labels: it starts, takes its turn, and its refusal reaches the page."""
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    from coding.mission.loader import load
    from tests.missions import write_mission

    held = load(write_mission(tmp_path / "mission"))
    store = Store(sqlite_url(tmp_path / "store.sqlite"))
    store.put_mission(held.mission, held.airings, "test", "")
    start_training(store.url, "sup")
    assert state(store) == State.RUNNING
    until(lambda: state(store) != State.RUNNING)
    job = job_of(store.url)
    assert job is not None
    assert job.state == State.REFUSED, (models_folder(store.url) / "training.log").read_text()
    assert "nothing to learn from" in job.problems[0].message()
