"""HTTP connections that look whom they have reached, and end when their time is up."""

import functools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
import requests.adapters
import urllib3
import urllib3.connection

from morning_edition.articles.ip_addresses import is_private


class PrivateAddressError(Exception):
    """The machine at the other end has no public address."""


class _Line:
    """The sockets of one session, and what they may do."""

    def __init__(self, *, allow_private: bool) -> None:
        self.sockets: list[socket.socket] = []
        self._allow_private = allow_private

    def admit(self, peer: socket.socket) -> None:
        self.sockets.append(peer)
        if not self._allow_private and is_private(str(peer.getpeername()[0])):
            peer.close()
            raise PrivateAddressError

    def hang_up(self) -> None:
        """End every read that waits: a server that sends a byte at a time meets no other limit."""
        for one in self.sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _PlainConnection(urllib3.connection.HTTPConnection):
    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().__init__(*args, **options)
        self._line = line

    def connect(self) -> None:
        super().connect()
        self._line.admit(self.sock)


class _SecureConnection(urllib3.connection.HTTPSConnection):
    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().__init__(*args, **options)
        self._line = line

    def connect(self) -> None:
        super().connect()
        self._line.admit(self.sock)


class _PlainPool(urllib3.HTTPConnectionPool):
    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().__init__(*args, **options)
        self.ConnectionCls = functools.partial(_PlainConnection, line=line)  # type: ignore[assignment]


class _SecurePool(urllib3.HTTPSConnectionPool):
    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().__init__(*args, **options)
        self.ConnectionCls = functools.partial(_SecureConnection, line=line)  # type: ignore[assignment]


class _Adapter(requests.adapters.HTTPAdapter):
    """What goes through a proxy is the proxy's to judge: it is the proxy that is connected to."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": functools.partial(_PlainPool, line=self._line),
            "https": functools.partial(_SecurePool, line=self._line),
        }


@contextmanager
def guarded_session(until_s: float, *, allow_private: bool) -> Iterator[requests.Session]:
    """Open a session whose connections end at *until_s* on the monotonic clock.

    Unless *allow_private*, a connection to a machine without a public address raises PrivateAddressError.
    """
    line = _Line(allow_private=allow_private)
    timer = threading.Timer(max(0.0, until_s - time.monotonic()), line.hang_up)
    timer.daemon = True
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter(line))
        timer.start()
        try:
            yield session
        finally:
            timer.cancel()
