"""Connections that nothing moves on, and requests that are no HTTP.

Whoever neither asks, nor takes what was asked for, is cut off: each connection holds a file and a place.
"""

import asyncio
import logging

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod

PATIENCE_S = 30.0
"""How long a connection may stand still: no request, half of one, or a client that does not read.

A player that has heard enough for now stands still, too, and asks for the rest when it needs it. nginx waits
for 60 s.
"""

silent = logging.getLogger("morning_edition.serving")
silent.addHandler(logging.NullHandler())
silent.propagate = False
silent.setLevel(logging.CRITICAL + 1)


class Connection(web.RequestHandler):
    """One client's connection, and when anything moved on it last."""

    __slots__ = ("_answering", "_asked_at", "_moved", "_moved_at", "room", "sent_bytes")

    def __init__(self, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server, loop=loop, logger=silent, access_log=silent, lingering_time=2.0, auto_decompress=False
        )
        self.sent_bytes = 0
        """What was sent past the transport's buffer, or put into it."""
        self.room: asyncio.Future[None] | None = None
        """What is waited for when the client takes no more."""
        self._answering = False
        self._asked_at = 0.0
        self._moved_at = loop.time()
        self._moved = (0, 0)

    def data_received(self, data: bytes) -> None:
        """Take bytes; the first of a request begin its time."""
        if not self._answering and not self._asked_at:
            self._asked_at = self._loop.time()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Wake whoever waits for room that will never be."""
        if self.room and not self.room.done():
            self.room.set_exception(ConnectionResetError())
        super().connection_lost(exc)

    def begin(self) -> None:
        """Note that a request is whole."""
        self._answering = True
        self._asked_at = 0.0
        self._moved_at = self._loop.time()

    def end(self) -> None:
        """Note that it is answered."""
        self._answering = False
        self._moved_at = self._loop.time()

    def abort(self) -> None:
        """Break the connection off, whatever is still to be sent."""
        if self.transport is not None:
            self.transport.abort()

    def check(self, now: float, patience_s: float) -> None:
        """Break off what has stood still for longer than *patience_s* at *now*, by the loop's clock."""
        waiting = self.transport.get_write_buffer_size() if self.transport is not None else 0
        moved = (waiting, self.sent_bytes)
        if moved != self._moved:
            self._moved, self._moved_at = moved, now
        if now - (self._asked_at or self._moved_at) > patience_s:
            self.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP in a word, and hang up; a method that nobody knows is 501 (§15.6.2)."""
        self.begin()
        self.end()
        known = 501 if isinstance(exc, BadHttpMethod) else status
        answer = web.Response(status=known, text=f"{known}\n")
        answer.force_close()
        return answer


async def watch(server: web.Server, patience_s: float) -> None:
    """Look at all connections of *server*, now and again, for ever."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(patience_s / 8)
        for connection in server.connections:
            if isinstance(connection, Connection):
                connection.check(loop.time(), patience_s)
