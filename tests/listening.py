"""A published site as listeners have it: what its feeds lead to is there, whole, and as they tell.

Read with means of its own: nothing here knows how the program writes or sends.
"""

import base64
import hashlib
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
LINKED = re.compile(r'(?:src|href|poster)="([^"#?]*audio/[^"#?]+|[\w.-]+\.(?:mp3|m4a|vtt|jpg|json))"')


@dataclass(frozen=True)
class Offer:
    """One file that a feed or a page leads to; what it does not tell of it is None."""

    path: str
    """Below the site's address."""
    size_bytes: int | None = None
    sha256: str | None = None


def find_faults(root: Path, base_url: str, *, former: bytes = b"") -> list[str]:
    """Say what a listener of the site in *root* would miss; *former* is a feed that was fetched before."""
    feed_path = root / "podcast.xml"
    if not feed_path.exists():
        return []  # never published: nobody knows of it
    offers = [Offer("index.html"), *read_feed(feed_path.read_bytes(), base_url)]
    offers += [*_read_json_feed(root, base_url), *_read_briefing(root, base_url)]
    offers += read_feed(former, base_url) if former else []
    found = dict.fromkeys(offers)
    for offer in offers:  # it grows meanwhile
        linked = [one for one in _read_page(root, offer.path, base_url) if one not in found]
        found |= dict.fromkeys(linked)
        offers += linked
    return [fault for offer in found for fault in _check(root, offer)]


def read_feed(content: bytes, base_url: str) -> Iterator[Offer]:
    """Yield what a feed leads to. Raises ParseError for one that is none."""
    channel = ElementTree.fromstring(content).find("channel")  # noqa: S314 - our own
    assert channel is not None
    for element in channel.iter():
        told = [element.get(name) for name in ("url", "uri", "href")]
        told += [element.text] if element.tag == "link" else []
        size = element.get("length") if element.tag == "enclosure" else None
        for address in filter(None, told):
            if path := _path(address, base_url):
                yield Offer(path, int(size) if size else None)
    for other in channel.iter(f"{PODCAST}alternateEnclosure"):
        source, integrity = other.find(f"{PODCAST}source"), other.find(f"{PODCAST}integrity")
        assert source is not None
        assert integrity is not None
        sha256 = base64.b64decode(integrity.get("value", "").removeprefix("sha256-")).hex()
        yield Offer(_path(source.get("uri", ""), base_url), int(other.get("length", "")), sha256)


def read_guids(content: bytes) -> list[str]:
    """Return the GUIDs of a feed's episodes, newest first."""
    root = ElementTree.fromstring(content)  # noqa: S314 - our own
    return [item.findtext("guid", "") for item in root.iter("item")]


def _read_json_feed(root: Path, base_url: str) -> Iterator[Offer]:
    for item in json.loads((root / "feed.json").read_bytes())["items"]:
        for attachment in item["attachments"]:
            yield Offer(_path(attachment["url"], base_url), attachment["size_in_bytes"])


def _read_briefing(root: Path, base_url: str) -> Iterator[Offer]:
    for item in json.loads((root / "flash-briefing.json").read_bytes()):
        for name in ("streamUrl", "redirectionUrl"):
            if name in item:
                yield Offer(_path(item[name], base_url))


def _read_page(root: Path, path: str, base_url: str) -> Iterator[Offer]:
    """Yield what the page at *path* leads to, if it is one."""
    if path.endswith(".html") and (root / path).is_file():
        for address in LINKED.findall((root / path).read_text("utf-8")):
            if linked := _path(urljoin(base_url + path, address), base_url):
                yield Offer(linked)


def _path(address: str, base_url: str) -> str:
    """Return where an address of the site is in its folder; nothing for any other."""
    if not address.startswith(base_url):
        return ""
    path = unquote(urlsplit(address).path.removeprefix(urlsplit(base_url).path))
    return f"{path}index.html" if not path or path.endswith("/") else path


def _check(root: Path, offer: Offer) -> Iterator[str]:
    path = root / offer.path
    if not path.is_file():
        yield f"{offer.path} is not there"
        return
    content = path.read_bytes()
    if offer.size_bytes is not None and len(content) != offer.size_bytes:
        yield f"{offer.path} has {len(content)} bytes, not {offer.size_bytes}"
    if offer.sha256 is not None and hashlib.sha256(content).hexdigest() != offer.sha256:
        yield f"{offer.path} is not what the feed tells"
    mark = re.search(r"-([0-9a-f]{8})\.\w+$", offer.path)
    if mark and not hashlib.sha256(content).hexdigest().startswith(mark[1]):
        yield f"{offer.path} is not what its name tells"
