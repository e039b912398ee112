"""The feeds, playlists and lists, as the parsers of podcast apps and feed readers read them."""

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import feedparser
import lxml.etree
import podcastparser
import pytest
import requests
from sample_station import BASE_URL, NOW

from morning_edition.site import publish_site

pytestmark = pytest.mark.thorough

PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
TYPES = {
    "application/json+chapters": {"application/json+chapters", "application/json"},
    "application/x-subrip": {"application/x-subrip", "text/plain", "application/srt"},
}
"""What a server may say where the feed says the former."""


@pytest.fixture(scope="module")
def feed(site: Any) -> Any:
    return lxml.etree.parse(site.path("podcast.xml")).getroot()


def test_feedparser_finds_no_fault(site: Any) -> None:
    """The feed is well-formed and true: titles, authors, sounds and dates are the episodes'."""
    read = feedparser.parse(site.path("podcast.xml").read_bytes())
    assert not read.bozo, read.get("bozo_exception")
    assert read.feed.title == site.station.show.title
    assert [entry.title for entry in read.entries] == [episode.title for episode in site.episodes]
    assert [entry.id for entry in read.entries] == [episode.guid for episode in site.episodes]
    for entry, episode in zip(read.entries, site.episodes, strict=True):
        assert [(sound.href, int(sound.length), sound.type) for sound in entry.enclosures] == [
            (episode.url(site.station, "episode.mp3"), episode.audio.size_bytes, "audio/mpeg")
        ]


def test_gpodder_reads_the_episodes(site: Any) -> None:
    """gPodder's parser, too, has every episode, its length and its chapters."""
    with site.path("podcast.xml").open("rb") as stream:
        read = podcastparser.parse(site.station.feed_url, stream)
    assert [entry["title"] for entry in read["episodes"]] == [episode.title for episode in site.episodes]
    for entry, episode in zip(read["episodes"], site.episodes, strict=True):
        assert entry["total_time"] == round(episode.duration_ms / 1000)
        assert [chapter["title"] for chapter in entry["chapters"]] == [
            chapter.title for chapter in episode.chapters
        ]


def test_the_podcast_index_parser_sees_all_of_the_namespace(site: Any, run_node: Any) -> None:
    """Partytime, which the Podcast Index reads feeds with, takes what it knows of the podcast namespace."""
    script = """
        const read = require(process.argv[1]).parseFeed(require("fs").readFileSync(process.argv[2], "utf8"));
        console.log(JSON.stringify(read));
    """
    read = run_node("podcast-partytime", script, site.path("podcast.xml"))
    assert read["title"] == site.station.show.title
    assert len(read["items"]) == len(site.episodes)
    phases = {name for phase in read["pc20support"].values() for name in phase}
    assert {"transcript", "chapters", "soundbite", "person", "episode", "guid", "medium"} <= phases
    newest = read["items"][0]
    assert newest["title"] == site.newest.title
    assert {transcript["type"] for transcript in newest["podcastTranscripts"]} >= {
        "text/vtt",
        "application/json",
    }


@pytest.mark.parametrize("name", ["podcast.xml", "flash-briefing.xml", "show.opml"])
def test_xmllint_finds_no_fault(site: Any, run_program: Any, name: str) -> None:
    """Whatever is XML is well-formed, its namespaces included, to the letter."""
    run_program("xmllint", "--noout", "--nonet", "--pedantic", site.path(name))


def test_each_address_of_the_feed_gives_what_it_says(feed: Any, site: Any, served: Any) -> None:
    """Every file that the feed names is served, with the length and the type that the feed gives."""
    named = [
        (element.get("url"), element.get("type"), element.get("length"))
        for element in feed.iter()
        if isinstance(element.tag, str) and element.get("url", "").startswith(BASE_URL)
    ]
    named += [(source.get("uri"), None, None) for source in feed.iter(PODCAST + "source")]
    named += [(image.get("href"), "image/jpeg", None) for image in feed.iter(ITUNES + "image")]
    named += [(link.text, "text/html", None) for link in feed.iter("link")]
    assert len(named) > 20
    for address, kind, length in named:
        answer = requests.head(address.replace(BASE_URL, served.url), timeout=5)
        assert (address, answer.status_code) == (address, 200)
        if kind:
            assert answer.headers["Content-Type"].split(";")[0] in TYPES.get(kind, {kind}), address
        if length:
            assert answer.headers["Content-Length"] == length


def test_the_feeds_checksums_are_the_files(feed: Any, site: Any) -> None:
    """What `podcast:integrity` says of a sound is true."""
    told = feed.findall(f".//{PODCAST}alternateEnclosure")
    assert told
    for enclosure in told:
        address = enclosure.find(PODCAST + "source").get("uri")
        content = site.path(unquote(address.removeprefix(BASE_URL))).read_bytes()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert enclosure.find(PODCAST + "integrity").get("value") == f"sha256-{digest}"
        assert enclosure.get("length") == str(len(content))


def test_each_quick_look_can_be_taken_out(feed: Any, site: Any) -> None:
    """The newest item has a soundbite for each of its Quick Looks, inside the sound."""
    bites = feed.find("channel/item").findall(PODCAST + "soundbite")
    assert len(bites) == len(site.newest.quick_looks)
    for bite in bites:
        end = float(bite.get("startTime")) + float(bite.get("duration"))
        assert 0 < end <= site.newest.duration_ms / 1000


def test_feedparser_reads_the_flash_briefing(site: Any) -> None:
    """The briefing's form as RSS has the same items as its JSON."""
    read = feedparser.parse(site.path("flash-briefing.xml").read_bytes())
    items = site.json("flash-briefing.json")
    assert not read.bozo, read.get("bozo_exception")
    assert [entry.id for entry in read.entries] == [item["uid"] for item in items]
    assert [entry.title for entry in read.entries] == [item["titleText"] for item in items]
    assert [entry.enclosures[0].href for entry in read.entries if entry.enclosures] == [
        item["streamUrl"] for item in items if "streamUrl" in item
    ]


def test_the_flash_briefing_is_what_a_speaker_takes(site: Any) -> None:
    """One to five items, newest first, not of the future, with text short enough and addresses of https."""
    items = site.json("flash-briefing.json")
    dates = [item["updateDate"] for item in items]
    assert 1 <= len(items) <= 5
    assert len({item["uid"] for item in items}) == len(items)
    assert dates == sorted(dates, reverse=True)
    assert dates[0] <= NOW.strftime("%Y-%m-%dT%H:%M:%S.0Z")
    for item in items:
        assert item["titleText"]
        assert 0 < len(item["mainText"]) < 4500
        assert item["redirectionUrl"].startswith(BASE_URL)
        assert site.path(unquote(item["streamUrl"].removeprefix(BASE_URL))).is_file()


def test_the_json_feed_tells_the_same(site: Any) -> None:
    """JSON Feed 1.1 has the same episodes, and the sound of each with its true length."""
    told = site.json("feed.json")
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["title"] == site.station.show.title
    assert [item["id"] for item in told["items"]] == [episode.guid for episode in site.episodes]
    for item, episode in zip(told["items"], site.episodes, strict=True):
        sound = item["attachments"][0]
        assert item["title"] == episode.title
        assert sound["url"] == episode.url(site.station, "episode.mp3")
        assert sound["size_in_bytes"] == episode.audio.size_bytes
        assert sound["mime_type"] == "audio/mpeg"


def test_the_list_of_subscriptions_leads_to_the_feed(site: Any) -> None:
    """The OPML has one outline, with the feed's address."""
    (outline,) = lxml.etree.parse(site.path("show.opml")).findall("body//outline[@xmlUrl]")
    assert (outline.get("type"), outline.get("xmlUrl")) == ("rss", site.station.feed_url)
    assert site.station.show.title in outline.values()


def test_ffmpeg_plays_the_playlist(site: Any, served: Any, tmp_path: Path, run_program: Any) -> None:
    """The M3U is a list of addresses that can be opened one after the other."""
    text = site.path("playlist.m3u").read_text("utf-8")
    assert text.startswith("#EXTM3U\n")
    addresses = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert addresses == [episode.url(site.station, "episode.mp3") for episode in site.episodes]
    for address in addresses:
        there = address.replace(BASE_URL, served.url)
        shown = run_program("ffprobe", "-v", "error", "-of", "json", "-show_format", there)
        assert json.loads(shown)["format"]["format_name"] == "mp3"


def test_a_show_that_is_yet_to_begin_is_valid(
    site: Any, tmp_path: Path, nu_checker: Any, run_program: Any
) -> None:
    """With no episode at all there are a page, a feed and a briefing that nobody objects to."""
    station = replace(site.station, root=tmp_path)
    publish_site(station, [], NOW)
    for name in ("podcast.xml", "flash-briefing.xml"):
        read = feedparser.parse((tmp_path / name).read_bytes())
        assert (read.bozo, read.entries) == (False, [])
    assert json.loads((tmp_path / "flash-briefing.json").read_bytes()) == []
    assert json.loads((tmp_path / "feed.json").read_bytes())["items"] == []
    assert nu_checker([tmp_path / "index.html"]) == []
    run_program("xmllint", "--noout", "--nonet", tmp_path / "podcast.xml", tmp_path / "show.opml")
