"""What an item of the feed offers, looked at as files in the station's folder."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from morning_edition.checking.own_files import WAY_OUT, tell_length
from morning_edition.checking.podcast.companions import (
    Mark,
    find_chapter_differences,
    find_transcript_remarks,
    read_chapters,
)
from morning_edition.checking.podcast.item import Item
from morning_edition.checking.podcast.links import (
    Link,
    find_length_remarks,
    find_link_remarks,
    find_type_remarks,
    follow,
)
from morning_edition.checking.podcast.picture import find_picture_remarks
from morning_edition.checking.podcast.remarks import Remark, advise, refuse
from morning_edition.checking.podcast.sound import Heard, hear_mp3, measure_sound
from morning_edition.decode import LONGEST_S
from morning_edition.errors import AudioError
from morning_edition.outlets.feed_reading import ITUNES, PODCAST, PSC, Element, path_in
from morning_edition.proof.agreement import one_line
from morning_edition.proof.transcripts import read_clock
from morning_edition.station import Station

MOST_APART_S = 1.0
"""Of itunes:duration and the sound (PSP-1)."""
SHOWN_BY_APPLE = (".vtt", ".srt")
MOST_OF_A_KIND = 10
"""Transcripts of one item; ours have four."""
DEPTHS = LOOKED_AT, OPENED, MEASURED = range(3)
"""How closely an item's files are looked at: that they are there; what is in them; how loud the sound is."""


@dataclass(slots=True)
class Offer:
    """What an item offers to a player."""

    element: Element
    item: Item
    station: Station
    sound: Link
    size_bytes: int | None = None
    seconds: float | None = None
    chapters: int = 0
    transcripts: list[str] = field(default_factory=list)
    measured: dict[str, float] = field(default_factory=dict)

    def tell(self) -> str:
        """Say in a line what a player would play."""
        file = PurePosixPath(path_in(self.item.address)).name or self.item.address
        seconds = self.item.seconds if self.seconds is None else self.seconds
        told = [file]
        told += [tell_length(round(seconds * 1000))] if seconds is not None else []
        told += [f"{self.size_bytes / 1_000_000:.1f} MB"] if self.size_bytes else []
        told += [f"{self.measured['loudness_lufs']:.1f} LUFS"] if self.measured else []
        told += [f"{self.chapters} chapters"] if self.chapters else []
        told += [f"transcripts {' '.join(self.transcripts)}"] if self.transcripts else []
        return "plays " + ", ".join(told)


def open_offer(station: Station, element: Element, item: Item) -> Offer:
    """Find out what an item offers, by its words and by the files that there are."""
    sound = follow(station, item.address)
    transcripts = [
        PurePosixPath(path_in(one.get("url", ""))).suffix.lstrip(".") or "page"
        for one in element.findall(f"{PODCAST}transcript")
    ]
    marks = element.findall(f"{PSC}chapters/{PSC}chapter")
    size_bytes = sound.size_bytes if sound.path else None
    return Offer(element, item, station, sound, size_bytes, None, len(marks), transcripts)


def find_offer_remarks(offer: Offer, depth: int) -> Iterator[Remark]:
    """Say what is wrong with the files of an item, looked at as closely as *depth* says."""
    yield from find_link_remarks(offer.station, iter([offer.element]))
    yield from _judge_forms(offer)
    if depth >= OPENED:
        yield from _open_files(offer, depth)


def _judge_forms(offer: Offer) -> Iterator[Remark]:
    """Compare length and type of each file with what the feed tells of it."""
    for enclosure in offer.element.findall("enclosure")[:1]:
        yield from (*find_length_remarks(enclosure, offer.sound), *find_type_remarks(enclosure, offer.sound))
        if offer.item.address and not path_in(offer.item.address).lower().endswith(".mp3"):
            yield refuse("its enclosure is no .mp3, and some apps and Spotify play nothing else")
    for other in offer.element.findall(f"{PODCAST}alternateEnclosure"):
        for source in other.findall(f"{PODCAST}source"):
            link = follow(offer.station, source.get("uri", ""))
            yield from (*find_length_remarks(other, link), *find_type_remarks(other, link))
    for linked in offer.element.iter(f"{PODCAST}transcript", f"{PODCAST}chapters"):
        yield from find_type_remarks(linked, follow(offer.station, linked.get("url", "")))
    kinds = {"." + kind for kind in offer.transcripts}
    if not kinds.intersection(SHOWN_BY_APPLE):
        yield advise("it has no transcript as VTT or SRT, the two that Apple shows")


def _open_files(offer: Offer, depth: int) -> Iterator[Remark]:
    heard = None
    if offer.sound.path and offer.sound.path.suffix.lower() == ".mp3":
        name = offer.sound.path.name
        try:
            heard = hear_mp3(offer.sound.path)
        except AudioError as error:
            yield refuse(f"{name} {error}; produce the episode again")
        else:
            yield from (Remark(f"{name} {remark.text}", remark.kind) for remark in heard.remarks)
            yield from _judge_heard(offer, heard, name)
            yield from _measure(offer, heard, name) if depth >= MEASURED else ()
    yield from _open_companions(offer, heard)
    for picture in offer.element.findall(f"{ITUNES}image")[:1]:
        link = follow(offer.station, picture.get("href", ""))
        yield from find_picture_remarks(link.path) if link.path else ()


def _judge_heard(offer: Offer, heard: Heard, name: str) -> Iterator[Remark]:
    offer.seconds = heard.duration_ms / 1000
    told = offer.item.seconds
    if told is not None and abs(told - offer.seconds) > MOST_APART_S:
        said = f"itunes:duration is {told:,} s, and {name} lasts {offer.seconds:,.1f} s"
        yield refuse(f"{said}: players show the wrong length; {WAY_OUT}")
    if heard.title and one_line(heard.title) != one_line(offer.item.title):
        yield advise(f"{name} has another title in its tag than in the feed; {WAY_OUT}")


def _measure(offer: Offer, heard: Heard, name: str) -> Iterator[Remark]:
    if heard.duration_ms > LONGEST_S * 1000:
        yield advise(f"{name} lasts more than {LONGEST_S // 60} min, and its loudness was not measured")
        return
    try:
        offer.measured, remarks = measure_sound(heard)
    except AudioError as error:
        yield refuse(f"{name} cannot be decoded ({error}); produce the episode again")
        return
    yield from (Remark(f"{name} {remark.text}", remark.kind) for remark in remarks)


def _open_companions(offer: Offer, heard: Heard | None) -> Iterator[Remark]:
    sound_ms = heard.duration_ms if heard else math.inf
    for transcript in offer.element.findall(f"{PODCAST}transcript")[:MOST_OF_A_KIND]:
        link = follow(offer.station, transcript.get("url", ""))
        yield from find_transcript_remarks(link.path, sound_ms) if link.path else ()
    podlove = [_read_mark(mark) for mark in offer.element.findall(f"{PSC}chapters/{PSC}chapter")]
    for linked in offer.element.findall(f"{PODCAST}chapters")[:1]:
        link = follow(offer.station, linked.get("url", ""))
        if link.path is None:
            continue
        told, remarks = read_chapters(link.path, sound_ms)
        yield from remarks
        offer.chapters = len(told)
        if remarks:
            continue
        if heard and heard.marks is not None:
            yield from find_chapter_differences("the tag of the MP3", heard.marks, told)
        if podlove:
            yield from find_chapter_differences("psc:chapters", podlove, told)


def _read_mark(mark: Element) -> Mark:
    start_ms = read_clock(mark.get("start", ""))
    return Mark(-math.inf if start_ms is None else start_ms, mark.get("title", ""))
