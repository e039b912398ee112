"""urllib3's connections, which ask a line of ours to connect them."""

import functools
import socket
from typing import Any, Protocol

import urllib3
import urllib3.connection


class Connects(Protocol):
    """**Protocol:** what finds the machine that a connection is to reach, and reaches it."""

    def connect(self, connection: urllib3.connection.HTTPConnection) -> socket.socket:
        """Return a socket that is connected; raises what urllib3 raises."""


def use_line(pools: urllib3.PoolManager, line: Connects) -> None:
    """Have all connections of *pools* made by *line*. TLS is theirs: it asks for the host's own name."""
    pools.pool_classes_by_scheme = {
        "http": functools.partial(_PlainPool, line=line),  # type: ignore[dict-item]
        "https": functools.partial(_SecurePool, line=line),  # type: ignore[dict-item]
    }


class _PlainConnection(urllib3.connection.HTTPConnection):
    def __init__(self, *args: Any, line: Connects, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().__init__(*args, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.connect(self)


class _SecureConnection(urllib3.connection.HTTPSConnection):
    def __init__(self, *args: Any, line: Connects, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().__init__(*args, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.connect(self)


class _PlainPool(urllib3.HTTPConnectionPool):
    def __init__(self, *args: Any, line: Connects, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().__init__(*args, **options)
        self.ConnectionCls = functools.partial(_PlainConnection, line=line)  # type: ignore[assignment]


class _SecurePool(urllib3.HTTPSConnectionPool):
    def __init__(self, *args: Any, line: Connects, **options: Any) -> None:  # noqa: ANN401 - passed on as it is
        super().__init__(*args, **options)
        self.ConnectionCls = functools.partial(_SecureConnection, line=line)  # type: ignore[assignment]
