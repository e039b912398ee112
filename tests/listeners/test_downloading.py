"""Programs that fetch podcasts and files, at what `serve` serves."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from sample_station import BASE_URL, Served, serve

pytestmark = pytest.mark.thorough


@pytest.fixture
def here(site: Any, tmp_path: Path) -> Any:
    """Serve a copy of the site whose feed leads to this machine."""
    root = tmp_path / "site"
    shutil.copytree(site.station.root, root, ignore=shutil.ignore_patterns(".cache"))
    with serve(root) as served:
        feed = root / "podcast.xml"
        feed.write_text(feed.read_text("utf-8").replace(BASE_URL, served.url), "utf-8")
        yield served


def test_podget_fetches_the_episodes(site: Any, here: Served, tmp_path: Path) -> None:
    """A downloader gets every episode by the feed, whole, and, as it comes, none in another's place."""
    if not shutil.which("podget"):
        pytest.skip("podget is not installed")
    home = {**os.environ, "HOME": str(tmp_path)}
    settings = tmp_path / "settings"
    subprocess.run(
        ["podget", "-d", settings, "--create-config", "podgetrc"], check=True, capture_output=True, env=home
    )
    (settings / "serverlist").write_text(f"{here.url}podcast.xml News Brief\n")
    done = subprocess.run(["podget", "-d", settings], capture_output=True, text=True, timeout=60, env=home)
    got = {path.name: path.read_bytes() for path in tmp_path.glob("POD/**/*.mp3*")}
    assert got == sounds_of(site), done.stdout + done.stderr


def test_podcast_downloader_fetches_the_episodes(site: Any, here: Served, tmp_path: Path) -> None:
    """It names files by the last part of their address; all are asked for, and nothing else is set."""
    pytest.importorskip("podcast_downloader")
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    settings = {
        "if_directory_empty": "download_all_from_feed",
        "podcasts": [{"path": str(fetched), "rss_link": f"{here.url}podcast.xml"}],
    }
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "podcast_downloader", "--config", tmp_path / "settings.json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert {path.name: path.read_bytes() for path in fetched.iterdir()} == sounds_of(site), done.stdout


def sounds_of(site: Any) -> dict[str, bytes]:
    """Return each episode's sound by the last part of its address."""
    paths = [site.path("episode.mp3", episode) for episode in site.episodes]
    return {path.name: path.read_bytes() for path in paths}


@pytest.mark.parametrize("program", ["wget", "curl"])
def test_a_broken_download_is_resumed(site: Any, served: Any, tmp_path: Path, program: str) -> None:
    """Ordinary programs fetch the rest of what they have a part of, and the whole is the file."""
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    whole = site.path("episode.mp3", site.newest).read_bytes()
    part = tmp_path / "episode.mp3"
    part.write_bytes(whole[:100_000])
    address = served.url + site.page(site.newest) + site.path("episode.mp3", site.newest).name
    options = {"wget": ["-q", "-c", "-O", part], "curl": ["-sS", "-C", "-", "-o", part]}[program]
    subprocess.run([program, *options, address], check=True, timeout=30)
    assert part.read_bytes() == whole


def test_a_player_of_an_address_hears_the_end_without_the_beginning(site: Any, served: Any) -> None:
    """ffmpeg goes to the last seconds by a range, and decodes them without a fault."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    address = served.url + site.page(site.newest) + site.path("episode.mp3", site.newest).name
    at = site.newest.duration_ms / 1000 - 5
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-ss",
        str(at),
        "-i",
        address,
        "-f",
        "s16le",
        "-ac",
        "1",
        "-ar",
        "8000",
        "-",
    ]
    heard = subprocess.run(command, capture_output=True, check=True, timeout=30)
    assert heard.stderr == b""
    assert len(heard.stdout) / 2 / 8000 == pytest.approx(5, abs=0.2)


def test_a_reader_of_the_feed_is_told_that_nothing_is_new(served: Any) -> None:
    """Who asks again with what it was given gets no feed but a word."""
    first = requests.get(served.url + "podcast.xml", timeout=5)
    again = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    answer = requests.get(served.url + "podcast.xml", headers=again, timeout=5)
    assert (answer.status_code, answer.content) == (304, b"")


def test_the_feed_is_packed_for_whoever_can_unpack_it(site: Any, served: Any) -> None:
    """Feeds and pages are sent packed; what comes out is the file."""
    for name in ("podcast.xml", "index.html", "feed.json"):
        answer = requests.get(served.url + name, headers={"Accept-Encoding": "gzip"}, timeout=5)
        assert answer.headers.get("Content-Encoding") == "gzip", name
        assert answer.content == site.path(name).read_bytes()
        assert re.search("Accept-Encoding", answer.headers["Vary"], re.IGNORECASE)
