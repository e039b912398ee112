"""A feed before it is published: one that clients and directories take, and true to the episodes.

A station's own template may write what it likes; what listeners depend on is looked at here. Follows RSS 2.0,
Apple's "A Podcaster's Guide to RSS" (required tags), PSP-1 and the podcast namespace, as `feed` names them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from morning_edition.episode import Episode, make_show_guid
from morning_edition.errors import StationError
from morning_edition.outlets.categories import CATEGORIES
from morning_edition.outlets.feed import FEED_TEMPLATE, LONGEST_DESCRIPTION_BYTES
from morning_edition.outlets.feed_items import find_episode_faults
from morning_edition.outlets.feed_reading import (
    ATOM,
    ITUNES,
    NAMESPACES,
    PODCAST,
    Element,
    differ,
    find_addresses,
    parse_feed,
    path_in,
    read_date,
    read_once,
    show,
    spell,
)
from morning_edition.station import Station, checks
from morning_edition.station.site_names import SITE_NAMES

LARGEST_FEED = 2**20
LARGEST_ITEM = 2**18
"""Bytes: a feed may have the first, and the second for each episode. An item of ours has about 4,000."""


def check_feed(xml: str, station: Station, episodes: Sequence[Episode]) -> None:
    """See that *xml* is a whole feed of exactly *episodes*.

    Raises `StationError` for the first thing that is not as clients and directories need it.
    """
    if fault := next(_Reader(xml, station, episodes).find_faults(), ""):
        raise StationError(
            f"{station.templates_folder / FEED_TEMPLATE}: its feed cannot be published: {fault}; "
            "mend the template, or remove it to have the built-in one make the feed"
        )


@dataclass(frozen=True)
class _Reader:
    xml: str
    station: Station
    episodes: Sequence[Episode]

    def find_faults(self) -> Iterator[str]:
        """Say what is wrong, the worst first; whoever goes on after a fault may meet what follows from it."""
        most_bytes = LARGEST_FEED + LARGEST_ITEM * len(self.episodes)
        size_bytes = len(self.xml.encode("utf-8", "surrogatepass"))
        if size_bytes > most_bytes:
            yield f"it has {size_bytes:,} bytes, and may have {most_bytes:,}"
        try:
            root = parse_feed(self.xml)
        except ValueError as error:
            yield str(error)
            return
        yield from _find_root_faults(root)
        channel = root.find("channel")
        yield from _find_channel_faults(channel)
        yield from self._find_self_faults(channel)
        for told in channel.findall(f"{PODCAST}guid"):
            yield from differ("the show's podcast:guid", told.text, make_show_guid(self.station))
        yield from self._find_items_faults(channel.findall("item"))
        yield from self._find_dangling(root)

    def _find_self_faults(self, channel: Element) -> Iterator[str]:
        links = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
        if len(links) != 1:
            wanted = '<atom:link href="{{ station.feed_url }}" rel="self" type="application/rss+xml"/>'
            yield f"the channel has {len(links) or 'no'} atom:link with its own address; write {wanted} once"
            return
        yield from differ("the address in atom:link", links[0].get("href"), self.station.feed_url)
        yield from differ("the type in atom:link", links[0].get("type"), "application/rss+xml")

    def _find_items_faults(self, items: Sequence[Element]) -> Iterator[str]:
        by_guid: dict[str, Element] = {}
        for number, item in enumerate(items, 1):
            guid, faults = read_once(item, "guid", f"item {number}")
            yield from faults
            if guid in by_guid:
                yield f"two items have the guid {show(guid)}"
            by_guid[guid] = item
        for episode in self.episodes:
            item = by_guid.pop(episode.guid, None)
            if item is None:
                yield f"no item has the guid {show(episode.guid)}, that of {episode.slug}"
            for fault in find_episode_faults(item, self.station, episode):
                yield f"in the item of {episode.slug}, {fault}"
        for guid in by_guid:
            yield f"an item has the guid {show(guid)}, which is no episode's"

    def _find_dangling(self, root: Element) -> Iterator[str]:
        """Find addresses under the station's where it has no file."""
        base = self.station.base_url
        known = {"", *SITE_NAMES} | {
            f"audio/{episode.slug}/{name}"
            for episode in self.episodes
            for name in ("", "index.html", *(file.place for file in episode.files))
        }
        for name, address in find_addresses(root):
            if address.startswith(base):
                path = path_in(address[len(base) :])
                if path not in known and not self._is_on_disk(path):
                    yield f"{spell(name)} points to {show(address)}, and the station has no such file"

    def _is_on_disk(self, path: str) -> bool:
        """Tell whether it is a file of the station's own making, beside what is published for it."""
        try:
            return not checks.inside(path) and (self.station.root / path).is_file()
        except (OSError, ValueError):
            return False


def _find_root_faults(root: Element) -> Iterator[str]:
    for prefix, address in root.nsmap.items():
        if prefix in NAMESPACES:
            yield from differ(f"xmlns:{prefix}", address, NAMESPACES[prefix])
    if root.tag != "rss" or root.get("version") != "2.0":
        yield 'its first element is not <rss version="2.0">'
    count = len(root.findall("channel"))
    if count != 1:
        yield f"it has {count or 'no'} channel{'s' if count else ''}, and should have one"


def _find_channel_faults(channel: Element) -> Iterator[str]:
    for name, is_good, wanted in _CHANNEL_TEXTS:
        text, faults = read_once(channel, name, "the channel")
        yield from faults
        if not is_good(text):
            yield f"the channel's {spell(name)} is {show(text)}, and should be {wanted}"
    description = channel.findtext("description") or ""
    if not 0 < len(description.strip().encode()) <= LONGEST_DESCRIPTION_BYTES:
        yield f"the channel's description is empty, or longer than {LONGEST_DESCRIPTION_BYTES:,} bytes"
    for name, attribute, wanted in _CHANNEL_ATTRIBUTES:
        if not any(element.get(attribute) for element in channel.findall(name)):
            yield f"the channel has no {spell(name)} with its {attribute}; write {wanted}"
    for element in channel.findall(f"{ITUNES}category"):
        if element.get("text") not in CATEGORIES:
            yield f"the channel's itunes:category is {show(element.get('text'))}, and Apple has no such one"
    for element in channel.findall("pubDate") + channel.findall("lastBuildDate"):
        if not read_date(element.text or ""):
            yield f"the channel's {element.tag} is {show(element.text)}, and should be a date (RFC 2822)"


_CHANNEL_TEXTS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("title", bool, "the show's name"),
    ("link", lambda text: text.startswith(("https://", "http://")), "the address of the show's page"),
    ("language", lambda text: not checks.language(text), "a language such as en-US"),
    (f"{ITUNES}explicit", lambda text: text in {"true", "false"}, "true or false"),
)
"""Each with what it may be."""

_CHANNEL_ATTRIBUTES = (
    (f"{ITUNES}image", "href", '<itunes:image href="{{ station.base_url }}cover.jpg"/>'),
    (f"{ITUNES}category", "text", '<itunes:category text="News"/>'),
)
"""Each with the attribute that matters, and how it is written."""
