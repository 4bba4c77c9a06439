"""A desk behind the gate: a mission with two coders of one airing, a supervisor, an analyst, a recording."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from coding.desk.routes import ROUTES
from coding.mission.loader import load
from coding.people.accounts import PEOPLE_VARIABLE, People, people
from coding.people.gate import COOKIE, Gate
from coding.recordings.files import path_in, recordings_folder
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign
from coding.store.places import DATA_VARIABLE, place_key, sqlite_url
from coding.store.recordings import Recording, put_recordings
from coding.vocabulary import PersonRole, Purpose, RecordingKind
from tests.accounts import token_of
from tests.missions import write_mission

CONTENT = bytes(range(256)) * 40
ROLES = {
    "ana": PersonRole.CODER,
    "berik": PersonRole.CODER,
    "supervisor": PersonRole.SUPERVISOR,
    "analyst": PersonRole.ANALYST,
    "viewer": PersonRole.VIEWER,
}
RECORDING = Recording(
    "11111111-1111-4111-8111-111111111111", "a-0312", RecordingKind.VIDEO, "news.mp4", ".mp4", "0" * 64, len(CONTENT)
)


@dataclass
class Desk:
    """The routes over a real store, and a browser for each person."""

    store: Store
    people: People
    tokens: dict[str, str]
    app: Starlette

    @property
    def mission(self) -> str:
        return place_key(self.store.url)

    def browser(self, name: str = "") -> TestClient:
        client = TestClient(self.app, "http://localhost:8501", client=("10.0.0.7", 50000), follow_redirects=False)
        client.headers["host"] = "localhost:8501"
        if name:
            client.headers["cookie"] = f"{COOKIE}={self.tokens[name]}"
        return client

    def save(self, name: str, *messages: dict[str, Any], **query: str) -> list[dict[str, Any]]:
        """The server's answers to these messages of a person."""
        reply = self.browser(name).post("/desk/save", params={"mission": self.mission} | query, json=list(messages))
        assert reply.status_code == 200, reply.text
        answers: list[dict[str, Any]] = reply.json()["answers"]
        return answers

    def get(self, name: str, path: str, **query: str) -> Any:
        return self.browser(name).get(path, params={"mission": self.mission} | query)


def message(kind: str, segment: Segment, **more: str) -> dict[str, Any]:
    """A message about a segment, as the browser sends it."""
    return {"kind": kind, "segment": segment.model_dump(mode="json"), **more}


@pytest.fixture
def desk(tmp_path: Path, new_file: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    (tmp_path / "stores").mkdir()
    for name in ("people.sqlite", "stores/small.sqlite"):
        shutil.copy(new_file, tmp_path / name)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    monkeypatch.setenv(PEOPLE_VARIABLE, sqlite_url(tmp_path / "people.sqlite"))
    monkeypatch.delenv("EVENHAND_MISSION", raising=False)
    held = load(write_mission(tmp_path / "mission"))
    store = Store(sqlite_url(tmp_path / "stores" / "small.sqlite"))
    store.put_mission(held.mission, held.airings, "test", "made for a test")
    assign(store, ["a-0312", "g-0312"], "ana", Purpose.CODING, "supervisor")
    assign(store, ["a-0312"], "berik", Purpose.DOUBLE, "supervisor")
    path = path_in(recordings_folder(held.mission.id), RECORDING)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    put_recordings(store, [RECORDING], "supervisor")
    accounts = people()
    tokens = {name: token_of(accounts, name, role) for name, role in ROLES.items()}
    app = Starlette(routes=ROUTES, middleware=[Middleware(Gate, allowed_hosts=("localhost",))])
    return Desk(store, accounts, tokens, app)
