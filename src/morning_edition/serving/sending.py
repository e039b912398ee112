"""Answers on their way: texts from memory, sound from its file, past this program where the system can.

On Linux the kernel copies from the file to the connection (`sendfile`), and the head goes with the first of
it (`TCP_CORK`): measured, a range of 64 KB takes two thirds of the processor time. Elsewhere, and where
something else is still to be sent, the file is read.
"""

import asyncio
import os
import socket
import sys

from aiohttp import web

from morning_edition import __version__
from morning_edition.serving.answering import FOR_PLAYERS, Answer
from morning_edition.serving.connections import Connection
from morning_edition.serving.ranges import Part
from morning_edition.serving.site import SiteFile, identify

CHUNK_BYTES = 128 * 1024
OPENING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
NO_FILE = -1
WITHOUT_CONTENT = frozenset({204, 304})
AT_ONCE_BYTES = 1024 * 1024
"""What one client is sent before the next has a turn."""
ALWAYS = {"Server": f"morning-edition/{__version__}", "X-Content-Type-Options": "nosniff", **FOR_PLAYERS}


class ChangedError(OSError):
    """The file is no longer the one that was decided upon."""


async def send(connection: Connection, request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Send *answer*. Raises `ChangedError` before anything is sent; breaks the connection off after that."""
    file = answer.content
    if not isinstance(file, SiteFile) or not answer.pieces or request.method == "HEAD":
        return await _send(connection, request, answer, NO_FILE)
    descriptor = _open(file)
    try:
        return await _send(connection, request, answer, descriptor)
    finally:
        os.close(descriptor)


async def _send(
    connection: Connection, request: web.BaseRequest, answer: Answer, source: int
) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=ALWAYS | answer.headers)
    if answer.status not in WITHOUT_CONTENT:
        response.content_length = answer.length
    channel = _socket_of(connection)
    try:
        _cork(channel, True)
        await response.prepare(request)
        if request.method != "HEAD":
            await _send_pieces(connection, response, answer, source)
        await response.write_eof()
        _cork(channel, False)
    except OSError:
        connection.abort()
    return response


def _open(file: SiteFile) -> int:
    """Open *file* for reading. Raises `ChangedError` where another stands there by now."""
    try:
        descriptor = os.open(file.path, OPENING)
    except FileNotFoundError as error:
        raise ChangedError from error
    if identify(os.fstat(descriptor)) != file.identity:
        os.close(descriptor)
        raise ChangedError
    return descriptor


def _cork(channel: socket.socket | None, closed: bool) -> None:
    """Have the system wait for full packets, or send what it has."""
    if channel is not None and sys.platform == "linux":
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, closed)


async def _send_pieces(
    connection: Connection, response: web.StreamResponse, answer: Answer, source: int
) -> None:
    """Send what *answer* is made of. Raises OSError where the client is gone, or the file is shorter."""
    for piece in answer.pieces:
        if isinstance(piece, bytes):
            await response.write(piece)
        elif isinstance(answer.content, bytes):
            await _send_text(connection, response, memoryview(answer.content), piece)
        elif not await _send_by_system(connection, source, piece):
            await _send_by_hand(connection, response, source, piece)


async def _send_text(
    connection: Connection, response: web.StreamResponse, text: memoryview, part: Part
) -> None:
    end = part.start + part.length
    for start in range(part.start, end, CHUNK_BYTES):
        chunk = text[start : min(start + CHUNK_BYTES, end)]
        await response.write(chunk)
        connection.sent_bytes += len(chunk)


async def _send_by_hand(
    connection: Connection, response: web.StreamResponse, source: int, part: Part
) -> None:
    os.lseek(source, part.start, os.SEEK_SET)
    left = part.length
    while left:
        chunk = os.read(source, min(left, CHUNK_BYTES))
        if not chunk:
            raise OSError("the file has become shorter")
        await response.write(chunk)
        connection.sent_bytes += len(chunk)
        left -= len(chunk)


async def _send_by_system(connection: Connection, source: int, part: Part) -> bool:
    """Send *part* past this program; tell whether that could be done."""
    channel = _socket_of(connection)
    transport = connection.transport
    if channel is None or transport is None or transport.get_write_buffer_size():
        return False
    start, left = part.start, part.length
    while left:
        if transport.is_closing():  # its number may be another connection's by now
            raise ConnectionResetError
        try:
            sent = os.sendfile(channel.fileno(), source, start, min(left, AT_ONCE_BYTES))
        except BlockingIOError:
            await _wait_for_room(connection, channel)
            continue
        if not sent:
            raise OSError("the file has become shorter")
        connection.sent_bytes += sent
        start, left = start + sent, left - sent
        if left:
            await asyncio.sleep(0)
    return True


def _socket_of(connection: Connection) -> socket.socket | None:
    """Return the connection's own socket where the system sends files and holds packets back; else None."""
    if sys.platform != "linux" or connection.transport is None:
        return None
    channel: socket.socket | None = connection.transport.get_extra_info("socket")
    return channel if channel is not None and channel.fileno() >= 0 else None


async def _wait_for_room(connection: Connection, channel: socket.socket) -> None:
    """Wait until the connection takes more, or is broken; the loop watches a copy, as the first is taken."""
    loop = asyncio.get_running_loop()
    room = connection.room = loop.create_future()
    copy = os.dup(channel.fileno())
    try:
        loop.add_writer(copy, _settle, room)
        await room
    finally:
        loop.remove_writer(copy)
        os.close(copy)


def _settle(room: "asyncio.Future[None]") -> None:
    if not room.done():
        room.set_result(None)
