"""Alexa: what a smart speaker would say and play of the flash briefing, and what it would refuse.

The rules are those of Amazon's "Flash Briefing Skill API Feed Reference"
(https://developer.amazon.com/en-US/docs/alexa/flashbriefing/flash-briefing-skill-api-feed-reference.html) and
"Normalize the Loudness of Audio Content".
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from morning_edition.checking import Checked, Entry, Fault
from morning_edition.checking.alexa.briefing_files import read_json, read_rss
from morning_edition.checking.alexa.item import (
    Item,
    find_notes,
    find_page_faults,
    find_word_faults,
    hear_stream,
    read_item,
)
from morning_edition.checking.mp3_sound import Mp3Sound
from morning_edition.checking.own_files import WAY_OUT, tell_length
from morning_edition.episode import load_episodes
from morning_edition.errors import EpisodeError
from morning_edition.outlets.briefing import JSON_NAME, MOST_ITEMS, OLDEST, RSS_NAME, choose_items
from morning_edition.outlets.characters import shorten
from morning_edition.outlets.plain_text import speakable
from morning_edition.station import Station

PLATFORM = "Alexa"
LONGEST_TITLE = 100
"""Characters of a title, where it is only named."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What came of one item."""

    where: str
    faults: tuple[str, ...]
    skipped: str = ""
    notes: tuple[str, ...] = ()
    entry: Entry | None = None


def check_alexa(station: Station, now: dt.datetime) -> Checked:
    """Play the speaker over *station*'s folder at *now*. Raises `EpisodeError` where there is no briefing."""
    try:
        offered = read_json(station.root / JSON_NAME)
    except ValueError as error:
        return Checked(PLATFORM, JSON_NAME, (), (Fault(JSON_NAME, f"{error}; {WAY_OUT}"),))
    records = offered if isinstance(offered, list) else [offered]
    read = [read_item(record) for record in records[:MOST_ITEMS]]
    items = [item for item, _ in read]
    heard = [_hear(station, items, place, broken, now) for place, (_, broken) in enumerate(read)]
    return Checked(
        PLATFORM,
        JSON_NAME,
        entries=tuple(one.entry for one in heard if one.entry),
        faults=(
            *_judge_whole(records, items, now),
            *(Fault(one.where, text) for one in heard for text in one.faults),
            *_judge_rss(station, records),
        ),
        skipped=(
            *(Fault(one.where, one.skipped) for one in heard if one.skipped),
            *_list_left_out(station, now, nothing_else=not records),
        ),
        notes=(*(Fault(one.where, text) for one in heard for text in one.notes), *_judge_kinds(items)),
    )


def _hear(
    station: Station, items: Sequence[Item], place: int, broken: Sequence[str], now: dt.datetime
) -> _Heard:
    """Look at one of *items* as the speaker does; *broken* is what was found when it was read."""
    item, where = items[place], f"item {place + 1}"
    heard_before = {other.stream for other in items[:place]}
    to_hear = item.stream.strip() and item.stream not in heard_before
    sound, refused = hear_stream(station, item) if to_hear else (None, [])
    faults = (
        *broken,
        *_judge_order(items, place, now),
        *find_word_faults(item),
        *find_page_faults(station, item),
        *refused,
    )
    if faults or item.date is None:
        return _Heard(where, faults)
    if now - item.date > OLDEST:
        said = f"it is of {item.date:%Y-%m-%d}, more than {OLDEST.days} days ago"
        return _Heard(where, (), f"{shorten(speakable(item.title), LONGEST_TITLE)}: {said}")
    return _Heard(where, (), notes=tuple(find_notes(item, sound)), entry=_tell(item, sound))


def _tell(item: Item, sound: Mp3Sound | None) -> Entry:
    title, text = speakable(item.title), speakable(item.text)
    facts: dict[str, object] = {"uid": item.uid, "date": f"{item.date:%Y-%m-%dT%H:%M:%SZ}"}
    if sound is None:
        return Entry(title, f"says: {text}", facts | {"says": text})
    file = PurePosixPath(item.stream).name
    told = f"plays {file}, {tell_length(sound.duration_ms)}, {sound.loudness_lufs:.1f} LUFS"
    measured = {
        "duration_ms": sound.duration_ms,
        "loudness_lufs": round(sound.loudness_lufs, 2),
        "true_peak_dbtp": round(sound.true_peak_dbtp, 2),
    }
    return Entry(title, told, facts | {"plays": item.stream} | measured)


def _judge_whole(records: Sequence[object], items: Sequence[Item], now: dt.datetime) -> Iterator[Fault]:
    """Say what is wrong with the items together."""
    if not records:
        yield Fault(JSON_NAME, "it has no item, and one to five are wanted; produce an edition of this week")
    if len(records) > MOST_ITEMS:
        yield Fault(
            JSON_NAME, f"it has {len(records):,} items, and only the first five are played; {WAY_OUT}"
        )
    dates = [item.date for item in items if item.date]
    if dates and all(now - date > OLDEST for date in dates):
        yield Fault(JSON_NAME, f"none of it is younger than {OLDEST.days} days; produce an edition")


def _judge_order(items: Sequence[Item], place: int, now: dt.datetime) -> Iterator[str]:
    """Say what is wrong with the item at *place* beside the others, or at this moment."""
    item, earlier = items[place], items[:place]
    if item.uid and item.uid in {other.uid for other in earlier}:
        yield f"its uid is that of another item; {WAY_OUT}"
    if item.stream and item.stream in {other.stream for other in earlier}:
        yield f"its streamUrl is that of another item; {WAY_OUT}"
    if item.date and item.date > now:
        yield f"its updateDate, {item.date:%Y-%m-%d %H:%M} UTC, is still to come; set the clock, or wait"
    before = earlier[-1].date if earlier else None
    if item.date and before and item.date > before:
        yield f"it is newer than the one before it, and the newest must come first; {WAY_OUT}"


def _judge_kinds(items: Sequence[Item]) -> Iterator[Fault]:
    if len({bool(item.stream) for item in items}) > 1:
        yield Fault(JSON_NAME, "a feed is either to be heard or to be read aloud, and this one is both")


def _list_left_out(station: Station, now: dt.datetime, *, nothing_else: bool) -> list[Fault]:
    """Say which editions are not in the briefing, and why; of those that are too old the newest at most."""
    try:
        left_out = choose_items(station, load_episodes(station), now).left_out
    except EpisodeError as error:
        return [Fault("the episodes", str(error))]
    told = [one for one in left_out if not one.expired] or list(left_out[:1] if nothing_else else ())
    return [Fault(one.slug, f"{shorten(speakable(one.title), LONGEST_TITLE)}: {one.reason}") for one in told]


def _judge_rss(station: Station, records: Sequence[object]) -> list[Fault]:
    """Say how the RSS form differs from the JSON: it must have the same items."""
    try:
        items = read_rss(station.root / RSS_NAME)
    except EpisodeError as error:
        return [Fault(RSS_NAME, str(error).split(": ", 1)[1])]
    if len(items) != len(records):
        said = f"it has {len(items):,} items, and {JSON_NAME} has {len(records):,}"
        return [Fault(RSS_NAME, f"{said}; {WAY_OUT}")]
    return [
        Fault(RSS_NAME, f"item {place} has another {name} than in {JSON_NAME}; {WAY_OUT}")
        for place, (item, record) in enumerate(zip(items, records, strict=True), 1)
        for name in _find_differences(item, record)
    ]


def _find_differences(item: Mapping[str, str], record: object) -> list[str]:
    told = record if isinstance(record, dict) else {}
    return sorted(name for name in {*item, *told} if item.get(name) != told.get(name))
