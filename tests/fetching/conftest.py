"""A server of raw bytes: what no decent one would send, it does."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from morning_edition.fetching.web_addresses import ALLOW_PRIVATE

Play = Callable[[socket.socket], None]


@dataclass
class Stage:
    """A server on this machine: what it answers at each path, and what it was asked."""

    port: int
    plays: dict[str, bytes | Play] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """The head of each request."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, body: bytes = b"", head: str = "", status: str = "200 OK") -> str:
        """Answer *path* with *body*, and return its address."""
        text = f"HTTP/1.1 {status}\r\n{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self.plays[path] = text.encode() + body
        return self.url + path

    def redirect(self, path: str, to: str, status: str = "302 Found") -> str:
        return self.answer(path, head=f"Location: {to}\r\n", status=status)

    def play(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += line.recv(65_536) or b"\r\n\r\n"
            if head == b"\r\n\r\n":
                return  # somebody who hung up without a word
            self.asked.append(head.decode("latin-1"))
            play = self.plays.get(head.split()[1].decode() if head.split() else "", b"")
            play(line) if callable(play) else line.sendall(play)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65_536):
                pass


@pytest.fixture
def stage() -> Iterator[Stage]:
    listener = socket.create_server(("127.0.0.1", 0))
    played = Stage(listener.getsockname()[1])
    threads: list[threading.Thread] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                threads.append(threading.Thread(target=played.play, args=(line,)))
                threads[-1].start()

    server = threading.Thread(target=serve)
    server.start()
    yield played
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in (server, *threads):
        thread.join(5)


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server of this machine be read."""
    monkeypatch.setenv(ALLOW_PRIVATE, "1")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
