"""The site as it is sent: each file that listeners may have at a moment, with all that is told of it.

The same files as `serve` serves, but for what is nobody's yet (embargo) or any more (expiry), and for what no
record knows: somebody's own things in an episode's folder, and files that are superseded.
"""

import datetime as dt
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from urllib.parse import unquote

from morning_edition.episode import RECORD_NAME, Episode, EpisodeFile, is_public
from morning_edition.errors import PublishError
from morning_edition.files import sha256_of
from morning_edition.life.tombstones import Tombstone
from morning_edition.serving.site import LEFT_NAMES, PAGE_NAME, ROOT_NAMES, is_for_listeners, type_of
from morning_edition.station import Station
from morning_edition.station.site_names import FEED_NAME, SITE_NAMES

FOR_EVER = "public, max-age=31536000, immutable"
"""For what has a mark of its content in its name (RFC 8246)."""

OFFERED = re.compile(
    r"<(?:enclosure|podcast:source|podcast:transcript|podcast:chapters)\b[^>]*?\b(?:url|uri)=\"([^\"]*)\""
)
"""What the feed has players fetch."""


class Rank(IntEnum):
    """When a file is sent: after all that it may lead to."""

    MEDIA = 0
    """Sound, transcripts, chapters, pictures: what leads nowhere."""
    EMBEDS = 1
    PAGES = 2
    """Those of episodes, and what is left of withdrawn ones."""
    LISTS = 3
    """The show's page and lists."""
    BRIEFING = 4
    JSON_FEED = 5
    FEED = 6


@dataclass(frozen=True, slots=True)
class PublicFile:
    """One file of the site."""

    path: str
    """Below the site's address, with slashes, not escaped."""
    source: Path
    content: bytes | None
    """What is in it, where it was read already."""
    size_bytes: int
    sha256: str
    """What it must be, whatever stands on the disk."""
    media_type: str
    cache_control: str
    rank: Rank

    @property
    def is_marked(self) -> bool:
        """Tell whether its name says what is in it, so that it never changes."""
        return self.cache_control == FOR_EVER


def list_site(
    station: Station, episodes: Iterable[Episode], stones: Iterable[Tombstone], now: dt.datetime
) -> tuple[PublicFile, ...]:
    """Return what listeners may have at *now* (aware), in the order in which it is sent.

    Of the episodes nothing is read: their records know. Raises `PublishError` where a file leads out of the
    station's folder.
    """
    public = [episode for episode in episodes if is_public(episode, now)]
    files = [
        *_list_root(station),
        *(file for stone in stones for file in _list_left(station, stone)),
        *(file for episode in public for file in _list_episode(station, episode)),
    ]
    return tuple(sorted(files, key=lambda file: (file.rank, file.path)))


def refuse_unfinished(station: Station, site: Sequence[PublicFile]) -> None:
    """See that the site is there, and its feed has players fetch nothing else. Raises `PublishError`."""
    known = {file.path for file in site}
    if missing := [name for name in SITE_NAMES if name not in known]:
        raise PublishError(f"{station.root / missing[0]} is not there; `publish` writes it anew")
    feed = next(file for file in site if file.rank == Rank.FEED)
    for address in OFFERED.findall((feed.content or b"").decode(errors="replace")):
        path = unquote(html.unescape(address).removeprefix(station.base_url))
        if html.unescape(address).startswith(station.base_url) and path not in known:
            raise PublishError(
                f"{feed.source} leads to {path}, which is not public; `publish` writes it anew"
            )


def _list_episode(station: Station, episode: Episode) -> Iterator[PublicFile]:
    folder = episode.folder(station)
    for file in episode.files:
        if is_for_listeners(file.name):
            yield PublicFile(
                path=f"audio/{episode.slug}/{file.place}",
                source=folder / file.place,
                content=None,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
                media_type=type_of(file.name),
                cache_control=FOR_EVER if file.place != file.name else _fresh(station),
                rank=_rank(file),
            )


def _rank(file: EpisodeFile) -> Rank:
    if file.place != file.name:
        return Rank.MEDIA
    return Rank.PAGES if file.name == PAGE_NAME else Rank.EMBEDS


def _list_left(station: Station, stone: Tombstone) -> Iterator[PublicFile]:
    """Give the pages that tell of a withdrawal, once it has come to its end: until then they are others.

    What was withdrawn before it came out has none.
    """
    if not stone.was_public or (stone.folder(station) / RECORD_NAME).exists():
        return
    for name in LEFT_NAMES:
        path = f"audio/{stone.slug}/{name}"
        if (station.root / path).is_file():
            yield _read(station, path, Rank.PAGES if name == PAGE_NAME else Rank.EMBEDS)


def _list_root(station: Station) -> Iterator[PublicFile]:
    for name in sorted(ROOT_NAMES):
        if (station.root / name).is_file():
            yield _read(station, name, _RANKS.get(name, Rank.MEDIA))
    if station.feed.trailer:
        trailer = Path(station.feed.trailer.replace("\\", "/")).as_posix()
        if (station.root / trailer).is_file():
            yield _read(station, trailer, Rank.LISTS)


_RANKS = {
    "index.html": Rank.LISTS,
    "show.opml": Rank.LISTS,
    "playlist.m3u": Rank.LISTS,
    "flash-briefing.xml": Rank.BRIEFING,
    "flash-briefing.json": Rank.BRIEFING,
    "feed.json": Rank.JSON_FEED,
    FEED_NAME: Rank.FEED,
}


def _read(station: Station, path: str, rank: Rank) -> PublicFile:
    source = station.root / path
    try:
        if not source.resolve().is_relative_to(station.root.resolve()):
            raise PublishError(f"{source} leads out of the station's folder; put the file itself there")
        content = source.read_bytes()
    except OSError as error:
        raise PublishError(f"{source}: cannot be read: {error.strerror or error}") from error
    return PublicFile(
        path=path,
        source=source,
        content=content,
        size_bytes=len(content),
        sha256=sha256_of(content),
        media_type=type_of(path.rpartition("/")[2]),
        cache_control=_fresh(station),
        rank=rank,
    )


def _fresh(station: Station) -> str:
    return f"public, max-age={station.publish.feed_max_age_s}"
