"""What the feed tells of the show beyond its name: how often it comes, its licence, its trailer."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from morning_edition.episode import Episode
from morning_edition.errors import StationError
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import first_filled, plain, shorten
from morning_edition.outlets.media_types import media_type_of
from morning_edition.station import Station

LONGEST_NAME = 128
"""Characters of names and titles in the podcast namespace; longer ones may be cut by whoever reads them."""

FREQUENCIES = {
    "daily": ("Daily", "FREQ=DAILY"),
    "weekdays": ("Every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "weekly": ("Weekly", "FREQ=WEEKLY"),
    "monthly": ("Monthly", "FREQ=MONTHLY"),
}
"""Each in words, and as a recurrence rule (RFC 5545, section 3.3.10)."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often the show comes."""

    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which terms the sound may be used."""

    name: Markup
    url: str
    """Empty where the name is known to everybody."""


@dataclass(frozen=True, slots=True)
class Trailer:
    """A sound that introduces the show."""

    title: Markup
    url: str
    type: str
    size_bytes: int
    published: str


def tell_frequency(station: Station) -> Frequency | None:
    """Say how often the show comes; None where the station does not."""
    told = FREQUENCIES.get(station.feed.frequency)
    return Frequency(*told) if told else None


def name_licence(station: Station) -> Licence | None:
    """Return the licence as podcast:license wants it; None for none.

    A name of one word is one of the well-known (https://spdx.org/licenses/), which go in small letters. Any
    other tells nothing without its address, and is left out then.
    """
    name = shorten(first_filled(station.feed.license), LONGEST_NAME)
    url = plain_address(station.feed.license_url)
    is_word = bool(re.fullmatch(r"[A-Za-z0-9.+-]+", name))
    return Licence(plain(name.lower() if is_word else name), url) if is_word or (name and url) else None


def find_trailer(station: Station, newest_first: Sequence[Episode]) -> Trailer | None:
    """Return the trailer as it stands on disk; None where the station has none, or no date to give for it.

    Raises `StationError` where it is set, and there is no such MP3.
    """
    if not station.feed.trailer:
        return None
    path = station.root / station.feed.trailer.replace("\\", "/")
    size_bytes = _size_of(path) if path.suffix == ".mp3" else 0
    if not size_bytes:
        raise StationError(f'{path}: no such MP3; put the trailer there, or set feed.trailer to ""')
    published = _date_trailer(station, newest_first)
    if not published:
        return None
    return Trailer(
        plain(shorten(first_filled(station.feed.trailer_title, "Trailer"), LONGEST_NAME)),
        station.base_url + quote(path.relative_to(station.root).as_posix()),
        media_type_of(path.name),
        size_bytes,
        format_datetime(published),
    )


def _date_trailer(station: Station, newest_first: Sequence[Episode]) -> dt.datetime | None:
    if station.feed.trailer_date:
        day = dt.date.fromisoformat(station.feed.trailer_date)
        hour = dt.time.fromisoformat(station.show.publish_at)
        return dt.datetime.combine(day, hour, ZoneInfo(station.show.timezone))
    return newest_first[-1].published if newest_first else None


def _size_of(path: Path) -> int:
    """Return how many bytes there are; 0 where there is no file, as for an empty one."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
