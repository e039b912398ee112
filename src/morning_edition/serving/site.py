"""Which files of a station's folder are the site, and what each of them is.

The folder is the site, and more: settings, drafts, scripts, proofs and caches stand in it, too. What is
served is named here; all else is not there, however it is spelled.
"""

import datetime as dt
import os
import re
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from morning_edition.episode import RECORD_NAME, TOMBSTONE_NAME
from morning_edition.outlets.media_types import CHAPTERS_PLACE, CHAPTERS_TYPE, MEDIA_TYPES
from morning_edition.serving.conditions import Validators
from morning_edition.station import Station
from morning_edition.station.site_names import SITE_NAMES

PAGE_NAME = "index.html"

ROOT_NAMES = frozenset({*SITE_NAMES, "favicon.ico", "robots.txt"})
"""What of the station's own folder is the site; articles and settings stand beside it."""

TYPES_BY_NAME = {
    "feed.json": "application/feed+json",
    "flash-briefing.xml": "application/rss+xml; charset=utf-8",
    "podcast.xml": "application/rss+xml; charset=utf-8",
}
TYPES = MEDIA_TYPES | {
    ".html": f"{MEDIA_TYPES['.html']}; charset=utf-8",
    ".ico": "image/x-icon",
    ".m3u": "audio/x-mpegurl",
    ".m3u8": "audio/x-mpegurl",
    ".opml": "text/x-opml; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": f"{MEDIA_TYPES['.vtt']}; charset=utf-8",
    ".xml": "application/xml",
}
"""Each kind of file of the site, with the type that the feed names it by."""

TEXTS = frozenset({".html", ".json", ".m3u", ".m3u8", ".opml", ".srt", ".svg", ".txt", ".vtt", ".xml"})
OF_THE_NEWSROOM = frozenset({"article.json", RECORD_NAME, "proof.html", "proof.json", TOMBSTONE_NAME})
"""What stands in an episode's folder for those who make it; `script.md` is of no kind that is served."""

LEFT_NAMES = (PAGE_NAME, "embed.html")
"""What of a withdrawn episode there still is: pages that say so."""

PUBLISHED = re.compile(rb'"published"\s*:\s*"([^"]+)"')
"""Where an episode's record says when it comes out; found in one that is damaged elsewhere, too."""

Identity = tuple[int, int, int, int]
"""Device, inode, time of the last change, size: another content has another one."""

MOST_KNOWN = 10_000
UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
"""What no file of the site has in its name, and what means more than a name to one system or another."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file of the site, as it stood when it was asked for."""

    path: Path
    type: str
    """For `Content-Type`."""
    is_text: bool
    size_bytes: int
    validators: Validators
    identity: Identity


class Site:
    """What of *station*'s folder is served."""

    def __init__(self, station: Station) -> None:
        self._root = station.root.resolve()
        self._trailer = tuple(Path(station.feed.trailer).parts) if station.feed.trailer else ()
        self._known: dict[str, SiteFile] = {}
        self._releases: dict[str, tuple[Identity, float]] = {}

    def find(self, path: str) -> SiteFile | None:
        """Return the file at an address's *path*, percent-encoded as it was asked for; None for none.

        What is under embargo is not there before its time.
        """
        known = self._known.get(path)
        if known and (there := _look(known.path)) and identify(there) == known.identity:
            return known
        found = self._find(path)
        self._known.pop(path, None)
        if found:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[path] = found
        return found

    def is_folder(self, path: str) -> bool:
        """Tell whether *path* lacks nothing but its closing slash to be a folder's page."""
        return not path.endswith("/") and self.find(f"{path}/") is not None

    def _find(self, path: str) -> SiteFile | None:
        parts = split_path(path)
        if parts is None or not self._serves(parts):
            return None
        try:
            real = self._root.joinpath(*parts).resolve(strict=True)
            inside = real.relative_to(self._root).parts
        except (OSError, ValueError, RuntimeError):  # RuntimeError: links that go round, before Python 3.13
            return None
        there = _look(real)
        if not there or not self._serves(inside):
            return None
        name = parts[-1]
        identity = identify(there)
        _, *told = identity
        etag = '"{:x}-{:x}-{:x}"'.format(*told)
        validators = Validators.of(etag, int(there.st_mtime))
        return SiteFile(real, type_of(name), Path(name).suffix in TEXTS, there.st_size, validators, identity)

    def _serves(self, parts: tuple[str, ...]) -> bool:
        """Tell whether a file of that name is one of the site."""
        if not parts or not type_of(parts[-1]):
            return False
        if len(parts) == 1 or parts == self._trailer:
            return parts[0] in ROOT_NAMES or parts == self._trailer
        if len(parts) != 3 or parts[0] != "audio" or not is_for_listeners(parts[2]):
            return False
        folder = self._root / "audio" / parts[1]
        if record := _look(folder / RECORD_NAME):  # beside a tombstone, too, until no feed names it any more
            return self._find_release(folder / RECORD_NAME, record) <= time.time()
        return parts[2] in LEFT_NAMES and (folder / TOMBSTONE_NAME).is_file()

    def _find_release(self, record: Path, there: os.stat_result) -> float:
        """Return when the episode comes out, in seconds since 1970; 0 where its record does not tell."""
        known = self._releases.get(record.parent.name)
        if known and known[0] == identify(there):
            return known[1]
        if len(self._releases) >= MOST_KNOWN:
            self._releases.clear()
        release = _read_release(record)
        self._releases[record.parent.name] = identify(there), release
        return release


def type_of(name: str) -> str:
    """Return the `Content-Type` of a file called *name*; empty for one of a kind that the site has not."""
    if CHAPTERS_PLACE.fullmatch(name):
        return CHAPTERS_TYPE
    return TYPES_BY_NAME.get(name) or TYPES.get(Path(name).suffix, "")


def is_for_listeners(name: str) -> bool:
    """Tell whether a file of that name, in an episode's folder, is of the site."""
    return bool(type_of(name)) and name.lower() not in OF_THE_NEWSROOM


def split_path(path: str) -> tuple[str, ...] | None:
    """Return the names in an address's *path*, a folder's page by its name; None for no path of a site."""
    if not path.startswith("/"):
        return None
    try:
        names = [unquote(part, errors="strict") for part in path[1:].split("/")]
    except UnicodeDecodeError:
        return None
    names[-1] = names[-1] or PAGE_NAME
    if any(not name or name.startswith(".") or UNSAFE.search(name) or not name.isascii() for name in names):
        return None
    return tuple(names)


def identify(status: os.stat_result) -> Identity:
    """Return what tells one content of a file from another."""
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


def _read_release(record: Path) -> float:
    try:
        found = PUBLISHED.search(record.read_bytes())
        return dt.datetime.fromisoformat(found[1].decode()).timestamp() if found else 0.0
    except (OSError, ValueError, OverflowError):
        return 0.0


def _look(path: Path) -> os.stat_result | None:
    """Return what the system knows of the ordinary file at *path*; None where there is none."""
    try:
        there = os.stat(path)  # noqa: PTH116 - twice as fast as Path's, and done for each request
    except (OSError, ValueError):
        return None
    return there if stat.S_ISREG(there.st_mode) else None
