"""What of an edition goes into the flash briefing: one item of it all, or headlines made of its Quick Looks.

A headline is one Quick Look, or as many as it takes to be long enough to be played: a briefing should be
either heard or read aloud, not both.

An item keeps its uid however often the edition is made again. A headline is known by its title, else by its
text, else by most of its words: one that comes in before it, or is left out, changes nothing of it.

Only a correction gives what it changes a uid of its own: the one that was wrong is in the briefing no more,
and never again, so that no speaker plays what it has kept of it for what is right.
"""

import dataclasses
import difflib
import itertools
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from morning_edition.episode import FLASH_NAME, PODCAST_NAMESPACE, Episode, FlashItem
from morning_edition.mix.looks import HeardLook
from morning_edition.mix.programme import Programme, lay_flash, lay_headlines
from morning_edition.mix.studio import TakeNote
from morning_edition.outlets.characters import shorten
from morning_edition.script.script import Script
from morning_edition.station import Station

MOST_HEADLINES = 5
SHORTEST_S = 10
"""What is shorter may not be played (Amazon, "Flash Briefing Skill API Feed Reference")."""
LONGEST_TITLE = 120
"""Characters of a headline's title, where it is made of several."""
ALIKE = 0.6
"""The share of words that a mended headline has in common with what it was."""
EPISODE = "flash"
"""Names the item that is the whole edition."""


@dataclass(frozen=True, slots=True)
class FlashPart:
    """One item, before anything of it is pressed."""

    title: str
    text: str
    programme: Programme | None = None
    """None where there is only the text."""
    file: str = ""
    whole: bool = False
    """Whether it is the whole edition, and no headline of it."""

    @property
    def name(self) -> str:
        """What its master goes by: `flash`, or `flash-1` and so on."""
        return self.file.partition(".")[0]


def lay_briefing(
    script: Script,
    looks: Sequence[HeardLook],
    notes: Sequence[TakeNote],
    music_lengths: Mapping[str, int],
    station: Station,
) -> tuple[FlashPart, ...]:
    """Lay out what goes into the briefing; nothing where neither intro nor Quick Looks are heard."""
    if station.flash.items == "headlines" and any(_sounds(look, notes) for look in looks):
        return _lay_headlines(script, looks, notes, music_lengths, station)
    flash = lay_flash(script, notes, music_lengths, station)
    if not flash or not flash.timeline.cues:
        return ()
    heard = [int(place.piece) for place in flash.order.takes if place.length]
    return (FlashPart("", _write(script, looks, heard), flash, FLASH_NAME, whole=True),)


def _lay_headlines(
    script: Script,
    looks: Sequence[HeardLook],
    notes: Sequence[TakeNote],
    music_lengths: Mapping[str, int],
    station: Station,
) -> tuple[FlashPart, ...]:
    parts: list[FlashPart] = []
    programmes = lay_headlines(script, notes, music_lengths, station, shortest_ms=SHORTEST_S * 1000)
    for number, programme in enumerate(programmes[:MOST_HEADLINES], 1):
        heard = [int(place.piece) for place in programme.order.takes if place.length]
        part = FlashPart(_entitle(looks, heard), _write(script, looks, heard))
        if SHORTEST_S * 1000 <= programme.timeline.duration_ms <= station.flash.longest_s * 1000:
            part = dataclasses.replace(part, programme=programme, file=f"flash-{number}.mp3")
        parts.append(part)
    return tuple(parts)


def _entitle(looks: Sequence[HeardLook], heard: Sequence[int]) -> str:
    """Return the title of a headline: its Quick Look's, or those of all that are joined in it."""
    *others, last = [look.title for look in looks if set(look.lines) & set(heard)]
    if not others:
        return last
    return shorten("; ".join([*(title.rstrip(".:;, ") for title in others), last]), LONGEST_TITLE)


def _sounds(look: HeardLook, notes: Sequence[TakeNote]) -> bool:
    return any(notes[number].length for number in look.lines)


def _write(script: Script, looks: Sequence[HeardLook], heard: Sequence[int]) -> str:
    """Return what is heard as it is written: the article's words, without what only leads to them."""
    lines = script.lines
    by_first = {look.lines[0]: look for look in looks}
    inside = {number for look in looks for number in look.lines}
    told = [number for number in heard if number not in inside]
    sourced = [number for number in told if lines[number].source]
    if not sourced and not inside.intersection(heard):
        sourced = told
    kept = sorted([*sourced, *(first for first, look in by_first.items() if set(look.lines) & set(heard))])
    return " ".join(by_first[at].text if at in by_first else lines[at].text for at in kept)


def make_items(draft: Episode, parts: Sequence[FlashPart], before: Episode | None) -> tuple[FlashItem, ...]:
    """Return the items of *draft*; *before* is the edition that it takes the place of, whose uids are kept.

    They are dated as the episode is. Where nothing could be laid out, its summary is the only one.
    """
    own = _name_anew(draft.guid, EPISODE, draft.withdrawn_uids)
    if not parts or parts[0].whole:
        text, file = (parts[0].text, parts[0].file) if parts else (draft.summary, "")
        return (FlashItem(own, draft.title, text, draft.published, file),)
    fresh = [
        FlashItem("", part.title or draft.title, part.text, draft.published, part.file) for part in parts
    ]
    stood = [item for item in (before.flash if before else ()) if item.uid != own]
    return _give_uids(fresh, stood, draft)


def withdraw_items(draft: Episode, before: Episode, kept: Collection[str]) -> Episode:
    """Return *draft*, which corrects *before*: items that changed get another uid, and theirs are withdrawn.

    *kept* are the uids of those that did not change.
    """
    gone = [item.uid for item in before.flash if item.uid not in kept]
    withdrawn = tuple(dict.fromkeys([*draft.withdrawn_uids, *gone]))
    whole = _name_anew(draft.guid, EPISODE, draft.withdrawn_uids)
    items: list[FlashItem] = []
    for item in draft.flash:
        name = EPISODE if item.uid == whole else f"{EPISODE} {item.title}"
        taken = [*withdrawn, *kept, *(other.uid for other in items)]
        uid = item.uid if item.uid not in gone else _name_anew(draft.guid, name, taken)
        items.append(dataclasses.replace(item, uid=uid))
    return dataclasses.replace(draft, flash=tuple(items), withdrawn_uids=withdrawn)


def _give_uids(
    fresh: Sequence[FlashItem], stood: Sequence[FlashItem], draft: Episode
) -> tuple[FlashItem, ...]:
    uids: dict[int, str] = {}
    for same in (_same_words, _same_title, _same_text, _alike):
        for place, item in enumerate(fresh):
            left = [old for old in stood if old.uid not in uids.values() and same(old, item)]
            if place not in uids and left:
                uids[place] = left[0].uid
    for place, item in enumerate(fresh):
        if place not in uids:
            taken = [*uids.values(), *draft.withdrawn_uids]
            uids[place] = _name_anew(draft.guid, f"{EPISODE} {item.title}", taken)
    return tuple(dataclasses.replace(item, uid=uids[place]) for place, item in enumerate(fresh))


def _same_words(old: FlashItem, item: FlashItem) -> bool:
    return _same_title(old, item) and _same_text(old, item)


def _same_title(old: FlashItem, item: FlashItem) -> bool:
    return old.title == item.title


def _same_text(old: FlashItem, item: FlashItem) -> bool:
    return old.text == item.text


def _alike(old: FlashItem, item: FlashItem) -> bool:
    return difflib.SequenceMatcher(None, old.text.split(), item.text.split()).ratio() >= ALIKE


def _name_anew(guid: str, name: str, taken: Collection[str]) -> str:
    """Return the first uid of an episode's *name* that is not *taken*."""
    names = (f"{name}#{count}" if count else name for count in itertools.count())
    return next(uid for uid in (name_uid(guid, one) for one in names) if uid not in taken)


def name_uid(guid: str, name: str) -> str:
    """Return a UUIDv5 of an episode's GUID and a name; a GUID from elsewhere may be no UUID itself."""
    try:
        namespace = uuid.UUID(guid)
    except ValueError:
        namespace = uuid.uuid5(PODCAST_NAMESPACE, guid)
    return str(uuid.uuid5(namespace, name))
