"""A server on a port, from the first listener to a quiet end."""

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aiohttp import HttpVersion10, web

from morning_edition.errors import ServeError
from morning_edition.serving.addresses import format_place
from morning_edition.serving.answering import Asked, Desk, in_a_word
from morning_edition.serving.connections import PATIENCE_S, Connection, watch
from morning_edition.serving.crew import can_share, crew
from morning_edition.serving.request_log import RequestLog
from morning_edition.serving.sending import ChangedError, send
from morning_edition.serving.site import Site
from morning_edition.serving.texts import Texts
from morning_edition.station import Station

GRACE_S = 0.5
"""What is being sent when the server stops has so long to end, and as long again to be broken off."""
WAITING = 512
"""Connections that may wait to be taken."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and how."""

    station: Station
    local_addresses: bool = False
    """Put this server's address in feeds and pages, in place of the one on the web."""
    log_to: int | None = None
    """An open file for a line a request; None for none."""
    patience_s: float = PATIENCE_S
    """How long a connection may stand still."""
    processes: int = 1
    """How many share the work; see `crew`."""


def open_door(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host* and *port*, 0 for any free one. Raises `ServeError`."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        place = (str(address[0]), int(address[1]))
        if port and can_share():  # a door that can be shared lets a second server in without a word
            socket.create_server(place, family=family).close()
        return socket.create_server(place, family=family, backlog=WAITING, reuse_port=can_share())
    except (socket.gaierror, UnicodeError) as error:
        raise ServeError(
            f"{host}: no such host; use an address of this machine, or leave --host out"
        ) from error
    except OSError as error:
        raise ServeError(_explain(error, host, port)) from error


def _explain(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} is taken; stop what listens there, or choose another with --port (0 for any)"
        case errno.EACCES:
            return f"port {port} needs an administrator's rights; choose one from 1024 with --port"
        case errno.EADDRNOTAVAIL:
            return f"{host}: not an address of this machine; leave --host out, or use --lan for all of them"
    return f"{host} port {port}: {error.strerror or error}; choose another with --host or --port"


def serve_site(door: socket.socket, serving: Serving, *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until the program is told to stop (SIGINT, SIGTERM); *ready* is called once it answers."""

    def serve(own_door: socket.socket, leader: int | None) -> None:
        with contextlib.suppress(KeyboardInterrupt):  # where the system lets nobody else have the signal
            asyncio.run(serve_until(own_door, serving, ready if leader is None else lambda: None, leader))

    with crew(door, serving.processes, serve):
        serve(door, None)


async def serve_until(
    door: socket.socket, serving: Serving, ready: Callable[[], None], leader: int | None
) -> None:
    """Serve until a signal comes, or the other end of *leader* is closed."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows; not the main thread
            loop.add_signal_handler(number, stop.set)
    if leader is not None:
        loop.add_reader(leader, stop.set)
    async with _running(door, serving):
        ready()
        await stop.wait()
    if leader is not None:
        loop.remove_reader(leader)


@contextlib.asynccontextmanager
async def _running(door: socket.socket, serving: Serving) -> AsyncIterator[None]:
    """Serve at *door* inside a `with`; at its end, what is being sent has a moment to end."""
    loop = asyncio.get_running_loop()
    log = RequestLog(serving.log_to)
    texts = Texts(serving.station.base_url)
    desk = Desk(Site(serving.station), texts, local=serving.local_addresses)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return await _answer(desk, log, request)

    server = web.Server(answer)
    listener = await loop.create_server(lambda: Connection(server, loop), sock=door, backlog=WAITING)
    watching = asyncio.create_task(watch(server, serving.patience_s))
    try:
        yield
    finally:
        watching.cancel()
        listener.close()
        server.pre_shutdown()
        await server.shutdown(GRACE_S)
        log.close()


async def _answer(desk: Desk, log: RequestLog, request: web.BaseRequest) -> web.StreamResponse:
    """Answer one request, and tell it."""
    connection = request.protocol
    if not isinstance(connection, Connection):
        raise TypeError("a connection of another server")
    connection.begin()
    asked = _read(request, connection)
    sent = connection.sent_bytes
    try:
        response = await _send_what_stands(desk, asked, connection, request)
        outcome = f"{connection.sent_bytes - sent} bytes"
    except Exception as error:
        outcome = f"a fault of the program: {type(error).__name__}: {error}"
        if connection.sent_bytes != sent:
            connection.abort()
        response = await send(connection, request, in_a_word(500))
    finally:
        connection.end()
    if log.is_open:
        log.tell(request.remote or "-", f"{asked.method} {request.raw_path}", response.status, outcome)
    return response


async def _send_what_stands(
    desk: Desk, asked: Asked, connection: Connection, request: web.BaseRequest
) -> web.StreamResponse:
    """Answer with the file as it stands; it may be replaced in the moment before it is opened."""
    for _ in range(3):
        try:
            return await send(connection, request, await desk.decide(asked))
        except ChangedError:
            continue
    return await send(connection, request, in_a_word(503, Retry_After="1"))


def _read(request: web.BaseRequest, connection: Connection) -> Asked:
    """Return what *request* asks for."""
    where = connection.transport.get_extra_info("sockname") if connection.transport else None
    path, _, query = request.raw_path.partition("?")
    if not path.startswith("/") or "#" in request.raw_path:  # the whole address (RFC 9112 §3.2.2)
        path, query = request.rel_url.raw_path, request.rel_url.raw_query_string
    headers = request.headers
    return Asked(
        request.method,
        path,
        query,
        headers,
        tuple(headers.getall("Host", ())),
        tuple(headers.getall("Range", ())),
        request.version <= HttpVersion10,
        format_place(where[0], where[1]) if isinstance(where, tuple) else "",
    )
