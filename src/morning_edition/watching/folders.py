"""A folder looked at: its articles, each once it is whole."""

import datetime as dt
import functools
import time
from dataclasses import dataclass
from pathlib import Path

from morning_edition.articles import Article, open_article
from morning_edition.articles.sources import LARGEST_PAGE_BYTES
from morning_edition.errors import ArticleError, FetchError
from morning_edition.files import sha256_of
from morning_edition.station import Station
from morning_edition.watching.items import Item, Look

SUFFIXES = frozenset(".txt .text .md .markdown .mdown .mkd .html .htm .xhtml .eml".split())
"""Of files that hold one article."""
UNFINISHED = ("~", ".part", ".tmp", ".crdownload", ".partial", ".filepart", ".swp")
"""How names end that programs give to what they have not written to its end."""
QUIET_S = 10.0
"""A file that nobody has written to for as long is whole."""
SETTLE_S = 2.0
"""One written to lately is whole when as much later it is still the same."""


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    size: int
    changed_ns: int

    @property
    def state(self) -> tuple[int, int]:
        return self.size, self.changed_ns


def check_folder(folder: Path, station: Station) -> None:
    """See that *folder* can be followed. Raises `FetchError`."""
    place = folder.resolve()
    own = (station.episodes_folder.resolve(), station.cache_folder.resolve())
    if not place.is_dir():
        what = "is a file; give the folder that it is in, or a feed's address" if place.is_file() else ""
        raise FetchError(f"{folder}: {what or 'there is no such folder; check its name'}")
    if place == station.root.resolve() or any(place == one or one in place.parents for one in own):
        raise FetchError(f"{folder}: holds the station's own files; give articles a folder of their own")


def look_at_folder(folder: Path, name: str, station: Station, now: dt.datetime) -> Look:
    """Return the articles in *folder* at *now*, the newest first, without those that are still written to.

    Raises `FetchError` where it cannot be looked at.
    """
    check_folder(folder, station)
    try:
        before = _find_files(folder)
        fresh = [file for file in before if not _is_quiet(file, now)]
        if fresh:
            time.sleep(SETTLE_S)
        again = {file.path: file.state for file in _find_files(folder)} if fresh else {}
    except OSError as error:
        raise FetchError(f"{name}: cannot be read: {error.strerror or error}") from error
    whole = [file for file in before if file not in fresh or again.get(file.path) == file.state]
    items = [item for file in whole if (item := _make_item(file, folder, name, station))]
    items.sort(key=lambda item: item.moment or dt.datetime.min.replace(tzinfo=dt.UTC), reverse=True)
    return Look(items, is_unsettled=len(items) < len(before))


def _find_files(folder: Path) -> list[_Found]:
    """Return the files of *folder* that may hold an article; none of its folders, and nothing outside it."""
    found = []
    for path in sorted(folder.iterdir()):
        if not is_article_name(path.name) or not path.is_file():
            continue
        if path.is_symlink() and path.resolve().parent != folder.resolve():
            continue
        try:
            stat = path.stat()
        except OSError:
            continue  # gone again
        if stat.st_size:
            found.append(_Found(path, stat.st_size, stat.st_mtime_ns))
    return found


def is_article_name(name: str) -> bool:
    """Tell the name of a file that holds an article, and that nobody is at work on."""
    lowered = name.lower()
    return (
        name.isprintable()
        and Path(lowered).suffix in SUFFIXES
        and not lowered.startswith((".", "~$"))
        and not lowered.endswith(UNFINISHED)
    )


def _is_quiet(file: _Found, now: dt.datetime) -> bool:
    return now.timestamp() - file.changed_ns / 1e9 >= QUIET_S


def _make_item(file: _Found, folder: Path, name: str, station: Station) -> Item | None:
    """Return the article in *file*; None where it has changed while it was read, or is there no more."""
    try:
        with file.path.open("rb") as opened:
            content = opened.read(LARGEST_PAGE_BYTES + 1)
        stat = file.path.stat()
    except PermissionError:
        content, stat = b"", file.path.stat()  # which reading it will complain of
    except OSError:
        return None
    if (stat.st_size, stat.st_mtime_ns) != file.state:
        return None
    return Item(
        key=file.path.name,
        name=str(Path(name) / file.path.name),
        title=file.path.name,
        fingerprint=sha256_of(content),
        read=functools.partial(_read, folder / file.path.name, sha256_of(content), station),
        moment=dt.datetime.fromtimestamp(file.changed_ns / 1e9, dt.UTC),
    )


def _read(path: Path, checksum: str, station: Station) -> Article:
    """Read the article in *path*, which was seen to be whole. Raises `ArticleError`, or `FetchError`."""
    article = open_article(str(path), outlet=station.outlet.name, edition=station.outlet.edition)
    try:
        if sha256_of(path.read_bytes()) == checksum:
            return article
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read: {error.strerror or error}") from error
    raise FetchError(f"{path}: has changed while it was read; it is read again")
