"""Episodes and the site around them on disk: whole folders in, whole files replaced.

All files of an episode are on disk, in a folder beside, before the first is put in its place. A new episode's
folder then appears in one step. In one that stood before each file is replaced, the record last: whoever is
stopped in between leaves a folder that the next run mends.
"""

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from morning_edition import __version__
from morning_edition.episode import RECORD_NAME, Episode, sort_episodes
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of, write_whole
from morning_edition.station import Station

FEED_NAME = "podcast.xml"

Content = Mapping[str, bytes | str]
"""The files of one folder, by name."""


def prepare_shelf(station: Station) -> None:
    """See that episodes can be put on disk, before anybody works on one. Raises `EpisodeError`."""
    folder = station.episodes_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "you may not write there")
    except OSError as error:
        raise EpisodeError(f"{folder}: cannot be written: {error.strerror or error}") from error


def store_episode(station: Station, episode: Episode, content: Content) -> Path:
    """Put an episode's folder on disk: *content*, and its record. Returns the folder.

    Raises `EpisodeError` when the disk refuses; what stood before then still stands.
    """
    folder = episode.folder(station)
    files = {**content, RECORD_NAME: episode.to_json()}
    staged = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        for name, part in files.items():
            write_whole(staged / name, part)
        if folder.exists():
            _replace_files(folder, staged, files)
        else:
            staged.replace(folder)
    except OSError as error:
        raise EpisodeError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder


def _replace_files(folder: Path, staged: Path, files: Content) -> None:
    for name in files:
        if (folder / name).is_dir():
            raise IsADirectoryError(errno.EISDIR, f"{name} is a folder there; remove it")
    for name in files:
        (staged / name).replace(folder / name)
    for path in folder.iterdir():
        if path.name not in files and path.is_file():
            path.unlink()


def publish_site(station: Station, episodes: Sequence[Episode]) -> Path:
    """Write what is derived from *episodes*: cover, show page, and last the feed. Returns the feed's path.

    A file that would not change is not touched. Raises `EpisodeError` when the disk refuses, `StationError`
    when the station's own cover is no good.
    """
    newest_first = sort_episodes(episodes)
    note = station.cache_folder / "site.json"
    records = [episode.to_json() for episode in newest_first]
    recipe = sha256_of(repr([__version__, station.fingerprint, _own_cover(station), records]))
    if not _stands(station, note, recipe):
        try:
            site = _render_site(station, newest_first)
            for name, content in site.items():
                write_changed(station.root / name, content)
        except OSError as error:
            raise EpisodeError(f"{station.root}: cannot be written: {error.strerror or error}") from error
        sums = {name: sha256_of(content) for name, content in site.items()}
        with contextlib.suppress(OSError):  # only a matter of speed
            write_whole(note, json.dumps({"recipe": recipe, "files": sums}), durable=False)
    return station.root / FEED_NAME


def _render_site(station: Station, newest_first: Sequence[Episode]) -> Content:
    """Return the files at the station's root, the feed last: it must name nothing that is not there."""
    from morning_edition.outlets.feed import render_feed
    from morning_edition.outlets.page import render_show_page

    return {
        "cover.jpg": find_show_cover(station),
        "index.html": render_show_page(station, newest_first),
        FEED_NAME: render_feed(station, newest_first),
    }


def _stands(station: Station, note: Path, recipe: str) -> bool:
    """Tell whether the site is on disk already as it would be rendered: the note of the last time says so."""
    try:
        noted = json.loads(note.read_text("utf-8"))
        return bool(noted["recipe"] == recipe) and all(
            sha256_of((station.root / name).read_bytes()) == checksum
            for name, checksum in noted["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def find_show_cover(station: Station) -> bytes:
    """Return the show's cover; it is drawn anew only when what it shows has changed."""
    shown = [__version__, station.artwork, station.show, station.outlet, _own_cover(station)]
    drawn = station.cache_folder / "covers" / f"{sha256_of(repr(shown))}.jpg"
    with contextlib.suppress(OSError):
        return drawn.read_bytes()

    from morning_edition.artwork import draw_show_cover

    cover = draw_show_cover(station)
    with contextlib.suppress(OSError):
        write_whole(drawn, cover)
    return cover


def _own_cover(station: Station) -> str:
    """Return the checksum of the station's own picture, if it has one."""
    picture = station.root / station.artwork.cover
    return sha256_of(picture.read_bytes()) if picture.is_file() else ""


def write_changed(path: Path, content: bytes | str) -> None:
    """Write *content* to *path* unless it stands there already."""
    payload = content.encode() if isinstance(content, str) else content
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == payload:
            return
    write_whole(path, payload)
