"""A client that behaves like the browser's outbox: what it made stays queued until the server says it is stored."""

import http.client
import json
import random
import time
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from benchmarks.faults.record import Acknowledged
from coding.people.gate import COOKIE
from coding.segment import Segment
from coding.store.places import place_key

AT_ONCE = 50
SLOT_MS = 200
PAUSE_SECONDS = 0.02
PATIENCE_SECONDS = 15
SUBJECTS = ("Nur Otan", "ANSDP", "Ak Zhol", "PPK")
TONES = ("positive", "neutral", "negative")


@dataclass
class Sender:
    """`queue` holds (message, what the store then holds); messages are sent in order, in batches."""

    port: int
    store_url: str
    person: str
    token: str
    airings: tuple[str, ...]
    chance: random.Random
    queue: list[tuple[dict[str, Any], Acknowledged]] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    failures: int = 0
    stored_without_reply: int = 0
    made: int = 0
    _now: dict[str, Acknowledged] = field(default_factory=dict)
    _stop: Event = field(default_factory=Event)
    _adding: bool = True

    # what a coder does

    def code(self) -> None:
        """One more message: mostly a new segment, else a revision, a retraction, or a segment brought back."""
        kind = self.chance.choices(("add", "revise", "retract", "restore"), (55, 25, 10, 10))[0]
        wanted = [each for each in self._now.values() if each.retracted == (kind == "restore")]
        if kind == "add" or not wanted:
            return self._queued({"kind": "add"}, Acknowledged(self._new(), False))
        before = self.chance.choice(wanted).segment
        later = before.model_copy(update={"revision": before.revision + 1})
        if kind == "retract":
            about = {"segment_id": before.segment_id, "revision": before.revision, "reason": "a slip"}
            return self._queued({"kind": kind, **about}, Acknowledged(later, True))
        if kind == "revise":
            later = later.model_copy(update={"tone": self.chance.choice(TONES), "note": f"revised {self.made}"})
        return self._queued({"kind": kind}, Acknowledged(later, False))

    def _new(self) -> Segment:
        self.made += 1
        start = self.made // len(self.airings) * SLOT_MS
        return Segment(
            segment_id=str(UUID(int=self.chance.getrandbits(128), version=4)),
            airing_id=self.airings[self.made % len(self.airings)],
            start_ms=start,
            end_ms=start + SLOT_MS,
            amount=SLOT_MS,
            subject=self.chance.choice(SUBJECTS),
            tone=self.chance.choice(TONES),
            format="news",
            text=f"said in piece {self.made}",
            coder=self.person,
            coded_at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        )

    def _queued(self, message: dict[str, Any], after: Acknowledged) -> None:
        if message["kind"] != "retract":
            read = after.segment.revision if message["kind"] == "add" else after.segment.revision - 1
            message["segment"] = after.segment.model_copy(update={"revision": read}).model_dump(mode="json")
        self._now[after.segment.segment_id] = after
        self.queue.append((message, after))

    # sending

    def send(self) -> bool:
        """Post the next batch; whether the server answered. Only what it calls stored leaves the queue."""
        batch = self.queue[:AT_ONCE]
        asked_at = time.time()
        try:
            answers = self._post([message for message, _ in batch])
        except (OSError, http.client.HTTPException, ValueError):
            self.failures += 1
            return False
        stored = []
        for (message, after), answer in zip(batch, answers, strict=True):
            if answer["outcome"] == "stored":
                stored.append(after)
                if answer["segment"]["revision"] != after.segment.revision:
                    self.wrong.append(f"revision {answer['segment']['revision']} for {after.segment.revision}")
                self.stored_without_reply += _instant(answer["recorded_at"]) < asked_at - 0.002
            else:
                self.wrong.append(f"{message['kind']}: {answer}")
        self.acknowledged += stored
        done = {id(after) for after in stored}
        self.queue = [each for each in self.queue if id(each[1]) not in done]
        return True

    def _post(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        query = urlencode({"mission": place_key(self.store_url), "lang": "en", "person": self.person})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            headers = {"Content-Type": "application/json", "Cookie": f"{COOKIE}={self.token}"}
            connection.request("POST", f"/desk/save?{query}", json.dumps(messages), headers)
            reply = connection.getresponse()
            told = json.loads(reply.read())
            if reply.status != 200:
                raise OSError(f"{reply.status}: {told}")
            answers: list[dict[str, Any]] = told["answers"]
            return answers
        finally:
            connection.close()

    # a thread of its own

    def start(self) -> Thread:
        """Code and send, until `finish`."""
        thread = Thread(target=self._work, daemon=True)
        thread.start()
        return thread

    def _work(self) -> None:
        while not self._stop.is_set() and not self.wrong:
            if self._adding and len(self.queue) < AT_ONCE:
                for _ in range(self.chance.randint(1, 6)):
                    self.code()
            if not self.queue or not self.send():
                time.sleep(PAUSE_SECONDS)

    def finish(self, thread: Thread, seconds: float = 60) -> None:
        """Add nothing more, and wait until the queue is empty (or the time is over)."""
        self._adding = False
        until = time.monotonic() + seconds
        while self.queue and not self.wrong and time.monotonic() < until:
            time.sleep(0.05)
        self._stop.set()
        thread.join(PATIENCE_SECONDS + 5)


def _instant(written: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(written).timestamp()
