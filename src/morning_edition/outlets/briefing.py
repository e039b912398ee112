"""The flash briefing for smart speakers: episodes in, `flash-briefing.json` and its form as RSS out.

Follows Amazon's "Flash Briefing Skill API Feed Reference"
(https://developer.amazon.com/en-US/docs/alexa/flashbriefing/flash-briefing-skill-api-feed-reference.html) and
"Normalize the Loudness of Audio Content". Always an array, as one item may be; with no item it is empty.

Speakers play by `updateDate`, the newest first, and it is true: when the item changed last. So an older
edition that was corrected comes before a newer one; headlines are apart by seconds, to stay in order.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from morning_edition.episode import Episode, FlashItem, sort_episodes
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import shorten
from morning_edition.outlets.plain_text import cut_at_sentence, speakable
from morning_edition.station import Station

JSON_NAME = "flash-briefing.json"
RSS_NAME = "flash-briefing.xml"

MOST_ITEMS = 5
LONGEST_TITLE = 255
OLDEST = dt.timedelta(days=7)
LONGEST_TEXT = 4499
"""Characters of `mainText`: fewer than 4,500."""
LENGTHS_MS = (10_000, 600_000)
LOUDNESS_LUFS = (-19.0, -9.0)
DATE_FORM = "%Y-%m-%dT%H:%M:%S.0Z"
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class BriefingItem:
    """One item, as the speaker gets it."""

    uid: str
    date: dt.datetime
    """In UTC: of its last change, or as little apart from it as the running order of headlines allows."""
    title: str
    text: str
    page: str
    stream: str = ""
    """Empty where the text is read by the speaker's own voice."""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class LeftOutItem:
    """An item that is not in the briefing, and why."""

    slug: str
    title: str
    reason: str
    expired: bool = False
    """Whether it only is too old, as any will be some day."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is in the briefing, newest first, and what is not."""

    items: tuple[BriefingItem, ...]
    left_out: tuple[LeftOutItem, ...]


def choose_items(station: Station, episodes: Sequence[Episode], now: dt.datetime) -> Choice:
    """Choose what a speaker may play at *now*: what changed last first, of whichever edition.

    What changed at the same time is in the order of publication, the newest first, then in running order. An
    edition's age counts from its publication, whatever was changed later.
    """
    dated: list[tuple[dt.datetime, Episode, FlashItem]] = []
    left_out: list[LeftOutItem] = []
    for episode in sort_episodes(episodes):
        if reason := _find_obstacle(station, episode, now):
            expired = now - episode.published > OLDEST
            left_out.append(LeftOutItem(episode.slug, episode.title, reason, expired))
            continue
        faults = [(item, _find_fault(item, now)) for item in episode.flash]
        left_out += [LeftOutItem(episode.slug, item.title, fault) for item, fault in faults if fault]
        fitting = [item for item, fault in faults if not fault]
        dated += [(date, episode, item) for date, item in zip(_date_items(fitting), fitting, strict=True)]
    dated.sort(key=lambda one: one[0], reverse=True)
    chosen = tuple(_make(station, episode, item, date) for date, episode, item in dated[:MOST_ITEMS])
    left_out += [
        LeftOutItem(episode.slug, item.title, "five newer ones are in it")
        for _, episode, item in dated[MOST_ITEMS:]
    ]
    return Choice(chosen, tuple(left_out))


def _find_obstacle(station: Station, episode: Episode, now: dt.datetime) -> str:
    """Say why nothing of *episode* may be in the briefing; nothing where something may."""
    if now - episode.published > OLDEST:
        return f"it came out on {episode.published:%Y-%m-%d}, more than {OLDEST.days} days ago"
    if episode.published > now:
        return f"it is dated {episode.published:%Y-%m-%d %H:%M %z}, and that is still to come"
    if not plain_address(station.base_url).startswith("https://"):
        return "its addresses do not begin with https; set base_url under [show] to one that does"
    if not episode.flash:
        return f"it has no items yet; `morning-edition regenerate {episode.slug}` gives it some"
    return ""


def _find_fault(item: FlashItem, now: dt.datetime) -> str:
    """Say why *item* may not be in the briefing; nothing where it may."""
    if item.updated > now:
        return f"it is dated {item.updated:%Y-%m-%d %H:%M %z}, and that is still to come"
    if not speakable(item.text):
        return "it has no text"
    if not item.file:
        return ""
    shortest_ms, longest_ms = LENGTHS_MS
    softest, loudest = LOUDNESS_LUFS
    if item.duration_ms < shortest_ms:
        return f"it is {item.duration_ms / 1000:.1f} s long, and {shortest_ms // 1000} s are the least"
    if item.duration_ms > longest_ms:
        return f"it is {item.duration_ms / 60_000:.1f} min long, and {longest_ms // 60_000} min are the most"
    if not softest <= item.loudness_lufs <= loudest:
        return f"it is at {item.loudness_lufs:.1f} LUFS, and must be from {softest:g} to {loudest:g}"
    return ""


def _date_items(items: Sequence[FlashItem]) -> list[dt.datetime]:
    """Return the dates of an edition's *items*, which keep them in order where the newest is played first.

    Each is a second before the one that precedes it, or more; one that was changed takes those before it
    along, so that none is ever dated after its edition's last change. Those after it keep their dates.
    """
    dates: list[dt.datetime] = []
    for place, item in reversed(list(enumerate(items))):
        own = item.updated.astimezone(dt.UTC).replace(microsecond=0) - place * SECOND
        dates.insert(0, max(own, dates[0] + SECOND) if dates else own)
    return dates


def _make(station: Station, episode: Episode, item: FlashItem, date: dt.datetime) -> BriefingItem:
    sizes = {file.name: file.size_bytes for file in episode.files}
    return BriefingItem(
        uid=item.uid,
        date=date,
        title=shorten(speakable(item.title) or speakable(station.show.title) or "News", LONGEST_TITLE),
        text=cut_at_sentence(speakable(item.text), LONGEST_TEXT),
        page=plain_address(episode.url(station)),
        stream=plain_address(episode.url(station, item.file)) if item.file else "",
        size_bytes=sizes.get(item.file, 0),
    )


def render_briefing_json(station: Station, items: Sequence[BriefingItem]) -> str:
    """Write `flash-briefing.json`."""
    del station  # the other forms have its name
    return json.dumps([_record(item) for item in items], ensure_ascii=False, indent=2) + "\n"


def _record(item: BriefingItem) -> dict[str, str]:
    record = {
        "uid": item.uid,
        "updateDate": item.date.strftime(DATE_FORM),
        "titleText": item.title,
        "mainText": item.text,
        "streamUrl": item.stream,
        "redirectionUrl": item.page,
    }
    return {name: value for name, value in record.items() if value}


def render_briefing_rss(station: Station, items: Sequence[BriefingItem]) -> str:
    """Write `flash-briefing.xml`: the same items as RSS 2.0."""
    from morning_edition.outlets.typeset import typeset

    return typeset(
        "flash-briefing.xml.j2",
        station=station,
        show=station.show,
        address=station.base_url + RSS_NAME,
        items=[(item, format_datetime(item.date, usegmt=True)) for item in items],
    )
