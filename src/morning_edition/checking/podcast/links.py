"""Where a feed's addresses lead: to a file in the station's folder, or elsewhere; nothing is fetched."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from morning_edition.checking.own_files import SET_BASE_URL, WAY_OUT, find_own_file, is_own
from morning_edition.checking.podcast.remarks import Remark, advise, refuse
from morning_edition.outlets.feed_reading import ITUNES, PODCAST, Element, find_addresses, show, spell
from morning_edition.outlets.media_types import media_type_of
from morning_edition.station import Station

FETCHED = {
    "enclosure",
    "url",
    f"{ITUNES}image",
    *(f"{PODCAST}{name}" for name in ("chapters", "image", "source", "trailer", "transcript")),
}
"""Elements whose address is fetched by apps, and not only opened by people."""
MOST_ADDRESSES = 500
"""Of the show, or of one item; ours have about 15."""
ENCODED = re.compile(r"[!-~]+")
"""No space, and nothing that is not ASCII."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where an address leads."""

    is_own: bool
    """Whether it leads into the station's folder, at once or through a service that counts."""
    path: Path | None
    """The file that a web server would send, where one stands."""
    size_bytes: int
    host: str
    """Whose server is asked first; empty where it is the station's."""


def follow(station: Station, address: str) -> Link:
    """Follow *address* as far as the station's folder goes; the network is not touched."""
    own, host = address, ""
    if not is_own(station, address):
        host = _host_of(address)
        before, counted, rest = address.partition("/" + station.base_url.partition("://")[2])
        if not counted or not before.startswith("https://"):
            return Link(False, None, 0, host)
        own = station.base_url + rest
    path = find_own_file(station, own)
    size_bytes = _size_of(path) if path else None
    return Link(True, None if size_bytes is None else path, size_bytes or 0, host)


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or "nowhere"
    except ValueError:
        return "nowhere"


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except (OSError, ValueError):
        return None


def find_link_remarks(station: Station, elements: Iterator[Element]) -> Iterator[Remark]:
    """Say which of the addresses in *elements* cannot be followed, and which were not."""
    missing: dict[str, str] = {}
    told: dict[str, Remark] = {}
    addresses = itertools.chain.from_iterable(map(find_addresses, elements))
    for tag, address in itertools.islice(addresses, MOST_ADDRESSES):
        link = follow(station, address.strip())
        if link.is_own and link.path is None:
            missing.setdefault(address, spell(tag))
        for remark in _judge(tag, address.strip(), link):
            told.setdefault(remark.text, remark)
    if next(addresses, None):
        yield advise(f"only the first {MOST_ADDRESSES} of its addresses were looked at")
    if missing:
        (address, name), *others = missing.items()
        more = f", nor is what {len(others)} other addresses lead to" if others else ""
        yield refuse(f"{name} leads to {show(address)}, which is not there{more}; {WAY_OUT}")
    yield from told.values()


def _judge(tag: str, address: str, link: Link) -> Iterator[Remark]:
    if tag not in FETCHED:
        return
    name = spell(tag)
    if not address:
        yield refuse(f"{name} has no address; {WAY_OUT}")
    elif not ENCODED.fullmatch(address):
        yield refuse(f"{name} has the address {show(address)}; Apple takes ASCII without spaces")
    elif not address.startswith("https://"):
        yield refuse(f"{name} has an address that does not begin with https, as Apple asks; {SET_BASE_URL}")
    elif link.host:
        what = "counts at" if link.is_own else "is fetched from"
        yield advise(f"{name} {what} {show(link.host)}; nothing is fetched, so that was not looked at")


def find_type_remarks(element: Element, link: Link) -> Iterator[Remark]:
    """Say where an element's type is not that of its file."""
    if link.path is None:
        return
    told, served = (element.get("type") or "").partition(";")[0].strip(), media_type_of(link.path.name)
    if served and told != served:
        yield refuse(f"{link.path.name} has the type {show(told)}, and is served as {served}; {WAY_OUT}")


def find_length_remarks(element: Element, link: Link) -> Iterator[Remark]:
    """Say where an element's length is not that of its file."""
    told = element.get("length")
    if link.path is not None and told != str(link.size_bytes):
        said = f"{link.path.name} has the length {show(told)}, and {link.size_bytes:,} bytes stand on disk"
        yield refuse(f"{said}: Apple wants the very number; {WAY_OUT}")
