import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from morning_edition.serving import Serving, open_door
from morning_edition.serving.server import serve_until
from morning_edition.station import load_station

SLUG = "2024-12-06-hama-falls"
BASE = "https://podcast.example/show/"
FEED = f"""<?xml version="1.0" encoding="utf-8"?>
<rss><channel><link>{BASE}</link><atom:link href="{BASE}podcast.xml"/>
<a href="podcast://podcast.example/show/podcast.xml"/>
<a href="https://app.example/add?url=https%3A%2F%2Fpodcast.example%2Fshow%2Fpodcast.xml"/>
<item><link>{BASE}news/an-article.html</link><enclosure url="{BASE}audio/{SLUG}/episode-1a2b3c4d.mp3"/></item>
{"<item>words that come again</item>" * 40}
</channel></rss>
"""


class Client:
    """Asks one server, each time over a connection of its own."""

    def __init__(self, port: int, root: Path) -> None:
        self.port = port
        self.root = root
        self.episode = root / "audio" / SLUG
        self.sound = f"/audio/{SLUG}/episode-1a2b3c4d.mp3"
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
        """Return the answer and its content; `If_Range` is the header `If-Range`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request(
                method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )
            answer = connection.getresponse()
            return answer, answer.read()

    def say(self, request: bytes, *, most: int = 1_000_000) -> bytes:
        """Send bytes as they are; return what comes until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            line.sendall(request)
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                while len(answer) < most and (more := line.recv(65536)):
                    answer += more
            return answer


@pytest.fixture(scope="session")
def sound() -> bytes:
    return bytes(os.urandom(3_000_000))


@pytest.fixture
def root(tmp_path: Path, sound: bytes) -> Path:
    """A station's folder, with what is the site and what is not."""
    root = tmp_path / "station"
    files: dict[str, bytes | str] = {
        "station.toml": f'[show]\nbase_url = "{BASE}"\n[feed]\ntrailer = "extras/trailer.mp3"\n',
        "lexicon.toml": "",
        "article.txt": "A draft.",
        "story.html": "A draft.",
        "podcast.xml": FEED,
        "index.html": "<!doctype html><title>The show</title>",
        "cover.jpg": b"\xff\xd8\xff",
        "feed.json": f'{{"home": "{BASE}"}}',
        "show.opml": "<opml/>",
        "playlist.m3u": f"#EXTM3U\n{BASE}audio/{SLUG}/episode-1a2b3c4d.mp3\n",
        "flash-briefing.json": "[]",
        "flash-briefing.xml": "<rss/>",
        "extras/trailer.mp3": b"trailer",
        "extras/secret.mp3": b"not linked to",
        ".cache/takes.html": "cached",
        ".lock": "",
        ".lock.json": "{}",
        "history.jsonl": "{}",
        ".git/config.html": "kept",
        "templates/page.html": "template",
        "audio/jingles/open.mp3": b"music",
    }
    episode: dict[str, bytes | str] = {
        "episode.json": "{}",
        "episode-1a2b3c4d.mp3": sound,
        "episode-1a2b3c4d.m4a": b"m4a",
        "episode-1a2b3c4d.opus": b"opus",
        "index.html": "<!doctype html><title>An episode</title>",
        "chapters-1a2b3c4d.json": "{}",
        "chapters.json": "{}",
        "my-chapters-1a2b3c4d.json": "{}",
        "transcript-1a2b3c4d.vtt": "WEBVTT\n",
        "transcript-1a2b3c4d.srt": "1\n",
        "transcript-1a2b3c4d.json": "{}",
        "script.md": "# Script",
        "proof.html": "proof",
        "proof.json": "{}",
        "empty.vtt": "",
        "picture.svg": "<svg/>",
        "picture.png": b"\x89PNG",
    }
    files |= {f"audio/{SLUG}/{name}": content for name, content in episode.items()}
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return root


@pytest.fixture
def start(root: Path) -> Iterator[Callable[..., Client]]:
    """Return what starts a server on a free port, with settings of its own."""
    with contextlib.ExitStack() as running:

        def start_server(**settings: object) -> Client:
            serving = replace(Serving(load_station(root)), **settings)  # type: ignore[arg-type]
            door = open_door("127.0.0.1", 0)
            port = door.getsockname()[1]
            leader, alive = os.pipe()
            ready = threading.Event()
            thread = threading.Thread(
                target=lambda: asyncio.run(serve_until(door, serving, ready.set, leader))
            )
            thread.start()
            running.callback(os.close, leader)
            running.callback(thread.join, 10)
            running.callback(os.close, alive)
            assert ready.wait(10)
            return Client(port, root)

        yield start_server


@pytest.fixture
def client(start: Callable[..., Client]) -> Client:
    """A client of a server with everything as it is by default."""
    return start()
