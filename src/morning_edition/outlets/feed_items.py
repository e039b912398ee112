"""One item of a feed, read as a player reads it: what it offers is there, and is what it says."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from email.utils import format_datetime

from morning_edition.episode import AUDIO_NAME, Episode
from morning_edition.outlets.enclosures import write_integrity
from morning_edition.outlets.feed import LONGEST_DESCRIPTION_BYTES, count_seconds
from morning_edition.outlets.feed_reading import (
    ITUNES,
    PODCAST,
    Element,
    differ,
    name_in,
    read_date,
    read_once,
    show,
)
from morning_edition.outlets.media_types import media_type_of
from morning_edition.station import Station


def find_episode_faults(item: Element, station: Station, episode: Episode) -> Iterator[str]:
    """Say where *item* is not the one of *episode* as its record tells it, each fault as one clause."""
    yield from read_once(item, "title", "it")[1]
    yield from differ("the guid's isPermaLink", item.find("guid").get("isPermaLink"), "false")
    sizes = {file.place: file.size_bytes for file in episode.files}
    yield from find_offer_faults(item, episode.audio.place, sizes, {count_seconds(episode.duration_ms)})
    url, address = item.find("enclosure").get("url"), episode.url(station, AUDIO_NAME)
    if not _leads_to(url, address):
        yield from differ("the enclosure's url", url, address)
    yield from _find_date_faults(item, episode.published)
    yield from _find_description_faults(item)
    yield from _find_number_faults(item)
    yield from _find_integrity_faults(item, episode)
    yield from _find_soundbite_faults(item, episode)


def find_offer_faults(
    item: Element, sound: str, sizes: Mapping[str, int], seconds: Collection[int]
) -> Iterator[str]:
    """Say what is wrong with the files that *item* offers, told by their names, and with its duration.

    *sound* is the enclosure's name; *sizes* are the files that there are, with their lengths in bytes;
    *seconds* is what the duration may be.
    """
    enclosures = item.findall("enclosure")
    if len(enclosures) != 1:
        yield f"the item has {'no enclosure' if not enclosures else f'{len(enclosures)} enclosures, not one'}"
        return
    (enclosure,) = enclosures
    url = enclosure.get("url")
    yield from differ("the enclosure", name_in(url), sound)
    yield from _find_sound_faults(enclosure, url, sizes)
    for other in item.iter(f"{PODCAST}alternateEnclosure"):
        for source in other.iter(f"{PODCAST}source"):
            yield from _find_sound_faults(other, source.get("uri"), sizes)
    for linked in item.iter(f"{PODCAST}transcript", f"{PODCAST}chapters"):
        yield from _find_link_faults(linked, sizes)
    told = item.findtext(f"{ITUNES}duration") or ""
    if told not in set(map(str, seconds)):
        wanted = sorted(seconds)[len(seconds) // 2]
        yield f"itunes:duration is {show(told)}, and should be {wanted} (seconds)"


def _find_sound_faults(element: Element, url: str | None, sizes: Mapping[str, int]) -> Iterator[str]:
    name = name_in(url)
    what = f"the enclosure of {name}"
    size = str(sizes.get(name, "that of a file which is not there"))
    yield from differ(f"{what}, its length in bytes", element.get("length"), size)
    kind = (element.get("type") or "").partition(";")[0]
    yield from differ(f"{what}, its type", kind, media_type_of(name))


def _find_link_faults(element: Element, sizes: Mapping[str, int]) -> Iterator[str]:
    name = name_in(element.get("url"))
    if name not in sizes:
        yield f"links to {name or 'nothing'}, which is not there"
        return
    yield from differ(f"the type of {name}", element.get("type"), media_type_of(name))


def _leads_to(url: str, address: str) -> bool:
    """Tell whether *url* is *address*, or that of a service which counts and then leads there."""
    return url == address or (url.startswith("https://") and url.endswith("/" + address.partition("://")[2]))


def _find_date_faults(item: Element, published: dt.datetime) -> Iterator[str]:
    text, faults = read_once(item, "pubDate", "it")
    yield from faults
    if read_date(text) != published.replace(microsecond=0):
        yield f"pubDate is {show(text)}, and should be {format_datetime(published)}"


def _find_description_faults(item: Element) -> Iterator[str]:
    text = item.findtext("description") or ""
    way_out = "write <description><![CDATA[{{ item.description }}]]></description>"
    if not text.strip():
        yield f"there is no description; {way_out}"
    size_bytes = len(text.encode())
    if size_bytes > LONGEST_DESCRIPTION_BYTES:
        most = f"{LONGEST_DESCRIPTION_BYTES:,}"
        yield f"the description has {size_bytes:,} bytes, and may have {most}; {way_out}"


def _find_integrity_faults(item: Element, episode: Episode) -> Iterator[str]:
    sums = {file.place: write_integrity(file.sha256) for file in episode.files}
    for other in item.iter(f"{PODCAST}alternateEnclosure"):
        names = {name_in(source.get("uri")) for source in other.iter(f"{PODCAST}source")}
        for told in other.iter(f"{PODCAST}integrity"):
            yield from differ("the type of podcast:integrity", told.get("type"), "sri")
            for name in sorted(names & sums.keys()):
                yield from differ(f"podcast:integrity of {name}", told.get("value"), sums[name])


def _find_soundbite_faults(item: Element, episode: Episode) -> Iterator[str]:
    for bite in item.iter(f"{PODCAST}soundbite"):
        times = [bite.get(name) or "" for name in ("startTime", "duration")]
        if not all(re.fullmatch(r"\d{1,6}(\.\d{1,6})?", time, re.ASCII) for time in times):
            told = " and ".join(map(show, times))
            yield f"a podcast:soundbite has the times {told}, and should have seconds"
        elif sum(map(float, times)) * 1000 > episode.duration_ms + 1000:
            yield f"a podcast:soundbite from {times[0]} s for {times[1]} s ends after the sound"


def _find_number_faults(item: Element) -> Iterator[str]:
    for name in ("season", "episode"):
        for element in item.findall(ITUNES + name):
            number = element.text or ""
            if not (number.isascii() and number.isdigit() and int(number)):
                yield f"itunes:{name} is {show(number)}, and should be a number from 1 up, or be left out"
