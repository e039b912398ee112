"""One item of a podcast's feed, its words held against the rules of directories and apps; no file is opened.

Follows Apple's "A Podcaster's Guide to RSS", PSP-1 and the podcast namespace.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from morning_edition.checking.own_files import WAY_OUT
from morning_edition.checking.podcast.remarks import Remark, advise, refuse, skip
from morning_edition.outlets.characters import LONGEST_VALUE
from morning_edition.outlets.feed import LONGEST_DESCRIPTION_BYTES
from morning_edition.outlets.feed_reading import ITUNES, PODCAST, Element, read_date, read_once, show, spell
from morning_edition.patterns import compile_late

TAGS_SHOWN = {"p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "br"}
"""By Apple, of what stands in a description."""
KINDS = {"full", "trailer", "bonus"}

_NUMBERED = compile_late(
    r"(?i)(?:#\s?|(?:episode|ep\.?|season|part)\s?)\d+\b|s\d+\s?e\d+\b|\d{1,3}\s?[:.)|–—-]\s"
)
_TAG = compile_late(r"</?([A-Za-z][A-Za-z0-9]{0,20})\b[^<>]{0,500}>")
_ESCAPED_TWICE = compile_late(r"&amp;(?:amp|lt|gt|quot|#\d{1,5});|&lt;/?(?:p|b|i|a|br|ul|li|em|strong)\b")


@dataclass(frozen=True, slots=True)
class Item:
    """What an app knows of an item before it fetches anything; what is not there is empty."""

    title: str
    guid: str
    date: dt.datetime | None
    address: str
    """Of its enclosure."""
    seconds: int | None
    """itunes:duration, where it is told in whole seconds."""


def read_item(element: Element) -> Item:
    """Return what can be read of an item."""
    enclosure = element.find("enclosure")
    seconds = (element.findtext(f"{ITUNES}duration") or "").strip()
    return Item(
        title=" ".join((element.findtext("title") or "").split()),
        guid=(element.findtext("guid") or "").strip(),
        date=read_date((element.findtext("pubDate") or "").strip()),
        address="" if enclosure is None else (enclosure.get("url") or "").strip(),
        seconds=int(seconds) if _is_number(seconds) else None,
    )


def find_item_remarks(element: Element, item: Item, show_title: str, now: dt.datetime) -> Iterator[Remark]:
    """Say what is wrong with an item's words at *now*."""
    yield from _judge_title(element, item, show_title)
    yield from _judge_guid(element, item)
    yield from _judge_date(element, item, now)
    yield from _judge_description(element)
    yield from _judge_enclosures(element, item)
    yield from _judge_numbers(element)
    explicit = element.findtext(f"{ITUNES}explicit")
    if explicit not in {None, "true", "false"}:
        yield refuse(f"itunes:explicit is {show(explicit)}, and Apple takes true or false")


def _judge_title(element: Element, item: Item, show_title: str) -> Iterator[Remark]:
    yield from (refuse(f"{fault} (Apple)") for fault in read_once(element, "title", "it")[1])
    if _NUMBERED.match(item.title):
        yield advise("its title begins with a number, and Apple wants that in itunes:episode alone")
    if show_title and item.title != show_title and item.title.casefold().startswith(show_title.casefold()):
        yield advise("its title begins with the show’s name, which Apple shows beside it")
    brief = element.findtext(f"{ITUNES}title") or ""
    if len(brief) > LONGEST_VALUE:
        yield refuse(f"itunes:title has {len(brief):,} characters, and Apple takes {LONGEST_VALUE}")


def _judge_guid(element: Element, item: Item) -> Iterator[Remark]:
    yield from (
        refuse(f"{fault}, by which apps tell episodes apart") for fault in read_once(element, "guid", "it")[1]
    )
    guid = element.find("guid")
    if item.guid and guid.get("isPermaLink") != "false" and not item.guid.startswith(("https://", "http://")):
        yield refuse("its guid is no address, and lacks isPermaLink=“false”")


def _judge_date(element: Element, item: Item, now: dt.datetime) -> Iterator[Remark]:
    text, faults = read_once(element, "pubDate", "it")
    yield from (refuse(fault) for fault in faults)
    if text and item.date is None:
        yield refuse(
            f"its pubDate is {show(text)}, and must be as RFC 2822 has it, with zone and right weekday"
        )
    if item.date and item.date > now:
        yield skip(
            f"its pubDate, {item.date:%Y-%m-%d %H:%M %z}, is still to come: apps leave it out until then"
        )


def _judge_description(element: Element) -> Iterator[Remark]:
    text = (element.findtext("description") or "").strip()
    size_bytes = len(text.encode())
    if size_bytes > LONGEST_DESCRIPTION_BYTES:
        most = f"{LONGEST_DESCRIPTION_BYTES:,}"
        yield refuse(f"its description has {size_bytes:,} bytes, and Apple takes {most}; {WAY_OUT}")
    if not text:
        yield advise("it has no description")
    if strange := sorted({name.lower() for name in _TAG.findall(text)} - TAGS_SHOWN):
        yield advise(f"its description has tags that Apple does not show: {', '.join(strange[:5])}")
    if _ESCAPED_TWICE.search(text):
        yield advise("its description is escaped twice, so that listeners read the marks")


def _judge_enclosures(element: Element, item: Item) -> Iterator[Remark]:
    count = len(element.findall("enclosure"))
    if count != 1:
        yield refuse(f"it has {count or 'no'} enclosure{'s' if count else ''}, and Apple takes one")
    elif not item.address:
        yield refuse("its enclosure has no url")
    duration = element.findtext(f"{ITUNES}duration")
    if duration is None:
        yield advise("it has no itunes:duration, so that apps list it without its length")
    elif item.seconds is None:
        yield refuse(f"itunes:duration is {show(duration)}, and should be whole seconds (Apple)")


def _judge_numbers(element: Element) -> Iterator[Remark]:
    for name in ("season", "episode"):
        told = element.findtext(ITUNES + name)
        if told is not None and not (_is_number(told) and int(told)):
            yield refuse(f"itunes:{name} is {show(told)}, and Apple takes a number from 1 up")
        again = element.find(PODCAST + name)
        if told is not None and again is not None and (again.text or "").strip() != told:
            yield advise(f"podcast:{name} is {show(again.text)}, and itunes:{name} is {show(told)}")
    kind = element.findtext(f"{ITUNES}episodeType")
    if kind not in {None, *KINDS}:
        yield refuse(
            f"{spell(ITUNES + 'episodeType')} is {show(kind)}, and Apple takes {', '.join(sorted(KINDS))}"
        )


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,9}", text))
