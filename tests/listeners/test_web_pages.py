"""The pages, as validators and search engines read them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from lxml import etree
from sample_station import BASE_URL

pytestmark = pytest.mark.thorough


def read_page(path: Path) -> Any:
    return lxml.html.document_fromstring(path.read_bytes(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def find_things(page: Any) -> list[dict[str, Any]]:
    """Return what the page's JSON-LD tells of."""
    found: list[dict[str, Any]] = []
    for script in page.xpath("//script[@type='application/ld+json']"):
        told = json.loads(script.text)
        found += told if isinstance(told, list) else told.get("@graph", [told])
    return found


def test_the_nu_checker_has_nothing_to_say(site: Any, nu_checker: Callable[..., list[str]]) -> None:
    """Every page that there is, with its styles and pictures, is valid."""
    assert len(site.pages) > 6
    assert nu_checker(site.pages) == []


def test_every_page_says_what_it_is(site: Any) -> None:
    """A page has its language, one title and one first heading."""
    for path in site.pages:
        page = read_page(path)
        assert page.get("lang")
        assert len(page.xpath("//head/title[normalize-space()]")) == 1
        assert len(page.xpath("//h1")) == 1 or path.name == "embed.html"


def test_search_engines_are_told_of_the_episode(site: Any) -> None:
    """The JSON-LD has the episode, the article and the sound, all true to the record."""
    episode = site.newest
    things = {thing["@type"]: thing for thing in find_things(read_page(site.path("index.html", episode)))}
    told = things["PodcastEpisode"]
    assert {"PodcastEpisode", "NewsArticle", "PodcastSeries"} <= set(things)
    assert told["name"] == things["NewsArticle"]["headline"] == episode.title
    assert told["url"] == episode.url(site.station)
    assert told["datePublished"] == episode.published.isoformat()
    assert told["partOfSeries"]["@type"] == "PodcastSeries"
    assert told["audio"]["@type"] == "AudioObject"
    assert told["audio"]["contentUrl"] == episode.url(site.station, "episode.mp3")
    assert told["audio"]["contentSize"] == str(episode.audio.size_bytes)


def test_what_can_be_read_aloud_is_on_the_page(site: Any) -> None:
    """Each selector of `speakable` finds something with words in it."""
    page = read_page(site.path("index.html", site.newest))
    article = next(thing for thing in find_things(page) if thing["@type"] == "NewsArticle")
    selectors = article["speakable"]["cssSelector"]
    assert selectors
    for selector in selectors:
        name = selector.removeprefix(".")
        found = page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")
        assert [element for element in found if element.text_content().strip()], selector


def test_search_engines_are_told_of_the_show(site: Any) -> None:
    """The show's JSON-LD names it, its feed, and its episodes."""
    things = find_things(read_page(site.path("index.html")))
    show = next(thing for thing in things if thing["@type"] == "PodcastSeries")
    assert show["name"] == site.station.show.title
    assert show["webFeed"] == site.station.feed_url
    assert [part["name"] for part in show["hasPart"]] == [episode.title for episode in site.episodes]


def test_messengers_are_told_of_the_episode(site: Any) -> None:
    """Open Graph and Twitter have its title, picture, sound and player."""
    episode, station = site.newest, site.station
    page = read_page(site.path("index.html", episode))
    said = {
        element.get("property") or element.get("name"): element.get("content")
        for element in page.xpath("//meta[@content and (@property or @name)]")
    }
    assert said["og:title"] == said["twitter:title"] == episode.title
    assert said["og:url"] == episode.url(station)
    assert said["og:audio"] == episode.url(station, "episode.mp3")
    assert said["twitter:card"] == "player"
    assert said["twitter:player"] == episode.url(station, "embed.html")
    assert site.path(said["og:image"].removeprefix(BASE_URL)).is_file()


@pytest.mark.parametrize("path", ["", "episode"])
def test_a_page_announces_the_feed(site: Any, path: str) -> None:
    """Browsers and apps find the feed by any page."""
    page = read_page(site.path("index.html", site.newest if path else None))
    feeds = page.xpath("//link[@rel='alternate' and @type='application/rss+xml']/@href")
    address = (site.newest.url(site.station) if path else BASE_URL) + feeds[0]
    assert Path(address.split("://")[1]).resolve() == Path(
        site.station.feed_url.split("://")[1]
    ).resolve() or (feeds[0] == site.station.feed_url)


def test_oembed_gives_the_player(site: Any) -> None:
    """The page names its oEmbed, whose HTML is one frame around the episode's embed."""
    episode, station = site.newest, site.station
    page = read_page(site.path("index.html", episode))
    (address,) = page.xpath("//link[@type='application/json+oembed']/@href")
    assert address == episode.url(station, "oembed.json")
    told = site.json("oembed.json", episode)
    (frame,) = lxml.html.fragments_fromstring(told["html"])
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", episode.title)
    assert frame.tag == "iframe"
    assert frame.get("src") == episode.url(station, "embed.html")
    assert frame.get("title")
    assert (int(frame.get("height")), told["height"]) == (told["height"], int(frame.get("height")))


def test_pages_load_nothing_from_elsewhere(site: Any) -> None:
    """No picture, style, script, font or frame of a page comes from another host."""
    for path in site.pages:
        page = read_page(path)
        loaded = page.xpath(
            "//*[not(self::a)]/@src | //link[not(@rel='canonical' or @rel='alternate')]/@href"
        )
        assert [address for address in loaded if "//" in address and not address.startswith("data:")] == []
        assert "@import" not in etree.tostring(page, encoding="unicode")
