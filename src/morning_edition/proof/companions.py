"""What goes with the sound: transcripts, chapters and the feed's item, against the record and the script."""

import html
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from morning_edition.episode import AUDIO_NAME, Episode
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.characters import clean
from morning_edition.outlets.transcripts import SPEAKERS
from morning_edition.patterns import compile_late
from morning_edition.proof import Finding
from morning_edition.proof.agreement import MOST_APART_MS, compare, compare_ms, reason_of, tell
from morning_edition.proof.mp3_file import prove_chapters
from morning_edition.script.script import Script

CHAPTERS_NAME = "chapters.json"
FEED_FILE = "podcast.xml"

MIME_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".opus": "audio/ogg",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
}
"""What a file's ending is served as; Opus in Ogg is audio/ogg (RFC 7845, section 9)."""

_CLOCK = r"(\d\d+):(\d\d):(\d\d)[.,](\d{3})"
_TIMING = compile_late(rf"{_CLOCK} --> {_CLOCK}")
_TIME = compile_late(_CLOCK)
_VOICE = compile_late(r"<v [^>]*>")

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
PSC = "{http://podlove.org/simple-chapters}"


@dataclass(frozen=True, slots=True)
class _Caption:
    start_ms: int
    end_ms: int
    words: tuple[str, ...]


def prove_transcript(path: Path, script: Script | None, sound_ms: float) -> Iterator[Finding]:
    """Read a transcript as a player does: its captions are in order, end inside the sound, and say it all."""
    try:
        captions = list(_READERS[path.suffix](path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield tell("transcript", path.name, f"cannot be read ({reason_of(error)})")
        return
    for before, caption in itertools.pairwise([_Caption(0, 0, ()), *captions]):
        if not before.end_ms <= caption.start_ms < caption.end_ms:
            at = f"{caption.start_ms / 1000:.3f} s"
            yield tell("transcript", path.name, f"the caption at {at} is not in order")
            break
    if captions and captions[-1].end_ms > sound_ms + MOST_APART_MS:
        end = f"{captions[-1].end_ms / 1000:.3f} s"
        yield tell("transcript", path.name, f"ends at {end}, after the sound ({sound_ms / 1000:.3f} s)")
    if script is not None:
        yield from _prove_words(path.name, captions, script)


def _prove_words(file: str, captions: Sequence[_Caption], script: Script) -> Iterator[Finding]:
    said = [word for line in script.lines for word in clean(line.text).replace("-->", "→").split()]
    at = 0
    for caption in captions:
        words = list(caption.words)
        if words != said[at : at + len(words)] and words[:1] and words[0] in _NAMES:
            words = words[1:]
        if words != said[at : at + len(words)]:
            wanted = " ".join(said[at : at + len(words)])
            yield from compare("transcript", file, "a caption", " ".join(words), wanted)
            return
        at += len(words)
    if at < len(said):
        yield tell("transcript", file, f"ends before the script’s “{' '.join(said[at : at + 8])}”")


_NAMES = frozenset(f"{name}:" for name in SPEAKERS.values())
"""What SRT puts before a speaker's words."""


def _read_vtt(text: str) -> Iterator[_Caption]:
    if not text.startswith("WEBVTT"):
        raise ValueError("it does not begin with WEBVTT")
    for timing, lines in _blocks(text.partition("\n")[2]):
        yield _caption(timing, [html.unescape(_VOICE.sub("", line)) for line in lines])


def _read_srt(text: str) -> Iterator[_Caption]:
    return itertools.starmap(_caption, _blocks(text))


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give each block's timing and the lines below it."""
    for block in text.split("\n\n"):
        rows = [row for row in block.split("\n") if row]
        timing = next((number for number, row in enumerate(rows) if "-->" in row), None)
        if timing is not None:
            yield rows[timing], rows[timing + 1 :]
        elif rows:
            raise ValueError(f"this is no caption: {rows[0][:60]!r}")


def _caption(timing: str, lines: Sequence[str]) -> _Caption:
    match = _TIMING.fullmatch(timing)
    if match is None:
        raise ValueError(f"this is no timing: {timing[:60]!r}")
    return _Caption(_ms(match.groups()[:4]), _ms(match.groups()[4:]), tuple(" ".join(lines).split()))


def _ms(parts: Sequence[str]) -> int:
    hours, minutes, seconds, thousandths = map(int, parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _read_json(text: str) -> Iterator[_Caption]:
    for segment in json.loads(text)["segments"]:
        words = tuple(segment["body"].split())
        yield _Caption(_seconds(segment["startTime"]), _seconds(segment["endTime"]), words)


def _seconds(value: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    return round(float(value) * 1000)


_READERS = {".vtt": _read_vtt, ".srt": _read_srt, ".json": _read_json}
TRANSCRIPTS = tuple(f"transcript{suffix}" for suffix in _READERS)


def prove_chapters_file(path: Path, episode: Episode, sound_ms: float) -> Iterator[Finding]:
    """Read `chapters.json`: the record's chapters, in order, inside the sound."""
    try:
        record = json.loads(path.read_text("utf-8"))["chapters"]
        found = [
            Chapter(str(one["title"]), _seconds(one["startTime"]), _seconds(one["endTime"])) for one in record
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
        root = etree.fromstring(feed.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        yield tell("feed", FEED_FILE, f"cannot be read ({error})")
        return
    items = [item for item in root.iter("item") if item.findtext("guid") == episode.guid]
    if len(items) != 1:
        yield tell("feed", FEED_FILE, f"has {len(items)} items with the GUID {episode.guid}, not one")
        return
    (item,) = items
    enclosure = item.find("enclosure")
    if enclosure is None:
        yield tell("feed", FEED_FILE, "the item has no enclosure")
        return
    yield from compare("feed", FEED_FILE, "the enclosure", _name_of(enclosure.get("url")), AUDIO_NAME)
    yield from _prove_enclosure(enclosure, enclosure.get("url"), folder)
    for other in item.iter(f"{PODCAST}alternateEnclosure"):
        for source in other.iter(f"{PODCAST}source"):
            yield from _prove_enclosure(other, source.get("uri"), folder)
    for linked in (*item.iter(f"{PODCAST}transcript"), *item.iter(f"{PODCAST}chapters")):
        yield from _prove_link(linked, folder)
    yield from _prove_duration(item, sounds_ms.get(AUDIO_NAME, episode.duration_ms))
    marks = [_read_mark(mark) for mark in item.iter(f"{PSC}chapter")]
    yield from prove_chapters("feed", FEED_FILE, marks, episode.chapters, ends=False)


def _name_of(url: str | None) -> str:
    return PurePosixPath(unquote(urlsplit(url or "").path)).name


def _prove_enclosure(element: Any, url: str | None, folder: Path) -> Iterator[Finding]:  # noqa: ANN401 - lxml has no types
    name = _name_of(url)
    what = f"the enclosure of {name}"
    yield from compare(
        "feed", FEED_FILE, f"{what}, its length in bytes", element.get("length"), _size(folder, name)
    )
    kind = MIME_TYPES.get(PurePosixPath(name).suffix)
    yield from compare(
        "feed", FEED_FILE, f"{what}, its type", (element.get("type") or "").partition(";")[0], kind
    )


def _size(folder: Path, name: str) -> str:
    path = folder / name
    return str(path.stat().st_size) if name and path.is_file() else "that of a file which is not there"


def _prove_link(element: Any, folder: Path) -> Iterator[Finding]:  # noqa: ANN401 - lxml has no types
    name = _name_of(element.get("url"))
    if not name or not (folder / name).is_file():
        yield tell("feed", FEED_FILE, f"links to {name or 'nothing'}, which is not there")
        return
    wanted = (
        "application/json+chapters" if name == CHAPTERS_NAME else MIME_TYPES.get(PurePosixPath(name).suffix)
    )
    yield from compare("feed", FEED_FILE, f"the type of {name}", element.get("type"), wanted)


def _prove_duration(item: Any, sound_ms: float) -> Iterator[Finding]:  # noqa: ANN401 - lxml has no types
    told = item.findtext(f"{ITUNES}duration") or ""
    allowed = {max(1, round((sound_ms + apart) / 1000)) for apart in (-MOST_APART_MS, 0, MOST_APART_MS)}
    if not (told.isdigit() and int(told) in allowed):
        said = f"itunes:duration is “{told}”, and should be {max(1, round(sound_ms / 1000))} (seconds)"
        yield tell("feed", FEED_FILE, said)


def _read_mark(mark: Any) -> Chapter:  # noqa: ANN401 - lxml has no types
    match = _TIME.fullmatch(mark.get("start", ""))
    start_ms = _ms(match.groups()) if match else -1_000_000
    return Chapter(mark.get("title", ""), start_ms, start_ms)
