"""A network of one's own between browser and server: it can be cut, fall silent, or swallow a reply."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import Thread

from benchmarks.faults.servers import free_port

PIECE = 65_536
SAVE = b"POST /desk/save"


class Line(StrEnum):
    """How the network is: `silent` is a pulled cable (nothing comes, nothing is refused), `refused` a dead server.

    With `no_saves` everything passes but what the desk wants to save; with `no_replies` that arrives, and its reply is
    lost on the way back (a browser sends again by itself what went over a connection that was used before).
    """

    OPEN = "open"
    SILENT = "silent"
    REFUSED = "refused"
    NO_SAVES = "no_saves"
    NO_REPLIES = "no_replies"


class Proxy:
    """Carries bytes both ways; counts the saves that passed, and the replies to them that were lost."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self.target = target
        self.saves = 0
        self.lost_replies = 0
        self._line = Line.OPEN
        self._loop = asyncio.new_event_loop()
        self._speaks = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._speaks.set()
        self._ready = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def run(self) -> None:
        """Serve; in a thread of its own."""
        self._loop.run_forever()

    def ready(self) -> None:
        """Wait until it listens."""
        self._ready.result(10)

    async def _listen(self) -> None:
        await asyncio.start_server(self._accepted, "127.0.0.1", self.port)

    def set(self, line: Line) -> None:
        """Change how the network is, now."""
        asyncio.run_coroutine_threadsafe(self._set(line), self._loop).result(10)

    async def _set(self, line: Line) -> None:
        self._line = line
        if line == Line.SILENT:
            self._speaks.clear()
        else:
            self._speaks.set()
        if line == Line.REFUSED:
            for writer in list(self._writers):
                writer.transport.abort()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._speaks.wait()
        if self._line == Line.REFUSED:
            writer.transport.abort()
            return
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, forth}
        self._writers |= both
        connection = _Connection(self)
        try:
            await asyncio.gather(connection.there(reader, forth), connection.back(back, writer))
        except OSError:
            pass
        finally:
            self._writers -= both
            for each in both:
                each.transport.abort()

    async def speaks(self) -> None:
        """Wait while the network is silent."""
        await self._speaks.wait()

    def saving(self) -> bool:
        """A save passes: whether its reply is to be lost. Raises ConnectionResetError where none may pass."""
        if self._line == Line.NO_SAVES:
            raise ConnectionResetError
        self.saves += 1
        return self._line == Line.NO_REPLIES


class _Connection:
    """One connection; `lost` once its reply is one of those that do not arrive."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.lost = False

    async def there(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Browser to server."""
        while piece := await reader.read(PIECE):
            await self.proxy.speaks()
            if piece.startswith(SAVE):
                self.lost = self.proxy.saving() or self.lost
            writer.write(piece)
            await writer.drain()
        raise ConnectionResetError

    async def back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Server to browser. A reply that is lost takes the connection with it."""
        while piece := await reader.read(PIECE):
            await self.proxy.speaks()
            if self.lost:
                self.proxy.lost_replies += 1
                raise ConnectionResetError
            writer.write(piece)
            await writer.drain()
        raise ConnectionResetError


@contextmanager
def between(target: int) -> Iterator[Proxy]:
    """A proxy before this port."""
    proxy = Proxy(target)
    thread = Thread(target=proxy.run, daemon=True)
    thread.start()
    proxy.ready()
    yield proxy
    proxy.set(Line.REFUSED)
