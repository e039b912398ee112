import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from morning_edition.serving import open_door
from morning_edition.serving.addresses import list_origins


@contextmanager
def serving(root: Path, *options: str, **output: Any) -> Iterator[subprocess.Popen[str]]:
    """Run `serve` on a free port as a user would."""
    command = [
        sys.executable,
        "-m",
        "morning_edition",
        "serve",
        "--port",
        "0",
        "--station",
        str(root),
        *options,
    ]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | output
    with subprocess.Popen(command, text=True, env={**os.environ, "PYTHONUTF8": "1"}, **pipes) as run:
        try:
            yield run
        finally:
            run.kill()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_serve_tells_where_and_stops_quietly(root: Path, end: signal.Signals) -> None:
    """The page, the feed and the newest episode are named; a signal ends it at once, downloads and all."""
    (root / "audio" / "2024-12-06-hama-falls" / "episode-1a2b3c4d.mp3").write_bytes(bytes(40_000_000))
    with serving(root) as run:
        assert run.stdout
        assert run.stderr
        told = dict(run.stdout.readline().split() for _ in range(3))
        assert list(told) == ["page", "feed", "episode"]
        assert all(requests.get(address, timeout=5).status_code == 200 for address in told.values())
        port = int(told["page"].split(":")[2].strip("/"))
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"GET /audio/2024-12-06-hama-falls/episode-1a2b3c4d.mp3 HTTP/1.1\r\nHost: a\r\n\r\n")
            line.recv(1000)
            began = time.monotonic()
            run.send_signal(end)
            assert run.wait(5) == 0
            assert time.monotonic() - began < 3
        log = run.stderr.read()
    assert "Traceback" not in log
    assert "https://podcast.example/show/" in log
    assert "  GET /podcast.xml  200  " in log
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_log_that_nobody_reads_holds_up_nobody(root: Path) -> None:
    """The pipe that takes a line a request may be full: answers come all the same."""
    with serving(root) as run, requests.Session() as session:
        assert run.stdout
        page = run.stdout.readline().split()[1]
        for _ in range(400):
            assert session.get(f"{page}no-such-{'x' * 400}.html", timeout=5).status_code == 404
        run.send_signal(signal.SIGTERM)
        assert run.wait(5) == 0


def test_lan_shows_a_code_and_local_addresses(root: Path) -> None:
    """H21: with --lan it listens to the network, shows a code, and names itself in the feed."""
    with serving(root, "--lan") as run:
        assert run.stdout
        page = run.stdout.readline().split()[1]
        assert "▀" in "".join(run.stdout.readline() for _ in range(12))
        port = page.split(":")[2].strip("/")
        feed = requests.get(f"http://127.0.0.1:{port}/podcast.xml", timeout=5).text
        assert f"http://127.0.0.1:{port}/audio/" in feed
    with serving(root, "--quiet") as run:
        assert run.stdout
        page = run.stdout.readline().split()[1]
        assert page.startswith("http://127.0.0.1:")
        assert requests.get(f"{page}podcast.xml", timeout=5).content == (root / "podcast.xml").read_bytes()
        run.send_signal(signal.SIGTERM)
        run.wait(5)
        assert run.stderr
        assert run.stderr.read() == ""


def test_what_cannot_be_listened_at_says_what_to_do(root: Path, tmp_path: Path) -> None:
    """A port that is taken, a host that is none, no station: one line with the way out, and status 1."""
    with open_door("127.0.0.1", 0) as door:
        taken = str(door.getsockname()[1])
        asked = {
            f"port {taken} is taken; stop what listens there, or choose another": ["--port", taken],
            "no such host": ["--host", "no.such.host.invalid"],
            "not an address of this machine": ["--host", "198.51.100.1"],
            "station.toml": ["--station", str(tmp_path / "nowhere")],
        }
        for said, options in asked.items():
            command = [sys.executable, "-m", "morning_edition", "serve", "--station", str(root), *options]
            run = subprocess.run(command, capture_output=True, text=True, timeout=20)
            assert run.returncode == 1
            assert said in run.stderr
            assert run.stderr.count("\n") == 1


def test_all_addresses_are_listed_for_a_door_to_the_network() -> None:
    """A door to this machine has one address, with its brackets where it needs them."""
    with open_door("127.0.0.1", 0) as door:
        assert list_origins(door) == (f"http://127.0.0.1:{door.getsockname()[1]}/",)
    with open_door("0.0.0.0", 0) as door:  # noqa: S104
        assert all(address.endswith(f":{door.getsockname()[1]}/") for address in list_origins(door))
