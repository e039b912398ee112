"""Takes the pictures of the pages for the README: a station is served, and Chromium looks at it.

    scripts/make-pictures                    the repository's own station, into docs/pictures
    scripts/make-pictures STATION [FOLDER]   another one

Each is a WebP of at most 120 KB, at twice the pixels of the page, or fewer where it would weigh more.
"""

import contextlib
import functools
import http.server
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

from morning_edition.episode import Episode, load_episodes, sort_episodes
from morning_edition.outlets.embed import EMBED_HEIGHT
from morning_edition.station import Station, load_station

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

ROOT = Path(__file__).resolve().parent.parent
LARGEST_BYTES = 120_000
QUALITIES = (88, 82, 76, 70)
SCALES = (1.0, 0.75, 0.5)
"""Of the pixels taken; first the quality is lowered, then the size."""

NEWSPAPER = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body {{ max-width: 40rem; margin: 2rem auto; padding: 0 2rem; font: 1.125rem/1.6 Georgia, serif; }}
h1 {{ line-height: 1.15; }} iframe {{ width: 100%; border: 0; }}</style>
<p>{outlet}</p><h1>{title}</h1><iframe src="{embed}" title="Listen" height="{height}"></iframe>
<p>{summary}</p>"""


@dataclass(frozen=True)
class Shot:
    """One picture: what is seen, in what window, and what happens before."""

    name: str
    path: str
    width: int
    height: int
    dark: bool = False
    prepare: "Callable[[Page], None]" = lambda tab: None


def main() -> None:
    """Take all pictures."""
    source = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    folder = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else ROOT / "docs/pictures"
    station = load_station(source)
    newest = sort_episodes(load_episodes(station))[0]
    folder.mkdir(parents=True, exist_ok=True)
    with serve(source) as url, frame(station, newest, url) as newspaper, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=flags())
        for shot in list_shots(newest, newspaper):
            picture = take(browser, shot, url)
            path = folder / f"{shot.name}.webp"
            path.write_bytes(pack(picture))
            print(f"{path}: {path.stat().st_size:,} bytes, {Image.open(path).size}")
        browser.close()


def list_shots(newest: Episode, newspaper: str) -> list[Shot]:
    """Return the pictures, of the show, of its newest episode, and of that one in a newspaper's page."""
    page = f"audio/{newest.slug}/"
    at_s = find_moment(newest)
    play = functools.partial(play_from, at_s=at_s)
    read = functools.partial(read_along, at_s=at_s)
    return [
        Shot("show", "", 1280, 930),
        Shot("episode-light", page, 1280, 860, prepare=play),
        Shot("episode-dark", page, 1280, 860, dark=True, prepare=read),
        Shot("phone-show", "", 390, 800),
        Shot("phone-episode", page, 390, 800, prepare=play),
        Shot("phone-transcript", page, 390, 800, dark=True, prepare=read),
        Shot("embed", newspaper, 760, 520, prepare=lambda tab: press_play(tab.frames[1])),
    ]


def find_moment(episode: Episode) -> float:
    """Return a time in the middle of the programme's longest chapter, in seconds."""
    longest = max(episode.chapters, key=lambda chapter: chapter.end_ms - chapter.start_ms)
    return (longest.start_ms + longest.end_ms) / 2000


def play_from(tab: "Page", at_s: float) -> None:
    """Play for a moment from *at_s*, and hold the sound where it is."""
    tab.evaluate(f"() => {{ location.hash = '#t={at_s}'; }}")
    hold(tab)
    tab.evaluate("() => scrollTo(0, 0)")


def read_along(tab: "Page", at_s: float) -> None:
    """Show the transcript while it is spoken, the voice in its middle."""
    play_from(tab, at_s)
    tab.locator("[aria-current] >> visible=true").last.evaluate("at => at.scrollIntoView({block: 'center'})")


def press_play(frame: "Frame") -> None:
    """Play the embedded player for a moment."""
    frame.get_by_role("button", name="Play").first.click()
    hold(frame)


def hold(tab: "Page | Frame") -> None:
    """Wait until the sound is heard; then let it stand still, as if it went on."""
    until = time.monotonic() + 10
    while tab.evaluate("() => { const a = document.querySelector('audio'); return a.paused || a.seeking; }"):
        if time.monotonic() > until:
            sys.exit("make-pictures: the page does not play")
        time.sleep(0.05)
    time.sleep(1.2)
    tab.evaluate("() => { document.querySelector('audio').playbackRate = 0.0625; }")
    time.sleep(0.3)


def take(browser: "Browser", shot: Shot, url: str) -> bytes:
    """Return a picture as PNG."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=2,
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        has_touch=shot.width < 600,
    )
    tab = context.new_page()
    tab.goto(shot.path if "://" in shot.path else url + shot.path)
    shot.prepare(tab)
    picture = tab.screenshot()
    context.close()
    return picture


def pack(png: bytes) -> bytes:
    """Return the picture as WebP, as good as its weight allows."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for scale in SCALES:
        size = (round(picture.width * scale), round(picture.height * scale))
        scaled = picture.resize(size, Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            packed = io.BytesIO()
            scaled.save(packed, "WEBP", quality=quality, method=6)
            if packed.tell() <= LARGEST_BYTES:
                return packed.getvalue()
    sys.exit("make-pictures: a picture is too large, however small it is made")


def find_chromium() -> str:
    """Return where Chromium is."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    sys.exit("make-pictures: there is no chromium here: apt-get install chromium")


def flags() -> list[str]:
    """Return what Chromium is told: the pictures are taken without a hand that clicks."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return ["--autoplay-policy=no-user-gesture-required", "--hide-scrollbars", *sandbox]


@contextlib.contextmanager
def serve(root: Path) -> Iterator[str]:
    """Serve the station, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "morning_edition", "serve", "--station", str(root), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


@contextlib.contextmanager
def frame(station: Station, newest: Episode, url: str) -> Iterator[str]:
    """Serve a newspaper's page with the player in it, and give its address."""
    with tempfile.TemporaryDirectory() as folder:
        page = NEWSPAPER.format(
            title=newest.title,
            outlet=station.outlet.name,
            summary=newest.summary,
            embed=f"{url}audio/{newest.slug}/embed.html",
            height=EMBED_HEIGHT,
        )
        (Path(folder) / "index.html").write_text(page, "utf-8")
        handler = functools.partial(Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}/"
            server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Says nothing of who asks."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


if __name__ == "__main__":
    main()
