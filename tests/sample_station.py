"""A small station with three episodes, made as a newsroom makes one, for all who test what listeners get.

It is made once for a whole run of the tests, whichever of pytest's processes wants it first. Its words hold
what a web page, a feed or a player may trip over; nobody may write into its folder.
"""

import contextlib
import datetime as dt
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from marked import find

from morning_edition.articles.open import open_article
from morning_edition.edition import produce
from morning_edition.episode import Episode, load_episodes, sort_episodes
from morning_edition.plan import plan_edition
from morning_edition.station import Station, parse_station

BASE_URL = "https://pod.example/brief/"
"""Where the station says it is; whatever asks there has left the server that the tests run."""

NOW = dt.datetime(2026, 3, 6, 12, 30, tzinfo=dt.UTC)

SETTINGS = f"""
[show]
title = "Tide & Harbour: the “Daily” <b>Brief</b>"
description = "What happened & why it matters, in <three> parts."
base_url = "{BASE_URL}"
timezone = "America/New_York"
[outlet]
name = "Harbour Post & Sons"
url = "https://news.example/"
[cast.anchor]
voice = "espeak"
rate = 1.15
[cast.correspondent]
voice = "espeak:en-gb-x-rp"
rate = 1.15
"""

FERRIES = """\
Bay ferries/ commuters/ “electric” boats & piers/ Harbour Post & Sons/ R. Okafor & <b>J. Doe</b>/ \
Morning Edition/ Ferries crossed the bay on Monday & carried 412 people. It was the first time in nine years.
Ferries Return to Kestrel Bay: Quick Looks
- First <b>Crossing</b>: Two boats & 412 people began at 6:15 a.m.
- “Price” & Tag: Boats and pier cost the city $38.5 million.
- سقوط حماة: The name of the second boat stands on its bow in Arabic.
- 🚢 Next Stop: A third boat will serve the hospital from May 4.
Ferries “Return” & <b>Bring</b> Commuters Back 🚢 to حماة & Kestrel Bay
Deep Look
The first boat left Saltmarsh Pier at sunrise, with a brass band on deck.
Why the Boats & Bands Came Back
The old line closed after a winter storm wrecked the pier.
“People here never stopped looking at the water,” said Mayor Lena Castellan.
Who Pays <i>for It</i>?
Riders pay 60 percent; a < b > c is how the mayor's “simple” sum reads.
"""

SEEDS = """\
Seed bank flooded/ crop insurance/ Harbour Post & Sons/ T. Lindqvist/ Morning Edition/ Water broke into the \
Orrin Valley seed bank on Tuesday night. Staff saved the oldest grain.
Storm Hits Orrin Valley Seed Bank: Quick Looks
- What Was Lost: Some 4,100 of 12,600 seed lots were soaked.
- What Was Saved: The wheat of 1871 is dry.
- Next Steps: Growers in three states will send duplicates back by May 15.
Valley Seed Bank Loses a Third of Its Collection to Flood
Deep Look
The storm came down the valley a little after 9 p.m. on Tuesday.
Four Flights of Stairs
“Nobody dropped one,” said Dr. Mira Castellanos, who runs the collection.
"""

LINE = "One Line Opens/ trams/ Harbour Post & Sons//  Morning Edition/ The tram opened at noon on Thursday."

EDITIONS = (
    (dt.date(2026, 3, 4), LINE),
    (dt.date(2026, 3, 5), SEEDS),
    (dt.date(2026, 3, 6), FERRIES),
)


@dataclass(frozen=True)
class Site:
    """The station on disk, and its episodes, newest first."""

    station: Station
    episodes: tuple[Episode, ...]

    @property
    def newest(self) -> Episode:
        """The episode that has every part, and the worst words."""
        return self.episodes[0]

    def path(self, name: str, episode: Episode | None = None) -> Path:
        """Return where a file of the site's root is, or one of an episode's folder."""
        return find(episode.folder(self.station), name) if episode else self.station.root / name

    def json(self, name: str, episode: Episode | None = None) -> Any:
        return json.loads(self.path(name, episode).read_bytes())

    def page(self, episode: Episode) -> str:
        """Return an episode's folder as a path on the server, with a slash at its end."""
        return episode.url(self.station).removeprefix(BASE_URL)

    @property
    def pages(self) -> list[Path]:
        """Every HTML page that there is."""
        return sorted(self.station.root.glob("*.html")) + sorted(self.station.root.glob("audio/*/*.html"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    whole_run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        whole_run = whole_run.parent
    root = whole_run / "sample-station"
    with _alone(whole_run / "sample-station.lock"):
        if not root.exists():
            make_station(root)
    station = parse_station(SETTINGS, root)
    return Site(station, tuple(sort_episodes(load_episodes(station))))


def make_station(root: Path) -> None:
    """Produce and publish all editions in the folder *root*."""
    made = root.with_suffix(".tmp")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    (made / "station.toml").write_text(SETTINGS, "utf-8")
    station = parse_station(SETTINGS, made)
    for date, text in EDITIONS:
        copy = made / f"{date}.txt"
        copy.write_text(text, "utf-8")
        article = open_article(str(copy), outlet="Harbour Post & Sons", edition="Morning Edition")
        now = dt.datetime.combine(date, NOW.timetz())
        # espeak spells Arabic out, which the proof rightly calls too long: its report has something to show
        produce(plan_edition(station, article, date), now, lambda *stage: None, force=True)
    made.rename(root)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Served:
    """A station's folder on a web server of this machine."""

    url: str
    """With a slash at its end."""


@pytest.fixture(scope="session")
def served(site: Site) -> Iterator[Served]:
    """Serve the site with the program's own command."""
    with serve(site.station.root) as served:
        yield served


@contextlib.contextmanager
def serve(root: Path) -> Iterator[Served]:
    """Serve the station in *root* on a port that was free a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "morning_edition",
        "serve",
        "--quiet",
        "--station",
        root,
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as server:
        try:
            _await(server, port)
            yield Served(f"http://127.0.0.1:{port}/")
        finally:
            server.terminate()
            server.wait(10)


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers; fail with what it says if it ends instead."""
    assert server.stderr
    for _ in range(200):
        assert server.poll() is None, server.stderr.read().decode()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody answers at port {port}")
