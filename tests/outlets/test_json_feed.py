"""The JSON Feed: what the specification names, of the types it asks for, whatever the words are."""

import dataclasses
import datetime as dt
import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Episode, EpisodeFile
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.json_feed import render_json_feed
from morning_edition.outlets.show_notes import render_show_notes
from morning_edition.station import Station
from morning_edition.station.publishing import Feed, VoiceNotice

Record = dict[str, Any]

ADDRESS = "an address"
MOMENT = "a moment"
AUTHOR = {"name": str, "url": ADDRESS, "avatar": ADDRESS}
ATTACHMENT = {
    "url": ADDRESS,
    "mime_type": str,
    "title": str,
    "size_in_bytes": int,
    "duration_in_seconds": int,
}
ITEM = {
    "id": str,
    "url": ADDRESS,
    "external_url": ADDRESS,
    "title": str,
    "content_html": str,
    "content_text": str,
    "summary": str,
    "image": ADDRESS,
    "banner_image": ADDRESS,
    "date_published": MOMENT,
    "date_modified": MOMENT,
    "authors": [AUTHOR],
    "tags": [str],
    "language": str,
    "attachments": [ATTACHMENT],
}
FEED = {
    "version": str,
    "title": str,
    "home_page_url": ADDRESS,
    "feed_url": ADDRESS,
    "description": str,
    "user_comment": str,
    "next_url": ADDRESS,
    "icon": ADDRESS,
    "favicon": ADDRESS,
    "authors": [AUTHOR],
    "language": str,
    "expired": bool,
    "hubs": [{"type": str, "url": ADDRESS}],
    "items": [ITEM],
}
"""All that JSON Feed 1.1 names, and of which type each is."""


def check(value: Any, kind: Any) -> None:
    """Fail where *value* is not of its *kind*, has a name that the specification has not, or is empty."""
    if isinstance(kind, dict):
        assert set(value) <= set(kind)
        for name, part in value.items():
            assert part or name == "items", name
            check(part, kind[name])
    elif isinstance(kind, list):
        assert type(value) is list
        for part in value:
            check(part, kind[0])
    elif kind == ADDRESS:
        assert value.isascii()
        assert urlsplit(value).scheme in {"http", "https"}
        assert urlsplit(value).netloc
    elif kind == MOMENT:
        assert dt.datetime.fromisoformat(value).tzinfo
    else:
        assert type(value) is kind


def read(text: str) -> Record:
    """Return a feed that is valid: the specification's types, and what it says must be there."""
    feed: Record = json.loads(text.encode())
    check(feed, FEED)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    for item in feed["items"]:
        assert item["content_html"] or item["content_text"]
        assert len(set(item.get("tags", []))) == len(item.get("tags", []))
        assert all(attachment["url"] and attachment["mime_type"] for attachment in item["attachments"])
    return feed


class Told(HTMLParser):
    """The words of some HTML, and its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def feed(station: Station, episode: Episode, bare_episode: Episode) -> Record:
    return read(render_json_feed(station, [episode, bare_episode]))


def test_the_feed_tells_of_the_show(feed: Record) -> None:
    assert {name: value for name, value in feed.items() if name != "items"} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Morning Brief",
        "home_page_url": "https://pod.example/brief/",
        "feed_url": "https://pod.example/brief/feed.json",
        "description": "News & views: the day’s story in <three> parts.",
        "icon": "https://pod.example/brief/cover-small.jpg",
        "favicon": "https://pod.example/brief/cover-small.jpg",
        "authors": [{"name": "Newslooks", "url": "https://news.example/"}],
        "language": "en-US",
    }


def test_an_item_tells_of_its_episode(feed: Record, station: Station, episode: Episode) -> None:
    page = episode.url(station)
    item = dict(feed["items"][1])
    assert item.pop("content_html") == render_show_notes(station, episode)
    assert "Major Victory: Insurgents capture Hama" in item.pop("content_text")
    assert item == {
        "id": episode.guid,
        "url": page,
        "external_url": "https://news.example/hama?a=1&b=2",
        "title": episode.title,
        "summary": episode.summary,
        "image": page + "cover-00000000.jpg",
        "date_published": "2024-12-06T06:00:00-05:00",
        "authors": [{"name": "J. Mansour"}],
        "tags": ["Syria", "Hama"],
        "language": "en-US",
        "attachments": [
            {
                "url": page + "episode-00000000.mp3",
                "mime_type": "audio/mpeg",
                "size_in_bytes": 750_360,
                "duration_in_seconds": 63,
            }
        ],
    }


def test_the_newest_comes_first_and_one_with_nothing_but_its_sound_is_whole(feed: Record) -> None:
    bare, _ = feed["items"]
    assert bare["title"] == bare["content_text"].splitlines()[0]
    assert bare["authors"] == [{"name": "Newslooks"}]
    assert not {"summary", "image", "external_url", "date_modified"} & set(bare)


def test_the_text_says_what_the_html_says(feed: Record) -> None:
    for item in feed["items"]:
        told = "".join(Told(item["content_html"]).words.split())
        text = item["content_text"].replace("• ", "").replace(": https://news.example/hama?a=1&b=2", "")
        assert "".join(text.split()) == told


def test_a_change_is_dated(station: Station, episode: Episode) -> None:
    changed = dataclasses.replace(episode, updated=dt.datetime(2024, 12, 7, 9, tzinfo=dt.UTC))
    (item,) = read(render_json_feed(station, [changed]))["items"]
    assert item["date_modified"] == "2024-12-07T09:00:00+00:00"


def test_the_sound_in_other_forms_comes_after_the_mp3_and_the_flash_briefing_not_at_all(
    station: Station, episode: Episode
) -> None:
    others = [EpisodeFile(name, 9, "0" * 64) for name in ("episode.m4a", "episode.opus", "flash.mp3")]
    formed = dataclasses.replace(episode, files=(*others, *episode.files))
    (item,) = read(render_json_feed(station, [formed]))["items"]
    assert [(sound["url"].rpartition("/")[2], sound["mime_type"]) for sound in item["attachments"]] == [
        ("episode-00000000.mp3", "audio/mpeg"),
        ("episode-00000000.m4a", "audio/mp4"),
        ("episode-00000000.opus", "audio/ogg"),
    ]


def test_a_hub_is_named_where_there_is_one(station: Station) -> None:
    heard = dataclasses.replace(station, feed=Feed(hub="https://hub.example/"))
    feed = read(render_json_feed(heard, []))
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_a_show_without_an_episode_is_a_valid_feed(station: Station) -> None:
    assert read(render_json_feed(station, []))["items"] == []


def test_any_words_are_valid_and_stay_words(station: Station, episode: Episode, hostile: str) -> None:
    told = dataclasses.replace(
        episode,
        title=hostile,
        byline=hostile,
        outlet=hostile,
        summary=hostile,
        keywords=(hostile, "Syria", hostile),
        quick_looks=(QuickLook(hostile, hostile),),
        chapters=(Chapter(hostile, 0, 62_530),),
        source_url=hostile,
    )
    show = dataclasses.replace(station.show, description=hostile)
    said = dataclasses.replace(station, show=show, voice_notice=VoiceNotice(text=hostile))
    (item,) = read(render_json_feed(said, [told]))["items"]
    assert Told(item["content_html"]).tags <= {"p", "ul", "li", "b", "br", "a", "em"}
    assert item["title"]


def test_a_thousand_episodes_are_fed_within_a_second(station: Station, episode: Episode) -> None:
    many = [
        dataclasses.replace(episode, slug=f"episode-{number}", guid=f"guid-{number}", number=number)
        for number in range(1, 1001)
    ]
    assert len(read(render_json_feed(station, many))["items"]) == 1000
