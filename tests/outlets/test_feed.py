"""The podcast feed, read back by the readers that podcast clients are built on."""

import base64
import dataclasses
import datetime as dt
import email.utils
import hashlib
import io
import unicodedata
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Episode, EpisodeFile, FlashItem, make_show_guid
from morning_edition.errors import StationError
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.characters import shorten
from morning_edition.outlets.feed import render_feed
from morning_edition.station import Owner, Station
from morning_edition.station.publishing import Feed, VoiceNotice

GOLDEN = Path(__file__).parents[1] / "data" / "podcast.xml"

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}


SHOWN_BY_APPLE = {"p", "ol", "ul", "li", "a", "b", "i", "strong", "em", "br"}


@pytest.fixture
def full_station(station: Station, tmp_path: Path) -> Station:
    """One that says all that a station can of its feed."""
    (tmp_path / "hello there.mp3").write_bytes(b"\xff\xfb" * 500)
    return dataclasses.replace(
        station,
        root=tmp_path,
        feed=Feed(
            type="serial",
            season=2,
            frequency="weekdays",
            locked=False,
            hub="https://hub.example/",
            license="CC-BY-4.0",
            license_url="https://creativecommons.org/licenses/by/4.0/",
            trailer="hello there.mp3",
            trailer_title="Hello & welcome",
            trailer_date="2024-12-01",
        ),
    )


@pytest.fixture
def full_episode(episode: Episode) -> Episode:
    """One with every file and every fact that an episode can have."""
    names = ("cover-small.jpg", "episode.m4a", "episode.opus", "flash.mp3", "transcript.html")
    added = (EpisodeFile(name, 400_000 + at, sha256(name)) for at, name in enumerate(names))
    return dataclasses.replace(
        episode,
        season=2,
        updated=episode.published + dt.timedelta(days=3),
        soundbites=(Chapter("Major Victory", 12_345, 29_800), Chapter("", 29_800, 40_000)),
        flash=(FlashItem("f", "Hama", "Hama falls.", episode.published, "flash.mp3", 20_000),),
        files=(*episode.files, *added),
    )


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def set_feed(station: Station, **changes: Any) -> Station:
    return dataclasses.replace(station, feed=dataclasses.replace(station.feed, **changes))


def all_at(element: ET.Element, path: str) -> list[dict[str, str]]:
    return [{**found.attrib, "text": found.text or ""} for found in element.findall(path, NAMES)]


def channel_of(feed: str) -> ET.Element:
    channel = ET.fromstring(feed.encode()).find("channel")  # noqa: S314 - our own feed
    assert channel is not None
    return channel


def first_item(feed: str) -> ET.Element:
    item = channel_of(feed).find("item")
    assert item is not None
    return item


def text_at(element: ET.Element, path: str) -> str:
    found = element.findall(path, NAMES)
    assert len(found) == 1, path
    return found[0].text or ""


def parse_podcast(feed: str) -> dict[str, Any]:
    return podcastparser.parse("https://pod.example/brief/podcast.xml", io.BytesIO(feed.encode()))


def publishable(text: str) -> str:
    def is_published(character: str) -> bool:
        code = ord(character)
        noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
        control = unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n\r"
        return not noncharacter and not control

    return "".join(filter(is_published, text)).strip()


def test_the_feed_is_exactly_the_recorded_one(
    full_station: Station, full_episode: Episode, bare_episode: Episode
) -> None:
    assert GOLDEN.read_text(encoding="utf-8") == render_feed(full_station, [full_episode, bare_episode])


def test_items_stand_newest_first_whatever_order_they_come_in(
    station: Station, episode: Episode, bare_episode: Episode
) -> None:
    feed = render_feed(station, [episode, bare_episode])

    assert feed == render_feed(station, [bare_episode, episode])
    assert [bare_episode.guid, episode.guid] == [guid.text for guid in channel_of(feed).iter("guid")]


def test_the_feed_is_dated_like_its_newest_episode(
    station: Station, episode: Episode, bare_episode: Episode
) -> None:
    channel = channel_of(render_feed(station, [episode, bare_episode]))

    for name in ("pubDate", "lastBuildDate"):
        assert bare_episode.published == email.utils.parsedate_to_datetime(text_at(channel, name))


def test_the_feed_is_built_when_an_episode_is_mended(
    station: Station, episode: Episode, bare_episode: Episode
) -> None:
    mended = dataclasses.replace(episode, updated=bare_episode.published + dt.timedelta(hours=2))
    channel = channel_of(render_feed(station, [mended, bare_episode]))

    assert mended.updated == email.utils.parsedate_to_datetime(text_at(channel, "lastBuildDate"))
    assert bare_episode.published == email.utils.parsedate_to_datetime(text_at(channel, "pubDate"))


@pytest.mark.parametrize(("hours", "moves"), [(2, True), (-2, False)])
def test_the_feed_is_built_when_an_episode_is_withdrawn(
    hours: int, moves: bool, station: Station, episode: Episode, bare_episode: Episode
) -> None:
    """Apps then take it for changed, though no item of it is new; unless something came since."""
    withdrawn = bare_episode.published + dt.timedelta(hours=hours)
    channel = channel_of(render_feed(station, [episode, bare_episode], withdrawn=withdrawn))
    built = email.utils.parsedate_to_datetime(text_at(channel, "lastBuildDate"))

    assert built == (withdrawn if moves else bare_episode.published)
    assert bare_episode.published == email.utils.parsedate_to_datetime(text_at(channel, "pubDate"))


def test_a_feed_whose_last_episode_is_withdrawn_tells_when(station: Station, episode: Episode) -> None:
    feed = render_feed(station, [], withdrawn=episode.published)
    channel = channel_of(feed)

    assert email.utils.parsedate_to_datetime(text_at(channel, "lastBuildDate")) == episode.published
    assert not channel.findall("item")
    assert not feedparser.parse(feed.encode()).bozo


def test_a_feed_without_episodes_has_no_date_and_is_read(station: Station) -> None:
    feed = render_feed(station, [])
    channel = channel_of(feed)

    assert not [*channel.iter("pubDate"), *channel.iter("lastBuildDate")]
    assert not feedparser.parse(feed.encode()).bozo
    assert station.show.title == parse_podcast(feed)["title"]


def test_the_show_is_told_to_directories(station: Station, episode: Episode) -> None:
    feed = render_feed(station, [episode])
    channel = channel_of(feed)

    assert feed.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"')
    assert station.show.description == text_at(channel, "description")
    assert station.link == text_at(channel, "link")
    assert text_at(channel, "language") == "en-US"
    assert text_at(channel, "copyright") == "© Newslooks"
    assert text_at(channel, "itunes:author") == "Newslooks"
    assert text_at(channel, "itunes:owner/itunes:email") == "desk@news.example"
    assert text_at(channel, "itunes:explicit") == "false"
    assert text_at(channel, "itunes:type") == "episodic"
    assert make_show_guid(station) == text_at(channel, "podcast:guid")
    assert uuid.UUID(text_at(channel, "podcast:guid")).version == 5
    assert text_at(channel, "podcast:locked") == "yes"
    assert text_at(channel, "podcast:medium") == "podcast"
    assert [station.feed_url] == [link.get("href") for link in channel.findall("atom:link", NAMES)]
    assert [
        [category.get("text") for category in top.iter(f"{{{NAMES['itunes']}}}category")]
        for top in channel.findall("itunes:category", NAMES)
    ] == [["News", "Daily News"]]


def test_an_owner_without_an_address_is_named_without_one(station: Station) -> None:
    station = dataclasses.replace(station, owner=Owner())
    channel = channel_of(render_feed(station, []))

    assert text_at(channel, "itunes:owner/itunes:name") == "Newslooks"
    assert channel.find("itunes:owner/itunes:email", NAMES) is None
    assert [locked.attrib for locked in channel.findall("podcast:locked", NAMES)] == [{}]


def test_podcast_clients_find_the_episode_in_it(station: Station, episode: Episode) -> None:
    feed = render_feed(station, [episode])
    (entry,) = feedparser.parse(feed.encode()).entries
    (heard,) = parse_podcast(feed)["episodes"]

    assert episode.title == entry.title == heard["title"]
    assert episode.guid == entry.id == heard["guid"]
    assert episode.url(station) == entry.link == heard["link"]
    assert episode.summary == heard["description"]
    assert int(episode.published.timestamp()) == heard["published"]
    assert heard["total_time"] == 63
    assert heard["number"] == int(entry.itunes_episode) == 1
    assert [(chapter.start_ms // 1000, chapter.title) for chapter in episode.chapters] == [
        (chapter["start"], chapter["title"]) for chapter in heard["chapters"]
    ]
    assert heard["enclosures"] == [
        {"url": episode.url(station, "episode.mp3"), "file_size": 750_360, "mime_type": "audio/mpeg"}
    ]


def test_podcast_clients_find_the_show_notes_and_the_season(
    full_station: Station, full_episode: Episode
) -> None:
    feed = render_feed(full_station, [full_episode])
    parsed = feedparser.parse(feed.encode())
    (heard,) = parse_podcast(feed)["episodes"]
    (entry,) = parsed.entries
    notes = text_at(first_item(feed), "content:encoded")

    assert notes.split() == heard["description_html"].split()
    assert "<li><b>Major Victory:</b>" in entry.content[0].value
    assert full_episode.summary == entry.summary
    assert entry.itunes_season == "2"
    assert full_episode.url(full_station, "cover.jpg") == entry.image.href == heard["episode_art_url"]
    assert "https://hub.example/" in [link.href for link in parsed.feed.links if link.rel == "hub"]
    assert parsed.feed.updated_parsed[:3] == (2024, 12, 9)
    assert parse_podcast(feed)["type"] == "serial"


def test_show_notes_tell_all_and_use_only_the_tags_that_apple_shows(
    station: Station, episode: Episode
) -> None:
    notes = text_at(first_item(render_feed(station, [episode])), "content:encoded")
    tree = ET.fromstring(f"<notes>{notes.replace('<br>', '<br/>')}</notes>")  # noqa: S314

    assert {"notes", "p", "b", "ul", "li", "br", "a", "em"} == {element.tag for element in tree.iter()}
    assert episode.summary == tree[0].text
    assert [episode.source_url] == [link.get("href") for link in tree.iter("a")]
    assert [station.voice_notice.text] == [notice.text for notice in tree.iter("em")]
    assert "<li><b>Major Victory:</b> Insurgents capture Hama after intense clashes.</li>" in notes
    assert "00:12 Quick Looks<br>\n00:40 Hama &amp; after</p>" in notes


def test_show_notes_of_a_bare_episode_are_its_title(station: Station, bare_episode: Episode) -> None:
    people = dataclasses.replace(station, voice_notice=VoiceNotice(text=""))
    notes = text_at(first_item(render_feed(people, [bare_episode])), "content:encoded")

    assert notes == "<p>Hama’s fall: Assad’s regime “shaken” &amp; Homs next</p>"


def test_only_files_that_are_there_are_named(station: Station, bare_episode: Episode) -> None:
    feed = render_feed(station, [bare_episode])
    item = first_item(feed)

    assert "transcript." not in feed
    assert "chapters" not in feed.partition("<channel>")[2]
    assert "soundbite" not in feed
    assert "season" not in feed
    assert item.find("podcast:image", NAMES) is None
    assert [one["default"] for one in all_at(item, "podcast:alternateEnclosure")] == ["true"]
    assert item.find("itunes:image", NAMES) is None
    assert item.find("podcast:person", NAMES) is None
    assert text_at(item, "itunes:author") == "Newslooks"
    assert bare_episode.title == text_at(item, "description")


def test_transcripts_and_chapters_have_their_types(station: Station, full_episode: Episode) -> None:
    item = first_item(render_feed(station, [full_episode]))
    files = [*item.findall("podcast:transcript", NAMES), *item.findall("podcast:chapters", NAMES)]

    assert [(file.get("url"), file.get("type")) for file in files] == [
        (full_episode.url(station, "transcript.vtt"), "text/vtt"),
        (full_episode.url(station, "transcript.srt"), "application/x-subrip"),
        (full_episode.url(station, "transcript.json"), "application/json"),
        (full_episode.url(station, "transcript.html"), "text/html"),
        (full_episode.url(station, "chapters.json"), "application/json+chapters"),
    ]


def test_the_sound_is_offered_in_every_form_with_what_its_file_is(
    station: Station, full_episode: Episode
) -> None:
    item = first_item(render_feed(station, [full_episode]))
    files = {file.place: file for file in full_episode.files}
    names = []
    for offer in item.findall("podcast:alternateEnclosure", NAMES):
        ((url,), (integrity,)) = (all_at(offer, f"podcast:{name}") for name in ("source", "integrity"))
        file = files[url["uri"].rpartition("/")[2]]
        names.append(file.name)
        assert full_episode.url(station, file.name) == url["uri"]
        assert str(file.size_bytes) == offer.get("length")
        assert integrity["type"] == "sri"
        assert integrity["value"].startswith("sha256-")
        assert file.sha256 == base64.b64decode(integrity["value"].removeprefix("sha256-")).hex()
        assert len(offer.get("title", "")) <= 32
        lasts_s = 20 if file.name == "flash.mp3" else 62.53
        assert file.size_bytes * 8 / lasts_s == pytest.approx(int(offer.get("bitrate", "0")), abs=1)

    assert names == ["episode.mp3", "episode.m4a", "episode.opus", "flash.mp3"]
    offers = all_at(item, "podcast:alternateEnclosure")
    assert [offer["type"] for offer in offers] == ["audio/mpeg", "audio/mp4", "audio/ogg", "audio/mpeg"]
    assert [offer.get("default") for offer in offers] == ["true", None, None, None]
    assert [offer.get("rel") for offer in offers] == [None, None, None, "flash briefing"]


def test_a_flash_of_unknown_length_has_no_bit_rate(station: Station, full_episode: Episode) -> None:
    item = first_item(render_feed(station, [dataclasses.replace(full_episode, flash=())]))

    assert "bitrate" not in all_at(item, "podcast:alternateEnclosure")[-1]


@pytest.mark.parametrize("checksum", ["", "abc", "no checksum", "00" * 20])
def test_a_sound_without_a_checksum_is_offered_without_one(
    checksum: str, station: Station, bare_episode: Episode
) -> None:
    made = dataclasses.replace(bare_episode, files=(EpisodeFile("episode.mp3", 20_480, checksum),))
    (offer,) = first_item(render_feed(station, [made])).findall("podcast:alternateEnclosure", NAMES)

    assert offer.find("podcast:source", NAMES) is not None
    assert offer.find("podcast:integrity", NAMES) is None


def test_soundbites_are_the_quick_looks_as_they_are_heard(station: Station, full_episode: Episode) -> None:
    item = first_item(render_feed(station, [full_episode]))

    assert all_at(item, "podcast:soundbite") == [
        {"startTime": "12.345", "duration": "17.455", "text": "Major Victory"},
        {"startTime": "29.8", "duration": "10.2", "text": ""},
    ]


@pytest.mark.parametrize(
    ("bite", "told"),
    [
        (Chapter("Long", 0, 200_000), [("0", "120")]),
        (Chapter("Beyond the end", 590_000, 601_500), [("590", "10")]),
        (Chapter("After the end", 600_000, 610_000), []),
        (Chapter("Nothing", 5000, 5000), []),
        (Chapter("Backwards", 6000, 5000), []),
        (Chapter("Before", -1, 5000), []),
    ],
)
def test_soundbites_lie_in_the_sound_and_last_two_minutes_at_most(
    bite: Chapter, told: list[tuple[str, str]], station: Station, episode: Episode
) -> None:
    made = dataclasses.replace(episode, duration_ms=600_000, soundbites=(bite,))
    bites = first_item(render_feed(station, [made])).findall("podcast:soundbite", NAMES)

    assert told == [(one.get("startTime"), one.get("duration")) for one in bites]


def test_seasons_are_told_to_old_clients_and_new(station: Station, full_episode: Episode) -> None:
    item = first_item(render_feed(station, [full_episode]))

    assert text_at(item, "itunes:season") == text_at(item, "podcast:season") == "2"
    assert text_at(item, "itunes:episode") == text_at(item, "podcast:episode") == "1"


def test_covers_come_in_two_sizes(station: Station, full_episode: Episode) -> None:
    item = first_item(render_feed(station, [full_episode]))
    page = full_episode.url(station)

    assert all_at(item, "itunes:image") == [{"href": page + "cover-00000000.jpg", "text": ""}]
    assert [(image["href"], image.get("width")) for image in all_at(item, "podcast:image")] == [
        (page + "cover-00000000.jpg", None),
        (page + "cover-small-96579bbc.jpg", "600"),
    ]


def test_the_story_can_be_followed_to_its_source(station: Station, episode: Episode) -> None:
    linked = first_item(render_feed(station, [episode]))
    plain = first_item(render_feed(station, [dataclasses.replace(episode, source_url="http://n.example/")]))

    assert [link["href"] for link in all_at(linked, "podcast:contentLink")] == [
        episode.source_url,
        episode.url(station),
    ]
    assert [link["href"] for link in all_at(plain, "podcast:contentLink")] == [episode.url(station)]
    assert all(link["text"] for link in all_at(linked, "podcast:contentLink"))


def test_an_ai_voice_is_told_of_the_show_and_each_episode(station: Station, episode: Episode) -> None:
    told = [{"purpose": "ai-content", "text": "true"}]
    channel = channel_of(render_feed(station, [episode]))
    people = dataclasses.replace(station, voice_notice=VoiceNotice(text=""))

    assert told == all_at(channel, "podcast:txt") == all_at(channel, "item/podcast:txt")
    assert "podcast:txt" not in render_feed(people, [episode])


def test_the_station_says_how_it_is_taken(full_station: Station) -> None:
    channel = channel_of(render_feed(full_station, []))

    assert text_at(channel, "itunes:type") == "serial"
    assert all_at(channel, "podcast:locked") == [{"owner": "desk@news.example", "text": "no"}]
    assert {"href": "https://hub.example/", "rel": "hub", "text": ""} in all_at(channel, "atom:link")


@pytest.mark.parametrize(
    ("frequency", "weekdays"),
    [("daily", 7), ("weekdays", 5), ("weekly", 1), ("monthly", 1)],
)
def test_how_often_it_comes_is_a_rule_that_calendars_read(
    frequency: str, weekdays: int, station: Station
) -> None:
    channel = channel_of(render_feed(set_feed(station, frequency=frequency), []))
    (told,) = all_at(channel, "podcast:updateFrequency")
    monday = dt.datetime(2024, 12, 2)  # noqa: DTZ001 - a calendar's day has no zone
    week = rrulestr(told["rrule"], dtstart=monday).between(monday, monday + dt.timedelta(days=6), inc=True)

    assert len(week) == weekdays
    assert told["text"]


def test_a_station_need_not_say_how_often_it_comes(station: Station) -> None:
    assert "updateFrequency" not in render_feed(set_feed(station, frequency=""), [])


@pytest.mark.parametrize(
    ("name", "url", "told"),
    [
        ("", "", []),
        ("", "https://n.example/terms", []),
        ("CC-BY-4.0", "", [{"text": "cc-by-4.0"}]),
        ("Our own terms", "", []),
        (
            "Our own & terms",
            "https://n.example/terms?a=1&b",
            [{"url": "https://n.example/terms?a=1&b", "text": "Our own & terms"}],
        ),
    ],
)
def test_a_licence_is_named_so_that_it_can_be_looked_up(
    name: str, url: str, told: list[dict[str, str]], station: Station
) -> None:
    channel = channel_of(render_feed(set_feed(station, license=name, license_url=url), []))

    assert told == all_at(channel, "podcast:license")


def test_a_trailer_is_told_as_its_file_is(full_station: Station, episode: Episode) -> None:
    (told,) = all_at(channel_of(render_feed(full_station, [episode])), "podcast:trailer")

    assert told == {
        "url": "https://pod.example/brief/hello%20there.mp3",
        "pubdate": "Sun, 01 Dec 2024 06:00:00 -0500",
        "length": "1000",
        "type": "audio/mpeg",
        "text": "Hello & welcome",
    }


def test_a_trailer_is_as_old_as_the_first_episode(
    full_station: Station, episode: Episode, bare_episode: Episode
) -> None:
    undated = set_feed(full_station, trailer_date="")
    (told,) = all_at(channel_of(render_feed(undated, [episode, bare_episode])), "podcast:trailer")

    assert told["pubdate"] == email.utils.format_datetime(episode.published)
    assert "podcast:trailer" not in render_feed(undated, [])


@pytest.mark.parametrize("trailer", ["gone.mp3", "empty.mp3", "page.html", "."])
def test_a_trailer_that_is_no_mp3_is_refused(trailer: str, full_station: Station) -> None:
    """Nobody would miss it otherwise."""
    (full_station.root / "empty.mp3").touch()
    (full_station.root / "page.html").write_text("<p>Hello")

    with pytest.raises(StationError, match=r"no such MP3; put the trailer there, or set feed\.trailer to"):
        render_feed(set_feed(full_station, trailer=trailer), [])


def test_a_station_without_a_trailer_has_none(full_station: Station) -> None:
    assert "podcast:trailer" not in render_feed(set_feed(full_station, trailer=""), [])


def test_only_what_may_stand_several_times_does(full_station: Station, full_episode: Episode) -> None:
    """As RSS 2.0, Apple's guide and the podcast namespace count."""
    channel = channel_of(render_feed(full_station, [full_episode]))
    several = {"image", "link", "transcript", "soundbite", "alternateEnclosure", "contentLink"}
    for parent in (channel, *channel.iter("item")):
        tags = [child.tag for child in parent]
        doubles = {tag.rpartition("}")[2] for tag in tags if tags.count(tag) > 1}
        assert doubles <= several


def test_every_value_is_trimmed_and_addresses_are_plain(full_station: Station, full_episode: Episode) -> None:
    for element in channel_of(render_feed(full_station, [full_episode])).iter():
        if not len(element):
            assert (element.text or "") == (element.text or "").strip()
        for value in (element.get("url"), element.get("href"), element.get("uri")):
            assert value is None or (value.isascii() and value.startswith("https://") and " " not in value)


def test_the_small_template_of_a_station_takes_the_place_of_ours(station: Station, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    own = tmp_path / "templates" / "podcast.xml.j2"
    moved = dataclasses.replace(station, root=tmp_path)
    own.write_text("<rss>{{ show.title }}</rss>")
    assert render_feed(moved, []) == "<rss>The Morning Brief</rss>"

    own.write_text("<rss>\n{{ show.titel.x }}</rss>")
    with pytest.raises(StationError, match=r"podcast\.xml\.j2:2: .*titel"):
        render_feed(moved, [])


def test_dates_are_english_in_any_time_zone(station: Station, episode: Episode) -> None:
    published = dt.datetime(2025, 3, 1, 6, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=45)))
    feed = render_feed(station, [dataclasses.replace(episode, published=published)])

    assert text_at(first_item(feed), "pubDate") == "Sat, 01 Mar 2025 06:00:00 +0545"


def with_words(episode: Episode, words: str) -> Episode:
    return dataclasses.replace(
        episode,
        title=words,
        byline=words,
        summary=words,
        quick_looks=(QuickLook(words, words),),
        chapters=(Chapter(words, 0, 62_530),),
        soundbites=(Chapter(words, 0, 62_530),),
        source_url=words,
    )


def test_no_words_break_the_feed(station: Station, episode: Episode, hostile: str) -> None:
    feed = render_feed(station, [with_words(episode, hostile)])
    item = first_item(feed)
    title = publishable(hostile) or station.show.title

    title = shorten(title, 255)
    assert title == text_at(item, "title") == text_at(item, "itunes:title")
    assert len(text_at(item, "itunes:author")) <= 255
    assert 1 <= len(text_at(item, "description").encode()) <= 4000
    assert not feedparser.parse(feed.encode()).bozo
    assert " ".join(title.split()) == parse_podcast(feed)["episodes"][0]["title"]
    assert 1 <= len(text_at(item, "itunes:summary").encode()) <= 4000
    for named in (*all_at(item, "podcast:soundbite"), *all_at(item, "podcast:person")):
        assert len(named["text"]) <= 128
    notes = text_at(item, "content:encoded").replace("<br>", "<br/>")
    tree = ET.fromstring(f"<notes>{notes}</notes>")  # noqa: S314
    assert {element.tag for element in tree.iter()} <= {"notes", *SHOWN_BY_APPLE}
    assert all(link.get("href", "").startswith("http") for link in tree.iter("a"))


@given(title=st.text(st.characters(codec=None)))
def test_any_title_comes_back_as_it_was(station: Station, episode: Episode, title: str) -> None:
    feed = render_feed(station, [dataclasses.replace(episode, title=title)])

    kept = publishable(title).replace("\r\n", "\n").replace("\r", "\n") or station.show.title
    assert kept == text_at(first_item(feed), "title")


@pytest.mark.parametrize("summary", ["<b" * 5000, "& " * 3000, "é" * 4001, "日本" * 2500])
def test_a_long_summary_is_cut_to_what_a_description_may_hold(
    station: Station, episode: Episode, summary: str
) -> None:
    item = first_item(render_feed(station, [dataclasses.replace(episode, summary=summary)]))

    description = text_at(item, "description")
    assert 3000 < len(description.encode()) <= 4000
    assert description.endswith("…")


def test_the_source_is_linked_only_if_it_is_a_web_address(station: Station, episode: Episode) -> None:
    linked = render_feed(station, [dataclasses.replace(episode, source_url="https://news.example/Zürich")])
    unlinked = render_feed(station, [dataclasses.replace(episode, source_url="javascript:alert(1)")])

    assert "javascript" not in unlinked
    assert '<a href="https://news.example/Z%C3%BCrich">' in linked
    assert "<a" not in unlinked.replace("<atom", "")
