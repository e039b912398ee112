"""Same input, same bytes: whatever machine, folder, day or history an edition is made on, in or with."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from marked import plain

pytestmark = pytest.mark.thorough

ARTICLE = """\
Harbour Board/ Ferry/ Harbour Post/ D. Reed/ Morning Edition/ The board opened a second pier on Monday.
Second Pier: Quick Looks
- Opening: The pier took nine months to build.
- Price: It cost the city $3.5 million.
Harbour Board Opens a Second Pier
Deep Look
The board opened the pier with a short speech and no band.
Why It Was Built
The old pier was full every morning. “We had no choice,” said Lena Castellan.
"""
EPISODE = "audio/2024-12-06-harbour-board-opens-a-second-pier"
WITH_CORES = """
import os, sys
cores = int(sys.argv.pop(1))
os.cpu_count = lambda: cores
from morning_edition.cli import main
main()
"""


def run(station: Path, *words: str, cores: int = 2, **environment: str) -> None:
    """Run the program as on another machine."""
    command = [sys.executable, "-c", WITH_CORES, str(cores), *words, "--station", str(station), "--quiet"]
    subprocess.run(
        command, check=True, env=os.environ | environment, cwd=station, capture_output=True, timeout=120
    )


def make(folder: Path, *, article: str = ARTICLE, **machine: object) -> Path:
    station = folder / "station"
    station.mkdir(parents=True)
    (station / "station.toml").write_text(
        '[cast.anchor]\nvoice = "espeak"\n[alternates]\nm4a = true\nopus = true\n'
    )
    (station / "article.txt").write_text(article)
    run(station, "produce", str(station / "article.txt"), "--date", "2024-12-06", **machine)  # type: ignore[arg-type]
    return station


def sums(station: Path) -> dict[str, str]:
    """The checksums of all that a listener or a reader can fetch."""
    hidden = {".cache", ".lock", ".lock.json", "history.jsonl"}
    files = [path for path in station.rglob("*") if path.is_file() and not hidden & set(path.parts)]
    return {
        path.relative_to(station).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in {"article.txt"}
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return sums(make(tmp_path_factory.mktemp("first")))


def test_an_edition_is_what_it_is_on_every_machine(first: dict[str, str], tmp_path: Path) -> None:
    """Other cores, clock zone, language, hash seed, home and folder: MP3s, feed and pages are the same."""
    (tmp_path / "home").mkdir()
    other = make(
        tmp_path / "quite another place",
        cores=7,
        TZ="Pacific/Auckland",
        LC_ALL="C",
        LANG="C",
        PYTHONHASHSEED="4242",
        HOME=str(tmp_path / "home"),
        OMP_NUM_THREADS="1",
    )
    assert sums(other) == first
    assert {"podcast.xml", "index.html"} <= first.keys()
    assert {plain(name.rpartition("/")[2]) for name in first} >= {
        *("episode.mp3", "flash.mp3", "episode.m4a", "episode.opus", "index.html", "proof.json", "proof.html")
    }


def test_an_edition_is_what_it_is_whatever_stood_there_before(first: dict[str, str], tmp_path: Path) -> None:
    """Made of what a cache holds of another one, as after a correction, it has the bytes of one made anew.

    But for what tells when it was corrected.
    """
    misspelt = ARTICLE.replace("nine months", "eleven months").replace("no band", "no music")
    station = make(tmp_path, article=misspelt)
    (station / "article.txt").write_text(ARTICLE)
    run(station, "produce", str(station / "article.txt"), "--date", "2024-12-06")
    corrected = sums(station)
    told = json.loads((station / EPISODE / "episode.json").read_text())
    former = {f"{EPISODE}/{one['place']}" for one in told["former"]}
    assert {plain(name) for name in former} >= {f"{EPISODE}/episode.mp3", f"{EPISODE}/transcript.vtt"}
    assert corrected.keys() - former == first.keys()
    assert {name for name in first if corrected[name] != first[name]} <= {
        *("podcast.xml", "feed.json", "index.html", "flash-briefing.json", "flash-briefing.xml"),
        *(f"{EPISODE}/{name}" for name in ("episode.json", "index.html", "embed.html")),
    }
    assert told["updated"] == told["flash"][0]["updated"] > told["published"]
