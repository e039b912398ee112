"""When an edition changed last: what is made again is held against what stood before it.

A change is one that listeners hear or read: the sound without its tag, the title, the summary, the Quick
Looks, the corrections, the words. New colours, or a file that was lost, are none.
"""

import datetime as dt
import hashlib
import json
import zoneinfo
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from morning_edition.episode import AUDIO_NAME, Episode, FlashItem
from morning_edition.files import sha256_of, sha256_of_file
from morning_edition.flash import withdraw_items
from morning_edition.shelf import Content
from morning_edition.station import Station

TRANSCRIPT_NAME = "transcript.json"
TAG_HEADER_BYTES = 10


def date_changes(
    station: Station, draft: Episode, before: Episode | None, staged: Path, content: Content, now: dt.datetime
) -> Episode:
    """Return *draft* with the date of its last change, and each of its flash items with that of its own.

    The masters are in *staged*, the files around them in *content*; *before* is what it takes the place of.
    """
    if before is None:
        return draft
    moment = now.astimezone(zoneinfo.ZoneInfo(station.show.timezone)).replace(microsecond=0)
    comparison = _Comparison(before, before.folder(station), staged)
    same = (
        _tell_words(draft) == _tell_words(before)
        and comparison.sounds_same(AUDIO_NAME, AUDIO_NAME)
        and comparison.reads_same(content[TRANSCRIPT_NAME])
    )
    stood = {item.uid: item for item in before.flash}
    kept = {
        item.uid for item in draft.flash if item.uid in stood and comparison.is_same(stood[item.uid], item)
    }
    dated = replace(
        draft,
        updated=before.updated if same else moment,
        flash=tuple(_date_item(item, before, kept, moment) for item in draft.flash),
    )
    return dated if draft.corrections == before.corrections else withdraw_items(dated, before, kept)


def _tell_words(episode: Episode) -> tuple[object, ...]:
    """Return what listeners read of an episode besides its transcript."""
    return episode.title, episode.summary, episode.quick_looks, episode.corrections


def _date_item(item: FlashItem, before: Episode, kept: Collection[str], moment: dt.datetime) -> FlashItem:
    """Return *item* with the date of its last change; where it had none before, it is as old as its edition.

    *kept* are the uids of those that are what they were.
    """
    if item.uid in kept:
        return replace(item, updated=next(old.updated for old in before.flash if old.uid == item.uid))
    return replace(item, updated=moment) if before.flash else item


class _Comparison:
    """What stands, against what is to take its place."""

    def __init__(self, before: Episode, folder: Path, staged: Path) -> None:
        self._staged = staged
        self._sums = {file.name: file.sha256 for file in before.files}
        self._paths = {file.name: file.find_in(folder) for file in before.files}

    def sounds_same(self, old: str, new: str) -> bool:
        """Tell whether two masters, by their names, are the same sound; a damaged one is known by its sum."""
        if sha256_of_file(self._staged / new) == self._sums.get(old):
            return True
        try:
            return _sum_sound(self._paths[old]) == _sum_sound(self._staged / new)
        except (OSError, KeyError):
            return False

    def reads_same(self, transcript: bytes | str) -> bool:
        """Tell whether *transcript* has the words of the one that stands."""
        if sha256_of(transcript) == self._sums.get(TRANSCRIPT_NAME):
            return True
        try:
            return _read_words(self._paths[TRANSCRIPT_NAME].read_bytes()) == _read_words(transcript)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return False

    def is_same(self, old: FlashItem, item: FlashItem) -> bool:
        """Tell whether an item of the briefing is what stood under its uid."""
        return (old.title, old.text, bool(old.file)) == (item.title, item.text, bool(item.file)) and (
            not item.file or self.sounds_same(old.file, item.file)
        )


def _sum_sound(path: Path) -> str:
    """Return the checksum of an MP3's sound, without its ID3 tag ("ID3 tag version 2.3.0", section 3.1)."""
    with path.open("rb") as file:
        header = file.read(TAG_HEADER_BYTES)
        start = 0
        if header[:3] == b"ID3" and len(header) == TAG_HEADER_BYTES:
            a, b, c, d = header[6:]
            start = TAG_HEADER_BYTES + (a << 21 | b << 14 | c << 7 | d)
        file.seek(start)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_words(transcript: bytes | str) -> list[str]:
    return [word for segment in json.loads(transcript)["segments"] for word in segment["body"].split()]
