"""Podcasts: what directories (Apple, Spotify) and apps would make of the feed, and what they would refuse.

The rules are those of Apple ("Podcast requirements", "A Podcaster's Guide to RSS"), Spotify ("Podcast
Delivery Specification"), PSP-1 and the podcast namespace; a remark names whose rule it is.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Sequence

from morning_edition.checking import Checked, Entry, Fault
from morning_edition.checking.own_files import WAY_OUT
from morning_edition.checking.podcast.channel import find_channel_remarks
from morning_edition.checking.podcast.feed import read_feed
from morning_edition.checking.podcast.files import (
    LOOKED_AT,
    MEASURED,
    OPENED,
    Offer,
    find_offer_remarks,
    open_offer,
)
from morning_edition.checking.podcast.item import Item, find_item_remarks, read_item
from morning_edition.checking.podcast.remarks import Remark, advise, refuse
from morning_edition.episode import load_episodes
from morning_edition.errors import EpisodeError
from morning_edition.outlets.feed_reading import ITUNES, Element
from morning_edition.outlets.plain_text import speakable
from morning_edition.station import Station
from morning_edition.station.site_names import FEED_NAME

MOST_OPENED = 20
"""The newest items, whose files are opened; of the others it is seen that they are there, of the right size.

Opening takes about 0.05 s an episode of ten minutes, and a station may have hundreds.
"""
MOST_ITEMS = 5_000
MOST_NAMED = 5
"""Items that one remark lists by number."""

PLATFORM = "Podcast directories and apps"


def check_podcast(station: Station, now: dt.datetime) -> Checked:
    """Play directories and apps over *station*'s folder at *now*. Raises `EpisodeError` without a feed."""
    try:
        feed = read_feed(station.root / FEED_NAME)
    except ValueError as error:
        return Checked(PLATFORM, FEED_NAME, (), (Fault(FEED_NAME, f"{error}; {WAY_OUT}"),))
    elements = feed.channel.findall("item")
    items = [read_item(element) for element in elements[:MOST_ITEMS]]
    whole = [refuse(fault) for fault in feed.faults]
    whole += [*find_channel_remarks(feed.channel, station), *_judge_whole(elements, items, feed.channel)]
    offers = [open_offer(station, *pair) for pair in zip(elements, items, strict=False)]
    told = _look_at(offers, " ".join((feed.channel.findtext("title") or "").split()), now)
    return Checked(
        PLATFORM,
        FEED_NAME,
        entries=tuple(
            _tell(offer) for offer, remarks in zip(offers, told, strict=True) if _is_taken(remarks)
        ),
        faults=tuple(_gather(whole, told, "refused")),
        skipped=(*_gather(whole, told, "skipped"), *_list_left_out(station, items)),
        notes=tuple(_gather(whole, told, "note")),
    )


def _judge_whole(elements: Sequence[Element], items: Sequence[Item], channel: Element) -> Iterator[Remark]:
    """Say what is wrong with the items together."""
    if not items:
        yield advise("it has no episode yet: directories take a show with its first one")
    if len(elements) > MOST_ITEMS:
        yield advise(f"only the first {MOST_ITEMS:,} of its {len(elements):,} items were looked at")
    if len(items) > MOST_OPENED:
        said = f"files were opened for the newest {MOST_OPENED} of {len(items):,} items"
        yield advise(f"{said}; of the others it was only seen that they are there, of the right size")
    for name, values in (
        ("guid", [item.guid for item in items]),
        ("enclosure", [item.address for item in items]),
    ):
        counted = Counter(value for value in values if value)
        if twice := sum(count > 1 for count in counted.values()):
            yield refuse(
                f"{twice:,} {name}{'s are' if twice > 1 else ' is'} that of two items, and Apple drops one"
            )
    dates = [item.date for item in items if item.date]
    if dates != sorted(dates, reverse=True):
        yield advise(f"its items are not in order, the newest first; {WAY_OUT}")
    if (channel.findtext(f"{ITUNES}type") or "") == "serial":
        lacking = sum(element.find(f"{ITUNES}episode") is None for element in elements[:MOST_ITEMS])
        if lacking:
            lack = f"{lacking:,} of its items {'have' if lacking > 1 else 'has'} no itunes:episode"
            yield refuse(f"{lack}, which Apple wants of a serial show")


def _look_at(offers: Sequence[Offer], show_title: str, now: dt.datetime) -> list[list[Remark]]:
    """Return what is to be said of each item; the newest are looked at most closely."""
    newest = sorted(
        (place for place, offer in enumerate(offers) if offer.item.date and offer.item.date <= now),
        key=lambda place: offers[place].item.date or now,
        reverse=True,
    )
    depths = dict.fromkeys(newest[:MOST_OPENED], OPENED) | dict.fromkeys(newest[:1], MEASURED)
    return [
        [
            *find_item_remarks(offer.element, offer.item, show_title, now),
            *find_offer_remarks(offer, depths.get(place, LOOKED_AT)),
        ]
        for place, offer in enumerate(offers)
    ]


def _is_taken(remarks: Sequence[Remark]) -> bool:
    return all(remark.kind == "note" for remark in remarks)


def _tell(offer: Offer) -> Entry:
    item = offer.item
    facts: dict[str, object] = {
        "guid": item.guid,
        "date": item.date.isoformat() if item.date else None,
        "plays": item.address,
        "size_bytes": offer.size_bytes,
        "duration_s": item.seconds if offer.seconds is None else round(offer.seconds, 3),
        "chapters": offer.chapters,
        "transcripts": offer.transcripts,
        **{name: round(value, 2) if math.isfinite(value) else None for name, value in offer.measured.items()},
    }
    return Entry(speakable(item.title), offer.tell(), facts)


def _gather(whole: Sequence[Remark], told: Sequence[Sequence[Remark]], kind: str) -> Iterator[Fault]:
    """Give the remarks of one kind, each once, with the items that it is of."""
    for text in dict.fromkeys(remark.text for remark in whole if remark.kind == kind):
        yield Fault(FEED_NAME, text)
    numbers: dict[str, list[int]] = {}
    for number, remarks in enumerate(told, 1):
        for text in dict.fromkeys(remark.text for remark in remarks if remark.kind == kind):
            numbers.setdefault(text, []).append(number)
    for text, places in numbers.items():
        yield Fault(_name_items(places), text)


def _name_items(places: Sequence[int]) -> str:
    named = ", ".join(map(str, places[:MOST_NAMED]))
    more = f" and {len(places) - MOST_NAMED:,} more" if len(places) > MOST_NAMED else ""
    return f"item{'s' if len(places) > 1 else ''} {named}{more}"


def _list_left_out(station: Station, items: Sequence[Item]) -> list[Fault]:
    """Say which episodes on the shelf the feed does not have."""
    try:
        episodes = load_episodes(station)
    except EpisodeError as error:
        return [Fault("the episodes", str(error))]
    known = {item.guid for item in items}
    left_out = [episode for episode in episodes if episode.guid not in known]
    return [Fault(one.slug, f"{speakable(one.title)}: it is not in the feed; {WAY_OUT}") for one in left_out]
