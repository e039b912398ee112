"""The podcast feed, read back by the readers that podcast clients are built on."""

import dataclasses
import datetime as dt
import email.utils
import io
import unicodedata
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Episode, make_show_guid
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.feed import render_feed
from morning_edition.station import Owner, Station

GOLDEN = Path(__file__).parents[1] / "data" / "podcast.xml"

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}


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
    station: Station, episode: Episode, bare_episode: Episode
) -> None:
    assert GOLDEN.read_text(encoding="utf-8") == render_feed(station, [episode, bare_episode])


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


def test_show_notes_use_only_the_tags_that_apple_shows(station: Station, episode: Episode) -> None:
    notes = text_at(first_item(render_feed(station, [episode])), "content:encoded")
    tree = ET.fromstring(f"<notes>{notes.replace('<br>', '<br/>')}</notes>")  # noqa: S314

    assert {"notes", "p", "b", "ul", "li", "br", "a"} == {element.tag for element in tree.iter()}
    assert episode.summary == tree[0].text
    assert [episode.source_url] == [link.get("href") for link in tree.iter("a")]
    assert "<li><b>Major Victory:</b> Insurgents capture Hama after intense clashes.</li>" in notes
    assert "00:12 Quick Looks<br>\n00:40 Hama &amp; after</p>" in notes


def test_only_files_that_are_there_are_named(station: Station, bare_episode: Episode) -> None:
    feed = render_feed(station, [bare_episode])
    item = first_item(feed)

    assert "transcript." not in feed
    assert "chapters" not in feed.partition("<channel>")[2]
    assert item.find("itunes:image", NAMES) is None
    assert item.find("podcast:person", NAMES) is None
    assert text_at(item, "itunes:author") == "Newslooks"
    assert bare_episode.title == text_at(item, "description")


def test_transcripts_and_chapters_have_their_types(station: Station, episode: Episode) -> None:
    item = first_item(render_feed(station, [episode]))
    files = [*item.findall("podcast:transcript", NAMES), *item.findall("podcast:chapters", NAMES)]

    assert [(file.get("url"), file.get("type")) for file in files] == [
        (episode.url(station, "transcript.vtt"), "text/vtt"),
        (episode.url(station, "transcript.srt"), "application/x-subrip"),
        (episode.url(station, "transcript.json"), "application/json"),
        (episode.url(station, "chapters.json"), "application/json+chapters"),
    ]


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
        source_url=words,
    )


def test_no_words_break_the_feed(station: Station, episode: Episode, hostile: str) -> None:
    feed = render_feed(station, [with_words(episode, hostile)])
    item = first_item(feed)
    title = publishable(hostile) or station.show.title

    assert title == text_at(item, "title")
    assert title[:250] == text_at(item, "itunes:title")[:250].rstrip("…") or len(title) > 255
    assert len(text_at(item, "itunes:title")) <= 255
    assert len(text_at(item, "itunes:author")) <= 255
    assert 1 <= len(text_at(item, "description").encode()) <= 4000
    assert not feedparser.parse(feed.encode()).bozo
    assert " ".join(title.split()) == parse_podcast(feed)["episodes"][0]["title"]
    notes = text_at(item, "content:encoded").replace("<br>", "<br/>")
    tree = ET.fromstring(f"<notes>{notes}</notes>")  # noqa: S314
    assert {element.tag for element in tree.iter()} <= {"notes", "p", "b", "ul", "li", "br", "a"}
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

    assert '<a href="https://news.example/Z%C3%BCrich">' in linked
    assert "<a" not in unlinked.replace("<atom", "")
