"""How fast `morning-edition serve` sends ranges of a sound file, against nginx with the same file.

Fifty clients (wrk, one thread) each ask for one range after the other, at random places, over a connection
that stays open. Both servers run all the time, and are asked in turns; what counts is the median of the
ratios, each of two measurements that followed each other. nginx has a worker for each processor, sends by
`sendfile` and writes no log. Its `tcp_nopush` is off, as in nginx's own defaults: with it, as Debian has it
set, ranges of 64 KB were seen to come at a tenth of the rate, which would flatter whoever is compared.
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

CLIENTS = 50
SECONDS = 3
FILE_BYTES = 20_000_000
SIZES = (1024, 64 * 1024, 256 * 1024, 1024 * 1024)
SLUG = "2024-12-06-a-day"
SOUND_NAME = "episode-1a2b3c4d.mp3"
TARGET = "at least 0.50"

NGINX = """
worker_processes auto; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  sendfile on; access_log off; types {{ audio/mpeg mp3; }} keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""
ASK = """
local size, all = tonumber(os.getenv("RANGE_BYTES")), tonumber(os.getenv("FILE_BYTES"))
math.randomseed(7)
request = function()
  local first = math.random(0, all - size)
  return wrk.format("GET", nil, {["Range"] = "bytes=" .. first .. "-" .. (first + size - 1)})
end
"""


def main() -> None:
    """Measure, and print a row for each size of range."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("runs", nargs="?", type=int, default=5)
    runs = options.parse_args().runs
    missing = [name for name in ("nginx", "wrk") if not shutil.which(name, path=search_path())]
    if missing:
        sys.exit(f"nothing is measured: {' and '.join(missing)} not found (Debian: nginx-light, wrk)")
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as (nginx, own):
        print(f"{'range, KB':>10} {'nginx, MB/s':>12} {'serve, MB/s':>12} {'ratio':>7}  (spread)   {TARGET}")
        for size in SIZES:
            pairs = [(ask(Path(name), nginx, size), ask(Path(name), own, size)) for _ in range(runs)]
            ratios = sorted(ours / theirs for theirs, ours in pairs)
            rates = (statistics.median(side) * size / 1e6 for side in zip(*pairs, strict=True))
            rates_mb = "  ".join(f"{next(rates):>11.0f}" for _ in range(2))
            spread = f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
            print(f"{size // 1024:>10} {rates_mb} {statistics.median(ratios):>7.2f}  {spread}")


@contextlib.contextmanager
def running(folder: Path) -> Iterator[tuple[str, str]]:
    """Run both servers on one file; give its address at each."""
    os.chmod(folder, 0o755)  # noqa: S103, PTH101 - nginx's workers read it as another user
    root = folder / "station"
    episode = root / "audio" / SLUG
    episode.mkdir(parents=True)
    (root / "station.toml").write_text("", "utf-8")
    (episode / "episode.json").write_text("{}", "utf-8")
    (episode / SOUND_NAME).write_bytes(os.urandom(FILE_BYTES))
    (folder / "ask.lua").write_text(ASK, "utf-8")
    port = 18_080
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, root=root), "utf-8")
    path = f"audio/{SLUG}/{SOUND_NAME}"
    nginx = shutil.which("nginx", path=search_path()) or "nginx"
    with (
        process([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]),
        process(
            [sys.executable, "-m", "morning_edition", "serve", "--port", "0", "--station", str(root)]
        ) as own,
    ):
        assert own.stdout
        origin = own.stdout.readline().split()[1]
        time.sleep(1)
        yield f"http://127.0.0.1:{port}/{path}", f"{origin}{path}"


@contextlib.contextmanager
def process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a program for as long as it is needed."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        try:
            yield run
        finally:
            run.send_signal(signal.SIGTERM)


def ask(folder: Path, url: str, size: int) -> float:
    """Return how many ranges of *size* bytes the server sent in a second."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS}s", "-s", str(folder / "ask.lua"), url],
        env={**os.environ, "RANGE_BYTES": str(size), "FILE_BYTES": str(FILE_BYTES)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Non-2xx" not in said, said
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", said)
    assert rate, said
    return float(rate[1])


def search_path() -> str:
    """Return where programs are looked for: Debian keeps servers where not everybody looks."""
    return f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin"


if __name__ == "__main__":
    main()
