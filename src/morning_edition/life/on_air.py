"""What is on the air: the items of the feed on disk, as listeners have it until another is written."""

import contextlib
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from morning_edition.errors import EpisodeError
from morning_edition.station import Station
from morning_edition.station.site_names import FEED_NAME

MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Aired:
    """One item of the feed."""

    guid: str
    address: str
    """The enclosure's; empty where it has none."""
    number: int
    """0 where it tells none."""
    published: dt.datetime | None
    """With its zone; None where it tells none."""


def read_aired(station: Station) -> tuple[Aired, ...]:
    """Return the items of the feed on disk; none where there is no feed yet. Raises `EpisodeError`."""
    from morning_edition.outlets.feed_reading import parse_feed

    path = station.root / FEED_NAME
    try:
        root = parse_feed(path.read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())
        raise EpisodeError(
            f"{path}: cannot be used ({said}); `morning-edition publish` writes it again"
        ) from error
    return tuple(_read_item(item) for item in root.iterfind("channel/item"))


def find_aired(station: Station) -> tuple[Aired, ...]:
    """Return the same; none, too, where the feed cannot be read."""
    with contextlib.suppress(EpisodeError):
        return read_aired(station)
    return ()


def find_own(station: Station, slug: str, guid: str, aired: Iterable[Aired]) -> Aired | None:
    """Return the item of the episode *slug*, known by its *guid*, or else by where its sound lies."""
    place = f"{station.base_url}audio/{quote(slug)}/"
    items = tuple(aired)
    same = next((one for one in items if one.guid == guid), None)
    return same or next((one for one in items if one.address.startswith(place)), None)


def _read_item(item: object) -> Aired:
    from morning_edition.outlets.feed_reading import ITUNES, Element, read_date

    element: Element = item
    enclosure = element.find("enclosure")
    number = (element.findtext(f"{ITUNES}episode") or "").strip()
    told = number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS
    return Aired(
        (element.findtext("guid") or "").strip(),
        "" if enclosure is None else enclosure.get("url", ""),
        int(number) if told else 0,
        read_date((element.findtext("pubDate") or "").strip()),
    )
