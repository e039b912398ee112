"""The site as listeners' programs see it: all that is named is there, and is what it is said to be."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree

BASE_URL = "https://podcast.example/news/"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"

Read = Callable[[str], bytes | None]
"""What stands at a path of the site; None for nothing."""


def read_folder(root: Path) -> Read:
    def read(path: str) -> bytes | None:
        place = root / path
        place = place / "index.html" if path.endswith("/") or not path else place
        return place.read_bytes() if place.is_file() else None

    return read


def find_faults(read: Read, feed: bytes | None = None) -> list[str]:
    """Say what a listener would trip over; nothing for a site that is whole, or for none at all.

    Where *feed* is given: one who has fetched that before.
    """
    if feed is not None:
        return list(_feed_faults(read, feed))
    return [*_feed_faults(read, read("podcast.xml")), *_briefing_faults(read), *_page_faults(read)]


def read_guids(read: Read) -> list[str]:
    feed = read("podcast.xml")
    return [item.findtext("guid") or "" for item in _parse(feed).iter("item")] if feed else []


def _parse(feed: bytes) -> "etree._Element":
    return etree.fromstring(feed, etree.XMLParser(resolve_entities=False))


def _feed_faults(read: Read, feed: bytes | None) -> Iterator[str]:
    if feed is None:
        return
    try:
        root = _parse(feed)
    except etree.XMLSyntaxError as error:
        yield f"podcast.xml is no XML: {error}"
        return
    for item in root.iter("item"):
        for enclosure in item.iter("enclosure", f"{PODCAST}alternateEnclosure"):
            url = enclosure.get("url") or enclosure.find(f"{PODCAST}source").get("uri")
            content = _at(read, url)
            if content is None:
                yield f"{url} is not there"
                continue
            if len(content) != int(enclosure.get("length", "-1")):
                yield f"{url} has {len(content)} bytes, not {enclosure.get('length')}"
            for told in enclosure.iter(f"{PODCAST}integrity"):
                digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
                if told.get("value") != f"sha256-{digest}":
                    yield f"{url} has another checksum than the feed tells"
        for named in item.iter(f"{PODCAST}transcript", f"{PODCAST}chapters", f"{ITUNES}image", "link"):
            url = named.get("url") or named.get("href") or named.text
            if _at(read, url) is None:
                yield f"{url} is not there"
    for image in root.iter(f"{ITUNES}image"):
        if _at(read, image.get("href", "")) is None:
            yield f"{image.get('href')} is not there"


def _briefing_faults(read: Read) -> Iterator[str]:
    briefing = read("flash-briefing.json")
    if briefing is None:
        return
    try:
        items = json.loads(briefing)
    except ValueError as error:
        yield f"flash-briefing.json is no JSON: {error}"
        return
    for item in items:
        for name in ("streamUrl", "redirectionUrl"):
            if item.get(name) and _at(read, item[name]) is None:
                yield f"{item[name]} is not there"


def _page_faults(read: Read) -> Iterator[str]:
    """Say which media the pages that the show's page leads to name, and are not there."""
    show = read("index.html")
    if show is None:
        return
    if not show.rstrip().endswith(b"</html>"):
        yield "index.html is cut off"
    for path in set(re.findall(r'href="(audio/[^"/]+/)"', show.decode())):
        page = read(path)
        if page is None:
            yield f"{path} is not there"
            continue
        for source in re.findall(r'<(?:audio|track|img)[^>]* src="([^"]+)"', page.decode()):
            if not urlsplit(source).scheme and read(_join(path, source)) is None:
                yield f"{path} plays or shows {source}, which is not there"


def _join(path: str, source: str) -> str:
    return source.removeprefix("../../") if source.startswith("../../") else path + source


def _at(read: Read, url: str | None) -> bytes | None:
    if not url or not url.startswith(BASE_URL):
        return None
    return read(unquote(url.removeprefix(BASE_URL)))
