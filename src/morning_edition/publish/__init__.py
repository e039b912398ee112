"""The site taken to where listeners fetch it: media first, the feed last, and nothing they have is broken."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from morning_edition.errors import PublishError
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.making import Report
    from morning_edition.publish.target import Target


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of publishing, or would come of it."""

    target: str
    """Its address, without a password or a key."""
    sent: tuple[str, ...] = ()
    """Paths below the target, in the order in which they were sent."""
    size_bytes: int = 0
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    """How many files stood there already."""
    seconds: float = 0.0
    remarks: tuple[str, ...] = ()
    """What was found there and mended, or taken over; each is a clause."""


def publish_to(
    station: Station, address: str, now: dt.datetime, report: "Report", *, take_over: bool = False
) -> Sent:
    """Send *station*'s site, as it was rendered at *now* (aware), to *address*; a folder may be relative.

    The caller holds the station. What is there already is not sent again. Raises `PublishError`: listeners
    then have what they had before, and the next time goes on from there; `ConflictError` where somebody else
    publishes there, or has published what this station lacks, unless to *take_over*; `EpisodeError` for a
    damaged record.
    """
    from morning_edition.publish.course import send_site

    with open_place(station, address) as target:
        return send_site(station, target, now, report, take_over=take_over)


def preview_publishing(station: Station, address: str, now: dt.datetime, *, take_over: bool = False) -> Sent:
    """Return what `publish_to` would do for the site as it stands; nothing is changed anywhere."""
    from morning_edition.publish.course import preview_site

    with open_place(station, address) as target:
        return preview_site(station, target, now, take_over=take_over)


@contextlib.contextmanager
def open_place(station: Station, address: str) -> "Iterator[Target]":
    """Give the target at *address*. Raises `PublishError`, also for a folder in the station, or around it."""
    from morning_edition.publish.places import open_target

    folder = _find_folder(station, address)
    target = open_target(str(folder) if folder else address)
    try:
        yield target
    finally:
        target.close()


def _find_folder(station: Station, address: str) -> Path | None:
    """Return the folder that *address* is; None for an address of another kind.

    Raises `PublishError` for one that the station lies in, or that lies in it: the one would be published
    into the other.
    """
    scheme, sign, _ = address.partition("://")
    if sign and scheme not in ("file", "local"):
        return None
    try:
        folder = Path(unquote(urlsplit(address).path)) if sign else Path(address).expanduser()
        here = station.root.resolve()
        there = (here / folder).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise PublishError(f"{address}: cannot be found: {error}") from error
    if there.is_relative_to(here) or here.is_relative_to(there):
        raise PublishError(
            f"{there} and the station in {here} lie in each other; publish to a folder beside the station"
        )
    return there


__all__ = ["Sent", "open_place", "preview_publishing", "publish_to"]
