"""The way to a web server: to the very machine that was looked at, and cut off when its time is up.

Where the environment names a proxy, the way leads through it. It is the proxy that finds the machine then, so
that a proxy must keep its own network shut; where the name means anything here, that is looked at, too.
"""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from morning_edition.fetching.connections import use_line
from morning_edition.fetching.ip_addresses import is_barred
from morning_edition.fetching.resolving import PrivateAddressError, find_machines
from morning_edition.fetching.ways import find_proxy, open_pools
from morning_edition.fetching.web_addresses import Place

CONNECT_S = 10.0
READ_S = 10.0
"""Between two pieces of an answer."""
_RESOLVE_FOR_PROXY_S = 2.0
"""A network that is left through a proxy alone may not know the web's names, and be slow to say so."""


class Line:
    """All connections of one fetch. As a context it ends them, at the latest at *until_s* (monotonic)."""

    def __init__(self, until_s: float, *, allow_private: bool) -> None:
        self._until_s = until_s
        self._allow_private = allow_private
        self._sockets: list[socket.socket] = []
        self._pools: list[urllib3.PoolManager] = []
        self._timer = threading.Timer(self._left_s, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        for pools in self._pools:
            pools.clear()
        for one in self._sockets:
            one.close()

    @property
    def has_ended(self) -> bool:
        """Whether its time is up; what was read last may then be no more than a part."""
        return self._left_s <= 0

    @property
    def _left_s(self) -> float:
        return max(0.0, self._until_s - time.monotonic())

    def open(self, place: Place, name: str) -> urllib3.PoolManager:
        """Open the way to *place*; raises FetchError, PrivateAddressError."""
        proxy = find_proxy(place)
        pools = open_pools(place, proxy, name)
        self._pools.append(pools)
        use_line(pools, _ProxyLine(self) if proxy else self)
        if proxy:
            with suppress(OSError):
                self._find(place.host, place.port, _RESOLVE_FOR_PROXY_S)
        return pools

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Connect to a machine that has the name, and was looked at; nobody is asked for it again."""
        try:
            machines = self._find(connection.host, connection.port, CONNECT_S)
        except TimeoutError:
            raise ConnectTimeoutError(connection, "its name is not told in time") from None
        except OSError as error:
            raise NewConnectionError(connection, "nobody has that name") from error
        trouble: OSError | None = None
        for machine in machines:
            try:
                peer = self.reach(machine, connection.port)
            except OSError as error:
                trouble = error
            else:
                self._look_at(peer, machine)
                return peer
        if isinstance(trouble, TimeoutError):
            raise ConnectTimeoutError(connection, "does not answer in time") from trouble
        raise NewConnectionError(connection, "no machine of that name answers") from trouble

    def reach(self, host: str, port: int) -> socket.socket:
        """Connect to *host*, and keep a hand on the connection; raises OSError."""
        if self.has_ended:
            raise TimeoutError
        peer = socket.create_connection((host, port), min(CONNECT_S, self._left_s))
        peer.settimeout(max(0.01, min(READ_S, self._left_s)))
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sockets.append(peer.dup())  # TLS takes the first away
        if self.has_ended:
            self._hang_up()
        return peer

    def _find(self, host: str, port: int, wait_s: float) -> list[str]:
        wait_s = min(wait_s, self._left_s)
        return [*find_machines(host, port, wait_s, allow_private=self._allow_private)]

    def _look_at(self, peer: socket.socket, machine: str) -> None:
        """See that *peer* is *machine*: something between may have led elsewhere."""
        reached = str(peer.getpeername()[0])
        same = reached.partition("%")[0] == machine.partition("%")[0]
        barred = is_barred(reached, allow_private=self._allow_private)
        if barred or not (same or self._allow_private):
            peer.close()
            raise PrivateAddressError

    def _hang_up(self) -> None:
        """End every read that waits: a server that sends a byte at a time meets no other limit."""
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _ProxyLine:
    """The way as far as the proxy, which may well be in the newsroom's own network."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def connect(self, connection: HTTPConnection) -> socket.socket:
        try:
            return self._line.reach(connection.host, connection.port)
        except TimeoutError:
            raise ConnectTimeoutError(connection, "the proxy does not answer in time") from None
        except OSError as error:
            raise NewConnectionError(connection, "the proxy does not answer") from error
