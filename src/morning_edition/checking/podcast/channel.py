"""The show, as directories list it: what its channel must say, and what it had better say.

Follows Apple's "A Podcaster's Guide to RSS" (required tags), Spotify's "Podcast Delivery Specification" 1.6,
PSP-1 and the podcast namespace.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from morning_edition.checking.own_files import SET_BASE_URL, WAY_OUT
from morning_edition.checking.podcast.links import (
    find_length_remarks,
    find_link_remarks,
    find_type_remarks,
    follow,
)
from morning_edition.checking.podcast.picture import find_picture_remarks
from morning_edition.checking.podcast.remarks import Remark, advise, refuse
from morning_edition.episode import make_show_guid
from morning_edition.outlets.categories import CATEGORIES
from morning_edition.outlets.feed import LONGEST_DESCRIPTION_BYTES
from morning_edition.outlets.feed_reading import (
    ATOM,
    ITUNES,
    PODCAST,
    Element,
    read_date,
    read_once,
    show,
    spell,
)
from morning_edition.station import Station, checks

EXAMPLES = ("example", "test", "invalid", "localhost")
"""Ends of names that lead nowhere (RFC 2606, section 2); so do example.com, .net and .org."""


def find_channel_remarks(channel: Element, station: Station) -> Iterator[Remark]:
    """Say what is wrong with the show itself."""
    yield from _judge_texts(channel)
    yield from _judge_category(channel)
    yield from _judge_dates(channel)
    yield from _judge_artwork(channel, station)
    yield from _judge_addresses(channel, station)
    yield from _judge_owner(channel)
    yield from _judge_identity(channel, station)
    yield from find_link_remarks(station, (child for child in channel if child.tag != "item"))
    for trailer in channel.findall(f"{PODCAST}trailer"):
        link = follow(station, trailer.get("url", ""))
        yield from (*find_type_remarks(trailer, link), *find_length_remarks(trailer, link))


def _judge_texts(channel: Element) -> Iterator[Remark]:
    for name in ("title", "link", "language", f"{ITUNES}explicit"):
        text, faults = read_once(channel, name, "the channel")
        yield from (refuse(f"{fault} (Apple)") for fault in faults)
        if name == "language" and text and checks.language(text.strip()):
            yield refuse(f"the language is {show(text)}, and Apple wants one such as en-US")
        if name == f"{ITUNES}explicit" and text and text not in {"true", "false"}:
            yield refuse(f"itunes:explicit is {show(text)}, and Apple takes true or false")
    descriptions = channel.findall("description")
    size_bytes = len((descriptions[0].text or "").strip().encode()) if len(descriptions) == 1 else 0
    if not 0 < size_bytes <= LONGEST_DESCRIPTION_BYTES:
        yield refuse(f"the channel needs one description of 1 to {LONGEST_DESCRIPTION_BYTES:,} bytes (Apple)")
    kind = channel.findtext(f"{ITUNES}type")
    if kind not in {None, "episodic", "serial"}:
        yield refuse(f"itunes:type is {show(kind)}, and Apple takes episodic or serial")


def _judge_category(channel: Element) -> Iterator[Remark]:
    categories = channel.findall(f"{ITUNES}category")
    if not categories:
        yield refuse("the channel has no itunes:category, and Apple lists no show without one")
    for category in categories:
        name = category.get("text")
        if name not in CATEGORIES:
            yield refuse(f"the category is {show(name)}, which is none of Apple’s, letter for letter")
            continue
        for below in category.findall(f"{ITUNES}category"):
            if below.get("text") not in CATEGORIES[name]:
                yield refuse(
                    f"the category is {show(below.get('text'))}, which Apple does not have under {name}"
                )


def _judge_dates(channel: Element) -> Iterator[Remark]:
    for name in ("pubDate", "lastBuildDate"):
        for element in channel.findall(name):
            if not read_date((element.text or "").strip()):
                yield refuse(
                    f"the channel’s {name} is {show(element.text)}, and must be a date as RFC 2822 has it"
                )


def _judge_artwork(channel: Element, station: Station) -> Iterator[Remark]:
    pictures = [picture.get("href") for picture in channel.findall(f"{ITUNES}image")]
    if len(pictures) != 1 or not pictures[0]:
        yield refuse(
            "the channel needs one itunes:image with its href: Apple and Spotify take no show without"
        )
        return
    link = follow(station, pictures[0])
    if link.path:
        yield from find_picture_remarks(link.path)


def _judge_addresses(channel: Element, station: Station) -> Iterator[Remark]:
    if not station.base_url.startswith("https://"):
        yield refuse(f"base_url does not begin with https, as Apple asks; {SET_BASE_URL}")
    host = urlsplit(station.base_url).hostname or ""
    if host.rpartition(".")[2] in EXAMPLES or ".".join(host.split(".")[-2:]).startswith("example."):
        said = f"base_url is still that of an example ({station.base_url}), where no directory finds anything"
        yield advise(f"{said}; set base_url under [show] to where this folder is on the web")
    own = [link.get("href") for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if not own:
        yield advise("there is no atom:link with rel=self, by which apps know the feed’s own address")
    elif own != [station.feed_url]:
        said = f"the feed says that its address is {show(own[0])}, and by base_url it is {station.feed_url}"
        yield refuse(f"{said}: apps would go there; {WAY_OUT}")


def _judge_owner(channel: Element) -> Iterator[Remark]:
    if not (channel.findtext(f"{ITUNES}author") or "").strip():
        yield refuse("there is no itunes:author, and Spotify lists no show without; set name under [outlet]")
    if not (channel.findtext(f"{ITUNES}owner/{ITUNES}email") or "").strip():
        said = "there is no owner’s address, to which Spotify sends the code that claims the show"
        yield advise(f"{said}; set email under [owner]")


def _judge_identity(channel: Element, station: Station) -> Iterator[Remark]:
    guid, locked = channel.findtext(f"{PODCAST}guid"), channel.findtext(f"{PODCAST}locked")
    if guid != make_show_guid(station):
        yield advise(f"podcast:guid is {show(guid)}, and by base_url it would be {make_show_guid(station)}")
    if locked not in {None, "yes", "no"}:
        yield refuse(f"podcast:locked is {show(locked)}, and must be yes or no (podcast namespace)")
    if channel.find(f"{PODCAST}license") is None:
        yield advise("it names no licence; set license under [feed]")
    for name in (f"{PODCAST}guid", f"{PODCAST}locked", f"{PODCAST}license", f"{PODCAST}medium"):
        if len(channel.findall(name)) > 1:
            yield refuse(f"the channel has more than one {spell(name)} (podcast namespace)")
