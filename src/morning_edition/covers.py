"""Covers that are drawn once: whatever they show decides the name under which they are kept."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from morning_edition import __version__
from morning_edition.files import sha256_of
from morning_edition.kept import Kept
from morning_edition.station import Station

LARGEST_MB = 50
"""About a hundred episodes' covers."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover in both its sizes, as JPEG files."""

    large: bytes
    """3000 by 3000 pixels and at most 512 KB, for feeds; see `draw_show_cover`."""
    small: bytes
    """600 by 600 pixels and at most 50 KB, for pages and the MP3's tag."""


def find_show_cover(station: Station) -> Cover:
    """Return the show's cover; it is drawn anew only when what it shows has changed.

    Raises `StationError` if the station's own cover is unusable.
    """

    def draw() -> Cover:
        from morning_edition.artwork import draw_show_cover

        return draw_show_cover(station)

    return _find(station, ["show"], draw)


def find_episode_cover(station: Station, *, edition: str, date: dt.date, headline: str) -> Cover:
    """Return an episode's cover; it is drawn anew only when what it shows has changed.

    Raises `StationError` if the station's own cover is unusable.
    """

    def draw() -> Cover:
        from morning_edition.artwork import draw_episode_cover

        return draw_episode_cover(station, edition=edition, date=date, headline=headline)

    return _find(station, [edition, date, headline], draw)


def _find(station: Station, shown: Sequence[object], draw: Callable[[], Cover]) -> Cover:
    """Return the cover that shows the station and *shown* besides, as it is kept; else *draw* and keep it."""
    look = (station.artwork, station.show, station.outlet, sum_own_cover(station))
    kept = Kept(station.cache_folder / "covers", largest_mb=LARGEST_MB)
    keys = [sha256_of(repr([__version__, *look, *shown, size])) for size in ("large", "small")]
    large, small = map(kept.load, keys)
    if large and small:
        return Cover(large, small)
    drawn = draw()
    for key, picture in zip(keys, (drawn.large, drawn.small), strict=True):
        kept.store(key, picture)
    kept.sweep()
    return drawn


def sum_own_cover(station: Station) -> str:
    """Return the checksum of the station's own picture, if it has one."""
    picture = station.root / station.artwork.cover
    return sha256_of(picture.read_bytes()) if picture.is_file() else ""
