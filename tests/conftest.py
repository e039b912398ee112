"""What every test needs: to be interruptible, and a speech server on this machine.

A run started in the background is not interruptible of itself. The server is a real one: it answers as it is
told to, and remembers what it was asked.
"""

import json
import os
import signal
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from morning_edition.voices import Speech
from morning_edition.voices.wav import wrap_wav

signal.signal(signal.SIGINT, signal.default_int_handler)
# No voice is fetched while testing, and none that this user has installed takes part.
os.environ["MORNING_EDITION_OFFLINE"] = "1"
os.environ["MORNING_EDITION_VOICES"] = str(Path(tempfile.gettempdir()) / "morning-edition-no-voices")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough", action="store_true", help="try what takes long, too: browsers, failing voices"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what takes long to those who ask for it, so that the everyday run stays short."""
    if not config.getoption("--thorough"):
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(pytest.mark.skip(reason="takes long; scripts/test --thorough tries it"))


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    method: str
    path: str
    """Query included."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    connection: int = 0
    """The client's port: requests with the same one shared a connection."""

    @property
    def record(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """One answer. Without any of the ways to fail it is sent whole and at once."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    """Before the answer begins."""
    reset: bool = False
    """Break the connection off instead of answering."""
    half: bool = False
    """Promise the whole body and hang up after half of it."""
    stall: bool = False
    """Never answer, until the test is over."""
    trickle_s: float = 0.0
    """Send the body a byte at a time, with this wait between them."""
    slow_head_s: float = 0.0
    """Send the head a byte at a time, with this wait between them."""
    chunked: bool = False
    """Send it without telling its length before."""


Answering = Reply | Callable[[Asked], Reply]


class SpeechServer(ThreadingHTTPServer):
    """Answers with `replies` in turn, then with `always`; either may be a function of the request.

    Tests cannot import from here, so what makes answers is part of it: `server.always = server.json({})`,
    `server.replies = [server.reply(status=429), server.wav()]`.
    """

    reply = Reply

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[Asked] = []
        self.replies: list[Answering] = []
        self.always: Answering = self.wav()
        self.closing = threading.Event()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    @staticmethod
    def unused_url() -> str:
        """Return an address of this machine where no server is."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return f"http://127.0.0.1:{free.getsockname()[1]}"

    @staticmethod
    def json(record: object, status: int = 200, **headers: str) -> Reply:
        """Answer with *record* as JSON; `Retry_After="1"` becomes the header `Retry-After`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(json.dumps(record).encode(), status, {"Content-Type": "application/json", **named})

    @classmethod
    def wav(cls, duration_ms: int = 600, rate_hz: int = 24_000) -> Reply:
        """Answer with a WAV of a tone."""
        return Reply(cls.wav_of(duration_ms, rate_hz), headers={"Content-Type": "audio/wav"})

    @staticmethod
    def web_page(status: int = 200) -> Reply:
        page = b"<!doctype html><title>Hotel network: please sign in</title>"
        return Reply(page, status, {"Content-Type": "text/html"})

    @classmethod
    def wav_of(cls, duration_ms: int, rate_hz: int = 24_000) -> bytes:
        """Return a tone as a WAV file."""
        return wrap_wav(Speech(cls.pcm_of(duration_ms, rate_hz), rate_hz))

    @staticmethod
    def pcm_of(duration_ms: int, rate_hz: int = 24_000) -> bytes:
        """Return a tone as bare samples of 16 bits."""
        frames = rate_hz * duration_ms // 1000
        return (np.sin(np.arange(frames) * 2 * np.pi * 300 / rate_hz) * 8_000).astype("<i2").tobytes()

    def take(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            answering = self.replies.pop(0) if self.replies else self.always
        return answering(asked) if callable(answering) else answering

    def done(self) -> None:
        with self._lock:
            self._at_once -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when the other side hangs up."""


class _Handler(BaseHTTPRequestHandler):
    server: SpeechServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body, self.client_address[1])
        reply = self.server.take(asked)
        try:
            self._answer(reply)
        finally:
            self.server.done()

    do_GET = do_POST = do_PUT = do_DELETE = do_CONNECT = _serve  # noqa: N815 - names of the base class

    def _answer(self, reply: Reply) -> None:
        if reply.stall or (reply.delay_s and self.server.closing.wait(reply.delay_s)):
            self.server.closing.wait(10)
            self.close_connection = True
            return
        if reply.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        if reply.slow_head_s:
            self._dawdle(reply.slow_head_s)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self._send(reply)

    def _dawdle(self, wait_s: float) -> None:
        for value in b"HTTP/1.1 200 OK" + b"X" * 200:
            self.wfile.write(bytes([value]))
            if self.server.closing.wait(wait_s):
                return

    def _send(self, reply: Reply) -> None:
        if reply.trickle_s:
            for value in reply.body:
                self.wfile.write(bytes([value]))
                time.sleep(reply.trickle_s)
            return
        body = reply.body[: len(reply.body) // 2] if reply.half else reply.body
        self.close_connection = self.close_connection or reply.half
        self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body) if reply.chunked else body)
        if reply.chunked and not reply.half:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def speech_server() -> Iterator[SpeechServer]:
    with SpeechServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()
