"""Accounts for the tests of people: an app of a few routes behind the gate."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from coding.people import passwords
from coding.people.accounts import PEOPLE_VARIABLE, People, people
from coding.people.gate import COOKIE, Gate
from coding.people.routes import ROUTES
from coding.store.places import DATA_VARIABLE, sqlite_url
from coding.vocabulary import PersonRole
from tests.accounts import token_of

DEFAULTS = passwords._hasher
HOSTS = ("localhost", "127.0.0.1", "*.evenhand.test")


@dataclass
class Site:
    """The app behind the gate, over a data folder of its own."""

    folder: Path
    people: People
    app: Starlette

    def browser(
        self, token: str = "", *, host: str = "localhost:8501", address: str = "127.0.0.1", scheme: str = "http"
    ) -> TestClient:
        """A browser on a machine, which follows no redirect by itself."""
        client = TestClient(self.app, f"{scheme}://{host}", client=(address, 50000), follow_redirects=False)
        client.headers["host"] = host  # the test client's sockets go to a host of its own otherwise
        if token:
            client.headers["cookie"] = f"{COOKIE}={token}"
        return client

    def signed_in(self, role: PersonRole, name: str = "") -> tuple[TestClient, str]:
        """A browser that is signed in, and its token."""
        token = token_of(self.people, name or f"test {role}", role)
        return self.browser(token), token

    def own_mission(self) -> None:
        """From here on somebody's own mission is in the data folder, so the demo is over."""
        made = self.folder / "stores" / "own.sqlite"
        made.parent.mkdir(exist_ok=True)
        made.touch()


async def _told(request: Request) -> Response:
    """What a route behind the gate gets to know."""
    person = request.scope["person"]
    headers = request.headers.getlist("x-evenhand-session")
    return JSONResponse({"name": person.name, "demo": person.demo, "session": headers})


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_bytes(await socket.receive_bytes())
    except WebSocketDisconnect:
        return


def _whole(message: bytes) -> bytes | None:
    return b"whole" if message.startswith(b"part") else None


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    monkeypatch.setenv(PEOPLE_VARIABLE, sqlite_url(tmp_path / "people.sqlite"))
    monkeypatch.delenv("EVENHAND_MISSION", raising=False)
    routes = [
        *ROUTES,
        WebSocketRoute("/_stcore/stream", _echo),
        Route("/{path:path}", _told, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Gate, allowed_hosts=HOSTS, whole=_whole)])
    return Site(tmp_path, people(), app)
