"""Linked data: schema.org's own words, each where schema.org has it, and never a way out of its element."""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Correction, Episode, EpisodeFile
from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.outlets.linked_data import describe_episode, describe_show
from morning_edition.station import Station
from morning_edition.station.publishing import Feed

Record = dict[str, Any]

THING = set("name description url identifier image mainEntityOfPage".split())
WORK = THING | set(
    "accessMode accessibilityFeature associatedMedia audio author copyrightNotice correction dateModified "
    "datePublished "
    "genre hasPart inLanguage isBasedOn isFamilyFriendly keywords license publisher".split()
)
MEDIA = WORK | set("bitrate contentSize contentUrl duration encodingFormat uploadDate".split())
TERMS = {
    "PodcastSeries": WORK | {"webFeed"},
    "PodcastSeason": WORK | {"seasonNumber", "partOfSeries"},
    "PodcastEpisode": WORK | {"duration", "episodeNumber", "partOfSeason", "partOfSeries"},
    "NewsArticle": WORK | {"articleSection", "headline", "speakable"},
    "AudioObject": MEDIA | {"caption", "transcript"},
    "MediaObject": MEDIA,
    "CorrectionComment": WORK | {"text"},
    "Clip": WORK | {"startOffset", "endOffset"},
    "ImageObject": MEDIA,
    "WebPage": WORK,
    "SpeakableSpecification": {"cssSelector"},
    "NewsMediaOrganization": THING | {"logo"},
    "Person": THING,
}
"""Which properties schema.org (29.3) gives to each type, as far as they are used."""


def read(text: str) -> dict[str, Record]:
    """Return what stands in an element of a page, by type; fails on any word that is not schema.org's."""
    assert not re.search("[<>&\u2028\u2029]", text)
    things: list[Record] = json.loads(text.encode())
    for thing in things:
        assert thing.pop("@context") == "https://schema.org"
    for part in every(things):
        assert set(part) - {"@type", "@id"} <= TERMS[part["@type"]], part["@type"]
        assert all(value not in ("", [], {}, None) for value in part.values())
    return {thing["@type"]: thing for thing in things}


def every(value: Any) -> Iterator[Record]:
    """Yield each object in some JSON."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from every(part)


class Script(HTMLParser):
    """A page's script elements, as a browser finds them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.data = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.data += data


@pytest.fixture(scope="module")
def told(station: Station, episode: Episode, cues: Sequence[Cue]) -> dict[str, Record]:
    return read(describe_episode(station, episode, cues))


@pytest.fixture(scope="module")
def bare(station: Station, bare_episode: Episode) -> dict[str, Record]:
    return read(describe_episode(station, bare_episode, ()))


def test_an_episode_is_a_podcast_episode_a_news_article_and_part_of_a_series(
    told: dict[str, Record], bare: dict[str, Record]
) -> None:
    for things in (told, bare):
        assert list(things) == ["PodcastEpisode", "NewsArticle", "PodcastSeries"]
        assert things["PodcastEpisode"]["partOfSeries"]["@id"] == things["PodcastSeries"]["@id"]
        assert things["NewsArticle"]["audio"]["@id"] == things["PodcastEpisode"]["audio"]["@id"]


def test_the_episode_is_told_as_the_feed_tells_it(
    told: dict[str, Record], station: Station, episode: Episode
) -> None:
    found = told["PodcastEpisode"]
    assert (found["name"], found["description"]) == (episode.title, episode.summary)
    assert (found["url"], found["identifier"]) == (episode.url(station), episode.guid)
    assert (found["episodeNumber"], found["duration"]) == (1, "PT62.53S")
    assert found["datePublished"] == found["dateModified"] == "2024-12-06T06:00:00-05:00"
    assert found["keywords"] == ["Syria", "Hama"]
    assert "partOfSeason" not in found


def test_a_season_and_a_change_are_told(station: Station, episode: Episode, cues: Sequence[Cue]) -> None:
    later = dataclasses.replace(episode, season=3, updated=dt.datetime(2024, 12, 7, tzinfo=dt.UTC))
    things = read(describe_episode(station, later, cues))
    assert things["PodcastEpisode"]["partOfSeason"]["seasonNumber"] == 3
    assert {things[kind]["dateModified"] for kind in ("PodcastEpisode", "NewsArticle")} == {
        "2024-12-07T00:00:00+00:00"
    }


def test_corrections_are_told_of_episode_and_article_the_newest_first(
    station: Station, episode: Episode, cues: Sequence[Cue]
) -> None:
    """Each is a comment of the outlet's, with its time, and as inert as all that stands there."""
    moments = [dt.datetime(2024, 12, day, tzinfo=dt.UTC) for day in (7, 8)]
    notes = ("It was noon.", "</script><script>alert(1)</script>")
    corrections = tuple(map(Correction, moments, notes))
    things = read(describe_episode(station, dataclasses.replace(episode, corrections=corrections), cues))
    for kind in ("PodcastEpisode", "NewsArticle"):
        told = [(one["text"], one["datePublished"]) for one in things[kind]["correction"]]
        assert told == [(note, at.isoformat()) for note, at in zip(notes[::-1], moments[::-1], strict=True)]
        assert {one["author"]["@id"] for one in things[kind]["correction"]} == {
            things[kind]["publisher"]["@id"]
        }


def test_the_sound_is_the_file_that_is_there_with_its_words(
    told: dict[str, Record], station: Station, episode: Episode
) -> None:
    sound = told["PodcastEpisode"]["audio"]
    assert sound["contentUrl"] == episode.url(station, "episode.mp3")
    assert (sound["contentSize"], sound["encodingFormat"]) == ("750360", "audio/mpeg")
    assert (sound["bitrate"], sound["duration"]) == ("96 kbps", "PT62.53S")
    assert [(caption["contentUrl"], caption["encodingFormat"]) for caption in sound["caption"]] == [
        (episode.url(station, "transcript.vtt"), "text/vtt"),
        (episode.url(station, "transcript.srt"), "application/x-subrip"),
    ]


def test_each_form_of_the_sound_is_media_of_the_episode(
    station: Station, episode: Episode, cues: Sequence[Cue]
) -> None:
    others = tuple(
        EpisodeFile(name, 500_240, "0" * 64) for name in ("episode.m4a", "episode.opus", "flash.mp3")
    )
    formed = dataclasses.replace(episode, files=(*episode.files, *others))
    media = read(describe_episode(station, formed, cues))["PodcastEpisode"]["associatedMedia"]
    assert [(sound["encodingFormat"], sound["bitrate"]) for sound in media] == [
        ("audio/mpeg", "96 kbps"),
        ("audio/mp4", "64 kbps"),
        ("audio/ogg", "64 kbps"),
    ]


def test_each_chapter_is_a_clip_with_a_link_to_its_moment(
    told: dict[str, Record], station: Station, episode: Episode
) -> None:
    clips = told["PodcastEpisode"]["hasPart"]
    assert [(clip["name"], clip["startOffset"], clip["endOffset"]) for clip in clips] == [
        ("Introduction", 0, 12.345),
        ("Quick Looks", 12.345, 40),
        ("Hama & after", 40, 62.53),
    ]
    assert clips[1]["url"] == episode.url(station) + "#t=12.345"


def test_the_article_names_its_writer_its_newsroom_and_where_it_is_from(told: dict[str, Record]) -> None:
    article = told["NewsArticle"]
    assert article["author"] == {"@type": "Person", "name": "J. Mansour"}
    assert article["publisher"]["name"] == "Newslooks"
    assert article["publisher"]["logo"]["url"] == "https://pod.example/brief/cover.jpg"
    assert article["isBasedOn"] == "https://news.example/hama?a=1&b=2"


def test_an_article_without_a_byline_is_the_newsrooms(bare: dict[str, Record]) -> None:
    assert bare["NewsArticle"]["author"]["@type"] == "NewsMediaOrganization"
    assert "isBasedOn" not in bare["NewsArticle"]


def test_assistants_read_aloud_only_what_the_page_has(
    told: dict[str, Record], bare: dict[str, Record]
) -> None:
    assert told["NewsArticle"]["speakable"]["cssSelector"] == [".headline", ".summary", ".look"]
    assert bare["NewsArticle"]["speakable"]["cssSelector"] == [".headline"]


def test_what_a_page_has_for_those_who_do_not_hear_is_told(
    told: dict[str, Record], bare: dict[str, Record]
) -> None:
    found = told["PodcastEpisode"]
    assert found["accessMode"] == ["auditory", "textual"]
    assert {"transcript", "captions"} <= set(found["accessibilityFeature"])
    assert bare["PodcastEpisode"]["accessMode"] == ["auditory"]
    assert "accessibilityFeature" not in bare["PodcastEpisode"]


def test_a_headline_is_short_enough_for_search_results(
    station: Station, episode: Episode, cues: Sequence[Cue]
) -> None:
    long = dataclasses.replace(episode, title="Hama falls and " * 20)
    headline = read(describe_episode(station, long, cues))["NewsArticle"]["headline"]
    assert len(headline) <= 110
    assert headline.startswith("Hama falls")


def test_a_licence_is_named_where_there_is_one(station: Station, episode: Episode) -> None:
    free = dataclasses.replace(station, feed=Feed(license_url="https://licence.example/by"))
    things = read(describe_episode(free, episode, ()))
    assert {things[kind]["license"] for kind in ("PodcastEpisode", "PodcastSeries")} == {
        "https://licence.example/by"
    }


def test_the_show_is_a_series_with_its_feed_and_its_newest_episodes(
    station: Station, episode: Episode, bare_episode: Episode
) -> None:
    series = read(describe_show(station, [episode, bare_episode]))["PodcastSeries"]
    assert series["webFeed"] == station.feed_url
    assert [part["url"] for part in series["hasPart"]] == [
        shown.url(station) for shown in (bare_episode, episode)
    ]


def test_a_show_without_an_episode_is_a_series(station: Station) -> None:
    assert "hasPart" not in read(describe_show(station, []))["PodcastSeries"]


def test_of_a_thousand_episodes_the_newest_twenty_are_listed(station: Station, episode: Episode) -> None:
    many = [dataclasses.replace(episode, number=number) for number in range(1, 1001)]
    listed = read(describe_show(station, many))["PodcastSeries"]["hasPart"]
    assert [part["episodeNumber"] for part in listed] == list(range(1000, 980, -1))
    assert len(describe_show(station, many)) < 20_000


def test_no_words_leave_their_element(station: Station, episode: Episode, hostile: str) -> None:
    """A browser finds one element, and in it the very text; a reader of JSON finds the words again."""
    spoilt = dataclasses.replace(
        episode,
        title=hostile,
        byline=hostile,
        summary=hostile,
        keywords=(hostile, hostile),
        quick_looks=(QuickLook(hostile, hostile),),
        chapters=(Chapter(hostile, 0, 62_530),),
        source_url=hostile,
    )
    show = dataclasses.replace(station.show, title=hostile or "x", description=hostile)
    said = dataclasses.replace(station, show=show)
    for text in (
        describe_episode(said, spoilt, [Cue(0, 900, hostile, "anchor", "intro")]),
        describe_show(said, [spoilt]),
    ):
        read(text)
        page = Script(f'<script type="application/ld+json">{text}</script>')
        assert (page.tags, page.data) == (["script"], text)
