"""The gate: before every page, route and socket it finds out who asks, and lets nobody else in.

Pure ASGI, so that it stands before websockets too and passes recordings through unread. What comes after it finds the
Person in `scope["person"]`; page scripts read the header `x-evenhand-session`, which the gate alone writes.
"""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coding.demo import DEMO_CODER
from coding.languages import translator
from coding.people.accounts import people
from coding.people.origin import from_this_machine, host_allowed, same_origin
from coding.people.rights import Person, Right
from coding.store.places import real_mission_exists
from coding.vocabulary import PersonRole

COOKIE = "evenhand"
HEADER = "x-evenhand-session"
DEMO = "demo"
SIGN_IN, PASSWORD, SIGN_OUT = "/signin", "/password", "/signout"
OPEN = {SIGN_IN, "/_stcore/health", "/favicon.png", "/favicon.ico", "/favicon.svg"}
METRICS = "/_stcore/metrics"
READING = ("GET", "HEAD", "OPTIONS")
SIGNED_OUT = 4401

Whole = Callable[[bytes], bytes | None]


def demo_person() -> Person:
    """Whoever sits at this machine and tries the sample: every right but to make accounts."""
    return Person(DEMO_CODER, PersonRole.ADMIN, demo=True)


def person_of(connection: HTTPConnection) -> Person | None:
    """Who asks: the holder of the cookie's token, else the demo where it is open, else nobody."""
    token = connection.cookies.get(COOKIE, "")
    person = people().by_token(token) if token else None
    if person is None and from_this_machine(connection) and not real_mission_exists():
        return demo_person()
    return person


class Gate:
    """ASGI middleware. `whole` turns a message of a part of a page into one of the whole page, or drops it (None)."""

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str] = (), whole: Whole | None = None) -> None:
        self.app = app
        self._allowed = tuple(allowed_hosts)
        self._whole: Whole = whole or (lambda message: message)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what may not pass; hand on what may, with its person."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        person = await run_in_threadpool(person_of, connection)
        if scope["type"] == "websocket":
            if refused(connection, self._allowed) or person is None or person.one_time:
                await send({"type": "websocket.close", "code": SIGNED_OUT, "reason": "signed out"})
                return
            receive = self._watched(connection, person, receive)
        elif answer := refused(connection, self._allowed) or turned_away(connection, person):
            await answer(scope, receive, send)
            return
        await self.app(marked(scope, person), receive, send)

    def _watched(self, connection: HTTPConnection, person: Person, receive: Receive) -> Receive:
        """Ask again at every message of an open page: who has been signed out, or changed role, gets no part of it.

        A part of a page runs without the frame that asks who is there, so it becomes a run of the whole page, which
        tells the person.
        """
        known = person

        async def watched() -> Message:
            """The next message that may pass, with the person asked for anew."""
            nonlocal known
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                now = await run_in_threadpool(person_of, connection)
                if now == known:
                    return message
                whole = self._whole(message.get("bytes") or b"")
                if whole is not None:
                    known = now or known
                    return {"type": "websocket.receive", "bytes": whole}

        return watched


def marked(scope: Scope, person: Person | None) -> Scope:
    """The scope with its person, and with the header that only the gate writes."""
    ours = HEADER.encode()
    headers = [(name, value) for name, value in scope["headers"] if name.lower().replace(b"_", b"-") != ours]
    if person is not None:
        headers.append((ours, (DEMO if person.demo else person.session_id).encode()))
    return {**scope, "headers": headers, "person": person}


def refused(connection: HTTPConnection, allowed: Sequence[str]) -> Response | None:
    """Refuses what asks for another host, or changes something on behalf of another site's page."""
    t = translator()
    if not host_allowed(connection.headers, allowed):
        return PlainTextResponse(t("signin.foreign_host"), 403)
    changes = connection.scope["type"] == "websocket" or connection.scope["method"] not in READING
    if changes and not same_origin(connection):
        return PlainTextResponse(t("signin.foreign_origin"), 403)
    return None


def turned_away(connection: HTTPConnection, person: Person | None) -> Response | None:
    """Where to go first, or that it may not be; None where the request may pass."""
    path = connection.scope["path"]
    if path in OPEN:
        return None
    page = connection.scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "")
    if person is None:
        if not page:
            return JSONResponse({"error": "signed_out"}, 401)
        query = connection.scope["query_string"].decode("latin-1")
        wanted = f"{path}?{query}" if query else path
        return RedirectResponse(SIGN_IN if wanted == "/" else f"{SIGN_IN}?{urlencode({'next': wanted})}", 303)
    if person.one_time and path not in (PASSWORD, SIGN_OUT):
        return RedirectResponse(PASSWORD, 303) if page else JSONResponse({"error": "choose_a_password"}, 403)
    if path.rstrip("/").endswith(METRICS) and not person.may(Right.PEOPLE):
        return JSONResponse({"error": "not_allowed"}, 403)
    return None
