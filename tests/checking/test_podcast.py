"""Directories and apps played over a station's folder: what they take, and every rule that can be broken."""

import datetime as dt
import io
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from marked import mark
from mutagen import id3
from PIL import Image

from morning_edition.checking import Checked, Fault
from morning_edition.checking.podcast import MOST_OPENED, check_podcast
from morning_edition.episode import Episode, EpisodeFile
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of
from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.mp3 import encode_mp3
from morning_edition.outlets.chapters import render_chapters
from morning_edition.outlets.feed import render_feed
from morning_edition.outlets.transcripts import render_html, render_json, render_srt, render_vtt
from morning_edition.station import Station, parse_station
from morning_edition.tags import Tags, tag_mp3

NOW = dt.datetime(2024, 12, 20, 12, tzinfo=dt.UTC)
HOST = "pod.harbour.news"
SETTINGS = f"""
[show]
title = "Harbour Brief"
base_url = "https://{HOST}/brief/"
[outlet]
name = "Harbour Post"
[owner]
email = "desk@harbour.news"
[feed]
license = "CC-BY-4.0"
"""
TITLE = "Old Bridge Reopens & Traffic Moves"
DATE = dt.date(2024, 12, 6)
SLUG = f"{DATE}-bridge"
LOUD = 0.224
"""The amplitude of a tone of 1 kHz at -16 LUFS, in one channel."""
CHAPTERS = (Chapter("Introduction", 0, 4_000), Chapter("Deep & Deeper", 4_000, 12_000))
CUES = (
    Cue(100, 3_900, "The old bridge reopened on Friday.", "anchor", "intro"),
    Cue(4_100, 11_000, "It had been closed since March.", "correspondent", "deep_look"),
)


def tone(seconds: float = 12, amplitude: float = LOUD, *, rate_hz: int = 44_100, kbps: int = 96) -> bytes:
    wave = np.sin(np.arange(round(seconds * rate_hz)) * 2 * np.pi * 997 / rate_hz) * amplitude * 32_767
    return encode_mp3(wave.astype(np.int16), sample_rate_hz=rate_hz, bitrate_kbps=kbps)


def tagged(sound: bytes, chapters: tuple[Chapter, ...] = CHAPTERS, title: str = TITLE) -> bytes:
    moment = dt.datetime.combine(DATE, dt.time(6), dt.UTC)
    tags = Tags(
        title=title, album="Harbour Brief", artist="Harbour Post", published=moment, chapters=chapters
    )
    return tag_mp3(sound, tags)


def picture(width: int, height: int, mode: str = "RGB", kind: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (width, height)).save(stream, kind)
    return stream.getvalue()


COVER = picture(3000, 3000)
FILES: dict[str, bytes] = {
    "chapters.json": render_chapters(TITLE, CHAPTERS).encode(),
    "cover.jpg": COVER,
    "cover-small.jpg": picture(600, 600),
    "episode.mp3": tagged(tone()),
    "index.html": b"<!doctype html><title>Bridge</title>",
    "transcript.html": render_html(TITLE, "en-US", CUES).encode(),
    "transcript.json": render_json(CUES).encode(),
    "transcript.srt": render_srt(CUES).encode(),
    "transcript.vtt": render_vtt(CUES).encode(),
}

PLACES = {name: mark(name, sha256_of(body)) for name, body in FILES.items()}
"""What each is called on disk and on the web."""
MP3, VTT, SRT, JSON, CHAPTERS_JSON, PICTURE = (
    PLACES[name]
    for name in (
        "episode.mp3",
        "transcript.vtt",
        "transcript.srt",
        "transcript.json",
        "chapters.json",
        "cover.jpg",
    )
)


def make_episode(day: int) -> Episode:
    date = DATE - dt.timedelta(days=day)
    published = dt.datetime.combine(date, dt.time(6), dt.UTC)
    return Episode(
        slug=f"{date}-bridge",
        guid=f"guid-{day}",
        number=100 - day,
        title=TITLE,
        date=date,
        published=published,
        language="en-US",
        outlet="Harbour Post",
        byline="A. Diaz",
        edition="Morning Edition",
        summary="The old bridge reopened on Friday.",
        keywords=(),
        quick_looks=(),
        source_url="https://harbour.news/bridge",
        duration_ms=12_000,
        chapters=CHAPTERS,
        voices=("tone",),
        loudness_lufs=-16.0,
        true_peak_dbtp=-13.0,
        recipe="",
        files=tuple(EpisodeFile(name, len(body), sha256_of(body)) for name, body in sorted(FILES.items())),
    )


class Desk:
    """A station with one episode or more, its files as small as they can be."""

    def __init__(self, root: Path) -> None:
        self.station: Station = parse_station(SETTINGS, root)
        self.feed = root / "podcast.xml"
        self.folder = root / "audio" / SLUG
        for name, body in (
            ("cover.jpg", COVER),
            ("cover-small.jpg", b"small"),
            ("index.html", b"<!doctype html>"),
        ):
            (root / name).write_bytes(body)
        self.publish(1)

    def publish(self, count: int) -> None:
        episodes = [make_episode(day) for day in range(count)]
        for episode in episodes:
            folder = episode.folder(self.station)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "episode.json").write_text(episode.to_json(), "utf-8")
            for name, body in FILES.items():
                if episode.slug == SLUG:
                    (folder / PLACES[name]).write_bytes(body)
                else:
                    os.link(self.folder / PLACES[name], folder / PLACES[name])
        self.feed.write_text(render_feed(self.station, episodes), "utf-8")

    def change(self, old: str, new: str, count: int = 1) -> None:
        """Replace what the feed says once, or more often."""
        text = self.feed.read_text("utf-8")
        assert old in text
        self.feed.write_text(text.replace(old, new, count), "utf-8")

    def offer(self, name: str, body: bytes | str) -> None:
        """Put another file in the place of one, and its length into the feed."""
        path = self.folder / PLACES[name]
        payload = body.encode() if isinstance(body, str) else body
        text = self.feed.read_text("utf-8").replace(
            f'length="{path.stat().st_size}"', f'length="{len(payload)}"'
        )
        self.feed.write_text(text, "utf-8")
        path.unlink()
        path.write_bytes(payload)

    def check(self, now: dt.datetime = NOW) -> Checked:
        return check_podcast(self.station, now)

    def refused(self) -> list[str]:
        return told(self.check().faults)

    def notes(self) -> list[str]:
        return told(self.check().notes)


def told(faults: tuple[Fault, ...]) -> list[str]:
    return [f"{fault.where}: {fault.text}" for fault in faults]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_good_station_is_taken_as_it_is(desk: Desk) -> None:
    """What a player would play is told, and nothing else."""
    checked = desk.check()
    assert (checked.faults, checked.skipped, checked.notes) == ((), (), ())
    (entry,) = checked.entries
    assert entry.title == TITLE
    assert entry.does == f"plays {MP3}, 12 s, 0.1 MB, -16.0 LUFS, 2 chapters, transcripts vtt srt json html"
    facts = entry.facts
    assert facts["guid"] == "guid-0"
    assert facts["date"] == "2024-12-06T06:00:00+00:00"
    assert facts["plays"] == f"https://{HOST}/brief/audio/{SLUG}/{MP3}"
    assert facts["size_bytes"] == len(FILES["episode.mp3"])
    assert facts["duration_s"] == pytest.approx(12, abs=0.1)
    assert facts["transcripts"] == ["vtt", "srt", "json", "html"]
    assert facts["loudness_lufs"] == pytest.approx(-16, abs=0.1)


def test_a_station_without_an_episode_is_valid(desk: Desk) -> None:
    """Directories take a show with its first episode, and that is said."""
    shutil.rmtree(desk.folder)
    desk.feed.write_text(render_feed(desk.station, []), "utf-8")
    checked = desk.check()
    assert (checked.entries, checked.faults, checked.skipped) == ((), (), ())
    assert told(checked.notes) == [
        "podcast.xml: it has no episode yet: directories take a show with its first one"
    ]


ITEM = f"https://{HOST}/brief/audio/{SLUG}/"
SHOW_FAULTS = {
    "another RSS": ('<rss version="2.0"', '<rss version="0.91"', "its RSS has the version “0.91”"),
    "no title": ("<title>Harbour Brief</title>", "", "the channel has no title"),
    "two languages": ("<language>", "<language>en</language><language>", "the channel has 2 language"),
    "no language": ("<language>en-US<", "<language>english, mostly<", "the language is “english, mostly”"),
    "explicit": ("<itunes:explicit>false", "<itunes:explicit>clean", "itunes:explicit is “clean”"),
    "no description": (
        "<description>The day's",
        "<description/><description>The day's",
        "needs one description of 1 to 4,000 bytes",
    ),
    "a long description": ("<description>The day's", f"<description>{'x' * 4_000}", "1 to 4,000 bytes"),
    "a type": ("<itunes:type>episodic", "<itunes:type>daily", "itunes:type is “daily”"),
    "a category": ('text="News"', 'text="news"', "the category is “news”, which is none of Apple’s"),
    "below a category": (
        'text="Daily News"',
        'text="Books"',
        "“Books”, which Apple does not have under News",
    ),
    "a date": (
        "<lastBuildDate>Fri",
        "<lastBuildDate>Mon",
        "the channel’s lastBuildDate is “Mon, 06 Dec 2024 06:00:00",
    ),
    "no artwork": (f'<itunes:image href="https://{HOST}/brief/cover.jpg"/>', "", "needs one itunes:image"),
    "no author": ("<itunes:author>Harbour Post<", "<itunes:author> <", "no itunes:author, and Spotify"),
    "another address": (
        f'{HOST}/brief/podcast.xml" rel="self"',
        f'{HOST}/podcast.xml" rel="self"',
        f"the feed says that its address is “https://{HOST}/podcast.xml”",
    ),
    "locked": (">yes</podcast:locked>", ">true</podcast:locked>", "podcast:locked is “true”"),
    "two licences": (
        "<podcast:license>",
        "<podcast:license>mine</podcast:license><podcast:license>",
        "more than one podcast:license",
    ),
    "a cover that is not there": (
        "/brief/cover-small.jpg",
        "/brief/gone.jpg",
        "gone.jpg”, which is not there",
    ),
    "a cover outside": ("/brief/cover-small.jpg", "/brief/../secret.jpg", "secret.jpg”, which is not there"),
    "an address without https": (
        f"<url>https://{HOST}/brief/cover.jpg",
        "<url>http://cdn.harbour.news/cover.jpg",
        "url has an address that does not begin with https",
    ),
    "an address with a space": (
        f"{HOST}/brief/cover-small.jpg",
        "cdn.harbour.news/a b.jpg",
        "ASCII without spaces",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), SHOW_FAULTS.values(), ids=SHOW_FAULTS)
def test_what_a_directory_refuses_of_the_show_is_told(desk: Desk, old: str, new: str, said: str) -> None:
    """One fault planted, one refusal told; the episode itself is still in order."""
    desk.change(old, new)
    (fault,) = desk.refused()
    assert fault.startswith("podcast.xml: ")
    assert said in fault
    assert len(desk.check().entries) == 1


def test_a_namespace_is_known_to_the_letter(desk: Desk) -> None:
    """What stands in another is not seen at all, and the cause is told first."""
    desk.change("http://www.itunes.com/dtds/podcast-1.0.dtd", "http://www.itunes.com/DTDs/Podcast-1.0.dtd")
    first, *others = desk.refused()
    assert first == (
        "podcast.xml: xmlns:itunes is “http://www.itunes.com/DTDs/Podcast-1.0.dtd”, and Apple knows "
        "“http://www.itunes.com/dtds/podcast-1.0.dtd” alone"
    )
    assert "podcast.xml: the channel has no itunes:category, and Apple lists no show without one" in others


ITEM_FAULTS = {
    "no title": (f"<title>{TITLE.replace('&', '&amp;')}</title>", "", "it has no title"),
    "no guid": ('<guid isPermaLink="false">guid-0</guid>', "", "it has no guid"),
    "guid with space": (">guid-0<", "> guid-0<", "white space around the text of guid"),
    "guid as a link": ('<guid isPermaLink="false">', "<guid>", "lacks isPermaLink"),
    "no date": (
        "<pubDate>Fri, 06 Dec 2024 06:00:00 +0000</pubDate>\n      <desc",
        "<desc",
        "it has no pubDate",
    ),
    "another weekday": (
        "<pubDate>Fri, 06 Dec 2024 06:00:00 +0000</pubDate>\n      <d",
        "<pubDate>Sat, 06 Dec 2024 06:00:00 +0000</pubDate>\n      <d",
        "its pubDate is “Sat",
    ),
    "a date of no time": (
        "<pubDate>Fri, 06 Dec 2024 06:00:00 +0000</pubDate>\n      <d",
        "<pubDate>Fri, 06 Dec 2024 06:00:00 +99999999999999999999</pubDate>\n      <d",
        "its pubDate is “Fri",
    ),
    "a long description": (
        "<description><![CDATA[",
        f"<description><![CDATA[{'é' * 2_001}",
        "description has 4,",
    ),
    "no enclosure": ("<enclosure ", "<enclosures ", "it has no enclosure"),
    "two enclosures": (
        "<enclosure ",
        '<enclosure url="https://a.example/b.mp3"/><enclosure ',
        "it has 2 enclosures",
    ),
    "another length": (
        f'{MP3}" length="{len(FILES["episode.mp3"])}"',
        f'{MP3}" length="0"',
        f"has the length “0”, and {len(FILES['episode.mp3']):,} bytes stand on disk",
    ),
    "another type": (
        'type="audio/mpeg"/>\n      <itunes',
        'type="audio/mp3"/>\n      <itunes',
        f"{MP3} has the type “audio/mp3”, and is served as audio/mpeg",
    ),
    "a type of a transcript": ('"text/vtt"', '"text/plain"', f"{VTT} has the type “text/plain”"),
    "a type of the chapters": (
        "application/json+chapters",
        "application/json",
        f"{CHAPTERS_JSON} has the type",
    ),
    "another duration": (
        "<itunes:duration>12",
        "<itunes:duration>14",
        f"itunes:duration is 14 s, and {MP3} lasts",
    ),
    "a duration in minutes": ("<itunes:duration>12", "<itunes:duration>0:12", "should be whole seconds"),
    "episode 0": ("<itunes:episode>100", "<itunes:episode>0", "itunes:episode is “0”"),
    "episode in other digits": ("<itunes:episode>100", "<itunes:episode>١", "itunes:episode is “١”"),
    "a kind": ("<itunes:episodeType>full", "<itunes:episodeType>Full", "itunes:episodeType is “Full”"),
    "explicit": (
        "</itunes:episodeType>\n      <itunes:explicit>false",
        "</itunes:episodeType>\n      <itunes:explicit>no",
        "itunes:explicit is “no”",
    ),
    "a long brief title": ("<itunes:title>", f"<itunes:title>{'x' * 256}", "Apple takes 255"),
    "an address without https": (
        f'<enclosure url="https://{HOST}',
        '<enclosure url="http://cdn.harbour.news',
        "enclosure has an address that does not begin with https",
    ),
    "a page that is not there": (
        f"<link>{ITEM}<",
        f"<link>{ITEM}page.html<",
        "page.html”, which is not there",
    ),
    "a way out": (f'url="{ITEM}{VTT}"', f'url="{ITEM}../../../../secret.vtt"', "which is not there"),
    "a folder": (f'url="{ITEM}{VTT}"', f'url="https://{HOST}/brief/audio"', "which is not there"),
    "NUL": (f'url="{ITEM}{VTT}"', f'url="{ITEM}%00.vtt"', "which is not there"),
    "a name too long": (
        f'url="{ITEM}{VTT}"',
        f'url="{ITEM}{"x" * 5_000}.vtt"',
        "which is not there",
    ),
    "psc": (
        '<psc:chapter start="00:00:04.000"',
        '<psc:chapter start="00:00:05.000"',
        "psc:chapters begins chapter 2 at 5.000 s, and chapters.json at 4.000 s",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), ITEM_FAULTS.values(), ids=ITEM_FAULTS)
def test_what_would_be_refused_of_an_episode_is_told(desk: Desk, old: str, new: str, said: str) -> None:
    """The item is named; nobody plays it."""
    desk.change(old, new)
    faults = desk.refused()
    assert [fault for fault in faults if said in fault and fault.startswith("item 1: ")], faults
    assert len(faults) == 1, faults
    assert desk.check().entries == ()


NOTES = {
    "a number": ("<title>Old", "<title>#12 Old", "begins with a number"),
    "an episode": ("<title>Old", "<title>Episode 12: Old", "begins with a number"),
    "the show": ("<title>Old", "<title>Harbour Brief: Old", "begins with the show’s name"),
    "a tag": (
        "<description><![CDATA[",
        "<description><![CDATA[<h1>x</h1><script>",
        "does not show: h1, script",
    ),
    "escaped twice": ("<description><![CDATA[", "<description><![CDATA[&amp;amp;", "escaped twice"),
    "no duration": ("<itunes:duration>12</itunes:duration>", "", "no itunes:duration"),
    "another number": ("<podcast:episode>100", "<podcast:episode>99", "podcast:episode is “99”"),
    "no self": ('rel="self"', 'rel="other"', "no atom:link with rel=self"),
    "no address": (
        "<itunes:email>desk@harbour.news</itunes:email>",
        "",
        "no owner’s address, to which Spotify",
    ),
    "no licence": ("<podcast:license>cc-by-4.0</podcast:license>", "", "it names no licence"),
    "another guid": ("<podcast:guid>", "<podcast:guid>x", "podcast:guid is “x"),
    "elsewhere": (
        f'"{ITEM}{PICTURE}"',
        '"https://cdn.example/c.jpg"',
        "is fetched from “cdn.example”; nothing is fetched",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), NOTES.values(), ids=NOTES)
def test_what_could_be_better_is_told_and_taken(desk: Desk, old: str, new: str, said: str) -> None:
    desk.change(old, new)
    checked = desk.check()
    assert (checked.faults, len(checked.entries)) == ((), 1)
    assert [note for note in told(checked.notes) if said in note], checked.notes


@pytest.mark.parametrize(
    "title", ["3 Dead After Storm", "2024: The Year in Water", "Episodes of Drought", "U.S. 5-4 Ruling"]
)
def test_a_headline_with_a_number_is_no_number_of_an_episode(desk: Desk, title: str) -> None:
    desk.change("<title>Old Bridge", f"<title>{title} Old Bridge")
    assert not [note for note in desk.notes() if "begins with" in note]


def test_an_example_s_address_is_told_clearly(desk: Desk) -> None:
    """Whoever forgot to set base_url learns it; so does whoever has no https."""
    desk.station = parse_station('[show]\nbase_url = "https://podcast.example/"\n', desk.station.root)
    desk.feed.write_text(render_feed(desk.station, [make_episode(0)]), "utf-8")
    (note, *_) = desk.notes()
    assert "base_url is still that of an example (https://podcast.example/)" in note
    desk.station = parse_station('[show]\nbase_url = "http://pod.harbour.news/"\n', desk.station.root)
    desk.feed.write_text(render_feed(desk.station, [make_episode(0)]), "utf-8")
    faults = desk.refused()
    assert "podcast.xml: base_url does not begin with https, as Apple asks" in faults[0]
    assert len([fault for fault in faults if "enclosure has an address" in fault]) == 1


def test_a_base_url_that_was_changed_since_is_told(desk: Desk) -> None:
    """Every address in the feed is then another's, and that is one refusal, with the way out."""
    moved = SETTINGS.replace(HOST, "new.harbour.news")
    desk.station = parse_station(moved, desk.station.root)
    (fault,) = desk.refused()
    assert "by base_url it is https://new.harbour.news/brief/podcast.xml" in fault
    assert fault.endswith("`morning-edition regenerate` writes it again")


def test_a_service_that_counts_is_passed_through(desk: Desk) -> None:
    """What it leads to is looked at; the service is not asked."""
    desk.change(f'<enclosure url="https://{HOST}/', f'<enclosure url="https://op3.dev/e/{HOST}/')
    checked = desk.check()
    assert checked.faults == ()
    assert told(checked.notes) == [
        "item 1: enclosure counts at “op3.dev”; nothing is fetched, so that was not looked at"
    ]
    (desk.folder / MP3).unlink()
    assert "which is not there" in desk.refused()[0]


def test_an_episode_to_come_is_left_out_until_then(desk: Desk) -> None:
    checked = desk.check(NOW - dt.timedelta(days=30))
    assert (checked.entries, checked.faults) == ((), ())
    assert told(checked.skipped) == [
        "item 1: its pubDate, 2024-12-06 06:00 +0000, is still to come: apps leave it out until then"
    ]


def test_an_episode_that_the_feed_lacks_is_told(desk: Desk) -> None:
    desk.feed.write_text(render_feed(desk.station, []), "utf-8")
    (said,) = told(desk.check().skipped)
    assert said == f"{SLUG}: {TITLE}: it is not in the feed; `morning-edition regenerate` writes it again"


def test_items_are_held_against_each_other(desk: Desk) -> None:
    """No guid and no sound twice; the newest first; numbers where it is a serial."""
    desk.publish(3)
    desk.change(">guid-1<", ">guid-0<")
    desk.change(f"2024-12-05-bridge/{MP3}", f"{SLUG}/{MP3}")
    desk.change("<itunes:type>episodic", "<itunes:type>serial")
    desk.change("<itunes:episode>99</itunes:episode>", "")
    desk.change("<pubDate>Wed, 04 Dec 2024", "<pubDate>Mon, 09 Dec 2024")
    assert desk.refused() == [
        "podcast.xml: 1 guid is that of two items, and Apple drops one",
        "podcast.xml: 1 enclosure is that of two items, and Apple drops one",
        "podcast.xml: 1 of its items has no itunes:episode, which Apple wants of a serial show",
    ]
    assert [note for note in desk.notes() if "not in order, the newest first" in note]


Plant = Callable[[Desk], object]


def with_chapters(record: object) -> Plant:
    return lambda desk: desk.offer("chapters.json", json.dumps(record))


def vary(sound: bytes, other: bytes) -> bytes:
    return sound + other[len(other) // 2 - len(other) // 2 % 417 :]


def with_tag(change: Callable[[id3.ID3], object], **options: int) -> Plant:
    """Have mutagen write the tag again, changed."""

    def plant(desk: Desk) -> None:
        stream = io.BytesIO(FILES["episode.mp3"])
        tag = id3.ID3(stream, translate=False)
        change(tag)
        stream.seek(0)
        tag.save(stream, v1=0, **({"v2_version": 3} | options))
        desk.offer("episode.mp3", stream.getvalue())

    return plant


def no_table(tag: id3.ID3) -> None:
    tag.delall("CTOC")


FILE_FAULTS: dict[str, tuple[Plant, str]] = {
    "a file gone": (
        lambda desk: (desk.folder / SRT).unlink(),
        f"podcast:transcript leads to “{ITEM[:60]}",
    ),
    "chapters not JSON": (
        lambda desk: desk.offer("chapters.json", "{"),
        f"{CHAPTERS_JSON} is no JSON of chapters",
    ),
    "chapters nested": (lambda desk: desk.offer("chapters.json", "[" * 100_000), "is no JSON of chapters"),
    "chapters a list": (with_chapters([1]), "is no JSON of chapters"),
    "no version": (with_chapters({"chapters": [{"startTime": 0, "title": "A"}]}), "it tells no version"),
    "no chapter": (with_chapters({"version": "1.2.0", "chapters": []}), "it has no chapter"),
    "start a text": (
        with_chapters({"version": "1", "chapters": [{"startTime": "0"}]}),
        "a startTime is no number",
    ),
    "start infinite": (
        lambda desk: desk.offer("chapters.json", '{"version": "1", "chapters": [{"startTime": Infinity}]}'),
        "a startTime is no number",
    ),
    "first late": (
        with_chapters({"version": "1", "chapters": [{"startTime": 1, "title": "A"}]}),
        "its first chapter begins at 1.000 s, and must begin at 0",
    ),
    "not ascending": (
        with_chapters({"version": "1", "chapters": [{"startTime": at, "title": "A"} for at in (0, 5, 5)]}),
        "the chapter at 5.000 s is not after the one before it",
    ),
    "after the end": (
        with_chapters({"version": "1", "chapters": [{"startTime": at, "title": "A"} for at in (0, 13)]}),
        "a chapter after the end of the sound, which lasts 12.",
    ),
    "no title": (
        with_chapters({"version": "1", "chapters": [{"startTime": 0, "title": " "}]}),
        "a chapter has no title",
    ),
    "other chapters": (
        with_chapters({"version": "1", "chapters": [{"startTime": 0, "title": "A"}]}),
        "the tag of the MP3 has 2 chapters, and chapters.json has 1",
    ),
    "not WebVTT": (lambda desk: desk.offer("transcript.vtt", "hello"), f"{VTT}: cannot be read"),
    "an empty WebVTT": (
        lambda desk: desk.offer("transcript.vtt", "WEBVTT\n"),
        f"{VTT} has no caption",
    ),
    "not UTF-8": (lambda desk: desk.offer("transcript.srt", b"\xff\xfe"), f"{SRT}: cannot be read"),
    "out of order": (
        lambda desk: desk.offer(
            "transcript.vtt", FILES["transcript.vtt"].replace(b"00:00:04.1", b"00:00:01.1")
        ),
        "is not in order",
    ),
    "beyond the end": (
        lambda desk: desk.offer("transcript.srt", FILES["transcript.srt"].replace(b"00:00:11", b"00:00:19")),
        "ends at 19.000 s, after the sound",
    ),
    "nested JSON": (lambda desk: desk.offer("transcript.json", "[" * 100_000), JSON),
    "endless times": (
        lambda desk: desk.offer("transcript.json", '{"segments": [{"startTime": 1e999, "endTime": 1}]}'),
        f"{JSON}: cannot be read",
    ),
    "far too large": (lambda desk: desk.offer("transcript.vtt", b" " * 4_000_001), "it has more than 4 MB"),
    "no MP3": (lambda desk: desk.offer("episode.mp3", b"RIFF" * 100), f"{MP3} has no MP3 frame"),
    "an empty MP3": (lambda desk: desk.offer("episode.mp3", b""), f"{MP3} holds no MP3 frame"),
    "cut short": (
        lambda desk: desk.offer("episode.mp3", FILES["episode.mp3"][:-100]),
        f"{MP3} is cut short",
    ),
    "two bit rates": (
        lambda desk: desk.offer("episode.mp3", tagged(tone(6) + tone(6, kbps=128))),
        f"{MP3} changes its bit rate (96, 128 kbit/s)",
    ),
    "a low rate": (
        lambda desk: desk.offer("episode.mp3", tagged(tone(rate_hz=24_000, kbps=64))),
        f"{MP3} has 24,000 samples a second, and Apple takes 44,100 or 48,000",
    ),
    "few bits": (
        lambda desk: desk.offer("episode.mp3", tagged(tone(kbps=48))),
        f"{MP3} has 48 kbit/s in 1 channel, and Apple takes 64 to 320; set bitrate_kbps under [podcast]",
    ),
    "another chapter": (
        lambda desk: desk.offer("episode.mp3", tagged(tone(), (CHAPTERS[0], Chapter("X", 4_000, 12_000)))),
        "the tag of the MP3 calls chapter 2 “X”, and chapters.json “Deep & Deeper”",
    ),
    "a later chapter": (
        lambda desk: desk.offer(
            "episode.mp3", tagged(tone(), (CHAPTERS[0], replace(CHAPTERS[1], start_ms=4_021)))
        ),
        "begins chapter 2 at 4.021 s, and chapters.json at 4.000 s",
    ),
    "no table": (with_tag(no_table), f"{MP3} has no table of contents (CTOC)"),
    "unsynchronised": (
        lambda desk: desk.offer("episode.mp3", b"ID3\x03\x00\x80" + FILES["episode.mp3"][6:]),
        "unsynchronisation or an extended header, which AntennaPod cannot read",
    ),
    "a GIF": (
        lambda desk: desk.offer("cover.jpg", picture(1400, 1400, kind="GIF")),
        "cannot be read as JPEG or PNG",
    ),
    "a PNG": (lambda desk: desk.offer("cover.jpg", picture(1400, 1400, kind="PNG")), f"{PICTURE} is a PNG"),
    "not square": (
        lambda desk: desk.offer("cover.jpg", picture(3000, 2000)),
        "3000 × 2000 pixels, and Apple and",
    ),
    "small": (
        lambda desk: desk.offer("cover.jpg", picture(600, 600)),
        "600 × 600 pixels, and Apple takes 1400 to 3000",
    ),
    "large": (lambda desk: desk.offer("cover.jpg", picture(3001, 3001)), "Apple takes 1400 to 3000"),
    "CMYK": (
        lambda desk: desk.offer("cover.jpg", picture(3000, 3000, "CMYK")),
        "the colours CMYK, and Apple wants RGB",
    ),
    "grey": (
        lambda desk: desk.offer("cover.jpg", picture(3000, 3000, "L")),
        "the colours L, and Apple wants RGB",
    ),
    "half a picture": (
        lambda desk: desk.offer("cover.jpg", COVER[: len(COVER) // 2]),
        "cannot be read as JPEG",
    ),
    "a bomb": (
        lambda desk: desk.offer("cover.jpg", picture(10_000, 10_000, "1", "PNG")),
        "cannot be read as JPEG or PNG",
    ),
}


@pytest.mark.parametrize(("plant", "said"), FILE_FAULTS.values(), ids=FILE_FAULTS)
def test_each_file_that_is_linked_is_looked_at(desk: Desk, plant: Plant, said: str) -> None:
    plant(desk)
    faults = desk.refused()
    assert [fault for fault in faults if said in fault and fault.startswith("item 1: ")], faults
    assert desk.check().entries == ()


FILE_NOTES: dict[str, tuple[Plant, str]] = {
    "soft": (
        lambda desk: desk.offer("episode.mp3", tagged(tone(amplitude=0.1))),
        "LUFS, and Apple asks for -16 ± 1",
    ),
    "hot": (
        lambda desk: desk.offer("episode.mp3", tagged(tone(amplitude=0.99))),
        "dBTP, and Apple asks for -1 at most",
    ),
    "few bits": (
        lambda desk: desk.offer("episode.mp3", tagged(tone(kbps=64))),
        "64 kbit/s in 1 channel, and Apple would",
    ),
    "no tag": (lambda desk: desk.offer("episode.mp3", tone()), f"{MP3} has no ID3 tag"),
    "a new tag": (
        with_tag(lambda tag: tag.update_to_v24(), v2_version=4),
        "a tag of ID3v2.4, and old players",
    ),
    "another title": (
        lambda desk: desk.offer("episode.mp3", tagged(tone(), title="Older")),
        f"{MP3} has another title in its tag than in the feed",
    ),
    "a small cover": (lambda desk: desk.offer("cover.jpg", picture(1400, 1400)), "and Apple would like 3000"),
    "a heavy cover": (
        lambda desk: desk.offer("cover.jpg", COVER + bytes(600_000)),
        "KB, and Apple would like 512 at most",
    ),
}


@pytest.mark.parametrize(("plant", "said"), FILE_NOTES.values(), ids=FILE_NOTES)
def test_what_of_a_file_could_be_better_is_told(desk: Desk, plant: Plant, said: str) -> None:
    plant(desk)
    checked = desk.check()
    assert (checked.faults, len(checked.entries)) == ((), 1)
    assert [note for note in told(checked.notes) if said in note], checked.notes


def test_silence_has_no_loudness(desk: Desk) -> None:
    """In JSON it is null, which any program reads."""
    desk.offer("episode.mp3", tagged(tone(amplitude=0)))
    checked = desk.check()
    assert f"item 1: {MP3} is at -inf LUFS, and Apple asks for -16 ± 1" in told(checked.notes)[0]
    facts = checked.entries[0].facts
    assert (facts["loudness_lufs"], facts["true_peak_dbtp"]) == (None, None)


def test_a_long_sound_is_read_and_not_measured(desk: Desk) -> None:
    """What is longer than fifteen minutes is taken; its loudness stays unknown, and that is said."""
    desk.offer("episode.mp3", tagged(tone(10) * 92))
    desk.change("<itunes:duration>12", "<itunes:duration>925")
    checked = desk.check()
    assert checked.faults == ()
    assert told(checked.notes) == [f"item 1: {MP3} lasts more than 15 min, and its loudness was not measured"]
    assert checked.entries[0].does.startswith(f"plays {MP3}, 15 min ")


def test_files_are_opened_of_the_newest_alone(desk: Desk) -> None:
    """Of hundreds of episodes each file is looked for, and few are read; that is said."""
    desk.publish(MOST_OPENED + 2)
    newest = [make_episode(day).folder(desk.station) for day in range(MOST_OPENED + 2)]
    for folder in newest[MOST_OPENED - 1 :]:
        (folder / CHAPTERS_JSON).unlink()
        (folder / CHAPTERS_JSON).write_text("no chapters", "utf-8")
    (newest[-1] / VTT).unlink()
    checked = desk.check()
    assert [fault.where for fault in checked.faults] == [f"item {MOST_OPENED}", f"item {MOST_OPENED + 2}"]
    assert "is no JSON of chapters" in checked.faults[0].text
    assert "which is not there" in checked.faults[1].text
    assert len(checked.entries) == MOST_OPENED
    assert told(checked.notes) == [
        "podcast.xml: files were opened for the newest 20 of 22 items; of the others it was only seen "
        "that they are there, of the right size"
    ]
    assert ["loudness_lufs" in entry.facts for entry in checked.entries] == [True] + [False] * (
        MOST_OPENED - 1
    )


def test_what_is_said_of_many_items_is_said_once(desk: Desk) -> None:
    desk.publish(8)
    desk.change("<itunes:episodeType>full", "<itunes:episodeType>whole", 8)
    (fault,) = desk.refused()
    assert fault.startswith("items 1, 2, 3, 4, 5 and 3 more: itunes:episodeType is “whole”")


BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "it begins with “”"),
    "no XML": (b"\x00\x01\x02", "it begins with"),
    "a byte order mark": (b'\xef\xbb\xbf<?xml version="1.0"?><rss/>', "a byte order mark"),
    "Latin-1": (
        '<?xml version="1.0" encoding="ISO-8859-1"?><rss>é</rss>'.encode("latin-1"),
        "it is not UTF-8",
    ),
    "another encoding": (b'<?xml version="1.0" encoding="UTF-16"?><rss/>', "it"),
    "Atom": (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>', "must be an rss with one"),
    "no channel": (
        b'<?xml version="1.0"?><rss version="2.0"/>',
        "with no channels, and must be an rss with one",
    ),
    "two channels": (b'<?xml version="1.0"?><rss><channel/><channel/></rss>', "with 2 channels"),
    "a laughing document type": (
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
        + b"".join(
            b'<!ENTITY a%d "%s">' % (n, b"&a%s;" % (b"%d" % (n - 1) if n > 1 else b"") * 10)
            for n in range(1, 12)
        )
        + b"]><rss><channel><title>&a11;</title></channel></rss>",
        "it",
    ),
    "a file from outside": (
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b"<rss><channel><title>&e;</title></channel></rss>",
        "it has a <!DOCTYPE>",
    ),
    "deep": (b'<?xml version="1.0"?>' + b"<rss>" * 100_000, "it is not well-formed XML"),
    "cut": (b'<?xml version="1.0"?><rss><channel><item>', "it is not well-formed XML"),
}


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN)
def test_a_feed_that_nobody_can_parse_is_refused(desk: Desk, content: bytes, said: str) -> None:
    desk.feed.write_bytes(content)
    checked = desk.check()
    assert checked.entries == ()
    (fault,) = told(checked.faults)
    assert fault.startswith("podcast.xml: it ")
    assert said in fault
    assert fault.endswith("`morning-edition regenerate` writes it again")
    assert "root:" not in fault


def test_a_feed_that_is_not_there_or_far_too_large_is_an_error(desk: Desk) -> None:
    desk.feed.write_bytes(b'<?xml version="1.0"?>' + b" " * 16_000_000)
    with pytest.raises(EpisodeError, match="has more than 16 MB"):
        desk.check()
    desk.feed.unlink()
    with pytest.raises(EpisodeError, match=r"podcast\.xml: is not there"):
        desk.check()
    desk.feed.mkdir()
    with pytest.raises(EpisodeError, match=r"podcast\.xml: is not there"):
        desk.check()


def test_a_feed_of_very_many_items_is_read_in_part(desk: Desk) -> None:
    desk.change("<item>", "<item/>" * 6_000 + "<item>")
    checked = desk.check()
    assert "only the first 5,000 of its 6,001 items were looked at" in checked.notes[0].text
    assert [fault for fault in checked.faults if fault.where == "items 1, 2, 3, 4, 5 and 4,995 more"]


def test_an_item_of_very_many_addresses_is_read_in_part(desk: Desk) -> None:
    desk.change("<item>", f"<item>{'<link/>' * 600}")
    assert "item 1: only the first 500 of its addresses were looked at" in desk.notes()


def test_the_same_fault_of_the_show_is_told_once(desk: Desk) -> None:
    desk.change(
        '<itunes:category text="News">',
        '<itunes:category text="Nets"/>' * 300 + '<itunes:category text="News">',
    )
    assert desk.refused() == [
        "podcast.xml: the category is “Nets”, which is none of Apple’s, letter for letter"
    ]


def test_any_feed_is_told_on_lines_of_a_bounded_length(desk: Desk) -> None:
    """Values are shown by their beginning, whatever they are."""
    text = desk.feed.read_text("utf-8")
    desk.feed.write_text(re.sub(r'"[^"]*"(?=[^<]*/>)', f'"{"&#x202e;" * 3_000}"', text), "utf-8")
    assert desk.refused()
    assert max(map(len, desk.refused())) < 600


def test_a_damaged_record_does_not_keep_the_feed_from_being_read(desk: Desk) -> None:
    (desk.folder / "episode.json").write_text("{", "utf-8")
    checked = desk.check()
    assert len(checked.entries) == 1
    (said,) = told(checked.skipped)
    assert said.startswith("the episodes: ")
