"""What goes with the sound: chapters and the feed's item, against the record."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from morning_edition.episode import AUDIO_NAME, Episode
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.feed import count_seconds
from morning_edition.outlets.feed_items import find_offer_faults
from morning_edition.outlets.feed_reading import PSC, parse_feed
from morning_edition.proof import Finding
from morning_edition.proof.agreement import MOST_APART_MS, compare_ms, reason_of, tell
from morning_edition.proof.mp3_file import prove_chapters
from morning_edition.proof.transcripts import TRANSCRIPTS as TRANSCRIPTS
from morning_edition.proof.transcripts import prove_transcript as prove_transcript
from morning_edition.proof.transcripts import read_clock, read_seconds
from morning_edition.station.site_names import FEED_NAME


def prove_chapters_file(path: Path, episode: Episode, sound_ms: float) -> Iterator[Finding]:
    """Read `chapters.json`: the record's chapters, in order, inside the sound."""
    try:
        record = json.loads(path.read_text("utf-8"))["chapters"]
        found = [
            Chapter(str(one["title"]), read_seconds(one["startTime"]), read_seconds(one["endTime"]))
            for one in record
        ]
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        yield tell("chapters", path.name, f"cannot be read ({reason_of(error)})")
        return
    yield from prove_chapters("chapters", path.name, found, episode.chapters)
    yield from prove_order(path.name, found, sound_ms)


def prove_order(file: str, chapters: Sequence[Chapter], sound_ms: float) -> Iterator[Finding]:
    """See that chapters begin at 0, follow each other, and end inside the sound."""
    at = 0
    for number, chapter in enumerate(chapters, 1):
        if chapter.end_ms <= chapter.start_ms or abs(chapter.start_ms - at) > MOST_APART_MS:
            span = f"from {chapter.start_ms / 1000:.3f} to {chapter.end_ms / 1000:.3f} s"
            yield tell("chapters", file, f"chapter {number} is {span}, and should begin at {at / 1000:.3f} s")
            return
        at = chapter.end_ms
    if chapters:
        yield from compare_ms("chapters", file, "the end of the last chapter", at, sound_ms)


def prove_feed(
    feed: str, folder: Path, episode: Episode, sounds_ms: Mapping[str, float]
) -> Iterator[Finding]:
    """Read the episode's item as a player does: what it points to is there, as long as it says."""
    try:
        root = parse_feed(feed)
    except ValueError as error:
        yield tell("feed", FEED_NAME, f"cannot be read ({error})")
        return
    items = [item for item in root.iter("item") if item.findtext("guid") == episode.guid]
    if len(items) != 1:
        yield tell("feed", FEED_NAME, f"has {len(items)} items with the GUID {episode.guid}, not one")
        return
    (item,) = items
    paths = {file.place: file.find_in(folder) for file in episode.files}
    sizes = {place: path.stat().st_size for place, path in paths.items() if path.is_file()}
    sound_ms = sounds_ms.get(AUDIO_NAME, episode.duration_ms)
    seconds = {count_seconds(sound_ms + apart) for apart in (-MOST_APART_MS, 0, MOST_APART_MS)}
    for said in dict.fromkeys(find_offer_faults(item, episode.audio.place, sizes, seconds)):
        yield tell("feed", FEED_NAME, said)
    marks = [_read_mark(mark) for mark in item.iter(f"{PSC}chapter")]
    yield from prove_chapters("feed", FEED_NAME, marks, episode.chapters, ends=False)


def _read_mark(mark: Any) -> Chapter:  # noqa: ANN401 - lxml has no types
    told_ms = read_clock(mark.get("start", ""))
    start_ms = -1_000_000 if told_ms is None else told_ms
    return Chapter(mark.get("title", ""), start_ms, start_ms)
