"""The people of `benchmarks.desk_load`, in a process of their own: coders who save, analysts who look at results.

Each person is a thread that mostly sleeps. A coder has the desk open as a session, and posts what the desk's outbox
posts (with suggestions, the desk asks for one after each save); an analyst goes from one page of results to the next.
"""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from benchmarks.streamlit_client import StreamlitClient, chart

COOKIE = "evenhand"
EVERY_SECONDS = 5.0
"""A coder's pace, a fifth more or less."""
LOOKS_SECONDS = 3.0
RESULTS = ("share", "tone", "overview")
STEP_MS, LENGTH_MS = 2_000, 1_500
TONES = ("positive", "neutral", "negative")
PATIENCE = 30


@dataclass(frozen=True)
class Coder:
    """A coder with a session, the airing in hand, and who appears in it."""

    name: str
    token: str
    airing_id: str
    subject: str


@dataclass(frozen=True)
class Load:
    """Who works how long. `begin_ms` is where in their airings the coders take up.

    With `suggestions` every save is followed by the question what the model suggests.
    """

    address: str
    mission: str
    coders: tuple[Coder, ...]
    analysts: tuple[str, ...]
    seconds: float
    begin_ms: int = 0
    suggestions: bool = False


@dataclass
class Worked:
    """Milliseconds of every save and of every page of results (to its chart), stored ids, and what failed.

    `suggested` are the milliseconds of every suggestion that was answered and is on record, `shown` how many of them
    the coder was shown: some are withheld, by the mission's policy.
    """

    saved: list[float] = field(default_factory=list)
    suggested: list[float] = field(default_factory=list)
    shown: int = 0
    pages: list[float] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    suggest_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)


def drive(load: Load, ready: Event, go: Event, told: Connection) -> None:
    """Open all sessions, say so, wait for the word, work, and tell what came of it."""
    worked, work = Worked(), [*(_coder(load, n) for n in range(len(load.coders))), *map(_analyst(load), load.analysts)]
    with ThreadPoolExecutor(8) as opening:
        opened = list(opening.map(lambda begin: begin(), work))
    ready.set()
    go.wait()
    threads = [threading.Thread(target=_until_the_end, args=(each, worked)) for each in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.send(worked)


Working = Callable[[Worked], None]
Opening = Callable[[], Working]


def _until_the_end(work: Working, worked: Worked) -> None:
    try:
        work(worked)
    except Exception as error:  # noqa: BLE001 - whatever stops a client is an error of the run
        worked.errors.append(f"stopped: {error!r}")


def _coder(load: Load, number: int) -> Opening:
    coder = load.coders[number]

    def open_desk() -> Working:
        session = StreamlitClient(load.address, f"{COOKIE}={coder.token}")
        session.run("desk")
        query = {"mission": load.mission, "airing": coder.airing_id, "coder": coder.name, "lang": "en"}
        status, told = asked(load, coder, "GET", f"/desk/airing?{urlencode(query)}")
        if status != 200:
            raise SystemExit(f"{coder.name} cannot open {coder.airing_id}: {status} {told}")
        version = told["mission"]["version"]

        def work(worked: Worked) -> None:
            pace, end = random.Random(number), time.monotonic() + load.seconds
            at, when = load.begin_ms, time.monotonic() + pace.uniform(0, EVERY_SECONDS)
            while when < end:
                time.sleep(max(0.0, when - time.monotonic()))
                _save(load, coder, at, version, worked)
                at, when = at + STEP_MS, when + pace.uniform(0.8, 1.2) * EVERY_SECONDS
            session.close()

        return work

    return open_desk


def _save(load: Load, coder: Coder, start: int, version: int, worked: Worked) -> None:
    """Post one new segment; the time runs until the answer says that it is stored."""
    message = message_of(coder, start, version)
    query = urlencode({"mission": load.mission, "lang": "en", "person": coder.name})
    begun = time.perf_counter()
    try:
        status, told = asked(load, coder, "POST", f"/desk/save?{query}", [message])
    except (OSError, http.client.HTTPException) as error:
        worked.errors.append(repr(error))
        return
    took = (time.perf_counter() - begun) * 1000
    answers = told.get("answers", [{}])
    if status == 200 and answers[0].get("outcome") == "stored":
        worked.saved.append(took)
        worked.stored.append(message["segment"]["segment_id"])
        if load.suggestions:
            _suggest(load, coder, message["segment"]["segment_id"], worked)
    else:
        worked.errors.append(f"{status} {json.dumps(told)[:300]}")


def _suggest(load: Load, coder: Coder, segment_id: str, worked: Worked) -> None:
    """Ask what the model suggests for a segment that was stored; one that could not be had now counts as an error."""
    query = urlencode({"mission": load.mission, "lang": "en"})
    begun = time.perf_counter()
    try:
        status, told = asked(load, coder, "POST", f"/desk/suggest?{query}", {"segment_id": segment_id})
    except (OSError, http.client.HTTPException) as error:
        worked.suggest_errors.append(repr(error))
        return
    took = (time.perf_counter() - begun) * 1000
    if status == 200 and told["recorded"]:
        worked.suggested.append(took)
        worked.shown += bool(told["shown"])
    else:
        worked.suggest_errors.append(f"{status} {json.dumps(told)[:300]}")


def message_of(coder: Coder, start: int, version: int) -> dict[str, Any]:
    """A new segment as the desk sends it."""
    segment = {
        "segment_id": str(uuid4()),
        "revision": 1,
        "airing_id": coder.airing_id,
        "coder": coder.name,
        "coded_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "codebook_version": version,
        "start_ms": start,
        "end_ms": start + LENGTH_MS,
        "amount": LENGTH_MS,
        "format": "news",
        "topic": "campaign",
        "text": f"{coder.subject} met voters in the region and spoke of wages and roads.",
        "note": "",
        "subject": coder.subject,
        "role": "contestant",
        "speech": "reported",
        "tone": TONES[start // STEP_MS % len(TONES)],
    }
    return {"kind": "add", "segment": segment, "reason": ""}


def asked(load: Load, coder: Coder, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Status and answer of a request. A connection for each: the server closes those that rest for five seconds."""
    connection = http.client.HTTPConnection(urlsplit(load.address).netloc, timeout=PATIENCE)
    headers = {"Cookie": f"{COOKIE}={coder.token}", "Content-Type": "application/json"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    finally:
        connection.close()


def _analyst(load: Load) -> Callable[[str], Opening]:
    def of(token: str) -> Opening:
        def open_results() -> Working:
            session = StreamlitClient(load.address, f"{COOKIE}={token}")
            for page in RESULTS:
                run = session.run(page, shown=chart)
                if run.shown_ms is None:
                    raise SystemExit(f"an analyst cannot open {page}: {run.problems}")
            return lambda worked: _looks(load, session, worked)

        return open_results

    return of


def _looks(load: Load, session: StreamlitClient, worked: Worked) -> None:
    """From page to page, one every three seconds or as fast as they come."""
    end, number = time.monotonic() + load.seconds, 0
    while time.monotonic() < end:
        begun = time.monotonic()
        _look(session, RESULTS[number % len(RESULTS)], worked.pages, worked.page_errors)
        number += 1
        time.sleep(max(0.0, LOOKS_SECONDS - (time.monotonic() - begun)))
    session.close()


def _look(session: StreamlitClient, page: str, pages: list[float], errors: list[str]) -> None:
    run = session.run(page, shown=chart)
    if run.shown_ms is None or run.problems:
        errors.append(f"{page}: {run.problems or 'no chart'}")
    else:
        pages.append(run.shown_ms)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not pass; not a number where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
